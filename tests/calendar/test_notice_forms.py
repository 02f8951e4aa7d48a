"""A notice in each form of file comes out whole: its head, and each day with its kind and festival."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.calendar.test_calendar_files import event, feed
from workflow import calendar
from workflow.calendar import (
    Festival,
    LocalDay,
    Notice,
    fixed_holidays,
    importing,
    notice_files,
    notice_tables,
)
from workflow.calendar.notice_files import Entry

TOLD = date(2026, 11, 20)
NEW_YEAR = Festival("元旦", (date(2026, 12, 31), date(2027, 1, 1)), (date(2027, 1, 9),))
LABOUR = Festival("劳动节", (date(2027, 5, 1), date(2027, 5, 3)), ())
PLAIN = Notice(
    "2027",
    2027,
    "国务院办公厅关于2027年部分节假日安排的通知",
    "国办发明电〔2026〕9号",
    "M",
    TOLD,
    "M",
    "http://example.gov.cn/1",
    (NEW_YEAR, LABOUR),
    False,
    "",
)
LIST = (
    "日期,类型,节日,notice_year\n2027-05-01,休,劳动节,2027\n2026-12-31,休,元旦,2027\n,,,\n2027-05-03, 休 ,劳动节,2027\n"
    "2027-01-09,班,元旦,2027\n2027-01-01,休,元旦,2027\n"
)
OBJECT = """{"year": 2027, "number": "国办发明电〔2026〕9号", "promulgated": "2026-11-20",
 "papers": ["http://example.gov.cn/1", "http://example.gov.cn/2"], "days": [
 {"date": "2027-05-01", "isOffDay": true, "name": "劳动节"}, {"date": "2026-12-31", "isOffDay": true, "name": "元旦"},
 {"day": "2027-05-03", "type": "off", "festival": "劳动节"}, null, {"date": "2027-01-09", "isOffDay": false, "name": "元旦"}],
 "off": ["2027-01-01"]}"""
TABLE = """year = 2027
source = "http://example.gov.cn/2"
[[notice]]
id = "2027"
number = "国办发明电〔2026〕9号"
promulgated = 2026-11-20
source = "http://example.gov.cn/1"
[[notice.festival]]
name = "元旦"
off = [2027-01-01, 2026-12-31]
work = [2027-01-09]
[[notice.festival]]
name = "劳动节"
off = [2027-05-01, 2027-05-03]
"""
WRITTEN = """\
year = 2027

[[notice]]
id = "2027"
title = "国务院办公厅关于2027年部分节假日安排的通知"
number = "国办发明电〔2026〕9号"
status = "M"
promulgated = 2026-11-20
promulgated_status = "M"
source = "http://example.gov.cn/1"
note = ""
amends = false

[[notice.festival]]
name = "元旦"
off = [2026-12-31, 2027-01-01]
work = [2027-01-09]

[[notice.festival]]
name = "劳动节"
off = [2027-05-01, 2027-05-03]
"""


def test_a_list() -> None:
    given = {"number": PLAIN.number, "promulgated": TOLD, "source": PLAIN.source}
    assert importing.parse_notice(LIST, "csv", **given) == PLAIN  # type: ignore[arg-type]
    bare = importing.parse_notice(LIST, "csv", promulgated=TOLD)
    assert bare == PLAIN._replace(number="", source="")
    assert notice_files.read(LIST, "csv").head == {"year": "2027"}
    two_years = LIST.replace("劳动节,2027", "劳动节,2026")
    assert notice_files.read(two_years, "csv").head == {}


def test_a_list_without_names() -> None:
    found = notice_files.read("date,kind\n2027-01-01,off\n2027-01-09\n", "csv")
    assert found.entries == [Entry("2027-01-01", "off", ""), Entry("2027-01-09", "", "")]
    nameless = notice_files.read('{"days": [{"date": "2027-01-01", "isOffDay": true, "name": null}]}', "json")
    assert nameless.entries == [Entry("2027-01-01", "True", "")]


def test_an_object() -> None:
    found = importing.parse_notice(OBJECT, "json")
    # The day of the plain list has no festival.
    alone = Festival("", (date(2027, 1, 1),), ())
    new_year = Festival("元旦", (date(2026, 12, 31),), NEW_YEAR.work)
    assert found == PLAIN._replace(festivals=(new_year, alone, LABOUR))
    sheet = notice_files.read(OBJECT, "json")
    assert sheet.structured
    assert sheet.entries[0] == Entry("2027-05-01", "True", "劳动节")
    assert sheet.entries[-1] == Entry("2027-01-01", "off", "")
    told = notice_files.read(OBJECT.replace('"papers"', '"url": "http://own", "papers"'), "json")
    assert told.head["source"] == "http://own"


def test_a_table() -> None:
    assert importing.parse_notice(TABLE, "toml") == PLAIN
    named = importing.parse_notice(TABLE.replace('id = "2027"', 'title = "通知"'), "toml")
    assert named == PLAIN._replace(title="通知")
    assert importing.as_toml(PLAIN) == WRITTEN
    assert importing.parse_notice(WRITTEN, "toml") == PLAIN
    bare = TABLE.partition("[[notice.festival]]")[0]
    assert notice_files.read(bare, "toml").entries == []
    odd = PLAIN._replace(source='"\x7f\\', note="又改", amends=True, id="2027-2026-11-20")
    text = importing.as_toml(odd)
    assert 'source = "\\"\\u007f\\\\"\n' in text
    assert "amends = true\n" in text
    assert 'note = "又改"\n' in text
    beside = TABLE.replace(
        "source =", 'days = [{date = "2027-10-01", kind = "off", name = "国庆节"}]\nsource =', 1
    )
    (*_, national) = importing.parse_notice(beside, "toml").festivals
    assert national == Festival("国庆节", (date(2027, 10, 1),), ())


@pytest.mark.parametrize(("text", "form"), [(LIST, "csv"), (OBJECT, "json"), (TABLE, "toml")])
def test_what_is_given_stands_over_what_the_file_says(text: str, form: str) -> None:
    found = importing.parse_notice(
        text, form, year=2027, number="国办发明电〔2026〕10号", promulgated=date(2026, 11, 21), source=""
    )
    assert (found.year, found.number, found.source) == (2027, "国办发明电〔2026〕10号", "")
    assert found.promulgated == date(2026, 11, 21)
    assert (found.id, found.amends, found.note) == ("2027", False, "")


def test_a_feed() -> None:
    text = feed(
        event("元旦 假期", "20261231", "20270102"),
        event("元旦（班）", "20270109"),
        event("国庆节", "20271001", "20271008"),
        event("国庆节", "20271009"),
        event("例会" * 30, "20271010"),
        event("补 春节", "20270220", "", "X-APPLE-SPECIAL-DAY: alternate-workday\r\n"),
        event("劳动节 Day off [休]", "20270501"),
        event("Working day", "20270508"),
    )
    national = [Entry(f"2027-10-0{n}", "off", "国庆节") for n in range(1, 8)]
    assert notice_files.read(text, "ics") == notice_files.Sheet(
        {},
        [
            Entry("2026-12-31", "off", "元旦"),
            Entry("2027-01-01", "off", "元旦"),
            Entry("2027-01-09", "work", "元旦"),
            *national,
            # A single day may only tell when the festival is.
            Entry("2027-10-09", "国庆节", "国庆节"),
            Entry("2027-10-10", ("例会" * 30)[:40], "例会" * 30),
            Entry("2027-02-20", "work", "春节"),
            Entry("2027-05-01", "off", "劳动节"),
            Entry("2027-05-08", "work", "ingday"),
        ],
        False,
    )


def timed(lines: str) -> str:
    return feed(f"BEGIN:VEVENT\r\nSUMMARY:元旦（休）\r\n{lines}\r\nEND:VEVENT\r\n")


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ("DTSTART:20270101T000000\r\nDTEND:20270103T235959", ["2027-01-01", "2027-01-02", "2027-01-03"]),
        ("DTSTART:20270101T000000\r\nDTEND:20270103T000000", ["2027-01-01", "2027-01-02"]),
        ("DTSTART:20270101T000000\r\nDTEND:20270103T000001", ["2027-01-01", "2027-01-02", "2027-01-03"]),
        ("DTSTART:20270101T080000\r\nDTEND:20270101T180000", ["2027-01-01"]),
        ("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270101", ["2027-01-01"]),
        ("DTSTART;VALUE=DATE:20270102\r\nDTEND;VALUE=DATE:20270101", ["2027-01-02"]),
        # In the time of China it is a day later.
        ("DTSTART:20261231T160000Z\r\nDTEND:20270101T160000Z", ["2027-01-01"]),
        ("DTSTART:20261231T155959Z\r\nDURATION:PT1H", ["2026-12-31", "2027-01-01"]),
        ("DTSTART;VALUE=DATE:20270101\r\nDURATION:P1D", ["2027-01-01"]),
        ("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270211", None),
        ("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270212", ["2027-01-01 - 2027-02-11"]),
        ("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY;COUNT=3", ["元旦（休）"]),
        ("DTEND;VALUE=DATE:20270101", ["元旦（休）"]),
        ("DTSTART:nonsense", ["元旦（休）"]),
    ],
)
def test_the_days_of_an_event(lines: str, days: list[str] | None) -> None:
    found = [entry.day for entry in notice_files.read(timed(lines), "ics").entries]
    if days is None:
        days = [(date(2027, 1, 1) + timedelta(n)).isoformat() for n in range(41)]
    assert found == days


@pytest.mark.parametrize(
    ("name", "days", "whole"),
    [
        ("国庆节", ("2027-10-01", "2027-10-02", "2027-10-03"), True),
        ("国庆节", ("2027-10-01", "2027-10-02"), False),
        ("国庆节", ("2027-10-02", "2027-10-03", "2027-10-04"), False),
        # The law fixes one day for it: of several that hold it they are the festival.
        ("端午节", ("2027-06-09", "2027-06-10"), True),
        ("端午节", ("2027-06-09",), False),
        ("例会", ("2027-10-01", "2027-10-02", "2027-10-03"), False),
        ("元旦", ("2026-12-31", "2027-01-01"), True),
        ("元旦", ("2099-12-31", "2100-01-01"), False),
    ],
)
def test_an_event_that_is_a_festival(name: str, days: tuple[str, ...], whole: bool) -> None:
    last = date.fromisoformat(days[-1]) + timedelta(1)
    made = feed(event(name, days[0].replace("-", ""), f"{last:%Y%m%d}"))
    assert [entry.kind for entry in notice_files.read(made, "ics").entries] == [
        "off" if whole else name
    ] * len(days)


@pytest.mark.parametrize(
    ("work", "entries"),
    [
        ("无", []),
        ("——", []),
        ("不调休", []),
        ("10月9日上班", [Entry("10月9日上班", "work", "国庆节")]),
        (" 10月9日 ", [Entry("10月9日", "work", "国庆节")]),
    ],
)
def test_a_list_of_festivals(tmp_path: Path, work: str, entries: list[Entry]) -> None:
    path = tmp_path / "2027.csv"
    text = f"节日,放假时间,调休上班\n国庆节,10月1日至7日放假。9月26日上班；,{work}\n"
    path.write_text(text, encoding="utf-8")
    assert notice_files.read_path(path) == notice_files.Sheet(
        {notice_files.TITLE_YEAR: "2027"},
        [Entry("10月1日至7日放假", "off", "国庆节"), Entry("9月26日上班", "work", "国庆节"), *entries],
        False,
    )


def test_a_list_of_festivals_alone(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("节日,放假时间\n国庆节,10月1日至7日\n", encoding="utf-8")
    assert notice_files.read_path(path).entries == [Entry("10月1日至7日", "off", "国庆节")]


def test_an_event_without_a_title() -> None:
    text = feed("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nEND:VEVENT\r\n")
    assert notice_files.read(text, "ics").entries == [Entry("2027-01-01", "", "")]


@pytest.mark.parametrize(
    ("name", "title", "head"),
    [
        ("a.csv", "", {}),
        ("2026-2027.csv", "", {}),
        ("20271.csv", "", {}),
        ("2027.csv", "", {"title_year": "2027"}),
        ("2026.csv", "2027年放假安排,,\n", {"title_year": "2027"}),
    ],
)
def test_the_year_of_a_list_is_that_of_its_title_else_of_its_name(
    tmp_path: Path, name: str, title: str, head: dict[str, str]
) -> None:
    path = tmp_path / name
    path.write_text(f"{title}日期,类型,节日\n10月1日,休,国庆节\n", encoding="utf-8")
    found = notice_files.read_path(path)
    assert (found.head, found.entries) == (head, [Entry("10月1日", "休", "国庆节")])


def test_the_rows_of_a_year_table() -> None:
    row = {"id": "a", "promulgated": "2026-11-20", "festival": [{"name": "元旦", "off": ["2027-01-01"]}]}
    more = {
        "title": "t",
        "number": "n",
        "status": "V",
        "promulgated_status": "C",
        "source": "s",
        "amends": True,
        "note": "why",
    }
    plain, second, full = notice_tables.of_table(
        {"year": 2027, "notice": [row, {**row, "id": "b"}, {**row, **more, "id": "c"}]}
    )
    festivals = (Festival("元旦", (date(2027, 1, 1),), ()),)
    assert plain == ("a", 2027, "", "", "M", TOLD, "M", "", festivals, False, "")
    assert second == plain._replace(id="b", amends=True)
    assert full == ("c", 2027, "t", "n", "V", TOLD, "C", "s", festivals, True, "why")
    assert notice_tables.of_table({"year": 2027, "notice": [{**row, "amends": True}]})[0].amends
    assert (plain.name, full.name) == ("", "n")
    assert full._replace(number="").name == "t"


def test_the_order_of_notices_is_that_in_which_they_could_be_known() -> None:
    later = PLAIN._replace(id="later", promulgated=date(2026, 11, 21))
    amends = PLAIN._replace(id="0", amends=True)
    before = PLAIN._replace(id="x", year=2026)
    first, second = PLAIN._replace(id="1"), PLAIN._replace(id="2")
    assert notice_tables.in_order([later, amends, second, first, before]) == (
        before,
        first,
        second,
        amends,
        later,
    )


# What a file may call a day.
OFF_WORDS = "off holiday rest 休 放假 休息 假 true True OFF 休息日 休假 假日 假期 放假日 节假日 法定节假日 法定假日 公休"
WORK_WORDS = "work workday working make_up make-up 班 上班 补班 调休上班 false 上班日 工作日 补班日 调休上班日 调休补班 补上班"


@pytest.mark.parametrize(("words", "kind"), [(OFF_WORDS, "off"), (WORK_WORDS, "work")])
def test_what_a_day_may_be_called(words: str, kind: str) -> None:
    for word in words.split():
        text = f"date,kind,festival\n2027-01-01,off,元旦\n2027-01-09,{word},元旦\n"
        found = importing.parse_notice(text, "csv", promulgated=TOLD)
        assert date(2027, 1, 9) in getattr(found, kind), word


def test_the_local_days_of_a_profile() -> None:
    found = importing.local_days(
        [
            {"date": "2026-04-20", "working": True, "name": "三月三", "source": "府"},
            {"date": "2026-04-19", "name": 5},
        ]
    )
    assert found == (
        LocalDay(date(2026, 4, 19), False, "5", ""),
        LocalDay(date(2026, 4, 20), True, "三月三", "府"),
    )


def test_only_year_tables_of_a_folder_are_read(tmp_path: Path) -> None:
    for n, name in enumerate(("b.toml", "a.toml", "note.txt")):
        one = PLAIN._replace(promulgated=date(2026, 11, 20 - n), id=str(n))
        (tmp_path / name).write_text(importing.as_toml(one), encoding="utf-8")
    found = importing.load_folder(tmp_path)
    assert [one.id for one in found] == ["1", "0"]
    assert found[1] == PLAIN._replace(id="0")


@pytest.mark.parametrize(
    ("day", "amends", "id"), [(date(2027, 1, 1), False, "2027"), (date(2026, 9, 3), True, "2026-2026-11-20")]
)
def test_what_is_admitted_amends_a_year_that_is_announced(day: date, amends: bool, id: str) -> None:
    given = importing.parse_notice(f"date,kind,festival\n{day},off,x\n", "csv", promulgated=TOLD)
    assert importing.admit(given, calendar.known()) == given._replace(amends=amends, id=id)


def test_holidays_that_a_file_leaves_open() -> None:
    given = importing.parse_notice(LIST, "csv", promulgated=TOLD)
    left = importing.left_open(given)
    assert left == [day for day, _, _ in fixed_holidays.holidays(2027) if day not in given.off]
    assert date(2027, 1, 1) not in left
    assert date(2027, 10, 3) in left
    far = given._replace(year=2099)
    assert importing.left_open(far) == []
