"""Lists and figures on paper and on the screen: tables with repeated heads, drawings, notes; landscape, pages
counted.

What a page says is plain data (title, subtitle, lang, created, paper, blocks); a block is a table (columns,
rows), a drawing (svg), links to other pages (links), a checkpoint of the record (svg and lines), or notes
(lines).
"""

from __future__ import annotations

import json
from typing import Any

from letters.fonts import faces as font_faces
from letters.pdf import render, weasyprint

# A date in mm, with the space around it.
DAY = 15.4
PAPERS = {"A4": "297mm 210mm", "A3": "420mm 297mm"}


def html(page: dict[str, Any]) -> str:
    """The page for a browser, with its style in it: no other file, no script, no address."""
    css = (render.HERE / "listing.css").read_text(encoding="utf-8")
    return _page(page, style=_without_roles(css))


def pdf(page: dict[str, Any]) -> bytes:
    """The page as a PDF/A with the same data attached."""
    data = json.dumps(page, ensure_ascii=False, sort_keys=True, indent=1)
    css = render.stylesheet("listing.css").replace("297mm 210mm", PAPERS[page.get("paper", "A4")])
    return weasyprint.write(_page(page), css, attachment=data.encode(), created=page["created"])


def faces() -> str:
    """The families in which text within a drawing is set."""
    return ", ".join(f"'{family}'" for family in font_faces.roles()["heading1"].families)


def _page(page: dict[str, Any], style: str = "") -> str:
    blocks = []
    for block in page["blocks"]:
        made = dict(block)
        if block["kind"] == "table":
            made["shares"] = _shares(
                block["columns"], float(PAPERS[page.get("paper", "A4")].partition("mm")[0]) - 20
            )
        blocks.append(made)
    return render.templates().get_template("listing.html").render(page=page, blocks=blocks, style=style)


def _shares(columns: list[dict[str, Any]], room: float) -> list[float]:
    """Widths in percent: a day, which is never broken, gets what it needs, the others divide the rest."""
    days = sum(DAY for column in columns if column["kind"] == "day")
    whole = sum(column["width"] for column in columns if column["kind"] != "day") or 1
    return [
        round(100 * (DAY if column["kind"] == "day" else column["width"] * (room - days) / whole) / room, 3)
        for column in columns
    ]


def _without_roles(css: str) -> str:
    """The style with faces that any browser has in place of the roles of the letters."""
    import re

    families = {"title": "'Songti SC', 'Noto Serif CJK SC', 'SimSun', serif"}
    usual = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
    return re.sub(r"ROLE\((\w+)\)", lambda found: f"font-family: {families.get(found[1], usual)}", css)
