"""A page that is set with less work is the page that WeasyPrint sets by itself, to the byte."""

from __future__ import annotations

from typing import Any

import pytest

from letters.content import compose, specimens
from letters.pdf import render, sparing, weasyprint
from workflow import law

L = law.bundled()
NOTE = '<p>甲<span style="{}">乙</span></p>'
PAGES = {
    "plain": "<p>甲乙丙，1234 ABCD。</p>",
    "two faces and a list": "<h1>甲乙</h1><ol><li>丙<li>丁</ol><table><tr><th>戊<td>己</table>",
    "rare characters": "<p>张㛃䶮𬭎𬱖𫖯</p>",
    "nothing written": "<p></p>",
    "a note": NOTE.format("float: footnote"),
    "a note in capitals": NOTE.format("FLOAT: FOOTNOTE"),
    "a note in escapes": NOTE.format(r"float: f\6f otnote"),
    "a note in entities": NOTE.format("float: foot&#110;ote"),
    "a note by an element": f"<style>.n {{ float: footnote }}</style>{NOTE.format('').replace('style', 'class=n style')}",
}


def both(page: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    def written() -> bytes:
        return weasyprint.write(page, render.stylesheet(), attachment=b"{}", created="2026-05-20")

    spared = written()
    with monkeypatch.context() as patch:
        patch.setattr(sparing, "page_class", lambda html: html)
        return spared, written()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_same_with_less_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spared, whole = both(f"<html lang='zh-CN'><title>x</title><body>{PAGES[name]}", monkeypatch)
    assert spared == whole


@pytest.mark.parametrize("code", ["D3", "P2"])
def test_so_is_a_letter(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spared, whole = both(render.html(compose.letter(code, specimens.data(code), L)), monkeypatch)
    assert spared == whole


def test_a_harfbuzz_that_is_not_there_or_too_old_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html lang='zh-CN'><title>x</title><body>{PAGES['plain']}"
    _, whole = both(page, monkeypatch)
    cut = sparing._cut
    for missing in ("weasyprint.text.ffi.harfbuzz_subset", "letters.pdf.sparing._OLDEST"):
        found: list[bool] = []

        def asked(face: Any, glyphs: Any, found: list[bool] = found) -> bool:
            found.append(cut(face, glyphs))
            return found[-1]

        with monkeypatch.context() as patch:
            patch.setattr(missing, None if "harfbuzz" in missing else (99, 0, 0))
            patch.setattr(sparing, "_cut", asked)
            assert (
                weasyprint.write(page, render.stylesheet(), attachment=b"{}", created="2026-05-20") == whole
            )
        assert set(found) == {False}


def test_where_a_face_cannot_be_cut_at_once_it_is_cut_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def failing(face: Any, glyphs: Any) -> bool:
        asked.append(face)
        return False

    monkeypatch.setattr(sparing, "_cut", failing)
    spared, whole = both(f"<html lang='zh-CN'><title>x</title><body>{PAGES['plain']}", monkeypatch)
    assert asked
    assert spared == whole


def test_styles_of_notes_are_made_where_there_may_be_notes_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = weasyprint._weasyprint()
    page = sparing.page_class(library.HTML)
    whole = library.HTML(string="")._ua_stylesheets()
    assert page(string=PAGES["a note"])._ua_stylesheets() == whole
    (spared,) = page(string=PAGES["plain"])._ua_stylesheets()
    assert len(whole[0].matcher.other_selectors) - len(spared.matcher.other_selectors) == len(
        sparing._OF_NOTES
    )
