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
from workflow.base.messages import N_, Remark, listed
from workflow.base.sheets import reader
from workflow.reports.annual import read_sheets, spreadsheet
from workflow.reports.annual.form import Report
from workflow.reports.annual.read_cells import table3, table4
from workflow.reports.annual.read_table2 import table2

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
    remarks: list[Remark] = []
    third = table3(told["table3"], form, unstated)
    second = table2(told.get("table2"), form, remarks)
    fourth = table4(told.get("table4"), form, unstated)
    if unstated:
        remarks.insert(0, (N_("Totals are not stated: {rows}."), {"rows": listed(unstated)}))
    return Report(
        unit=str(told.get("unit") or ""),
        year=form_year,
        form=form,
        table3=third,
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


# --- table 4


# --- table 2 and words


def _texts(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        return {}
    return {key: text for key, text in told.items() if isinstance(text, str)}


def chain_remarks(report: Report, previous: Report) -> Iterator[Remark]:
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
