"""The one reader of lists that a person hands in: .xlsx, .xlsm, .xls, .ods and .csv, sheet by sheet, row by
row.

Nothing is computed and nothing is filled in. A workbook is opened by a process of its own
(`workbook_process`) under limits of memory and time; a CSV file is read as a stream. Rows that hold nothing
are passed over, numbers of rows are those that the spreadsheet shows.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import islice, takewhile, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import csv_text, workbook_process

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
# Of these hidden rows and rows struck through are not told.
UNMARKED = (".xls", ".ods")
TEXTS = (".csv", ".txt", ".tsv")
MOST_BYTES = 100_000_000
# A spreadsheet stores 15 digits of a number.
EXACT = 10**15
# Whatever lies in the folder of the file or of the caller is not imported (-P).
_RUN = (
    "import sys; sys.path.insert(0, sys.argv[2]);"
    "from workflow.base.sheets.workbook_process import main; main(sys.argv[1])"
)


class Row(NamedTuple):
    """A row of the file; `empty` holds the positions of cells with a formula or an error and no value."""

    number: int
    cells: list[Any]
    hidden: bool = False
    struck: bool = False
    empty: tuple[int, ...] = ()

    def at(self, place: int) -> Any:
        """A cell; None where there is none."""
        return self.cells[place] if place < len(self.cells) and self.cells[place] != "" else None


class Block(NamedTuple):
    """Rows that follow one another, as columns of the same length: a list of cells, or one text with a blank
    between cells that are all text and hold none. `marks` tell of each row whether it is hidden, whether
    struck, its cells without a value.
    """

    numbers: list[int]
    columns: list[Any]
    marks: list[Any] | None = None

    def cells(self, place: int) -> list[Any]:
        """The cells of a column, "" where there is none."""
        if place >= len(self.columns):
            return [""] * len(self.numbers)
        column = self.columns[place]
        if isinstance(column, str):
            return column.split(" ")
        return [_day(cell) if type(cell) is tuple else cell for cell in column]

    def rows(self) -> list[Row]:
        """The block row by row."""
        made = []
        columns = [self.cells(place) for place in range(len(self.columns))]
        for place, cells in enumerate(map(list, zip(*columns, strict=True))):
            while cells and cells[-1] == "":
                cells.pop()
            marks = self.marks[place] if self.marks is not None else None
            number = self.numbers[place]
            made.append(
                Row(number, cells)
                if marks is None
                else Row(number, cells, marks[0], marks[1], tuple(marks[2]))
            )
        return made

    def after(self, number: int) -> Block:
        """What of it lies below a row."""
        if self.numbers[0] > number:
            return self
        start = sum(1 for one in self.numbers if one <= number)
        columns = [self.cells(place)[start:] for place in range(len(self.columns))]
        return Block(self.numbers[start:], columns, self.marks and self.marks[start:])


class Sheet:
    """One sheet of a file; its rows may be gone through more than once."""

    def __init__(
        self, name: str, visible: bool, source: Callable[[int], Iterator[Block]], from_1904: bool = False
    ) -> None:
        self.name, self.visible = name, visible
        # Numbers of days count from 1904 where a workbook was begun on an old Macintosh.
        self.from_1904 = from_1904
        self._source = source

    def blocks(self) -> Iterator[Block]:
        """Its rows that hold something, many at a time."""
        return self._source(0)

    def rows(self, limit: int = 0) -> Iterator[Row]:
        """Its rows that hold something; with a limit only those up to that line."""
        return (row for block in self._source(limit) for row in block.rows())


@contextmanager
def opened(path: Path) -> Iterator[list[Sheet]]:
    """The sheets of a file while it is open; NotFound, or Malformed says why it is no list that can be
    read.
    """
    if not path.is_file():
        # A pipe or a device might never end.
        raise (
            Malformed(N_("{path} is not a file."), field="file", path=str(path), way_on=N_("Name a file."))
            if path.exists() and not path.is_dir()
            else NotFound(N_("There is no file '{name}'."), field="file", name=str(path))
        )
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise Malformed(
            N_("'{name}' is no list that can be read: {forms}."),
            field="file",
            name=path.name,
            forms=listed(FORMS),
            way_on=N_("Save the list as .xlsx or .csv and try again."),
        )
    with ExitStack() as until:
        try:
            sheets = until.enter_context(form(path))
        except (ValueError, TypeError, RecursionError) as fault:
            # A reader need not word what it stumbled over.
            raise Malformed(
                N_("{name} cannot be read as {form}: {detail}"),
                field="file",
                name=path.name,
                form=path.suffix.lower(),
                detail=str(fault),
                way_on=N_("Save the list as .xlsx or .csv and try again."),
            ) from fault
        yield sheets


@contextmanager
def _text(path: Path) -> Iterator[list[Sheet]]:
    yield [Sheet(path.stem, True, lambda limit: _csv(path, limit))]


@contextmanager
def _book(path: Path) -> Iterator[list[Sheet]]:
    with _process(path) as (sheets, from_1904, ask):
        yield [
            Sheet(name, visible, partial(ask, place), from_1904)
            for place, (name, visible) in enumerate(sheets)
        ]


# Each form of a list with what opens it: a form that stands here is read wherever a person hands in a list.
# What opens a file may raise ValueError or TypeError where it is none of its form: `opened` words it.
FORMS: dict[str, Callable[[Path], AbstractContextManager[list[Sheet]]]] = {
    **dict.fromkeys(BOOKS, _book),
    **dict.fromkeys(TEXTS, _text),
}


def _csv(path: Path, limit: int) -> Iterator[Block]:
    lines = (
        (number, cells)
        for number, cells in takewhile(lambda one: not limit or one[0] <= limit, csv_text.read(path))
        if any(cell and not cell.isspace() for cell in cells)
    )
    while found := list(islice(lines, workbook_process.BLOCK)):
        columns = zip_longest(*(cells for _, cells in found), fillvalue="")
        yield Block([number for number, _ in found], [list(one) for one in columns])


@contextmanager
def _process(path: Path) -> Iterator[tuple[list[tuple[str, bool]], bool, Any]]:
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path, "bytes")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _RUN, str(path.resolve()), str(Path(__file__).parents[3])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    assert process.stdout

    def answer() -> Any:
        try:
            length = int.from_bytes(process.stdout.read(workbook_process.LENGTH), "big")  # type: ignore[union-attr]
            told = marshal.loads(process.stdout.read(length))  # type: ignore[union-attr]
        except (EOFError, ValueError, TypeError):
            if process.wait() < 0:
                # It was ended by the limit of memory or of time.
                raise _too_large(path, "memory") from None
            told = ("broken", "?")
        if isinstance(told, tuple) and told[0] == "large":
            raise _too_large(path, told[1])
        if isinstance(told, tuple) and told[0] == "password":
            raise Malformed(
                N_("{name} is protected by a password."),
                field="file",
                name=path.name,
                way_on=N_("Save it without one and try again."),
            )
        if isinstance(told, tuple) and told[0] == "broken":
            raise Malformed(
                N_("{name} cannot be read as a workbook: {detail}"),
                field="file",
                name=path.name,
                detail=told[1],
            )
        return told

    def ask(place: int, limit: int) -> Iterator[Block]:
        process.stdin.write(f"{place} {limit}\n".encode())  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        while (block := answer()) is not None:
            yield Block(*block)

    try:
        _, sheets, from_1904 = answer()
        yield sheets, from_1904, ask
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream.close()
        process.wait()


@lru_cache(maxsize=4096)
def _day(cell: tuple[str, str]) -> date | datetime:
    return date.fromisoformat(cell[1]) if cell[0] == "d" else datetime.fromisoformat(cell[1])


def _too_large(path: Path, what: str) -> Malformed:
    if what.isalnum() and what.isupper():
        return Malformed(
            N_("{name} has a cell at {place}, far from any list; the sheet would be too large."),
            field="file",
            name=path.name,
            place=what,
            way_on=N_("Delete what stands in that cell, or copy the list into a new workbook."),
        )
    return Malformed(
        N_("{name} is larger than any list, or asks for more memory or time than reading it may take."),
        field="file",
        name=path.name,
        way_on=N_("Copy the list into a new workbook, or part it, and enter the parts one after the other."),
    )


def plain(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days as 2026-03-02; empty for none."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time().isoformat() != "00:00:00" else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


_LOST = later(
    r"[\u3400-\u9fff\U00020000-\U0003ffff][?？]+[\u3400-\u9fff\U00020000-\U0003ffff]|\ufffd|[?]{2}|[■□]"
)


def lost_characters(text: str) -> bool:
    """Whether characters were lost when a text was saved: '?' or a box stands in their place."""
    return _LOST.search(text) is not None


def place_name(place: int, row: int | None = None) -> str:
    """The name of a column as a spreadsheet shows it, or of a cell: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters if row is None else f"{letters}{row}"
