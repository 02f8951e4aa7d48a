"""What a mail server or the way to it refuses, told in words."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.office.mail_settings import MailSettings


class WayOn(NamedTuple):
    """What the sender of a message does when it did not go out: advice that the server's fault cannot
    know.
    """

    again: str
    """The command that tries again."""
    unknown: str
    """What to do where it is not known whether it went out (message text)."""


class MailFault(Environment):
    """The message did not go out, or it is not known whether it did. Exit status 6."""

    kind = "mail"

    def __init__(
        self, message: str, /, *, permanent: bool = False, uncertain: bool = False, **params: Any
    ) -> None:
        self.permanent = permanent
        """The server will refuse the same message again."""
        self.uncertain = uncertain
        """Whether the server took the message is not known."""
        super().__init__(message, **params)


@contextmanager
def explained(settings: MailSettings, way_on: WayOn) -> Iterator[None]:
    """Turns faults of the network and of the library into errors that a user can act on."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise MailFault(
            N_("The mail server {host} shows a certificate that is not to be trusted: {detail}"),
            host=settings.host,
            detail=fault.verify_message,
            way_on=N_("Check mail.host. For an authority of your own name its certificate: mail.ca_file"),
        ) from None
    except smtplib.SMTPResponseException as fault:
        raise refusal(settings, way_on, fault.smtp_code, fault.smtp_error) from None
    except smtplib.SMTPException as fault:
        # The library wraps the original exception.
        if isinstance(fault.__context__, TimeoutError):
            raise _waited(settings, way_on) from None
        raise _dropped(settings, way_on, fault) from None
    except TimeoutError:
        raise _waited(settings, way_on) from None
    except OSError as fault:
        raise _dropped(settings, way_on, fault) from None


def _waited(settings: MailSettings, way_on: WayOn) -> MailFault:
    return MailFault(
        N_("The mail server {host} did not answer within {seconds} seconds; nothing was sent."),
        host=settings.host,
        seconds=settings.timeout,
        way_on=N_("Try again later: {again}. How long it is waited for: mail.timeout"),
        again=way_on.again,
    )


def _dropped(settings: MailSettings, way_on: WayOn, fault: Exception) -> MailFault:
    return MailFault(
        N_("The mail server {host}:{port} cannot be reached, or hung up: {detail}. Nothing was sent."),
        host=settings.host,
        port=settings.port,
        detail=detail(fault),
        way_on=N_("Check the network and the settings [mail]; then: {again}"),
        again=way_on.again,
    )


def refusal(settings: MailSettings, way_on: WayOn, code: int, said: bytes | str, mail: str = "") -> MailFault:
    """The server's refusal in its own words: 5xx is permanent, anything else temporary."""
    permanent = 500 <= code < 600
    if mail:
        message = N_("The mail server {host} does not take mail for {mail}: {code} {detail}")
    else:
        message = N_("The mail server {host} refused the message: {code} {detail}")
    return MailFault(
        message,
        permanent=permanent,
        host=settings.host,
        mail=mail,
        code=code,
        detail=said_by_server(said),
        way_on=N_("It will refuse it again: correct the address or the settings, or send it another way.")
        if permanent
        else N_("Try again later: {again}"),
        again=way_on.again,
    )


def said_by_server(text: bytes | str) -> str:
    """What a server said, on one line of printable characters."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:300]


def detail(fault: Exception) -> str:
    """What went wrong, in the words of the system or the library."""
    if isinstance(fault, OSError):
        return fault.strerror or str(fault) or type(fault).__name__
    return said_by_server(str(fault)) or type(fault).__name__
