"""What the shell may offer of an office, by kind of value."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from workflow.base import places, variables
from workflow.commands.completing import tree
from workflow.commands.completing.parsing import Asked
from workflow.upkeep import completion, completion_beside
from workflow.upkeep.completion import View


def _names(known: dict[str, Any], kind: str, place: int) -> dict[str, str]:
    return {row[0]: row[1 + place] for row in rows(known, kind)}


def rows(known: dict[str, Any], kind: str) -> list[Any]:
    """The values of a kind that stands in a table."""
    packed = known["values"].get(kind)
    return list(tree.unpacked(packed)) if packed else []


def _cases(states: Callable[[Asked, dict[str, Any]], list[str]]) -> Finder:
    def finder(view: View, asked: Asked, known: dict[str, Any], place: int) -> list[completion.Found]:
        return completion.cases(view, asked.typed, states(asked, known), _names(known, "state", place))

    return finder


def _states_of_act(asked: Asked, known: dict[str, Any]) -> list[str]:
    event = known["acts"].get(asked.path[0], "") if len(asked.path) == 1 else ""
    found: list[str] = known["states"].get(event, [])
    return found


def _case(view: View, asked: Asked) -> str:
    """The number of the case that the line names."""
    return completion.number_of(view, asked.given.get("case", ""))


def _parts(view: View, asked: Asked) -> list[completion.Found]:
    from pathlib import Path

    from workflow.upkeep import completion_parts

    folder = Path(_folder(asked.given.get("db")))
    return completion_parts.parts(view, _case(view, asked), asked.given.get("item", ""), folder)


# What the filters of --where take.
WHERE = {"state=": "state", "unit=": "unit", "handler=": "handler"}
Finder = Callable[[View, Asked, dict[str, Any], int], list[completion.Found]]
DRAFTING = ["drafting", "section_review", "legal_review", "head_review", "approved"]
FINDERS: dict[str, Finder] = {
    "case": _cases(_states_of_act),
    "case_drafting": _cases(lambda asked, known: DRAFTING),
    "case_filed": _cases(lambda asked, known: ["filed"]),
    "case_mail": lambda view, asked, known, place: completion.cases_in_mail(
        view, _names(known, "state", place)
    ),
    "officer": lambda view, asked, known, place: completion.officers(view),
    "handler": lambda view, asked, known, place: completion.officers(view, "handler"),
    "office": lambda view, asked, known, place: completion.offices(view),
    "organ": lambda view, asked, known, place: completion.organs(view),
    "organ_trusted": lambda view, asked, known, place: completion.organs_trusted(view),
    "unit": lambda view, asked, known, place: completion.units(view),
    "letter": lambda view, asked, known, place: completion.letters(
        view, _case(view, asked), _names(known, "letter_kind", place)
    ),
    "letter_id": lambda view, asked, known, place: completion.letters(
        view, _case(view, asked), _names(known, "letter_kind", place), by_id=True
    ),
    "attachment": lambda view, asked, known, place: completion.attachments(view, _case(view, asked)),
    "entry": lambda view, asked, known, place: completion.entries(
        view, _case(view, asked), _names(known, "event", place)
    ),
    "consultation": lambda view, asked, known, place: completion.numbered(
        view, _case(view, asked), "%.opinion", _names(known, "clock", place)
    ),
    "remedy": lambda view, asked, known, place: completion.remedies(
        view, _case(view, asked), _names(known, "remedy_kind", place)
    ),
    "person": lambda view, asked, known, place: completion.persons(view, _case(view, asked)),
    "version": lambda view, asked, known, place: completion.version(view, _case(view, asked)),
    "body": lambda view, asked, known, place: completion.bodies(view),
    "item": lambda view, asked, known, place: completion.items(view, _case(view, asked)),
    "phrase": lambda view, asked, known, place: completion.phrases(view),
    "precedent": lambda view, asked, known, place: completion.precedents(view),
    "batch": lambda view, asked, known, place: completion.batches(view),
    "draft_version": lambda view, asked, known, place: completion_beside.versions(view, _case(view, asked)),
    "part": lambda view, asked, known, place: _parts(view, asked),
    "web_form": lambda view, asked, known, place: completion_beside.forms(
        view, _names(known, "web_form_kind", place)
    ),
    "case_below": lambda view, asked, known, place: completion_beside.cases_below(
        view, asked.given.get("organ", ""), asked.typed, _names(known, "state", place)
    ),
    "year": lambda view, asked, known, place: completion.years(view),
}


def file(database: str | None) -> str | None:
    """The file of an SQLite database, as workflow.storage.database_url has it; None for another."""
    chosen = database or variables.given("DISCLOSURE_DATABASE_URL")
    if not chosen:
        return os.path.join(places.data(), "disclosure.db")
    if "://" not in chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    return chosen.partition("///")[2] if chosen.startswith("sqlite") else None


def _folder(database: str | None) -> str:
    """The folder that belongs to a database, as workflow.storage.database.Store has it."""
    path = file(database)
    return os.path.dirname(path) if path else places.data()
