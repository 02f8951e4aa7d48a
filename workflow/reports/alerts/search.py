"""A search for alerts: over which cases and clocks, by whose thresholds, and how a row becomes an alert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.cases import states
from workflow.cases.context import Provisions
from workflow.office.profile import Office
from workflow.reports.alerts import thresholds
from workflow.reports.alerts.alert import Alert, command
from workflow.reports.alerts.scope import Scope
from workflow.reports.alerts.thresholds import Thresholds
from workflow.storage.fixed_words import within
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.engine import Connection


CASES, CLOCKS = TABLES["case_file"], TABLES["clock"]


GOING = states.GOING


REPLY = "reply.limit"


LOT = 500


# Roles that receive alerts that belong to no case.
KEEPERS = frozenset({"registrar", "approver"})


CASE_COLUMNS = (
    "number",
    "state",
    "regulations",
    "unit",
    "handler",
    "reply_due",
    "reply_provisional",
    "reply_clock",
    "last_on",
)


CLOCK_COLUMNS = ("rule", "ref", "due", "provisional", "article")


@dataclass(frozen=True)
class Search:
    """The search: what, where, and against which thresholds."""

    connection: Connection
    office: Office
    limits: Thresholds
    process: Provisions
    scope: Scope = field(default_factory=Scope)
    kinds: tuple[str, ...] = ()
    clock: str | None = None

    @property
    def today(self) -> date:
        """The day of the question."""
        return self.limits.today

    def rows(self, query: Select[Any]) -> Iterator[Any]:
        """The rows of a query, a lot at a time."""
        yield from self.connection.execution_options(yield_per=LOT).execute(query)

    def over_clocks(self, rules: list[str], states: tuple[str, ...] = GOING) -> Select[Any]:
        """Clocks of these rules in these states, with their cases."""
        return (
            select(*(CASES.c[name] for name in CASE_COLUMNS), *(CLOCKS.c[name] for name in CLOCK_COLUMNS))
            .join(CASES, CASES.c.id == CLOCKS.c.case_id)
            .where(
                CLOCKS.c.office_id == self.office.id,
                within(CLOCKS.c.rule, tuple(rules)),
                within(CLOCKS.c.state, states),
                self.scope.where(clocks=True),
            )
            .order_by(CLOCKS.c.due, CLOCKS.c.id)
        )

    def over_cases(self, state: str) -> Select[Any]:
        """Cases in this state."""
        return (
            select(*(CASES.c[name] for name in CASE_COLUMNS))
            .where(CASES.c.office_id == self.office.id, CASES.c.state == state, self.scope.where())
            .order_by(CASES.c.last_on, CASES.c.id)
        )

    @property
    def keeps_the_office(self) -> bool:
        """Whether what belongs to no case is told: to its keepers, and where nobody chose whose cases."""
        officer = self.scope.officer
        return self.scope.unit is None and (officer is None or bool(KEEPERS & set(officer.roles)))

    def of_office(self, kind: str, due: date, article: str, step: str, what: str) -> Alert:
        """An alert that belongs to no case: until when, on which provision, what to type, and about what."""
        return Alert(
            kind=kind,
            case=None,
            clock=None,
            ref=0,
            due=due,
            provisional=False,
            left=self.limits.left(due),
            waited=None,
            state=None,
            unit=None,
            handler=None,
            article=article,
            next=step,
            detail=what,
        )

    @cached_property
    def _articles(self) -> dict[tuple[str, str, str], str]:
        return {}

    def basis(self, state: str, event: str, regulations: str) -> str:
        """The provision on which the step out of a state is taken."""
        key = (state, event, regulations)
        if key not in self._articles:
            found = next((row for row in self.process.of("case", event, state)), None)
            self._articles[key] = (found.basis(regulations, self.today) or found.article) if found else ""
        return self._articles[key]

    def step(self, row: Any) -> str:
        """The command by which the case goes on."""
        state = thresholds.states().get(row.state)
        return command(state.act, row.number) if state else f"disclosure show {row.number}"

    # --- an alert of a row

    def of_clock(self, kind: str, row: Any, **more: Any) -> Alert:
        """An alert that tells of a clock."""
        clock = self.limits.clocks[row.rule]
        if clock.act == "show":
            step = f"disclosure show {row.number}"
        elif clock.act:
            step = command(clock.act, row.number, row.ref)
        else:
            step = self.step(row)
        given = {
            "kind": kind,
            "case": row.number,
            "clock": row.rule,
            "ref": row.ref,
            "due": row.due,
            "provisional": bool(row.provisional),
            "left": self.limits.left(row.due),
            "waited": None,
            "state": row.state,
            "unit": row.unit,
            "handler": row.handler,
            "article": row.article,
            "next": step,
        }
        return Alert(**{**given, **more})

    def of_case(
        self, kind: str, row: Any, event: str, since: date, *, next: str = "", detail: str = ""
    ) -> Alert:
        """An alert that tells of where a case lies, with the time for its reply as long as that runs."""
        due = row.reply_due if row.reply_clock in GOING else None
        return Alert(
            kind=kind,
            case=row.number,
            clock=REPLY if due else None,
            ref=0,
            due=due,
            provisional=bool(due and row.reply_provisional),
            left=self.limits.left(due) if due else None,
            waited=max(self.limits.waited(since), 0),
            state=row.state,
            unit=row.unit,
            handler=row.handler,
            article=self.basis(row.state, event, row.regulations),
            next=next or command(event, row.number),
            detail=detail,
        )
