"""How many applications one applicant has made to this organ in a calendar month: what the fee by the item is
counted from (国办函〔2020〕109号, Art. 4).

The same applicant is whoever bears the same identity number. Where none was given nobody can know it: what
the same name has asked for is told, and the officer says how many there were. Void entries do not count, nor
does what waits for confirmation with its sender.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, or_, select

from workflow.base import names
from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.messages import N_, listed
from workflow.casework.opened import Opened, open_case
from workflow.law.entries import Fee
from workflow.office.seat import Seat
from workflow.storage.figures import counted
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

CASES = TABLES["case_file"]
Note = tuple[str, dict[str, Any]]


@dataclass
class Count:
    """An application among those of its applicant in the same calendar month."""

    name: str
    on: date
    # Whether the applicant is known by an identity number; else the name alone was compared.
    known: bool
    # The applications before it: number and day of receipt, the earliest first.
    earlier: list[tuple[str, date]]
    # Earlier ones under the same name that name no identity number, or of which it is not known.
    unclear: list[str]

    @property
    def place(self) -> int:
        """Which application of the month it is."""
        return len(self.earlier) + 1

    def as_fact(self) -> list[dict[str, str]]:
        """The earlier ones as the entry of the notice keeps them."""
        return [{"number": number, "received_on": on.isoformat()} for number, on in self.earlier]


_THIS = select(CASES.c.received_on, CASES.c.applicant_mark, CASES.c.applicant_name).where(
    CASES.c.id == bindparam("case")
)


@cache
def _earlier(by_name: bool) -> Select[Any]:
    """The applications of a month before one of them: of the same mark, or also of the same name."""
    meant = CASES.c.applicant_mark == bindparam("mark")
    if by_name:
        meant |= CASES.c.applicant_name == bindparam("name")
    the_day = CASES.c.received_on == bindparam("on", type_=Date)
    before = and_(
        CASES.c.office_id == bindparam("office"),
        CASES.c.received_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        or_(CASES.c.received_on < bindparam("on", type_=Date), and_(the_day, CASES.c.id < bindparam("case"))),
        counted(),
    )
    query = select(CASES.c.number, CASES.c.received_on, CASES.c.applicant_mark, CASES.c.applicant_name)
    return query.where(before, meant).order_by(CASES.c.received_on, CASES.c.id)


def of_case(
    connection: Connection, office_id: int, case_id: int, known: bool, *, by_name: bool = True
) -> Count:
    """The count for an application; `known` says whether its applicant gave an identity number, `by_name`
    adds what others of the same name have asked for.
    """
    this = connection.execute(_THIS, {"case": case_id}).one()
    first = this.received_on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    rows = connection.execute(
        _earlier(by_name),
        {
            "office": office_id,
            "first": first,
            "last": last,
            "on": this.received_on,
            "case": case_id,
            "mark": this.applicant_mark,
            "name": this.applicant_name,
        },
    ).all()
    same = [row for row in rows if row.applicant_mark == this.applicant_mark]
    # One name with two numbers is two persons; whether a row bears a number at all, its mark does not tell.
    others = [row.number for row in rows if row.applicant_mark != this.applicant_mark]
    return Count(
        this.applicant_name, this.received_on, known, [(row.number, row.received_on) for row in same], others
    )


def remarks(count: Count, seat: Seat) -> list[Note]:
    """At receipt: which of the month it is, from the first for which a fee may be charged."""
    try:
        fee = seat.context.law.by_item(1, count.place - 1, on=count.on)
    except OutOfLaw:
        return []
    if not fee.amount:
        return []
    told = N_(
        "It is the {n}th application of {name} to this organ in {month} (by the identity number); a processing fee may be charged [{article}]."
    )
    if not count.known:
        told = N_(
            "It is the {n}th application under the name {name} to this organ in {month}; no identity number is recorded, so that it is not known whether they are of one person. A processing fee may be charged by the item [{article}]."
        )
    return [
        (
            told,
            {
                "n": count.place,
                "name": count.name,
                "month": f"{count.on:%Y-%m}",
                "rule": fee.article,
                "article": names.article(fee.article),
            },
        )
    ]


def look(seat: Seat, ref: str) -> Count:
    """The count for a case, as it is now."""
    with seat.store.reading() as connection:
        return of_opened(seat, connection, open_case(seat, connection, ref))


def of_opened(seat: Seat, connection: Connection, opened: Opened) -> Count:
    """The count for a case that is open."""
    known = bool(opened.case.applicant.get("id_number"))
    return of_case(connection, seat.office.id, opened.id, known)


def for_notice(payload: dict[str, Any], count: Count) -> dict[str, Any]:
    """The facts of a notice by the item with what the program has counted; Malformed where it cannot know."""
    if payload.get("basis") != "by_item":
        return payload
    made = {"count": 1, **payload}
    if made.get("already") is None:
        if not count.known:
            raise Malformed(
                N_(
                    "No identity number of {name} is recorded: how many applications of the month are his is not known."
                ),
                field="already",
                name=count.name,
                way_on=N_("Under that name there are: {numbers}. Say how many with --already NUMBER."),
                numbers=listed([number for number, _ in count.earlier] + count.unclear) or "0",
            )
        made["already"] = len(count.earlier)
    if count.known and count.earlier and made["already"] == len(count.earlier):
        made["counted"] = count.as_fact()
    return made


@dataclass
class Proposal:
    """The fee of a case both ways, of which one is chosen: by the item, and by the page where pages are
    known.
    """

    count: Count
    by_item: Fee
    by_page: Fee | None


def proposal(seat: Seat, ref: str, pages: int | None, on: date) -> Proposal:
    """Both ways for a case on a day; OutOfLaw where there was no fee."""
    count, law = look(seat, ref), seat.context.law
    by_item = law.by_item(1, len(count.earlier), on=on)
    return Proposal(count, by_item, law.by_page(pages, on) if pages is not None else None)


def other_way(payload: dict[str, Any], count: Count, seat: Seat, on: date, number: str) -> list[Note]:
    """What the fee would be the way that was not chosen, and where what was said differs from the count."""
    law = seat.context.law
    notes: list[Note] = []
    if payload["basis"] == "by_page":
        other = law.by_item(1, len(count.earlier), on=on)
        said = N_("By the item it would be {amount} yuan: the {n}th application of the month [{article}].")
        notes.append(
            (
                said,
                {
                    "amount": other.amount,
                    "n": count.place,
                    "rule": other.article,
                    "article": names.article(other.article),
                },
            )
        )
    elif payload.get("already", 0) != len(count.earlier):
        notes.append(
            (
                N_("{already} earlier applications were given; the program counts {counted}: {numbers}."),
                {
                    "already": payload.get("already", 0),
                    "counted": len(count.earlier),
                    "numbers": listed(number for number, _ in count.earlier) or "-",
                },
            )
        )
    if payload["basis"] == "by_item":
        free = law.by_page(0, on)
        notes.append(
            (
                N_(
                    "It may be charged by the page instead, never by both; see: disclosure fee case {number} --pages PAGES [{article}]."
                ),
                {"number": number, "rule": free.article, "article": names.article(free.article)},
            )
        )
    if count.unclear:
        notes.append(
            (
                N_("Not counted, under the same name with another or no identity number: {numbers}."),
                {"numbers": listed(count.unclear)},
            )
        )
    return notes
