"""Suspicious words: the patterns of marks.toml, sought in what an officer wrote and in the request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from letters.check.subject import Subject, marks, plain, unquoted
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


class Told:
    """A sentence of the table in the language of whoever reads it."""

    def __init__(self, row: Mapping[str, Any], found: str) -> None:
        self._zh, self._en, self._found = row["zh"], row["en"], found

    def __str__(self) -> str:
        return pick(self._zh, self._en).format(found=self._found)

    def __format__(self, spec: str) -> str:
        return str(self)


class Mark:
    """One row of the table, with its patterns compiled."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.outcomes, self.grounds = row.get("outcomes"), row.get("grounds")
        self.fields = tuple(row.get("fields", _DEFAULT))
        self.each, self.everything = self.fields == (_EACH,), _ALL in self.fields
        self.asked, self.whole = _ASKED in self.fields, bool(row.get("whole"))
        # What it reads of an item: two marks that read the same are given the same words.
        self.reads = (self.fields, self.whole)
        self.any, self.none, self.unless = (_one_of(row.get(name)) for name in ("any", "none", "unless"))
        self.stock = _one_of(row.get("stock"))
        self.form = _one_of([row["form"]] if "form" in row else None)
        self.ours, self.silent = bool(row.get("ours")), row.get("silent")
        # Whether what is nowhere in the words of all items together is in those of none.
        anchored = self.any is None or _ANCHOR.search(self.any.pattern) is not None
        self.joint = not (anchored or self.stock or self.ours)

    def nowhere(self, subject: Subject, items: Sequence[Mapping[str, Any]]) -> bool:
        """Whether one look at the words of all items shows already that it is in none of them."""
        if len(items) < 2 or not self.joint or self.any is None:
            return False
        key = (tuple(map(id, items)), self.reads)
        words = subject.together.get(key)
        if words is None:
            words = subject.together[key] = "\n".join(_all_words(subject, self, items))
        return self.any.search(words) is None

    def about(self, subject: Subject) -> Iterator[Mapping[str, Any]]:
        """The items with the outcome and the ground that the row is about."""
        if self.outcomes is None:
            yield from subject.items
            return
        for outcome in self.outcomes:
            for item in subject.by_outcome.get(outcome, ()):
                if self.grounds is None or item.get("ground") in self.grounds:
                    yield item

    def found(self, text: str) -> str | None:
        """What of a text betrays it ("" where it is what is missing); None where nothing does."""
        if self.row.get("empty") == bool(text):
            return None
        if self.stock is not None:
            return text if 0 < len(text) <= _PHRASES and len(self._rest(self.stock, text)) < 2 else None
        hit = ""
        if self.any is not None:
            match = self.any.search(text)
            if match is None:
                return None
            hit = match[0]
        return None if self.none is not None and self.none.search(text) else hit[:_SHOWN]

    @staticmethod
    def _rest(stock: re.Pattern[str], text: str) -> str:
        """What remains of a text without the phrases that say nothing; where one is gone, the next may come
        together.
        """
        while (shorter := stock.sub("", text)) != text:
            text = shorter
        return text


def _one_of(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE) if patterns else None


@cache
def _table(of: str) -> dict[str, tuple[Mark, ...]]:
    return {key: tuple(map(Mark, rows)) for key, rows in marks()[of].items()}


def marked(subject: Subject, key: str, of_outcome: bool = False) -> list[DisclosureError] | None:
    """What the patterns under a key find; None where no item of the letter is of the kind that they are
    about. `of_outcome`: each names the provision by which its item is decided.
    """
    faults: list[DisclosureError] = []
    looked_at = False
    for mark in _table("marked")[key]:
        if "under" in mark.row and not subject.era.follows(mark.row["under"]):
            continue
        items = list(mark.about(subject))
        looked_at = looked_at or bool(items)
        if not mark.nowhere(subject, items):
            for item in items:
                faults += _of_item(subject, mark, item, of_outcome)
    return faults if looked_at else None


def of_notice(key: str, text: str, era: Era) -> Told | None:
    """What is wrong with what an applicant is asked for; None where nothing is."""
    flat = plain(text)
    for mark in _table("notice")[key]:
        if "under" in mark.row and not era.follows(mark.row["under"]):
            continue
        found = mark.found(flat if mark.whole else unquoted(flat))
        if found is not None:
            return Told(mark.row, found[:_SHOWN])
    return None


def _of_item(subject: Subject, mark: Mark, item: Mapping[str, Any], of_outcome: bool) -> list[Refused]:
    number = int(item["no"])
    if mark.each:
        hits = [(one.name, mark.found(one.plain)) for one in subject.texts(item).values()]
    else:
        first, words = _words(subject, mark, item)
        hits = [(first, mark.found(words))]
        if mark.ours:
            hits = [(mark.fields[0], _ours(subject, words))]
    found = [(name, hit) for name, hit in hits if hit is not None]
    if not found or _excused(subject, mark, item):
        return []
    rule = subject.basis(item) if of_outcome else None
    return [_fault(mark.row, number, name, hit, rule) for name, hit in found]


def _all_words(subject: Subject, mark: Mark, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for item in items:
        if mark.each:
            yield from (one.plain for one in subject.texts(item).values())
        else:
            yield _words(subject, mark, item)[1]


def _words(subject: Subject, mark: Mark, item: Mapping[str, Any]) -> tuple[str, str]:
    """The first entry that a mark reads of an item, and the words of all of them: put together once for all
    marks that read the same."""
    key = id(item), mark.reads
    found = subject.read.get(key)
    if found is None:
        texts = subject.texts(item)
        names = texts if mark.everything else mark.fields
        said = [texts[name] for name in names if name in texts and name not in _SILENT]
        words = "".join([one.plain if mark.whole else one.own for one in said])
        if mark.asked:
            asked = subject.asked(int(item["no"]))
            words += asked if mark.whole else unquoted(asked)
        found = subject.read[key] = said[0].name if said else mark.fields[0], words
    return found


def _excused(subject: Subject, mark: Mark, item: Mapping[str, Any]) -> bool:
    """Whether something else that is said of the item, or known of the case, takes the suspicion away."""
    row = mark.row
    if mark.unless is not None and mark.unless.search(subject.of(item, *_TOLD, *mark.fields)):
        return True
    form = plain(str(at(subject.data, "case.form") or ""))
    if mark.form is not None and not mark.form.search(form):
        return True
    held = [
        one
        for one in subject.data.get("consultations") or ()
        if not one.get("items") or int(item["no"]) in one["items"]
    ]
    if mark.silent is not None and not any(
        one.get("kind") in mark.silent and one.get("state") == "silent" for one in held
    ):
        return True
    return "consulted" in row and row["consulted"] != any(one.get("kind") == "third_party" for one in held)


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
