"""Whose alerts are asked for: of one officer, of a unit, of the whole office; as a condition, and as a test
of one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, or_, true

from workflow.base import typed_words
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed, translate
from workflow.office import alert_settings, people
from workflow.office.profile import Office, Officer
from workflow.reports.alerts import thresholds
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

CASES, CLOCKS = TABLES["case_file"], TABLES["clock"]
HANDLER, REGISTRAR = "handler", "registrar"


@dataclass(frozen=True)
class Scope:
    """All of an office (neither), one unit, or one officer."""

    unit: str | None = None
    officer: Officer | None = None

    @property
    def whole(self) -> bool:
        """Whether it is the whole office."""
        return self.unit is None and self.officer is None

    @cached_property
    def _turns(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """States in which it is this officer's turn: anywhere; in his unit; in his unit where nobody has
        taken it.
        """
        assert self.officer is not None
        roles = set(self.officer.roles)
        wide: set[str] = set()
        own: set[str] = set()
        free: set[str] = set()
        for state in thresholds.states().values():
            for role in roles.intersection(state.roles):
                place = free if state.unit and role == HANDLER else own if state.unit else wide
                place.add(state.id)
        return frozenset(wide), frozenset(own), frozenset(free)

    @cached_property
    def _rules(self) -> tuple[frozenset[str], frozenset[str]]:
        """Clocks that have roles of their own, and those among them that this officer is told of."""
        assert self.officer is not None
        named = {
            rule: row["roles"] for rule, row in alert_settings.table()["clock"].items() if "roles" in row
        }
        mine = {rule for rule, roles in named.items() if set(roles) & set(self.officer.roles)}
        return frozenset(named), frozenset(mine)

    def where(self, *, clocks: bool = False) -> ColumnElement[bool]:
        """The condition on cases (and, with `clocks`, on the clock that is joined to them)."""
        return self._of_clocks if clocks else self._of_cases

    @cached_property
    def _of_cases(self) -> ColumnElement[bool]:
        return self._condition(clocks=False)

    @cached_property
    def _of_clocks(self) -> ColumnElement[bool]:
        return self._condition(clocks=True)

    def _condition(self, *, clocks: bool) -> ColumnElement[bool]:
        if self.whole:
            return true()
        if self.officer is None:
            return CASES.c.unit == self.unit
        officer, unit = self.officer, CASES.c.unit == self.officer.unit
        wide, own, free = self._turns
        turn = or_(
            CASES.c.state.in_(wide) if wide else false(),
            and_(CASES.c.state.in_(own), unit) if own else false(),
            and_(CASES.c.state.in_(free), unit, CASES.c.handler.is_(None)) if free else false(),
            and_(CASES.c.handler.is_(None), CASES.c.unit.is_(None))
            if REGISTRAR in officer.roles
            else false(),
        )
        if clocks:
            named, mine = self._rules
            turn = or_(and_(turn, CLOCKS.c.rule.not_in(named)), CLOCKS.c.rule.in_(mine) if mine else false())
        return or_(CASES.c.handler == officer.key, turn)

    def has(self, row: Any, rule: str | None = None) -> bool:
        """The same of one row: unit, handler and state of a case, and the rule of the clock that it is
        about.
        """
        if self.whole:
            return True
        if self.officer is None:
            return bool(row.unit == self.unit)
        officer = self.officer
        if row.handler == officer.key:
            return True
        named, mine = self._rules
        if rule in named:
            return rule in mine
        wide, own, free = self._turns
        unowned = row.handler is None and row.unit is None and REGISTRAR in officer.roles
        in_unit = row.unit is not None and row.unit == officer.unit
        return bool(
            unowned
            or row.state in wide
            or (in_unit and row.state in own)
            or (in_unit and row.state in free and row.handler is None)
        )

    def title(self, office: Office) -> str:
        """In words."""
        if self.officer is not None:
            return translate(N_("alerts of {name}"), name=self.officer.name)
        if self.unit is not None:
            return translate(N_("alerts of the unit {name}"), name=office.units.get(self.unit, self.unit))
        return translate(N_("alerts of the whole office"))


def usual(officer: Officer) -> str:
    """What an officer is shown where he does not say: the widest that one of his roles is given."""
    table = alert_settings.table()["sight"]
    widths = [thresholds.SIGHTS.index(table[role]) for role in officer.roles if role in table]
    sight = thresholds.SIGHTS[max(widths, default=0)]
    return "mine" if sight == "unit" and officer.unit is None else sight


def chosen(
    office: Office,
    me: Officer,
    officers: list[Officer],
    *,
    mine: bool = False,
    whole: bool = False,
    unit: str | None = None,
    handler: str | None = None,
) -> Scope:
    """The scope that was asked for, or the usual one; NotFound names a unit or officer that is not there."""
    if unit is not None:
        unit = typed_words.meant(unit, office.units, "unit")
        people.require_unit(office, unit)
        return Scope(unit=unit)
    if handler is not None:
        handler = typed_words.meant(handler, {one.key: one.name for one in officers}, "handler")
        found = next((one for one in officers if one.key == handler), None)
        if found is None:
            raise NotFound(
                N_("There is no officer '{officer}'."),
                field="handler",
                officer=handler,
                way_on=N_("See who there is with: disclosure officer list"),
            )
        return Scope(officer=found)
    sight = "mine" if mine else "all" if whole else usual(me)
    if sight == "unit":
        return Scope(unit=me.unit)
    return Scope(officer=me) if sight == "mine" else Scope()


def require_one(**given: object) -> None:
    """Malformed where an officer asks for two scopes at once."""
    named = [name for name, value in given.items() if value]
    if len(named) > 1:
        raise Malformed(
            N_("Only one of these can be asked for at a time: {names}"),
            field=named[1],
            names=listed(f"--{name}" for name in named),
            way_on=N_("Leave all but one out."),
        )
