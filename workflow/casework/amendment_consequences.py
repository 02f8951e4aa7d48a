"""What a correction of the record brings with it: steps that are refused, times that are over, marks made
anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import update

from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.cases import organ_clocks, persons
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.casework import given_persons, parties
from workflow.casework.opened import Done
from workflow.procedure.fold import apply, effective
from workflow.storage import encryption
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES = TABLES["case_file"]
Notes = list[Remark]


def require_known(entries: list[Entry], context: Context) -> None:
    """Refused where the Regulations that govern the corrected case do not know a step that was taken on
    it.
    """
    case = CaseFile()
    for entry in effective(entries):
        regulations = str(entry.payload.get("regulations", "")) or case.regulations
        rows = [
            row
            for row in context.process.of(entry.track, entry.event, entry.source)
            if row.dest == entry.dest
        ]
        if rows and all(row.basis(regulations, entry.on) is None for row in rows):
            raise Refused(
                N_(
                    "The Regulations that govern this application ({regulations}) know no such step: {event}."
                ),
                rule=regulations,
                field="to",
                regulations=Named("regulations", regulations),
                event=Named("event", entry.event),
                way_on=N_("See what was recorded with: disclosure history {number}"),
                number=case.number or "?",
            )
        apply(case, entry)


def consequences(case: CaseFile, context: Context) -> Notes:
    """Problems revealed by a correction: an extension that is now late, a reply that is."""
    notes: Notes = []
    deadline = organ_clocks.reply_deadline(case, context)
    if case.extension is not None and "extension_late" in deadline.notes:
        notes.append(
            (
                N_("The extension of {day} now lies after the first period and has no effect."),
                {"day": case.extension[0]},
            )
        )
    reply = case.reply
    if reply is not None and reply.replied_on is not None and reply.replied_on > deadline.due:
        notes.append(
            (
                N_("The reply of {day} is now late: it was due on {due}."),
                {"day": reply.replied_on, "due": deadline.due},
            )
        )
    return notes


def mark_again(
    connection: Connection, done: Done, key: Callable[[], bytes], ring: encryption.Keyring
) -> None:
    """By what the same applicant is found again follows the correction of his name or number."""
    plain = given_persons.person(persons.applicants(done.case)[0], key())
    mark = parties.mark(plain.get("id_number"), plain["name"], ring).mark
    connection.execute(update(CASES).where(CASES.c.id == done.case_id).values(applicant_mark=mark))
