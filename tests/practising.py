"""A practice office for the tests, on a day that stands still; its PDFs are stand-ins where they are not the
point.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest import mock

from freezegun import freeze_time

from workflow.jobs import letter_press
from workflow.storage import file_store
from workflow.upkeep import practice

TODAY = date(2026, 9, 1)
NOW = "2026-09-01T02:00:00Z"


@contextmanager
def without_pdfs() -> Iterator[None]:
    """Letters are made of stand-in bytes."""

    def press(errand: letter_press.Errand) -> str:
        return file_store.put(Path(errand.store), f"%PDF stand-in\n{errand.content}".encode()).sha256

    with (
        mock.patch.object(letter_press, "press", press),
        mock.patch("os.sched_getaffinity", return_value={0}),
    ):
        yield


def practised(folder: Path) -> practice.Made:
    """A practice office of TODAY."""
    with freeze_time(NOW), without_pdfs():
        return practice.make(folder)
