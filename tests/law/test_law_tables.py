"""The loader refuses tables that contradict themselves; what it lets through has been looked at in full."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import examples
from workflow import law
from workflow.base.errors import Environment
from workflow.law.checks import TABLES, everything, refuse_faults

Tables = dict[str, dict[str, Any]]
Change = Callable[[Tables], object]


def value(tables: Tables, id: str, number: int = 0) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [row for row in tables["durations"]["value"] if row["id"] == id]
    return rows[number]


def row(tables: Tables, table: str, rows: str, id: str, number: int = 0) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in tables[table][rows] if one["id"] == id]
    return found[number]


FAULTS: dict[str, Change] = {
    "a gap": lambda t: value(t, "reply.limit", 1).update(effective_from="2019-05-16"),
    "an overlap": lambda t: value(t, "reply.limit", 1).update(effective_from="2019-05-14"),
    "an end before the beginning": lambda t: value(t, "reply.limit").update(effective_until="2008-04-01"),
    "a first day that the head does not name": lambda t: value(t, "fee.payment").update(
        effective_from="2021-01-02"
    ),
    "an end that the head does not name": lambda t: value(t, "fee.payment").update(
        effective_until="2030-01-01"
    ),
    "no article": lambda t: value(t, "reply.limit").pop("article"),
    "an empty article": lambda t: value(t, "reply.limit").update(article=""),
    "an unknown instrument": lambda t: value(t, "reply.limit").update(article="ogi1998:24.2"),
    "an unknown article": lambda t: value(t, "reply.limit").update(article="ogi2008:99"),
    "an unknown paragraph": lambda t: value(t, "reply.limit").update(article="ogi2008:24.9"),
    "an unknown item": lambda t: row(t, "outcomes", "basis", "granted", 1).update(article="ogi2019:36.1.8"),
    "an instrument not in force": lambda t: value(t, "reply.limit", 1).update(article="ogi2008:24.2"),
    "an unknown unit": lambda t: value(t, "reply.limit").update(unit="weeks"),
    "no unit": lambda t: value(t, "reply.limit").pop("unit"),
    "no source": lambda t: value(t, "reply.limit").pop("source"),
    "an empty source": lambda t: value(t, "reply.limit").update(source=""),
    "no value": lambda t: value(t, "reply.limit").pop("value"),
    "a value of nothing": lambda t: value(t, "reply.limit").update(value=0),
    "a value that is no number": lambda t: value(t, "reply.limit").update(value="15"),
    "an unknown status": lambda t: value(t, "reply.limit").update(status="X"),
    "no day of promulgation": lambda t: value(t, "reply.limit").pop("promulgated"),
    "another day of promulgation": lambda t: value(t, "reply.limit").update(promulgated="2007-04-06"),
    "no such day": lambda t: value(t, "reply.limit").update(checked_on="2026-02-30"),
    "an unknown key": lambda t: value(t, "reply.limit").update(artcle="ogi2008:24.2"),
    "a value without a head": lambda t: t["durations"]["parameter"].pop("reply.limit"),
    "a head without a value": lambda t: t["durations"]["parameter"].update(
        x={"zh": "x", "en": "x", "from": "2008-05-01"}
    ),
    "a late beginning without a reason": lambda t: t["durations"]["parameter"]["fee.payment"].pop("before"),
    "an end without a reason": lambda t: t["durations"]["parameter"]["litigation.transition"].pop("after"),
    "no name": lambda t: t["durations"]["parameter"]["reply.limit"].pop("zh"),
    "a missing table": lambda t: t.pop("fees"),
    "an instrument without articles": lambda t: t.pop("spc2025"),
    "an article that is no list": lambda t: t["ogi2019"]["articles"].update({"36": 7}),
    "an instrument without a source": lambda t: t["instruments"]["ogi2019"].pop("source"),
    "an outcome without a letter": lambda t: t["outcomes"]["outcome"]["granted"].pop("letter"),
    "an outcome in no row of the report": lambda t: t["outcomes"]["outcome"]["granted"].update(
        report_row="r9"
    ),
    "a ground that begins too late": lambda t: row(t, "grounds", "basis", "state_secret", 1).update(
        effective_from="2019-06-01"
    ),
    "a remedy that ends": lambda t: t["routes"]["route"][-1].update(effective_until="2030-01-01"),
    "a remedy of an unknown kind": lambda t: t["routes"]["route"][0].update(kind="appeal"),
    "a route for a variant that there is not": lambda t: t["routes"]["route"][0].update(answer="disclosed"),
    "a route in a frame that there is not": lambda t: t["routes"]["route"][0].update(frame="court"),
    "a frame with a gap": lambda t: t["routes"]["frame"][1].update(effective_from="2015-05-02"),
    "a frame that ends": lambda t: t["routes"]["frame"][4].update(effective_until="2030-01-01"),
    "a variant without its rows": lambda t: t["routes"]["variant"]["repeat"]["cells"].update(maybe="some"),
    "a variant of two things": lambda t: t["routes"]["variant"]["repeat"].update(setting="silence_route"),
    "a variant apart from its setting": lambda t: t["settings"]["setting"]["silence_route"].update(
        choices=["review_first"]
    ),
    "something contested from no day": lambda t: t["routes"]["other"]["no_reply"].pop("from"),
    "a remedy for nothing": lambda t: t["routes"]["route"][0].update(outcomes=["grant"]),
    "an organ in an unknown role": lambda t: t["organs"]["organ"][0].update(roles=["king"]),
    "an organ with a gap": lambda t: t["organs"]["organ"][0].update(effective_until="2023-12-30"),
    "a channel without a day": lambda t: t["channels"]["rule"][0].update(day="whenever"),
    "a channel with a gap": lambda t: t["channels"]["rule"].pop(0),
    "a setting outside its choices": lambda t: t["settings"]["setting"]["online_receipt"].update(
        default="later"
    ),
    "a setting outside its bounds": lambda t: t["settings"]["setting"]["correction_days"].update(default=99),
    "a fee with a hole": lambda t: t["fees"]["rate"][1]["bands"][1].update({"from": 32}),
    "a fee that ends": lambda t: t["fees"]["rate"][1]["bands"][3].update(until=500),
    "a year without a format": lambda t: t["report"]["format"]["2021"].update(first_year=2022),
    "a format with an unknown row": lambda t: t["report"]["format"]["2021"]["rows"].append("r9"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_refused(fault: str) -> None:
    tables = copy.deepcopy(dict(law.bundled().tables))
    FAULTS[fault](tables)
    assert [checked for checked in everything(tables) if not checked.ok], fault


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a table, nested ones included."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


PLACES = [place for name in TABLES for place in places(law.bundled().tables[name], (name,))]


@given(st.sampled_from(PLACES), st.sampled_from([None, 7, "x", [], {}, [1], {"x": 1}, True]))
@settings(max_examples=examples(300))
def test_any_other_shape_is_refused_or_harmless_but_never_a_crash(place: tuple[Any, ...], wrong: Any) -> None:
    tables = copy.deepcopy(dict(law.bundled().tables))
    holder: Any = tables
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = wrong
    with suppress(law.LawError):
        refuse_faults(tables)


def test_nothing_is_wrong_with_what_comes_with_the_project() -> None:
    checked = law.bundled().check()
    assert [one for one in checked if not one.ok] == []
    places = {one.where.partition(":")[0] for one in checked}
    assert places == {
        "instruments",
        "eras",
        "articles",
        "durations",
        "outcomes",
        "grounds",
        "routes",
        "routes, frame",
        "routes, route",
        "organs",
        "starts",
        "faulty_notices",
        "channels",
        "provisions",
        "settings",
        "fees",
        "report",
    }


def test_another_folder_can_be_loaded(folder: Path) -> None:
    text = (folder / "durations.toml").read_text(encoding="utf-8")
    (folder / "durations.toml").write_text(text.replace("value = 7\n", "value = 8\n"), encoding="utf-8")
    assert law.load(folder).history("correction.notice")[0].value == 8
    assert law.bundled().history("correction.notice")[0].value == 7


def test_a_bad_folder_is_refused_every_time_with_the_place_of_the_fault(folder: Path) -> None:
    text = (folder / "durations.toml").read_text(encoding="utf-8")
    (folder / "durations.toml").write_text(
        text.replace('"working_day"\nstarts', '"weeks"\nstarts'), encoding="utf-8"
    )
    for _ in range(2):
        with pytest.raises(law.LawError) as caught:
            law.load(folder)
    assert "weeks" in str(caught.value)
    assert "reply.limit" in str(caught.value)
    assert isinstance(caught.value, Environment)
    assert caught.value.exit_code == 6


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawError):
        law.load(tmp_path)
