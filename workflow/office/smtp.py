"""Sends one mail message by SMTP.

There are three results: the server took the message (no error); it did not (MailFault, permanent or
temporary); or the result is unknown, because the connection broke after the message was handed over and
before the server answered (MailFault with `uncertain`). A program must not repeat the last.
"""

from __future__ import annotations

import re
import select
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import generator, policy
from email.message import EmailMessage
from io import BytesIO

from workflow.base.errors import Environment, Malformed
from workflow.base.messages import N_
from workflow.office.mail_settings import PORTS, TIMEOUT, MailSettings, checked, is_loopback
from workflow.office.profile import Office
from workflow.office.smtp_faults import MailFault, WayOn, detail, explained, refusal, said_by_server

# How long to wait for a server that is about to hang up, before the final dot is sent.
_LISTEN = 0.05


def settings(office: Office) -> MailSettings | None:
    """How this office sends mail; None where its profile has no table [mail]."""
    raw = office.entry("mail")
    if not raw:
        return None
    email = office.entry("email") or None
    table = checked(raw, email)
    security = table.get("security", "starttls")
    return MailSettings(
        host=table["host"],
        sender=str(table.get("from") or email),
        name=office.name,
        port=table.get("port", PORTS[security]),
        security=security,
        user=table.get("user"),
        password_env=table.get("password_env"),
        password_file=table.get("password_file"),
        timeout=table.get("timeout", TIMEOUT),
        ca_file=table.get("ca_file"),
    )


class Session:
    """A connection to the mail server: several messages can go through it, one after the other."""

    def __init__(self, link: smtplib.SMTP, settings: MailSettings, way_on: WayOn) -> None:
        self._link, self._settings, self._way_on = link, settings, way_on

    def deliver(self, message: EmailMessage) -> None:
        """Hand one message over. No error: the server took it. MailFault says what else came of it."""
        sender, receivers = str(self._settings.sender), _receivers(message)
        international = not all(mail.isascii() for mail in (sender, *receivers))
        raw = _bytes(message, international)
        link, options = self._link, []
        with explained(self._settings, self._way_on):
            if international:
                if not link.has_extn("smtputf8"):
                    raise MailFault(
                        N_("The mail server {host} does not take addresses with Chinese characters."),
                        permanent=True,
                        host=self._settings.host,
                        way_on=N_("Ask the applicant for another address, or send it by post."),
                    )
                options += ["SMTPUTF8", "BODY=8BITMIME"]
            largest = link.esmtp_features.get("size", "")
            if largest.isdigit() and 0 < int(largest) < len(raw):
                raise MailFault(
                    N_("The message has {size} bytes; the mail server {host} takes {most}."),
                    permanent=True,
                    size=len(raw),
                    host=self._settings.host,
                    most=largest,
                    way_on=N_("Send it by post, or publish large annexes and name the address."),
                )
            if link.has_extn("size"):
                options.append(f"size={len(raw)}")
            link.rset()
            self._require(link.mail(sender, options), (250,))
            for one in receivers:
                self._require(link.rcpt(one), (250, 251, 252), one)
            self._require(link.docmd("DATA"), (354,))
            # The final dot is sent separately: until then the server has nothing that it could accept.
            link.send(raw)
            self._still_there()
            link.send(b".\r\n")
        self._answered()

    def _require(self, reply: tuple[int, bytes], wanted: tuple[int, ...], mail: str = "") -> None:
        code, said = reply
        if code not in wanted:
            raise refusal(self._settings, self._way_on, code, said, mail)

    def _still_there(self) -> None:
        """MailFault if the server has hung up or spoken out of turn."""
        sock = self._link.sock
        assert sock is not None
        select.select([sock], [], [], _LISTEN)
        sock.settimeout(0)
        try:
            said = sock.recv(1000)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        finally:
            sock.settimeout(self._settings.timeout)
        if not said:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        code = int(said[:3]) if said[:3].isdigit() else 421
        raise refusal(self._settings, self._way_on, code, said[4:])

    def _answered(self) -> None:
        try:
            code, said = self._link.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            self._link.close()
            raise MailFault(
                N_(
                    "The mail server {host} was given the whole message and did not answer ({detail}): it is not known whether it went out."
                ),
                uncertain=True,
                host=self._settings.host,
                detail=detail(fault),
                way_on=self._way_on.unknown,
                again=self._way_on.again,
            ) from None
        if code != 250:
            raise refusal(self._settings, self._way_on, code, said)


def deliver(settings: MailSettings, message: EmailMessage, way_on: WayOn) -> None:
    """Connect, check the certificate, send one message. No error: the server took it; else MailFault, which
    says what the sender does next (`way_on`).
    """
    with session(settings, way_on) as connected:
        connected.deliver(message)


@contextmanager
def session(settings: MailSettings, way_on: WayOn) -> Iterator[Session]:
    """A connection to the office's mail server, encrypted and logged in as the settings say; MailFault if
    not.
    """
    link = _link(settings)
    try:
        with explained(settings, way_on):
            _connect(link, settings, way_on)
        yield Session(link, settings, way_on)
        with suppress(smtplib.SMTPException, OSError):
            link.quit()
    finally:
        link.close()


def _link(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "none" and not is_loopback(settings.host):
        raise Malformed(
            N_("Mail goes unencrypted only to this machine itself, not to {host}."),
            field="mail.security",
            host=settings.host,
            way_on=N_("Set mail.security to starttls or tls."),
        )
    link: smtplib.SMTP
    # The name is replaced below: otherwise the library would look up this machine's name in the network.
    if settings.security == "tls":
        link = smtplib.SMTP_SSL(
            local_hostname="localhost", timeout=settings.timeout, context=_trust(settings)
        )
    else:
        link = smtplib.SMTP(local_hostname="localhost", timeout=settings.timeout)
    # smtplib checks the certificate against this name.
    link._host = settings.host  # type: ignore[attr-defined] # noqa: SLF001
    return link


def _connect(link: smtplib.SMTP, settings: MailSettings, way_on: WayOn) -> None:
    code, said = link.connect(settings.host, settings.port)
    if code != 220:
        raise refusal(settings, way_on, code, said)
    assert link.sock is not None
    here = str(link.sock.getsockname()[0])
    link.local_hostname = f"[IPv6:{here}]" if ":" in here else f"[{here}]"
    link.ehlo_or_helo_if_needed()
    if settings.security == "starttls":
        if not link.has_extn("starttls"):
            raise MailFault(
                N_("The mail server {host} offers no encryption (STARTTLS); nothing was sent."),
                host=settings.host,
                way_on=N_(
                    "Set mail.security to tls and mail.port to the port for it, or ask whoever runs the server."
                ),
            )
        link.starttls(context=_trust(settings))
        link.ehlo()
    if settings.user:
        _login(link, settings)


def _login(link: smtplib.SMTP, settings: MailSettings) -> None:
    """By PLAIN or LOGIN, in UTF-8 (smtplib's own knows ASCII only); the line is encrypted, or inside this
    machine.
    """
    user, password = str(settings.user).encode(), settings.password.encode()
    ways = str(link.esmtp_features.get("auth", "")).upper().split()
    if "LOGIN" in ways and "PLAIN" not in ways:
        link.docmd("AUTH", "LOGIN")
        link.docmd(_base64(user))
        code, said = link.docmd(_base64(password))
    else:
        code, said = link.docmd(
            "AUTH", f"PLAIN {_base64(b'%b%b%b%b' % (bytes(1), user, bytes(1), password))}"
        )
    if code not in (235, 503):
        raise MailFault(
            N_("The mail server {host} does not let {user} in: {code} {detail}"),
            host=settings.host,
            user=settings.user,
            code=code,
            detail=said_by_server(said),
            way_on=N_("Check the account and its password: {place}"),
            place=settings.password_env or settings.password_file,
        )


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _trust(settings: MailSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except OSError as fault:
        raise Environment(
            N_("The certificates in {path} cannot be read: {detail}"),
            field="mail.ca_file",
            path=str(settings.ca_file),
            detail=fault.strerror or str(fault),
            way_on=N_("Check the file (PEM), or leave mail.ca_file out."),
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _receivers(message: EmailMessage) -> list[str]:
    # RFC 6531: an address is written as it is; the display form would encode it.
    return [one.addr_spec for name in ("To", "Cc", "Bcc") if message[name] for one in message[name].addresses]


def _bytes(message: EmailMessage, international: bool) -> bytes:
    """The message as it goes over the line: CRLF, a dot at the beginning of a line doubled."""
    out = BytesIO()
    # The names of attachments are folded as they stand.
    style = (policy.SMTPUTF8 if international else policy.SMTP).clone(
        max_line_length=76, refold_source="none"
    )
    generator.BytesGenerator(out, policy=style).flatten(message, linesep="\r\n")
    raw = re.sub(rb"(?m)^\.", b"..", out.getvalue())
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"
