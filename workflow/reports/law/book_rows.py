"""The rows of the book of the law: of each kind of table, what holds on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from letters.content import kinds
from workflow.base.errors import OutOfLaw, Refused
from workflow.base.messages import N_, language, listed, pick, translate
from workflow.base.names import name
from workflow.clocks.explanation import STATUSES
from workflow.law import Law
from workflow.law.citations import HOUSE
from workflow.reports.views import faulty_notices
from workflow.reports.views.routes import KINDS

Cells = tuple[str, ...]


NAME, ARTICLE, WORDS = N_("name"), N_("article"), N_("words relied on")
DAYS, STATUS, NOTE = N_("in force"), N_("certainty"), N_("note")


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


def _how_sure(row: Any) -> tuple[str, str, str]:
    """The last cells of a dated row: its days, how certain it is, and what is to be known of it."""
    return _days(row), _certain(row.status), _note(row.note)


def periods(book: Law, on: date) -> dict[str, Cells]:
    """The periods, with unit and beginning."""
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


def routes(book: Law, on: date) -> dict[str, Cells]:
    """The ways against each answer."""
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
                *_how_sure(route),
            )
    return found


def starts(book: Law, on: date) -> dict[str, Cells]:
    """From which day each remedy runs."""
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


def notice_faults(book: Law, on: date) -> dict[str, Cells]:
    """What a wrong or missing notice of remedies leads to."""
    return {
        f"{row.remedy} {row.fault}": (
            faulty_notices.named(row),
            pick(row.zh, row.en),
            _cited(book, row.article),
            row.text,
            *_how_sure(row),
        )
        for row in book.faulty_notices(on)
    }


def cited(book: Law, on: date) -> dict[str, Cells]:
    """What the program itself cites, in refusals, hints and pages."""
    heads = book.tables["provisions"]["cited"]
    return {
        row.id: (
            pick(heads[row.id]["zh"], heads[row.id]["en"]),
            _cited(book, row.article),
            row.text,
            *_how_sure(row),
        )
        for row in book.provisions(on)
    }


def answers(book: Law, on: date) -> dict[str, Cells]:
    """The answers and the grounds of a refusal."""
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
            *_how_sure(one),
        )
    return found


def fees(book: Law, on: date) -> dict[str, Cells]:
    """The fees, band by band."""
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


def letters(book: Law, on: date) -> dict[str, Cells]:
    """The letters and what they rest on."""
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


def organs(book: Law, on: date) -> dict[str, Cells]:
    """Who may be asked for reconsideration."""
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
                *_how_sure(organs),
            )
    return found


def _holds(row: dict[str, Any], on: date) -> bool:
    return bool(row["effective_from"] <= on.isoformat() <= row.get("effective_until", "9999-12-31"))


def settled(book: Law, on: date) -> dict[str, Cells]:
    """What the law leaves open and the office settles."""
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


def texts(book: Law, on: date) -> dict[str, Cells]:
    """The instruments, and how far their words were read."""
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
