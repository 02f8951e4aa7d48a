"""The URL of a database as it may be shown, and what was said of it: nothing of them that may be a secret.

What is malformed is looked at most carefully: a password with a sign that stands for something else in a URL
is the usual reason.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from workflow.base.masking import WHOLE
from workflow.base.patterns import later

# What follows the "?" and may be read by anybody; all else may be a secret, or hold one.
_PLAIN = frozenset(
    [
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "sslmode",
        "sslrootcert",
        "channel_binding",
        "connect_timeout",
        "application_name",
        "target_session_attrs",
        "service",
        "gssencmode",
        "client_encoding",
        "mode",
        "timeout",
    ]
)
# A name, a colon, and all up to the last "@": passwords with "@", "/", "?", "#" or a space in them, too.
_CREDENTIALS = later(r"([^:/@?]*):(.*)@", re.DOTALL)
# Parts of a secret that a parser may have taken for a host, a port or a name; shorter ones say nothing.
_APART = later(r"[@:/?#&=\[\]\s]+")
_LEAST = 3


def shown(url: str) -> str:
    """The URL without a password, wherever that may stand."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    if found := _CREDENTIALS.match(rest):
        rest = f"{found[1]}@{rest[found.end() :]}"
    place, asked, given = rest.partition("?")
    return scheme + mark + place + asked + "&".join(map(_pair, given.split("&")))


def said_of(url: str, text: str) -> str:
    """What a library said of the URL, without what it took from a password."""
    place = shown(url)
    text = text.replace(url, place)
    # What stands in the place too (a user's name that is the password) would only make it unreadable.
    for secret in sorted((one for one in _secrets(url) if one not in place), key=len, reverse=True):
        text = text.replace(secret, WHOLE)
    return text


def _pair(pair: str) -> str:
    name, is_, value = pair.partition("=")
    return pair if name in _PLAIN or not value else name + is_ + WHOLE


def _secrets(url: str) -> set[str]:
    """What may be a secret of the URL: whole, without its signs for signs, and in parts."""
    _, _, rest = url.partition("://")
    whole = [found[2]] if (found := _CREDENTIALS.match(rest)) else []
    pairs = [pair.partition("=") for pair in rest.partition("?")[2].split("&")]
    whole += [value for name, _, value in pairs if name not in _PLAIN]
    whole += [unquote(one) for one in whole]
    return {part for one in whole for part in [one, *_APART.split(one)] if len(part) >= _LEAST}
