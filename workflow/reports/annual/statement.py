"""What the office says itself in its report: table 2 and the prose, from a data file (TOML or JSON), checked.

A template of it is written with what is known: the year, the rows of table 2 in the format of the year, and
sentences that the figures give.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import typed_text
from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.messages import N_
from workflow.reports.annual import read_table2
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, TOTAL, Report

KNOWN = ("unit", "year", "table2", "parts")


def take(report: Report, path: Path) -> None:
    """Put table 2 and the words of a data file into the report; Malformed names what is wrong in it."""
    told = typed_text.read_mapping(path)
    for name in told:
        if name not in KNOWN:
            raise Malformed(
                N_("The data file has no entry '{name}'."),
                field=name,
                name=name,
                way_on=N_("Entries are: {names}"),
                names="、".join(KNOWN),
            )
    year = told.get("year")
    if year != report.year or isinstance(year, bool):
        raise Malformed(
            N_("{name} is the data file of {found}, not of {year}."),
            field="year",
            name=path.name,
            found=year if isinstance(year, int) else "?",
            year=report.year,
            way_on=N_("Write one for this year: disclosure report data {year} --out FILE"),
        )
    if told.get("unit"):
        report.unit = typed_text.clean_text(told["unit"], "unit")
    report.table2 = read_table2.table2(told.get("table2"), report.form)
    report.parts = _parts(told.get("parts", {}))


def _parts(told: Any) -> dict[str, str]:
    known = law.bundled().tables["report"]["part"]
    if not isinstance(told, dict):
        raise Malformed(N_("'{field}' has to be named values."), field="parts")
    for key in told:
        if key not in known:
            raise Malformed(
                N_("The report has no part '{name}'."),
                field=f"parts.{key}",
                name=str(key)[:60],
                way_on=N_("Parts are: {names}"),
                names="、".join(known),
            )
    return {key: typed_text.clean_text(text, f"parts.{key}") for key, text in told.items() if text}


def missing(report: Report) -> list[str]:
    """What of the report is not told yet: parts without words that hold no table, and rows of table 2."""
    parts = law.bundled().tables["report"]["part"]
    words = [part["zh"] for key, part in parts.items() if "table" not in part and not report.parts.get(key)]
    return words + [key for key, row in report.table2.items() if None in row]


def template(report: Report) -> str:
    """A data file to be filled in, with what the figures say already."""
    lines = [
        "# 政府信息公开工作年度报告：由本机关填写的部分。填好后：",
        f"#   disclosure report annual {report.year} --data 本文件 --pdf --out 年度报告.pdf",
        "",
        f"unit = {_text(report.unit)}",
        f"year = {report.year}",
        "",
        "# 表二。未填写的数字留空字符串。",
        "[table2]",
    ]
    for block in report.form.table2:
        lines.append(f"# {block.zh}：{'、'.join(block.heads[1:])}")
        for key, _ in block.rows:
            row = report.table2[key]
            shown = ["" if number is None else number for number in row]
            lines.append(f"{_text(key)} = {_value(shown[0] if len(shown) == 1 else shown)}")
    lines += ["", "[parts]"]
    for key, part in law.bundled().tables["report"]["part"].items():
        lines.append(f"# {part['zh']}")
        lines.append(f"{key} = {_text(_draft(key, report))}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _draft(part: str, report: Report) -> str:
    """The sentence that the figures give for a part; nothing where they give none."""
    if part == "applications":
        table = report.table3
        persons = table[NEW]["natural_person"]
        granted, partly = (table.get(row, {}).get(ALL, 0) for row in ("r1_granted", "r2_partial"))
        return (
            f"{report.year}年，本机关新收政府信息公开申请{table[NEW][ALL]}件（自然人{persons}件，"
            f"法人或其他组织{table[NEW][ALL] - persons}件），上年结转{table[OVER][ALL]}件；"
            f"本年度办结{table[TOTAL][ALL]}件，其中予以公开{granted}件、部分公开{partly}件；"
            f"结转下年度继续办理{table[FORWARD][ALL]}件。"
        )
    if part == "other":
        return fee_sentence(report)
    return ""


def fee_sentence(report: Report) -> str:
    """What part six says of processing fees; nothing for years in which there was none to be charged."""
    from datetime import date

    try:
        law.bundled().value("fee.payment", on=date(report.year, 12, 31))
    except OutOfLaw:
        return ""
    fees = report.fees
    if not fees:
        return "本年度未发出收费通知，未收取政府信息公开信息处理费。"
    return (
        f"本年度发出政府信息公开信息处理费收费通知{fees['notices']}件，总金额{fees['charged_yuan']}元；"
        f"实际收取{fees['payments']}件，总金额{fees['paid_yuan']}元。"
    )
