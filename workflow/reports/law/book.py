"""The law as the program applies it, as pages and a PDF that a lawyer can read and sign.

One page for the periods, the routes, the grounds and answers, the fees, the letters, the organs, what the
office settles for itself, and the texts; each row with its days, article, words and certainty. With two days
also a page that sets what differs side by side.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from letters.pdf import lists
from workflow import law
from workflow.base import whole_files
from workflow.base.errors import Malformed
from workflow.base.messages import N_, language, translate
from workflow.law import Law
from workflow.reports.law.book_rows import NAME, Cells
from workflow.reports.law.book_sections import SECTIONS, Section

CHANGES, INDEX, PDF = "changes", "index", "law.pdf"


def write(folder: Path, on: date, first: date | None = None) -> list[Path]:
    """Write the book of a day into a folder, with `first` also what differs from that day; the files written.

    OutOfLaw for a day before the first Regulations, Malformed for a first day that is not earlier.
    """
    book = law.bundled()
    for day in (on, *([first] if first else [])):
        book.era_on(day)
    if first is not None and first >= on:
        raise Malformed(
            N_("The earlier day {first} is not before {last}."), field="from", first=first, last=on
        )
    blocks = {section.file: [_table(section, section.rows(book, on))] for section in SECTIONS}
    titles = {section.file: translate(section.title) for section in SECTIONS}
    if first is not None:
        blocks = {CHANGES: _differences(book, first, on), **blocks}
        titles = {CHANGES: translate(N_("Changes from {first} to {last}"), first=first, last=on), **titles}
    links = {
        "kind": "links",
        "links": [{"to": f"{file}.html", "title": title} for file, title in titles.items()],
    }
    written = [_page(folder / f"{INDEX}.html", lists.html(_whole(_title(), on, [links, *_signed()])))]
    for file, made in blocks.items():
        page = _whole(titles[file], on, [links, *made, *_signed()])
        written.append(_page(folder / f"{file}.html", lists.html(page)))
    everything = [block for made in blocks.values() for block in made]
    whole_files.write(folder / PDF, lists.pdf(_whole(_title(), on, [*everything, *_signed()])), replace=True)
    return [*written, folder / PDF]


def _title() -> str:
    return translate(N_("The law as it is applied"))


def _page(path: Path, html: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_files.write(path, html.encode(), replace=True)
    return path


def _whole(title: str, on: date, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    era = law.bundled().era_on(on)
    return {
        "title": title,
        "subtitle": translate(N_("The law of {day} ({era})"), day=on, era=era.name),
        "created": on.isoformat(),
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "paper": "A4",
        "blocks": blocks,
    }


def _table(section: Section, rows: dict[str, Cells]) -> dict[str, Any]:
    columns = [
        {"title": translate(title), "width": width, "kind": "text"} for title, width in section.columns
    ]
    return {
        "kind": "table",
        "title": translate(section.title),
        "columns": columns,
        "rows": [list(row) for row in rows.values()],
    }


def _differences(book: Law, first: date, last: date) -> list[dict[str, Any]]:
    """What is not the same on two days, side by side: cell by cell under the name of each row."""
    blocks = []
    for section in SECTIONS:
        before, after = section.rows(book, first), section.rows(book, last)
        rows = []
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key), after.get(key)
            if old != new:
                rows.append([_named(old, new), _said(section, old, new), _said(section, new, old)])
        if rows:
            columns = [
                {"title": translate(NAME), "width": 20, "kind": "text"},
                *({"title": day.isoformat(), "width": 50, "kind": "text"} for day in (first, last)),
            ]
            title = translate(N_("Changed: {what}"), what=translate(section.title))
            blocks.append({"kind": "table", "title": title, "columns": columns, "rows": rows})
    return blocks or [{"kind": "notes", "lines": [translate(N_("Nothing differs."))]}]


def _named(old: Cells | None, new: Cells | None) -> str:
    """What a row is called, with what it says first of all where that stays."""
    named, *rest = new or old or ("",)
    same = old is not None and new is not None and len(rest) > 1 and old[1] == new[1]
    return f"{named}\n{rest[0]}" if same and rest[0] else named


def _said(section: Section, mine: Cells | None, other: Cells | None) -> str:
    """The cells of a row that differ from those of the other day, each under its column."""
    if mine is None:
        return translate(N_("there was none")) if other else ""
    pairs = zip(section.columns[1:], mine[1:], (other or ("",) * len(mine))[1:], strict=True)
    return "\n".join(f"{translate(title)}: {cell or '–'}" for (title, _), cell, was in pairs if cell != was)


def _signed() -> list[dict[str, Any]]:
    return [
        {
            "kind": "notes",
            "lines": [
                "　",
                translate(N_("Read and found right by: ____________________    Day: ____________________")),
            ],
        }
    ]
