"""Views for officers: the letters of a case, its files, their colleagues."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from letters.content import kinds
from workflow.base import whole_files
from workflow.base.errors import Conflict, NotFound
from workflow.base.messages import N_
from workflow.cases import paper_names
from workflow.cases.case import CaseFile
from workflow.cases.letter_life import Life, Stage
from workflow.casework import letter_rows, lookup
from workflow.casework.opened import Opened, open_case
from workflow.office.offices import listed
from workflow.office.profile import officers_of
from workflow.office.seat import Seat
from workflow.procedure import letter_truth
from workflow.procedure.fold import fold
from workflow.storage import case_entries, file_store
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FILES, SIGNATURES = TABLES["attachment"], TABLES["signature"]
_SIGNATURES = (
    select(SIGNATURES.c.letter_id, SIGNATURES.c.sha256)
    .where(SIGNATURES.c.case_id == bindparam("case"))
    .order_by(SIGNATURES.c.id)
)


def letters(seat: Seat, ref: str, out: Path | None) -> list[dict[str, Any]]:
    """The letters of a case; with a folder, their PDFs are written there, each checked against its
    SHA-256.
    """
    with seat.store.reading() as connection:
        return letters_of(seat, connection, open_case(seat, connection, ref), out)


def letters_of(
    seat: Seat, connection: Connection, opened: Opened, out: Path | None = None
) -> list[dict[str, Any]]:
    """The letters of a case that is open already, as `letters`."""
    store = file_store.folder(seat.store.folder)
    made = []
    found = letter_rows.rows_of(connection, opened.id)
    copies = {one.letter_id: one.sha256 for one in connection.execute(_SIGNATURES, {"case": opened.id})}
    for letter in found:
        path = None
        signed = copies.get(letter.id)
        if out is not None and letter.sha256:
            kind = kinds.get(letter.code).zh
            path = out / paper_names.of_case(opened.case, kind, letter.number or letter.id)
            whole_files.write(path, file_store.read(store, signed or letter.sha256), replace=True)
        life = letter_rows.of_row(opened.case, letter)
        made.append(
            {
                "id": letter.id,
                "code": letter.code,
                "number": letter.number,
                "dated": letter.dated.isoformat(),
                "sha256": letter.sha256,
                "signed_sha256": signed,
                "path": str(path) if path else None,
                "sent_on": letter.sent_on.isoformat() if letter.sent_on else None,
                "voided_on": letter.voided_on.isoformat() if letter.voided_on else None,
                **_life(opened.case, life),
            }
        )
    return made


def _life(case: CaseFile, life: Life | None) -> dict[str, Any]:
    """Where a letter is, and since when; `standing` says of one that is here whether it may go out."""
    if life is None:
        return {**dict.fromkeys(_LIFE), "stage": str(Stage.CALLED)}
    arrived, sending = life.arrived or life.answered, life.sending
    found = {
        "served_by": sending.by if sending else None,
        "approved_on": life.approved[0] if life.approved else None,
        "arrived_on": arrived,
        "returned_on": sending.returned if sending else None,
        "stage": str(life.stage),
        "standing": str(letter_truth.standing(case, life)) if life.in_hand else None,
    }
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


_LIFE = ("served_by", "approved_on", "arrived_on", "returned_on", "stage", "standing")


def fetch(seat: Seat, ref: str, name: str, out: Path) -> dict[str, Any]:
    """Write an attachment of a case to a file; Damaged if it is not what was handed in."""
    with seat.store.reading() as connection:
        row = lookup.one(connection, seat, ref)
        query = (
            select(FILES).where(FILES.c.case_id == row.id, FILES.c.name == name).order_by(FILES.c.id.desc())
        )
        # A file that was added and taken back stays in the record, but is no file of the case.
        case = fold(case_entries.entries(connection, row.id), number=row.number)
        here = {one["sha256"] for one in case.attachments}
        file = next((one for one in connection.execute(query) if one.sha256 in here), None)
    if file is None:
        raise NotFound(
            N_("The case {number} has no file '{name}'."),
            field="name",
            number=row.number,
            name=name,
            way_on=N_("See its files with: disclosure show {number}"),
        )
    try:
        whole_files.write(
            out, file_store.read(file_store.folder(seat.store.folder), file.sha256), replace=False
        )
    except FileExistsError:
        raise Conflict(
            N_("There is a file already: {path}"),
            field="out",
            path=str(out),
            way_on=N_("Choose another name."),
        ) from None
    return {"name": name, "sha256": file.sha256, "size": file.size, "path": str(out)}


def officers(db: str | None, key: str | None) -> list[dict[str, Any]]:
    """Officers of one office or of all."""
    made = []
    with Store(db).reading() as connection:
        for one in listed(connection):
            if key not in (None, one.key):
                continue
            for person in officers_of(connection, one.id):
                made.append(
                    {
                        "office": one.key,
                        "key": person.key,
                        "name": person.name,
                        "roles": list(person.roles),
                        "unit": person.unit,
                        "email": person.email,
                        "login": person.login,
                        "active": person.active,
                    }
                )
    return made
