"""The figures of an annual report in the form of its year, and the identities that hold between them.

Rows, columns and their labels are those of the law tables (workflow/law/report.toml). Pure: figures in,
faults out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workflow import law
from workflow.base.messages import N_, Remark, pick, translate
from workflow.law.entries import ReportFormat

NEW, OVER, TOTAL, FORWARD = "new_received", "carried_over", "r7_total", "carried_forward"
ALL = "total"
PENDING = "pending"
Cells = dict[str, dict[str, int]]
Number = int | float


@dataclass
class Report:
    """One report: table 3 by row and column, table 4 by kind of remedy and result, table 2 and the words.

    `table2` has under each key of the form the numbers of its row, None where nothing was told.
    """

    unit: str
    year: int
    form: ReportFormat
    table3: Cells
    table4: Cells
    table2: dict[str, list[Number | None]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    fees: dict[str, int] = field(default_factory=dict)
    # Of a report that was read from a file: what it does not state, and what was read with good will.
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """An identity that fails: where, which, what stands there and what was expected."""

    table: int
    row: str
    column: str
    rule: str
    found: int
    expected: int

    @property
    def text(self) -> str:
        """The fault in the language in force."""
        return translate(
            RULES[self.rule],
            row=row_label(self.row) if self.table == 3 else remedy_label(self.row),
            column=column_label(self.column) if self.table == 3 else result_label(self.column),
            found=self.found,
            expected=self.expected,
        )

    def plain(self) -> dict[str, Any]:
        """The fault as JSON tells it."""
        return {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "rule": self.rule,
            "found": self.found,
            "expected": self.expected,
            "text": self.text,
        }


# Of each identity what is said where it fails.
RULES = {
    "row_total": N_("{row}: the total is {found}; the six kinds of applicant come to {expected}."),
    "results": N_("{column}: the total of results is {found}; the results come to {expected}."),
    "balance": N_(
        "{column}: new and carried over come to {expected}; finished and carried forward to {found}."
    ),
    "carry": N_(
        "{column}: carried over from last year is {found}; last year's report carried {expected} forward."
    ),
    "remedy_total": N_("{row}: the total is {found}; the four results come to {expected}."),
}


def identities(report: Report, previous: Report | None = None) -> Iterator[Fault]:
    """Every identity of tables 3 and 4 that does not hold, also against last year's report where it is
    given.
    """
    table, columns = report.table3, report.form.columns
    kinds = columns[:-1]
    for row in report.form.rows:
        cells = table[row.key]
        expected = sum(cells[kind] for kind in kinds)
        if cells[ALL] != expected:
            yield Fault(3, row.key, ALL, "row_total", cells[ALL], expected)
    for column in columns:
        results = sum(table[key][column] for key in report.form.results)
        if table[TOTAL][column] != results:
            yield Fault(3, TOTAL, column, "results", table[TOTAL][column], results)
        came = table[NEW][column] + table[OVER][column]
        went = table[TOTAL][column] + table[FORWARD][column]
        if came != went:
            yield Fault(3, FORWARD, column, "balance", went, came)
        if previous is not None and previous.table3[FORWARD][column] != table[OVER][column]:
            yield Fault(3, OVER, column, "carry", table[OVER][column], previous.table3[FORWARD][column])
    for kind, cells in report.table4.items():
        expected = sum(number for name, number in cells.items() if name != ALL)
        if cells[ALL] != expected:
            yield Fault(4, kind, ALL, "remedy_total", cells[ALL], expected)


def empty(unit: str, year: int) -> Report:
    """A report of a year with nothing in it; OutOfLaw before the first format."""
    tables = law.bundled()
    form = tables.report_format(year)
    return Report(
        unit,
        year,
        form,
        {row.key: dict.fromkeys(form.columns, 0) for row in form.rows},
        {part.id: {result.id: 0 for result in tables.report_results()} for part in tables.report_remedies()},
        blank_table2(form),
    )


def blank_table2(form: ReportFormat) -> dict[str, list[Number | None]]:
    """Table 2 of a format with nothing told."""
    return {key: [None] * (len(block.heads) - 1) for block in form.table2 for key, _ in block.rows}


def add_totals(report: Report) -> None:
    """Set the totals of rows, of results and of remedies to what they are the totals of."""
    kinds = report.form.columns[:-1]
    for kind in kinds:
        report.table3[TOTAL][kind] = sum(report.table3[key][kind] for key in report.form.results)
    for cells in report.table3.values():
        cells[ALL] = sum(cells[kind] for kind in kinds)
    for cells in report.table4.values():
        cells[ALL] = sum(number for name, number in cells.items() if name != ALL)


def differences(one: Report, other: Report) -> list[tuple[int, str, str, int, int]]:
    """The cells of tables 3 and 4 in which two reports of one year differ: table, row, column, both
    numbers.
    """
    return [
        (number, row, column, value, theirs[row][column])
        for number, ours, theirs in ((3, one.table3, other.table3), (4, one.table4, other.table4))
        for row, cells in ours.items()
        for column, value in cells.items()
        if value != theirs[row][column]
    ]


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON gives it: table 3 by row and column, table 4 and table 2 under their published
    names.
    """
    tables = law.bundled()
    remedies = {part.id: part.key for part in tables.report_remedies()}
    results = {part.id: part.key for part in tables.report_results()}
    return {
        "columns": list(report.form.columns),
        "rows": [{"key": row.key, "label": row.zh} for row in report.form.rows],
        "report": {
            "unit": report.unit,
            "year": report.year,
            "format": form_name(report.form),
            "table3": report.table3,
            "table4": {
                remedies[kind]: {results[name]: number for name, number in cells.items()}
                for kind, cells in report.table4.items()
            },
            "table2": {key: row[0] if len(row) == 1 else row for key, row in report.table2.items()},
            **({"parts": report.parts} if report.parts else {}),
            **({"info_fee": report.fees} if report.fees else {}),
        },
    }


def form_name(form: ReportFormat) -> str:
    """The number of the instrument that sets the format."""
    return law.bundled().instrument(form.instrument).number


# --- labels


def row_label(key: str) -> str:
    """The label of a row of table 3, in the language in force."""
    row = law.bundled().tables["report"]["row"].get(key)
    return pick(row["zh"], row["en"]) if row else key


def column_label(key: str) -> str:
    """The label of a column of table 3, in the language in force."""
    column = law.bundled().tables["report"]["column"].get(key)
    return pick(column["zh"], column["en"]) if column else key


def remedy_label(id: str) -> str:
    """What a part of table 4 is called, in the language in force."""
    return next((pick(part.zh, part.en) for part in law.bundled().report_remedies() if part.id == id), id)


def result_label(id: str) -> str:
    """What a column of table 4 is called, in the language in force."""
    return next((pick(part.zh, part.en) for part in law.bundled().report_results() if part.id == id), id)
