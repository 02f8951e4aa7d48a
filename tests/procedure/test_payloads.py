"""The types of payloads are what the tables of the acts say, and an entry that is not of its type is noticed.

Every entry that tests record by tests.builders is asked too.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scripts import payloads as written
from tests import payload_types
from workflow.cases.case import Entry
from workflow.procedure import act_tables, payloads

MADE = {"letter": 1, "code": "P2", "number": None, "sha256": "0" * 64}


def entry(event: str, payload: dict[str, Any]) -> Entry:
    return Entry(1, event, "case", date(2026, 3, 2), "", "handler", "new", "received", "", payload)


def test_the_module_is_what_the_tables_say() -> None:
    assert written.main(["--check"]) == 0


def test_every_act_has_its_type() -> None:
    for event in act_tables.acts():
        kind = getattr(payloads, written.class_name(event))
        assert set(kind.__required_keys__) <= set(written.facts(event)), event


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (MADE, []),
        ({**MADE, "number": "jz〔2026〕1号"}, []),
        ({**MADE, "number": 1}, ["letter_made.number: 1 is no str"]),
        ({**MADE, "letter": True}, ["letter_made.letter: True is no int"]),
        ({**MADE, "signer": "x"}, ["letter_made.signer is not in its type"]),
        ({"code": "P2", "sha256": ""}, ["letter_made.letter is missing"]),
    ],
)
def test_what_is_of_another_type_is_noticed(payload: dict[str, Any], said: list[str]) -> None:
    assert payload_types.faults(entry("letter_made", payload)) == said


def test_a_choice_is_one_of_its_choices() -> None:
    assert payload_types.faults(entry("dispatch", {"served_by": "post"})) == []
    assert payload_types.faults(entry("dispatch", {"served_by": "pigeon"})) != []
