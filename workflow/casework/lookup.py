"""Finding a case as officers do: by its number in any usual form, by a letter's, by the name or telephone
number of an applicant or agent, or by the name of a third party that was consulted.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.base import typed_words, word_answers
from workflow.base.errors import Ambiguous, NotFound
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.casework import parties
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.office.seat import Seat

CASES, LETTERS, PARTIES = TABLES["case_file"], TABLES["letter"], TABLES["party"]
# The number of a case as people write it: 2026-5, 2026-0005, 〔2026〕5号, (2026)第5号, 2026年5号.
_NUMBER = later(r"[〔\[(【]?(\d{4})(?:[〕\])】]|-|年)第?(\d{1,9})号?")
# A running number as people write it: 5, 0005, 5号, 第5号. Figures alone mean it, or a telephone number; they
# are never looked for within another case's number or somebody's name.
_RUNNING = later(r"第?(\d{1,9})号?")
# No number or name contains such a character, and databases reject it.
_NOWHERE = later(r"[\x00-\x1f\ud800-\udfff]")
_DASHES = str.maketrans("—–‐－", "----")
SHOWN = 8
# Among so many of the newest cases a name is found by its initials.
NEWEST = 3000
# The letters of the longest sound: zhuang.
LONGEST_SOUND = 6


# As the program itself writes it.
_WRITTEN = later(r"\d{4}-\d{4,9}", re.ASCII)
EXACT = select(CASES).where(CASES.c.office_id == bindparam("office"), CASES.c.number == bindparam("number"))


def is_number(ref: str) -> bool:
    """Whether a reference is the number of a case as the program itself writes it."""
    return _WRITTEN.fullmatch(ref) is not None


def like(text: str) -> str:
    """A LIKE pattern that matches the text literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def candidates(connection: Connection, seat: Seat, ref: str, limit: int = SHOWN + 1) -> list[Any]:
    """The cases of an office that a reference may mean, the exact number first, else the newest first."""
    office_id, ref = seat.office.id, ref.strip()
    if _NOWHERE.search(ref):
        return []
    exact = connection.execute(EXACT, {"office": office_id, "number": ref}).all()
    if exact or not ref:
        return list(exact)
    own = select(CASES).where(CASES.c.office_id == office_id)
    found = _by_telephone(connection, seat, own, ref, limit) or _by_letter(connection, office_id, own, ref)
    if not found:
        figures = _by_figures(connection, office_id, own, ref, limit)
        if figures is not None:
            return figures
        found = _by_name(connection, office_id, own, ref, limit) or _by_initials(connection, own, ref)
    return found[:limit]


def _by_telephone(connection: Connection, seat: Seat, own: Any, ref: str, limit: int) -> list[Any]:
    """The newest cases of somebody with this telephone."""
    if not parties.is_telephone(ref):
        return []
    phone = PARTIES.c.phone == parties.telephone(ref, seat.ring(connection))
    called = own.where(CASES.c.id.in_(parties.cases_of(seat.office.id, phone)))
    return list(connection.execute(called.order_by(CASES.c.id.desc()).limit(limit)).all())


def _by_figures(connection: Connection, office_id: int, own: Any, ref: str, limit: int) -> list[Any] | None:
    """The cases that a number means as it was typed, with the year or without; None where it is no number."""
    plain = unicodedata.normalize("NFKC", ref).replace(" ", "").translate(_DASHES)
    if written := _NUMBER.fullmatch(plain):
        number = f"{written[1]}-{int(written[2]):04d}"
        return list(connection.execute(EXACT, {"office": office_id, "number": number}).all())
    if any(char.isdigit() and not char.isdecimal() for char in ref):
        # A raised or encircled figure is no number.
        return []
    if written := _RUNNING.fullmatch(plain):
        running = CASES.c.number.like(f"%-{int(written[1]):04d}")
        return list(connection.execute(own.where(running).order_by(CASES.c.id.desc()).limit(limit)).all())
    return [] if plain.isascii() and plain.isdigit() else None


def _by_letter(connection: Connection, office_id: int, own: Any, ref: str) -> list[Any]:
    """The case of a letter of this number."""
    if not ref.endswith("号"):
        return []
    of_letter = select(LETTERS.c.case_id).where(LETTERS.c.office_id == office_id, LETTERS.c.number == ref)
    return list(connection.execute(own.where(CASES.c.id.in_(of_letter))).all())


def _by_name(connection: Connection, office_id: int, own: Any, ref: str, limit: int) -> list[Any]:
    """The newest cases with this in their number or in the name of somebody concerned."""
    by_number = CASES.c.number.like(like(ref), escape="\\")
    by_name = CASES.c.id.in_(parties.cases_of(office_id, PARTIES.c.name.like(like(ref), escape="\\")))
    named = CASES.c.id.in_(parties.cases_of(office_id, PARTIES.c.name == ref))
    # An applicant or agent is rather meant than a third party, a whole name rather than a part of one.
    other = CASES.c.id.in_(parties.concerned(office_id, PARTIES.c.name == ref))
    others = CASES.c.id.in_(parties.concerned(office_id, PARTIES.c.name.like(like(ref), escape="\\")))
    for meant in (named, by_number | by_name, other, others):
        found = connection.execute(own.where(meant).order_by(CASES.c.id.desc()).limit(limit)).all()
        if found:
            return list(found)
    return []


def _by_initials(connection: Connection, own: Any, ref: str) -> list[Any]:
    """Of the newest cases those whose applicant has these initials, all of them, or this pinyin."""
    if not (ref.isascii() and ref.isalpha() and len(ref) > 1):
        return []
    rows = {row.number: row for row in connection.execute(own.order_by(CASES.c.id.desc()).limit(NEWEST))}
    names = {no: row.applicant_name for no, row in rows.items() if _can_be_spelled(ref, row.applicant_name)}
    return [rows[number] for number in typed_words.matches(ref, names)]


def _can_be_spelled(ref: str, name: str) -> bool:
    """Whether so many letters can be the initials or the pinyin of a name; to ask for the sounds of each name
    would take too long."""
    return len(ref) == len(name) or 2 * len(name) <= len(ref) <= LONGEST_SOUND * len(name)


def one(connection: Connection, seat: Seat, ref: str) -> Any:
    """The one case that is meant; NotFound if there is none, Ambiguous with the choices if there are
    several.
    """
    found = candidates(connection, seat, ref)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(
            N_("There is no case '{ref}'."),
            field="case",
            ref=ref[:60],
            way_on=N_("Look for it with: disclosure list --text ..."),
        )
    choices = {row.number: f"{row.number} {row.applicant_name}" for row in found}
    meant = word_answers.clear(
        Ambiguous(
            N_("'{ref}' means several cases: {names}")
            if len(found) <= SHOWN
            else N_("'{ref}' means several cases, the newest of them: {names}"),
            typed=ref,
            choices=choices,
            field="case",
            ref=ref[:60],
            names=listed(list(choices.values())[:SHOWN]),
            way_on=N_("Give the whole number, or look for it with: disclosure list --text ..."),
        )
    )
    return next(row for row in found if row.number == meant)
