"""What an earlier reply did, where a new application asks for the same again: known from this office's own
register.

Since 2025-06-01 the way against a refusal to answer twice hangs on it (workflow/law/routes.toml).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import chinese
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.cases.draft_complete import GIVES
from workflow.law.keys import Outcome
from workflow.office.seat import Seat
from workflow.procedure.fold import fold
from workflow.storage import case_entries
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS = TABLES["letter"]
OUTCOME, NAMED, FACT = Outcome.REPEAT, "earlier_reply", "earlier_disclosed"
_DOCUMENT = later(r"([^〔\s]{0,60})〔(\d{4})〕(?:第)?(\d{1,6})号")


def stated(seat: Seat, connection: Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """A draft with that fact filled in where the register knows it; Refused where the officer says
    otherwise.
    """
    items = [_item(seat, connection, item) for item in payload.get("items", ())]
    return {**payload, "items": items} if items else payload


def _item(seat: Seat, connection: Connection, item: dict[str, Any]) -> dict[str, Any]:
    if item.get("outcome") != OUTCOME:
        return item
    extra = dict(item.get("extra") or {})
    known = _disclosed(seat, connection, str(extra.get(NAMED, "")))
    if known is None:
        return item
    said = extra.get(FACT)
    cell = seat.context.law.cell(OUTCOME, extra)
    found = seat.context.law.cell(OUTCOME, {FACT: known})
    if said and cell != found:
        raise Refused(
            N_("Item {no}: the register says the earlier reply disclosed: {known}; the draft says: {said}."),
            field=FACT,
            rule=seat.context.law.route(
                OUTCOME, on=seat.today(), answer=seat.context.law.cell(OUTCOME, {FACT: "yes"})
            ).articles[0],
            no=item["no"],
            known=known,
            said=said,
            way_on=N_("Leave it out, or name the reply that is meant: --extra earlier_reply=..."),
        )
    return {**item, "extra": {**extra, FACT: known}}


def _disclosed(seat: Seat, connection: Connection, text: str) -> str | None:
    """'yes' or 'no' by what the reply of that number answered; None where it is not ours, or did both."""
    numbers = list(_numbers(text, seat.office.profile["code"]))
    if not numbers:
        return None
    query = select(LETTERS.c.case_id, LETTERS.c.number).where(
        LETTERS.c.office_id == seat.office.id, LETTERS.c.number.in_(numbers)
    )
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    entries, _ = case_entries.keyed(connection, row.case_id)
    case = fold(entries)
    reply = next((one for one in case.replies if one.number == row.number), None)
    if reply is None:
        return None
    answers = {_gave(item) for item in reply.items}
    return answers.pop() if len(answers) == 1 else None


def _gave(item: dict[str, Any]) -> str | None:
    if item["outcome"] == OUTCOME:
        said = (item.get("extra") or {}).get(FACT)
        return str(said) if said else None
    return "yes" if item["outcome"] in GIVES else "no"


def _numbers(text: str, word: str) -> Iterable[str]:
    """The numbers of this office's replies in a text, written with 第 and without."""
    for prefix, year, serial in _DOCUMENT.findall(text):
        if prefix.endswith(word):
            for di in (False, True):
                yield chinese.document_number(word, int(year), int(serial), with_di=di)
