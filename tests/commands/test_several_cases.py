"""One line on several cases: what was done and what was refused, and the question before many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.text_width import width
from workflow.commands import confirming, look, prompting, several
from workflow.reports.views import case_list

ON = ("--on", "2026-03-03", "--later")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def receive(place: Place, n: int) -> None:
    for one in range(n):
        place.receive(request=f"第{one + 1}份文件")


def test_three_of_twenty_are_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    receive(place, 20)
    for n in (3, 7, 20):
        place.act("registrar", "register", f"2026-{n:04d}", "2026-03-03")
    said = disclosure("register", "1-20", *ON)
    assert said.code == several.PARTLY
    assert "共20件：已办17件，未办3件。" in said.out
    assert all(f"2026-{n:04d}" in said.out.partition("未予办理：")[2] for n in (3, 7, 20))
    assert all(width(line) <= 80 for line in said.out.splitlines())
    assert {place.case(f"2026-{n:04d}").state for n in range(1, 21)} == {"registered"}
    again = disclosure("register", "1,3", *ON, "--json")
    assert again.code == 1
    plain = __import__("json").loads(again.out)
    assert (len(plain["done"]), [one["case"] for one in plain["refused"]]) == (0, ["2026-0001", "2026-0003"])
    assert plain["refused"][0]["error"]["kind"] == "refused"
    # What is refused for one reason is told once.
    assert "2026-0001、2026-0003：" in disclosure("register", "1,3", *ON).out


def test_each_case_is_a_line_of_its_own(place: Place) -> None:
    receive(place, 3)
    said = disclosure("register", "1", "2", "3", "--assign", "办公室", *ON, "--json")
    assert said.code == 0, said.err
    assert [[one["event"] for one in line["line"]] for line in said.json["done"]] == [
        ["register", "assign"]
    ] * 3
    assert {place.case(f"2026-000{n}").state for n in (1, 2, 3)} == {"assigned"}


def test_many_in_a_script_need_a_word(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "UNASKED", 2)
    receive(place, 3)
    before = builders.digest(place.store)
    said = disclosure("register", "1-3", *ON)
    assert said.code == 2
    assert "--yes" in said.err
    assert builders.digest(place.store) == before
    assert disclosure("register", "1-3", "--yes", *ON).code == 0


def test_many_at_a_terminal_are_asked_about(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "UNASKED", 2)
    monkeypatch.setattr(confirming, "asked", lambda yes, as_json: not (yes or as_json))
    asked: list[str] = []
    monkeypatch.setattr(prompting, "agreed", lambda question, **_: asked.append(question) or len(asked) > 1)
    receive(place, 3)
    before = builders.digest(place.store)
    assert disclosure("登记", "1-3", *ON).code == 1
    assert builders.digest(place.store) == before
    assert disclosure("登记", "1-3", *ON).code == 0
    assert len(asked) == 2


def test_what_a_filter_finds(place: Place) -> None:
    receive(place, 2)
    place.act("registrar", "register", "2026-0001", "2026-03-03")
    said = disclosure("assign", "--where", "状态=已登记", "--unit", "ban", *ON, "--json")
    assert [one["case"] for one in said.json["done"]] == ["2026-0001"]
    assert disclosure("assign", "--where", "状态", "--unit", "ban").code == 2
    assert disclosure("assign", "--where", "没有=1", "--unit", "ban").code == 2


def test_filters_are_those_of_the_list() -> None:
    options = {one.name for one in look.list_.params}
    assert set(case_list.FILTERS) == options & set(case_list.FILTERS)
    others = {"limit", "after", "officer", "office", "db", "as_json", "lang", "plain"}
    assert options - others == set(case_list.FILTERS)


def test_the_cases_of_a_list(place: Place) -> None:
    receive(place, 3)
    Path("名单.csv").write_text("登记编号\n2026-0001\n2026-0003\n2026-0009\n", encoding="utf-8")
    said = disclosure("register", "--from-list", "名单.csv", *ON)
    assert said.code == 1
    assert "共3件：已办2件，未办1件。" in said.out


def test_a_version_is_that_of_one_case(place: Place) -> None:
    receive(place, 2)
    assert disclosure("register", "1", "2", "--expect", "1", *ON).code == 2
    assert place.case("2026-0001").state == "received"


def test_a_word_too_much_does_nothing(place: Place) -> None:
    receive(place, 1)
    assert disclosure("register", "1", "同意", *ON).code == 3
    assert place.case("2026-0001").state == "received"
    assert disclosure("register").code == 2


def test_stopped_in_the_middle(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(place, 3)
    act = confirming.acts

    def interrupted(desk: object, number: str, *rest: object, **more: object) -> object:
        if number == "2026-0002":
            raise KeyboardInterrupt
        return act(desk, number, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(confirming, "acts", interrupted)
    said = disclosure("register", "1-3", *ON)
    assert said.code == several.STOPPED
    assert [place.case(f"2026-000{n}").state for n in (1, 2, 3)] == ["registered", "received", "received"]
    assert "尚未办理：2026-0002、2026-0003" in said.out


def test_letters_of_several_cases_are_shown_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few cases are asked about only where a letter would get its number or leave."""
    monkeypatch.setattr(confirming, "asked", lambda yes, as_json: not (yes or as_json))
    asked: list[str] = []
    monkeypatch.setattr(prompting, "agreed", lambda question, **_: bool(asked.append(question)))
    numbers = [place.bring("approved"), place.bring("approved")]
    before = builders.digest(place.store)
    said = disclosure("issue", *numbers, "--on", "2026-03-09")
    assert said.code == 1
    assert asked == ["编号印发：以上2件，一并办理？"]
    assert said.err.count("政府信息公开申请答复书") == 2
    assert builders.digest(place.store) == before
    receive(place, 2)
    assert disclosure("register", "3-4", *ON).code == 0
    assert len(asked) == 1
