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
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.base.patterns import later
from workflow.base.sheets.reader import Block, Row, Sheet, plain

LOOKED_AT = 60
_BRACKETS = later(r"[(\[【〔{][^)\]】〕}]*[)\]】〕}]")
_MARKS = later(r"[\s*＊:：;；,，、。.·\-_/\\|'\"“”‘’#№]+")
_SUMS = later(
    r"(?:本页|本月|本年|本季|累计|全年|以上)?(?:合计|总计|小计|共计|累计|总数)(?:\D?\d+件?)?|total|sum"
    r"|(?:以上|本页|本月)?共(?:计|有)?\d+(?:件|条|份|宗|项|人次)"
    # A form shows how it is filled in.
    r"|(?:填写|填表)?(?:示例|样例|举例|例子|例如|例)\d*"
)
_NOTES = later(
    r"(?:注|备注|说明|填表|填报|制表|报送|编制|审核|统计|单位|联系人|联系电话|打印|导出|报表|第\d+页|共\d+页|以下空白|本表)"
)

_LABELLED = later(r"[^:：\d]{1,12}[:：]")
_DAY = later(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}\D{0,3}")


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
    """The names by which columns are known, and the forms (regular expressions) of further ones.

    Below an upper title of the form `others` stands nothing of the columns by their own names.
    """

    def __init__(
        self,
        known: Mapping[str, Collection[str]],
        forms: Mapping[str, str] = MappingProxyType({}),
        others: str = "",
    ) -> None:
        self._keys: dict[str, str] = {}
        self._others = re.compile(others) if others else None
        self._forms = {key: re.compile(form) for key, form in forms.items()}
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
        return self._keys.get(whole(cell)) or self._keys.get(bare(cell)) or self._formed(cell)

    def of_others(self, title: str) -> bool:
        """Whether the titles below this one are of somebody else."""
        return self._others is not None and self._others.fullmatch(whole(title)) is not None

    def _formed(self, cell: str) -> str | None:
        """The one column whose form a title has."""
        # A stroke between two words stands for "or".
        for title in (whole(cell.replace("/", "或").replace("／", "或")), whole(cell), bare(cell)):
            found = [key for key, form in self._forms.items() if form.fullmatch(title)]
            if len(found) == 1:
                return found[0]
        return None


class Found(NamedTuple):
    """The heading of a list: its sheet, the last row of the heading, the column of each place, and the
    titles.
    """

    sheet: Sheet
    row: int
    keys: list[str | None]
    titles: list[str]
    above: list[str]
    # Other sheets that hold a list too.
    beside: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The rows below the heading."""
        return (row for block in self.blocks() for row in block.rows())

    def blocks(self) -> Iterator[Block]:
        """The rows below the heading, many at a time."""
        return (block.after(self.row) for block in self.sheet.blocks() if block.numbers[-1] > self.row)

    def unknown(self) -> list[str]:
        """The titles of columns that are not known."""
        return [title for title, key in zip(self.titles, self.keys, strict=True) if title and key is None]


def find(sheets: Sequence[Sheet], words: Words, needed: Callable[[set[str]], bool]) -> Found | None:
    """The heading with most known columns, among the first rows of the visible sheets.

    A heading that has all `needed` columns is preferred; None where no row names two columns.
    """
    best: tuple[tuple[bool, bool, int], Found] | None = None
    lists: list[Sheet] = []
    for sheet in sheets:
        for found, told in _headings(sheet, words):
            score = (sheet.visible, needed(told), len(told))
            if score[:2] == (True, True) and sheet not in lists:
                lists.append(sheet)
            if best is None or score > best[0]:
                best = (score, found)
    if best is None:
        return None
    return best[1]._replace(beside=tuple(one.name for one in lists if one is not best[1].sheet))


def _headings(sheet: Sheet, words: Words) -> Iterator[tuple[Found, set[str]]]:
    """The first rows of a sheet that name two known columns or more, each with the columns that it names."""
    above: list[Row] = []
    upper: Row | None = None
    for row in sheet.rows(LOOKED_AT):
        for titles in _titles(upper, row, words):
            keys = _once([words.key(title) for title in titles])
            told = {key for key in keys if key}
            if len(told) >= 2:
                said = [plain(cell) for one in above for cell in one.cells if cell]
                yield Found(sheet, row.number, keys, titles, said), told
        upper = _under(upper, row)
        above.append(row)


def _under(upper: Row | None, row: Row) -> Row:
    """A row as the upper one of the next: where it has no title, the one above goes on (three rows)."""
    if upper is None or upper.number != row.number - 1 or sum(map(bool, upper.cells)) < 2:
        return row
    size = max(len(upper.cells), len(row.cells))
    return row._replace(cells=[row.at(place) or upper.at(place) or "" for place in range(size)])


def _titles(upper: Row | None, row: Row, words: Words) -> Iterator[list[str]]:
    lower = [plain(cell) if isinstance(cell, str) else "" for cell in row.cells]
    if upper is None or upper.number != row.number - 1 or sum(map(bool, upper.cells)) < 2:
        yield lower
        return
    size = max(len(upper.cells), len(lower))
    above = [plain(upper.at(place)) if isinstance(upper.at(place), str) else "" for place in range(size)]
    lower, joined = _joined(above, lower + [""] * (size - len(lower)), words)
    yield from (lower, [one or above[place] for place, one in enumerate(lower)])
    if joined != lower:
        yield [one or above[place] for place, one in enumerate(joined)]


def _joined(above: list[str], lower: list[str], words: Words) -> tuple[list[str], list[str]]:
    """The lower titles, those of somebody else with the upper one before them; and the same with every title
    that tells what it means only together with the upper one.

    An upper title applies to the columns after it, up to the next upper title, where those have their own
    title below.
    """
    own, joined, over = list(lower), list(lower), ""
    for place, (upper, title) in enumerate(zip(above, lower, strict=True)):
        over = upper or over
        both = f"{over}{title}"
        if title and words.of_others(over):
            own[place] = joined[place] = both
        elif title and over and words.key(both):
            # "类别" below "申请人": both together tell what it means.
            joined[place] = both
    return own, joined


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
    if not filled or isinstance(filled[0][1], float):
        return None
    first = bare(filled[0][1])
    if _SUMS.fullmatch(first):
        return plain(filled[0][1])
    noted = isinstance(filled[0][1], str) and _NOTES.match(first) and len(found.keys) > 2
    if noted and (len(filled) <= 2 or _signed(filled)):
        return plain(filled[0][1])
    return plain(filled[0][1]) if _is_heading(filled, found) else None


def _is_heading(filled: list[tuple[int, Any]], found: Found) -> bool:
    """Whether a row says the heading once more."""
    return len(filled) > 1 and all(
        place < len(found.titles) and isinstance(cell, str) and whole(cell) == whole(found.titles[place])
        for place, cell in filled
    )


def no_entry(text: str) -> bool:
    """Whether a row that begins with this text may be none of the entries of its list."""
    first = bare(text)
    return _SUMS.fullmatch(first) is not None or _NOTES.match(first) is not None


def said(row: Row) -> str:
    """What a row says beside a running number, cut short: a heading of a group, a note."""
    texts = [cell for cell in row.cells if isinstance(cell, str) and cell.strip()]
    return next((plain(one)[:40] for one in texts if not whole(one).isdigit() and whole(one)), "")


def _signed(filled: list[tuple[int, Any]]) -> bool:
    """Whether a row is the foot of a form: "制表人：… 审核人：… 2026年4月1日"."""
    texts = [plain(cell) for _, cell in filled]
    # What stands after a label alone is what it names.
    named = [False, *(_LABELLED.fullmatch(text.strip()) is not None for text in texts)]
    return bool(_LABELLED.match(texts[0])) and all(
        after or _LABELLED.match(text) or _DAY.fullmatch(text)
        for text, after in zip(texts, named, strict=False)
    )


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
