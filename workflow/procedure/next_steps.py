"""The acts possible next on a case: by whom, until when, on which provision, and what still prevents them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import clocks, states
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import OF_NO_PERSON, Act, Actor, Context, Transition
from workflow.cases.letter_life import Life, Stage
from workflow.cases.states import Party
from workflow.procedure import (
    act_forms,
    act_table_checks,
    act_tables,
    letter_terms,
    letter_truth,
    machine,
    particulars,
    transitions,
)
from workflow.procedure.particulars import Missing

# The guards that ask who acts: of another officer's step they are asked for whoever handles the case.
OF_WHOM = frozenset({"is_the_handler", "of_the_unit"})
# The act that asks for what an application lacks.
ASKS = "ask_correction"
# The draft is handed in; it came back to whoever writes it: an officer returned it, or what was passed became
# another letter.
SUBMIT, SENT_BACK = "submit", ("return_draft", "pass_lapsed")
# The fact that says which part of a case an act is about.
PART = "no"
# In the cell `usual`: the step that leads on in a state while the draft that was sent back is not changed.
RETURNED = "@returned"
# The acts on letters that lie here.
POSTED, APPROVED = "letter_posted", "approve_letter"


@dataclass(slots=True)
class Option:
    """One possible next act."""

    event: str
    command: str
    no: int
    dest: str
    roles: tuple[str, ...]
    article: str
    until: date | None
    clock: str | None
    provisional: bool
    mine: bool
    obstacle: Refused | None
    aside: bool
    # What the application lacks, where the act may ask for it.
    missing: tuple[Missing, ...] = ()
    # Whether it is what usually comes next there, by the tables of the acts.
    usual: bool = False
    track: str = "case"
    # The letters that wait for the act, by code (by their number in the register where two have one code).
    letters: tuple[str, ...] = ()
    # Whether one of them tells the applicant that his application is ended.
    ends: bool = False
    # Whether one of them has its effect only once it is sent (nobody is asked before), or the reply says of
    # it that it went out: it goes first.
    told: bool = False
    # The only remedy that an act on the whole case can be about; 0 where there are several, or it is about
    # none.
    about: int = 0
    # Whether what stands in the way is that it is this officer: another with the role may do it.
    personal: bool = False

    @property
    def part(self) -> int:
        """The number of the part that the act is about; 0 where that is to be said, or there is none."""
        return self.no or self.about

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return self.obstacle is None


def options(
    case: CaseFile,
    actor: Actor,
    context: Context,
    today: date,
    *,
    everything: bool = False,
    only_usual: bool = False,
    dated: bool = True,
) -> list[Option]:
    """The options of a case in the order of the table: first what moves it on, then what stands aside.

    `only_usual` leaves out what `sorted_out` puts second: what is no usual step and no letter that waits.
    Without `dated` no day is computed: enough to know whose turn it is.
    """
    made = clocks.all_clocks(case, context) if dated else []
    running = {clock.key: clock for clock in made if clock.state in states.OPEN}
    waiting = _waiting(case, context)
    places: list[tuple[str, str, int]] = [("case", case.state, 0)]
    places += [("consultation", part.state, part.no) for part in case.consultations]
    places += [("remedy", part.state, part.no) for part in case.remedies]
    found = []
    for track, state, no in places:
        steps = context.process.from_state(track, state)
        if only_usual:
            first = _first_events(track, state, returned=case.sent_back)
            steps = [one for one in steps if one.event in first]
        for row in steps:
            if (offered(row.event) == "always" and not everything) or OF_NO_PERSON.issuperset(row.roles):
                continue
            if row.event in waiting and not (waiting[row.event] or everything):
                continue
            option = _option(row, no, case, actor, context, running, today)
            if option is not None and waiting.get(row.event):
                option = _of_letters(option, waiting[row.event], made)
            if option is not None:
                found.append(option)
    return sorted(found, key=lambda option: (option.aside, not option.ready))


def _here(case: CaseFile) -> list[Life]:
    """The letters that lie here; the reply has acts of its own."""
    reply = case.reply
    return [life for life in letter_truth.to_send(case) if not (reply and life.number == reply.number)]


def _waits_for_approval(life: Life, context: Context) -> bool:
    return life.code in context.approve and life.stage == Stage.MADE


def _waiting(case: CaseFile, context: Context) -> dict[str, list[Life]]:
    """The acts that are shown as long as letters wait for them, with those letters."""
    here = _here(case)
    return {
        POSTED: [life for life in here if not _waits_for_approval(life, context)],
        APPROVED: [life for life in here if _waits_for_approval(life, context)],
    }


def _of_letters(option: Option, waiting: list[Life], made: list[CaseClock]) -> Option:
    """An act on letters with the letters that wait for it, and the first day by which one has to leave."""
    codes = [life.code for life in waiting]
    names = tuple(str(life.letter) if codes.count(life.code) > 1 else str(life.code) for life in waiting)
    terms = [term for life in waiting if (term := letter_terms.of(life, made)) is not None]
    first = min(terms, key=lambda term: term.deadline.due, default=None)
    return replace(
        option,
        letters=names,
        ends=any(life.event in letter_truth.ENDINGS for life in waiting),
        told=any(life.from_sending or life.event in letter_truth.TOLD_IN_REPLY for life in waiting),
        until=first.deadline.due if first else None,
        clock=first.rule if first else None,
        provisional=bool(first and first.deadline.provisional),
        aside=False,
    )


def _option(
    row: Transition,
    no: int,
    case: CaseFile,
    actor: Actor,
    context: Context,
    running: dict[tuple[str, int], CaseClock],
    today: date,
) -> Option | None:
    if not machine.chosen(row, case, context):
        return None
    mine = not actor.roles.isdisjoint(row.roles)
    payload: dict[str, Any] = {PART: no} if no else {}
    if row.event == "notice_reached":
        payload["letter"] = next((n.letter for n in case.notices if n.reached is None), "")
    # Guards are evaluated as for an officer with the role, so that the obstacle shown is one of the case.
    asked = Actor(actor.key if mine else "", frozenset(row.roles), actor.unit if mine else case.unit)
    act = Act(row.event, today, payload, asked)
    as_handler = not mine and bool(OF_WHOM.intersection(row.guard))
    # An answer to another officer's step is offered only after that step was taken: most often it was not.
    answers = offered(row.event) == "ready"
    if answers and not as_handler and not machine.guards_met(row, case, act, context):
        return None
    basis = context.process.provision(row, case.regulations, today, case.consulted(row.track, no))
    if basis is None:
        return None
    obstacle = machine.refusal(row, case, act, context)
    if obstacle is not None and as_handler:
        asked = Actor(case.handler or "", frozenset(row.roles), case.unit)
        obstacle = machine.refusal(row, case, Act(row.event, today, payload, asked), context)
    if obstacle is not None and answers:
        return None
    clock = _clock(row, no, running)
    spec = act_forms.specs().get(row.event)
    return Option(
        event=row.event,
        command=spec.command if spec else row.event.replace("_", "-"),
        no=no,
        dest=row.dest,
        roles=row.roles,
        article=basis,
        until=clock.deadline.due if clock else None,
        clock=clock.rule if clock else None,
        provisional=bool(clock and clock.deadline.provisional),
        mine=mine,
        obstacle=obstacle,
        aside=offered(row.event) in ("aside", "always"),
        missing=_lacking(row.event, case, context, obstacle),
        # What answers another officer's step is what he waits for.
        usual=row.event in _usual_events(row.track, row.source, returned=case.sent_back),
        track=row.track,
        about=_only(row, case, today, asked, context),
        personal=mine and obstacle is not None and _another_may(act, row, case, context),
    )


def _another_may(act: Act, row: Transition, case: CaseFile, context: Context) -> bool:
    """Whether the handler, or somebody with the role who did nothing on the case, might take the step."""
    return any(
        machine.refusal(row, case, replace(act, actor=Actor(key, frozenset(row.roles), case.unit)), context)
        is None
        for key in (case.handler or "", "")
    )


def _only(row: Transition, case: CaseFile, today: date, asked: Actor, context: Context) -> int:
    """The one remedy that an act on the whole case can be about."""
    if row.track != "case" or not case.remedies:
        return 0
    spec = act_forms.specs().get(row.event)
    if spec is None or PART not in [field.name for field in spec.fields]:
        return 0
    acts = {part.no: Act(row.event, today, {PART: part.no}, asked) for part in case.remedies}
    fits = [no for no, act in acts.items() if machine.refusal(row, case, act, context) is None]
    return fits[0] if len(fits) == 1 else 0


@cache
def _usual_events(track: str, state: str, *, returned: bool) -> frozenset[str]:
    """The acts from a state that are usual there, or an answer to another officer's step."""
    rows = transitions.bundled().from_state(track, state)
    answers = (row.event for row in rows if offered(row.event) == "ready")
    return frozenset((*usual(track, state, returned=returned), *answers))


@cache
def _first_events(track: str, state: str, *, returned: bool) -> frozenset[str]:
    """The acts from a state that come before the rest: those, and the ones on letters that wait."""
    return _usual_events(track, state, returned=returned) | {POSTED, APPROVED}


@cache
def usual(track: str, state: str, *, returned: bool = False) -> tuple[str, ...]:
    """The acts that usually come next in a state: first the one that is waited for, then those that take its
    place; where the draft was `returned`, those that come before. Malformed where a table names one that does
    not start from there."""
    known = {row.event for row in transitions.bundled().from_state(track, state)}
    found = _named(track, state)
    if returned:
        found = _named(track, state + RETURNED) or found
    for event in found:
        if event not in known:
            raise act_table_checks.fault(event, N_("it does not start from the state '{name}'"), name=state)
    return found


def _named(track: str, place: str) -> tuple[str, ...]:
    return tuple(
        event
        for event, act in act_tables.acts().items()
        if act.get("track", "case") == track and place in act.get("usual", "").split("|")
    )


def sorted_out(found: list[Option]) -> tuple[list[Option], list[Option]]:
    """Options as an officer takes them: the usual steps, what can be taken and presses first, and the rest.

    Of several usual steps in one place the last that nothing stands in the way of is the usual one; of
    several answers to another officer's step it is the first, which agrees with him. A letter that has to
    leave inside a period or has its effect only once it is sent, that tells that the application is ended
    (filing makes it void), or of which the reply says that it went out, comes before them, any other that
    lies here after them.
    """
    places: dict[tuple[str, int], Option] = {}
    for option in found:
        place = (option.track, option.no)
        if not option.usual:
            continue
        held = places.get(place)
        if held is None or (option.ready and not (_answers(held) and _answers(option))):
            places[place] = option
    first = sorted(
        places.values(), key=lambda option: (not option.ready, not option.mine, option.until or date.max)
    )
    sending = [option for option in found if option.letters]
    first = [
        *(option for option in sending if option.until or option.ends or option.told),
        *first,
        *(option for option in sending if not (option.until or option.ends or option.told)),
    ]
    rest = [option for option in found if option not in first]
    return first, sorted(rest, key=lambda option: (not option.ready, option.aside))


def _answers(option: Option) -> bool:
    """Whether it answers another officer's step."""
    return offered(option.event) == "ready"


def _lacking(event: str, case: CaseFile, context: Context, obstacle: Refused | None) -> tuple[Missing, ...]:
    """What a request for correction would ask for: as long as nothing stands in its way."""
    if event != ASKS or obstacle is not None:
        return ()
    return tuple(particulars.missing(case, context))


@cache
def offered(event: str) -> str:
    """How an act is offered: "next", "aside" for what is no step forward, "always" for what is shown only
    when asked for, "letters" for what is shown while letters wait for it, "ready" for what is shown only
    while nothing stands in its way."""
    return str(act_tables.acts().get(event, {}).get("offered", "next"))


def _clock(row: Transition, no: int, running: dict[tuple[str, int], CaseClock]) -> CaseClock | None:
    """The clock by which the act has to be done: as its table says, else that of its track."""
    if not running:
        return None
    rule = act_tables.acts()[row.event].get("until")
    if rule is None and row.track == "consultation":
        return next(
            (clock for (_, ref), clock in running.items() if ref == no and clock.party == Party.CONSULTED),
            None,
        )
    if rule is None:
        rule = "remedy.defence" if row.track == "remedy" else "reply.limit"
    if row.track == "case":
        # Of several parts, the one whose clock runs: an act on the case names none of them.
        return next((clock for (of, _), clock in running.items() if of == rule), None)
    return running.get((rule, no))
