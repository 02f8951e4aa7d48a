"""What code compares is what the tables name: no member of an enum that no table knows, no state that no enum
knows.
"""

from __future__ import annotations

from letters.content import kinds
from workflow import law
from workflow.base import names
from workflow.cases import states
from workflow.cases.states import ClockState, Party, State
from workflow.clocks.facts import WINDOWS
from workflow.law.keys import Channel, Letter, Outcome, Service
from workflow.procedure import act_tables, transitions


def test_states_are_those_of_the_acts_and_all_of_them() -> None:
    process = transitions.bundled()
    reached = {state for row in process.rows for state in (row.source, row.dest)}
    assert reached == {str(state) for state in State} == set(names.bundled()["state"])


def test_states_of_clocks_are_named() -> None:
    assert {str(state) for state in ClockState} == set(names.bundled()["clock_state"])
    assert set(states.GOING) < set(states.OPEN) < set(ClockState)
    assert len(Party) == 3


def test_keys_of_the_law_and_codes_of_letters_are_in_their_tables() -> None:
    book = law.bundled()
    assert {str(key) for key in Outcome} <= set(book.tables["outcomes"]["outcome"])
    assert {str(key) for key in Channel} <= set(book.tables["channels"]["channel"])
    for code in Letter:
        assert kinds.get(code).code == code


def test_ways_of_service_are_the_choices_of_the_dispatch() -> None:
    fields = {field["name"]: field for field in act_tables.acts()["dispatch"]["fields"]}
    assert set(fields["served_by"]["choice"]) == {str(way) for way in Service}


def test_kinds_of_consultation_are_named() -> None:
    assert set(WINDOWS) == set(names.bundled()["consultation"])
