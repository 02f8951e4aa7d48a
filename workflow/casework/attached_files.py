"""The files that come with an application: kept whole under their own hash."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from workflow.base import file_names
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.casework.application import Application
from workflow.storage import file_store
from workflow.storage.database import Store


def keep_files(application: Application, store: Store) -> list[dict[str, Any]]:
    """Take the attachments into the file store; they are named by what they hold, so a repeat does no
    harm.
    """
    return keep_paths([str(path) for path in application.attach], store)


def keep_paths(paths: list[str], store: Store) -> list[dict[str, Any]]:
    """Take files into the file store: name, SHA-256 and size of each."""
    folder = file_store.folder(store.folder)
    kept = []
    for text in paths:
        path = require_file(Path(text))
        one = file_store.put(folder, path)
        kept.append({"name": file_names.came(path.name), "sha256": one.sha256, "size": one.size})
    return kept


def require_file(path: Path) -> Path:
    """A file that can be taken in; NotFound if there is none, Malformed for a folder, a pipe or a device."""
    if not os.path.exists(path):
        raise NotFound(N_("There is no file '{name}'."), field="file", name=str(path))
    if not os.path.isfile(path):
        # A pipe or a device may never end.
        raise Malformed(N_("{path} is not a file."), field="file", path=str(path), way_on=N_("Name a file."))
    return path
