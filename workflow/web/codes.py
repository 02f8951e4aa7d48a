"""Codes of cases: who follows what on the public pages. A secret is kept sealed under the key of its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.casework import routing
from workflow.casework.opened import open_case
from workflow.office.seat import Seat
from workflow.storage import encryption
from workflow.storage.tables import TABLES
from workflow.web.public import sealing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CODES = TABLES["web_code"]
FIELD = routing.CODE_FIELD
APPLICANT = 0


def keep(
    connection: Connection, seat: Seat, case_id: int, no: int, secret: bytes, notice: str = "none"
) -> None:
    """Keep the code of an applicant (0) or of a third party (the number of its consultation)."""
    key = seat.case_key(connection, case_id)
    connection.execute(
        insert(CODES).values(
            office_id=seat.office.id,
            case_id=case_id,
            no=no,
            lookup=sealing.lookup(secret),
            secret=encryption.seal(key, FIELD, secret.hex()),
            notice=notice,
            version=0,
        )
    )


def of_lookup(connection: Connection, office_id: int, lookup: str) -> Any:
    """The row of a code by its place on the public pages; none where there is no such code."""
    query = select(CODES).where(CODES.c.office_id == office_id, CODES.c.lookup == lookup)
    return connection.execute(query).first()


def secret_of(connection: Connection, seat: Seat, row: Any) -> bytes:
    """The secret of a code."""
    key = seat.case_key(connection, row.case_id)
    return bytes.fromhex(encryption.open_(key, FIELD, row.secret))


def give(seat: Seat, ref: str, no: int = APPLICANT) -> str:
    """The code of an applicant or of a third party; made where there is none, as of who applied by post."""
    with seat.store.writing() as connection:
        opened = open_case(seat, connection, ref)
        if no != APPLICANT and all(part.no != no for part in opened.case.consultations):
            raise NotFound(
                N_("{number} has no consultation {no}."),
                field="no",
                number=opened.case.number,
                no=no,
                way_on=N_("See them with: disclosure show {number}"),
            )
        query = select(CODES).where(CODES.c.case_id == opened.id, CODES.c.no == no)
        row = connection.execute(query).first()
        if row is not None:
            return sealing.code(secret_of(connection, seat, row))
        secret = sealing.new_secret()
        keep(connection, seat, opened.id, no, secret)
    return sealing.code(secret)
