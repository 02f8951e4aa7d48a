"""The acts possible next on a case: by whom, until when, on which provision, and what still prevents them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workflow.base.errors import Refused
from workflow.cases import clocks, states
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import OF_NO_PERSON, Act, Actor, Context, Transition
from workflow.cases.letter_life import Life, Stage
from workflow.cases.states import Party
from workflow.procedure import act_forms, act_tables, letter_terms, letter_truth, machine, particulars
from workflow.procedure.particulars import Missing
from workflow.procedure.usual_steps import APPROVED, POSTED, answers, first_events, offered, usual_events

# The guards that ask who acts: of another officer's step they are asked for whoever handles the case.
OF_WHOM = frozenset({"is_the_handler", "of_the_unit"})
# The act that asks for what an application lacks.
ASKS = "ask_correction"
# The draft is handed in; it came back to whoever writes it: an officer returned it, or what was passed became
# another letter.
SUBMIT, SENT_BACK = "submit", ("return_draft", "pass_lapsed")
# The fact that says which part of a case an act is about.
PART = "no"


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
    def goes_first(self) -> bool:
        """Whether one of its letters has to leave before the usual step is taken."""
        return bool(self.until or self.ends or self.told)

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
    made: list[CaseClock] | None = None,
) -> list[Option]:
    """The options of a case in the order of the table: first what moves it on, then what stands aside.

    `only_usual` leaves out what `sorted_out` puts second: what is no usual step and no letter that waits.
    Without `dated` no day is computed: enough to know whose turn it is. `made` are the clocks of the case,
    where they were computed already.
    """
    if made is None:
        made = clocks.all_clocks(case, context) if dated else []
    running = {clock.key: clock for clock in made if clock.state in states.OPEN}
    waiting = _waiting(case, context)
    found = []
    for track, state, no in _places(case):
        first = first_events(track, state, returned=case.sent_back) if only_usual else None
        for row in context.process.from_state(track, state):
            if (first is not None and row.event not in first) or OF_NO_PERSON.issuperset(row.roles):
                continue
            # What is shown only when asked for, or while letters wait for it.
            hidden = offered(row.event) == "always" or waiting.get(row.event) == []
            if hidden and not everything:
                continue
            option = _option(row, no, case, actor, context, running, today)
            if option is not None and waiting.get(row.event):
                option = _of_letters(option, waiting[row.event], made)
            if option is not None:
                found.append(option)
    return sorted(found, key=lambda option: (option.aside, not option.ready))


def _places(case: CaseFile) -> list[tuple[str, str, int]]:
    """Where a case stands: track, state and number of the case itself and of each of its parts."""
    return [
        ("case", case.state, 0),
        *(("consultation", part.state, part.no) for part in case.consultations),
        *(("remedy", part.state, part.no) for part in case.remedies),
    ]


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
    until, clock, provisional = _term(min(terms, key=lambda term: term.deadline.due, default=None))
    return replace(
        option,
        letters=names,
        ends=any(life.event in letter_truth.ENDINGS for life in waiting),
        told=any(life.from_sending or life.event in letter_truth.TOLD_IN_REPLY for life in waiting),
        until=until,
        clock=clock,
        provisional=provisional,
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
    """What may be done by a row of the table; None where it is no act of this case, or is not offered now."""
    if not machine.chosen(row, case, context):
        return None
    mine = not actor.roles.isdisjoint(row.roles)
    # Guards are evaluated as for an officer with the role, so that the obstacle shown is one of the case.
    asked = Actor(actor.key if mine else "", frozenset(row.roles), actor.unit if mine else case.unit)
    act = Act(row.event, today, _payload(row, no, case), asked)
    as_handler = not mine and bool(OF_WHOM.intersection(row.guard))
    # An answer to another officer's step is offered only after that step was taken: most often it was not.
    answer = answers(row.event)
    if answer and not as_handler and not machine.guards_met(row, case, act, context):
        return None
    basis = context.process.provision(row, case.regulations, today, case.consulted(row.track, no))
    if basis is None:
        return None
    obstacle = machine.refusal(row, case, act, context)
    if obstacle is not None and as_handler:
        act = replace(act, actor=Actor(case.handler or "", frozenset(row.roles), case.unit))
        obstacle = machine.refusal(row, case, act, context)
    if obstacle is not None and answer:
        return None
    until, clock, provisional = _term(_clock(row, no, running))
    return Option(
        event=row.event,
        command=_command(row.event),
        no=no,
        dest=row.dest,
        roles=row.roles,
        article=basis,
        until=until,
        clock=clock,
        provisional=provisional,
        mine=mine,
        obstacle=obstacle,
        aside=offered(row.event) in ("aside", "always"),
        missing=_lacking(row.event, case, context, obstacle),
        # What answers another officer's step is what he waits for.
        usual=row.event in usual_events(row.track, row.source, returned=case.sent_back),
        track=row.track,
        about=_only(row, case, today, act.actor, context),
        personal=mine and obstacle is not None and _another_may(act, row, case, context),
    )


def _payload(row: Transition, no: int, case: CaseFile) -> dict[str, Any]:
    """The facts that an act is tried with: which part it is about, which notice reached its addressee."""
    payload: dict[str, Any] = {PART: no} if no else {}
    if row.event == "notice_reached":
        payload["letter"] = next((n.letter for n in case.notices if n.reached is None), "")
    return payload


def _command(event: str) -> str:
    spec = act_forms.specs().get(event)
    return spec.command if spec else event.replace("_", "-")


def _term(clock: CaseClock | None) -> tuple[date | None, str | None, bool]:
    """The last day of a clock, its rule, and whether the day is provisional."""
    if clock is None:
        return None, None, False
    return clock.deadline.due, clock.rule, bool(clock.deadline.provisional)


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


def _lacking(event: str, case: CaseFile, context: Context, obstacle: Refused | None) -> tuple[Missing, ...]:
    """What a request for correction would ask for: as long as nothing stands in its way."""
    if event != ASKS or obstacle is not None:
        return ()
    return tuple(particulars.missing(case, context))


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
