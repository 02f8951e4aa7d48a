"""The check of a letter: rules with their articles (compliance.toml), asked of one letter and listed whole.

What the law asks of a draft (workflow/cases/draft.py) is not asked a second time here: its answers are handed
in, and stand in the list under their rules. What concerns the letter as such is tested in the modules beside
this one, by topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from letters.check import (
    approval,
    citations,
    consistency,
    earlier_replies,
    leasts,
    parts_of_letter,
    personal,
    suspicions,
    timeliness,
)
from letters.check.subject import TESTS, day, marks, named, table
from workflow import law
from workflow.base import typed_words
from workflow.base.completeness import require_same
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, listed, pick
from workflow.law import Law, era_checks
from workflow.law.eras import Era
from workflow.law.row_checks import Checked, not_in_force

BLOCKS, WARNS = "block", "warn"
ANSWERED = ("answered", "known", "heard", "agreed", "step", "need")
"""Questions that workflow/cases/draft.py answers."""
TOPICS = (
    approval,
    citations,
    consistency,
    earlier_replies,
    leasts,
    parts_of_letter,
    personal,
    suspicions,
    timeliness,
)
"""The modules whose tests the rules name."""
MARKED = "marked"
"""A test by patterns: "marked:KEY" looks for those of marks.toml under the key."""


class Cited(NamedTuple):
    """A provision behind a rule, and the days of letters for which it is the one (both included; None:
    always).
    """

    ref: str
    first: date | None = None
    last: date | None = None

    def on(self, moment: date) -> bool:
        """Whether it is the provision on a day."""
        return (self.first or date.min) <= moment <= (self.last or date.max)


class Rule(NamedTuple):
    """One rule of the check. `level`: whether what it finds stops the letter or is only shown to whoever
    approves.
    """

    id: str
    zh: str
    en: str
    article: Mapping[str, tuple[Cited, ...] | None]
    test: str
    needs: tuple[str, ...]
    outcomes: tuple[str, ...]
    guard: str
    level: str
    overridable: bool
    of_outcome: bool
    first: date | None
    last: date | None
    do_zh: str
    do_en: str

    @property
    def name(self) -> str:
        """What it wants, in the language in force."""
        return pick(self.zh, self.en)

    @property
    def way_on(self) -> str:
        """What to do, in the language in force."""
        return pick(self.do_zh, self.do_en)

    @property
    def answerable(self) -> bool:
        """Whether a person's word settles it: a warning anybody's who works on the draft, a refusal the
        approver's.
        """
        return self.overridable or self.level == WARNS

    def provisions(self, era: Era, on: date) -> tuple[str, ...]:
        """What the rule rests on for a letter of that day, under the Regulations of an era; nothing where
        they know no such rule."""
        cited = era.of(self.article, f"compliance.toml {self.id}")
        return tuple([era.ref(one.ref) for one in cited or () if one.on(on)])

    def lasts(self, on: date) -> bool:
        """Whether the rule is one for letters of that day."""
        return (self.first or date.min) <= on <= (self.last or date.max)


def part(key: str) -> str:
    """What a part of a letter is called, that an office's own wording lost."""
    return named("part", key)


def mark(state: str) -> str:
    """What is printed over a letter that is not issued, by the state of its draft ("" for a state without
    one).
    """
    return str(table()["mark"].get(state, ""))


def era_faults(known: Iterable[Era]) -> Iterator[Checked]:
    """Where a rule says nothing of an era of the Regulations."""
    listed_eras = list(known)
    for id, row in table()["rule"].items():
        yield from era_checks.cell_faults(f"compliance.toml: {id}", row["article"], listed_eras)


def day_faults(L: Law) -> Iterator[Checked]:
    """Where a rule cites a provision for letters of a day on which that is not in force."""
    for era in L.eras():
        for on in L.turns(era, era.last):
            for one in rules().values():
                refs = one.provisions(era, on) if one.lasts(on) and era.knows_cells(one.article) else ()
                for ref in refs:
                    if not L.holds(ref, on):
                        yield Checked(f"compliance.toml: {one.id}", not_in_force(ref, on))


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, in their order; Environment where one says nothing of an era of the Regulations."""
    era_checks.refuse("compliance.toml", era_faults(law.bundled().eras()))
    tests = [row["test"].partition(":") for row in table()["rule"].values()]
    require_same(
        "compliance.toml: test", (name for name, _, _ in tests), "TESTS", (*TESTS, *ANSWERED, "guard", MARKED)
    )
    require_same(
        "compliance.toml: marked", (key for _, _, key in tests if key), "marks.toml", marks()["marked"]
    )
    return {id: _rule(id, row) for id, row in table()["rule"].items()}


def _rule(id: str, row: Mapping[str, Any]) -> Rule:
    article = {key: None if refs == "-" else tuple(map(_cited, refs)) for key, refs in row["article"].items()}
    return Rule(
        id,
        row["zh"],
        row["en"],
        article,
        row["test"],
        tuple(row.get("needs", ())),
        tuple(row.get("outcomes", ())),
        row.get("guard", ""),
        row.get("level", BLOCKS),
        row.get("overridable", False),
        row.get("of_outcome", False),
        _day(row, "from"),
        _day(row, "until"),
        row["do"]["zh"],
        row["do"]["en"],
    )


def _cited(ref: Any) -> Cited:
    return Cited(ref) if isinstance(ref, str) else Cited(ref["ref"], _day(ref, "from"), _day(ref, "until"))


def _day(row: Mapping[str, Any], name: str) -> date | None:
    return day(row[name]) if name in row else None


def rule(id: str) -> Rule:
    """A rule by its id, its name or a part of it; NotFound with the rules that there are."""
    known = rules()
    found = known.get(id.replace("-", "_"))
    if found is None and not id.isascii():
        # A word of an English sentence is no name of a rule.
        named = {one.id: {"zh": one.zh, "en": one.en} for one in known.values()}
        found = known.get(typed_words.meant(id, named, "rule"))
    if found is None:
        raise NotFound(
            N_("The check before issue has no rule '{rule_id}'."),
            field="rule",
            rule_id=id[:40],
            way_on=N_("Rules are: {names}"),
            names=listed(format(Called(one)) for one in known.values()),
        )
    return found


def require_overridable(id: str) -> Rule:
    """The rule; Refused where nobody may let a letter go out against it."""
    found = rule(id)
    if not found.answerable:
        raise Refused(
            N_("Nobody may override the rule '{name}'."),
            field="rule",
            name=Called(found),
            way_on=N_("Only these may be overridden: {names}"),
            names=listed(format(Called(one)) for one in rules().values() if one.answerable),
        )
    return found


class Called:
    """A rule as it is called when it is shown: by its name, in English by its id, which is shorter."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __format__(self, spec: str) -> str:
        return pick(self.rule.zh, self.rule.id)
