"""The receipt as a PDF: what it says, that a telephone reads its code, that a screen reader can read it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from tests.documents import test_accessible as accessible
from tests.web import site as sites
from tests.web.site import ADDRESS, Site, hidden
from workflow.web.public import card, face, pages, receipt_pdf


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    below = (card.Organ("mzj", "江州市姑江区民政局"),)
    with sites.opened(f"sqlite:///{tmp_path / 'outer.db'}", below=below) as made:
        yield made


def fetched(site: Site, page: str, lang: str = "") -> bytes:
    came = site.browser.post(f"{lang}/receipt", data=hidden(page))
    assert came.status_code == 200, came.text
    assert came.headers["content-type"] == "application/pdf"
    assert came.headers["cache-control"] == "no-store"
    return bytes(came.content)


@pytest.mark.parametrize("lang", ["", "/en"])
def test_what_it_says_and_what_a_telephone_reads(site: Site, lang: str) -> None:
    import zxingcpp

    code, receipt = site.apply(lang=lang, organ="mzj")
    pdf = fetched(site, receipt.text, lang)
    assert len(pdf) < 100_000
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded().replace("\r\n", "")
    number = next(one.receipt for one in site.outer.store.waiting())
    for said in (number, "2026-09-01 09:30:00", "江州市姑江区民政局", code, "江州市滨江大道1号"):
        assert said in text
    for key in ("code_text", "next", "title_paper"):
        said = pages.word(f"receipt.{key}", lang.strip("/") or "zh")
        assert said.replace(" ", "") in text.replace(" ", "")
    (found,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    assert found.text == f"{ADDRESS}{lang}/s/{code}"


def test_a_screen_reader_reads_it(site: Site) -> None:
    """Tagged, in its language, with words in place of the picture; every face is in the file."""
    _, receipt = site.apply()
    read = pypdf.PdfReader(io.BytesIO(fetched(site, receipt.text)))
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-CN", True)
    assert read.metadata is not None
    assert read.metadata.title == pages.word("receipt.title_paper", "zh")
    parts = [one.get_object() for one in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert [part["/S"] for part in parts].count("/H1") == 1
    (figure,) = [part for part in parts if part["/S"] == "/Figure"]
    assert figure["/Alt"] == pages.word("receipt.qr", "zh")
    marked = read.pages[0].get_contents().get_data()  # type: ignore[union-attr]
    assert marked.count(b"BDC") == marked.count(b"EMC") == len(parts)
    (font,) = read.pages[0]["/Resources"]["/Font"].values()
    inner = font.get_object()["/DescendantFonts"][0].get_object()
    assert "/FontFile2" in inner["/FontDescriptor"]


@pytest.mark.parametrize("lang", ["", "/en"])
def test_the_checkers_of_letters_find_nothing(site: Site, tmp_path: Path, lang: str) -> None:
    """It says that it is PDF/UA, and is: the same checkers as for letters."""
    _, receipt = site.apply(lang=lang)
    path = tmp_path / "receipt.pdf"
    path.write_bytes(fetched(site, receipt.text, lang))
    assert accessible.faults(path) == []
    accessible.stated(path)


def test_only_who_has_the_code_gets_it(site: Site) -> None:
    _, receipt = site.apply()
    told = hidden(receipt.text)
    number = next(one.receipt for one in site.outer.store.waiting())
    for code in ("", number, told["code"][:-1] + ("2" if told["code"][-1] != "2" else "3")):
        assert site.browser.post("/receipt", data={**told, "code": code}).status_code == 404


def test_a_name_that_is_no_organ_of_the_card_is_not_set(site: Site) -> None:
    """The hidden field comes back from a browser: only what the card names can stand on a receipt."""
    _, receipt = site.apply()
    came = site.browser.post("/receipt", data={**hidden(receipt.text), "organ": "某某公司"})
    text = pypdfium2.PdfDocument(came.content)[0].get_textpage().get_text_bounded()
    assert "某某公司" not in text
    assert "收到机关：江州市民政局" in text.replace("\r\n", "")


def test_without_a_face_nothing_is_offered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_FAMILIES", ("No Such Face",))
    face._files.cache_clear()
    try:
        assert not receipt_pdf.offered()
        _, receipt = site.apply()
        assert pages.word("receipt.keep", "zh") not in receipt.text
        assert pages.word("receipt.system", "zh") in receipt.text
    finally:
        monkeypatch.undo()
        face._files.cache_clear()
