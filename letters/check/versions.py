"""Which version of an instrument a text means: by a year in brackets or before its name, by "old", or by its
number.

Numbers stand alone too (国办发〔2010〕5号, 国务院令第492号). Texts come as they are compared (letters/check/
subject.py, plain): no blanks, no line ends, full-width signs as plain ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from workflow.base import tables
from workflow.base.patterns import later
from workflow.law import Law
from workflow.law.words import number

TABLE = Path(__file__).with_name("repealed.toml")
_YEAR = "(?:19|20)[0-9]{2}"
_ACTS = "公布|颁布|发布|印发|通过|制定|修订|修正|修改|施行|实施"
# After a name: （2017年修正）, （2008）, （2007年4月5日国务院令第492号公布）.
_TAG = later(rf"[(〔\[]({_YEAR})年?(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?[^()〔〕\[\]]{{0,24}}[)〕\]]")
# Before a name: 2008年, 2008年5月1日起施行的, 旧, 原, 修订前的.
_BEFORE = later(
    rf"(?:({_YEAR})(?:年|版)?(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?起?(?:{_ACTS})?(?:版)?的?|(旧|老|原|修订前|修改前|修正前)的?)$"
)
# What is told of an instrument's own beginning or end rests on nothing in it.
_TOLD_OF = later(rf"(?:{_ACTS}|生效|出台|废止|失效)")
_SPOKEN = later("[〇零一二三四五六七八九十百]")
_SPOKEN_YEAR = later("(?:一九|二[〇零])[〇零一二三四五六七八九]{2}(?=[年〕)\\]】])")
_SPOKEN_NUMBER = later("(?<=[〕)\\]】令第])([一二三四五六七八九十百〇零]{1,7})(?=号)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DOCUMENT = later(rf"([\u4e00-\u9fff]{{1,12}})[〔\[(【]({_YEAR})[〕\])】]第?0*([0-9]{{1,4}})号")
# The same, told loosely: 2010年国办发5号文.
_LOOSE = later(rf"({_YEAR})年(?:的)?([\u4e00-\u9fff]{{2,8}}?)第?0*([0-9]{{1,4}})号")
# And 国办发2010年5号.
_TURNED = later(rf"([\u4e00-\u9fff]{{2,12}}?)({_YEAR})年第?0*([0-9]{{1,4}})号")
# What stands before a number of the State Council's and makes it a province's own.
_PROVINCES = tuple("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
_ORDER = later(r"国务院(?:第([0-9]{3})号令|令?第([0-9]{3})号令?)")
_ORDER_NUMBER = later(r"国务院令第([0-9]{3})号")


class Repealed(NamedTuple):
    """An instrument that the law tables do not hold, and that is in force no more."""

    name: str
    number: str
    until: date
    by: str


@cache
def repealed() -> dict[str, Repealed]:
    """By name and by number, those that were repealed."""
    found: dict[str, Repealed] = {}
    for row in tables.read(TABLE)["instrument"]:
        one = Repealed(row["name"], row.get("number", ""), date.fromisoformat(str(row["until"])), row["by"])
        for name in filter(None, (one.name, _key(one.number), *row.get("also", ()))):
            found[name] = one
    return found


def meant(keys: tuple[str, ...], before: str, after: str, law: Law) -> tuple[str, ...]:
    """Of the versions of an instrument, those that the words before and after its name mean; all of them
    where these say nothing."""
    if len(keys) < 2:
        return keys
    tag, head = _TAG.match(after), _BEFORE.search(before)
    if tag is not None:
        return _of_year(keys, int(tag[1]), law)
    if head is None:
        return keys
    if head[1]:
        return _of_year(keys, int(head[1]), law)
    latest = max(keys, key=lambda key: law.instrument(key).effective_from)
    return tuple(key for key in keys if key != latest)


def told_of(before: str, after: str) -> bool:
    """Whether a text speaks of the beginning or end of an instrument, and does not rest on it."""
    return bool(_TOLD_OF.match(after) or after.startswith(("前", "之前", "以前")))


def _of_year(keys: tuple[str, ...], year: int, law: Law) -> tuple[str, ...]:
    """The version of a year: promulgated or in force from then; else the one that was in force at its end."""
    rows = [law.instrument(key) for key in keys]
    named = [
        one.key for one in rows if year in (one.effective_from.year, getattr(one.promulgated, "year", None))
    ]
    end = date(year, 12, 31)
    lasting = [
        one.key for one in rows if one.effective_from <= end and (one.effective_until or date.max) >= end
    ]
    return tuple(named or lasting or keys)


def numbers(text: str, law: Law) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Instruments that a text names by their numbers: as written, where, and the keys of the law tables (none
    for one of the repealed)."""
    known = _by_number(law)
    written = [(found[1], found[2], found) for found in _DOCUMENT.finditer(text)]
    written += [(found[2], found[1], found) for found in _LOOSE.finditer(text)]
    written += [(found[1], found[2], found) for found in _TURNED.finditer(text)]
    for head, year, found in written:
        for word, key in known.get(f"{year}:{found[3]}", ()):
            if head.endswith(word) and not head[: -len(word)].endswith(_PROVINCES):
                yield text[text.index(word, found.start()) : found.end()], found.end(), (key,)
    for found in _ORDER.finditer(text):
        name = f"国务院令:{found[1] or found[2]}"
        keys = tuple(key for _, key in known.get(name, ()))
        if keys or name in repealed():
            yield found[0], found.end(), keys


def figures(text: str) -> str:
    """A text with the years and numbers of documents in figures: 〔二〇一〇〕五号, 令第四百九十二号."""
    if not _SPOKEN.search(text):
        return text
    text = _SPOKEN_YEAR.sub(lambda hit: hit[0].translate(_DIGITS), text)
    return _SPOKEN_NUMBER.sub(lambda hit: str(number(hit[1])), text)


def of_number(text: str) -> Repealed | None:
    """The repealed instrument that a text as `numbers` yields it names."""
    return repealed().get(_key(text))


def _key(number: str) -> str:
    order = _ORDER.search(number)
    return f"国务院令:{order[1] or order[2]}" if order else number


@cache
def _by_number(law: Law) -> dict[str, tuple[tuple[str, str], ...]]:
    """Numbers as year and serial (or order), with the word before the year and the key of the instrument."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in law.instruments():
        document, order = _DOCUMENT.search(one.number or ""), _ORDER_NUMBER.search(one.number or "")
        if document:
            found.setdefault(f"{document[2]}:{document[3]}", []).append((document[1], one.key))
        elif order:
            found.setdefault(f"国务院令:{order[1]}", []).append(("国务院令", one.key))
    return {number: tuple(keys) for number, keys in found.items()}
