"""Receipt and registration."""

from __future__ import annotations

from workflow.cases.case import CaseFile, Entry
from workflow.procedure import payloads
from workflow.procedure.registry import reacts


@reacts("receive")
def _received(case: CaseFile, entry: Entry[payloads.Receive]) -> None:
    p = entry.payload
    case.received_on = entry.on
    case.regulations = p["regulations"]
    case.channel = p["channel"]
    case.applicant = p["applicant"]
    case.request = p["request"]
    case.items = list(p["items"])
    case.form = p.get("form", "")
    case.attachments += p.get("attachments", [])


@reacts("register")
def _registered(case: CaseFile, entry: Entry[payloads.Register]) -> None:
    case.registered, case.registrar = entry.on, entry.actor
