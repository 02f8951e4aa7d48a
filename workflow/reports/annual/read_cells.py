"""The cells of a report as other programs write them: by rows, columns or names, with or without totals."""

from __future__ import annotations

from typing import Any

from workflow import law
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.law.entries import ReportFormat, ReportPart, ReportRow
from workflow.reports.annual.form import ALL, TOTAL, Cells
from workflow.reports.annual.read_table2 import blank

LARGEST = 10**9


def table3(told: dict[str, Any], form: ReportFormat, unstated: list[str]) -> Cells:
    """Table 3, row by row; what the file does not state is added to `unstated`."""
    given = {_row_key(key, form): (key, cells) for key, cells in told.items() if key not in form.merged}
    merged = [(key, cells) for key, cells in told.items() if key in form.merged]
    if len(given) + len(merged) != len(told):
        raise Malformed(N_("A row of table 3 is given under two names."), field="table3")
    made: Cells = {}
    for row in form.rows:
        parts = [given.pop(row.key)[1]] if row.key in given else []
        parts += [cells for key, cells in merged if form.merged[key] == row.key]
        _require_row(row, parts)
        counted = [_cells(part, form, row.key) for part in parts]
        made[row.key] = {column: sum(part[column] for part in counted) for column in form.columns}
        if any(made[row.key].values()) and _without_total(parts, form):
            unstated.append(row.zh)
    _fill_results(made, merged + list(told.items()), form, unstated)
    if given:
        key = next(iter(given))
        raise Malformed(
            N_("Table 3 of {format} has no row '{key}'."),
            field=f"table3.{key}",
            key=str(key)[:60],
            format=law.bundled().instrument(form.instrument).number,
        )
    return made


def _without_total(parts: list[Any], form: ReportFormat) -> bool:
    return all(blank(_told_total(part, form)) for part in parts)


def _require_row(row: ReportRow, parts: list[Any]) -> None:
    if not parts:
        raise Malformed(
            N_("Table 3 lacks the row {key} ({label})."),
            field=f"table3.{row.key}",
            key=row.key,
            label=row.zh,
            way_on=N_("A row that holds nothing is given with 0 in every column."),
        )


def _fill_results(made: Cells, told: list[tuple[str, Any]], form: ReportFormat, unstated: list[str]) -> None:
    """A cell of the row of totals that is left empty is not stated either."""
    cells = next((cells for key, cells in told if _row_key(key, form) == TOTAL), None)
    if not isinstance(cells, dict):
        return
    named = _named_cells(cells, form)
    for column in form.columns:
        results = sum(made[key][column] for key in form.results)
        if column in named and blank(named[column]) and results and not made[TOTAL][column]:
            made[TOTAL][column] = results
            label = next(row.zh for row in form.rows if row.key == TOTAL)
            if label not in unstated:
                unstated.append(label)


def _row_key(key: str, form: ReportFormat) -> str:
    """The key of a row given by its key, its label, or what older files call the row that was later
    parted.
    """
    plain = squeezed(key)
    for row in form.rows:
        if plain in (row.key, squeezed(row.zh), squeezed(row.zh.split(" ")[-1]), squeezed("三" + row.zh)):
            return row.key
    if form.merged and plain.startswith("r6"):
        return next(iter(form.merged.values()))
    return plain


def squeezed(text: Any) -> str:
    """A text without blanks."""
    return "".join(str(text).split())


def _named_cells(told: dict[Any, Any], form: ReportFormat) -> dict[str, Any]:
    """The cells of a row by the keys of their columns."""
    labels = {squeezed(entry["zh"]): key for key, entry in law.bundled().tables["report"]["column"].items()}
    return {labels.get(squeezed(key), str(key)): value for key, value in told.items()}


def _cells(told: Any, form: ReportFormat, row: str) -> dict[str, int]:
    if told is None and form.blanks:
        told = {}
    if not isinstance(told, dict):
        raise Malformed(N_("'{field}' has to be named values."), field=f"table3.{row}")
    cells = _named_cells(told, form)
    for column in cells:
        if column not in form.columns:
            raise Malformed(N_("Table 3 has no column '{key}'."), field=f"table3.{row}", key=column[:60])
    made = {}
    for column in form.columns:
        place = f"table3.{row}.{column}"
        if column not in cells and not form.blanks:
            raise Malformed(
                N_("The row {row} of table 3 lacks the column {key}."),
                field=place,
                row=row,
                key=column,
                way_on=N_("A cell that holds nothing is given as 0."),
            )
        made[column] = _count(cells.get(column), place)
    if (ALL in cells and blank(cells[ALL])) or (form.blanks and ALL not in cells):
        # A total that is left empty is not stated: it is no total of 0.
        made[ALL] = sum(made[column] for column in form.columns[:-1])
    return made


def _told_total(told: Any, form: ReportFormat) -> Any:
    """What stands in the cell of the total, under whichever name."""
    return _named_cells(told, form).get(ALL) if isinstance(told, dict) else None


def _count(value: Any, place: str) -> int:
    """A number of applications or remedies: a whole number from 0; an empty cell holds nothing."""
    if blank(value):
        return 0
    number = value
    if isinstance(value, str):
        # Thousands separators and 件 as in sheets; other scripts' digits, signs, decimal points are refused.
        text = value.strip().removesuffix("件").strip().replace(",", "").replace("，", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < LARGEST:
        raise Malformed(
            N_("{place}: '{value}' is not a whole number of 0 or more."),
            field=place,
            place=place,
            value=str(value)[:40],
            way_on=N_("Correct the cell and try again."),
        )
    return number


def table4(told: Any, form: ReportFormat, unstated: list[str]) -> Cells:
    """Table 4, of which only what is stated is kept."""
    if not isinstance(told, dict):
        raise Malformed(
            N_("The report lacks table 4 ('{field}')."),
            field="table4",
            way_on=N_("See docs/annual-report.md for the form."),
        )
    parts, results = law.bundled().report_remedies(), law.bundled().report_results()
    found: Cells = {}
    for key, cells in told.items():
        part = named(key, parts, "table4")
        if part in found:
            raise Malformed(N_("Table 4 has '{key}' twice."), field=f"table4.{key}", key=part)
        found[part] = _results(cells, results, part, form)
        if found[part][ALL] and _without_results_total(cells, results, part):
            unstated.append(next(one.zh for one in parts if one.id == part))
    for one in parts:
        if one.id not in found:
            raise Malformed(N_("Table 4 lacks '{key}'."), field=f"table4.{one.key}", key=one.key)
    return {one.id: found[one.id] for one in parts}


def _without_results_total(told: Any, results: tuple[ReportPart, ...], part: str) -> bool:
    if isinstance(told, list):
        return blank(told[-1])
    return all(blank(value) for key, value in told.items() if named(key, results, f"table4.{part}") == ALL)


def _results(told: Any, results: tuple[ReportPart, ...], part: str, form: ReportFormat) -> dict[str, int]:
    if isinstance(told, list) and len(told) == len(results):
        told = {one.id: value for one, value in zip(results, told, strict=True)}
    if not isinstance(told, dict):
        raise Malformed(N_("'{field}' has to be named values."), field=f"table4.{part}")
    cells = {named(key, results, f"table4.{part}"): value for key, value in told.items()}
    made = {}
    for one in results:
        place = f"table4.{part}.{one.id}"
        if one.id not in cells and not form.blanks:
            raise Malformed(N_("{part} of table 4 lacks '{key}'."), field=place, part=part, key=one.key)
        made[one.id] = _count(cells.get(one.id), place)
    if blank(cells.get(ALL)):
        # As in table 3: a total that is left empty is not stated.
        made[ALL] = sum(number for name, number in made.items() if name != ALL)
    return made


def named(key: Any, known: tuple[ReportPart, ...], place: str) -> str:
    """By the key of the published form, its English half, its Chinese label, or what is recorded as a
    remedy.
    """
    text = squeezed(key)
    for one in known:
        latin, _, chinese = one.key.rpartition("_")
        if text in (one.id, one.key, latin, chinese, squeezed(one.zh)):
            return one.id
    raise Malformed(N_("Table 4 knows no '{key}'."), field=place, key=text[:60])
