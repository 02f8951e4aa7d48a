"""How the reply of a case, or its silence, may be contested: by the law of the day, item by item."""

from __future__ import annotations

from typing import Any, NamedTuple

from workflow.base import names
from workflow.base.errors import Malformed
from workflow.base.messages import N_, translate
from workflow.cases import clocks as case_clocks
from workflow.cases import ways
from workflow.casework.opened import open_case
from workflow.law import Route
from workflow.office.seat import Seat
from workflow.reports.views.routes import KINDS
from workflow.reports.views.routes import as_json as routes_json


class Way(NamedTuple):
    """The way against one item (0: the whole application, which is not answered)."""

    no: int
    outcome: str
    route: Route


def of_case(desk: Seat, ref: str | None) -> list[Way]:
    """The ways against the reply of the present round, or against silence where it is overdue; Malformed
    without a case."""
    if ref is None:
        raise Malformed(N_("Name the case whose ways are asked for."), field="case")
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
    case, context = opened.case, desk.context
    ending = ways.ending(case)
    if ending is not None:
        return [
            Way(int(item["no"]), str(item["outcome"]), ways.route(item, ending.decided, context))
            for item in ending.items
        ]
    if case_clocks.silence(case, context, desk.today()):
        due = next(clock.deadline.due for clock in opened.clocks if clock.rule == "reply.limit")
        return [Way(0, ways.SILENCE, ways.silence(due, context))]
    return []


def as_json(found: list[Way]) -> list[dict[str, Any]]:
    """As plain data."""
    return [
        {"no": way.no, **plain}
        for way, plain in zip(found, routes_json([way.route for way in found]), strict=True)
    ]


def lines(found: list[Way]) -> list[str]:
    """For the terminal: a way and its provisions."""
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
        made += [f"  {names.article(ref)}" for ref in way.route.articles]
        made += [f"  {translate(way.route.note)}"] if way.route.note else []
    return made
