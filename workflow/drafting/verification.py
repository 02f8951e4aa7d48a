"""Whether a PDF that somebody shows is a letter of this database, as it was made or as it was signed.

The file's SHA-256 is looked up, and the ledger asked for the entry that recorded it. A file that says of
itself that it is one of ours, and has other bytes, was changed; of any other nothing is said but that it is
not from here.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.content import kinds
from letters.pdf import reading
from workflow.base import dates
from workflow.base.errors import Damaged, Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.storage import case_entries, file_store
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, LETTERS, LEDGER, OFFICES = TABLES["case_file"], TABLES["letter"], TABLES["ledger"], TABLES["office"]
SIGNATURES = TABLES["signature"]
OURS, SIGNED, CHANGED, DRAFT, STRANGE = "unchanged", "signed", "changed", "draft", "not_ours"
_SENTENCES = {
    OURS: N_("A letter of this office, unchanged."),
    SIGNED: N_("A letter of this office as it was signed, unchanged."),
    CHANGED: N_(
        "It says that it is a letter of this office, and its bytes are not those that were issued: it was changed."
    ),
    DRAFT: N_("A draft: it was never issued."),
    STRANGE: N_("Not a letter of this database."),
}


@dataclass
class Verdict:
    """What was found: one of the words above, the file's SHA-256, and the letter that it is or claims to
    be.
    """

    verdict: str
    sha256: str
    office: str | None = None
    case: str | None = None
    letter: int | None = None
    code: str | None = None
    number: str | None = None
    dated: str | None = None
    recorded_at: str | None = None
    voided_on: str | None = None
    expected: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @property
    def _named(self) -> str | None:
        return kinds.name_of(self.code) if self.code else None

    def lines(self) -> list[str]:
        """For the terminal."""
        told = [_(_SENTENCES[self.verdict])]
        if self.letter is not None:
            told.append(
                " ".join(filter(None, (self.office, self._named, self.number, self.case, self.dated)))
            )
        if self.recorded_at:
            told.append(_(N_("Recorded {moment}."), moment=dates.china_time(self.recorded_at)))
        if self.voided_on:
            told.append(_(N_("Made void on {day}."), day=self.voided_on))
        return told

    def require_ours(self) -> None:
        """Raise Damaged for a letter that was changed, NotFound for what is no letter of this database."""
        if self.verdict == CHANGED:
            raise Damaged(
                _SENTENCES[CHANGED],
                field="file",
                way_on=N_(
                    "Ask for the original; the office can give it out again: disclosure letters CASE --out DIR"
                ),
            )
        if self.verdict in (STRANGE, DRAFT):
            raise NotFound(
                _SENTENCES[self.verdict],
                field="file",
                way_on=N_("Only letters that were issued from this database can be recognised."),
            )


def verify(store: Store, path: Path) -> Verdict:
    """The verdict on a file. Malformed where it is no file that can be read."""
    try:
        if path.stat().st_size > file_store.LIMIT:
            raise Malformed(
                N_("'{name}' is longer than the {limit} bytes that a file may have."),
                name=path.name,
                limit=file_store.LIMIT,
                field="file",
            )
        pdf = path.read_bytes()
    except OSError as fault:
        raise Malformed(
            N_("The file {path} cannot be read: {detail}"),
            path=str(path),
            field="file",
            detail=fault.strerror or str(fault),
        ) from None
    sha256 = hashlib.sha256(pdf).hexdigest()
    with store.reading() as connection:
        found = _kept(connection, sha256)
        if found is None and pdf.lstrip()[:5] == b"%PDF-":
            found = _claimed(connection, sha256, pdf)
    return found or Verdict(STRANGE, sha256)


def _columns() -> Any:
    named = (CASES.c.number.label("case_number"), OFFICES.c.name.label("office_name"))
    joined = LETTERS.join(CASES, CASES.c.id == LETTERS.c.case_id).join(
        OFFICES, OFFICES.c.id == LETTERS.c.office_id
    )
    return select(LETTERS, *named).select_from(joined)


def _of(verdict: str, sha256: str, row: Any, recorded_at: str | None = None) -> Verdict:
    voided = getattr(row, "voided_on", None)
    return Verdict(
        verdict,
        sha256,
        row.office_name,
        row.case_number,
        row.id,
        row.code,
        row.number,
        row.dated.isoformat(),
        recorded_at,
        voided.isoformat() if voided else None,
        row.sha256 if verdict == CHANGED else None,
    )


def _kept(connection: Connection, sha256: str) -> Verdict | None:
    """The letter of that hash, where the ledger records it; a row that no entry stands for proves nothing."""
    row = connection.execute(_columns().where(LETTERS.c.sha256 == sha256)).first()
    verdict, event = OURS, "letter_made"
    if row is None:
        copy = connection.execute(
            select(SIGNATURES.c.letter_id).where(SIGNATURES.c.sha256 == sha256)
        ).scalar()
        if copy is None:
            return None
        row = connection.execute(_columns().where(LETTERS.c.id == copy)).one()
        verdict, event = SIGNED, "letter_signed"
    entries = connection.execute(
        select(LEDGER).where(LEDGER.c.case_id == row.case_id, LEDGER.c.event == event)
    )
    told = [
        entry
        for entry in map(case_entries.entry_of, entries)
        if (entry.payload.get("sha256"), entry.payload.get("letter")) == (sha256, row.id)
    ]
    if not told:
        raise Damaged(
            N_("The letter no. {id} of {number} is not as the entries say."),
            id=row.id,
            number=row.case_number,
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )
    return _of(verdict, sha256, row, told[-1].recorded_at)


def _claimed(connection: Connection, sha256: str, pdf: bytes) -> Verdict | None:
    """The letter that the file claims to be, by the attached data or else by its title, where we have such a
    letter.
    """
    try:
        told, (_title, subject) = reading.data_of(pdf), reading.title_of(pdf)
    except Malformed:
        return None
    if told.get("draft"):
        case = connection.execute(
            select(CASES.c.number)
            .join(OFFICES, OFFICES.c.id == CASES.c.office_id)
            .where(CASES.c.number == str(told.get("case")), OFFICES.c.name == str(told.get("organ")))
        ).scalar()
        return Verdict(DRAFT, sha256, str(told.get("organ")), case) if case else None
    where = LETTERS.c.number == str(told.get("number") or subject.partition(" ")[0])
    if told and not told.get("number"):
        where = (CASES.c.number == str(told.get("case"))) & (LETTERS.c.code == str(told.get("letter")))
    query = _columns().where(where, LETTERS.c.sha256.is_not(None))
    if told.get("organ"):
        query = query.where(OFFICES.c.name == str(told["organ"]))
    row = connection.execute(query.order_by(LETTERS.c.id)).first()
    return _of(CHANGED, sha256, row) if row is not None else None
