"""After a notice or a change of the law: which deadlines move is shown first, then written, one entry a
case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, notices
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Conflict, Refused
from workflow.cases import clocks
from workflow.casework.desk import Desk
from workflow.casework.opened import open_case
from workflow.office import profile_changes
from workflow.storage.models import TABLES
from workflow.upkeep import recompute, recompute_write, verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

YEAR = notices.YEAR
MONDAY = date(YEAR - 1, 12, 14) - timedelta(days=date(YEAR - 1, 12, 14).weekday())
# Later than any reply that is due, on the first day that only the notice makes a day off in spring.
LATER = next(day for day in notices.OFF if day > date(YEAR, 1, 25) and day.weekday() < 5)


def day(n: int) -> date:
    """A day of December, so many days after a Monday in its middle."""
    return MONDAY + timedelta(days=n)


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    made = builders.found(database_url, today=notices.TODAY, targets={"drafting": 14})
    yield made
    made.store.close()


def cases(place: Place) -> dict[str, str]:
    """A case of each kind that computing anew has to know, by its kind."""
    return place.once(("cases",), lambda: _cases(place))


def _cases(place: Place) -> dict[str, str]:
    number = {
        name: place.receive(MONDAY, name=name).case.number
        for name in ("plain", "consulted", "answered", "extended", "corrected", "fee", "delayed", "contested")
    }
    for name in ("consulted", "answered", "extended", "fee"):
        for who, event, after, facts in builders.ROADS["in_hand"]:
            place.act(who, event, number[name], day(after), **facts)
    place.act("handler", "consult_third_party", number["consulted"], day(2), name="甲公司")
    place.act("handler", "consult_third_party", number["answered"], day(2), name="乙公司")
    place.act("handler", "opinion_given", number["answered"], day(4), no=1, answer="agree")
    place.act("head", "extend", number["extended"], day(4), reasons="信息量大")
    place.act(
        "registrar",
        "ask_correction",
        number["corrected"],
        day(1),
        matters="请明确年度",
        answer_by=str(day(10)),
    )
    place.act("registrar", "correct", number["corrected"], day(4))
    place.act("handler", "notify_fee", number["fee"], day(2), basis="by_page", count=57)
    place.act("registrar", "notice_reached", number["fee"], day(2), letter="P12")
    place.walk(
        number["delayed"],
        [
            *builders.ROADS["in_hand"],
            ("registrar", "ask_reasons", 1, {"matters": "已提出63件", "answer_by": str(day(9))}),
        ],
    )
    place.act("registrar", "give_reasons", number["delayed"], day(3), reasons="用于学术研究")
    # The day told to the applicant is one that the notice makes a day off.
    place.act("head", "delay", number["delayed"], day(4), until=str(LATER), reasons="数量巨大")
    # Silence is contested too: a defence to be given, a hearing, a judgment that may be appealed, a new
    # decision ordered.
    for no, (event, facts) in enumerate(
        [
            ("open_suit", {"kind": "direct", "body": "江州市姑江区人民法院"}),
            ("open_suit", {"kind": "direct", "body": "江州市姑江区人民法院"}),
            ("open_reconsideration", {"body": "江南省人民政府", "procedure": "simple"}),
        ],
        1,
    ):
        place.act("legal", event, number["contested"], day(3), **facts)
        if no == 1:
            place.act("legal", "set_hearing", number["contested"], day(3), no=no, hearing=str(LATER))
    decided = {"result": "annulled", "redecide": "yes"}
    for no in (2, 3):
        place.act("legal", "remedy_decided", number["contested"], day(4), no=no, **decided)
    return number


def old_cases(place: Place) -> list[str]:
    """Cases on which nothing is to move: filed, withdrawn, and one whose last day has come before."""
    return [place.bring(state, on=date(YEAR - 1, 3, 2)) for state in ("filed", "withdrawn", "in_hand")]


def notice_comes(place: Place, tmp_path: Path) -> Place:
    """The notice is imported, and the officers open their desks again."""
    notices.comes(place.desk("head"), tmp_path)
    return Place(place.store, place.key, notices.PROMULGATED)


def kept(place: Place) -> dict[tuple[str, str, int], tuple[date, bool, str]]:
    """All clocks as the table has them."""
    clock, case = TABLES["clock"], TABLES["case_file"]
    query = sa.select(clock, case.c.number).join(case, case.c.id == clock.c.case_id)
    with place.store.reading() as connection:
        return {
            (r.number, r.rule, r.ref): (r.due, bool(r.provisional), r.state)
            for r in connection.execute(query)
        }


def folded(place: Place) -> dict[tuple[str, str, int], tuple[date, bool, str]]:
    """All clocks as the entries give them under the law and calendar of now."""
    desk = place.desk()
    found = {}
    with place.store.reading() as connection:
        for number in connection.execute(sa.select(TABLES["case_file"].c.number)).scalars().all():
            opened = open_case(desk, connection, number)
            for clock in clocks.all_clocks(opened.case, desk.context):
                found[number, clock.rule, clock.ref] = (
                    clock.deadline.due,
                    clock.deadline.provisional,
                    clock.state,
                )
    return found


def entries(place: Place) -> list[sa.RowMapping]:
    ledger = TABLES["ledger"]
    with place.store.reading() as connection:
        query = sa.select(ledger).where(ledger.c.event == "recompute").order_by(ledger.c.seq)
        return list(connection.execute(query).mappings())


def stale(place: Place) -> list[str]:
    return verify_record.verify(place.store, place.desk().office).stale


def test_the_plan_shows_and_changes_nothing(place: Place, tmp_path: Path) -> None:
    number, old = cases(place), old_cases(place)
    assert not list(recompute.plan(place.desk()))
    now = notice_comes(place, tmp_path)
    before = builders.digest(place.store)
    changes = {change.number: change for change in recompute.plan(now.desk())}
    assert builders.digest(place.store) == before
    assert set(changes) == set(number.values())
    assert not set(old) & set(changes)
    told = {
        (change.number, move.rule, move.ref): (move.after, move.provisional)
        for change in changes.values()
        for move in change.moves
    }
    fresh, rows = folded(now), kept(now)
    differ = {
        key
        for key, (due, provisional, state) in rows.items()
        if state in recompute.GOING and (due, provisional) != fresh[key][:2]
    }
    assert set(told) == differ
    assert all(told[key] == fresh[key][:2] for key in told)
    # Each says why: days that are off now and were not.
    reply = next(move for move in changes[number["plain"]].moves if move.rule == "reply.limit")
    assert (reply.was_provisional, reply.provisional) == (True, False)
    assert reply.before is not None
    assert reply.after is not None
    assert reply.after > reply.before
    why = changes[number["plain"]].why
    assert (str(notices.MOVED[0]), "off", notices.NUMBER) in why
    assert sorted(stale(now)) == sorted(number.values())


def test_applied_it_is_one_entry_a_case_and_the_record_holds(place: Place, tmp_path: Path) -> None:
    number = cases(place)
    old_cases(place)
    now = notice_comes(place, tmp_path)
    changes = list(recompute.plan(now.desk()))
    assert recompute_write.apply(now.desk(), changes) == len(changes) == len(number)
    written = entries(now)
    assert len(written) == len(changes)
    assert {row["case_id"] for row in written} == {change.case_id for change in changes}
    for row, change in zip(written, changes, strict=True):
        assert json.loads(row["payload"]) == change.payload
        assert (row["actor"], row["on_day"]) == ("registrar", notices.PROMULGATED)
        assert row["source"] == row["dest"]
    assert stale(now) == []
    fresh = folded(now)
    assert {key: found for key, found in kept(now).items() if found[2] in recompute.GOING} == {
        key: found for key, found in fresh.items() if found[2] in recompute.GOING
    }
    for name in number.values():
        row = now.row(name)
        assert (row["reply_due"], row["reply_provisional"]) == fresh[name, "reply.limit", 0][:2]
        assert row["reply_provisional"] is False
    # It is done once.
    assert not list(recompute.plan(now.desk()))
    # The case goes on, and its history tells it.
    now.act("registrar", "register", number["plain"], day(1))
    assert stale(now) == []


@pytest.mark.parametrize("kind", ["consulted", "answered", "extended", "corrected", "fee", "contested"])
def test_what_hangs_on_more_than_its_start_is_folded_anew(place: Place, tmp_path: Path, kind: str) -> None:
    number = cases(place)[kind]
    before = kept(place)
    now = notice_comes(place, tmp_path)
    recompute_write.apply(now.desk(), recompute.plan(now.desk()))
    after, fresh = kept(now), folded(now)
    moved = [key for key in before if key[0] == number and before[key] != after[key]]
    assert (number, "reply.limit", 0) in moved
    assert all(after[key] == fresh[key] for key in moved)
    assert {key[1] for key in moved} >= {
        "consulted": {"third_party.opinion"},
        "fee": {"fee.payment"},
        "extended": {"internal.drafting"},
        "contested": {"remedy.defence", "remedy.redecision"},
    }.get(kind, set())


def test_interrupted_in_the_middle_whole_lots_are_written(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [place.receive(day(n % 3), name=f"申请人{n}").case.number for n in range(7)]
    now = notice_comes(place, tmp_path)
    monkeypatch.setattr(recompute_write, "LOT", 3)

    def breaks() -> Iterator[recompute.Change]:
        for n, change in enumerate(list(recompute.plan(now.desk()))):
            if n == 5:
                raise KeyboardInterrupt
            yield change

    with pytest.raises(KeyboardInterrupt):
        recompute_write.apply(now.desk(), breaks())
    assert len(entries(now)) == 3
    assert len(stale(now)) == 4
    assert recompute_write.apply(now.desk(), recompute.plan(now.desk())) == 4
    assert stale(now) == []
    assert len(entries(now)) == len(numbers)


def test_a_fault_inside_a_lot_writes_nothing_of_it(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(place)
    now = notice_comes(place, tmp_path)
    changes = list(recompute.plan(now.desk()))
    before = builders.digest(place.store)

    def fails(*_: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(recompute_write, "_update", fails)
    with pytest.raises(RuntimeError):
        recompute_write.apply(now.desk(), changes)
    assert builders.digest(place.store) == before


def test_a_case_that_changed_meanwhile_is_not_written_over(place: Place, tmp_path: Path) -> None:
    number = cases(place)
    now = notice_comes(place, tmp_path)
    changes = list(recompute.plan(now.desk()))
    now.act("registrar", "register", number["plain"], day(1))
    before = builders.digest(place.store)
    with pytest.raises(Conflict):
        recompute_write.apply(now.desk(), changes)
    assert builders.digest(place.store) == before


def test_who_may_write_it(place: Place, tmp_path: Path) -> None:
    cases(place)
    now = notice_comes(place, tmp_path)
    changes = list(recompute.plan(now.desk("handler")))
    assert changes
    with pytest.raises(Refused):
        recompute_write.apply(now.desk("handler"), changes)
    assert entries(now) == []


def test_another_office_is_left_alone(place: Place, tmp_path: Path) -> None:
    other = builders.found(place.store.url, "ot", today=notices.TODAY)
    theirs = other.receive(MONDAY).case.number
    mine = place.receive(MONDAY).case.number
    now = notice_comes(place, tmp_path)
    (change,) = recompute.plan(now.desk())
    assert change.number == mine
    recompute_write.apply(now.desk(), [change])
    now_theirs = Place(other.store, "ot", notices.PROMULGATED)
    assert [found.number for found in recompute.plan(now_theirs.desk())] == [theirs]


# --- the law, or the office, computes otherwise


def test_another_law_moves_what_its_rows_alone_do_not_tell(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow import law

    number = place.receive(date(YEAR - 1, 3, 2)).case.number
    done = place.bring("filed", on=date(YEAR - 1, 3, 2))
    before = kept(place)
    tables = {**law.bundled().tables}
    durations = dict(tables["durations"])
    durations["value"] = [
        {**row, "value": 25} if row["id"] == "reply.limit" and row["value"] == 20 else row
        for row in durations["value"]
    ]
    changed = law.Law({**tables, "durations": durations})
    assert changed.version != law.bundled().version
    monkeypatch.setattr(law, "bundled", lambda: changed)
    now = Place(place.store, place.key, place.today)
    # What is closed stays as it was then, and that is no fault; what runs is to be computed anew.
    assert stale(now) == [number]
    (change,) = recompute.plan(now.desk())
    assert change.number == number
    (move,) = change.moves
    assert (move.rule, move.before) == ("reply.limit", before[number, "reply.limit", 0][0])
    assert move.after == now.desk().context.calendar.add(date(YEAR - 1, 3, 2), 25)
    assert ("", "law", "") in change.why
    recompute_write.apply(now.desk(), [change])
    assert stale(now) == []
    with place.store.reading() as connection:
        clock = TABLES["clock"]
        moved = sa.select(clock).where(clock.c.due == move.after, clock.c.rule == "reply.limit")
        row = connection.execute(moved).one()
    assert row.length == 25
    assert kept(now)[done, "reply.limit", 0] == before[done, "reply.limit", 0]


def other_law(monkeypatch: pytest.MonkeyPatch, id: str, value: int) -> None:
    """A law in which one value is another from now on."""
    from workflow import law

    durations = dict(law.bundled().tables["durations"])
    durations["value"] = [{**row, "value": value} if row["id"] == id else row for row in durations["value"]]
    changed = law.Law({**law.bundled().tables, "durations": durations})
    assert changed.version != law.bundled().version
    monkeypatch.setattr(law, "bundled", lambda: changed)


def test_what_does_not_move_is_folded_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = cases(place)
    old = place.bring("in_hand", on=date(YEAR - 1, 3, 2))
    before = kept(place)
    other_law(monkeypatch, "litigation.after_reconsideration", 16)
    now = Place(place.store, place.key, place.today)
    folds = []
    real = recompute.fold

    def counted(*given: Any, **named: Any) -> Any:
        folds.append(named["number"])
        return real(*given, **named)

    monkeypatch.setattr(recompute, "fold", counted)
    still: list[recompute.Still] = []
    assert not list(recompute.plan(now.desk(), still))
    assert set(folds) == {*numbers.values(), old}
    # Looking alone leaves everything as it is.
    folds.clear()
    assert not list(recompute.plan(now.desk(), still := []))
    assert len(folds) == len(numbers) + 1
    assert recompute_write.apply(now.desk(), [], still=still) == 0
    folds.clear()
    assert not list(recompute.plan(now.desk()))
    assert folds == []
    assert entries(now) == []
    assert kept(now) == before
    assert stale(now) == []


def test_the_other_clocks_of_a_case_that_moves_are_not_computed_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.bring("in_hand", on=date(YEAR - 1, 3, 2))
    other_law(monkeypatch, "reply.limit", 25)
    now = Place(place.store, place.key, place.today)
    (change,) = recompute.plan(now.desk())
    assert change.still
    recompute_write.apply(now.desk(), [change])
    with now.store.reading() as connection:
        clock = TABLES["clock"]
        running = sa.select(clock.c.calendar).where(clock.c.state.in_(recompute.GOING))
        assert set(connection.execute(running).scalars()) == {now.desk().context.basis}
    assert stale(now) == []


def test_a_clock_of_a_case_that_was_written_meanwhile_is_left_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = place.receive(MONDAY).case.number
    place.receive(MONDAY, name="李四")
    other_law(monkeypatch, "litigation.after_reconsideration", 16)
    then = Place(place.store, place.key, place.today)
    still: list[recompute.Still] = []
    assert not list(recompute.plan(then.desk(), still))
    # Another program, which knows the old law, writes to the case.
    place.act("registrar", "register", number, day(1))
    recompute_write.apply(then.desk(), [], still=still)
    again: list[recompute.Still] = []
    assert not list(recompute.plan(then.desk(), again))
    assert {case_id for _, case_id, _ in again} == {place.row(number)["id"]}


def test_a_target_that_the_office_sets_begins_moves_and_ends_clocks(place: Place) -> None:
    number = place.bring("in_hand", on=date(YEAR - 1, 3, 2))
    key = (number, "internal.drafting", 0)

    def after(value: str) -> tuple[Place, list[recompute.Move]]:
        profile_changes.set_profile(Desk(place.store, "head"), "targets.drafting", value)
        now = Place(place.store, place.key, place.today)
        (change,) = recompute.plan(now.desk())
        recompute_write.apply(now.desk(), [change])
        assert stale(now) == []
        return now, [move for move in change.moves if move.rule == "internal.drafting"]

    first = kept(place)[key][0]
    now, (move,) = after("10")
    assert (move.before, move.after) == (first, kept(now)[key][0])
    assert kept(now)[key][0] < first


def test_consultations_that_the_office_leaves_out_or_not(place: Place) -> None:
    number = place.bring("in_hand", on=date(YEAR - 1, 3, 2))
    place.act("handler", "refer", number, date(YEAR - 1, 3, 5), name="保密局", answer_by=f"{YEAR - 1}-03-20")
    place.made()
    place.act("registrar", "letter_posted", number, date(YEAR - 1, 3, 5), letter="P15")
    plain = place.due(number)
    profile_changes.set_profile(Desk(place.store, "head"), "settings.excluded_referral", "true")
    now = Place(place.store, place.key, place.today)
    assert stale(now) == [number]
    recompute_write.apply(now.desk(), recompute.plan(now.desk()))
    assert now.due(number) > plain
    assert stale(now) == []


def test_a_setting_that_moves_the_beginning_of_the_time_for_reply(place: Place) -> None:
    """Under the Regulations of 2008 the office settles whether a correction begins the time anew."""
    received = builders.OLD
    number = place.bring("correction_asked", on=received)
    place.act("registrar", "correct", number, received + timedelta(days=9))
    before = place.due(number)
    profile_changes.set_profile(Desk(place.store, "head"), "settings.correction_restarts_2008", "true")
    now = Place(place.store, place.key, place.today)
    assert stale(now) == [number]
    recompute_write.apply(now.desk(), recompute.plan(now.desk()))
    assert stale(now) == []
    assert now.row(number)["reply_start"] == received + timedelta(days=9)
    assert now.row(number)["reply_due"] == now.due(number) > before


# --- on the command line


def test_on_the_command_line(place: Place, tmp_path: Path) -> None:
    number = cases(place)
    said = disclosure("recompute")
    assert (said.code, said.out.strip()) == (0, "No open deadline moves.")
    notice_comes(place, tmp_path)
    before = builders.digest(place.store)
    shown = disclosure("recompute")
    assert number["plain"] in shown.out
    assert "(provisional) →" in shown.out
    assert f"{notices.MOVED[0]} is now off ({notices.NUMBER})" in shown.out
    assert "nothing was written" in shown.out
    assert "disclosure recompute --apply" in shown.out
    assert builders.digest(place.store) == before
    assert "disclosure recompute" in disclosure("verify").out
    plain = disclosure("recompute", "--json").json
    assert plain["applied"] is False
    assert {change["case"] for change in plain["changes"]} == set(number.values())
    chinese = disclosure("recompute", "--lang", "zh_CN").out
    assert "答复期限" in chinese
    assert "provisional" not in chinese
    done = disclosure("recompute", "--apply", "--json")
    assert (done.code, done.json["applied"]) == (0, True)
    assert done.json["changes"] == plain["changes"]
    assert disclosure("recompute", "--json").json["changes"] == []
    assert "recompute" in [entry["event"] for entry in disclosure("history", number["plain"], "--json").json]
    assert disclosure("verify").code == 0
