"""Notices on days off that were imported here, until the project brings them itself.

They are kept in the database, for every officer and machine, and as files in the data folder, for the calculators
that need no database. An import is an act of an officer and stands in the ledger of his office.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow import calendar
from workflow.base import places, tables
from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_
from workflow.calendar import Notice, notice_tables

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from workflow.office.seat import Seat

FORMS = {".csv": "csv", ".json": "json", ".toml": "toml"}


def folder() -> str:
    """Where imported notices lie as files: DISCLOSURE_CALENDAR, else in the data folder."""
    return os.environ.get("DISCLOSURE_CALENDAR") or os.path.join(places.data(), "calendar")


def from_files() -> tuple[Notice, ...]:
    """The imported notices as the calculators see them."""
    place = folder()
    if not os.path.isdir(place):
        return ()
    from workflow.calendar import importing

    return importing.load_folder(place)


def everywhere(database: str | None = None) -> tuple[Notice, ...]:
    """The notices imported on this machine, and those in the database if there is one to look into."""
    found = {notice.id: notice for notice in from_files()}
    from workflow.storage.database import Store

    try:
        store = Store(database)
        try:
            with store.reading() as connection:
                found.update((notice.id, notice) for notice in imported(connection))
        finally:
            store.close()
    except DisclosureError:
        # No database, or one that says itself what is wrong with it: what the files say is all there is.
        pass
    return notice_tables.in_order(found.values())


def imported(connection: Connection) -> tuple[Notice, ...]:
    """The notices imported into this database."""
    from sqlalchemy import select

    from workflow.storage.tables import TABLES

    table = TABLES["notice"]
    rows = connection.execute(select(table.c.content).order_by(table.c.promulgated, table.c.id)).scalars()
    return _parsed(tuple(rows))


@lru_cache(maxsize=8)
def _parsed(contents: tuple[str, ...]) -> tuple[Notice, ...]:
    return notice_tables.in_order(
        notice for content in contents for notice in notice_tables.of_table(tables.parse(content, "notice"))
    )


def read(path: Path, known: calendar.Calendar, **given: Any) -> Notice:
    """A notice from a file, checked by itself and against the calendar that it continues or changes."""
    from workflow.calendar import importing

    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise Malformed(
            N_("'{name}' is not a calendar file."),
            field="file",
            name=path.name,
            way_on=N_("It has to be a .csv, .json or .toml file."),
        )
    notice = importing.parse_notice(tables.text_of(path), form, **given)
    own = notice_tables.bundled()
    for other in known.notices:
        if (other.year, other.promulgated) != (notice.year, notice.promulgated):
            continue
        if other in own:
            return other
        # Imported before: the same again, or the same notice without the fault that its file had.
        importing.admit(
            notice, calendar.known(extra=tuple(one for one in known.notices if one not in (*own, other)))
        )
        return notice._replace(id=other.id, amends=other.amends)
    return importing.admit(notice, known)


def left_open(notice: Notice) -> list[date]:
    """Holidays fixed by law that a notice for a new year does not list: the file may be incomplete."""
    from workflow.calendar import importing

    return [] if notice.amends else importing.left_open(notice)


def take_in(desk: Seat, notice: Notice) -> bool:
    """Put a notice into the database and the folder, with an entry in the ledger; whether anything was new.

    The same notice twice is one; with other days it takes the place of what was imported under its name.
    """
    from pathlib import Path

    from sqlalchemy import delete, insert, select

    from workflow.base import whole_files
    from workflow.calendar import importing
    from workflow.office import founding
    from workflow.storage.tables import TABLES

    founding.require_manager(desk)
    if notice in notice_tables.bundled():
        return False
    table, content = TABLES["notice"], importing.as_toml(notice)
    with desk.store.writing() as connection:
        there = table.c.id == notice.id
        new = connection.execute(select(table.c.content).where(there)).scalar() != content
        if new:
            values = {
                "id": notice.id,
                "year": notice.year,
                "number": notice.number,
                "promulgated": notice.promulgated,
                "content": content,
                "imported_at": desk.moment(),
                "imported_by": desk.officer.key,
            }
            connection.execute(delete(table).where(there))
            connection.execute(insert(table), values)
            payload = {"id": notice.id, "number": notice.number, "content": content}
            founding.entry(connection, desk.office.id, "calendar_imported", desk.officer.key, payload)
    whole_files.write(Path(folder()) / f"{notice.id}.toml", content.encode("utf-8"), replace=True)
    return new
