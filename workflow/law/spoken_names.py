"""Instruments as lawyers name them: by the whole title, the short one, the number of the document, or what is
left of the title in speech (保密法, 行诉法, 8号)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from workflow.law.entries import Instrument

_COUNTRY = "中华人民共和国"
# Brackets that stand for those of a document number, and marks around a title.
_BRACKETS = str.maketrans(
    {"[": "〔", "［": "〔", "(": "〔", "【": "〔", "]": "〕", "］": "〕", ")": "〕", "】": "〕"}
)
_MARKS = str.maketrans("", "", "《》 　")


def meant(name: str, instruments: Iterable[Instrument], on: date) -> str | None:
    """The key of the instrument of this name, of several versions that in force on a day, else the newest.

    None where none or several bear the name.
    """
    said = _plain(name)
    every = list(instruments)
    for kind in (_whole, _numbered, _spoken):
        found = [one for one in every if kind(said, one)]
        if found:
            return _in_force(found, on)
    return None


def _plain(name: str) -> str:
    # A bracket of full width becomes one of half width; either is then that of a document number.
    return unicodedata.normalize("NFKC", name).translate(_MARKS).translate(_BRACKETS)


def _whole(said: str, one: Instrument) -> bool:
    titles = (one.zh, one.zh.removeprefix(_COUNTRY), one.short)
    return said == one.key or said in (_plain(title) for title in titles)


def _numbered(said: str, one: Instrument) -> bool:
    number = _plain(one.number)
    return bool(number) and (said == number or (said[:1].isdigit() and number.endswith(f"〕{said}")))


def _spoken(said: str, one: Instrument) -> bool:
    """Whether what was said is the short title with some of its characters left out."""
    short = _plain(one.short).partition("〔")[0]
    if len(said) < 3 or said[-1] != short[-1]:
        return False
    rest = iter(short)
    return all(sign in rest for sign in said)


def _in_force(found: list[Instrument], on: date) -> str | None:
    now = [one for one in found if one.effective_from <= on <= (one.effective_until or date.max)] or found
    titles = {_plain(one.short).partition("〔")[0] for one in now}
    return max(now, key=lambda one: one.effective_from).key if len(titles) == 1 else None
