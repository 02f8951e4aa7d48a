"""Entries of the profile that letters repeat: whoever changes one is told first what that means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from workflow.base.messages import N_, translate
from workflow.office import profile_words
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

LETTERS = TABLES["letter"]
# By the first part of their name; any of the settings may decide what a letter says.
IN_LETTERS = frozenset(
    {
        *("name", "short", "code", "notice_code", "kind", "level", "address", "postcode", "telephone"),
        *("email", "court", "court_because", "payment", "letters", "settings", "reconsideration"),
        *("same_level_government", "superior_government", "superior_department"),
    }
)


def warning(seat: Seat, name: str, value: str) -> list[str]:
    """What a change means for letters, for a person who is asked; nothing where no letter repeats it."""
    first, *rest = name.replace("-", "_").split(".")
    if first not in IN_LETTERS:
        return []
    now: Any = {**seat.office.profile, "settings": seat.office.settings}.get(first)
    for part in rest:
        now = now.get(part) if isinstance(now, dict) else None
    with seat.store.reading() as connection:
        here = (
            LETTERS.c.office_id == seat.office.id,
            LETTERS.c.sent_on.is_(None),
            LETTERS.c.voided_on.is_(None),
        )
        waiting = connection.execute(select(func.count()).select_from(LETTERS).where(*here)).scalar() or 0
    lines = [
        profile_words.change(name.replace("-", "_"), now, value),
        translate(N_("Letters that are made from now on may say something else.")),
    ]
    if waiting:
        lines.append(
            translate(
                N_(
                    "{n} letters are here that have not gone out: they keep what they say until they are made anew."
                ),
                n=waiting,
            )
        )
    return lines
