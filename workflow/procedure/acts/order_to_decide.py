"""What a decision or judgment orders: whether to decide anew, from which day and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from workflow import clocks as deadlines
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.cases import rulings
from workflow.cases.context import Context
from workflow.cases.tracks import Remedy
from workflow.procedure.acts.common import not_before

COURT_LIMIT = "litigation.disclosure"
"""What the law gives an organ that a court has ordered to disclose."""


def ordered(made: dict[str, Any], orders: str, part: Remedy, on: date, context: Context) -> dict[str, Any]:
    """Whether a new decision is ordered, and until when: a day, or days from the day on which the order
    binds.
    """
    limits = [name for name in ("due", "within", "days") if made.get(name)]
    if len(limits) > 1:
        raise Malformed(N_("Give one of --due, --within and --days."), field=limits[1])
    said = made.pop("redecide", None)
    wanted = orders == "always" or said == "yes" or (bool(limits) and said != "no")
    if wanted and orders == "never":
        raise Malformed(
            N_("With this result no new decision is ordered."),
            field="redecide",
            way_on=N_("Choose the result that the paper states, or leave the order out."),
        )
    if limits and not wanted:
        raise Malformed(N_("A limit was given, but no new decision is ordered."), field=limits[0])
    binds = _binds(made, part, on, context)
    within, days = made.pop("within", 0), made.pop("days", 0)
    if within:
        made["due"] = context.calendar.add(binds, within).isoformat()
    elif days:
        made["due"] = context.calendar.roll(binds + timedelta(days=days)).isoformat()
    elif made.get("due"):
        not_before(made["due"], on, "due")
    elif wanted:
        made |= _by_law(made, part, binds, on, context)
    if wanted and binds != on:
        made["runs_from"] = binds.isoformat()
    return {**made, "redecide": wanted}


def _binds(made: dict[str, Any], part: Remedy, on: date, context: Context) -> date:
    """The day from which the time ordered runs: a reconsideration decision binds when it is served, a
    judgment of the second court likewise, one of the first court when nobody can appeal any more, or as the
    court certifies."""
    said = made.pop("effective", None)
    if part.kind == rulings.RECONSIDERATION or part.first is not None:
        return on
    if said is not None:
        not_before(said, on, "effective")
        return date.fromisoformat(said)
    ruling = "result" in made and rulings.one(made["result"]).ruling
    return deadlines.appeal(on, context.law, context.calendar, ruling=ruling).due


def _by_law(made: dict[str, Any], part: Remedy, binds: date, on: date, context: Context) -> dict[str, Any]:
    """The time that the law sets a judgment which names none, since it sets one."""
    said = date.fromisoformat(made["dated"]) if made.get("dated") else on
    if part.kind == rulings.RECONSIDERATION or not context.law.knows(COURT_LIMIT, said):
        return {}
    limit = context.law.value(COURT_LIMIT, said)
    return {"due": context.calendar.add(binds, limit.value).isoformat(), "limit": limit.article}
