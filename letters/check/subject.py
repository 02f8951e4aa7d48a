"""One letter as it would go out, with everything that the rules of the check look at; and the tests by their
names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from letters.check import mentions
from letters.check.own_words import Ready, Said, plain
from letters.content.facts import at
from letters.content.faults import Fault
from letters.content.letter_content import Content
from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.base.messages import pick
from workflow.law import Law
from workflow.law.eras import Era

TABLE = Path(__file__).with_name("compliance.toml")
MARKS = Path(__file__).with_name("marks.toml")
TEXTS = ("facts", "reasons", "means", "part")


def table() -> dict[str, Any]:
    """The rules and the words by which they are read."""
    return tables.read(TABLE)


def marks() -> dict[str, Any]:
    """The marks by which a text is judged."""
    return tables.read(MARKS)


Kind = tuple[str, str | None]
"""A way in which an item is decided: its outcome, and its ground where it has one."""


class Answer(Protocol):
    """What the check of a draft said to one question: which, of which need and outcome, and the refusal, if
    any.
    """

    @property
    def question(self) -> str: ...
    @property
    def need(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def fault(self) -> DisclosureError | None: ...


class Earlier(NamedTuple):
    """A letter of this office's register that another letter may name: whose it is, whether it went out, what
    was asked.
    """

    same_applicant: bool
    sent: bool
    items: tuple[str, ...]
    gave: bool


class Known(NamedTuple):
    """A personal datum that the case keeps: of whom, what it is, and its value."""

    whose: str
    kind: str
    value: str


class Causes(Protocol):
    """What of the office was changed meanwhile, put into words when it is shown."""

    def __format__(self, spec: str, /) -> str: ...


class Changed(Protocol):
    """What changed since somebody passed the draft: who, on which day, the parts of the letter, and by
    what.
    """

    @property
    def by(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def parts(self) -> tuple[str, ...]: ...
    @property
    def causes(self) -> Causes | None: ...


@dataclass
class Subject:
    """One letter as it would be issued: the data it is composed of, what came of composing it, and the
    draft's answers.
    """

    data: Mapping[str, Any]
    code: str
    law: Law
    # The outcome that the decision as a whole counts as.
    outcome: str = ""
    content: Content | None = None
    refused: DisclosureError | None = None
    faceless: DisclosureError | None = None
    # What the office's own wording lost of this letter; None where the wording is the project's.
    lost: Sequence[Fault] | None = None
    answers: Sequence[Answer] = ()
    guards: Mapping[str, DisclosureError | None] = field(default_factory=dict)
    earlier: Callable[[str], Earlier | None] = lambda number: None
    # The number of a reply of this office that gave what is asked for in these words, if there is one.
    given_before: Callable[[str], str | None] = lambda asked: None
    known: Sequence[Known] = ()
    # Changes since the draft was passed; None where nobody has passed it yet.
    since: Sequence[Changed] | None = None
    # Of what the letter was composed: of one digest, one letter. Empty where nobody keeps what was found.
    digest: str = ""
    # Words that several marks look at, by the place where these look (letters/check/marked.py).
    passages: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    together: dict[Any, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def on(self) -> date:
        """The day of the letter."""
        return day(at(self.data, "on"))

    @cached_property
    def law_day(self) -> date:
        """The day whose law governs the application."""
        return day(at(self.data, "case.law_day") or at(self.data, "case.received_on"))

    @cached_property
    def era(self) -> Era:
        """The Regulations that govern the application."""
        return self.law.era_on(self.law_day)

    @cached_property
    def items(self) -> list[Mapping[str, Any]]:
        """The items as decided."""
        return list(at(self.data, "decision.items") or [])

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The ways in which items are decided."""
        return frozenset([(str(item["outcome"]), item.get("ground")) for item in self.items])

    @cached_property
    def by_outcome(self) -> dict[str, list[Mapping[str, Any]]]:
        """The items by their outcome."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for item in self.items:
            found.setdefault(str(item["outcome"]), []).append(item)
        return found

    @cached_property
    def bases(self) -> dict[str, tuple[str, ...]]:
        """The provisions by which each outcome and ground is decided."""
        found = {row.id: _refs(row.basis) for row in self.law.outcomes(self.law_day, self.on)}
        return found | {row.id: _refs(row.basis) for row in self.law.grounds(self.law_day)}

    def basis(self, row: Mapping[str, Any]) -> str | None:
        """The provision by which a row is decided: that of its ground, where it has one."""
        outcome = str(row["outcome"])
        named = self._decided_by(str(row.get("ground") or outcome)) or self._decided_by(outcome)
        return named[0] if named else None

    def _decided_by(self, name: str) -> tuple[str, ...]:
        grounds = self.law.grounds_by_id(self.law_day)
        found = grounds.get(name) or self.law.outcomes_by_id(self.law_day, self.on).get(name)
        return _refs(found.basis) if found else ()

    @cached_property
    def named(self) -> list[tuple[int, str, mentions.Mention, str]]:
        """What the officer's words cite: item, field, mention, verdict."""
        cites = [one for one in self.said if "条" in one.plain or "《" in one.plain or "号" in one.plain]
        if not cites:
            return []
        reader, days = mentions.Reader(self.law, table()["words"], self.era), (self.law_day, self.on)
        return [
            (one.no, one.name, mention, reader.verdict(mention, days))
            for one in cites
            for mention in reader.find(one.plain)
        ]

    @cached_property
    def _texts(self) -> dict[int, dict[str, Said]]:
        """The officer's own words by row, made ready to be looked at once for all rules."""
        found: dict[int, dict[str, Said]] = {}
        # Items that are decided alike are often written alike.
        ready = Ready()
        for item in self.items:
            given = {**{name: item.get(name) for name in TEXTS}, **(item.get("extra") or {})}
            found[id(item)] = {
                name: Said(item, name, str(text), *both)
                for name, text in given.items()
                if text and (both := ready[str(text)])[0]
            }
        return found

    @cached_property
    def said(self) -> list[Said]:
        """All of the officer's own words."""
        return [one for texts in self._texts.values() for one in texts.values()]

    @cached_property
    def entries(self) -> dict[str, list[Said]]:
        """The same by the names of the entries."""
        found: dict[str, list[Said]] = {}
        for one in self.said:
            found.setdefault(one.name, []).append(one)
        return found

    def texts(self, row: Mapping[str, Any]) -> dict[str, Said]:
        """What is said of a row, by the names of the entries."""
        return self._texts[id(row)]

    def of(self, row: Mapping[str, Any], *names: str) -> str:
        """What these entries of a row say, plain."""
        texts = self._texts[id(row)]
        return "".join(texts[name].plain for name in dict.fromkeys(names) if name in texts)

    def asked(self, no: int) -> str:
        """The words of an item of the request, plain."""
        return self._request.get(no, "")

    @cached_property
    def _request(self) -> dict[int, str]:
        return {int(one["no"]): plain(str(one["text"])) for one in at(self.data, "case.items") or ()}


def _refs(basis: Any) -> tuple[str, ...]:
    return (basis,) if isinstance(basis, str) else tuple(basis or ())


def day(value: Any) -> date:
    """A day, or the text of one."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def named(of: str, key: str) -> str:
    """What a day or a part is called; a key that the table does not have is shown as it is."""
    found = table()[of].get(key)
    return pick(found["zh"], found["en"]) if found else key


Test = Callable[[Subject], Iterable[DisclosureError] | None]
TESTS: dict[str, Test] = {}


def test(function: Test) -> Test:
    """Keeps a test under its name. It yields faults, nothing where all is well, and is None where it has
    nothing to look at.
    """
    TESTS[function.__name__.lstrip("_")] = function
    return function


def of_items(subject: Subject, *outcomes: str) -> Iterator[Mapping[str, Any]]:
    """The rows of the decision with one of these outcomes."""
    return (row for row in subject.items if row["outcome"] in outcomes)
