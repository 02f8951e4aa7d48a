"""A state secret is a ground only while its term runs: at the draft, when it is handed in, and when it is
issued.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests import builders
from tests.builders import RECEIVED, Place
from workflow.base.errors import Refused


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url, today=builders.TODAY)
    yield made
    made.store.close()


def _draft(place: Place, number: str, after: int, **extra: str) -> None:
    mark = {"secret_mark": "秘密级，某某局定密", **extra}
    place.act(
        "handler",
        "draft",
        number,
        RECEIVED + timedelta(after),
        item=1,
        outcome="withheld",
        ground="state_secret",
        reasons="该文件经定密，公开会损害国家安全和利益。",
        extra=[f"{name}={value}" for name, value in mark.items()],
    )


def test_a_term_that_has_run_out_is_refused_at_the_draft(place: Place) -> None:
    number = place.bring("in_hand")
    until = RECEIVED + timedelta(3)
    _draft(place, number, 3, secret_until=until.isoformat())
    with pytest.raises(Refused) as caught:
        _draft(place, number, 4, secret_until=until.isoformat())
    assert caught.value.rule == "secrets2024:24.2", caught.value.text
    with pytest.raises(Refused):
        _draft(place, number, 4, secret_since=RECEIVED.replace(year=RECEIVED.year - 10).isoformat())


def test_a_term_that_runs_out_before_the_reply_is_refused_when_it_is_handed_in(place: Place) -> None:
    number = place.bring("in_hand")
    _draft(place, number, 3, secret_until=(RECEIVED + timedelta(3)).isoformat())
    with pytest.raises(Refused) as caught:
        place.act("handler", "submit", number, RECEIVED + timedelta(5))
    assert (RECEIVED + timedelta(3)).isoformat() in caught.value.text
