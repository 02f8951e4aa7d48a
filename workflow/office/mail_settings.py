"""What the office file says of its mail server ([mail]), checked; and mail addresses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from workflow.base.errors import Environment, Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later

# The ways of encryption, each with its usual port.
PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT = 30
ENTRIES = ("host", "port", "security", "user", "password_env", "password_file", "from", "timeout", "ca_file")
# As RFC 5321 has it, without its quoted forms; characters beyond ASCII (RFC 6531) are allowed.
_ADDRESS = later(r"[^\s@<>(),:;\"\[\]\\\x00-\x1f\x7f]{1,64}@[^\s@<>(),:;\"\[\]\\\x00-\x1f\x7f]{1,253}")
_HOST = later(r"[A-Za-z0-9._:-]{1,253}")


@dataclass(frozen=True)
class MailSettings:
    """The mail server of an office, and its sender address."""

    host: str
    sender: str
    name: str = ""
    port: int = PORTS["starttls"]
    security: str = "starttls"
    user: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    timeout: int = TIMEOUT
    ca_file: str | None = None

    @property
    def password(self) -> str:
        """The password, from where the office file says that it is; Environment if it is not there."""
        if self.password_env:
            found = os.environ.get(self.password_env)
            if not found:
                raise Environment(
                    N_("The password of the mail account is not there: the variable {name} is empty."),
                    field="mail.password_env",
                    name=self.password_env,
                    way_on=N_(
                        "Set the variable for whoever runs the program, or name a file: mail.password_file"
                    ),
                )
            return found
        try:
            return Path(self.password_file or "").expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as fault:
            raise Environment(
                N_("The password of the mail account cannot be read from {path}: {detail}"),
                field="mail.password_file",
                path=str(self.password_file),
                detail=getattr(fault, "strerror", None) or str(fault),
                way_on=N_("Put the password alone into that file, readable by whoever runs the program."),
            ) from None


# --- what the office file says


def _require_entry(name: str, value: Any) -> None:
    """Refuse an entry that the table does not have, or that is no such number or text."""
    if name not in ENTRIES:
        raise Malformed(
            N_("The table 'mail' has no entry '{name}'."),
            field=f"mail.{name}",
            name=name,
            way_on=N_("Its entries are: {names}"),
            names=listed(ENTRIES),
        )
    if name in ("port", "timeout"):
        low, high = (1, 65535) if name == "port" else (1, 600)
        if type(value) is not int or not low <= value <= high:
            raise Malformed(
                N_("'{field}' is a number from {low} to {high}, not {value}."),
                field=f"mail.{name}",
                low=low,
                high=high,
                value=str(value)[:40],
            )
    elif not isinstance(value, str) or not value.strip() or value != value.strip() or "\n" in value:
        raise _wrong(f"mail.{name}", N_("'{field}' has to be text on one line."))


def _require_security(host: str, security: Any) -> None:
    """Refuse a kind of encryption that there is not, and none at all to another machine."""
    if security not in PORTS:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field="mail.security",
            value=str(security)[:40],
            choices=listed(PORTS),
        )
    if security == "none" and not is_loopback(host):
        raise Malformed(
            N_("Mail goes unencrypted only to this machine itself, not to {host}."),
            field="mail.security",
            host=host,
            way_on=N_("Set mail.security to starttls or tls."),
        )


def checked(raw: Any, email: str | None = None) -> dict[str, Any]:
    """The table [mail] of an office file, as it was given; Malformed names the entry that is wrong."""
    if not isinstance(raw, Mapping):
        raise _wrong("mail", N_("'{field}' has to be named values."))
    if "password" in raw:
        raise Malformed(
            N_("A password does not stand in the office file."),
            field="mail.password",
            way_on=N_("Name the variable or the file that holds it: mail.password_env or mail.password_file"),
        )
    for name, value in raw.items():
        _require_entry(name, value)
    host, security = str(raw.get("host", "")), raw.get("security", "starttls")
    if not _HOST.fullmatch(host):
        raise _wrong("mail.host", N_("'{field}' has to be the name or address of the mail server."))
    _require_security(host, security)
    if raw.get("user") and bool(raw.get("password_env")) == bool(raw.get("password_file")):
        raise Malformed(
            N_("The account '{user}' needs its password from one place."),
            field="mail.user",
            user=raw["user"],
            way_on=N_("Name the variable or the file that holds it: mail.password_env or mail.password_file"),
        )
    sender = raw.get("from") or email
    if not sender:
        raise _wrong("mail.from", N_("The office needs '{field}', or 'email'."))
    address(str(sender), "mail.from" if raw.get("from") else "email")
    return dict(raw)


def _wrong(name: str, message: str) -> Malformed:
    return Malformed(message, field=name, way_on=N_("See docs/posting.md and the sample office file."))


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def address(text: str, field: str) -> str:
    """A mail address that can be written to; Malformed if it is none."""
    found = text.strip()
    if not _ADDRESS.fullmatch(found) or ".." in found or found.startswith(".") or found.endswith("."):
        raise Malformed(
            N_("'{value}' is not a mail address."),
            field=field,
            value=found[:80],
            way_on=N_("Write it as name@example.cn."),
        )
    return found
