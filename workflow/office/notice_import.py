"""The import of a notice on days off: an act of an officer, which stands in the ledger of his office."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert, select

from workflow.base import whole_files
from workflow.calendar import Notice, importing, notice_tables
from workflow.calendar.notice_folder import folder
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES


def take_in(seat: Seat, notice: Notice) -> bool:
    """Put a notice into the database and the folder, with an entry in the ledger; whether anything was new.

    The same notice twice is one; with other days it takes the place of what was imported under its name.
    """

    founding.require_manager(seat)
    if notice in notice_tables.bundled():
        return False
    table, content = TABLES["notice"], importing.as_toml(notice)
    with seat.store.writing() as connection:
        there = table.c.id == notice.id
        new = connection.execute(select(table.c.content).where(there)).scalar() != content
        if new:
            values = {
                "id": notice.id,
                "year": notice.year,
                "number": notice.number,
                "promulgated": notice.promulgated,
                "content": content,
                "imported_at": seat.moment(),
                "imported_by": seat.officer.key,
            }
            connection.execute(delete(table).where(there))
            connection.execute(insert(table), values)
            payload = {"id": notice.id, "number": notice.number, "content": content}
            founding.entry(connection, seat.office.id, "calendar_imported", seat.officer.actor, payload)
    whole_files.write(Path(folder()) / f"{notice.id}.toml", content.encode("utf-8"), replace=True)
    return new
