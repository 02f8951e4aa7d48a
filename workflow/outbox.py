"""Work that follows an act, done after its commit and until it is done: making letters.

Each piece can be repeated without harm: a letter's bytes depend on what it says and on nothing else, they are
kept under their own hash, and the entry that records them is written once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow import durable, files, letterwork
from workflow.errors import DisclosureError
from workflow.schema import TABLES

if TYPE_CHECKING:
    from workflow.desk import Desk

CASES, OUTBOX, LETTERS = TABLES["case_file"], TABLES["outbox"], TABLES["letter"]


def waiting(desk: Desk) -> list[Any]:
    """What is still to be done for the office, oldest first."""
    with desk.store.reading() as connection:
        query = select(OUTBOX).where(OUTBOX.c.office_id == desk.office.id, OUTBOX.c.done_at.is_(None))
        return list(connection.execute(query.order_by(OUTBOX.c.id)))


def settle(
    desk: Desk, letters: list[int] | None = None, seen: Callable[[Any], None] | None = None
) -> list[dict[str, Any]]:
    """Do what is waiting (or only the letters named); the letters made. The first fault is raised when all was tried."""
    made, first_fault = [], None
    for work in waiting(desk):
        if letters is not None and work.ref not in letters:
            continue
        try:
            made.append(_letter(desk, work))
        except DisclosureError as fault:
            _note_fault(desk, work, fault)
            first_fault = first_fault or fault
        if seen is not None:
            seen(work)
    if first_fault is not None:
        raise first_fault
    return made


def _letter(desk: Desk, work: Any) -> dict[str, Any]:
    """Make the PDF of a letter, keep it under its hash, record it; nothing of it counts before the last commit."""
    from letters import render

    with desk.store.reading() as connection:
        letter = connection.execute(select(LETTERS).where(LETTERS.c.id == work.ref)).one()
        content = letterwork.opened(letter.content, desk.case_key(connection, letter.case_id))
    pdf = render.pdf(content)
    kept = files.put(files.folder(desk.store.folder), pdf)
    with desk.store.writing() as connection:
        # Two may have made the same letter; the entry is written by the first alone.
        done = connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.id == work.id, OUTBOX.c.done_at.is_(None))
            .values(done_at=desk.moment())
        )
        if done.rowcount == 1:
            connection.execute(update(LETTERS).where(LETTERS.c.id == letter.id).values(sha256=kept.sha256))
            desk.letter_made(connection, letter, kept.sha256)
    return {
        "id": letter.id, "code": letter.code, "number": letter.number, "sha256": kept.sha256,
        "path": str(_copy(desk, letter, pdf)),
    }  # fmt: skip


def _copy(desk: Desk, letter: Any, pdf: bytes) -> Path:
    """A copy under a name that a person can read; the record is the one in the file store."""
    with desk.store.reading() as connection:
        number = connection.execute(select(CASES.c.number).where(CASES.c.id == letter.case_id)).scalar()
    folder = (
        Path(os.environ.get("DISCLOSURE_LETTERS") or desk.store.folder / "letters")
        / desk.office.key
        / str(number)
    )
    name = f"{letter.code}-{letter.number or letter.id}.pdf"
    path = folder / "".join(char if char.isalnum() or char in "-._〔〕()" else "_" for char in name)
    durable.write(path, pdf, replace=True)
    return path


def _note_fault(desk: Desk, work: Any, fault: DisclosureError) -> None:
    with desk.store.writing() as connection:
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.id == work.id)
            .values(attempts=work.attempts + 1, last_error=f"{fault.kind}: {fault}"[:2000])
        )
