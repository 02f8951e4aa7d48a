"""Pages that are set once: for tests of what happens to a page, not of how one is set.

Setting a page takes 80 ms, and it comes out of its text, its style, its attachment and its day alone: where
all these are the same, and nothing else is patched, a test gets the bytes that came out the first time in
this process. Tests of the setting itself (tests/letters, tests/drafting) set each page.
"""

from __future__ import annotations

import io
import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from hashlib import sha256

import pypdf
import pytest

from letters.pdf import explanation, render, weasyprint
from tests import copies

_kept: dict[Hashable, bytes] = {}
# Whose tests the pages are of.
_of: list[str] = []
_set = weasyprint.write


@contextmanager
def set_once(of: str) -> Iterator[None]:
    """Meanwhile no page is set twice; pages are kept until the tests of another module begin."""
    if _of != [of]:
        _kept.clear()
        _of[:] = [of]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "write", _once)
        yield


@contextmanager
def one_of_each_kind() -> Iterator[None]:
    """Meanwhile of the pages of archive folders one of each title is set, with the first text that it gets;
    what comes later under that title is composed, and takes the bytes of the first in place of its own.

    For tests that file cases and do not look into their folders: tests/archive sets every page.
    """
    made: dict[Hashable, bytes] = {}
    setting = weasyprint.write
    styles = {render.stylesheet(name) for name in ("archive.css", "explanation.css")}

    def write(page: str, css: str, *, attachment: bytes, created: str) -> bytes:
        title = page.partition("<title>")[2].partition("</title>")[0]
        # The numbers are as many as the volume has pages.
        if css not in styles or title == "numbers":
            return setting(page, css, attachment=attachment, created=created)
        if (css, title) not in made:
            made[css, title] = setting(page, css, attachment=attachment, created=created)
        return made[css, title]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "write", write)
        yield


@contextmanager
def without_explanations() -> Iterator[None]:
    """Meanwhile the explanation of time limits is a blank page: with its calendars it takes as long as all
    other pages of an archive folder together. For tests of what else stands in one.
    """
    writer, blank = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(blank)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explanation, "pdf", lambda page: blank.getvalue())
        yield


@contextmanager
def set_anew() -> Iterator[None]:
    """Meanwhile each page is set: for a test that compares two settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "write", _set)
        yield


def _once(page: str, css: str, *, attachment: bytes, created: str) -> bytes:
    text = sha256()
    for part in (page.encode(), css.encode(), attachment, created.encode()):
        text.update(len(part).to_bytes(8) + part)
    # Where faces are looked for is part of how a page looks.
    places = tuple(os.environ.get(name) for name in ("DISCLOSURE_FONTS", "XDG_DATA_HOME"))
    key = (text.digest(), places, copies.patched())
    if key not in _kept:
        _kept[key] = _set(page, css, attachment=attachment, created=created)
    return _kept[key]
