"""Acts that the same person usually takes one after the other, offered as one choice: one line, one commit.

Which acts these are stands in the tables of the acts (`along`), as for the command that names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workflow.base import names
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.cases.case import CaseFile
from workflow.commands.asking.questions import Choice
from workflow.procedure import act_forms
from workflow.procedure.act_forms import Spec
from workflow.procedure.acts.service_ways import SIGNED_CHANNELS

CASE = "case"
FILE = "file"
HANDLER_ONLY = "is_the_handler"
# Between the acts of a line where they are told apart by their keys.
AND = "+"


def lines(desk: Any, case: CaseFile, event: str, dest: str) -> list[list[Spec]]:
    """The further acts that one line may take after an act that leads to a state: the first of them, the
    first two ... Only those that this officer may take where the act before leads to.
    """
    found: list[list[Spec]] = []
    for spec in _followers(event):
        if spec.event == FILE and _certificate_first(case):
            break
        row = next((one for one in _rows(desk, case, dest) if one.event == spec.event), None)
        if row is None:
            break
        found.append([*(found[-1] if found else []), spec])
        dest = row.dest
    return found


def _certificate_first(case: CaseFile) -> bool:
    """Whether the reply is to be handed over: its certificate of service is made when it leaves, printed and
    signed, and only then is the case filed.
    """
    return case.reply is not None and case.reply.served is None and case.reply.written_for in SIGNED_CHANNELS


def choice(first: str, then: Iterable[Spec]) -> Choice:
    """Acts of one line as one choice; a part of its name means the single act that is called so."""
    events = [first, *(one.event for one in then)]
    both = names.both("event", events)
    specs = act_forms.specs()
    said = {
        "zh": "、".join(both[one]["zh"] for one in events),
        "en": " + ".join(both[one]["en"] for one in events),
        "command": AND.join(specs[one].command if one in specs else one for one in events),
    }
    return Choice(AND.join(events), said, _(N_("one after the other, in one line")), whole=True)


def carrier(events: list[str]) -> str:
    """The act whose command names the others of a line."""
    return next(one for one in events if {other.event for other in act_forms.along(one)} >= {*events} - {one})


def _followers(event: str) -> Iterator[Spec]:
    """What may follow an act on its line, in order: by its own table, or by that of an act that it comes
    before.
    """
    specs = act_forms.specs()
    own = [one for one in act_forms.along(event) if not one.first]
    if not own:
        name = next((one for one in specs if _comes_before(event, one)), None)
        if name is None:
            return
        yield specs[name]
        own = [one for one in act_forms.along(name) if not one.first]
    for one in own:
        value = [one.value._replace(need=True)] if one.value is not None else []
        yield specs[one.event]._replace(fields=(*value, *one.fields))


def _comes_before(event: str, other: str) -> bool:
    return any(one.first and one.event == event for one in act_forms.along(other))


def _rows(desk: Any, case: CaseFile, state: str) -> Iterator[Any]:
    actor = desk.officer.actor
    for row in desk.context.process.from_state(CASE, state):
        stands = case.handler is None or actor.stands_for(case.handler) or HANDLER_ONLY not in row.guard
        if stands and actor.roles.intersection(row.roles):
            yield row
