"""Letters as real PDFs, read back: what they say, what they are, how they look in millimetres."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from letters.content import compose, specimens
from letters.fonts import faces
from letters.pdf import geometry, render, weasyprint
from workflow import law
from workflow.base.errors import Malformed, Refused

L = law.bundled()
REASON = "该信息载有未公开的定价方法和成本构成，公开后可能削弱其竞争地位。"
ROOT = Path(__file__).parent.parent.parent
MM = 72 / 25.4


@cache
def letter(code: str, **choices: Any) -> bytes:
    return render.pdf(specimens.letter(code, law=L, **choices))


def composed(code: str, change: Any) -> bytes:
    data = specimens.data(code)
    change(data)
    return render.pdf(compose.letter(code, data, L))


@cache
def text(pdf: bytes) -> str:
    """The text of all pages, line breaks taken out."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@cache
def opened(pdf: bytes) -> pikepdf.Pdf:
    """The document; kept open, since its parts do not outlive it."""
    return pikepdf.open(io.BytesIO(pdf))


# --- what it says


@pytest.mark.parametrize("code", ["D1", "D3", "D4d", "D5", "P3", "P9", "P12"])
def test_the_text_can_be_read_back(code: str) -> None:
    content = specimens.letter(code, law=L)
    said = text(letter(code))
    for part in (
        content["organ"],
        content["number"],
        content["title"],
        content["addressee"] + "：",
        content["date_zh"],
    ):
        assert part in said
    for block in content["blocks"]:
        assert re.sub(r"\s", "", block["text"]) in said


@pytest.mark.parametrize(
    ("on", "clause"),
    [
        (date(2026, 5, 20), "应当自收到本答复书之日起60日内先向某某市人民政府申请行政复议"),
        (
            date(2023, 6, 1),
            "60日内向某某市人民政府或者某某省交通运输厅申请行政复议，或者自收到本答复书之日起6个月内",
        ),
        (date(2011, 6, 23), "申请行政复议，或者自收到本答复书之日起3个月内"),
    ],
)
def test_the_remedies_of_its_day_are_in_the_letter(on: date, clause: str) -> None:
    assert clause in text(letter("D4d", on=on))


def test_forms_hold_their_rows() -> None:
    said = text(letter("P2"))
    for part in ("登记编号2026-0007", "收到申请日期2026年5月20日", "答复期限届满日2026年6月17日"):
        assert part in said


# --- what it is


@pytest.mark.parametrize("code", ["D1", "D3", "P2", "P13"])
def test_it_is_a_tagged_pdf_a_3u(code: str) -> None:
    pdf = opened(letter(code))
    metadata = pdf.open_metadata()
    assert metadata.pdfa_status == "3U"
    assert pdf.Root.Lang == "zh-CN"
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert "/OutputIntents" in pdf.Root
    assert not pdf.is_encrypted
    assert "/JavaScript" not in str(pdf.Root.get("/Names", ""))
    assert "/AcroForm" not in pdf.Root
    assert pdf.trailer.ID
    assert metadata["dc:title"].startswith("某某市交通运输局")
    assert str(pdf.docinfo["/Title"]).startswith("某某市交通运输局")
    if code.startswith("D"):
        assert "〔2026〕12号" in str(pdf.docinfo["/Subject"])


@pytest.mark.parametrize("page", ["letter", "ordinary"])
def test_its_structure_tells_title_text_and_tables(page: str) -> None:
    """Tags: the title is a heading, every paragraph a paragraph, a form's rows are rows; rules are no
    content.
    """
    found: dict[str, int] = {}

    def walk(element: Any) -> None:
        if isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                found[str(element.S)] = found.get(str(element.S), 0) + 1
            for child in (
                [element.K]
                if "/K" in element and not isinstance(element.K, pikepdf.Array)
                else element.get("/K", [])
            ):
                walk(child)

    walk(opened(letter("D3", page=page)).Root.StructTreeRoot)
    content = specimens.letter("D3", law=L, page=page)
    assert found["/H1"] == 1
    assert found["/H2"] == 2
    assert found["/P"] >= len(content["blocks"]) - 2
    found.clear()
    walk(opened(letter("P2")).Root.StructTreeRoot)
    assert found["/Table"] == 1
    assert found["/TR"] == found["/TH"] == found["/TD"] == 7


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not installed")
@pytest.mark.parametrize(
    ("code", "page"), [("D3", "letter"), ("D3", "ordinary"), ("P2", "letter"), ("P13", "letter")]
)
def test_verapdf_finds_it_sound(code: str, page: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(code, page=page))
    done = subprocess.run(
        ["verapdf", "--flavour", "3u", "--format", "text", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("PASS"), done.stdout + done.stderr


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [font for page in pdf.pages for font in page.Resources.Font.values()]


@pytest.mark.parametrize("code", ["D1", "D3", "P2", "P7", "P9"])
def test_every_face_is_ours_embedded_and_mapped_to_text(code: str) -> None:
    used = _fonts(opened(letter(code)))
    assert used
    for font in used:
        assert "/ToUnicode" in font
        descendant = font.DescendantFonts[0]
        descriptor = descendant.FontDescriptor
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        name = str(font.BaseFont).split("+")[1].replace("-", " ")
        assert any(name.startswith(family) for family in faces.allowed()), name


def test_codes_of_the_page_are_in_the_embedded_face() -> None:
    """Each code drawn has an outline under that very number, and the width that the PDF gives it."""
    from fontTools.cffLib import CFFFontSet

    for font in _fonts(opened(letter("D3"))):
        descendant = font.DescendantFonts[0]
        if descendant.FontDescriptor.get("/FontFile3") is None:
            continue
        face = CFFFontSet()
        face.decompile(io.BytesIO(descendant.FontDescriptor.FontFile3.read_bytes()), None)
        mapped = font.ToUnicode.read_bytes().partition(b"beginbfchar")[2]
        codes = [int(code, 16) for code in re.findall(rb"<([0-9a-f]{4})> <", mapped)]
        assert {f"cid{code:05d}" for code in codes} <= set(face[0].charset)


def test_the_decision_is_attached_as_data() -> None:
    pdf = opened(letter("D3"))
    assert list(pdf.attachments) == ["decision.json"]
    assert len(pdf.Root.AF) == 1
    assert pdf.Root.AF[0].AFRelationship == "/Data"
    data = json.loads(pdf.attachments["decision.json"].get_file().read_bytes())
    assert data["letter"] == "D3"
    assert data["number"] == "某交公开〔2026〕12号"
    assert data["draft"] is False
    assert [item["outcome"] for item in data["decision"]] == ["granted", "withheld"]
    assert data["remedy"]["segments"][0]["kind"] == "review_first"
    assert "张某某" not in json.dumps(data, ensure_ascii=False)


# --- the same each time


def test_the_same_content_gives_the_same_bytes() -> None:
    content = specimens.letter("D3", law=L)
    assert render.pdf(content) == render.pdf(json.loads(json.dumps(content)))


@pytest.mark.parametrize("cache", ["empty", "/proc/nowhere"])
def test_another_process_without_our_caches_gives_the_same_bytes(cache: str, tmp_path: Path) -> None:
    """Whatever the language, the time zone and the hash seed; a rare name brings in a face with two names."""
    code = (
        "import hashlib; from letters.content import compose, specimens; from letters.pdf import render\n"
        "from workflow import law\n"
        "data = specimens.data('D3'); data['case']['applicant']['name'] = '张㛃𬭎'\n"
        "pdf = render.pdf(compose.letter('D3', data, law.bundled()))\n"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    env = os.environ | {
        "XDG_CACHE_HOME": str(tmp_path / cache),
        "PYTHONHASHSEED": "7",
        "TZ": "America/Lima",
        "LANG": "C",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, cwd=tmp_path
    )
    assert done.stdout.strip() == hashlib.sha256(_rare()).hexdigest()


@cache
def _rare() -> bytes:
    return composed("D3", lambda data: data["case"]["applicant"].update(name="张㛃𬭎"))


# --- drafts and numbers


def test_a_draft_says_so_on_every_page_and_a_letter_never() -> None:
    draft = render.pdf(specimens.letter("D3", law=L), draft=True)
    for page in pypdf.PdfReader(io.BytesIO(draft)).pages:
        assert "草稿" in re.sub(r"\s", "", page.extract_text())
    assert "草稿" not in text(letter("D3"))


def test_a_letter_without_its_number_is_a_draft_or_nothing() -> None:
    content = compose.letter("D1", specimens.data("D1") | {"number": None}, L)
    with pytest.raises(Refused) as caught:
        render.pdf(content)
    assert caught.value.field == "number"
    assert render.pdf(content, draft=True).startswith(b"%PDF")
    assert render.pdf(specimens.letter("P2", law=L))


# --- the page, in millimetres


@cache
def _rectangles(pdf: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """Filled red rectangles of a page: left, top, right, bottom in mm from the upper left corner."""
    found, stack, matrix, colour = [], [], pikepdf.Matrix(), (0.0, 0.0, 0.0)
    corners: list[tuple[float, float]] = []
    for operands, operator in pikepdf.parse_content_stream(opened(pdf).pages[page]):
        name = str(operator)
        if name == "q":
            stack.append((matrix, colour))
        elif name == "Q":
            matrix, colour = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
        elif name == "rg":
            colour = tuple(map(float, operands))
        elif name == "re":
            x, y, w, h = map(float, operands)
            corners += [matrix.transform((x, y)), matrix.transform((x + w, y + h))]
        elif name in ("m", "l"):
            corners.append(matrix.transform(tuple(map(float, operands))))
        elif name in ("f", "f*", "n", "S"):
            if name.startswith("f") and corners and colour[0] > 0.5 > colour[1]:
                xs, ys = [x for x, _ in corners], [y for _, y in corners]
                found.append((min(xs) / MM, 297 - max(ys) / MM, max(xs) / MM, 297 - min(ys) / MM))
            corners = []
    return found


def test_pages_are_a4() -> None:
    document = opened(letter("D3"))
    for page in document.pages:
        assert [round(float(value) / MM, 1) for value in page.MediaBox] == [0, 0, 210, 297]


def test_the_red_rules_stand_where_the_standard_wants_them() -> None:
    rules = sorted(_rectangles(letter("D3"), 0), key=lambda box: box[1])
    assert len(rules) == 4
    for left, _, right, _ in rules:
        assert left == pytest.approx(20, abs=0.1)
        assert right == pytest.approx(190, abs=0.1)
    heights = [bottom - top for _, top, _, bottom in rules]
    assert heights[0] > heights[1], "the upper rule: the thick line above"
    assert heights[2] < heights[3], "the lower rule: the thick line below"
    content = specimens.letter("D3", law=L)
    size = geometry.head(content["organ"], "letter")["head_height"]
    assert rules[0][1] == pytest.approx(30 + size + 4, abs=0.1), (
        "4 mm below the organ's name, its top at 30 mm"
    )
    assert rules[3][3] == pytest.approx(277, abs=0.15), "20 mm from the bottom"
    assert _rectangles(letter("D3"), 1) == []


@cache
def _starts(pdf: bytes, page: int) -> list[tuple[str, float, float, float]]:
    """Text with its start and baseline in mm from the upper left corner, and its size in points."""
    found: list[tuple[str, float, float, float]] = []

    def visit(said: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        if said.strip():
            x, y = pypdf.mult(tm, cm)[4:6]
            scale = abs(pypdf.mult(tm, cm)[0])
            found.append((said.strip(), x / MM, 297 - y / MM, size * scale))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def _at(starts: list[tuple[str, float, float, float]], begin: str) -> tuple[float, float, float]:
    return next((x, y, size) for said, x, y, size in starts if said.startswith(begin))


def test_text_stands_on_the_grid() -> None:
    starts = _starts(letter("D3"), 1)
    lines = [(said, x, y) for said, x, y, size in starts if round(size, 1) == 15.8]
    first, *_ = [y for _, _, y in lines]
    pitch = 225 / 22
    for _, _, y in lines:
        steps = (y - first) / pitch
        assert abs(steps - round(steps)) < 0.02, "every line on the grid of 22 lines"
    lefts = {round(x, 1) for _, x, _ in lines}
    assert 28.0 in lefts, "the left edge of the type area"
    assert round(28 + 2 * 156 / 28, 1) in lefts, "paragraphs begin two characters in"


@cache
def _long(page: str) -> bytes:
    data = specimens.data("D4d", page=page)
    data["decision"]["items"][0]["reasons"] = REASON * 40
    return render.pdf(compose.letter("D4d", data, L))


@pytest.mark.parametrize("page", ["letter", "ordinary"])
def test_a_full_page_holds_22_lines_of_28_characters(page: str) -> None:
    starts = _starts(_long(page), 1)
    lines: dict[float, float] = {}
    for said, x, y, size in starts:
        if round(size, 1) == 15.8:
            lines[round(y, 1)] = max(lines.get(round(y, 1), 0), len(said))
            assert x >= 27.9
    assert len(lines) == 22
    # 28 characters wide: with the marks that stand half and the digits, a line holds a few more of them.
    assert 26 <= sorted(lines.values())[len(lines) // 2] <= 30
    first, last = min(lines), max(lines)
    assert 37 < first < 37 + 225 / 22
    assert 262 - 225 / 22 < last < 262, "the last line inside the type area"


def test_the_ordinary_format_in_millimetres() -> None:
    """GB/T 9704-2012, 7: head 35 mm below the type area's top, number two lines below it, red line, title."""
    pdf = _long("ordinary")
    content = specimens.letter("D4d", law=L, page="ordinary")
    head = geometry.head(content["organ"], "ordinary")
    starts = _starts(pdf, 0)
    line, em = 225 / 22, 156 / 28
    organ_x, organ_y, organ_size = _at(starts, content["organ"])
    top = 37 + 35
    assert organ_size / MM == pytest.approx(head["head_size"], abs=0.05)
    assert top < organ_y < top + head["head_height"] + 1
    assert organ_x + len(content["organ"]) * head["head_size"] / 2 == pytest.approx(28 + 78, abs=0.5)
    number_x, number_y, number_size = _at(starts, "某交公开〔")
    assert number_size == pytest.approx(15.79, abs=0.05)
    blank = number_y - 0.88 * em - (top + head["head_height"])
    assert blank == pytest.approx(2 * line + (line - em) / 2, abs=0.6), "two lines between head and number"
    (rule,) = _rectangles(pdf, 0)
    assert (rule[0], rule[2]) == (pytest.approx(28, abs=0.1), pytest.approx(184, abs=0.1)), (
        "as wide as the type area"
    )
    assert rule[1] - (number_y + 0.12 * em) == pytest.approx(4, abs=0.5), "4 mm below the number"
    _, title_y, title_size = _at(starts[1:], content["organ"])
    assert title_size == pytest.approx(22, abs=0.1)
    assert title_y - 0.88 * 22 / MM - rule[3] == pytest.approx(2 * line + (11 - 22 / MM) / 2, abs=0.8)
    _, addressee_y, _ = _at(starts, "张某某")
    assert addressee_y - title_y == pytest.approx(line + (11 + line) / 2, abs=1.5), "one line below the title"
    assert any(said == "— 1 —" for said, *_ in starts), "its first page is numbered"
    assert _rectangles(pdf, 1) == []


def test_number_and_rules_of_the_letter_format_are_seven_eighths_of_a_character_apart() -> None:
    starts, em = _starts(_long("letter"), 0), 156 / 28
    rules = sorted(_rectangles(_long("letter"), 0), key=lambda box: box[1])
    number_x, number_y, _ = _at(starts, "某交公开〔")
    assert number_y - 0.88 * em - rules[1][3] == pytest.approx(7 / 8 * em, abs=0.5)
    last = max(y for said, x, y, size in starts if round(size, 1) == 15.8)
    assert rules[2][1] - last > 7 / 8 * em, "text keeps its distance from the lower rule"
    assert not any("—" in said for said, *_ in starts), "its first page has no number"


def test_head_number_and_title_are_placed_and_sized() -> None:
    starts = _starts(letter("D1"), 0)
    content = specimens.letter("D1", law=L)
    _, y, size = _at(starts, content["organ"])
    assert 30 < y < 30 + size / MM + 0.5
    _, number_y, number_size = _at(starts, "某交公开〔")
    assert number_size == pytest.approx(15.79, abs=0.05)
    assert number_y > y + 4
    title_x, _, title_size = _at(starts[1:], "某某市交通运输局政府信息公开申请答复书")
    assert title_size == pytest.approx(22, abs=0.1)
    width = 19 * 22 / MM
    assert title_x + width / 2 == pytest.approx(28 + 78, abs=0.5), "centred on the type area"


def test_the_first_page_has_no_number_and_the_others_alternate() -> None:
    pdf = _long("letter")
    pages = len(opened(pdf).pages)
    assert pages >= 3
    for page in range(pages):
        dashes = [(x, y) for said, x, y, _ in _starts(pdf, page) if re.fullmatch(r"—\s*\d+\s*—", said)]
        if page == 0:
            assert dashes == []
            continue
        ((x, y),) = dashes
        assert 262 + 7 < y < 262 + 7 + 6, "7 mm below the type area"
        assert (x < 60) == (page % 2 == 1), "even pages left, odd pages right"
        assert x == pytest.approx(28 + 4.94, abs=0.2) or x > 140


@pytest.mark.parametrize("length", range(1, 26))
def test_the_signature_never_stands_alone_on_a_page(length: int) -> None:
    def change(data: dict[str, Any]) -> None:
        data["decision"]["items"][0]["reasons"] = REASON * length

    pdf = composed("D4d", change)
    last = _starts(pdf, len(opened(pdf).pages) - 1)
    signed = _at(last, "某某市交通运输局")
    above = [said for said, _, y, size in last if y < signed[1] - 15 and round(size, 1) == 15.8]
    assert above, "text of the letter stands above the signature"
    assert all(y < 275 for _, _, y, _ in last)


def test_date_and_name_stand_as_on_a_sealed_paper() -> None:
    starts = _starts(letter("D4d"), 1)
    name_x, name_y, _ = _at(starts, "某某市交通运输局")
    date_x, date_y, _ = _at(starts, "2026年5月20日")
    em = 156 / 28
    date_width = (3 + 7 * 0.5) * em
    assert date_y - name_y == pytest.approx(225 / 22, abs=0.1)
    assert date_x + date_width == pytest.approx(184 - 4 * em, abs=1.0), "four characters from the right"
    assert name_x + 4 * em == pytest.approx(date_x + date_width / 2, abs=1.0), "the name centred over it"


@pytest.mark.parametrize(
    "organ", ["某局", "某某县某某局", "某某壮族自治区某某市某某新区住房和城乡建设交通运输管理局", "长" * 40]
)
def test_a_name_of_any_length_stays_on_the_page(organ: str) -> None:
    pdf = composed("D1", lambda data: data["office"].update(name=organ))
    for page in range(len(opened(pdf).pages)):
        for said, x, _, size in _starts(pdf, page):
            assert x >= 19.9, said
            assert x + len(said) * size / MM * 0.5 <= 191, said


# --- characters, faces, and what the renderer warns of


@pytest.mark.parametrize("name", ["张㛃䶮", "𬭎𬱖𫖯", "𫟅𬀩𬘡𣈶", "𬬭㑇㬎𫍯", "𬸚𠅤", "–€¥￥‐①②③℃§№"])
def test_rare_names_are_set_in_faces_of_ours(name: str) -> None:
    pdf = composed("D5", lambda data: data["case"]["applicant"].update(name=name))
    assert name in text(pdf)
    document = opened(pdf)
    names = {str(font.BaseFont).split("+")[1].replace("-", " ") for font in _fonts(document)}
    assert all(any(each.startswith(family) for family in faces.allowed()) for each in names)


@pytest.mark.parametrize(
    ("char", "code"), [("\U0003134a", "U+3134A"), ("\ue000", "U+E000"), ("\U00013000", "U+13000")]
)
def test_a_character_without_a_face_is_refused_by_its_name(char: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        composed("D5", lambda data: data["case"]["applicant"].update(name=f"张{char}"))
    assert code in str(caught.value)
    assert caught.value.advice


def test_a_face_that_is_not_embedded_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    slim = weasyprint._slim

    def without(document: Any, pdf: Any) -> None:
        slim(document, pdf)
        for entry in pdf.objects:
            if isinstance(entry, dict):
                entry.pop("FontFile3", None)

    monkeypatch.setattr(weasyprint, "_slim", without)
    with pytest.raises(Refused, match="Fandol") as caught:
        render.pdf(specimens.letter("D1", law=L))
    assert caught.value.field == "fonts"


def test_a_strange_face_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "allowed", lambda: frozenset({"FandolSong"}))
    with pytest.raises(Refused, match="FandolFang"):
        render.pdf(specimens.letter("D1", law=L))


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='file:///etc/hostname' alt='x'>",
        "<img src='http://127.0.0.1:9/x.png' alt='x'>",
        "<link rel=attachment href='file:///etc/hostname'>",
        "<p style='colour: red; width: 3quux'>x</p>",
    ],
)
def test_the_renderer_reads_no_file_and_no_address_and_warnings_are_errors(markup: str) -> None:
    page = f"<html lang='zh-CN'><title>x</title><body>{markup}"
    with pytest.raises(Malformed):
        weasyprint.write(page, render.stylesheet(), attachment=b"{}", created="2026-05-20")


def test_the_log_of_the_renderer_is_left_as_it_was() -> None:
    import logging

    logger = logging.getLogger("weasyprint")
    before = (logger.handlers[:], logger.propagate)
    with pytest.raises(Refused):
        composed("D5", lambda data: data["case"]["applicant"].update(name="\ue000"))
    assert (logger.handlers[:], logger.propagate) == before


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd onerror=x>",
    "</p></body><style>*{display:none}</style>",
    "{{ 7*7 }}{% for x in y %}{# a #}",
    "{% include '/etc/passwd' %}",
    "&lt;b&gt; &amp; &#x41;",
    "\"><a href=javascript:x>'",
    "=HYPERLINK(1)",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("page", ["letter", "ordinary"])
def test_hostile_text_is_printed_as_it_is(hostile: str, page: str) -> None:
    def change(data: dict[str, Any]) -> None:
        data["office"]["letters"] = {"format": page}
        data["case"]["applicant"]["name"] = hostile
        data["case"]["items"][0]["text"] = hostile
        data["decision"]["items"][0]["reasons"] = hostile
        data["office"]["name"] = "某局" + hostile

    pdf = composed("D4d", change)
    said = text(pdf)
    assert said.count(re.sub(r"\s", "", hostile)) >= 3
    assert "root:" not in said
    assert list(opened(pdf).attachments) == ["decision.json"]
    for page in opened(pdf).pages:
        assert "/Annots" not in page
    assert re.sub(r"\s", "", hostile) in text(_form(hostile))


@cache
def _form(item: str) -> bytes:
    """The form of an application for this; it looks the same in both formats of a letter."""
    return composed("P2", lambda data: data["case"]["items"].__setitem__(0, {"no": 1, "text": item}))


def test_a_word_without_end_stays_inside_the_measure() -> None:
    pdf = composed("D4d", lambda data: data["decision"]["items"][0].update(reasons="A" * 3000 + "。"))
    for page in range(len(opened(pdf).pages)):
        for said, x, _, size in _starts(pdf, page):
            if said.startswith("AAA"):
                assert x + len(said) * size / MM * 0.74 < 190


# --- how much it weighs


@pytest.mark.parametrize("code", ["P1", "P2", "P8", "P11", "P13", "D14"])
def test_one_page_weighs_no_more_than_70_kilobytes(code: str) -> None:
    assert len(opened(letter(code)).pages) == 1
    assert len(letter(code)) <= 70_000


def test_three_pages_weigh_no_more_than_160_kilobytes() -> None:
    def change(data: dict[str, Any]) -> None:
        source = (ROOT / "letters" / "content" / "phrases.toml").read_text(encoding="utf-8")
        data["decision"]["items"][1]["reasons"] = "".join(re.findall(r"[\u4e00-\u9fff，。；]", source))[:600]

    pdf = composed("D3", change)
    assert len(opened(pdf).pages) == 3
    assert len(pdf) <= 160_000
