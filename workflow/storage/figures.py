"""Which cases are counted: all but those whose entry was made void, and those that have still to be confirmed
with their sender: these are not received yet.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.cases.states import UNCOUNTED, State
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

CASES, OFFICES = TABLES["case_file"], TABLES["office"]
NOT_COUNTED = (*UNCOUNTED, State.UNCONFIRMED)


@cache
def counted() -> ColumnElement[bool]:
    """That a case is no void entry, with no other organ, and was received. The few that are not come from the
    index of states, so that counts by other indexes need not look at the rows themselves.
    """
    void = CASES.alias("void_case")
    # That index begins with the office: without one SQLite would go through all of it.
    here = void.c.office_id.in_(select(OFFICES.c.id))
    return CASES.c.id.not_in(select(void.c.id).where(here, void.c.state.in_(NOT_COUNTED)))
