"""Alerts in files, each read back by a program that reads such files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml import html as markup

from tests import builders, notices
from tests.builders import Place
from tests.counter import disclosure
from workflow.reports.alerts import picture, report, thresholds, workload
from workflow.reports.alerts.alert import FIELDS, Alert

TODAY = date(2026, 9, 1)
ON = ("--on", str(TODAY))
EVIL = "=HYPERLINK(\"http://x\")<script>alert('x')</script>"


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    units = [{"key": "ban", "name": EVIL}, {"key": "fa", "name": "法规处"}]
    made = builders.found(sqlite_url, today=TODAY, unit=units)
    yield made
    made.store.close()


def fill(place: Place) -> dict[str, str]:
    """Cases overdue, due today, soon and later, one that waits for others, and one with a day for the
    defence.
    """
    made = {
        name: place.bring(state, on=date.fromisoformat(day))
        for name, state, day in (
            ("overdue", "received", "2026-08-03"),
            ("today", "in_hand", "2026-08-04"),
            ("soon", "head_review", "2026-08-07"),
            ("later", "assigned", "2026-08-20"),
            ("waiting", "in_hand", "2026-08-12"),
        )
    }
    consulted = {"name": "甲公司", "delivered": "2026-08-27"}
    place.act("handler", "consult_third_party", made["waiting"], date(2026, 8, 27), **consulted)
    place.act(
        "legal",
        "open_reconsideration",
        made["today"],
        date(2026, 8, 28),
        body="江南省人民政府",
        defence_due="2026-09-10",
    )
    return made


def found(place: Place, **asked: Any) -> list[Alert]:
    with report.opened(place.desk("head"), **asked) as opened:
        return list(opened.alerts())


def test_csv(place: Place, tmp_path: Path) -> None:
    fill(place)
    said = disclosure("alerts", *ON, "--csv", tmp_path / "a.csv")
    assert said.code == 7
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert len(head) == len(FIELDS) == len(set(head))
    alerts = found(place)
    assert [row[2] for row in rows] == [alert.case for alert in alerts]
    assert [row[4] for row in rows] == [str(alert.due or "") for alert in alerts]
    units = {row[8] for row in rows} - {""}
    # What begins like a formula is text to a spreadsheet; a number stays one.
    assert units == {"'" + EVIL}
    assert "-1" in {row[5] for row in rows}


def test_excel(place: Place, tmp_path: Path) -> None:
    import openpyxl

    fill(place)
    disclosure("alerts", *ON, "--xlsx", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet, counts = book.worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    assert len(head) == len(FIELDS)
    alerts = found(place)
    assert [row[2] for row in rows] == [alert.case for alert in alerts]
    assert [row[4] for row in rows] == [
        datetime.combine(alert.due, datetime.min.time()) if alert.due else None for alert in alerts
    ]
    assert [row[5] for row in rows] == [alert.left for alert in alerts]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:L{len(alerts) + 1}"
    assert {cell.number_format for cell in sheet["E"][1:] if cell.value} == {"yyyy-mm-dd"}
    # Text, and no formula: neither stored as one nor made into a link.
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert EVIL in {cell.value for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    told = {row[0]: row[1] for row in counts.iter_rows(values_only=True)}
    assert told[thresholds.kinds()["overdue"].name] == 1


def test_html(place: Place, tmp_path: Path) -> None:
    made = fill(place)
    said = disclosure("alerts", *ON, "--html", tmp_path / "a.html")
    assert said.code == 7
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = markup.fromstring(text)
    # One file: nothing is fetched, nothing runs.
    assert page.xpath("//script | //link | //img | //@src | //@href | //@onload") == []
    assert EVIL in page.text_content()
    alerts = found(place)
    kinds = {alert.kind for alert in alerts}
    assert len(page.xpath("//section")) == len(kinds)
    assert len(page.xpath("//tbody/tr")) == len(alerts)
    tiles = {
        tile.text_content().lstrip("0123456789"): tile.find("b").text
        for tile in page.xpath("//ul[@class='tiles']/li")
    }
    assert tiles[thresholds.kinds()["overdue"].name] == "1"
    first = page.xpath("//section[1]//tbody/tr[1]/td")
    assert first[0].text == made["overdue"]
    assert first[3].get("class") == "late"
    # The picture is a drawing of its own in the page, and a well-formed one.
    (drawing,) = page.xpath("//*[local-name()='svg']")
    assert made["later"] in "".join(drawing.itertext())
    assert "公开" in (page.findtext(".//title") or "") or "Time limits" in (page.findtext(".//title") or "")


def test_the_picture_tells_the_same_by_colour_and_by_shape(place: Place) -> None:
    made = fill(place)
    with report.opened(place.desk("head")) as opened:
        shown = opened.load()
        drawing = etree.fromstring(picture.svg(shown))
    name = {"s": "http://www.w3.org/2000/svg"}
    drawn = {
        title.text.split()[0] + " " + title.text.split()[1]: title.getparent()
        for title in drawing.findall(".//s:title", name)
    }
    marks = thresholds.marks()
    assert (
        len({mark.shape for mark in marks.values()})
        == len({mark.colour for mark in marks.values()})
        == len(marks)
    )
    clock = {
        key: next(shape for label, shape in drawn.items() if label.startswith(made[key])) for key in made
    }
    for key, shape in clock.items():
        mark = marks[key]
        assert shape.get("stroke") == mark.colour, key
        assert etree.QName(shape).localname == (
            "circle" if mark.shape in ("circle", "ring") else "polygon"
        ), key
    assert clock["waiting"].get("fill") == "#ffffff"
    assert clock["later"].get("fill") == marks["later"].colour
    # Every day has its place, and each mark stands in that of its day.
    days = {column.day: column for column in shown.days}
    assert len(days) == 42
    assert days[date(2026, 9, 20)].working
    assert not days[date(2026, 9, 25)].working
    cells = [cell for lane in shown.lanes.values() for cell in lane.values()]
    assert sum(cell.count for cell in cells) + sum(cell.count for cell in shown.before.values()) == len(drawn)
    assert shown.lanes["contest"][date(2026, 9, 10)].dots[0].clock == "remedy.defence"


def test_of_a_full_day_some_are_drawn_and_all_are_counted(place: Place) -> None:
    for _ in range(workload.MOST + 4):
        place.receive(date(2026, 8, 20))
    with report.opened(place.desk("head")) as opened:
        shown = opened.load(4)
        text = picture.svg(shown)
    due = date(2026, 9, 17)
    assert shown.busiest == (due, workload.MOST + 4)
    cell = shown.lanes["reply"][due]
    assert (cell.count, len(cell.dots)) == (workload.MOST + 4, workload.MOST)
    assert f">{workload.MOST + 4}</text>" in text
    assert len(shown.days) == 28


def test_provisional_is_drawn_hollow(place: Place) -> None:
    december = Place(place.store, place.key, notices.TODAY)
    december.receive(date(notices.YEAR - 1, 12, 14))
    with report.opened(december.desk("head")) as opened:
        text = picture.svg(opened.load())
        notes = opened.notes()
    marks = [line for line in text.splitlines() if "<title>" in line]
    dashed = [line for line in marks if "stroke-dasharray" in line]
    assert dashed
    assert all('fill="#ffffff"' in line for line in dashed)
    assert str(notices.ANNOUNCED) in notes[0]


def test_pdf(place: Place, tmp_path: Path) -> None:
    from pypdf import PdfReader

    made = fill(place)
    said = disclosure("alerts", *ON, "--pdf", tmp_path / "a.pdf", "--lang", "zh_CN")
    assert said.code == 7, said.err
    read = PdfReader(tmp_path / "a.pdf")
    text = "".join(page.extract_text() for page in read.pages)
    for name in ("overdue", "today", "soon", "later"):
        assert made[name] in text
    assert "江州市民政局" in text
    page = read.pages[0].mediabox
    assert page.width > page.height
    (attached,) = read.attachments.values()
    plain = json.loads(attached[0])
    assert plain["counts"]["overdue"] == 1
    assert [alert["case"] for alert in plain["alerts"]] == [alert.case for alert in found(place)]


# --- the calendar to subscribe to


def events(path: Path) -> dict[str, Any]:
    from icalendar import Calendar

    calendar = Calendar.from_ical(path.read_bytes())
    assert calendar["version"] == "2.0"
    walked = list(calendar.walk("VEVENT"))
    found = {str(event["uid"]): event for event in walked}
    assert len(found) == len(walked)
    return found


def feed(tmp_path: Path, *words: str) -> dict[str, Any]:
    disclosure("alerts", *ON, "--ics", tmp_path / "a.ics", *words)
    return events(tmp_path / "a.ics")


def of(found: dict[str, Any], number: str, rule: str = "reply.limit") -> Any:
    return next((event for uid, event in found.items() if uid.startswith(f"{number}.{rule}.")), None)


def test_a_calendar_to_subscribe_to(place: Place, tmp_path: Path) -> None:
    made = fill(place)
    before = feed(tmp_path)
    first = (tmp_path / "a.ics").read_bytes()
    event = of(before, made["later"])
    assert type(event["dtstart"].dt) is date
    assert event["dtstart"].dt == place.due(made["later"])
    assert event["dtend"].dt == event["dtstart"].dt + timedelta(days=1)
    assert made["later"] in event["summary"]
    assert event["status"] == "CONFIRMED"
    assert of(before, made["waiting"])["status"] == "TENTATIVE"
    assert of(before, made["today"], "remedy.defence")["dtstart"].dt == date(2026, 9, 10)
    # The same cases, the same bytes, whatever the day.
    disclosure("alerts", "--on", "2026-09-03", "--ics", tmp_path / "a.ics")
    assert (tmp_path / "a.ics").read_bytes() == first
    # The day moves: the same event, later, as a newer version of it.
    next_day = Place(place.store, place.key, TODAY + timedelta(days=1))
    next_day.act("head", "extend", made["later"], TODAY, reasons="信息量大")
    next_day.act("registrar", "notice_reached", made["later"], TODAY, letter="P5")
    moved = of(feed(tmp_path), made["later"])
    assert moved["uid"] == event["uid"]
    assert moved["dtstart"].dt > event["dtstart"].dt
    assert moved["sequence"] > event["sequence"]
    assert moved["last-modified"].dt > event["last-modified"].dt
    # What is done is there no more; what is left keeps its name.
    next_day.act("registrar", "withdraw", made["later"], TODAY, how="书面")
    after = feed(tmp_path)
    assert of(after, made["later"]) is None
    assert set(after) < set(before)
    # Of an officer only his own.
    mine = feed(tmp_path, "--handler", "handler")
    assert of(mine, made["today"]) is not None
    assert of(mine, made["overdue"]) is None


def test_provisional_dates_are_tentative(place: Place, tmp_path: Path) -> None:
    december = Place(place.store, place.key, notices.TODAY)
    number = december.receive(date(notices.YEAR - 1, 12, 14)).case.number
    event = of(feed(tmp_path, "--lang", "en"), number)
    assert event["status"] == "TENTATIVE"
    assert "(provisional)" in event["summary"]


# --- what goes wrong


def test_files_of_nothing_are_files_all_the_same(place: Place, tmp_path: Path) -> None:
    """Yesterday's alerts must not stay because there are none today."""
    import openpyxl

    names = {ending: tmp_path / f"a.{ending}" for ending in ("csv", "xlsx", "html", "pdf", "ics")}
    words = [part for ending, path in names.items() for part in (f"--{ending}", path)]
    said = disclosure("alerts", *ON, "--lang", "en", *words)
    assert said.code == 0, said.err
    assert "Nothing presses" in said.out
    assert "Nothing presses" in names["html"].read_text()
    assert len(names["csv"].read_text().splitlines()) == 1
    assert openpyxl.load_workbook(names["xlsx"]).worksheets[0].max_row == 1
    assert events(names["ics"]) == {}
    assert names["pdf"].read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html", "ics"])
def test_a_file_is_whole_or_as_it_was(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    fill(place)
    path = tmp_path / f"a.{ending}"
    path.write_text("yesterday")
    real, seen = report.Words.officer, []

    def fails(self: Any, key: str | None) -> str:
        seen.append(key)
        if len(seen) > 2:
            raise OSError("the machine stops here")
        return real(self, key)

    monkeypatch.setattr(report.Words, "officer", fails)
    said = disclosure("alerts", *ON, f"--{ending}", path)
    assert said.code == 6
    assert path.read_text() == "yesterday"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".new")] == []


def test_a_folder_that_cannot_be_written(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = disclosure("alerts", *ON, "--csv", tmp_path / "file" / "a.csv", "--json")
    assert said.code == 6
    assert str(tmp_path / "file") in said.fault["message"]
