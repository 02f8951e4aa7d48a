"""The catalogue of letters as an officer or a lawyer reads it: each with basis, remedy, events and row of the
report.

What a letter that tells outcomes rests on, and how it is contested, stands in the law tables by date; here
the rows are brought together for one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from letters.content import kinds, remedy_notice
from letters.content.kind_cells import ADDRESSEES as KNOWN_ADDRESSEES
from letters.content.kind_cells import Kind, parts
from workflow import law
from workflow.base.completeness import require_same
from workflow.base.errors import OutOfLaw, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.law.entries import Ground, Outcome
from workflow.procedure import act_tables, transitions

REMEDIES = {
    "review_first": N_("reconsideration first"),
    "review_only": N_("reconsideration; no suit is admitted"),
    "free": N_("reconsideration or suit, as the applicant chooses"),
    "none": N_("none"),
}
require_same("catalogue.REMEDIES", REMEDIES, "remedy_notice.ORDER", (*remedy_notice.ORDER, "none"))


def rows(on: date) -> list[dict[str, Any]]:
    """Every letter that there could be on a day, for an application received on it."""
    return [row for kind in kinds.all() if (row := _row(kind, on)) is not None]


def one(code: str, on: date) -> dict[str, Any]:
    """One letter with all that the tables say of it on a day; Refused where the law of the day has no such
    letter.
    """
    kind = kinds.get(code)
    if not kind.decides:
        kind.basis_under(law.bundled().era_on(on), on)
    found = _row(kind, on)
    if found is None:
        raise _unknown(kind, on)
    return found


def require(
    code: str, on: date, ground: str | None = None, outcome: str | None = None, *, written: date | None = None
) -> None:
    """Refused where the law of the day knows no such letter, ground or outcome, or the letter has no such
    one.

    on is the day of receipt, whose law governs the application; written the day of the letter (default: the
    same).
    """
    kind, book = kinds.get(code), law.bundled()
    _require_listed(
        kind, ground, kind.grounds, N_("There is no letter {code} with the ground '{given}'."), "ground"
    )
    _require_listed(
        kind, outcome, kind.outcomes, N_("There is no letter {code} with the outcome '{given}'."), "outcome"
    )
    if not kind.decides:
        kind.basis_under(book.era_on(on), written or on)
        return
    if outcome or len(kind.outcomes) == 1:
        book.outcome(outcome or kind.outcomes[0], on)
    if ground or len(kind.grounds) == 1:
        book.ground(ground or kind.grounds[0], on)
    if not any(True for _one in _told(kind, on)):
        raise _unknown(kind, on)


def _require_listed(kind: Kind, given: str | None, known: tuple[str, ...], wrong: str, field: str) -> None:
    if not known and kinds.PARTIAL in kind.outcomes:
        # A partial disclosure may rest on any ground.
        known = tuple(law.bundled().tables["grounds"]["ground"])
    if given and given not in known:
        raise Refused(
            wrong,
            field=field,
            code=kind.code,
            given=given,
            way_on=N_("It has: {names}") if known else N_("Leave it out."),
            names=Named("outcome", *known, typed=True),
        )


def _unknown(kind: Kind, on: date) -> OutOfLaw:
    return OutOfLaw(
        N_("The law in force on {day} knows no letter {code} ({name})."),
        field="code",
        day=on.isoformat(),
        code=kind.code,
        name=kind.name,
        way_on=N_("See which letters there were: disclosure letter list --on {day}"),
    )


def _row(kind: Kind, on: date) -> dict[str, Any] | None:
    told = list(_told(kind, on))
    if not told:
        return None
    rows_of_report = list(dict.fromkeys(row for one_ in told for row in one_.pop("report_rows")))
    return {
        "code": kind.code,
        "zh": kind.zh,
        "en": kind.en,
        "document": kind.document,
        "title": kind.title,
        "to": kind.to,
        "series": kind.series,
        "format": kind.format,
        "template": kind.template,
        "on": on.isoformat(),
        "regulations": law.bundled().regulations(on=on),
        "grounds": told,
        "command": kind.command,
        "events": [_event(event) for event in kind.events],
        "needs": [{"what": path, **_cited(rule)} for path, rule in kind.needs.items()],
        "parts": [
            {"key": part.rstrip("?"), **parts()[part.rstrip("?")], "required": not part.endswith("?")}
            for part in kind.parts
        ],
        "report": [_report_row(key, on.year) for key in rows_of_report],
    }


def _told(kind: Kind, on: date) -> Iterator[dict[str, Any]]:
    """What the letter can tell on that day: each outcome (with each ground), or that it is a procedural
    paper.
    """
    book = law.bundled()
    if not kind.decides:
        yield from _told_by_a_notice(kind, on)
        return
    outcomes = {row.id: row for row in book.outcomes(on)}
    grounds = {row.id: row for row in book.grounds(on)}
    for name in kind.outcomes:
        for key in kind.grounds or (None,):
            if name in outcomes and (key is None or key in grounds):
                yield _told_outcome(kind, on, outcomes[name], grounds[key] if key else None)


def _told_by_a_notice(kind: Kind, on: date) -> Iterator[dict[str, Any]]:
    book = law.bundled()
    try:
        refs = kind.basis_under(book.era_on(on), on)
    except Refused:
        return
    yield {
        "outcome": None,
        "ground": None,
        "zh": kind.zh,
        "en": kind.en,
        "basis": [_cited(ref) for ref in refs],
        "needs": [],
        "status": "",
        "remedy": _route(book.route(kind.contested, on=on)),
        "report_rows": kind.report,
    }


def _told_outcome(kind: Kind, on: date, outcome: Outcome, ground: Ground | None) -> dict[str, Any]:
    book, rests_on = law.bundled(), (outcome, ground) if ground else (outcome,)
    ways = {cell: series.on(on) for cell, series in book.routes(outcome.id).items()}
    return {
        "outcome": outcome.id,
        "ground": ground.id if ground else None,
        "zh": (ground or outcome).zh,
        "en": (ground or outcome).en,
        "basis": [_cited(row.basis) for row in rests_on],
        # The disclosed part of a partial disclosure is contested as a disclosure.
        **({"remedy_rest": _route(book.route(min(kind.gives), on=on))} if kind.gives else {}),
        "needs": list(dict.fromkeys(need for row in rests_on for need in row.needs)),
        "status": (ground or outcome).status,
        "remedy": _route(next(iter(ways.values()))),
        **_variants(outcome.id, ways),
        "report_rows": [_report_key(outcome.id, ground.id if ground else None)],
    }


def _report_key(outcome: str, ground: str | None) -> str:
    book = law.bundled()
    row = book.ground(ground).report_row if ground else book.outcome(outcome).report_row
    return str(row)


def _report_row(key: str, year: int) -> dict[str, str]:
    """A row of table 3 as the format of the year has it; before there was one, as the first that there
    was.
    """
    book = law.bundled()
    try:
        form = book.report_format(year)
    except OutOfLaw:
        return {"key": key, "zh": "", "en": ""}
    shown = form.merged.get(key, key)
    found = next((row for row in form.rows if row.key == shown), None)
    return {"key": shown, "zh": found.zh if found else "", "en": found.en if found else ""}


def _cited(ref: str) -> dict[str, str]:
    if ref.startswith("house:"):
        return {"article": ref, "zh": "", "en": ""}
    citation = law.bundled().citation(ref)
    return {"article": ref, "zh": citation.zh, "en": citation.en}


def _route(route: Any) -> dict[str, Any]:
    return {"kind": route.kind, "status": route.status, "articles": [_cited(ref) for ref in route.articles]}


def _variants(name: str, ways: dict[str, Any]) -> dict[str, Any]:
    """Where the way hangs on a fact of the answer: each answer to it, with its way."""
    what = law.bundled().variant(name)
    if what is None or len({(way.kind, way.status) for way in ways.values()}) < 2:
        return {}
    return {
        "remedies": [
            {"when": {"fact": what.fact, "answer": cell, **what.names[cell]}, **_route(way)}
            for cell, way in ways.items()
        ]
    }


def _event(event: str) -> dict[str, Any]:
    """When the letter comes to be: the act, its command, from which states, by whom, and what must hold."""
    table = transitions.bundled()
    found = [row for row in table.rows if row.event == event]
    guards = list(dict.fromkeys(guard for row in found for guard in row.guard))
    words = act_tables.bundled()["words"]["guard"]
    return {
        "event": event,
        "command": act_tables.acts().get(event, {}).get("command"),
        "from": list(dict.fromkeys(row.source for row in found)),
        "roles": list(dict.fromkeys(role for row in found for role in row.roles)),
        "articles": [_cited(ref) for ref in dict.fromkeys(row.article for row in found)],
        "guards": [{"key": guard, **words.get(guard, {"zh": guard, "en": guard})} for guard in guards],
    }


# --- as lines


ADDRESSEES = {
    "applicant": N_("the applicant"),
    "third_party": N_("the third party"),
    "organ": N_("another organ"),
    "file": N_("the file"),
}
require_same("catalogue._TO", ADDRESSEES, "kind.ADDRESSEES", KNOWN_ADDRESSEES)
