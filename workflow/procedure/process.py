"""The process as data: one flat row a transition, expanded from the lines of the acts
and the route of review.

States are what the rows name; there is no second list. What it has to fulfil is in transition_checks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from workflow import law
from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick
from workflow.cases.states import UNCOUNTED, State
from workflow.procedure import act_table_checks
from workflow.procedure.naming import reasons

NEW = State.NEW


STAY = "="


FINAL = {
    "case": (State.FILED, *UNCOUNTED),
    "consultation": (State.ANSWERED, State.SILENT, State.RECALLED),
    "remedy": (State.DECIDED,),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One transition: who may do what, from where to where, on which provision."""

    track: str
    event: str
    source: str
    dest: str
    roles: tuple[str, ...]
    when: str
    guard: tuple[str, ...]
    articles: tuple[str, ...]
    clock: str
    letters: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether the state changes."""
        return self.source != self.dest

    @property
    def article(self) -> str:
        """The provision listed first, without regard to an era."""
        return self.articles[0].rpartition("=")[2]

    def basis(self, regulations: str, on: date) -> str | None:
        """The provision of a day for an application under the Regulations of this era; None where they know
        no such step.
        """
        return law.bundled().cite(regulations, self.articles, on)


@dataclass(frozen=True)
class Step:
    """One step of the review route."""

    state: str
    roles: tuple[str, ...]
    condition: str


@dataclass(frozen=True, eq=False)
class Process:
    """The whole table, indexed by track, event and source."""

    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    house: dict[str, tuple[str, str]]
    guard_basis: dict[str, list[str]]
    consulted: dict[str, list[str]]
    electronic: dict[str, Any]
    presupposes: dict[str, dict[str, Any]]
    names: dict[str, dict[str, dict[str, str]]]

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], list[Row]]:
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.track, row.event, row.source), []).append(row)
        return found

    @cached_property
    def _sources(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.track, row.source), []).append(row)
        return found

    @cached_property
    def _states(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for row in self.rows:
            found.setdefault(row.track, {}).update(dict.fromkeys((row.source, row.dest)))
        return {track: tuple(state for state in named if state != NEW) for track, named in found.items()}

    @cached_property
    def _events(self) -> dict[str, dict[str, Row]]:
        """The events of each track in the order of the table, each with its first row."""
        found: dict[str, dict[str, Row]] = {}
        for row in self.rows:
            found.setdefault(row.track, {}).setdefault(row.event, row)
        return found

    @cached_property
    def _roles(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for row in self.rows:
            found.setdefault(row.event, set()).update(row.roles)
        return {event: frozenset(roles) for event, roles in found.items()}

    @cached_property
    def _by_event(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.event, []).append(row)
        return found

    @cached_property
    def _tracks(self) -> dict[str, str]:
        return {row.event: row.track for row in self.rows}

    def of(self, track: str, event: str, source: str) -> list[Row]:
        """The rows that this event may take from this state, in the order of the table."""
        return self._index.get((track, event, source), [])

    def rows_of(self, event: str) -> list[Row]:
        """The rows of an event, from whatever state, in the order of the table."""
        return self._by_event.get(event, [])

    def events(self, track: str) -> list[str]:
        """The events of a track in the order of the table."""
        return list(self._events.get(track, ()))

    def first(self, track: str, event: str) -> Row | None:
        """The first row of an event in the order of the table; None where the track has no such event."""
        return self._events.get(track, {}).get(event)

    def roles_of(self, event: str) -> frozenset[str]:
        """The roles that may do an event in one state or another."""
        return self._roles.get(event, frozenset())

    def states(self, track: str) -> list[str]:
        """The states of a track in the order of the table, without the pseudo-state before receipt."""
        return list(self._states.get(track, ()))

    def from_state(self, track: str, source: str) -> list[Row]:
        """The rows that lead on from a state."""
        return self._sources.get((track, source), [])

    def track_of(self, event: str) -> str:
        """The track to which an event belongs; '' if there is no such event."""
        return self._tracks.get(event, "")

    def name(self, kind: str, key: str) -> str:
        """The name of a state, role, track ... in the language in force."""
        entry = self.names.get(kind, {}).get(key)
        return pick(entry["zh"], entry["en"]) if entry else key

    def guard_rule(self, guard: str, regulations: str, on: date) -> str:
        """The provision behind a guard on a day, for an application under these Regulations."""
        basis = self.guard_basis[guard]
        return law.bundled().cite(regulations, tuple(basis), on) or basis[0]

    def provision(self, row: Row, regulations: str, on: date, consulted: str | None = None) -> str | None:
        """The provision of a row on a day; of a step in a consultation, that by which this kind of
        consultation is held.
        """
        if consulted in self.consulted and not row.article.startswith("house:"):
            return law.bundled().cite(regulations, tuple(self.consulted[str(consulted)]), on)
        return row.basis(regulations, on)

    def reason(self, article: str) -> str:
        """The reason of a rule of good order ('house:NAME') in the language in force."""
        name = article.removeprefix("house:")
        zh, en = self.house.get(name, (name, name))
        return pick(zh, en)


def split_cell(cell: str) -> tuple[str, ...]:
    """The parts of a cell that names several."""
    return tuple(part for part in cell.split("|") if part)


# The cells of a row that name several, beside those from which it leads on.
_SEVERAL = ("roles", "guard", "article", "letter")


def _expand(track: str, columns: list[str], cells: list[list[str]]) -> Iterable[Row]:
    explicit = [dict(zip(columns, line, strict=True)) for line in cells]
    states = dict.fromkeys(
        state
        for line in explicit
        for state in (*split_cell(line["source"]), line["dest"])
        if state not in ("*", STAY, NEW)
    )
    for line in explicit:
        sources = list(states) if line["source"] == "*" else list(split_cell(line["source"]))
        roles, guard, articles, letters = map(split_cell, (line[name] for name in _SEVERAL))
        for source in sources:
            dest = source if line["dest"] == STAY else line["dest"]
            yield Row(
                track=track,
                event=line["event"],
                source=source,
                dest=dest,
                roles=roles,
                when=line["when"],
                guard=guard,
                articles=articles,
                clock=line["clock"],
                letters=letters,
            )


def _review_rows(review: dict[str, Any]) -> Iterable[Row]:
    """The route as rows: from the draft, and from each step, to each later step or to the approval."""
    steps = review["step"]
    places = [review["from"], *(step["state"] for step in steps), review["to"]]
    for i, j in product(range(len(places)), repeat=2):
        if i >= j or i == len(places) - 1:
            continue
        here = None if i == 0 else steps[i - 1]
        basis = here or (steps[j - 1] if j <= len(steps) else steps[-1])
        yield Row(
            track="case",
            event=review["first_event"] if here is None else review["next_event"],
            source=places[i],
            dest=places[j],
            roles=split_cell(review["first_roles"] if here is None else here["roles"]),
            when=f"next_step:{places[j]}",
            guard=split_cell(review["first_guard"] if here is None else review["next_guard"]),
            articles=split_cell(basis["article"]),
            clock="",
            letters=(),
        )


def assembled(raw: dict[str, Any], names: dict[str, Any]) -> Process:
    """The parsed tables as a Process, valid or not; Malformed for a row with too few or too many columns."""
    columns = raw.get("columns", [])
    rows: list[Row] = []
    for track in raw.get("tracks", []):
        cells = raw.get(track, [])
        for number, line in enumerate(cells, 1):
            if len(line) != len(columns):
                raise table_fault(
                    f"{track} row {number}", N_("it has {n} columns, not {m}"), n=len(line), m=len(columns)
                )
        rows += _expand(track, columns, cells)
    if "review" in raw:
        rows += _review_rows(raw["review"])
    steps = tuple(
        Step(step["state"], split_cell(step["roles"]), step["condition"])
        for step in raw.get("review", {}).get("step", [])
    )
    return Process(
        tuple(rows),
        steps,
        reasons({**cited_by_law(), **raw.get("house", {})}),
        raw.get("guard", {}),
        raw.get("consulted", {}),
        raw.get("electronic", {"ways": [], "article": ""}),
        raw.get("presupposes", {}),
        names,
    )


def cited_by_law() -> dict[str, Any]:
    """The rules of good order that the law tables cite too, with their words there."""
    found: dict[str, Any] = law.bundled().tables["settings"]["house"]
    return found


def table_fault(row: str, reason: str, **params: Any) -> Malformed:
    """What is wrong with a row of the table."""
    return act_table_checks.fault(row, reason, **params)
