"""The letter that tells a court or a reconsideration organ of a reply which the organ changed meanwhile: what
is recorded is written out, what only the officer knows is left as a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from letters.content import kinds
from workflow.base import messages
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.cases import rulings
from workflow.cases.reply import Mending, Reply
from workflow.office.seat import Seat
from workflow.procedure import act_forms
from workflow.reports.papers import answer, contested, sheet
from workflow.reports.papers.contested import Contested

KEY = "change"


def write(seat: Seat, ref: str, no: int | None, place: sheet.Place) -> dict[str, Any]:
    """Write the letter; NotFound where no remedy of that number is recorded, or the reply was not changed."""
    with messages.speaking("zh_CN"):
        found = contested.of(seat, ref, no)
        made = sheet.write(found.about, KEY, page(found), place, found.remedy.no)
    return {**made, "no": found.remedy.no}


def page(found: Contested) -> dict[str, Any]:
    """The letter as plain data; NotFound where the organ has not begun to mend the contested reply."""
    mending = _mending(found)
    new = next((one for one in found.about.case.replies if one.round == mending.round), None)
    words = sheet.table()["before"][_before(found)]
    return sheet.page(
        found.about,
        KEY,
        [
            {"kind": "alert", "lines": list(_alerts(found, new))},
            sheet.rows(
                (words["body"], found.remedy.body),
                (answer.said("reference"), found.remedy.reference or answer.gap("reference")),
                (words["organ"], found.about.seat.office.name),
                (words["claimant"], _claimant(found)),
                (answer.said("case"), found.about.case.number),
            ),
            {"kind": "text", "lines": list(_told(found, mending, new))},
            {"kind": "part", "text": sheet.table()["part"]["annex"], "lines": [_annex(new)]},
            {
                "kind": "text",
                "lines": [said("signed", office=found.about.seat.office.name), answer.gap("day")],
            },
        ],
        mark=said("mark"),
    )


def said(key: str, **params: object) -> str:
    """A sentence of the letter, filled in."""
    text = str(sheet.table()["change"][key])
    return text.format(**params) if params else text


def _before(found: Contested) -> str:
    return "authority" if found.remedy.kind == rulings.RECONSIDERATION else "court"


def _mending(found: Contested) -> Mending:
    """The newest mending of the reply that is contested, or of one that took its place."""
    since = [one for one in found.about.case.mendings if one.round > found.remedy.against_round]
    if not since:
        raise NotFound(
            N_("The reply of {number} that is contested was not changed: there is nothing to tell."),
            field="no",
            number=found.about.case.number,
            way_on=N_("To change it: disclosure redo-reply {number}, or supplement-reply"),
        )
    return since[-1]


def _claimant(found: Contested) -> str:
    return answer.name_of(found) if found.remedy.by == "applicant" else answer.gap("third_party")


def _alerts(found: Contested, new: Reply | None) -> Iterator[str]:
    """What binds the organ to tell, as far as it is in force, and what becomes of the matter."""
    law, on = found.about.seat.context.law, found.about.today
    if new is None:
        yield said("not_yet")
    for row in sheet.table()["change"]["duty"]:
        if row["before"] == _before(found) and law.holds(row["article"], on):
            citation = law.citation(law.current(row["article"], on)).zh
            yield answer.said("duty", zh=row["zh"], article=citation)


def _told(found: Contested, mending: Mending, new: Reply | None) -> Iterator[str]:
    old = found.reply
    yield said("opening")
    if old is not None:
        yield said("first", on=sheet.day(old.issued), letter=kinds.get(old.code).zh, number=old.number)
    yield said(mending.event, on=sheet.day(mending.on), reasons=mending.reasons.rstrip("。"))
    if new is None:
        yield answer.gap("new_reply")
        return
    yield said(
        "second",
        on=sheet.day(new.issued),
        letter=kinds.get(new.code).zh,
        number=new.number,
        items="；".join(answer.item_said(new, item) for item in new.items),
    )
    if new.dispatched is not None:
        by = act_forms.choice_name(new.served_by) if new.served_by else ""
        yield answer.said("sent", on=sheet.day(new.dispatched), by=by)
    if new.served is not None:
        yield answer.said("served", on=sheet.day(new.served))
    yield said("closing")


def _annex(new: Reply | None) -> str:
    return said("annex", letter=kinds.get(new.code).zh, number=new.number) if new else answer.gap("new_reply")
