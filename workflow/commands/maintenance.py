"""Founding and the machine under it: init, upgrade, backup, restore, doctor, verify."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base import names
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    COMMON,
    PLAIN,
    File,
    argument,
    command,
    desk_of,
    option,
    output,
    progress,
)

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


@command("backup", example="disclosure backup 2026-03-31.zip")
@argument("out", type=File(writes=True))
@option("--with-key", is_flag=True, help=N_("Put the key file in too (keep such a backup under lock)."))
@COMMON
def backup(
    out: Path, with_key: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base import caller
    from workflow.storage.database import SCHEMA, Store
    from workflow.upkeep import backup as backups

    store = Store(db)
    # Before an upgrade nothing can be recorded; whoever keeps the database has the key file in any case.
    if caller.vouched() or (with_key and store.schema() == SCHEMA):
        desk = desk_of(officer, office, db)
        backups.record(desk, with_key)
        store = desk.store
    with progress() as seen:
        made = backups.backup(store, out, with_key=with_key, seen=seen)
    output(
        made,
        lambda: [
            _(N_("Written: {path}"), path=made["archive"]),
            *(
                _(N_("MISSING from the file store, and so from the backup: {sha256}"), sha256=one)
                for one in made["missing"]
            ),
        ],
        as_json,
    )
    if made["missing"]:
        sys.exit(5)


@command("restore", example="disclosure restore 2026-03-31.zip --check")
@argument("archive", type=File())
@option(
    "--check",
    "check_only",
    is_flag=True,
    help=N_("Prove the backup: restore it into a throw-away place, verify all of it, leave nothing."),
)
@option(
    "--checkpoint",
    type=File(),
    help=N_("With --check: a checkpoint that somebody else kept; the backup must contain what it signed."),
)
@option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help=N_("Public keys that must have signed the checkpoint: the office's, and those of witnesses."),
)
@PLAIN
def restore(
    archive: Path,
    check_only: bool,
    checkpoint: Path | None,
    keys: tuple[str, ...],
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.storage.database import Store
    from workflow.upkeep import backup as backups

    _require_together(check_only, checkpoint, keys)
    if check_only:
        _prove(archive, checkpoint, keys, db, as_json)
        return
    with progress() as seen:
        made = backups.restore(Store(db), archive, seen=seen)
    output(made, lambda: [_(N_("Restored from {path}."), path=archive)], as_json)


def _require_together(check_only: bool, checkpoint: Path | None, keys: tuple[str, ...]) -> None:
    if (checkpoint or keys) and not check_only:
        raise Malformed(
            N_("A backup is compared with a checkpoint only where it is proved."),
            field="check",
            way_on=N_("Add --check: nothing is then restored over anything."),
        )
    if bool(checkpoint) != bool(keys):
        raise Malformed(
            N_("A checkpoint proves something only together with the keys that signed it."),
            field="key" if checkpoint else "checkpoint",
            way_on=N_("Give both: --checkpoint FILE --key KEY"),
        )


def _prove(
    archive: Path, checkpoint: Path | None, keys: tuple[str, ...], db: str | None, as_json: bool
) -> None:
    """Prove a backup without restoring it over anything."""
    from workflow.base import tables
    from workflow.evidence import notes
    from workflow.office import identity
    from workflow.storage.database import Store
    from workflow.upkeep import trial

    identity.require_keeper()
    note = notes.read(tables.text_of(checkpoint)) if checkpoint else None
    known = tuple(notes.read_key(one) for one in keys)
    with progress() as seen:
        found = trial.check(archive, Store(db).folder, note=note, keys=known, seen=seen)
    output(found, lambda: list(trial.lines(found)), as_json)
    if trial.refused(found):
        sys.exit(5)


@command("drill", example="disclosure drill --backup /backup")
@option(
    "--backup",
    "given",
    type=File(),
    help=N_("A backup, or a folder of which the newest is taken (default: one made for the drill)."),
)
@COMMON
def drill(given: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.upkeep import drill as drills
    from workflow.upkeep import trial

    with progress() as seen:
        found = drills.drill(desk_of(officer, office, db), given, seen=seen)
    output(found, lambda: list(drills.lines(found)), as_json)
    if trial.refused(found):
        sys.exit(5)


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
    from workflow.office import profile as profiles
    from workflow.storage.database import Store
    from workflow.upkeep import verify_noted, verify_record, verify_report

    store = Store(db)
    with store.reading() as connection:
        verify_record.require_offices(connection, office)
        chosen = [one for one in profiles.listed(connection) if office in (None, one.key)]
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
