"""Intake in bulk: a list as offices keep it, each row an application in its own unit of work.

The whole list is read before anything of it is entered. A row is entered or named with all that is wrong with
it; a run that was interrupted, by whatever, goes on where it stopped: what a row became is kept in the commit
that makes it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Damaged, Environment, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.sheets import day_forms, headings, reader
from workflow.base.sheets.reader import Row
from workflow.casework import application as applications
from workflow.intake import entered, rehearsal
from workflow.intake.results import Outcome, RowResult, twice
from workflow.intake.rows import Fault, Read, Reader, wanted
from workflow.intake.words import COLUMN, KINDS, NOT_USED, Vocabulary, said

if TYPE_CHECKING:
    from workflow.casework.desk import Desk

MOST_ROWS = 100_000
DAYS = ("on", "signed_on", "system_on", "confirmed_on")
Ask = Callable[[str, str, list[str]], str | None]


@dataclass
class Way:
    """How a list is to be entered: what the officer said of its words and days, and whether he insists."""

    dry_run: bool = False
    again: bool = False
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    day_order: str | None = None
    ask: Ask | None = None


def enter(
    desk: Desk, path: Path, way: Way | None = None, seen: Callable[[RowResult], None] = lambda _: None
) -> Outcome:
    """Enter every row that is in order, each in its own unit of work; the others are reported with their
    faults.
    """
    way = way or Way()
    words = Vocabulary(desk)
    _told(words, way)
    with reader.opened(path) as sheets:
        found = _heading(path, sheets, words, way)
        outcome = Outcome(found.sheet.name, found.row, found.titles, unused=found.unknown())
        rows = Reader(found, words, _days(found, way), _applied(found, words, way, outcome))
        if way.dry_run:
            _rehearse(desk, path, rows, way, outcome, seen)
        else:
            _through(rows, words, way)
            _enter(desk, path, rows, way, outcome, seen)
    return outcome


def _told(words: Vocabulary, way: Way) -> None:
    for text in way.columns:
        words.remember(COLUMN, *said(text, "column"))
    for text in way.values:
        kind, sign, rest = text.partition(":")
        if not sign or kind not in KINDS or kind == COLUMN:
            said("", "value")
        words.remember(kind, *said(rest, "value"))


def _needed(told: set[str]) -> bool:
    return "name" in told and bool({"request", "items"} & told)


def _heading(path: Path, sheets: list[reader.Sheet], words: Vocabulary, way: Way) -> headings.Found:
    """The heading of the list; what is unknown in it is asked for where somebody can be asked."""
    found = headings.find(sheets, words.columns(), _needed)
    if found is not None and way.ask is not None:
        asked = False
        for place, title in enumerate(found.titles):
            if title and found.keys[place] is None and not words.unused(title):
                means = way.ask(COLUMN, title, _samples(found, place))
                if means:
                    words.remember(COLUMN, title, means)
                    asked = True
        if asked:
            found = headings.find(sheets, words.columns(), _needed)
    if found is None or not _needed({key for key in found.keys if key}):
        raise Malformed(
            N_(
                "No line of '{name}' names the columns of a list, with the applicant and the request among them."
            ),
            field="file",
            name=path.name,
            way_on=N_("Columns are: {names}. Another name is told once: --column NAME=KEY"),
            names=wanted(words),
        )
    return found


def _samples(found: headings.Found, place: int) -> list[str]:
    samples: list[str] = []
    for row in found.sheet.rows(found.row + 20):
        text = reader.plain(row.at(place))
        if row.number > found.row and text and text not in samples:
            samples.append(text[:30])
    return samples[:3]


def _days(found: headings.Found, way: Way) -> day_forms.Way:
    return day_forms.Way(headings.year_of(found), way.day_order or "", found.sheet.from_1904)


def _applied(found: headings.Found, words: Vocabulary, way: Way, outcome: Outcome) -> bool:
    """Whether the day of the application is taken for that of arrival; only where the list has no other, and
    only where the office has said so."""
    keys = {key for key in found.keys if key}
    if keys & set(DAYS) or "applied_on" not in keys:
        if "applied_on" in keys:
            outcome.unused.append(found.titles[found.keys.index("applied_on")])
        if not keys & set(DAYS):
            outcome.remarks.append((N_("The list has no column for the day of receipt."), {}))
        return False
    title = found.titles[found.keys.index("applied_on")]
    if way.dry_run:
        outcome.remarks.append(
            (
                N_(
                    "The list names no day of receipt; '{title}' is read as if it were that day. Say so: --column {title}=on"
                ),
                {"title": title},
            )
        )
        return True
    means = way.ask(COLUMN, title, _samples(found, found.keys.index("applied_on"))) if way.ask else None
    if means == "on":
        words.remember(COLUMN, title, means)
        return True
    raise Refused(
        N_(
            "The list names no day of receipt, only '{title}', and the day of an application is not that of its receipt."
        ),
        rule="ogi2019:31",
        field="on",
        title=title,
        way_on=N_("If it is the day on which each of them arrived: --column {title}=on"),
    )


def _entries(rows: Reader, outcome: Outcome | None) -> Iterator[Row]:
    """The rows that are entries of the list; what is passed over is told."""
    count = 0
    for row in rows.found.rows():
        told = headings.passed_over(row, rows.found)
        if told is not None:
            if outcome is not None:
                outcome.passed_over.append((row.number, told[:40]))
            continue
        if not any(row.at(place) is not None or place in row.empty for place in rows.places.values()):
            if outcome is not None:
                outcome.passed_over.append((row.number, ""))
            continue
        count += 1
        if count > MOST_ROWS:
            raise Malformed(
                N_("A list has at most {most} rows."),
                field="file",
                most=MOST_ROWS,
                way_on=N_("Part the list and enter the parts one after the other."),
            )
        yield row


def _through(rows: Reader, words: Vocabulary, way: Way) -> None:
    """Go through the whole list before anything is entered: it is a list to its end, and its values are
    understood.
    """
    for row in _entries(rows, None):
        for kind in ("channel", "kind"):
            text = reader.plain(row.at(rows.places[kind])) if kind in rows.places else ""
            if text and way.ask is not None and words.value(kind, text) is None:
                means = way.ask(kind, text, [])
                if means and means != NOT_USED:
                    words.remember(kind, text, means)


def _result(row: Row, read: Read) -> RowResult:
    # The cells are kept of what is given back.
    return RowResult(
        row.number,
        str(read.given.get("name", "")),
        faults=read.faults,
        notes=read.remarks,
        cells=row.cells if read.faults else None,
    )


def _rehearse(
    desk: Desk, path: Path, rows: Reader, way: Way, outcome: Outcome, seen: Callable[[RowResult], None]
) -> None:
    """Everything that the real run checks, without writing."""
    before = entered.List(desk, path).before()
    if before is not None and before.done and not before.refused and not way.again:
        outcome.remarks.append((N_("This list was entered before, on {on}."), {"on": before.begun_at[:10]}))
    trial = rehearsal.Rehearsal(desk, path, way.again)
    with _stoppable(outcome):
        for row in _entries(rows, outcome):
            read = rows.read(row)
            result = _result(row, read)
            trial.look(row, read, result)
            outcome.results.append(result)
            seen(result)
            if outcome.stopped:
                break
        trial.finish()


def _enter(
    desk: Desk, path: Path, rows: Reader, way: Way, outcome: Outcome, seen: Callable[[RowResult], None]
) -> None:
    mine = entered.List(desk, path)
    before = mine.begin(way.again)
    if before is not None and not before.done:
        outcome.remarks.append(
            (N_("This list was begun on {on}; it goes on where it stopped."), {"on": before.begun_at[:10]})
        )
    marks: dict[str, int] = {}
    with _stoppable(outcome):
        for row in _entries(rows, outcome):
            read = rows.read(row)
            result = _result(row, read)
            if read.application is not None:
                try:
                    _take(desk, path, mine, row, read.application, result, marks, way.again)
                except (Environment, Damaged) as fault:
                    # Not the row's fault: the other rows would fail too.
                    outcome.broken = fault
                    break
                result.cells = row.cells if result.faults else None
            outcome.results.append(result)
            seen(result)
            if outcome.stopped or outcome.broken:
                break
    mine.end(len(outcome.refused), not (outcome.stopped or outcome.broken))


def _take(
    desk: Desk,
    path: Path,
    mine: entered.List,
    row: Row,
    application: applications.Application,
    result: RowResult,
    marks: dict[str, int],
    again: bool,
) -> None:
    """Enter a row, unless it was entered before."""
    mark = entered.mark(application, desk.ring.index)
    try:
        if mark in marks and not again:
            raise twice(row, marks[mark])
        if not again:
            with desk.store.reading() as connection:
                result.known = entered.known(connection, desk.office.id, [mark]).get(mark)
        marks.setdefault(mark, row.number)
        if result.known:
            return
        application.attach = [applications.beside(path, one) for one in application.attach]
        done = desk.receive(
            application, also=lambda connection, done: mine.keep(connection, row.number, mark, done.case_id)
        )
        mine.kept()
        result.case, result.missing = done.case.number, done.missing
        # The remarks of the row are among those of the act.
        result.notes = [*(one for one in result.notes if one not in done.notes), *done.notes]
    except (Refused, Malformed, NotFound) as fault:
        result.faults.append(Fault("", "", fault))


@contextmanager
def _stoppable(outcome: Outcome) -> Iterator[None]:
    """An interrupt ends the run after the row at hand; a second one at once."""

    def stop(number: int, frame: Any) -> None:
        if outcome.stopped:
            raise KeyboardInterrupt
        outcome.stopped = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
