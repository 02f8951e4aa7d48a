"""Whether quoted words stand in an article, without the text: each clause of the text is kept as a short
hash.

A clause is what stands between two marks of punctuation. A quotation has to be made of whole clauses that
follow on one another in the text; "…" in it leaves clauses out. Hashes are salted with the instrument, so
that the same words in two instruments do not look the same. `scripts/articles.py` makes the tables from the
texts.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import Any, NamedTuple

from workflow.base.patterns import later

FOLDER = os.path.join(os.path.dirname(__file__), "words")

Paragraphs = list[tuple[str, list[str]]]  # of an article: each paragraph's own words, and its items

_CUT_SHORT = "摘录至此"
_NUMERALS = "零〇一二三四五六七八九十百千"
_ARTICLE = later(rf"^第([{_NUMERALS}]+)条[\s　]+")
_ITEM = later(rf"^[（(][{_NUMERALS}]+[）)]")
_REMOVED = later(r"[\s\u200b\u200c\u200d\ufeff　]+")
_WIDE = str.maketrans("(),;:?!<>[]", "（），；：？！〈〉〔〕")
_MARKS = later(r"[，。；：、？！“”‘’\"'（）〈〉《》〔〕—－-]+")
_LEFT_OUT = later(r"…+|\.{3,}")
_WHOLE, _CLAUSE = 16, 8


class Words(NamedTuple):
    """The hashed clauses of one paragraph: its own words, and each of its items."""

    own: tuple[str, ...]
    items: tuple[tuple[str, ...], ...]


def articles(text: str) -> dict[str, Paragraphs]:
    """The articles of a text by number; an article that the copy truncates is omitted, with all after it."""
    found: dict[str, Paragraphs] = {}
    current: Paragraphs | None = None
    for printed in text.splitlines():
        line = printed.strip(" \t　\u200b\ufeff")
        begins = _ARTICLE.match(line)
        if begins:
            current = found[str(number(begins[1]))] = []
            line = line[begins.end() :]
        if _CUT_SHORT in line:
            found.popitem()
            break
        if current is None or not line or line.startswith(("#", "<!--")):
            continue
        if _ITEM.match(line) and current:
            current[-1][1].append(line)
        else:
            current.append((line, []))
    return found


def number(numeral: str) -> int:
    """A Chinese numeral up to 9999 as a number: 一百零八 = 108."""
    total = digit = 0
    for sign in numeral:
        place = {"十": 10, "百": 100, "千": 1000}.get(sign)
        if place:
            total, digit = total + (digit or 1) * place, 0
        else:
            digit = 0 if sign == "〇" else "零一二三四五六七八九".index(sign)
    return total + digit


def clauses(text: str) -> list[str]:
    """The clauses of a text, in order, without blanks and marks."""
    return [part for part in _MARKS.split(_REMOVED.sub("", text).translate(_WIDE)) if part]


def hashed(key: str, paragraphs: Paragraphs) -> tuple[str, list[str]]:
    """The rows of an article for the table of an instrument: the hash of the whole, and a string a
    paragraph.
    """
    whole = "".join(clauses("".join((own + "".join(items)) for own, items in paragraphs)))
    rows = [
        " / ".join(" ".join(_hash(key, clause) for clause in clauses(part)) for part in (own, *items))
        for own, items in paragraphs
    ]
    return _hash(key, whole, _WHOLE), rows


def _hash(key: str, words: str, length: int = _CLAUSE) -> str:
    return hashlib.sha256(f"{key}:{words}".encode()).hexdigest()[:length]


@cache
def table(key: str, folder: str = FOLDER) -> dict[str, list[str]]:
    """The hashed articles of an instrument; empty where its text was not read."""
    path = os.path.join(folder, f"{key}.toml")
    if not os.path.exists(path):
        return {}
    import tomllib

    with open(path, "rb") as file:
        found: dict[str, Any] = tomllib.load(file)
    return dict(found["articles"])


def read(key: str, article: str, folder: str = FOLDER) -> list[Words] | None:
    """The hashed paragraphs of an article; None where it was not read."""
    rows = table(key, folder).get(article)
    if rows is None:
        return None
    parts = [[tuple(part.split()) for part in row.split(" / ")] for row in rows[1:]]
    return [Words(own, tuple(items)) for own, *items in parts]


def stands(quotation: str, key: str, place: list[tuple[str, ...]]) -> bool:
    """Whether each part of a quotation occurs in one of the places, clause by clause."""
    for part in _LEFT_OUT.split(quotation):
        wanted = tuple(_hash(key, clause) for clause in clauses(part))
        if not any(_contains(words, wanted) for words in place):
            return False
    return True


def _contains(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))
