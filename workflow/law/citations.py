"""References to articles: "INSTRUMENT:ARTICLE[.PARAGRAPH[.ITEM]]", taken apart, checked and spelt out.

An article of one paragraph is never cited with a paragraph: 第三十六条第（三）项, not
第三十六条第一款第（三）项.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law.rows import Citation

HOUSE = "house"
UNVERIFIED = "?"

Structure = dict[str, Any]  # article number -> items of each paragraph, or "?" where that is not verified

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))


class Reference(NamedTuple):
    """A parsed reference; paragraph and item are 0 where it names none."""

    instrument: str
    article: str
    paragraph: int
    item: int


def take_apart(ref: str) -> Reference | None:
    """The parts of a reference, or None if it is not written as one."""
    instrument, colon, place = ref.partition(":")
    if not (instrument and colon and place):
        return None
    if instrument == HOUSE:
        return Reference(HOUSE, place, 0, 0)
    parts = place.split(".")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and part[0] != "0" for part in parts):
        return None
    numbers = [int(part) for part in parts[1:]] + [0, 0]
    return Reference(instrument, parts[0], numbers[0], numbers[1])


def fault(reference: Reference, structure: Structure) -> str:
    """What is wrong with a reference under the structure of its instrument ('' for nothing)."""
    paragraphs = structure.get(reference.article)
    if paragraphs is None:
        return translate(N_("{instrument} has no Art. {article}"), **reference._asdict())
    if not reference.paragraph:
        return ""
    if not isinstance(paragraphs, list):
        return translate(
            N_("Art. {article} of {instrument} can only be cited as a whole"), **reference._asdict()
        )
    if reference.paragraph > len(paragraphs):
        return translate(
            N_("Art. {article} of {instrument} has no paragraph {paragraph}"), **reference._asdict()
        )
    if reference.item > paragraphs[reference.paragraph - 1]:
        message = N_("Art. {article}, paragraph {paragraph} of {instrument} has no item {item}")
        return translate(message, **reference._asdict())
    return ""


def citation_fault(tables: Mapping[str, Table], ref: Any) -> str:
    """What is wrong with a reference under the tables ('' for nothing)."""
    reference = take_apart(ref) if isinstance(ref, str) else None
    if reference is None:
        return translate(N_("'{ref}' is not written INSTRUMENT:ARTICLE.PARAGRAPH.ITEM"), ref=ref)
    if reference.instrument == HOUSE:
        return ""
    if reference.instrument not in tables.get("instruments", {}):
        return translate(N_("no instrument is called {instrument}"), instrument=reference.instrument)
    structure = tables.get(reference.instrument, {}).get("articles")
    if not isinstance(structure, dict):
        return translate(N_("{instrument} has no table of articles"), instrument=reference.instrument)
    return fault(reference, structure)


def spell(ref: str, reference: Reference, structure: Structure, instrument: dict[str, Any]) -> Citation:
    """A checked reference in Chinese and English."""
    name = f"《{instrument['zh']}》"
    if instrument.get("cite_number"):
        name += f"（{instrument['number']}）"
    if instrument.get("whole"):
        return Citation(ref, reference.instrument, instrument["zh"], instrument["short"], instrument["en"])
    paragraphs = structure[reference.article]
    several = paragraphs != UNVERIFIED and len(paragraphs) > 1
    zh, en = _article(reference.article, instrument)
    if reference.paragraph and several:
        zh += f"第{chinese(reference.paragraph)}款"
        en += f", para. {reference.paragraph}"
    if reference.item:
        zh += f"第（{chinese(reference.item)}）项"
        en += f"({reference.item})"
    return Citation(ref, reference.instrument, name + zh, zh, f"{instrument['en']}, {en}")


def _article(article: str, instrument: dict[str, Any]) -> tuple[str, str]:
    if instrument.get("clauses"):
        return f"第{article}章", f"clause {article}"
    word = instrument.get("article_word", "条")
    return f"第{chinese(int(article))}{word}", f"Art. {article}" if word == "条" else f"part {article}"


def spell_house(ref: str, reference: Reference, rule: dict[str, Any] | None) -> Citation:
    """The citation of an office rule ('house:NAME'); an unknown one is shown by its name."""
    zh = rule["zh"] if rule else f"本机关规定（{reference.article}）"
    en = rule["en"] if rule else f"office rule ({reference.article})"
    return Citation(ref, HOUSE, zh, zh, en)


def chinese(number: int) -> str:
    """A number from 1 to 9999 in Chinese numerals, as article numbers are written: 26 = 二十六, 108 =
    一百零八.
    """
    text, gap = "", False
    for place, name in _PLACES:
        digit, number = divmod(number, place)
        if digit:
            text += (
                ("零" if gap else "")
                + ("" if place == 10 and digit == 1 and not text else _DIGITS[digit])
                + name
            )
        gap = bool(text) and not digit
    if number:
        text += ("零" if gap else "") + _DIGITS[number]
    return text
