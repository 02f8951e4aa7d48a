"""Publishing: what changed of each case that is followed goes outward, signed and sealed to its code.

The version of a row is taken before it goes out and only grows: it is never below the seconds of the clock,
so that it grows also over a database restored from a backup. A row that went out and was not noted here goes
out again under the next version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow.base import dates
from workflow.base.errors import Conflict
from workflow.casework import case_codes, letter_rows, routing
from workflow.casework.opened import Opened, open_row
from workflow.office.seat import Seat
from workflow.storage import file_store
from workflow.storage.tables import TABLES
from workflow.web import standing
from workflow.web.keys import Keys
from workflow.web.outer_door import Outer
from workflow.web.public import rows, sealing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CODES, CASES, ITEMS, SIGNATURES = (
    TABLES[name] for name in ("web_code", "case_file", "web_item", "signature")
)
# What a row says and how: with another, every row is published anew.
FORM = "3"
# In place of what was published last: the case was destroyed.
GONE = "gone:gone"


@dataclass
class Published:
    """What a run did: the numbers of cases of which a row went out, and those that another run overtook."""

    out: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    # Cases that were destroyed, and of which nothing is left outside.
    gone: list[str] = field(default_factory=list)


def publish(
    seat: Seat, outer: Outer, keys: Keys, *, every: bool = False, seen: Callable[[], object] = lambda: None
) -> Published:
    """Publish what changed; `every`: also what did not (the outer side was set up anew)."""
    made = Published()
    for row in list(_followed(seat)):
        mark = _mark(seat, row)
        if (row.published or "").startswith(f"{mark}:") and not every:
            continue
        try:
            if _publish(seat, outer, keys, row, mark, every=every):
                made.out.append(row.number)
        except Conflict:
            made.overtaken.append(row.number)
        seen()
    for row in _destroyed(seat):
        outer.forget(row.lookup)
        with seat.store.writing() as connection:
            connection.execute(
                update(CODES).where(CODES.c.id == row.id).values(published=GONE, noticed=told_of(GONE))
            )
        made.gone.append(row.number)
    return made


def _destroyed(seat: Seat) -> list[Any]:
    """The codes of cases whose key was destroyed, of which something may still be outside."""
    keys = TABLES["case_key"]
    query = (
        select(CODES.c.id, CODES.c.lookup, CASES.c.number)
        .join(CASES, CASES.c.id == CODES.c.case_id)
        .outerjoin(keys, keys.c.case_id == CASES.c.id)
        .where(keys.c.wrapped.is_(None))
        .where(CODES.c.published.is_(None) | (CODES.c.published != GONE))
        .order_by(CODES.c.id)
    )
    with seat.store.reading() as connection:
        served = CODES.c.office_id.in_(case_codes.served(seat, connection))
        return list(connection.execute(query.where(served)).all())


def _followed(seat: Seat) -> Iterator[Any]:
    """The codes of cases whose texts can still be read, with what tells one state of a case from another."""
    keys = TABLES["case_key"]
    query = (
        select(
            CODES, CASES.c.number, CASES.c.version.label("case_version"), CASES.c.office_id.label("organ_id")
        )
        .join(CASES, CASES.c.id == CODES.c.case_id)
        .join(keys, keys.c.case_id == CASES.c.id)
        .where(keys.c.wrapped.is_not(None))
        .order_by(CODES.c.id)
    )
    with seat.store.reading() as connection:
        served = CODES.c.office_id.in_(case_codes.served(seat, connection))
        yield from connection.execute(query.where(served)).all()


def _mark(seat: Seat, row: Any) -> str:
    """By what it is seen whether a row has to go out: the case, the calendar, the form of rows."""
    return f"{FORM}.{row.case_id}.{row.case_version}.{seat.context.calendar.version}"


def told_of(published: str) -> str:
    """What a row said, as a digest; by it is seen whether there is news."""
    return published.rpartition(":")[2]


def _publish(seat: Seat, outer: Outer, keys: Keys, row: Any, mark: str, *, every: bool) -> bool:
    """Publish a row if it says something else than the one before; whether it did."""
    organ = routing.seat_of(seat, row.organ_id)
    with seat.store.reading() as connection:
        secret = case_codes.secret_of(connection, seat, row)
        case = connection.execute(select(CASES).where(CASES.c.id == row.case_id)).one()
        opened = open_row(organ, connection, case, None)
        sent = standing.letters(opened, _letters(connection, opened), _copies(connection, opened), row.no)
        told = standing.contents(organ, opened, row.no, sent, _rated(connection, row))
    said = json.dumps([told, [one.sha256 for one in sent]], sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    if every or digest != told_of(row.published or ""):
        _sent_out(seat, outer, keys, row, secret, sent, told)
        new = True
    else:
        # What goes on inside the organ is no news to the applicant.
        new = False
    with seat.store.writing() as connection:
        connection.execute(update(CODES).where(CODES.c.id == row.id).values(published=f"{mark}:{digest}"))
    return new


def _sent_out(
    seat: Seat, outer: Outer, keys: Keys, row: Any, secret: bytes, sent: list[Any], told: dict[str, Any]
) -> None:
    version, to = _next(seat, row.id), sealing.public_key(secret)
    files, letters = file_store.folder(seat.store.folder), {}
    for one, said in zip(sent, told["letters"], strict=True):
        sealed = rows.seal_letter(file_store.read(files, one.sha256), row.lookup, to)
        said["sha256"] = hashlib.sha256(sealed).hexdigest()
        letters[said["sha256"]] = sealed
    contents = {**told, "at": dates.stamp(seat.now())}
    made = rows.written(row.lookup, version, contents, list(letters), to, keys.sign)
    outer.publish(row.lookup, version, made.text, letters)


def _next(seat: Seat, id: int) -> int:
    """Take the next version of a row."""
    with seat.store.writing() as connection:
        last = connection.execute(
            select(CODES.c.version).where(CODES.c.id == id).with_for_update()
        ).scalar_one()
        version = max(int(last) + 1, int(seat.now().timestamp()))
        connection.execute(update(CODES).where(CODES.c.id == id).values(version=version))
    return version


def _letters(connection: Connection, opened: Opened) -> list[Any]:
    return letter_rows.rows_of(connection, opened.id)


def _copies(connection: Connection, opened: Opened) -> dict[int, str]:
    """The signed copies of letters, the last of each."""
    query = select(SIGNATURES).where(SIGNATURES.c.case_id == opened.id).order_by(SIGNATURES.c.id)
    return {row.letter_id: row.sha256 for row in connection.execute(query)}


def _rated(connection: Connection, row: Any) -> bool:
    query = select(ITEMS.c.id).where(ITEMS.c.case_id == row.case_id, ITEMS.c.kind == "rate")
    return connection.execute(query).first() is not None
