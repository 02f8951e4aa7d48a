"""Evidence: the office's key, checkpoints, a witness's signature, proofs of letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.base import file_names, whole_files
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, JSON, LANG, argument, desk_of, group, option, options, seat_of
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output, written

if TYPE_CHECKING:
    from workflow.casework.desk import Desk
    from workflow.evidence.notes import Note


@group("evidence")
def evidence() -> None:
    """Commands on evidence."""


@evidence.command(
    "key",
    help=N_(
        "The public key by which this office's checkpoints are verified: hand it to witnesses and courts."
    ),
    example="disclosure evidence key --create",
)
@option(
    "--create", is_flag=True, help=N_("Make the office's key; there is one, and it is never overwritten.")
)
@COMMON
def evidence_key(
    create: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.evidence import checkpoints, keys
    from workflow.office import founding

    desk = desk_of(officer, office, db)
    if create:
        founding.require_manager(desk)
        keys.create(keys.place(desk.store.folder))
    key = checkpoints.public_key(desk)
    output({"key": key.text, "origin": key.name}, lambda: [key.text], as_json)


@evidence.command(
    "checkpoint",
    help=N_("Sign the state of the record as it is now: how many entries, and the root over them."),
    example="disclosure evidence checkpoint --out 2026-11-28.checkpoint",
)
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@option(
    "--to",
    type=Folder(),
    metavar="FOLDER",
    help=N_("Into a folder on a medium, beside those that lie there: by a schedule, which doctor watches."),
)
@option("--mail", metavar="ADDRESS", help=N_("By mail, where this address does not have it yet."))
@COMMON
def evidence_checkpoint(
    out: Path | None,
    to: Path | None,
    mail: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.evidence import checkpoints, giving

    desk = desk_of(officer, office, db)
    if to is None and mail is None:
        written(str(checkpoints.make(desk)), out, as_json)
        return
    if out is not None:
        raise Malformed(
            N_("A checkpoint goes either into a file (--out), or to a medium or by mail (--to, --mail)."),
            field="out",
            way_on=N_("For example: {example}"),
            example="disclosure evidence checkpoint --to /media/存证",
        )
    path = giving.to_folder(desk, to) if to else None
    sent = giving.by_mail(desk, mail) if mail else False
    output(
        {"path": str(path) if path else None, "mailed": mail if sent else None},
        lambda: [
            *([_(N_("Written: {path}"), path=path)] if path else []),
            *([_(N_("Mailed to {mail}."), mail=mail)] if sent else []),
            *([_(N_("{mail} has the newest one already."), mail=mail)] if mail and not sent else []),
        ],
        as_json,
    )


@evidence.command(
    "request",
    help=N_(
        "What a witness is asked to sign: the newest checkpoint, and that it continues what he saw last."
    ),
    example="disclosure evidence request --old 120 --out 见证请求.txt",
)
@option(
    "--old", type=click.IntRange(0), required=True, help=N_("How many entries he saw last; 0 the first time.")
)
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@COMMON
def evidence_request(
    old: int, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.evidence import checkpoints

    written(checkpoints.request(desk_of(officer, office, db), old), out, as_json)


@evidence.command(
    "cosign",
    help=N_(
        "As a witness: check that the record shown continues what was seen last, and sign. No database, no network."
    ),
    example="disclosure evidence cosign 见证请求.txt --name archive.example.cn --key 见证.pem --seen 见证.json --out 已见证.txt",
)
@argument("file", type=File())
@option("--name", required=True, help=N_("The witness's name, without spaces (an address that is his)."))
@option("--key", type=File(), required=True, help=N_("The witness's key; made where there is none."))
@option(
    "--seen", type=File(), required=True, help=N_("What he saw last, of each record; he keeps nothing else.")
)
@option("--log-key", metavar="KEY", help=N_("The office's public key, the first time."))
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@options(JSON, LANG)
def evidence_cosign(
    file: Path, name: str, key: Path, seen: Path, log_key: str | None, out: Path | None, as_json: bool
) -> None:
    from workflow.base import dates, tables
    from workflow.evidence import keys, notes, witness

    private = keys.load(key) if key.exists() else keys.create(key)
    known = notes.read_key(log_key) if log_key else None
    moment = int(dates.now().timestamp())
    made = witness.cosign(tables.text_of(file), seen, name, private, moment, known)
    public = notes.Key(name, notes.COSIGNED, private.public_key().public_bytes_raw())
    if out is None and not as_json:
        written(str(made.note), None, as_json)
        return
    if out is not None:
        from workflow.base import whole_files

        whole_files.write(out, str(made.note).encode(), replace=True)
    output(
        {
            "origin": made.point.origin,
            "before": made.before,
            "size": made.point.size,
            "key": public.text,
            "text": str(made.note),
        },
        lambda: [
            _(
                N_("Signed: {origin}, {size} entries (seen before: {before})."),
                origin=made.point.origin,
                size=made.point.size,
                before=made.before,
            ),
            _(N_("The witness's public key: {key}"), key=public.text),
        ],
        as_json,
    )


@evidence.command(
    "accept",
    help=N_("Keep a checkpoint that came back with a witness's signature; proofs then stand on it."),
    example="disclosure evidence accept 已见证.txt",
)
@argument("file", type=File())
@COMMON
def evidence_accept(
    file: Path, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base import tables
    from workflow.evidence import checkpoints

    point, names = checkpoints.accept(desk_of(officer, office, db), tables.text_of(file))
    output(
        {"size": point.size, "cosigned_by": names},
        lambda: [
            _(N_("{size} entries, countersigned by: {names}"), size=point.size, names=", ".join(names) or "-")
        ],
        as_json,
    )


@evidence.command(
    "prove",
    help=N_(
        "Write the proofs of a case's letters, of one PDF, or of a figure of a closed report, with the page and the program that check them."
    ),
    example="disclosure evidence prove 2025 r1_granted,total --out 存证",
)
@argument("what", metavar="CASE|FILE|YEAR")
@argument("cell", metavar="[ROW,COLUMN]", required=False)
@option("--out", type=Folder(), required=True, metavar="FOLDER", help=N_("The folder to write into."))
@option("--checkpoint", type=File(), help=N_("Prove against this checkpoint (what a witness holds)."))
@COMMON
def evidence_prove(
    what: str,
    cell: str | None,
    out: Path,
    checkpoint: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import tables
    from workflow.evidence import notes, proofs

    desk = desk_of(officer, office, db)
    against = notes.read(tables.text_of(checkpoint)) if checkpoint else None
    told, made = _figure(desk, what, cell, against) if cell else _letters(desk, what, against)
    made |= {name: source.read_bytes() for name, source in proofs.VERIFIERS.items()}
    for name, data in made.items():
        whole_files.write(out / name, data, replace=True)
    files = [str(out / name) for name in made]
    output({**told, "files": files}, lambda: [_(N_("Written: {path}"), path=path) for path in files], as_json)


def _letters(desk: Desk, what: str, against: Note | None) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The proofs of a case's letters, or of one PDF: what is told of them, and the files by name."""
    from hashlib import sha256

    from workflow.casework import lookup
    from workflow.evidence import proofs

    with desk.store.reading() as connection:
        if what.lower().endswith(".pdf"):
            data = File().convert(what, None, None).read_bytes()
            rows = proofs.entries(connection, desk, sha256=sha256(data).hexdigest())
        else:
            row = lookup.one(connection, desk, what)
            rows = proofs.entries(connection, desk, case_id=row.id)
    made = proofs.of_letters(desk, proofs.require(rows, what), against)
    files = {
        file_names.made(one.number or one.code, one.seq, ending=".proof"): one.text.encode() for one in made
    }
    return {"proofs": [{"sha256": one.sha256, "number": one.number, "seq": one.seq} for one in made]}, files


def _figure(
    desk: Desk, what: str, cell: str, against: Note | None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The proof of a figure of a closed report, and the report as it was closed."""
    from workflow.reports.annual import figure_names, figure_proof

    if not (what.isascii() and what.isdigit()):
        raise Malformed(
            N_("A figure is proved of a report: '{what}' is no year."),
            field="what",
            what=what[:40],
            way_on=N_("For example: {example}"),
            example="disclosure evidence prove 2025 r1_granted,total --out 存证",
        )
    row, column = figure_names.named(cell, "disclosure evidence prove 2025 r1_granted,total --out 存证")
    made = figure_proof.of(desk, int(what), row, column, against)
    _table, key, part = made.cell
    told = {"cell": list(made.cell), "figure": made.figure, "cases": made.cases, "seq": made.seq}
    return told, {
        file_names.made(what, key, part, ending=".proof"): made.text.encode(),
        file_names.made(what, ending=".json"): made.report.encode(),
    }


@evidence.command(
    "timestamp",
    help=N_(
        "Let a time-stamp service (RFC 3161) sign when a checkpoint was there; with --check look at a stamp that was kept."
    ),
    example="disclosure evidence timestamp 检查点.txt --url http://tsa.example.cn --root tsa-root.pem --out 检查点.tsr",
)
@argument("file", type=File())
@option("--url", metavar="URL", help=N_("The address of the service."))
@option("--out", type=File(writes=True), help=N_("The file for the stamp, with --url."))
@option("--check", type=File(), metavar="FILE", help=N_("A stamp that was kept, in place of asking for one."))
@option("--root", type=File(), metavar="FILE", help=N_("The root certificates of the service (PEM)."))
@options(JSON, LANG)
def evidence_timestamp(
    file: Path, url: str | None, out: Path | None, check: Path | None, root: Path | None, as_json: bool
) -> None:
    from workflow.base import dates
    from workflow.evidence import timestamps

    if bool(url) == bool(check) or bool(url) != bool(out):
        raise Malformed(
            N_("Either a stamp is asked for (--url and --out), or one that was kept is checked (--check)."),
            field="url",
            way_on=N_("For example: {example}"),
            example="disclosure evidence timestamp 检查点.txt --url http://tsa.example.cn --out 检查点.tsr",
        )
    data, roots = file.read_bytes(), timestamps.certificates(root) if root else []
    if check is not None:
        found = timestamps.check(check.read_bytes(), data, roots)
    else:
        assert url is not None
        assert out is not None
        token, found = timestamps.fetch(data, url, roots)
        whole_files.write(out, token, replace=False)
    moment = dates.stamp(found.moment)
    output(
        {"moment": moment, "verified": found.verified, "path": str(out or check)},
        lambda: [
            _(
                N_("Time-stamp: {path}, there at {moment}"),
                path=out or check,
                moment=dates.china_time(moment),
            ),
            _(N_("Its signature holds under the roots that were given."))
            if found.verified
            else _(N_("Its signature was not checked: give the root certificates with --root.")),
        ],
        as_json,
    )


@evidence.command(
    "status",
    help=N_("The checkpoints that were given out, and who countersigned them."),
    example="disclosure evidence status",
)
@COMMON
def evidence_status(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.evidence import checkpoints

    found = checkpoints.state(seat_of(officer, office, db))
    output(
        found,
        lambda: (
            [
                _(
                    N_("{size} entries, {moment}, countersigned by: {names}"),
                    size=one["size"],
                    moment=dates.china_time(one["made_at"]),
                    names=", ".join(one["cosigned_by"]) or "-",
                )
                for one in found
            ]
            or [_(N_("No checkpoint was given out yet: disclosure evidence checkpoint"))]
        ),
        as_json,
    )
