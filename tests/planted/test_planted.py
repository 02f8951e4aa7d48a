"""The faults that `make planted` plants: each still fits the text that it is planted in, and names tests
that are there.

That they are found takes long, and is asked by `make planted`.
"""

from __future__ import annotations

import ast
import shlex

import pytest

from tests.planted.planting import ROOT, Fault, faults

FAULTS = faults()


def test_there_are_fifty_and_each_has_a_name_of_its_own() -> None:
    assert len(FAULTS) >= 50
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_it_fits_once_and_is_a_program_all_the_same(fault: Fault) -> None:
    text = (ROOT / fault.file).read_text("utf-8")
    assert text.count(fault.old) == 1
    ast.parse(fault.planted(text))
    for tests in fault.tests:
        assert (ROOT / shlex.split(tests)[0]).exists()
