"""The fee of a case as an officer looks at it: both ways, with the applications of the month that were
counted.
"""

from __future__ import annotations

from typing import Any

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.casework.fee_ways import Proposal
from workflow.casework.month_count import Count, beside
from workflow.reports.views.calculators import fee_json, fee_lines


def proposal_json(found: Proposal) -> dict[str, Any]:
    """The fee of a case both ways, and the applications of the month that were counted."""
    return {
        "place": found.count.place,
        "known": found.count.known,
        "earlier": found.count.as_fact(),
        "unclear": found.count.unclear,
        **({"applicants": _applicants(found.count)} if found.count.others else {}),
        "by_item": fee_json(found.by_item),
        "by_page": fee_json(found.by_page) if found.by_page else None,
    }


def _applicants(count: Count) -> list[dict[str, Any]]:
    """Of several applicants, each with his own count; which of them decides."""
    everybody = sorted([count, *count.others], key=lambda one: one.no)
    return [
        {"no": one.no, "earlier": len(one.earlier), "known": one.known, "decides": one is count}
        for one in everybody
    ]


def proposal_lines(found: Proposal) -> list[str]:
    """The same for a person: what was counted, what is not known, the fee by the item and by the page."""
    count = found.count
    lines = [
        _(
            N_("{name}: application no. {n} of {month}"),
            name=count.name,
            n=count.place,
            month=f"{count.on:%Y-%m}",
        ),
        *(f"  {number}  {on}" for number, on in count.earlier),
    ]
    if not count.known:
        lines.append(_(N_("No identity number is recorded: whether all are of one person is not known.")))
    if count.unclear:
        lines.append(
            _(
                N_("Not counted, under the same name with another or no identity number: {numbers}."),
                numbers="、".join(count.unclear),
            )
        )
    lines += [_(text, **params) for text, params in beside(count)]
    lines += fee_lines(found.by_item)
    lines += fee_lines(found.by_page) if found.by_page else []
    return [*lines, _(N_("By the item or by the page, never by both."))]
