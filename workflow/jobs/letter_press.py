"""Sets one letter. Needs neither the database nor a key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from letters.pdf import render
from workflow.base import whole_files
from workflow.storage import file_store


class Errand(NamedTuple):
    """Everything needed to make a letter, as plain text, for any process."""

    # What the letter says, as JSON, opened.
    content: str
    store: str
    # A copy under a name that a person can read ("": none); the record is the one in the file store.
    copy: str


def press(errand: Errand) -> str:
    """Set a letter and keep its PDF; its SHA-256. Needs no database."""
    pdf = render.pdf(json.loads(errand.content))
    kept = file_store.put(Path(errand.store), pdf)
    if errand.copy:
        whole_files.write(Path(errand.copy), pdf, replace=True)
    return kept.sha256
