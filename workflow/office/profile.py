"""An office: its profile, units, officers, local holidays and settings, read from an office file (TOML).

The profile is kept as JSON in the office's row; officers have rows of their own. Every change is an entry of
the office's ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workflow import calendar, law
from workflow.base import tables
from workflow.base.completeness import require_known
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.base.names import Named
from workflow.calendar import LocalDay
from workflow.cases.case import Known
from workflow.cases.clocks import TARGETS
from workflow.cases.context import Actor, Context
from workflow.office import alert_settings, mail_settings, review_bodies
from workflow.procedure import transitions
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEVELS = ("township", "county", "prefecture", "province", "state")
NEEDED = ("key", "name", "kind", "level", "code", "address", "telephone", "court")
# The organs that may have to be named in a remedy notice, by their relation to this one
# (workflow/law/organs.toml).
RELATED = (
    "same_level_government",
    "superior_government",
    "local_government",
    "superior_department",
    "parent_department",
    "managing_government",
    "managing_organ",
    "founding_organ",
    "provincial_outpost",
    "superior_coast_guard",
    "common_superior",
    "one_of_reviewers",
    "other_state_council_department",
    "superior_of_successor",
    "reviewer_of_successor",
    "reviewer_of_abolisher",
    "reviewer_of_founder",
)
TEXTS = (
    *NEEDED,
    *RELATED,
    "court_because",
    "short",
    "postcode",
    "fax",
    "email",
    "website",
    "notice_code",
    "online_reconsideration",
    "payment",
)
# The kind of name (names.toml) under which the choices of a field are displayed.
_KINDS_OF = {"kind": "office_kind", "level": "office_level", "channels": "channel"}
# How letters look: the page of GB/T 9704-2012.
LETTERS = {"format": ("letter", "ordinary")}
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Officer:
    """A person of the office; `unit` is the key of a unit."""

    key: str
    name: str
    roles: tuple[str, ...]
    unit: str | None = None
    login: str | None = None
    active: bool = True
    email: str | None = None
    # How it is known that it is he, of the officer who acts.
    known: Known | None = None

    @property
    def actor(self) -> Actor:
        """The officer as guards see him."""
        return Actor(self.key, frozenset(self.roles), self.unit, self.known)


@dataclass(frozen=True)
class Office:
    """An administrative organ as the engine knows it."""

    id: int
    key: str
    name: str
    profile: dict[str, Any] = field(repr=False)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The office's choice for each open point of law (the safe default where it made none)."""
        book, chosen = law.bundled(), self.entry("settings")
        return {item.id: book.chosen(chosen, item.id) for item in book.settings()}

    @property
    def targets(self) -> dict[str, int]:
        """The office's own targets in working days."""
        return dict(self.entry("targets"))

    def entry(self, name: str) -> Any:
        """An entry of the profile, or what it is where the office file leaves it out. Malformed for a name
        that no office file has.
        """
        require_known("Office.entry", [name], "office/profile.ENTRIES", ENTRIES)
        return self.profile.get(name, ENTRIES[name])

    def context(self, extra: tuple[Any, ...] = ()) -> Context:
        """Law, calendar (with the notices imported here), process and settings as they are for this
        office.
        """
        return Context(
            law.bundled(),
            calendar.known(local=self.local_days, extra=extra),
            transitions.bundled(),
            self.settings,
            self.targets,
            self.entry("payment"),
            bool(self.entry("mail")),
        )

    @cached_property
    def units(self) -> dict[str, str]:
        """Units by key."""
        return {unit["key"]: unit["name"] for unit in self.entry("units")}

    @property
    def local_days(self) -> tuple[Any, ...]:
        """Local rest days and working days of the office."""
        return tuple(
            LocalDay(
                date.fromisoformat(day["date"]), day["kind"] == "work", day["name"], day.get("notice", "")
            )
            for day in self.entry("local_holidays")
        )

    def names_of_roles(self) -> dict[str, str]:
        """Which organ stands in which relation to this one, for the remedy notice."""
        return {"self": self.name, **{role: self.entry(role) for role in RELATED}}


def kinds() -> tuple[str, ...]:
    """The kinds of organ that the rules on reconsideration know."""
    return tuple(law.bundled().organ_levels())


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


def texts(raw: dict[str, Any]) -> dict[str, Any]:
    """The texts of a profile as they are kept: without blanks around them, empty ones left out."""
    kept: dict[str, Any] = {name: raw[name].strip() for name in TEXTS if raw.get(name)}
    kept.setdefault("notice_code", kept["code"].removesuffix("复") + "告")
    return kept


def officer_of(entry: dict[str, Any], units: set[str]) -> Officer:
    """A checked officer."""
    key, name = str(entry.get("key", "")), str(entry.get("name", "")).strip()
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
    roles = given.split(",") if isinstance(given, str) else given
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _fault("roles", N_("'{field}' has to be a list."))
    known = transitions.bundled().names["role"]
    for role in roles:
        if role not in known or role == "system":
            raise Malformed(
                N_("There is no role '{role}'."),
                field="roles",
                role=role,
                way_on=N_("Roles are: {roles}"),
                roles=Named("role", *(key for key in known if key != "system"), typed=True),
            )
    return roles


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
        if name not in LETTERS:
            raise Malformed(
                N_("There is no setting '{name}'."),
                field=f"letters.{name}",
                name=name,
                way_on=N_("Settings are: {names}"),
                names=joined(LETTERS),
            )
        _one_of(f"letters.{name}", value, LETTERS[name])
    return raw


def _targets(raw: dict[str, Any]) -> dict[str, int]:
    for name, value in raw.items():
        _one_of("targets", name, TARGETS)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 60:
            raise _fault(f"targets.{name}", N_("'{field}' is a number of working days from 1 to 60."))
    return raw


class _Block(NamedTuple):
    """An entry of an office file that is more than a text."""

    kept: str
    """Its name in the profile."""
    default: Any
    """What it is where the profile has none."""
    read: Callable[[dict[str, Any], dict[str, Any]], Any]
    """The checked value, from the file and the profile so far; None leaves it out of the profile."""


# By the name in the office file, in the order in which they are checked.
_BLOCKS = {
    "channels": _Block("channels", [], lambda raw, _: _channels(raw.get("channels", ["in_person", "post"]))),
    "unit": _Block("units", [], lambda raw, _: _units(_entries(raw, "unit"))),
    "local_holiday": _Block("local_holidays", [], lambda raw, _: _holidays(_entries(raw, "local_holiday"))),
    "settings": _Block("settings", {}, lambda raw, _: _settings(_mapping(raw, "settings"))),
    "targets": _Block("targets", {}, lambda raw, _: _targets(_mapping(raw, "targets"))),
    "letters": _Block("letters", {}, lambda raw, _: _letters(_mapping(raw, "letters"))),
    "alerts": _Block("alerts", {}, lambda raw, _: alert_settings.checked(_mapping(raw, "alerts")) or None),
    "reconsideration": _Block(
        "reconsideration", [], lambda raw, _: review_bodies.checked(_entries(raw, "reconsideration"))
    ),
    "mail": _Block(
        "mail",
        None,
        lambda raw, profile: (
            mail_settings.checked(raw["mail"], profile.get("email")) if "mail" in raw else None
        ),
    ),
}
# Every entry of a profile with what it is where the office file leaves it out; docs/office.md tells of each.
ENTRIES: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), **{one.kept: one.default for one in _BLOCKS.values()}}


# --- looking up


def find(connection: Connection, key: str | None, officer: str | None) -> tuple[Office, Officer]:
    """The office and officer that are meant; the officer's key decides the office where it occurs in one
    only.
    """
    from sqlalchemy import select

    offices, officers = TABLES["office"], TABLES["officer"]
    query = select(
        offices,
        officers.c.key.label("o_key"),
        officers.c.name.label("o_name"),
        officers.c.roles,
        officers.c.unit,
        officers.c.login,
        officers.c.active,
    )
    query = query.join(officers, officers.c.office_id == offices.c.id)
    if key:
        query = query.where(offices.c.key == key)
    query = query.where((officers.c.key == officer) | (officers.c.login == officer))
    rows = connection.execute(query.order_by(offices.c.id)).all()
    if not rows:
        raise NotFound(
            N_("There is no officer '{officer}'."),
            field="as",
            officer=officer,
            way_on=N_("See who there is with: disclosure officer list"),
        )
    if len(rows) > 1:
        raise Malformed(
            N_("'{officer}' is an officer of several offices: {keys}."),
            field="office",
            officer=officer,
            keys=joined(row.key for row in rows),
            way_on=N_("Name the office with --office."),
        )
    row = rows[0]
    if not row.active:
        raise Refused(
            N_("The officer '{officer}' is no longer active."),
            field="as",
            officer=officer,
            way_on=N_("Let an active officer do it."),
        )
    return of_row(row), Officer(row.o_key, row.o_name, tuple(row.roles.split("|")), row.unit, row.login)


def of_row(row: Any) -> Office:
    """An Office from its row."""
    return Office(row.id, row.key, row.name, json.loads(row.profile))


def by_id(connection: Connection, office_id: int) -> Office:
    """An office by the number of its row."""
    from sqlalchemy import select

    return of_row(
        connection.execute(select(TABLES["office"]).where(TABLES["office"].c.id == office_id)).one()
    )


def listed(connection: Connection) -> list[Office]:
    """All offices of the database."""
    from sqlalchemy import select

    return [
        of_row(row) for row in connection.execute(select(TABLES["office"]).order_by(TABLES["office"].c.id))
    ]


def officers_of(connection: Connection, office_id: int) -> list[Officer]:
    """The officers of an office."""
    from sqlalchemy import select

    table = TABLES["officer"]
    rows = connection.execute(select(table).where(table.c.office_id == office_id).order_by(table.c.id))
    return [
        Officer(r.key, r.name, tuple(r.roles.split("|")), r.unit, r.login, bool(r.active), r.email)
        for r in rows
    ]
