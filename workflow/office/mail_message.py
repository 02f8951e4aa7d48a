"""Writes a mail message: addresses, subject, text and attachments, the same bytes for the same content."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.office.mail_settings import MailSettings, address


def message_id(sender: str, *parts: Any) -> str:
    """The Message-ID of a message that these parts make unique: the same each time."""
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
    domain = sender.rpartition("@")[2].encode("idna" if not sender.isascii() else "ascii").decode()
    return f"<{digest[:40]}@{domain}>"


def compose(
    settings: MailSettings,
    *,
    to: str,
    subject: str,
    text: str,
    id: str,
    at: datetime,
    attachments: Iterable[tuple[str, bytes, str]] = (),
    to_name: str = "",
) -> EmailMessage:
    """A message as it will be sent; attachments are (file name, bytes, type/subtype). The same in, the same
    out.
    """
    message = EmailMessage(policy=policy.SMTP)
    try:
        message["From"] = _mailbox(settings.name, settings.sender)
        message["To"] = _mailbox(to_name, address(to, "email"))
        message["Subject"] = _unencoded(" ".join(subject.split()))
    except (ValueError, MessageError) as fault:
        raise Malformed(
            N_("The message cannot be written: {detail}"), field="email", detail=str(fault)
        ) from None
    message["Date"] = format_datetime(at)
    message["Message-ID"] = id
    message["Content-Language"] = "zh-CN"
    message.set_content(text, cte="base64")
    boundary = hashlib.sha256(id.encode()).hexdigest()[:32]
    for name, data, kind in attachments:
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(data, maintype=maintype, subtype=subtype)
        _name(list(message.iter_attachments())[-1], name, kind)
    if message.is_multipart():
        message.set_boundary(f"=_{boundary}")
    return message


def _mailbox(name: str, mail: str) -> Address:
    user, _, domain = mail.rpartition("@")
    return Address(display_name=_unencoded(" ".join(name.split())), username=user, domain=domain)


def _unencoded(text: str) -> str:
    """A text that cannot be taken for an encoded word (RFC 2047), which might hide further headers."""
    return text.replace("=?", "= ?")


def _name(part: Any, name: str, kind: str) -> None:
    """Name an attachment in the three ways that clients know: by RFC 2231, by an encoded word in `name`, and
    in plain ASCII for those that know neither."""
    clean = _unencoded(re.sub(r'[\x00-\x1f\x7f"\\\\/]', "_", name))
    stem, dot, ending = clean.rpartition(".")
    ascii_stem = "-".join(re.findall(r"[A-Za-z0-9]+", stem)) or "letter"
    words = "\r\n ".join(_words(clean))
    del part["Content-Type"]
    part.set_raw("Content-Type", f'{kind};\r\n name="{words}"')
    del part["Content-Disposition"]
    part.set_raw(
        "Content-Disposition",
        f"attachment;\r\n filename*=utf-8''{quote(clean, safe='')};\r\n filename=\"{ascii_stem}{dot}{ending if ending.isascii() else ''}\"",
    )


def _words(text: str) -> list[str]:
    """A text as encoded words, each short enough for its line and none ending within a character."""
    if text.isascii():
        return [text]
    return [
        f"=?utf-8?B?{b64encode(text[start : start + 12].encode()).decode()}?="
        for start in range(0, len(text), 12)
    ]
