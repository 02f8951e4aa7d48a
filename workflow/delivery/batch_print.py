"""What is printed of a batch: the letters in posting order, envelopes or cover sheets, labels, the posting
list.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from letters.content import chinese
from letters.pdf import envelopes as envelope_pages
from workflow.base import messages, spreadsheets, typed_words, whole_files
from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_, listed
from workflow.casework import letter_rows
from workflow.delivery import to_be_posted
from workflow.delivery.batches import Batch
from workflow.delivery.to_be_posted import Piece
from workflow.evidence import printed
from workflow.office.seat import Seat
from workflow.storage import file_store

_HEADER = ("序号", "收件人", "收件地址", "邮编", "案号", "文书", "邮件号")


def write(
    seat: Seat,
    batch: Batch,
    out: Path,
    *,
    label: str = "a4-3x8",
    envelope: str = "dl",
    skip: int = 0,
    duplex: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> list[str]:
    """Write all papers of a batch into a folder; their paths. The same batch gives the same files."""
    layouts = to_be_posted.table()
    tags, envelopes = _layout(layouts, "label", label), _layout(layouts, "envelope", envelope)
    profile, day = seat.office.profile, batch.on.isoformat()
    pieces = [_plain(batch, piece) for piece in batch.pieces]
    rows = [_listed(piece) for piece in batch.pieces]
    # Everything is made before anything is written: an address that fits nowhere leaves no half of a batch
    # behind.
    made: list[tuple[str, bytes]] = []
    covered = "window" in envelopes
    if covered:
        made.append(("封面页.pdf", envelope_pages.covers(pieces, profile, envelopes, day)))
    else:
        made.append(("信封.pdf", envelope_pages.envelopes(pieces, profile, envelopes, day)))
    made.append(("标签.pdf", envelope_pages.labels(pieces, profile, tags, day, skip)))
    made.append(("交寄清单.pdf", posting_list(seat, batch)))
    made.append(("交寄清单.csv", _csv(batch, rows)))
    letters = [_pdfs(seat, piece, seen) for piece in batch.pieces]
    if covered:
        covers = made[0][1]
        letters = [[_page(covers, place), *pdfs] for place, pdfs in enumerate(letters)]
    made.append(("信函.pdf", envelope_pages.merged(letters, duplex=duplex, author=profile["name"])))
    paths = []
    for name, data in made:
        path = out / f"{batch.number}-{name}"
        whole_files.write(path, data, replace=True)
        paths.append(str(path))
    return paths


def _layout(layouts: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    known = {key: {"zh": row["zh"], "en": row["en"]} for key, row in layouts[kind].items()}
    found: dict[str, Any] | None = layouts[kind].get(typed_words.meant(name, known, kind))
    if found is None:
        raise NotFound(
            N_("There is no layout '{name}'."),
            field=kind,
            name=name[:40],
            way_on=N_("There are: {names}"),
            names=listed(f"{key} {row['zh']}" for key, row in layouts[kind].items()),
        )
    return found


def _plain(batch: Batch, piece: Piece) -> dict[str, str]:
    return {
        "name": piece.to.name,
        "address": piece.to.address,
        "postcode": piece.to.postcode,
        "mark": f"{batch.number}-{piece.place}　{piece.case}",
    }


def _listed(piece: Piece) -> dict[str, Any]:
    return {
        "place": piece.place,
        "name": piece.to.name,
        "address": piece.to.address,
        "postcode": piece.to.postcode,
        "case": piece.case,
        "letters": "、".join(piece.names),
        "names": piece.names,
        "tracking": piece.tracking or "",
    }


def posting_list(seat: Seat, batch: Batch) -> bytes:
    """The list that the post office marks with its day, with the newest checkpoint of the record on it."""
    with messages.speaking("zh_CN"), seat.store.reading() as connection:
        stamp = printed.newest(connection, seat.office)
    return envelope_pages.posting_list(
        [_listed(piece) for piece in batch.pieces],
        seat.office.profile,
        number=batch.number,
        service=to_be_posted.table()["service"][batch.service]["zh"],
        day=batch.on.isoformat(),
        day_zh=chinese.day(batch.on),
        stamp=stamp.block() if stamp else None,
    )


def _csv(batch: Batch, rows: list[dict[str, Any]]) -> bytes:
    """The list as CSV, for the post office's own program, and to be filled in with the numbers."""
    names = ("place", "name", "address", "postcode", "case", "letters", "tracking")
    return spreadsheets.csv_text([_HEADER, *([row[name] for name in names] for row in rows)]).encode()


def _pdfs(seat: Seat, piece: Piece, seen: Callable[[], None]) -> list[bytes]:
    store = file_store.folder(seat.store.folder)
    with seat.store.reading() as connection:
        digests = [letter_rows.pdf_of(connection, letter.id) for letter in piece.letters]
    found = []
    for letter, sha256 in zip(piece.letters, digests, strict=True):
        if sha256 is None:
            raise Damaged(
                N_("The letter no. {id} of {number} is not as the entries say."),
                id=letter.id,
                number=piece.case,
            )
        found.append(file_store.read(store, sha256))
        seen()
    return found


def _page(pdf: bytes, place: int) -> bytes:
    """One page of a PDF as a PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as whole:
        one = pikepdf.new()
        one.pages.append(whole.pages[place])
        out = io.BytesIO()
        one.save(out, deterministic_id=True)
        return out.getvalue()
