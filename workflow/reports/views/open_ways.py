"""How what an office did on a case, or left undone, may be contested: letter by letter and item by item, by
the law of the day of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from letters.content import kinds, review_organs
from workflow.base import names
from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, listed, translate
from workflow.cases import contest, ways
from workflow.cases.case import CaseFile
from workflow.casework.opened import Opened, open_case
from workflow.clocks import Deadline
from workflow.law import Route
from workflow.office.seat import Seat
from workflow.reports.views.routes import KINDS
from workflow.reports.views.routes import as_json as routes_json
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS = TABLES["letter"]
_ENDINGS = ("lapsed_correction", "lapsed_fee")
_TIMES = ("reconsideration.limit", "litigation.limit", "reconsideration.inaction", "litigation.inaction")
_OF_OTHERS = ("reconsideration.third_party", "litigation.third_party")
_LONGEST = ("reconsideration.longest", "litigation.longest")


class Way(NamedTuple):
    """The way against one item (0: the whole letter, or an application that is not answered), with the time
    for it, as far as it has begun, and the longest there is."""

    no: int
    outcome: str
    route: Route
    times: tuple[tuple[str, Deadline], ...] = ()


class Contestable(NamedTuple):
    """One letter, or silence (without code and number): the day that decides on its ways, and these."""

    code: str
    number: str
    decided: date
    ways: tuple[Way, ...]


def of_case(seat: Seat, ref: str | None) -> list[Way]:
    """The ways against the reply of the present round, or against silence where it is overdue; Malformed
    without a case."""
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, _named(ref))
    return list(_present(seat, opened))


def of_letters(seat: Seat, ref: str | None) -> list[Contestable]:
    """The same of every letter of the case that went to somebody who may contest it, oldest first, and of
    silence; Malformed without a case."""
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, _named(ref))
        rows = _letters(seat, connection, opened)
    found = [_letter(seat, opened, *row) for row in rows]
    silent = [way for way in _present(seat, opened) if way.outcome == ways.SILENCE]
    if silent:
        found.append(Contestable("", "", silent[0].times[0][1].start, tuple(silent)))
    return [one for one in found if one.ways]


def _named(ref: str | None) -> str:
    if ref is None:
        raise Malformed(N_("Name the case whose ways are asked for."), field="case")
    return ref


def _letters(seat: Seat, connection: Connection, opened: Opened) -> list[tuple[int, str, str, date]]:
    query = (
        select(LETTERS.c.id, LETTERS.c.code, LETTERS.c.number, LETTERS.c.dated)
        .where(LETTERS.c.office_id == seat.office.id, LETTERS.c.case_id == opened.id)
        .where(LETTERS.c.voided_on.is_(None))
        .order_by(LETTERS.c.dated, LETTERS.c.id)
    )
    return [(row.id, row.code, row.number or "", row.dated) for row in connection.execute(query)]


def _letter(seat: Seat, opened: Opened, letter: int, code: str, number: str, dated: date) -> Contestable:
    """The ways against a letter: of a reply item by item; of others by what their kind is to the law."""
    case, context, kind = opened.case, seat.context, kinds.get(code)
    reply = next((one for one in case.replies if number and one.number == number), None)
    if reply is not None:
        present = reply is case.reply
        found = _present(seat, opened) if present else _items(seat, reply.items, reply.issued)
        return Contestable(code, number, reply.issued, tuple(found))
    outcome = next((one for one in kind.outcomes if one == _ended(case)), kind.contested)
    if kind.decides and outcome in _ENDINGS:
        return Contestable(code, number, dated, tuple(_present(seat, opened)))
    if not outcome or kind.to == "":
        return Contestable(code, number, dated, ())
    route = context.law.route(outcome, on=dated)
    times = (
        _times(opened, _OF_OTHERS, contest.third_parties(case, context)) if route.kind != ways.NONE else ()
    )
    return Contestable(code, number, dated, (Way(0, outcome, route, times),))


def _ended(case: CaseFile) -> str:
    return "lapsed_correction" if case.correction_lapsed else "lapsed_fee" if case.fee_lapsed else ""


def _present(seat: Seat, opened: Opened) -> Iterator[Way]:
    """The ways against the reply or the ending of the present round, or against silence."""
    case, context = opened.case, seat.context
    ending = ways.ending(case)
    if ending is not None:
        times = (
            *_times(opened, _TIMES, opened.clocks),
            *_times(opened, _LONGEST, contest.longest(case, context)),
        )
        for way in _items(seat, ending.items, ending.decided):
            yield way._replace(times=tuple(one for one in times if _open(way.route, one[0])))
        return
    silent = contest.silence(case, context, seat.today())
    if silent:
        due = silent[0].deadline.start
        yield Way(0, ways.SILENCE, ways.silence(due, context), _times(opened, _TIMES, silent))


def _items(seat: Seat, items: Any, decided: date) -> Iterator[Way]:
    for item in items:
        yield Way(int(item["no"]), str(item["outcome"]), ways.route(item, decided, seat.context))


def _times(opened: Opened, rules: tuple[str, ...], clocks: Any) -> tuple[tuple[str, Deadline], ...]:
    return tuple((clock.rule, clock.deadline) for clock in clocks if clock.rule in rules)


def _open(route: Route, rule: str) -> bool:
    """Whether a time is one for this way."""
    if route.kind == ways.NONE:
        return False
    return route.kind == ways.FREE or not rule.startswith("litigation")


def organs(seat: Seat, on: date) -> review_organs.Named | None:
    """Who decides on reconsideration of what the office decided on a day; None where its profile does not
    say.
    """
    profile = {**seat.office.profile, "names": seat.office.names_of_roles()}
    try:
        return review_organs.told(profile, on=on, law=seat.context.law)
    except DisclosureError:
        return None


def as_json(found: list[Way]) -> list[dict[str, Any]]:
    """As plain data; `until` has the last days known, by the names of the clocks."""
    return [
        {"no": way.no, **plain, "until": {rule: deadline.due.isoformat() for rule, deadline in way.times}}
        for way, plain in zip(found, routes_json([way.route for way in found]), strict=True)
    ]


def lines(found: list[Way]) -> list[str]:
    """For the terminal: a way, its times and its provisions."""
    if not found:
        return [translate(N_("There is nothing to contest yet: no reply, and its time is not over."))]
    made = []
    for way in found:
        made.append(
            translate(
                N_("Item {no}, {outcome}: {kind} [{status}]"),
                no=way.no or "–",
                outcome=names.name("outcome", way.outcome),
                kind=translate(KINDS[way.route.kind]),
                status=way.route.status,
            )
        )
        made += [
            "  "
            + translate(
                N_("{clock}: until {due}{passed}"), clock=names.name("clock", rule), due=one.due, passed=""
            )
            for rule, one in way.times
        ]
        made += [f"  {names.article(ref)}" for ref in way.route.articles]
        made += [f"  {translate(way.route.note)}"] if way.route.note else []
    return made


def letter_lines(seat: Seat, found: list[Contestable]) -> list[str]:
    """For the terminal: each letter, who decides on its reconsideration, and its ways."""
    made: list[str] = []
    for one in found:
        name = f"{kinds.get(one.code).name} {one.number}".rstrip() if one.code else translate(N_("No reply"))
        made.append(translate(N_("{letter}, {day}:"), letter=name, day=one.decided))
        made += [f"  {line}" for line in lines(list(one.ways))]
        if any(way.route.kind != ways.NONE for way in one.ways):
            made += [f"  {line}" for line in organ_lines(seat, one.decided)]
    return made


def organ_lines(seat: Seat, on: date) -> list[str]:
    """Who decides on reconsideration, and what is open besides the suit against that decision."""
    named = organs(seat, on)
    if named is None:
        return []
    made = [
        translate(
            N_("Reconsideration by: {organs} ({article}) [{status}]"),
            organs=listed(organ.name for organ in named.organs),
            article=names.article(named.rule.article),
            status=named.rule.status,
        )
    ]
    if named.rule.note:
        made.append(f"  {translate(named.rule.note)}")
    if named.further is not None:
        made.append(
            translate(
                N_("Against that decision besides: {words} ({article})"),
                words=named.further.text,
                article=names.article(named.further.article),
            )
        )
    return made
