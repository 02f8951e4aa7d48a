"""Information often asked for, written to a file: JSON, CSV, a workbook, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from letters.pdf import lists
from workflow.base import spreadsheets, whole_files
from workflow.base.errors import NotFound
from workflow.base.messages import N_, language, pick
from workflow.base.messages import translate as _
from workflow.base.names import article
from workflow.base.text_width import clip
from workflow.reports.performance.repeated_requests import TITLE, Frequent, case_of, rule, summary

_HEADS = (
    ("text", N_("information"), 60),
    ("applicants", N_("applicants"), 10),
    ("requests", N_("requests"), 10),
    ("disclosed", N_("disclosed in"), 10),
    ("cases", N_("cases"), 70),
)


def _rows(found: Frequent) -> Iterator[list[Any]]:
    for group in found.groups:
        cases = pick("、", ", ").join(case_of(one) for one in group.cases)
        yield [group.text, group.applicants, len(group.cases), group.disclosed, cases]


def write(found: Frequent, out: Path, today: date) -> None:
    """Write the groups to a file by its ending, whole or not at all. NotFound if there is none."""
    form = spreadsheets.form_of(out, WRITERS)
    if not found.groups:
        raise NotFound(
            N_("No information was asked for by at least {least} applicants from {first} to {last}."),
            field="out",
            least=found.least,
            first=found.period.first.isoformat(),
            last=found.period.last.isoformat(),
            way_on=N_("Nothing was written. Take a longer period, or a lower --likeness."),
        )
    WRITERS[form](found, out, today)


def _heads() -> list[spreadsheets.Column]:
    return [spreadsheets.Column(key, _(title), width) for key, title, width in _HEADS]


def _json(found: Frequent, out: Path, today: date) -> None:
    whole_files.write_json(out, found.plain())


def _csv(found: Frequent, out: Path, today: date) -> None:
    spreadsheets.write_csv(out, _heads(), _rows(found))


def _xlsx(found: Frequent, out: Path, today: date) -> None:
    spreadsheets.write_xlsx(out, [spreadsheets.Part(_(TITLE), _heads(), _rows(found))], title=_(TITLE))


def _html(found: Frequent, out: Path, today: date) -> None:
    whole_files.write(out, lists.html(_page(found, today)).encode(), replace=True)


def _pdf(found: Frequent, out: Path, today: date) -> None:
    whole_files.write(out, lists.pdf(_page(found, today)), replace=True)


# Each form with what writes it, by the ending of the file's name.
WRITERS: dict[str, Callable[[Frequent, Path, date], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
    ".pdf": _pdf,
    ".json": _json,
}


def _page(found: Frequent, today: date) -> dict[str, Any]:
    numbers = ("applicants", "requests", "disclosed")
    columns = [
        {"title": _(title), "width": width, "kind": "number" if key in numbers else "text"}
        for key, title, width in _HEADS
    ]
    rows = [[clip(str(cell), 400) for cell in row] for row in _rows(found)]
    span = pick(
        f"{found.period.first} 至 {found.period.last}", f"{found.period.first} to {found.period.last}"
    )
    notes = [summary(found), _(N_("Provision: {article}"), article=article(rule())), _(NOTE)]
    return {
        "title": _(TITLE),
        "subtitle": f"{found.office}　{span}",
        "created": today.isoformat(),
        "paper": "A4",
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "blocks": [
            {"kind": "table", "title": "", "columns": columns, "rows": rows},
            {"kind": "notes", "lines": notes},
        ],
    }


NOTE = N_(
    "Groups are made by likeness of the words and the same numbers; whether it is the same information, and may be disclosed to all, is for the office to say."
)
