"""Whatever stands in an office file or a calendar file where something else belongs: it is refused by name,
or does no harm; nothing is ever an error of the program's own."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from workflow.base.errors import DisclosureError
from workflow.calendar import importing
from workflow.office import office_file

SAMPLE = Path(__file__).resolve().parent.parent.parent / "docs" / "office.sample.toml"
WRONG: tuple[Any, ...] = (
    {},
    [],
    1,
    1.5,
    True,
    [{}],
    [[]],
    [1],
    {"a": {}},
    date(2026, 1, 1),
    "",
    "\x07",
    "\ud800",
)
Path_ = tuple[Any, ...]


def places(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where anything stands in nested tables and lists."""
    if at:
        yield at
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield from places(inner, (*at, key))


def changed(value: Any, at: Path_, new: Any) -> Any:
    """The same with something else in one place."""
    made = copy.deepcopy(value)
    inner = made
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = new
    return made


@pytest.mark.parametrize(
    "whole", [tomllib.loads(SAMPLE.read_text("utf-8")), builders.office_file()], ids=["sample", "test"]
)
def test_an_office_file_with_a_wrong_value_is_refused(whole: dict[str, Any]) -> None:
    office_file.checked(copy.deepcopy(whole))
    crashed = []
    for at in places({**whole, "officer": whole["officer"][:2]}):
        for wrong in WRONG:
            try:
                office_file.checked(changed(whole, at, copy.deepcopy(wrong)))
            except DisclosureError:
                pass
            except Exception as fault:
                crashed.append((at, wrong, repr(fault)))
    assert crashed == []


NOTICE = {
    "year": 2027,
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "number": "国办发明电〔2026〕9号",
    "promulgated": "2026-11-04",
    "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"}, {"date": "2027-01-02", "kind": "work"}],
    "off": ["2027-01-01"],
    "work": ["2027-01-09"],
}


def test_a_calendar_file_with_a_wrong_value_is_refused(tmp_path: Path) -> None:
    crashed = []
    for at in places(NOTICE):
        for wrong in WRONG[:9] + WRONG[10:12]:
            place = tmp_path / "c.json"
            place.write_text(json.dumps(changed(NOTICE, at, wrong)), "utf-8")
            try:
                importing.of_file(place)
            except DisclosureError:
                pass
            except Exception as fault:
                crashed.append((at, wrong, repr(fault)))
    assert crashed == []
