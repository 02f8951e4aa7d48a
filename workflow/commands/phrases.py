"""Reasons to choose from at the draft, and earlier requests that are alike."""

from __future__ import annotations

import sys
from typing import Any

import click

from workflow.base import screen, terminal
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import prompting
from workflow.commands.options import CASE, COMMON, argument, command, desk_of, group, option, options
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

    desk = desk_of(officer, office, db)
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

    desk = desk_of(officer, office, db)
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
    desk = desk_of(officer, office, db)
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

    number, found = alike.of_case(desk_of(officer, office, db), case, limit)
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


# --- at the draft

PHRASE = option(
    "--phrase",
    metavar="PHRASE",
    help=N_("Take this text of the library (number or name); it is shown first."),
)


def offered(
    desk: Any, case: str, given: dict[str, Any], said: str | None, *, ask: bool, yes: bool
) -> dict[str, Any]:
    """What was given for a draft, with the text of the library that the officer chose and read.

    At a terminal the texts for the outcome are offered where the reasons were left out; none is taken that
    was not shown in full and agreed to. A script says with --yes that it was read.
    """
    if said is None:
        said = _chosen(desk, case, given) if ask else None
        if said is None:
            return given
    found, came_of = looked_up(desk, said)
    if found.field in given:
        raise Malformed(
            N_("'{field}' is given twice: by --{field} and by the phrase."),
            field=found.field,
            way_on=N_("Leave one of them out."),
        )
    terminal.show(full(found, came_of), err=True)
    if ask:
        if not prompting.agreed(_(N_("Take this text?"))):
            raise click.Abort
    elif not yes:
        raise Refused(
            N_("A text of the library is taken only by whoever has read it."),
            rule="house:library",
            field="phrase",
            way_on=N_("Read it (disclosure phrase show {no}), and repeat with --yes."),
            no=found.no,
        )
    return {**given, found.field: found.text}


def for_draft(desk: Any, case: str, given: dict[str, Any]) -> tuple[list[str], list[Any]]:
    """What is told where a draft is written: lines on earlier requests and decided cases, and the texts of
    the library for its outcome and ground, the newest first.
    """
    from workflow.drafting import phrase_book
    from workflow.reports.views import similar as alike

    number, found = alike.of_case(desk, case)
    told = [alike.one_line(number, found)] if found else []
    wanted = phrase_book.kinds(desk, given["outcome"], given.get("ground"))
    with desk.store.reading() as connection:
        known = phrase_book.fitting(phrase_book.phrases(connection, desk.office.id), *wanted, "reasons")
        told += _decided(connection, desk, *wanted)
        told += _guided(connection, desk, *wanted)
    return told, known[::-1][:OFFERED]


def _chosen(desk: Any, case: str, given: dict[str, Any]) -> str | None:
    """The number that the officer types of those that are offered; none where nothing fits or nothing is
    typed.
    """
    if not {"reasons", "file"}.isdisjoint(given) or not given.get("outcome"):
        return None
    told, known = for_draft(desk, case, given)
    terminal.show(told, err=True)
    if not known:
        return None
    terminal.show([f"  {one.no}  {one.name}  {one.case or ''}".rstrip() for one in known], err=True)
    question = _(N_("Reasons from the library, by number (Enter: none)"))
    typed = str(click.prompt(question, default="", show_default=False, err=True)).strip()
    return typed or None


def _decided(connection: Any, desk: Any, outcome: str | None, ground: str | None) -> list[str]:
    """One line on decided cases of the outcome and ground, with what was found wrong in them."""
    from workflow.base.messages import listed
    from workflow.drafting import precedent_book

    known = precedent_book.precedents(connection, desk.office.id)
    count, lost, faults = precedent_book.warning(known, outcome, ground)
    if not count:
        return []
    return [
        _(
            N_(
                "Precedents: {n} of this kind, in {lost} of them the organ did not hold its own ({faults}); see disclosure precedent list --outcome {outcome}"
            ),
            n=count,
            lost=lost,
            faults=listed(precedent_book.name("fault", key) for key in faults) or "-",
            outcome=outcome,
        )
    ]


def _guided(connection: Any, desk: Any, outcome: str | None, ground: str | None) -> list[str]:
    """One line on the office's work guidance that cites what the outcome or the ground rests on."""
    from workflow.base.messages import listed
    from workflow.drafting import guidance_book

    known = guidance_book.pages(connection, desk.office.id)
    found = guidance_book.about(known, outcome, ground, desk.today()) if known else []
    if not found:
        return []
    named = listed(f"{page.no} {page.title}" for page in found)
    return [_(N_("Work guidance: {pages}; read it with: disclosure guidance show NUMBER"), pages=named)]


def near(desk: Any, case: str | None) -> list[str]:
    """At a terminal, while a case is being drafted: one line on earlier requests that are alike."""
    if case is None or not sys.stdout.isatty():
        return []
    from workflow.casework import lookup
    from workflow.reports.views import similar as alike

    with desk.store.reading() as connection:
        state = lookup.one(connection, desk, case).state
    if state not in ("in_hand", "drafting"):
        return []
    number, found = alike.of_case(desk, case)
    return [alike.one_line(number, found)] if found else []
