"""Reasons to choose from at the draft, and earlier requests that are alike."""

from __future__ import annotations

from typing import Any

import click

from workflow.base import screen
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    CASE,
    COMMON,
    argument,
    command,
    desk_of,
    group,
    option,
    options,
    seat_of,
)
from workflow.commands.parameter_types import File, OneOf
from workflow.commands.printing import output

FIELD = option(
    "--field",
    type=OneOf("draft_text"),
    default="reasons",
    show_default=True,
    help=N_("Which text of the draft it is for."),
)
NAME = option("--name", default="", help=N_("What it is called in lists (left out: its beginning)."))
KIND = options(
    option("--outcome", metavar="OUTCOME", help=N_("Of this outcome.")),
    option("--ground", metavar="GROUND", help=N_("Of this ground of refusal.")),
)
# Offered at the draft, the newest first.
OFFERED = 7


@group("phrase")
def phrase() -> None:
    """The office's reasons to choose from."""


@phrase.command(
    "add",
    help=N_("Write a text into the library; personal data is refused."),
    example="disclosure phrase add --ground internal_affairs --text '属于本机关车辆调度的内部事务信息，公开会影响工作秩序'",
)
@KIND
@option("--text", help=N_("The text."))
@option("--from", "source", type=File(), help=N_("Take the text from this file."))
@NAME
@FIELD
@COMMON
def add(
    outcome: str | None,
    ground: str | None,
    text: str | None,
    source: Any,
    name: str,
    field: str,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import tables
    from workflow.drafting import phrase_book

    if (text is None) == (source is None):
        raise Malformed(N_("Give the text by --text or by --from."), field="text")
    said = text if text is not None else tables.text_of(source)
    desk = desk_of(officer, office, db)
    _shown(phrase_book.add(desk, said, outcome=outcome, ground=ground, name=name, field=field), as_json)


@phrase.command(
    "adopt",
    help=N_("Take a text out of the reply that was issued to a case."),
    example="disclosure phrase adopt 2026-0001 --item 1 --strike",
)
@CASE
@option("--item", type=int, help=N_("Number of the item (may be left out if there is one)."))
@option("--strike", is_flag=True, help=N_("Strike out what it holds of a person; else it is refused."))
@NAME
@FIELD
@COMMON
def adopt(
    case: str,
    item: int | None,
    strike: bool,
    name: str,
    field: str,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import phrase_book

    desk = desk_of(officer, office, db)
    _shown(phrase_book.adopt(desk, case, item=item, name=name, field=field, strike=strike), as_json)


@phrase.command(
    "list",
    help=N_("The phrases with their numbers, of all outcomes or one."),
    example="disclosure phrase list --outcome withheld",
)
@KIND
@COMMON
def listing(
    outcome: str | None,
    ground: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import phrase_book

    desk = seat_of(officer, office, db)
    wanted = phrase_book.kinds(desk, outcome, ground)
    with desk.store.reading() as connection:
        found = phrase_book.fitting(phrase_book.phrases(connection, desk.office.id), *wanted)
    output([one.as_json() for one in found], lambda: _table(found), as_json)


@phrase.command(
    "find", help=N_("The phrases in which all these words stand."), example="disclosure phrase find 工作秩序"
)
@argument("words")
@COMMON
def find(words: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import phrase_book

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        found = phrase_book.find(phrase_book.phrases(connection, desk.office.id), words)
    output([one.as_json() for one in found], lambda: _table(found), as_json)


@phrase.command(
    "show",
    help=N_("A phrase in full, where it comes from, and what came of that reply."),
    example="disclosure phrase show 1",
)
@argument("phrase", metavar="PHRASE")
@COMMON
def show(phrase: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    desk = seat_of(officer, office, db)
    found, came_of = looked_up(desk, phrase)
    output({**found.as_json(), "came_of": came_of or None}, lambda: full(found, came_of), as_json)


@phrase.command(
    "remove",
    help=N_("Take a phrase out of what is offered; it stays in the record."),
    example="disclosure phrase remove 1 --reason '复议决定认为说理不足'",
)
@argument("phrase", metavar="PHRASE")
@option("--reason", required=True, help=N_("Why it is no longer used."))
@COMMON
def remove(
    phrase: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.drafting import phrase_book

    desk = desk_of(officer, office, db)
    found = phrase_book.remove(desk, phrase, reason)
    output(found.as_json(), lambda: [_(N_("Removed: {no} {name}"), no=found.no, name=found.name)], as_json)


@command("similar", example="disclosure similar 2026-0001")
@CASE
@option("--limit", type=click.IntRange(1), default=5, show_default=True, help=N_("At most so many."))
@COMMON
def similar(
    case: str, limit: int, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.views import similar as alike

    number, found = alike.of_case(seat_of(officer, office, db), case, limit)
    output([one.as_json() for one in found], lambda: alike.lines(number, found), as_json)


def looked_up(desk: Any, said: str) -> tuple[Any, str]:
    """A phrase by number or name, and what came of the reply that it was taken from."""
    from workflow.drafting import phrase_book
    from workflow.reports.views import similar as alike

    with desk.store.reading() as connection:
        found = phrase_book.one(phrase_book.phrases(connection, desk.office.id), said)
        came_of = alike.came_of(connection, desk.office.id, [found.case]) if found.case else {}
    return found, came_of.get(found.case or "", "")


def full(found: Any, came_of: str) -> list[Any]:
    """A phrase as it is read before it is taken."""
    from workflow.base.names import word

    kind = word("outcome", found.ground or found.outcome)
    rows = [
        (_(N_("phrase")), f"{found.no} {found.name}"),
        (_(N_("for")), f"{kind} · {word('need', found.field)}"),
    ]
    if found.case:
        rows.append((_(N_("taken from")), found.case + (f" {came_of}" if came_of else "")))
    return [*screen.fields(rows), *found.text.splitlines()]


def _shown(found: Any, as_json: bool) -> None:
    output(found.as_json(), lambda: full(found, ""), as_json)


def _table(found: list[Any]) -> list[str]:
    from workflow.base.names import word

    if not found:
        return [_(N_("The library has no such phrase."))]
    heads = [_(N_("no.")), _(N_("for")), _(N_("name")), _(N_("case"))]
    rows = [
        [str(one.no), word("outcome", one.ground or one.outcome), one.name, one.case or "-"] for one in found
    ]
    return screen.table(heads, rows)
