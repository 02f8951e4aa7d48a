"""The check before issue on a case: the letter as it would go out now, asked every rule of the check.

The same code answers `disclosure letter check`, stands before every issue in the unit of work, and composes
what a preview shows. Nothing here writes.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from letters.check import finding, rules
from letters.check.approval import Since
from letters.check.own_words import plain
from letters.check.subject import Earlier, Subject
from letters.content import kinds
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.cases import draft, draft_complete, organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act
from workflow.cases.entry import Entry
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.casework import approval, changed_since, composed, known_data, letter_data, parties
from workflow.casework.composed import Composed, Kept
from workflow.casework.opened import Opened, open_case
from workflow.office.seat import Seat
from workflow.procedure import acts
from workflow.storage.entry_hash import canonical
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, CASES = TABLES["letter"], TABLES["case_file"]
_OF_NUMBER = (
    select(LETTERS.c.id, LETTERS.c.case_id, CASES.c.number.label("case_number"))
    .join(CASES, CASES.c.id == LETTERS.c.case_id)
    .where(LETTERS.c.office_id == bindparam("office"), LETTERS.c.number == bindparam("number"))
    .order_by(LETTERS.c.id.desc())
    .limit(1)
)
_GAVE = (
    select(CASES.c.decision_number)
    .where(CASES.c.office_id == bindparam("office"), CASES.c.id != bindparam("case"))
    .where(CASES.c.outcome.in_(draft_complete.GIVES), CASES.c.request == bindparam("request"))
    .where(CASES.c.dispatched_on.is_not(None))
    .order_by(CASES.c.id.desc())
    .limit(1)
)
EVENT = "issue"
# Cached results of the check in this process.
_FOUND: Kept[list[finding.Finding]] = Kept()
# States in which there is a draft that a letter can be made of.
DRAFTED = (State.DRAFTING, State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW, State.APPROVED)


def subject(
    desk: Seat,
    connection: Connection,
    opened: Opened,
    *,
    on: date,
    served_by: str | None = None,
    number: str | None = None,
) -> Subject:
    """The letter as it would be issued on that day, with everything that the rules look at; without a number
    that was taken for it, one stands for that."""
    return _looked_at(desk, connection, opened, on, served_by, number).subject


class Looked(NamedTuple):
    """A letter that was looked at, and what came of each rule."""

    subject: Subject
    # As it was composed, and its digests where a pass is compared with them.
    letter: Composed
    digests: approval.Digests | None = None
    findings: Sequence[finding.Finding] = ()

    @property
    def blocking(self) -> list[str]:
        """The rules that stop it."""
        return [one.rule.id for one in self.findings if one.blocks]


def _looked_at(
    desk: Seat, connection: Connection, opened: Opened, on: date, served_by: str | None, number: str | None
) -> Looked:
    """The same, before any rule is asked."""
    context, case = desk.context, opened.case
    items = draft.as_items(case)
    served = served_by or letter_data.way_back(case.channel)
    refused: DisclosureError | None = None
    code = outcome = ""
    try:
        kind, outcome = kinds.leading(items, organ_clocks.law_day(case, context), context.law)
        code = kind.code
    except DisclosureError as fault:
        refused = fault
    number = number or desk.number("reply", on.year, 1)
    opened.key = opened.key or desk.case_key(connection, opened.id)
    text = letter_data.text(desk, *_trial(desk, opened, items, code, on, served, number), opened.key)
    made = composed.letter(connection, desk.office.id, code, text, on, number, context.law)
    data, content = made.numbered(number)
    digests = approval.digests(opened.key, made.parts) if case.passed and content else None
    made_subject = Subject(
        data,
        code,
        context.law,
        outcome=outcome,
        content=content,
        refused=refused or made.refused,
        faceless=made.faceless,
        lost=made.lost,
        answers=list(draft_complete.answers(case, context)),
        guards=_guards(desk, case, on),
        earlier=_earlier(desk, connection, opened),
        given_before=_given_before(desk, connection, opened),
        known=known_data.of(opened),
        since=_since(desk, connection, opened, digests) if digests else None,
        digest=made.digest,
    )
    return Looked(made_subject, made, digests)


def _since(desk: Seat, connection: Connection, opened: Opened, letter: approval.Digests) -> list[Since]:
    """What became another since each pass, by whom it was passed, and what of the office was changed."""
    found = list(approval.since(opened.case, letter))
    causes = changed_since.causes(desk, connection, opened) if found else None
    return [one._replace(by=desk.context.officer_called(one.by), causes=causes) for one in found]


def look(
    desk: Seat,
    connection: Connection,
    opened: Opened,
    *,
    on: date,
    served_by: str | None = None,
    number: str | None = None,
) -> Looked:
    """The letter as it would be issued, with the result of every rule."""
    looked = _looked_at(desk, connection, opened, on, served_by, number)
    return looked._replace(findings=_found(looked.subject, opened.case.overridden))


def _found(subject: Subject, overridden: list[dict[str, Any]]) -> list[finding.Finding]:
    """The result of every rule, from the cache where nothing that the rules look at has changed; what the
    case or the register refuses is always evaluated again.
    """
    # Several rules ask about the same letter of the register: it is looked up once.
    asked_of_register: dict[str, Earlier | None] = {}
    earlier = subject.earlier

    def asked(number: str) -> Earlier | None:
        if number not in asked_of_register:
            asked_of_register[number] = earlier(number)
        return asked_of_register[number]

    subject.earlier = asked
    settled = not subject.since and not any(subject.guards.values())
    if not settled or any(answer.fault for answer in subject.answers):
        return finding.check(subject, overridden)
    key = (
        subject.digest,
        subject.law,
        canonical(overridden),
        subject.since is None,
        tuple(subject.known),
        tuple((one.question, one.need, one.outcome) for one in subject.answers),
    )
    kept = _FOUND.get(key)
    if kept is not None:
        return kept
    found = finding.check(subject, overridden)
    return found if asked_of_register else _FOUND.put(key, found)


def forget() -> None:
    """Let go of what was kept of letters and of what the check said of them."""
    composed.forget()
    _FOUND.clear()


def findings(
    desk: Seat, connection: Connection, opened: Opened, *, on: date, served_by: str | None = None
) -> list[finding.Finding]:
    """Every rule with its result."""
    return list(look(desk, connection, opened, on=on, served_by=served_by).findings)


def require(desk: Seat, connection: Connection, opened: Opened, act: Act, number: str) -> Looked:
    """The letter with its number, which goes out just as it was checked; Refused, with the whole list, where
    a rule is not met and was not overridden for this draft."""
    served_by = act.payload.get("served_by")
    looked = look(desk, connection, opened, on=act.on, served_by=served_by, number=number)
    finding.require(looked.findings, opened.case.number)
    return looked


def of_case(desk: Seat, ref: str, *, on: date | None, served_by: str | None) -> list[finding.Finding]:
    """The check of a case by its number; Refused where there is no draft to check."""
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
        require_draft(opened.case)
        return findings(desk, connection, opened, on=on or desk.today(), served_by=served_by)


def require_draft(case: CaseFile) -> None:
    """Refused where the case has no draft of a reply."""
    if case.state not in DRAFTED or not case.draft:
        raise Refused(
            N_("{number} has no draft of a reply now."),
            field="case",
            number=case.number,
            way_on=N_("See what may be done with: disclosure next {number}"),
        )


def _trial(
    desk: Seat, opened: Opened, items: list[dict[str, Any]], code: str, on: date, served_by: str, number: str
) -> tuple[CaseFile, Entry, list[CaseClock]]:
    """The case, the entry and the clocks as if the reply had been issued."""
    trial = copy.copy(opened.case)
    reply = Reply(trial.round, code, number, on, items, "", written_for=served_by)
    trial.replies = [*trial.replies, reply]
    entry = Entry(
        opened.case.entries + 1,
        EVENT,
        "case",
        on,
        desk.moment(),
        desk.officer.key,
        trial.state,
        "issued",
        "",
        {"items": items, "served_by": served_by},
    )
    return trial, entry, opened.clocks


@cache
def _guard_names() -> frozenset[str]:
    return frozenset(rule.guard for rule in rules.rules().values() if rule.guard)


def _guards(desk: Seat, case: CaseFile, on: date) -> dict[str, Refused | None]:
    """The results of the guards that the rules name."""
    act = Act(EVENT, on, {}, desk.officer.actor)
    found: dict[str, Refused | None] = {}
    for name in _guard_names():
        try:
            acts.GUARDS[name](case, act, desk.context)
            found[name] = None
        except Refused as fault:
            found[name] = fault
    return found


def _earlier(desk: Seat, connection: Connection, opened: Opened) -> Callable[[str], Earlier | None]:
    """Looks up the letter of a number in this office's register, with the case that it belongs to."""

    def known(number: str) -> Earlier | None:
        row = connection.execute(_OF_NUMBER, {"office": desk.office.id, "number": number}).first()
        if row is None:
            return None
        case = open_case(desk, connection, row.case_number).case
        reply = next((one for one in case.replies if one.number == number), None)
        answered = [int(one["no"]) for one in reply.items] if reply else []
        return Earlier(
            same_applicant=parties.share(connection, opened.id, row.case_id, desk.ring(connection)),
            sent=bool(reply and reply.dispatched) or row.id in case.sent,
            items=tuple(text for no, text in enumerate(case.items, 1) if no in answered) or tuple(case.items),
            gave=any(one["outcome"] in draft_complete.GIVES for one in reply.items) if reply else False,
        )

    return known


def _given_before(desk: Seat, connection: Connection, opened: Opened) -> Callable[[str], str | None]:
    """Looks for a reply that went out and gave, as a whole, what was asked for in the same words."""

    def number(asked: str) -> str | None:
        texts = [text for text in opened.case.items if plain(text) == asked]
        if not texts:
            return None
        found = connection.execute(
            _GAVE, {"office": desk.office.id, "case": opened.id, "request": texts[0]}
        ).scalar()
        return str(found) if found else None

    return number
