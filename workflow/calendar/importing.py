"""The notice for next year, as an office enters it: read from CSV, JSON or TOML, checked, written as a year's
table.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflow.base import tables
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, listed, translate
from workflow.base.sheets import day_forms
from workflow.calendar import day_ranges, fixed_holidays, notice_days, notice_files, notice_tables
from workflow.calendar.days import Festival, LocalDay, Notice
from workflow.calendar.working_days import Calendar

# The words of files, and those of lists that offices keep.
OFF = frozenset(("off", "holiday", "rest", "休", "放假", "休息", "假", "true")) | frozenset(
    ("休息日", "休假", "假日", "假期", "放假日", "节假日", "法定节假日", "法定假日", "公休")
)
WORK = frozenset(
    ("work", "workday", "working", "make_up", "make-up", "班", "上班", "补班", "调休上班", "false")
) | frozenset(("上班日", "工作日", "补班日", "调休上班日", "调休补班", "补上班"))
MOST_ROWS = 366


def parse_notice(
    text: str,
    form: str,
    *,
    year: int | None = None,
    number: str | None = None,
    promulgated: date | None = None,
    source: str | None = None,
) -> Notice:
    """A notice from the text of a file; arguments given here come before what the file says.

    CSV has a row a day: date, kind (off or work), festival; JSON and TOML have the year, and either days with
    these fields (or `isOffDay`), or lists `off` and `work`; TOML also the form of the project's own tables.
    Malformed names everything that is wrong: no such day, a make-up day that is no weekend, a day twice, a
    day of another year (December of the year before excepted), no year, no day of promulgation.
    """
    sheet = notice_files.read(text.lstrip("\ufeff"), form)
    return of_sheet(sheet, year=year, number=number, promulgated=promulgated, source=source)


def of_file(path: Path, **given: Any) -> Notice:
    """A notice from a file that a person names: a list, iCalendar, JSON or TOML; else as `parse_notice`."""
    if path.suffix.lower().lstrip(".") not in (*notice_files.READERS, *notice_files.LISTS):
        raise Malformed(
            N_("'{name}' is not a calendar file."),
            field="file",
            name=path.name,
            forms=listed(f".{form}" for form in dict.fromkeys((*notice_files.LISTS, *notice_files.READERS))),
            way_on=N_("It has to be one of these: {forms}."),
        )
    return of_sheet(notice_files.read_path(path), **given)


def of_sheet(
    sheet: notice_days.Sheet,
    *,
    year: int | None = None,
    number: str | None = None,
    promulgated: date | None = None,
    source: str | None = None,
) -> Notice:
    """A notice from what a file says, and what is given besides; Malformed names everything that is wrong."""
    problems: list[str] = []
    days = list(_days(sheet.entries, problems, year or _stated(sheet)))
    year = year or _year_of(sheet, days)
    if year is None:
        problems.append(translate(N_("the year is missing")))
    told = promulgated or _promulgated(sheet.head, problems)
    if not any(kind == "off" for _, kind, _ in days):
        problems.append(translate(N_("no day off")))
    if len(days) > MOST_ROWS:
        problems.append(translate(N_("more than {most} days"), most=MOST_ROWS))
    if year is not None:
        problems += _misplaced(days, year)
    if problems or year is None or told is None:
        raise Malformed(
            N_("The calendar file cannot be used: {problems}."),
            field="file",
            rule=fixed_holidays.arrangement(),
            problems=listed(problems[:20]),
            way_on=N_(
                "Compare it with the State Council's notice; see the year tables of the project for the form."
            ),
        )
    return Notice(
        id=str(year),
        year=year,
        title=sheet.head.get("title", f"国务院办公厅关于{year}年部分节假日安排的通知"),
        number=number if number is not None else sheet.head.get("number", ""),
        status="M",
        promulgated=told,
        promulgated_status="M",
        source=source if source is not None else sheet.head.get("source", ""),
        festivals=_festivals(days),
        amends=False,
        note="",
    )


def _year_of(sheet: notice_days.Sheet, days: list[tuple[date, str, str]]) -> int | None:
    """The year that a file states; of a plain list that states none, that of its last days."""
    said = sheet.head.get("year", "")
    if said.isdecimal() and len(said) == 4:
        return int(said)
    return None if said or sheet.structured else max((day.year for day, _, _ in days), default=None)


def _stated(sheet: notice_days.Sheet) -> int | None:
    """The year of days that are written without one: as the file states it, or the title of its list."""
    said = sheet.head.get("year") or sheet.head.get(notice_files.TITLE_YEAR, "")
    return int(said) if said.isdecimal() and len(said) == 4 else None


def admit(notice: Notice, calendar: Calendar) -> Notice:
    """The notice as it goes into a calendar: as an amendment if its year is announced already.

    Refused if a year before it is missing, or if it makes a working day of a holiday fixed by law.
    """
    if notice.year > calendar.announced_until.year + 1:
        raise Refused(
            N_("The notice is for {year}, but that for {missing} has not been imported."),
            field="year",
            year=notice.year,
            missing=calendar.announced_until.year + 1,
        )
    for day, festival, source in fixed_holidays.holidays(notice.year):
        if day in notice.work:
            raise Refused(
                N_("{date} is a holiday by law ({festival}, {source}) and cannot be a make-up working day."),
                field="file",
                date=day.isoformat(),
                festival=festival,
                source=source,
            )
    if notice.year > calendar.announced_until.year:
        return notice
    return notice._replace(amends=True, id=f"{notice.year}-{notice.promulgated.isoformat()}")


def left_open(notice: Notice) -> list[date]:
    """Holidays fixed by law that the notice does not list: they stay days off, but the file may be
    incomplete.
    """
    fixed = fixed_holidays.holidays(notice.year) if notice.year in fixed_holidays.years() else ()
    return [day for day, _, _ in fixed if day not in notice.off]


def as_toml(notice: Notice) -> str:
    """The notice as a year's table, in the form of the project's own."""
    lines = [f"year = {notice.year}", "", "[[notice]]"]
    for key in ("id", "title", "number", "status", "promulgated", "promulgated_status", "source", "note"):
        value = getattr(notice, key)
        lines.append(f"{key} = {value.isoformat() if isinstance(value, date) else _quoted(value)}")
    lines.append(f"amends = {'true' if notice.amends else 'false'}")
    for festival in notice.festivals:
        lines += [
            "",
            "[[notice.festival]]",
            f"name = {_quoted(festival.name)}",
            f"off = {_dates(festival.off)}",
        ]
        if festival.work:
            lines.append(f"work = {_dates(festival.work)}")
    return "\n".join(lines) + "\n"


def load_folder(folder: str | os.PathLike[str]) -> tuple[Notice, ...]:
    """The notices that an office has imported, from the year tables of its folder; () if there is none."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".toml"))
    except OSError:
        return ()
    found: list[Notice] = []
    for table in tables.gather(os.path.join(folder, name) for name in names).values():
        try:
            found += notice_tables.of_table(table)
        except (KeyError, TypeError, ValueError) as fault:
            raise Malformed(
                N_("A year table in {folder} is damaged: {detail}."),
                field="calendar",
                folder=str(folder),
                detail=str(fault),
            ) from None
    return notice_tables.in_order(found)


def local_days(rows: Iterable[Mapping[str, Any]]) -> tuple[LocalDay, ...]:
    """An office's own days from its profile: `date`, `working`, `name`, `source`; Malformed for a day
    twice.
    """
    found: dict[date, LocalDay] = {}
    for row in rows:
        day = parse_date(str(row.get("date", "")), "local_days")
        if day in found:
            raise Malformed(
                N_("{date} stands twice among the local days."), field="local_days", date=day.isoformat()
            )
        working, name = row.get("working", False), str(row.get("name", ""))
        if not isinstance(working, bool) or not name:
            message = N_("The local day {date} needs a name, and true or false for `working`.")
            raise Malformed(message, field="local_days", date=day.isoformat())
        found[day] = LocalDay(day, working, name, str(row.get("source", "")))
    return tuple(found[day] for day in sorted(found))


def _days(
    entries: list[notice_days.Entry], problems: list[str], year: int | None
) -> Iterator[tuple[date, str, str]]:
    """(day, off or work, festival) of each entry that is sound by itself; what is not goes to the
    problems.
    """
    seen: set[date] = set()
    for entry, day in _single(entries, problems, year):
        word = entry.kind.lower()
        kind = "off" if word in OFF else "work" if word in WORK else ""
        if not kind:
            problems.append(
                translate(N_("{date}: neither off nor work: '{kind}'"), date=day, kind=entry.kind[:40])
            )
        elif day in seen:
            problems.append(translate(N_("{date} stands twice"), date=day))
        elif kind == "work" and day.weekday() < 5:
            problems.append(
                translate(N_("{date} is a make-up working day but no Saturday or Sunday"), date=day)
            )
        else:
            seen.add(day)
            yield day, kind, entry.festival


def _single(
    entries: list[notice_days.Entry], problems: list[str], year: int | None
) -> Iterator[tuple[notice_days.Entry, date]]:
    """Each day of each entry: a cell may name several."""
    for entry in entries:
        try:
            yield entry, day_forms.read(entry.day, "date")[0]
        except Malformed:
            try:
                days = day_ranges.read(entry.day, year)
            except day_ranges.Unread as fault:
                problems.append(str(fault))
            else:
                yield from ((entry, day) for day in days)


def _misplaced(days: list[tuple[date, str, str]], year: int) -> Iterator[str]:
    for day, _, _ in days:
        if day.year != year and not (day.year == year - 1 and day.month == 12):
            yield translate(
                N_("{date} belongs neither to {year} nor to the December before"), date=day, year=year
            )


def _promulgated(head: dict[str, str], problems: list[str]) -> date | None:
    try:
        return parse_date(head.get("promulgated", ""))
    except Malformed:
        problems.append(translate(N_("the day on which the notice was promulgated is missing")))
        return None


def _festivals(days: list[tuple[date, str, str]]) -> tuple[Festival, ...]:
    """The days by festival, festivals in the order of their first day."""
    names = dict.fromkeys(name for _, _, name in sorted(days))
    return tuple(
        Festival(
            name,
            tuple(sorted(day for day, kind, of in days if of == name and kind == "off")),
            tuple(sorted(day for day, kind, of in days if of == name and kind == "work")),
        )
        for name in names
    )


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _dates(days: tuple[date, ...]) -> str:
    return "[" + ", ".join(day.isoformat() for day in days) + "]"
