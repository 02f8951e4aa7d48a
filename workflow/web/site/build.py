"""The folder of the organ's public pages: what belongs into it, written whole, and checked later.

`site.json` in the folder keeps of each file its hash as written and the hash of what it was made from. So a
check tells which page is out of date, and which was changed by hand, without making a PDF again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from letters.pdf import annual_report, word_copy
from workflow.base import whole_files
from workflow.base.errors import Conflict, Environment, Malformed, NotFound
from workflow.base.messages import N_, speaking, translate
from workflow.drafting import guidance_book, precedent_book, precedent_files
from workflow.office.seat import Seat
from workflow.procedure import chart, transitions
from workflow.procedure.chart.words import Words
from workflow.reports.annual import build as annual
from workflow.reports.annual import closing, counts, form
from workflow.reports.annual import page as report_page
from workflow.reports.annual.form import ALL, FORWARD, NEW, OVER, TOTAL, Report
from workflow.web.public.pages import LANGUAGES as FOLDERS
from workflow.web.site import cases, days, forms, guide, guides, pages
from workflow.web.site.pages import Leaf

LIST = "site.json"
_FORMAT = 1
# Figures of table 3 that say how many came and went, in the words of words.toml.
_FLOW = {"new": NEW, "over": OVER, "finished": TOTAL, "forward": FORWARD}


class File(NamedTuple):
    """A file of the site: its name in the folder, what it is made from, and how."""

    name: str
    source: bytes
    make: Callable[[], bytes]


class Fault(NamedTuple):
    """A file that is not as it should be: missing, old, changed or left over."""

    name: str
    what: str


FAULTS = {
    "missing": N_("{name}: it is not there"),
    "old": N_("{name}: out of date"),
    "changed": N_("{name}: changed after it was made"),
    "left": N_("{name}: no longer belongs to the site"),
}


def _text(name: str, text: str) -> File:
    data = text.encode()
    return File(name, data, lambda: data)


def _document(name: str, page: dict[str, Any], make: Callable[[dict[str, Any]], bytes]) -> File:
    """A file whose making takes its time; the day on which it was made is no part of what it says."""
    told = {key: value for key, value in page.items() if key != "created"}
    return File(name, json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), partial(make, page))


def _word_copies() -> bool:
    try:
        word_copy.require()
    except Environment:
        return False
    return True


def files(seat: Seat, made: date, *, word: bool) -> Iterator[File]:
    """Every file of the site as the record and the law are today; `made` is the day that the pages name."""
    year = seat.today().year
    with seat.store.reading() as connection:
        reports = closing.every(connection, seat.office.id)
        stamps = {one.year: annual.stamp_as_closed(seat, connection, one.year) for one in reports}
        released = precedent_files.public(precedent_book.precedents(connection, seat.office.id))
        guided = guides.standing(guidance_book.pages(connection, seat.office.id), seat.today())[0]
        try:
            now: Report | None = counts.count(connection, seat.office.id, seat.office.name, year)
        except NotFound:
            now = None
    for path in (pages.STYLE, pages.SCRIPT):
        yield _text(os.path.basename(path), Path(path).read_text(encoding="utf-8"))
    for report in reports:
        told = report_page.page(report, made.isoformat(), stamps[report.year])
        # What was closed are the figures: a part without figures and words would say nothing.
        told["parts"] = [part for part in told["parts"] if part["paragraphs"] or _filled(report, part)]
        yield _text(f"report-{report.year}.html", annual_report.html(told))
        yield _text(f"report-{report.year}.csv", annual.written(report, "csv", made).decode())
    for folder, language in FOLDERS.items():
        with speaking(language):
            yield from _of_language(seat, folder, made, reports, now, word)
            yield from _leaves(seat, folder, made, cases.pages_of(released, folder))
            yield from _leaves(seat, folder, made, guides.pages_of(guided, folder))


def _filled(report: Report, part: Mapping[str, Any]) -> bool:
    if part["table"] == 2:
        return any(number is not None for row in report.table2.values() for number in row)
    return bool(part["table"])


def _of_language(
    seat: Seat, lang: str, made: date, reports: list[Report], now: Report | None, word: bool
) -> Iterator[File]:
    top = "" if lang == "zh" else f"{lang}/"
    office, today, process = seat.office, seat.today(), transitions.bundled()
    kinds = [("pdf", forms.pdf), *([("docx", forms.docx)] if word else [])]
    for kind in forms.KINDS:
        sheet = forms.page(office.name, kind, made)
        for ending, make in kinds:
            yield _document(f"{top}form-{kind}.{ending}", sheet, make)
    drawn = chart.svg(process, FOLDERS[lang], on=today)
    yield File(f"{top}procedure.svg", _undated(drawn, today).encode(), drawn.encode)
    values: dict[str, dict[str, Any]] = {
        "index": guide.index(office, today),
        "procedure": {"described": chart.description(Words(process, FOLDERS[lang], today))},
        "forms": {
            "forms": [
                (pages.word(f"forms.{kind}", lang), [(f"form-{kind}.{end}", end.upper()) for end, _ in kinds])
                for kind in forms.KINDS
            ]
        },
        "fees": guide.fees(office, today),
        "deadline": days.page(seat.context.calendar, today),
        "figures": _figures(now, lang, today.year),
        "reports": {"years": [report.year for report in reports]},
        "questions": {"questions": guide.questions(today)},
    }
    for name, value in values.items():
        title = pages.word(f"{name}.title", lang, year=today.year)
        told = {**value, "made": made.isoformat()}
        yield _text(f"{top}{name}.html", pages.page(name, lang, office, title, told))


def _leaves(seat: Seat, lang: str, made: date, found: Iterable[Leaf]) -> Iterator[File]:
    """Pages that are made of what the office keeps: decided cases, work guidance."""
    top, day = "" if lang == "zh" else f"{lang}/", {"made": made.isoformat()}
    for one in found:
        text = pages.page(one.name, lang, seat.office, one.title, {**one.values, **day}, one.template)
        yield _text(f"{top}{one.name}.html", text)


def _undated(drawn: str, day: date) -> str:
    """A chart without the day that stands below it: on the next day it says the same."""
    return drawn.replace(day.isoformat(), "").replace(f"{day.year}年{day.month}月{day.day}日", "")


def _figures(now: Report | None, lang: str, year: int) -> dict[str, Any]:
    """How many came and went this year, and with which results; numbers only."""
    if now is None:
        return {"year": year, "rows": [], "results": []}
    return {
        "year": year,
        "rows": [(pages.word(f"figures.{key}", lang), now.table3[row][ALL]) for key, row in _FLOW.items()],
        "results": [
            (form.row_label(row), now.table3[row][ALL]) for row in now.form.results if now.table3[row][ALL]
        ],
    }


# --- the folder


class Written(NamedTuple):
    """What was written: the files, and what could not be said."""

    names: list[str]
    gaps: list[str]


def write(seat: Seat, folder: Path) -> Written:
    """Write the site; what of an earlier one no longer belongs there is taken away. Conflict for a file of
    the same name that is not of the site.
    """
    today, word = seat.today(), _word_copies()
    known = _known(folder)
    planned = list(files(seat, today, word=word))
    for one in planned:
        if one.name not in known["files"] and (folder / one.name).exists():
            raise Conflict(
                N_("{path} is not of the site that was written here; it is left as it is."),
                field="out",
                path=str(folder / one.name),
                way_on=N_("Choose an empty folder."),
            )
    # All of it is made before anything is written, and the list goes first: a run that breaks off leaves
    # what the check names and the next run replaces.
    data = {one.name: one.make() for one in planned}
    listed = {one.name: {"sha256": _hash(data[one.name]), "source": _hash(one.source)} for one in planned}
    plan = {"format": _FORMAT, "made": today.isoformat(), "word": word, "files": listed}
    _put(folder / LIST, (json.dumps(plan, ensure_ascii=False, indent=1) + "\n").encode())
    for name, made in data.items():
        _put(folder / name, made)
    for name in known["files"].keys() - listed.keys():
        (folder / name).unlink(missing_ok=True)
    with seat.store.reading() as connection:
        stale = guides.standing(guidance_book.pages(connection, seat.office.id), today)[1]
    without = [translate(N_("The forms are without .docx: python-docx is not installed."))]
    return Written(
        [one.name for one in planned],
        [*guide.gaps(seat.office, today), *map(guides.left_out, stale), *([] if word else without)],
    )


def check(seat: Seat, folder: Path) -> list[Fault]:
    """What of a written site is not as the record and the law are today."""
    known = _known(folder)
    if not known["made"]:
        raise NotFound(
            N_("{path} holds no site."),
            field="check",
            path=str(folder),
            way_on=N_("Write it with: disclosure web site --out FOLDER"),
        )
    planned = {
        one.name: _hash(one.source)
        for one in files(seat, date.fromisoformat(known["made"]), word=known["word"])
    }
    found = []
    for name in sorted(planned.keys() | known["files"].keys()):
        path, was = folder / name, known["files"].get(name)
        if name not in planned:
            what = "left" if path.exists() else ""
        elif not path.is_file():
            what = "missing"
        elif was is None or was["source"] != planned[name]:
            what = "old"
        else:
            what = "" if _hash(path.read_bytes()) == was["sha256"] else "changed"
        if what:
            found.append(Fault(name, what))
    return found


def _known(folder: Path) -> dict[str, Any]:
    """The list of what was written into a folder; Malformed where it is none."""
    nothing: dict[str, Any] = {"made": "", "word": False, "files": {}}
    try:
        raw = json.loads((folder / LIST).read_text(encoding="utf-8"))
        date.fromisoformat(raw["made"])
        if raw["format"] != _FORMAT or any(not _inside(name) for name in raw["files"]):
            raise ValueError(raw["format"])
        return {"made": str(raw["made"]), "word": bool(raw["word"]), "files": dict(raw["files"])}
    except FileNotFoundError:
        return nothing
    except (OSError, ValueError, KeyError, TypeError):
        raise Malformed(
            N_("{path} is not the list of a site."),
            field="out",
            path=str(folder / LIST),
            way_on=N_("Choose an empty folder."),
        ) from None


def _inside(name: str) -> bool:
    """Whether a listed name stays in the folder: a list may have been changed."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def _put(path: Path, data: bytes) -> None:
    """A file that any web server may read."""
    whole_files.write(path, data, replace=True)
    path.chmod(0o644)
    path.parent.chmod(0o755)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
