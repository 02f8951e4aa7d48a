"""Mail: the server, what waits, and what a person has to decide."""

from __future__ import annotations

from typing import Any

from workflow.base.completeness import require_same
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import confirming
from workflow.commands.finishing import finish
from workflow.commands.options import CASE, COMMON, ON, YES, desk_of, group, option, seat_of
from workflow.commands.parameter_types import OneOf
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day
from workflow.storage.row_states import MailState


@group("mail")
def mail() -> None:
    """Commands on mail."""


@mail.command(
    "setup",
    help=N_("Name the office's mail server; the password stays in a variable or a file."),
    example="disclosure mail setup --host smtp.example.cn --user xxgk --password-env MAIL_PASSWORD --from xxgk@example.cn",
)
@option("--host", required=True, help=N_("Name of the mail server."))
@option("--port", type=int, help=N_("Its port (default: 587, for tls 465)."))
@option("--security", type=OneOf("mail_security"), help=N_("How the line is encrypted (default: starttls)."))
@option("--user", help=N_("The account."))
@option("--password-env", metavar="NAME", help=N_("The variable that holds the password."))
@option("--password-file", metavar="FILE", help=N_("The file that holds the password."))
@option(
    "--from",
    "sender",
    metavar="ADDRESS",
    help=N_("The address that letters come from (default: the office's)."),
)
@option("--timeout", type=int, metavar="SECONDS", help=N_("How long the server is waited for (default: 30)."))
@option("--ca-file", metavar="FILE", help=N_("Certificates (PEM) by which the server's is trusted."))
@COMMON
def mail_setup(officer: str | None, office: str | None, db: str | None, as_json: bool, **given: Any) -> None:
    from workflow.delivery import mail_server

    given["from"] = given.pop("sender")
    made = mail_server.setup(desk_of(officer, office, db), given)
    output(made, lambda: [f"mail.{name} = {value}" for name, value in made.items()], as_json)


@mail.command(
    "test",
    help=N_("Send a message to oneself, to see whether the settings are right."),
    example="disclosure mail test",
)
@option("--to", metavar="ADDRESS", help=N_("To whom (default: the office's own address)."))
@COMMON
def mail_test(to: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.delivery import mail_server

    made = mail_server.test(desk_of(officer, office, db), to)
    output(made, lambda: [_(N_("{host}:{port} took a message to {to}."), **made)], as_json)


@mail.command(
    "list",
    help=N_("Letters that go out by e-mail and are not sent yet, and those of which it is not known."),
    example="disclosure mail list --all",
)
@option("--all", "everything", is_flag=True, help=N_("Those that were sent too."))
@COMMON
def mail_list(
    everything: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base import dates, screen
    from workflow.delivery import mail_decisions

    found = mail_decisions.listed(seat_of(officer, office, db), everything=everything)
    header = [_(text) for text in (N_("case"), N_("letter"), N_("state"), N_("since"), N_("last error"))]
    output(
        found,
        lambda: screen.table(
            header,
            [
                [
                    one["case"],
                    one["letter"] or "-",
                    _(STATES[one["state"]]),
                    dates.china_time(one["sent_at"] or one["started_at"])
                    if one["sent_at"] or one["started_at"]
                    else "-",
                    one["last_error"] or "",
                ]
                for one in found
            ],
        ),
        as_json,
    )


STATES: dict[str, str] = {
    MailState.WAITING: N_("waits"),
    MailState.SENDING: N_("being sent"),
    MailState.UNCERTAIN: N_("not known whether sent"),
    MailState.REFUSED: N_("refused by the server"),
    MailState.SENT: N_("sent"),
    MailState.DROPPED: N_("no longer to be sent"),
}
require_same("commands/mail.STATES", STATES, "row_states.MailState", MailState)


@mail.command(
    "retry",
    help=N_("Send it again: it is known that it did not go out, or the reason of the refusal is mended."),
    example="disclosure mail retry 2026-0001",
)
@CASE
@YES
@COMMON
def mail_retry(
    case: str, yes: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:

    from workflow.delivery import mail_decisions

    desk = desk_of(officer, office, db)
    if confirming.asked(yes, as_json):
        confirming.confirm(
            [_(N_("The reply of {number} would be sent by e-mail once more."), number=case)], _(N_("Do it?"))
        )
    made = mail_decisions.retry(desk, case)
    output(made, lambda: [_(N_("{case} waits to be sent again: disclosure work"), **made)], as_json)


@mail.command(
    "confirm",
    help=N_("Record that it did go out: the server's log or the recipient says so."),
    example="disclosure mail confirm 2026-0001 --on 2026-03-27",
)
@CASE
@ON
@COMMON
def mail_confirm(
    case: str, on: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.delivery import mail_decisions

    desk = desk_of(officer, office, db)
    finish(desk, mail_decisions.confirm(desk, case, legal_day(on)), as_json)
