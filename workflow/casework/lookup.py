"""Finding a case as officers do: by its number in any usual form, by a letter's, or by the applicant's
name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, listed
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LETTERS = TABLES["case_file"], TABLES["letter"]
# The number of a case as people write it: 2026-5, 2026-0005, 〔2026〕5号, (2026)第5号, 2026年5号.
_NUMBER = re.compile(r"[〔\[(【]?(\d{4})(?:[〕\])】]|-|年)第?(\d{1,9})号?")
SHOWN = 8
LONGEST_NUMBER = 9


_EXACT = select(CASES).where(CASES.c.office_id == bindparam("office"), CASES.c.number == bindparam("number"))


def like(text: str) -> str:
    """A LIKE pattern that matches the text literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def candidates(connection: Connection, office_id: int, ref: str, limit: int = SHOWN + 1) -> list[Any]:
    """The cases that a reference may mean, the exact number first, else the newest first."""
    ref = ref.strip()
    if any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in ref):
        # No number or name contains such a character, and databases reject it.
        return []
    exact = connection.execute(_EXACT, {"office": office_id, "number": ref}).all()
    if exact or not ref:
        return list(exact)
    own = select(CASES).where(CASES.c.office_id == office_id)
    written = _NUMBER.fullmatch(unicodedata.normalize("NFKC", ref).replace(" ", ""))
    if written:
        number = f"{written[1]}-{int(written[2]):04d}"
        return list(connection.execute(_EXACT, {"office": office_id, "number": number}).all())
    if ref.endswith("号"):
        of_letter = select(LETTERS.c.case_id).where(LETTERS.c.office_id == office_id, LETTERS.c.number == ref)
        lettered = connection.execute(own.where(CASES.c.id.in_(of_letter))).all()
        if lettered:
            return list(lettered[:limit])
    # «12» means the case whose running number is 12, before it means any number that holds a 12.
    if ref.isascii() and ref.isdigit() and len(ref) <= LONGEST_NUMBER:
        tail = connection.execute(own.where(CASES.c.number.like(f"%-{int(ref):04d}"))).all()
        if tail:
            return list(tail[:limit])
    by_number = CASES.c.number.like(like(ref), escape="\\")
    by_name = CASES.c.applicant_name.like(like(ref), escape="\\")
    named = CASES.c.applicant_name == ref
    full = connection.execute(own.where(named).order_by(CASES.c.id.desc()).limit(limit)).all()
    if full:
        return list(full)
    return list(
        connection.execute(own.where(by_number | by_name).order_by(CASES.c.id.desc()).limit(limit)).all()
    )


def one(connection: Connection, office_id: int, ref: str) -> Any:
    """The one case that is meant; NotFound if there is none, Malformed with the choices if there are
    several.
    """
    found = candidates(connection, office_id, ref)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(
            N_("There is no case '{ref}'."),
            field="case",
            ref=ref[:60],
            way_on=N_("Look for it with: disclosure list --text ..."),
        )
    names = listed(f"{row.number} {row.applicant_name}" for row in found[:SHOWN])
    raise Malformed(
        N_("'{ref}' means several cases: {names}"),
        field="case",
        ref=ref[:60],
        names=names,
        way_on=N_("Give the whole number."),
    )
