"""The rows of a case's letters as they are read, and what they say of the life of a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.letter_life import Life
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, SIGNATURES = TABLES["letter"], TABLES["signature"]
_OF_CASE = (
    select(
        *(
            LETTERS.c[name]
            for name in (
                "id",
                "code",
                "number",
                "entry_n",
                "dated",
                "sha256",
                "sent_on",
                "voided_on",
                "stage",
            )
        )
    )
    .where(LETTERS.c.case_id == bindparam("case"))
    .order_by(LETTERS.c.id)
)


def rows_of(connection: Connection, case_id: int) -> list[Any]:
    """The rows of a case's letters, without what they say."""
    return list(connection.execute(_OF_CASE, {"case": case_id}))


def told(case: CaseFile) -> list[dict[str, Any]]:
    """What the rows of the letters of a case say of their lives."""
    return [columns(life) for life in case.lives]


def columns(life: Life) -> dict[str, Any]:
    """What the row of a letter says of its life."""
    return {
        "sent_on": life.sending.on if life.sending else None,
        "voided_on": life.void.on if life.void else None,
        "stage": str(life.stage),
    }


def of_row(case: CaseFile, row: Any) -> Life | None:
    """The life of the letter of a row: by its number, else (it is not made yet) by the entry that called for
    it."""
    return letter_life.of_letter(case.lives, row.id) or (
        letter_life.of_entry(case.lives, row.entry_n, row.code) if row.sha256 is None else None
    )


def pdf_of(connection: Connection, letter: int) -> str | None:
    """The SHA-256 of the PDF that goes out: of the signed copy where there is one."""
    signed = (
        select(SIGNATURES.c.sha256).where(SIGNATURES.c.letter_id == letter).order_by(SIGNATURES.c.id.desc())
    )
    plain = select(LETTERS.c.sha256).where(LETTERS.c.id == letter)
    found: str | None = connection.execute(signed).scalar() or connection.execute(plain).scalar()
    return found


def unsent(connection: Connection, case_id: int) -> list[dict[str, Any]]:
    """The letters of a case that have neither been sent nor made void, made or not: number in the register,
    code and number.
    """
    query = select(LETTERS.c.id, LETTERS.c.code, LETTERS.c.number).where(
        LETTERS.c.case_id == case_id, LETTERS.c.sent_on.is_(None), LETTERS.c.voided_on.is_(None)
    )
    return [
        {"letter": row.id, "code": row.code, "number": row.number}
        for row in connection.execute(query.order_by(LETTERS.c.id))
    ]
