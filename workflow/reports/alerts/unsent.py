"""Letters that lie here unsent, found by the database: those that lose their effect unless they leave inside
a period, and the others. The reply itself has alerts of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select

from letters.content import kinds
from workflow.cases.letter_life import IN_HAND, Stage
from workflow.cases.states import UNCOUNTED, State
from workflow.law.keys import Channel, Letter
from workflow.procedure import letter_terms
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

CASES, CLOCKS, LETTERS = TABLES["case_file"], TABLES["clock"], TABLES["letter"]
REPLY = "reply.limit"
# Of a case that was ended nothing goes out but the word of its end; of one that is closed, nothing.
_ENDED = (State.WITHDRAWN, State.LAPSED)
_CLOSED = (State.FILED, *UNCOUNTED)
_REPLIED = (State.DISPATCHED, State.RETURNED, State.SERVED)
_WORD_OF_THE_END = (Letter.LAPSE, Letter.WITHDRAWAL)


def letters(
    office: int,
    columns: tuple[str, ...],
    here: ColumnElement[bool],
    days: tuple[date, date, date],
    *,
    near: bool,
) -> Select[Any]:
    """Letters of cases that meet a condition, with those columns of their cases.

    `days` are today, the last day that is near, and the day up to which a letter was made to be told of.
    With `near` those whose period ends inside these days, else the others.
    """
    today, last, since = days
    rules, term = letter_terms.bound(), CLOCKS.alias("term")
    rule = case(rules, value=LETTERS.c.code, else_=None)
    due = case({REPLY: CASES.c.reply_due}, value=rule, else_=term.c.due)
    pressing = and_(LETTERS.c.code.in_(rules), due.between(today, last))
    other = and_(or_(~pressing, due.is_(None)), LETTERS.c.dated <= since)
    outside = [one.code for one in kinds.all() if one.to != "file" and one.format != "slip"]
    of_its_own = term.c.rule != REPLY
    return (
        select(
            *(CASES.c[name] for name in columns),
            LETTERS.c.code,
            LETTERS.c.number.label("letter_number"),
            LETTERS.c.dated,
            LETTERS.c.stage,
            due.label("term_due"),
        )
        .join(CASES, CASES.c.id == LETTERS.c.case_id)
        .outerjoin(term, and_(term.c.case_id == CASES.c.id, term.c.rule == rule, of_its_own))
        .where(
            LETTERS.c.office_id == office,
            LETTERS.c.stage.in_(IN_HAND),
            LETTERS.c.sha256.is_not(None),
            LETTERS.c.code.in_(outside),
            or_(LETTERS.c.number.is_(None), LETTERS.c.number.is_distinct_from(CASES.c.decision_number)),
            still_to_leave(),
            here,
            pressing if near else other,
        )
        .order_by(LETTERS.c.dated, LETTERS.c.id)
    )


@cache
def still_to_leave() -> ColumnElement[bool]:
    """Whether a letter that lies here is one that still leaves, as its case stands."""
    return and_(
        CASES.c.state.not_in(_CLOSED),
        or_(CASES.c.state.not_in(_ENDED), LETTERS.c.code.in_(_WORD_OF_THE_END)),
        # The receipt of who came in person was handed to him; after the reply none is sent.
        ~and_(
            LETTERS.c.code == Letter.RECEIPT,
            or_(CASES.c.channel.in_((Channel.IN_PERSON, Channel.ORAL)), CASES.c.state.in_(_REPLIED)),
        ),
    )


def unproved(office: int, columns: tuple[str, ...], here: ColumnElement[bool], since: date) -> Select[Any]:
    """Words of the end of an application that went out up to a day, and of which nobody recorded that they
    arrived: from then on the time runs in which it can be contested."""
    return (
        select(*(CASES.c[name] for name in columns), LETTERS.c.code, LETTERS.c.sent_on)
        .join(CASES, CASES.c.id == LETTERS.c.case_id)
        .where(
            LETTERS.c.office_id == office,
            LETTERS.c.stage == Stage.SENT,
            LETTERS.c.code == Letter.LAPSE,
            LETTERS.c.sent_on <= since,
            CASES.c.state == State.LAPSED,
            here,
        )
        .order_by(LETTERS.c.sent_on, LETTERS.c.id)
    )


def told(row: Any, left: Mapping[str, Any], approve: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What an alert says of a letter besides its case: its name, how it is sent, and `left` where its period
    is near its end."""
    kind = kinds.get(row.code)
    step = "approve-letter" if row.code in approve and row.stage == Stage.MADE else "letter-posted"
    return {
        "detail": " ".join(filter(None, (row.code, kind.name, row.letter_number))),
        "next": f"disclosure {step} {row.number} --letter {row.code}",
        **left,
    }
