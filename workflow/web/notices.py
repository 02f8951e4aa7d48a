"""Notices that there is news: by e-mail through the office's server, by text message through a port.

A notice says that there is news and where to look, and nothing else, whoever may read it. It goes out after
the news was published, once for each; what the server did not take is tried again by the next run, and what
may have gone out is not repeated.

The port for text messages is DISCLOSURE_WEB_SMS: a command, which gets {"to", "text"} as JSON on its standard
input and ends with 0 when the gateway took it, or an address (https://…), to which the same JSON is posted.
Nothing is sent at night (DISCLOSURE_WEB_QUIET, hours in China as 21-8): it goes out with the first run after.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from sqlalchemy import select, update

from workflow.base import dates, variables
from workflow.base.errors import DisclosureError, Environment, Malformed
from workflow.base.messages import N_
from workflow.cases import persons
from workflow.casework import given_persons
from workflow.casework.opened import open_row
from workflow.office import mail_message, smtp
from workflow.office.mail_settings import is_loopback
from workflow.office.seat import Seat
from workflow.office.smtp_faults import MailFault, WayOn
from workflow.storage.tables import TABLES
from workflow.web import publish

CODES, CASES = TABLES["web_code"], TABLES["case_file"]
QUIET = "21-8"
TIMEOUT = 30
SUBJECT = "您有新的办事进展"
TEXT = "您有新的办事进展，请凭查询码查看{where}。本通知不含具体内容，请勿回复。"
WAY_ON = WayOn(
    "disclosure web publish",
    N_("Ask whoever runs the mail server, or the recipient. The notice is not sent again by itself."),
)
Port = Callable[[str, str], None]


@dataclass
class Told:
    """What a run did: cases of which was told, what went wrong, how many wait for the morning (`quiet`)."""

    sent: list[str] = field(default_factory=list)
    faults: list[tuple[str, DisclosureError]] = field(default_factory=list)
    quiet: int = 0


def tell(seat: Seat, address: str = "", sms: Port | None = None) -> Told:
    """Send what is due of notices; `address` is where the public pages are."""
    made = Told()
    query = (
        select(CODES, CASES.c.number)
        .join(CASES, CASES.c.id == CODES.c.case_id)
        .where(CODES.c.office_id == seat.office.id, CODES.c.notice != "none", CODES.c.published.is_not(None))
        .order_by(CODES.c.id)
    )
    with seat.store.reading() as connection:
        rows = connection.execute(query).all()
    due = [row for row in rows if publish.told_of(row.published) != row.noticed]
    quiet = is_quiet(seat.now())
    for row in due:
        if quiet and row.notice == "sms":
            made.quiet += 1
            continue
        try:
            _send(seat, row, TEXT.format(where=f"：{address}" if address else ""), sms)
        except MailFault as fault:
            made.faults.append((row.number, fault))
            if not (fault.uncertain or fault.permanent):
                continue
        except DisclosureError as fault:
            made.faults.append((row.number, fault))
            continue
        else:
            made.sent.append(row.number)
        with seat.store.writing() as connection:
            connection.execute(
                update(CODES).where(CODES.c.id == row.id).values(noticed=publish.told_of(row.published))
            )
    return made


def _send(seat: Seat, row: Any, text: str, sms: Port | None) -> None:
    facts = _reached(seat, row)
    if row.notice == "sms":
        (sms or port())(facts.get("phone", ""), text)
        return
    settings = smtp.settings(seat.office)
    if settings is None:
        raise Environment(
            N_("The office names no mail server."), way_on=N_("Name the server: disclosure mail setup")
        )
    message = mail_message.compose(
        settings,
        to=facts.get("email", ""),
        subject=SUBJECT,
        text=f"{text}\n\n{seat.office.name}\n",
        id=mail_message.message_id(settings.sender, "web notice", row.lookup, publish.told_of(row.published)),
        at=seat.now(),
    )
    smtp.deliver(settings, message, WAY_ON)


def _reached(seat: Seat, row: Any) -> dict[str, str]:
    """How the first applicant is reached."""
    with seat.store.reading() as connection:
        case = connection.execute(select(CASES).where(CASES.c.id == row.case_id)).one()
        opened = open_row(seat, connection, case, None)
        return given_persons.person(
            persons.applicants(opened.case)[0], seat.case_key(connection, row.case_id)
        )


def is_quiet(now: datetime) -> bool:
    """Whether nobody is sent a text message at this hour."""
    given = variables.given("DISCLOSURE_WEB_QUIET") or QUIET
    first, _, last = given.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) < 25 and int(last) < 25):
        raise Malformed(
            N_("'{value}' is no span of hours."),
            field="DISCLOSURE_WEB_QUIET",
            value=given[:40],
            way_on=N_("Write it as 21-8."),
        )
    hour, start, end = now.astimezone(dates.CHINA).hour, int(first), int(last)
    return start <= hour < end if start <= end else hour >= start or hour < end


def port() -> Port:
    """The office's gateway for text messages, as DISCLOSURE_WEB_SMS names it."""
    named = variables.given("DISCLOSURE_WEB_SMS")
    if not named:
        raise Environment(
            N_("No gateway for text messages is named."),
            field="DISCLOSURE_WEB_SMS",
            way_on=N_("Set DISCLOSURE_WEB_SMS to a command or an address (docs/web.md)."),
        )
    return _posted(named) if named.startswith(("https://", "http://")) else _piped(named)


def _piped(command: str) -> Port:
    def send(to: str, text: str) -> None:
        said = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        try:
            done = subprocess.run(
                shlex.split(command), input=said, capture_output=True, timeout=TIMEOUT, check=False
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as fault:
            raise _not_taken(str(fault)) from None
        if done.returncode != 0:
            raise _not_taken(done.stderr.decode(errors="replace") or str(done.returncode))

    return send


def _posted(address: str) -> Port:
    parts = urlsplit(address)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise Malformed(
            N_("The gateway is reached by https, or on this machine: {address}"),
            field="DISCLOSURE_WEB_SMS",
            address=address,
            way_on=N_("Write it as https://…"),
        )

    def send(to: str, text: str) -> None:
        said = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        # The address was checked above.
        request = Request(address, said, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urlopen(request, timeout=TIMEOUT):  # noqa: S310
                return
        except (URLError, OSError, ValueError) as fault:
            raise _not_taken(str(fault)) from None

    return send


def _not_taken(detail: str) -> Environment:
    return Environment(
        N_("The gateway did not take the text message: {detail}"),
        detail=detail.strip()[:200],
        way_on=N_("It is tried again by the next run."),
    )
