"""The check of one letter: every rule with what came of it, and the refusal where one blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from letters.check import marked
from letters.check.rules import ANSWERED, MARKED, WARNS, Called, Rule, rules
from letters.check.subject import TESTS, Answer, Subject
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, listed, translate
from workflow.law import Law

PASSED, FAILED, WARNED, OVERRIDDEN, IDLE = "passed", "failed", "warned", "overridden", "not_applicable"
_ANY = "*"


@dataclass
class Finding:
    """The result of one rule."""

    rule: Rule
    status: str
    articles: tuple[str, ...]
    faults: list[DisclosureError] = field(default_factory=list)
    override: Mapping[str, Any] | None = None

    @property
    def blocks(self) -> bool:
        """Whether the letter cannot be issued because of it."""
        return self.status == FAILED

    def provision(self, fault: DisclosureError) -> str | None:
        """The provision to be named with a fault: its own, or the first of the rule."""
        return fault.rule or (self.articles[0] if self.articles else None)

    @property
    def warns(self) -> bool:
        """Whether whoever approves should look at it."""
        return self.status == WARNED

    def as_json(self) -> dict[str, Any]:
        """As plain data, in both languages where the table has both."""
        return {
            "rule": self.rule.id,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "level": self.rule.level,
            "status": self.status,
            "articles": list(self.articles),
            "overridable": self.rule.overridable,
            "faults": [
                {"text": fault.text, "field": fault.field, "rule": fault.rule, "do": fault.advice}
                for fault in self.faults
            ],
            "do": self.rule.way_on if self.faults else None,
            "override": dict(self.override) if self.override else None,
        }


def check(subject: Subject, overrides: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Every rule with its result; `overrides` are the rules to which a person gave his word for
    this draft.
    """
    set_aside = {str(one["rule"]): one for one in overrides}
    subject.owner = _owner
    return [
        _finding(one, articles, subject, set_aside.get(one.id))
        for one, articles in _of_day(subject.law, subject.era.key, subject.on)
    ]


@lru_cache(maxsize=64)
def _of_day(tables: Law, era: str, on: date) -> list[tuple[Rule, tuple[str, ...]]]:
    """Every rule with its provisions for a letter of that day; without any, where it is no rule for it."""
    governing = tables.era(era)
    return [(one, one.provisions(governing, on) if one.lasts(on) else ()) for one in rules().values()]


def _finding(
    one: Rule, articles: tuple[str, ...], subject: Subject, override: Mapping[str, Any] | None
) -> Finding:
    faults = _asked(one, subject) if articles else None
    if faults is None:
        return Finding(one, IDLE, articles)
    if not faults:
        return Finding(one, PASSED, articles)
    if override is not None and one.answerable:
        return Finding(one, OVERRIDDEN, articles, faults, override)
    return Finding(one, WARNED if one.level == WARNS else FAILED, articles, faults)


def _asked(one: Rule, subject: Subject) -> list[DisclosureError] | None:
    """The faults under a rule; None where it has nothing to look at in this letter."""
    if one.test in ANSWERED:
        mine = subject.owned.get(one.id)
        return [fault for fault in mine if fault] if mine else None
    if one.test == "guard":
        fault = subject.guards.get(one.guard)
        return [fault] if fault else []
    name, _, key = one.test.partition(":")
    found = marked.marked(subject, key, one.of_outcome) if name == MARKED else TESTS[name](subject)
    return None if found is None else list(found)


def _owner(answer: Answer) -> str:
    """The rule that a question belongs to: one that names its need, rather one that also names its
    outcome.
    """
    return _rule_of(answer.question, answer.need, answer.outcome)


@lru_cache(maxsize=1024)
def _rule_of(question: str, need: str, outcome: str) -> str:
    best = ""
    for one in rules().values():
        if one.test != question:
            continue
        if one.test != "need":
            return one.id
        if need in one.needs and outcome in one.outcomes:
            return one.id
        if (need in one.needs and not one.outcomes) or (_ANY in one.needs and not best):
            best = one.id
    return best


def require(findings: Iterable[Finding], number: str) -> None:
    """Refused with every rule that blocks, each with its faults; `number` is the case's."""
    blocking = [one for one in findings if one.blocks]
    if blocking:
        first = blocking[0]
        raise Refused(
            N_("The letter may not be issued; {n} rules of the check are not met: {list}"),
            n=len(blocking),
            number=number,
            rule=first.provision(first.faults[0]),
            field=first.faults[0].field or "letter",
            list=_Told(blocking),
            rules=[one.rule.id for one in blocking],
            do=_Do(first.rule),
            way_on=N_("{do} (all of them: disclosure letter check {number})"),
        )


class _Do:
    """What to do about a rule, put into words when it is shown."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __format__(self, spec: str) -> str:
        return self.rule.way_on


class _Told:
    """The rules that block, put into words when they are shown, in the language of then."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    def __format__(self, spec: str) -> str:
        return listed(
            translate(
                N_("{faults} [{rule}]"),
                faults=listed(fault.text for fault in one.faults),
                rule=Called(one.rule),
            )
            for one in self.findings
        )
