"""What the library offers while a reply is drafted: the office's texts, decided cases, the guidance."""

from __future__ import annotations

import sys
from typing import Any

import click

from workflow.base import terminal
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import prompting
from workflow.commands.phrases import OFFERED, full, looked_up


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
