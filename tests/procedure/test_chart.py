"""The procedure chart: all of the process table and nothing but it, on one page, legible."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from workflow.base.errors import Malformed
from workflow.procedure import act_tables, chart, naming, process, transitions
from workflow.procedure.chart.canvas import GLUE, Run, width, wrap
from workflow.procedure.chart.content import Content
from workflow.procedure.chart.page import Page, drawn
from workflow.procedure.chart.words import Words

pytestmark = pytest.mark.usefixtures("repeated_roads")

P = transitions.bundled()
LANGUAGES = ("zh_CN", "en")
DAY = date(2026, 11, 20)
Rows = set[tuple[str, str, str]]


@pytest.fixture(autouse=True)
def _english(language: Callable[[str], None]) -> None:
    """Messages are compared in English; the language of a drawing is asked for."""
    language("en")


@cache
def drawing(language: str, of: process.Process = P, on: date = DAY) -> ET.Element:
    """The chart as one reads it; drawn once for all who look at it."""
    return ET.fromstring(chart.svg(of, language, on=on).encode())


@cache
def laid_out(language: str) -> Page:
    """The chart as it was laid out."""
    return drawn(Words(P, language, DAY))


def shown(root: ET.Element) -> Rows:
    """The rows that the drawing says it shows."""
    found = set()
    for element in root.iter():
        for pair in element.get("data-rows", "").split():
            source, dest = pair.split(">")
            found.add((element.get("data-act", ""), source, dest))
    return found


def text(root: ET.Element) -> str:
    return "\n".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))


def without_spaces(said: str) -> str:
    return re.sub(r"\s", "", said)


def changed(change: Callable[[dict[str, Any]], Any]) -> process.Process:
    raw = copy.deepcopy(act_tables.bundled()["process"])
    change(raw)
    return transitions.build(raw, naming.all_names())


# --- the whole process, and nothing else


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_that_can_be_taken_is_drawn_and_nothing_else(lang: str) -> None:
    later = act_tables.having("chart", "later")
    can = {(row.event, row.source, row.dest) for row in Content(P).rows if row.event not in later}
    assert shown(drawing(lang)) == can
    assert can <= {(row.event, row.source, row.dest) for row in P.rows}


def test_what_is_left_out_skips_a_step_of_review_that_is_always_taken() -> None:
    left_out = set(P.rows) - set(Content(P).rows)
    assert {row.event for row in left_out} == {"submit", "pass_review"}
    assert {(row.source, row.dest) for row in Content(P).rows if row.event in ("submit", "pass_review")} == {
        ("drafting", "section_review"),
        ("section_review", "legal_review"),
        ("section_review", "head_review"),
        ("legal_review", "head_review"),
        ("head_review", "approved"),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_is_drawn_once_and_named(lang: str) -> None:
    root = drawing(lang)
    drawn = [element.get("data-state") for element in root.iter() if element.get("data-state")]
    tracks = {row.track for row in P.rows}
    # What only acts lead to that have no place on the chart has none either.
    later = act_tables.having("chart", "later")
    placed = {(row.track, row.dest) for row in P.rows if row.event not in later and row.moves}
    placed |= {(row.track, row.source) for row in P.rows if row.moves and row.event not in later}
    shown = {track: [state for state in P.states(track) if (track, state) in placed] for track in tracks}
    assert sorted(drawn) == sorted({f"{t}:{s}" for t in tracks for s in shown[t]} | {"case:new"})
    said = without_spaces(text(root))
    for track in tracks:
        for state in shown[track]:
            name = P.names["state"][state]["en" if lang == "en" else "zh"]
            assert without_spaces(name) in said, state


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_is_named_with_its_provision(lang: str) -> None:
    words = Words(P, lang, DAY)
    said = without_spaces(text(drawing(lang)))
    later = act_tables.having("chart", "later")
    for row in Content(P).rows:
        if row.event in later:
            continue
        assert without_spaces(words.label(row.event)) in said, row.event
        assert without_spaces(words.article(row.basis("", DAY) or row.article)).replace(GLUE, "") in said, row


def test_periods_are_those_of_the_law_of_the_day() -> None:
    def now(on: date) -> str:
        return without_spaces(text(drawing("zh_CN", on=on)))

    for words in ("答复期限：20个工作日", "缴费期限：20个工作日", "补正告知期限：7个工作日"):
        assert words in now(DAY)
    assert "缴费期限：" not in now(date(2019, 6, 1)), "there was no fee yet"
    assert "2019年6月1日" in now(date(2019, 6, 1))


def test_what_may_be_done_at_any_time_stands_apart() -> None:
    acts = Content(P).anytime
    assert {"attach", "note", "amend", "reveal", "open_reconsideration", "open_suit"} <= set(acts)
    assert not {"extend", "withdraw", "redecide"} & set(acts)


# --- the page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_one_page_of_a4_that_can_be_read_aloud(lang: str) -> None:
    root = drawing(lang)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("210mm", "297mm", "0 0 210 297")
    assert root.get("role") == "img"
    title, description, *_ = root
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text
    assert P.names["state"]["filed"]["en" if lang == "en" else "zh"] in description.text
    assert root.get("lang") == ("en" if lang == "en" else "zh-CN")


def test_a_card_that_grows_makes_the_page_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Content(P).cards
    grown = {**given, "division": [*given["division"], *["propose_transfer"] * 7]}
    monkeypatch.setattr(Content, "cards", grown)
    sheet = drawn(Words(P, "zh_CN", DAY))
    assert sheet.fits()
    assert 297 < sheet.canvas.height <= 420, "longer than A4, and not longer than A3"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_overlaps_and_nothing_leaves_the_page(lang: str) -> None:
    sheet = laid_out(lang)
    canvas = sheet.canvas
    assert canvas.overlaps() == []
    for x, y in re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"', "".join(canvas.parts)):
        assert 5 < float(x) < 205
        assert 5 < float(y) < 293
    for points in re.findall(r'points="([^"]+)"', "".join(canvas.parts)):
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 5 < x < 205
            assert 5 < y < 292


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_of_text_stay_inside_their_box(lang: str) -> None:
    """By the estimate of their width: every line in a card ends inside it."""
    sheet = laid_out(lang)
    canvas = sheet.canvas
    lanes = [(lane["x"], lane["x"] + lane["width"]) for lane in sheet.table["lane"].values()]
    line = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="start"[^>]*>(.*?)</text>')
    for x, _, spans in line.findall("".join(canvas.parts)):
        used = sum(
            width(said.replace("&amp;", "&"), float(size), bold=bool(bold))
            for size, bold, said in re.findall(
                r'<tspan font-size="([\d.]+)"[^>]*?( font-weight="bold")?>([^<]*)<', spans
            )
        )
        for left, right in lanes:
            if left <= float(x) < right:
                assert float(x) + used <= right + 0.2 or float(x) < 140, spans


@pytest.mark.parametrize("lang", LANGUAGES)
def test_arrows_begin_and_end_at_what_they_join(lang: str) -> None:
    sheet = laid_out(lang)
    for arrow in sheet.table["arrow"]:
        for end in (arrow["path"][0], arrow["path"][-1]):
            x, y = sheet.place(end)
            for part, along, low, high in ((0, y, "top", "bottom"), (1, x, "left", "right")):
                found = re.fullmatch(r"([a-z_]+)\.(left|right|top|bottom)", end.split(",")[part])
                if found:
                    lowest, highest = (sheet.number(f"{found[1]}.{edge}") for edge in (low, high))
                    assert lowest <= along <= highest, (arrow["act"], end)


def test_names_cannot_break_the_drawing() -> None:
    names = {**P.names, "state": {**P.names["state"], "filed": {"zh": "<b>&\"'", "en": "<b>&\"'"}}}
    root = drawing("zh", dataclasses.replace(P, names=names))
    assert "<b>&\"'" in text(root)


def test_it_needs_no_style_sheet_script_or_other_file() -> None:
    source = chart.svg(P, "zh")
    for word in ("<style", "<script", "href", "url(", "<image", "<foreignObject"):
        assert word not in source


def test_without_a_language_it_is_the_one_in_force(language: Callable[[str], None]) -> None:
    language("en")
    assert chart.svg(P, on=DAY) == chart.svg(P, "en", on=DAY)
    language("zh_CN")
    assert chart.svg(P, on=DAY) == chart.svg(P, "zh_CN.UTF-8", on=DAY)


# --- a table that the layout does not fit


def test_a_row_without_a_place_is_refused() -> None:
    def a_new_way(raw: dict[str, Any]) -> None:
        line = next(line for line in raw["case"] if line[0] == "assign")
        raw["case"].append(["skip", "registered", "served", *line[3:]])

    names = naming.all_names()
    names = {**names, "event": {**names["event"], "skip": {"zh": "跳过", "en": "skip"}}}
    raw = copy.deepcopy(act_tables.bundled()["process"])
    a_new_way(raw)
    with pytest.raises(Malformed, match="skip registered→served"):
        chart.svg(transitions.build(raw, names), "en")


def test_an_arrow_without_a_row_is_refused() -> None:
    def no_way_back(raw: dict[str, Any]) -> None:
        for line in raw["case"]:
            if line[0] == "return_draft":
                line[1] = line[1].removesuffix("|approved")

    with pytest.raises(Malformed, match="return_draft approved>drafting"):
        chart.svg(changed(no_way_back), "en")


def test_a_bracket_over_states_that_do_not_belong_is_refused() -> None:
    def not_when_received(raw: dict[str, Any]) -> None:
        line = next(line for line in raw["case"] if line[0] == "ask_correction")
        line[1] = line[1].removeprefix("received|")

    with pytest.raises(Malformed, match="does not start from these states"):
        chart.svg(changed(not_when_received), "en")


def test_an_act_that_is_gone_is_refused() -> None:
    gone = changed(lambda raw: raw["case"].remove(next(line for line in raw["case"] if line[0] == "delay")))
    with pytest.raises(Malformed, match="no act 'delay'"):
        chart.svg(gone, "en")


# --- Mermaid


EDGE = re.compile(r'    ((?:\w+ & )*\w+) -->\|"(.*)"\| (\w+)')


@pytest.mark.parametrize("lang", LANGUAGES)
def test_mermaid_has_every_move_and_every_act(lang: str) -> None:
    source = chart.mermaid(P, lang, on=DAY)
    moves = {
        (label.split("<br/>")[0], start, dest)
        for starts, label, dest in EDGE.findall(source)
        for start in starts.split(" & ")
    }
    words = Words(P, lang, DAY)
    rows = Content(P).rows
    assert moves == {
        (words.label(row.event), f"{row.track}_{row.source}", f"{row.track}_{row.dest}")
        for row in rows
        if row.moves
    }
    flags = set(re.findall(r"^    act_(\w+)>", source, re.MULTILINE))
    assert flags == {row.event for row in rows if not row.moves}
    nodes = set(re.findall(r'^    ((?:case|consultation|remedy)_\w+)\(?\["', source, re.MULTILINE))
    assert nodes == {f"{row.track}_{state}" for row in rows for state in (row.source, row.dest)}


def test_mermaid_is_well_formed() -> None:
    source = chart.mermaid(P, "zh")
    lines = source.splitlines()
    assert lines[0] == "flowchart TD"
    assert sum(line.strip().startswith("subgraph ") for line in lines) == lines.count("  end") == 5
    assert source.count('"') % 2 == 0
    names = {**P.names, "state": {**P.names["state"], "filed": {"zh": 'a"b', "en": 'a"b'}}}
    assert "a#quot;b" in chart.mermaid(dataclasses.replace(P, names=names), "zh")


# --- text


def test_text_is_wrapped_within_its_room() -> None:
    said = (
        "补正告知期限，自收到申请之日起七个工作日内一次性告知申请人（第三十条）。Words of letters stay whole."
    )
    for room in range(10, 60, 3):
        lines = wrap([Run(said)], room, 2.3)
        assert "".join(run.text for line in lines for run in line).replace(" ", "") == said.replace(" ", "")
        for line in lines:
            # A closing mark may hang over the edge.
            assert sum(width(run.text, 2.3) for run in line) <= max(room + 2.4, width("letters", 2.3))
            assert line[0].text[0] not in "，。、）"


def test_what_is_glued_is_not_parted() -> None:
    lines = wrap([Run("依据" + GLUE.join("第三十三条第二款"))], 20, 2.3)
    assert [line[0].text.replace(GLUE, "") for line in lines] == ["依据", "第三十三条第二款"]
