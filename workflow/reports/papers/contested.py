"""What a paper for a reconsideration or a suit is about: the remedy, the reply that it is against, and what
that reply said when it was made.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from letters.content.letter_content import Content
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.cases import rulings
from workflow.cases.reply import Reply
from workflow.cases.tracks import Remedy
from workflow.casework import letter_data
from workflow.office.seat import Seat
from workflow.reports.papers import sheet
from workflow.reports.papers.sheet import Subject
from workflow.storage.tables import TABLES

LETTERS = TABLES["letter"]


@dataclass(frozen=True)
class Contested:
    """One reconsideration or suit. Without a reply it is about silence; `content` is what the reply says."""

    about: Subject
    remedy: Remedy
    reply: Reply | None
    content: Content | None


def of(seat: Seat, ref: str, no: int | None, *, kind: str | None = None) -> Contested:
    """The remedy of a case by its number; without one the newest, of `kind` where it has to be of one."""
    about = sheet.subject(seat, ref)
    found = [one for one in about.case.remedies if kind in (None, one.kind) and no in (None, one.no)]
    if not found:
        wanted = kind == rulings.RECONSIDERATION
        raise NotFound(
            N_("No reconsideration of {number} is recorded under that number.")
            if wanted
            else N_("No reconsideration and no suit of {number} is recorded under that number."),
            field="no",
            number=about.case.number,
            way_on=N_("See what there is: disclosure remedies {number}"),
        )
    remedy = found[-1]
    reply = next((one for one in about.case.replies if one.round == remedy.against_round), None)
    return Contested(about, remedy, reply, _content(about, reply))


def _content(about: Subject, reply: Reply | None) -> Content | None:
    """What the reply says, as it was composed; None where it is kept no more."""
    if reply is None:
        return None
    query = (
        select(LETTERS.c.content)
        .where(
            LETTERS.c.case_id == about.opened.id,
            LETTERS.c.code == reply.code,
            LETTERS.c.number == reply.number,
            LETTERS.c.content.is_not(None),
        )
        .order_by(LETTERS.c.id.desc())
    )
    with about.seat.store.reading() as connection:
        sealed = connection.execute(query).scalar()
        if not sealed:
            return None
        return letter_data.opened(sealed, about.seat.case_key(connection, about.opened.id))
