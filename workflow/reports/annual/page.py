"""What the published report shows: its parts with their words, the tables as the form prints them, and the
charts.
"""

from __future__ import annotations

from typing import Any

from workflow import law
from workflow.reports.annual import form, layout, statement
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, TOTAL, Report

# The least width of a bar that is not zero, in percent.
THINNEST = 0.8
WIDEST = 96
_MARKS = ("a", "b", "c", "d")
_TITLE_LINE = 20


def page(report: Report, created: str, stamp: dict[str, Any] | None = None) -> dict[str, Any]:
    """The report as the template of letters.pdf.annual_report takes it; `created` is the day of the document
    (ISO), `stamp` a checkpoint of the record where one was given out.
    """
    title = f"{report.unit}{report.year}年政府信息公开工作年度报告"
    remedies, results = law.bundled().report_remedies(), law.bundled().report_results()
    persons, bodies, total = layout.kinds(report.form)
    plain = form.plain(report)["report"]
    return {
        "title": title,
        "title_lines": _title(report),
        "unit": report.unit,
        "format": plain["format"],
        "created": created,
        **({"stamp": stamp} if stamp else {}),
        "figures": plain,
        "parts": _parts(report),
        "corner": report.form.corner,
        "kinds": [*persons, *bodies, total],
        "table3": [
            {
                "key": row.key,
                "labels": labels,
                "total": row.key == TOTAL,
                "numbers": [report.table3[row.key][key] for key in report.form.columns],
            }
            for row, labels in zip(report.form.rows, layout.labels(report.form), strict=True)
        ],
        "remedies": [part.zh.split(" ")[-1] for part in remedies],
        "results": [one.zh for one in results],
        "table4": [report.table4[part.id][one.id] for part in remedies for one in results],
        "table2": [
            {
                "title": block.zh,
                "heads": block.heads,
                "rows": [
                    {"label": label, "numbers": ["" if one is None else one for one in report.table2[key]]}
                    for key, label in block.rows
                ],
            }
            for block in report.form.table2
        ],
        "charts": [
            chart for chart in (_came_and_went(report), _answers(report), _contested(report)) if chart
        ],
    }


def _title(report: Report) -> list[str]:
    rest = f"{report.year}年政府信息公开工作年度报告"
    return [report.unit, rest] if len(report.unit) + len(rest) > _TITLE_LINE else [report.unit + rest]


def _parts(report: Report) -> list[dict[str, Any]]:
    made = []
    for key, part in law.bundled().tables["report"]["part"].items():
        paragraphs = [line.strip() for line in report.parts.get(key, "").split("\n") if line.strip()]
        fees = statement.fee_sentence(report) if key == "other" else ""
        if fees and not any("信息处理费" in text for text in paragraphs):
            paragraphs.append(fees)
        made.append(
            {"key": key, "heading": part["zh"], "table": part.get("table", 0), "paragraphs": paragraphs}
        )
    return made


# --- charts


def _chart(
    part: str, title: str, bars: list[tuple[str, list[int]]], legend: list[str]
) -> dict[str, Any] | None:
    """Horizontal bars, each of one or more segments; None where there is nothing to show."""
    most = max((sum(pieces) for _, pieces in bars), default=0)
    if not most:
        return None
    return {
        "part": part,
        "title": title,
        "bars": [
            {
                "name": name,
                "count": sum(pieces),
                "pieces": [
                    {"mark": mark, "width": round(max(WIDEST * number / most, THINNEST), 2) if number else 0}
                    for mark, number in zip(_MARKS, pieces, strict=False)
                ],
            }
            for name, pieces in bars
        ],
        "legend": [{"mark": mark, "name": name} for mark, name in zip(_MARKS, legend, strict=False)],
    }


def _came_and_went(report: Report) -> dict[str, Any] | None:
    names = {NEW: "本年新收", OVER: "上年结转", TOTAL: "本年办结", FORWARD: "结转下年度"}
    bars = [
        (name, [cells["natural_person"], cells[ALL] - cells["natural_person"]])
        for name, cells in ((name, report.table3[key]) for key, name in names.items())
    ]
    return _chart("applications", f"{report.year}年申请收办情况（件）", bars, ["自然人", "法人或其他组织"])


def _answers(report: Report) -> dict[str, Any] | None:
    """The results by the groups of the form: granted, partly granted, withheld ..."""
    groups: dict[str, int] = {}
    name = ""
    for row, labels in zip(report.form.rows, layout.labels(report.form), strict=True):
        name = next((label.text for label in labels if label.column == 1), name)
        if row.key in report.form.results:
            short = name.split("）", 1)[1].split("（", 1)[0]
            groups[short] = groups.get(short, 0) + report.table3[row.key][ALL]
    return _chart(
        "applications", f"{report.year}年办理结果（件）", [(key, [n]) for key, n in groups.items()], []
    )


def _contested(report: Report) -> dict[str, Any] | None:
    results = [one for one in law.bundled().report_results() if one.id != ALL]
    bars = [
        (part.zh.split(" ")[-1], [report.table4[part.id][one.id] for one in results])
        for part in law.bundled().report_remedies()
    ]
    return _chart(
        "remedies", f"{report.year}年行政复议、行政诉讼情况（件）", bars, [one.zh for one in results]
    )
