"""What is to be done where a contested reply is mended: who is told, and what becomes of the remedy."""

from __future__ import annotations

from workflow import law
from workflow.base import names
from workflow.base.messages import N_, Remark
from workflow.cases import rulings
from workflow.casework.opened import Done
from workflow.law.keys import Provision


def told(done: Done) -> list[Remark]:
    """For each remedy that is pending against a reply which the organ mends or has mended: tell who decides
    on it in writing; it is withdrawn or goes on."""
    notes: list[Remark] = []
    for part in done.case.remedies:
        if part.over or all(one.round <= part.against_round for one in done.case.mendings):
            continue
        if part.kind == rulings.RECONSIDERATION:
            asked, text = (
                Provision.CHANGED_IN_RECONSIDERATION,
                N_(
                    "Reconsideration no. {no} is pending: tell {body} in writing when the new reply is there (disclosure paper change {case} --no {no}). It ends where the applicant withdraws it (remedy-decided --result withdrawn), else it goes on about the first reply [{article}]."
                ),
            )
        else:
            asked, text = (
                Provision.CHANGED_IN_SUIT,
                N_(
                    "Suit no. {no} is pending: tell {body} in writing of the change when the new reply is there (disclosure paper change {case} --no {no}). It ends where the plaintiff withdraws it and the court permits (remedy-decided --result withdrawn), else it goes on [{article}]."
                ),
            )
        rule = law.bundled().provision(asked, done.entry.on)
        notes.append(
            (
                text,
                {
                    "case": done.case.number,
                    "no": part.no,
                    "body": part.body,
                    "rule": rule,
                    "article": names.article(rule),
                },
            )
        )
    return notes
