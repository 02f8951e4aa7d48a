"""Alerts: each kind with a case that raises it and one that does not, whose it is, and how it is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

from tests import builders, notices
from tests.builders import Place
from tests.counter import disclosure
from workflow.base import messages
from workflow.base.errors import Malformed, NotFound, OutOfLaw
from workflow.base.masking import mask
from workflow.casework.desk import Desk
from workflow.casework.unit import Unit
from workflow.office import office_file, profile_changes
from workflow.procedure import act_forms
from workflow.reports.alerts import OVERDUE, queries, report, scope, thresholds
from workflow.reports.alerts.alert import Alert
from workflow.reports.annual import closing
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

TODAY = date(2026, 9, 1)
ON = ("--on", str(TODAY))


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    messages.use(None)
    made = builders.found(database_url, today=TODAY, targets={"drafting": 3})
    yield made
    made.store.close()
    monkeypatch.undo()
    messages.use(None)


def found(place: Place, who: str = "head", **asked: Any) -> list[Alert]:
    with report.opened(place.desk(who), **asked) as opened:
        return list(opened.alerts())


def by_kind(alerts: list[Alert]) -> dict[str, set[str | None]]:
    kinds: dict[str, set[str | None]] = defaultdict(set)
    for alert in alerts:
        kinds[alert.kind].add(alert.case)
    return kinds


def asked(place: Place, on: date, answer_by: str) -> str:
    """A case in which the applicant has been given long to correct."""
    number = place.bring("registered", on=on)
    place.act("registrar", "ask_correction", number, on, matters="请明确年度", answer_by=answer_by)
    place.act("registrar", "notice_reached", number, on, letter="P3")
    return number


def told(place: Place, state: str, on: str, letter: str) -> str:
    """A case in a state, of which the applicant was told by this letter."""
    number = place.bring(state, on=date.fromisoformat(on))
    place.act(
        "registrar", "notice_reached", number, date.fromisoformat(on) + timedelta(days=3), letter=letter
    )
    return number


def extended(place: Place, on: str, days: int, *, sent: bool = False) -> str:
    """A case whose time for reply was extended so many days after it came."""
    first = date.fromisoformat(on)
    number = place.bring("in_hand", on=first)
    place.act("head", "extend", number, first + timedelta(days=days), reasons="信息量大")
    if sent:
        place.made()
        place.act("registrar", "letter_posted", number, first + timedelta(days=days), letter=["P5"])
    return number


def consulted(place: Place, on: date, delivered: date | None = None) -> str:
    number = place.bring("in_hand", on=on)
    more = {"delivered": str(delivered)} if delivered else {}
    place.act("handler", "consult_third_party", number, on + timedelta(days=2), name="甲公司", **more)
    return number


def contested(place: Place, defence: str, hearing: str) -> str:
    number = place.bring("filed", on=date(2026, 6, 1))
    place.act(
        "legal", "open_reconsideration", number, date(2026, 8, 20), body="江南省人民政府", defence_due=defence
    )
    place.act("legal", "set_hearing", number, date(2026, 8, 21), no=1, hearing=hearing)
    return number


def online(place: Place, step: str) -> str:
    """A case of which something came from the public pages."""
    number = place.bring("registered", on=date(2026, 8, 31))
    with place.store.writing() as connection:
        connection.execute(
            sa.insert(TABLES["web_item"]).values(
                office_id=place.desk().office.id,
                case_id=place.row(number)["id"],
                token=step,
                receipt="W20260831-000001",
                kind="withdraw",
                on_day=date(2026, 8, 31),
                step=step,
                taken_at="2026-08-31T01:00:00.000000Z",
            )
        )
    return number


def urged(place: Place, *, answered: bool) -> str:
    """A case about which the office above asked."""
    number, desk = place.bring("registered", on=date(2026, 8, 28)), place.desk()
    above = Desk(
        place.store, system_of=desk.office.id, for_another=True, now=place.now, today=lambda: place.today
    )
    facts = {"no": 1, "office": place.key, "by": "某", "question": "请说明", "answer_by": "2026-10-30"}
    with place.store.writing() as connection:
        Unit.of_case(above, connection, place.row(number)["id"]).act("urged", facts, on=date(2026, 8, 31))
    if answered:
        place.act("registrar", "answer_urging", number, "2026-09-01", answer="已拟稿")
    return number


def overtaken(place: Place) -> dict[str, tuple[str, str]]:
    """By kind a case that raises it on TODAY, and one that does not."""
    return place.once(("overtaken",), lambda: _overtaken(place))


def _overtaken(place: Place) -> dict[str, tuple[str, str]]:
    early = Place(place.store, place.key, date(2026, 8, 20))

    def at(state: str, day: str) -> str:
        return place.bring(state, on=date.fromisoformat(day))

    fresh = at("received", "2026-08-31")
    return {
        "overdue": (at("received", "2026-08-03"), at("received", "2026-08-04")),
        "today": (at("in_hand", "2026-08-04"), at("in_hand", "2026-08-05")),
        "soon": (at("in_hand", "2026-08-11"), at("in_hand", "2026-08-12")),
        "hearing": (
            contested(place, "2026-09-30", "2026-09-04"),
            contested(place, "2026-09-08", "2026-10-20"),
        ),
        "target": (at("in_hand", "2026-08-17"), at("in_hand", "2026-08-27")),
        "unanswered": (
            consulted(place, date(2026, 7, 1), date(2026, 7, 8)),
            consulted(place, date(2026, 8, 24)),
        ),
        "urged": (urged(place, answered=False), urged(place, answered=True)),
        "correction": (
            told(place, "correction_asked", "2026-07-20", "P3"),
            told(place, "correction_asked", "2026-08-17", "P3"),
        ),
        "fee": (
            told(place, "fee_notified", "2026-06-01", "P12"),
            told(place, "fee_notified", "2026-08-17", "P12"),
        ),
        "unconfirmed": (at("unconfirmed", "2026-08-24"), fresh),
        "unposted": (at("issued", "2026-08-17"), at("issued", "2026-08-24")),
        "returned": (at("returned", "2026-08-03"), at("returned", "2026-08-21")),
        "unproved": (at("dispatched", "2026-08-03"), at("dispatched", "2026-08-24")),
        "stopped": (
            asked(place, date(2026, 7, 20), "2026-10-30"),
            asked(place, date(2026, 8, 20), "2026-10-30"),
        ),
        "idle": (at("assigned", "2026-08-24"), fresh),
        "notice_due": (extended(place, "2026-08-11", 14), extended(place, "2026-08-11", 14, sent=True)),
        "unsent": (at("withdrawn", "2026-08-20"), at("withdrawn", "2026-08-28")),
        "online": (online(place, "waiting"), online(place, "done")),
        "letter": (early.bring("registered", on=date(2026, 8, 19)), at("registered", "2026-08-31")),
    }


def test_every_kind_is_raised_by_one_case_and_not_by_another(place: Place) -> None:
    cases = overtaken(place)
    place.made()
    # What one of them put down is not made yet, and was put down long ago.
    late, work = cases["letter"][0], TABLES["outbox"]
    with place.store.writing() as connection:
        ids = sa.select(TABLES["case_file"].c.id).where(TABLES["case_file"].c.number == late)
        connection.execute(sa.update(work).where(work.c.case_id.in_(ids)).values(done_at=None))
    alerts = found(place)
    kinds = by_kind(alerts)
    for kind, (raises, quiet) in cases.items():
        assert raises in kinds[kind], kind
        assert quiet not in kinds[kind], kind
    assert set(cases) | {"calendar", "annual_report", "provisional"} == set(thresholds.kinds())
    # In the order of the table, and by day within a kind that has days.
    order = list(thresholds.kinds())
    assert [order.index(alert.kind) for alert in alerts] == sorted(
        order.index(alert.kind) for alert in alerts
    )
    for kind in ("overdue", "today", "soon"):
        days = [alert.due for alert in alerts if alert.kind == kind]
        assert days == sorted(days)  # type: ignore[type-var]
    calendar = place.desk().context.calendar
    for alert in alerts:
        assert alert.next.startswith("disclosure ")
        assert alert.due is None or alert.left == calendar.count(TODAY, alert.due) or alert.kind == "stopped"
    one = {(alert.kind, alert.case): alert for alert in alerts}
    overdue = one["overdue", cases["overdue"][0]]
    assert (overdue.due, overdue.left, overdue.state) == (date(2026, 8, 31), -1, "received")
    assert overdue.next == f"disclosure register {overdue.case}"
    assert (overdue.unit, overdue.handler, overdue.article) == (None, None, "ogi2019:33.2")
    assert one["unanswered", cases["unanswered"][0]].next.endswith("--no 1")
    assert one["unposted", cases["unposted"][0]].waited == 6
    # Of what was replied to, the time for reply presses no more.
    assert one["unproved", cases["unproved"][0]].due is None
    assert one["returned", cases["returned"][0]].handler == "handler"
    # A late answer of others has its own alert, and is not reported as a stopped clock.
    assert cases["correction"][0] not in kinds["stopped"]
    # The office's own target is not missed while it waits for the applicant.
    assert cases["fee"][0] not in kinds["target"]


def test_what_is_to_be_done_next_is_a_command_that_there_is() -> None:
    commands = {spec.command for spec in act_forms.specs().values()} | {"show"}
    from workflow.reports.alerts.alert import command

    for state in thresholds.states().values():
        assert command(state.act, "2026-0001").split()[1] in commands


def test_a_fault_of_a_letter_is_told_at_once_and_without_its_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.base.errors import Environment
    from workflow.jobs import queue

    number = place.bring("registered", on=date(2026, 8, 31))
    assert "letter" not in by_kind(found(place))

    def fails(*_: Any, **__: Any) -> Any:
        raise Environment("No face has the character of 张三")

    monkeypatch.setattr("letters.pdf.render.pdf", fails)
    with pytest.raises(Environment):
        queue.settle(place.desk())
    (alert,) = [alert for alert in found(place) if alert.kind == "letter"]
    assert (alert.case, alert.next) == (number, "disclosure work")
    assert "张三" not in str(alert.as_json())


def test_dates_that_the_next_notice_may_move(place: Place) -> None:
    december = Place(place.store, place.key, notices.TODAY)
    year = notices.YEAR - 1
    moves = december.receive(date(year, 12, 14)).case.number
    due = december.due(moves)
    assert due > notices.ANNOUNCED
    known = december.receive(date(year, 12, 1)).case.number
    alerts = [alert for alert in found(december) if alert.kind == "provisional"]
    assert [alert.case for alert in alerts] == [moves] or december.due(known) > notices.ANNOUNCED
    assert all(alert.provisional for alert in alerts)
    # Near, it is told as near, and as provisional all the same.
    near = [
        alert for alert in found(december, on=due) if alert.case == moves and alert.clock == "reply.limit"
    ]
    assert {alert.kind for alert in near} >= {"today"}
    assert all(alert.provisional for alert in near if alert.kind == "today")
    assert "provisional" not in by_kind(found(december, on=due))


def test_next_years_days_off(place: Place) -> None:
    year = notices.ANNOUNCED.year
    assert "calendar" not in by_kind(found(place, on=date(year, 10, 30)))
    (alert,) = [alert for alert in found(place, on=date(year, 11, 2)) if alert.kind == "calendar"]
    assert alert.case is None
    assert alert.next == "disclosure calendar import FILE"
    assert str(year + 1) in alert.detail
    assert "calendar" not in by_kind(found(place, "handler", on=date(year, 11, 2)))
    assert "calendar" not in by_kind(found(place, "registrar", unit="ban", on=date(year, 11, 2)))


def test_the_annual_report_until_its_figures_are_closed(place: Place) -> None:
    received = place.receive(TODAY).case.received_on
    year = date.fromisoformat(str(received)).year
    due = date(year + 1, 1, 31)
    assert "annual_report" not in by_kind(found(place, on=date(year + 1, 1, 2)))
    for day in (date(year + 1, 1, 20), date(year + 1, 3, 2)):
        (alert,) = [alert for alert in found(place, on=day) if alert.kind == "annual_report"]
        assert (alert.case, alert.due, alert.article) == (None, due, "ogi2019:49.1")
        assert str(year) in alert.detail
        assert "annual_report" not in by_kind(found(place, "handler", on=day))
    place.today = date(year + 1, 1, 20)
    closing.close(place.desk("head"), year, again="已公布")
    assert "annual_report" not in by_kind(found(place, on=date(year + 1, 3, 2)))


# --- whose they are


def test_the_condition_and_the_test_of_a_row_say_the_same(place: Place) -> None:
    for state in (
        "received",
        "registered",
        "assigned",
        "issued",
        "legal_review",
        "head_review",
        "section_review",
        "approved",
    ):
        place.bring(state, on=date(2026, 8, 3))
    contested(place, "2026-09-02", "2026-09-04")
    consulted(place, date(2026, 7, 1), date(2026, 7, 8))
    every = found(place, whole=True)
    seen: set[Alert] = set()
    for key in builders.OFFICERS:
        mine = found(place, handler=key)
        whose = scope.Scope(officer=place.desk(key).officer)
        assert mine == [alert for alert in every if whose.has(alert, alert.clock)], key
        seen.update(mine)
    # Every task has an owner.
    assert seen == set(every)
    assert by_kind(found(place, handler="legal"))["soon"]
    assert {alert.unit for alert in found(place, unit="ban")} == {"ban"}
    assert found(place, handler="other") == []


def test_who_sees_what_without_asking(place: Place) -> None:
    place.bring("received", on=date(2026, 8, 3))
    number = place.bring("section_review", on=date(2026, 8, 3))
    assert found(place, "head") == found(place, "registrar") == found(place, whole=True)
    assert {alert.case for alert in found(place, "handler")} == {number}
    assert {alert.case for alert in found(place, "reviewer")} == {number}
    assert found(place, "other") == []
    with report.opened(place.desk("reviewer")) as opened:
        assert opened.search.scope.unit == "ban"


def test_another_office_is_not_told(place: Place) -> None:
    other = builders.found(place.store.url, "ot", today=TODAY)
    number = other.bring("received", on=date(2026, 8, 3))
    assert found(place) == []
    assert {alert.case for alert in found(other)} == {number}


def test_what_cannot_be_asked_for(place: Place) -> None:
    for asked, fault in (
        ({"unit": "xx"}, NotFound),
        ({"handler": "nobody"}, NotFound),
        ({"kinds": ("punctual",)}, Malformed),
        ({"clock": "no such clock"}, Malformed),
        ({"unit": "ban", "mine": True}, Malformed),
        ({"on": date(2099, 1, 4)}, OutOfLaw),
    ):
        with pytest.raises(fault):
            found(place, **asked)


# --- thresholds


def test_thresholds_are_the_offices_own(place: Place) -> None:
    number = place.bring("in_hand", on=date(2026, 8, 12))
    received = place.bring("received", on=date(2026, 8, 31))
    kinds = by_kind(found(place))
    assert number not in kinds["soon"]
    assert received not in kinds["idle"]
    for name, value in (("alerts.reply.limit", "6"), ("alerts.idle.received", "0"), ("alerts.stopped", "30")):
        profile_changes.set_profile(Desk(place.store, "head"), name, value)
    now = Place(place.store, place.key, TODAY)
    kinds = by_kind(found(now))
    assert number in kinds["soon"]
    assert received in kinds["idle"]
    from workflow.upkeep import verify_record

    assert verify_record.verify(place.store, now.desk().office).entries


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ({"reply": {"limit": "3"}}, "alerts.reply.limit"),
        ({"reply.limit": -1}, "alerts.reply.limit"),
        ({"stopped": True}, "alerts.stopped"),
        ({"weeks": 0}, "alerts.weeks"),
        ({"reply": 3}, "alerts.reply"),
        ({"overdue": 3}, "alerts.overdue"),
    ],
)
def test_a_threshold_that_is_none(table: dict[str, Any], field: str) -> None:

    with pytest.raises(Malformed) as caught:
        office_file.checked(builders.office_file(alerts=table))
    assert caught.value.field == field


def test_days_by_working_days() -> None:
    from workflow import calendar

    limits = thresholds.Thresholds(calendar.known(), TODAY)
    for n in range(30):
        until, since = limits.until(n), limits.since(n)
        assert limits.left(until) == n < limits.left(until + timedelta(days=1))  # type: ignore[operator]
        assert limits.waited(since) > n >= limits.waited(since + timedelta(days=1))
    last = limits.calendar.last
    assert limits.left(last + timedelta(days=1)) is None
    end = thresholds.Thresholds(limits.calendar, last - timedelta(days=3))
    assert end.until(250) == last


# --- how they are found


def test_the_database_walks_through_no_table(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url, today=TODAY, targets={"drafting": 3})
    statements: list[tuple[str, Any]] = []
    sa.event.listen(
        place.store.engine,
        "before_cursor_execute",
        lambda _, __, statement, parameters, *___: statements.append((statement, parameters)),
    )
    for who in (None, "handler", "registrar"):
        found(place, whole=not who, **({"handler": who} if who else {}))
    asked = [
        one
        for one in statements
        if "FROM case_file" in one[0] or "FROM clock" in one[0] or "FROM outbox" in one[0]
    ]
    assert len(asked) > 40
    with place.store.reading() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row[-1] for row in plan]
            assert not [step for step in steps if step.startswith("SCAN")], (statement, steps)
            # Of the clocks, those of the rule and state that are asked for.
            for step in steps:
                if "clock USING" in step:
                    assert "clock_rule" in step or "clock_case" in step, (statement, steps)
    place.store.close()


def test_rows_come_one_by_one(place: Place) -> None:
    """The first alert is there before the last is looked up."""
    for _ in range(3):
        place.bring("received", on=date(2026, 8, 3))
    asked: list[str] = []
    sa.event.listen(
        place.store.engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement)
    )
    with report.opened(place.desk("head")) as opened:
        asked.clear()
        assert next(opened.alerts()).kind == "overdue"
        assert len(asked) == 1


# --- at the command line


def test_the_exit_status_says_whether_something_is_overdue(place: Place) -> None:
    said = disclosure("alerts", *ON)
    assert said.code == 0
    assert "Nothing presses" in said.out
    place.bring("received", on=date(2026, 8, 4))
    assert disclosure("alerts", *ON).code == 0
    number = place.bring("received", on=date(2026, 8, 3))
    said = disclosure("alerts", *ON)
    assert said.code == OVERDUE == 7
    line = next(line for line in said.out.splitlines() if line.startswith("◆"))
    for part in (number, "overdue", "2026-08-31", "1 days over", f"disclosure register {number}"):
        assert part in line
    # What is asked for decides: nothing of this kind is overdue.
    assert disclosure("alerts", *ON, "--kind", "idle").code == 0
    assert disclosure("alerts", *ON, "--unit", "fa").code == 0


@pytest.mark.parametrize(("moment", "code"), [("2026-08-31T15:59:59Z", 0), ("2026-08-31T16:00:01Z", OVERDUE)])
def test_the_day_is_that_of_china(place: Place, moment: str, code: int) -> None:
    number = place.bring("received", on=date(2026, 8, 3))
    assert place.due(number) == date(2026, 8, 31)
    with freeze_time(moment):
        assert disclosure("alerts").code == code


def test_as_json(place: Place) -> None:
    for day in ("2026-08-03", "2026-08-04", "2026-08-31"):
        place.bring("received", on=date.fromisoformat(day))
    unpaid = told(place, "fee_notified", "2026-06-01", "P12")
    said = disclosure("alerts", *ON, "--json")
    assert (said.code, said.err) == (OVERDUE, "")
    plain = said.json
    assert plain["total"] == len(plain["alerts"]) == sum(plain["counts"].values())
    assert plain["counts"] == dict(Counter(alert["kind"] for alert in plain["alerts"]))
    assert plain["on"] == str(TODAY)
    assert plain["alerts"] == [alert.as_json() for alert in found(place)]
    only = disclosure("alerts", *ON, "--json", "--kind", "fee", "--clock", "fee.payment").json
    assert [alert["case"] for alert in only["alerts"]] == [unpaid]
    empty = disclosure("alerts", *ON, "--json", "--unit", "fa").json
    assert (empty["alerts"], empty["total"]) == ([], 0)
    few = disclosure("alerts", *ON, "--limit", "2").out
    assert f"{plain['total'] - 2} more are not shown" in few


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("--unit", "xx"), 3, "unit"),
        (("--handler", "xx"), 3, "handler"),
        (("--kind", "xx"), 2, "kind"),
        (("--clock", "xx"), 2, "clock"),
        (("--mine", "--all"), 2, "all"),
        (("--on", "2026-13-01"), 2, "on"),
        (("--html", "out.html", "--weeks", "99"), 2, "weeks"),
    ],
)
def test_what_is_asked_wrongly_is_said(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Any, code: int, field: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = disclosure("alerts", *words, "--json")
    assert (said.code, said.fault["field"]) == (code, field)
    assert not (tmp_path / "out.html").exists()


def test_names_are_masked() -> None:
    assert [mask("name", name) for name in ("张三", "欧阳修远", "李")] == ["张*", "欧**", "李*"]


def test_the_search_is_told_what_there_is(place: Place) -> None:
    with pytest.raises(Malformed) as caught, report.opened(place.desk(), kinds=("late",)):
        pass
    assert "overdue" in caught.value.text
    assert queries.SOURCES.keys() == thresholds.kinds().keys()


# --- letters that lie here unsent


def unsent(place: Place, number: str, on: date) -> dict[str, Alert]:
    """What is told on a day of the unsent letters of a case, by the code of the letter."""
    day = Place(place.store, place.key, on)
    alerts = [one for one in found(day) if one.case == number and one.kind in ("notice_due", "unsent")]
    return {one.detail.split()[0]: one for one in alerts}


@pytest.mark.parametrize(
    ("letter", "road", "step", "clock"),
    [
        ("P5", "in_hand", ("head", "extend", {"reasons": "信息量大"}), "reply.limit"),
        ("P3", "in_hand", ("handler", "ask_correction", {"matters": "请明确年度"}), "correction.notice"),
        ("P12", "in_hand", ("handler", "notify_fee", {"basis": "by_page", "count": 57}), "reply.limit"),
    ],
)
def test_a_notice_that_loses_its_effect_is_told_of_before(
    place: Place, letter: str, road: str, step: tuple[str, str, dict[str, Any]], clock: str
) -> None:
    number = place.bring(road, on=date(2026, 8, 3), channel="post")
    who, event, facts = step
    place.act(who, event, number, date(2026, 8, 5), **facts)
    place.made()
    due = place.clocks(number)[clock, 0][0]
    calendar = place.desk().context.calendar
    before = calendar.add(date(2026, 8, 5), calendar.count(date(2026, 8, 5), due) - 1)
    told_of = unsent(place, number, before)[letter]
    assert (told_of.kind, told_of.clock, told_of.due, told_of.left) == ("notice_due", clock, due, 1)
    assert told_of.next == f"disclosure letter-posted {number} --letter {letter}"
    assert told_of.article
    assert unsent(place, number, due)[letter].left == 0
    # Once it has left nobody is told any more.
    place.act("registrar", "letter_posted", number, date(2026, 8, 6), letter=[letter])
    assert letter not in unsent(place, number, due)


@pytest.mark.parametrize(
    ("state", "letters"),
    [
        ("registered", {"P2"}),
        ("reasons_asked", {"P2", "P4"}),
        ("withdrawn in hand", {"D14"}),
        ("lapsed", {"D13"}),
        ("lapsed unpaid", {"D13"}),
    ],
)
def test_every_letter_that_lies_here_is_told_of(place: Place, state: str, letters: set[str]) -> None:
    number = place.bring(state.split(" ")[0], variant=state, on=date(2026, 6, 1), channel="post")
    place.made()
    assert set(unsent(place, number, TODAY)) == letters


def test_letters_of_a_consultation_are_told_of(place: Place) -> None:
    number = consulted(place, date(2026, 8, 24))
    place.made()
    assert {"P6", "P8"} <= set(unsent(place, number, TODAY))
    place.act("handler", "consultation_recalled", number, date(2026, 8, 31), no=1, reasons="已公开")
    assert not {"P6", "P8"} & set(unsent(place, number, TODAY))


def test_what_was_handed_over_is_no_unsent_letter(place: Place) -> None:
    number = place.bring("registered", on=date(2026, 8, 24), channel="in_person")
    place.made()
    assert unsent(place, number, TODAY) == {}
