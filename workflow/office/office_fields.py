"""Fields of an office file: a list, a table, one of several words; and what is said of one that is wrong."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.patterns import later

# The kind of name (names.toml) under which the choices of a field are displayed.
_KINDS_OF = {"kind": "office_kind", "level": "office_level", "channels": "channel"}
KEY = later(r"[a-z0-9][a-z0-9_-]{0,39}")
_CONTROLS = later("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")


def has_controls(text: str) -> bool:
    """Whether a text that belongs on one line holds line breaks or control characters."""
    return _CONTROLS.search(text) is not None


def fault(name: str, message: str) -> Malformed:
    """What is said of a field that is wrong; `message` names it as {field}."""
    return Malformed(message, field=name, way_on=N_("See docs/office.md and the sample office file."))


def entries(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What stands under a name as tables of its own: [[name]], or [name] for a single one."""
    found = raw.get(name, [])
    listed = [found] if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise fault(name, N_("'{field}' has to be named values."))
    return listed


def mapping(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A table of the file; Malformed where something else stands there."""
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise fault(name, N_("'{field}' has to be named values."))
    return found


def one_of(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Malformed unless the value is one of these."""
    if value not in choices:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field=name,
            value=value,
            choices=Named(_KINDS_OF.get(name, ""), *choices, typed=True),
        )
