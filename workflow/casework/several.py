"""Several cases as an officer names them: single ones, ranges of numbers, a list in a file.

The rules, so that nothing is guessed:

- `6-35`, `6..35`, `6至35` are the running numbers 6 to 35; `2026-6-35` the same of that year.
- `2026-5`, four figures and a number behind the sign, is the case 2026-0005, as it is alone. Where it could
  be a range as well (1000-1035), it is refused, and the range is written 1000..1035.
- A range without its year is refused where cases of several years bear such numbers.

A word that means no case, or several, is refused before anything is done; what a range or a list names and is
not there is told with what was refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from workflow.base.errors import DisclosureError, Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import headings, reader
from workflow.casework import lookup, parties
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES = TABLES["case_file"]
# A longer range is a slip of the finger.
LONGEST = 2000
_SIGN = r"(?:\.\.|~|至|到)"
_RANGE = later(
    rf"(?:(?P<year>\d{{4}})[-年])?(?P<first>\d{{1,9}})\s*{_SIGN}\s*(?:(?P<again>\d{{4}})[-年])?(?P<last>\d{{1,9}})"
)
_OF_YEAR = later(r"(?P<year>\d{4})-(?P<first>\d{1,9})-(?P<last>\d{1,9})")
_HYPHEN = later(r"(?P<first>\d{1,9})-(?P<last>\d{1,9})")
_FIGURES = later(r"\d[\d.~至到年-]*")
_COMMAS = later(r"[,、;]")
# How a list calls the column with the numbers of the cases.
HEADINGS = (
    "登记编号",
    "案件",
    "登记号",
    "案件编号",
    "案号",
    "申请编号",
    "受理编号",
    "受理号",
    "编号",
    "number",
    "case",
    "case number",
)
_LOOKED_AT = 20


class Picked(NamedTuple):
    """A case that was named, or why what was named is none."""

    said: str
    number: str | None
    applicant: str = ""
    fault: DisclosureError | None = None


class Range(NamedTuple):
    """Running numbers from one to another, of a year where it is said."""

    first: int
    last: int
    year: int | None = None


def words(said: Iterable[str]) -> Iterator[str]:
    """What was typed, with enumerations of numbers (6,7,9-12) taken apart."""
    for word in said:
        parts = [part.strip() for part in _COMMAS.split(_plain(word))]
        if len(parts) > 1 and all(_FIGURES.fullmatch(part) for part in parts if part):
            yield from (part for part in parts if part)
        elif word.strip():
            yield word.strip()


def is_range(word: str) -> bool:
    """Whether a word is a range by its form alone."""
    return _range(word) is not None


def named(seat: Seat, connection: Connection, said: Iterable[str]) -> list[Picked]:
    """The cases that were typed, each once, in the order in which they were named."""
    found: list[Picked] = []
    for word in words(said):
        meant = _range(word)
        if meant is None:
            _require_no_range(seat, connection, word)
            row = lookup.one(connection, seat, word)
            found.append(_of(row, word))
        else:
            found += _in_range(seat, connection, word, meant)
    return once(found)


def of_file(seat: Seat, connection: Connection, path: Path) -> list[Picked]:
    """The cases of a list (.csv, .xlsx, .txt): its column of numbers, else its only one. An entry that means
    no case is told, and does not stop the others."""
    found: list[Picked] = []
    with reader.opened(path) as sheets:
        sheet = next((one for one in sheets if one.visible), sheets[0])
        for place, cell in _entries(sheet, path):
            text = reader.plain(cell)
            try:
                if isinstance(cell, date):
                    raise _a_day(text, place)
                found += named(seat, connection, [text])
            except DisclosureError as fault:
                found.append(Picked(text, None, fault=fault))
    return once(found)


def of_rows(rows: Iterable[dict[str, Any]]) -> list[Picked]:
    """The cases of a list that was looked up."""
    return [Picked(row["number"], row["number"], row["applicant_name"]) for row in rows]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).replace("—", "-").replace("–", "-").replace("～", "~").strip()


def _range(word: str) -> Range | None:
    """A range by its form; None where the word names one case. (2026-5 is a case.)"""
    plain = _plain(word).replace(" ", "")
    match = _RANGE.fullmatch(plain) or _OF_YEAR.fullmatch(plain)
    if match is None:
        match = _HYPHEN.fullmatch(plain)
        if match is None or len(match["first"]) == len("2026") or parties.is_telephone(plain):
            return None
    facts = match.groupdict()
    year, again = facts.get("year"), facts.get("again")
    made = Range(int(facts["first"]), int(facts["last"]), int(year) if year else None)
    if made.last < made.first or made.last - made.first >= LONGEST or (again and again != year):
        raise Malformed(
            N_("'{range}' is no range of numbers: it goes up, within one year, over at most {most}."),
            field="case",
            range=word[:40],
            most=LONGEST,
            way_on=N_("Write it as 6-35 or 2026-6-35."),
        )
    return made


def _in_range(seat: Seat, connection: Connection, word: str, meant: Range) -> list[Picked]:
    years = [meant.year] if meant.year is not None else _years(seat, connection)
    rows = _numbered(seat, connection, meant, years)
    if not rows:
        raise NotFound(
            N_("There is no case '{ref}'."),
            field="case",
            ref=word[:60],
            way_on=N_("Look for it with: disclosure list --text ..."),
        )
    found = {number[:4] for number in rows}
    if len(found) > 1:
        raise Malformed(
            N_("'{range}' can mean cases of several years: {years}"),
            field="case",
            range=word[:40],
            years=listed(sorted(found)),
            way_on=N_("Give the year as well: {year}-{first}-{last}"),
            year=max(found),
            first=meant.first,
            last=meant.last,
        )
    (year,) = found
    given_out = int(max(rows)[5:])
    made = []
    for n in range(meant.first, min(meant.last, given_out) + 1):
        number = f"{year}-{n:04d}"
        made.append(_of(rows[number], word) if number in rows else _none(number))
    # Beyond the last number that was given out: told once.
    return made + ([_none(f"{year}-{given_out + 1:04d}..{meant.last:04d}")] if meant.last > given_out else [])


def _none(number: str) -> Picked:
    fault = NotFound(N_("There is no case '{ref}'."), field="case", ref=number)
    return Picked(number, None, fault=fault)


def _require_no_range(seat: Seat, connection: Connection, word: str) -> None:
    """Malformed where four figures, a hyphen and a number could be a range of running numbers too."""
    match = _HYPHEN.fullmatch(_plain(word))
    if match is None or int(match["last"]) < int(match["first"]):
        return
    meant = Range(int(match["first"]), int(match["last"]))
    if meant.last - meant.first < LONGEST and _numbered(seat, connection, meant, _years(seat, connection)):
        raise Malformed(
            N_("'{word}' can mean the case {last} of {first}, or the cases {first} to {last}."),
            field="case",
            word=word[:40],
            first=match["first"],
            last=match["last"],
            way_on=N_("Write the case as 〔{first}〕{last}号, the cases as {first}..{last}."),
        )


def _years(seat: Seat, connection: Connection) -> list[int]:
    own = CASES.c.office_id == seat.office.id
    least, most = connection.execute(
        select(func.min(CASES.c.number), func.max(CASES.c.number)).where(own)
    ).one()
    return list(range(int(least[:4]), int(most[:4]) + 1)) if least else []


def _numbered(seat: Seat, connection: Connection, meant: Range, years: list[int]) -> dict[str, Any]:
    numbers = [f"{year}-{n:04d}" for year in years for n in range(meant.first, meant.last + 1)]
    found: dict[str, Any] = {}
    for start in range(0, len(numbers), 500):
        some = CASES.c.number.in_(numbers[start : start + 500])
        query = select(CASES).where(CASES.c.office_id == seat.office.id, some)
        found |= {row.number: row for row in connection.execute(query)}
    return found


def _of(row: Any, said: str) -> Picked:
    return Picked(said, row.number, row.applicant_name)


def once(found: list[Picked]) -> list[Picked]:
    """Each case once, where it was named first."""
    first: dict[str, Picked] = {}
    for one in found:
        first.setdefault(one.number or f"?{one.said}", one)
    return list(first.values())


def _entries(sheet: reader.Sheet, path: Path) -> Iterator[tuple[str, Any]]:
    """The cells that name cases, with their places."""
    known = headings.Words({"number": HEADINGS})
    rows = list(sheet.rows())
    head = next(
        (
            (at, place)
            for at, row in enumerate(rows[:_LOOKED_AT])
            for place, cell in enumerate(row.cells)
            if known.key(cell)
        ),
        None,
    )
    if head is None and any(len([cell for cell in row.cells if reader.plain(cell)]) > 1 for row in rows):
        raise Malformed(
            N_("{name} has no column with the numbers of cases."),
            field="from_list",
            name=path.name,
            way_on=N_("Give the column one of these heads: {names}"),
            names=listed(HEADINGS[:4]),
        )
    begin, column = (head[0] + 1, head[1]) if head else (0, None)
    for row in rows[begin:]:
        place = (
            column
            if column is not None
            else next(i for i, cell in enumerate(row.cells) if reader.plain(cell))
        )
        if (cell := row.at(place)) is not None:
            yield reader.place_name(place, row.number), cell


def _a_day(text: str, place: str) -> Malformed:
    return Malformed(
        N_(
            "{place} holds a day ({day}), not the number of a case: the spreadsheet has changed what was typed."
        ),
        field="from_list",
        place=place,
        day=text,
        way_on=N_("Format the column as text and type the number again, as 2026-0005."),
    )
