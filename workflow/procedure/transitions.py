"""The process table: one flat row a transition, taken from the tables of the acts and checked when these
change.

States are what the rows name; there is no second list. The route of review is a table of its own and is
expanded into rows of the same form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any

from letters.content import kinds
from workflow import law
from workflow.base import tables
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick
from workflow.cases import case_clock
from workflow.cases.states import UNCOUNTED, State
from workflow.law import Law
from workflow.law.eras import Era, refuse, unknown
from workflow.law.row_checks import not_in_force
from workflow.law.rows import Checked
from workflow.procedure import act_tables, acts
from workflow.procedure.act_tables import DECISION
from workflow.procedure.naming import all_names, reasons

HERE = Path(__file__).parent
NEW = State.NEW
STAY = "="
FINAL = {
    "case": (State.FILED, *UNCOUNTED),
    "consultation": (State.ANSWERED, State.SILENT, State.RECALLED),
    "remedy": (State.DECIDED,),
}
# The files on which the result of the check depends.
SOURCES = (
    *(Path(path) for path in act_tables.paths()),
    HERE / "act_tables.py",
    HERE / "naming.py",
    HERE / "transitions.py",
    HERE.parent / "base" / "names.toml",
    kinds.TABLE,
    HERE.parent / "law" / "eras.toml",
    HERE.parent / "law" / "instruments.toml",
    HERE.parent / "law" / "settings.toml",
    HERE.parent / "law" / "legal_values.py",
    HERE.parent / "law" / "eras.py",
    HERE.parent / "cases" / "clocks.py",
    HERE / "registry.py",
    *sorted((HERE / "acts").glob("*.py")),
)
CLOCK_VERBS = (
    "",
    "start",
    "restart",
    "stop",
    "pause",
    "resume",
    "extend",
    "undo",
    "delay",
    "order",
    "meet",
    "recompute",
)


# What a row may say of clocks without naming one: those of the applicant, that for an opinion asked for.
CLOCK_GROUPS = ("applicant", "opinion")


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
    def _tracks(self) -> dict[str, str]:
        return {row.event: row.track for row in self.rows}

    def of(self, track: str, event: str, source: str) -> list[Row]:
        """The rows that this event may take from this state, in the order of the table."""
        return self._index.get((track, event, source), [])

    def events(self, track: str) -> list[str]:
        """The events of a track in the order of the table."""
        return list(dict.fromkeys(row.event for row in self.rows if row.track == track))

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


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _expand(track: str, columns: list[str], cells: list[list[str]]) -> Iterable[Row]:
    explicit = [dict(zip(columns, line, strict=True)) for line in cells]
    states = dict.fromkeys(
        state
        for line in explicit
        for state in (*_split(line["source"]), line["dest"])
        if state not in ("*", STAY, NEW)
    )
    for line in explicit:
        sources = list(states) if line["source"] == "*" else list(_split(line["source"]))
        for source in sources:
            dest = source if line["dest"] == STAY else line["dest"]
            yield Row(
                track=track,
                event=line["event"],
                source=source,
                dest=dest,
                roles=_split(line["roles"]),
                when=line["when"],
                guard=_split(line["guard"]),
                articles=_split(line["article"]),
                clock=line["clock"],
                letters=_split(line["letter"]),
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
            roles=_split(review["first_roles"] if here is None else here["roles"]),
            when=f"next_step:{places[j]}",
            guard=_split(review["first_guard"] if here is None else review["next_guard"]),
            articles=_split(basis["article"]),
            clock="",
            letters=(),
        )


def build(raw: dict[str, Any], names: dict[str, Any]) -> Process:
    """A checked Process from the parsed tables; Malformed names the first row that is wrong."""
    process = _assembled(raw, names)
    _check_states(raw, names)
    check(process)
    return process


def _assembled(raw: dict[str, Any], names: dict[str, Any]) -> Process:
    columns = raw.get("columns", [])
    rows: list[Row] = []
    for track in raw.get("tracks", []):
        cells = raw.get(track, [])
        for number, line in enumerate(cells, 1):
            if len(line) != len(columns):
                raise _fault(
                    f"{track} row {number}", N_("it has {n} columns, not {m}"), n=len(line), m=len(columns)
                )
        rows += _expand(track, columns, cells)
    if "review" in raw:
        rows += _review_rows(raw["review"])
    steps = tuple(
        Step(step["state"], _split(step["roles"]), step["condition"])
        for step in raw.get("review", {}).get("step", [])
    )
    return Process(
        tuple(rows),
        steps,
        reasons({**_cited_by_law(), **raw.get("house", {})}),
        raw.get("guard", {}),
        raw.get("consulted", {}),
        raw.get("electronic", {"ways": [], "article": ""}),
        raw.get("presupposes", {}),
        names,
    )


def _cited_by_law() -> dict[str, Any]:
    """The rules of good order that the law tables cite too, with their words there."""
    found: dict[str, Any] = law.bundled().tables["settings"]["house"]
    return found


def check_house(house: Iterable[str]) -> None:
    """Refuse a rule of good order that has words both with the acts and with the law tables."""
    for name in house:
        if name in _cited_by_law():
            raise _fault(
                f"house.{name}", N_("it has its words in {file} already"), file="workflow/law/settings.toml"
            )


def _check_states(raw: dict[str, Any], names: dict[str, Any]) -> None:
    """Refuse an act that names an unknown state, by the act: expanded, it would be a state of every act that
    starts anywhere."""
    for track in raw.get("tracks", []):
        for line in raw.get(track, []):
            cells = dict(zip(raw["columns"], line, strict=True))
            for state in (*_split(cells["source"]), cells["dest"]):
                if state not in ("*", STAY) and state not in names["state"]:
                    raise _fault(f"{track}/{cells['event']}", N_("unknown state '{name}'"), name=state)


def _fault(row: str, reason: str, **params: Any) -> Malformed:
    return act_tables.fault(row, reason, **params)


def check(process: Process) -> None:
    """Refuse a table that names what does not exist, or in which a case could be lost."""
    for row in process.rows:
        _check_names(process, row)
        _check_basis(process, row)
    for step in process.steps:
        if step.condition not in acts.CONDITIONS:
            raise _fault(step.state, N_("unknown condition '{name}'"), name=step.condition)
    require_same("transitions.FINAL", FINAL, "act_tables.TRACKS", act_tables.TRACKS)
    require_same("names.toml: clock", process.names["clock"], "clocks.RULES", case_clock.RULES)
    for track in dict.fromkeys(row.track for row in process.rows):
        _check_reach(process, track)


def _where(row: Row) -> str:
    return f"{row.track}/{row.event} {row.source}→{row.dest}"


def _check_names(process: Process, row: Row) -> None:
    """Refuse a row that names an unknown role, state, guard, condition or clock effect."""
    known_guards = {name for name in acts.GUARDS if process.guard_basis.get(name)}
    for reason, names, known in (
        (N_("unknown role '{name}'"), row.roles, process.names["role"]),
        (N_("unknown state '{name}'"), (row.source, row.dest), process.names["state"]),
        (N_("unknown guard '{name}'"), row.guard, known_guards),
        (N_("unknown condition '{name}'"), (row.when.partition(":")[0],), (*acts.SELECTORS, "")),
        (N_("unknown clock effect '{name}'"), (row.clock.partition(":")[0],), CLOCK_VERBS),
        (
            N_("unknown clock '{name}'"),
            (row.clock.partition(":")[2],),
            ("", *case_clock.RULES, *CLOCK_GROUPS),
        ),
    ):
        for name in names:
            if name not in known:
                raise _fault(_where(row), reason, name=name)


def _check_basis(process: Process, row: Row) -> None:
    """Refuse a row without a role, or without a provision or reason."""
    if not row.roles:
        raise _fault(_where(row), N_("nobody may do it"))
    if not row.articles:
        raise _fault(_where(row), N_("it has neither an article nor a reason"))
    for article in (ref.rpartition("=")[2] for ref in row.articles):
        if article.startswith("house:") and article.removeprefix("house:") not in process.house:
            raise _fault(_where(row), N_("the reason '{name}' is not given"), name=article)


def check_letters(process: Process) -> None:
    """Refuse an act with a letter that is not in the catalogue or is said there to belong to others, and a
    letter said to belong to an act that does not call for it."""
    called = {(row.event, code) for row in process.rows for code in row.letters}
    replies = {event for event, code in called if code == DECISION}
    for event, code in called - {(event, DECISION) for event in replies}:
        place = f"{event}: letter"
        require_known(place, [code], "letters/content/kinds.toml", [kind.code for kind in kinds.all()])
        require_known(place, [event], f"kinds.toml: {code}.events", kinds.get(code).events)
    for kind in kinds.all():
        acts_with = replies if kind.decides else set()
        known = {event for event, code in called if code == kind.code} | acts_with
        require_known(f"kinds.toml: {kind.code}.events", kind.events, f"acts: letter {kind.code}", known)


def era_faults(process: Process, eras: Iterable[Era]) -> Iterator[Checked]:
    """Where the table has no provision for an era of the Regulations: of a row, of a guard asked there, of
    what a consultation or an outcome rests on. ("KEY=-" says that they know no such step.)"""
    for era in eras:
        asked: dict[str, None] = {}
        for row in process.rows:
            if not era.knows(row.articles):
                yield unknown(f"acts: {row.track}/{row.event} {row.source}→{row.dest}", era)
            elif era.cite(row.articles) is not None:
                asked |= dict.fromkeys(row.guard)
        cells = {f"guard {guard}": process.guard_basis.get(guard, []) for guard in asked}
        cells |= {f"consulted {kind}": refs for kind, refs in process.consulted.items()}
        cells |= {f"presupposes {outcome}": row["article"] for outcome, row in process.presupposes.items()}
        yield from (unknown(f"acts: {where}", era) for where, refs in cells.items() if not era.knows(refs))


def day_faults(process: Process, L: Law) -> Iterator[Checked]:
    """Where a provision is cited on a day on which it was not in force: of a row, a guard, what a
    consultation or an outcome rests on. (An application outlives its era: its days have no end here.)
    """
    cells: dict[str, Iterable[str]] = {
        f"{row.track}/{row.event} {row.source}→{row.dest}": row.articles for row in process.rows
    }
    cells |= {f"guard {guard}": refs for guard, refs in process.guard_basis.items()}
    cells |= {f"consulted {kind}": refs for kind, refs in process.consulted.items()}
    cells |= {f"presupposes {outcome}": row["article"] for outcome, row in process.presupposes.items()}
    for era in L.eras():
        for (where, refs), day in product(cells.items(), L.turns(era)):
            ref = L.cite(era.key, tuple(refs), day)
            if ref is not None and not L.holds(ref, day):
                yield Checked(f"acts: {where}", not_in_force(ref, day))


def _check_reach(process: Process, track: str) -> None:
    edges = [(row.source, row.dest) for row in process.rows if row.track == track]
    reached = _closure({NEW}, edges)
    for state in process.states(track):
        if state not in reached:
            raise _fault(state, N_("no event of the track '{track}' leads to this state"), track=track)
    ends = _closure(set(FINAL[track]), [(dest, source) for source, dest in edges])
    for state in process.states(track):
        if state not in ends:
            raise _fault(state, N_("this state is a dead end: no way leads from it to the end"))


def _closure(start: set[str], edges: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while True:
        grown = reached | {dest for source, dest in edges if source in reached}
        if grown == reached:
            return reached
        reached = grown


@cache
def bundled() -> Process:
    """The process of the project, checked when its tables or what checks them have changed."""
    made = written()
    tables.remembered(SOURCES, lambda _: _checked(made))
    return made


def written() -> Process:
    """The project's process, valid or not."""
    return _assembled(act_tables.bundled()["process"], all_names())


def _checked(made: Process) -> dict[str, Any]:
    _check_states(act_tables.bundled()["process"], all_names())
    check_house(act_tables.bundled()["process"]["house"])
    check(made)
    check_letters(made)
    refuse("acts", era_faults(made, law.bundled().eras()))
    refuse("acts", day_faults(made, law.bundled()))
    return {"rows": len(made.rows)}
