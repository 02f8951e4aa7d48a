"""What is checked of the tables of the annual report and of the fees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import row_checks
from workflow.law.citations import citation_fault
from workflow.law.entries import OUTER_ROWS
from workflow.law.row_checks import Checked, Tables, row_faults, told
from workflow.law.series_checks import all_series, beginning, row_place


def fees(tables: Tables) -> Iterator[Checked]:
    """The rates of each schedule of fees."""
    required = ("id", "article", "promulgated", "source", "checked_on", "bands")
    for row in tables["fees"].get("rate", ()):
        where = row_place("fees", row.get("id"), row)
        yield from told(where, (*row_faults(tables, row, required), *_band_faults(row.get("bands", []))))
    yield from all_series(tables, "fees", "schedule", "rate")


def _band_faults(bands: list[Table]) -> Iterator[str]:
    expected: int | None = 1
    for band in bands:
        if band.get("from") != expected or not isinstance(band.get("yuan"), int):
            yield translate(
                N_("the band from {first} does not follow on the one before"), first=band.get("from")
            )
            return
        expected = band["until"] + 1 if "until" in band else None
    if expected is not None:
        yield translate(N_("the last band is not open"))


def _merged_into(table: Table) -> set[str]:
    """Rows of older formats that stand for several of the latest."""
    return {key for row in table.get("format", {}).values() for key in row.get("merged", {}).values()}


def _counted(table: Table, row: Table) -> set[str]:
    """The rows of a format in which something is counted."""
    merged = row.get("merged", {})
    return {merged.get(key, key) for key in table.get("several", {}).get("rank", [])}


def _format_faults(table: Table, row: Table) -> Iterator[str]:
    """Rows of a format that there are not, or in which nothing is counted, and a missing table 2."""
    for key in (*row.get("rows", ()), *row.get("merged", {}).values()):
        if key not in table["row"]:
            yield translate(N_("no row of the report is called {key}"), key=key)
    for key in sorted(set(row.get("rows", ())) - set(OUTER_ROWS) - _counted(table, row)):
        yield translate(N_("nothing is counted in the row {key}"), key=key)
    if not row.get("table2"):
        yield translate(N_("{key} is missing"), key="table2")


def report(tables: Tables) -> Iterator[Checked]:
    """The formats of the annual report, year after year, and when it is due."""
    table = tables["report"]
    year: int | None = None
    for id, row in table.get("format", {}).items():
        problems = list(_format_faults(table, row))
        if year is not None and row.get("first_year") != year:
            problems.append(
                translate(N_("gap between {last} and {first}"), last=year - 1, first=row.get("first_year"))
            )
        year = row.get("last_year", 9998) + 1
        problem = citation_fault(tables, row.get("article"))
        yield from told(f"report: format {id}", [*problems, *([problem] if problem else [])])
    rank = table.get("several", {}).get("rank", [])
    unranked = sorted(set(table["row"]) - set(OUTER_ROWS) - set(rank) - _merged_into(table))
    yield from told(
        "report: several",
        [
            translate(N_("no row of the report is called {key}"), key=key)
            for key in rank
            if key not in table["row"]
        ]
        + [translate(N_("{key} is missing"), key=key) for key in unranked],
    )
    for who in ("department", "government"):
        rows: list[Any] = [row for row in table.get("due", ()) if row.get("who") == who]
        faults = [fault for row in rows for fault in row_faults(tables, row, ("who", "day", "article"))]
        yield from told(
            f"report: due {who}", (*faults, *row_checks.series_faults(rows, {"from": beginning(tables)}))
        )
