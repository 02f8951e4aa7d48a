"""Before something is taken back, or letters say something else, the officer is asked at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.office import spoken_settings


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with builders.typed_in_chinese(_sqlite_template, tmp_path, monkeypatch, officer="head") as made:
        yield made


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Commands believe that somebody sits there."""
    there = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("workflow.commands.office.sys", there)
    monkeypatch.setattr("workflow.commands.mending.sys", there)


def _telephone(place: Place) -> Any:
    return disclosure("office", "show", "--json").json["telephone"]


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("answer", "done"), [("是", True), ("yes", True), ("否", False), ("", False)])
def test_a_setting_that_letters_repeat_is_asked_for(place: Place, answer: str, done: bool) -> None:
    before = _telephone(place)
    said = disclosure("office", "set", "telephone", "0512-1", stdin=f"{answer}\n")
    assert "0512-65550000 → 0512-1" in said.err
    assert _telephone(place) == ("0512-1" if done else before)
    assert said.code == (0 if done else 1)


@pytest.mark.usefixtures("terminal")
def test_with_yes_nobody_is_asked(place: Place) -> None:
    assert disclosure("office", "set", "telephone", "0512-1", "--yes").code == 0
    assert _telephone(place) == "0512-1"


@pytest.mark.usefixtures("terminal")
def test_what_would_change_is_shown_before_an_act_is_taken_back(place: Place) -> None:
    number = place.bring("registered")
    said = disclosure("undo", number, stdin="否\n")
    assert "已登记 → " in said.err
    assert "登记回执将作废" in said.err
    assert place.case(number).state == "registered"
    assert disclosure("undo", number, stdin="是\n").code == 0
    assert place.case(number).state == "received"


def test_letters_that_are_here_are_told_of(place: Place) -> None:
    assert spoken_settings.warning(place.desk("head"), "alerts.idle", "3") == []
    place.bring("registered")
    told = spoken_settings.warning(place.desk("head"), "payment", "另一处")
    assert len(told) == 3
    assert told[0] == "信息处理费缴纳方式：凭本通知缴至财政专户 → 另一处", "the entry by its name"
    told = spoken_settings.warning(place.desk("head"), "settings.email_service", "true")
    assert "email_service" not in told[0]
