"""Which cases a line names: numbers, ranges, lists, and what could mean two things."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from workflow.base.errors import DisclosureError, Malformed, NotFound
from workflow.casework import several


def numbers(place: Place, *said: str) -> list[str | None]:
    with place.store.reading() as connection:
        return [one.number for one in several.named(place.desk("registrar"), connection, said)]


def fault(place: Place, *said: str) -> DisclosureError:
    return builders.refused(lambda: numbers(place, *said))


@pytest.fixture
def five(quick: Place) -> Place:
    for n in range(5):
        quick.receive(request=f"第{n + 1}份文件")
    return quick


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["2", "3"], [2, 3]),
        (["2-4"], [2, 3, 4]),
        (["2..3"], [2, 3]),
        (["2至3"], [2, 3]),
        (["2—3"], [2, 3]),
        (["2026-2-3"], [2, 3]),
        (["2026-0002..2026-0003"], [2, 3]),
        (["1,3，5"], [1, 3, 5]),
        (["1、4-5"], [1, 4, 5]),
        (["3", "2026-3", "2-3"], [3, 2]),
        (["2026-5"], [5]),
        (["〔2026〕2号"], [2]),
    ],
)
def test_what_is_meant(five: Place, said: list[str], meant: list[int]) -> None:
    assert numbers(five, *said) == [f"2026-{n:04d}" for n in meant]


def test_what_a_range_names_and_is_not_there(five: Place) -> None:
    with five.store.reading() as connection:
        found = several.named(five.desk("registrar"), connection, ["4-9"])
    assert [one.number for one in found] == ["2026-0004", "2026-0005", None]
    assert found[-1].said == "2026-0006..0009"
    assert isinstance(found[-1].fault, NotFound)


@pytest.mark.parametrize("said", ["5-2", "1-9999", "2026-1..2025-3"])
def test_no_range(five: Place, said: str) -> None:
    assert isinstance(fault(five, said), Malformed)


def test_a_word_that_means_nothing_stops_the_line(five: Place) -> None:
    assert isinstance(fault(five, "1", "没有这个人"), NotFound)
    assert isinstance(fault(five, "7-9"), NotFound)


def test_numbers_of_several_years(five: Place) -> None:
    five.receive(on=date(2025, 5, 6))
    assert isinstance(fault(five, "1-2"), Malformed)
    assert numbers(five, "2026-1-2") == ["2026-0001", "2026-0002"]
    assert numbers(five, "2-3") == ["2026-0002", "2026-0003"]


def test_a_number_that_could_be_a_range(five: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """1000-1035 in an office that has these numbers; 2026-5 never is one."""
    with five.store.writing() as connection:
        cases = several.CASES
        connection.execute(cases.update().where(cases.c.number == "2026-0005").values(number="2026-1003"))
    said = fault(five, "1000-1035")
    assert isinstance(said, (Malformed, NotFound))
    assert "1000..1035" in str(said.advice)
    assert numbers(five, "1000..1003")[-1] == "2026-1003"


def test_a_list(five: Place, tmp_path: Path) -> None:
    plain = tmp_path / "名单.txt"
    plain.write_text("2026-0001\n3-4\n没有\n", encoding="utf-8")
    table = tmp_path / "台账.csv"
    table.write_text("台账\n登记编号,申请人\n2026-0002,张三\n2026-0005,李四\n", encoding="gb18030")
    loose = tmp_path / "两栏.csv"
    loose.write_text("甲,2026-0002\n乙,2026-0003\n", encoding="utf-8")
    with five.store.reading() as connection:
        desk = five.desk("registrar")
        found = several.of_file(desk, connection, plain)
        assert [one.number for one in found] == ["2026-0001", "2026-0003", "2026-0004", None]
        assert [one.number for one in several.of_file(desk, connection, table)] == ["2026-0002", "2026-0005"]
        with pytest.raises(Malformed):
            several.of_file(desk, connection, loose)


def test_a_day_in_a_list_is_no_number(five: Place, tmp_path: Path) -> None:
    """A spreadsheet makes May of 2026 out of 2026-5."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["登记编号"])
    book.active.append([date(2026, 5, 1)])
    book.save(tmp_path / "名单.xlsx")
    with five.store.reading() as connection:
        (found,) = several.of_file(five.desk("registrar"), connection, tmp_path / "名单.xlsx")
    assert found.number is None
    assert "2026-05-01" in str(found.fault)
