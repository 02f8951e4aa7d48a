"""Next year's notice: read in three forms, refused when it cannot be, and in force once it is in the
folder.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import calendar
from workflow.base.errors import Malformed, Refused
from workflow.calendar import importing

# An invented arrangement for 2027, for these tests only.
OFF = [
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
    *[f"2027-02-{n:02}" for n in range(5, 13)],
    "2027-04-05",
    *[f"2027-05-{n:02}" for n in range(1, 6)],
    "2027-06-09",
    "2027-09-15",
    *[f"2027-10-{n:02}" for n in range(1, 8)],
]
WORK = ["2027-02-13", "2027-02-20", "2027-05-08", "2027-10-09"]
PROMULGATED = date(2026, 11, 20)
THEN = calendar.known(as_known_on=date(2026, 10, 1))


def csv_text(off: list[str], work: list[str]) -> str:
    rows = [f"{day},off,x" for day in off] + [f"{day},work,x" for day in work]
    return "date,kind,festival\n" + "\n".join(rows) + "\n"


def json_text(off: list[str], work: list[str]) -> str:
    days = [{"date": d, "isOffDay": True, "name": "x"} for d in off]
    days += [{"date": d, "isOffDay": False, "name": "x"} for d in work]
    return json.dumps(
        {"year": 2027, "promulgated": "2026-11-20", "papers": ["http://example.gov.cn/1"], "days": days}
    )


def toml_text(off: list[str], work: list[str]) -> str:
    return f"year = 2027\npromulgated = 2026-11-20\noff = [{', '.join(off)}]\nwork = [{', '.join(work)}]\n"


FORMS = {"csv": csv_text, "json": json_text, "toml": toml_text}


@pytest.mark.parametrize("form", FORMS)
def test_three_forms_say_the_same(form: str) -> None:
    notice = importing.parse_notice(
        FORMS[form](OFF, WORK), form, promulgated=PROMULGATED, number="国办发明电〔2026〕9号"
    )
    assert (notice.year, notice.number, notice.promulgated) == (2027, "国办发明电〔2026〕9号", PROMULGATED)
    assert [day.isoformat() for day in notice.off] == sorted(OFF)
    assert [day.isoformat() for day in notice.work] == WORK
    assert notice.status == "M"
    assert not importing.left_open(notice)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_back_and_in_force(form: str, tmp_path: Path) -> None:
    notice = importing.parse_notice(FORMS[form](OFF, WORK), form, promulgated=PROMULGATED)
    (tmp_path / "2027.toml").write_text(importing.as_toml(importing.admit(notice, THEN)), encoding="utf-8")
    extra = importing.load_folder(tmp_path)
    assert extra == (notice,)
    assert importing.parse_notice(importing.as_toml(notice), "toml") == notice
    with_it = calendar.known(extra=extra)
    assert with_it.announced_until == date(2027, 12, 31)
    assert not with_it.provisional(date(2027, 2, 13))
    assert with_it.is_working(date(2027, 2, 13))
    assert not calendar.known().is_working(date(2027, 2, 13))
    assert calendar.known(as_known_on=PROMULGATED - timedelta(days=1), extra=extra).provisional(
        date(2027, 2, 13)
    )


def test_a_year_that_ends_in_the_middle_is_known_only_so_far() -> None:
    """A file without the festivals of the second half: what comes after its last day stays provisional, and
    missed.
    """
    half = [day for day in OFF if day < "2027-06"]
    notice = importing.parse_notice(csv_text(half, WORK[:3]), "csv", year=2027, promulgated=PROMULGATED)
    known = calendar.known(extra=(notice,))
    assert known.announced_until == date(2027, 5, 8)
    assert not known.provisional(date(2027, 5, 8))
    assert known.provisional(date(2027, 5, 10))
    assert calendar.missing(date(2026, 12, 1), known) == calendar.Missing(2027, "fail")
    assert calendar.missing(date(2027, 3, 1), known) == calendar.Missing(2027, "fail")
    # What the law fixes is off all the same; and the whole notice, once it is there, settles the year.
    assert not known.is_working(date(2027, 6, 9))
    rest = importing.parse_notice(csv_text(OFF, WORK), "csv", year=2027, promulgated=date(2026, 11, 23))
    whole = calendar.known(extra=(notice, importing.admit(rest, known)))
    assert whole.announced_until == date(2027, 12, 31)
    assert calendar.missing(date(2026, 12, 1), whole) is None


def test_the_project_s_own_tables_can_be_imported() -> None:
    for year in (2007, 2024, 2026):
        text = (Path(calendar.__file__).parent / f"{year}.toml").read_text(encoding="utf-8")
        (own,) = (notice for notice in calendar.notices() if notice.year == year)
        found = importing.parse_notice(text, "toml")
        assert (found.off, found.work, found.number) == (own.off, own.work, own.number)


def test_chinese_words_and_a_byte_order_mark() -> None:
    text = "\ufeff日期,类型,节日\n2027年1月1日,休,元旦\n2027-02-13,班,春节\n"
    notice = importing.parse_notice(text, "csv", promulgated=PROMULGATED)
    assert (notice.off, notice.work) == ((date(2027, 1, 1),), (date(2027, 2, 13),))
    assert len(importing.left_open(notice)) == 12


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("off", "work"),
    [
        (["2027-02-30"], []),
        (["2027-01-01"], ["2027-02-16"]),
        (["2027-01-01", "2027-01-01"], []),
        (["2027-01-02"], ["2027-01-02"]),
        (["2027-01-01", "2028-01-01"], []),
        (["2027-01-01", "2026-11-30"], []),
        ([], ["2027-02-13"]),
        ([], []),
    ],
    ids=[
        "no such day",
        "a Tuesday",
        "twice off",
        "off and work",
        "next year",
        "November",
        "no day off",
        "nothing",
    ],
)
def test_refused_in_every_form(form: str, off: list[str], work: list[str]) -> None:
    text = FORMS[form](off, work)
    if form == "toml" and off == ["2027-02-30"]:
        text = text.replace("2027-02-30", '"2027-02-30"')
    with pytest.raises(Malformed) as caught:
        importing.parse_notice(text, form, promulgated=PROMULGATED, year=2027)
    assert caught.value.params["problems"]
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("{", "json"),
        ("[1, 2]", "json"),
        ('"text"', "json"),
        ("[" * 100_000, "json"),
        ('{"days": [1, null, "x"], "year": 2027}', "json"),
        ('{"days": {"a": 1}, "year": 2027}', "json"),
        ('{"off": 7, "year": "x", "notice": [[]]}', "json"),
        ("off = [2027-02-30]\n", "toml"),
        ("x = 1\n", "toml"),
        ("", "csv"),
        ("date,kind\n2027-01-01,maybe\n", "csv"),
        ("date,kind\n,,,,\n", "csv"),
        ('date,kind\n"2027-01-01\x00,off\n', "csv"),
        ("date,kind\n2027-01-01,off\n", "xml"),
    ],
)
def test_what_is_no_calendar_is_malformed(text: str, form: str) -> None:
    with pytest.raises(Malformed):
        importing.parse_notice(text, form, promulgated=PROMULGATED)


def test_the_year_and_the_day_of_promulgation_must_be_known() -> None:
    with pytest.raises(Malformed):
        importing.parse_notice(
            '{"days": [{"date": "2027-01-01", "isOffDay": true}]}', "json", promulgated=PROMULGATED
        )
    with pytest.raises(Malformed):
        importing.parse_notice(csv_text(OFF, WORK), "csv")
    assert importing.parse_notice(csv_text(OFF, WORK), "csv", promulgated=PROMULGATED).year == 2027
    assert importing.parse_notice(toml_text(OFF, WORK), "toml").promulgated == PROMULGATED


def test_a_year_cannot_be_skipped() -> None:
    text = csv_text(["2028-01-01"], [])
    with pytest.raises(Refused) as caught:
        importing.admit(importing.parse_notice(text, "csv", promulgated=PROMULGATED), THEN)
    assert caught.value.params["missing"] == 2027


def test_a_gap_in_the_years_ends_what_is_announced() -> None:
    far = importing.parse_notice(csv_text(["2028-01-01"], []), "csv", promulgated=PROMULGATED)
    assert calendar.known(extra=(far,)).announced_until == date(2026, 12, 31)


def test_a_holiday_by_law_cannot_be_made_a_working_day() -> None:
    notice = importing.parse_notice(csv_text(["2027-01-01"], ["2027-02-06"]), "csv", promulgated=PROMULGATED)
    with pytest.raises(Refused):
        importing.admit(notice, THEN)


def test_a_later_notice_for_an_announced_year_amends_it() -> None:
    later = importing.parse_notice(
        csv_text(["2026-09-03", "2026-09-04"], ["2026-09-05"]), "csv", promulgated=date(2026, 6, 1)
    )
    admitted = importing.admit(later, THEN)
    assert admitted.amends
    changed = calendar.known(extra=(admitted,))
    assert not changed.is_working(date(2026, 9, 3))
    assert changed.is_working(date(2026, 9, 5))
    assert changed.announced_until == date(2026, 12, 31)
    assert calendar.known(as_known_on=date(2026, 5, 31), extra=(admitted,)).is_working(date(2026, 9, 3))


def test_an_imported_notice_steps_back_for_the_project_s_own() -> None:
    wrong = importing.parse_notice(csv_text(["2026-03-03"], []), "csv", promulgated=date(2025, 11, 4))
    assert not wrong.amends
    assert calendar.known(extra=(wrong,)).is_working(date(2026, 3, 3))


def test_a_holiday_missing_from_the_file_stays_a_day_off() -> None:
    notice = importing.parse_notice(csv_text(["2027-01-01"], []), "csv", promulgated=PROMULGATED)
    assert date(2027, 10, 1) in importing.left_open(notice)
    found = calendar.known(extra=(notice,)).day(date(2027, 10, 1))
    assert (found.working, found.kind) == (False, "statutory")


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert importing.load_folder(tmp_path / "none") == ()
    (tmp_path / "2027.toml").write_text("year = 2027\n[[notice]]\nid = 3\n", encoding="utf-8")
    with pytest.raises(Malformed):
        importing.load_folder(tmp_path)


def test_local_days_of_an_office() -> None:
    found = importing.local_days(
        [{"date": "2026-04-20", "working": False, "name": "三月三"}, {"date": "2026-04-19", "name": "x"}]
    )
    assert [day.date for day in found] == [date(2026, 4, 19), date(2026, 4, 20)]
    for bad in (
        [{"date": "2026-02-30", "name": "x"}],
        [{"date": "2026-04-20", "name": "x"}] * 2,
        [{"date": "2026-04-20"}],
        [{"date": "2026-04-20", "name": "x", "working": "no"}],
    ):
        with pytest.raises(Malformed):
            importing.local_days(bad)


@given(st.text(max_size=200), st.sampled_from(["csv", "json", "toml"]))
def test_any_text_is_read_or_refused(text: str, form: str) -> None:
    with suppress(Malformed):
        assert importing.parse_notice(text, form, promulgated=PROMULGATED).off


@given(st.text(max_size=60))
def test_any_name_survives_writing(name: str) -> None:
    notice = importing.parse_notice(csv_text(["2027-01-01"], []), "csv", promulgated=PROMULGATED, source=name)
    assert importing.parse_notice(importing.as_toml(notice), "toml").source == name
