"""What lists show of personal data: one way to hide a name, a number, an address."""

from __future__ import annotations

from collections.abc import Callable

from workflow.base.patterns import later

WHOLE = "***"
"""Shown where a value exists but nothing of it may be seen."""
_REGION = later(r"^(?:.{2,8}?(?:省|自治区|特别行政区))?(?:.{2,8}?(?:市|州|盟|地区))?")


def mask(kind: str, text: str) -> str:
    """The masked form of a value: enough to tell two people apart, not enough to use.

    Kinds: name, id_number, organisation_code, phone, email, address, postcode; values of any other kind are
    hidden completely.
    """
    text = " ".join(text.split())
    return _MASKS.get(kind, _all)(text)


def ends_only(value: str) -> str:
    """A value found in a text, shown to the person who wrote the text: its beginning and its end."""
    shown = max(1, min(3, len(value) // 4))
    return f"{value[:shown]}{'*' * (len(value) - 2 * shown)}{value[-shown:]}"


def _ends(head: int, tail: int) -> Callable[[str], str]:
    def masked(text: str) -> str:
        # The ends of a short value would reveal it: hide at least half of it, or all.
        if len(text) < 2 * (head + tail):
            return _all(text)
        return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]

    return masked


def _name(text: str) -> str:
    # At most two marks: the length of a long name would identify the person.
    return text[:1] + "*" * min(max(len(text) - 1, 1), 2)


def _all(text: str) -> str:
    return "*" * min(len(text), 6)


def _email(text: str) -> str:
    name, at, host = text.rpartition("@")
    return f"{name[:1]}***@{host}" if at and len(name) > 1 else f"***{at}{host if at else ''}"


def _address(text: str) -> str:
    # Keep province and city; hide street and number.
    found = _REGION.match(text)
    kept = found[0] if found else ""
    return kept + "******" if text else ""


_MASKS = {
    "name": _name,
    "id_number": _ends(3, 2),
    "organisation_code": _ends(2, 2),
    "phone": _ends(3, 2),
    "postcode": _ends(2, 0),
    "email": _email,
    "address": _address,
}
