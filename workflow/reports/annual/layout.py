"""Table 3 as the form prints it: which label cells stand before each row, and over how many rows and columns.

The labels say it themselves: a part that begins with 一、 is of the first column, one with （一） of the
second, one with 1. of the third; each reaches down to the next of its kind, and to the right where nothing
stands below it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workflow import law
from workflow.law.entries import ReportFormat

_LEVELS = (re.compile(r"[一二三四五六七]、"), re.compile(r"（[一二三四五六七]）"), re.compile(r"\d\."))
LABEL_COLUMNS = len(_LEVELS)
# The lines at the head of a report in a sheet or a CSV, in both languages.
HEAD_LINES = {"unit": ("单位", "unit"), "year": ("年度", "year"), "format": ("格式", "format")}


class Label(NamedTuple):
    """A label cell: its text, its column (from 0), and how many rows and columns it takes."""

    text: str
    column: int
    rows: int
    columns: int


def labels(form: ReportFormat) -> list[list[Label]]:
    """The label cells that begin at each row of table 3, row by row."""
    told = [_parts(row.zh) for row in form.rows]
    made: list[list[Label]] = []
    for place, parts in enumerate(told):
        made.append([])
        for level, text in parts.items():
            below = next((n for n in range(place + 1, len(told)) if min(told[n]) <= level), len(told))
            deeper = any(max(told[n]) > level for n in range(place, below))
            made[-1].append(Label(text, level, below - place, 1 if deeper else LABEL_COLUMNS - level))
    return made


def _parts(label: str) -> dict[int, str]:
    """The parts of a label by their column."""
    found = {}
    for text in label.split(" "):
        found[next(level for level, start in enumerate(_LEVELS) if start.match(text))] = text
    return found


def kinds(form: ReportFormat) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The heads of the columns of table 3: of natural persons, of the kinds of organisation, of the total."""
    names = [law.bundled().tables["report"]["column"][key]["zh"] for key in form.columns]
    return (names[0],), tuple(names[1:-1]), names[-1]
