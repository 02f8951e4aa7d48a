"""Reconsideration and suits: their clocks by the law of the day, what may be decided, appeal, and the new
decision.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import Place, refused
from tests.counter import disclosure
from workflow import law
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.cases import clocks, rulings
from workflow.casework import letter_history
from workflow.reports.views import remedies
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

COURT = "江州市姑江区人民法院"


def clock(place: Place, number: str, rule: str, no: int = 1) -> tuple[str, str]:
    due, state = place.clocks(number)[rule, no]
    return due.isoformat(), state


# --- the clocks


@pytest.mark.parametrize(
    ("event", "facts", "on", "due", "article"),
    [
        # Until 2023 ten days are ten days (only five and seven are working days); 2023-12-30 is a Saturday.
        ("open_reconsideration", {"body": "市政府"}, "2023-12-20", "2024-01-02", "arl1999:23.1"),
        # Since 2024 ten working days: 10 to 17 February are off, Sunday the 18th is not.
        ("open_reconsideration", {"body": "市政府"}, "2024-02-05", "2024-02-23", "arl2023:48"),
        (
            "open_reconsideration",
            {"body": "市政府", "procedure": "simple"},
            "2024-02-05",
            "2024-02-18",
            "arl2023:54.1",
        ),
        ("open_suit", {"kind": "direct", "body": COURT}, "2015-04-15", "2015-04-27", "all1989:43"),
        ("open_suit", {"kind": "direct", "body": COURT}, "2015-05-04", "2015-05-19", "all2014:67.1"),
        # What the notice says goes before what the law says.
        (
            "open_suit",
            {"kind": "direct", "body": COURT, "defence_due": "2015-05-12"},
            "2015-05-04",
            "2015-05-12",
            "house:remedy",
        ),
    ],
)
def test_the_answer_is_due_by_the_law_of_the_day(
    quick: Place, event: str, facts: dict[str, Any], on: str, due: str, article: str
) -> None:
    received = date(2015, 3, 2) if on < "2016" else date(2023, 11, 1)
    number = quick.bring("received", on=received)
    done = quick.act("legal", event, number, on, **facts)
    found = next(one for one in done.clocks if one.rule == "remedy.defence")
    assert (found.deadline.due.isoformat(), found.state, found.deadline.article) == (due, "running", article)


def test_there_was_no_simple_procedure_before_2024(quick: Place) -> None:
    number = quick.bring("received", on=date(2023, 11, 1))
    fault = refused(
        lambda: quick.act(
            "legal", "open_reconsideration", number, "2023-12-20", body="市政府", procedure="simple"
        )
    )
    assert "2024-01-01" in fault.text


def test_met_late_or_ended(place: Place) -> None:
    number = place.bring("served")
    for _ in range(3):
        place.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    place.act("legal", "defend", number, "2026-04-10", no=1)
    place.act("legal", "defend", number, "2026-06-01", no=2)
    place.act("legal", "remedy_decided", number, "2026-04-20", no=3, result="withdrawn")
    states = [clock(place, number, "remedy.defence", no)[1] for no in (1, 2, 3)]
    assert states == ["met", "late", "ended"]
    verify_record.verify(place.store, place.desk().office)


# --- what was decided


def test_every_result_stands_on_articles_that_exist() -> None:
    book = law.bundled()
    for found in rulings.every().values():
        for basis in (*found.reconsideration, *found.suit):
            assert book.citation(basis.article).instrument
        days = [basis.until for basis in found.suit if basis.until]
        assert days == sorted(days)
        assert found.outcome in ("upheld", "corrected", "other")


@pytest.mark.parametrize(
    ("result", "outcome", "orders"),
    [
        ("maintained", "upheld", False),
        ("claims_dismissed", "upheld", False),
        ("annulled", "corrected", False),
        ("changed", "corrected", False),
        ("unlawful", "corrected", False),
        ("ordered", "corrected", True),
        ("rejected", "other", False),
        ("withdrawn", "other", False),
        ("mediated", "other", False),
        ("settled", "other", False),
        ("terminated", "other", False),
        ("void", "corrected", False),
    ],
)
def test_the_column_of_the_report_follows_from_the_result(
    quick: Place, result: str, outcome: str, orders: bool
) -> None:
    number = quick.bring("served")
    quick.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    quick.act("legal", "remedy_decided", number, "2026-05-20", no=1, result=result, dated="2026-05-15")
    part = quick.case(number).remedies[0]
    assert (part.outcome, part.orders_redecision, part.dated) == (outcome, orders, date(2026, 5, 15))
    assert part.effect in ("stands", "replaced", "set_aside", "unlawful", "none")


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"result": "maintained", "outcome": "corrected"}, Malformed),  # the column contradicts the result
        ({"result": "maintained", "redecide": "yes"}, Malformed),  # who is upheld has nothing to decide anew
        ({"result": "annulled", "due": "2026-06-30", "within": 20}, Malformed),
        ({"result": "annulled", "redecide": "no", "within": 20}, Malformed),
        ({"result": "annulled", "due": "2026-05-19"}, Malformed),  # before it came
        ({"result": "annulled", "dated": "2026-05-21"}, Malformed),  # dated after it came
        ({"result": "annulled", "papers": ["决定书.pdf"]}, NotFound),  # not in the file
        ({}, Malformed),  # neither result nor column
    ],
)
def test_what_cannot_be_is_refused(quick: Place, facts: dict[str, Any], kind: type[Exception]) -> None:
    number = quick.bring("served")
    quick.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    before = builders.digest(quick.store)
    fault = refused(lambda: quick.act("legal", "remedy_decided", number, "2026-05-20", no=1, **facts))
    assert isinstance(fault, kind)
    assert builders.digest(quick.store) == before


def test_a_court_does_not_uphold_since_2015(quick: Place) -> None:
    number = quick.bring("served")
    quick.act("legal", "open_suit", number, "2026-04-01", kind="direct", body=COURT)
    fault = refused(
        lambda: quick.act("legal", "remedy_decided", number, "2026-05-20", no=1, result="maintained")
    )
    assert isinstance(fault, Refused)
    assert "claims_dismissed" in (fault.advice or "")


def test_papers_are_named_by_the_files_of_the_case(quick: Place, tmp_path: Path) -> None:
    number = quick.bring("served")
    notice = tmp_path / "答复通知书.pdf"
    notice.write_bytes(b"%PDF-1.4 notice")
    quick.act("legal", "attach", number, "2026-04-01", file=[str(notice)])
    quick.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府", papers=["答复通知书.pdf"])
    assert quick.case(number).remedies[0].papers == ["答复通知书.pdf"]


# --- a new decision


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"result": "annulled", "due": "2026-06-30"}, "2026-06-30"),
        ({"result": "ordered", "within": 10}, "2026-06-03"),
        # Fifteen days end on 2026-06-04; a day off would have moved it.
        ({"result": "ordered", "days": 15}, "2026-06-04"),
        # Nothing ordered: the statutory twenty working days from the day on which it came (Dragon Boat on
        # 06-19).
        ({"result": "ordered"}, "2026-06-17"),
    ],
)
def test_the_limit_that_was_ordered_governs_the_new_decision(
    place: Place, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any], due: str
) -> None:
    number = place.bring("filed")
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    place.act("legal", "remedy_decided", number, "2026-05-20", no=1, **facts)
    assert clock(place, number, "remedy.redecision") == (due, "running")
    # That the office set the day is said of no day that somebody else set.
    found = clocks.all_clocks(place.case(number), place.desk().context)
    (notes,) = [one.deadline.notes for one in found if one.rule == "remedy.redecision"]
    assert ("ordered" in notes, "office_set" in notes) == (len(facts) > 1, False)
    # Of one remedy alone the number need not be looked up.
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", str(place.store.url))
    assert (
        f"disclosure redecide {number} --no 1"
        in disclosure("next", number, "--as", "legal", "--lang", "en").out
    )
    place.act("legal", "redecide", number, "2026-05-20", no=1)
    assert clock(place, number, "remedy.redecision")[1] == "ended"
    assert clock(place, number, "reply.limit", 0) == (due, "running")
    assert place.case(number).round == 2
    verify_record.verify(place.store, place.desk().office)


# --- a judgment binds when nobody can appeal any more


def sued(place: Place, sued_on: str = "2026-04-01", **received: Any) -> str:
    number = place.bring("filed", **received)
    place.act("legal", "open_suit", number, sued_on, kind="direct", body=COURT)
    return number


@pytest.mark.parametrize(
    ("facts", "due", "article"),
    [
        # Received on 2026-06-01, to be appealed until 06-16; twenty working days after that (Dragon Boat
        # 06-19).
        ({"result": "annulled", "within": 20}, "2026-07-15", "house:order"),
        ({"result": "annulled", "days": 30}, "2026-07-16", "house:order"),
        ({"result": "annulled", "due": "2026-07-31"}, "2026-07-31", "house:order"),
        # The court names no time: the law does, since 2025-06-01.
        ({"result": "ordered"}, "2026-07-15", "spc2025:11"),
        ({"result": "annulled", "redecide": "yes"}, "2026-07-15", "spc2025:11"),
        # The court certifies another day, for the other party got the judgment later.
        ({"result": "ordered", "effective": "2026-06-23"}, "2026-07-21", "spc2025:11"),
    ],
)
def test_a_judgment_without_appeal(place: Place, facts: dict[str, Any], due: str, article: str) -> None:
    number = sued(place)
    done = place.act("legal", "remedy_decided", number, "2026-06-01", no=1, **facts)
    assert clock(place, number, "remedy.appeal") == ("2026-06-16", "running")
    assert clock(place, number, "remedy.redecision") == (due, "running")
    found = {one.rule: one.deadline for one in done.clocks}
    # Never beside a running time to appeal.
    assert found["remedy.redecision"].start >= found["remedy.appeal"].due
    assert found["remedy.redecision"].article == article
    place.act("legal", "redecide", number, "2026-06-17", no=1)
    assert clock(place, number, "reply.limit", 0)[0] == due
    verify_record.verify(place.store, place.desk().office)


def test_a_judgment_with_appeal_binds_when_the_second_court_has_decided(place: Place) -> None:
    number = sued(place)
    place.act("legal", "remedy_decided", number, "2026-06-01", no=1, result="ordered")
    place.act("legal", "appeal", number, "2026-06-10", no=1, by="organ", body="江州市中级人民法院")
    assert ("remedy.redecision", 1) not in place.clocks(number)
    place.act(
        "legal",
        "remedy_decided",
        number,
        "2026-08-03",
        no=1,
        result="ordered",
        number="（2026）江02行终8号",
        dated="2026-07-30",
    )
    assert clock(place, number, "remedy.redecision") == ("2026-08-31", "running")
    part = place.case(number).remedies[0]
    assert (part.number, part.dated) == ("（2026）江02行终8号", date(2026, 7, 30))
    place.act("legal", "redecide", number, "2026-08-04", no=1)
    told = letter_history.set_aside(place.case(number))
    assert told is not None
    # The new reply names the court that decided last.
    assert (told["body"], told["number"]) == ("江州市中级人民法院", "（2026）江02行终8号")
    verify_record.verify(place.store, place.desk().office)


@pytest.mark.parametrize(
    ("dated", "knows"), [("2025-05-31", False), ("2025-06-01", True), ("2025-06-02", True)]
)
def test_the_law_sets_a_judgment_its_time_since_june_2025(quick: Place, dated: str, knows: bool) -> None:
    number = sued(quick, "2025-04-10", on=date(2025, 3, 3))
    done = quick.act("legal", "remedy_decided", number, "2025-06-05", no=1, result="ordered", dated=dated)
    found = next(one.deadline for one in done.clocks if one.rule == "remedy.redecision")
    # Fifteen days from 06-05 end on 06-20; twenty working days from there by either text.
    assert (found.due.isoformat(), found.start.isoformat()) == ("2025-07-18", "2025-06-20")
    assert found.article == ("spc2025:11" if knows else "ogi2019:33.2")


def test_what_reconsideration_orders_runs_from_the_receipt_of_the_decision(place: Place) -> None:
    number = place.bring("filed")
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    place.act(
        "legal",
        "remedy_decided",
        number,
        "2026-05-20",
        no=1,
        result="ordered",
        dated="2026-05-12",
        number="江政复决〔2026〕9号",
    )
    assert clock(place, number, "remedy.redecision") == ("2026-06-17", "running")
    # What is taken up later has no more time for it.
    place.act("legal", "redecide", number, "2026-06-05", no=1)
    assert clock(place, number, "reply.limit", 0) == ("2026-06-17", "running")
    assert place.case(number).remedies[0].number == "江政复决〔2026〕9号"
    verify_record.verify(place.store, place.desk().office)


def test_two_remedies_of_two_people_count_each(place: Place) -> None:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    place.act("legal", "open_suit", number, "2026-04-02", kind="direct", body=COURT, by="third_party")
    found = list(remedies.listed(place.desk("legal")))
    assert [(one.remedy.kind, one.remedy.by) for one in found] == [
        ("reconsideration", "applicant"),
        ("suit_direct", "third_party"),
    ]


# --- appeal


def test_an_appeal_takes_what_was_decided_back_until_it_is_decided_itself(place: Place) -> None:
    number = place.bring("served")
    place.act("legal", "open_suit", number, "2026-04-01", kind="direct", body=COURT)
    place.act("legal", "remedy_decided", number, "2026-06-01", no=1, result="annulled", within=20)
    assert clock(place, number, "remedy.appeal") == ("2026-06-16", "running")
    place.act("legal", "appeal", number, "2026-06-10", no=1, by="organ", body="江州市中级人民法院")
    part = place.case(number).remedies[0]
    assert (part.state, part.outcome, part.decided, part.orders_redecision) == ("appealed", None, None, False)
    assert part.first == (date(2026, 6, 1), "corrected", "annulled")
    assert clock(place, number, "remedy.appeal") == ("2026-06-16", "met")
    assert ("remedy.redecision", 1) not in place.clocks(number)
    with pytest.raises(Refused):
        place.act("legal", "redecide", number, "2026-06-11", no=1)
    with pytest.raises(Refused):
        place.act("archivist", "file", number, "2026-06-11")
    place.act("legal", "remedy_decided", number, "2026-08-03", no=1, result="claims_dismissed")
    part = place.case(number).remedies[0]
    assert (part.state, part.outcome, part.decided) == ("decided", "upheld", date(2026, 8, 3))
    with pytest.raises(Refused):
        place.act("legal", "appeal", number, "2026-08-04", no=1, by="applicant")
    verify_record.verify(place.store, place.desk().office)


def test_a_ruling_leaves_ten_days(quick: Place) -> None:
    number = quick.bring("served")
    quick.act("legal", "open_suit", number, "2026-04-01", kind="direct", body=COURT)
    quick.act("legal", "remedy_decided", number, "2026-06-01", no=1, result="rejected")
    assert clock(quick, number, "remedy.appeal") == ("2026-06-11", "running")


def test_sent_back_it_begins_again(quick: Place) -> None:
    number = quick.bring("served")
    quick.act("legal", "open_suit", number, "2026-04-01", kind="direct", body=COURT)
    quick.act("legal", "remedy_decided", number, "2026-06-01", no=1, result="claims_dismissed")
    quick.act("legal", "appeal", number, "2026-06-20", no=1, by="applicant")
    quick.act("legal", "remand", number, "2026-08-03", no=1)
    part = quick.case(number).remedies[0]
    assert (part.state, part.outcome, part.first) == ("accepted", None, None)
    assert ("remedy.appeal", 1) not in quick.clocks(number)
    quick.act("legal", "remedy_decided", number, "2026-08-20", no=1, result="annulled")
    assert quick.case(number).remedies[0].outcome == "corrected"


# --- the list


def test_the_list(place: Place) -> None:
    one, two, three = (place.bring("served") for _ in range(3))
    place.act(
        "legal",
        "open_reconsideration",
        one,
        "2026-04-01",
        body="江南省人民政府",
        reference="江政复〔2026〕8号",
    )
    place.act("legal", "open_suit", two, "2026-04-02", kind="direct", body=COURT)
    place.act("legal", "remedy_decided", two, "2026-06-01", no=1, result="ordered", within=20)
    place.act("legal", "open_reconsideration", three, "2026-04-03", body="市政府")
    place.act("legal", "remedy_decided", three, "2026-06-01", no=1, result="maintained")
    desk = place.desk("legal")
    assert [found.number for found in remedies.listed(desk)] == [one, two, three]
    assert [found.number for found in remedies.listed(desk, only_open=True)] == [one, two]
    assert [found.number for found in remedies.listed(desk, year=2025)] == []
    (found,) = remedies.listed(desk, one)
    assert found.remedy.reference == "江政复〔2026〕8号"
    assert [running.rule for running in found.running] == ["remedy.defence"]
    assert [step.command for step in found.next if not step.aside][:1] == ["defend"]
    (found,) = remedies.listed(desk, two)
    assert "redecide" in [step.command for step in found.next]
    said = disclosure("remedies", "--open", "--json", "--as", "legal", "--db", place.store.url)
    assert [(row["case"], row["body"]) for row in said.json] == [(one, "江南省人民政府"), (two, COURT)]
    text = disclosure("remedies", "--as", "legal", "--db", place.store.url, "--lang", "en").out
    assert "overdue" in text
    assert "ordered to reply" in text
    assert disclosure(
        "remedies", "--year", "1999", "--as", "legal", "--db", place.store.url, "--lang", "en"
    ).out.strip()
