"""Articles that a text names: the Chinese citations in somebody's own words, found, and looked up in the law
tables.

《条例》第三十六条第（三）项, 行政复议法第二十三条, 第十四条至第十六条, 第三十六条第（三）、（四）项: each
place named is a mention of its own. What has articles and is no law (a contract, a set of rules of a company)
is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from letters.check import versions
from workflow.base.patterns import later
from workflow.law import Law
from workflow.law.eras import Era

_N = "[〇零一二两三四五六七八九十百千0-9０-９]{1,9}"
_ARTICLE = later(f"第({_N})条(之{_N})?")
_PARAGRAPH = later(f"第({_N})款")
_ONE_ITEM = f"第?[（(]?({_N})[）)]?"
_ITEMS = later(f"{_ONE_ITEM}(?:(?:[、，,和及或至到]|以及){_ONE_ITEM})*项")
_NUMBERS = later(_N)
_JOINED = later(r"(?:以及|[、，,和及与或至到—～~-])?")
_BRACKETS = later(r"[（(][^（）()]*[）)]$")
_REPUBLIC = "中华人民共和国"
_HAN = later(r"[\u4e00-\u9fff]{1,20}$")
_VALUES = {char: place for place, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
PASSED, NO_ARTICLE, NOT_IN_FORCE, UNKNOWN = "passed", "no_article", "not_in_force", "unknown"


class Mention(NamedTuple):
    """One place of an instrument that a text names; `article` is "" where only the instrument is named."""

    text: str
    name: str
    keys: tuple[str, ...]
    article: str
    paragraph: int
    item: int


def number(text: str) -> int:
    """A numeral in Chinese or in figures (also full-width): 三十六 is 36, 一百零八 is 108."""
    if text[0].isdigit():
        return int("".join(char for char in text if char.isdigit()) or 0)
    total = digit = 0
    for char in text:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        elif char in _VALUES:
            digit = _VALUES[char]
        elif char.isdigit():
            digit = int(char)
    return total + digit


# A name in 《》 with the places where it begins and ends; an instrument by its name with its versions.
_Quoted = tuple[int, int, str]
_Named = tuple[str, tuple[str, ...]]


class Reader:
    """Finds mentions with the names of one set of law tables; 条例 alone means the Regulations of the era."""

    def __init__(self, law: Law, words: Mapping[str, Any], era: Era) -> None:
        self._law, self._words = law, words
        self._names = _names(law)
        own = law.instrument(era.text).zh
        self._aliases = {
            alias.strip("《》"): self._names.get(name or own, ()) for alias, name in words["alias"].items()
        }
        known = {**self._names, **self._aliases}
        self._plain = sorted(known, key=len, reverse=True)
        self._known = known
        self._own = (own, self._names[own])

    def find(self, text: str) -> Iterator[Mention]:
        """Every mention, in the order of the text."""
        text = versions.figures(text)
        quoted = list(_quoted(text))
        yield from self._names_alone(text, quoted)
        yield from self._numbers_alone(text, quoted)
        yield from self._articles(text, quoted)

    def _names_alone(self, text: str, quoted: list[_Quoted]) -> Iterator[Mention]:
        """Names of instruments after which no article stands."""
        for start, end, name in quoted:
            if not _ARTICLE.match(text, _past_brackets(text, end)) and not versions.told_of("", text[end:]):
                keys = self._version(name, text[:start], text[end:])
                if keys or name in versions.repealed():
                    yield Mention(text[start:end], name, keys, "", 0, 0)

    def _numbers_alone(self, text: str, quoted: list[_Quoted]) -> Iterator[Mention]:
        """Document numbers of instruments that stand for their names."""
        for told, at, keys in versions.numbers(text, self._law):
            # In brackets after the name of its instrument, the number belongs to the name.
            if any(
                end < at <= _past_brackets(text, end) and set(keys) <= set(self._keys(name))
                for _, end, name in quoted
            ):
                continue
            yield Mention(told, told, keys, "", 0, 0)

    def _articles(self, text: str, quoted: list[_Quoted]) -> Iterator[Mention]:
        """Articles, each of the instrument that is named before it."""
        after, last = -1, None
        for found in _ARTICLE.finditer(text):
            named = self._named_before(text, found.start(), quoted)
            if named is None and last is not None and _joined(text, after, found.start()):
                named = last
            if named is None and self._stands_alone(text, found.start()):
                named = self._last_named(text, found.start(), quoted)
            after, last = found.end(), named
            article = str(number(found[1])) + (f"-{found[2]}" if found[2] else "")
            places, after = _within(text, found.end())
            if named is not None:
                for paragraph, item in places:
                    yield Mention(text[found.start() : after], named[0], named[1], article, paragraph, item)

    def _keys(self, name: str) -> tuple[str, ...]:
        return self._known.get(name) or self._known.get(_BRACKETS.sub("", name)) or ()

    def _version(self, name: str, before: str, after: str) -> tuple[str, ...]:
        """The versions that a name in 《》 means, with what stands before it and after it, or in its own
        brackets.
        """
        own = _BRACKETS.search(name)
        return versions.meant(self._keys(name), before, own[0] if own else after, self._law)

    def _is_law(self, name: str) -> bool:
        bare = _BRACKETS.sub("", name)
        return bare.endswith(tuple(self._words["endings"])) and bare not in self._words["not_names"]

    def _named_before(self, text: str, place: int, quoted: list[_Quoted]) -> _Named | None:
        """The instrument whose name ends right before this place."""
        head = text[max(0, place - 60) : place]
        return self._quoted_before(text, place, quoted) or self._known_before(head) or self._new_before(head)

    def _quoted_before(self, text: str, place: int, quoted: list[_Quoted]) -> _Named | None:
        """The one in 《》; no name where what stands there is no law."""
        for start, end, name in quoted:
            if _past_brackets(text, end) == place or end == place:
                keys = self._version(name, text[:start], text[end:place])
                return (name, keys) if keys or self._is_law(name) else ("", ())
        return None

    def _known_before(self, head: str) -> _Named | None:
        """One that the law tables know, or that is repealed, by its name without 《》."""
        bare = _BRACKETS.sub("", head)
        for name in self._plain:
            if bare.endswith(name) and not any(
                bare.endswith(one) and name in one for one in versions.repealed()
            ):
                before = bare[: -len(name)]
                # Local regulations have longer names.
                if before[-1:] in tuple("省市区县州"):
                    return name, ()
                return name, versions.meant(self._known[name], before, head[len(bare) :], self._law)
        for name in versions.repealed():
            if bare.endswith(name):
                return name, ()
        return None

    def _new_before(self, head: str) -> _Named | None:
        """One that nobody here knows, by the ending of its name."""
        found = _HAN.search(head)
        if found is None or not found[0].endswith(("法", "条例")):
            return None
        name = found[0]
        for word in sorted(self._words["before"], key=len, reverse=True):
            name = name.rpartition(word)[2] if word in name else name
        if len(name) < 2 or any(name.endswith(word) for word in self._words["not_names"]):
            return None
        return name, ()

    def _stands_alone(self, text: str, place: int) -> bool:
        """Whether nothing before the article says whose it is."""
        head = text[max(0, place - 60) : place].rstrip()
        return not head or not _HAN.search(head) or head.endswith(tuple(self._words["before"]))

    def _last_named(self, text: str, place: int, quoted: list[_Quoted]) -> _Named | None:
        """The instrument named last before this place, else the Regulations; none after a paper that is no
        law.
        """
        earlier = [name for _, end, name in quoted if end <= place]
        if not earlier:
            return self._own
        keys = self._keys(earlier[-1])
        return (earlier[-1], keys) if keys or self._is_law(earlier[-1]) else None

    def verdict(self, mention: Mention, days: tuple[date, ...]) -> str:
        """Whether what is named exists in a version in force on one of these days."""
        if not mention.name:
            return PASSED
        if not mention.keys:
            gone = versions.repealed().get(mention.name) or versions.of_number(mention.name)
            return UNKNOWN if gone is None else NOT_IN_FORCE if gone.until < min(days) else PASSED
        instruments = [self._law.instrument(key) for key in mention.keys]
        current = [
            one.key
            for one in instruments
            if any(one.effective_from <= day <= (one.effective_until or date.max) for day in days)
        ]
        if not current:
            return NOT_IN_FORCE
        if not mention.article:
            return PASSED
        verdicts = {self._exists(key, mention) for key in current}
        return next(one for one in (PASSED, UNKNOWN, NO_ARTICLE) if one in verdicts)

    def _exists(self, key: str, mention: Mention) -> str:
        structure = self._law.structure(key)
        if mention.article not in structure:
            return NO_ARTICLE if self._law.tables[key].get("complete") else UNKNOWN
        paragraphs = structure[mention.article]
        if not isinstance(paragraphs, list):
            return PASSED
        if mention.paragraph > len(paragraphs):
            return NO_ARTICLE
        looked_at = paragraphs[mention.paragraph - 1 : mention.paragraph] if mention.paragraph else paragraphs
        return PASSED if mention.item <= max(looked_at) else NO_ARTICLE


@cache
def _names(law: Law) -> dict[str, tuple[str, ...]]:
    """Names by which an instrument is cited, with the keys of all its versions."""
    found: dict[str, list[str]] = {}
    for one in law.instruments():
        short = _BRACKETS.sub("", one.short)
        from_about = one.zh[one.zh.find("关于") :] if "关于" in one.zh else one.zh
        for name in {one.zh, one.zh.removeprefix(_REPUBLIC), from_about, one.short, short, _REPUBLIC + short}:
            found.setdefault(name, []).append(one.key)
    return {name: tuple(keys) for name, keys in found.items()}


def _quoted(text: str) -> Iterator[tuple[int, int, str]]:
    """What stands between 《 and 》, with its place; a name within a name (〈〉 or 《》) belongs to the outer
    one.
    """
    depth = start = 0
    for place, char in enumerate(text):
        if char == "《":
            start = place if not depth else start
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if not depth:
                yield (
                    start,
                    place + 1,
                    text[start + 1 : place].replace("〈", "《").replace("〉", "》").strip(),
                )


def _past_brackets(text: str, place: int) -> int:
    """The place after a document number in brackets: 《…》（国务院令第711号）第三十六条."""
    if text[place : place + 1] in ("（", "("):
        end = min((at for at in (text.find("）", place), text.find(")", place)) if at >= 0), default=-1)
        if 0 <= end - place <= 60:
            return end + 1
    return place


def _joined(text: str, after: int, place: int) -> bool:
    """Whether two articles are members of one list."""
    return after >= 0 and _JOINED.fullmatch(text[after:place].strip()) is not None


def _within(text: str, place: int) -> tuple[list[tuple[int, int]], int]:
    """The paragraphs and items named after an article: (paragraph, item), 0 for none; and where they end."""
    places: list[tuple[int, int]] = []
    paragraph = 0
    while True:
        at = place
        if places:
            joint = _JOINED.match(text, place)
            at = joint.end() if joint else place
        found = _PARAGRAPH.match(text, at)
        if found:
            paragraph = number(found[1])
            place = found.end()
            items = _ITEMS.match(text, place)
            if items is None:
                places.append((paragraph, 0))
                continue
        else:
            items = _ITEMS.match(text, at)
        if items is None:
            return places or [(0, 0)], place
        places += [(paragraph, number(one)) for one in _NUMBERS.findall(items[0])]
        place = items.end()
