"""The law as the program applies it, as pages and a PDF that a lawyer can read and sign.

One page for the periods, the routes, the grounds and answers, the fees, the letters, the organs, what the
office settles for itself, and the texts; each row with its days, article, words and certainty. With two days
also a page that sets what differs side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from letters.content import kinds
from letters.pdf import lists
from workflow import law
from workflow.base import whole_files
from workflow.base.errors import Malformed, OutOfLaw, Refused
from workflow.base.messages import N_, language, listed, pick, translate
from workflow.base.names import name
from workflow.clocks.explanation import STATUSES
from workflow.law import Law
from workflow.law.citations import HOUSE
from workflow.reports.views import faulty_notices
from workflow.reports.views.routes import KINDS

Cells = tuple[str, ...]


class Section(NamedTuple):
    """One page: its file, title, columns with their widths, and what makes its rows, by a key that stays."""

    file: str
    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Callable[[Law, date], dict[str, Cells]]


_NAME, _ARTICLE, _WORDS = N_("name"), N_("article"), N_("words relied on")
_DAYS, _STATUS, _NOTE = N_("in force"), N_("certainty"), N_("note")


def _cited(book: Law, *refs: str) -> str:
    """Provisions spelt out; those of one instrument that follow on one another under its name once."""
    told: list[str] = []
    before = ""
    for ref in refs:
        found = book.citation(ref)
        named = book.instrument(found.instrument).en if found.instrument != HOUSE else ""
        short = pick(found.zh_short, found.en.removeprefix(named).lstrip(", "))
        again = before == found.instrument != HOUSE and short != found.zh
        told.append(short if again else pick(found.zh, found.en))
        before = found.instrument
    return listed(told)


def _days(row: Any) -> str:
    first = row.effective_from.isoformat()
    return f"{first} – {row.effective_until or ''}".rstrip()


def _certain(status: str) -> str:
    return f"{status}: {translate(STATUSES[status])}" if status in STATUSES else status


def _note(text: str) -> str:
    return translate(text) if text else ""


def _periods(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for value in book.values_on(on):
        head, unit = book.parameter(value.id), book.unit(value.unit)
        number = "" if value.unit == "rule" else f"{value.value} {pick(unit['zh'], unit['en'])}"
        promulgated = translate(N_("promulgated {day}"), day=value.promulgated)
        by = f" ({book.instrument(value.amended_by).zh})" if value.amended_by else ""
        found[value.id] = (
            f"{pick(head['zh'], head['en'])} ({value.id})",
            number,
            _cited(book, value.article) + by,
            value.text,
            f"{_days(value)}; {promulgated}",
            _certain(value.status),
            _note(value.note),
        )
    return found


def _routes(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for outcome in book.contested():
        for cell, series in book.routes(outcome).items():
            if not series.has(on):
                continue
            route, variant = series.on(on), book.variant(outcome)
            which = f" – {variant.name(cell)}" if variant and cell else ""
            found[f"{outcome} {cell}".strip()] = (
                f"{name('outcome', outcome)}{which}",
                translate(KINDS[route.kind]),
                _cited(book, *route.articles),
                route.text,
                _days(route),
                _certain(route.status),
                _note(route.note),
            )
    return found


def _starts(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for row in book.tables["starts"]["start"]:
        if not _holds(row, on):
            continue
        remedy = (
            name("remedy", "reconsideration") if row["remedy"] == "reconsideration" else translate(N_("suit"))
        )
        found[f"{row['remedy']} {row['how']}"] = (
            f"{remedy} – {translate(HOW[row['how']])}",
            _cited(book, row["article"]),
            row.get("text", ""),
            f"{row['effective_from']} – {row.get('effective_until', '')}".rstrip(),
            _certain(row["status"]),
            _note(row.get("note", "")),
        )
    return found


def _faulty_notices(book: Law, on: date) -> dict[str, Cells]:
    return {
        f"{row.remedy} {row.fault}": (
            faulty_notices.named(row),
            pick(row.zh, row.en),
            _cited(book, row.article),
            row.text,
            _days(row),
            _certain(row.status),
            _note(row.note),
        )
        for row in book.faulty_notices(on)
    }


def _answers(book: Law, on: date) -> dict[str, Cells]:
    rows: list[tuple[str, Any]] = [("outcomes", one) for one in book.outcomes(on)]
    rows += [("grounds", one) for one in book.grounds(on)]
    found: dict[str, Cells] = {}
    for table, one in rows:
        text = next(
            (
                row.get("text", "")
                for row in book.tables[table]["basis"]
                if row["id"] == one.id and row["effective_from"] == one.effective_from.isoformat()
            ),
            "",
        )
        found[f"{table} {one.id}"] = (
            pick(one.zh, one.en),
            listed(
                f"{kind.code} {kind.name}"
                for kind in kinds.all()
                if one.id in (kind.grounds or kind.outcomes)
            ),
            _cited(book, one.basis),
            text,
            _days(one),
            _certain(one.status),
            _note(one.note),
        )
    return found


def _fees(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for row in book.tables["fees"]["rate"]:
        if not _holds(row, on):
            continue
        head = book.tables["fees"]["schedule"][row["id"]]
        bands = "; ".join(
            f"{band['from']}–{band.get('until', '')}: {band['yuan']}"
            + (f" (+{band['rise']} / {band['every']})" if "every" in band else "")
            for band in row["bands"]
        )
        found[row["id"]] = (
            pick(head["zh"], head["en"]),
            bands,
            _cited(book, row["article"]),
            row.get("text", ""),
            f"{row['effective_from']} – {row.get('effective_until', '')}".rstrip(),
            _certain(row["status"]),
            _note(row.get("note", "")),
        )
    return found


def _letters(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for kind in kinds.all():
        if kind.decides:
            outcomes = {one.id: one for one in book.outcomes(on)}
            grounds = {one.id: one for one in book.grounds(on)}
            refs = [outcomes[one].basis for one in kind.outcomes if one in outcomes]
            refs += [grounds[one].basis for one in kind.grounds if one in grounds]
            if not refs:
                continue
        else:
            try:
                refs = list(kind.basis_under(book.era_on(on), on))
            except (Refused, OutOfLaw):
                continue
        found[kind.code] = (
            f"{kind.code} {kind.name}",
            kind.document,
            _cited(book, *dict.fromkeys(ref for ref in refs if not ref.startswith("house:"))),
            ", ".join(kind.needs),
        )
    return found


def _organs(book: Law, on: date) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for kind, levels in book.organ_levels().items():
        for row in book.tables["organs"]["organ"]:
            mine = [level for level in levels if level in row["levels"]]
            if row["kind"] != kind or not mine or not _holds(row, on):
                continue
            organs = book.reconsideration_organs(kind=kind, level=mine[0], on=on)
            found[f"{kind} {' '.join(mine)}"] = (
                f"{name('office_kind', kind)} – {listed(name('office_level', level) for level in mine)}",
                listed(name("organ", role) for role in organs),
                _cited(book, organs.article),
                organs.text,
                _days(organs),
                _certain(organs.status),
                _note(organs.note),
            )
    return found


def _holds(row: dict[str, Any], on: date) -> bool:
    return bool(row["effective_from"] <= on.isoformat() <= row.get("effective_until", "9999-12-31"))


def _settled(book: Law, on: date) -> dict[str, Cells]:
    return {
        one.id: (
            f"{pick(one.zh, one.en)} ({one.id})",
            str(one.default),
            ", ".join(map(str, one.choices)) or f"{one.low} – {one.high}",
            _cited(book, one.article) if not one.article.startswith("house:") else "",
            _note(one.note),
        )
        for one in book.settings()
    }


def _texts(book: Law, on: date) -> dict[str, Cells]:
    return {
        one.key: (
            f"《{one.zh}》" if language() == "zh_CN" else one.en,
            one.number,
            one.promulgated.isoformat(),
            _days(one),
            _certain(one.status),
            one.checked_on.isoformat(),
            " ".join(
                part
                for part in (
                    _note(one.note),
                    ""
                    if one.words == "V"
                    else translate(N_("Quoted words: not compared with the text (M).")),
                )
                if part
            ),
        )
        for one in book.instruments()
        if one.effective_from <= on and (one.effective_until is None or on <= one.effective_until)
    }


HOW = {
    "general": N_("known in another way"),
    "on_the_spot": N_("decided on the spot"),
    "handed": N_("handed over and signed for"),
    "refused": N_("handed over, the signature refused"),
    "posted": N_("by post, signed for on the slip"),
    "recorded": N_("by post, as the post recorded it"),
    "system": N_("arrival in the electronic system that the person named"),
    "published": N_("end of a publication"),
    "told_later": N_("receipt of a supplementary notice"),
    "proved": N_("knowledge that the organ proves"),
    "silence": N_("end of the time for the reply"),
    "review": N_("the decision on reconsideration"),
    "review_silent": N_("end of the time for a decision on reconsideration that did not come"),
}
"""What starts a time for a remedy, as starts.toml has it."""
_COMMON = ((_ARTICLE, 22), (_WORDS, 30), (_DAYS, 15), (_STATUS, 12), (_NOTE, 24))
SECTIONS = (
    Section("periods", N_("Periods"), ((_NAME, 20), (N_("length"), 8), *_COMMON), _periods),
    Section("routes", N_("Ways against a decision"), ((_NAME, 18), (N_("way"), 14), *_COMMON), _routes),
    Section("starts", N_("What starts the time for a remedy"), ((_NAME, 26), *_COMMON), _starts),
    Section(
        "faulty_notices",
        N_("What follows from a missing or wrong notice"),
        ((_NAME, 22), (N_("what follows"), 30), *_COMMON),
        _faulty_notices,
    ),
    Section(
        "answers", N_("Answers and grounds of refusal"), ((_NAME, 18), (N_("letter"), 18), *_COMMON), _answers
    ),
    Section("fees", N_("Fees (yuan)"), ((_NAME, 12), (N_("bands"), 30), *_COMMON), _fees),
    Section(
        "letters",
        N_("Letters"),
        ((_NAME, 30), (N_("document"), 10), (_ARTICLE, 40), (N_("what has to be given"), 30)),
        _letters,
    ),
    Section(
        "organs",
        N_("Who decides on reconsideration"),
        (
            (_NAME, 24),
            (N_("organ"), 22),
            (_ARTICLE, 20),
            (_WORDS, 28),
            (_DAYS, 15),
            (_STATUS, 12),
            (_NOTE, 24),
        ),
        _organs,
    ),
    Section(
        "settings",
        N_("What the law leaves to the office"),
        ((_NAME, 28), (N_("default"), 12), (N_("choices"), 18), (_ARTICLE, 22), (_NOTE, 40)),
        _settled,
    ),
    Section(
        "texts",
        N_("Texts"),
        (
            (_NAME, 40),
            (N_("number"), 18),
            (N_("promulgated"), 11),
            (_DAYS, 16),
            (_STATUS, 12),
            (N_("last compared"), 11),
            (_NOTE, 30),
        ),
        _texts,
    ),
)
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
                {"title": translate(_NAME), "width": 20, "kind": "text"},
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
