"""Suspicious words: the patterns of marks.toml, sought in what an officer wrote and in the request."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from letters.check.own_words import plain, unquoted
from letters.check.subject import Kind, Subject, marks
from letters.content.facts import at
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.base.patterns import later
from workflow.law.eras import Era

_DEFAULT = ("facts", "reasons")
# Texts of an item that every letter prints, whatever the outcome.
_TOLD = ("facts", "reasons", "means", "search")
_ALL, _EACH, _ASKED = "*", "*each", "asked"
# Texts that the letter does not print have rules of their own.
_SILENT = frozenset({"part"})
_SHOWN = 40
_NUMBERED = later(r"([\u4e00-\u9fff]{1,12})[〔\[(][12][0-9]{3}[〕\])]第?[0-9]+号")
# A longer text contains more than set phrases.
_PHRASES = 120


# What holds at the beginning or the end of a text holds elsewhere where several are joined.
_ANCHOR = later(r"(?<!\[)\^|\$|\\[AZbB]")
# In a pattern: a choice among signs; one that holds more than is written in it (all figures aside); and what
# holds more outside of choices.
_CHOICE = later(r"\[[^\]]*\]")
_WIDE_CHOICE = later(r"^\[\^|(?<!0)-|-(?!9)|\\[^W]")
_WIDE = later(r"(?<!\\)\.|\\\w")


class Told:
    """A sentence of the table in the language of whoever reads it."""

    def __init__(self, row: Mapping[str, Any], found: str) -> None:
        self._zh, self._en, self._found = row["zh"], row["en"], found

    def __str__(self) -> str:
        return pick(self._zh, self._en).format(found=self._found)

    def __format__(self, spec: str) -> str:
        return str(self)


class Words(NamedTuple):
    """What is looked at at once: words of an item, and the entry that they are told of."""

    item: Mapping[str, Any]
    name: str
    text: str


@dataclass(frozen=True, eq=False)
class Passage:
    """Where a mark looks: the items with one of these outcomes and grounds (None: any), and which of their
    entries. Marks that look at the same have one passage: what a letter says there is put together once.
    """

    outcomes: tuple[str, ...] | None
    grounds: tuple[str, ...] | None
    fields: tuple[str, ...]
    whole: bool

    def concerns(self, kinds: Collection[Kind]) -> bool:
        """Whether a letter that decides in these ways has such an item."""
        if self.outcomes is None:
            return bool(kinds)
        return any(
            outcome in self.outcomes and (self.grounds is None or ground in self.grounds)
            for outcome, ground in kinds
        )

    def of(self, subject: Subject) -> Sequence[Words]:
        """The words of a letter there, in the order in which they are looked at."""
        found: Sequence[Words] | None = subject.passages.get(self)
        if found is None:
            found = subject.passages[self] = tuple(self._read(subject))
        return found

    def together(self, subject: Subject) -> str:
        """All of them as one text, each that is there once."""
        found = subject.together.get(self)
        if found is None:
            found = subject.together[self] = "\n".join({one.text: None for one in self.of(subject)})
        return found

    def _read(self, subject: Subject) -> Iterator[Words]:
        each, everything, asked = self.fields == (_EACH,), _ALL in self.fields, _ASKED in self.fields
        for item in self._items(subject):
            texts = subject.texts(item)
            if each:
                yield from [Words(item, one.name, one.plain) for one in texts.values()]
                continue
            names = texts if everything else self.fields
            said = [texts[name] for name in names if name in texts and name not in _SILENT]
            text = "".join([one.plain if self.whole else one.own for one in said])
            if asked:
                words = subject.asked(int(item["no"]))
                text += words if self.whole else unquoted(words)
            yield Words(item, said[0].name if said else self.fields[0], text)

    def _items(self, subject: Subject) -> Iterator[Mapping[str, Any]]:
        if self.outcomes is None:
            yield from subject.items
            return
        for outcome in self.outcomes:
            for item in subject.by_outcome.get(outcome, ()):
                if self.grounds is None or item.get("ground") in self.grounds:
                    yield item


_passage = cache(Passage)


class Mark:
    """One row of the table, with its patterns: few are about one letter, and only those are compiled."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.fields = tuple(row.get("fields", _DEFAULT))
        self.passage = _passage(
            _names(row.get("outcomes")), _names(row.get("grounds")), self.fields, bool(row.get("whole"))
        )
        self.under, self.empty = row.get("under"), row.get("empty")
        self.any, self.none, self.unless = (_one_of(row.get(name)) for name in ("any", "none", "unless"))
        self.stock = _one_of(row.get("stock"))
        self.besides = _besides(row.get("stock"))
        self.form = _one_of([row["form"]] if "form" in row else None)
        self.ours = bool(row.get("ours"))
        self.silent, self.consulted = row.get("silent"), row.get("consulted")
        # Whether what is nowhere in the words of all items together is in those of none.
        anchored = any(map(_ANCHOR.search, row.get("any", ())))
        self.joint = self.any is not None and not (anchored or self.stock or self.ours)

    def holds_under(self, era: Era) -> bool:
        """Whether it is sought where these Regulations govern."""
        return self.under is None or era.follows(self.under)

    def nowhere(self, subject: Subject) -> bool:
        """Whether one look at all the words together shows already that it is in none of them."""
        if not self.joint or self.any is None or len(self.passage.of(subject)) < 2:
            return False
        return self.any.search(self.passage.together(subject)) is None

    def found(self, text: str) -> str | None:
        """What of a text betrays it ("" where it is what is missing); None where nothing does."""
        if self.empty == bool(text):
            return None
        if self.stock is not None:
            return text if 0 < len(text) <= _PHRASES and self._says_nothing(self.stock, text) else None
        hit = ""
        if self.any is not None:
            match = self.any.search(text)
            if match is None:
                return None
            hit = match[0]
        return None if self.none is not None and self.none.search(text) else hit[:_SHOWN]

    def _says_nothing(self, stock: re.Pattern[str], text: str) -> bool:
        """Whether nothing remains of a text without the phrases that say nothing; where one is gone, the next
        may come together.
        """
        if self.besides is not None and self.besides.search(text):
            return False
        while (shorter := stock.sub("", text)) != text:
            text = shorter
        return len(text) < 2


def _one_of(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    return later("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE) if patterns else None


def _besides(phrases: Sequence[str] | None) -> re.Pattern[str] | None:
    """Two characters of which no phrase is made: one look tells that a text says more. None where a phrase
    is made of more than it spells.
    """
    if phrases is None or any(map(_holds_more, phrases)):
        return None
    other = rf"[^{re.escape(''.join(sorted({*''.join(phrases)})))}0-9_\W]"
    return later(f"{other}.*{other}", re.IGNORECASE | re.DOTALL)


def _holds_more(phrase: str) -> bool:
    choices = _CHOICE.findall(phrase)
    return any(map(_WIDE_CHOICE.search, choices)) or _WIDE.search(_CHOICE.sub("", phrase)) is not None


def _names(listed: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if listed is None else tuple(listed)


@cache
def _table(of: str) -> dict[str, tuple[Mark, ...]]:
    return {key: tuple(map(Mark, rows)) for key, rows in marks()[of].items()}


def concerned(key: str, era: Era, kinds: Collection[Kind]) -> tuple[Mark, ...]:
    """The marks under a key that are about something in a letter that decides in these ways, where these
    Regulations govern.
    """
    return tuple(
        mark for mark in _table("marked")[key] if mark.holds_under(era) and mark.passage.concerns(kinds)
    )


def found(marks: Iterable[Mark], of_outcome: bool, subject: Subject) -> list[DisclosureError]:
    """What these marks find in a letter. `of_outcome`: each names the provision by which its item is
    decided.
    """
    faults: list[DisclosureError] = []
    for mark in marks:
        if mark.nowhere(subject):
            continue
        for words in mark.passage.of(subject):
            hit = _ours(subject, words.text) if mark.ours else mark.found(words.text)
            if hit is not None and not _excused(subject, mark, words.item):
                rule = subject.basis(words.item) if of_outcome else None
                name = mark.fields[0] if mark.ours else words.name
                faults.append(_fault(mark.row, int(words.item["no"]), name, hit, rule))
    return faults


def of_notice(key: str, text: str, era: Era) -> Told | None:
    """What is wrong with what an applicant is asked for; None where nothing is."""
    flat = plain(text)
    for mark in _table("notice")[key]:
        if not mark.holds_under(era):
            continue
        hit = mark.found(flat if mark.passage.whole else unquoted(flat))
        if hit is not None:
            return Told(mark.row, hit[:_SHOWN])
    return None


def _excused(subject: Subject, mark: Mark, item: Mapping[str, Any]) -> bool:
    """Whether something else that is said of the item, or known of the case, takes the suspicion away."""
    if mark.unless is not None and mark.unless.search(subject.of(item, *_TOLD, *mark.fields)):
        return True
    if mark.form is not None and not mark.form.search(plain(str(at(subject.data, "case.form") or ""))):
        return True
    if mark.silent is None and mark.consulted is None:
        return False
    held = [
        one
        for one in subject.data.get("consultations") or ()
        if not one.get("items") or int(item["no"]) in one["items"]
    ]
    if mark.silent is not None and not any(
        one.get("kind") in mark.silent and one.get("state") == "silent" for one in held
    ):
        return True
    return mark.consulted is not None and mark.consulted != any(
        one.get("kind") == "third_party" for one in held
    )


def _ours(subject: Subject, asked: str) -> str | None:
    """This organ's name, or a document number with its code word, in what is asked for; None where neither
    stands there.
    """
    word = plain(str(at(subject.data, "office.code") or ""))
    for found in _NUMBERED.finditer(asked):
        if word and found[1].endswith(word):
            return found[0][:_SHOWN]
    names = [plain(str(at(subject.data, f"office.{name}") or "")) for name in ("name", "short")]
    return next((name for name in names if len(name) > 3 and name in asked), None)


def _fault(mark: Mapping[str, Any], number: int, name: str, found: str, rule: str | None) -> Refused:
    return Refused(
        N_("Item {no}, {name}: {what}"),
        rule=rule,
        field=name,
        no=number,
        name=Named("need", name),
        what=Told(mark, found[:_SHOWN]),
    )
