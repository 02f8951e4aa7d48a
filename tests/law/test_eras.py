"""Eras of the Regulations, and values amended within them: every deadline takes what was in force on its
day.
"""

from __future__ import annotations

import copy
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import calendar, law
from workflow.base.errors import DisclosureError, Environment, Malformed
from workflow.clocks import Extension, ReplyFacts, Restart, Window, reply
from workflow.clocks.reply import governing
from workflow.law import checks, eras
from workflow.reports.law import check as whole_check

CAL = calendar.known()
DAY = date(2026, 3, 2)
"""The first day of the amendment of these tests, in a year whose days off are known."""


def amended(**changes: int) -> law.Law:
    """The law with other numbers in the same articles of the Regulations of 2019 from DAY, by an act of
    amendment.
    """
    tables: dict[str, Any] = copy.deepcopy(dict(law.bundled().tables))
    tables["instruments"]["ogi2026d"] = {
        **tables["instruments"]["ogi2019"],
        "zh": "国务院关于修改《中华人民共和国政府信息公开条例》的决定",
        "promulgated": "2026-01-05",
        "effective_from": DAY.isoformat(),
    }
    tables["ogi2026d"] = {"complete": False, "articles": {"1": "?"}}
    rows = tables["durations"]["value"]
    for id, number in changes.items():
        # Whatever a later amendment in the tables says of it begins after that of these tests.
        rows[:] = [
            row
            for row in rows
            if row["id"] != id.replace("__", ".") or row["effective_from"] < DAY.isoformat()
        ]
        before = next(row for row in reversed(rows) if row["id"] == id.replace("__", "."))
        after = {
            **before,
            "value": number,
            "amended_by": "ogi2026d",
            "promulgated": "2026-01-05",
            "effective_from": DAY.isoformat(),
        }
        before["effective_until"] = (DAY - timedelta(1)).isoformat()
        rows.append(after)
    assert [one for one in checks.everything(tables) if not one.ok] == []
    return law.Law(tables)


def facts(received: date, **more: Any) -> ReplyFacts:
    return ReplyFacts(received, regulations="ogi2019", **more)


@pytest.mark.parametrize(("received", "first", "more"), [(DAY - timedelta(1), 20, 20), (DAY, 15, 15)])
def test_every_part_of_a_reply_limit_is_of_the_day_of_receipt(received: date, first: int, more: int) -> None:
    book = amended(reply__limit=15, reply__extension=15)
    told = Extension(CAL.add(received, 3), 99)
    assert reply(facts(received), book, CAL).due == CAL.add(received, first)
    assert reply(facts(received, extension=told), book, CAL).due == CAL.add(received, first + more)
    sent = CAL.add(received, 2)
    asked = Window("third_party", sent, sent, CAL.add(sent, 4))
    assert reply(facts(received, windows=(asked,)), book, CAL).due == CAL.add(received, first + 4)
    both = reply(facts(received, windows=(asked,), extension=told), book, CAL)
    assert both.due == CAL.add(received, first + more + 4)
    assert both.length == first + more
    left_out = ((CAL.add(received, 1), CAL.add(received, 2)),)
    assert reply(facts(received, left_out=left_out), book, CAL).due == CAL.add(received, first + 2)
    corrected = CAL.add(received, 8)
    again = facts(received, restarts=(Restart("correction", corrected),))
    assert reply(again, book, CAL).due == CAL.add(corrected, first)


def test_the_time_of_an_opinion_is_of_its_own_day() -> None:
    book = amended(third_party__opinion=10)
    received, sent = DAY - timedelta(7), DAY
    silent = Window("third_party", sent, sent)
    assert reply(facts(received, windows=(silent,)), book, CAL).due == CAL.add(received, 20 + 10)
    earlier = Window("third_party", received, received)
    assert reply(facts(received, windows=(earlier,)), book, CAL).due == CAL.add(received, 20 + 15)


LATER = amended(reply__limit=15)


@given(st.dates(date(2008, 5, 1), date(2030, 12, 31)))
def test_on_every_day_there_is_one_era_and_one_reply_limit(day: date) -> None:
    for book in (law.bundled(), LATER):
        assert sum(era.first <= day and (era.last is None or day <= era.last) for era in book.eras()) == 1
        rows = book.history("reply.limit")
        assert sum(row.effective_from <= day <= (row.effective_until or date.max) for row in rows) == 1
        assert book.value("reply.limit", day).instrument in book.era_on(day).instruments


INSTRUMENTS: dict[str, Any] = {
    **law.bundled().tables["instruments"],
    "ogi2027": {"continues": "ogi2019", "renumbered": {"33": 34, "34": 33}},
    "ogi2028": {"continues": "ogi2027", "renumbered": {"34": 35}},
}


def three(**gone: str) -> dict[str, eras.Era]:
    """The two eras, one that continues the later under other numbers, and one that continues that."""
    table: dict[str, Any] = {
        **law.bundled().tables["eras"],
        "ogi2027": {
            "zh": "新条例",
            "en": "new",
            "from": "2027-07-01",
            "instruments": ["ogi2027"],
            "continues": "ogi2019",
        },
        "ogi2028": {
            "zh": "再新",
            "en": "newer",
            "from": "2028-07-01",
            "instruments": ["ogi2028"],
            "continues": "ogi2027",
        },
    }
    renumbered = {"33": 34, "34": 33, **{article.strip("_"): number for article, number in gone.items()}}
    return eras.read(table, {**INSTRUMENTS, "ogi2027": {**INSTRUMENTS["ogi2027"], "renumbered": renumbered}})


def test_an_era_that_continues_another_takes_its_cells() -> None:
    later = three()["ogi2027"]
    assert later.of({"ogi2019": "a", "ogi2008": "b"}) == "a"
    assert later.of({"ogi2027": "c", "ogi2019": "a"}) == "c"
    with pytest.raises(Environment):
        later.of({"ogi2008": "b"}, "a table")
    assert later.cite(["ogi2019:33.2", "ogi2008:24.2"]) == "ogi2027:34.2"
    assert later.cite(["ogi2019:36.1.3"]) == "ogi2027:36.1.3"
    assert later.cite(["ogi2008=house:review", "house:other"]) == "house:other"
    assert later.cite(["ogi2019=svc2016:4", "ogi2008:24.2"]) == "svc2016:4"
    assert later.cite(["ogi2008:24.2"]) is None
    assert not later.knows(["ogi2008:24.2"])
    assert three()["ogi2008"].cite(["ogi2019:35", "ogi2008=-"]) is None
    assert three()["ogi2008"].knows(["ogi2019:35", "ogi2008=-"])
    assert three()["ogi2028"].cite(["ogi2019:34"]) == "ogi2028:33"
    for era in list(three(_38="-").values())[2:]:
        assert not era.knows(["ogi2019:38"])
        assert era.knows(["ogi2019:37"])
    assert three()["ogi2028"].cite(["ogi2019:33.2"]) == "ogi2028:35.2"
    assert three()["ogi2028"].cite(["ogi2019:36"]) == "ogi2028:36"
    assert three()["ogi2019"].last == date(2027, 6, 30)
    with pytest.raises(Malformed):
        law.bundled().era("ogi1949")


def test_an_amendment_that_keeps_the_articles_is_an_era_without_a_new_cell() -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(LATER.tables))
    tables["eras"]["ogi2026d"] = {
        "zh": "2026年修改",
        "en": "as amended in 2026",
        "from": DAY.isoformat(),
        "instruments": ["ogi2026d"],
        "continues": "ogi2019",
    }
    assert [one for one in checks.everything(tables) if not one.ok] == []
    book = law.Law(tables)
    assert [one for one in whole_check.every_era(book.eras()) if not one.ok] == []
    era = book.era_on(DAY)
    assert (era.key, era.text) == ("ogi2026d", "ogi2019")
    assert era.cite(["ogi2019:33.2", "ogi2008:24.2"]) == "ogi2019:33.2"
    before = DAY - timedelta(1)
    due = {key: reply(ReplyFacts(before, regulations=key), book, CAL).due for key in ("ogi2019", "ogi2026d")}
    assert due == {"ogi2019": CAL.add(before, 20), "ogi2026d": CAL.add(before, 15)}
    # The office may put what was open under the new era, as when new Regulations come.
    open_then = {"transition_regulations": "new"}
    assert governing(before, book, open_then) == "ogi2026d"
    assert governing(before, book, open_then, before) == "ogi2019"
    assert governing(before, book) == "ogi2019"


def test_every_table_knows_an_era_that_continues_another_and_none_a_foreign_one() -> None:
    assert [one for one in whole_check.every_era(three().values()) if not one.ok] == []
    without = [one.where for one in whole_check.every_era(three(_38="-").values()) if not one.ok]
    assert "compliance.toml: creation_reasons" in without
    assert all(where.startswith("compliance.toml: creation_") for where in without)
    foreign = eras.read(
        {
            **law.bundled().tables["eras"],
            "ogi2027": {"zh": "新", "en": "new", "from": "2027-07-01", "instruments": ["ogi2027"]},
        },
        INSTRUMENTS,
    )
    wrong = [one.where for one in whole_check.every_era(foreign.values()) if not one.ok]
    for table in ("acts", "kinds.toml", "phrases.toml", "compliance.toml"):
        assert any(where.startswith(table) for where in wrong), table


def test_the_check_names_every_fault_and_does_not_stop_at_the_first() -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(law.bundled().tables))
    tables["durations"]["value"][0]["article"] = "ogi2008:99"
    tables["outcomes"]["basis"][0]["status"] = "X"
    tables["channels"] = {"channel": 7}
    tables["routes"]["route"][0]["kind"] = "appeal"
    tables["instruments"]["ogi2019"]["effective_from"] = "2019-04-01"
    del tables["fees"]
    wrong = [one for one in checks.everything(tables) if not one.ok]
    told = " ".join(f"{one.where}: {one.problem}" for one in wrong)
    for word in ("99", "X", "appeal", "fees", "2019-04-01", "AttributeError"):
        assert word in told, word


ERAS: dict[str, Any] = {
    "no first day": lambda table: table["ogi2019"].pop("from"),
    "an instrument of two eras": lambda table: table["ogi2019"].update(instruments=["ogi2008"]),
    "an unknown instrument": lambda table: table["ogi2019"].update(instruments=["ogi2091"]),
    "a later era continued": lambda table: table["ogi2008"].update(continues="ogi2019"),
    "no era at the beginning": lambda table: table.pop("ogi2008"),
    "two eras on a day": lambda table: table["ogi2019"].update({"from": "2008-05-01"}),
    "a limit of another instrument": lambda table: table["ogi2019"].update({"from": "2019-06-01"}),
}


@pytest.mark.parametrize("fault", ERAS)
def test_eras_that_contradict_themselves_are_refused(fault: str) -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(law.bundled().tables))
    ERAS[fault](tables["eras"])
    assert [one for one in checks.everything(tables) if not one.ok and one.where.startswith(("eras", "dur"))]


def test_the_check_of_a_folder_names_what_stops_it_being_loaded_and_all_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "law"
    shutil.copytree(law.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert [one for one in whole_check.everything(folder) if not one.ok] == []
    for name, old, new in (
        ("fees.toml", "[[rate]]", "[[rate"),
        ("durations.toml", 'article = "ogi2019:33.2"', 'article = "ogi2019:99"'),
        ("grounds.toml", "不予公开", "应当公开"),
        ("routes.toml", 'kind = "free"', 'kind = "appeal"'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, name
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DisclosureError):
        law.load(folder)
    told = " ".join(f"{one.where}: {one.problem}" for one in whole_check.everything(folder) if not one.ok)
    for word in ("fees.toml", "99", "ogi2019:16.1", "appeal"):
        assert word in told, word
