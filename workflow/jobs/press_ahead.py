"""Letters that are called for and sent by one line: they have to be made inside its transaction.

Setting a letter takes time, and the office's chain is locked meanwhile. So the line is tried first and taken
back; what its letters would say is set without the lock; then the line is done, and finds them made. The
bytes of a letter depend on what it says and on nothing else, so the one that was set is the one that is
recorded; where something was entered in between (another number was taken), it is set again, under the lock.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base import whole_files
from workflow.casework.desk import Desk
from workflow.casework.opened import Done
from workflow.jobs import letter_press, queue
from workflow.storage import file_store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# Stands for the checksum of a letter while its line is only tried.
NOT_YET = "0" * 64


class PressAhead:
    """The letters of one line: noted while it is tried, set, and recorded where it is done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # What was noted and what was set, by what the letter says.
        self._noted: list[letter_press.Errand] = []
        self._set: dict[str, str] = {}
        self._made: list[tuple[queue.Sheet, str]] = []

    def note(self, connection: Connection, done: Done) -> None:
        """While the line is tried: what its letters would say."""
        for sheet in self._sheets(connection, done):
            self._noted.append(sheet.errand._replace(copy=""))
            queue.record(self._desk, connection, [(sheet, NOT_YET)])

    def set(self) -> None:
        """Set what was noted; nothing is locked."""
        for errand in self._noted:
            self._set[errand.content] = letter_press.press(errand)

    def record(self, connection: Connection, done: Done) -> None:
        """Where the line is done: its letters are recorded as made, in its transaction."""
        made = {}
        for sheet in self._sheets(connection, done):
            content = sheet.errand.content
            sha256 = self._set.get(content) or letter_press.press(sheet.errand._replace(copy=""))
            queue.record(self._desk, connection, [(sheet, sha256)])
            self._made.append((sheet, sha256))
            made[sheet.letter.id] = queue.made(sheet, sha256)
        done.letters = [made.get(letter["id"], letter) for letter in done.letters]

    def put_copies(self) -> None:
        """After the commit: copies under names that a person can read; the record is in the file store."""
        for sheet, sha256 in self._made:
            # Without its copy a letter is made all the same: disclosure letters --out writes it at any time.
            with suppress(OSError):
                pdf = file_store.read(Path(sheet.errand.store), sha256)
                whole_files.write(Path(sheet.errand.copy), pdf, replace=True)

    def _sheets(self, connection: Connection, done: Done) -> list[queue.Sheet]:
        letters: list[Any] = [one["id"] for one in done.letters if not one.get("waits_for_face")]
        mine = (queue.OUTBOX.c.kind == queue.LETTER) & queue.OUTBOX.c.ref.in_(letters)
        works = connection.execute(select(queue.OUTBOX).where(mine, queue.OUTBOX.c.done_at.is_(None))).all()
        return queue.sheets_in(self._desk, connection, works)
