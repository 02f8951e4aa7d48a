"""How a deadline was reached, for a person: a table of its days, and a picture of the months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Self

from workflow.base import dates
from workflow.base.completeness import require_same
from workflow.base.messages import N_, language, translate
from workflow.base.names import article
from workflow.base.screen import Block, folded, table
from workflow.base.text_width import pad, width
from workflow.calendar import Calendar
from workflow.clocks import derivation
from workflow.clocks.deadline import Deadline
from workflow.clocks.derivation import Step
from workflow.law import rows

HEADS = {"zh_CN": "一 二 三 四 五 六 日", "en": "Mo Tu We Th Fr Sa Su"}
# One symbol for each kind of day, distinguished by shape and not by colour.
SIGNS = {
    "start": ("◇", N_("the day of the event")),
    "counted": ("●", N_("counted")),
    "extended": ("○", N_("counted in the extension")),
    "window": ("◌", N_("consultation, left out")),
    "off": ("·", N_("day off")),
    "due": ("◆", N_("last day")),
}

STATUSES = {
    "V": N_("compared with its text"),
    "V*": N_("confirmed by an official source, not compared with its text"),
    "M": N_("held to be right, not compared with its text"),
    "C": N_("inferred"),
    "U": N_("not settled by the law"),
}
require_same("explanation.STATUSES", STATUSES, "law/rows.STATUSES", rows.STATUSES)
PROVISIONAL = N_(
    "PROVISIONAL: the days off of that year are not announced yet; only holidays fixed by law were left out."
)
# The notes of a last day that was set, and not reached by counting.
SET = frozenset({"office_set", "ordered"})
# Cells of a month as it is drawn.
WIDE = 36


def head_lines(deadline: Deadline, calendar: Calendar | None = None) -> list[str]:
    """Rule, provision, start, last day and notes.

    With the calendar, its last announced year is shown instead of its version, which is a checksum.
    """
    unit = {"working_day": N_("working days"), "day": N_("days"), "month": N_("months"), "year": N_("years")}
    # A day that was set may be a day off: its working days were counted afterwards, and did not lead to it.
    said = (
        N_("From {start}: last day {due}, which was set; {length} {unit} lie in between")
        if SET.intersection(deadline.notes)
        else N_("From {start}, {length} {unit}: last day {due}")
    )
    lines = [
        translate(
            said,
            start=deadline.start,
            length=deadline.length,
            unit=translate(unit[deadline.unit]),
            due=deadline.due,
        ),
        translate(N_("Provision: {article}"), article=article(deadline.article)),
        translate(N_("Certainty: {status}"), status=translate(STATUSES[deadline.status])),
        translate(N_("Calendar: {version}"), version=deadline.calendar_version)
        if calendar is None
        else translate(
            N_("Calendar: days off as announced up to {year}"), year=calendar.announced_until.year
        ),
    ]
    if deadline.extended_by:
        lines.append(
            translate(
                N_("First period until {first}; extended by {n} working days."),
                first=deadline.first_due,
                n=deadline.extended_by,
            )
        )
    lines += [
        translate(
            N_("Left out: {first} to {last}")
            if "left_out" in deadline.notes
            else N_("Left out for consultation: {first} to {last}"),
            first=first,
            last=last,
        )
        for first, last in deadline.excluded
    ]
    lines += [translate(N_("Note: {text}"), text=text) for text in deadline.note_texts()]
    if deadline.provisional:
        lines.append(translate(PROVISIONAL))
    return lines


def step_rows(deadline: Deadline, calendar: Calendar) -> list[list[str]]:
    """Each day with its number or a dash, and why; a run of plain working days stands on one line."""
    rows: list[list[str]] = []
    run: list[Step] = []

    def close() -> None:
        if not run:
            return
        days = f"{run[0].date}" if len(run) == 1 else f"{run[0].date} – {run[-1].date}"
        numbers = f"{run[0].number}" if len(run) == 1 else f"{run[0].number}–{run[-1].number}"
        rows.append([days, numbers if run[0].counted else "–", run[0].text])
        run.clear()

    for step in derivation.steps(deadline, calendar):
        if run and not (
            step.counted == run[0].counted
            and step.text == run[0].text
            and step.date == run[-1].date + timedelta(days=1)
        ):
            close()
        run.append(step)
    close()
    return rows


def grid(deadline: Deadline, calendar: Calendar) -> list[dict[str, Any]]:
    """The months from the event to the last day: weeks of seven cells, each (day, kind) or None outside the
    month.
    """
    kinds = {step.date: _kind(step, deadline) for step in derivation.steps(deadline, calendar)}
    kinds[deadline.due] = "due"
    made = []
    month = deadline.start.replace(day=1)
    while month <= deadline.due:
        made.append({"title": _title(month), "weeks": list(_weeks(month, kinds))})
        month = (month + timedelta(days=32)).replace(day=1)
    return made


def _kind(step: Step, deadline: Deadline) -> str:
    if step.counted:
        return "extended" if deadline.extended_by and step.date > deadline.first_due else "counted"
    return step.reason if step.reason in SIGNS else "off"


def _title(month: date) -> str:
    return f"{month.year}年{month.month}月" if language() == "zh_CN" else f"{month:%B %Y}"


def _weeks(month: date, kinds: dict[date, str]) -> Iterator[list[tuple[int, str] | None]]:
    day = month - timedelta(days=month.weekday())
    while day.month == month.month or day < month:
        week: list[tuple[int, str] | None] = []
        for _ in range(7):
            week.append((day.day, kinds.get(day, "")) if day.month == month.month else None)
            day += timedelta(days=1)
        yield week


def months(deadline: Deadline, calendar: Calendar) -> list[str]:
    """The months as they are drawn on a terminal, two abreast, each day with its sign."""
    legend = "  ".join(f"{sign} {translate(text)}" for sign, text in SIGNS.values())
    return [Abreast([_block(month) for month in grid(deadline, calendar)], WIDE, legend)]


class Abreast(Block):
    """Drawings of equal width side by side, as many as there is room for, with the meaning of their signs.

    They show what a table says already, and are not read out.
    """

    __slots__ = ("drawings", "legend", "size")

    drawings: list[list[str]]
    legend: str
    size: int

    def __new__(cls, drawings: list[list[str]], size: int, legend: str, most: int = 2) -> Self:
        made = super().__new__(cls, "\n".join([*_side_by_side(drawings, size, most), legend]))
        made.drawings, made.size, made.legend = drawings, size, legend
        return made

    def fit(self, room: int) -> list[str]:
        """Two beside each other, or one below the other; the legend below them."""
        abreast = 2 if 2 * self.size <= room else 1
        lines = [line for line in _side_by_side(self.drawings, self.size, abreast) if width(line) <= room]
        return [*lines, *folded(self.legend, room)]

    def spoken(self) -> list[str]:
        """Nothing."""
        return []


def _side_by_side(drawings: list[list[str]], size: int, abreast: int) -> Iterator[str]:
    for first in range(0, len(drawings), abreast):
        row = drawings[first : first + abreast]
        for at in range(max(map(len, row))):
            yield "".join(pad(one[at] if at < len(one) else "", size) for one in row).rstrip()
        yield ""


def _block(month: dict[str, Any]) -> list[str]:
    heads = " ".join(pad(head, 4) for head in HEADS[language()].split())
    weeks = (
        " ".join(f"{cell[0]:2d}{SIGNS.get(cell[1], ' ')[0]} " if cell else "    " for cell in week)
        for week in month["weeks"]
    )
    return [month["title"], heads, *weeks]


def lines_of(name: str, deadline: Deadline, calendar: Calendar) -> list[str]:
    """The full explanation of one deadline."""
    header = [translate(N_("date")), translate(N_("counted")), translate(N_("why"))]
    return [
        f"── {name} ──",
        *head_lines(deadline, calendar),
        "",
        *table(header, step_rows(deadline, calendar)),
        "",
        *months(deadline, calendar),
    ]


def page(title: str, subtitle: str, parts: list[tuple[str, Deadline]], calendar: Calendar) -> dict[str, Any]:
    """The same as plain data for a printed page."""
    return {
        "title": title,
        "subtitle": subtitle,
        "parts": [
            {
                "name": name,
                "head": head_lines(deadline, calendar),
                "rows": step_rows(deadline, calendar),
                "months": grid(deadline, calendar),
            }
            for name, deadline in parts
        ],
        "weekdays": HEADS[language()].split(),
        "legend": [[kind, translate(text)] for kind, (_sign, text) in SIGNS.items()],
        "columns": [translate(N_("date")), translate(N_("counted")), translate(N_("why"))],
        "created": dates.today().isoformat(),
        "lang": "zh-CN" if language() == "zh_CN" else "en",
    }
