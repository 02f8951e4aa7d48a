"""Applications of one applicant that are answered by one reply. What is joined stands behind the items of the
application that takes it in, in the order in which it came."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.relations import Joined
from workflow.cases.reply import Reply
from workflow.procedure.acts.service_ways import SIGNED_CHANNELS
from workflow.procedure.registry import guard, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@guard
def _says_all_itself(case: CaseFile, act: Act, _: Context) -> None:
    if case.joined:
        raise Refused(
            N_("{other} is joined to {number}: its items are no longer those of one application."),
            other=case.joined[0].number,
            number=case.number,
            way_on=N_("Take it out again first: disclosure separate {other}"),
        )


@reacts("join")
def _join(case: CaseFile, entry: Entry[payloads.Join]) -> None:
    p = entry.payload
    case.joined.append(Joined(p["other"], date.fromisoformat(p["received"]), list(p["items"])))
    case.items = [*case.items, *p["items"]]


@reacts("separated")
def _taken_out(case: CaseFile, entry: Entry[payloads.Separated]) -> None:
    own = case.own_items()
    case.joined = [one for one in case.joined if one.number != entry.payload["other"]]
    case.items = [*own, *(text for one in case.joined for text in one.items)]
    if case.reply is None:
        # Its items are numbered anew.
        case.draft, case.passed, case.drafter, case.overridden = {}, [], None, []


@reacts("joined")
def _joined(case: CaseFile, entry: Entry[payloads.Joined]) -> None:
    case.joined_to = entry.payload["into"]


@reacts("separate")
def _separate(case: CaseFile, entry: Entry[payloads.Separate]) -> None:
    case.joined_to = None


@reacts("answer_jointly")
def _answered(case: CaseFile, entry: Entry[payloads.AnswerJointly]) -> None:
    p = entry.payload
    reply = Reply(
        round=case.round,
        code=p["code"],
        number=p["number"],
        issued=date.fromisoformat(p["issued"]),
        items=p["items"],
        outcome=p["outcome"],
        dispatched=entry.on,
        written_for=p["served_by"],
        served_by=p["served_by"],
    )
    if p["served_by"] not in SIGNED_CHANNELS:
        reply.replied_on = entry.on
    case.replies.append(reply)
