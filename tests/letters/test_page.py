"""The page as a picture, in millimetres: what GB/T 9704-2012 measures from the ink, and how pages are
filled.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pypdf
import pypdfium2
import pytest

from letters.content import compose, specimens
from letters.pdf import geometry, pagination, render
from workflow import law
from workflow.drafting import specimen_files

L = law.bundled()
ON = date(2026, 5, 20)
DPI = 300
MM = 25.4 / DPI
NEAR = 0.3
"""How far, in mm, a measure may be from the standard's."""
REASON = "该信息载有未公开的定价方法和成本构成，公开后可能削弱其竞争地位。"
LONG = "某某壮族自治区某某市某某新区住房和城乡建设交通运输管理局"
PITCH = 225 / 22
BOTTOM = 270.2
"""The last millimetre of the first page of the letter format that text may take."""


def made(code: str, change: Callable[[dict[str, Any]], None] = lambda data: None, **choices: Any) -> bytes:
    data = specimens.data(code, **choices)
    change(data)
    return render.pdf(compose.letter(code, data, L))


# Of the page at which a test looks, and of no other: one takes 26 MB.
@lru_cache(maxsize=1)
def picture(pdf: bytes, page: int) -> np.ndarray[Any, Any]:
    with pypdfium2.PdfDocument(pdf) as document:
        return np.asarray(document[page].render(scale=DPI / 72).to_pil().convert("RGB"))


def red(pdf: bytes, page: int = 0) -> np.ndarray[Any, Any]:
    shown = picture(pdf, page)
    return np.asarray((shown[..., 0] > 150) & (shown[..., 1] < 100))


def black(pdf: bytes, page: int = 0) -> np.ndarray[Any, Any]:
    # Colour by colour: numpy takes ten times as long for the greatest of three that stand side by side.
    return np.asarray(
        np.logical_and.reduce([colour < 120 for colour in np.moveaxis(picture(pdf, page), 2, 0)])
    )


def bands(ink: np.ndarray[Any, Any], axis: int = 1) -> list[tuple[float, float]]:
    """From and to in mm: the runs of rows (or of columns, axis 0) in which there is ink."""
    inked = np.concatenate(([False], ink.any(axis=axis), [False])).astype(int)
    edges = np.flatnonzero(np.diff(inked))
    return [(begin * MM, end * MM) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


# --- what is measured from the ink


@pytest.mark.parametrize("organ", ["某某市交通运输局", "一二局", LONG, "某某县人民政府办公室"])
def test_the_head_of_a_letter_stands_where_the_standard_wants_it(organ: str) -> None:
    pdf = made("D1", lambda data: data["office"].update(name=organ))
    *head, thick, thin, lower_thin, lower_thick = bands(red(pdf))
    assert head[0][0] == pytest.approx(30, abs=NEAR), "the name's upper edge 30 mm from the page's"
    assert thick[0] - head[-1][1] == pytest.approx(4, abs=NEAR), "the first rule 4 mm below the name"
    assert lower_thick[1] == pytest.approx(297 - 20, abs=NEAR)
    assert thick[1] - thick[0] > thin[1] - thin[0] > 0
    assert lower_thick[1] - lower_thick[0] > lower_thin[1] - lower_thin[0] > 0
    number = bands(black(pdf))[0]
    assert number[0] - thin[1] == pytest.approx(7 / 8 * 16 / 72 * 25.4, abs=NEAR)
    (left, right) = bands(red(pdf)[int(thick[0] / MM) : int(thick[1] / MM)], axis=0)[0]
    assert (left, right) == (pytest.approx(20, abs=NEAR), pytest.approx(190, abs=NEAR))


@pytest.mark.parametrize("organ", ["某某市交通运输局", LONG])
def test_the_head_of_the_ordinary_format_stands_where_the_standard_wants_it(organ: str) -> None:
    pdf = made("D1", lambda data: data["office"].update(name=organ), page="ordinary")
    *head, rule = bands(red(pdf))
    assert head[0][0] == pytest.approx(37 + 35, abs=NEAR)
    number = bands(black(pdf))[0]
    assert rule[0] - number[1] == pytest.approx(4, abs=NEAR), "the red line 4 mm below the number"
    assert number[0] - head[-1][1] == pytest.approx(2 * PITCH + (PITCH - 5.6) / 2, abs=1)
    assert bands(red(pdf)[int(rule[0] / MM) :], axis=0)[0] == (
        pytest.approx(28, abs=NEAR),
        pytest.approx(184, abs=NEAR),
    )


def test_a_head_in_two_lines_is_not_set_solid() -> None:
    head = geometry.head(LONG + "政务服务中心", "letter")
    assert len(head["head_lines"]) == 2
    assert head["head_height"] > 2.2 * head["head_size"]
    assert all(line.endswith(("局", "心", "区")) for line in head["head_lines"])


@pytest.mark.parametrize("page", [1, 2])
def test_the_dash_of_a_page_number_stands_7_mm_below_the_type_area(page: int) -> None:
    pdf = made("D4d", lambda data: data["decision"]["items"][0].update(reasons=REASON * 40))
    foot = black(pdf, page)[int(263 / MM) :]
    columns = bands(foot, axis=0)
    dash = columns[0]
    assert dash[1] - dash[0] > 3.5, "a dash, and not a figure"
    ((top, _),) = bands(foot[:, int(dash[0] / MM) : int(dash[1] / MM)])
    assert int(263 / MM) * MM + top == pytest.approx(262 + 7, abs=NEAR)
    side = columns[0][0] if page % 2 else columns[-1][1]
    assert side == pytest.approx(28 + geometry.EM if page % 2 else 184 - geometry.EM, abs=1)


@pytest.mark.parametrize("page", ["letter", "ordinary"])
def test_text_fills_the_type_area(page: str) -> None:
    pdf = made("D4d", lambda data: data["decision"]["items"][0].update(reasons=REASON * 40), page=page)
    text = black(pdf, 1)[: int(262.5 / MM)]
    columns = bands(text, axis=0)
    assert columns[0][0] == pytest.approx(28, abs=NEAR)
    assert columns[-1][1] == pytest.approx(184, abs=NEAR)
    assert columns[0][0] >= 28 - MM, "nothing stands outside"
    assert columns[-1][1] <= 184 + MM
    rows = bands(text)
    assert 37 <= rows[0][0] < 37 + PITCH / 2
    assert 262 - PITCH / 2 < rows[-1][1] <= 262


# --- how pages are filled


def lines(pdf: bytes) -> list[list[float]]:
    """The baselines (mm) of the lines of the body's size on each page."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        seen: set[float] = set()

        def visit(
            said: str, cm: list[float], tm: list[float], _: Any, size: float, seen: set[float] = seen
        ) -> None:
            placed = pypdf.mult(tm, cm)
            if said.strip() and round(size * abs(placed[0]), 1) == 15.8:
                seen.add(round(297 - placed[5] / 72 * 25.4, 1))

        page.extract_text(visitor_text=visit)
        found.append(sorted(seen))
    return found


def wanted(codes: str) -> list[tuple[str, str | None, str | None]]:
    return [one for one in specimen_files.wanted(ON) if one[0].startswith(codes)]


def test_most_decisions_on_one_item_stand_on_one_page() -> None:
    counts = []
    for code, ground, outcome in wanted("D"):
        pdf = render.pdf(specimen_files.composed(code, ground, outcome=outcome, on=ON))
        pages = lines(pdf)
        counts.append(len(pages))
        assert all(BOTTOM - baselines[-1] < 225 / 3 for baselines in pages[:-1]), code
    assert len(counts) == 31
    assert counts.count(1) >= 20
    assert max(counts) == 2


@pytest.mark.parametrize("page", ["letter", "ordinary"])
@pytest.mark.parametrize("code", ["D1", "D4d"])
@pytest.mark.parametrize("length", [0, 3, 8, 12, 13, 15, 16, 20, 24])
def test_no_page_is_left_empty_before_the_seal(code: str, length: int, page: str) -> None:
    def change(data: dict[str, Any]) -> None:
        item = data["decision"]["items"][0]
        item["reasons"] = item.get("reasons", "") + REASON * length

    content = compose.letter(code, _changed(code, change, page), L)
    found = lines(render.pdf(content))
    pitch = min(after - before for before, after in itertools.pairwise(found[0]))
    assert 225 / pagination.MOST_LINES - 0.1 <= pitch <= PITCH + 0.1
    for baselines in found[:-1]:
        bottom = BOTTOM if page == "letter" and baselines is found[0] else 262
        assert bottom - baselines[-1] < 225 / 3
    *text, _, _ = (one for one in found[-1] if one < found[-1][-1] + 1)
    tail = 2 + (1 if content["annexes"] else 0) + 2
    assert len(found[-1]) - tail >= pagination.WITH_SEAL, "at least two lines stand with the seal"
    assert all(one <= 262.1 for baselines in found[1:] for one in baselines)
    assert text


def _changed(code: str, change: Callable[[dict[str, Any]], None], page: str) -> dict[str, Any]:
    data = specimens.data(code, page=page)
    change(data)
    return data


def test_a_page_ends_where_it_was_reckoned_to_end() -> None:
    """The renderer breaks no page of its own: text that is planned for so many pages takes so many."""
    for length in (3, 13, 24, 60):
        data = specimens.data("D4d")
        data["decision"]["items"][0]["reasons"] = REASON * length
        content = compose.letter("D4d", data, L)
        annexes, signature = [], geometry.signature(content["signatory"], content["date_zh"])
        plan = pagination.planned(
            list(render._ways(content, annexes, signature)),
            geometry.room(content, len(geometry.title_lines(content["organ"], content["title"]))),
        )
        assert len(lines(render.pdf(content))) == 1 + sum(map(len, plan.turns.values()))


def test_what_is_said_of_pages_by_lines() -> None:
    part = pagination.Part
    room = geometry.Room(100, 3, 262)
    one = pagination.planned([(0, [part(1, leads=True), part(4)], 6)], room)
    assert one == pagination.STANDARD
    close = pagination.planned([(0, [part(1, leads=True), part(10)], 4)], room)
    assert close.turns == {}
    assert close.pitch < pagination.STANDARD.pitch
    over = pagination.planned([(0, [part(1, leads=True), part(30)], 6)], room)
    assert over.turns
    alone = pagination.planned([(0, [part(3)] * 40, 30)], room)
    assert alone == pagination.STANDARD, "a list of annexes longer than half a page is left to flow"


# --- names of any length


def test_a_long_name_is_signed_in_lines_of_whole_words() -> None:
    name = LONG + "某某分局政务公开和综合协调办公室"
    signed = geometry.signature(name, "2026年5月20日")["lines"]
    assert "".join(signed) == name
    assert all(len(line) <= 28 and line[-1] in "区局室" for line in signed)


def test_further_lines_of_an_annex_stand_under_its_name() -> None:
    (one,) = geometry.annexes(
        ["某某路停车场特许经营协议及其补充协议、附件清单和验收记录（复印件）"], "附件："
    )
    assert len(one["lines"]) == 2
    assert not one["lines"][1].startswith(("、", "）", "（复印件）"[-1]))
