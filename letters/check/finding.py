"""The check of one letter: every rule with what came of it, and the refusal where one blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from letters.check import marked
from letters.check.rules import ANSWERED, MARKED, WARNS, Called, Rule, rules
from letters.check.subject import TESTS, Answer, Kind, Subject
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, listed, translate
from workflow.law import Law
from workflow.law.eras import Era

PASSED, FAILED, WARNED, OVERRIDDEN, IDLE = "passed", "failed", "warned", "overridden", "not_applicable"
_ANY = "*"


class Finding(NamedTuple):
    """The result of one rule. Letters share those that say nothing of themselves."""

    rule: Rule
    status: str
    articles: tuple[str, ...]
    faults: Sequence[DisclosureError] = ()
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


Asked = Callable[[Subject], Iterable[DisclosureError] | None]
"""How a rule is asked of a letter: the faults under it; None where it has nothing to look at there."""


class _Question(NamedTuple):
    """A rule to be asked: its place among all, what is found where all is well, and how it is asked."""

    place: int
    passed: Finding
    asked: Asked


class _Prepared(NamedTuple):
    """What is asked of letters that are alike."""

    # Every rule as where it has nothing to look at.
    idle: tuple[Finding, ...]
    questions: tuple[_Question, ...]
    # Those that the check of the draft answers: place, and what is found where all is well, by the rule.
    of_draft: Mapping[str, tuple[int, Finding]]


def check(subject: Subject, overrides: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Every rule with its result; `overrides` are the rules to which a person gave his word for
    this draft.
    """
    set_aside = {str(one["rule"]): one for one in overrides}
    prepared = _prepared(subject.law, subject.era.key, subject.on, subject.kinds)
    findings = list(prepared.idle)
    for id, faults in _answered(subject.answers).items():
        if id in prepared.of_draft:
            place, passed = prepared.of_draft[id]
            findings[place] = _failed(passed, faults, set_aside) if faults else passed
    for place, passed, asked in prepared.questions:
        found = asked(subject)
        if found is not None:
            faults = list(found)
            findings[place] = _failed(passed, faults, set_aside) if faults else passed
    return findings


def _failed(
    passed: Finding, faults: list[DisclosureError], set_aside: Mapping[str, Mapping[str, Any]]
) -> Finding:
    one, override = passed.rule, set_aside.get(passed.rule.id)
    if override is not None and one.answerable:
        return Finding(one, OVERRIDDEN, passed.articles, tuple(faults), override)
    return Finding(one, WARNED if one.level == WARNS else FAILED, passed.articles, tuple(faults))


@lru_cache(maxsize=256)
def _prepared(tables: Law, era: str, on: date, kinds: frozenset[Kind]) -> _Prepared:
    """What is asked of every letter of that day that decides in these ways."""
    idle, governing = _of_day(tables, era, on), tables.era(era)
    questions, of_draft = [], {}
    for place, one in enumerate(idle):
        if not one.articles:
            continue
        passed = Finding(one.rule, PASSED, one.articles)
        if one.rule.test in ANSWERED:
            of_draft[one.rule.id] = place, passed
        elif (asked := _asked(one.rule, governing, kinds)) is not None:
            questions.append(_Question(place, passed, asked))
    return _Prepared(idle, tuple(questions), of_draft)


@lru_cache(maxsize=64)
def _of_day(tables: Law, era: str, on: date) -> tuple[Finding, ...]:
    """Every rule with its provisions for a letter of that day; without any, where it is no rule for it."""
    governing = tables.era(era)
    return tuple(
        Finding(one, IDLE, one.provisions(governing, on) if one.lasts(on) else ()) for one in rules().values()
    )


def _asked(one: Rule, era: Era, kinds: frozenset[Kind]) -> Asked | None:
    """How a rule is asked of letters; None where its patterns are about nothing in them."""
    if one.test == "guard":
        return partial(_of_guard, one.guard)
    name, _, key = one.test.partition(":")
    if name != MARKED:
        return TESTS[name]
    marks = marked.concerned(key, era, kinds)
    return partial(marked.found, marks, one.of_outcome) if marks else None


def _answered(answers: Iterable[Answer]) -> dict[str, list[DisclosureError]]:
    """What the check of the draft refuses, by the rule that each question belongs to; empty where all is
    well.
    """
    found: dict[str, list[DisclosureError]] = {}
    for answer in answers:
        faults = found.setdefault(_owner(answer), [])
        if answer.fault:
            faults.append(answer.fault)
    return found


def _of_guard(name: str, subject: Subject) -> list[DisclosureError]:
    fault = subject.guards.get(name)
    return [fault] if fault else []


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
