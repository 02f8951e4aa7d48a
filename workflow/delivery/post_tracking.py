"""What the post office says of registered mail: delivered or come back, each an act on its case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow.base.errors import DisclosureError, NotFound, Refused
from workflow.base.messages import N_, pick
from workflow.base.sheets import day_forms
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.delivery import post_lists, to_be_posted
from workflow.delivery.to_be_posted import CASES, INSIDE, LETTERS, PIECES
from workflow.procedure import mail_numbers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Seen = Callable[[], None]


def track(desk: Desk, file: Path, seen: Seen = lambda: None) -> list[dict[str, Any]]:
    """Read back from a list what was delivered and what came back; each row an act on its case, or its
    fault.
    """
    results = []
    for line, row in list(post_lists.read(file, (("tracking",), ("status",), ("on",)))):
        result: dict[str, Any] = {
            "line": line,
            "tracking": row.get("tracking"),
            "case": None,
            "status": "entered",
            "message": None,
        }
        try:
            number = mail_numbers.number(row.get("tracking", ""))
            outcome = post_lists.status(row.get("status", ""))
            result["tracking"], result["outcome"] = number, outcome
            if outcome in post_lists.NOTHING_YET:
                result["status"] = outcome
                results.append(result)
                seen()
                continue
            day, _ = day_forms.read(row.get("on", ""), "on")
            place = _piece(desk, number)
            result["case"] = place.case_number
            if (place.outcome, place.outcome_on) == (outcome, day):
                result["status"] = "known"
            elif place.outcome is not None:
                raise Refused(
                    N_("Of {number} it is recorded already: {outcome}, {on}."),
                    rule="house:amend",
                    field="status",
                    number=number,
                    outcome=pick(*to_be_posted.table()["status"][place.outcome][1::-1]),
                    on=place.outcome_on,
                    way_on=N_("A mistake is put right with 'disclosure amend {case}'."),
                    case=place.case_number,
                )
            else:
                result["event"] = _enter(desk, place, outcome, day, row.get("detail", ""), number)
        except DisclosureError as fault:
            result |= {"status": "refused", "message": fault.text, "fault": fault}
        results.append(result)
        seen()
    return results


def _piece(desk: Desk, number: str) -> Any:
    query = select(PIECES, CASES.c.number.label("case_number")).join(CASES, CASES.c.id == PIECES.c.case_id)
    with desk.store.reading() as connection:
        row = connection.execute(
            query.where(PIECES.c.office_id == desk.office.id, PIECES.c.tracking == number)
        ).first()
    if row is None:
        raise NotFound(
            N_("No piece of mail of this office has the number {number}."),
            field="tracking",
            number=number,
            way_on=N_("Enter the numbers first: disclosure posting post BATCH --tracking FILE.csv"),
        )
    return row


def _enter(desk: Desk, row: Any, outcome: str, day: date, detail: str, number: str) -> str:
    """The act that a delivery or return is; its event."""
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, row.case_number)
        letters = list(
            connection.execute(
                select(LETTERS)
                .join(INSIDE, INSIDE.c.letter_id == LETTERS.c.id)
                .where(INSIDE.c.piece_id == row.id)
                .order_by(LETTERS.c.id)
            )
        )
    # Of an earlier round it is a letter like others: what is served now is the reply of the present one.
    now = opened.case.reply
    reply = now is not None and any(letter.number == now.number for letter in letters)
    proof = f"邮件{number}" + (f"，{detail}" if detail else "")
    facts: dict[str, Any]
    if reply:
        event = "serve" if outcome == "delivered" else "come_back"
        facts = (
            {"proof": f"{proof}，妥投", "how": "recorded"}
            if outcome == "delivered"
            else {"reasons": detail or f"{proof}，退回"}
        )
    else:
        event = "letter_arrived" if outcome == "delivered" else "letter_returned"
        facts = {"letter": [str(letter.id) for letter in letters]}
        no = max(to_be_posted.consultation_of(opened, letter) for letter in letters)
        if outcome == "delivered":
            facts |= {"proof": f"{proof}，妥投", **({"consultation": no} if no else {})}
        else:
            facts["reasons"] = detail or f"{proof}，退回"

    def mark(connection: Connection, _: Done) -> None:
        connection.execute(
            update(PIECES).where(PIECES.c.id == row.id).values(outcome=outcome, outcome_on=day)
        )

    desk.act(row.case_number, event, facts, on=day, also=mark)
    return event
