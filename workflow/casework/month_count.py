"""How many applications one applicant has made to this organ in a calendar month: what the fee by the item is
counted from (国办函〔2020〕109号, Art. 4).

The same applicant is whoever bears the same identity number, alone or beside others. Where none was given
nobody can know it: what the same name has asked for is told, and the officer says how many there were. Of
several applicants of one application the one with the most decides (`house:co_applicants`); the others are
told. Void entries do not count, nor does what waits for confirmation with its sender.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, or_, select

from workflow.base import names
from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.messages import N_, Remark, listed
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import parties
from workflow.casework.opened import Opened, open_case
from workflow.office.seat import Seat
from workflow.storage.figures import NOT_COUNTED
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

CASES, PARTIES = TABLES["case_file"], TABLES["party"]
RULE = "house:co_applicants"


@dataclass
class Count:
    """An application among those of its applicant in the same calendar month; of several applicants, of the
    one with the most.
    """

    name: str
    on: date
    # Whether the applicant is known by an identity number; else the name alone was compared.
    known: bool
    # The applications before it: number and day of receipt, the earliest first.
    earlier: list[tuple[str, date]]
    # Earlier ones under the same name that name no identity number, or of which it is not known.
    unclear: list[str]
    # Which applicant it is, in the order of the application.
    no: int = 1
    # The other applicants' own counts.
    others: list[Count] = field(default_factory=list)
    # Those of the earlier ones that stand under another name with the same identity number: number, name.
    renamed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def place(self) -> int:
        """Which application of the month it is."""
        return len(self.earlier) + 1

    def as_fact(self) -> list[dict[str, str]]:
        """The earlier ones as the entry of the notice keeps them."""
        return [{"number": number, "received_on": on.isoformat()} for number, on in self.earlier]

    def beside(self) -> str:
        """The other applicants, each with how many they had asked for before."""
        return listed(f"{one.name} {len(one.earlier)}" for one in self.others)


_OURS = select(PARTIES.c.no, PARTIES.c.mark, PARTIES.c.name).where(
    PARTIES.c.case_id == bindparam("case"), PARTIES.c.role == parties.APPLICANT
)


@cache
def _earlier(column: str) -> Select[Any]:
    """The applications of a month before one of them, of applicants of these marks, or of these names: each
    found by an index of its own."""
    the_day = CASES.c.received_on == bindparam("on", type_=Date)
    columns = PARTIES.c.mark, PARTIES.c.name, CASES.c.number, CASES.c.received_on, CASES.c.id
    query = select(*columns).join_from(PARTIES, CASES, CASES.c.id == PARTIES.c.case_id)
    return query.where(
        PARTIES.c.office_id == bindparam("office"),
        PARTIES.c.role == parties.APPLICANT,
        PARTIES.c[column].in_(bindparam("wanted", expanding=True)),
        CASES.c.received_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        or_(CASES.c.received_on < bindparam("on", type_=Date), and_(the_day, CASES.c.id < bindparam("case"))),
        CASES.c.state.not_in(NOT_COUNTED),
    )


def _found(connection: Connection, span: dict[str, Any], by_name: bool) -> Iterator[tuple[int, Any, bool]]:
    """Of each applicant of a case: the applications before it by the same mark, and where asked for by the
    same name, the earliest first; and whether the mark is the same."""
    ours = connection.execute(_OURS, {"case": span["case"]}).all()
    rows: dict[tuple[Any, ...], Any] = {}
    for column in ("mark", "name") if by_name else ("mark",):
        wanted = sorted({getattr(one, column) for one in ours})
        for row in connection.execute(_earlier(column), {**span, "wanted": wanted}):
            rows[tuple(row)] = row
    for row in sorted(rows.values(), key=lambda one: (one.received_on, one.id)):
        for one in ours:
            if row.mark == one.mark or (by_name and row.name == one.name):
                yield one.no, row, row.mark == one.mark


def of_case(
    connection: Connection, office_id: int, case_id: int, case: CaseFile, *, by_name: bool = True
) -> Count:
    """The count for an application; `by_name` adds what others of the same name have asked for."""
    on = case.received_on
    assert on is not None
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    span = {"office": office_id, "case": case_id, "on": on, "first": first, "last": last}
    people = persons.applicants(case)
    found = {
        one.no: Count(str(one.facts["name"]), on, bool(one.facts.get("id_number")), [], [], one.no)
        for one in people
    }
    for no, row, same in _found(connection, span, by_name):
        mine, theirs = found[no], (row.number, row.received_on)
        if same and theirs not in mine.earlier:
            mine.earlier.append(theirs)
            if row.name != mine.name:
                mine.renamed.append((row.number, row.name))
        elif not same and row.number not in mine.unclear:
            # One name with two numbers is two persons; whether a row bears a number, its mark does not tell.
            mine.unclear.append(row.number)
    for one in found.values():
        own = {number for number, _ in one.earlier}
        one.unclear = [number for number in one.unclear if number not in own]
    return _deciding(list(found.values()))


def _deciding(counts: list[Count]) -> Count:
    """Of several applicants the one with the most; known only where none without an identity number can have
    asked for more. Among equals one who is known, then the first in the application.
    """
    most = max(counts, key=lambda one: (len(one.earlier), one.known, -one.no))
    doubtful = [one for one in counts if not one.known]
    possible = max(doubtful, key=lambda one: len(one.earlier) + len(one.unclear), default=most)
    if len(possible.earlier) + len(possible.unclear) > len(most.earlier):
        most = possible
    most.others = [one for one in counts if one is not most]
    return most


def remarks(count: Count, seat: Seat) -> list[Remark]:
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
    params = {
        "n": count.place,
        "name": count.name,
        "month": f"{count.on:%Y-%m}",
        "rule": fee.article,
        "article": names.article(fee.article),
    }
    return [(told, params), *beside(count)]


def beside(count: Count) -> list[Remark]:
    """Of several applicants: who decides the count, and what the others had asked for before. Of another name
    under the same identity number: that it is counted too, for one of the two may be mistyped.
    """
    notes: list[Remark] = [
        (
            N_(
                "Counted too, under another name with the identity number of {name}: {numbers}. See whether one of them is mistyped."
            ),
            {"name": one.name, "numbers": listed(f"{number} {name}" for number, name in one.renamed)},
        )
        for one in (count, *count.others)
        if one.renamed
    ]
    if not count.others:
        return notes
    said = N_(
        "Of several applicants the one who has asked most often in the month decides: {name}, {count} before; the others: {others} [{article}]."
    )
    told = {"name": count.name, "count": len(count.earlier), "others": count.beside()}
    return [*notes, (said, {**told, "rule": RULE, "article": names.article(RULE)})]


def look(seat: Seat, ref: str) -> Count:
    """The count for a case, as it is now."""
    with seat.store.reading() as connection:
        return of_opened(seat, connection, open_case(seat, connection, ref))


def of_opened(seat: Seat, connection: Connection, opened: Opened) -> Count:
    """The count for a case that is open."""
    return of_case(connection, seat.office.id, opened.id, opened.case)


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
        if count.others:
            made["counted_of"] = count.no
    return made
