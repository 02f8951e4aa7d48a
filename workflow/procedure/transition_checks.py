"""What a process table has to fulfil: every name known, every row with its provision, no case lost in it.

Besides: a letter of an act belongs to that act, and there is a provision for every era and day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from letters.content import kinds
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.cases import case_clock
from workflow.law import Law
from workflow.law.era_checks import unknown
from workflow.law.eras import Era
from workflow.law.row_checks import Checked, not_in_force
from workflow.procedure import act_table_checks, act_tables, acts
from workflow.procedure.act_tables import DECISION
from workflow.procedure.process import FINAL, NEW, STAY, Process, Row, cited_by_law, split_cell, table_fault

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


def check(process: Process) -> None:
    """Refuse a table with its first fault: it names what does not exist, or a case could be lost in it."""
    for found in faults(process):
        raise found


def faults(process: Process) -> Iterator[Malformed]:
    """Every fault of an act's rows, at the first row that has it; where there is none, those of the steps,
    the tracks and the ways through them.
    """
    told = set()
    for row in process.rows:
        for found in (*_name_faults(process, row), *_basis_faults(process, row)):
            key = (row.event, found.params["reason"])
            if key not in told:
                told.add(key)
                yield found
    if told:
        return
    for step in process.steps:
        if step.condition not in acts.CONDITIONS:
            yield table_fault(step.state, N_("unknown condition '{name}'"), name=step.condition)
    require_same("transitions.FINAL", FINAL, "act_table_checks.TRACKS", act_table_checks.TRACKS)
    require_same("names.toml: clock", process.names["clock"], "case_clock.RULES", case_clock.RULES)
    for track in dict.fromkeys(row.track for row in process.rows):
        yield from _reach_faults(process, track)


def check_house(house: Iterable[str]) -> None:
    """Refuse a rule of good order that has words both with the acts and with the law tables."""
    for name in house:
        if name in cited_by_law():
            raise table_fault(
                f"house.{name}", N_("it has its words in {file} already"), file="workflow/law/settings.toml"
            )


def check_states(raw: dict[str, Any], names: dict[str, Any]) -> None:
    """Refuse an act that names an unknown state, by the act: expanded, it would be a state of every act that
    starts anywhere."""
    for track in raw.get("tracks", []):
        for line in raw.get(track, []):
            cells = dict(zip(raw["columns"], line, strict=True))
            for state in (*split_cell(cells["source"]), cells["dest"]):
                if state not in ("*", STAY) and state not in names["state"]:
                    raise table_fault(
                        _in_file(cells["event"], f"{track}/{cells['event']}"),
                        N_("workflow/base/names.toml has no state '{name}'"),
                        name=state,
                    )


def _in_file(event: str, place: str) -> str:
    """A place in the table of an act with the file in which it is mended."""
    file = act_tables.file_of(event)
    return f"{file}: {place}" if file else place


def _where(row: Row) -> str:
    return f"{row.track}/{row.event} {row.source}→{row.dest}"


def _name_faults(process: Process, row: Row) -> Iterator[Malformed]:
    """The roles, states, guards, conditions and clock effects that a row names and that there are not."""
    written = {guard: refs for guard, refs in process.guard_basis.items() if guard in row.guard}
    for reason, names, known in (
        (N_("workflow/base/names.toml has no role '{name}'"), row.roles, process.names["role"]),
        (
            N_("workflow/base/names.toml has no state '{name}'"),
            (row.source, row.dest),
            process.names["state"],
        ),
        (
            N_("no file of workflow/procedure/acts/ has a table [guard.{name}] with its provision and words"),
            row.guard,
            written,
        ),
        (N_("no function of workflow/procedure/acts/*.py is the guard '{name}'"), row.guard, acts.GUARDS),
        (
            N_("the table [guard.{name}] names no provision"),
            tuple(written),
            [guard for guard, refs in written.items() if refs],
        ),
        (
            N_("no function of workflow/procedure/acts/*.py is the condition '{name}'"),
            (row.when.partition(":")[0],),
            (*acts.SELECTORS, ""),
        ),
        (N_("unknown clock effect '{name}'"), (row.clock.partition(":")[0],), CLOCK_VERBS),
        (
            N_("unknown clock '{name}'"),
            (row.clock.partition(":")[2],),
            ("", *case_clock.RULES, *CLOCK_GROUPS),
        ),
    ):
        for name in names:
            if name not in known:
                yield table_fault(_in_file(row.event, _where(row)), reason, name=name)


def _basis_faults(process: Process, row: Row) -> Iterator[Malformed]:
    """A row without a role, or without a provision or reason."""
    place = _in_file(row.event, _where(row))
    if not row.roles:
        yield table_fault(place, N_("nobody may do it"))
    if not row.articles:
        yield table_fault(place, N_("it has neither an article nor a reason"))
    for article in (ref.rpartition("=")[2] for ref in row.articles):
        name = article.removeprefix("house:")
        if name != article and name not in process.house:
            yield table_fault(
                place, N_("no file of workflow/procedure/acts/ has the reason [house.{name}]"), name=name
            )


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
        # A guard without its table is a fault of the row (faults), not of an era.
        basis = process.guard_basis
        cells = {f"[guard.{guard}] article": basis[guard] for guard in asked if basis.get(guard)}
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
        days = list(L.turns(era))
        # Many rows cite the same provisions.
        found: dict[tuple[str, ...], list[tuple[str, date]]] = {}
        for where, refs in cells.items():
            cited = tuple(refs)
            if cited not in found:
                on_days = ((L.cite(era.key, cited, day), day) for day in days)
                found[cited] = [
                    (ref, day) for ref, day in on_days if ref is not None and not L.holds(ref, day)
                ]
            yield from (Checked(f"acts: {where}", not_in_force(ref, day)) for ref, day in found[cited])


def _reach_faults(process: Process, track: str) -> Iterator[Malformed]:
    edges = [(row.source, row.dest) for row in process.rows if row.track == track]
    reached = _closure({NEW}, edges)
    for state in process.states(track):
        if state not in reached:
            yield table_fault(state, N_("no event of the track '{track}' leads to this state"), track=track)
    ends = _closure(set(FINAL[track]), [(dest, source) for source, dest in edges])
    for state in process.states(track):
        if state not in ends:
            yield table_fault(state, N_("this state is a dead end: no way leads from it to the end"))


def _closure(start: set[str], edges: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while True:
        grown = reached | {dest for source, dest in edges if source in reached}
        if grown == reached:
            return reached
        reached = grown
