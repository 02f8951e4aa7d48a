"""Cleans text that a user typed or handed in as a file: no control characters, a bounded length, named
entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

if TYPE_CHECKING:
    from pathlib import Path

# A megabyte of typed text is a mistake or an attack.
LONGEST = 200_000
# Control characters, lone surrogates and bidirectional marks (which let a letter read otherwise than what was
# entered) are removed. Line breaks and tabs stay.
_CONTROLS = later("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u2069]")

# Printable and without blanks, quotes, angle brackets; the rest of an address may be in any script.
_ADDRESS = later(r"https?://[^\s\"'<>\\\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069]{1,300}")


def clean_text(value: Any, name: str) -> str:
    """Text without control characters (line breaks and tabs stay), of a bounded length."""
    if not isinstance(value, str):
        raise Malformed(N_("'{field}' has to be text."), field=name)
    if len(value) <= LONGEST and value.isprintable():
        # Most texts are: nothing in them is a control character.
        return value.strip()
    text = (value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value).strip()
    if len(text) > LONGEST:
        raise Malformed(
            N_("'{field}' has {n} characters; the most is {most}."),
            field=name,
            n=len(text),
            most=LONGEST,
            way_on=N_("Put a long text into a file and attach it: disclosure attach"),
        )
    found = _CONTROLS.search(text)
    if found is not None:
        raise Malformed(
            N_("'{field}' holds the control character U+{code}."),
            field=name,
            code=f"{ord(found[0]):04X}",
            way_on=N_("Remove it and try again."),
        )
    return text


def clean(text: str) -> bool:
    """Whether a text holds no control character and no line break but a plain one."""
    return text.isprintable() or ("\r" not in text and _CONTROLS.search(text) is None)


def required_text(value: Any, name: str) -> str:
    """Clean text that is not empty; Malformed where it is."""
    text = clean_text(value, name)
    if not text:
        raise Malformed(N_("'{field}' cannot be empty."), field=name)
    return text


def read_mapping(path: Path) -> dict[str, Any]:
    """A TOML or JSON file as a mapping; Malformed with the place of the fault."""
    import json

    text = tables.text_of(path)
    if path.suffix.lower() != ".json":
        return tables.parse(text, path.name)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Malformed(
            N_("{name} is not valid JSON: {detail}"), field="file", name=path.name, detail=tables.found(fault)
        ) from None
    if not isinstance(value, dict):
        raise Malformed(N_("{name} has to be an object with named entries."), field="file", name=path.name)
    return value


def is_web_address(text: str) -> bool:
    """Whether a page may link to this: http or https with a host, and no sign that an address cannot hold."""
    if not _ADDRESS.fullmatch(text):
        return False
    try:
        # It takes longer to load than a command that asks for no address.
        from urllib.parse import urlsplit

        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
