"""Rows of a long list that differ from one already read only in texts that nothing hangs on.

Most rows of a list say the same few things of channel, day and kind, and beside these a plain name, a number,
an address, a request. What such a row comes to is known from the first one of its kind, which was read with
every check; the plain texts are looked at a whole column at a time. Every row that is in any way unusual is
read by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from workflow.base import typed_text
from workflow.base.sheets import headings, reader
from workflow.base.sheets.reader import Block
from workflow.casework import given_persons, identity
from workflow.casework.application import Application
from workflow.intake import entered, names_in_cell
from workflow.intake.entered import Texts
from workflow.intake.row_read import Read
from workflow.intake.rows import Reader
from workflow.intake.words import LONGEST_BLANK

# Columns of texts of a row's own, each with the place of its text in what likeness compares.
TEXTS = {key: place for place, key in enumerate(("name", "request", *entered.PERSONAL))}
TEXTS["id_card"] = TEXTS["id_number"]
# These may come as numbers, which are written out whole.
NUMBERS = ("phone", "postcode")
CARDS = ("id_number", "id_card")
MOST_KINDS = 5000


class Kind(NamedTuple):
    """What a row of a kind comes to: its application, in which the texts are another row's; the hash of all
    else in it; what is remarked on it; whether its applicant is a person only because his name tells nothing
    else.
    """

    application: Application
    shared: int
    notes: Sequence[Any]
    by_name: bool

    def of(self, texts: Texts) -> Application:
        """The application of a row of this kind, with the texts of its own."""
        name, request, *personal = texts
        own = {key: text for key, text in zip(entered.PERSONAL, personal, strict=True) if text}
        whole = {**self.application.personal, **own}
        return replace(self.application, name=name, request=request, items=[request], personal=whole)


class Alike:
    """Knows the kinds of rows of one list. Of an old register every row is read by itself."""

    def __init__(self, rows: Reader) -> None:
        self.words = rows.words
        self._kinds: dict[tuple[Any, ...], Kind] = {}
        places = {key: place for key, place in rows.places.items() if key in TEXTS}
        # A thing asked for stands on a line of its own; a request has lines.
        self._lines = "request" in places
        if "items" in rows.places and not self._lines:
            places["request"] = rows.places["items"]
        if "id_number" in places:
            places.pop("id_card", None)
        self._texts = places
        own = {*places.values(), *([] if rows.applied else [rows.places.get("applied_on")])}
        self._others = [place for key, place in rows.places.items() if key in rows.reads and place not in own]
        self._title = headings.whole(rows.found.titles[places["name"]]) if "name" in places else ""
        self._knows = not rows.words.history and {"name", "request"} <= {*places}

    def looked(self, block: Block) -> Iterator[tuple[Any, Kind | None, Texts, int]]:
        """Of each row of a block by what its kind is known, None where it has to be read by itself; the kind,
        if it is known already, and then the row's own texts and its likeness to other rows.
        """
        count = len(block.numbers)
        if not self._knows:
            return ((None, None, (), 0) for _ in range(count))
        plain = [one is None for one in block.marks] if block.marks else [True] * count
        _entries(block, plain)
        own: list[list[str]] = [[""] * count] * (2 + len(entered.PERSONAL))
        like = [*own]
        told = [block.cells(place) for place in self._others]
        for key, place in self._texts.items():
            cells, same = self._column(key, block, place, plain)
            own[TEXTS[key]], like[TEXTS[key]] = cells, same
            told.append([bool(one) for one in cells] if "" in cells else [True] * count)
        rows = zip(
            plain, zip(*told, strict=True), zip(*own, strict=True), zip(*like, strict=True), strict=True
        )
        return map(self._known, rows)

    def _known(self, row: tuple[bool, tuple[Any, ...], Texts, Texts]) -> tuple[Any, Kind | None, Texts, int]:
        plain, key, texts, compared = row
        if not plain:
            return None, None, texts, 0
        kind = self._kinds.get(key)
        if kind is None or (kind.by_name and self.words.kind_by_name(texts[0]) is not None):
            return key, None, texts, 0
        return key, kind, texts, entered.alike(kind.shared, compared)

    def learn(self, key: tuple[Any, ...], read: Read, notes: Sequence[Any]) -> None:
        """What a row came to that `looked` found nothing unusual in."""
        application = read.application
        if application is None or application.items != [application.request] or application.others:
            return
        if len(self._kinds) < MOST_KINDS and self.words.kind_by_name(application.name) is None:
            by_name = "kind" not in read.given
            self._kinds[key] = Kind(application, entered.shared(application), notes, by_name)

    def _column(self, key: str, block: Block, place: int, plain: list[bool]) -> tuple[list[str], list[str]]:
        """The texts of a column, and as they are compared; a row with one that is not plain is marked."""
        column = block.columns[place] if place < len(block.columns) else " " * (len(block.numbers) - 1)
        if isinstance(column, str) and column.isprintable() and unicodedata.is_normalized("NFC", column):
            cells: list[Any] = column.split(" ")
            same = unicodedata.normalize("NFKC", column).upper()
            compared = same.split(" ") if same != column else cells
            if len(compared) == len(cells) and max(map(len, cells)) <= given_persons.LONGEST:
                self._each(cells, _SOUND.get(key), plain)
                return cells, compared
        cells = block.cells(place)
        if key in NUMBERS:
            cells = [reader.plain(cell) if isinstance(cell, float) else cell for cell in cells]
        for at, cell in enumerate(cells):
            if not (isinstance(cell, str) and _whole(cell, key == "request" and self._lines)):
                plain[at], cells[at] = False, ""
        self._each(cells, _SOUND.get(key), plain)
        return cells, [entered.compared(cell) for cell in cells]

    def _each(self, cells: list[str], sound: Callable[[str], bool] | None, plain: list[bool]) -> None:
        """Mark the rows whose cell says that it says nothing, or is not what its column is for."""
        begin = self.words.begin
        if sound is names_in_cell.plain and self._names(cells):
            sound = None
        if sound is None and begin.isdisjoint({cell[0] for cell in cells if cell}):
            return
        names = sound is names_in_cell.plain
        for at, cell in enumerate(cells):
            if not cell:
                plain[at] = plain[at] and not names
                continue
            nothing = len(cell) <= LONGEST_BLANK and cell[0] in begin
            if nothing or (sound is not None and not sound(cell)) or (names and cell == self._title):
                plain[at] = False

    def _names(self, cells: list[str]) -> bool:
        """Whether all of these are plain names, and none the title of their column."""
        return names_in_cell.all_plain(cells) and self._title not in cells


_SOUND: dict[str, Callable[[str], bool]] = {
    "name": names_in_cell.plain,
    **dict.fromkeys(CARDS, identity.sound_card),
}


def _whole(cell: str, lines: bool) -> bool:
    """Whether a text stays as it is: without blanks at its ends, on one line without any within; a request
    may have both."""
    if len(cell) > given_persons.LONGEST or not unicodedata.is_normalized("NFC", cell):
        return False
    if not lines:
        return cell.isprintable() and " " not in cell
    return cell == cell.strip() and typed_text.clean(cell)


def _entries(block: Block, plain: list[bool]) -> None:
    """Mark the rows of which it is not clear by their first cell that they are entries of the list."""
    place = next((n for n, one in enumerate(block.columns) if not isinstance(one, str) or one.strip(" ")), 0)
    column = block.columns[place]
    if isinstance(column, str) and all(map(str.isdecimal, column.split(" "))):
        return
    for at, cell in enumerate(block.cells(place)):
        entry = (
            cell and not headings.no_entry(cell) if isinstance(cell, str) else isinstance(cell, float | date)
        )
        plain[at] = plain[at] and bool(entry)
