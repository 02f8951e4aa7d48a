"""The check of a letter at each step of its way: what is missing when it is drafted, what stops it when it is
handed in.

The same rules over the content that would go out, asked at the draft, at the hand-in, at every pass and at
the issue. What fails stops the hand-in already; what is only suspected is shown to whoever works on the draft
or approves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from letters.check import finding, rules
from workflow.base import names
from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.cases import states
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act
from workflow.casework import approval, issue_check, notice_check
from workflow.casework.issue_check import Looked
from workflow.casework.opened import Done, Opened
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

DRAFT, STOPPED, SENT = "draft", ("submit", approval.EVENT), ("dispatch", "mailed")
HANDED, REPLY = "serve", "reply.limit"
# Ways to serve that ask the letter for nothing more: which it will be is said at the issue.
_ON_PAPER = ("post", "hand")
# The rules whose answer may be another one for another way to serve.
_OF_THE_WAY = frozenset({"way_to_serve", "composed"})


class Seen(NamedTuple):
    """What is to be told before an act, and what its entry keeps of the letter that was looked at."""

    notes: list[Remark]
    adds: dict[str, Any]


def before(desk: Seat, connection: Connection, opened: Opened, act: Act) -> Seen:
    """Refused where a draft that is handed in or passed on could not be issued as it is, or a notice asks for
    what the law does not; else what is to be told besides."""
    if act.event in STOPPED:
        looked = _found(desk, connection, opened, act.on)
        finding.require(looked.findings, opened.case.number)
        return Seen(notes(looked.findings), _bound(opened, looked) if act.event == approval.EVENT else {})
    return Seen(notice_check.before(opened.case, act, desk.context), {})


def checks_afterwards(event: str) -> bool:
    """Whether the letter is looked at once the act is written: what a new draft lacks stops nobody, and
    others need not wait for it."""
    return event == DRAFT


def look_afterwards(desk: Seat, done: Done) -> None:
    """What a new draft still lacks and what should be looked at, told with the act."""
    if done.to_check is not None:
        with desk.store.reading() as connection:
            done.notes += notes(_found(desk, connection, done.to_check, done.entry.on).findings)


def late_after(done: Done) -> list[Remark]:
    """Of what was sent, whether it was late."""
    return late(done) if done.entry.event in (*SENT, HANDED) else []


def late(done: Done) -> list[Remark]:
    """That the reply went out after its last day, with what follows from that. What is handed over is told of
    when it leaves and when it is signed for, which alone is the reply."""
    entry, handed = done.entry, done.entry.event == HANDED
    text = (
        N_(
            "The time for reply ended on {due}, and the reply was served on {met}: that is unlawful whatever it says [{article}]."
        )
        if handed
        else N_(
            "The time for reply ended on {due}, and the reply went out on {met}: that is unlawful whatever it says [{article}]."
        )
    )
    return [
        (
            text,
            {
                "due": clock.deadline.due,
                "met": clock.met_on or entry.on,
                "rule": clock.deadline.article,
                "article": _Article(clock.deadline.article),
            },
        )
        for clock in done.clocks
        if clock.rule == REPLY and done.case.mending is None and _told_now(clock, done)
    ]


def _told_now(clock: CaseClock, done: Done) -> bool:
    """Whether the entry is the one that shows the reply to be late."""
    entry = done.entry
    if clock.state == "late":
        return entry.event != HANDED or clock.met_on == entry.on
    return entry.event in SENT and clock.state in states.GOING and clock.deadline.due < entry.on


OVERDUE = {
    REPLY: N_(
        "The time for reply ended on {due}, before this was entered: it is overdue. Reply at once; until then the applicant may contest the silence [{article}]."
    ),
    "correction.notice": N_(
        "The days for asking for a correction ended on {due}, before this was entered: asked for now, it has to say why it is late [{article}]."
    ),
    "remedy.defence": N_(
        "The time for the answer ended on {due}, before this was entered: hand it in at once, and say why it is late [{article}]."
    ),
}
"""What it means that a period of the organ is over, by its rule."""


def overdue(done: Done, today: date, before: list[CaseClock] | None = None) -> list[Remark]:
    """The organ's periods that what was just entered shows to be over, and what that means; `before` are the
    clocks as they stood until then."""
    known = {
        clock.key for clock in before or () if clock.state in states.GOING and clock.deadline.due < today
    }
    return [
        (
            OVERDUE[clock.rule],
            {
                "due": clock.deadline.due,
                "rule": clock.deadline.article,
                "article": _Article(clock.deadline.article),
            },
        )
        for clock in done.clocks
        if clock.rule in OVERDUE
        and not (clock.rule == REPLY and done.case.mending is not None)
        and clock.state in states.GOING
        and clock.deadline.due < today
        and clock.key not in known
    ]


def changed(
    desk: Seat, connection: Connection, opened: Opened, on: date | None = None
) -> tuple[str, ...] | None:
    """The parts of the letter, as it would go out on a day (that of the last pass if left out), that are
    others than they were when the draft was passed; none where it cannot be composed any more; None where
    nothing changed, or nothing was passed.
    """
    case = opened.case
    if case.state not in issue_check.DRAFTED or not case.passed:
        return None
    subject = _found(desk, connection, opened, on or case.passed[-1].on).subject
    if subject.content is None:
        return ()
    parts = {part for one in subject.since or () for part in one.parts}
    return tuple(sorted(parts)) if parts else None


def _found(desk: Seat, connection: Connection, opened: Opened, on: date) -> Looked:
    """The letter for the way by which the reply would go out, or for paper, where only that way is the
    obstacle.
    """
    looked = issue_check.look(desk, connection, opened, on=on)
    if not looked.blocking or not _OF_THE_WAY.issuperset(looked.blocking):
        return looked
    for way in _ON_PAPER:
        other = issue_check.look(desk, connection, opened, on=on, served_by=way)
        if not other.blocking:
            return other
    return looked


def _bound(opened: Opened, looked: Looked) -> dict[str, Any]:
    """What the entry of a pass keeps of the letter."""
    assert opened.key is not None
    return {**approval.bound(looked.digests or approval.digests(opened.key, looked.letter.parts))}


def notes(found: Iterable[finding.Finding]) -> list[Remark]:
    """What is to be told besides the act: each thing that is missing or suspected, with its rule and
    provision.
    """
    told = {
        finding.FAILED: N_("Still missing: {text} [{called}; {article}]"),
        finding.WARNED: N_("{text} [{called}; {article}]"),
    }
    return [
        (
            told[one.status],
            {
                "text": _Text(fault),
                "id": one.rule.id,
                "called": rules.Called(one.rule),
                "rule": one.provision(fault),
                "article": _Article(one.provision(fault)),
            },
        )
        for one in found
        if one.status in told
        for fault in one.faults
    ]


def require_word(rule_id: str, roles: frozenset[str]) -> str:
    """The rule to which an officer gives his word; Refused where that is not his to give."""
    rule = rules.require_overridable(rule_id)
    if rule.level != rules.WARNS and "approver" not in roles:
        raise Refused(
            N_("The rule '{name}' is set aside by: {roles}."),
            field="rule",
            name=rules.Called(rule),
            roles=Named("role", "approver"),
            rule="house:wording",
            way_on=N_("Let an officer with that role do it."),
        )
    return rule.id


class _Text:
    """A fault put into words when it is shown, in the language of then."""

    def __init__(self, fault: Any) -> None:
        self._fault = fault

    def __format__(self, spec: str) -> str:
        return str(self._fault.text)


class _Article:
    """A provision as it is cited when it is shown."""

    def __init__(self, ref: str | None) -> None:
        self._ref = ref

    def __format__(self, spec: str) -> str:
        return names.article(self._ref) if self._ref else "-"
