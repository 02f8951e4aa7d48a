"""A word that means several things is asked about at a terminal, and an error in a script, wherever a value
is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import prompt_toolkit.shortcuts  # noqa: F401  (once for all that sit down)
import pytest

import cli
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from tests.sitting import Sitting
from workflow.base import messages, typed_words
from workflow.procedure import act_forms
from workflow.reports.alerts import thresholds

Sit = Callable[..., Sitting]


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with builders.typed_in_chinese(_sqlite_template, tmp_path, monkeypatch, officer="head") as made:
        yield made


@pytest.fixture
def sit(place: Place) -> Iterator[Sit]:
    def sits(*words: str, columns: int = 80) -> Sitting:
        def run() -> None:
            messages.use("zh_CN")
            cli.main([*words, "--lang", "zh_CN"], prog_name="disclosure")

        return Sitting(run, columns)

    yield sits
    messages.use(None)


def test_a_name_of_several_cases_is_asked_about(place: Place, sit: Sit) -> None:
    first, second = place.bring("received"), place.bring("received")
    name = place.case(first).applicant["name"]
    said = disclosure("show", name)
    assert said.code == 2
    assert first in said.err
    assert second in said.err
    sitting = sit("show", name)
    assert "可能指几个" in sitting.asks()
    sitting.type("2\r")
    shown = sitting.end()
    assert sitting.status == 0
    assert f"{first} " in shown


def test_a_word_of_several_values_is_asked_about(place: Place, sit: Sit) -> None:
    place.bring("registered")
    assert disclosure("list", "--state", "已").code == 2
    sitting = sit("list", "--state", "已")
    sitting.asks()
    sitting.type("已登记\r")
    shown = sitting.end()
    assert sitting.status == 0
    assert "2026-0001" in shown


def test_an_act_is_begun_anew_with_the_answers(place: Place, sit: Sit) -> None:
    number = place.bring("registered")
    disclosure("officer", "add", "duo", "--name", "多某", "--roles", "承办人", "--unit", "办公")
    sitting = sit("assign", number, "--unit", "ban", "--handler", "某", "--as", "registrar", "--later")
    assert "可能指几个" in sitting.asks()
    sitting.type("2\r")
    shown = sitting.end()
    assert sitting.status == 0, shown
    assert place.case(number).state == "assigned"


@pytest.mark.parametrize("keys", ["\r", "<\r", "\x04", "\x03"])
def test_whoever_chooses_none_changes_nothing(place: Place, sit: Sit, keys: str) -> None:
    number = place.bring("registered")
    place.bring("registered")
    name = place.case(number).applicant["name"]
    sitting = sit("note", name, "--text", "一句话")
    sitting.asks()
    sitting.type(keys)
    shown = sitting.end()
    assert sitting.status in (1, 2)
    assert "Traceback" not in shown
    assert "一句话" not in disclosure("history", number).out


def test_an_officer_a_role_and_a_way_of_service_are_taken_by_name(place: Place) -> None:
    assert disclosure("list", "--as", "handler某").code == 0
    said = disclosure("officer", "add", "xin", "--name", "辛某", "--roles", "承办人、审核人")
    assert said.code == 0, said.err
    assert disclosure("officer", "stop", "辛某").code == 0
    said = disclosure("officer", "add", "xi", "--name", "席某", "--roles", "人")
    assert said.code == 2
    number = place.bring("drafting")
    assert disclosure("letter", "check", number, "--served-by", "电子").code != 2
    assert disclosure("letter", "check", number, "--served-by", "达").code == 2


def test_a_part_of_several_names_is_never_the_first_of_them() -> None:
    kinds = {key: {"zh": one.zh, "en": one.en} for key, one in thresholds.kinds().items()}
    assert len(typed_words.matches("逾期", kinds)) > 1
    for spec in act_forms.specs().values():
        for field in spec.fields:
            if not field.choice:
                continue
            names = {key: act_forms.choice_name(key) for key in field.choice}
            for key, name in names.items():
                for end in range(1, len(name) + 1):
                    hits = [other for other, called in names.items() if name[:end] in called]
                    found = typed_words.matches(name[:end], names)
                    assert found == ([key] if end == len(name) else hits) or len(found) == 1 == len(hits)
