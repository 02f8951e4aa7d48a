"""A case of a former year as the register tells it in which the office kept it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.cases import retention
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.cases.relations import TakenOver
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.procedure.acts.common import day_of, kept
from workflow.procedure.registry import prepares, reacts, selector

if TYPE_CHECKING:
    from workflow.procedure import payloads


@selector
def _stood_at(case: CaseFile, state: str, _: Context) -> bool:
    """Where the case stood in the old register, as whoever takes it over has read it there."""
    return case.taken_over is not None and case.taken_over.stood_at == state


@prepares("take_over")
def _take_over(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the class by which it is kept, where it was filed."""
    if "filed_on" not in payload:
        return payload
    ended = CaseFile(replies=[made] if (made := _reply(payload)) is not None else [])
    return {**payload, **retention.facts(ended, date.fromisoformat(payload["filed_on"]))}


def _reply(p: payloads.TakeOver | dict[str, Any]) -> Reply | None:
    """The reply that the register tells of. Where it has no other date for the letter, the day of the reply
    is its date."""
    ended = day_of(p.get("ended_on"))
    if ended is None or not p.get("items"):
        return None
    return Reply(
        round=1,
        code=p["code"],
        number=p.get("number", ""),
        issued=day_of(p.get("issued_on")) or ended,
        items=[dict(item) for item in p["items"]],
        outcome=p["outcome"],
        dispatched=ended,
        served_by=p.get("served_by"),
        served=day_of(p.get("served_on")),
        replied_on=ended,
    )


@reacts("take_over")
def _taken_over(case: CaseFile, entry: Entry[payloads.TakeOver]) -> None:
    p = entry.payload
    case.taken_over = TakenOver(p["list"], p["row"], p.get("reference"), entry.dest)
    case.registered = day_of(p.get("registered_on"))
    case.correction_asked, case.correction_by = (
        day_of(p.get("correction_asked_on")),
        day_of(p.get("correction_by")),
    )
    corrected, extended = day_of(p.get("corrected_on")), day_of(p.get("extended_on"))
    case.corrected += [corrected] if corrected else []
    days = p.get("extension_days")
    case.extension = (extended, days) if extended and days else None
    case.fee_notified, case.fee_paid = day_of(p.get("fee_notified_on")), day_of(p.get("fee_paid_on"))
    case.fee_amount = p.get("fee_amount")
    _ended(case, p)
    case.filed = day_of(p.get("filed_on"))
    kept(case, p)


def _ended(case: CaseFile, p: payloads.TakeOver) -> None:
    """How it ended: by a reply, or without one."""
    ended = day_of(p.get("ended_on"))
    reply = _reply(p)
    if reply is not None:
        case.replies.append(reply)
    match p.get("outcome"):
        case Outcome.WITHDRAWN:
            case.withdrawn, case.withdrawn_from = ended, State.RECEIVED
        case Outcome.LAPSED_CORRECTION:
            case.correction_lapsed = ended
        case Outcome.LAPSED_FEE:
            case.fee_lapsed = ended
