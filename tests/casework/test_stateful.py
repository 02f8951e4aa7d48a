"""The whole engine driven at random: several officers on several cases, with invariants checked after each
step.

A step is an act that is offered, by the officer whose turn it is, or any act by anybody with any facts. A
refused step must leave everything as it was.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import builders
from tests.builders import OFFICERS, ROADS, TODAY, Place, Watch
from tests.thorough import examples
from workflow.base.errors import DisclosureError
from workflow.cases import case_row, clocks
from workflow.cases.case import CaseFile
from workflow.casework import amendment_consequences
from workflow.procedure import act_forms, next_steps, transitions
from workflow.procedure.fold import fold
from workflow.storage import case_entries
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

RULES = transitions.bundled()
EVENTS = list(act_forms.specs())
GOING = {"running", "paused", "stopped"}
# Years after the filing: what was filed in 2011 may be destroyed, what was filed this year may not.
LATER = ("propose_destruction", "destroy")
# Acts that end or divert a case are tried less often.
ASIDE = ("note", "open_reconsideration", "open_suit", "extend", "set_hearing")
# Days of receipt under both Regulations, beside the change and beside the long holidays.
RECEIPTS = [
    date(2026, 3, 2),
    date(2026, 2, 13),
    date(2026, 4, 30),
    date(2019, 5, 14),
    date(2019, 5, 15),
    date(2011, 6, 1),
]

# --- facts that an act may get: mostly in order, sometimes not


def _far(n: int) -> st.SearchStrategy[timedelta]:
    return st.integers(0, n).map(lambda days: timedelta(days=days))


_no = st.integers(1, 2)
_text = st.sampled_from(["理由充分", "<b>{{ 7*7 }}</b>", "=1+1", "一\n二"])
_some_day = _far(60)
_letter = st.sampled_from(["P2", "P3", "P5", "P6", "P8", "D1", "1", "2", "3"])
_FACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "ask_correction": {"matters": _text, "answer_by": _far(20)},
    "correct": {"request": _text},
    "ask_reasons": {"matters": _text, "answer_by": _far(20)},
    "give_reasons": {"reasons": _text},
    "assign": {"unit": st.sampled_from(["ban", "ban", "fa"])},
    "reassign": {"unit": st.sampled_from(["ban", "fa"]), "reasons": _text},
    "return_assignment": {"reasons": _text},
    "propose_transfer": {"unit": st.sampled_from(["ban", "fa", "fa"]), "reasons": _text},
    "refuse_transfer": {"reasons": _text},
    "consult_third_party": {"name": _text, "delivered": _far(3), "answer_by": _far(20)},
    "consult_co_maker": {"name": _text},
    "consult_organ": {"name": _text, "answer_by": _far(20)},
    "refer": {"name": _text, "answer_by": _far(20)},
    "opinion_delivered": {"no": _no},
    "opinion_given": {"no": _no, "answer": st.sampled_from(["agree", "object", "partly"])},
    "opinion_lapsed": {"no": _no},
    "consultation_recalled": {"no": _no, "reasons": _text},
    "objection_overruled": {"no": _no, "reasons": _text},
    "notify_fee": {"basis": st.sampled_from(["by_item", "by_page"]), "count": st.integers(1, 300)},
    "pay_fee": {},
    "extend": {"reasons": _text, "days": st.integers(0, 22)},
    "undo_extension": {"reasons": _text},
    "delay": {"until": _far(120), "reasons": _text},
    "pass_review": {"opinion": _text},
    "return_draft": {"reasons": _text},
    "issue": {"served_by": st.sampled_from(["post", "hand", "online"])},
    "dispatch": {"served_by": st.sampled_from(["post", "hand", "entrusted", "email"])},
    "serve": {"proof": _text},
    "come_back": {"reasons": _text},
    "withdraw": {"how": _text},
    "file_unserved": {"reasons": _text},
    "file": {"despite": _text},
    "keep_longer": {"until": _far(4000), "why": _text},
    "propose_destruction": {"why": _text},
    "destroy": {"why": _text},
    "override_rule": {"rule": st.sampled_from(["instruments_known", "remedy", "nothing"]), "reasons": _text},
    "reopen": {"reasons": _text},
    "redecide": {"no": _no, "due": _far(40)},
    "open_reconsideration": {"body": _text, "defence_due": _far(20)},
    "open_suit": {"kind": st.sampled_from(["direct", "after_reconsideration"]), "body": _text},
    "defend": {"no": _no},
    "set_hearing": {"no": _no, "hearing": _some_day},
    "remedy_decided": {
        "no": _no,
        "outcome": st.sampled_from(["upheld", "corrected", "other"]),
        "redecide": st.sampled_from(["yes", "no"]),
    },
    "appeal": {"no": _no, "by": st.sampled_from(["organ", "applicant", "third_party"])},
    "remand": {"no": _no},
    "notice_reached": {"letter": st.sampled_from(["P3", "P4", "P5", "P8", "P12", "P14", "D13"])},
    "void_reply": {"reasons": _text},
    "void_letter": {"letter": _letter, "reasons": _text},
    "approve_letter": {"letter": st.lists(_letter, min_size=1, max_size=2)},
    "letter_posted": {"letter": st.lists(_letter, min_size=1, max_size=2)},
    "letter_arrived": {"letter": st.lists(_letter, min_size=1, max_size=2)},
    "letter_returned": {"letter": st.lists(_letter, min_size=1, max_size=2), "reasons": _text},
    "note": {"text": _text},
}
_OPTIONAL = {
    "delivered",
    "answer_by",
    "days",
    "due",
    "served_by",
    "defence_due",
    "opinion",
    "request",
    "despite",
}
_DRAFTS = [
    {"outcome": "granted", "means": "邮寄"},
    {"outcome": "not_held", "extra": ["search=检索三处"]},
    {
        "outcome": "withheld",
        "ground": "internal_affairs",
        "reasons": "车辆调度的内部记录，公开会影响秩序",
        "extra": ["severance=不能作区分处理"],
    },
    {
        "outcome": "withheld",
        "ground": "trade_secret",
        "reasons": "载有未公开的成本构成",
        "extra": ["severance=不能作区分处理"],
    },
    {"outcome": "granted"},
]
AMENDABLE = [
    "received-on",
    "applicant-name",
    "address",
    "consulted-on",
    "answered-on",
    "served-on",
    "paid-on",
    "corrected-on",
    "dispatched-on",
    "extended-on",
    "notice-reached-on",
    "request",
    "tracking",
]


@st.composite
def facts_of(draw: st.DrawFn, event: str, on: date) -> dict[str, Any]:
    if event == "draft":
        return dict(draw(st.sampled_from(_DRAFTS)))
    given = {}
    for name, strategy in _FACTS.get(event, {}).items():
        if name in _OPTIONAL and draw(st.booleans()):
            continue
        value = draw(strategy)
        given[name] = (on + value).isoformat() if isinstance(value, timedelta) else value
    return given


class Office(RuleBasedStateMachine):
    """An office with officers at work."""

    folder: Path
    base: Path

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp(dir=self.folder)) / "disclosure.db"
        shutil.copyfile(self.base, self.path)
        shutil.copyfile(
            self.base.with_name("disclosure.key.json"), self.path.with_name("disclosure.key.json")
        )
        self.place = Place(builders.Store(f"sqlite:///{self.path}"))
        self.watch = Watch(self.path)
        # Whether what always holds was looked at before.
        self.looked = False
        self.numbers: list[str] = []
        self.versions: dict[str, int] = {}

    def teardown(self) -> None:
        self.watch.close()
        self.place.store.close()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    # --- steps

    def try_(self, number: str | None, call: Any) -> None:
        """An act: done, with the version one higher, or refused, with every row as it was."""
        before = self.watch.digest()
        try:
            done = call()
        except DisclosureError:
            assert self.watch.digest() == before
            return
        if number is None:
            number = done.case.number
            self.numbers.append(number)
            self.versions[number] = 0
        # What the act made untrue lapses by an entry of its own.
        self.versions[number] += 1 + any("void now" in text for text, _ in done.notes)
        assert done.version == self.versions[number]

    @initialize(on=st.sampled_from(RECEIPTS))
    def first(self, on: date) -> None:
        self.try_(None, lambda: self.place.receive(on))

    @precondition(lambda self: len(self.numbers) < 3)
    @rule(
        on=st.sampled_from(RECEIPTS),
        officer=st.sampled_from(["registrar", "registrar", "handler"]),
        items=st.sampled_from([None, ["名单", "报告"]]),
        channel=st.sampled_from(["post", "online", "in_person"]),
    )
    def receive(self, on: date, officer: str, items: list[str] | None, channel: str) -> None:
        given = builders.application(on, items=items, channel=channel, **({"request": None} if items else {}))
        self.try_(None, lambda: self.place.desk(officer).receive(given))

    @precondition(lambda self: len(self.numbers) < 3)
    @rule(variant=st.sampled_from(list(ROADS)), on=st.sampled_from([date(2026, 3, 2), date(2011, 6, 1)]))
    def receive_and_bring_on(self, variant: str, on: date) -> None:
        """A case in some state, reached by real acts."""
        if variant not in builders.roads_2008():
            on = date(2026, 3, 2)
        self.place.bring(variant.split(" ")[0], variant=variant, on=on)
        # Where it was joined, the application that took it in has come too.
        with self.place.store.reading() as connection:
            cases = TABLES["case_file"]
            own = cases.c.office_id == self.place.desk().office.id
            self.numbers = sorted(connection.execute(sa.select(cases.c.number).where(own)).scalars())
        for known in self.numbers:
            self.versions[known] = self.place.row(known)["version"]

    @precondition(lambda self: len(self.numbers) < 3)
    @rule(variant=st.sampled_from(["filed", "filed unhandled"]))
    def receive_and_destroy(self, variant: str) -> None:
        """A destroyed case; whatever is tried on it from then on is refused."""
        number = self.place.bring("filed", variant=variant, on=builders.OLD)
        self.place.act("archivist", "propose_destruction", number, TODAY, why="期满")
        self.place.act("head", "destroy", number, TODAY, why="同意")
        self.numbers.append(number)
        for known in self.numbers:
            self.versions[known] = self.place.row(known)["version"]

    def _day(self, data: st.DataObject, number: str, event: str) -> date:
        if event in LATER:
            return TODAY
        case = self.place.case(number)
        assert case.received_on is not None
        known = [case.received_on, case.last_on or case.received_on]
        known += [part.answered or part.sent for part in case.consultations]
        after = data.draw(st.sampled_from([0, 0, 1, 3, 16, 35, -2]), label="days after")
        return min(max(known) + timedelta(days=after), TODAY)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        self._go_on(data)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def go_on_again(self, data: st.DataObject) -> None:
        """Half of all steps are useful acts."""
        self._go_on(data)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def go_on_once_more(self, data: st.DataObject) -> None:
        self._go_on(data)

    def _go_on(self, data: st.DataObject) -> None:
        """What the outlook offers, by somebody who may."""
        number = data.draw(st.sampled_from(self.numbers), label="case")
        case, desk = self.place.case(number), self.place.desk("auditor")
        every = next_steps.options(case, desk.officer.actor, desk.context, TODAY, everything=True)
        every = [option for option in every if option.event in EVENTS and option.event != "attach"]
        onward = [
            option for option in every if option.ready and not option.aside and option.event not in ASIDE
        ]
        offered = onward if onward and data.draw(st.integers(0, 4), label="onward") else every
        option = data.draw(st.sampled_from(offered), label="option")
        able = [who for who, (role, _) in OFFICERS.items() if role in option.roles]
        officer = case.handler if case.handler in able else data.draw(st.sampled_from(able), label="officer")
        on = self._day(data, number, option.event)
        given = data.draw(facts_of(option.event, on), label="facts")
        if option.no:
            given["no"] = option.no
        if option.event == "draft" and len(case.items) > 1:
            given["item"] = data.draw(st.integers(1, len(case.items)), label="item")
        self.try_(number, lambda: self.place.desk(str(officer)).act(number, option.event, given, on=on))

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), officer=st.sampled_from(list(OFFICERS)), event=st.sampled_from(EVENTS))
    def do_anything(self, data: st.DataObject, officer: str, event: str) -> None:
        number = data.draw(st.sampled_from(self.numbers), label="case")
        on = self._day(data, number, event)
        given = data.draw(facts_of(event, on), label="facts")
        self.try_(number, lambda: self.place.desk(officer).act(number, event, given, on=on))

    @precondition(lambda self: self.numbers)
    @rule(
        data=st.data(),
        officer=st.sampled_from(["registrar", "head", "handler"]),
        name=st.sampled_from(AMENDABLE),
    )
    def correct(self, data: st.DataObject, officer: str, name: str) -> None:
        number = data.draw(st.sampled_from(self.numbers), label="case")
        case = self.place.case(number)
        assert case.received_on is not None
        day = case.received_on + timedelta(days=data.draw(st.integers(-3, 40), label="days"))
        new = day.isoformat() if name.endswith("-on") else data.draw(_text)
        self.try_(number, lambda: self.place.desk(officer).amend(number, name, new, "笔误"))

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), officer=st.sampled_from(["registrar", "reviewer"]))
    def look(self, data: st.DataObject, officer: str) -> None:
        number = data.draw(st.sampled_from(self.numbers), label="case")
        self.try_(number, lambda: self.place.desk(officer).reveal(number, "核对")[0])

    @rule()
    def letters_are_made(self) -> None:
        self.place.made()
        for number in self.numbers:
            self.versions[number] = self.place.row(number)["version"]

    # --- what always holds

    @invariant()
    def what_always_holds(self) -> None:
        """Looked at again where anything was recorded since: all of it is a question to the database."""
        if self.watch.untouched() and self.looked:
            return
        self.looked = True
        self.the_record_verifies()
        self.clocks_are_their_recomputation()
        self.one_reply_a_round()
        self.numbers_are_gapless()
        self.versions_count_the_entries()
        cases = [self.place.case(number) for number in self.numbers]
        self.there_is_always_a_way_on(cases)
        self.what_is_not_over_has_no_end(cases)
        self.corrections_have_named_consequences(cases)

    def the_record_verifies(self) -> None:
        """The chain holds, and every row and clock is what its entries give."""
        verdict = verify_record.verify(self.place.store, self.place.desk("registrar").office)
        assert (verdict.cases, verdict.stale) == (len(self.numbers), [])

    def clocks_are_their_recomputation(self) -> None:
        desk = self.place.desk("registrar")
        table, cases = TABLES["clock"], TABLES["case_file"]
        with self.place.store.reading() as connection:
            kept: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
            for row in connection.execute(sa.select(table)):
                kept[row.case_id].add(
                    (row.rule, row.ref, row.party, row.start, row.due, row.state, row.met_on)
                )
            for row in connection.execute(sa.select(cases)):
                case = fold(case_entries.entries(connection, row.id), number=row.number)
                made = clocks.all_clocks(case, desk.context)
                assert len({clock.key for clock in made}) == len(made)
                assert kept[row.id] == {
                    (
                        clock.rule,
                        clock.ref,
                        clock.party,
                        clock.deadline.start,
                        clock.deadline.due,
                        clock.state,
                        clock.met_on,
                    )
                    for clock in made
                }
                assert {
                    name: getattr(row, name) for name in case_row.project(case, made)
                } == case_row.project(case, made)

    def one_reply_a_round(self) -> None:
        with self.place.store.reading() as connection:
            query = sa.select(TABLES["ledger"].c.case_id, TABLES["ledger"].c.event).order_by(
                TABLES["ledger"].c.seq
            )
            replies: dict[tuple[int, int], int] = defaultdict(int)
            rounds: dict[int, int] = defaultdict(int)
            for case_id, event in connection.execute(query):
                rounds[case_id] += event == "redecide"
                replies[case_id, rounds[case_id]] += (event == "issue") - (event == "void_reply")
        assert all(count <= 1 for count in replies.values())

    def there_is_always_a_way_on(self, cases: list[CaseFile]) -> None:
        """From every state that is not the end something leads to another; who may do it is named. What was
        passed on is in the other organ's hands.
        """
        desk = self.place.desk("auditor")
        for case in cases:
            options = next_steps.options(case, desk.officer.actor, desk.context, TODAY)
            moving = [option for option in options if option.dest != case.state and not option.no]
            assert case.state in ("filed", "void", "passed_on") or moving
            for option in next_steps.options(case, desk.officer.actor, desk.context, TODAY, everything=True):
                assert option.roles
                assert option.article
                assert option.ready or option.obstacle.advice  # type: ignore[union-attr]

    def numbers_are_gapless(self) -> None:
        table, kept, own = TABLES["letter"], TABLES["series"], self.place.desk().office.id
        with self.place.store.reading() as connection:
            # What was passed on was registered by another office too, under a number of its own.
            letters = connection.execute(sa.select(table).where(table.c.office_id == own))
            given = [row.number for row in letters if row.number]
            rows = connection.execute(sa.select(kept).where(kept.c.office_id == own))
            series = {(row.name, row.year): row.last for row in rows}
        assert len(set(given)) == len(given)
        assert sorted(self.numbers) == sorted(
            f"{year}-{n:04d}"
            for (name, year), last in series.items()
            if name == "case"
            for n in range(1, last + 1)
        )
        assert len(given) == sum(last for (name, _), last in series.items() if name != "case")

    def versions_count_the_entries(self) -> None:
        for number in self.numbers:
            row = self.place.row(number)
            assert row["version"] == self.versions[number] == row["entries"]

    def what_is_not_over_has_no_end(self, cases: list[CaseFile]) -> None:
        """Before the reply of a round nothing is decided; afterwards something is; and lists say the same."""
        for case in cases:
            row, number = self.place.row(case.number), case.number
            over = case.state in (
                "withdrawn",
                "lapsed",
                "issued",
                "dispatched",
                "returned",
                "served",
                "filed",
            )
            assert (row["outcome"] is not None) == over, number
            assert (row["finished_on"] is not None) <= over
            ended = case.state in ("withdrawn", "lapsed", "served", "filed", "void", "passed_on")
            assert row["open"] == (not ended)
            state = row["reply_clock"]
            # Before receipt is confirmed no time runs; what is void or passed on ended without any outcome.
            if case.state in ("unconfirmed", "void", "passed_on"):
                assert state == (None if case.state == "unconfirmed" else "ended")
                continue
            assert state in ({"met", "late", "ended", *GOING} if over else GOING)
            if case.state in ("served", "filed", "withdrawn", "lapsed"):
                assert state in ("met", "late", "ended")

    def corrections_have_named_consequences(self, cases: list[CaseFile]) -> None:
        desk = self.place.desk("registrar")
        for case in cases:
            for text, params in amendment_consequences.consequences(case, desk.context):
                assert "{" not in text.format(**params)


@pytest.fixture
def office(_sqlite_template: Path) -> Iterator[type[Office]]:
    """The machine, with the office to begin from."""
    with builders.quick_folder() as folder:
        Office.folder, Office.base = folder, folder / "base.db"
        shutil.copyfile(_sqlite_template, Office.base)
        builders.found(f"sqlite:///{Office.base}").store.close()
        yield Office


@pytest.mark.parametrize("variant", ROADS)
def test_what_always_holds_does_so_at_the_end_of_every_road(office: type[Office], variant: str) -> None:
    machine = office()
    try:
        machine.receive_and_bring_on(variant=variant, on=date(2026, 3, 2))
        machine.what_always_holds()
    finally:
        machine.teardown()


def test_the_engine_at_random(office: type[Office]) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        office, settings=settings(max_examples=examples(40), stateful_step_count=40, deadline=None)
    )
