"""The ways against a decision: the cells of routes.toml joined with the basis that all routes of a kind
share.

A route hangs on the outcome and the day; of some outcomes also on a fact of the answer (what the earlier
reply did) or on a setting of the office. Each such variant is a cell of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.base.tables import Table
from workflow.law.entries import Route
from workflow.law.history import Series
from workflow.law.row_checks import Tables

FIRST, FREE, ONLY, NONE = KINDS = ("review_first", "free", "review_only", "none")
FRAMELESS = NONE
"""A route of this kind has no right and no period to name."""
_END = "9999-12-31"


class Variant(NamedTuple):
    """What the route of an outcome depends on besides the day: a fact of the answer, or an office setting."""

    fact: str
    setting: str
    cells: Mapping[str, str]
    default: str
    names: Mapping[str, Mapping[str, str]]

    def name(self, cell: str) -> str:
        """What a cell is called, in the language in force."""
        return pick(**self.names[cell])


def variant(tables: Tables, outcome: str) -> Variant | None:
    """What the route of an outcome depends on; None where the day alone decides."""
    row = tables["routes"].get("variant", {}).get(outcome)
    if row is None:
        return None
    cells = row.get("cells", {})
    names = {cell: row.get(cell, {}) for cell in cells.values()}
    return Variant(row.get("fact", ""), row.get("setting", ""), cells, row.get("default", ""), names)


def head(tables: Tables, outcome: str) -> Table | None:
    """The names and the first day of an outcome, or of what is contested without being one."""
    found = tables["outcomes"]["outcome"].get(outcome) or tables["routes"].get("other", {}).get(outcome)
    return dict(found) if found is not None else None


def contested(tables: Tables) -> list[str]:
    """Everything that has a route, by id."""
    return [*tables["outcomes"]["outcome"], *tables["routes"].get("other", {})]


def all_series(tables: Tables, outcome: str) -> dict[str, Series[Route]]:
    """The routes of an outcome by cell ('' where it has no variants); NotFound for what is none."""
    known = head(tables, outcome)
    if known is None:
        message = N_("The law tables have no {kind} called {id}.")
        raise NotFound(message, kind=Named("law", "outcome"), id=outcome, field="outcome")
    found = variant(tables, outcome)
    cells = dict.fromkeys(found.cells.values()) if found else {"": None}
    return {cell: Series(outcome, known, joined(tables, outcome, cell)) for cell in cells}


def joined(tables: Tables, outcome: str, cell: str) -> list[Route]:
    """The routes of one cell in order, each with the whole of its basis."""
    made: list[Route] = []
    for row in rows_of(tables, outcome, cell):
        for first, last, rest in _frames(tables, row):
            articles = tuple(dict.fromkeys((*row.get("articles", ()), *rest)))
            until = None if last == _END else date.fromisoformat(last)
            made.append(
                Route(
                    outcome=outcome,
                    kind=row["kind"],
                    status=row["status"],
                    articles=articles,
                    effective_from=date.fromisoformat(first),
                    effective_until=until,
                    note=row.get("note", ""),
                    answer=cell,
                    text=row.get("text", ""),
                )
            )
    return sorted(made, key=lambda route: route.effective_from)


def rows_of(tables: Tables, outcome: str, cell: str) -> list[Table]:
    """The rows of routes.toml for one cell: its own, and those that hold for every variant."""
    rows = tables["routes"].get("route", ())
    return [row for row in rows if outcome in row.get("outcomes", ()) and row.get("answer", cell) == cell]


def _frames(tables: Tables, row: Table) -> list[tuple[str, str, tuple[str, ...]]]:
    """The spans of a row, with the articles that its frame adds in each."""
    first, last = row["effective_from"], row.get("effective_until", _END)
    if row["kind"] == FRAMELESS:
        return [(first, last, ())]
    name = row.get("frame", row["kind"])
    spans = []
    for frame in tables["routes"].get("frame", ()):
        begins = max(first, frame["effective_from"])
        ends = min(last, frame.get("effective_until", _END))
        if frame["id"] == name and begins <= ends:
            spans.append((begins, ends, tuple(frame["articles"])))
    return spans


def cell_of(
    tables: Tables, outcome: str, facts: Mapping[str, Any] | None, settings: Mapping[str, Any] | None
) -> str | None:
    """Which cell of an outcome the facts of an answer or the office's settings choose; None where they do not
    say.

    Malformed for a fact that is neither of the answers that the table knows.
    """
    found = variant(tables, outcome)
    if found is None:
        return ""
    given = (settings or {}).get(found.setting) if found.setting else (facts or {}).get(found.fact)
    if given in (None, ""):
        return found.default or None
    value = ("no", "yes")[given] if isinstance(given, bool) else str(given).strip()
    chosen = {**found.cells, "是": found.cells.get("yes"), "否": found.cells.get("no")}.get(value)
    if chosen is None:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field=found.fact or found.setting,
            value=str(given)[:40],
            choices=", ".join(found.cells),
        )
    return chosen


def choose(
    tables: Tables, series: Mapping[str, Series[Route]], outcome: str, on: date, answer: str | None
) -> Route:
    """The route of a day by the cell that is named; where none is, the one on which all cells agree.

    Refused where the way hangs on a fact that nobody stated.
    """
    if answer is not None and answer not in series:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field="answer",
            value=answer[:40],
            choices=", ".join(series),
        )
    if answer is not None:
        return series[answer].on(on)
    found = [one.on(on) for one in series.values()]
    if len({route._replace(answer="") for route in found}) == 1:
        return found[0]
    what = variant(tables, outcome)
    assert what is not None
    raise Refused(
        N_("Which remedy there is hangs on a fact that is not stated: {fact} ({choices})."),
        field=what.fact,
        rule=found[0].articles[0],
        fact=Named("need", what.fact),
        choices=", ".join(what.cells),
        way_on=N_("State it with the answer: --extra {field}=yes or --extra {field}=no"),
    )
