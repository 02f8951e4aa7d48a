"""The entries of an office file that are more than a text: channels, units, holidays, settings, letters and
others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from workflow import law
from workflow.base import names
from workflow.base.completeness import require_same
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.cases.case_clock import TARGETS
from workflow.cases.letter_life import NOTICES
from workflow.office import alert_settings, assignment_rules, mail_settings, review_bodies
from workflow.office.office_fields import KEY, entries, fault, has_controls, mapping, one_of
from workflow.office.profile import APPROVE, BLOCKS, approved_by_two

# How letters look: the page of GB/T 9704-2012.
LETTERS = {"format": ("letter", "ordinary")}
# Letters to the applicant that go out on one person's word, unless the office wants a second one's.
APPROVABLE = tuple(str(code) for code in NOTICES)
_MOST_WORDS, _LONGEST_WORD = 200, 40


def _channels(raw: Any) -> list[str]:
    known = tuple(law.bundled().channels())
    if not isinstance(raw, list):
        raise fault("channels", N_("'{field}' has to be a list."))
    for name in raw:
        one_of("channels", name, known)
    return raw


def _words(raw: dict[str, Any], name: str) -> list[str]:
    """Short words, each on one line."""
    found = raw.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise fault(name, N_("'{field}' has to be a list."))
    words = [one.strip() for one in found]
    if len(words) > _MOST_WORDS or any(
        not one or len(one) > _LONGEST_WORD or has_controls(one) for one in words
    ):
        raise fault(name, N_("'{field}' has to be text on one line."))
    return list(dict.fromkeys(words))


def _units(raw: list[dict[str, Any]]) -> list[dict[str, str]]:
    units = []
    for unit in raw:
        if not KEY.fullmatch(str(unit.get("key", ""))) or not unit.get("name"):
            raise fault("unit", N_("A unit needs a key (small letters and digits) and a name."))
        units.append({"key": str(unit["key"]), "name": str(unit["name"])})
    return units


def _holidays(raw: list[dict[str, Any]]) -> list[dict[str, str]]:
    days = []
    for day in raw:
        one_of("local_holiday.kind", day.get("kind", "off"), ("off", "work"))
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
            one_of(f"settings.{name}", value, tuple(str(choice) for choice in known[name].choices))
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
                one_of(f"letters.{APPROVE}", code, APPROVABLE)
            continue
        if name not in LETTERS:
            raise Malformed(
                N_("There is no setting '{name}'."),
                field=f"letters.{name}",
                name=name,
                way_on=N_("Settings are: {names}"),
                names=joined((*LETTERS, APPROVE)),
            )
        one_of(f"letters.{name}", value, LETTERS[name])
    return raw


def _targets(raw: dict[str, Any]) -> dict[str, int]:
    for name, value in raw.items():
        one_of("targets", name, TARGETS)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 60:
            raise fault(f"targets.{name}", N_("'{field}' is a number of working days from 1 to 60."))
    return raw


def _practice(raw: dict[str, Any], profile: dict[str, Any]) -> bool | None:
    """Whether the office is one to practise on: then its name says so, and with it every letter."""
    if raw.get("practice", False) is False:
        return None
    if raw["practice"] is not True:
        raise fault("practice", N_("'{field}' is true or false."))
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
READ = {
    "channels": _Block("channels", lambda raw, _: _channels(raw.get("channels", ["in_person", "post"]))),
    "areas": _Block("areas", lambda raw, _: _words(raw, "areas") or None),
    "matters": _Block("matters", lambda raw, _: _words(raw, "matters") or None),
    "unit": _Block("units", lambda raw, _: _units(entries(raw, "unit"))),
    "local_holiday": _Block("local_holidays", lambda raw, _: _holidays(entries(raw, "local_holiday"))),
    "settings": _Block("settings", lambda raw, _: _settings(mapping(raw, "settings"))),
    "targets": _Block("targets", lambda raw, _: _targets(mapping(raw, "targets"))),
    "letters": _Block("letters", lambda raw, _: _letters(mapping(raw, "letters"))),
    "alerts": _Block("alerts", lambda raw, _: alert_settings.checked(mapping(raw, "alerts")) or None),
    "reconsideration": _Block(
        "reconsideration", lambda raw, _: review_bodies.checked(entries(raw, "reconsideration"))
    ),
    "assignment": _Block(
        "assignment",
        lambda raw, profile: assignment_rules.checked(mapping(raw, "assignment"), profile["units"]),
    ),
    "practice": _Block("practice", _practice),
    "mail": _Block(
        "mail",
        lambda raw, profile: (
            mail_settings.checked(raw["mail"], profile.get("email")) if "mail" in raw else None
        ),
    ),
}
require_same("office_blocks.READ", (block.kept for block in READ.values()), "profile.BLOCKS", BLOCKS)
