"""What helps after a loss: backup, restore, drill."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base import variables
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, PLAIN, argument, command, desk_of, option
from workflow.commands.parameter_types import File, Place
from workflow.commands.printing import output, progress

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.storage.database import Store
    from workflow.upkeep.backup_file import Source
    from workflow.upkeep.parts.age_files import Secrets

PASSPHRASE = "DISCLOSURE_BACKUP_PASSPHRASE"  # noqa: S105  # the name of a variable, not what is in it
IDENTITY = option(
    "--identity",
    "identities",
    type=File(),
    multiple=True,
    metavar="FILE",
    help=N_("A file with a private key that opens an encrypted backup (else its passphrase is asked for)."),
)


@command("backup", example="disclosure backup --to /backup --recipient age1…")
@argument("out", type=File(writes=True), required=False)
@option(
    "--to",
    type=Place(),
    metavar="FOLDER|sftp://…",
    help=N_("Write only what is new since the last backup to this folder or machine (see --base)."),
)
@option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="age1…",
    help=N_(
        "With --to: who can open the backups, by public key (age1… or ssh-ed25519 …); as often as needed."
    ),
)
@option("--passphrase", "by_passphrase", is_flag=True, help=N_("With --to: a passphrase opens the backups."))
@option("--unencrypted", is_flag=True, help=N_("With --to: the backups are not encrypted."))
@option("--base", is_flag=True, help=N_("With --to: begin a new set, with everything in its first part."))
@option("--with-key", is_flag=True, help=N_("Put the key file in too (keep such a backup under lock)."))
@COMMON
def backup(
    out: Path | None,
    to: Path | str | None,
    recipients: tuple[str, ...],
    by_passphrase: bool,
    unencrypted: bool,
    base: bool,
    with_key: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import caller
    from workflow.storage.database import SCHEMA, Store
    from workflow.upkeep import backup as backups

    _require_one_place(out, to, bool(recipients) or by_passphrase or unencrypted or base)
    store = Store(db)
    # Before an upgrade nothing can be recorded; whoever keeps the database has the key file in any case.
    if caller.vouched() or (with_key and store.schema() == SCHEMA):
        desk = desk_of(officer, office, db)
        backups.record(desk, with_key)
        store = desk.store
    if out is None:
        made = _next_part(store, to, recipients, by_passphrase, unencrypted, base, with_key)
    else:
        with progress() as seen:
            made = backups.backup(store, out, with_key=with_key, seen=seen)
    output(made, lambda: list(_written(made)), as_json)
    if made["missing"]:
        sys.exit(5)


def _require_one_place(out: Path | None, to: Path | str | None, of_a_set: bool) -> None:
    if (out is None) == (to is None):
        raise Malformed(
            N_("Say where the backup goes: one place."),
            field="out",
            way_on=N_(
                "A file or folder for everything in one file; or --to FOLDER for what is new since the last."
            ),
        )
    if of_a_set and to is None:
        raise Malformed(
            N_("--recipient, --passphrase, --unencrypted and --base belong to --to."),
            field="to",
            way_on=N_("A backup in one file is not encrypted: keep it under lock, or write to --to FOLDER."),
        )


def _next_part(
    store: Store,
    to: Path | str | None,
    recipients: tuple[str, ...],
    by_passphrase: bool,
    unencrypted: bool,
    base: bool,
    with_key: bool,
) -> dict[str, Any]:
    """The next part of the set at a place, or the base of a new one."""
    from workflow.office import identity
    from workflow.upkeep.parts import making, opening

    identity.require_keeper()
    assert to is not None
    passphrase = _passphrase(new=True) if by_passphrase else None
    wanted = making.Wanted(recipients, passphrase, unencrypted, base, with_key)
    with opening.opened(to) as target, progress() as seen:
        return making.make(store, target, wanted, seen=seen)


def _written(made: dict[str, Any]) -> list[str]:
    lines = [_(N_("Written: {path}"), path=made["archive"])]
    if "part" in made:
        lines.append(
            _(
                N_(
                    "Part {part} of the set {set}: {new_blocks} of {blocks} blocks and {new_files} of {files} files are new."
                ),
                **made,
            )
        )
    missing = N_("MISSING from the file store, and so from the backup: {sha256}")
    return lines + [_(missing, sha256=one) for one in made["missing"]]


def _passphrase(*, new: bool = False) -> str:
    given = variables.given(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise Malformed(
            N_("A passphrase is needed."),
            field="passphrase",
            way_on=N_(
                "Run it at a terminal, where it is asked for; or set {variable}. Never on the command line."
            ),
            variable=PASSPHRASE,
        )
    text = _(N_("Passphrase of the backups"))
    return str(click.prompt(text, hide_input=True, confirmation_prompt=new, err=True))


def secrets_of(identities: tuple[Path, ...]) -> Secrets:
    """What opens an encrypted backup: the files that were named, else the passphrase."""
    from workflow.upkeep.parts.age_files import Secrets

    return Secrets(tuple(identities), _passphrase)


@command("restore", example="disclosure restore 2026-03-31.zip --check")
@argument("archive", type=Place())
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
@IDENTITY
@PLAIN
def restore(
    archive: Path | str,
    check_only: bool,
    checkpoint: Path | None,
    keys: tuple[str, ...],
    identities: tuple[Path, ...],
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.office import identity
    from workflow.storage.database import Store
    from workflow.upkeep import backup as backups
    from workflow.upkeep.parts import reading

    _require_together(check_only, checkpoint, keys)
    identity.require_keeper()
    store = Store(db)
    with reading.opened(archive, store.folder, secrets_of(identities)) as source:
        if check_only:
            _prove(source, store, checkpoint, keys, as_json)
            return
        with progress() as seen:
            made = backups.restore(store, source, seen=seen)
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
    source: Source, store: Store, checkpoint: Path | None, keys: tuple[str, ...], as_json: bool
) -> None:
    """Prove a backup without restoring it over anything."""
    from workflow.base import tables
    from workflow.evidence import notes
    from workflow.upkeep import trial

    note = notes.read(tables.text_of(checkpoint)) if checkpoint else None
    known = tuple(notes.read_key(one) for one in keys)
    with progress() as seen:
        found = trial.check(source, store.folder, note=note, keys=known, seen=seen)
    output(found, lambda: [*trial.lines(found), *trial.unproved(found)], as_json)
    if trial.refused(found):
        sys.exit(5)


@command("drill", example="disclosure drill --backup /backup")
@option(
    "--backup",
    "given",
    type=Place(),
    help=N_(
        "A backup, or a folder or sftp://… of which the newest is taken (default: one made for the drill)."
    ),
)
@IDENTITY
@COMMON
def drill(
    given: Path | str | None,
    identities: tuple[Path, ...],
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.upkeep import drill as drills
    from workflow.upkeep import trial

    with progress() as seen:
        found = drills.drill(desk_of(officer, office, db), given, secrets=secrets_of(identities), seen=seen)
    output(found, lambda: list(drills.lines(found)), as_json)
    if trial.refused(found):
        sys.exit(5)
