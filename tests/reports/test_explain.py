"""How a deadline was reached: what is printed, as JSON and as a page for a court, is the deadline of the
case.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests import builders, notices
from tests.builders import Place
from tests.counter import disclosure
from workflow import calendar
from workflow.cases import clocks as case_clocks
from workflow.casework.opened import open_case
from workflow.clocks import explanation

pytestmark = pytest.mark.usefixtures("repeated_roads")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    made = builders.found(sqlite_url, targets={"drafting": 10})
    yield made
    made.store.close()


@pytest.fixture
def number(place: Place) -> str:
    """A case with two consultations that overlap, and an extension."""
    found = place.bring("in_hand")
    place.act("handler", "consult_third_party", found, "2026-03-06", name="甲公司")
    place.act("handler", "consult_co_maker", found, "2026-03-10", name="乙局")
    place.act("handler", "opinion_given", found, "2026-03-20", no=2, answer="agree")
    place.act("handler", "opinion_given", found, "2026-03-24", no=1, answer="object", reasons="商业秘密")
    place.act("head", "extend", found, "2026-03-27", reasons="信息量大")
    place.act("registrar", "notice_reached", found, "2026-03-27", letter="P5")
    return found


def test_the_derivation_ends_on_the_deadline(place: Place, number: str) -> None:
    found = disclosure("explain", number, "--json").json
    clocks = {(clock["rule"], clock["ref"]): clock for clock in disclosure("clocks", number, "--json").json}
    assert {(one["clock"], one["ref"]) for one in found} == set(clocks)
    for one in found:
        clock = clocks[one["clock"], one["ref"]]
        steps = one["derivation"]
        assert (one["due"], one["from"], one["length"]) == (clock["due"], clock["start"], clock["length"])
        assert (steps[0]["date"], steps[-1]["date"]) == (one["from"], one["due"])
        assert sum(step["counted"] for step in steps) == one["length"]
        assert [step["number"] for step in steps if step["counted"]] == list(range(1, one["length"] + 1))


def test_each_day_is_counted_or_says_why_not(place: Place, number: str) -> None:
    (reply,) = disclosure("explain", number, "--rule", "reply.limit", "--json").json
    why = {step["date"]: step for step in reply["derivation"]}
    days = [date.fromisoformat(day).toordinal() for day in why]
    assert days == list(range(days[0], days[0] + len(days)))
    # Days of both consultations are left out once; Qingming under its notice; a make-up day counts.
    assert {day for day, step in why.items() if step["reason"] == "window"} == {
        f"2026-03-{n:02}" for n in (9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24)
    }
    assert (why["2026-04-06"]["festival"], why["2026-04-06"]["notice"]) == ("清明节", "国办发明电〔2025〕7号")
    assert (why["2026-05-09"]["reason"], why["2026-05-09"]["counted"]) == ("make_up", True)
    assert why["2026-03-07"]["reason"] == "weekend"


def test_on_the_terminal(place: Place, number: str) -> None:
    said = disclosure("explain", number, "--rule", "reply.limit").out
    for part in (
        "From 2026-03-02, 40 working days: last day 2026-05-18",
        "Art. 33, para. 2",
        "First period until 2026-04-16",
        "Left out for consultation: 2026-03-07 to 2026-03-24",
        "days off as announced up to 2026",
        "清明节 国办发明电〔2025〕7号",
        "March 2026",
        "18◆",
        " 9◌",
        " 2◇",
        "20○",
    ):
        assert part in said
    assert all(len(line) == len(line.rstrip()) for line in said.splitlines())
    chinese = disclosure("explain", number, "--rule", "reply.limit", "--lang", "zh_CN").out
    assert all(part in chinese for part in ("答复期限", "2026年3月", "第三十三条第二款", "一   二   三"))
    assert "consultation" not in chinese


def test_the_picture_is_the_derivation(place: Place, number: str) -> None:
    desk = place.desk()
    with place.store.reading() as connection:
        made = case_clocks.all_clocks(open_case(desk, connection, number).case, desk.context)
    known = desk.context.calendar
    for clock in made:
        shown = {}
        for month in explanation.grid(clock.deadline, known):
            cells = [cell for week in month["weeks"] for cell in week if cell]
            assert all(len(week) == 7 for week in month["weeks"])
            assert [day for day, _ in cells] == list(range(1, len(cells) + 1))
            shown[month["title"]] = [kind for _, kind in cells]
        kinds = [kind for month in shown.values() for kind in month]
        assert kinds.count("due") == 1
        if clock.deadline.unit == "working_day":
            assert sum(kind in ("counted", "extended", "due") for kind in kinds) == clock.deadline.length


def test_a_month_that_begins_on_a_sunday_and_a_year_that_ends(language: Any) -> None:
    from workflow import clocks

    language("en")
    known = calendar.known()
    deadline = clocks.calculate("litigation", date(2025, 11, 14), cal=known)
    titles = [month["title"] for month in explanation.grid(deadline, known)]
    assert titles[0] == "November 2025"
    assert titles[2] == "January 2026"
    (march,) = [month for month in explanation.grid(deadline, known) if month["title"] == "March 2026"]
    assert [len([cell for cell in week if cell]) for week in march["weeks"]] == [1, 7, 7, 7, 7, 2]


def text_of(path: Path) -> str:
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_a_page_for_a_court_is_in_chinese_whatever_the_officer_reads(
    place: Place, number: str, tmp_path: Path
) -> None:
    out = tmp_path / "期限.pdf"
    said = disclosure("explain", number, "--pdf", out)
    assert (said.code, said.out) == (0, f"Written: {out}\n")
    text = text_of(out)
    for part in (
        "办理期限计算说明",
        number,
        "江州市民政局",
        "答复期限",
        "届满日2026-05-18",
        "《中华人民共和国政府信息公开条例》第三十三条第二款",
        "清明节国办发明电〔2025〕7号",
        "2026年3月",
        "第三方意见期限",
        "征求意见，不计入",
    ):
        assert part in text, part
    # What is printed is attached as data too.
    reader = PdfReader(io.BytesIO(out.read_bytes()))
    (content,) = next(iter(reader.attachments.values()))
    data = json.loads(content)
    assert data["lang"] == "zh-CN"
    assert len(data["parts"]) == len(disclosure("clocks", number, "--json").json)


def test_a_provisional_deadline_says_so_everywhere(place: Place, tmp_path: Path) -> None:
    place.today = notices.TODAY
    found = place.receive(date(notices.YEAR - 1, 12, 20)).case.number
    assert "PROVISIONAL" in disclosure("explain", found).out
    (reply,) = disclosure("explain", found, "--rule", "reply.limit", "--json").json
    assert reply["provisional"] is True
    out = tmp_path / "p.pdf"
    disclosure("explain", found, "--pdf", out)
    assert "尚未公布" in text_of(out)
    assert "(provisional)" in disclosure("show", found).out
    assert "(provisional)" in disclosure("clocks", found).out
    assert "(provisional)" in disclosure("list").out
    assert "(provisional)" in disclosure("next", found).out


def test_one_clock_of_the_case(place: Place, number: str) -> None:
    said = disclosure("explain", number, "--rule", "no.clock", "--json")
    assert (said.code, said.fault["field"]) == (3, "rule")
    assert "third_party.opinion" in said.fault["advice"]
    assert disclosure("explain", "2026-9999").code == 3


@pytest.mark.parametrize("state", ["filed", "lapsed", "fee_notified", "lapsed unpaid", "correction_asked"])
def test_every_clock_of_every_kind_of_case_can_be_explained(place: Place, state: str) -> None:
    found = place.bring(state.partition(" ")[0], variant=state)
    said = disclosure("explain", found, "--json")
    assert said.code == 0
    for one in said.json:
        assert one["derivation"][-1]["date"] == one["due"], one["clock"]
    assert disclosure("explain", found, "--lang", "zh_CN").code == 0


def test_a_day_off_that_was_set_is_not_said_to_be_the_last_of_so_many_working_days(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("handler", "consult_organ", number, "2026-03-09", name="丙局", answer_by="2026-03-29")
    said = disclosure("explain", number).out
    assert "From 2026-03-09: last day 2026-03-29, which was set; 14 working days lie in between" in said
