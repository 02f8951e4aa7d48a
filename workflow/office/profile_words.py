"""An office's profile in a person's words: what each entry is called and what its value means, in both
directions: as it is shown, and as somebody types it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workflow import law
from workflow.base import names, typed_words
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import word
from workflow.base.screen import labelled
from workflow.office import profile
from workflow.office.office_blocks import LETTERS
from workflow.office.office_file import LEVELS

SETTINGS = "settings."
# Entries whose values have names of a kind.
_KINDS = {"kind": "office_kind", "level": "office_level"}


def entries() -> dict[str, Mapping[str, str]]:
    """Every entry that holds one value, by the name under which it is set, with what it is called."""
    known = {f"{SETTINGS}{one.id}": {"zh": one.zh, "en": one.en} for one in law.bundled().settings()}
    letters = {
        f"letters.{key}": names.bundled()["office_letters"][key] for key in (*LETTERS, profile.APPROVE)
    }
    return {**names.both("office", profile.TEXTS), **known, **letters}


def values(name: str) -> dict[str, Mapping[str, str]]:
    """What an entry can be, where that is a choice: the values as they are kept, with their names."""
    if name in _KINDS:
        return names.both(_KINDS[name], LEVELS if name == "level" else profile.kinds())
    if name == "letters.format":
        return names.both("page_format", LETTERS["format"])
    known = {f"{SETTINGS}{one.id}": one for one in law.bundled().settings()}
    choices = known[name].choices if name in known else ()
    return names.both("setting_value", map(_code, choices or ()))


def meant(name: str, value: str) -> tuple[str, str]:
    """The name and the value of an entry as they are kept, from what was typed; what no entry is called stays
    as it is."""
    name = name.replace("-", "_") if name.isascii() else typed_words.meant(name, entries(), "name")
    known = values(name)
    return name, typed_words.meant(value, known, "value") if known else value


def lines(office: profile.Office) -> Iterator[str]:
    """The profile with its settings, one entry a line."""
    for name in names.bundled()["office"]:
        value = office.profile.get(name)
        if name != "settings" and value not in ({}, [], None, ""):
            yield from _entry(name, value)
    yield ""
    yield word("office", "settings")
    for key, value in office.settings.items():
        yield "  " + line(SETTINGS + key, value)
    yield ""
    yield _(
        N_("Change one with: {command}"),
        command=pick(
            "disclosure office set 电话 0512-65550000", "disclosure office set telephone 0512-65550000"
        ),
    )


def line(name: str, value: Any) -> str:
    """An entry with its value, as a person reads it; in English the name that is typed stands beside."""
    both = entries().get(name) or names.both("office", [name])[name]
    called = pick(both["zh"], name if both["en"] == name else f"{name} ({both['en']})")
    return labelled(called, _said(name, value))


def change(name: str, old: Any, new: str) -> str:
    """A change of an entry, before it is made: both values as a person reads them."""
    both = entries().get(name) or names.both("office", [name])[name]
    before, after = ("-" if one in (None, "") else _said(name, one) for one in (old, new))
    return labelled(pick(both["zh"], both["en"]), f"{before} → {after}")


def _entry(name: str, value: Any) -> Iterator[str]:
    called = word("office", name)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield called + pick("：", ":")
        yield from ("  " + _row(one) for one in value)
    elif isinstance(value, list):
        yield labelled(called, listed(word("channel", str(one)) for one in value))
    elif isinstance(value, dict):
        yield called + pick("：", ":")
        for key, part in value.items():
            yield "  " + labelled(_inner(name, key), _said(f"{name}.{key}", part))
    else:
        yield line(name, value)


def _inner(name: str, key: str) -> str:
    """What an entry within an entry is called."""
    for kind in (f"office_{name}", "clock", "state", "office"):
        if (found := word(kind, key)) != key:
            return found
    return key


def _row(row: Mapping[str, Any]) -> str:
    """A unit, a body, a day: its name, and what else there is of it."""
    more = [
        labelled(word("office_row", key), _row_value(key, part)) for key, part in row.items() if key != "name"
    ]
    said = pick("，", ", ").join(more)
    called = str(row.get("name") or "")
    return (pick(f"{called}（{said}）", f"{called} ({said})") if said else called) if called else said


def _row_value(key: str, value: Any) -> str:
    return word("office_row", str(value)) if key == "kind" else str(value)


def _said(name: str, value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    code = _code(value)
    known = values(name)
    if code in known:
        return known[code][pick("zh", "en")]
    return word("setting_value", code) if isinstance(value, bool) else code


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
