"""Papers of the house as PDF: approval and handling sheets, drafts for a reconsideration. Plain data in.

A page says title, organ, subtitle, mark, lang, created and its blocks: a heading; rows (label and text); hand
(label, text, line to sign on); a table (heads, widths in percent, rows); lines of text; an alert.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from letters.pdf import archive_pages, render, weasyprint


def pdf(page: Mapping[str, Any]) -> bytes:
    """The paper as a tagged PDF/A with the same data attached."""
    text = json.dumps(page, ensure_ascii=False, sort_keys=True, indent=1)
    html = render.templates().get_template("paper.html").render(page=archive_pages.covered(page, text))
    return weasyprint.write(
        html, render.stylesheet("paper.css"), attachment=text.encode(), created=page["created"]
    )
