"""The annual report as a page (data: workflow.reports.annual.page): HTML to publish, and a PDF with the
figures attached.
"""

from __future__ import annotations

import json
from typing import Any

from letters.pdf import render, weasyprint


def html(page: dict[str, Any]) -> str:
    """The report as one HTML document that needs no other file."""
    style = render.stylesheet("annual.css")
    return render.templates().get_template("annual.html").render(page=page, style=style)


def pdf(page: dict[str, Any]) -> bytes:
    """The report as a PDF/A with its figures as JSON attached."""
    text = render.templates().get_template("annual.html").render(page=page, style="")
    data = json.dumps(page["figures"], ensure_ascii=False, sort_keys=True, indent=1)
    return weasyprint.write(
        text, render.stylesheet("annual.css"), attachment=data.encode(), created=page["created"]
    )
