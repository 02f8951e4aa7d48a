"""Monthly figures of an organ with a database of its own: signed there, checked and kept at the superior's.

A file is a signed note (workflow/evidence/notes.py): a first line that says what it is, and the figures as
one line of JSON: tables 3 and 4 of the annual report over one month, the figures of the board, how often each
number of days and of stars occurred, and how far the organ's record reached (its size and root). No names.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.evidence import checkpoints, keys, notes
from workflow.evidence.notes import Note
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.reports.annual import counts, form
from workflow.reports.annual.form import ALL, FORWARD, NEW, Report
from workflow.reports.board import counted, figures
from workflow.reports.board.figures import NOW
from workflow.reports.board.row import month_of
from workflow.reports.board.sources import Span
from workflow.reports.performance.measure import Period
from workflow.storage import ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
FIRST_LINE = "disclosure figures 1"
SENT = "figures_sent"
RULE = "house:board"


@dataclass(frozen=True)
class Sent:
    """What was signed of a month."""

    month: str
    version: int
    note: str
    # Whether the same file was given out before: nothing has changed since.
    again: bool


def send(seat: Seat, month: str) -> Sent:
    """Sign the figures of a month that is over, and record it. Where they are what was sent last, the file is
    that one; where they were corrected since, it is a further version.
    """
    founding.require_manager(seat)
    days = month_of(month)
    month = f"{days.first:%Y-%m}"
    if days.last >= seat.today():
        raise Refused(
            N_("The month {month} is not over; today is {today}."),
            rule=RULE,
            field="month",
            month=month,
            today=seat.today(),
            way_on=N_("Send a month that is over."),
        )
    key = keys.load(keys.place(seat.store.folder))
    asked = of_month(seat, days)
    point = notes.checkpoint_of(checkpoints.make(seat).text)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        told = _told(seat, connection, asked)
        digest = _digest(told)
        earlier = [one for one in entries(connection, seat.office.id, SENT) if one["month"] == month]
        if earlier and earlier[-1]["digest"] == digest:
            return Sent(month, int(earlier[-1]["version"]), str(earlier[-1]["note"]), again=True)
        version = len(earlier) + 1
        said = {
            **told,
            "origin": point.origin,
            "organ": seat.office.key,
            "name": seat.office.name,
            "month": month,
            "version": version,
            "made_at": seat.moment(),
            "record": {"size": point.size, "root": base64.b64encode(point.root).decode()},
        }
        text = f"{FIRST_LINE}\n{json.dumps(said, ensure_ascii=False, sort_keys=True)}\n"
        note = str(Note(text, (notes.sign(text, point.origin, key),)))
        payload = {"month": month, "version": version, "digest": digest, "note": note}
        founding.entry(connection, seat.office.id, SENT, seat.officer.actor, payload, now=seat.now)
    return Sent(month, version, note, again=False)


def of_month(seat: Seat, days: Period) -> Span:
    """A month as the figures take it."""
    today = seat.today()
    return Span(days.first, days.last, today, seat.context.calendar.add(today, figures.due_days()))


def _told(seat: Seat, connection: Connection, asked: Span) -> dict[str, Any]:
    """The figures of a month as the file tells them."""
    row = next(counted.rows(connection, seat, [seat.office], asked))
    report = form.empty(seat.office.name, asked.first.year)
    counts.fill(connection, seat.office.id, report, asked.first, asked.last)
    numbers = {id: row.counts[id] for id, one in figures.all_figures().items() if not one.of}
    return {
        "table3": report.table3,
        "table4": report.table4,
        "counts": numbers,
        "days": {str(days): times for days, times in sorted(row.days.items())},
        "stars": {str(stars): times for stars, times in sorted(row.stars.items())},
    }


def _digest(told: dict[str, Any]) -> str:
    """What tells whether a month is another than before: all but the figures that are of the day."""
    known = figures.all_figures()
    lasting = {id: number for id, number in told["counts"].items() if known[id].when != NOW}
    text = json.dumps({**told, "counts": lasting}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def entries(connection: Connection, office_id: int, *events: str) -> list[dict[str, Any]]:
    """What the office's own entries of these kinds say, oldest first."""
    query = select(LEDGER.c.event, LEDGER.c.payload, LEDGER.c.recorded_at).where(
        LEDGER.c.office_id == office_id, LEDGER.c.case_id.is_(None), LEDGER.c.event.in_(events)
    )
    return [
        {**json.loads(row.payload), "event": row.event, "recorded_at": row.recorded_at}
        for row in connection.execute(query.order_by(LEDGER.c.seq))
    ]


# --- reading a file


@dataclass(frozen=True)
class Monthly:
    """The figures of a month as an organ told them, checked in themselves."""

    origin: str
    organ: str
    name: str
    month: str
    version: int
    made_at: str
    size: int
    report: Report
    counts: Counter[str]
    days: Counter[int]
    stars: Counter[int]


def read(text: str) -> tuple[Note, Monthly]:
    """A file's note and figures; Malformed where it is none, or where its figures do not agree."""
    note = notes.read(text)
    lines = note.text.split("\n")
    # Base64 can be written in several ways: a file is the bytes that were sent, or none.
    if str(note) != text or len(lines) != 3 or lines[0] != FIRST_LINE or lines[2]:
        raise _no_figures("first line")
    try:
        said = json.loads(lines[1])
        found = _monthly(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise _no_figures(type(fault).__name__) from None
    wrong = next(_disagreements(found), None)
    if wrong is not None:
        raise Malformed(
            N_("The figures of {organ} for {month} do not agree with one another: {what}."),
            field="file",
            organ=found.name,
            month=found.month,
            what=wrong,
            way_on=N_("Nothing was taken in; let the organ send the month again."),
        )
    return note, found


def _no_figures(detail: str) -> Malformed:
    return Malformed(
        N_("This is no file of monthly figures ({detail})."),
        field="file",
        detail=detail,
        way_on=N_("It is written by: disclosure board send --month MONTH --out FILE"),
    )


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise ValueError(value)
    return value


def _cells(raw: dict[str, Any], wanted: form.Cells) -> form.Cells:
    if raw.keys() != wanted.keys() or any(raw[row].keys() != cells.keys() for row, cells in wanted.items()):
        raise ValueError(list(raw))
    return {row: {name: _number(raw[row][name]) for name in cells} for row, cells in wanted.items()}


def _monthly(said: dict[str, Any]) -> Monthly:
    days = month_of(_text(said["month"]))
    if said["month"] != f"{days.first:%Y-%m}":
        raise ValueError(said["month"])
    report = form.empty(_text(said["name"]), days.first.year)
    report.table3 = _cells(said["table3"], report.table3)
    report.table4 = _cells(said["table4"], report.table4)
    wanted = {id for id, one in figures.all_figures().items() if not one.of}
    if said["counts"].keys() != wanted or _number(said["version"]) < 1:
        raise ValueError(list(said["counts"]))
    return Monthly(
        _text(said["origin"]),
        _text(said["organ"]),
        report.unit,
        said["month"],
        said["version"],
        _text(said["made_at"]),
        _number(said["record"]["size"]),
        report,
        Counter({id: _number(value) for id, value in said["counts"].items()}),
        Counter({int(value): _number(times) for value, times in said["days"].items()}),
        Counter({int(value): _number(times) for value, times in said["stars"].items()}),
    )


def _disagreements(found: Monthly) -> Iterator[str]:
    """What in a file contradicts itself: sums of its tables, and its figures against its tables."""
    for fault in form.identities(found.report):
        yield fault.text
    numbers, table = found.counts, found.report.table3
    equal = {
        "received": table[NEW][ALL],
        "open": table[FORWARD][ALL],
        "replied": numbers["in_time"] + numbers["late"],
        "rated": sum(found.stars.values()),
        **{f"row.{key}": table[key][ALL] for key in found.report.form.results},
        **{
            f"remedy.{kind}.{result}": number
            for kind, cells in found.report.table4.items()
            for result, number in cells.items()
            if result != ALL
        },
    }
    for id, expected in equal.items():
        if id in numbers and numbers[id] != expected:
            yield f"{id}: {numbers[id]} / {expected}"
    if sum(found.days.values()) != numbers["replied"]:
        yield f"days: {sum(found.days.values())} / {numbers['replied']}"
    if any(not 1 <= stars <= 5 for stars in found.stars) or any(days < 0 for days in found.days):
        yield "days, stars"


# --- back at the organ


def compare(seat: Seat, text: str) -> tuple[Monthly, list[tuple[str, int, int]]]:
    """Of a file that this office sent: what each figure was then and is now, where it is not nothing in both.
    Each can be opened to its cases here. Refused for a file that this office did not sign.
    """
    note, found = read(text)
    if (
        found.origin != checkpoints.public_key(seat).name
        or note.signed_by(checkpoints.public_key(seat)) is None
    ):
        raise Refused(
            N_("The file is not signed by this office, or was changed."),
            rule=RULE,
            field="file",
            way_on=N_("A disputed figure is opened by the organ that sent it."),
        )
    with seat.store.reading() as connection:
        now = _told(seat, connection, of_month(seat, month_of(found.month)))["counts"]
    return found, [(id, was, now[id]) for id, was in found.counts.items() if was or now[id]]
