"""Letters and numbers against the entries: of a case its letters, of an office its series without a gap."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from letters.content import chinese, kinds
from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.casework import letter_data, letter_rows, letters_of_act, new_case
from workflow.law.setting_keys import SettingKey
from workflow.office.profile import Office
from workflow.procedure.fold import UNDO
from workflow.storage.tables import TABLES
from workflow.upkeep.verify_guards import Replayed

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, SIGNATURES, SERIES = TABLES["letter"], TABLES["signature"], TABLES["series"]
WAY_ON = N_("The ledger is the record. Compare the database with a backup.")
# Statements that are asked of every case are made once.
_SERIES = select(SERIES).where(SERIES.c.office_id == bindparam("office"))
_LETTERS = select(LETTERS).where(LETTERS.c.case_id == bindparam("case"))
_SIGNED = (
    select(SIGNATURES.c.letter_id, SIGNATURES.c.sha256, SIGNATURES.c.signer)
    .where(SIGNATURES.c.case_id == bindparam("case"))
    .order_by(SIGNATURES.c.id)
)
POSTING = "posting"
# Acts by which a letter is called for anew, of the day of the act.
_ANEW = ("void_letter", "amend")


@dataclass
class Numbers:
    """The numbers that an office gave, as they come up."""

    # Of each series and year how many were given.
    given: Counter[tuple[str, int]] = field(default_factory=Counter)
    # Those that letters bear, to be without a gap in the end.
    borne: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    # Every profile that was in force: with whose code words the numbers are written.
    profiles: list[Office] = field(default_factory=list)

    def of_case(self, received: Entry) -> str:
        """The number of a case: they are given in the order of receipt, year by year."""
        year = received.on.year
        self.given[new_case.SERIES, year] += 1
        return f"{year}-{self.given[new_case.SERIES, year]:04d}"

    def written(self, series: str, year: int, no: int) -> set[str]:
        """How a letter's number may be written, with the words that the office had."""
        word = "code" if series == letters_of_act.REPLIES else "notice_code"
        return {
            chinese.document_number(
                office.profile[word], year, no, with_di=bool(office.settings[SettingKey.NUMBER_WITH_DI])
            )
            for office in self.profiles
        }


def check(
    connection: Connection,
    numbers: Numbers,
    row: Any,
    replayed: Replayed,
    entries: list[Entry],
    key: bytes | None,
) -> None:
    """Damaged unless the letters of a case are those, and such, that its entries record."""
    case = replayed.case
    kept = {one.id: one for one in connection.execute(_LETTERS, {"case": row.id}).all()}
    told = {entry.payload["letter"]: entry for entry in entries if entry.event == "letter_made"}
    made = {id for id, one in kept.items() if one.sha256 is not None}
    for id in sorted(told.keys() | made):
        if id not in kept or id not in told or not _as_made(kept[id], told[id].payload):
            raise _differs(case.number, id)
    for id, letter in kept.items():
        if not (
            _went_out(letter, case, entries)
            and _of_act(letter, entries, replayed)
            and _numbered(letter, numbers)
            and (key is None or _says(letter, case.number, key))
        ):
            raise _differs(case.number, id)
    _all_there(kept, replayed, entries)
    _signed(connection, row, entries)


def _as_made(letter: Any, told: dict[str, Any]) -> bool:
    """Whether a letter's row is as the entry says that records its PDF."""
    said = told.get("content")
    return (letter.sha256, letter.code, letter.number) == (told["sha256"], told["code"], told["number"]) and (
        said is None or hashlib.sha256(letter.content.encode()).hexdigest() == said
    )


def _went_out(letter: Any, case: CaseFile, entries: list[Entry]) -> bool:
    """Whether it was sent and made void on the days that the entries say, and is where they say. Of one
    that was last written before it was kept where it is, the days alone are compared."""
    life = letter_rows.of_row(case, letter)
    told = letter_rows.columns(life) if life else {"sent_on": None, "voided_on": None, "stage": letter.stage}
    n = letter.entry_n
    if letter.stage is None and (n is None or not _said(entries[min(n, len(entries)) - 1])):
        told["stage"] = None
    return all(getattr(letter, name) == value for name, value in told.items())


def _of_act(letter: Any, entries: list[Entry], replayed: Replayed) -> bool:
    """Whether the act that called for it is one of the case that calls for such a letter, in its round and of
    its day; one that was called for anew is of the day on which that was."""
    n = letter.entry_n
    if n is None:
        return all(entry.known is None for entry in entries)
    if not 1 <= n <= len(entries) or ((n, letter.code) not in replayed.called and _said(entries[n - 1])):
        return False
    calls = [entries[n - 1], *(entry for entry in entries[n:] if entry.event in _ANEW)]
    return any(
        entry.on == letter.dated and replayed.rounds[entry.n] == letter.round
        for entry in calls
        if _said(entry)
    ) or not _said(entries[n - 1])


def _said(entry: Entry) -> bool:
    """Whether an entry is of a version that says how its officer was known; earlier ones called otherwise."""
    return entry.known is not None


def _numbered(letter: Any, numbers: Numbers) -> bool:
    """Whether its number is that of its place in its series; that place is taken."""
    place = (letter.series, letter.series_year, letter.series_no)
    if place == (None, None, None):
        return letter.number is None or letter.entry_n is None
    if None in place or letter.series_year != letter.dated.year or letter.number is None:
        return False
    series = kinds.get(letter.code).series or letters_of_act.REPLIES
    numbers.borne[letter.series, letter.series_year].add(letter.series_no)
    return series == letter.series and letter.number in numbers.written(*place)


def _says(letter: Any, number: str, key: bytes) -> bool:
    """Whether what it says, opened, is of this case and letter."""
    try:
        said = letter_data.opened(letter.content, key)["data"]
    except (Damaged, KeyError, ValueError):
        return False
    return (said["letter"], said["number"], said["date"], said["case"]) == (
        letter.code,
        letter.number,
        letter.dated.isoformat(),
        number,
    )


def _all_there(kept: dict[int, Any], replayed: Replayed, entries: list[Entry]) -> None:
    """Every letter that was called for has its row."""
    rows = Counter((letter.entry_n, letter.code) for letter in kept.values())
    for (n, code), many in Counter(replayed.called).items():
        if _said(entries[n - 1]) and rows[n, code] < many:
            raise _differs(replayed.case.number, f"{code} ({n})")
    lives = Counter((life.n, life.code) for life in replayed.case.lives)
    # Of an act that was taken back (a correction made them anew) the letters are void, and have no life.
    gone = {
        told["letter"]
        for entry in entries
        if entry.event == UNDO
        for told in entry.payload.get("letters", ())
    }
    stand = Counter((letter.entry_n, letter.code) for letter in kept.values() if letter.id not in gone)
    for (n, code), many in stand.items():
        if n is not None and _said(entries[n - 1]) and many > max(lives[n, code], 1):
            raise _differs(replayed.case.number, f"{code} ({n})")


def _signed(connection: Connection, row: Any, entries: list[Entry]) -> None:
    told = [
        (entry.payload["letter"], entry.payload["sha256"], entry.payload["signer"])
        for entry in entries
        if entry.event == "letter_signed"
    ]
    copies = connection.execute(_SIGNED, {"case": row.id})
    if sorted(map(tuple, copies)) != sorted(told):
        raise Damaged(
            N_("The signed letters of {number} are not as the entries say."), number=row.number, way_on=WAY_ON
        )


def series(connection: Connection, office_id: int, numbers: Numbers, batches: Iterable[str]) -> None:
    """Damaged unless the counters are where the numbers given say, and letters' numbers have no gap."""
    rows = connection.execute(_SERIES, {"office": office_id})
    kept = {(row.name, row.year): row.last for row in rows}
    numbers.given.update((POSTING, int(number.partition("-")[0])) for number in batches)
    wanted = dict(numbers.given) | {place: len(found) for place, found in numbers.borne.items()}
    whole = all(found == set(range(1, len(found) + 1)) for found in numbers.borne.values())
    if kept != wanted or not whole:
        name, year = next(iter(sorted(dict(kept.items() ^ wanted.items()))), ("", 0))
        raise Damaged(
            N_("The numbers of the series '{name}' of {year} are not those that were given."),
            name=name,
            year=year,
            way_on=WAY_ON,
        )


def _differs(number: str, id: int | str) -> Damaged:
    return Damaged(
        N_("The letter no. {id} of {number} is not as the entries say."), id=id, number=number, way_on=WAY_ON
    )
