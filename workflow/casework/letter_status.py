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
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life, Stage
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
SIGNATURES = TABLES["signature"]
MAILING = "mail"
_OF_CASE = (
    select(
        *(
            LETTERS.c[name]
            for name in (
                "id",
                "code",
                "number",
                "entry_n",
                "dated",
                "sha256",
                "sent_on",
                "voided_on",
                "stage",
            )
        )
    )
    .where(LETTERS.c.case_id == bindparam("case"))
    .order_by(LETTERS.c.id)
)
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


def rows_of(connection: Connection, case_id: int) -> list[Any]:
    """The rows of a case's letters, without what they say."""
    return list(connection.execute(_OF_CASE, {"case": case_id}))


def told(case: CaseFile) -> list[dict[str, Any]]:
    """What the rows of the letters of a case say of their lives."""
    return [columns(life) for life in case.lives]


def _unchanged(case: CaseFile, before: list[dict[str, Any]] | None) -> bool:
    """Whether no row of a letter needs to be written: most acts change none."""
    if before is None:
        return False
    now, new = told(case), case.lives[len(before) :]
    # A letter that this entry calls for has its row already, as one that is only called for.
    return now[: len(before)] == before and all(life.stage is Stage.CALLED for life in new)


def columns(life: Life) -> dict[str, Any]:
    """What the row of a letter says of its life."""
    return {
        "sent_on": life.sending.on if life.sending else None,
        "voided_on": life.void.on if life.void else None,
        "stage": str(life.stage),
    }


def of_row(case: CaseFile, row: Any) -> Life | None:
    """The life of the letter of a row: by its number, else (it is not made yet) by the entry that called for
    it."""
    return letter_life.of_letter(case.lives, row.id) or (
        letter_life.of_entry(case.lives, row.entry_n, row.code) if row.sha256 is None else None
    )


def _in_step(connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> list[int]:
    """The work of making letters that are not void any more and were never made."""
    again: list[int] = []
    for row in rows_of(connection, case_id):
        life = of_row(case, row)
        if life is None:
            continue
        values = columns(life)
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


def pdf_of(connection: Connection, letter: int) -> str | None:
    """The SHA-256 of the PDF that goes out: of the signed copy where there is one."""
    signed = (
        select(SIGNATURES.c.sha256).where(SIGNATURES.c.letter_id == letter).order_by(SIGNATURES.c.id.desc())
    )
    plain = select(LETTERS.c.sha256).where(LETTERS.c.id == letter)
    found: str | None = connection.execute(signed).scalar() or connection.execute(plain).scalar()
    return found


def unsent(connection: Connection, case_id: int) -> list[dict[str, Any]]:
    """The letters of a case that have neither been sent nor made void, made or not: number in the register,
    code and number.
    """
    query = select(LETTERS.c.id, LETTERS.c.code, LETTERS.c.number).where(
        LETTERS.c.case_id == case_id, LETTERS.c.sent_on.is_(None), LETTERS.c.voided_on.is_(None)
    )
    return [
        {"letter": row.id, "code": row.code, "number": row.number}
        for row in connection.execute(query.order_by(LETTERS.c.id))
    ]


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
