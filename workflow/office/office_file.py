"""The office file (TOML): read, checked field by field, and turned into a profile and officers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from workflow import law
from workflow.base import names, tables, typed_text, typed_words
from workflow.base.completeness import require_same
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.base.names import Named
from workflow.cases.case_clock import TARGETS
from workflow.cases.context import OF_NO_PERSON
from workflow.cases.letter_life import NOTICES
from workflow.office import alert_settings, assignment_rules, mail_settings, review_bodies
from workflow.office.profile import ADDRESSES, APPROVE, BLOCKS, NEEDED, TEXTS, Officer, approved_by_two, kinds
from workflow.procedure import transitions

LEVELS = ("township", "county", "prefecture", "province", "state")


# The kind of name (names.toml) under which the choices of a field are displayed.
_KINDS_OF = {"kind": "office_kind", "level": "office_level", "channels": "channel"}


# How letters look: the page of GB/T 9704-2012.
LETTERS = {"format": ("letter", "ordinary")}
# Letters to the applicant that go out on one person's word, unless the office wants a second one's.
APPROVABLE = tuple(str(code) for code in NOTICES)


_MOST_WORDS, _LONGEST_WORD = 200, 40
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def read(path: Path) -> tuple[dict[str, Any], list[Officer]]:
    """An office file: the checked profile and the officers."""
    text = tables.text_of(path)
    return checked(tables.parse(text, path.name))


def checked(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Officer]]:
    """Profile and officers from a parsed office file; Malformed names the first field that is wrong."""
    _require_texts(raw)
    profile = texts(raw)
    if profile["notice_code"] == profile["code"]:
        raise _fault(
            "notice_code", N_("'{field}' has to differ from 'code': each series has its own numbers.")
        )
    if not _KEY.fullmatch(profile["key"]):
        raise _fault("key", N_("'{field}' is a short name of small letters, digits, '-' and '_'."))
    _one_of("kind", profile["kind"], kinds())
    _one_of("level", profile["level"], LEVELS)
    for block in _BLOCKS.values():
        value = block.read(raw, profile)
        if value is not None:
            profile[block.kept] = value
    unknown = raw.keys() - {*TEXTS, *_BLOCKS, "officer"}
    if unknown:
        raise _fault(min(unknown), N_("The office file has an unknown entry '{field}'."))
    officers = [
        officer_of(entry, {unit["key"] for unit in profile["units"]}) for entry in _entries(raw, "officer")
    ]
    keys = [officer.key for officer in officers]
    if len(set(keys)) != len(keys):
        raise _fault("officer", N_("Two officers have the same key."))
    return profile, officers


def _require_texts(raw: dict[str, Any]) -> None:
    for name in NEEDED:
        if not str(raw.get(name) or "").strip():
            raise _fault(name, N_("The office needs '{field}'."))
    for name in TEXTS:
        if name in raw and (not isinstance(raw[name], str) or has_controls(raw[name])):
            raise _fault(name, N_("'{field}' has to be text on one line."))
    for name in ADDRESSES:
        if raw.get(name, "").strip() and not typed_text.is_web_address(raw[name].strip()):
            raise Malformed(
                N_("'{field}' is an address that begins with https:// or http://, not '{value}'."),
                field=name,
                value=raw[name][:60],
                way_on=N_("For example: {example}"),
                example="https://yigk.example.gov.cn",
            )


def texts(raw: dict[str, Any]) -> dict[str, Any]:
    """The texts of a profile as they are kept: without blanks around them, empty ones left out."""
    kept: dict[str, Any] = {name: raw[name].strip() for name in TEXTS if raw.get(name)}
    kept.setdefault("notice_code", kept["code"].removesuffix("复") + "告")
    return kept


def officer_of(entry: dict[str, Any], units: set[str]) -> Officer:
    """A checked officer."""
    for field in ("key", "name", "unit", "login", "email"):
        if not isinstance(entry.get(field), str | None):
            raise _fault(field, N_("'{field}' has to be text on one line."))
    key, name = entry.get("key") or "", (entry.get("name") or "").strip()
    if not _KEY.fullmatch(key) or not name or has_controls(name):
        raise _fault("officer", N_("An officer needs a key (small letters and digits) and a name."))
    roles = _roles(entry.get("roles", []))
    unit = entry.get("unit")
    if unit is not None and unit not in units:
        raise NotFound(N_("There is no unit '{unit}'."), field="unit", unit=unit)
    email = str(entry.get("email") or "").strip() or None
    if email is not None:
        mail_settings.address(email, "email")
    return Officer(key, name, tuple(dict.fromkeys(roles)), unit, entry.get("login"), email=email)


def _roles(given: Any) -> list[str]:
    roles = re.split("[,，、]", given) if isinstance(given, str) else given
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _fault("roles", N_("'{field}' has to be a list."))
    known = names.both(
        "role", (key for key in transitions.bundled().names["role"] if key not in OF_NO_PERSON)
    )
    found = [typed_words.meant(role, known, "roles") for role in roles]
    for role in found:
        if role not in known:
            raise Malformed(
                N_("There is no role '{role}'."),
                field="roles",
                role=role,
                way_on=N_("Roles are: {roles}"),
                roles=Named("role", *known, typed=True),
            )
    return found


_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")


def has_controls(text: str) -> bool:
    """Whether a text that belongs on one line holds line breaks or control characters."""
    return _CONTROLS.search(text) is not None


def _fault(name: str, message: str) -> Malformed:
    return Malformed(message, field=name, way_on=N_("See docs/office.md and the sample office file."))


def _entries(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What stands under a name as tables of its own: [[name]], or [name] for a single one."""
    found = raw.get(name, [])
    listed = [found] if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise _fault(name, N_("'{field}' has to be named values."))
    return listed


def _mapping(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise _fault(name, N_("'{field}' has to be named values."))
    return found


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field=name,
            value=value,
            choices=Named(_KINDS_OF.get(name, ""), *choices, typed=True),
        )


def _channels(raw: Any) -> list[str]:
    known = tuple(law.bundled().channels())
    if not isinstance(raw, list):
        raise _fault("channels", N_("'{field}' has to be a list."))
    for name in raw:
        _one_of("channels", name, known)
    return raw


def _words(raw: dict[str, Any], name: str) -> list[str]:
    """Short words, each on one line."""
    found = raw.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _fault(name, N_("'{field}' has to be a list."))
    words = [one.strip() for one in found]
    if len(words) > _MOST_WORDS or any(
        not one or len(one) > _LONGEST_WORD or has_controls(one) for one in words
    ):
        raise _fault(name, N_("'{field}' has to be text on one line."))
    return list(dict.fromkeys(words))


def _units(raw: list[dict[str, Any]]) -> list[dict[str, str]]:
    units = []
    for unit in raw:
        if not _KEY.fullmatch(str(unit.get("key", ""))) or not unit.get("name"):
            raise _fault("unit", N_("A unit needs a key (small letters and digits) and a name."))
        units.append({"key": str(unit["key"]), "name": str(unit["name"])})
    return units


def _holidays(raw: list[dict[str, Any]]) -> list[dict[str, str]]:
    days = []
    for day in raw:
        _one_of("local_holiday.kind", day.get("kind", "off"), ("off", "work"))
        days.append(
            {
                "date": parse_date(str(day.get("date", "")), "local_holiday.date").isoformat(),
                "kind": day.get("kind", "off"),
                "name": str(day.get("name", "")),
                "notice": str(day.get("notice", "")),
            }
        )
    return days


def _settings(raw: dict[str, Any]) -> dict[str, Any]:
    known = {item.id: item for item in law.bundled().settings()}
    for name, value in raw.items():
        if name not in known:
            raise Malformed(
                N_("There is no setting '{name}'."),
                field=f"settings.{name}",
                name=name,
                way_on=N_("Settings are: {names}"),
                names=joined(known),
            )
        if known[name].choices and value not in known[name].choices:
            _one_of(f"settings.{name}", value, tuple(str(choice) for choice in known[name].choices))
        low, high = known[name].low, known[name].high
        if low is not None and high is not None and not (type(value) is int and low <= value <= high):
            raise Malformed(
                N_("'{field}' is a number from {low} to {high}, not {value}."),
                field=f"settings.{name}",
                low=low,
                high=high,
                value=str(value)[:40],
            )
    return raw


def _letters(raw: dict[str, Any]) -> dict[str, Any]:
    """How the office's letters look; what is not named is as the project has it."""
    for name, value in raw.items():
        if name == APPROVE:
            for code in approved_by_two(value):
                _one_of(f"letters.{APPROVE}", code, APPROVABLE)
            continue
        if name not in LETTERS:
            raise Malformed(
                N_("There is no setting '{name}'."),
                field=f"letters.{name}",
                name=name,
                way_on=N_("Settings are: {names}"),
                names=joined((*LETTERS, APPROVE)),
            )
        _one_of(f"letters.{name}", value, LETTERS[name])
    return raw


def _targets(raw: dict[str, Any]) -> dict[str, int]:
    for name, value in raw.items():
        _one_of("targets", name, TARGETS)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 60:
            raise _fault(f"targets.{name}", N_("'{field}' is a number of working days from 1 to 60."))
    return raw


def _practice(raw: dict[str, Any], profile: dict[str, Any]) -> bool | None:
    """Whether the office is one to practise on: then its name says so, and with it every letter."""
    if raw.get("practice", False) is False:
        return None
    if raw["practice"] is not True:
        raise _fault("practice", N_("'{field}' is true or false."))
    word = names.bundled()["office"]["practice"]["zh"]
    if word not in profile["name"]:
        raise Malformed(
            N_("The name of a practice office has to say that it is one: '{word}' is missing."),
            field="name",
            word=word,
            way_on=N_("For example: {example}"),
            example=f"{profile['name']}（{word}）",
        )
    return True


class _Block(NamedTuple):
    """An entry of an office file that is more than a text."""

    kept: str
    """Its name in the profile."""
    read: Callable[[dict[str, Any], dict[str, Any]], Any]
    """The checked value, from the file and the profile so far; None leaves it out of the profile."""


# By the name in the office file, in the order in which they are checked.
_BLOCKS = {
    "channels": _Block("channels", lambda raw, _: _channels(raw.get("channels", ["in_person", "post"]))),
    "areas": _Block("areas", lambda raw, _: _words(raw, "areas") or None),
    "matters": _Block("matters", lambda raw, _: _words(raw, "matters") or None),
    "unit": _Block("units", lambda raw, _: _units(_entries(raw, "unit"))),
    "local_holiday": _Block("local_holidays", lambda raw, _: _holidays(_entries(raw, "local_holiday"))),
    "settings": _Block("settings", lambda raw, _: _settings(_mapping(raw, "settings"))),
    "targets": _Block("targets", lambda raw, _: _targets(_mapping(raw, "targets"))),
    "letters": _Block("letters", lambda raw, _: _letters(_mapping(raw, "letters"))),
    "alerts": _Block("alerts", lambda raw, _: alert_settings.checked(_mapping(raw, "alerts")) or None),
    "reconsideration": _Block(
        "reconsideration", lambda raw, _: review_bodies.checked(_entries(raw, "reconsideration"))
    ),
    "assignment": _Block(
        "assignment",
        lambda raw, profile: assignment_rules.checked(_mapping(raw, "assignment"), profile["units"]),
    ),
    "practice": _Block("practice", _practice),
    "mail": _Block(
        "mail",
        lambda raw, profile: (
            mail_settings.checked(raw["mail"], profile.get("email")) if "mail" in raw else None
        ),
    ),
}
require_same("office_file._BLOCKS", (block.kept for block in _BLOCKS.values()), "profile.BLOCKS", BLOCKS)
