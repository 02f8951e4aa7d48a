"""Which cases are counted: all but those whose entry was made void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.cases.states import State
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

CASES = TABLES["case_file"]


def counted() -> ColumnElement[bool]:
    """That a case is no void entry. The few that are come from the index of states, so that counts by other
    indexes need not look at the rows themselves.
    """
    void = CASES.alias("void_case")
    return CASES.c.id.not_in(select(void.c.id).where(void.c.state == State.VOID))
