"""What may be done next on a case: by whom, until when, on which provision, and what still stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.base.errors import Refused
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.clocks import CaseClock
from workflow.cases.context import Act, Actor, Context, Transition
from workflow.procedure import act_forms, machine

# What can be done at any time stands at the end of the list, and only when asked for.
ALWAYS = (
    "attach",
    "note",
    "amend",
    "reveal",
    "open_reconsideration",
    "open_suit",
    "notice_reached",
    "letter_made",
    "mailed",
    "void_letter",
    "letter_posted",
    "letter_arrived",
    "letter_returned",
    "letter_signed",
    "override_rule",
    "recompute",
)
# Acts that end a case early are possible almost always; they are not what is to be done next.
ASIDE = (
    "withdraw",
    "reassign",
    "undo_extension",
    "return_draft",
    "void_reply",
    "return_assignment",
    "consultation_recalled",
    "reopen",
    "appeal",
    "remand",
)


@dataclass(frozen=True)
class Option:
    """One thing that may be done next."""

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

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return self.obstacle is None


def options(
    case: CaseFile, actor: Actor, context: Context, today: date, *, everything: bool = False
) -> list[Option]:
    """The options of a case in the order of the table: first what moves it on, then what stands aside."""
    running = {
        clock.key: clock
        for clock in clocks.all_clocks(case, context)
        if clock.state in ("running", "paused", "stopped")
    }
    places: list[tuple[str, str, int]] = [("case", case.state, 0)]
    places += [("consultation", part.state, part.no) for part in case.consultations]
    places += [("remedy", part.state, part.no) for part in case.remedies]
    found = []
    for track, state, no in places:
        for row in context.process.from_state(track, state):
            if (row.event in ALWAYS and not everything) or "system" in row.roles:
                continue
            option = _option(row, no, case, actor, context, running, today)
            if option is not None:
                found.append(option)
    return sorted(found, key=lambda option: (option.aside, not option.ready))


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
    basis = context.process.provision(row, case.regulations, case.consulted(row.track, no))
    if basis is None:
        return None
    mine = bool(actor.roles & set(row.roles))
    payload: dict[str, Any] = {"no": no} if no else {}
    if row.event == "notice_reached":
        payload["letter"] = next((n.letter for n in case.notices if n.reached is None), "")
    # The guards are asked as for somebody who has the role, so that the obstacle shown is one of the case.
    asked = Actor(actor.key if mine else "", frozenset(row.roles), actor.unit if mine else case.unit)
    obstacle = machine.refusal(row, case, Act(row.event, today, payload, asked), context)
    if obstacle is not None and not mine and "is_the_handler" in row.guard:
        asked = Actor(case.handler or "", frozenset(row.roles), case.unit)
        obstacle = machine.refusal(row, case, Act(row.event, today, payload, asked), context)
    clock = _clock(row, no, running)
    spec = act_forms.specs().get(row.event)
    return Option(
        event=row.event,
        command=spec.command if spec else row.event.replace("_", "-"),
        no=no,
        dest=row.dest,
        roles=row.roles,
        article=context.law.current(basis, today),
        until=clock.deadline.due if clock else None,
        clock=clock.rule if clock else None,
        provisional=bool(clock and clock.deadline.provisional),
        mine=mine,
        obstacle=obstacle,
        aside=row.event in ASIDE or row.event in ALWAYS,
    )


def _clock(row: Transition, no: int, running: dict[tuple[str, int], CaseClock]) -> CaseClock | None:
    """The clock by which the act has to be done: the one it meets, else the time for reply."""
    if row.event == "ask_correction":
        wanted = ("correction.notice", 0)
    elif row.event == "appeal":
        wanted = ("remedy.appeal", no)
    elif row.event == "redecide":
        return next((clock for (rule, _), clock in running.items() if rule == "remedy.redecision"), None)
    elif row.track == "remedy":
        wanted = ("remedy.defence", no)
    elif row.track == "consultation":
        return next(
            (clock for (_, ref), clock in running.items() if ref == no and clock.party == clocks.THIRD), None
        )
    elif row.event in ("correct", "lapse_correction"):
        wanted = ("correction.answer", 0)
    elif row.event in ("give_reasons", "reasons_unanswered"):
        wanted = ("reasons.answer", 0)
    elif row.event in ("pay_fee", "lapse_fee"):
        wanted = ("fee.payment", 0)
    elif row.event in ("file", "file_unserved", "serve", "come_back"):
        return None
    else:
        wanted = ("reply.limit", 0)
    return running.get(wanted)
