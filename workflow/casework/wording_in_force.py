"""The wording that an office has in force now: the project's words, or its own as it last accepted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from letters.content.phrases import Phrases
from letters.own_wording import wording
from letters.own_wording.wording import Override
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ROWS = TABLES["override"]
_NEWEST = (
    select(ROWS.c.content).where(ROWS.c.office_id == bindparam("office")).order_by(ROWS.c.id.desc()).limit(1)
)


def in_force(connection: Connection, office_id: int) -> Override:
    """The wording that the office has now; one of nothing where it has none of its own."""
    text = connection.execute(_NEWEST, {"office": office_id}).scalar()
    return wording.of_text(text) if text else Override()


def words(connection: Connection, office_id: int) -> tuple[Phrases, Override]:
    """The phrases to compose with, and the wording that they come from."""
    found = in_force(connection, office_id)
    return found.words, found
