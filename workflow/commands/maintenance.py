"""Founding and the machine under it: init, upgrade, doctor, verify."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base import names
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, PLAIN, command, option
from workflow.commands.parameter_types import File
from workflow.commands.printing import output, progress

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.storage.database import Store


@command("init", example="disclosure init --office office.toml")
@option("--office", "file", type=File(), help=N_("The office file (TOML)."))
@PLAIN
def init(file: Path | None, db: str | None, as_json: bool) -> None:
    from workflow.commands.asking import kept
    from workflow.jobs import worker
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    profile, officers = office_file.read(file) if file else office_file.checked(_ask_office())
    store = Store(db)
    made = founding.init(store, profile, officers)
    worker.set_up_where_possible(store)
    made["evidence_key"] = _evidence_key(store)
    made["binding"] = profile["settings"].get("binding", "none")
    if file is None:
        kept.forget()
    output(
        made,
        lambda: [
            _(N_("{name} is set up in {database}."), **made),
            _(
                N_("Reconsideration: {names}"),
                names="、".join(organ["name"] for organ in made["reconsideration"]),
            ),
            _(N_("Keep a copy of the key file elsewhere: without it no personal data can be read.")),
            _(N_("Key of evidence: {path}. Keep a copy of it too, apart."), path=made["evidence_key"]),
            _(
                N_("What has to vouch for whoever acts: {binding} (docs/security.md)."),
                binding=names.name("binding", made["binding"]),
            ),
        ],
        as_json,
    )


def _ask_office() -> dict[str, Any]:
    """What an office needs, asked for at a terminal."""
    from workflow.commands.asking import founding, lines
    from workflow.office import identity

    identity.require_keeper()
    if not lines.at_terminal():
        raise Malformed(
            N_("'{option}' is missing: {label}."),
            field="office",
            option="--office",
            label="office.toml",
            way_on=N_("For example: {example}"),
            example="disclosure init --office office.toml",
        )
    try:
        return founding.ask(lines.reader())
    except lines.Stopped:
        raise click.Abort from None


def _evidence_key(store: Store) -> str:
    """Where the key of evidence lies; made where there is none, for the first office of the database."""
    from contextlib import suppress

    from workflow.base.errors import Conflict
    from workflow.evidence import keys

    place = keys.place(store.folder)
    with suppress(Conflict):
        keys.create(place)
    return str(place)


@command("upgrade", example="disclosure upgrade")
@PLAIN
def upgrade(db: str | None, as_json: bool) -> None:
    from workflow.jobs import worker
    from workflow.office import founding
    from workflow.storage.database import Store

    store = Store(db)
    before, now = founding.migrate(store)
    worker.set_up_where_possible(store)
    output(
        {"before": before, "now": now},
        lambda: [_(N_("Schema {before} → {now}."), before=before or "-", now=now)],
        as_json,
    )


@command("doctor", example="disclosure doctor")
@PLAIN
def doctor(db: str | None, as_json: bool) -> None:
    from workflow.upkeep import doctor as checks

    found = checks.checks(db)
    output([checks.as_json(one) for one in found], lambda: checks.lines(found), as_json)
    if not checks.healthy(found):
        sys.exit(6)


@command("verify", example="disclosure verify --files")
@option("--files", "with_files", is_flag=True, help=N_("Read every attachment and letter too."))
@option("--since", help=N_("Compare with an entry that was noted elsewhere, as NUMBER:HASH."))
@option("--checkpoint", type=File(), help=N_("Compare with a checkpoint that somebody else kept."))
@COMMON
def verify(
    with_files: bool,
    since: str | None,
    checkpoint: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.office import offices
    from workflow.storage.database import Store
    from workflow.upkeep import verify_noted, verify_record, verify_report

    store = Store(db)
    with store.reading() as connection:
        verify_record.require_offices(connection, office)
        chosen = [one for one in offices.listed(connection) if office in (None, one.key)]
        if (since or checkpoint) and len(chosen) > 1:
            raise Malformed(
                N_("What was noted is of one office: name it."),
                field="office",
                way_on=N_("Name the office with --office."),
            )
    results: list[dict[str, Any]] = []
    for one in chosen:
        noted: dict[str, Any] = {}
        with store.reading() as connection:
            if since:
                noted["since"] = verify_noted.since(connection, one, since)
            if checkpoint:
                noted["checkpoint"] = verify_noted.checkpoint(store, connection, one, checkpoint)
        with progress() as seen:
            verdict = verify_record.verify(store, one, with_files=with_files, seen=seen)
        results.append({**verify_report.as_json(one.key, verdict), **noted})
    output(results, lambda: [line for result in results for line in verify_report.lines(result)], as_json)
    if any(result["refused"] for result in results):
        sys.exit(5)
