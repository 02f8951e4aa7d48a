"""What a person decides of mail that the program cannot know the end of: try again, or confirm."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflow.base import dates
from workflow.base.errors import Conflict, NotFound, Refused
from workflow.base.messages import N_
from workflow.casework import lookup
from workflow.casework.desk import Desk
from workflow.casework.opened import Done
from workflow.delivery.mail_once import CASES, LETTERS, MAIL, TRIED, mark, record
from workflow.delivery.mail_server import require_sender
from workflow.delivery.mail_tries import at_it
from workflow.office import smtp
from workflow.office.mail_settings import MailSettings
from workflow.office.seat import Seat
from workflow.storage.row_states import MailState


def listed(desk: Seat, *, everything: bool = False) -> list[dict[str, Any]]:
    """Messages of the office, oldest first: those that are not sent, or all."""
    query = (
        select(MAIL, CASES.c.number.label("case_number"), LETTERS.c.number)
        .join(CASES, CASES.c.id == MAIL.c.case_id)
        .join(LETTERS, LETTERS.c.id == MAIL.c.letter_id)
        .where(MAIL.c.office_id == desk.office.id)
        .order_by(MAIL.c.id)
    )
    if not everything:
        query = query.where(MAIL.c.state.not_in((MailState.SENT, MailState.DROPPED)))
    settings = smtp.settings(desk.office)
    with desk.store.reading() as connection:
        rows = list(connection.execute(query))
    return [
        {
            "id": row.id,
            "case": row.case_number,
            "letter": row.number,
            "message_id": row.message_id,
            "state": _shown(desk, row, settings),
            "started_at": row.started_at,
            "sent_at": row.sent_at,
            "last_error": row.last_error,
        }
        for row in rows
    ]


def _shown(desk: Seat, row: Any, settings: MailSettings | None) -> str:
    sending = row.state == MailState.SENDING
    if sending and (settings is None or not at_it(desk.store.url, row, settings, desk.now())):
        return MailState.UNCERTAIN
    return str(row.state)


def _undecided(desk: Desk, ref: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    """The message of a case on which a person has to decide."""
    with desk.store.reading() as connection:
        number = lookup.one(connection, desk, ref).number
    found = [row for row in listed(desk) if row["case"] == number]
    if not found:
        raise NotFound(
            N_("No mail of {number} waits."),
            field="case",
            number=number,
            way_on=N_("See all with: disclosure mail list --all"),
        )
    row = found[-1]
    if row["state"] == "sending":
        raise Conflict(
            N_("The letter {letter} of {number} is being sent at this moment."),
            letter=row["letter"],
            number=number,
            way_on=N_("Look again in a few minutes: disclosure mail list"),
        )
    if row["state"] not in wanted:
        raise Refused(
            N_("The letter {letter} of {number} waits to be sent; there is nothing to decide."),
            letter=row["letter"],
            number=number,
            rule="house:email",
            way_on=N_("Send it with: disclosure work"),
        )
    return row


def retry(desk: Desk, ref: str) -> dict[str, Any]:
    """Send it again: an officer knows that it did not go out, or the reason of the refusal is mended."""
    row = _undecided(desk, ref, (MailState.UNCERTAIN, MailState.REFUSED))
    require_sender(desk)
    mark(desk, row["id"], (*TRIED, MailState.REFUSED), MailState.WAITING)
    return {**row, "state": MailState.WAITING}


def confirm(desk: Desk, ref: str, on: date | None) -> Done:
    """Record that it did go out, on an officer's word; the day is that of the try unless another is given."""
    row = _undecided(desk, ref, (MailState.UNCERTAIN,))
    require_sender(desk)
    tried = dates.china_day(datetime.fromisoformat(row["started_at"]))
    day = on or tried
    if not tried <= day <= desk.today():
        raise Refused(
            N_("The letter was handed to the mail server on {tried}; it did not go out on {on}."),
            field="on",
            tried=tried,
            on=day,
            rule="house:chronology",
            way_on=N_("Give the day on which it went out, or leave --on out."),
        )
    done = record(desk, row["id"], on=day, person=True)
    if done is not None:
        return done
    raise Conflict(
        N_("The case changed meanwhile; look at it again."),
        way_on=N_("Look again in a few minutes: disclosure mail list"),
    )
