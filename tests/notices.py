"""An invented notice on the days off of the first year that is not announced yet, whichever that is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from workflow import calendar
from workflow.calendar import fixed_holidays, notice_folder
from workflow.casework.desk import Desk
from workflow.office import notice_import

ANNOUNCED = calendar.known().announced_until
YEAR = ANNOUNCED.year + 1
# Acts that reach into the year are entered on this day, before its notice is known.
TODAY = date(YEAR - 1, 12, 28)
PROMULGATED = date(YEAR - 1, 12, 29)
NUMBER = f"国办发明电〔{YEAR - 1}〕99号"
_FIXED = [day for day, _, _ in fixed_holidays.holidays(YEAR)]


def _january() -> list[date]:
    """The first two weekdays after New Year's Day: they are off only because the notice says so."""
    days = (date(YEAR, 1, 2) + timedelta(days=n) for n in range(7))
    return [day for day in days if day.weekday() < 5 and day not in _FIXED][:2]


MOVED = _january()
OFF = sorted({*_FIXED, *MOVED})
# A Saturday in summer, out of the way of what the tests compute.
WORK = next(day for day in (date(YEAR, 7, 1) + timedelta(days=n) for n in range(7)) if day.weekday() == 5)


def csv(path: Path, off: list[date] | None = None, work: list[date] | None = None) -> Path:
    """The notice as a CSV file."""
    rows = [f"{day},off,元旦" for day in (OFF if off is None else off)]
    rows += [f"{day},work,元旦" for day in ([WORK] if work is None else work)]
    return text(path, "date,kind,festival\n" + "\n".join(rows) + "\n")


def as_json(path: Path) -> Path:
    """The same as JSON."""
    days = [{"date": str(day), "isOffDay": day in OFF, "name": "元旦"} for day in sorted([*OFF, WORK])]
    return text(
        path, json.dumps({"year": YEAR, "promulgated": str(PROMULGATED), "number": NUMBER, "days": days})
    )


def toml(path: Path) -> Path:
    """The same as TOML."""
    off = ", ".join(map(str, OFF))
    head = f'year = {YEAR}\npromulgated = {PROMULGATED}\nnumber = "{NUMBER}"\n'
    return text(path, f"{head}off = [{off}]\nwork = [{WORK}]\n")


def comes(desk: Desk, folder: Path) -> None:
    """The notice is imported by this officer."""
    given = {"year": YEAR, "promulgated": PROMULGATED, "number": NUMBER}
    notice_import.take_in(
        desk, notice_folder.read(csv(folder / "notice.csv"), desk.context.calendar, **given)
    )


def text(path: Path, content: str) -> Path:
    """A file with this content."""
    path.write_text(content, encoding="utf-8")
    return path
