"""The unit of work: what it refuses when a room above is not there, and that nothing is written then."""

from __future__ import annotations

from datetime import date

import pytest

from tests import builders
from tests.builders import Place
from workflow.base.errors import Conflict, Refused
from workflow.casework import after, projections
from workflow.casework.unit import unit
from workflow.jobs import queue


@pytest.fixture
def place(sqlite_url: str) -> Place:
    return builders.found(sqlite_url)


def test_an_act_whose_place_is_empty_is_not_done(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    number = place.bring("served")
    place.made()
    before = builders.contents(place.store)
    monkeypatch.setitem(after._PLACES, "file", None)
    with pytest.raises(LookupError, match="file"):
        place.act("archivist", "file", number, date(2026, 3, 20))
    assert builders.contents(place.store) == before


def test_every_place_is_filled() -> None:
    assert after.empty() == []
    with pytest.raises(LookupError, match="register"):
        after.fill("register", lambda seat, connection, done: None)


def test_work_that_nobody_does_is_named() -> None:
    with pytest.raises(LookupError, match="telegraph"):
        queue.doer("telegraph")


def test_a_projection_that_fails_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever table cannot be brought up to the entry: neither the entry nor any other row stays."""
    number = place.bring("registered")
    before = builders.contents(place.store)

    def fails(*_: object) -> None:
        raise Refused("no")

    for at in range(len(projections.PROJECTIONS) + 1):
        broken = (*projections.PROJECTIONS[:at], fails, *projections.PROJECTIONS[at:])
        monkeypatch.setattr("workflow.casework.unit.PROJECTIONS", broken)
        with pytest.raises(Refused):
            place.act("registrar", "ask_correction", number, "2026-03-04", matters="请明确年度")
        assert builders.contents(place.store) == before


def test_a_unit_looks_at_the_version(place: Place) -> None:
    number = place.bring("registered")
    with pytest.raises(Conflict), unit(place.desk("registrar"), number, expect=1):
        pass
    with unit(place.desk("registrar"), number, expect=2) as work:
        assert (work.opened.version, work.opened.case.number) == (2, number)
