"""The page of today on a screen, as plain data, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from letters.pdf import lists
from workflow.base import spreadsheets, whole_files
from workflow.base.messages import N_, language, pick, translate
from workflow.base.screen import Column, table
from workflow.reports.alerts.agenda_rows import Section
from workflow.reports.alerts.report import Report

TITLE = N_("What is to be done today")
FORMS = (".html", ".pdf")
# Of each section so many are shown on the screen; the page to print has all of them.
MOST = 10
_ = translate


def _weekday(report: Report) -> str:
    return _(N_("Mo Tu We Th Fr Sa Su")).split()[report.today.weekday()]


def _whose(report: Report) -> str:
    """Of whom it tells: one officer, one unit, or the whole office."""
    scope = report.search.scope
    if scope.officer is not None:
        return scope.officer.name
    return report.words.unit(scope.unit) if scope.unit else _(N_("the whole office"))


def lines(report: Report, found: list[Section]) -> list[str]:
    """For a terminal: each section with its first rows."""
    said = [f"{_(TITLE)}  {report.today} {_weekday(report)}  {_whose(report)}"]
    if not found:
        return [*said, _(N_("Nothing is due, to be sent or to be answered."))]
    for section in found:
        heading = (
            f"{section.title}（{len(section)}）"
            if pick("zh", "en") == "zh"
            else (f"{section.title} ({len(section)})")
        )
        columns = [
            Column(_(N_("case"))),
            Column(_(N_("what")), least=12, cut=True),
            Column(section.day),
            Column(_(N_("applicant")), rank=2, cut=True, least=8),
            Column(_(N_("remark")), rank=1, least=14),
        ]
        rows = [
            [row.case, row.what, row.day.isoformat() if row.day else "-", row.applicant, row.detail]
            for row in section.first(MOST)
        ]
        said += ["", pick(f"【{heading}】", f"-- {heading} --"), *table(columns, rows)]
        if len(section) > MOST:
            said.append(
                _(N_("{n} more: disclosure today --out FILE.pdf has all of them."), n=len(section) - MOST)
            )
    return [*said, "", *report.notes(), _(N_("See the step of a case with: disclosure next CASE"))]


def as_json(report: Report, found: list[Section]) -> dict[str, Any]:
    """As plain data, all rows."""
    return {
        "office": report.office.key,
        "on": report.today.isoformat(),
        "sections": {section.id: [row.as_json() for row in section.rows] for section in found},
    }


def write(report: Report, found: list[Section], out: Path) -> None:
    """The page as HTML or PDF, whole or not at all."""
    page = _page(report, found)
    if spreadsheets.form_of(out, FORMS) == ".html":
        whole_files.write(out, lists.html(page).encode(), replace=True)
    else:
        whole_files.write(out, lists.pdf(page), replace=True)


def _page(report: Report, found: list[Section]) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {
            "kind": "table",
            "title": pick(f"{section.title}（{len(section)}件）", f"{section.title} ({len(section)})"),
            "columns": [
                {"title": _(N_("case")), "width": 16, "kind": "day"},
                {"title": _(N_("what")), "width": 26, "kind": "text"},
                {"title": section.day, "width": 16, "kind": "day"},
                {"title": _(N_("applicant")), "width": 16, "kind": "text"},
                {"title": _(N_("remark")), "width": 50, "kind": "text"},
            ],
            "rows": [
                [row.case, row.what, row.day.isoformat() if row.day else "", row.applicant, row.detail]
                for row in section.rows
            ],
        }
        for section in found
    ]
    notes = report.notes() if found else [_(N_("Nothing is due, to be sent or to be answered."))]
    blocks += [{"kind": "notes", "lines": notes}] if notes else []
    scope = _whose(report)
    return {
        "title": _(TITLE),
        "subtitle": f"{report.office.name}　{report.today}　{_weekday(report)}　{scope}",
        "created": report.today.isoformat(),
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "paper": "A4",
        "blocks": blocks,
    }
