"""Next year's notice comes in: one command, an entry in the ledger, and everybody computes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

from tests import builders, notices
from tests.builders import Place
from tests.counter import Said, disclosure
from workflow import calendar
from workflow.calendar import notice_folder
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

GIVEN = ("--year", str(notices.YEAR), "--promulgated", str(notices.PROMULGATED), "--number", notices.NUMBER)
FORMS = {"csv": notices.csv, "json": notices.as_json, "toml": notices.toml}


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "head")
    made = builders.found(database_url, today=notices.TODAY)
    yield made
    verify_record.verify(made.store, made.desk().office)
    made.store.close()


def take_in(file: Path, *more: str) -> Said:
    return disclosure("calendar", "import", file, *(GIVEN if file.suffix == ".csv" else ()), *more, "--json")


def rows(place: Place, table: str) -> list[sa.RowMapping]:
    with place.store.reading() as connection:
        return list(connection.execute(sa.select(TABLES[table])).mappings())


def entries(place: Place) -> list[sa.RowMapping]:
    return [row for row in rows(place, "ledger") if row["event"] == "calendar_imported"]


@pytest.mark.parametrize("form", FORMS)
def test_a_notice_comes_in(place: Place, tmp_path: Path, form: str) -> None:
    said = take_in(FORMS[form](tmp_path / f"notice.{form}"))
    assert said.code == 0, said.err
    assert (said.json["year"], said.json["number"], said.json["new"]) == (notices.YEAR, notices.NUMBER, True)
    assert said.json["off"] == [str(day) for day in notices.OFF]
    assert said.json["work"] == [str(notices.WORK)]
    (row,) = rows(place, "notice")
    assert (row["year"], row["imported_by"]) == (notices.YEAR, "head")
    (entry,) = entries(place)
    assert entry["actor"] == "head"
    assert str(notices.OFF[0]) in entry["payload"]
    assert disclosure("verify").code == 0
    # The calculators of this machine know it, and the desk.
    shown = {day["date"]: day for day in disclosure("calendar", "show", str(notices.YEAR), "--json").json}
    assert shown[str(notices.MOVED[0])]["notice"] == notices.NUMBER
    assert shown[str(notices.WORK)]["kind"] == "make_up"
    start = str(notices.TODAY)
    found = disclosure("deadline", "reply", "--from", start, "--json").json
    before = disclosure("deadline", "reply", "--from", start, "--as-known-on", start, "--json").json
    assert (found["provisional"], before["provisional"]) == (False, True)
    assert found["due"] > before["due"]


def test_the_screen_says_what_came_in_and_what_to_do(place: Place, tmp_path: Path) -> None:
    file = notices.csv(tmp_path / "n.csv", off=notices.OFF[1:])
    said = disclosure("calendar", "import", file, *GIVEN)
    assert f"{len(notices.OFF) - 1} days off, 1 make-up working days" in said.out
    assert f"{notices.OFF[0]} is a holiday by law that the file does not list" in said.out
    assert "disclosure recompute" in said.out
    again = disclosure("calendar", "import", file, *GIVEN, "--lang", "zh_CN")
    assert notices.NUMBER in again.out


def test_the_same_notice_twice_is_one(place: Place, tmp_path: Path) -> None:
    file = notices.csv(tmp_path / "n.csv")
    take_in(file)
    before = builders.digest(place.store)
    said = take_in(file)
    assert (said.code, said.json["new"]) == (0, False)
    assert builders.digest(place.store) == before


def test_a_file_with_a_fault_is_imported_again_without_it(place: Place, tmp_path: Path) -> None:
    wrong = notices.OFF[-1] + timedelta(days=14)
    while wrong.weekday() > 4:
        wrong += timedelta(days=1)
    take_in(notices.csv(tmp_path / "n.csv", off=[*notices.OFF, wrong]))
    assert not calendar.known(extra=notice_folder.from_files()).is_working(wrong)
    said = take_in(notices.csv(tmp_path / "n.csv"))
    assert (said.code, said.json["new"]) == (0, True)
    assert len(rows(place, "notice")) == 1
    # Both stand in the ledger.
    assert len(entries(place)) == 2
    assert calendar.known(extra=notice_folder.from_files()).is_working(wrong)
    assert Place(place.store).desk("head").context.calendar.is_working(wrong)


def test_a_change_in_the_middle_of_the_year_lies_over_the_notice(place: Place, tmp_path: Path) -> None:
    take_in(notices.csv(tmp_path / "n.csv"))
    more = notices.MOVED[-1] + timedelta(days=7)
    while more.weekday() > 4:
        more += timedelta(days=1)
    later = notices.PROMULGATED + timedelta(days=10)
    file = notices.csv(tmp_path / "more.csv", off=[more], work=[])
    given = ("--year", str(notices.YEAR), "--promulgated", str(later), "--number", "延长")
    said = disclosure("calendar", "import", file, *given, "--json")
    assert said.code == 0, said.err
    extra = notice_folder.from_files()
    assert calendar.known(later - timedelta(days=1), extra=extra).is_working(more)
    assert not calendar.known(later, extra=extra).is_working(more)
    assert not calendar.known(later, extra=extra).is_working(notices.MOVED[0])


def test_another_machine(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = notices.csv(tmp_path / "n.csv")
    take_in(file)
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "other"))
    assert notice_folder.from_files() == ()
    # The desk has it from the database; so have the check and the doctor.
    assert Place(place.store).desk("head").context.calendar.announced_until.year == notices.YEAR
    with freeze_time(f"{notices.ANNOUNCED.year}-12-30 03:00:00"):
        assert disclosure("calendar", "check").code == 0
        found = {one["name"]: one for one in disclosure("doctor", "--json").json}
        assert found["calendar"]["level"] == "ok"
    # The calculators need no database: the same file makes it known to them too, and is no second notice.
    before = builders.digest(place.store)
    assert take_in(file).json["new"] is False
    assert builders.digest(place.store) == before
    assert [notice.year for notice in notice_folder.from_files()] == [notices.YEAR]


def test_what_the_project_brings_itself_is_known(place: Place, tmp_path: Path) -> None:
    own = Path(calendar.__file__).parent / "2024.toml"
    before = builders.digest(place.store)
    said = disclosure("calendar", "import", own, "--json")
    assert (said.code, said.json["new"]) == (0, False)
    assert builders.digest(place.store) == before
    assert notice_folder.from_files() == ()


def test_only_an_approver_imports(place: Place, tmp_path: Path) -> None:
    said = take_in(notices.csv(tmp_path / "n.csv"), "--as", "handler")
    assert (said.code, said.fault["rule"]) == (1, "house:office")
    assert rows(place, "notice") == []
    assert notice_folder.from_files() == ()


# --- files that cannot be used


def _tuesday() -> date:
    return next(day for day in (notices.WORK + timedelta(days=n) for n in range(7)) if day.weekday() == 1)


BAD = {
    "a Tuesday as make-up day": lambda path: notices.csv(path, work=[_tuesday()]),
    "a day twice": lambda path: notices.csv(path, off=[*notices.OFF, notices.OFF[0]]),
    "off and work": lambda path: notices.csv(path, off=[*notices.OFF, notices.WORK]),
    "30 February": lambda path: notices.text(path, f"date,kind\n{notices.YEAR}-02-30,off\n"),
    "another year": lambda path: notices.csv(
        path, off=[day.replace(year=notices.YEAR + 2) for day in notices.OFF]
    ),
    "a wrong kind": lambda path: notices.text(path, f"date,kind\n{notices.YEAR}-01-01,perhaps\n"),
    "no days": lambda path: notices.text(path, "date,kind\n"),
    "nothing": lambda path: notices.text(path, ""),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00date") and path,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_writes_nothing(place: Place, tmp_path: Path, name: str) -> None:
    before = builders.digest(place.store)
    said = take_in(BAD[name](tmp_path / "n.csv"))
    assert (said.code, said.out, said.fault["kind"]) == (2, "", "malformed")
    assert "{" not in said.fault["message"]
    assert builders.digest(place.store) == before
    assert notice_folder.from_files() == ()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("n.txt", "date,kind\n", 2),
        ("n.json", "[]", 2),
        ("n.json", "{", 2),
        ("n.toml", "year = ", 2),
        ("n.json", '{"days": [{"date": "2027-01-01", "isOffDay": true}]}', 2),
        ("n.toml", f"year = {notices.YEAR}\noff = [{notices.OFF[0]}]\n", 2),
    ],
    ids=["form", "no object", "no JSON", "no TOML", "no year", "no day of promulgation"],
)
def test_a_file_that_says_too_little(
    place: Place, tmp_path: Path, name: str, content: str, code: int
) -> None:
    said = disclosure("calendar", "import", notices.text(tmp_path / name, content), "--json")
    assert (said.code, said.out) == (code, "")
    assert rows(place, "notice") == []


def test_a_missing_file(place: Place, tmp_path: Path) -> None:
    assert take_in(tmp_path / "none.csv").code == 3


def test_a_year_is_not_left_out(place: Place, tmp_path: Path) -> None:
    day = date(notices.YEAR + 1, 1, 1)
    said = disclosure(
        "calendar",
        "import",
        notices.csv(tmp_path / "n.csv", off=[day], work=[]),
        "--year",
        str(day.year),
        "--promulgated",
        str(notices.PROMULGATED),
        "--json",
    )
    assert (said.code, said.fault["kind"]) == (1, "refused")
    assert str(notices.YEAR) in said.fault["message"]
    assert rows(place, "notice") == []


def test_a_holiday_by_law_is_no_make_up_day(place: Place, tmp_path: Path) -> None:
    fixed = next((day for day in notices.OFF if day.weekday() > 4), None)
    if fixed is None:
        pytest.skip("no holiday by law falls on a weekend in that year")
    off = [day for day in notices.OFF if day != fixed]
    assert take_in(notices.csv(tmp_path / "n.csv", off=off, work=[fixed])).code == 1
