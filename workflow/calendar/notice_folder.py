"""Imported notices on days off as files in the data folder: for the calculators, which need no database."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow import calendar
from workflow.base import places, variables

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.calendar import Notice


def folder() -> str:
    """Where imported notices lie as files: DISCLOSURE_CALENDAR, else in the data folder."""
    return variables.given("DISCLOSURE_CALENDAR") or os.path.join(places.data(), "calendar")


def from_files() -> tuple[Notice, ...]:
    """The imported notices as the calculators see them."""
    place = folder()
    if not os.path.isdir(place):
        return ()
    from workflow.calendar import importing

    return importing.load_folder(place)


def read(path: Path, known: calendar.Calendar, **given: Any) -> Notice:
    """A notice from a file, checked by itself and against the calendar that it continues or changes."""
    from workflow.calendar import importing

    notice = importing.of_file(path, **given)
    own = calendar.notices()
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
