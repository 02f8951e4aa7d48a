"""What became of letters, kept in their rows: when they went out, which are void, and what waits to be
mailed.

All of it happens inside the desk's transaction and follows from the entry that was just recorded; the entries
are the record, the rows are what is looked up (audited.letters compares the two).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile, Entry
from workflow.casework.opened import Opened
from workflow.law.keys import Letter
from workflow.office import smtp
from workflow.office.seat import Seat
from workflow.procedure import act_tables
from workflow.procedure.fold import effective
from workflow.storage.database import insert_one
from workflow.storage.row_states import MailState
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, OUTBOX, MAIL = TABLES["letter"], TABLES["outbox"], TABLES["mail"]
SIGNATURES = TABLES["signature"]
MAILING = "mail"
EXTENSION = Letter.EXTENSION
# Acts that make one letter void, named by themselves; others name the letters that are void with them.
_ONE = ("void_letter", "void_reply")
# A message that has not gone out, and is not in the middle of it.
OPEN = (MailState.WAITING, MailState.REFUSED, MailState.UNCERTAIN)


def keep(desk: Seat, connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> list[int]:
    """Bring the rows of the letters up to an entry; most entries touch none. The work that is to be done at
    once.
    """
    if entry.event == "amend":
        for letter, sent in case.sent.items():
            connection.execute(update(LETTERS).where(LETTERS.c.id == letter).values(sent_on=sent.on))
    elif entry.event in act_tables.having("letters", "void"):
        _void(desk, connection, case_id, case, entry)
    elif entry.event in act_tables.having("letters", "sent"):
        for letter in _sent(case, entry):
            connection.execute(update(LETTERS).where(LETTERS.c.id == letter).values(sent_on=entry.on))
    if entry.event in act_tables.having("drops_mail", True):
        _drop(connection, case_id, entry)
    if entry.event == "dispatch" and entry.payload.get("mail"):
        return [_to_mail(desk, connection, case_id, case, entry)]
    return []


def _sent(case: CaseFile, entry: Entry) -> list[int]:
    if entry.event == "dispatch":
        letter = case.letter_of(case.reply.number) if case.reply else None
        return [letter] if letter is not None else []
    named = entry.payload["letter"]
    return named if isinstance(named, list) else [named]


def pdf_of(connection: Connection, letter: int) -> str | None:
    """The SHA-256 of the PDF that goes out: of the signed copy where there is one."""
    signed = (
        select(SIGNATURES.c.sha256).where(SIGNATURES.c.letter_id == letter).order_by(SIGNATURES.c.id.desc())
    )
    plain = select(LETTERS.c.sha256).where(LETTERS.c.id == letter)
    found: str | None = connection.execute(signed).scalar() or connection.execute(plain).scalar()
    return found


def _void(desk: Seat, connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> None:
    letters = [one["letter"] for one in entry.payload.get("letters", ())]
    if entry.event in _ONE:
        void = case.voided[-1]
        where = (LETTERS.c.case_id == case_id) & (
            LETTERS.c.id == void.letter if void.letter is not None else LETTERS.c.number == void.number
        )
        letters = [connection.execute(select(LETTERS.c.id).where(where)).scalar_one()]
    for letter in letters:
        connection.execute(update(LETTERS).where(LETTERS.c.id == letter).values(voided_on=entry.on))
        # Where its PDF still waits to be made, it waits no more.
        work = (OUTBOX.c.case_id == case_id) & (OUTBOX.c.kind == "letter") & (OUTBOX.c.ref == letter)
        connection.execute(
            update(OUTBOX).where(work, OUTBOX.c.done_at.is_(None)).values(done_at=entry.recorded_at)
        )


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


def fates(entries: list[Entry], by_number: dict[str, int]) -> tuple[dict[int, date], dict[int, date]]:
    """On which day each letter was last sent, and on which made void, as the entries that stand say;
    `by_number` finds the letter that bears a document number.
    """
    sent: dict[int, date] = {}
    void: dict[int, date] = {}
    reply = None
    for entry in entries:
        void |= {one["letter"]: entry.on for one in entry.payload.get("letters", ())}
        if entry.event == "issue":
            reply = by_number.get(entry.payload["number"])
        elif entry.event == "dispatch" and reply is not None:
            sent[reply] = entry.on
        elif entry.event in ("letter_posted", "mailed"):
            named = entry.payload["letter"]
            sent |= dict.fromkeys(named if isinstance(named, list) else [named], entry.on)
        elif entry.event == "void_reply":
            void[by_number[entry.payload["number"]]] = entry.on
        elif entry.event == "void_letter":
            void |= dict.fromkeys(entry.payload["letter"], entry.on)
    return sent, void


def anew(connection: Connection, opened: Opened, entry: Entry) -> tuple[str, Entry]:
    """The code of a letter that was made void, and the entry that called for it, of today: what it is made
    from.
    """
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


def after_undoing(case: CaseFile) -> list[tuple[str, dict[str, Any]]]:
    """What is to be done about the notice of an extension that was undone: it is here, or the applicant has
    it.
    """
    made = [one for one in case.letters if one["code"] == EXTENSION]
    if not made:
        return []
    params = {"number": case.number, "letter": made[-1]["letter"]}
    said = N_(
        "The notice of extension has gone out. No letter takes it back: reply within the first time, or tell the applicant and make a remark."
    )
    if made[-1] in case.in_hand():
        said = N_(
            "The notice of extension has not gone out. Make it void: disclosure letter void {number} --letter {letter} --no-new --reason REASON"
        )
    return [(said, params)]


def _drop(connection: Connection, case_id: int, entry: Entry) -> None:
    """Mail of an earlier sending is not sent any more."""
    here = connection.execute(
        select(MAIL.c.id).where(MAIL.c.case_id == case_id, MAIL.c.state.in_(OPEN))
    ).scalars()
    for message in list(here):
        connection.execute(update(MAIL).where(MAIL.c.id == message).values(state=MailState.DROPPED))
        finish(connection, message, entry.recorded_at)


def finish(connection: Connection, message: int, moment: str) -> None:
    """The work of sending a message is done, or is no longer to be done."""
    work = (OUTBOX.c.kind == MAILING) & (OUTBOX.c.ref == message)
    connection.execute(update(OUTBOX).where(work, OUTBOX.c.done_at.is_(None)).values(done_at=moment))


def _to_mail(desk: Seat, connection: Connection, case_id: int, case: CaseFile, entry: Entry) -> int:
    """The message that this dispatch calls for: it is sent after the commit (mailing.py)."""
    settings = smtp.settings(desk.office)
    assert settings is not None
    assert case.reply is not None
    letter = case.letter_of(case.reply.number)
    place = {"office_id": desk.office.id, "case_id": case_id}
    # Of this sending alone, and the same however often it is tried.
    id = smtp.message_id(settings.sender, desk.office.key, case.number, case.reply.number, entry.n)
    message = insert_one(
        connection, insert(MAIL), {**place, "letter_id": letter, "message_id": id, "state": MailState.WAITING}
    )
    work = {**place, "kind": MAILING, "ref": message, "created_at": entry.recorded_at, "attempts": 0}
    return insert_one(connection, insert(OUTBOX), work)
