"""The state machine, made from the process table: which row an act takes, and why not.

One `transitions` machine a track is shared by all cases; the model is a bare object that carries the state,
so that nothing is registered and nothing leaks. A guard that refuses only makes the machine say no, so the
reasons are asked for afterwards, in the order of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from workflow.base.errors import Conflict, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.cases.context import OF_NO_PERSON, Act, Context, Provisions, Transition
from workflow.procedure import acts
from workflow.procedure.process import NEW


@dataclass
class _Model:
    """The model of the machine: the state of one track and what the guards look at."""

    state: str
    case: CaseFile
    act: Act
    context: Context
    taken: Transition | None = None


def _condition(row: Transition) -> Any:
    def holds(model: _Model) -> bool:
        if not allowed(row, model.case, model.act, model.context):
            return False
        model.taken = row
        return True

    return holds


@cache
def machine(process: Provisions, track: str) -> Any:
    """The `transitions` machine of a track; states and transitions come from the rows and from nowhere
    else.
    """
    from transitions import Machine

    made = Machine(
        model=None,
        states=[str(NEW), *process.states(track)],
        initial=str(NEW),
        auto_transitions=False,
        model_attribute="state",
    )
    for row in process.rows:
        if row.track == track:
            made.add_transition(row.event, row.source, row.dest, conditions=_condition(row))
    return made


def chosen(row: Transition, case: CaseFile, context: Context) -> bool:
    """Whether the row is the one meant among rows of the same event and source."""
    if not row.when:
        return True
    name, _, argument = row.when.partition(":")
    return acts.SELECTORS[name](case, argument, context)


def allowed(row: Transition, case: CaseFile, act: Act, context: Context) -> bool:
    """Whether this row may be taken: chosen, known to the law of the case, by this officer, with its guards
    met.
    """
    return chosen(row, case, context) and refusal(row, case, act, context) is None


def refusal(row: Transition, case: CaseFile, act: Act, context: Context) -> Refused | None:
    """Why a chosen row may not be taken; None if it may."""
    regulations = str(act.payload.get("regulations", "")) or case.regulations
    if row.basis(regulations, act.on) is None:
        return Refused(
            N_("The Regulations that govern this application ({regulations}) know no such step: {event}."),
            rule=regulations,
            regulations=Named("regulations", regulations),
            event=Named("event", row.event),
            way_on=N_("See what may be done with: disclosure next {number}"),
            number=case.number,
        )
    if act.actor.roles.isdisjoint(row.roles):
        return Refused(
            N_("{officer} may not do this ({event}); it is for: {roles}."),
            rule=context.process.provision(
                row, regulations, act.on, case.consulted(row.track, int(act.payload.get("no") or 0))
            ),
            officer=context.officer_called(act.actor.key),
            event=Named("event", row.event),
            roles=Named("role", *([role for role in row.roles if role not in OF_NO_PERSON] or row.roles)),
            way_on=N_("Let an officer with that role do it."),
        )
    for name in row.guard:
        try:
            acts.GUARDS[name](case, act, context)
        except Refused as fault:
            fault.rule = fault.rule or context.process.guard_rule(name, regulations, act.on)
            return fault
    return None


def guards_met(row: Transition, case: CaseFile, act: Act, context: Context) -> bool:
    """Whether no guard of the row refuses the act: without a word of why not."""
    try:
        for name in row.guard:
            acts.GUARDS[name](case, act, context)
    except Refused:
        return False
    return True


def take(case: CaseFile, act: Act, context: Context) -> Transition:
    """The row that this act takes, moved by the machine; Refused with the reason where there is none."""
    process = context.process
    track = process.track_of(act.event)
    state = case.state if track == "case" else case.sub_state(track, int(act.payload.get("no", 0)))
    if state is None:
        raise Refused(
            N_("The case {number} has no {track} no. {no}."),
            field="no",
            number=case.number,
            rule=_first_basis(process, track, act, case.regulations),
            track=Named("track", track),
            no=act.payload.get("no"),
            way_on=N_("See what may be done with: disclosure next {number}"),
        )
    rows = [row for row in process.of(track, act.event, state) if chosen(row, case, context)]
    if not rows:
        raise Refused(
            N_("'{event}' is not possible while the {track} is: {state}."),
            rule=_first_basis(process, track, act, case.regulations),
            event=Named("event", act.event),
            track=Named("track", track),
            state=Named("state", state),
            number=case.number or "?",
            way_on=N_("See what may be done with: disclosure next {number}"),
        )
    # The library takes the names of enums, not their values.
    model = _Model(str(state), case, act, context)
    if machine(process, track).events[act.event].trigger(model, model) and model.taken is not None:
        return model.taken
    # Guards are pure: a guard that refused before refuses again, now with its reason. That has no name: a
    # refusal held by what it passed through keeps all that the act looked at until garbage is collected.
    raise refusal(rows[0], case, act, context) or Conflict(
        N_("The case changed meanwhile; look at it again.")
    )


def _first_basis(process: Provisions, track: str, act: Act, regulations: str) -> str:
    """The provision of an act; the Regulations themselves where they know no such step."""
    row = process.first(track, act.event)
    return (row.basis(regulations, act.on) if row else None) or regulations
