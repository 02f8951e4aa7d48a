"""What the table of an act has to say, and what it may say.

Malformed names what is missing, unknown or said twice. What each cell means is told in act_tables.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_, translate
from workflow.base.tables import Table

# Places of the chart that are no card: an arrow of the main line or between states, the foot, nowhere.
NO_CARD = ("line", "foot", "later")


TRACKS = ("case", "consultation", "remedy")


CELLS = ("source", "dest", "roles", "when", "guard", "article", "clock", "letter")


NEEDED = ("source", "dest", "roles", "article")


ACT = {
    *("name", "command", "zh", "en", "example", "fields", "adds", "track", "rows", *CELLS),
    *("chart", "chart_name", "periods", "offered", "until", "answers", "not_before"),
    *(
        "usual",
        "searched",
        "told",
        "letters",
        "notice",
        "sent_inside",
        "takes_back",
        "drops_mail",
        "replaces",
    ),
    *("undo", "undo_why", "along"),
}


ALONG = {"act", "value", "fields", "first"}


# How a fact is read (act_facts) and kept (payloads); the first ones are typed by an officer.
TYPES = (
    *("text", "date", "int", "choice", "unit", "officer", "items", "outcome", "ground", "pair", "file"),
    *("letters", "bool", "list", "table", "tracking", "moment"),
)


FIELD = {"name", "type", "need", "many", "ask", "choice", "open", "zh", "en"}


WORDS = {
    "offered": ("next", "aside", "always", "ready", "letters"),
    "letters": ("sent", "void"),
    "track": TRACKS,
    "undo": ("no", "over"),
}


DAYS = ("accept", "answers")


def check_cards(acts: dict[str, Table], cards: set[str]) -> None:
    """Refuse an act whose place on the chart there is not."""
    for event, act in acts.items():
        for place in act["chart"] if isinstance(act["chart"], list) else [act["chart"]]:
            if place.partition("@")[0] not in {*cards, *NO_CARD}:
                raise fault(event, N_("the chart (layout.toml) has no card '{name}'"), name=place)


def fault(place: str, reason: str, **params: Any) -> Malformed:
    """What is wrong with a table of acts, and where."""
    return Malformed(
        N_("The process table is wrong at {row}: {reason}."),
        field="acts",
        row=place,
        reason=translate(reason, **params),
    )


def facts(act: Table) -> list[Table]:
    """The facts of an act: those that are typed, then those that the program adds."""
    return [*act.get("fields", ()), *act.get("adds", ())]


@contextmanager
def told_of(file: str) -> Iterator[None]:
    """A fault found meanwhile names the file (of workflow/procedure/acts/) in which it is mended."""
    try:
        yield
    except Malformed as found:
        found.params["row"] = f"{file}.toml: {found.params['row']}"
        raise


def check_act(made: Table, event: str, act: Table) -> None:
    """What an act has to say, and what it may."""
    _check_cells(made, event, act)
    _check_rows(event, act)
    _check_fields(made, event, act)
    for cell in ("answers", "notice"):
        asked = act.get(cell, {}).get("event")
        if asked is not None and asked not in made["acts"]:
            raise fault(event, N_("there is no act '{name}'"), name=asked)
    for day in act.get("not_before", ()):
        if day not in DAYS:
            raise fault(event, N_("unknown value '{name}'"), name=f"not_before = {day}")
    for row in act.get("along", ()):
        _check_along(made, event, row)


def _check_along(made: Table, event: str, row: Table) -> None:
    """An act of the same line has a command, and can be done with what the line takes of its facts."""
    for cell in row:
        if cell not in ALONG:
            raise fault(event, N_("unknown cell '{name}'"), name=f"along.{cell}")
    other = made["acts"].get(row.get("act"), {})
    if "command" not in other:
        raise fault(event, N_("there is no act '{name}'"), name=str(row.get("act")))
    taken = {*row.get("fields", ()), *([row["value"]] if "value" in row else ())}
    known = {field["name"]: field for field in other.get("fields", ())}
    for name in taken - known.keys():
        raise fault(f"{event}.along", N_("it has no fact '{name}'"), name=name)
    for name, field in known.items():
        if field.get("need") and name not in taken:
            raise fault(f"{event}.along", N_("the cell '{name}' is missing"), name=f"{row['act']}.{name}")


def _check_cells(made: Table, event: str, act: Table) -> None:
    needed = ["name", "chart"]
    needed += ["zh", "en", "example"] if "command" in act else []
    needed += [] if event in of_review(made) or "rows" in act else NEEDED
    needed += ["undo_why"] if act.get("undo") == "no" else []
    for cell in needed:
        if not act.get(cell):
            raise fault(event, N_("the cell '{name}' is missing"), name=cell)
    for cell in act:
        if cell not in ACT:
            raise fault(event, N_("unknown cell '{name}'"), name=cell)
    for cell, known in WORDS.items():
        if cell in act and act[cell] not in known:
            raise fault(event, N_("unknown value '{name}'"), name=f"{cell} = {act[cell]}")


def _check_rows(event: str, act: Table) -> None:
    for row in act.get("rows", ()):
        for cell in NEEDED:
            if not {**act, **row}.get(cell):
                raise fault(event, N_("the cell '{name}' is missing"), name=cell)
        for cell in row:
            if cell not in CELLS:
                raise fault(event, N_("unknown cell '{name}'"), name=cell)


def _check_fields(made: Table, event: str, act: Table) -> None:
    for field in facts(act):
        typed = field in act.get("fields", ())
        for cell in ("name", "type", *(("zh", "en") if typed else ())):
            if not field.get(cell):
                raise fault(f"{event}.{field.get('name')}", N_("the cell '{name}' is missing"), name=cell)
        for cell in field:
            if cell not in FIELD:
                raise fault(f"{event}.{field['name']}", N_("unknown cell '{name}'"), name=cell)
        if field["type"] not in TYPES:
            raise fault(
                f"{event}.{field['name']}", N_("unknown value '{name}'"), name=f"type = {field['type']}"
            )
        for key in field.get("choice", ()):
            if key not in made["choice"]:
                raise fault(f"{event}.{field['name']}", N_("the choice '{name}' has no name"), name=key)
    known = {field["name"] for field in facts(act)}
    for name in (*act.get("told", ()), *act.get("searched", {}).get("fields", ())):
        if name not in known:
            raise fault(event, N_("it has no fact '{name}'"), name=name)


def of_review(made: Table) -> tuple[str, str]:
    """The acts of the review route, whose rows stand in a table of their own: the first and the next."""
    return made["review"]["first_event"], made["review"]["next_event"]
