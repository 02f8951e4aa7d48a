"""The public counter: keys and card of the office, the pages for applicants, what comes in and goes out."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    COMMON,
    JSON,
    LANG,
    File,
    desk_of,
    group,
    option,
    options,
    output,
    written,
)


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
    from workflow.web import keys

    desk = desk_of(officer, office, db)
    written(keys.card_text(desk.office, keys.load(keys.place(desk.store.folder))), out, as_json)


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
    output({"address": at}, lambda: [_(N_("The public counter is open: {address}"), address=at)], as_json)
    server.serve(card, store, host, port, at, proxy)
