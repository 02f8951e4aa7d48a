"""Codes of cases: who follows what on the public pages. A secret is kept sealed under the key of its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from letters.content import follow, kinds
from workflow.base import follow_codes
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.casework.opened import open_case
from workflow.office import offices
from workflow.office.seat import Seat
from workflow.storage import encryption, ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from letters.content.letter_content import Content

CODES = TABLES["web_code"]
# Under which name a secret is sealed with the key of its case.
FIELD = "web.code"
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
            lookup=follow_codes.lookup(secret),
            secret=encryption.seal(key, FIELD, secret.hex()),
            notice=notice,
            version=0,
        )
    )


def secret_of(connection: Connection, seat: Seat, row: Any) -> bytes:
    """The secret of a code."""
    key = seat.case_key(connection, row.case_id)
    return bytes.fromhex(encryption.open_(key, FIELD, row.secret))


def on_letter(seat: Seat, connection: Connection, case_id: int, code: str, no: int, said: Content) -> Content:
    """A letter with the code of its addressee, where the office has a public counter: the code is made with
    the first letter, also of who applied by post. `no`: the consultation that the letter belongs to."""
    if not follow.bears(code) or (no == APPLICANT) != (kinds.get(code).to == "applicant"):
        return said
    row = _of_case(connection, case_id, no)
    counter = counter_address(seat, connection, row.office_id if row is not None else seat.office.id)
    if not counter:
        return said
    return follow.put(said, follow_codes.code(_secret(seat, connection, case_id, no, row)), counter)


def on_draft(seat: Seat, connection: Connection, case_id: int, code: str, said: Content) -> Content:
    """A draft of a reply with the place of the code that the letter will bear, so that it has its pages."""
    row = _of_case(connection, case_id, APPLICANT)
    counter = counter_address(seat, connection, row.office_id if row is not None else seat.office.id)
    return follow.put_blank(said, counter) if counter and follow.bears(code) else said


def counter_address(seat: Seat, connection: Connection, office_id: int) -> str:
    """Where the public counter is that the codes of an office lead to; empty where it has none."""
    office = seat.office
    if office_id != office.id:
        office = next(one for one in offices.listed(connection) if one.id == office_id)
    return str(office.entry("counter_address"))


def served(seat: Seat, connection: Connection) -> list[int]:
    """The offices whose codes lead to this office's counter: itself, and the organs below that name the same
    one."""
    counter = str(seat.office.entry("counter_address"))
    below = offices.below(offices.listed(connection), seat.office.key) if counter else []
    return [seat.office.id, *(one.id for one in below if one.entry("counter_address") == counter)]


def _of_case(connection: Connection, case_id: int, no: int) -> Any:
    query = select(CODES).where(CODES.c.case_id == case_id, CODES.c.no == no)
    return connection.execute(query).first()


def _secret(seat: Seat, connection: Connection, case_id: int, no: int, row: Any) -> bytes:
    """The secret of a code, made and kept where there is none."""
    if row is not None:
        return secret_of(connection, seat, row)
    secret = follow_codes.new_secret()
    keep(connection, seat, case_id, no, secret)
    return secret


def give(seat: Seat, ref: str, no: int = APPLICANT) -> str:
    """The code of an applicant or of a third party; made where there is none, as of who applied by post."""
    with seat.store.writing() as connection:
        # Of two at the same time, the second finds the code that the first made.
        ledger.head(connection, seat.office.id, lock=True)
        opened = open_case(seat, connection, ref)
        if no != APPLICANT and all(part.no != no for part in opened.case.consultations):
            raise NotFound(
                N_("{number} has no consultation {no}."),
                field="no",
                number=opened.case.number,
                no=no,
                way_on=N_("See them with: disclosure show {number}"),
            )
        row = _of_case(connection, opened.id, no)
        return follow_codes.code(_secret(seat, connection, opened.id, no, row))
