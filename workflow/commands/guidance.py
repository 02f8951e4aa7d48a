"""The office's work guidance: pages whose citations are looked up, kept, and released for the public."""

from __future__ import annotations

import sys
from pathlib import Path

from workflow.base import screen
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    COMMON,
    JSON,
    LANG,
    ON,
    argument,
    desk_of,
    group,
    option,
    options,
    seat_of,
)
from workflow.commands.parameter_types import File
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day


@group("guidance")
def guidance() -> None:
    """Work guidance."""


@guidance.command(
    "check",
    help=N_("Look up every provision that the pages (Markdown) of a folder cite, as in a letter."),
    example="disclosure guidance check 工作指引/ --on 2026-03-02",
)
@argument("place", type=File())
@ON
@option("--all", "whole", is_flag=True, help=N_("Also what is in order."))
@options(JSON, LANG)
def check(place: Path, on: str | None, whole: bool, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.drafting import guidance as pages

    found = list(pages.cited(place, legal_day(on) or dates.today()))
    wrong = [one for one in found if one.wrong]
    shown = found if whole else [one for one in found if one.remarkable]
    output(
        [one.as_json() for one in found],
        lambda: [
            *(one.said() for one in shown),
            _(N_("{n} provisions cited; {wrong} are wrong."), n=len(found), wrong=len(wrong)),
        ],
        as_json,
    )
    if wrong:
        sys.exit(1)


@guidance.command(
    "keep",
    help=N_("Take a page (Markdown) into the office's work guidance; one of the same name is replaced."),
    example="disclosure guidance keep 工作指引/商业秘密.md",
)
@argument("file", type=File())
@COMMON
def keep(file: Path, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import guidance_book

    made = guidance_book.keep(desk_of(officer, office, db), file)
    output(made.as_json(), lambda: [_(N_("Kept: {no} {title}"), no=made.no, title=made.title)], as_json)


@guidance.command(
    "list",
    help=N_("The office's work guidance, and what of it is released."),
    example="disclosure guidance list",
)
@COMMON
def list_pages(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base.names import word
    from workflow.drafting import guidance_book

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        found = guidance_book.pages(connection, desk.office.id)
    heads = [_(N_("no.")), _(N_("name")), _(N_("title")), _(N_("state"))]
    rows = [[str(one.no), one.name, one.title, word("precedent", one.state)] for one in found]
    nothing = [_(N_("The office has no work guidance yet: disclosure guidance keep FILE"))]
    told = screen.table(heads, rows) if rows else nothing
    output([one.as_json() for one in found], lambda: told, as_json)


@guidance.command("show", help=N_("Read a page of work guidance."), example="disclosure guidance show 1")
@argument("page", metavar="PAGE")
@COMMON
def show_page(page: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import guidance_book

    desk = seat_of(officer, office, db)
    with desk.store.reading() as connection:
        found = guidance_book.one(guidance_book.pages(connection, desk.office.id), page)
    output(found.as_json(), lambda: found.text.rstrip().splitlines(), as_json)


@guidance.command(
    "release",
    help=N_("Let a page be read by the public; an approver who did not bring it in."),
    example="disclosure guidance release 1",
)
@argument("page", metavar="PAGE")
@COMMON
def release_page(page: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.drafting import guidance_book

    made = guidance_book.release(desk_of(officer, office, db), page)
    told = [
        _(
            N_("Released: {no} {title}. It is on the public pages from the next: disclosure web site"),
            no=made.no,
            title=made.title,
        )
    ]
    output(made.as_json(), lambda: told, as_json)


@guidance.command(
    "remove",
    help=N_("Take a page out of the work guidance; it stays in the record."),
    example="disclosure guidance remove 1 --reason '已被新指引取代'",
)
@argument("page", metavar="PAGE")
@option("--reason", required=True, help=N_("Why it is no longer used."))
@COMMON
def remove_page(
    page: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.drafting import guidance_book

    made = guidance_book.remove(desk_of(officer, office, db), page, reason)
    output(made.as_json(), lambda: [_(N_("Removed: {no} {name}"), no=made.no, name=made.title)], as_json)
