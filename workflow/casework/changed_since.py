"""What changed of the office since a draft was passed, so that its letter says something else now.

Whoever is stopped reads with the parts of the letter which entry of the profile or which wording was changed,
and when: he can put it back, or hand the draft in as it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from workflow.base import dates
from workflow.base.messages import N_, listed, pick, translate
from workflow.base.names import name
from workflow.casework.opened import Opened
from workflow.office import own_entries
from workflow.office.seat import Seat
from workflow.office.spoken_settings import IN_LETTERS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SET, WORDING = "office_set", "wording_accepted"
_BEGUN, _PASS = "submit", "pass_review"


class Change(NamedTuple):
    """One entry of the office: what happened, the setting that it is about, the day."""

    event: str
    setting: str
    day: str


class Causes:
    """What the letter differs by, put into words when it is shown."""

    def __init__(self, found: tuple[Change, ...]) -> None:
        self._found = found

    def __format__(self, spec: str) -> str:
        if not self._found:
            return translate(
                N_("nothing of the office was changed since: the law of this day, or the program, is another")
            )
        return listed(_told(one) for one in self._found)


def _told(one: Change) -> str:
    what = f"{name('event', one.event)} {one.setting}".strip()
    return pick(f"{what}（{one.day}）", f"{what} ({one.day})")


def causes(seat: Seat, connection: Connection, opened: Opened) -> Causes:
    """The changes of the office that letters repeat, since the first pass of the present draft."""
    begun = max((at for at, entry in enumerate(opened.entries) if entry.event == _BEGUN), default=0)
    first = next((one.recorded_at for one in opened.entries[begun:] if one.event == _PASS), "")
    found = []
    for one in own_entries.told(connection, seat.office.id, (SET, WORDING)):
        setting = str(one.payload.get("name", "")) if one.event == SET else ""
        if one.at > first and (not setting or setting.replace("-", "_").split(".")[0] in IN_LETTERS):
            day = dates.china_day(datetime.fromisoformat(one.at)).isoformat()
            found.append(Change(one.event, setting, day))
    return Causes(tuple(found))
