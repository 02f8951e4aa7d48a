"""Which cases are counted is asked of the index of states, whatever the number of cases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from workflow.cases.states import State
from workflow.storage.figures import NOT_COUNTED, counted
from workflow.storage.tables import TABLES

CASES = TABLES["case_file"]


@pytest.fixture
def many(place: Place) -> Place:
    """One case in each state."""
    number = place.receive().case.number
    with place.store.writing() as connection:
        row = dict(connection.execute(sa.select(CASES).where(CASES.c.number == number)).mappings().one())
        del row["id"]
        for state in State:
            connection.execute(sa.insert(CASES), {**row, "state": state, "number": f"2026-{state}"})
    return place


def test_all_count_but_those_in_a_state_that_is_not_counted(many: Place) -> None:
    with many.store.reading() as connection:
        states = set(connection.execute(sa.select(CASES.c.state).where(counted())).scalars())
    assert states == {*State} - {*NOT_COUNTED}
    assert len(NOT_COUNTED) > 2


def test_sqlite_looks_up_the_few_that_do_not(sqlite_url: str, home: object) -> None:
    place = builders.found(sqlite_url)
    with place.store.reading() as connection:
        text = str(
            sa.select(sa.func.count())
            .where(counted())
            .compile(connection.engine, compile_kwargs={"literal_binds": True})
        )
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    place.store.close()
    states = [step for step in plan if "void_case" in step]
    assert states == ["SEARCH void_case USING COVERING INDEX case_state (office_id=? AND state=?)"], plan
