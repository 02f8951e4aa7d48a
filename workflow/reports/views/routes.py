"""The ways against a decision, and who decides on reconsideration, as a lawyer asks for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow import law
from workflow.base import names as named
from workflow.base.completeness import require_same
from workflow.base.messages import N_, pick, translate
from workflow.law import Route
from workflow.law import routes as law_routes

KINDS = {
    "review_first": N_("reconsideration first, then suit"),
    "free": N_("reconsideration or suit, as the applicant chooses"),
    "review_only": N_("reconsideration; no suit is admitted"),
    "none": N_("no remedy of its own"),
}
require_same("views/routes.KINDS", KINDS, "law/routes.KINDS", law_routes.KINDS)


def known(name: str) -> bool:
    """Whether a name is one of what may be contested: an outcome, silence, a procedural notice."""
    return name in law.bundled().contested()


def history(name: str, on: date | None = None) -> list[Route]:
    """All routes of an outcome, by variant, oldest first; of one day, where it is given. NotFound,
    OutOfLaw.
    """
    found = law.bundled().routes(name)
    if on is not None:
        return [series.on(on) for series in found.values()]
    return [route for series in found.values() for route in series.rows]


def as_json(found: list[Route]) -> list[dict[str, Any]]:
    """Routes as plain data: days as ISO text, the fact or setting on which a variant hangs."""
    return [_plain(route) for route in found]


def _plain(route: Route) -> dict[str, Any]:
    what = law.bundled().variant(route.outcome)
    return {
        "outcome": route.outcome,
        "answer": route.answer or None,
        "hangs_on": (what.fact or what.setting) if what else None,
        "kind": route.kind,
        "status": route.status,
        "articles": list(route.articles),
        "text": route.text,
        "effective_from": route.effective_from.isoformat(),
        "effective_until": route.effective_until.isoformat() if route.effective_until else None,
        "note": route.note,
    }


def lines(found: list[Route]) -> list[str]:
    """Routes for a person, each with its articles, its mark and what is to be said of it."""
    made: list[str] = []
    before = None
    for route in found:
        if route.answer and route.answer != before:
            made.append(_variant(route))
            before = route.answer
        until = route.effective_until or "…"
        made += [
            f"{route.effective_from} – {until}  {translate(KINDS[route.kind])}  [{route.status}]",
            *(f"  {named.article(ref)}" for ref in route.articles),
            *([f"  “{route.text}”"] if route.text else []),
            *([f"  {translate(route.note)}"] if route.note else []),
        ]
    return made


def _variant(route: Route) -> str:
    what = law.bundled().variant(route.outcome)
    assert what is not None
    if what.setting:
        return translate(
            N_("Where the office has set {setting} = {value}:"), setting=what.setting, value=route.answer
        )
    return f"{pick(**what.names[route.answer])}:"
