"""The list of evidence (证据目录): every item of the record that can be laid before the authority or the
court, numbered, with its source, what it shows, its pages and its day; then the provisions that were applied.

What an item shows is said where the kind of paper says it; else it is a gap for the officer.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from letters.content import citations, kinds
from workflow.base import messages
from workflow.base.errors import DisclosureError
from workflow.cases import rulings
from workflow.cases.letter_life import GONE, Stage
from workflow.office.seat import Seat
from workflow.reports.papers import answer, contested, sheet
from workflow.reports.papers.contested import LETTERS, Contested
from workflow.reports.papers.sheet import Block
from workflow.storage import file_store

KEY = "evidence"


@dataclass(frozen=True)
class Item:
    """One item of the list; `pages` is None where it is not in the record and has to be added."""

    on: date
    name: str
    source: str
    purpose: str
    pages: int | None
    sha256: str | None = None


def write(seat: Seat, ref: str, no: int | None, place: sheet.Place) -> dict[str, Any]:
    """Write the list; NotFound where no reconsideration and no suit of that number is recorded."""
    with messages.speaking("zh_CN"):
        found = contested.of(seat, ref, no)
        items = sorted(_items(found), key=lambda one: one.on)
        made = sheet.write(found.about, KEY, page(found, items), place, found.remedy.no)
    return {
        **made,
        "no": found.remedy.no,
        "items": [
            {
                "no": at,
                "name": one.name,
                "source": one.source,
                "purpose": one.purpose,
                "pages": one.pages,
                "on": one.on.isoformat(),
                "sha256": one.sha256,
            }
            for at, one in enumerate(items, 1)
        ],
    }


def page(found: Contested, items: list[Item]) -> dict[str, Any]:
    """The list as plain data."""
    part = found.remedy
    before = "authority" if part.kind == rulings.RECONSIDERATION else "court"
    word = sheet.table()["before"][before]
    return sheet.page(
        found.about,
        KEY,
        [
            sheet.rows(
                (word["body"], part.body),
                (answer.said("reference"), part.reference or answer.gap("reference")),
                (word["organ"], found.about.seat.office.name),
                (
                    word["claimant"],
                    answer.name_of(found) if part.by == "applicant" else answer.gap("third_party"),
                ),
            ),
            *sheet.listing(
                "evidence",
                [
                    [
                        str(at),
                        one.name,
                        one.source,
                        one.purpose,
                        str(one.pages) if one.pages else _text("to_add"),
                        one.on.isoformat(),
                    ]
                    for at, one in enumerate(items, 1)
                ],
            ),
            *sheet.listing("provisions", list(_provisions(found))),
            _sums(items),
            {"kind": "text", "lines": [_text("signed", office=found.about.seat.office.name)]},
        ],
        mark=_text("mark"),
    )


def _text(key: str, **params: object) -> str:
    return str(sheet.table()["evidence"][key]).format(**params)


def _sums(items: list[Item]) -> Block:
    known = [one.pages for one in items if one.pages]
    return {
        "kind": "text",
        "lines": [_text("sums", n=len(items), pages=sum(known), open=len(items) - len(known))],
    }


def _items(found: Contested) -> Iterator[Item]:
    yield from _files(found)
    yield from _papers_to_add(found)
    yield from _letters(found)
    yield from _proofs(found)


def _files(found: Contested) -> Iterator[Item]:
    """What was handed in with the application, and what was added to the file; not the papers of remedies."""
    papers = {name for part in found.about.case.remedies for name in part.papers}
    for entry in found.about.entries:
        if entry.event not in ("receive", "attach"):
            continue
        received = entry.event == "receive"
        for file in entry.payload.get("attachments") or ():
            if file["name"] in papers:
                continue
            yield Item(
                entry.on,
                str(file["name"]),
                _text("from_applicant" if received else "from_file"),
                _text("shows_application") if received else answer.gap("purpose"),
                _pages(found.about.seat, file["sha256"], str(file["name"])),
                file["sha256"],
            )


def _papers_to_add(found: Contested) -> Iterator[Item]:
    """What came in on paper and was recorded without a copy: the application, and opinions."""
    for entry in found.about.entries:
        if entry.event == "receive" and not entry.payload.get("attachments"):
            source, shown = _text("from_applicant"), _text("shows_application")
            yield Item(entry.on, _text("application"), source, shown, None)
    for part in found.about.case.consultations:
        if part.answered and part.answered <= found.remedy.received:
            name = _text("opinion", name=part.name)
            yield Item(part.answered, name, _text("from_asked"), _text("shows_opinion"), None)


def _letters(found: Contested) -> Iterator[Item]:
    """Letters that went out, and the reply; void ones and those that never left prove nothing."""
    query = select(LETTERS).where(LETTERS.c.case_id == found.about.opened.id).order_by(LETTERS.c.id)
    with found.about.seat.store.reading() as connection:
        rows = list(connection.execute(query))
    purposes = sheet.table()["purpose"]
    for row in rows:
        contested_one = found.reply is not None and row.number == found.reply.number
        if row.dated > found.remedy.received or row.round > found.remedy.against_round:
            continue
        if row.stage == Stage.VOID or not (row.stage in (*GONE, Stage.RETURNED) or contested_one):
            continue
        kind = kinds.get(row.code)
        name = _text("letter", letter=kind.zh, number=row.number) if row.number else kind.zh
        purpose = purposes.get(row.code) or (purposes["decision"] if kind.decides else None)
        yield Item(
            row.dated,
            name,
            _text("from_us"),
            purpose or answer.gap("purpose"),
            _pages(found.about.seat, row.sha256, "letter.pdf") if row.sha256 else None,
            row.sha256,
        )


def _proofs(found: Contested) -> Iterator[Item]:
    """Numbers of mail and proofs of service that were recorded: the papers themselves have to be added."""
    for entry in found.about.entries:
        if entry.on > found.remedy.received:
            continue
        tracking, proof = entry.payload.get("tracking"), entry.payload.get("proof")
        if tracking:
            name = _text("tracking", number=tracking)
            yield Item(entry.on, name, answer.gap("source"), _text("shows_sending"), None)
        if entry.event == "serve" and proof:
            name = _text("proof", text=proof)
            yield Item(entry.on, name, answer.gap("source"), _text("shows_service"), None)


def _pages(seat: Seat, sha256: str, name: str) -> int | None:
    """The pages of a kept file: of a PDF as many as it has, of a picture one; None where nobody can tell."""
    suffix = Path(name).suffix.lower()
    if suffix in sheet.table()["evidence"]["pictures"]:
        return 1
    if suffix != ".pdf":
        return None
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(file_store.read(file_store.folder(seat.store.folder), sha256))) as pdf:
            return len(pdf.pages)
    except (DisclosureError, pikepdf.PdfError, pikepdf.PasswordError):
        return None


def _provisions(found: Contested) -> Iterator[list[str]]:
    """The provisions that the reply cites, instrument by instrument."""
    law = found.about.seat.context.law
    refs = found.content["data"]["basis"] if found.content else []
    for at, (instrument, places) in enumerate(citations.grouped(citations.ascending(refs), law), 1):
        yield [str(at), instrument, "、".join(places)]
