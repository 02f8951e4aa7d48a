"""Calendar files as they stand: a list, iCalendar, JSON or TOML in, days as text out; their meaning is
checked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.base.dates import CHINA
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.sheets import csv_text, headings, reader
from workflow.calendar import fixed_holidays

LISTS = ("csv", "xlsx", "xlsm", "xls", "ods")
# A feed of holidays has some dozens of events; a larger one is not a single notice.
MOST_EVENTS, MOST_DAYS, MOST_LINES = 400, 40, 1000
_WORK = re.compile(r"补班|上班|调休上班|工作日|[(（\[【]?班[)）\]】]?\s*$|work", re.IGNORECASE)
_OFF = re.compile(r"假期|放假|休假|[(（\[【]?休[)）\]】]?\s*$|holiday|day off", re.IGNORECASE)


class Entry(NamedTuple):
    """One day of a file as it stands there."""

    day: str
    kind: str
    festival: str


class Sheet(NamedTuple):
    """A file as it stands: what it says about the notice, and its days."""

    head: dict[str, str]
    entries: list[Entry]
    # Whether the file has a place of its own for the year of the notice.
    structured: bool = False


def read_path(path: Path) -> Sheet:
    """The sheet of a file that a person names, in any usual encoding; Malformed or NotFound says why it is
    none.
    """
    form = path.suffix.lower().lstrip(".")
    if form in LISTS:
        with reader.opened(path) as sheets:
            return _listed(sheets, path)
    if form == "ics" and path.is_file():
        return _ics(path.read_text(csv_text.encoding_of(path)))
    return read(tables.text_of(path), form)


def read(text: str, form: str) -> Sheet:
    """The sheet of a file; Malformed if it is not of its form."""
    if form not in READERS:
        message = N_("A calendar file is {forms}, not {form}.")
        raise Malformed(message, field="file", form=form, forms=listed(READERS))
    return READERS[form](text)


def _csv(text: str) -> Sheet:
    return _rows(csv_text.rows_of(text))


def _json(text: str) -> Sheet:
    import json

    try:
        return _structured(json.loads(text))
    except (ValueError, RecursionError) as fault:
        raise Malformed(N_("The file is not valid JSON: {detail}"), field="file", detail=str(fault)) from None


def _toml(text: str) -> Sheet:
    return _structured(tables.parse(text, "calendar"))


def _rows(lines: list[list[str]]) -> Sheet:
    """The days of a list whose first line names its columns."""
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    heads = [_word(cell) for cell in filled[0]] if filled else []
    rows = [dict(zip(heads, line, strict=False)) for line in filled[1:]]
    years = {row["notice_year"] for row in rows if row.get("notice_year")}
    return Sheet({"year": years.pop()} if len(years) == 1 else {}, [_entry(row) for row in rows])


def _listed(sheets: list[reader.Sheet], path: Path) -> Sheet:
    """The days of a list that has its heading under titles, on any sheet, and notes below: a line a day, or a
    line a festival with its days off and those worked for them.
    """
    found = headings.find(sheets, _COLUMNS, _needed)
    told = {key for key in found.keys if key} if found else set()
    if found is None or not _needed(told):
        raise Malformed(
            N_("The list '{name}' lacks a column: {wanted}."),
            rule=fixed_holidays.arrangement(),
            field="file",
            name=path.name,
            wanted=listed(zh for key, zh in (("date", "日期"), ("kind", "类型")) if key not in told),
            way_on=N_(
                "Its lines are days, of which a column 类型 says 休 or 班, or festivals with the columns 放假时间 and 调休上班."
            ),
        )
    keys = [key or "" for key in found.keys]
    lines = [row for row in found.rows() if headings.passed_over(row, found) is None]
    rows = ([reader.plain(row.at(place)) for place in range(len(keys))] for row in islice(lines, MOST_LINES))
    sheet = _rows([keys, *rows]) if "kind" in told else _by_festival(keys, list(rows))
    year = headings.year_of(found) or _year_in(path.stem)
    return sheet if year is None else sheet._replace(head={TITLE_YEAR: str(year), **sheet.head})


def _needed(told: set[str]) -> bool:
    return {"date", "kind"} <= told or {"festival", "off"} <= told


def _year_in(name: str) -> int | None:
    years = set(re.findall(r"(?<!\d)20\d{2}(?!\d)", name))
    return int(years.pop()) if len(years) == 1 else None


def _by_festival(keys: list[str], rows: list[list[str]]) -> Sheet:
    """Lines as the notice prints them: a festival, when it is off, which days are worked for it."""
    entries: list[Entry] = []
    for cells in rows:
        row = dict(zip(keys, cells, strict=False))
        for sentence in re.split(r"[。；;]+", row["off"]):
            if sentence.strip():
                kind = "work" if re.search(r"上班|补班", sentence) else "off"
                entries.append(Entry(sentence.strip(), kind, row["festival"]))
        work = row.get("work", "").strip()
        if work and not _NOTHING.fullmatch(work):
            entries.append(Entry(work, "work", row["festival"]))
    return Sheet({}, entries)


def _ics(text: str) -> Sheet:
    """The days of an iCalendar feed: each event off or work by its title, its end the day after its last."""
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as fault:
        raise Malformed(
            N_("The file is not valid iCalendar: {detail}"), field="file", detail=str(fault)[:100]
        ) from None
    if len(events) > MOST_EVENTS:
        raise Malformed(N_("The file has more than {most} events."), field="file", most=MOST_EVENTS)
    entries: list[Entry] = []
    for event in events:
        title = str(event.get("SUMMARY", ""))
        kind = _MARKED.get(str(event.get("X-APPLE-SPECIAL-DAY", "")).strip().upper()) or (
            "work" if _WORK.search(title) else "off" if _OFF.search(title) else title[:40]
        )
        name = re.sub(r"[\s()（）\[\]【】]+", "", _OFF.sub("", _WORK.sub("", title))).removeprefix("补")
        days = _days_of(event, title)
        if _is_festival(title.strip(), days):
            kind = "off"
        entries += [Entry(day, kind, name) for day in days]
    return Sheet({}, entries)


def _is_festival(title: str, days: list[str]) -> bool:
    """Whether an event of several days bears the name of a festival alone and holds all the days that the law
    fixes for it. (One of a single day may only tell when the festival is.)
    """
    if len(days) < 2 or not days[0][:4].isdecimal():
        return False
    years = {int(day[:4]) for day in days} & {*fixed_holidays.years()}
    fixed = [
        {day.isoformat() for day, name, _ in fixed_holidays.holidays(year) if name == title} for year in years
    ]
    return any(one and one <= {*days} for one in fixed)


def _days_of(event: Any, title: str) -> list[str]:
    begun, ended, lasts = (_moment(event.get(name)) for name in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(begun, date) or "RRULE" in event:
        # Repeating events, and events without a first day, set no days of one notice.
        return [title[:40]]
    if isinstance(lasts, timedelta):
        ended = begun + lasts
    first, last = _day(begun), _day(begun)
    if isinstance(ended, date) and _day(ended) > first:
        # An end at midnight, or a day without a time, is the day after the last.
        within = isinstance(ended, datetime) and ended.time() > time(0)
        last = _day(ended) - timedelta(days=0 if within else 1)
    if (last - first).days > MOST_DAYS:
        return [f"{first} - {last}"]
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _moment(given: Any) -> Any:
    """A day, a moment in the time of China, or a length of time; None for anything else."""
    try:
        found = getattr(given, "dt", None)
    except ValueError:
        return None  # a day that the library could not read
    if isinstance(found, datetime) and found.tzinfo is not None:
        return found.astimezone(CHINA)
    return found


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _structured(table: Any) -> Sheet:
    """JSON or TOML: `days`, or `off` and `work`, or one `notice` with its festivals."""
    if not isinstance(table, dict):
        raise Malformed(N_("The file has no days."), field="file")
    head = {_word(key): str(value) for key, value in table.items() if isinstance(value, str | int)}
    papers = table.get("papers")
    if isinstance(papers, list) and papers:
        head.setdefault("source", str(papers[0]))
    entries = [_entry(row) for row in _list(table, "days") if isinstance(row, dict)]
    notices = table.get("notice")
    if isinstance(notices, list) and len(notices) == 1 and isinstance(notices[0], dict):
        head.update({_word(key): str(value) for key, value in notices[0].items() if isinstance(value, str)})
        entries += _days_by_festival(notices[0].get("festival", []))
    else:
        entries += _listed_days(table, "")
    return Sheet(head, entries, structured=True)


def _list(block: dict[str, Any], name: str) -> list[Any]:
    """A list of days; Malformed where something else stands there, for days would be left out."""
    found = block.get(name, [])
    if not isinstance(found, list):
        raise Malformed(N_("'{field}' has to be a list."), field=name)
    return found


def _days_by_festival(festivals: Any) -> Iterator[Entry]:
    for festival in festivals if isinstance(festivals, list) else []:
        if isinstance(festival, dict):
            yield from _listed_days(festival, str(festival.get("name", "")))


def _listed_days(block: dict[str, Any], festival: str) -> Iterator[Entry]:
    """The days of the lists `off` and `work`."""
    for kind in ("off", "work"):
        for day in _list(block, kind):
            yield Entry(str(day), kind, festival)


def _word(key: Any) -> str:
    word = str(key or "").strip().lower()
    return _WORDS.get(word, word)


_WORDS = {
    "日期": "date",
    "day": "date",
    "类型": "kind",
    "type": "kind",
    "isoffday": "kind",
    "节日": "festival",
    "名称": "festival",
    "name": "festival",
    "年份": "year",
    "年": "year",
    "文号": "number",
    "notice_no": "number",
    "发布日期": "promulgated",
    "url": "source",
}


def _entry(row: Mapping[Any, Any]) -> Entry:
    fields = {_word(key): value for key, value in row.items()}
    return Entry(*(str(fields.get(key) if fields.get(key) is not None else "").strip() for key in _FIELDS))


_FIELDS = ("date", "kind", "festival")
# Of what the title of a list names as its year; days without one are of it.
TITLE_YEAR = "title_year"
_NOTHING = re.compile(r"[-—–/／\\\s]*|无|没有|无调休|不调休")

# The same words as titles of columns, and how lists of offices call them.
_COLUMNS = headings.Words(
    {
        "date": ["date", "day", "日期", "公历日期", "具体日期"],
        "kind": [
            "kind",
            "type",
            "isOffDay",
            "类型",
            "类别",
            "性质",
            "休班",
            "班休",
            "放假上班",
            "放假或上班",
            "安排",
        ],
        "festival": [
            "festival",
            "name",
            "节日",
            "名称",
            "节日名称",
            "节假日",
            "节假日名称",
            "假日名称",
            "假期",
        ],
        "notice_year": ["notice_year", "年度"],
        "off": [
            "放假时间",
            "放假日期",
            "放假安排",
            "放假调休日期",
            "放假调休时间",
            "休假时间",
            "休假日期",
            "放假起止日期",
        ],
        "work": [
            "调休上班",
            "调休上班日期",
            "调休上班时间",
            "上班日期",
            "补班日期",
            "补班",
            "补班时间",
            "调休补班日期",
        ],
    }
)
# How the calendars of one maker mark a day, whatever the title.
_MARKED = {"WORK-HOLIDAY": "off", "ALTERNATE-WORKDAY": "work"}

# Each form of a file with what reads its text.
READERS: dict[str, Callable[[str], Sheet]] = {"csv": _csv, "ics": _ics, "json": _json, "toml": _toml}
