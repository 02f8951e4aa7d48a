"""The rows of letters: when they were sent, which are void, and what waits to be mailed.

Written inside the desk's transaction, following the entry just recorded; the entries are the record, the rows
serve look-ups (`verify` compares the two).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Stage
from workflow.casework import letter_rows
from workflow.casework.opened import Opened
from workflow.office import mail_message, smtp
from workflow.office.seat import Seat
from workflow.procedure import act_tables
from workflow.procedure.fold import effective
from workflow.storage.database import insert_one
from workflow.storage.row_states import MailState
from workflow.storage.tables import TABLES
from workflow.storage.unsent import leave

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, OUTBOX, MAIL = TABLES["letter"], TABLES["outbox"], TABLES["mail"]
MAILING = "mail"
_KEEP = update(LETTERS).where(LETTERS.c.id == bindparam("of_letter"))
_WAITS_NO_MORE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.case_id == bindparam("case"),
        OUTBOX.c.kind == "letter",
        OUTBOX.c.ref == bindparam("letter"),
        OUTBOX.c.done_at.is_(None),
    )
    .values(done_at=bindparam("moment"))
)
# Messages not sent, and not being sent at this moment.
OPEN = (MailState.WAITING, MailState.REFUSED, MailState.UNCERTAIN)
_OPEN_MAIL = select(MAIL.c.id).where(MAIL.c.case_id == bindparam("case"), MAIL.c.state.in_(OPEN))


def keep(
    seat: Seat,
    connection: Connection,
    case_id: int,
    case: CaseFile,
    entry: Entry,
    before: list[dict[str, Any]] | None,
) -> list[int]:
    """Bring the rows of the letters up to an entry. The work that is to be done at once. `before` is what the
    rows said of the letters until now (`told`); None where that is not known."""
    again = [] if _unchanged(case, before) else _in_step(connection, case_id, case, entry)
    if entry.event in act_tables.having("drops_mail", True):
        _drop(connection, case_id, entry)
    if entry.event == "dispatch" and entry.payload.get("mail"):
        return [*again, _to_mail(seat, connection, case_id, case, entry)]
    return again


def _unchanged(case: CaseFile, before: list[dict[str, Any]] | None) -> bool:
    """Whether no row of a letter needs to be written: most acts change none."""
    if before is None:
        return False
    now, new = letter_rows.told(case), case.lives[len(before) :]
    # A letter that this entry calls for has its row already, as one that is only called for.
    return now[: len(before)] == before and all(life.stage is Stage.CALLED for life in new)


def _in_step(connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> list[int]:
    """The work of making letters that are not void any more and were never made."""
    again: list[int] = []
    for row in letter_rows.rows_of(connection, case_id):
        life = letter_rows.of_row(case, row)
        if life is None:
            continue
        values = letter_rows.columns(life)
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        leave(connection, _KEEP, {**values, "of_letter": row.id})
        if life.void is not None and row.voided_on is None:
            # Where its PDF still waits to be made, it waits no more.
            which = {"case": case_id, "letter": row.id}
            leave(connection, _WAITS_NO_MORE, {**which, "moment": entry.recorded_at})
        elif life.void is None and row.voided_on is not None and row.sha256 is None:
            work = (OUTBOX.c.case_id == case_id) & (OUTBOX.c.kind == "letter") & (OUTBOX.c.ref == row.id)
            connection.execute(update(OUTBOX).where(work).values(done_at=None))
            again += connection.execute(select(OUTBOX.c.id).where(work)).scalars()
    return again


def anew(connection: Connection, opened: Opened, entry: Entry) -> tuple[str, Entry]:
    """Code and originating entry of a voided letter, redated to today."""
    (letter,) = entry.payload["letter"]
    row = connection.execute(select(LETTERS.c.code, LETTERS.c.entry_n).where(LETTERS.c.id == letter)).one()
    called = next((one for one in effective(opened.entries) if one.n == row.entry_n), None)
    if called is None:
        raise Refused(
            N_("The letter no. {id} cannot be made anew from the record."),
            field="anew",
            id=letter,
            way_on=N_("Make it void without a new one: --anew no"),
        )
    return row.code, replace(called, on=entry.on, recorded_at=entry.recorded_at)


def _drop(connection: Connection, case_id: int, entry: Entry) -> None:
    """Drop the mail of an earlier sending."""
    for message in list(connection.execute(_OPEN_MAIL, {"case": case_id}).scalars()):
        connection.execute(update(MAIL).where(MAIL.c.id == message).values(state=MailState.DROPPED))
        finish(connection, message, entry.recorded_at)


def finish(connection: Connection, message: int, moment: str) -> None:
    """Close the work of sending a message: done, or no longer needed."""
    work = (OUTBOX.c.kind == MAILING) & (OUTBOX.c.ref == message)
    connection.execute(update(OUTBOX).where(work, OUTBOX.c.done_at.is_(None)).values(done_at=moment))


def _to_mail(seat: Seat, connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> int:
    """The message that this dispatch calls for: it is sent after the commit (mail_once.py)."""
    settings = smtp.settings(seat.office)
    assert settings is not None
    assert case.reply is not None
    letter = case.letter_of(case.reply.number)
    place = {"office_id": seat.office.id, "case_id": case_id}
    # Unique to this sending, and the same however often it is tried.
    id = mail_message.message_id(settings.sender, seat.office.key, case.number, case.reply.number, entry.n)
    message = insert_one(
        connection, insert(MAIL), {**place, "letter_id": letter, "message_id": id, "state": MailState.WAITING}
    )
    work = {**place, "kind": MAILING, "ref": message, "created_at": entry.recorded_at, "attempts": 0}
    return insert_one(connection, insert(OUTBOX), work)
