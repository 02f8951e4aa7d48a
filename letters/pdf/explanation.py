"""The explanation of time limits as a printed page (data: workflow.clocks.explanation.page)."""

from __future__ import annotations

import json
from typing import Any

from letters.pdf import render, weasyprint


def pdf(page: dict[str, Any]) -> bytes:
    """The page as a PDF/A with the same data attached."""
    html = render.templates().get_template("explanation.html").render(page=page)
    data = json.dumps(page, ensure_ascii=False, sort_keys=True, indent=1)
    return weasyprint.write(
        html, render.stylesheet("explanation.css"), attachment=data.encode(), created=page["created"]
    )
