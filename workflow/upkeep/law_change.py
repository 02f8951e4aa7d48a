"""The rehearsal of a change of the law: what would be missing, and what would become another. Nothing is
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from letters.check import rules
from letters.content import kinds, phrases
from workflow import calendar, law
from workflow.base import tables
from workflow.base.errors import OutOfLaw
from workflow.base.messages import N_, translate
from workflow.base.names import Named
from workflow.law import Law, change_file, changes
from workflow.law.row_checks import Checked
from workflow.office.seat import Seat
from workflow.procedure import transitions
from workflow.reports.law import check, examples
from workflow.reports.law.examples import Example, Reworded, Way
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import recompute


@dataclass
class Rehearsal:
    """What came of one: faults of the file and of the tables with it, gaps, and what would be another."""

    title: str
    promulgated: str
    effective: str
    faults: list[Checked]
    gaps: list[Checked] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    letters: list[Reworded] = field(default_factory=list)
    cases: list[dict[str, Any]] | None = None

    @property
    def sound(self) -> bool:
        """Whether the change could be put in force as the file has it."""
        return not self.faults and not self.gaps

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "title": self.title,
            "promulgated": self.promulgated,
            "effective": self.effective,
            "faults": [_told(one) for one in self.faults],
            "gaps": [_told(one) for one in self.gaps],
            "examples": [one.as_json() for one in self.examples],
            "routes": [one.as_json() for one in self.ways],
            "letters": [one.as_json() for one in self.letters],
            "cases": self.cases,
        }


def _told(one: Checked) -> str:
    return f"{one.where}: {one.problem}"


def rehearse(path: Path, store: Store | None = None) -> Rehearsal:
    """Lay a change file over the bundled law; with a database, also over its open cases.

    NotFound or Malformed for a file that cannot be read as TOML; every other fault is named in the result.
    """
    table = tables.parse(tables.text_of(path), path.name)
    change, faults = change_file.read(table)
    if change is None:
        # Its rows are looked at all the same, as if on one day: all faults are named at once.
        laid = changes.Laid(change_file.undated(table), law.read()[0])
        return Rehearsal("", "", "", [*faults, *laid.faults, *_faults_of_rows(laid)])
    made = Rehearsal(change.title, change.promulgated, change.effective, faults)
    raw, unread = law.read()
    laid = changes.Laid(change, raw)
    made.faults += [*unread, *_beyond(change), *laid.faults, *_faults_of_rows(laid)]
    made.gaps = [one for one in check.every_era(laid.eras) if not one.ok]
    if made.faults:
        return made
    made.gaps += check.on_their_days(Law(laid.tables))
    # What asks the tables whether they know every era does so of the law as it is, before the change is laid
    # over it.
    for known in (kinds.all, rules.rules, phrases.bundled, transitions.bundled):
        known()
    before, after = law.bundled(), Law(laid.tables)
    effective = date.fromisoformat(change.effective)
    on = examples.days(date.fromisoformat(change.promulgated), effective)
    made.examples = examples.limits(before, after, on)
    made.ways = examples.ways(before, after, [day for day in on if day <= effective])
    made.letters = list(examples.letters(before, after, effective))
    if store is not None:
        made.cases = list(_cases(store, after))
    return made


def _beyond(change: change_file.Change) -> Iterator[Checked]:
    """Days around which no example can be counted, because the calendar does not reach them."""
    known = calendar.known()
    for key in ("promulgated", "effective"):
        day = date.fromisoformat(getattr(change, key)).toordinal()
        try:
            for near in (max(day - 1, 1), min(day + examples.LATER, date.max.toordinal())):
                known.is_working(date.fromordinal(near))
        except OutOfLaw as fault:
            yield Checked(key, fault.text)


def _faults_of_rows(laid: changes.Laid) -> list[Checked]:
    return [one for one in law.check_tables(laid.tables) if not one.ok]


def _cases(store: Store, after: Law) -> Iterator[dict[str, Any]]:
    """The clocks of open cases that would end on another day, over all offices of a database."""
    with store.reading() as connection:
        offices = list(connection.execute(select(TABLES["office"].c.id)).scalars())
    for office in offices:
        seat = Seat(store, system_of=office)
        now = dict(_moves(seat))
        seat.__dict__["context"] = replace(seat.context, law=after)
        with law.instead(after):
            moved = dict(_moves(seat))
        for (number, rule, ref), (was, then) in moved.items():
            # What a newer calendar moves already is no effect of the change.
            stands = now.get((number, rule, ref), (was, was))[1]
            if then != stands:
                yield {
                    "case": number,
                    "rule": rule,
                    "ref": ref,
                    "before": stands and stands.isoformat(),
                    "after": then and then.isoformat(),
                }


def _moves(seat: Seat) -> Iterator[tuple[tuple[str, str, int], tuple[date | None, date | None]]]:
    for change in recompute.plan(seat):
        for move in change.moves:
            yield (change.number, move.rule, move.ref), (move.before, move.after)


# --- as text


def lines(made: Rehearsal) -> list[str]:
    """A rehearsal for a person: what is wrong first, then what becomes another."""
    head = translate(
        N_("{title} (promulgated {promulgated}, in force {effective}): a rehearsal, nothing is written."),
        title=made.title or "—",
        promulgated=made.promulgated or "—",
        effective=made.effective or "—",
    )
    said = [head]
    said += _part(N_("Faults"), [_told(one) for one in made.faults])
    said += _part(N_("Gaps: tables that say nothing of the new era"), [_told(one) for one in made.gaps])
    if made.faults:
        return [*said, "", translate(N_("Mend the file; the examples are computed when it has no fault."))]
    said += _example_lines(made)
    if made.cases is None:
        said += ["", translate(N_("No database was looked at; name one with --db to see its open cases."))]
    else:
        said += _part(N_("Open cases whose clocks would move"), [_case(row) for row in made.cases])
    return said


def _example_lines(made: Rehearsal) -> list[str]:
    said: list[str] = []
    moving = [one for one in made.examples if one.moves]
    said += _part(N_("Time limits (received: last day before → after)"), [_limit(one) for one in moving])
    still = len(made.examples) - len(moving)
    said.append(translate(N_("{n} examples stay as they are."), n=still))
    other = [one for one in made.ways if one.before != one.after]
    said += _part(N_("Ways against a decision"), [_way(one) for one in other])
    cited = sum(one.changes for one in made.ways) - len(other)
    if cited:
        said.append(translate(N_("{n} ways stay open as they are, on other articles."), n=cited))
    return [*said, *_part(N_("Letters"), [line for one in made.letters for line in _letter(one)])]


def _part(title: str, found: list[str]) -> list[str]:
    return ["", translate(title), *(f"  {line}" for line in found or [translate(N_("Nothing."))])]


def _limit(one: Example) -> str:
    events = "".join(f" {name}={value}" for name, value in one.events.items())
    return f"{one.name} {one.received}: {one.before or '—'} → {one.after or '—'}{events}"


def _way(one: Way) -> str:
    name = f"{Named('outcome', one.outcome)}{f' [{one.answer}]' if one.answer else ''}"
    return f"{name} {one.decided}: {one.before or '—'} → {one.after or '—'} ({', '.join(one.articles_after)})"


def _letter(one: Reworded) -> list[str]:
    said = [f"{one.code} {one.name}{f': {one.fault}' if one.fault else ''}"]
    said += [f"  − {line}" for line in one.removed]
    return [*said, *(f"  + {line}" for line in one.added)]


def _case(row: dict[str, Any]) -> str:
    return f"{row['case']} {row['rule']}: {row['before'] or '—'} → {row['after'] or '—'}"
