"""A report in a workbook, ours or the published form saved as a sheet: found by its labels, wherever they
stand.

Heads may take several rows and labels several cells, as the form prints them: a column is known by the label
above it, a row by the last label before its numbers. Out come plain values, which `read_file` checks like any
others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workflow import law
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import headings, reader
from workflow.law.entries import ReportFormat
from workflow.reports.annual import layout

MOST_ROWS = 3000
_YEAR = later(r"(?<!\d)(20\d{2})\s*年")
Grid = list[list[Any]]


def read(path: Path, year: int | None = None, sheet: str | None = None) -> dict[str, Any]:
    """The plain values of the report in a workbook, of a year where it names none; Malformed where it has no
    table 3, or several sheets have one and none of them is named.
    """
    with reader.opened(path) as sheets:
        chosen = _chosen(sheets, sheet)
        grids = [_grid(one) for one in chosen]
        names = [one.name for one in chosen]
    several = [name for name, grid in zip(names, grids, strict=True) if _table3(grid)]
    if len(several) > 1:
        raise Malformed(
            N_("{name} holds {n} reports, on the sheets: {sheets}."),
            field="sheet",
            name=path.name,
            n=len(several),
            sheets=listed(several),
            way_on=N_("Name one of them: --sheet NAME"),
        )
    made = _tables(grids)
    require_table3(made.get("table3"), path.name)
    texts = [path.stem, *names, *(reader.plain(cell) for grid in grids for row in grid[:3] for cell in row)]
    stated = made.get("year") or year or _year_named(texts)
    made["year"] = int(stated) if isinstance(stated, str) and stated.isdecimal() else stated
    if isinstance(made["year"], int):
        form = law.bundled().report_format(made["year"])
        made["table2"] = {key: row for grid in grids for key, row in _table2(grid, form).items()}
    return made


def sheets_with_reports(path: Path) -> list[str]:
    """The names of the visible sheets that have a table 3 each."""
    with reader.opened(path) as sheets:
        return [one.name for one in sheets if one.visible and _table3(_grid(one))]


def _grid(sheet: reader.Sheet) -> Grid:
    return [row.cells for row in sheet.rows(MOST_ROWS)]


def _chosen(sheets: list[reader.Sheet], name: str | None) -> list[reader.Sheet]:
    """The sheet of that name, hidden or not; without a name all that are to be seen."""
    if name is None:
        return [one for one in sheets if one.visible]
    found = [one for one in sheets if squeezed(one.name) == squeezed(name)]
    if not found:
        raise NotFound(
            N_("There is no sheet '{name}'; there are: {sheets}."),
            field="sheet",
            name=name,
            sheets=listed(one.name for one in sheets),
        )
    return found[:1]


def _tables(grids: list[Grid]) -> dict[str, Any]:
    """What the sheets hold: of tables 3 and 4 the first one found, of the words all."""
    made: dict[str, Any] = {}
    for grid in grids:
        made.update(_meta(grid))
        for name, table in (("table3", _table3(grid)), ("table4", _table4(grid))):
            if table and name not in made:
                made[name] = table
        made.setdefault("parts", {}).update(_parts(grid))
    return made


def require_table3(table: dict[str, Any] | None, name: str) -> None:
    """Malformed where a file has no table 3."""
    if not table:
        raise Malformed(
            N_("{name} has no line with the heads of table 3 ({names})."),
            field="file",
            name=name,
            names="、".join(entry["zh"] for entry in law.bundled().tables["report"]["column"].values()),
            way_on=N_("See docs/annual-report.md for the form."),
        )


def squeezed(text: Any) -> str:
    """A label as it is compared: without blanks and marks, brackets of either width alike."""
    return headings.whole(text)


def _meta(grid: Grid) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for cells in grid:
        told = [cell for cell in cells if reader.plain(cell)]
        key = next(
            (key for key, words in layout.HEAD_LINES.items() if told and reader.plain(told[0]) in words), None
        )
        if key and len(told) == 2:
            found[key] = (
                int(told[1]) if key == "year" and isinstance(told[1], float) else reader.plain(told[1])
            )
    return found


def _year_named(texts: list[str]) -> int | None:
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _labels(table: str) -> dict[str, str]:
    """The keys of a table of the law by every label that a sheet may bear."""
    return {
        squeezed(word): key
        for key, entry in law.bundled().tables["report"][table].items()
        for word in (key, entry["zh"], entry["en"], entry["zh"].split(" ")[-1])
    }


def _table3(grid: Grid) -> dict[str, Any] | None:
    columns, rows = _labels("column"), _labels("row")
    heads: dict[int, str] = {}
    made: dict[str, Any] = {}
    for cells in grid:
        told = {
            place: columns[squeezed(cell)] for place, cell in enumerate(cells) if squeezed(cell) in columns
        }
        if told and not made:
            heads |= {place: key for place, key in told.items() if key not in heads.values()}
            continue
        if len(heads) < len(law.bundled().tables["report"]["column"]):
            continue
        first = min(heads)
        label = next((squeezed(cell) for cell in reversed(cells[:first]) if squeezed(cell) in rows), None)
        if label is not None:
            made.setdefault(
                rows[label],
                {key: cells[place] if place < len(cells) else None for place, key in heads.items()},
            )
    return made or None


def _table4(grid: Grid) -> dict[str, Any] | None:
    results = {squeezed(one.zh): one.id for one in law.bundled().report_results()}
    parts = law.bundled().report_remedies()
    for number, cells in enumerate(grid[:-1]):
        places = [
            (place, results[squeezed(cell)]) for place, cell in enumerate(cells) if squeezed(cell) in results
        ]
        if len(places) != len(results) * len(parts):
            continue
        below = grid[number + 1]
        values = [below[place] if place < len(below) else None for place, _ in places]
        size = len(results)
        return {
            part.key: {
                key: value
                for (_, key), value in zip(
                    places[n * size :], values[n * size : (n + 1) * size], strict=False
                )
            }
            for n, part in enumerate(parts)
        }
    return None


def _table2(grid: Grid, form: ReportFormat) -> dict[str, Any]:
    made: dict[str, Any] = {}
    known = {
        squeezed(word): (key, len(block.heads) - 1)
        for block in form.table2
        for key, label in block.rows
        for word in (key, label)
    }
    for cells in grid:
        found = known.get(squeezed(cells[0])) if cells else None
        if found is not None:
            key, size = found
            numbers = [cells[place] if place < len(cells) else None for place in range(1, size + 1)]
            made.setdefault(key, numbers if size > 1 else numbers[0])
    return made


def _parts(grid: Grid) -> dict[str, str]:
    labels = _labels("part")
    return {
        labels[squeezed(cells[0])]: cells[1]
        for cells in grid
        if len(cells) == 2 and squeezed(cells[0]) in labels and isinstance(cells[1], str)
    }
