"""Setting up the mail of an office: its mail server, and a message to try it."""

from __future__ import annotations

from typing import Any

from workflow.base import dates
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.context import OF_NO_PERSON
from workflow.casework.desk import Desk
from workflow.office import mail_message, mail_settings, profile_changes, smtp
from workflow.office.smtp_faults import WayOn

# A message to oneself may be sent as often as one likes.
_WAY_ON = WayOn(
    "disclosure mail test",
    N_("Ask whoever runs the mail server, or the recipient; or give it once more: {again}"),
)


def require_sender(desk: Desk) -> None:
    """Refused unless the officer is one of those who send mail."""
    wanted = {role for row in desk.context.process.rows_of("mailed") for role in row.roles}
    if not desk.officer.actor.roles & wanted:
        raise Refused(
            N_("{officer} may not do this ({event}); it is for: {roles}."),
            rule="house:email",
            officer=desk.officer.name,
            event=Named("event", "mailed"),
            roles=Named("role", *sorted(wanted - OF_NO_PERSON)),
            way_on=N_("Let an officer with that role do it."),
        )


def test(desk: Desk, to: str | None) -> dict[str, Any]:
    """A message to oneself, to see whether the settings are right; MailFault says what is wrong."""
    settings = smtp.settings(desk.office)
    if settings is None:
        raise NotFound(
            N_("The office names no mail server."),
            field="mail",
            way_on=N_("Give it with: disclosure mail setup"),
        )
    moment = desk.now()
    id = mail_message.message_id(settings.sender, "test", dates.stamp(moment))
    receiver = mail_settings.address(to or settings.sender, "to")
    message = mail_message.compose(
        settings,
        to=receiver,
        subject=f"{desk.office.name}：邮件设置测试",
        text="邮件设置正常。",
        id=id,
        at=moment.astimezone(dates.CHINA),
    )
    smtp.deliver(settings, message, _WAY_ON)
    return {"to": receiver, "host": settings.host, "port": settings.port, "message_id": id}


def setup(desk: Desk, given: dict[str, Any]) -> dict[str, Any]:
    """Set the office's table [mail], whole; recorded like any change of the office."""
    table = {name: value for name, value in given.items() if value is not None}
    profile = profile_changes.set_profile(
        desk, "mail", mail_settings.checked(table, desk.office.entry("email") or None)
    )
    made: dict[str, Any] = profile["mail"]
    return made
