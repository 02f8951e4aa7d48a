"""What the tests of the public pages share: a site over an outer database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import site as sites
from tests.web.site import Site
from workflow.web.site import build, forms


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The public site as an applicant uses it; a file of tests may have one of its own."""
    with sites.in_folder(tmp_path) as made:
        yield made


@pytest.fixture
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms as plain bytes, an empty chart and no days: other pages are the point."""
    empty = {"days": "", "article": "", "example_from": "", "example_due": "", "example": []}
    monkeypatch.setattr(build.days, "page", lambda calendar, today: empty)
    monkeypatch.setattr(build.chart, "svg", lambda process, lang, *, on: f"<svg>{lang} {on}</svg>")
    for name in ("pdf", "docx"):
        monkeypatch.setattr(forms, name, lambda page: json.dumps(page).encode())
