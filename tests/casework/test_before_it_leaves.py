"""What must not leave, or not count, as it is: a fee notice that was not sent in time, a reply that bears
what was corrected, an arrival before the sending; and what has to go out first.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import builders
from tests.builders import RECEIVED, ROADS, TODAY, Place
from workflow.base.errors import Malformed, Refused
from workflow.procedure.next_steps import Option
from workflow.reports.views import steps


def after(days: int) -> date:
    return RECEIVED + timedelta(days=days)


def reply_clock(place: Place, number: str) -> tuple[date, str]:
    return place.clocks(number)["reply.limit", 0]


def first(place: Place, number: str, who: str) -> Option:
    return steps.of_case(place.desk(who), number)[0].first[0]


# --- the fee


def test_the_time_for_reply_runs_on_until_the_fee_notice_is_sent(quick: Place) -> None:
    number = quick.bring("fee_notified")
    due, state = reply_clock(quick, number)
    assert (due, state) == (date(2026, 3, 30), "running")
    assert ("fee.payment", 0) not in quick.clocks(number)
    quick.made()
    quick.act("registrar", "letter_posted", number, after(4), letter=["P12"])
    assert reply_clock(quick, number) == (due, "stopped")
    quick.act("registrar", "pay_fee", number, after(20))
    assert reply_clock(quick, number)[0] == date(2026, 4, 20)


def test_a_fee_notice_that_left_after_the_time_for_reply_does_not_count(quick: Place) -> None:
    number = quick.bring("fee_notified")
    quick.made()
    done = quick.act("registrar", "letter_posted", number, date(2026, 3, 31), letter=["P12"])
    assert any("does not count" in text for text, _ in done.notes)
    assert reply_clock(quick, number) == (date(2026, 3, 30), "running")
    quick.act("registrar", "pay_fee", number, date(2026, 4, 1))
    assert reply_clock(quick, number) == (date(2026, 3, 30), "running")


def test_an_office_may_have_the_fee_notice_count_from_its_act(sqlite_url: str) -> None:
    place = builders.found(sqlite_url, settings={"notice_counts": "made"})
    number = place.bring("fee_notified")
    assert reply_clock(place, number)[1] == "stopped"
    place.store.close()


# --- a reply that bears what was corrected


def test_a_reply_that_bears_what_was_corrected_does_not_leave(quick: Place) -> None:
    number = quick.bring("issued")
    quick.made()
    quick.desk("registrar").amend(number, "request", "2025年度城西片区征收补偿方案", "登记时错字")
    with pytest.raises(Refused) as caught:
        quick.act("registrar", "dispatch", number, TODAY, served_by="post")
    assert "void-reply" in str(caught.value.way_on)
    # That it had left before the correction is what happened, and is recorded.
    quick.act("registrar", "dispatch", number, after(8), served_by="post")
    assert quick.case(number).state == "dispatched"


def test_a_correction_of_what_no_letter_says_holds_nothing_up(quick: Place) -> None:
    number = quick.bring("issued")
    quick.made()
    quick.desk("registrar").amend(number, "address", "江州市平安路13号", "登记时错字")
    quick.act("registrar", "dispatch", number, TODAY, served_by="post")


def test_a_letter_that_is_no_longer_the_one_passed_is_handed_in_anew(quick: Place) -> None:
    number = quick.bring("approved")
    quick.today = after(7)
    assert first(quick, number, "handler").event == "issue"
    quick.desk("registrar").amend(number, "request", "2025年度城西片区征收补偿方案", "登记时错字")
    # The correction itself takes the case back to the draft, which is as it was.
    assert quick.case(number).state == "drafting"
    assert first(quick, number, "handler").event == "submit"


# --- whoever is asked


def asked(place: Place) -> str:
    number = place.bring("in_hand")
    place.act("handler", "consult_third_party", number, after(2), name="甲公司", address="江州市工业路1号")
    place.made()
    return number


def test_the_letter_that_asks_is_sent_before_an_answer_is_expected(quick: Place) -> None:
    number = asked(quick)
    for who in ("handler", "registrar"):
        option = first(quick, number, who)
        assert option.event == "letter_posted"
        assert {*option.letters} == {"P2", "P6", "P7", "P8"}
    quick.act("registrar", "letter_posted", number, after(2), letter=[*option.letters])
    assert first(quick, number, "registrar").event != "letter_posted"


@pytest.mark.parametrize(
    ("event", "on"), [("consultation_recalled", after(5)), ("opinion_lapsed", after(40))]
)
def test_nobody_was_asked_by_a_letter_that_lies_here(quick: Place, event: str, on: date) -> None:
    plain = reply_clock(quick, quick.bring("in_hand"))
    number = asked(quick)
    facts = {"no": 1, "reasons": "信息已公开"} if event == "consultation_recalled" else {"no": 1}
    done = quick.act("handler", event, number, on, **facts)
    assert reply_clock(quick, number)[0] == plain[0]
    if event == "opinion_lapsed":
        assert any("ever sent" in text for text, _ in done.notes)
    # Sent on the day on which it was recorded, the time until then is left out.
    number = asked(quick)
    quick.act("registrar", "letter_posted", number, after(2), letter=["P6"])
    quick.act("handler", "consultation_recalled", number, after(5), no=1, reasons="信息已公开")
    assert reply_clock(quick, number)[0] > plain[0]


# --- electronic service


def test_nothing_arrives_before_it_left(sqlite_url: str) -> None:
    quick = builders.found(sqlite_url, online_reconsideration="https://fuyi.example/jz")
    number = quick.receive(channel="online").case.number
    quick.walk(number, ROADS["approved"])
    quick.act("handler", "issue", number, after(7), served_by="online")
    quick.made()
    on = after(8)
    sent = {"served_by": "online", "system": "政务平台账号甲", "sent_at": f"{on} 10:20"}
    quick.act("registrar", "dispatch", number, on, **sent)
    facts = {"proof": "系统回执", "how": "system"}
    with pytest.raises(Malformed) as caught:
        quick.act("registrar", "serve", number, on, **facts, arrived_at=f"{on} 10:19")
    assert caught.value.field == "arrived_at"
    quick.act("registrar", "serve", number, on, **facts, arrived_at=f"{on} 10:20")
    quick.store.close()


# --- what goes out first


@pytest.mark.parametrize(("state", "code"), [("withdrawn in hand", "D14"), ("lapsed", "D13")])
def test_the_letter_that_ends_an_application_is_sent_before_the_case_is_filed(
    quick: Place, state: str, code: str
) -> None:
    number = quick.bring(state.split(" ")[0], variant=state)
    quick.made()
    for who in ("registrar", "archivist"):
        option = first(quick, number, who)
        assert (option.event, option.letters) == ("letter_posted", (code,))
    quick.act("registrar", "letter_posted", number, TODAY, letter=[code])
    assert first(quick, number, "archivist").event == "file"


def test_the_acknowledgement_of_a_case_that_is_served_waits_for_nobody(quick: Place) -> None:
    number = quick.bring("served")
    assert first(quick, number, "archivist").event == "file"


# --- one notice to the applicant about several third parties


def test_the_notice_of_several_third_parties_holds_as_long_as_one_is_asked(quick: Place) -> None:
    number = quick.bring("in_hand", items=["甲公司的报价", "乙公司的报价"])
    for no, name in enumerate(("甲公司", "乙公司"), 1):
        quick.act("handler", "consult_third_party", number, after(3), name=name, items=[no])
    quick.made()
    notice = next(life for life in quick.case(number).lives if life.code == "P8" and life.letter)
    done = quick.act("registrar", "opinion_given", number, after(4), no=1, answer="agree")
    assert not any("void now" in text for text, _ in done.notes)
    quick.act("registrar", "opinion_given", number, after(5), no=2, answer="agree")
    again = next(life for life in quick.case(number).lives if life.letter == notice.letter)
    assert again.void is not None


# --- asking late


def test_asking_late_is_not_told_of_a_last_day_that_is_over(quick: Place) -> None:
    number = quick.bring("in_hand")
    facts = {"matters": "请明确年度", "late_reasons": "审查时才发现"}
    done = quick.act("handler", "ask_correction", number, date(2026, 3, 16), **facts)
    texts = [text for text, _ in done.notes]
    assert any("has its effect only once it is sent [" in text for text in texts)
    assert not any("at the latest" in text for text in texts)
