"""Who decides on reconsideration of what an office decided: the roles by law, the names by the office's
profile.

The office's own entries [[reconsideration]] are never passed over: one with a role names the organ of that
role, one that says `because` (the rule that makes another organ competent) takes the place of the law's,
every other one has to be an organ that the profile knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from letters.content import typed_text
from workflow.base.errors import Refused
from workflow.base.messages import N_, listed, pick
from workflow.law import Law, Organs
from workflow.law.entries import Further

OWN = "office"
"""The role of an organ that the office's own entry names in the place of the law's."""


@dataclass(frozen=True, slots=True)
class Organ:
    """A reconsideration organ: its role by law, its name, its address on the internet (None: not given)."""

    role: str
    name: str
    online: str | None


class Named(NamedTuple):
    """The organs of a day, the rule that names their roles, and what is open besides a suit against what they
    decide (the State Council's ruling, where an organ reviews its own act)."""

    organs: tuple[Organ, ...]
    rule: Organs
    further: Further | None


def named(office: Mapping[str, Any], *, on: date, law: Law) -> tuple[tuple[Organ, ...], str]:
    """The organs of a day, and the article that names their roles; Refused when a name is missing, or an
    entry of the office's list fits no role."""
    rule = _rule(office, on=on, law=law)
    return _organs(office, rule, on=on, law=law), rule.article


def told(office: Mapping[str, Any], *, on: date, law: Law) -> Named:
    """The same with the whole rule."""
    rule = _rule(office, on=on, law=law)
    organs = _organs(office, rule, on=on, law=law)
    further = (law.further(organ.role, on) for organ in organs)
    return Named(organs, rule, next((one for one in further if one is not None), None))


def _rule(office: Mapping[str, Any], *, on: date, law: Law) -> Organs:
    return law.reconsideration_organs(kind=office.get("kind", ""), level=office.get("level", ""), on=on)


def _organs(office: Mapping[str, Any], found: Organs, *, on: date, law: Law) -> tuple[Organ, ...]:
    entries = [entry for entry in office.get("reconsideration") or () if _in_force(entry, on)]
    own = [entry for entry in entries if entry.get("because")]
    if own:
        return tuple(_organ(str(entry.get("role") or OWN), entry["name"], own) for entry in own)
    names = _names(office)
    organs = tuple(
        _organ(role, name, entries)
        for place, role in enumerate(found.roles)
        if (name := _name(role, place, names, entries, found, law))
    )
    _require_known(organs, entries, names, found)
    return organs


def _in_force(entry: Mapping[str, Any], on: date) -> bool:
    return str(entry.get("from") or "") <= on.isoformat() <= str(entry.get("until") or "9999-12-31")


def _organ(role: str, name: Any, entries: Sequence[Mapping[str, Any]]) -> Organ:
    clean = typed_text.clean(name, f"office.names.{role}", longest=200)
    url = next((entry.get("online") for entry in entries if entry.get("name") == clean), None)
    return Organ(role, clean, typed_text.clean(url, "office.reconsideration.online", longest=500) or None)


def _names(office: Mapping[str, Any]) -> dict[str, str]:
    names = {role: str(name) for role, name in dict(office.get("names") or {}).items() if name}
    names.setdefault("self", str(office.get("name") or ""))
    return names


def _name(
    role: str,
    place: int,
    names: Mapping[str, str],
    entries: Sequence[Mapping[str, Any]],
    found: Organs,
    law: Law,
) -> str:
    """The organ of a role: by the entry for that role, by the profile, by its place in a list of equal
    length.
    """
    chosen = next((entry["name"] for entry in entries if entry.get("role") == role), None)
    name = chosen or names.get(role)
    if not name and len(entries) == len(found.roles) and not entries[place].get("role"):
        name = entries[place]["name"]
    if not name and role not in found.optional:
        raise Refused(
            N_("The remedy notice needs the name of the reconsideration organ ({role})."),
            field=f"office.names.{role}",
            role=pick(**law.role(role)),
            rule=found.article,
            way_on=N_("Name it in the office's profile."),
        )
    return str(name or "")


def _require_known(
    organs: Sequence[Organ], entries: Sequence[Mapping[str, Any]], names: Mapping[str, str], found: Organs
) -> None:
    """Refused for an entry that names another organ than the law gives, without saying in which role or
    why.
    """
    known = {organ.name for organ in organs} | set(names.values())
    for entry in entries:
        if not entry.get("role") and entry["name"] not in known:
            raise Refused(
                N_("The office's list names {name} for reconsideration, the law gives: {organs}."),
                field="office.reconsideration",
                rule=found.article,
                name=str(entry["name"]),
                organs=listed(organ.name for organ in organs),
                way_on=N_(
                    "Correct the entry, or say in it which role the organ has (role) or which rule makes it competent (because)."
                ),
            )
