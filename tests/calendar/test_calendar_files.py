"""Calendar files as others keep them: GB 18030, days in other forms, workbooks, feeds (the days are
invented).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.base.test_sheets import xlsx
from workflow.base.errors import Malformed
from workflow.calendar import day_ranges, importing, notice_ics

TOLD = {"promulgated": date(2026, 11, 20)}
OFF, WORK = date(2027, 1, 1), date(2027, 2, 20)
CSV = "日期,类型,名称\n2027/1/1,休,元旦\n2027年2月20日,班,春节\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(CSV.encode(encoding))
    notice = importing.of_file(tmp_path / "a.csv", **TOLD)
    assert (notice.year, set(notice.off), set(notice.work)) == (2027, {OFF}, {WORK})


def test_a_workbook(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx", [["日期", "类型", "名称"], [OFF, "休", "元旦"], ["20270220", "班", "春节"]]
    )
    notice = importing.of_file(path, **TOLD)
    assert (set(notice.off), set(notice.work)) == ({OFF}, {WORK})


def test_a_list_under_a_title_in_other_words_and_another_order(tmp_path: Path) -> None:
    text = (
        "2027年放假安排,,,\n序号,节日名称,类别,日期\n1,元旦,法定节假日,2027.1.1\n2,春节,调休上班日,2027/2/20 0:00\n"
        "注：以通知为准,,,\n"
    )
    (tmp_path / "a.csv").write_bytes(text.encode("gb18030"))
    notice = importing.of_file(tmp_path / "a.csv", **TOLD)
    assert (set(notice.off), set(notice.work)) == ({OFF}, {WORK})
    assert [festival.name for festival in notice.festivals] == ["元旦", "春节"]


@pytest.mark.parametrize("text", ["2027/1/1,休,元旦\n", "节日,天数\n元旦,3\n", "类型,名称\n休,元旦\n"])
def test_a_list_without_its_columns_says_which(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode("gb18030"))
    with pytest.raises(Malformed) as caught:
        importing.of_file(tmp_path / "a.csv", **TOLD)
    assert "日期" in str(caught.value.params["wanted"])


def test_events_with_a_time_or_a_length_lose_no_day(tmp_path: Path) -> None:
    def timed(title: str, lines: str) -> str:
        return f"BEGIN:VEVENT\r\nSUMMARY:{title}\r\n{lines}\r\nEND:VEVENT\r\n"

    text = feed(
        timed("元旦（休）", "DTSTART:20270101T000000\r\nDTEND:20270103T235959"),
        timed("清明节（休）", "DTSTART:20270404T000000\r\nDTEND:20270406T000000"),
        timed("劳动节（休）", "DTSTART:20270430T160000Z\r\nDURATION:P3D"),
        timed("春节", "DTSTART;VALUE=DATE:20270205\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY"),
        timed("春节", "DTSTART;VALUE=DATE:20270220\r\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"),
    )
    (tmp_path / "a.ics").write_text(text, encoding="utf-8")
    notice = importing.of_file(tmp_path / "a.ics", **TOLD)
    off = [(1, 1), (1, 2), (1, 3), (2, 5), (4, 4), (4, 5), (5, 1), (5, 2), (5, 3)]
    assert set(notice.off) == {date(2027, *day) for day in off}
    assert set(notice.work) == {WORK}


def event(summary: str, start: str, end: str = "", more: str = "") -> str:
    ended = f"DTEND;VALUE=DATE:{end}\r\n" if end else ""
    return f"BEGIN:VEVENT\r\nSUMMARY:{summary}\r\nDTSTART;VALUE=DATE:{start}\r\n{ended}{more}END:VEVENT\r\n"


def feed(*events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_feed(tmp_path: Path, encoding: str) -> None:
    text = feed(
        event("元旦 假期", "20270101", "20270104"),
        event("元旦（班）", "20270109"),
        event("春节补班", "20270220", "20270221"),
    )
    (tmp_path / "a.ics").write_bytes(text.encode(encoding))
    notice = importing.of_file(tmp_path / "a.ics", **TOLD)
    assert set(notice.off) == {date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)}
    assert set(notice.work) == {date(2027, 1, 9), WORK}
    assert [festival.name for festival in notice.festivals] == ["元旦", "春节"]


@pytest.mark.parametrize(
    "text",
    [
        feed(event("元旦", "20270101")),
        feed(event("元旦 假期", "20270101", "20280101")),
        feed(event("元旦 假期", "20270101", "", "RRULE:FREQ=DAILY\r\n")),
        feed(),
        "BEGIN:VCALENDAR\r\n",
        "x",
    ],
)
def test_a_feed_that_names_no_days_of_a_notice_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ics").write_text(text, encoding="utf-8")
    with pytest.raises(Malformed):
        importing.of_file(tmp_path / "a.ics", **TOLD)


def of_text(tmp_path: Path, text: str, name: str = "a.csv") -> tuple[set[date], set[date]]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    notice = importing.of_file(tmp_path / name, **TOLD)
    return set(notice.off), set(notice.work)


def days(*ends: tuple[int, int, int]) -> set[date]:
    first, last = date(*ends[0]), date(*ends[-1])
    return {date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)}


NATIONAL = days((2027, 10, 1), (2027, 10, 7))


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "10月1日至7日",
            "10月1日-10月7日",
            "10.1-10.7",
            "10/1—10/7",
            "10-1至10-7",
            "10月1日（周五）至7日（周四）放假调休",
        ),
        *(
            "2027-10-01至2027-10-07",
            "2027.10.1-10.7",
            "2027年10月1日~7日",
            "2027-10-01-2027-10-07",
            "10月1日到7日，共7天",
        ),
        "10月1日、2日、3日、4日至7日",
    ],
)
def test_several_days_in_one_cell(tmp_path: Path, cell: str) -> None:
    text = f'2027年放假安排,,\n节日,日期,类型\n国庆节,"{cell}",休\n'
    assert of_text(tmp_path, text) == (NATIONAL, set())


def test_a_list_as_the_notice_prints_it(tmp_path: Path) -> None:
    text = (
        "2027年部分节假日安排,,,\n节日,放假时间,调休上班日期,天数\n"
        "元旦,2026年12月31日至2027年1月2日,无,3天\n春节,2月5日（除夕）至11日,1月30日（周六）、2月20日（周六）上班,7天\n"
        "国庆节,10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。,,7天\n"
    )
    quoted = text.replace("1月30日（周六）、2月20日（周六）上班", '"1月30日（周六）、2月20日（周六）上班"')
    off, work = of_text(tmp_path, quoted)
    assert off == days((2026, 12, 31), (2027, 1, 2)) | days((2027, 2, 5), (2027, 2, 11)) | NATIONAL
    assert work == {date(2027, 1, 30), date(2027, 2, 20), date(2027, 9, 26), date(2027, 10, 9)}


def test_a_festival_named_alone_has_the_days_of_the_law(tmp_path: Path) -> None:
    off, _ = of_text(tmp_path, "日期,类型\n国庆节,休\n2027-10-04,休\n", "放假2027.csv")
    assert off == days((2027, 10, 1), (2027, 10, 4))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        *(("a.csv", one) for one in ("国庆节", "10月1日至7日", "10.1-10.7")),
        *(
            ("2027.csv", one)
            for one in ("12月30日", "10-7", "10月7日至1日", "10月1日至12月7日", "国庆", "10月32日", "5日")
        ),
    ],
)
def test_what_names_no_year_or_may_be_two_days_is_refused_with_the_reason(
    tmp_path: Path, name: str, cell: str
) -> None:
    with pytest.raises(Malformed) as caught:
        of_text(tmp_path, f"日期,类型\n{cell},休\n2027-05-01,休\n", name)
    assert cell in str(caught.value.params["problems"])


def test_an_event_of_several_days_may_bear_the_name_of_its_festival_alone(tmp_path: Path) -> None:
    text = feed(event("国庆节", "20271001", "20271008"), event("国庆节（班）", "20271009"))
    assert of_text(tmp_path, text, "a.ics") == (NATIONAL, {date(2027, 10, 9)})
    with pytest.raises(Malformed):
        of_text(tmp_path, feed(event("国庆节", "20271002", "20271008")), "b.ics")


def test_a_feed_of_too_many_events_says_how_many_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_ics, "MOST_EVENTS", 1)
    one = event("元旦（休）", "20270101", "20270104")
    (tmp_path / "a.ics").write_text(feed(one), encoding="utf-8")
    assert importing.of_file(tmp_path / "a.ics", **TOLD).off
    (tmp_path / "a.ics").write_text(feed(one + one), encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        importing.of_file(tmp_path / "a.ics", **TOLD)
    assert (caught.value.field, caught.value.params["most"]) == ("file", 1)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        (" 10 月 1 日 至 10 月 3 日 放假 ", ["10-01", "10-02", "10-03"]),
        ("10月1日（星期五）、10月 2日上班", ["10-01", "10-02"]),
        ("10月8日 周五，10月9日共2天", ["10-08", "10-09"]),
    ],
)
def test_what_stands_beside_the_days_of_a_cell_is_passed_over(cell: str, days: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in day_ranges.read(cell, 2027)] == days
