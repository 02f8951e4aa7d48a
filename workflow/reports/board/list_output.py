"""The list behind a figure as a person sees it: on the screen, as CSV or Excel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from workflow.base import spreadsheets
from workflow.base.messages import N_, translate
from workflow.base.names import article, word
from workflow.base.screen import Column, fields, table
from workflow.office.seat import Seat
from workflow.office.who import People, of_office
from workflow.reports.annual import form as annual
from workflow.reports.board.board import Listed

_ = translate
COLUMNS = {
    "number": N_("number"),
    "received_on": N_("received"),
    "state": N_("state"),
    "reply_due": N_("reply due"),
    "reply_clock": N_("clock of the reply"),
    "replied_on": N_("replied"),
    "report_row": N_("row of the report"),
    "no": N_("no."),
    "kind": N_("remedy"),
    "opened_on": N_("brought"),
    "decided_on": N_("decided"),
    "outcome": N_("result"),
    "stars": N_("stars"),
    "on_day": N_("rated"),
    "unit": N_("unit"),
    "handler": N_("handler"),
    "applicant_kind": N_("kind"),
    "applicant_name": N_("applicant"),
}


def cell(name: str, value: Any, people: People | None) -> str:
    """A value of a list as it is read."""
    if value is None or value == "":
        return "-"
    if name == "state":
        return word("state", value)
    if name == "reply_clock":
        return word("clock_state", value)
    if name == "kind":
        return word("remedy", value)
    if name == "applicant_kind":
        return word("applicant", value)
    if name == "report_row":
        return annual.row_label(value)
    if name == "unit" and people is not None:
        return people.unit(value)
    if name == "handler" and people is not None:
        return people.name(value)
    return value.isoformat() if isinstance(value, date) else str(value)


_RANK = {"number": 0, "received_on": 0, "state": 0, "reply_due": 1, "applicant_name": 1, "handler": 2}


def list_heads(columns: Iterable[str]) -> list[Column]:
    """The heads of a list at a terminal."""
    return [Column(_(COLUMNS[name]), _RANK.get(name, 5)) for name in columns]


def list_lines(found: Listed, seat: Seat) -> list[str]:
    """A list for a terminal, and how many there are."""
    people = of_office(seat) if found.own else None
    rows = [[cell(name, row[name], people) for name in found.columns] for row in found.rows]
    return [
        f"{found.organ.name}  {found.figure.name}",
        *fields([(_(N_("counts")), found.figure.says), (_(N_("basis")), article(found.figure.basis))]),
        "",
        *table(list_heads(found.columns), rows),
        _(N_("{n} in all"), n=found.number),
    ]


def list_file(found: Listed, seat: Seat, out: Path) -> None:
    """A list as CSV or Excel, by the ending of the file."""
    people = of_office(seat) if found.own else None
    heads = [spreadsheets.Column(name, _(COLUMNS[name]), 16) for name in found.columns]

    def value(row: dict[str, Any], name: str) -> Any:
        raw = row[name]
        return raw if raw is None or isinstance(raw, date | int) else cell(name, raw, people)

    rows = ([value(row, name) for name in found.columns] for row in found.rows)
    if spreadsheets.form_of(out, LISTS) == ".csv":
        spreadsheets.write_csv(out, heads, rows)
    else:
        spreadsheets.write_xlsx(out, [spreadsheets.Part(_(N_("Cases")), heads, rows)])


LISTS = (".csv", ".xlsx")
