"""How well the office does: the figures against counting by hand, and every form read back by a real
reader.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.calendar import known
from workflow.cases import similarity
from workflow.clocks import time_spent
from workflow.reports.performance import chart, measure, repeated_requests
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

CASES = TABLES["case_file"]
HOSTILE = ("=cmd|'/c calc'!A1 关于城东征收补偿方案", "@城西片区规划许可证副本", "<b>&城北片区拆迁许可证</b>")


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(database_url, home, monkeypatch)


@pytest.fixture
def here(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The same on SQLite alone, for what does not ask which database it is."""
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def replied(
    place: Place,
    on: date,
    after: int,
    *,
    unit: str = "ban",
    extended: bool = False,
    consulted: tuple[int, int] | None = None,
) -> str:
    """A case received on a day and replied to so many days later."""
    given = (on, after, unit, extended, consulted)
    return place.once(("replied", *given), lambda: _replied(place, *given))


def _replied(
    place: Place, on: date, after: int, unit: str, extended: bool, consulted: tuple[int, int] | None
) -> str:
    number = place.receive(on).case.number

    def act(who: str, event: str, days: int, **facts: Any) -> None:
        place.act(who, event, number, on + timedelta(days=days), **facts)

    handler = "handler" if unit == "ban" else "other"
    act("registrar", "register", 0)
    act("registrar", "assign", 0, unit=unit)
    act(handler, "accept", 0)
    if consulted:
        act(handler, "consult_third_party", consulted[0], name="甲公司")
        act(handler, "opinion_given", consulted[1], no=1, answer="agree")
    if extended:
        act("head", "extend", 1, reasons="信息量大")
    act(handler, "draft", max(after - 1, consulted[1] if consulted else 0), **builders.GRANT)
    act(handler, "submit", after)
    for who in ("reviewer", "head"):
        act(who, "pass_review", after)
    act(handler, "issue", after)
    place.made()
    act("registrar", "dispatch", after, served_by="post")
    return number


def filled(place: Place) -> None:
    """Six cases of 2026 that were finished, one open, one of the year before, and two remedies."""
    place.once(("filled",), lambda: _filled(place))


def _filled(place: Place) -> None:
    first = replied(place, date(2026, 3, 2), 7)  # 5 working days
    replied(place, date(2026, 3, 2), 14, extended=True)  # 10
    replied(place, date(2026, 3, 2), 42, unit="fa")  # late
    second = replied(place, date(2026, 4, 13), 14, consulted=(1, 8))  # 10 gross, 5 of them taken out
    place.bring("withdrawn", on=date(2026, 4, 13), channel="in_person")
    place.bring("lapsed", on=date(2026, 4, 13))
    place.bring("in_hand", on=date(2026, 4, 13))
    place.bring("withdrawn", on=date(2025, 4, 14))
    for number, result in ((first, {"result": "maintained"}), (second, {"result": "annulled"})):
        place.act("legal", "open_reconsideration", number, date(2026, 6, 1), body="江南省人民政府")
        place.act("legal", "remedy_decided", number, date(2026, 7, 1), no=1, **result)


def test_the_figures_are_those_counted_by_hand(place: Place) -> None:
    filled(place)
    found = disclosure("report", "performance", "--year", "2026", "--json").json
    calendar = known()
    late = calendar.count(date(2026, 3, 2), date(2026, 4, 13))
    assert late > 20
    whole = found["whole"]
    assert (found["received"], whole["finished"], whole["replied"], whole["in_time"]) == (7, 6, 4, 3)
    assert whole["share_in_time"] == 0.75
    assert whole["net"] == {"median": 5, "p90": late}
    assert whole["gross"] == {"median": 10, "p90": late}
    assert (whole["extended"], whole["corrected"], whole["share_extended"]) == (1, 0, round(1 / 6, 4))
    assert {key: part["replied"] for key, part in found["unit"].items()} == {"": 0, "ban": 3, "fa": 1}
    assert found["unit"]["fa"]["share_in_time"] == 0.0
    assert {key: part["finished"] for key, part in found["channel"].items()} == {"in_person": 1, "post": 5}
    assert {key: part["finished"] for key, part in found["outcome"].items()} == {
        "granted": 4,
        "lapsed_correction": 1,
        "withdrawn": 1,
    }
    months = {key: part["finished"] for key, part in found["month"].items() if part["finished"]}
    assert sum(months.values()) == 6
    assert found["remedies"] == {
        "reconsideration": {
            "decided": 2,
            "upheld": {"n": 1, "share": 0.5},
            "corrected": {"n": 0, "share": 0.0},
            "set_aside": {"n": 1, "share": 0.5},
            "other": {"n": 0, "share": 0.0},
        }
    }
    only = disclosure("report", "performance", "--year", "2026", "--unit", "fa", "--json").json
    assert (only["whole"]["finished"], only["remedies"]) == (1, {})
    march = disclosure("report", "performance", "--from", "2026-03-01", "--to", "2026-03-31", "--json").json
    assert (march["whole"]["finished"], list(march["month"])) == (2, ["2026-03"])


def test_a_new_decision_counts_from_its_own_beginning(place: Place) -> None:
    number = replied(place, date(2026, 3, 2), 7)
    place.act("legal", "open_reconsideration", number, date(2026, 4, 1), body="江南省人民政府")
    place.act("legal", "remedy_decided", number, date(2026, 5, 6), no=1, result="annulled", redecide="yes")
    place.act("legal", "redecide", number, date(2026, 5, 7), no=1)
    # While it is open again nothing of it is finished.
    assert disclosure("report", "performance", "--year", "2026", "--json").json["whole"]["finished"] == 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.sampled_from([50, 90]))
def test_ranks_are_exact(values: list[int], percent: int) -> None:
    found = measure.rank(Counter(values), percent)
    assert found is not None
    assert found in values
    within = sum(value <= found for value in values)
    assert within * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_nothing_has_no_rank_and_no_share() -> None:
    assert measure.rank(Counter(), 50) is None
    assert measure.share(0, 0) is None


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 60), st.integers(0, 50), st.integers(0, 30)
)
def test_net_and_gross_against_a_loop(start: date, length: int, begins: int, lasts: int) -> None:
    calendar, replied_on = known(), start + timedelta(days=length)
    first = start + timedelta(days=1 + begins)
    last = first + timedelta(days=lasts)
    days = [start + timedelta(days=n + 1) for n in range(length)]
    gross = [day for day in days if calendar.is_working(day)]
    net = [day for day in gross if not first <= day <= last]
    assert time_spent.spent(calendar, start, replied_on, f"{first}/{last}") == (len(net), len(gross))


# --- files


def text_of(html: str) -> tuple[str, Counter[str]]:
    """The text of a page and its elements, by a parser that minds whether they are closed."""
    words, tags, open_ = list[str](), Counter[str](), list[str]()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags[tag] += 1
            if tag not in ("meta", "col", "br"):
                open_.append(tag)

        def handle_startendtag(self, tag: str, attrs: Any) -> None:
            tags[tag] += 1

        def handle_endtag(self, tag: str) -> None:
            assert open_.pop() == tag

        def handle_data(self, data: str) -> None:
            words.append(data)

    Reader().feed(html)
    assert not open_
    return "".join(words), tags


def test_every_form_is_read_back(here: Place, home: Path) -> None:
    filled(here)
    for ending in ("json", "csv", "xlsx", "html", "pdf"):
        assert disclosure("report", "performance", "--year", "2026", "--out", f"p.{ending}").code == 0
    plain = disclosure("report", "performance", "--year", "2026", "--json").json
    assert json.loads((home / "p.json").read_text(encoding="utf-8")) == plain
    rows = list(csv.reader(io.StringIO((home / "p.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert rows[1][2:6] == ["6", "4", "3", "0.75"]
    book = openpyxl.load_workbook(home / "p.xlsx")
    assert len(book.sheetnames) == 6
    whole = book.worksheets[0]
    assert [cell.value for cell in whole[2]][1:5] == [6, 4, 3, 0.75]
    assert whole["E2"].number_format == "0.0%"
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    html = (home / "p.html").read_text(encoding="utf-8")
    text, tags = text_of(html)
    assert tags["svg"] == 1
    assert tags["table"] == 6
    assert tags["script"] == 0
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "75.0%" in text
    pdf = pypdf.PdfReader(home / "p.pdf")
    said = "".join(page.extract_text() for page in pdf.pages)
    assert "75.0%" in said
    assert "办公室" in said
    assert all(page.mediabox.width > page.mediabox.height for page in pdf.pages)


def test_the_drawing_is_told_apart_without_colour() -> None:
    months = [
        chart.Month("1月", 4, 2, 8, 19),
        chart.Month("<2&3>", 0, 0, None, None),
        chart.Month("3月", 3, 0, 5, 5),
    ]
    words = chart.Words("答复", "按期", "逾期", "工作日", "中位数", "90 %", "法定20")
    root = ET.fromstring(chart.svg(months, 20, words, "'Noto Sans'"))
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{name}circle")) == 3, "a mark a month with replies, and one in the legend"
    lines = root.findall(f".//{name}line")
    assert any(line.get("stroke-dasharray") == "7 4" for line in lines)
    white = [box for box in root.findall(f".//{name}rect") if box.get("fill") == "#fff"]
    assert len(white) == 2 + 3, "late replies and their legend, squares and theirs"
    assert "<2&3>" in {text.text for text in root.findall(f".//{name}text")}
    for element in root.iter():
        for key in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy"):
            assert -1 <= float(element.get(key, 0)) <= 1001


@given(st.integers(0, 10**6))
def test_the_scale_is_round_and_reaches(most: int) -> None:
    marks = chart.steps(most)
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 7


@pytest.mark.parametrize("report", ["performance", "frequent"])
@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("--year", "1999"), 3, "from"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), 2, "from"),
        (("--year", "0"), 2, "year"),
        (("--year", "2026", "--from", "2026-01-01"), 2, "year"),
        (("--from", "gestern"), 2, "from"),
        (("--out", "x.doc"), 2, "out"),
        (("--from", "1900-01-01"), 2, "from"),
    ],
)
def test_what_cannot_be_is_said(
    here: Place, report: str, words: tuple[str, ...], code: int, field: str
) -> None:
    here.bring("withdrawn", on=date(2026, 3, 2))
    said = disclosure("report", report, *words, "--json")
    assert said.code == code
    assert said.fault["field"] == field
    assert said.fault["advice"] or field == "year"


def test_nothing_is_half_written(here: Place, home: Path) -> None:
    here.receive()
    for name in ("performance", "frequent"):
        (home / "x.pdf").write_bytes(b"before")
        assert disclosure("report", name, "--year", "2026", "--out", "x.pdf").code == 3
        assert (home / "x.pdf").read_bytes() == b"before"
    assert disclosure("report", "performance", "--unit", "nowhere", "--json").fault["field"] == "unit"


# --- requests often made


def test_the_same_information_asked_for_by_several(place: Place, home: Path) -> None:
    def ask(text: str, who: str, **more: Any) -> str:
        return place.receive(request=text, name=who, id_number=who, **more).case.number

    a = ask("请公开2025年度城东片区国有土地上房屋征收补偿方案", "甲")
    b = ask("2025年度城东片区国有土地上房屋征收补偿方案的复印件", "乙")
    c = place.bring(
        "served",
        request="申请公开：二〇二五年度城东片区国有土地上房屋征收补偿方案",
        name="丙",
        id_number="丙",
    )
    ask("2024年度城东片区国有土地上房屋征收补偿方案", "丁")
    ask("某化工厂环境影响报告书", "戊")
    ask("某化工厂的环境影响报告书", "戊")
    mixed = ask("两项", "己", items=["渡口镇污水处理厂运行记录", "低保资金发放明细表"])
    other = ask("渡口镇污水处理厂运行记录", "庚")
    found = disclosure("report", "frequent", "--year", "2026", "--json").json
    groups = [
        ([one["case"] for one in group["cases"]], group["applicants"], group["disclosed"])
        for group in found["groups"]
    ]
    assert groups == [([a, b, c], 3, 1), ([mixed, other], 2, 0)]
    assert found["article"] == "ogi2019:44.1"
    assert found["compared"] == 8
    assert (
        len(disclosure("report", "frequent", "--year", "2026", "--at-least", "3", "--json").json["groups"])
        == 1
    )
    for ending in ("json", "csv", "xlsx", "html", "pdf"):
        assert disclosure("report", "frequent", "--year", "2026", "--out", f"f.{ending}").code == 0
    assert json.loads((home / "f.json").read_text(encoding="utf-8")) == found
    rows = list(csv.reader(io.StringIO((home / "f.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert [row[1:4] for row in rows[1:]] == [["3", "3", "1"], ["2", "2", "0"]]
    assert openpyxl.load_workbook(home / "f.xlsx").active["B2"].value == 3
    assert a in text_of((home / "f.html").read_text(encoding="utf-8"))[0]
    assert a in "".join(page.extract_text() for page in pypdf.PdfReader(home / "f.pdf").pages)


def test_hostile_requests_stay_text(here: Place, home: Path) -> None:
    for text in HOSTILE:
        for who in ("甲", "乙"):
            here.receive(request=text, name=who, id_number=who)
    for ending in ("csv", "xlsx", "html"):
        assert disclosure("report", "frequent", "--year", "2026", "--out", f"f.{ending}").code == 0
    rows = list(csv.reader(io.StringIO((home / "f.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert {row[0] for row in rows[1:]} == {f"'{HOSTILE[0]}", f"'{HOSTILE[1]}", HOSTILE[2]}
    cells = [cell for row in openpyxl.load_workbook(home / "f.xlsx").active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    text, tags = text_of((home / "f.html").read_text(encoding="utf-8"))
    assert HOSTILE[2] in text
    assert tags["b"] == 0


def test_what_was_corrected_is_compared_as_corrected(place: Place) -> None:
    one = place.bring("correction_asked", request="城东的事情和材料", name="甲", id_number="甲")
    place.act("registrar", "correct", one, date(2026, 3, 6), request="城东片区控制性详细规划图")
    two = place.receive(request="城东片区控制性详细规划图", name="乙", id_number="乙").case.number
    (group,) = repeated_requests.find(
        place.desk(), measure.Period(date(2026, 1, 1), date(2026, 12, 31))
    ).groups
    assert [case.number for case in group.cases] == [one, two]


def _alike(one: similarity.Sketch, other: similarity.Sketch) -> float:
    """The share of pairs that two texts have in common; 0 where they name other numbers."""
    if one.numbers != other.numbers:
        return 0.0
    common = len(one.pairs & other.pairs)
    return common / (len(one.pairs) + len(other.pairs) - common)


TEXTS = st.lists(st.text("征地批复方案渡口镇12年", min_size=2, max_size=9), min_size=2, max_size=14)


@given(TEXTS, st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
def test_the_join_is_the_same_as_comparing_all(texts: list[str], least: float) -> None:
    sketches = [made for text in texts if (made := similarity.sketch(text)) is not None]
    found = {tuple(sorted(pair)) for pair in similarity.joined(sketches, least)}
    expected = {
        (i, j)
        for i in range(len(sketches))
        for j in range(i + 1, len(sketches))
        if _alike(sketches[i], sketches[j]) >= least
    }
    assert found == expected


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=12))
def test_groups_part_all_places(count: int, pairs: list[tuple[int, int]]) -> None:
    within = [(a, b) for a, b in pairs if a < count and b < count]
    found = similarity.groups(count, within)
    assert sorted(place for group in found for place in group) == list(range(count))
    where = {place: at for at, group in enumerate(found) for place in group}
    assert all(where[a] == where[b] for a, b in within)


def test_the_rows_are_read_as_they_come(place: Place) -> None:
    """Nothing keeps all rows: of many cases only the counts remain."""
    filled(place)
    with place.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(CASES)).scalar() == 8
    found = measure.measure(place.desk(), measure.Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert sum(found.whole.net.values()) == found.whole.replied == 4
