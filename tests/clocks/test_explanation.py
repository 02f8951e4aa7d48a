"""A deadline explained to a person, whole: in both languages, with every kind of day that there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from freezegun import freeze_time

from workflow import calendar, clocks, law
from workflow.base import messages
from workflow.calendar import LocalDay
from workflow.clocks import Deadline, Extension, ReplyFacts, Window, derivation, explanation

L = law.bundled()
CAL = calendar.known()
ARRANGED = "国办发明电〔2025〕7号"
# Received on 2 March; a third party asked from the 6th to the 20th; extended in time by ten working days.
REPLY = clocks.reply(
    ReplyFacts(
        date(2026, 3, 2),
        windows=(Window("third_party", date(2026, 3, 6), answered=date(2026, 3, 20)),),
        extension=Extension(date(2026, 3, 30), 10),
    ),
    L,
    CAL,
)
ENGLISH = f"""\
── reply ──
From 2026-03-02, 30 working days: last day 2026-04-28
Provision: Regulations on Open Government Information (2019), Art. 33, para. 2
Certainty: not settled by the law
Calendar: days off as announced up to 2026
First period until 2026-04-14; extended by 10 working days.
Left out for consultation: 2026-03-07 to 2026-03-20
Note: Extended by notice inside the first period.
Note: Time of consultation is left out; from and to which day is not settled by the law.

date                     counted  why
2026-03-02               –        day of the event, not counted
2026-03-03 – 2026-03-06  1–4      working day
2026-03-07 – 2026-03-08  –        weekend
2026-03-09 – 2026-03-13  –        consultation, left out
2026-03-14 – 2026-03-15  –        weekend
2026-03-16 – 2026-03-20  –        consultation, left out
2026-03-21 – 2026-03-22  –        weekend
2026-03-23 – 2026-03-27  5–9      working day
2026-03-28 – 2026-03-29  –        weekend
2026-03-30 – 2026-04-03  10–14    working day
2026-04-04 – 2026-04-06  –        holiday (清明节 {ARRANGED})
2026-04-07 – 2026-04-10  15–18    working day
2026-04-11 – 2026-04-12  –        weekend
2026-04-13 – 2026-04-17  19–23    working day
2026-04-18 – 2026-04-19  –        weekend
2026-04-20 – 2026-04-24  24–28    working day
2026-04-25 – 2026-04-26  –        weekend
2026-04-27 – 2026-04-28  29–30    working day

March 2026                          April 2026
Mo   Tu   We   Th   Fr   Sa   Su    Mo   Tu   We   Th   Fr   Sa   Su
                               1               1●   2●   3●   4·   5·
 2◇   3●   4●   5●   6●   7·   8·    6·   7●   8●   9●  10●  11·  12·
 9◌  10◌  11◌  12◌  13◌  14·  15·   13●  14●  15○  16○  17○  18·  19·
16◌  17◌  18◌  19◌  20◌  21·  22·   20○  21○  22○  23○  24○  25·  26·
23●  24●  25●  26●  27●  28·  29·   27○  28◆  29   30
30●  31●

◇ the day of the event  ● counted  ○ counted in the extension  ◌ consultation, left out  · day off  ◆ last day"""
CHINESE_HEAD = [
    "自 2026-03-02 起，30 个工作日：届满日 2026-04-28",
    "依据：《中华人民共和国政府信息公开条例》第三十三条第二款",
    "核实情况：法律未明确",
    f"日历：{CAL.version}",
    "原期限至 2026-04-14；延长 10 个工作日。",
    "因征求意见不计入：2026-03-07 至 2026-03-20",
    "提示：已在原期限内告知延长。",
    "提示：征求意见所需时间不计算在内；起止日期法律未明确。",
]


def text_of(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in "\n".join(map(str, lines)).splitlines()]


def test_a_reply_explained_in_english() -> None:
    with messages.speaking("en"):
        assert text_of(explanation.lines_of("reply", REPLY, CAL)) == ENGLISH.splitlines()


def test_a_reply_explained_in_chinese() -> None:
    with messages.speaking("zh_CN"):
        assert explanation.head_lines(REPLY) == CHINESE_HEAD
        found = text_of(explanation.lines_of("答复", REPLY, CAL))
    assert found[0] == "── 答复 ──"
    assert "日历：节假日安排已公布至2026年" in found
    assert [line.split() for line in found if line.startswith(("日期", "2026-03-02", "2026-03-09 –"))] == [
        ["日期", "计入", "理由"],
        ["2026-03-02", "–", "起算事由发生当日，不计入"],
        ["2026-03-09", "–", "2026-03-13", "–", "征求意见，不计入"],
    ]
    assert "2026年3月                           2026年4月" in found
    assert found[-1] == "◇ 起算事由发生日  ● 计入  ○ 延期内计入  ◌ 征求意见，不计入  · 放假  ◆ 届满日"


@dataclass(frozen=True)
class Told:
    """A deadline and what is said at its head, and its last days, in English."""

    deadline: Deadline
    head: list[str]
    rows: list[list[str]]


KEPT = clocks.calculate(
    "reconsideration", date(2026, 8, 3), excluded=((date(2026, 9, 7), date(2026, 9, 11)),)
)
MONTHS = clocks.calculate("litigation", date(2027, 2, 27))
DAYS = clocks.calculate("reconsideration", date(2026, 8, 3))
YEAR = clocks.calculate("litigation", date(2025, 5, 3), told="no")
TOLD = {
    "days left out of a remedy": Told(
        KEPT,
        [
            "From 2026-08-03, 60 days: last day 2026-10-08",
            "Provision: Administrative Reconsideration Law (2023), Art. 20, para. 1",
            "Certainty: compared with its text",
            "Calendar: days off as announced up to 2026",
            "Left out: 2026-09-07 to 2026-09-11",
            "Note: Days on which the person was kept from it without his own fault are not counted.",
            "Note: The last day was a day off: the period ends on the next working day.",
        ],
        [
            ["2026-08-03", "–", "day of the event, not counted"],
            ["2026-09-07 – 2026-09-11", "–", "left out"],
            ["2026-10-08", "60", "last day of the period"],
        ],
    ),
    "months in a year that is not announced": Told(
        MONTHS,
        [
            "From 2027-02-27, 6 months: last day 2027-08-27",
            "Provision: Administrative Litigation Law (2014, amended 2017), Art. 46, para. 1",
            "Certainty: compared with its text",
            "Calendar: days off as announced up to 2026",
            explanation.PROVISIONAL,
        ],
        [["2027-02-27", "–", "day of the event, not counted"], ["2027-08-27", "6", "last day of the period"]],
    ),
    "days that end on a holiday": Told(
        DAYS,
        [
            "From 2026-08-03, 60 days: last day 2026-10-08",
            "Provision: Administrative Reconsideration Law (2023), Art. 20, para. 1",
            "Certainty: compared with its text",
            "Calendar: days off as announced up to 2026",
            "Note: The last day was a day off: the period ends on the next working day.",
        ],
        [
            ["2026-08-03", "–", "day of the event, not counted"],
            ["2026-08-04 – 2026-10-02", "1–60", "day"],
            ["2026-10-02 – 2026-10-07", "–", f"holiday (国庆节 {ARRANGED})"],
            ["2026-10-08", "–", "first working day after it"],
        ],
    ),
    "a year that ends on a Sunday": Told(
        YEAR,
        [
            "From 2025-05-03, 1 years: last day 2026-05-06",
            "Provision: Supreme People's Court, Interpretation on the Administrative Litigation Law (2018), Art. 64, para. 1",
            "Certainty: compared with its text",
            "Calendar: days off as announced up to 2026",
            "Note: Remedies were not told: the longest time that the law allows.",
            "Note: The last day was a day off: the period ends on the next working day.",
        ],
        [
            ["2025-05-03", "–", "day of the event, not counted"],
            ["2026-05-03", "1", "last day of the period"],
            ["2026-05-03 – 2026-05-05", "–", f"holiday (劳动节 {ARRANGED})"],
            ["2026-05-06", "–", "first working day after it"],
        ],
    ),
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_what_is_said_of_other_periods(told: Told) -> None:
    with messages.speaking("en"):
        assert explanation.head_lines(told.deadline, CAL) == told.head
        assert explanation.step_rows(told.deadline, CAL) == told.rows


def test_the_days_of_a_period_as_they_are_kept() -> None:
    assert derivation.steps(DAYS, CAL)[:3] == [
        (date(2026, 8, 3), False, 0, "start", "", ""),
        (date(2026, 8, 4), True, 1, "day", "", ""),
        (date(2026, 8, 5), True, 2, "day", "", ""),
    ]
    assert derivation.steps(DAYS, CAL)[-2:] == [
        (date(2026, 10, 7), False, 60, "holiday", "国庆节", ARRANGED),
        (date(2026, 10, 8), False, 60, "roll", "", ""),
    ]
    assert derivation.steps(MONTHS, CAL) == [
        (date(2027, 2, 27), False, 0, "start", "", ""),
        (date(2027, 8, 27), True, 6, "arrival", "", ""),
    ]
    kept = [(date(2026, 9, day), False, 0, "kept", "", "") for day in range(7, 12)]
    assert derivation.steps(KEPT, CAL) == [
        (date(2026, 8, 3), False, 0, "start", "", ""),
        *kept,
        (date(2026, 10, 8), True, 60, "arrival", "", ""),
    ]
    assert derivation.steps(REPLY, CAL)[6:9] == [
        (date(2026, 3, 8), False, 4, "weekend", "", ""),
        (date(2026, 3, 9), False, 4, "window", "", ""),
        (date(2026, 3, 10), False, 4, "window", "", ""),
    ]
    assert [step.as_json()["number"] for step in derivation.steps(DAYS, CAL)[-3:]] == [None, None, None]


def test_days_left_out_around_the_ends_of_a_period_are_not_shown() -> None:
    """Only what lies inside it: not the day of the event, nor from the last day on."""
    spans = ((date(2026, 8, 1), date(2026, 8, 4)), (date(2026, 9, 30), date(2027, 1, 5)))
    found = clocks.calculate("reconsideration", date(2026, 8, 3), excluded=spans)
    shown = [step.date for step in derivation.steps(found, CAL) if step.reason == "kept"]
    lost = [date(2026, 8, 4), *(date(2026, 9, 30) + timedelta(n) for n in range(98))]
    assert shown == [day for day in lost if day < found.due]
    # One day of August and three of the last are made up for after 5 January.
    assert found.first_due == date(2027, 1, 9)
    assert found.due == date(2027, 1, 11)


@pytest.mark.parametrize("deadline", [REPLY, KEPT, MONTHS, DAYS, YEAR])
def test_each_day_of_the_months_is_where_it_belongs(deadline: Deadline) -> None:
    """Against the list of days: seven columns from Monday, each day once, with the sign of its kind."""
    counted = {step.date: step for step in derivation.steps(deadline, CAL)}
    month = deadline.start.replace(day=1)
    for drawn in explanation.grid(deadline, CAL):
        cells = [cell for week in drawn["weeks"] for cell in week]
        assert {len(week) for week in drawn["weeks"]} == {7}
        assert all(any(week) for week in drawn["weeks"])
        first = month.weekday()
        assert cells[:first] == [None] * first
        assert drawn["title"] == f"{month.year}年{month.month}月"
        last = (month + timedelta(32)).replace(day=1) - timedelta(1)
        for n, cell in enumerate(cells[first:]):
            day = month + timedelta(n)
            if day > last:
                assert cell is None
                continue
            step, kind = counted.get(day), ""
            if day == deadline.due:
                kind = "due"
            elif step and step.counted:
                late = deadline.extended_by and day > deadline.first_due
                kind = "extended" if late else "counted"
            elif step:
                kind = step.reason if step.reason in ("start", "window") else "off"
            assert cell == (day.day, kind)
        month = last + timedelta(1)
    assert month > deadline.due >= month - timedelta(31)


def test_a_day_of_the_office_s_own_is_named() -> None:
    own = calendar.known(local=(LocalDay(date(2026, 4, 20), False, "三月三", "桂府〔2026〕1号"),))
    found = clocks.calculate("reply", date(2026, 4, 13), cal=own)
    with messages.speaking("en"):
        rows = explanation.step_rows(found, own)
    assert ["2026-04-20", "–", "the office's own day (三月三 桂府〔2026〕1号)"] in rows
    worked = calendar.known(local=(LocalDay(date(2026, 4, 18), True, "补班"),))
    (step,) = (
        one
        for one in derivation.steps(clocks.calculate("reply", date(2026, 4, 13), cal=worked), worked)
        if one.date == date(2026, 4, 18)
    )
    assert step == (date(2026, 4, 18), True, 5, "local", "补班", "")
    assert step.as_json() == {
        "date": "2026-04-18",
        "counted": True,
        "number": 5,
        "reason": "local",
        "festival": "补班",
        "notice": None,
    }


@pytest.mark.parametrize(("language", "lang", "heads"), [("en", "en", "Mo"), ("zh_CN", "zh-CN", "一")])
def test_the_printed_page_has_the_same(language: str, lang: str, heads: str) -> None:
    with messages.speaking(language), freeze_time("2026-11-02 03:00:00"):
        page = explanation.page("title", "below", [("one", REPLY), ("two", MONTHS)], CAL)
        assert (page["title"], page["subtitle"], page["created"]) == ("title", "below", "2026-11-02")
        assert page["parts"] == [
            {
                "name": name,
                "head": explanation.head_lines(deadline, CAL),
                "rows": explanation.step_rows(deadline, CAL),
                "months": explanation.grid(deadline, CAL),
            }
            for name, deadline in (("one", REPLY), ("two", MONTHS))
        ]
    assert (page["lang"], page["weekdays"][0], len(page["weekdays"])) == (lang, heads, 7)
    legend = "◇ 起算事由发生日  ● 计入  ○ 延期内计入  ◌ 征求意见，不计入  · 放假  ◆ 届满日"
    if language == "en":
        legend = ENGLISH.splitlines()[-1]
    words = [part.split(" ", 1)[1] for part in legend.split("  ")]
    kinds = ("start", "counted", "extended", "window", "off", "due")
    assert page["legend"] == [list(pair) for pair in zip(kinds, words, strict=True)]
    assert page["columns"] == (["date", "counted", "why"] if language == "en" else ["日期", "计入", "理由"])
