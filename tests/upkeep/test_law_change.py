"""A change of the law rehearsed: the worked examples of the documents, every kind of fault, and an office's
open cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders, notices, thorough
from tests.builders import Place
from tests.counter import disclosure
from workflow import calendar, law
from workflow.base import messages
from workflow.law import change_file, continuing
from workflow.law import changes as law_changes
from workflow.upkeep import law_change

pytestmark = pytest.mark.usefixtures("repeated_roads")

CAL = calendar.known()
DOCS = Path(__file__).parents[2] / "docs"
HEAD = 'title = "t"\npromulgated = 2027-01-05\neffective = 2027-03-01\n'


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    messages.use("en")
    yield
    messages.use(None)


def worked(document: str) -> list[str]:
    """The change files that a document shows, in their order."""
    return re.findall(r"```toml\n(.*?)```", (DOCS / document).read_text(encoding="utf-8"), re.DOTALL)


def rehearsed(folder: Path, text: str) -> law_change.Rehearsal:
    path = folder / "change.toml"
    path.write_text(text, encoding="utf-8")
    return law_change.rehearse(path)


def examples(made: law_change.Rehearsal, name: str) -> dict[str, tuple[int | None, int | None]]:
    """Of an example by its day of receipt, how long it was and would be."""
    return {
        one.received.isoformat(): (one.days_before, one.days_after)
        for one in made.examples
        if one.name == name
    }


def test_the_documents_show_the_same_examples() -> None:
    def bare(text: str) -> str:
        return re.sub(r"(?m)^#.*\n", "", text)

    english, chinese = worked("law.md"), worked("law.zh-CN.md")
    assert len(english) == 3
    assert [bare(text) for text in english] == [bare(text) for text in chinese]


def test_other_numbers_of_days_in_the_same_article(tmp_path: Path) -> None:
    made = rehearsed(tmp_path, worked("law.md")[0])
    assert made.sound
    for name, (first, later) in {
        "reply": (20, 15),
        "reply_extended": (40, 30),
        "reply_consulted": (20, 15),
        "reply_consulted_extended": (40, 30),
        "reply_corrected": (20, 15),
        "reply_paid": (20, 15),
    }.items():
        found = examples(made, name)
        assert list(found) == ["2027-01-04", "2027-02-28", "2027-03-01", "2027-03-31"]
        assert found["2027-01-04"] == found["2027-02-28"] == (first, first), name
        assert found["2027-03-01"] == found["2027-03-31"] == (first, later), name
    for one in made.examples:
        if one.name in ("reply", "reply_extended"):
            assert one.days_after is not None
            assert one.after == CAL.add(one.received, one.days_after)
    assert {one.code for one in made.letters} == {"P1", "P2", "P5"}
    assert not any(one.changes for one in made.ways)


def test_an_article_renumbered(tmp_path: Path) -> None:
    made = rehearsed(tmp_path, worked("law.md")[1])
    assert made.sound
    assert not any(one.moves for one in made.examples)
    extension = next(one for one in made.letters if one.code == "P5")
    assert "第三十三条第二款" in extension.removed[0]
    assert "第三十四条第二款" in extension.added[0]
    assert all(one.before == one.after for one in made.ways)


def test_a_new_instrument_in_place_of_an_old_one(tmp_path: Path) -> None:
    made = rehearsed(tmp_path, worked("law.md")[2])
    assert made.sound
    assert examples(made, "reply")["2027-07-01"] == (20, 15)
    assert examples(made, "reply")["2027-06-30"] == (20, 20)
    assert examples(made, "third_party_opinion")["2027-07-01"] == (15, 10)
    assert examples(made, "reply_extended")["2027-07-01"] == (40, 35)
    (way,) = [one for one in made.ways if one.outcome == "not_held" and one.decided == date(2027, 7, 1)]
    assert (way.before, way.after) == ("free", "review_first")
    receipt = next(one for one in made.letters if one.code == "P2")
    assert "第三十五条第二款" in " ".join(receipt.added)


def test_a_value_that_moves_to_a_new_article_takes_along_what_cites_the_old_one(tmp_path: Path) -> None:
    made = rehearsed(
        tmp_path,
        HEAD
        + """
[[article]]
instrument = "ogi2019"
57 = [0, 0, 0]
[[amend]]
id = "reply.limit"
value = 25
article = "ogi2019:57.2"
""",
    )
    assert made.sound
    assert examples(made, "reply")["2027-03-01"] == (20, 25)
    assert examples(made, "reply_extended")["2027-03-01"] == (40, 45)
    receipt = next(one for one in made.letters if one.code == "P2")
    assert "第五十七条第二款" in " ".join(receipt.added)
    assert "25个工作日" in " ".join(receipt.added)


def test_an_instrument_that_continues_nothing_leaves_gaps_in_every_table(tmp_path: Path) -> None:
    made = rehearsed(
        tmp_path,
        HEAD
        + """
[[instrument]]
key = "ogi2027"
zh = "新条例"
[[article]]
instrument = "ogi2027"
article = 40
paragraphs = [0, 0]
[[amend]]
id = "reply.limit"
value = 15
article = "ogi2027:40.2"
""",
    )
    assert not made.faults
    assert not made.sound
    told = [one.where for one in made.gaps]
    for table in ("acts", "kinds.toml", "phrases.toml", "compliance.toml"):
        assert any(where.startswith(table) for where in told), table
    assert examples(made, "reply")["2027-03-01"] == (20, 15)


def test_an_article_that_is_gone_leaves_what_rests_on_it_without_a_provision(tmp_path: Path) -> None:
    made = rehearsed(
        tmp_path,
        HEAD + '[[instrument]]\nkey = "n"\nzh = "新条例"\ncontinues = "ogi2019"\nrenumbered = { 32 = "-" }',
    )
    assert any("third_party.opinion" in one.where for one in made.faults)
    assert any(one.where.startswith("kinds.toml: P6") for one in made.gaps)
    assert any("consult_third_party" in one.where for one in made.gaps)


FAULTS: dict[str, tuple[str, str]] = {
    "an unknown id": (HEAD + '[[amend]]\nid = "reply.limti"\nvalue = 1', "reply.limti"),
    "no id": (HEAD + "[[amend]]\nvalue = 1", "id"),
    "no value above nothing": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 0', "0"),
    "an unknown unit": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\nunit = "week"', "week"),
    "an article that there is not": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\narticle = "ogi2019:99"',
        "99",
    ),
    "a paragraph that there is not": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\narticle = "ogi2019:33.7"',
        "7",
    ),
    "an instrument that there is not": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\narticle = "ogi1949:3"',
        "ogi1949",
    ),
    "an overlap": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\n' * 2, "overlap"),
    "a gap at the end": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\neffective_until = 2027-12-31',
        "2027-12-31",
    ),
    "a gap between": (
        HEAD
        + '[[amend]]\nid = "reply.limit"\nvalue = 1\neffective_until = 2027-12-31\n'
        + '[[amend]]\nid = "reply.limit"\nvalue = 2\neffective_from = 2028-02-01',
        "gap",
    ),
    "an instrument that ends": (
        HEAD + '[[instrument]]\nkey = "ogi2019"\neffective_until = 2027-02-28',
        "reply.limit",
    ),
    "an overlap of routes": (
        HEAD
        + '[[route]]\noutcomes = ["withheld"]\nkind = "free"\narticles = ["arl2023:20.1"]\neffective_until = 2028-01-01\n'
        + '[[route]]\noutcomes = ["withheld"]\nkind = "free"\narticles = ["arl2023:20.1"]\neffective_from = 2027-12-01',
        "overlap",
    ),
    "an old instrument that still holds": (
        HEAD
        + '[[instrument]]\nkey = "n"\nzh = "新"\ncontinues = "ogi2019"\n'
        + '[[instrument]]\nkey = "ogi2019"\neffective_until = 2027-06-30',
        "overlap",
    ),
    "an old instrument that ended before": (
        HEAD
        + '[[instrument]]\nkey = "n"\nzh = "新"\ncontinues = "ogi2019"\n'
        + '[[instrument]]\nkey = "ogi2019"\neffective_until = 2027-01-31',
        "gap between 2027-01-31 and 2027-03-01",
    ),
    "a route of nothing": (HEAD + '[[route]]\noutcomes = ["x"]\nkind = "free"', "x"),
    "a route of no kind": (HEAD + '[[route]]\noutcomes = ["withheld"]\nkind = "appeal"', "appeal"),
    "an effect before promulgation": (
        'title = "t"\npromulgated = 2027-03-02\neffective = 2027-03-01\n[[amend]]\nid = "reply.limit"\nvalue = 15',
        "2027-03-02",
    ),
    "no day of effect": ('title = "t"\npromulgated = 2027-03-02\n[[amend]]\nid = "reply.limit"', "effective"),
    "no day at all": ('title = "t"\npromulgated = "soon"\neffective = 2027-03-01', "soon"),
    "nothing to change": (HEAD, "amend"),
    "an unknown key": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 15\ndays = 3', "days"),
    "an unknown table": (HEAD + "[[repeal]]\nid = 3", "repeal"),
    "a structure of nothing": (
        HEAD + '[[article]]\ninstrument = "ogi1949"\narticle = 3\nparagraphs = [0]',
        "ogi1949",
    ),
    "a structure that is none": (
        HEAD + '[[article]]\ninstrument = "ogi2019"\narticle = 3\nparagraphs = ["a"]',
        "3",
    ),
    "two articles under one number": (
        HEAD + '[[article]]\ninstrument = "ogi2019"\narticle = 34\nwas = 33',
        "34",
    ),
    "a table of another shape": (HEAD + "amend = 7", "amend"),
    "a title that is no text": (
        HEAD.replace('"t"', "5") + '[[amend]]\nid = "reply.limit"\nvalue = 1',
        "title",
    ),
    "an id that is no text": (HEAD + '[[amend]]\nid = ["reply.limit"]\nvalue = 1', "id is not text"),
    "a unit that is no text": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\nunit = ["day"]',
        "unit is not text",
    ),
    "an article that is no text": (
        HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 1\narticle = 33',
        "article is not text",
    ),
    "outcomes that are no text": (
        HEAD + '[[route]]\noutcomes = [[1]]\nkind = "free"',
        "outcomes is not text",
    ),
    "a value that amends nothing": (HEAD + '[[amend]]\nid = "reply.limit"', "value is missing"),
    "a number in Chinese": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = "十五"', "十五"),
    "a number below nothing": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = -5', "-5"),
    "a number beyond reason": (HEAD + '[[amend]]\nid = "reply.limit"\nvalue = 99999999999', "too large"),
    "a number for a rule": (HEAD + '[[amend]]\nid = "counting.roll"\nvalue = 3', "a rule has no number"),
    "one instrument twice": (
        HEAD
        + '[[instrument]]\nkey = "n"\nzh = "新"\ncontinues = "ogi2019"\n[[instrument]]\nkey = "n"\nzh = "又"',
        "twice",
    ),
    "an end of what there is not": (
        HEAD + '[[instrument]]\nkey = "ogi2077"\neffective_until = 2028-12-31',
        "no instrument is called ogi2077",
    ),
    "an instrument that ends before it begins": (
        HEAD + '[[instrument]]\nkey = "n"\nzh = "新"\neffective_until = 2027-02-28',
        "before it begins",
    ),
    "an article under its own number": (
        HEAD + '[[article]]\ninstrument = "ogi2019"\narticle = 33\nwas = 33',
        "bears this number already",
    ),
    "a day beyond the calendar": (
        'title = "t"\npromulgated = 9999-12-30\neffective = 9999-12-31\n[[amend]]\nid = "reply.limit"\nvalue = 15',
        "9999-12-30",
    ),
    "a day before all days": (
        'title = "t"\npromulgated = 0001-01-01\neffective = 0001-01-01\n[[amend]]\nid = "reply.limit"\nvalue = 15',
        "0001-01-01",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_nothing_is_computed(tmp_path: Path, fault: str) -> None:
    text, word = FAULTS[fault]
    made = rehearsed(tmp_path, text)
    assert not made.sound
    assert word in " ".join(f"{one.where}: {one.problem}" for one in made.faults)
    assert made.examples == []


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    bad = [fault for fault in FAULTS if FAULTS[fault][0].startswith(HEAD) and "overlap" not in fault]
    text = HEAD + "\n".join(
        FAULTS[fault][0].removeprefix(HEAD)
        for fault in ("an unknown id", "an unknown unit", "a route of nothing", "a structure of nothing")
    )
    assert bad
    told = " ".join(f"{one.where}: {one.problem}" for one in rehearsed(tmp_path, text).faults)
    for word in ("reply.limti", "week", "x", "ogi1949"):
        assert word in told


UNITS = {
    ("day", 30): lambda day: CAL.roll(day + timedelta(30)),
    ("month", 1): lambda day: CAL.roll(date(2027, 4, 1)),
}


def test_faults_of_the_rows_are_named_although_the_head_is_wrong(tmp_path: Path) -> None:
    made = rehearsed(
        tmp_path,
        'promulgated = 2027-01-01\n[[amend]]\nid = "reply.limti"\nvalue = 3\n'
        '[[amend]]\nid = "reply.limit"\nvalue = "x"\n[[article]]\ninstrument = "ogi2019"\narticle = 99\nwas = 98',
    )
    told = " ".join(f"{one.where}: {one.problem}" for one in made.faults)
    for what in (
        "title is missing",
        "effective is missing",
        "reply.limti",
        "not a whole number",
        "no Art. 98",
    ):
        assert what in told
    assert not made.sound


def test_an_instrument_that_ends_leaves_steps_and_settings_without_a_provision(tmp_path: Path) -> None:
    made = rehearsed(tmp_path, f'{HEAD}[[instrument]]\nkey = "svc2016"\neffective_until = 2027-02-28')
    where = {one.where for one in made.gaps}
    assert "acts: case/dispatch issued→dispatched" in where
    assert "settings: email_service" in where
    assert "provisions: by_post_alone" in where
    assert not made.sound
    # What has another provision to rest on then does so.
    assert not any("letter_arrived" in place for place in where)


def test_the_organs_own_periods_have_examples_too(tmp_path: Path) -> None:
    made = rehearsed(tmp_path, f'{HEAD}[[amend]]\nid = "reconsideration.defence"\nvalue = 15\nunit = "day"')
    assert examples(made, "reconsideration_defence")["2027-03-01"] == (10, 15)
    moved = {one.name for one in made.examples if one.moves}
    assert moved == {"reconsideration_defence"}


@pytest.mark.parametrize(("unit", "value"), UNITS)
def test_a_limit_in_other_units(tmp_path: Path, unit: str, value: int) -> None:
    made = rehearsed(tmp_path, f'{HEAD}[[amend]]\nid = "reply.limit"\nvalue = {value}\nunit = "{unit}"')
    assert made.sound
    day = date(2027, 3, 1)
    found = {one.name: one for one in made.examples if one.received == day}
    end = UNITS[unit, value](day)
    assert found["reply"].after == end
    # The extension of twenty working days runs on from there.
    assert found["reply_extended"].after == CAL.add(end, 20)
    sent = CAL.add(day, 2)
    left_out = CAL.add(sent, 15) - sent
    assert found["reply_consulted"].after == CAL.roll(end + left_out) or unit == "day"
    receipt = next(one for one in made.letters if one.code == "P2")
    assert {"day": "30日内", "month": "1个月内"}[unit] in " ".join(receipt.added)


@pytest.mark.parametrize(
    ("id", "value", "name", "codes"),
    [
        ("reconsideration.limit", 90, "reconsideration", {"D1", "D4a", "P9"}),
        ("fee.payment", 10, "fee_payment", {"P12"}),
        ("third_party.opinion", 10, "third_party_opinion", {"P6", "P7"}),
        ("correction.notice", 5, "correction_notice", set()),
    ],
)
def test_another_period_moves_its_own_clock_and_letters(
    tmp_path: Path, id: str, value: int, name: str, codes: set[str]
) -> None:
    made = rehearsed(tmp_path, f'{HEAD}[[amend]]\nid = "{id}"\nvalue = {value}')
    assert made.sound
    assert examples(made, name)["2027-03-01"][1] == value
    assert examples(made, name)["2027-02-28"][0] == examples(made, name)["2027-02-28"][1]
    assert codes <= {one.code for one in made.letters}
    assert examples(made, "reply")["2027-03-01"] == (20, 20)


ODD = st.sampled_from([None, 7, -1, True, "x", "", [], {}, [1], [[]], {"x": 1}, "2027-13-01", "ogi2019:33"])


@given(
    place=st.sampled_from([*change_file.KEYS, *change_file.HEAD]), key=st.text("aiwu_", max_size=6), odd=ODD
)
@settings(max_examples=thorough.examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_any_shape_is_refused_or_rehearsed_but_never_a_crash(
    place: str, key: str, odd: Any
) -> None:
    rows = {
        "amend": {"id": "reply.limit", "value": 15},
        "instrument": {"key": "n", "continues": "ogi2019"},
        "route": {"outcomes": ["withheld"], "kind": "free"},
        "article": {"instrument": "ogi2019", "article": 3, "paragraphs": [0]},
    }
    table: dict[str, Any] = {"title": "t", "promulgated": "2027-01-05", "effective": "2027-03-01", **rows}
    known = sorted(change_file.KEYS.get(place, ()))
    if place in rows:
        table[place] = odd if not key else [{**rows[place], known[len(key) % len(known)]: odd}]
    else:
        table[place] = odd
    change, faults = change_file.read(table)
    if change is not None:
        laid = law_changes.Laid(change, law.read()[0])
        assert isinstance([*faults, *laid.faults, *law.check_tables(laid.tables)], list)
        assert isinstance(laid.eras, list)


def test_the_command_prints_json_and_ends_with_1_for_a_fault(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "change.toml"
    path.write_text(worked("law.md")[0], encoding="utf-8")
    said = disclosure("law", "try", path, "--json")
    assert said.code == 0
    shown = said.json
    assert shown["faults"] == shown["gaps"] == []
    assert shown["cases"] is None
    plain = [one for one in shown["examples"] if one["name"] == "reply" and one["received"] == "2027-03-01"]
    assert [(one["before"], one["after"]) for one in plain] == [("2027-03-29", "2027-03-22")]
    path.write_text(FAULTS["an unknown id"][0], encoding="utf-8")
    said = disclosure("law", "try", path, "--json")
    assert said.code == 1
    assert "reply.limti" in said.out
    assert disclosure("law", "try", path).code == 1
    assert disclosure("law", "try", tmp_path / "none.toml").code != 0
    path.write_text("title = ", encoding="utf-8")
    assert disclosure("law", "try", path).code != 0


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    made = builders.found(database_url, today=notices.TODAY)
    yield made
    made.store.close()


def test_the_open_cases_whose_clocks_would_move_and_nothing_is_written(place: Place, tmp_path: Path) -> None:
    first = date(notices.YEAR - 1, 12, 1)
    before = place.receive(first).case.number
    after = place.receive(first + timedelta(7)).case.number
    path = tmp_path / "change.toml"
    path.write_text(
        f"""title = "t"
promulgated = {first - timedelta(90)}
effective = {first + timedelta(1)}
[[amend]]
id = "reply.limit"
value = 15
""",
        encoding="utf-8",
    )
    moved = {
        (one["case"], one["rule"]): one for one in disclosure("law", "try", path, "--json").json["cases"]
    }
    assert (before, "reply.limit") not in moved
    shown = moved[after, "reply.limit"]
    cal = place.desk("registrar").context.calendar
    received = first + timedelta(7)
    assert shown["before"] == cal.add(received, 20).isoformat()
    assert shown["after"] == cal.add(received, 15).isoformat()
    assert after in disclosure("law", "try", path).out
    assert law.bundled().value("reply.limit", received).value == 20
    assert disclosure("law", "try", path, "--json").json["cases"] == list(moved.values())


def test_a_provision_is_cited_as_it_stands_on_the_day() -> None:
    rows = law.bundled().tables["instruments"]
    assert continuing.current("arl-impl2007:15.1.3", rows, "2026-06-30") == "arl-impl2007:15.1.3"
    assert continuing.current("arl-impl2007:15.1.3", rows, "2026-07-01") == "arl-impl2026:23.1.3"
    assert continuing.current("arl-impl2007:2", rows, "2026-07-01") == "arl-impl2007:2"
    assert continuing.current("house:void", rows, "2026-07-01") == "house:void"
