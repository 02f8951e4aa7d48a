"""A case on one screen: where it stands and whose turn it is, its times, what is asked for and answered, what
was said of it, its letters, and who took part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.messages import N_, listed, pick, translate
from workflow.base.names import name
from workflow.base.screen import fields, labelled
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import OF_NO_PERSON
from workflow.cases.entry import Entry
from workflow.cases.states import State
from workflow.casework import handing_in_anew
from workflow.office import who
from workflow.office.who import People
from workflow.procedure import act_forms, next_steps, step_order
from workflow.procedure.fold import effective
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_views, clock_text, facts
from workflow.reports.views.case_parts import (
    consultations,
    files,
    items,
    letter_lines,
    old,
    remedies,
    replies,
)

if TYPE_CHECKING:
    from workflow.casework.opened import Opened
    from workflow.office.seat import Seat

_ = translate
# Where somebody has a draft before him that is not issued.
_ON_A_DRAFT = (State.DRAFTING, State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW, State.APPROVED)


@dataclass(frozen=True)
class Shown:
    """What is looked at: a case with its entries and clocks, and the rows of its letters."""

    case: CaseFile
    entries: list[Entry]
    clocks: list[CaseClock]
    people: People
    today: date
    steps: list[Option] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)


def gather(desk: Seat, opened: Opened, clocks: list[CaseClock], *, now: bool = True) -> Shown:
    """What the screen shows of a case; of an earlier day (`now` false) not its letters and next steps."""
    case, today = opened.case, desk.today()
    steps: list[Option] = []
    letters: list[dict[str, Any]] = []
    with desk.store.reading() as connection:
        people = who.people(connection, desk.office)
        if now:
            letters = case_views.letters_of(desk, connection, opened)
            found = next_steps.options(case, desk.officer.actor, desk.context, today, made=opened.clocks)
            found = handing_in_anew.first_back(desk, connection, opened, found, always=True)
            steps, _rest = step_order.sorted_out(found)
    return Shown(case, effective(opened.entries), clocks, people, today, steps, letters)


def lines(shown: Shown) -> list[str]:
    """The screen."""
    case = shown.case
    said = [f"{case.number}  {persons.name_of(case)}  {name('state', case.state)}", *_head(shown)]
    for title, found in (
        (N_("Asked for"), list(items(case))),
        (N_("Draft"), list(_draft(case))),
        (N_("Opinions"), list(_opinions(shown.entries, shown.people))),
        (N_("Consultations"), list(consultations(case))),
        (N_("Replies issued"), list(replies(case))),
        (N_("Remedies"), list(remedies(case))),
        (N_("Remarks"), list(_remarks(shown))),
        (N_("Letters"), letter_lines(shown.letters)),
        (N_("Files"), list(files(case))),
        (N_("Clocks"), clock_text.clock_lines(shown.clocks, shown.today)),
    ):
        if found:
            said += ["", f"【{_(title)}】" if pick("zh", "en") == "zh" else f"-- {_(title)} --", *found]
    return said


def to_judge(case: CaseFile, entries: list[Entry], people: People) -> list[str]:
    """What whoever acts on a draft has to read first: why it came back, the draft by item, and who passed it
    with which words; nothing where there is no draft, or the reply was issued.
    """
    if case.state not in _ON_A_DRAFT or not case.draft:
        return []
    standing = effective(entries)
    returned = _returned(standing)
    said = [] if returned is None else fields([(_(N_("Returned")), _why_returned(returned, people))])
    for title, found in ((N_("Draft"), _draft(case)), (N_("Opinions"), _opinions(standing, people))):
        if told := list(found):
            said += [labelled(_(title), ""), *told]
    return said


def _why_returned(returned: Entry, people: People) -> str:
    return _(
        N_("{on}, {officer}: {text}"),
        on=returned.on,
        officer=people.person(returned.actor),
        text=returned.payload.get("reasons", ""),
    )


def _head(shown: Shown) -> list[str]:
    case, people = shown.case, shown.people
    turn = shown.steps[0] if shown.steps else None
    told = [(_(N_("Next")), act_forms.typed(turn.event, case.number, turn.part) if turn else "")]
    told.append((_(N_("Whose turn")), whose(turn, case, people) if turn else ""))
    if turn is not None and turn.obstacle is not None:
        told.append((_(N_("Obstacle")), turn.obstacle.text))
    told += [
        *_applicants(case, shown.today),
        *_linked(case),
        (
            _(N_("Received")),
            pick("，", ", ").join((facts.day(case.received_on), name("channel", case.channel))),
        ),
        (_(N_("From an old register")), old(case)),
        (_(N_("Handled by")), handled(case, people)),
    ]
    told += [
        (
            _(N_("Waits for a decision")),
            _(
                N_("{event} ({facts}), proposed by {officer} on {on}"),
                event=name("event", one.event),
                facts=listed(people.unit(value) for value in one.facts.values()),
                officer=people.person(one.by),
                on=one.on,
            ),
        )
        for one in case.proposed.values()
    ]
    returned = _returned(shown.entries)
    if returned is not None:
        told.append((_(N_("Returned")), _why_returned(returned, people)))
    return fields(told)


def _applicants(case: CaseFile, today: date) -> Iterator[tuple[str, str]]:
    """Who applies, who acts for them, and who is written to where that is not the only one there is."""
    for one in persons.applicants(case):
        number = f" {one.no}" if case.others else ""
        said = _bracketed(one.facts.get("name", "-"), name("applicant", one.facts.get("kind")))
        yield _(N_("Applicant")) + number, said
    if case.agent:
        authority = [case.agent.get(key) for key in ("document", "scope", "valid_from", "valid_until")]
        told = listed(str(value) for value in authority if value)
        yield _(N_("Agent")), _bracketed(case.agent["name"], told) if told else case.agent["name"]
    if case.others or case.agent:
        yield _(N_("Letters go to")), persons.written_to(case, today).facts["name"]


def _linked(case: CaseFile) -> Iterator[tuple[str, str]]:
    """Other applications: from which it was split, into which, and what it is linked to."""
    if case.came_from:
        number = f"{case.came_from.organ} {case.came_from.number}"
        yield _(N_("Passed on by")), _bracketed(number, case.came_from.on.isoformat())
        if case.first_received:
            yield _(N_("Received there")), case.first_received.isoformat()
    if case.passed_to:
        number = f"{case.passed_to.organ} {case.passed_to.number}"
        yield _(N_("Now with")), _bracketed(number, case.passed_to.on.isoformat())
    if case.split_from:
        yield _(N_("Split from")), case.split_from
    if case.split_into:
        yield _(N_("Split into")), listed(case.split_into)
    if case.joined:
        yield _(N_("Answers too")), listed(one.number for one in case.joined)
    if case.joined_to:
        yield _(N_("Answered with")), case.joined_to
    for how, other in case.links:
        yield act_forms.choice_name(how), other


def whose(step: Option, case: CaseFile, people: People) -> str:
    """Who takes a step: the handler by name where it is his, else the roles of persons."""
    if "handler" in step.roles and case.handler:
        return people.person(case.handler)
    roles = listed(name("role", role) for role in step.roles if role not in OF_NO_PERSON)
    inside = step.roles in (("handler",), ("reviewer",)) and case.unit
    return _bracketed(roles, people.unit(case.unit)) if inside else roles


def by_whom(step: Option, case: CaseFile, people: People) -> str:
    """The same for the officer who looks: by himself, unless it is he who may not."""
    return _(N_("by you")) if step.mine and not step.personal else whose(step, case, people)


def handled(case: CaseFile, people: People) -> str:
    """Unit and handler by name."""
    if case.handler:
        return people.person(case.handler)
    return people.unit(case.unit) if case.unit else ""


def _bracketed(text: str, note: str) -> str:
    return pick(f"{text}（{note}）", f"{text} ({note})") if note not in ("", "-") else text


def _returned(entries: list[Entry]) -> Entry | None:
    """The return of the draft, as long as it was not handed in again."""
    either = (*next_steps.SENT_BACK, next_steps.SUBMIT)
    last = next((one for one in reversed(entries) if one.event in either), None)
    return last if last is not None and last.event != next_steps.SUBMIT else None


def _draft(case: CaseFile) -> Iterator[str]:
    for number in range(1, len(case.items) + 1):
        for row in case.drafted(number):
            if len(case.draft) > 1:
                yield "  " + _(N_("Item {no}"), no=number)
            yield from fields(facts.draft_item(row), indent=2)


def _opinions(entries: list[Entry], people: People) -> Iterator[str]:
    """Who passed the draft that stands now, and what he said."""
    begins = ("submit", "pass_lapsed")
    began = max((at for at, one in enumerate(entries) if one.event in begins), default=0)
    for entry in entries[began:]:
        if entry.event == "pass_review":
            said = _(N_("{on}  {officer} passed it"), on=entry.on, officer=people.person(entry.actor))
            yield "  " + labelled(said, entry.payload.get("opinion") or _(N_("passed, no opinion written")))


def _remarks(shown: Shown) -> Iterator[str]:
    for entry in shown.entries:
        if entry.event == "note":
            head = f"{entry.on}  {shown.people.person(entry.actor)}"
            yield "  " + labelled(head, entry.payload.get("text", ""))


# --- letters
