"""A letter that has its number and has not gone out is made void: the reply, or a notice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.storage.tables import TABLES

LETTERS = TABLES["letter"]


def void(desk: Desk, ref: str, which: str, reason: str, *, anew: bool = True, on: date | None = None) -> Done:
    """Make a letter of a case void (see `meant`)."""
    event, facts = meant(desk, ref, which, reason, anew=anew)
    return desk.act(ref, event, facts, on=on)


def meant(desk: Desk, ref: str, which: str, reason: str, *, anew: bool = True) -> tuple[str, dict[str, str]]:
    """The act that makes a letter void which is named by its number in the register, document number or code.

    The reply goes back to be issued anew; a notice is made anew from the record, unless `anew` is false.
    NotFound if the case has no such letter, Refused if it went out.
    """
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
        reply = opened.case.reply
        letter = None
        if reply is not None:
            query = select(LETTERS.c.id).where(
                LETTERS.c.case_id == opened.id, LETTERS.c.number == reply.number
            )
            letter = connection.execute(query).scalar()
    if reply is not None and which.upper() in (str(letter), reply.number.upper(), reply.code.upper()):
        if not anew:
            raise Malformed(
                N_("A reply that is made void is always issued anew."),
                field="no-new",
                way_on=N_("Leave --no-new out."),
            )
        return "void_reply", {"reasons": reason}
    return "void_letter", {"letter": which, "reasons": reason, "anew": "yes" if anew else "no"}
