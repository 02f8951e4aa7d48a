"""Each kind of word for a day, over all that it can name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow import calendar
from workflow.calendar.spoken_days import read_day

CAL = calendar.known()
THURSDAY = date(2026, 3, 5)
ONE = timedelta(days=1)
WEEK = "一二三四五六日"
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def meant(said: str, today: date = THURSDAY) -> date:
    return read_day(said, today, CAL)


def chinese(number: int) -> str:
    """A number up to 99 in Chinese signs."""
    tens, ones = divmod(number, 10)
    signs = "一二三四五六七八九"
    head = "" if not tens else "十" if tens == 1 else f"{signs[tens - 1]}十"
    return head + (signs[ones - 1] if ones else "")


def test_numbers_in_chinese_signs() -> None:
    for number in range(1, 100):
        assert meant(f"{chinese(number)}天后") == THURSDAY + number * ONE, chinese(number)
        assert meant(f"{chinese(number)}日前") == THURSDAY - number * ONE
    for signs, number in (("廿", 20), ("廿三", 23), ("卅", 30), ("卅一", 31), ("两", 2), ("一十二", 12)):
        assert meant(f"{signs}天后") == THURSDAY + number * ONE, signs
        assert meant(f"{signs}个星期后") == THURSDAY + 7 * number * ONE, signs


def test_days_by_name() -> None:
    for away, names in {
        -3: "大前天 大前日",
        -2: "前天 前日",
        -1: "昨天 昨日 yesterday Yesterday",
        0: "今天 今日 本日 当日 today",
        1: "明天 明日 tomorrow",
        2: "后天 后日",
        3: "大后天 大后日",
    }.items():
        for name in names.split():
            assert meant(name) == THURSDAY + away * ONE, name


def test_days_of_the_week_run_from_monday_to_sunday() -> None:
    monday = date(2026, 3, 2)
    for today in (monday + n * ONE for n in range(7)):
        for n, sign in enumerate(WEEK):
            for week, words in {-1: ("上", "上个"), 0: ("", "本", "这", "这个"), 1: ("下", "下个")}.items():
                for word in words:
                    for name in ("周", "星期", "礼拜"):
                        expected = monday + (7 * week + n) * ONE
                        assert meant(f"{word}{name}{sign}", today) == expected
                        assert meant(f"{word}{name}{n + 1}", today) == expected
            english = ENGLISH[n]
            for said in (english, english.lower(), english[:3].upper()):
                assert meant(said, today) == monday + n * ONE
        assert meant("周天", today) == monday + 6 * ONE


def test_so_many_days_weeks_and_working_days_away() -> None:
    for number in (0, 1, 2, 9, 10, 25):
        day, week = THURSDAY + number * ONE, THURSDAY + 7 * number * ONE
        for said in (
            f"+{number}",
            f"+{number}日",
            f"+{number}天",
            f"+{number}d",
            f"{number}天后",
            f"{number}日之后",
        ):
            assert meant(said) == day, said
        for said in (f"+{number}周", f"+{number}W", f"{number}周以后", f"{number}个星期后"):
            assert meant(said) == week, said
        for said in (f"+{number}工作日", f"+{number}个工作日", f"+{number}wd", f"{number}个工作日后"):
            assert meant(said) == CAL.add(THURSDAY, number), said
        assert meant(f"-{number}") == meant(f"{number}天前") == THURSDAY - number * ONE
        assert meant(f"-{number}周") == meant(f"{number}星期以前") == THURSDAY - 7 * number * ONE
    for today in (date(2026, 2, 25), date(2026, 2, 28), THURSDAY):
        for number in range(1, 12):
            found = meant(f"{number}个工作日前", today)
            assert CAL.is_working(found)
            # Before a day off as before the working day that follows it.
            assert CAL.count(found - ONE, today - ONE) == number
            assert meant(f"-{number}工作日", today) == found


@pytest.mark.parametrize("today", [date(2026, n, 15) for n in range(1, 13)])
def test_days_of_last_this_and_next_month(today: date) -> None:
    first = today.replace(day=1)
    following = (first + 32 * ONE).replace(day=1)
    before = (first - ONE).replace(day=1)
    after = (following + 32 * ONE).replace(day=1)
    for words, begin, end in (
        (("上", "上个"), before, first),
        (("本", "这", "这个", "本个", ""), first, following),
        (("下", "下个"), following, after),
    ):
        for word in words:
            assert meant(f"{word}月初", today) == begin, word
            assert meant(f"{word}月底", today) == meant(f"{word}月末", today) == end - ONE, word
            if word:
                assert meant(f"{word}月15日", today) == begin.replace(day=15)
                assert meant(f"{word}月二十号", today) == begin.replace(day=20)
    for number in range(1, 13):
        begin = date(2026, number, 1)
        assert meant(f"{number}月初", today) == begin
        assert meant(f"{number}月底", today) == (begin + 32 * ONE).replace(day=1) - ONE
        assert meant(f"{number}月9日", today) == meant(f"{number}.9", today) == begin.replace(day=9)
    assert meant("9日", today) == meant("九号", today) == today.replace(day=9)


def test_days_of_last_this_and_next_year() -> None:
    for word, year in (
        ("去年", 2025),
        ("今年", 2026),
        ("本年", 2026),
        ("明年", 2027),
        ("", 2026),
        ("2024年", 2024),
    ):
        for end in ("底", "末"):
            assert meant(f"{word or '年'}{end}") == date(year, 12, 31), word
        assert meant(f"{word or '年'}初") == date(year, 1, 1), word
        if word and word != "本年":
            assert meant(f"{word}4月7日") == meant(f"{word}4.7") == date(year, 4, 7), word
    for said in (
        "24.4.7",
        "24/4/7",
        "24-4-7",
        "2024.4.7",
        "2024/4/7",
        "2024-04-07",
        "20240407",
        "2024年4月7号",
    ):
        assert meant(said) == date(2024, 4, 7), said
    assert meant(" ２０２４ 年 4月 7日 ") == date(2024, 4, 7)
