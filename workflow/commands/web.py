"""The public counter: keys and card of the office, the pages for applicants, what comes in and goes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.base.names import word
from workflow.commands.finishing import finish
from workflow.commands.options import (
    CASE,
    COMMON,
    JSON,
    LANG,
    argument,
    desk_of,
    group,
    option,
    options,
    seat_of,
)
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output, written


@group("web")
def web() -> None:
    """Commands of the public counter."""


@web.command(
    "key",
    help=N_("Where the office's keys for the public counter lie; with --create, make them (once)."),
    example="disclosure web key --create",
)
@option("--create", is_flag=True, help=N_("Make the keys; they are never overwritten."))
@COMMON
def web_key(create: bool, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.office import founding
    from workflow.web import keys

    desk = desk_of(officer, office, db)
    path = keys.place(desk.store.folder)
    if create:
        founding.require_manager(desk)
        keys.create(path)
    keys.load(path)
    output(
        {"path": str(path)},
        lambda: [
            _(N_("Keys of the public counter: {path}"), path=path),
            _(N_("Keep a copy apart: without it what applicants sent and nobody collected is lost.")),
        ],
        as_json,
    )


@web.command(
    "card",
    help=N_("Write the office's card for the outer machine: its name and public keys, nothing secret."),
    example="disclosure web card --out 名片.json",
)
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@COMMON
def web_card(
    out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.casework import routing
    from workflow.web import keys

    desk = desk_of(officer, office, db)
    ours = keys.load(keys.place(desk.store.folder))
    written(keys.card_text(desk.office, ours, routing.organs_below(desk)), out, as_json)


@web.command(
    "public",
    help=N_("Serve the pages for applicants: the outer side, which holds no key and no case."),
    example="disclosure web public --card 名片.json --store 外网.db --address https://yigk.example.gov.cn",
)
@option("--card", type=File(), required=True, help=N_("The office's card."))
@option(
    "--store", metavar="FILE|URL", required=True, help=N_("The outer database; made where there is none.")
)
@option("--host", default="127.0.0.1", show_default=True, help=N_("Where it listens."))
@option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help=N_("The port."))
@option("--address", metavar="URL", help=N_("What applicants type; stands in QR codes."))
@option("--proxy", metavar="IP", help=N_("The web server before it, whose word on clients is taken."))
@options(JSON, LANG)
def web_public(
    card: Path, store: str, host: str, port: int, address: str | None, proxy: str | None, as_json: bool
) -> None:
    from workflow.web.public import server

    at = (address or f"http://{host}:{port}").rstrip("/")
    outer, listening = server.side(card, store, at), server.listening(host, port)
    output({"address": at}, lambda: [_(N_("The public counter is open: {address}"), address=at)], as_json)
    server.serve(outer, listening, proxy)


OUTER = option(
    "--outer",
    metavar="URL|FILE",
    help=N_("The outer side: its address or its database (default: DISCLOSURE_WEB_OUTER)."),
)


@web.command(
    "collect",
    help=N_("Take in what applicants sent, exactly once; begin it again wherever it broke off."),
    example="disclosure web collect --outer https://yigk.example.gov.cn",
)
@OUTER
@COMMON
def web_collect(
    outer: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.commands.printing import progress
    from workflow.reports.views import case_text
    from workflow.web import collect

    desk = desk_of(officer, office, db)
    with _outer_side(desk, outer) as (side, keys), progress() as seen:
        made = collect.collect(desk, side, keys, seen)
    output(
        lambda: {
            "taken": [{"receipt": one[0], "kind": one[1], "case": one[2]} for one in made.taken],
            "known": made.known,
            "faults": [
                {"receipt": receipt, **case_text.fault_json(fault)["error"]} for receipt, fault in made.faults
            ],
            "notes": [{"case": case, "text": _(text, **params)} for case, (text, params) in made.notes],
        },
        lambda: _collected(made),
        as_json,
    )
    if made.faults:
        raise click.exceptions.Exit(1)


def _collected(made: Any) -> list[str]:
    return [
        *(f"{receipt}  {case}  {word('web_kind', what)}" for receipt, what, case in made.taken),
        *(f"{case}: {_(text, **params)}" for case, (text, params) in made.notes),
        *(f"{receipt}: {fault.text} {fault.advice or ''}".rstrip() for receipt, fault in made.faults),
        _(N_("Taken in: {n}; not taken in: {m}."), n=len(made.taken), m=len(made.faults)),
    ]


@contextmanager
def _outer_side(desk: Any, place: str | None) -> Iterator[Any]:
    """The outer side that is meant, and the office's keys."""
    from workflow.base import variables
    from workflow.base.errors import Malformed
    from workflow.web import keys, outer_door
    from workflow.web.public import card

    named = place or variables.given("DISCLOSURE_WEB_OUTER")
    if not named:
        raise Malformed(
            N_("Where the outer side is has not been said."),
            field="outer",
            way_on=N_("Give --outer, or set DISCLOSURE_WEB_OUTER."),
        )
    ours = keys.load(keys.place(desk.store.folder))
    side = outer_door.reach(named, ours, card.parse(keys.card_text(desk.office, ours), "card"), desk.now)
    try:
        yield side, ours
    finally:
        side.close()


@web.command(
    "publish",
    help=N_("Show on the public pages what changed of the cases followed there, and send notices of it."),
    example="disclosure web publish --outer https://yigk.example.gov.cn",
)
@OUTER
@option("--every", is_flag=True, help=N_("Also what did not change (the outer side was set up anew)."))
@COMMON
def web_publish(
    outer: str | None, every: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base import variables
    from workflow.commands.printing import progress
    from workflow.reports.views import case_text
    from workflow.web import notices, publish

    desk = desk_of(officer, office, db)
    with _outer_side(desk, outer) as (side, keys), progress() as seen:
        made = publish.publish(desk, side, keys, every=every, seen=seen)
    place = outer or variables.given("DISCLOSURE_WEB_OUTER") or ""
    address = str(desk.office.entry("counter_address")) or (place if place.startswith("http") else "")
    told = notices.tell(desk, address)
    output(
        lambda: {
            "published": made.out,
            "overtaken": made.overtaken,
            "gone": made.gone,
            "told": told.sent,
            "quiet": told.quiet,
            "faults": [{"case": case, **case_text.fault_json(fault)["error"]} for case, fault in told.faults],
        },
        lambda: [
            *made.out,
            _(N_("Published: {n}; notices sent: {m}."), n=len(made.out), m=len(told.sent)),
            *([_(N_("Text messages that wait for the morning: {n}."), n=told.quiet)] if told.quiet else []),
            *(f"{case}: {fault.text} {fault.advice or ''}".rstrip() for case, fault in told.faults),
        ],
        as_json,
    )
    if told.faults:
        raise click.exceptions.Exit(1)


@web.command(
    "inbox",
    help=N_(
        "What came from the public pages and waits for an officer: withdrawals, wishes, what did not fit."
    ),
    example="disclosure web inbox",
)
@COMMON
def web_inbox(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.web import items

    found = items.waiting(seat_of(officer, office, db))
    output(
        found,
        lambda: (
            [
                f"{one['receipt']}  {one['case']}  {one['on']}  {word('web_kind', one['kind'])}"
                for one in found
            ]
            or [_(N_("Nothing waits."))]
        ),
        as_json,
    )


@web.command(
    "settle",
    help=N_("Deal with what waits: a withdrawal that the applicant confirmed is recorded as one."),
    example="disclosure web settle W20261128-000012",
)
@argument("receipt")
@option("--refuse", metavar="WHY", default="", help=N_("It is not followed, for this reason."))
@COMMON
def web_settle(
    receipt: str, refuse: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.web import acts_from_outside

    desk = desk_of(officer, office, db)
    finish(desk, acts_from_outside.settle(desk, receipt, refuse=refuse), as_json)


@web.command(
    "code",
    help=N_("The code by which a case is followed on the public pages, for who did not apply there."),
    example="disclosure web code 2026-0001 --no 1",
)
@CASE
@option("--no", type=click.IntRange(0), default=0, help=N_("The third party of this consultation."))
@COMMON
def web_code(
    case: str, no: int, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.casework import case_codes

    code = case_codes.give(desk_of(officer, office, db), case, no)
    output({"code": code}, lambda: [code], as_json)


@web.command(
    "site",
    help=N_(
        "Write the organ's public pages (guide, procedure, forms, fees, deadlines, figures, reports, released cases) as static files; with --check, say which are out of date."
    ),
    example="disclosure web site --out 公开网页",
)
@option("--out", metavar="FOLDER", type=Folder(), help=N_("The folder."))
@option("--check", metavar="FOLDER", type=File(), help=N_("Only compare a folder that was written."))
@COMMON
def web_site(
    out: Path | None,
    check: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.commands import public_pages

    public_pages.run(desk_of(officer, office, db), out, check, as_json)


@web.command(
    "board",
    help=N_(
        "The board as pages for the officer who starts it, on this machine alone: open the address that is printed."
    ),
    example="disclosure web board --as head",
)
@option("--port", type=click.IntRange(0, 65535), default=0, help=N_("The port (default: any that is free)."))
@option("--socket", type=File(writes=True), metavar="FILE", help=N_("A Unix socket in place of a port."))
@COMMON
def web_board(
    port: int, socket: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.office import identity
    from workflow.office.seat import Seat
    from workflow.web.board import server

    desk = desk_of(officer, office, db)
    identity.require_known(desk.office.settings, desk.officer.known)
    at, secret = server.listening(port, socket), server.drawn()
    address = server.address(at, secret)
    output({"address": address}, lambda: [_(N_("The board is open: {address}"), address=address)], as_json)
    server.serve(lambda: Seat(desk.store, desk.officer.key, desk.office.key), at, secret)
