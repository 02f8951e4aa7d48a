"""What a case that is to be filed lacks: letters not made, service not proved, files lost, what is still
open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from letters.content import kinds
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, translate
from workflow.cases.case import CaseFile
from workflow.cases.states import State
from workflow.casework import lookup
from workflow.casework.opened import Opened
from workflow.law.keys import Letter
from workflow.office.seat import Seat
from workflow.storage import file_store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTERS, FILES, SIGNATURES = TABLES["letter"], TABLES["attachment"], TABLES["signature"]
# Statements that are asked of every case are made once.
_FILES = select(FILES.c.sha256, FILES.c.name).where(FILES.c.case_id == bindparam("case"))
_LETTERS = select(LETTERS.c.sha256, LETTERS.c.code, LETTERS.c.number).where(
    LETTERS.c.case_id == bindparam("case"), LETTERS.c.sha256.is_not(None)
)
_SIGNATURES = select(SIGNATURES.c.sha256).where(SIGNATURES.c.case_id == bindparam("case"))
EVENTS = ("file", "file_unserved")
# The notices of an ending that can be contested: from the day on which they reach the applicant the time for
# it runs.
ENDINGS = (Letter.LAPSE,)
FILE = "file"

TEXTS = {
    "letter": N_("letter not made: {what}"),
    "service": N_("no proof of service: {what}"),
    "file": N_("file lost or damaged: {what}"),
    "consultation": N_("consultation no. {what} without answer or lapse"),
    "remedy": N_("reconsideration or suit no. {what} not over"),
    "order": N_("new decision ordered by no. {what}, not begun"),
}


class Missing(NamedTuple):
    """One missing thing: its kind (a key of TEXTS), and which."""

    kind: str
    what: str

    @property
    def key(self) -> str:
        """As stored in the entry permanently: of a file only its digest, as its name may contain a person's
        name.
        """
        what = self.what.rpartition(" ")[2] if self.kind == FILE else self.what
        return f"{self.kind}:{what}"

    @property
    def text(self) -> str:
        """As displayed, in the language in force."""
        # A letter without a number is kept by its code, which a person does not read.
        codes = {kind.code for kind in kinds.all()}
        return translate(TEXTS[self.kind], what=kinds.name_of(self.what) if self.what in codes else self.what)


def of_key(key: str, case: CaseFile) -> Missing:
    """As kept by an entry of the case; a file with what it is called."""
    kind, _, what = key.partition(":")
    if kind == FILE:
        named = [(one["sha256"], one["name"]) for one in case.attachments]
        named += [(one["sha256"], one["number"] or one["code"]) for one in case.letters]
        name = next((name for sha256, name in named if sha256.startswith(what)), "")
        what = f"{name} {what}".strip()
    return Missing(kind, what)


def digests(connection: Connection, case_id: int) -> dict[str, str]:
    """The files of a case: SHA-256 and what it is called."""
    found: dict[str, str] = {}
    of_case = {"case": case_id}
    for file in connection.execute(_FILES, of_case):
        found[file.sha256] = file.name
    for letter in connection.execute(_LETTERS, of_case):
        found[letter.sha256] = letter.number or letter.code
    for sha256 in connection.execute(_SIGNATURES, of_case).scalars():
        found[sha256] = sha256[:12]
    return found


def lost(seat: Seat, ref: str) -> list[Missing]:
    """The files of a case that are not in the store, or are not what was handed in. Reads them all: outside
    the lock.
    """
    with seat.store.reading() as connection:
        found = digests(connection, lookup.one(connection, seat, ref).id)
    folder = file_store.folder(seat.store.folder)
    missing = []
    for sha256, name in found.items():
        try:
            with file_store.opened(folder, sha256):
                pass
        except DisclosureError:
            missing.append(Missing(FILE, f"{name} {sha256[:12]}"))
    return missing


def of(connection: Connection, opened: Opened, gone: Iterable[Missing] = ()) -> list[Missing]:
    """Everything that a case lacks now; `gone`: the files that are lost."""
    case = opened.case
    query = select(LETTERS.c.code, LETTERS.c.number).where(
        LETTERS.c.case_id == opened.id, LETTERS.c.sha256.is_(None), LETTERS.c.voided_on.is_(None)
    )
    found = [
        Missing("letter", row.number or row.code) for row in connection.execute(query.order_by(LETTERS.c.id))
    ]
    found += [Missing("service", what) for what in _unproved(case)]
    found += gone
    found += [
        Missing("consultation", str(part.no)) for part in case.consultations if part.state == State.SENT
    ]
    found += [Missing("remedy", str(part.no)) for part in case.remedies if not part.over]
    found += [
        Missing("order", str(part.no))
        for part in case.remedies
        if part.over and part.orders_redecision and part.against_round == case.round
    ]
    return found


def _unproved(case: CaseFile) -> list[str]:
    """Replies and notices of an ending of which it is not known that they arrived. A reply that came back in
    the present round is filed as such, with its reason."""
    replies = [
        reply.number
        for reply in case.replies
        if reply.served is None and not (reply.round == case.round and case.state == State.RETURNED)
    ]
    arrived = {one["code"] for one in case.letters if (sent := case.sent.get(one["letter"])) and sent.arrived}
    notices = [
        notice.letter
        for notice in case.notices
        if notice.letter in ENDINGS and notice.reached is None and notice.letter not in arrived
    ]
    return replies + (notices[-1:] if case.state == State.LAPSED else [])


def _way_on(missing: list[Missing]) -> str:
    """How to go on: the act that records how a notice arrived is not guessed from its name."""
    if any(one.kind == "service" and one.what in ENDINGS for one in missing):
        return N_(
            "Record when the notice arrived: disclosure notice-reached {number} --letter {letter}. "
            "Or give the reason: disclosure file {number} --despite '...'"
        )
    return N_("Put right what is missing, or give the reason: disclosure file {number} --despite '...'")


def require(
    connection: Connection, opened: Opened, payload: dict[str, Any], gone: Iterable[Missing]
) -> dict[str, Any]:
    """The payload of the filing with what is missing; Refused with the whole list where no reason is given
    for it.
    """
    missing = of(connection, opened, gone)
    if missing and not payload.get("despite"):
        raise Refused(
            N_("{number} is not complete: {missing}."),
            rule="house:file",
            field="despite",
            number=opened.case.number,
            missing="; ".join(one.text for one in missing),
            letter=next((one.what for one in missing if one.kind == "service" and one.what in ENDINGS), ""),
            way_on=_way_on(missing),
        )
    kept = {name: value for name, value in payload.items() if name != "despite" or missing}
    return {**kept, "missing": [one.key for one in missing]} if missing else kept
