"""Reading a report from a file: JSON as published figures are kept, or CSV as it was written here.

Liberal where the form is (a cell left empty holds nothing, names in Chinese or as keys), strict in all else:
what is missing, given twice, or no whole number of at least 0 is Malformed, with the cell named.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.sheets import reader
from workflow.law.entries import ReportFormat, ReportPart, ReportRow
from workflow.reports.annual import read_sheets, spreadsheet
from workflow.reports.annual.form import ALL, TOTAL, Cells, Report
from workflow.reports.annual.read_table2 import blank, table2

LARGEST = 10**9
MOST_BYTES = 10_000_000
YEARS = range(1949, 2200)


def read(path: str | os.PathLike[str], year: int | None = None, sheet: str | None = None) -> Report:
    """The report in a file; `year` for one that names none, `sheet` of a workbook with several reports.
    NotFound or Malformed says what is wrong and where.
    """
    name = os.path.basename(os.fspath(path))
    if os.path.isdir(path):
        raise Malformed(
            N_("{path} is not a file."), field="file", path=os.fspath(path), way_on=N_("Name a file.")
        )
    if os.path.exists(path) and os.path.getsize(path) > MOST_BYTES:
        raise Malformed(N_("{name} is too large for a report."), field="file", name=name)
    if name.lower().endswith(".csv"):
        # A list of lines with one head each, or the printed form with heads over several lines.
        lined = spreadsheet.is_lined(path, name)
        return of_plain(
            spreadsheet.read_csv(path, name) if lined else read_sheets.read(Path(path), year), name, year
        )
    if name.lower().endswith(reader.BOOKS):
        return of_plain(read_sheets.read(Path(path), year, sheet), name, year)
    if not name.lower().endswith(".json"):
        raise Malformed(
            N_("'{name}' is neither JSON nor CSV nor a workbook."),
            field="file",
            name=name,
            way_on=N_("Name a report in one of these forms; see docs/annual-report.md."),
        )
    return of_plain(_json(tables.text_of(path), name), name, year)


def _json(text: str, name: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        for key, _ in pairs:
            if sum(1 for other, _ in pairs if other == key) > 1:
                raise Malformed(N_("{name}: '{key}' is given twice."), field=key, name=name, key=key)
        return made

    if not text.strip():
        raise Malformed(N_("{name} is empty."), field="file", name=name)
    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as fault:
        raise Malformed(
            N_("{name} is not valid JSON: in line {line}, at character {column}."),
            field="file",
            name=name,
            line=fault.lineno,
            column=fault.colno,
            way_on=N_("Was the file cut off, or changed by hand?"),
        ) from None
    except (ValueError, RecursionError):
        # Too deeply nested, or a number of thousands of digits.
        raise Malformed(N_("{name} holds what no report holds."), field="file", name=name) from None


def of_plain(value: Any, name: str, year: int | None = None) -> Report:
    """A report out of plain values: the whole file, its entry `report`, or the one of the year in a list of
    such.
    """
    if isinstance(value, list):
        value = _one_of(value, name, year)
    if not isinstance(value, dict):
        raise Malformed(N_("{name} has to be an object with named entries."), field="file", name=name)
    told = value.get("report", value)
    if not isinstance(told, dict) or not isinstance(told.get("table3"), dict):
        raise Malformed(
            N_("{name} holds no report: '{field}' is missing."),
            field="table3",
            name=name,
            way_on=N_("See docs/annual-report.md for the form."),
        )
    form_year = _year(told.get("year"), name, year)
    form = law.bundled().report_format(form_year)
    unstated: list[str] = []
    remarks: list[tuple[str, dict[str, Any]]] = []
    table3 = _table3(told["table3"], form, unstated)
    second = table2(told.get("table2"), form, remarks)
    fourth = _table4(told.get("table4"), form, unstated)
    if unstated:
        remarks.insert(0, (N_("Totals are not stated: {rows}."), {"rows": listed(unstated)}))
    return Report(
        unit=str(told.get("unit") or ""),
        year=form_year,
        form=form,
        table3=table3,
        table4=fourth,
        table2=second,
        parts=_texts(told.get("parts")),
        fees=told["info_fee"] if isinstance(told.get("info_fee"), dict) else {},
        remarks=remarks,
    )


def _one_of(listed: list[Any], name: str, year: int | None) -> Any:
    """The report in a list: the only one, or that of the year that was asked for."""
    inner = [one.get("report", one) if isinstance(one, dict) else None for one in listed]
    found = [one for one in inner if isinstance(one, dict) and year in (None, one.get("year"))]
    if len(found) != 1:
        raise Malformed(
            N_("{name} holds {n} reports; one is needed."),
            field="file",
            name=name,
            n=len(found),
            way_on=N_("Say with --year which one it is."),
        )
    return found[0]


def _year(told: Any, name: str, given: int | None) -> int:
    if told is None or told == "":
        told = given
    if isinstance(told, str) and told.strip().removesuffix("年").isdecimal():
        told = int(told.strip().removesuffix("年"))
    if not isinstance(told, int) or isinstance(told, bool) or told not in YEARS:
        raise Malformed(
            N_("{name} does not say of which year it is."),
            field="year",
            name=name,
            way_on=N_("Give it as a number under 'year', or with --year."),
        )
    if given is not None and told != given:
        raise Malformed(
            N_("{name} is the report of {found}, not of {year}."),
            field="year",
            name=name,
            found=told,
            year=given,
        )
    return told


# --- table 3


def _table3(told: dict[str, Any], form: ReportFormat, unstated: list[str]) -> Cells:
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
    plain = _squeezed(key)
    for row in form.rows:
        if plain in (row.key, _squeezed(row.zh), _squeezed(row.zh.split(" ")[-1]), _squeezed("三" + row.zh)):
            return row.key
    if form.merged and plain.startswith("r6"):
        return next(iter(form.merged.values()))
    return plain


def _squeezed(text: Any) -> str:
    return "".join(str(text).split())


def _named_cells(told: dict[Any, Any], form: ReportFormat) -> dict[str, Any]:
    """The cells of a row by the keys of their columns."""
    labels = {_squeezed(entry["zh"]): key for key, entry in law.bundled().tables["report"]["column"].items()}
    return {labels.get(_squeezed(key), str(key)): value for key, value in told.items()}


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


# --- table 4


def _table4(told: Any, form: ReportFormat, unstated: list[str]) -> Cells:
    if not isinstance(told, dict):
        raise Malformed(
            N_("The report lacks table 4 ('{field}')."),
            field="table4",
            way_on=N_("See docs/annual-report.md for the form."),
        )
    parts, results = law.bundled().report_remedies(), law.bundled().report_results()
    found: Cells = {}
    for key, cells in told.items():
        part = _named(key, parts, "table4")
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
    return all(blank(value) for key, value in told.items() if _named(key, results, f"table4.{part}") == ALL)


def _results(told: Any, results: tuple[ReportPart, ...], part: str, form: ReportFormat) -> dict[str, int]:
    if isinstance(told, list) and len(told) == len(results):
        told = {one.id: value for one, value in zip(results, told, strict=True)}
    if not isinstance(told, dict):
        raise Malformed(N_("'{field}' has to be named values."), field=f"table4.{part}")
    cells = {_named(key, results, f"table4.{part}"): value for key, value in told.items()}
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


def _named(key: Any, known: tuple[ReportPart, ...], place: str) -> str:
    """By the key of the published form, its English half, its Chinese label, or what is recorded as a
    remedy.
    """
    text = _squeezed(key)
    for one in known:
        latin, _, chinese = one.key.rpartition("_")
        if text in (one.id, one.key, latin, chinese, _squeezed(one.zh)):
            return one.id
    raise Malformed(N_("Table 4 knows no '{key}'."), field=place, key=text[:60])


# --- table 2 and words


def _texts(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        return {}
    return {key: text for key, text in told.items() if isinstance(text, str)}


def chain_remarks(report: Report, previous: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of table 2 where what was in force, with what came and went, does not give what is in force: a
    remark, for a year's review may find otherwise."""
    for key, now in report.table2.items():
        before = previous.table2.get(key)
        if before is None or len(now) != 3 or len(before) != 3 or report.form.id != previous.form.id:
            continue
        made, ended, valid = now
        if None in (made, ended, valid, before[2]) or report.form.blanks:
            continue
        expected = before[2] + made - ended  # type: ignore[operator]
        if valid != expected:
            yield (
                N_(
                    "Table 2, {key}: in force {found}; last year's with what was made and repealed gives {expected}."
                ),
                {"key": key, "found": valid, "expected": expected},
            )


def require_previous(report: Report, previous: Report) -> None:
    """Refused unless the one is the report of the year before the other."""
    if previous.year != report.year - 1:
        raise Malformed(
            N_("The report before that of {year} is that of {expected}, not of {found}."),
            field="previous",
            year=report.year,
            expected=report.year - 1,
            found=previous.year,
        )
