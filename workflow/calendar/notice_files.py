"""Calendar files as they stand: a list, iCalendar, JSON or TOML in, days as text out; their meaning is
checked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import csv_text, headings, reader
from workflow.calendar import fixed_holidays
from workflow.calendar.notice_days import Entry, Sheet, column_of, entry_of
from workflow.calendar.notice_ics import of_feed

# A plain text is no list, but the notice itself.
LISTS = tuple(form.lstrip(".") for form in reader.FORMS if form != ".txt")
MOST_LINES = 1000


def read_path(path: Path) -> Sheet:
    """The sheet of a file that a person names, in any usual encoding; Malformed or NotFound says why it is
    none.
    """
    form = path.suffix.lower().lstrip(".")
    if form in LISTS:
        with reader.opened(path) as sheets:
            return _listed(sheets, path)
    if form == "ics" and path.is_file():
        return of_feed(path.read_text(csv_text.encoding_of(path)))
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
        raise Malformed(
            N_("The file is not valid JSON: {detail}"), field="file", detail=tables.found(fault)
        ) from None


def _toml(text: str) -> Sheet:
    return _structured(tables.parse(text, "calendar"))


def _rows(lines: list[list[str]]) -> Sheet:
    """The days of a list whose first line names its columns."""
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    heads = [column_of(cell) for cell in filled[0]] if filled else []
    rows = [dict(zip(heads, line, strict=False)) for line in filled[1:]]
    years = {row["notice_year"] for row in rows if row.get("notice_year")}
    return Sheet({"year": years.pop()} if len(years) == 1 else {}, [entry_of(row) for row in rows])


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


def _structured(table: Any) -> Sheet:
    """JSON or TOML: `days`, or `off` and `work`, or one `notice` with its festivals."""
    if not isinstance(table, dict):
        raise Malformed(N_("The file has no days."), field="file")
    head = {column_of(key): str(value) for key, value in table.items() if isinstance(value, str | int)}
    papers = table.get("papers")
    if isinstance(papers, list) and papers:
        head.setdefault("source", str(papers[0]))
    entries = [entry_of(row) for row in _list(table, "days") if isinstance(row, dict)]
    notices = table.get("notice")
    if isinstance(notices, list) and len(notices) == 1 and isinstance(notices[0], dict):
        head.update(
            {column_of(key): str(value) for key, value in notices[0].items() if isinstance(value, str)}
        )
        entries += _days_by_festival(notices[0].get("festival"))
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


# Of what the title of a list names as its year; days without one are of it.
TITLE_YEAR = "title_year"
_NOTHING = later(r"[-—–/／\\\s]*|无|没有|无调休|不调休")

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

# Each form of a file with what reads its text.
READERS: dict[str, Callable[[str], Sheet]] = {"csv": _csv, "ics": of_feed, "json": _json, "toml": _toml}
