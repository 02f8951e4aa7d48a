"""Checks of the table of routes: every cell on every day exactly one row, each with the whole of its
basis.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import routes
from workflow.law.row_checks import Checked, Tables, head_faults, row_faults, series_faults, told

_OPTIONAL = ("answer", "articles", "text", "frame")


def everything(tables: Tables) -> Iterator[Checked]:
    """Frames, variants, rows, and the series of every cell."""
    for frame in tables["routes"].get("frame", ()):
        yield from told(_row("frame", frame.get("id"), frame), row_faults(tables, frame, ("id", "articles")))
    yield from _variants(tables)
    known = routes.contested(tables)
    for row in tables["routes"].get("route", ()):
        yield from told(
            _row("route", ", ".join(row.get("outcomes", ())), row), _route_faults(tables, row, known)
        )
    beginning = str(tables["durations"].get("beginning"))
    for id, head in tables["routes"].get("other", {}).items():
        yield from told(f"routes: {id}", head_faults(head, beginning))
    for id in known:
        yield from _cells(tables, id)


def _row(what: str, name: Any, row: Table) -> str:
    return translate(
        N_("{table}: {name} from {first}"),
        table=f"routes, {what}",
        name=name,
        first=row.get("effective_from"),
    )


def _variants(tables: Tables) -> Iterator[Checked]:
    known = routes.contested(tables)
    for id, row in tables["routes"].get("variant", {}).items():
        problems = [] if id in known else [translate(N_("no outcome is called {id}"), id=id)]
        cells = row.get("cells", {})
        if not cells:
            problems.append(translate(N_("{key} is missing"), key="cells"))
        if bool(row.get("fact")) == bool(row.get("setting")):
            problems.append(translate(N_("it has to name a fact or a setting, one of them")))
        setting = tables["settings"].get("setting", {}).get(row.get("setting"), {})
        if row.get("setting") and (
            setting.get("choices") != list(cells) or setting.get("default") != row.get("default")
        ):
            problems.append(translate(N_("its cells are not the choices of the setting")))
        if row.get("default") and row["default"] not in cells.values():
            problems.append(translate(N_("the default is none of the choices")))
        problems += [
            translate(N_("{key} is missing"), key=cell)
            for cell in cells.values()
            if not isinstance(row.get(cell), dict)
        ]
        yield from told(f"routes: variant {id}", problems)


def _route_faults(tables: Tables, row: Table, known: list[str]) -> Iterator[str]:
    yield from row_faults(tables, row, ("outcomes", "kind"), _OPTIONAL)
    if row.get("kind") not in routes.KINDS:
        yield translate(N_("unknown kind {kind}"), kind=row.get("kind"))
    for id in row.get("outcomes", ()):
        if id not in known:
            yield translate(N_("no outcome is called {id}"), id=id)
        what = tables["routes"].get("variant", {}).get(id, {})
        if "answer" in row and row["answer"] not in what.get("cells", {}).values():
            yield translate(N_("{outcome} has no variant {answer}"), outcome=id, answer=row["answer"])
    if row.get("kind") == routes.FRAMELESS:
        if not row.get("articles"):
            yield translate(N_("{key} is missing"), key="articles")
        return
    name = row.get("frame", row.get("kind"))
    frames = [one for one in tables["routes"].get("frame", ()) if one.get("id") == name]
    if not frames:
        yield translate(N_("no frame is called {id}"), id=name)
        return
    yield from (
        translate(N_("the frame {id}: {problem}"), id=name, problem=problem)
        for problem in _uncovered(frames, row)
    )


def _uncovered(frames: list[Table], row: Table) -> Iterator[str]:
    """Whether the frame holds, without gap or overlap, over all days of a row."""
    if not all(one.get("effective_from") for one in frames):
        return  # A frame without its first day was told of by itself.
    first, last = row.get("effective_from", ""), row.get("effective_until")
    begins = min(str(one["effective_from"]) for one in frames)
    if begins > first:
        yield translate(N_("begins on {found}, not on {first} as its head says"), found=begins, first=first)
    ends = [str(one["effective_until"]) for one in frames if one.get("effective_until")]
    closed = len(ends) == len(frames)
    if closed and (last is None or max(ends) < last):
        yield translate(
            N_("ends on {found}, not on {last} as its head says"), found=max(ends), last=last or "…"
        )
    head = {"from": begins, **({"until": max(ends)} if closed else {})}
    yield from series_faults(frames, head)


def _cells(tables: Tables, id: str) -> Iterator[Checked]:
    head, what = routes.head(tables, id) or {}, routes.variant(tables, id)
    for cell in dict.fromkeys(what.cells.values()) if what else ("",):
        rows = routes.rows_of(tables, id, cell)
        name = f"{id} ({cell})" if cell else id
        where = translate(N_("{table}: {name}, all days"), table="routes", name=name)
        yield from told(where, series_faults(rows, {"from": head.get("from")}))
