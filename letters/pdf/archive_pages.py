"""Pages of an archive folder: cover, catalogue, what is made for it, and its last page. Plain data in, PDF/A
out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from letters.fonts import coverage
from letters.pdf import marked_content, render, weasyprint

# What stands for a character that no face has: an archive page is made even so.
GETA = "〓"


def pdf(page: dict[str, Any]) -> bytes:
    """A page (title, subtitle, facts or heads and rows, note, created) with the same data attached."""
    return _set("archive.html", page)


def cover(page: dict[str, Any]) -> bytes:
    """The cover of a volume."""
    return _set("cover.html", page)


def numbers(sizes: list[tuple[float, float]], start: int) -> bytes:
    """As many pages as there are sizes (in points), each with nothing but its number at the upper right."""
    page = {
        "numbers": [{"no": start + i, "width": w, "height": h} for i, (w, h) in enumerate(sizes)],
        "created": "2000-01-01",
        "lang": "zh-CN",
    }
    return marked_content.artifacts(_set("numbers.html", page))


def covered(page: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The page (`text` as JSON) with a mark in place of each character that no face has."""
    missing = coverage.uncovered([text])
    if not missing:
        return page
    found: dict[str, Any] = json.loads(text.translate({ord(char): GETA for char in missing}))
    return found


def _set(template: str, page: dict[str, Any]) -> bytes:
    text = json.dumps(page, ensure_ascii=False, sort_keys=True, indent=1)
    html = render.templates().get_template(template).render(page=covered(page, text))
    return weasyprint.write(
        html, render.stylesheet("archive.css"), attachment=text.encode(), created=page["created"]
    )
