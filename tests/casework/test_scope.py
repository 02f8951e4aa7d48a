"""What is asked for changes: supplements, a correction in parts, a narrower scope; an application split into
several, or linked to another. Each with what it does to the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import GRANT, RECEIVED, Place
from workflow import law
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.casework import letter_data
from workflow.office import profile_changes
from workflow.reports.annual import counts
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record


def d(days: int) -> date:
    return RECEIVED + timedelta(days=days)


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url)
    yield made
    verify_record.verify(made.store, made.desk().office)
    made.store.close()


def test_more_than_one_supplement_and_the_time_runs_on(place: Place) -> None:
    number = place.bring("drafting")
    due = place.due(number)
    place.act("registrar", "supplement", number, d(4), added="附上项目地图")
    assert place.case(number).draft, "what only explains leaves the draft"
    place.act("handler", "supplement", number, d(5), added="年度为2025年", request="2025年征收补偿方案")
    case = place.case(number)
    assert (case.supplemented, case.request, case.draft) == ([d(4), d(5)], "2025年征收补偿方案", {})
    assert place.due(number) == due
    place.act("handler", "draft", number, d(6), **GRANT)


def test_an_office_may_let_the_time_begin_anew(place: Place) -> None:
    profile_changes.set_profile(place.desk("head"), "settings.supplement_restarts", "true")
    again = Place(place.store, place.key)
    number = again.bring("in_hand")
    before = again.due(number)
    again.act("registrar", "supplement", number, d(7), added="年度为2025年")
    assert again.due(number) > before
    old = again.bring("in_hand", on=builders.OLD)
    before = again.due(old)
    again.act("registrar", "supplement", old, builders.OLD + timedelta(7), added="年度")
    assert again.due(old) == before, "the Regulations of 2008 know no such beginning"


def test_a_correction_that_comes_in_parts(place: Place) -> None:
    number = place.bring("correction_asked")
    place.act("registrar", "notice_reached", number, d(3), letter="P3")
    done = place.act(
        "registrar", "correct_partly", number, d(5), missing="身份证明", request="2025年补偿方案"
    )
    assert (done.case.state, done.case.request) == ("correction_asked", "2025年补偿方案")
    assert place.clocks(number)["reply.limit", 0][1] == "stopped", "it waits for the rest"
    done = place.act("registrar", "correct", number, d(9))
    reply = next(clock for clock in done.clocks if clock.rule == "reply.limit")
    assert (reply.deadline.start, reply.state) == (d(9), "running"), "from the day on which it was complete"


def test_who_sent_a_part_has_not_given_up(place: Place) -> None:
    number = place.bring("correction_asked")
    place.act("registrar", "notice_reached", number, d(3), letter="P3")
    place.act("registrar", "correct_partly", number, d(5), missing="身份证明")
    with pytest.raises(Refused, match="not given up") as caught:
        place.act("registrar", "lapse_correction", number, d(40))
    assert caught.value.rule == "ogi2019:30.1"
    assert place.act("registrar", "correct", number, d(5)).case.state == "registered"


def test_a_scope_narrowed_by_agreement(place: Place) -> None:
    number = place.bring("in_hand", items=["甲项目批复", "乙项目批复"], request=None)
    place.act("handler", "draft", number, d(3), **GRANT, item=2)
    due = place.due(number)
    with pytest.raises(Refused, match="not said"):
        place.act("handler", "narrow", number, d(4), agreed="书面同意")
    case = place.act("handler", "narrow", number, d(4), agreed="书面同意", items=["甲项目批复"]).case
    assert (case.items, case.request, case.draft, case.narrowed) == (["甲项目批复"], "甲项目批复", {}, [d(4)])
    assert place.due(number) == due


def test_an_application_split_into_several(place: Place) -> None:
    items = ["甲项目批复", "乙项目批复", "丙项目批复", "丁项目批复"]
    number = place.receive(
        items=items,
        request=None,
        applicants=[{"name": "李四", "phone": "13912345678"}],
        agent={"name": "赵律师"},
    ).case.number
    done = place.act("registrar", "split", number, d(3), apart=["2", "3,4"], reasons="分属不同事项")
    assert done.case.items == ["甲项目批复"]
    assert done.case.split_into == ["2026-0002", "2026-0003"]
    assert done.entry.article == "fee2020:4.1"
    for made, asked in (("2026-0002", items[1:2]), ("2026-0003", items[2:])):
        case = place.case(made)
        assert (case.items, case.state, case.split_from) == (asked, "received", number)
        assert case.received_on == RECEIVED, "its time runs from the first receipt"
        assert place.due(made) == place.due(number)
        plain = place.desk().reveal(made, "核对")[1]
        assert (plain["id_number"], plain["applicants"][0]["phone"]) == ("320500199001010017", "13912345678")
        assert plain["agent"]["name"] == "赵律师"
        place.act("registrar", "register", made, d(3))
    with place.store.reading() as connection:
        report = counts.count(connection, place.desk().office.id, "江州市民政局", RECEIVED.year)
    assert report.table3[counts.NEW]["natural_person"] == 3, "each is answered by itself, and counted"


@pytest.mark.parametrize(
    ("event", "facts", "told"),
    [
        ("split", {"apart": ["2"], "reasons": "不同事项"}, True),
        ("narrow", {"agreed": "电话同意", "items": ["甲项目批复"]}, True),
        ("supplement", {"added": "附上地图"}, False),
        ("supplement", {"added": "另需丙项目", "items": ["甲项目批复", "丙项目批复"]}, True),
    ],
)
def test_a_receipt_still_here_says_what_was_asked_before(
    place: Place, event: str, facts: dict[str, object], told: bool
) -> None:
    items = ["甲项目批复", "乙项目批复"]
    number = place.bring("registered", items=items, request=None, channel="online", system_on=RECEIVED)
    done = place.act("registrar", event, number, d(3), **facts)
    letters = [
        values["letters"] for text, values in done.notes if text.startswith("Still here, and made before")
    ]
    assert letters == (["政府信息公开申请登记回执"] if told else [])


def test_the_parts_have_the_clock_of_a_corrected_application(place: Place) -> None:
    number = place.bring("correction_asked", items=["甲", "乙"], request=None)
    place.act("registrar", "correct", number, d(9))
    done = place.act("registrar", "split", number, d(10), apart=["2"], reasons="不同事项")
    assert place.due(done.case.split_into[0]) == place.due(number)


@pytest.mark.parametrize("apart", [["1", "2"], ["3"], ["2", "2"], ["0"]])
def test_what_cannot_be_split(place: Place, apart: list[str]) -> None:
    number = place.receive(items=["甲项目批复", "乙项目批复"], request=None).case.number
    before = builders.digest(place.store)
    with pytest.raises(Refused):
        place.act("registrar", "split", number, d(3), apart=apart, reasons="不同事项")
    assert builders.digest(place.store) == before, "no number is taken"
    with pytest.raises(Refused, match="one thing only"):
        place.act("registrar", "split", place.receive().case.number, d(3), apart=["1"], reasons="不同事项")


def test_it_is_linked_to_what_it_repeats(place: Place) -> None:
    first, second = place.receive().case.number, place.receive().case.number
    due = place.due(second)
    done = place.act("handler", "link", second, d(1), other=first.removeprefix("2026-000"), how="repeats")
    assert done.case.links == [("repeats", first)]
    assert (done.entry.article, place.due(second)) == ("ogi2019:36.1.6", due)
    with pytest.raises(Malformed):
        place.act("handler", "link", second, d(1), other=second, how="related")
    with pytest.raises(NotFound):
        place.act("handler", "link", second, d(1), other="2026-0099", how="related")


# --- joined


def joined(place: Place) -> tuple[str, str]:
    """An application in hand that took in another of the same applicant, received three days later."""
    first = place.bring("in_hand", items=["甲项目批复"], request=None)
    second = place.receive(d(3), items=["乙项目批复", "丙项目批复"], request=None).case.number
    place.act("registrar", "register", second, d(3))
    place.act("handler", "join", first, d(4), other=second, reasons="内容相关")
    return first, second


def test_one_reply_answers_what_was_joined(place: Place) -> None:
    first, second = joined(place)
    assert place.case(first).items == ["甲项目批复", "乙项目批复", "丙项目批复"]
    assert place.case(second).state == "joined"
    assert place.due(first) < place.due(second), "each has its own clock, and the earliest governs"
    for no in (1, 2):
        place.act("handler", "draft", first, d(4), **GRANT, item=no)
    search = ["search=检索档案系统，未检索到该文件"]
    place.act("handler", "draft", first, d(4), outcome="not_held", item=3, extra=search)
    place.act("handler", "submit", first, d(5))
    for officer in ("reviewer", "legal", "head"):
        place.act(officer, "pass_review", first, d(6))
    issued = place.act("handler", "issue", first, d(7))
    with place.store.reading() as connection:
        said = str(letter_data.opened(_content(connection, first), place.desk().case_key(connection, 1)))
    assert f"（登记编号：{second}），与上述申请一并答复" in said
    with pytest.raises(Refused, match="answers it already"):
        place.act("registrar", "separate", second, d(7), reasons="分开")
    with pytest.raises(Refused, match="not sent yet"):
        place.act("registrar", "answer_jointly", second, d(7))
    place.made()
    done = place.act("registrar", "dispatch", first, d(8), served_by="post")
    assert any(second in str(params.values()) for _, params in done.notes)
    other = place.case(second)
    assert other.state == "dispatched"
    assert other.reply is not None
    assert (other.reply.number, other.reply.replied_on) == (issued.case.replies[0].number, d(8))
    assert [(item["no"], item["outcome"]) for item in other.reply.items] == [(1, "granted"), (2, "not_held")]
    assert place.clocks(second)["reply.limit", 0][1] == "met"
    assert place.row(second)["report_row"] == law.bundled().outcome("partial").report_row
    done = place.act("registrar", "serve", first, d(10), proof="签收回执")
    assert any("served with it" in text for text, _ in done.notes)
    assert [place.case(number).state for number in (first, second)] == ["served", "served"]
    limits = [place.clocks(number)["reconsideration.limit", 0] for number in (first, second)]
    assert limits[0] == limits[1], "one letter reached him, on one day"
    with place.store.reading() as connection:
        report = counts.count(connection, place.desk().office.id, "江州市民政局", RECEIVED.year)
    assert report.table3[counts.NEW]["natural_person"] == 2, "each is counted"


def _content(connection: sa.engine.Connection, number: str) -> str:
    table, cases = TABLES["letter"], TABLES["case_file"]
    query = sa.select(table.c.content).join(cases, cases.c.id == table.c.case_id)
    found = connection.execute(query.where(cases.c.number == number).order_by(table.c.id.desc()))
    return str(found.scalars().first())


def test_what_was_joined_is_taken_out_again(place: Place) -> None:
    first, second = joined(place)
    place.act("handler", "draft", first, d(5), **GRANT, item=2)
    done = place.act("registrar", "separate", second, d(5), reasons="申请人要求分别答复")
    assert (done.case.state, done.case.joined_to) == ("registered", None)
    case = place.case(first)
    assert (case.items, case.joined, case.draft) == (["甲项目批复"], [], {})


def test_what_the_other_letter_tells_is_corrected_where_it_is_taken_out(place: Place) -> None:
    first, second = joined(place)
    desk = place.desk("registrar")
    with pytest.raises(Refused, match="go on telling"):
        desk.amend(second, "received-on", d(2).isoformat(), "收件章日期不同")
    desk.amend(second, "phone", "0512-65550002", "补记")
    place.act("registrar", "separate", second, d(5), reasons="收件日期有误")
    desk.amend(second, "received-on", d(2).isoformat(), "收件章日期不同")
    place.act("handler", "join", first, d(6), other=second, reasons="内容相关")
    assert [one.received for one in place.case(first).joined] == [d(2)]


def test_taking_out_changes_the_letter_that_was_passed(place: Place) -> None:
    first, second = joined(place)
    for no in (1, 2, 3):
        place.act("handler", "draft", first, d(4), **GRANT, item=no)
    place.act("handler", "submit", first, d(5))
    place.act("reviewer", "pass_review", first, d(6))
    place.act("registrar", "separate", second, d(6), reasons="申请人要求分别答复")
    case = place.case(first)
    assert (case.state, case.passed) == ("drafting", [])


def test_a_correction_leaves_what_was_joined(place: Place) -> None:
    first, second = joined(place)
    place.act("handler", "ask_correction", first, d(5), matters="请明确年度", answer_by=d(20).isoformat())
    place.act("registrar", "correct", first, d(6), request="2025年甲项目批复")
    assert place.case(first).items == ["2025年甲项目批复", "乙项目批复", "丙项目批复"]
    with pytest.raises(Refused, match="joined"):
        place.act("registrar", "split", first, d(7), apart=["2"], reasons="不同事项")
    assert place.case(second).state == "joined"


def test_only_applications_of_one_applicant_are_joined(place: Place) -> None:
    first = place.bring("in_hand")
    other = place.receive(name="李四", id_number="11010519491231002X").case.number
    before = builders.digest(place.store)
    with pytest.raises(Refused, match="another applicant"):
        place.act("handler", "join", first, d(4), other=other, reasons="内容相同")
    with pytest.raises(Refused, match="cannot be joined"):
        place.act("handler", "join", first, d(4), other=first, reasons="内容相同")
    assert builders.digest(place.store) == before
