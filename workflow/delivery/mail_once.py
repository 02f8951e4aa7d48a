"""Letters by e-mail: sent after the commit, once. What cannot be known is left to a person.

A try is put down before it is made (state `sending`, with the process that makes it) and its end after it.
Between the two lies the server's answer: a process that dies there leaves a message of which nobody can tell
whether it went out. It is not sent again by itself; it is shown as uncertain, and an officer confirms or
repeats it.
"""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from workflow.base import dates, file_names, tables
from workflow.base.errors import DisclosureError, Environment
from workflow.base.messages import N_
from workflow.cases import persons
from workflow.casework import given_persons, letter_data, letter_rows, letter_status
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.delivery.mail_tries import at_it, trying
from workflow.office import mail_message, smtp
from workflow.office.mail_settings import MailSettings
from workflow.office.smtp_faults import MailFault, WayOn
from workflow.storage import file_store, ledger
from workflow.storage.row_states import MailState
from workflow.storage.tables import TABLES

MAIL, LETTERS, CASES = TABLES["mail"], TABLES["letter"], TABLES["case_file"]
TABLE = Path(__file__).with_name("posting.toml")
WAY_ON = WayOn(
    "disclosure work",
    N_(
        "Ask whoever runs the mail server, or the recipient. Then: disclosure mail confirm, or disclosure mail retry"
    ),
)
# A try was begun, and its end is not recorded.
TRIED = (MailState.SENDING, MailState.UNCERTAIN)


def deliver(desk: Desk, work: Any) -> dict[str, Any]:
    """Send one message that waits (the outbox's work of the kind `mail`); what was sent, or why not yet."""
    settings = smtp.settings(desk.office)
    row = _row(desk, work.ref)
    if settings is None:
        raise Environment(
            N_("A letter waits to be mailed, and the office names no mail server any more."),
            field="mail.host",
            way_on=N_("Give it again: disclosure mail setup"),
        )
    if row.state == MailState.SENDING and not at_it(desk.store.url, row, settings, desk.now()):
        mark(desk, row.id, (MailState.SENDING,), MailState.UNCERTAIN)
        row = _row(desk, work.ref)
    if row.state != "waiting":
        return _left_alone(desk, row)
    with trying(desk.store.url, row.id):
        return _try(desk, row, settings)


def _try(desk: Desk, row: Any, settings: MailSettings) -> dict[str, Any]:
    message = _message(desk, row, settings)
    if not _claim(desk, row):
        return {"mail": row.id, "state": MailState.SENDING}
    try:
        smtp.deliver(settings, message, WAY_ON)
    except DisclosureError as fault:
        uncertain = isinstance(fault, MailFault) and fault.uncertain
        permanent = isinstance(fault, MailFault) and fault.permanent
        state = MailState.UNCERTAIN if uncertain else MailState.REFUSED if permanent else MailState.WAITING
        mark(desk, row.id, TRIED, state, fault)
        raise
    record(desk, row.id)
    return {"mail": row.id, "state": MailState.SENT, "message_id": row.message_id}


def _row(desk: Desk, message: int) -> Any:
    with desk.store.reading() as connection:
        return connection.execute(
            select(
                MAIL,
                CASES.c.number.label("case_number"),
                LETTERS.c.sha256,
                LETTERS.c.content,
                LETTERS.c.number,
            )
            .join(CASES, CASES.c.id == MAIL.c.case_id)
            .join(LETTERS, LETTERS.c.id == MAIL.c.letter_id)
            .where(MAIL.c.id == message)
        ).one()


def _left_alone(desk: Desk, row: Any) -> dict[str, Any]:
    """What is another process's, or a person's: said, and not touched."""
    if row.state == "uncertain":
        raise MailFault(
            N_(
                "Whether the letter {letter} of {number} went out is not known: it was handed to the mail server, and no answer was recorded."
            ),
            uncertain=True,
            letter=row.number,
            number=row.case_number,
            way_on=N_(
                "Ask whoever runs the mail server for {id}, or the recipient. Then: disclosure mail confirm {number}, or disclosure mail retry {number}"
            ),
            id=row.message_id,
        )
    if row.state == "refused":
        raise MailFault(
            N_("The mail server refused the letter {letter} of {number}: {detail}"),
            permanent=True,
            letter=row.number,
            number=row.case_number,
            detail=row.last_error or "-",
            way_on=N_(
                "Put the address right and repeat: disclosure mail retry {number}. Or record that it came back and send it by post."
            ),
        )
    return {"mail": row.id, "state": row.state}


def _claim(desk: Desk, row: Any) -> bool:
    """Put down that this process now tries it; False where another was faster."""
    with desk.store.writing() as connection:
        done = connection.execute(
            update(MAIL)
            .where(MAIL.c.id == row.id, MAIL.c.state == MailState.WAITING)
            .values(
                state=MailState.SENDING,
                started_at=desk.moment(),
                host=socket.gethostname(),
                pid=os.getpid(),
                last_error=None,
            )
        )
        return bool(done.rowcount == 1)


def mark(
    desk: Desk, message: int, before: tuple[str, ...], after: str, fault: DisclosureError | None = None
) -> bool:
    """Put a message from one of these states into another; whether it was in one of them."""
    said = {"last_error": f"{fault}"[:2000]} if fault is not None else {}
    with desk.store.writing() as connection:
        done = connection.execute(
            update(MAIL).where(MAIL.c.id == message, MAIL.c.state.in_(before)).values(state=after, **said)
        )
        return bool(done.rowcount == 1)


def _message(desk: Desk, row: Any, settings: MailSettings) -> Any:
    """The message with the letter attached, to the applicant's address as it is recorded now."""
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, row.case_number)
        key = desk.case_key(connection, row.case_id)
        sha256 = letter_rows.pdf_of(connection, row.letter_id)
    content = letter_data.opened(row.content, key)
    to = given_persons.person(persons.written_to(opened.case, desk.today()), key).get("email", "")
    assert sha256 is not None
    pdf = file_store.read(file_store.folder(desk.store.folder), sha256)
    words = tables.read(TABLE)["mail"]
    said = {
        "name": persons.heading([opened.case.applicant, *opened.case.others]),
        "case": row.case_number,
        "organ": desk.office.name,
        "title": content["title"],
        "number": row.number,
        "telephone": desk.office.profile["telephone"],
        "date": content["date_zh"],
    }
    return mail_message.compose(
        settings,
        to=to,
        to_name=said["name"],
        subject=words["subject"].format(**said),
        text=words["text"].strip("\n").format(**said),
        id=row.message_id,
        at=desk.now().astimezone(dates.CHINA),
        attachments=[(file_names.made(content["title"], row.number, ending=".pdf"), pdf, "application/pdf")],
    )


def record(desk: Desk, message: int, *, on: date | None = None, person: bool = False) -> Done | None:
    """Record that a message went out: in the ledger, in its row, and that its work is done. None if it was
    before.
    """
    with desk.store.writing() as connection:
        # In the order of every act: first the chain, then the rows.
        ledger.head(connection, desk.office.id, lock=True)
        done = connection.execute(
            update(MAIL)
            .where(MAIL.c.id == message, MAIL.c.state.in_(TRIED))
            .values(state=MailState.SENT, sent_at=desk.moment())
        )
        if done.rowcount != 1:
            return None
        row = connection.execute(
            select(MAIL, LETTERS.c.code, LETTERS.c.number)
            .join(LETTERS, LETTERS.c.id == MAIL.c.letter_id)
            .where(MAIL.c.id == message)
        ).one()
        letter_status.finish(connection, message, desk.moment())
        return desk.mailed(connection, row, on, person)
