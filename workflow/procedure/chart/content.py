"""Which rows of the process table there are to draw, and which of them the chart has shown."""

from __future__ import annotations

from functools import cached_property

from workflow.base.messages import N_
from workflow.procedure import act_table_checks, act_tables
from workflow.procedure.chart.words import Rows, fault
from workflow.procedure.process import Process, Row


class Content:
    """The rows that can be taken; each that is drawn is ticked off."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.shown: set[tuple[str, str, str]] = set()

    @cached_property
    def rows(self) -> Rows:
        """The rows of the table that can be taken: a step of review that is always taken is never left
        out.
        """
        order = [step.state for step in self.process.steps]
        always = {step.state for step in self.process.steps if step.condition == "always"}

        def skips(row: Row) -> bool:
            if not row.when.startswith("next_step:"):
                return False
            first = order.index(row.source) + 1 if row.source in order else 0
            last = order.index(row.dest) if row.dest in order else len(order)
            return bool(always & set(order[first:last]))

        return [row for row in self.process.rows if not skips(row)]

    @cached_property
    def _by_act(self) -> dict[str, Rows]:
        found: dict[str, Rows] = {}
        for row in self.rows:
            found.setdefault(row.event, []).append(row)
        return found

    @cached_property
    def cards(self) -> dict[str, list[str]]:
        """What stands on each card: an act, or "act@state" for its rows that start there; as the acts' tables
        say.
        """
        found: dict[str, list[str]] = {}
        for event, act in act_tables.acts().items():
            places = act["chart"] if isinstance(act["chart"], list) else [act["chart"]]
            for place in places:
                card, at, state = place.partition("@")
                if card not in act_table_checks.NO_CARD:
                    found.setdefault(card, []).append(f"{event}{at}{state}")
        return found

    @cached_property
    def foot(self) -> list[str]:
        """Acts that may be done at any time and stand on no card."""
        placed = {text.partition("@")[0] for texts in self.cards.values() for text in texts}
        placed |= act_tables.having("chart", "later")
        return [act for act in self.anytime if act not in placed]

    @cached_property
    def anytime(self) -> list[str]:
        """Acts that every state of the case allows and that change none."""
        every = set(self.process.states("case"))
        return [
            act
            for act in self.process.events("case")
            if {row.source for row in self.of(act)} >= every and not any(row.moves for row in self.of(act))
        ]

    def of(self, act: str, source: str = "") -> Rows:
        """The rows of an act, or those of them that start in one state."""
        found = [row for row in self._by_act.get(act, ()) if source in ("", row.source)]
        if not found:
            raise fault(N_("the table has no act '{name}'"), name=act)
        return found

    def named(self, act: str, pairs: list[str] | None) -> Rows:
        """The rows of an act that an arrow names as 'from>to'."""
        rows = self.of(act)
        if not pairs:
            return rows
        wanted = [tuple(pair.split(">")) for pair in pairs]
        found = [row for row in rows if any(s in ("*", row.source) and d == row.dest for s, d in wanted)]
        if any(not any(s in ("*", row.source) and d == row.dest for row in found) for s, d in wanted):
            raise fault(N_("the table has no such row: {name} {pair}"), name=act, pair=" ".join(pairs))
        return found

    def show(self, act: str, rows: Rows) -> str:
        """The rows that an element shows, written on it."""
        self.shown |= {(row.event, row.source, row.dest) for row in rows}
        pairs = " ".join(dict.fromkeys(f"{row.source}>{row.dest}" for row in rows))
        return f' data-act="{act}" data-rows="{pairs.replace(">", "&gt;")}"'

    def require_all(self) -> None:
        """Malformed if a row has not been shown; acts that come years after the procedure's end need no
        place.
        """
        later = act_tables.having("chart", "later")
        missing = {
            (row.event, row.source, row.dest) for row in self.rows if row.event not in later
        } - self.shown
        if missing:
            event, source, dest = min(missing)
            raise fault(
                N_("it has no place for the row {event} {source}→{dest}"),
                event=event,
                source=source,
                dest=dest,
            )
