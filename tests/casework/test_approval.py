"""What was approved is what goes out: a pass binds the letter, one person passes one step, and a letter is
composed once for everything that it depends on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from letters.content import compose, parts, specimens
from letters.content.letter_content import Content
from tests import builders
from tests.builders import GRANT, RECEIVED, REFUSE, Place
from workflow import calendar, law
from workflow.base.errors import Refused
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Actor, Context
from workflow.cases.entry import Known
from workflow.cases.reply import Passed
from workflow.casework import approval, composed, issue_check, letter_data
from workflow.casework.desk import Done
from workflow.drafting import own_wording
from workflow.office import founding, profile_changes
from workflow.procedure import acts, step_order, transitions
from workflow.procedure.fold import fold
from workflow.reports.views import possible_steps, steps
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads")

TWO = {"request": None, "items": ["2025年度城东片区征收补偿方案", "2025年公务用车调度记录"]}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The letters that are composed from now on, by their codes."""
    codes: list[str] = []
    real = compose.letter

    def counted(code: str, *args: Any, **named: Any) -> Any:
        codes.append(code)
        return real(code, *args, **named)

    composed.forget()
    monkeypatch.setattr(compose, "letter", counted)
    return codes


def passed(place: Place, number: str) -> list[Any]:
    """The passes of the draft, with what they keep."""
    return place.case(number).passed


def issue(place: Place, number: str, on: str | date = "2026-03-09", **facts: Any) -> Done:
    return place.act("handler", "issue", number, on, **facts)


def stopped(place: Place, number: str, on: str | date = "2026-03-09") -> str:
    """Why the letter does not go out, which is the approval alone; it may not be passed on either."""
    with pytest.raises(Refused) as caught:
        issue(place, number, on)
    assert "规则：文书与审核、审批时一致］" in caught.value.text
    assert caught.value.text.count("［") == 1, caught.value.text
    assert caught.value.rule == "house:review"
    assert caught.value.advice
    return caught.value.text


def set_office(place: Place, name: str, value: Any) -> None:
    profile_changes.set_profile(place.desk("head"), name, value)
    place._desks.clear()


def again(place: Place, number: str) -> None:
    """Returned, handed in and passed once more."""
    place.act("head", "return_draft", number, "2026-03-10", reasons="内容有变")
    place.act("handler", "submit", number, "2026-03-10")
    place.act("reviewer", "pass_review", number, "2026-03-10")
    place.act("head", "pass_review", number, "2026-03-10")


# --- what a pass keeps


def test_a_pass_keeps_the_digest_of_the_letter_and_of_its_parts(place: Place) -> None:
    number = place.bring("approved")
    first, last = passed(place, number)
    assert (first.by, last.by) == ("reviewer", "head")
    assert len(first.letter) == 64
    # Another day, the same letter.
    assert first.on != last.on
    assert (first.letter, first.parts) == (last.letter, last.parts)
    assert {"addressee", "remedy", "decision", "contact", "layout"} <= set(first.parts)
    with place.store.reading() as connection:
        entries, _ = case_entries.keyed(connection, place.row(number)["id"])
    stored = [entry for entry in entries if entry.event == approval.EVENT]
    # In the ledger the digest is open, the parts are sealed.
    assert fold(entries).passed[0].letter == first.letter
    assert len(stored) == 2


def test_the_same_letter_of_two_cases_has_two_digests(quick: Place) -> None:
    """Nobody who holds the ledger learns from a digest what a letter said."""
    digests = {passed(quick, quick.bring("approved"))[0].letter for _ in range(2)}
    assert len(digests) == 2


def test_number_day_and_way_of_service_are_settled_at_the_issue(quick: Place) -> None:
    quick.bring("issued")
    number = quick.bring("approved")
    done = issue(quick, number, "2026-03-12", served_by="hand")
    assert done.case.reply is not None
    assert done.case.reply.number.endswith("〔2026〕2号")
    quick.act("head", "void_reply", number, "2026-03-12", reasons="附件有误")
    done = issue(quick, number, "2026-03-13")
    assert done.case.reply is not None
    assert done.case.reply.number.endswith("〔2026〕3号")


# --- what changes it afterwards


def test_a_correction_that_the_letter_shows_takes_the_case_back_to_the_draft(place: Place) -> None:
    number = place.bring("approved")
    told = place.desk("registrar").amend(number, "request", "2024年度城东片区征收补偿方案", "年度有误")
    words = [text.format(**values) for text, values in told.notes]
    assert any("submit" in line and "申请内容" in line and "主送" not in line for line in words)
    case = place.case(number)
    assert (case.state, case.passed, case.approved) == ("drafting", [], None)
    last = builders.entries(place, number)[-1]
    assert (last.event, last.actor, last.payload["because"]) == ("pass_lapsed", "system", told.entry.n)
    # The next step is to hand in what was drafted: nobody asks for another draft.
    ((_, _, options),) = possible_steps.next_steps(place.desk("handler"), number)
    (first, *_), _ = step_order.sorted_out(options)
    assert (first.event, first.ready) == ("submit", True)
    with pytest.raises(Refused):
        issue(place, number)
    place.act("handler", "submit", number, "2026-03-10")
    place.act("reviewer", "pass_review", number, "2026-03-10")
    place.act("head", "pass_review", number, "2026-03-10")
    assert issue(place, number, "2026-03-10").case.state == "issued"


@pytest.mark.parametrize("state", ["head_review", "approved"])
def test_a_correction_taken_back_gives_the_passes_back(quick: Place, state: str) -> None:
    number = quick.bring(state)
    before = passed(quick, number)
    quick.desk("registrar").amend(number, "applicant-name", "张三丰", "写错")
    assert quick.case(number).state == "drafting"
    quick.desk("registrar").undo(number, "没有写错")
    case = quick.case(number)
    assert (case.state, case.passed) == (state, before)
    if state == "approved":
        assert issue(quick, number).case.state == "issued"


def test_an_act_that_changes_the_letter_takes_the_case_back_too(quick: Place) -> None:
    """An agent who is appointed late: the letter names him, and is another one."""
    number = quick.bring("approved")
    done = quick.act("registrar", "appoint_agent", number, "2026-03-09", **builders.FACTS["appoint_agent"])
    assert done.case.state == "drafting"
    assert done.version == quick.case(number).entries == len(builders.entries(quick, number))
    quick.act("handler", "submit", number, "2026-03-10")
    assert quick.case(number).state == "section_review"


def test_what_a_correction_does_not_show_in_the_letter_changes_nothing(quick: Place) -> None:
    number = quick.bring("approved")
    assert not quick.desk("registrar").amend(number, "phone", "0512-1", "补记").notes
    assert issue(quick, number).case.state == "issued"


@pytest.mark.parametrize(
    ("setting", "value", "part"),
    [
        ("telephone", "0512-65559999", "联系方式"),
        ("name", "江州市民政和社会救助局", "发文机关标志"),
        ("superior_department", "江南省民政和社会事务厅", ""),
    ],
)
def test_the_office_itself_changed(quick: Place, setting: str, value: str, part: str) -> None:
    number = quick.bring("approved")
    set_office(quick, setting, value)
    if not part:
        # What the letter does not name is no change of the letter.
        assert issue(quick, number).case.state == "issued"
        return
    assert part in stopped(quick, number)
    set_office(quick, setting, {"telephone": "0512-65550000", "name": "江州市民政局"}[setting])
    assert issue(quick, number).case.state == "issued"


def test_what_the_office_changed_is_named_and_the_draft_handed_in_as_it_is(quick: Place) -> None:
    """Nobody has to return it: whoever has the case hands it in, which is on record as two entries and one
    act.
    """
    number = quick.bring("approved")
    with pytest.raises(Refused):
        # Nothing changed: what was passed is not handed in again.
        quick.act("handler", "submit", number, "2026-03-09")
    set_office(quick, "telephone", "0512-65559999")
    assert "变更机关设置 telephone（" in stopped(quick, number)
    shown, _people = steps.of_case(quick.desk("handler"), number)
    assert (shown.first[0].event, shown.first[0].ready, shown.first[0].mine) == ("submit", True, True)
    issuing = next(one for one in shown.rest if one.event == "issue")
    assert not issuing.usual
    assert issuing.obstacle is not None
    assert "disclosure submit" in (issuing.obstacle.advice or "")
    before = passed(quick, number)
    done = quick.act("handler", "submit", number, "2026-03-09")
    assert (done.case.state, done.case.passed, done.case.approved) == ("section_review", [], None)
    lapsed, handed_in = builders.entries(quick, number)[-2:]
    assert (lapsed.event, lapsed.source, lapsed.actor) == ("pass_lapsed", "approved", "system")
    assert (handed_in.event, lapsed.payload["because"]) == ("submit", handed_in.n)
    assert "contact" in lapsed.payload["parts"]
    quick.desk("handler").undo(number, "改回电话")
    case = quick.case(number)
    assert (case.state, case.passed) == ("approved", before)
    quick.act("handler", "submit", number, "2026-03-10")
    quick.act("reviewer", "pass_review", number, "2026-03-10")
    quick.act("head", "pass_review", number, "2026-03-10")
    assert issue(quick, number, "2026-03-10").case.state == "issued"


def test_own_wording_accepted_meanwhile(
    quick: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The specimens are tried elsewhere (tests/drafting/test_own_wording.py).
    monkeypatch.setattr(own_wording, "_specimens", lambda eras: iter(()))
    number = quick.bring("approved")
    folder = tmp_path / "own"
    folder.mkdir()
    words = '[opening]\ndecided_one = "经审查，现答复如下："\n'
    (folder / "phrases.toml").write_text(words, encoding="utf-8")
    own_wording.accept(quick.desk("head"), folder)
    assert "引出决定的语句" in stopped(quick, number)
    own_wording.drop(quick.desk("head"))
    assert issue(quick, number).case.state == "issued"


def test_the_law_changed_between_approval_and_issue(quick: Place) -> None:
    """From 2024-01-01 a refusal is contested by reconsideration first: another notice of remedies."""
    number = quick.receive(date(2023, 12, 22)).case.number
    for who, event, on, facts in [
        ("registrar", "register", "2023-12-22", {}),
        ("registrar", "assign", "2023-12-25", {"unit": "ban"}),
        ("handler", "accept", "2023-12-25", {}),
        ("handler", "draft", "2023-12-26", REFUSE),
        ("handler", "submit", "2023-12-26", {}),
        ("reviewer", "pass_review", "2023-12-27", {}),
        ("legal", "pass_review", "2023-12-28", {}),
        ("head", "pass_review", "2023-12-29", {}),
    ]:
        quick.act(who, event, number, on, **facts)
    assert "救济告知" in stopped(quick, number, "2024-01-02")
    assert "当日的法律" in stopped(quick, number, "2024-01-02")
    assert issue(quick, number, "2023-12-29").case.state == "issued"


def test_the_item_is_named() -> None:
    content = specimens.letter("D3", law=law.bundled())
    other = {**content, "blocks": [dict(block) for block in content["blocks"]]}
    last = max(place for place, block in enumerate(other["blocks"]) if block["part"] == "findings")
    other["blocks"][last]["text"] += "补充一句。"
    before, after = parts.said(content), parts.said(other)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["findings.2"]
    assert parts.named(changed[0]) == "第2项的查明的事实和理由"


def test_a_pass_of_before_binds_nothing(quick: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that were written before passes kept a digest stay valid."""
    with monkeypatch.context() as patch:
        patch.setattr(approval, "bound", lambda letter: {})
        number = quick.bring("approved")
    assert [one.letter for one in passed(quick, number)] == ["", ""]
    quick.desk("registrar").amend(number, "request", "2024年度城东片区征收补偿方案", "年度有误")
    assert issue(quick, number).case.state == "issued"


# --- one person, one step


def _with_both_roles(place: Place) -> None:
    founding.add_officer(
        place.desk("head"), {"key": "zhou", "name": "周某", "roles": ["reviewer", "approver"], "unit": "ban"}
    )


def test_one_person_passes_one_step_of_a_draft(place: Place) -> None:
    _with_both_roles(place)
    number = place.bring("section_review")
    place.act("zhou", "pass_review", number, "2026-03-06")
    with pytest.raises(Refused) as caught:
        place.act("zhou", "pass_review", number, "2026-03-06")
    assert caught.value.rule == "house:review"
    assert "周某" in caught.value.text
    assert caught.value.advice
    # He may return it; another passes it; and of a new draft he passes a step again.
    place.act("zhou", "return_draft", number, "2026-03-06", reasons="重拟")
    place.act("handler", "draft", number, "2026-03-06", **GRANT)
    place.act("handler", "submit", number, "2026-03-06")
    place.act("zhou", "pass_review", number, "2026-03-06")
    assert place.act("head", "pass_review", number, "2026-03-06").case.state == "approved"


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        (Known("service", "li"), True),
        (Known("service", "wang", acting_for="reviewer"), True),
        (Known("none", "li"), False),
        (Known("service", "wang"), False),
        (None, False),
    ],
)
def test_two_keys_of_one_person_are_one_person(known: Known | None, refused: bool) -> None:
    """One login behind two officers, and a deputy for whoever passed the step before."""
    case = CaseFile(state="head_review")
    case.passed = [
        Passed(("section_review", "reviewer"), RECEIVED, persons=frozenset({"reviewer", "login:li"}))
    ]
    act = Act(approval.EVENT, RECEIVED, {}, Actor("head", frozenset({"approver"}), known=known))
    context = Context(law.bundled(), calendar.known(), transitions.bundled())
    if refused:
        with pytest.raises(Refused):
            acts.GUARDS["one_step_each"](case, act, context)
    else:
        acts.GUARDS["one_step_each"](case, act, context)


def test_an_office_without_people_says_so(quick: Place) -> None:
    _with_both_roles(quick)
    number = quick.bring("section_review")
    set_office(quick, "settings.one_officer_several_steps", True)
    quick.act("zhou", "pass_review", number, "2026-03-06")
    assert quick.act("zhou", "pass_review", number, "2026-03-06").case.state == "approved"


# --- composed once


def test_a_version_of_a_draft_is_composed_once(quick: Place, made: list[str]) -> None:
    number = quick.bring("in_hand", **TWO)
    made.clear()
    on = "2026-03-05"
    quick.act("handler", "draft", number, on, item=1, **GRANT)
    quick.act("handler", "draft", number, on, item=2, **REFUSE)
    made.clear()
    quick.act("handler", "submit", number, on)
    quick.act("reviewer", "pass_review", number, on)
    quick.act("legal", "pass_review", number, on)
    quick.act("head", "pass_review", number, on)
    issue(quick, number, on)
    assert made == []
    # Another case is another letter.
    issue_check.of_case(quick.desk("handler"), quick.bring("approved"), on=RECEIVED, served_by=None)
    assert made


def test_of_another_day_a_letter_has_its_date_and_is_otherwise_as_it_was(
    quick: Place, made: list[str]
) -> None:
    number = quick.bring("in_hand")
    quick.act("handler", "draft", number, "2026-03-05", **REFUSE)
    made.clear()
    quick.act("handler", "submit", number, "2026-03-06")
    quick.act("reviewer", "pass_review", number, "2026-03-09")
    quick.act("legal", "pass_review", number, "2026-03-09")
    quick.act("head", "pass_review", number, "2026-03-10")
    done = issue(quick, number, "2026-03-11")
    assert made == []
    content = kept(quick, number, done)
    assert content["date"] == content["data"]["date"] == content["meta"]["created"] == "2026-03-11"
    assert content["date_zh"] == "2026年3月11日"
    quick.act("head", "void_reply", number, "2026-03-11", reasons="附件有误")
    composed.forget()
    anew = kept(quick, number, issue(quick, number, "2026-03-11"))
    assert made
    assert composed.numbered(anew, str(content["number"])) == content


def test_what_another_day_makes_another_letter_is_composed_anew(quick: Place, made: list[str]) -> None:
    """From 2026-07-01 another law governs; the draft was passed before."""
    number = quick.bring("in_hand")
    quick.act("handler", "draft", number, "2026-03-05", **REFUSE)
    quick.act("handler", "submit", number, "2026-03-05")
    made.clear()
    issue_check.of_case(quick.desk("handler"), number, on=date(2026, 3, 6), served_by=None)
    assert made == []
    issue_check.of_case(quick.desk("handler"), number, on=date(2026, 7, 2), served_by=None)
    assert made


def test_what_is_kept_bears_the_number_that_was_taken(quick: Place) -> None:
    quick.bring("issued")
    number = quick.bring("approved")
    done = issue(quick, number)
    content = kept(quick, number, done)
    taken = done.letters[-1]["number"]
    assert content["number"] == content["meta"]["number"] == content["data"]["number"] == taken


def kept(place: Place, number: str, done: Done) -> Content:
    """The letter that the act put down."""
    table = TABLES["letter"]
    with place.store.reading() as connection:
        _, key = case_entries.keyed(connection, place.row(number)["id"])
        assert key is not None
        row = connection.execute(table.select().where(table.c.id == done.letters[-1]["id"])).one()
    return letter_data.opened(row.content, key)


def test_no_more_is_kept_than_there_is_room_for() -> None:
    kept: composed.Kept[int] = composed.Kept(2)
    for number in range(4):
        kept.put(str(number), number)
    assert [kept.get(str(number)) for number in range(4)] == [None, None, 2, 3]
