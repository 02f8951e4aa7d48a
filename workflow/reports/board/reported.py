"""What organs with databases of their own reported: the files that were taken in, and their rows.

A file is taken in by an entry of the superior's own office that keeps it whole. The newest version of a month
counts; what it replaced stays in the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Conflict, Refused
from workflow.base.messages import N_
from workflow.evidence import notes
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.reports.board import figures, trusted_keys
from workflow.reports.board.monthly import RULE, Monthly, entries, read
from workflow.reports.board.row import Row, month_of
from workflow.reports.board.sources import Span
from workflow.reports.board.trusted_keys import Organ
from workflow.reports.performance.measure import Period
from workflow.storage import ledger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

IMPORTED = "figures_imported"


@dataclass(frozen=True)
class Taken:
    """A file that was taken in; `supersedes` is the version that it replaced, 0 for none."""

    organ: Organ
    monthly: Monthly
    supersedes: int


def take(seat: Seat, text: str) -> Taken:
    """Check a file against the trusted key of its organ and keep it.

    Refused where no key is trusted, the signature is not that key's, the month is not over, or the record is
    told shorter than before; Conflict where the file, or a newer version of the month, is here already.
    """
    founding.require_manager(seat)
    note, monthly = read(text)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        organ = trusted_keys.trusted(connection, seat.office.id).get(monthly.origin)
        if organ is None:
            raise Refused(
                N_("No key is trusted for '{organ}'."),
                rule=RULE,
                field="file",
                organ=monthly.origin,
                way_on=N_(
                    "Ask the organ for its key by another way than this file, then: disclosure board trust"
                ),
            )
        if note.signed_by(notes.read_key(organ.public)) is None or monthly.organ != organ.key:
            raise Refused(
                N_(
                    "The file is not signed by the key that is trusted for {organ}: it was changed, or is another's."
                ),
                rule=RULE,
                field="file",
                organ=organ.name,
                way_on=N_("Take nothing from it; let the organ send the month again."),
            )
        if month_of(monthly.month).last >= seat.today():
            raise Refused(
                N_("The month {month} is not over; today is {today}."),
                rule=RULE,
                field="file",
                month=monthly.month,
                today=seat.today(),
                way_on=N_("Send a month that is over."),
            )
        earlier = [one for one in imported(connection, seat.office.id) if one["origin"] == organ.origin]
        supersedes = _require_next(earlier, monthly, text)
        payload = {
            "origin": organ.origin,
            "organ": organ.key,
            "name": organ.name,
            "month": monthly.month,
            "version": monthly.version,
            "made_at": monthly.made_at,
            "size": monthly.size,
            "sha256": _sha256(text),
            "supersedes": supersedes,
            "note": text,
        }
        founding.entry(connection, seat.office.id, IMPORTED, seat.officer.actor, payload, now=seat.now)
    return Taken(organ, monthly, supersedes)


def _require_next(earlier: list[dict[str, Any]], monthly: Monthly, text: str) -> int:
    """The version that this one replaces; Conflict or Refused where it may not replace it."""
    last = max((int(one["version"]) for one in earlier if one["month"] == monthly.month), default=0)
    told: dict[str, Any] = {
        "organ": monthly.name,
        "month": monthly.month,
        "version": monthly.version,
        "last": last,
    }
    if any(one["sha256"] == _sha256(text) for one in earlier):
        raise Conflict(
            N_("This file of {organ} for {month} (version {version}) was taken in already."),
            field="file",
            **told,
            way_on=N_("Nothing is to be done."),
        )
    if monthly.version == last:
        raise Refused(
            N_("{organ} signed two different files as version {version} of {month}."),
            rule=RULE,
            field="file",
            **told,
            way_on=N_("Keep both files and ask the organ: its record may have been rewritten."),
        )
    if monthly.version < last:
        raise Conflict(
            N_("Version {last} of {month} is here already; version {version} is older."),
            field="file",
            **told,
            way_on=N_("Take in only what is newer."),
        )
    for one in earlier:
        sizes = int(one["size"]), monthly.size
        grown = sizes if one["made_at"] < monthly.made_at else sizes[::-1]
        if grown[0] > grown[1]:
            raise Refused(
                N_("The record of {organ} is shorter than when it reported {other}: entries are missing."),
                rule=RULE,
                field="file",
                organ=monthly.name,
                other=one["month"],
                way_on=N_("Keep both files and ask the organ: its record may have been rewritten."),
            )
    return last


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def imported(connection: Connection, office_id: int) -> list[dict[str, Any]]:
    """Every file that was taken in, oldest first."""
    return entries(connection, office_id, IMPORTED)


# --- rows


def months(asked: Span) -> list[str]:
    """The whole months of a span that are over."""
    found = []
    for month in Period(asked.first, asked.end).months():
        days = month_of(month)
        if asked.first <= days.first and days.last <= asked.last and days.last < asked.today:
            found.append(month)
    return found


def rows(connection: Connection, office_id: int, asked: Span) -> tuple[list[Row], list[tuple[str, str]]]:
    """The rows that organs reported for the whole months of a span, and which organ did not report which."""
    known, wanted = trusted_keys.trusted(connection, office_id), months(asked)
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    if known and wanted:
        for one in imported(connection, office_id):
            newest[one["origin"], one["month"]] = one
    made, missing = [], []
    keys = [one.key for one in known.values()]
    for organ in known.values():
        parts = [
            read(newest[organ.origin, month]["note"])[1]
            for month in wanted
            if (organ.origin, month) in newest
        ]
        told = {one.month for one in parts}
        missing += [(organ.name, month) for month in wanted if month not in told]
        if parts:
            key = organ.key if keys.count(organ.key) == 1 else f"{organ.key}@{organ.origin[-16:][:6]}"
            made.append(_row(key, organ.name, parts))
    return made, missing


def _row(key: str, name: str, parts: list[Monthly]) -> Row:
    row = Row(key, name, months=tuple(one.month for one in parts))
    of_day = {id for id, one in figures.all_figures().items() if one.when != "period"}
    for one in parts:
        for id in of_day:
            row.counts.pop(id, None)
        row.counts.update(one.counts)
        row.days.update(one.days)
        row.stars.update(one.stars)
    return row


def listed(seat: Seat) -> Iterator[dict[str, Any]]:
    """Every file that was taken in, the newest first, with whether a newer version took its place."""
    with seat.store.reading() as connection:
        found = imported(connection, seat.office.id)
    newest = {(one["origin"], one["month"]): one["version"] for one in found}
    for one in reversed(found):
        yield {
            **{name: one[name] for name in ("organ", "name", "month", "version", "recorded_at", "sha256")},
            "superseded": newest[one["origin"], one["month"]] != one["version"],
        }
