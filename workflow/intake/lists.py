"""Intake in bulk: a list as offices keep it, each row an application in its own unit of work.

The whole list is read before anything of it is entered. A row is entered or named with all that is wrong with
it; a run that was interrupted, by whatever, goes on where it stopped: what a row became is kept in the commit
that makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.sheets import day_forms, headings, reader
from workflow.base.sheets.reader import Block, Row
from workflow.intake import entered, entering, list_heading, rehearsal
from workflow.intake.alike import Alike
from workflow.intake.history import HistoryReader
from workflow.intake.list_heading import Ask
from workflow.intake.results import Outcome, RowResult, of_row
from workflow.intake.rows import Reader
from workflow.intake.stopping import stoppable
from workflow.intake.word_names import COLUMN, NOT_USED
from workflow.intake.words import KINDS, Vocabulary, said

if TYPE_CHECKING:
    from workflow.casework.desk import Desk

MOST_ROWS = 100_000
_BESIDE = N_(
    "Only the sheet '{sheet}' is read; these hold a list too: {others}. Save each as a file of its own."
)
_UNMARKED = N_(
    "Of a file of this kind it is not seen which rows are hidden or struck through: save it as .xlsx, or look yourself."
)


@dataclass
class Way:
    """How a list is to be entered: what the officer said of its words and days, and whether he insists."""

    dry_run: bool = False
    again: bool = False
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    day_order: str | None = None
    # An old register, with what became of the applications.
    history: bool = False
    ask: Ask | None = None


def enter(
    desk: Desk, path: Path, way: Way | None = None, seen: Callable[[RowResult], None] = lambda _: None
) -> Outcome:
    """Enter every row that is in order, each in its own unit of work; the others are reported with their
    faults.
    """
    way = way or Way()
    words = Vocabulary(desk, history=way.history)
    _told(words, way)
    with reader.opened(path) as sheets:
        found = list_heading.heading(path, sheets, words, way.ask)
        outcome = Outcome(found.sheet.name, found.row, found.titles, unused=found.unknown())
        if found.beside:
            outcome.remarks.append((_BESIDE, {"sheet": found.sheet.name, "others": "、".join(found.beside)}))
        if path.suffix.lower() in reader.UNMARKED:
            outcome.remarks.append((_UNMARKED, {}))
        rows = _reader(desk, path, found, words, way, outcome)
        if way.dry_run:
            _rehearse(desk, path, rows, way, outcome, seen)
        else:
            _through(rows, words, way)
            _enter(desk, path, rows, way, outcome, seen)
    return outcome


def _reader(
    desk: Desk, path: Path, found: headings.Found, words: Vocabulary, way: Way, outcome: Outcome
) -> Reader:
    applied = list_heading.applied(found, words, outcome, way.dry_run, way.ask)
    days = day_forms.Way(headings.year_of(found), way.day_order or "", found.sheet.from_1904)
    if not way.history:
        return Reader(found, words, days, applied)
    return HistoryReader(found, words, days, applied, entered.digest(path), desk)


def _told(words: Vocabulary, way: Way) -> None:
    for text in way.columns:
        words.remember(COLUMN, *said(text, "column"))
    for text in way.values:
        kind, sign, rest = text.partition(":")
        if not sign or kind not in KINDS or kind == COLUMN:
            said("", "value")
        words.remember(kind, *said(rest, "value"))


def _entries(rows: Reader, outcome: Outcome | None) -> Iterator[Row]:
    """The rows that are entries of the list; what is passed over is told."""
    count = 0
    for row in rows.found.rows():
        if not _is_entry(row, rows, outcome):
            continue
        count += 1
        if count > MOST_ROWS:
            raise _too_long()
        yield row


def _is_entry(row: Row, rows: Reader, outcome: Outcome | None) -> bool:
    told = headings.passed_over(row, rows.found)
    if told is None and any(rows.says_something(row, place) for place in rows.places.values()):
        return True
    if outcome is not None:
        outcome.passed_over.append((row.number, headings.said(row) if told is None else told[:40]))
    return False


def _too_long() -> Malformed:
    return Malformed(
        N_("A list has at most {most} rows."),
        field="file",
        most=MOST_ROWS,
        way_on=N_("Part the list and enter the parts one after the other."),
    )


def _through(rows: Reader, words: Vocabulary, way: Way) -> None:
    """Go through the whole list before anything is entered: it is a list to its end, and its values are
    understood.
    """
    for row in _entries(rows, None):
        for kind, text in rows.unknown(row) if way.ask is not None else ():
            means = way.ask(kind, text, []) if way.ask is not None else None
            if means and means != NOT_USED:
                words.remember(kind, text, means)


def _rehearse(
    desk: Desk, path: Path, rows: Reader, way: Way, outcome: Outcome, seen: Callable[[RowResult], None]
) -> None:
    """Everything that the real run checks, without writing."""
    before = entered.List(desk, path).before()
    if before is not None and before.done and not before.refused and not way.again:
        outcome.remarks.append((N_("This list was entered before, on {on}."), {"on": before.begun_at[:10]}))
    trial = rehearsal.Rehearsal(desk, path, way.again, rows)
    alike = Alike(rows)
    with stoppable(outcome):
        for block in rows.found.blocks():
            for result in _tried(block, rows, trial, alike, outcome):
                outcome.results.append(result)
                seen(result)
                if outcome.stopped:
                    break
            if len(outcome.results) > MOST_ROWS:
                raise _too_long()
            if outcome.stopped:
                break
        trial.finish()


def _tried(
    block: Block, rows: Reader, trial: rehearsal.Rehearsal, alike: Alike, outcome: Outcome
) -> Iterator[RowResult]:
    """Each row of a block tried: by its kind, or by itself."""
    lines: list[Row] = []
    for place, (key, kind, texts, like) in enumerate(alike.looked(block)):
        if kind is not None:
            tried = trial.take(block.numbers[place], kind, texts, like)
            if tried is not None:
                yield tried
                continue
        lines = lines or block.rows()
        row = lines[place]
        if not _is_entry(row, rows, outcome):
            continue
        read = rows.read(row)
        result = of_row(row, read)
        notes = trial.look(row, read, result)
        if key is not None and notes is not None:
            alike.learn(key, read, notes)
        yield result


def _enter(
    desk: Desk, path: Path, rows: Reader, way: Way, outcome: Outcome, seen: Callable[[RowResult], None]
) -> None:
    mine = entered.List(desk, path)
    before = mine.begin(way.again)
    if before is not None and not before.done:
        outcome.remarks.append(
            (N_("This list was begun on {on}; it goes on where it stopped."), {"on": before.begun_at[:10]})
        )
    entering.Entering(desk, path, mine, rows, outcome, seen).run(
        _entries(rows, outcome), again=way.again, together=way.history
    )
    mine.end(len(outcome.refused), not (outcome.stopped or outcome.broken))
