"""A draft that was sent back is changed first, and then submitted again; what became void is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.reports.views import steps


@pytest.fixture
def place(_sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with builders.typed_in_chinese(_sqlite_template, tmp_path, monkeypatch) as made:
        yield made


def _first(place: Place, number: str) -> str:
    found, _people = steps.of_case(place.desk("handler"), number)
    return found.first[0].event


def test_after_a_return_the_usual_step_is_the_draft(place: Place) -> None:
    number = place.bring("section_review")
    place.act("reviewer", "return_draft", number, place.today, reasons="理由过简")
    assert _first(place, number) == "draft"
    assert "下一步：拟稿" in disclosure("next", number, "--as", "handler").out
    place.act("handler", "draft", number, place.today, outcome="granted", means="随函邮寄纸质复印件")
    assert _first(place, number) == "submit"
    place.act("handler", "submit", number, place.today)
    assert _first(place, number) == "pass_review"


def test_the_history_names_the_letters_that_became_void(place: Place) -> None:
    number = place.bring("drafting")
    place.act("head", "extend", number, "2026-03-20", reasons="需要查找的材料较多")
    builders.as_if_made(place.desk("handler"))
    place.act("head", "undo_extension", number, place.today, reasons="材料已经找到")
    said = disclosure("history", number, "--as", "handler").out
    gone = said[said.index("未发文书失效") :]
    assert "延期答复告知书" in gone.splitlines()[1]
