"""The archive folder of a case: every piece, the catalogue, the volume, the extract of the record, and
checksums.

Made from what the database and the file store hold, beside its place, and then put there: it is whole or not
there. The same case gives the same bytes, so that making it again does no harm. Afterwards it needs this
program no more: `sha256sum -c SHA256SUMS` checks it, and the entries in ledger.jsonl carry the hashes of the
chain.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow.archive import cover, pages, pieces, volume
from workflow.archive.folder_files import EXTRACT, MANIFEST, SUMS, is_same, refuse_strange, write
from workflow.archive.pieces import table, word
from workflow.base import messages, spreadsheets, variables
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.casework import filing_check, lookup
from workflow.casework.opened import Done, open_case
from workflow.evidence import checkpoints, keys, printed, proofs
from workflow.jobs import queue
from workflow.office import personal_data, profile
from workflow.office.seat import SYSTEM, Seat
from workflow.storage import entry_hash, file_store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LEDGER = TABLES["case_file"], TABLES["ledger"]
KIND = "archive"
FORMAT, VERSION = "disclosure archive", 1
# What the extract keeps of a row: all that its hash covers.
COLUMNS = (
    "office_id",
    "seq",
    "case_id",
    "n",
    "track",
    "event",
    "on_day",
    "recorded_at",
    "actor",
    "source",
    "dest",
    "article",
    "payload",
    "prev_hash",
    "hash",
)
# How the officer was known: covered by the hash too, in entries that say it.
KNOWN = ("via", "login", "acting_for")


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the extract: entries that do not say how their officer was known stay as they were."""
    return row if row["via"] is not None else {name: row[name] for name in COLUMNS}


def place(seat: Seat, number: str) -> Path:
    """Where the folder of a filed case lies: DISCLOSURE_ARCHIVE, else beside the database."""
    base = Path(variables.given("DISCLOSURE_ARCHIVE") or seat.store.folder / "archive")
    return base / seat.office.key / number


def put_down(seat: Seat, connection: Connection, done: Done) -> None:
    """In the commit of a filing: its folder is to be made."""
    done.errands.append(queue.put_down(seat, connection, done, KIND))


def settle(seat: Seat, work: Any) -> dict[str, Any]:
    """The work that a filing put down: make the folder, then note that it is done."""
    with seat.store.reading() as connection:
        row = connection.execute(
            select(CASES.c.number, CASES.c.destroyed_on, CASES.c.filed_on).where(CASES.c.id == work.case_id)
        ).one()
    if row.destroyed_on is not None or row.filed_on is None:
        # Destroyed, or not filed any more: the filing was taken back.
        made: dict[str, Any] = {"case": row.number, "path": ""}
    else:
        if seat.officer.known != SYSTEM.known:
            # It waits for somebody who may look at what is in it, or for the program itself.
            personal_data.require(seat, "work")
        made = make(seat, row.number, place(seat, row.number))
    with seat.store.writing() as connection:
        queue.close(seat, connection, work.id)
    return made


def make(seat: Seat, ref: str, out: Path) -> dict[str, Any]:
    """Make the folder of a filed case at `out`; what was there of an earlier making is replaced, anything
    else is not.
    """
    with messages.speaking("zh_CN"):
        contents, summary = _contents(seat, ref)
    refuse_strange(out)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(contents.items()))
    summary = {**summary, "path": str(out), "files": len(contents)}
    if is_same(out, sums):
        return {**summary, "unchanged": True}
    write(out, {**contents, SUMS: sums.encode()})
    return {**summary, "unchanged": False}


# --- what is in it


def _contents(seat: Seat, ref: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Every file of the folder by its name; and what is said of it."""
    with seat.store.reading() as connection:
        row = lookup.one(connection, seat, ref)
        opened = open_case(seat, connection, row.number)
        case = opened.case
        if case.destroyed is not None or case.filed is None:
            raise Refused(
                N_("{number} is not filed, or its personal data was destroyed: it has no archive folder."),
                rule="house:file",
                field="case",
                number=case.number,
                way_on=N_("File it: disclosure file {number}"),
            )
        people = {one.key: one.name for one in profile.officers_of(connection, seat.office.id)}
        key = seat.case_key(connection, row.id)
        source = pieces.Opened(seat, row.id, case, opened.entries, key, people)
        found = pieces.of(connection, source)
        query = select(*(LEDGER.c[name] for name in (*COLUMNS, *KNOWN))).where(LEDGER.c.case_id == row.id)
        extract = [_kept(dict(one)) for one in connection.execute(query.order_by(LEDGER.c.n)).mappings()]
        lacking = filing_check.of(connection, opened, ())
    found = sorted([*found, *pages.of(source, case.filed)], key=lambda piece: piece.key)
    named = _named(seat, found)
    lost = [piece.title for piece, _, data in named if data is None and piece.sha256 is not None]
    bound = volume.bind(named)
    made = {name: data for _, name, data in named if data is not None}
    made |= _lists(seat, source, bound, extract, _stamp(seat, extract[-1]["seq"]))
    made |= _evidence(seat, row.id, {hashlib.sha256(data).hexdigest(): name for name, data in made.items()})
    summary = {
        "case": case.number,
        "pieces": len(bound),
        "pages": sum(len(one.pages) for one in bound),
        "lost": lost,
        "missing": sorted(
            {*(filing_check.of_key(one, case).text for one in case.missing), *(one.text for one in lacking)}
        ),
    }
    return made, summary


def _stamp(seat: Seat, entries: int) -> dict[str, Any] | None:
    """The checkpoint that stands on the catalogue, of the whole of the case, where the office signs them."""
    if not keys.place(seat.store.folder).exists():
        return None
    kept = checkpoints.first_over(seat, entries)
    with seat.store.reading() as connection:
        return printed.of(connection, seat.office, kept, own_only=True).block()


def _evidence(seat: Seat, case_id: int, names: dict[str, str]) -> dict[str, bytes]:
    """Of each letter in the folder its proof, and what checks it, where the office signs checkpoints."""
    if not keys.place(seat.store.folder).exists():
        return {}
    with seat.store.reading() as connection:
        rows = [
            row
            for row in proofs.entries(connection, seat, case_id=case_id)
            if json.loads(row.payload)["sha256"] in names
        ]
    if not rows:
        return {}
    found = {
        f"{names[one.sha256].rpartition('.')[0]}.proof": one.text.encode()
        for one in proofs.of_letters(seat, rows, oldest=True)
    }
    return {**found, **{name: path.read_bytes() for name, path in proofs.VERIFIERS.items()}}


def _named(seat: Seat, found: list[pieces.Piece]) -> list[tuple[pieces.Piece, str, bytes | None]]:
    """Each piece with the name of its file in the folder, and its bytes where they are there."""
    store = file_store.folder(seat.store.folder)
    made = []
    for no, piece in enumerate(found, 1):
        data: bytes | None = None
        if piece.make is not None:
            data = piece.make()
        elif piece.sha256 is not None:
            with suppress(DisclosureError):
                data = file_store.read(store, piece.sha256)
        stem, dot, suffix = piece.name.rpartition(".")
        label = f"{stem}-{piece.number}" if piece.number else stem or suffix
        made.append((piece, f"{no:03d}-{_plain(label)[:80]}{dot}{_plain(suffix)[:8] if dot else ''}", data))
    return made


def _plain(text: str) -> str:
    """A name that every file system takes and that no checksum list has to escape."""
    return "".join(char if char.isalnum() or char in "-_〔〕()" else "_" for char in text)


def _lists(
    seat: Seat,
    source: pieces.Opened,
    bound: list[volume.Bound],
    extract: list[dict[str, Any]],
    stamp: dict[str, Any] | None,
) -> dict[str, bytes]:
    """Catalogue, volume, extract and manifest."""
    case, filed = source.case, source.case.filed
    assert filed is not None
    rows = volume.catalogue(bound)
    columns, about = table()["columns"], cover.about(source, bound)
    created = filed.isoformat()
    lines = {"lang": "zh-CN", "subtitle": f"{seat.office.name}　{case.number}", "created": created}
    listed = {
        **lines,
        "title": word("catalogue"),
        "heads": columns,
        "widths": table()["widths"],
        "rows": rows,
        **({"stamp": stamp} if stamp else {}),
    }
    text = spreadsheets.csv_text(
        [
            [*columns, "SHA-256"],
            *([*row, one.piece.sha256 or ""] for row, one in zip(rows, bound, strict=True)),
        ]
    )
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "office": seat.office.key,
        "case": case.number,
        "filed": created,
        "entries": len(extract),
        "last_hash": extract[-1]["hash"],
        "retention": case.retention,
        "keep_until": case.keep_until.isoformat() if case.keep_until else None,
        "pieces": [
            dict(zip(("no", "number", "responsible", "title", "on", "pages", "remark"), row, strict=True))
            | {"file": one.file}
            for row, one in zip(rows, bound, strict=True)
        ],
    }
    return {
        f"000-{word('catalogue')}.csv": text.encode(),
        "000-卷宗.pdf": volume.pdf(
            cover.first_page(source, about, created), listed, bound, cover.last_page(source, about, lines)
        ),
        EXTRACT: "".join(entry_hash.canonical(row) + "\n" for row in extract).encode(),
        MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n",
    }


# --- putting it in its place
