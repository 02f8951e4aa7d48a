"""The figures of the annual report by the names that people give them: keys, labels of the form, in both
languages.
"""

from __future__ import annotations

import re
from typing import Any

from workflow import law
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.law.entries import ReportRow


def named(wanted: str, example: str) -> tuple[str, str]:
    """Row and column of a figure from `ROW,COLUMN`; `example` shows how it is written where it is not."""
    # A label may contain commas: the last one separates row and column.
    at = max(wanted.rfind(","), wanted.rfind("，"))
    if at < 0:
        raise Malformed(
            N_("A figure is named by its row and column."),
            field="cell",
            way_on=N_("For example: {example}"),
            example=example,
        )
    return wanted[:at].strip(), wanted[at + 1 :].strip()


def published(year: int, row: str, column: str) -> tuple[str, str, str]:
    """Table, row and column of a figure under the names that the published report uses; Malformed where
    there is none.
    """
    tables, known = law.bundled(), remedies()
    if row not in known:
        return "table3", row_key(year, row), column_key(year, column)
    wanted = result_id(column)
    kind = next(part.key for part in tables.report_remedies() if part.id == known[row])
    return "table4", kind, next(one.key for one in tables.report_results() if one.id == wanted)


def row_key(year: int, row: str) -> str:
    """The key of a row of table 3 in the form of the year, by any of its names."""
    form = law.bundled().report_format(year)
    rows = {name: one.key for one in form.rows for name in _row_names(one)}
    key = rows.get(form.merged.get(row, row))
    if key is None:
        raise Malformed(
            N_("The report of {year} has no row '{row}'."),
            field="cell",
            year=year,
            row=row[:60],
            way_on=N_("Rows are: {names}"),
            names="、".join([*(one.key for one in form.rows), *{*remedies().values()}]),
        )
    return key


def column_key(year: int, column: str) -> str:
    """The key of a column of table 3, by any of its names."""
    form = law.bundled().report_format(year)
    labels = law.bundled().tables["report"]["column"]
    kind = next(
        (name for name in form.columns if column in (name, labels[name]["zh"], labels[name]["en"])), None
    )
    if kind is None:
        raise Malformed(
            N_("The report has no column '{column}'."),
            field="cell",
            column=column[:60],
            way_on=N_("Columns are: {names}"),
            names="、".join(form.columns),
        )
    return kind


def result_id(column: str) -> str:
    """A column of table 4, by any of its names."""
    results = law.bundled().report_results()
    result = next((one.id for one in results if column in _names(one)), None)
    if result is None:
        raise Malformed(
            N_("The report has no column '{column}'."),
            field="cell",
            column=column[:60],
            way_on=N_("Columns are: {names}"),
            names="、".join(one.id for one in results),
        )
    return result


def remedies() -> dict[str, str]:
    """The parts of table 4 by each of their names."""
    return {name: part.id for part in law.bundled().report_remedies() for name in _names(part)}


def _row_names(row: ReportRow) -> tuple[str, ...]:
    """A row by its key, by its label as the form prints it, or by that without its number and what is in
    brackets.
    """
    last = row.zh.split(" ")[-1]
    return row.key, row.zh, row.en, last, re.sub(r"^(（.）|[0-9]+\.|.、)", "", last).partition("（")[0]


def _names(part: Any) -> tuple[str, ...]:
    latin, _, chinese = part.key.rpartition("_")
    return part.id, part.key, latin, chinese, part.zh, part.en
