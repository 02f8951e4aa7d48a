"""What is checked of every list of dated rows: what each says, and that those of one thing follow on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law.row_checks import Checked, Tables, head_faults, row_faults, series_faults, told


def row_place(table: str, name: Any, row: Table) -> str:
    """A row, as a fault names it."""
    return translate(
        N_("{table}: {name} from {first}"), table=table, name=name, first=row.get("effective_from")
    )


def series_place(table: str, name: str) -> str:
    """All rows of one thing, as a fault names them."""
    return translate(N_("{table}: {name}, all days"), table=table, name=name)


def beginning(tables: Tables) -> str:
    """The first day that the tables must cover."""
    return str(tables["durations"].get("beginning"))


def named_rows(
    tables: Tables, name: str, heads: str, rows: str, required: tuple[str, ...]
) -> Iterator[Checked]:
    """A table of heads with their dated rows: outcomes, grounds."""
    known = tables["report"].get("row", {})
    for row in tables[name].get(rows, ()):
        where = row_place(name, row.get("id"), row)
        yield from told(where, row_faults(tables, row, ("id", "article"), ("text", "needs")))
        if row.get("id") not in tables[name].get(heads, {}):
            yield Checked(where, translate(N_("no head is called {id}"), id=row.get("id")))
    for id, head in tables[name].get(heads, {}).items():
        problems = [translate(N_("{key} is missing"), key=key) for key in required if not head.get(key)]
        if head.get("report_row", "r1_granted") not in known:
            problems.append(translate(N_("no row of the report is called {key}"), key=head["report_row"]))
        yield from told(f"{name}: {id}", problems)
    yield from all_series(tables, name, heads, rows)


def all_series(tables: Tables, name: str, heads: str, rows: str, key: str = "id") -> Iterator[Checked]:
    """That the rows of each head follow on one another without gap or overlap."""
    groups: dict[str, list[Table]] = {}
    for row in tables[name].get(rows, ()):
        for id in row.get(key) if isinstance(row.get(key), list) else [row.get(key)]:
            groups.setdefault(id, []).append(row)
    for id, head in tables[name].get(heads, {}).items():
        problems = (*head_faults(head, beginning(tables)), *series_faults(groups.get(id, []), head))
        yield from told(series_place(name, id), problems)
