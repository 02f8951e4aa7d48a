"""The ways against a decision: how a cell is joined with its frame, and what the check says of a table that
contradicts itself, word for word.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from workflow import law
from workflow.base import messages
from workflow.base.errors import Malformed, NotFound, OutOfLaw, Refused
from workflow.law import route_checks, routes
from workflow.law.entries import Route

Tables = dict[str, Any]

# As small as a table of routes can be, with all that a row may say.
SMALL: Tables = {
    "outcomes": {"outcome": {"yes": {"zh": "甲", "en": "a", "from": "2008-05-01"}}},
    "routes": {
        "route": [
            {
                "outcomes": ["yes", "other"],
                "kind": "review_first",
                "frame": "late",
                "answer": "b",
                "articles": ["x:2", "x:1"],
                "text": "words",
                "note": "why",
                "status": "C",
                "effective_from": "2020-01-01",
            },
            {
                "outcomes": ["yes"],
                "kind": "free",
                "status": "V",
                "effective_from": "2010-01-01",
                "effective_until": "2019-12-31",
            },
            {"outcomes": ["no"], "kind": "none", "status": "V", "effective_from": "2010-01-01"},
        ],
        "frame": [
            {"id": "late", "articles": ["x:1", "x:9"], "effective_from": "2008-05-01"},
            {
                "id": "free",
                "articles": ["x:7"],
                "effective_from": "2008-05-01",
                "effective_until": "2014-12-31",
            },
            {"id": "free", "articles": ["x:8"], "effective_from": "2015-01-01"},
        ],
    },
}


def route(
    first: str, until: str | None, kind: str, status: str, articles: str, outcome: str = "yes", **more: str
) -> Route:
    last = date.fromisoformat(until) if until else None
    texts = {"note": "", "answer": "b", "text": ""} | more
    return Route(
        outcome=outcome,
        kind=kind,
        status=status,
        articles=tuple(articles.split()),
        effective_from=date.fromisoformat(first),
        effective_until=last,
        **texts,
    )


def test_a_cell_is_joined_with_its_frames() -> None:
    assert routes.joined(SMALL, "yes", "b") == [
        route("2010-01-01", "2014-12-31", "free", "V", "x:7"),
        route("2015-01-01", "2019-12-31", "free", "V", "x:8"),
        route("2020-01-01", None, "review_first", "C", "x:2 x:1 x:9", note="why", text="words"),
    ]
    assert [one.kind for one in routes.joined(SMALL, "yes", "another")] == ["free", "free"]
    assert routes.joined(SMALL, "no", "") == [
        route("2010-01-01", None, "none", "V", "", outcome="no", answer="")
    ]
    assert routes.joined({"routes": {}}, "yes", "") == []


def test_a_frame_of_one_day_counts() -> None:
    tables = copy.deepcopy(SMALL)
    tables["routes"]["frame"][1]["effective_until"] = "2010-01-01"
    assert routes.joined(tables, "yes", "")[0].effective_until == date(2010, 1, 1)


def test_what_has_a_route() -> None:
    bare: Tables = {"outcomes": {"outcome": {"yes": {}}}, "routes": {}}
    assert routes.contested(bare) == ["yes"]
    assert routes.contested({**bare, "routes": {"other": {"no_reply": {}}}}) == ["yes", "no_reply"]
    assert routes.head(bare, "no_reply") is None
    assert routes.variant(bare, "yes") is None
    with pytest.raises(NotFound) as none:
        routes.all_series(bare, "no_reply")
    assert (none.value.field, none.value.params["id"]) == ("outcome", "no_reply")
    with messages.speaking("en"):
        assert str(none.value) == "The law tables have no outcome called no_reply."


def test_which_cell_the_facts_choose() -> None:
    tables = law.bundled().tables

    def cell(outcome: str, facts: Any = None, settings: Any = None) -> str | None:
        return routes.cell_of(tables, outcome, facts, settings)

    assert cell("granted") == ""
    assert cell("repeat") is cell("repeat", {"earlier_disclosed": ""}) is None
    for said in (True, "yes", " 是 "):
        assert cell("repeat", {"earlier_disclosed": said}) == "disclosed"
    for said in (False, "no", "否"):
        assert cell("repeat", {"earlier_disclosed": said}) == "not_disclosed"
    assert cell("special_regime") == "registry"
    assert cell("special_regime", {"own_file": "yes"}) == "own_file"
    assert cell("no_reply") == "review_first"
    assert cell("no_reply", {"silence_route": "free"}) == "review_first"
    assert cell("no_reply", None, {"silence_route": "free"}) == "free"
    for outcome, facts, settings, field, choices in (
        ("repeat", {"earlier_disclosed": "x" * 50}, None, "earlier_disclosed", "yes, no"),
        ("no_reply", None, {"silence_route": "x" * 50}, "silence_route", "review_first, free"),
    ):
        with pytest.raises(Malformed) as wrong:
            cell(outcome, facts, settings)
        assert wrong.value.field == field
        with messages.speaking("en"):
            assert str(wrong.value) == f"'{'x' * 40}' is not one of: {choices}"


def test_the_route_where_cells_differ() -> None:
    tables, day = law.bundled().tables, date(2026, 3, 2)
    series = routes.all_series(tables, "repeat")
    with pytest.raises(Refused) as open_:
        routes.choose(tables, series, "repeat", day, None)
    assert open_.value.field == "earlier_disclosed"
    assert open_.value.rule == series["disclosed"].on(day).articles[0]
    with messages.speaking("en"):
        assert str(open_.value).endswith("(yes, no).")
        assert "is not stated: whether the earlier reply disclosed" in str(open_.value)
        assert (
            open_.value.advice
            == "State it with the answer: --extra earlier_disclosed=yes or --extra earlier_disclosed=no"
        )
    assert routes.choose(tables, series, "repeat", day, "disclosed") == series["disclosed"].on(day)
    with pytest.raises(Malformed) as wrong:
        routes.choose(tables, series, "repeat", day, "y" * 50)
    assert wrong.value.field == "answer"
    with messages.speaking("en"):
        assert str(wrong.value) == f"'{'y' * 40}' is not one of: disclosed, not_disclosed"
    same = routes.choose(tables, series, "repeat", date(2009, 3, 2), None)
    assert (same.kind, same.outcome) == ("free", "repeat")


# --- the check

FIRST = "routes, route: withheld, partial from 2008-05-01"
FAULTS: dict[str, tuple[Callable[[Tables], object], str, str]] = {
    "a frame without its name": (
        lambda r: r["frame"][0].pop("id"),
        "routes, frame: None from 2008-05-01",
        "id is missing",
    ),
    "a frame with another key": (
        lambda r: r["frame"][0].update(kind="x"),
        "routes, frame: free from 2008-05-01",
        "kind is not a key of this table",
    ),
    "a route of an unknown kind": (
        lambda r: r["route"][0].update(kind="appeal"),
        FIRST,
        "unknown kind appeal",
    ),
    "a route of no kind": (lambda r: r["route"][0].pop("kind"), FIRST, "kind is missing"),
    "a route with another key": (
        lambda r: r["route"][0].update(id="x"),
        FIRST,
        "id is not a key of this table",
    ),
    "a route for nothing": (
        lambda r: r["route"][0].update(outcomes=[]),
        "routes, route:  from 2008-05-01",
        "outcomes is missing",
    ),
    "a route that does not say for what": (
        lambda r: r["route"][0].pop("outcomes"),
        "routes, route:  from 2008-05-01",
        "outcomes is missing",
    ),
    "a route for what there is not": (
        lambda r: r["route"][0].update(outcomes=["grant"]),
        "routes, route: grant from 2008-05-01",
        "no outcome is called grant",
    ),
    "a variant that there is not": (
        lambda r: r["route"][0].update(answer="disclosed"),
        FIRST,
        "withheld has no variant disclosed",
    ),
    "no such frame": (lambda r: r["route"][0].update(frame="court"), FIRST, "no frame is called court"),
    "a frame that begins late": (
        lambda r: r["frame"][0].update(effective_from="2009-05-01"),
        FIRST,
        "the frame free: begins on 2009-05-01, not on 2008-05-01 as its head says",
    ),
    "a frame that ends": (
        lambda r: r["frame"][4].update(effective_until="2030-01-01"),
        "routes, route: granted from 2025-06-01",
        "the frame free: ends on 2030-01-01, not on … as its head says",
    ),
    "a frame with a gap": (
        lambda r: r["frame"][1].update(effective_from="2015-05-02"),
        FIRST,
        "the frame free: gap between 2015-04-30 and 2015-05-02",
    ),
    "no way and no reason": (
        lambda r: next(one for one in r["route"] if one["kind"] == "none").pop("articles"),
        "routes, route: withdrawn from 2008-05-01",
        "articles is missing",
    ),
    "a variant of what there is not": (
        lambda r: r["variant"].update(x=r["variant"]["repeat"]),
        "routes: variant x",
        "no outcome is called x",
    ),
    "a variant of two things": (
        lambda r: r["variant"]["repeat"].update(setting="silence_route"),
        "routes: variant repeat",
        "it has to name a fact or a setting, one of them",
    ),
    "a variant of nothing": (
        lambda r: r["variant"]["repeat"].pop("fact"),
        "routes: variant repeat",
        "it has to name a fact or a setting, one of them",
    ),
    "another default than the setting's": (
        lambda r: r["variant"]["no_reply"].update(default="free"),
        "routes: variant no_reply",
        "its cells are not the choices of the setting",
    ),
    "other cells than the setting's": (
        lambda r: r["variant"]["no_reply"].update(cells={"free": "free"}),
        "routes: variant no_reply",
        "its cells are not the choices of the setting",
    ),
    "a variant without cells": (
        lambda r: r["variant"]["repeat"].pop("cells"),
        "routes: variant repeat",
        "cells is missing",
    ),
    "a default that is no cell": (
        lambda r: r["variant"]["special_regime"].update(default="other"),
        "routes: variant special_regime",
        "the default is none of the choices",
    ),
    "a cell without a name": (
        lambda r: r["variant"]["repeat"].pop("disclosed"),
        "routes: variant repeat",
        "disclosed is missing",
    ),
    "a cell whose rows end": (
        lambda r: r["variant"]["repeat"]["cells"].update(maybe="some"),
        "routes: repeat (some), all days",
        "ends on 2025-05-31, not on … as its head says",
    ),
    "something contested without a name": (
        lambda r: r["other"]["no_reply"].pop("zh"),
        "routes: no_reply",
        "zh is missing",
    ),
    "something contested that begins late": (
        lambda r: r["other"]["fee_notice"].pop("before"),
        "routes: fee_notice",
        "begins after 2008-05-01 without saying why (`before`)",
    ),
    "a gap before the first row": (
        lambda r: r["route"].pop(0),
        "routes: partial, all days",
        "begins on 2011-08-13, not on 2008-05-01 as its head says",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_said_of_it(fault: str) -> None:
    change, where, problem = FAULTS[fault]
    tables = {**law.bundled().tables, "routes": copy.deepcopy(law.bundled().tables["routes"])}
    change(tables["routes"])
    with messages.speaking("en"):
        found = [(one.where, one.problem) for one in route_checks.everything(tables) if not one.ok]
    assert (where, problem) in found


def test_a_table_without_its_parts_is_looked_at_all_the_same() -> None:
    tables = {**law.bundled().tables, "routes": {}}
    with messages.speaking("en"):
        found = list(route_checks.everything(tables))
    assert {one.problem for one in found} == {"no row has this name"}
    assert len(found) == len(tables["outcomes"]["outcome"])


@pytest.mark.parametrize("part", ["variant", "other", "route", "frame"])
def test_a_table_without_one_of_its_parts_is_looked_at_all_the_same(part: str) -> None:
    whole = law.bundled().tables["routes"]
    tables = {**law.bundled().tables, "routes": {name: rows for name, rows in whole.items() if name != part}}
    with messages.speaking("en"):
        problems = {one.problem for one in route_checks.everything(tables)}
    missing = {
        "variant": "repeat has no variant disclosed",
        "other": "no outcome is called no_reply",
        "route": "no row has this name",
        "frame": "no frame is called review_first",
    }
    assert missing[part] in problems


def keys_of(part: Any) -> list[tuple[Any, ...]]:
    """The way to each key of each row of a table, and of what lies below it."""
    found: list[tuple[Any, ...]] = []
    for key, below in part.items() if isinstance(part, dict) else enumerate(part):
        found.append((key,))
        if isinstance(below, dict | list):
            found += [(key, *more) for more in keys_of(below)]
    return found


def test_whatever_is_left_out_no_check_stumbles() -> None:
    """Each key of the small table, and of one row of each part of the real one."""
    real = law.bundled().tables["routes"]
    first = {name: part[:1] if isinstance(part, list) else part for name, part in real.items()}
    for base in (SMALL["routes"], first):
        for way in keys_of(base):
            routes_ = copy.deepcopy(base)
            place = routes_
            for key in way[:-1]:
                place = place[key]
            del place[way[-1]]
            found = list(route_checks.everything({**law.bundled().tables, "routes": routes_}))
            assert not all(one.ok for one in found), way


def test_a_row_without_its_first_day_is_not_within_its_frame() -> None:
    table = copy.deepcopy(law.bundled().tables["routes"])
    table["route"][0].pop("effective_from")
    with messages.speaking("en"):
        found = {one.problem for one in route_checks.everything({**law.bundled().tables, "routes": table})}
    assert "the frame free: begins on 2008-05-01, not on  as its head says" in found


def test_what_a_route_hangs_on() -> None:
    tables = law.bundled().tables
    rows = tables["routes"]["variant"]
    assert routes.variant(tables, "repeat") == (
        "earlier_disclosed",
        "",
        {"yes": "disclosed", "no": "not_disclosed"},
        "",
        {cell: rows["repeat"][cell] for cell in ("disclosed", "not_disclosed")},
    )
    silent = routes.variant(tables, "no_reply")
    assert silent is not None
    assert (silent.fact, silent.setting, silent.default) == ("", "silence_route", "review_first")
    bare = {"routes": {"variant": {"x": {"cells": {"yes": "a"}}}}}
    assert routes.variant(bare, "x") == ("", "", {"yes": "a"}, "", {"a": {}})


def test_before_its_first_day_a_way_is_named_by_its_outcome() -> None:
    (series,) = routes.all_series(law.bundled().tables, "granted").values()
    with messages.speaking("en"), pytest.raises(OutOfLaw) as caught:
        series.on(date(2007, 1, 1))
    assert "granted" in str(caught.value)


def test_nothing_is_wrong_and_everything_was_looked_at() -> None:
    tables = law.bundled().tables
    table = tables["routes"]
    with messages.speaking("en"):
        found = list(route_checks.everything(tables))
    assert [one for one in found if not one.ok] == []
    cells = sum(len(routes.all_series(tables, one)) for one in routes.contested(tables))
    parts = (table["frame"], table["variant"], table["route"], table["other"])
    assert len(found) == sum(len(part) for part in parts) + cells
    assert "routes: repeat (not_disclosed), all days" in {one.where for one in found}
