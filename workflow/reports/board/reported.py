"""What organs with databases of their own reported: whose key is trusted, files taken in, and their rows.

All of it is entries of the superior's own office: a key is trusted, a file is taken in by an entry that keeps
it whole. The newest version of a month counts; what it replaced stays in the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Conflict, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.typed_text import required_text
from workflow.evidence import checkpoints, notes
from workflow.evidence.notes import SIGNED
from workflow.office import founding, profile
from workflow.office.seat import Seat
from workflow.reports.board import figures
from workflow.reports.board.figures import Span
from workflow.reports.board.monthly import RULE, Monthly, entries, read
from workflow.reports.board.row import Row, month_of
from workflow.reports.performance.measure import Period
from workflow.storage import ledger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TRUSTED, UNTRUSTED, IMPORTED = "figures_key_trusted", "figures_key_withdrawn", "figures_imported"


@dataclass(frozen=True)
class Organ:
    """An organ whose figures are taken in: the name of its record, its key there, how it is called here."""

    origin: str
    key: str
    name: str
    public: str


def organ_key(origin: str) -> str:
    """The organ's own key within the name of its record; Malformed where that is none."""
    parts = origin.split("/")
    if len(parts) != 3 or parts[0] != "disclosure" or not parts[1]:
        raise Malformed(
            N_("'{origin}' is not the name of an organ's record."),
            field="key",
            origin=origin[:80],
            way_on=N_("Ask the organ for the line that it prints: disclosure evidence key"),
        )
    return parts[1]


def trust(seat: Seat, text: str, name: str) -> Organ:
    """Trust a public key for the figures of an organ, called so here; a new key of it takes the old one's
    place. Refused for an organ whose cases lie in this database: it would be counted twice.
    """
    founding.require_manager(seat)
    name = required_text(name, "name")
    key = notes.read_key(text)
    own = organ_key(key.name)
    if key.kind != SIGNED:
        raise Malformed(
            N_("This is a witness's key, and no organ's."),
            field="key",
            way_on=N_("Ask the organ for the line that it prints: disclosure evidence key"),
        )
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        here = {checkpoints.origin_of(connection, one): one for one in profile.listed(connection)}
        if key.name in here:
            raise Refused(
                N_("The cases of {organ} lie in this database and are counted here."),
                rule=RULE,
                field="key",
                organ=here[key.name].name,
                way_on=N_("See its figures with: disclosure board"),
            )
        taken = [one for one in trusted(connection, seat.office.id).values() if one.origin != key.name]
        if name in {one.name for one in taken} or name in {one.name for one in here.values()}:
            raise Conflict(
                N_("Another organ is called '{name}' here already."),
                field="name",
                name=name,
                way_on=N_("Choose another name."),
            )
        payload = {"origin": key.name, "organ": own, "name": name, "key": key.text}
        founding.entry(connection, seat.office.id, TRUSTED, seat.officer.actor, payload, now=seat.now)
    return Organ(key.name, own, name, key.text)


def withdraw(seat: Seat, typed: str) -> Organ:
    """Trust the key of an organ no more; its figures are no longer counted, and stay in the record."""
    founding.require_manager(seat)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        found = _find(trusted(connection, seat.office.id), typed)
        payload = {"origin": found.origin, "organ": found.key, "name": found.name}
        founding.entry(connection, seat.office.id, UNTRUSTED, seat.officer.actor, payload, now=seat.now)
    return found


def trusted(connection: Connection, office_id: int) -> dict[str, Organ]:
    """The organs whose keys are trusted, by the names of their records."""
    found: dict[str, Organ] = {}
    for one in entries(connection, office_id, TRUSTED, UNTRUSTED):
        if one["event"] == UNTRUSTED:
            found.pop(one["origin"], None)
        else:
            found[one["origin"]] = Organ(one["origin"], one["organ"], one["name"], one["key"])
    return found


def _find(known: dict[str, Organ], typed: str) -> Organ:
    wanted = typed.strip()
    found = [one for one in known.values() if wanted in (one.origin, one.key, one.name)]
    if len(found) != 1:
        raise NotFound(
            N_("No key is trusted for '{organ}'."),
            field="organ",
            organ=wanted[:60],
            way_on=N_("See which are with: disclosure board trust"),
        )
    return found[0]


# --- taking in


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
        organ = trusted(connection, seat.office.id).get(monthly.origin)
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
    known, wanted = trusted(connection, office_id), months(asked)
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
