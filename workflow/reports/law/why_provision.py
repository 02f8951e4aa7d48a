"""A provision explained: what rests on it, its words, what may be done by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from letters.check import rules
from letters.check.mentions import number
from workflow import law
from workflow.base import names
from workflow.base.errors import OutOfLaw
from workflow.base.messages import N_, pick, translate
from workflow.base.patterns import later
from workflow.base.screen import fields, labelled
from workflow.law import citations, spoken_names
from workflow.procedure import act_forms, transitions
from workflow.reports.views.command_names import as_typed

_N = "[〇零一二两三四五六七八九十百0-9]{1,6}"


# As people cite: 第三十六条第一项, 36条, 条例36, 36(1), 33.2.
_CITED = later(
    f"《?(?P<name>[^《》第]*?)》?第?(?P<article>{_N})条?"
    f"(?:第?(?P<paragraph>{_N})款|[.．](?P<second>{_N}))?"
    f"(?:第?[（(]?(?P<item>{_N})[）)]?项|[（(](?P<within>{_N})[）)]|[.．](?P<third>{_N}))?"
)


@dataclass
class Told:
    """What is said of something; lists that are empty are left out."""

    title: str
    provisions: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    used_by: list[str] = field(default_factory=list)
    way_on: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))

    def lines(self) -> list[str]:
        """For a person."""
        said = [self.title]
        for heading, found in (
            (N_("What says so"), [one for one in self.provisions if one != self.title]),
            (N_("In these words"), [pick(f"“{text}”", f'"{text}"') for text in self.words]),
            (N_("What the program looks at"), self.looked_at),
            (N_("Where it is applied"), self.used_by),
            (N_("How to go on"), [as_typed(text) for text in self.way_on]),
            (N_("For example"), [as_typed(text) for text in self.examples]),
        ):
            told = (
                found
                if len(found) <= MOST
                else [*found[:MOST], translate(N_("and {n} more"), n=len(found) - MOST)]
            )
            said += fields(
                (translate(heading) if not place else " ", text) for place, text in enumerate(told)
            )
        return said


# Of one kind at most so many are named on the screen; --json has all of them.
MOST = 6


def provision(asked: str | None, on: date) -> Told | None:
    """A provision, as it is cited in Chinese or by its reference (ogi2019:33.2)."""
    ref = reference(asked or "", on)
    if ref is None:
        return None
    return Told(
        names.article(ref),
        [names.article(ref)],
        list(quoted([ref])),
        [],
        [*_values(ref), *_acts(ref), *_rules(ref)],
        [],
        list(_examples(ref)),
    )


def whole(asked: str, on: date) -> Told | None:
    """An instrument, by its title or its number: what rests on any place in it."""
    key = _instrument(asked, on) if asked else None
    if key is None:
        return None
    found = law.bundled().instrument(key)
    return Told(
        names.article(key),
        [labelled(found.zh, found.number) if found.number not in ("", found.zh) else found.zh],
        list(quoted([key])),
        [],
        [*_values(key), *_acts(key), *_rules(key)],
        [],
        list(_examples(key)),
    )


def reference(asked: str, on: date) -> str | None:
    """The reference that is meant; None where it is none, or there is no such place in the instrument."""
    book = law.bundled()
    reference = citations.take_apart(asked)
    if reference is None:
        found = _CITED.fullmatch(asked.replace(" ", ""))
        if found is None:
            return None
        key = _instrument(found["name"], on)
        if key is None:
            return None
        reference = next(_meant(found, key), None)
    if reference is None or reference.instrument not in book.tables["instruments"]:
        return None
    if citations.fault(reference, book.structure(reference.instrument)):
        return None
    place = ".".join(str(part) for part in reference[1:] if part)
    return f"{reference.instrument}:{place}"


def _meant(found: re.Match[str], key: str) -> Iterator[citations.Reference]:
    """The places that exist of those that may be meant: (1) is an item where there is one, else a
    paragraph."""
    said = {name: number(text) for name, text in found.groupdict().items() if text and name != "name"}
    article = said["article"]
    paragraph, item = said.get("paragraph") or said.get("second"), said.get("item") or said.get("third")
    within = said.get("within")
    # An article of one paragraph is cited without it, and kept with it.
    places = [(article, paragraph or (1 if item else 0), item or 0)]
    if within:
        places = [(article, paragraph or 1, within), *([] if paragraph else [(article, within, 0)])]
    structure = law.bundled().structure(key)
    for place in places:
        reference = citations.take_apart(f"{key}:{'.'.join(str(one) for one in place if one)}")
        if reference is not None and not citations.fault(reference, structure):
            yield reference


def _instrument(name: str, on: date) -> str | None:
    """The instrument of this name that is in force on a day; the Regulations where none is named."""
    book = law.bundled()
    if name in ("", "条例", "信息公开条例"):
        try:
            return book.value("reply.limit", on).instrument
        except OutOfLaw:
            # Before there were any, today's.
            return book.era("").text
    return spoken_names.meant(name, book.instruments(), on)


def in_force(refs: list[str], on: date) -> list[str]:
    """Of several provisions those of instruments that are in force on a day; all of them where none is."""
    keys = {one.key for one in law.bundled().instruments() if on <= (one.effective_until or date.max)}
    return [ref for ref in refs if ref.partition(":")[0] in keys] or refs


def _below(ref: str) -> Callable[[str], bool]:
    """Whether a reference is this place, or one within it; of an instrument alone, any place of it."""
    start = f"{ref}." if ":" in ref else f"{ref}:"
    return lambda other: other == ref or other.startswith(start)


def _rows(*, cited: bool) -> Iterator[tuple[list[str], str]]:
    """The provisions and the quoted words of every dated row of the law's tables: of what the program itself
    cites, or of all else.
    """
    for name, table in law.bundled().tables.items():
        for rows in table.values() if (name == "provisions") == cited else ():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and row.get("text"):
                    yield (
                        [*row.get("articles", [])[:1], *([row["article"]] if "article" in row else [])],
                        row["text"],
                    )


def quoted(refs: list[str]) -> Iterator[str]:
    """The words of provisions, as far as the tables quote them; what the program itself cites of one only
    where nothing else quotes it.
    """
    seen: set[str] = set()
    for ref in refs:
        within = _below(ref)
        for own in (False, True):
            found = [text for cited, text in _rows(cited=own) if any(map(within, cited))]
            yield from (text for text in dict.fromkeys(found) if text not in seen)
            seen.update(found)
            if found:
                break


def _values(ref: str) -> Iterator[str]:
    within, book = _below(ref), law.bundled()
    for id_ in book.parameters():
        for value in book.history(id_):
            if within(value.article):
                unit = book.unit(value.unit)
                called = names.word("clock", id_)
                if called == id_:
                    row = book.parameter(id_)
                    called = pick(row["zh"], row["en"])
                yield labelled(called, f"{value.value} {pick(unit['zh'], unit['en'])}")


def _acts(ref: str) -> Iterator[str]:
    within = _below(ref)
    for event in dict.fromkeys(
        row.event for row in transitions.bundled().rows if any(map(within, bases(row.articles)))
    ):
        yield names.name("event", event)


def bases(articles: Iterable[str]) -> list[str]:
    """The references of a cell, without the eras for which they stand."""
    return [one.rpartition("=")[2] for one in articles]


def _rules(ref: str) -> Iterator[str]:
    within = _below(ref)
    for one in rules.rules().values():
        if any(within(cited.ref) for era in one.article.values() for cited in era or ()):
            yield one.name


def _examples(ref: str) -> Iterator[str]:
    within, book, specs = _below(ref), law.bundled(), act_forms.specs()
    ids = [id_ for id_ in book.parameters() if any(within(value.article) for value in book.history(id_))]
    yield from (f"disclosure law show {id_}" for id_ in ids[:1])
    for row in transitions.bundled().rows:
        if row.event in specs and any(map(within, bases(row.articles))):
            yield specs[row.event].example
            return
