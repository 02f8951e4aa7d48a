"""Fee, extension, delay, draft, review, and the issue of the reply."""

from __future__ import annotations

from workflow.cases.case import CaseFile, DraftItem, Entry, Notice, Reply
from workflow.cases.fold.registry import day_of, reacts


@reacts("notify_fee")
def _fee_notified(case: CaseFile, entry: Entry) -> None:
    case.fee_notified = entry.on
    case.fee_amount = entry.payload["amount"]
    case.notices.append(Notice("P12", entry.on))


@reacts("pay_fee")
def _fee_paid(case: CaseFile, entry: Entry) -> None:
    case.fee_paid = entry.on


@reacts("lapse_fee")
def _fee_lapsed(case: CaseFile, entry: Entry) -> None:
    case.fee_lapsed = entry.on
    case.notices.append(Notice("D13", entry.on))


@reacts("extend")
def _extended(case: CaseFile, entry: Entry) -> None:
    case.extension = (entry.on, entry.payload["days"])
    case.extension_reason = entry.payload["reasons"]
    case.notices.append(Notice("P5", entry.on))


@reacts("undo_extension")
def _extension_undone(case: CaseFile, entry: Entry) -> None:
    case.extension = None
    case.extension_reason = None
    case.notices = [notice for notice in case.notices if notice.letter != "P5"]


@reacts("delay")
def _delayed(case: CaseFile, entry: Entry) -> None:
    case.delay_until = day_of(entry.payload["until"])
    case.notices.append(Notice("P14", entry.on))


@reacts("draft")
def _drafted(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    for item in p["items"]:
        no, part = item["no"], item.get("part", "")
        # Said of the whole item it takes the place of what was said of its parts, and the reverse.
        for other in [key for key in case.draft if key[0] == no and bool(key[1]) != bool(part)]:
            del case.draft[other]
        case.draft[no, part] = DraftItem(
            no=no,
            outcome=item["outcome"],
            ground=item.get("ground"),
            reasons=item.get("reasons", ""),
            facts=item.get("facts", ""),
            means=item.get("means", ""),
            part=part,
            by=entry.actor,
            attachments=list(item.get("attachments", [])),
            extra=dict(item.get("extra", {})),
        )
    case.drafter = entry.actor
    case.draft_version += 1
    case.passed, case.overridden = [], []


@reacts("submit")
def _submitted(case: CaseFile, entry: Entry) -> None:
    case.submitted = entry.on
    case.passed = []


@reacts("pass_review")
def _passed(case: CaseFile, entry: Entry) -> None:
    case.passed.append((entry.source, entry.actor))
    if entry.dest == "approved":
        case.approved = entry.on


@reacts("return_draft")
def _draft_returned(case: CaseFile, entry: Entry) -> None:
    case.passed = []
    case.approved = None


@reacts("override_rule")
def _rule_overridden(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    kept = [one for one in case.overridden if one["rule"] != p["rule"]]
    case.overridden = [
        *kept,
        {"rule": p["rule"], "reasons": p["reasons"], "by": entry.actor, "on": entry.on.isoformat()},
    ]


@reacts("issue")
def _issued(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.replies.append(
        Reply(
            round=case.round,
            code=p["code"],
            number=p["number"],
            issued=entry.on,
            items=p["items"],
            outcome=p["outcome"],
            written_for=p.get("served_by"),
        )
    )
