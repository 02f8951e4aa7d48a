"""Which applications and which columns: what a person chose, checked, as a condition of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow import law
from workflow.base import names, typed_words
from workflow.base.completeness import require_known
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.cases import states
from workflow.casework import lookup, parties
from workflow.office import people, profile
from workflow.office.seat import Seat
from workflow.procedure import transitions
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, PARTIES = TABLES["case_file"], TABLES["party"]
RUNNING = states.GOING


@dataclass(frozen=True)
class Choice:
    """The filters as typed: keys, and days as FROM..TO with either end optional."""

    state: str | None = None
    handler: str | None = None
    unit: str | None = None
    channel: str | None = None
    kind: str | None = None
    outcome: str | None = None
    ground: str | None = None
    received: str | None = None
    replied: str | None = None
    finished: str | None = None
    year: int | None = None
    text: str | None = None
    only_open: bool = False
    only_closed: bool = False
    overdue: bool = False

    def conditions(self, connection: Connection, seat: Seat) -> list[Any]:
        """The choice as conditions. Malformed or NotFound for what there is not; days reversed are
        Malformed.
        """
        if self.only_open and self.only_closed:
            raise Malformed(
                N_("An application is open or closed, not both."),
                field="closed",
                way_on=N_("Leave one of --open and --closed out."),
            )
        found = [CASES.c.office_id == seat.office.id]
        for name, value in (
            ("state", self.state),
            ("channel", self.channel),
            ("applicant_kind", self.kind),
            ("outcome", self.outcome),
            ("handler", self.handler),
            ("unit", self.unit),
        ):
            if value:
                found.append(CASES.c[name] == _MEANT[name](connection, seat, value))
        if self.ground:
            ground = meant("ground", self.ground, law.bundled().tables["grounds"]["ground"], "outcome")
            found.append(("|" + CASES.c.grounds + "|").contains(f"|{ground}|", autoescape=True))
        for name in ("received", "replied", "finished"):
            first, last = days(getattr(self, name), name)
            found += [CASES.c[f"{name}_on"] >= first] if first else []
            found += [CASES.c[f"{name}_on"] <= last] if last else []
        if self.year is not None:
            _require_year(self.year)
            found.append(CASES.c.received_on.between(date(self.year, 1, 1), date(self.year, 12, 31)))
        if self.only_open or self.only_closed:
            found.append(CASES.c.open.is_(self.only_open))
        if self.overdue:
            found += [CASES.c.reply_clock.in_(RUNNING), CASES.c.reply_due < seat.today()]
        if self.text:
            pattern = lookup.like(self.text)
            found.append(
                CASES.c.request.like(pattern, escape="\\")
                | CASES.c.id.in_(parties.concerned(seat.office.id, PARTIES.c.name.like(pattern, escape="\\")))
            )
        return found

    def require_data(self, connection: Connection, seat: Seat) -> None:
        """NotFound for a year in which nothing was received at all: that is another thing than a filter
        without a hit.
        """
        if self.year is None:
            return
        within = CASES.c.received_on.between(date(self.year, 1, 1), date(self.year, 12, 31))
        query = select(CASES.c.id).where(CASES.c.office_id == seat.office.id, within).limit(1)
        if connection.execute(query).first() is None:
            raise NotFound(
                N_("No application was received in {year}."),
                field="year",
                year=self.year,
                way_on=N_("See what there is with: disclosure roll --limit 5"),
            )


def days(text: str | None, field: str) -> tuple[date | None, date | None]:
    """FROM..TO, FROM.., ..TO, one day, or a month (2026-03): the first and the last day. Malformed if
    reversed.
    """
    if not text:
        return None, None
    low, dots, high = text.partition("..")
    first = _day(low, field, last=False) if low.strip() else None
    last = _day(high if dots else low, field, last=True) if (high if dots else low).strip() else None
    if first is None and last is None:
        raise Malformed(
            N_("'{text}' names no day."),
            field=field,
            text=text[:40],
            way_on=N_("Write FROM..TO, for example 2026-01-01..2026-03-31."),
        )
    return ordered(first, last, field)


def ordered(first: date | None, last: date | None, field: str) -> tuple[date | None, date | None]:
    """The two days as they are; Malformed if the last comes before the first."""
    if first and last and last < first:
        raise Malformed(
            N_("The period ends on {last}, before it begins on {first}."),
            field=field,
            first=first.isoformat(),
            last=last.isoformat(),
            way_on=N_("Turn the two days round."),
        )
    return first, last


def _day(text: str, field: str, *, last: bool) -> date:
    text = text.strip()
    year, dash, month = text.partition("-")
    if len(year) == 4 and year.isdigit() and dash and month.isdigit() and 1 <= int(month) <= 12 and int(year):
        first = date(int(year), int(month), 1)
        following = (
            date(first.year + first.month // 12, first.month % 12 + 1, 1) if first.year < 9999 else first
        )
        return date.fromordinal(following.toordinal() - 1) if last else first
    return parse_date(text, field)


def _require_year(year: int) -> None:
    if not date.min.year <= year <= date.max.year:
        raise Malformed(N_("There is no year {year}."), field="year", year=year)


def meant(field: str, value: str, known: Iterable[str], kind: str) -> str:
    """The key that is meant by a name of this kind, a part of it, or initials; Malformed names them all."""
    return typed_words.resolve(value, names.both(kind, known), field)


def _state(connection: Connection, seat: Seat, value: str) -> str:
    return meant("state", value, transitions.bundled().states("case"), "state")


def _channel(connection: Connection, seat: Seat, value: str) -> str:
    return meant("channel", value, law.bundled().channels(), "channel")


def _kind(connection: Connection, seat: Seat, value: str) -> str:
    return meant("kind", value, transitions.bundled().names["applicant"], "applicant")


def _outcome(connection: Connection, seat: Seat, value: str) -> str:
    return meant("outcome", value, law.bundled().tables["outcomes"]["outcome"], "outcome")


def unit_meant(connection: Connection, seat: Seat, value: str) -> str:
    """The key of the unit that is meant; NotFound for one that the office does not have."""
    unit = typed_words.meant(value, seat.office.units, "unit")
    people.require_unit(seat.office, unit)
    return unit


def _handler(connection: Connection, seat: Seat, value: str) -> str:
    known = {one.key: one.name for one in profile.officers_of(connection, seat.office.id)}
    handler = typed_words.meant(value, known, "handler")
    if handler not in known:
        raise NotFound(
            N_("There is no officer '{officer}'."),
            field="handler",
            officer=value[:40],
            way_on=N_("See who there is with: disclosure officer list"),
        )
    return handler


_MEANT: dict[str, Callable[[Connection, Seat, str], str]] = {
    "state": _state,
    "channel": _channel,
    "applicant_kind": _kind,
    "outcome": _outcome,
    "handler": _handler,
    "unit": unit_meant,
}
require_known("selection._MEANT", _MEANT, "case_file", CASES.c.keys())
