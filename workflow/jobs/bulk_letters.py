"""Every letter that waits, made in several processes at once and recorded by this one.

The processes set letters and keep the PDFs; they have no database. This one reads what the letters say, in
lots, and records what was made, several letters in a transaction, through the one write path. Whatever ends
it in between leaves letters made or waiting, never half of one: what was made and not yet recorded is made
again, with the same bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from workflow.base.errors import Conflict, DisclosureError
from workflow.casework.desk import Desk
from workflow.jobs import letter_press, process_pool, queue
from workflow.storage import turns

OUTBOX = queue.OUTBOX
# Letters read at once, recorded at once, and seconds after which what was made is recorded in any case.
LOT, GROUP, SOON = 32, 16, 1.0
# From so many letters on, another process is worth its start-up (as much as a dozen letters).
WORTH = 12

Seen = Callable[[], None]


@dataclass
class Pressed:
    """The result: letters made, letters that other processes had made meanwhile, and faults with their
    letters.
    """

    made: int = 0
    before: int = 0
    faults: list[tuple[int, DisclosureError]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)


def due(desk: Desk) -> int:
    """How many letters of the office wait."""
    with desk.store.reading() as connection:
        return int(
            connection.execute(select(func.count()).select_from(OUTBOX).where(*_waits(desk))).scalar_one()
        )


def processes(letters: int, wanted: int | None = None) -> int:
    """Processes for so many letters: as wanted, else one a core where there are enough letters for each."""
    if wanted is not None:
        return max(1, min(wanted, letters))
    return max(1, min(turns.processors(), letters // WORTH))


def press(desk: Desk, jobs: int | None = None, seen: Seen = lambda: None, *, keep: bool = False) -> Pressed:
    """Make every letter that waits; faults of single letters are noted and do not stop the others.

    `seen` is called for each letter when it is recorded or at fault. With `keep` the letters themselves are
    in what is returned; without it memory does not grow with their number.
    """
    found = Pressed()
    writer = _Writer(desk, found, seen, keep)
    many = processes(due(desk), jobs)
    works = _works(desk, writer)
    results = (
        _here(works)
        if many == 1
        else process_pool.over(works, many, letter_press.press, _errand, writer.soon)
    )
    try:
        for sheet, result in results:
            writer.take(sheet, result)
    finally:
        # Also when it is interrupted: what was made by then is recorded.
        writer.flush()
        results.close()
    return found


def work(desk: Desk, seen: Seen = lambda: None) -> Pressed:
    """Do everything that waits: the letters, then what goes out with them; what was done is in what is
    returned.
    """
    found = press(desk, seen=seen, keep=True)
    for one in queue.waiting(desk):
        if one.kind == queue.LETTER:
            continue
        try:
            found.done.append(queue.do(desk, one))
        except DisclosureError as fault:
            found.faults.append((one.ref, fault))
        seen()
    return found


def _waits(desk: Desk, after: int = 0) -> tuple[Any, ...]:
    return (
        OUTBOX.c.office_id == desk.office.id,
        OUTBOX.c.kind == queue.LETTER,
        OUTBOX.c.done_at.is_(None),
        OUTBOX.c.id > after,
    )


def _works(desk: Desk, writer: _Writer) -> Iterator[queue.Sheet]:
    """The letters that wait, oldest first, read in lots as they are needed."""
    last = 0
    while True:
        with desk.store.reading() as connection:
            query = select(OUTBOX).where(*_waits(desk, last)).order_by(OUTBOX.c.id).limit(LOT)
            works = list(connection.execute(query))
        if not works:
            return
        last = works[-1].id
        yield from _opened(desk, works, writer)


def _opened(desk: Desk, works: list[Any], writer: _Writer) -> Iterator[queue.Sheet]:
    try:
        yield from queue.sheets(desk, works)
    except DisclosureError:
        # One of them cannot be opened; the others can.
        for work in works:
            try:
                (sheet,) = queue.sheets(desk, [work])
            except DisclosureError as fault:
                writer.fault(work, fault)
            else:
                yield sheet


def _errand(sheet: queue.Sheet) -> letter_press.Errand:
    return sheet.errand


def _here(sheets: Iterator[queue.Sheet]) -> Generator[tuple[queue.Sheet, Any]]:
    """The whole work in this process."""
    for sheet in sheets:
        yield sheet, process_pool.attempt(letter_press.press, sheet.errand)


class _Writer:
    """Gathers what was made, and records several in one transaction."""

    def __init__(self, desk: Desk, found: Pressed, seen: Seen, keep: bool) -> None:
        self.desk, self.found, self.seen, self.keep = desk, found, seen, keep
        self.group: list[tuple[queue.Sheet, str]] = []
        self.since = 0.0

    def take(self, sheet: queue.Sheet, result: Any) -> None:
        if isinstance(result, DisclosureError):
            self.fault(sheet, result)
            return
        if not self.group:
            self.since = time.monotonic()
        self.group.append((sheet, result))
        if len(self.group) >= GROUP:
            self.flush()
        else:
            self.soon()

    def soon(self) -> None:
        """Record what has waited long enough."""
        if self.group and time.monotonic() - self.since > SOON:
            self.flush()

    def flush(self) -> None:
        """Record what was made; where one of a group cannot be recorded, each by itself."""
        group, self.group = self.group, []
        if not group:
            return
        try:
            self.record(group)
        except Conflict:
            # Another program locks the database: nothing is wrong with the letters, which go on waiting.
            raise
        except DisclosureError:
            for one in group:
                try:
                    self.record([one])
                except DisclosureError as fault:
                    self.fault(one[0], fault)

    def record(self, group: list[tuple[queue.Sheet, str]]) -> None:
        with self.desk.store.writing() as connection:
            recorded = queue.record(self.desk, connection, group)
        for (sheet, sha256), new in zip(group, recorded, strict=True):
            self.found.made += new
            self.found.before += not new
            if self.keep and new:
                self.found.done.append(queue.made(sheet, sha256))
            self.seen()

    def fault(self, of: Any, fault: DisclosureError) -> None:
        """Note a fault with its work; `of` is a sheet, or the work that none could be made of."""
        work, letter = (of.work, of.letter.id) if isinstance(of, queue.Sheet) else (of.id, of.ref)
        queue.note_fault(self.desk, work, fault)
        self.found.faults.append((letter, fault))
        self.seen()
