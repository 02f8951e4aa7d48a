"""Finds where a list begins: the sheet and the row with the titles of its columns, whatever title is above
it.

Titles are compared without spaces, asterisks and remarks in brackets. A heading may have two rows, the upper
one for several columns together. Rows below that are no entries (sums, notes, the heading repeated) are
reported, never dropped silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from workflow.base.sheets.reader import Row, Sheet, plain

LOOKED_AT = 60
_BRACKETS = re.compile(r"[(\[【〔{][^)\]】〕}]*[)\]】〕}]")
_MARKS = re.compile(r"[\s*＊:：;；,，、。.·\-_/\\|'\"“”‘’#№]+")
_SUMS = re.compile(
    r"(?:本页|本月|本年|本季|累计|全年|以上)?(?:合计|总计|小计|共计|累计|总数)(?:\D?\d+件?)?|total|sum"
)
_NOTES = re.compile(
    r"(?:注|备注|说明|填表|填报|制表|报送|编制|审核|统计|单位|联系人|联系电话|打印|导出|报表|第\d+页|共\d+页|以下空白|本表)"
)


def bare(text: Any) -> str:
    """A heading as it is compared."""
    whole = unicodedata.normalize("NFKC", plain(text)).lower()
    return _MARKS.sub("", _BRACKETS.sub("", whole)) or _MARKS.sub("", whole)


def whole(text: Any) -> str:
    """A heading as it is compared first, with what stands in brackets."""
    return _whole(text if isinstance(text, str) else plain(text))


@lru_cache(maxsize=4096)
def _whole(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text.strip()).lower())


class Words:
    """The names by which columns are known."""

    def __init__(self, known: Mapping[str, Collection[str]]) -> None:
        self._keys: dict[str, str] = {}
        for key, words in known.items():
            for word in words:
                self._keys.setdefault(whole(word), key)
        for key, words in known.items():
            for word in words:
                self._keys.setdefault(bare(word), key)

    def key(self, cell: Any) -> str | None:
        """The column that a heading names, or None."""
        if cell is None or not isinstance(cell, str):
            return None
        return self._keys.get(whole(cell)) or self._keys.get(bare(cell))


class Found(NamedTuple):
    """The heading of a list: its sheet, the last row of the heading, the column of each place, and the
    titles.
    """

    sheet: Sheet
    row: int
    keys: list[str | None]
    titles: list[str]
    above: list[str]

    def rows(self) -> Iterator[Row]:
        """The rows below the heading."""
        return (row for row in self.sheet.rows() if row.number > self.row)

    def unknown(self) -> list[str]:
        """The titles of columns that are not known."""
        return [title for title, key in zip(self.titles, self.keys, strict=True) if title and key is None]


def find(sheets: Sequence[Sheet], words: Words, needed: Callable[[set[str]], bool]) -> Found | None:
    """The heading with most known columns, among the first rows of the visible sheets.

    A heading that has all `needed` columns is preferred; None where no row names two columns.
    """
    best: tuple[tuple[bool, bool, int], Found] | None = None
    for sheet in sheets:
        above: list[Row] = []
        upper: Row | None = None
        for row in sheet.rows(LOOKED_AT):
            for titles in _titles(upper, row):
                keys = _once([words.key(title) for title in titles])
                told = {key for key in keys if key}
                score = (sheet.visible, needed(told), len(told))
                if len(told) >= 2 and (best is None or score > best[0]):
                    best = (
                        score,
                        Found(
                            sheet, row.number, keys, titles, [plain(c) for r in above for c in r.cells if c]
                        ),
                    )
            upper = row
            above.append(row)
    return best[1] if best else None


def _titles(upper: Row | None, row: Row) -> Iterator[list[str]]:
    lower = [plain(cell) if isinstance(cell, str) else "" for cell in row.cells]
    yield lower
    if upper is None or upper.number != row.number - 1 or sum(map(bool, upper.cells)) < 2:
        return
    # An upper title applies to the columns after it, up to the next upper title, where those have their own
    # title below.
    size = max(len(upper.cells), len(lower))
    above = [plain(upper.at(place)) if isinstance(upper.at(place), str) else "" for place in range(size)]
    yield [lower[place] if place < len(lower) and lower[place] else above[place] for place in range(size)]


def _once(keys: list[str | None]) -> list[str | None]:
    """Of two columns with the same name, only the first counts."""
    seen: set[str] = set()
    made: list[str | None] = []
    for key in keys:
        made.append(None if key in seen else key)
        seen |= {key} if key else set()
    return made


def passed_over(row: Row, found: Found) -> str | None:
    """The text of a row that is no entry of the list: a sum, a note, the heading once more; else None."""
    filled = [(place, cell) for place, cell in enumerate(row.cells) if cell not in ("", None)]
    if not filled:
        return None
    if isinstance(filled[0][1], float):
        return None
    first = bare(filled[0][1])
    if _SUMS.fullmatch(first):
        return plain(filled[0][1])
    if len(filled) <= 2 and isinstance(filled[0][1], str) and _NOTES.match(first) and len(found.keys) > 2:
        return plain(filled[0][1])
    same = len(filled) > 1 and all(
        place < len(found.titles) and isinstance(cell, str) and whole(cell) == whole(found.titles[place])
        for place, cell in filled
    )
    return plain(filled[0][1]) if same else None


def year_of(found: Found) -> int | None:
    """The one year that the title above a list or the name of its sheet names; None for none and for
    several.
    """
    years = {
        int(year)
        for text in [*found.above, found.sheet.name]
        for year in re.findall(r"(?<!\d)((?:19|20)\d{2})\s*年", unicodedata.normalize("NFKC", text))
    }
    return years.pop() if len(years) == 1 else None
