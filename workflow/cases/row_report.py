"""How a case counts in the annual report: on which day, in which row of table 3, and which remedies of it in
table 4.

An application counts once, on the day on which its handling first came to an end: the day of the first reply
(that of dispatch or of signature, see Reply.replied_on), of its lapse or of its withdrawal; where a reply
could not be handed over and the case was filed without service, the day of filing. A new decision after a
remedy is no second result. The rows are those of the latest format; an older one merges them
(ReportFormat.merged).
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from workflow import law
from workflow.cases.case import CaseFile
from workflow.cases.reply import Reply
from workflow.cases.states import UNCOUNTED
from workflow.law import counting
from workflow.law.keys import Outcome

# The columns of a remedy's row, without those that identify the case.
REMEDY = ("no", "kind", "brought_by", "opened_on", "decided_on", "outcome", "against_round")


class Ending(NamedTuple):
    """One end of the handling: its round, its day, and outcome and ground of each item."""

    round: int
    day: date
    answers: tuple[tuple[str, str | None], ...]


def ending(case: CaseFile) -> Ending | None:
    """The first end of the handling; None while it goes on."""
    found = [_ended(reply, case) for reply in case.replies]
    found += [Ending(round, day, ((outcome, None),)) for round, day, outcome in _without_reply(case)]
    return min((one for one in found if one is not None), default=None, key=lambda one: (one.round, one.day))


def _ended(reply: Reply, case: CaseFile) -> Ending | None:
    day = reply.replied_on or (case.filed if reply.round == case.round else None)
    if day is None:
        return None
    return Ending(reply.round, day, tuple((item["outcome"], item.get("ground")) for item in reply.items))


def _without_reply(case: CaseFile) -> list[tuple[int, date, str]]:
    """Lapses and withdrawals: of rounds before, and of this one."""
    ends = [
        (case.withdrawn, Outcome.WITHDRAWN),
        (case.correction_lapsed, Outcome.LAPSED_CORRECTION),
        (case.fee_lapsed, Outcome.LAPSED_FEE),
    ]
    now = [(case.round, day, outcome) for day, outcome in ends if day is not None]
    return [*case.ended_before, *now[:1]]


def report_row(answers: tuple[tuple[str, str | None], ...]) -> str:
    """The row of table 3 (latest format) of a decision with these outcomes and grounds."""
    tables = law.bundled()
    return tables.result_row(*counting.counts_as(answers, tables))


def columns(case: CaseFile) -> dict[str, Any]:
    """The columns of the case's row from which the annual report is counted; of a void entry, and of one
    that another organ has, nothing is."""
    if case.state in UNCOUNTED:
        return dict.fromkeys(("counted_on", "report_row", "fee_notified_on", "fee_amount", "fee_paid_on"))
    end = ending(case)
    return {
        "counted_on": end.day if end else None,
        "report_row": report_row(end.answers) if end else None,
        "fee_notified_on": case.fee_notified,
        "fee_amount": case.fee_amount,
        "fee_paid_on": case.fee_paid,
    }


def remedies(case: CaseFile) -> list[dict[str, Any]]:
    """The rows of the remedies brought against the organ in this case, in order."""
    return [
        {
            "no": part.no,
            "kind": part.kind,
            "brought_by": part.by,
            "opened_on": part.received,
            "decided_on": part.decided,
            "outcome": part.outcome,
            "against_round": part.against_round,
        }
        for part in case.remedies
    ]
