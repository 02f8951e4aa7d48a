"""An office: its profile, units, officers, local holidays and settings, read from an office file (TOML).

The profile is kept as JSON in the office's row; officers have rows of their own. Every change is an entry of
the office's ledger.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from workflow import calendar, law
from workflow.base.completeness import require_known
from workflow.base.errors import Damaged, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.calendar import LocalDay
from workflow.cases.context import Actor, Context
from workflow.cases.entry import Known
from workflow.procedure import transitions
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Select
    from sqlalchemy.engine import Connection

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
# Where the public finds what the office offers: its counter and its public pages.
ADDRESSES = ("counter_address", "site_address")
TEXTS = (
    *NEEDED,
    *RELATED,
    "court_because",
    "short",
    "postcode",
    "fax",
    "email",
    "website",
    *ADDRESSES,
    "disclosure_body",
    "hours",
    "notice_code",
    "online_reconsideration",
    "payment",
    "superior",
)
# The entries of a profile that are more than texts, each with what it is where the office file leaves it out.
BLOCKS: dict[str, Any] = {
    "channels": [],
    # By what an applicant finds the organ who does not know its name.
    "areas": [],
    "matters": [],
    "units": [],
    "local_holidays": [],
    "settings": {},
    "targets": {},
    "letters": {},
    "alerts": {},
    "reconsideration": [],
    "assignment": {},
    "mail": None,
    # Whether nothing of this office is real: said at the founding, and never taken away.
    "practice": False,
}
# Every entry of a profile with its default; docs/office.md tells of each.
ENTRIES: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), **BLOCKS}


# What of [letters] a second person approves.
APPROVE = "approve"
# The texts of which letters are composed.
_IN_LETTERS = ("name", "short", "code", "kind", "level", "address", "postcode", "telephone", "email")


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

    @cached_property
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

    @cached_property
    def in_letters(self) -> Mapping[str, Any]:
        """The organ as letters are composed of it: how it is named and reached, who reviews it, its
        settings."""
        return {
            **{name: self.entry(name) for name in (*_IN_LETTERS, "court", "court_because")},
            "short": self.entry("short") or self.name,
            "reconsideration": self.entry("reconsideration"),
            "names": self.names_of_roles(),
            "settings": self.settings,
            # Left out of a real office's letters: what they are composed of is as it always was.
            **({"practice": True} if self.entry("practice") else {}),
            "letters": {name: one for name, one in self.entry("letters").items() if name != APPROVE},
        }

    def entry(self, name: str) -> Any:
        """An entry of the profile, or what it is where the office file leaves it out. Malformed for a name
        that no office file has.
        """
        if name not in ENTRIES:
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
            frozenset(approved_by_two(self.entry("letters").get(APPROVE))),
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


def approved_by_two(value: Any) -> tuple[str, ...]:
    """The codes of letters that a second person approves, as the office file has them: a list, or one text
    with commas."""
    listed = value if isinstance(value, list) else str(value or "").replace("，", ",").split(",")
    return tuple(code for one in listed if (code := str(one).strip().upper()))


def kinds() -> tuple[str, ...]:
    """The kinds of organ that the rules on reconsideration know."""
    return tuple(law.bundled().organ_levels())


# --- looking up


def find(
    connection: Connection, key: str | None, officer: str | None, meant: Callable[[], str] | None = None
) -> tuple[Office, Officer]:
    """The office and officer that are meant; the officer's key decides the office where it occurs in one
    only. `meant` is asked who else may be meant where nobody bears that key or login.
    """
    asked = {"officer": officer, **({"office": key} if key else {})}
    rows = connection.execute(_of_officer(bool(key)), asked).all()
    if not rows and meant is not None:
        return find(connection, key, meant())
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


@cache
def _of_officer(in_one_office: bool) -> Select[Any]:
    from sqlalchemy import bindparam, select

    offices, officers = TABLES["office"], TABLES["officer"]
    query = select(
        offices,
        officers.c.key.label("o_key"),
        officers.c.name.label("o_name"),
        officers.c.roles,
        officers.c.unit,
        officers.c.login,
        officers.c.active,
    ).join(officers, officers.c.office_id == offices.c.id)
    officer: BindParameter[str] = bindparam("officer")
    query = query.where((officers.c.key == officer) | (officers.c.login == officer))
    if in_one_office:
        query = query.where(offices.c.key == bindparam("office"))
    return query.order_by(offices.c.id)


def of_row(row: Any) -> Office:
    """An Office from its row; Damaged where its profile is none."""
    try:
        profile = json.loads(row.profile)
    except ValueError:
        profile = None
    if not isinstance(profile, dict):
        raise Damaged(
            N_("The profile of the office '{office}' cannot be read."),
            office=row.key,
            way_on=N_("Keep the database as it is and compare it with a backup."),
        )
    return Office(row.id, row.key, row.name, profile)


@cache
def _officers() -> Select[Any]:
    from sqlalchemy import bindparam, select

    table = TABLES["officer"]
    return select(table).where(table.c.office_id == bindparam("office")).order_by(table.c.id)


def officers_of(connection: Connection, office_id: int) -> list[Officer]:
    """The officers of an office."""
    rows = connection.execute(_officers(), {"office": office_id})
    return [
        Officer(r.key, r.name, tuple(r.roles.split("|")), r.unit, r.login, bool(r.active), r.email)
        for r in rows
    ]
