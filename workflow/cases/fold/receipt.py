"""Receipt, registration, correction, reasons, assignment."""

from __future__ import annotations

from workflow.cases.case import CaseFile, Entry, Notice
from workflow.cases.fold.registry import day_of, reacts


@reacts("receive")
def _received(case: CaseFile, entry: Entry) -> None:
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
def _registered(case: CaseFile, entry: Entry) -> None:
    case.registered, case.registrar = entry.on, entry.actor


@reacts("ask_correction")
def _correction_asked(case: CaseFile, entry: Entry) -> None:
    case.correction_asked = entry.on
    case.correction_by = day_of(entry.payload["answer_by"])
    case.correction_matters = entry.payload["matters"]
    case.notices.append(Notice("P3", entry.on))


@reacts("correct")
def _corrected(case: CaseFile, entry: Entry) -> None:
    case.corrected.append(entry.on)
    if entry.payload.get("request"):
        case.request = entry.payload["request"]
        case.items = list(entry.payload.get("items") or [case.request])
    elif entry.payload.get("items"):
        case.items = list(entry.payload["items"])
        case.request = "\n".join(case.items)


@reacts("lapse_correction")
def _correction_lapsed(case: CaseFile, entry: Entry) -> None:
    case.correction_lapsed = entry.on
    case.notices.append(Notice("D13", entry.on))


@reacts("ask_reasons")
def _reasons_asked(case: CaseFile, entry: Entry) -> None:
    case.reasons_asked = entry.on
    case.reasons_by = day_of(entry.payload["answer_by"])
    case.notices.append(Notice("P4", entry.on))


@reacts("give_reasons")
def _reasons_given(case: CaseFile, entry: Entry) -> None:
    case.reasons_given = entry.on


@reacts("reasons_unanswered")
def _reasons_silent(case: CaseFile, entry: Entry) -> None:
    case.reasons_silent = True


@reacts("assign", "reassign")
def _assigned(case: CaseFile, entry: Entry) -> None:
    case.unit = entry.payload["unit"]
    case.handler = entry.payload.get("handler")
    case.accepted = None


@reacts("accept")
def _accepted(case: CaseFile, entry: Entry) -> None:
    case.handler = entry.actor
    case.accepted = entry.on


@reacts("return_assignment")
def _unassigned(case: CaseFile, entry: Entry) -> None:
    case.unit = case.handler = case.accepted = None


@reacts("attach")
def _attached(case: CaseFile, entry: Entry) -> None:
    case.attachments += entry.payload["attachments"]
