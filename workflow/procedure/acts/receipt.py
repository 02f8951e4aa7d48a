"""Receipt and registration."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.relations import PassedOn
from workflow.cases.states import State
from workflow.procedure.acts.common import day_of
from workflow.procedure.registry import holds, prepares, reacts, selector

if TYPE_CHECKING:
    from workflow.procedure import payloads


@selector
def _day_known(case: CaseFile, _: str, __: Context) -> bool:
    return not case.unconfirmed


@selector
def _confirmation_awaited(case: CaseFile, _: str, __: Context) -> bool:
    return case.unconfirmed


@prepares("confirm_receipt")
def _confirm_receipt(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the Regulations of the day from which the time now runs, and the rule of the channel by which it
    does."""
    assert case.received_on is not None
    rule = context.law.channel(case.channel, case.received_on)
    return {**payload, "regulations": context.regulations(on), "article": rule.article, "status": rule.status}


@reacts("receive")
def _received(case: CaseFile, entry: Entry[payloads.Receive]) -> None:
    p = entry.payload
    case.received_on = entry.on
    case.unconfirmed = entry.dest == State.UNCONFIRMED
    case.regulations = p["regulations"]
    case.channel = p["channel"]
    case.applicant = p["applicant"]
    case.others = list(p.get("applicants", []))
    case.agent = p.get("agent")
    case.contact = p.get("contact")
    # Split from another application, it has the clock of that one.
    case.split_from = p.get("split_from")
    if "routed_from" in p:
        case.came_from = PassedOn(
            p["routed_from"],
            p.get("routed_number", ""),
            date.fromisoformat(p["routed_on"]),
            p.get("routed_reasons", ""),
            p.get("routed_office", ""),
        )
        case.first_received = day_of(p.get("first_received_on"))
    case.corrected += [date.fromisoformat(p["corrected_on"])] if "corrected_on" in p else []
    case.request = p["request"]
    case.items = list(p["items"])
    case.form = p.get("form", "")
    case.attachments += p.get("attachments", [])


@reacts("confirm_receipt")
def _confirmed(case: CaseFile, entry: Entry[payloads.ConfirmReceipt]) -> None:
    """From now on the application counts as received: on the day of the confirmation."""
    case.received_on, case.regulations, case.unconfirmed = entry.on, entry.payload["regulations"], False


@holds("register")
def _registered_it_was(case: CaseFile, life: Life) -> bool:
    return case.registered is not None


@reacts("register")
def _registered(case: CaseFile, entry: Entry[payloads.Register]) -> None:
    case.registered, case.registrar = entry.on, entry.actor
