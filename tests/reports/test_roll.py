"""The register: every application on one line, in every form, read back by the readers that people use."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import TODAY, Place
from tests.counter import disclosure
from workflow.base import formulas
from workflow.calendar import known
from workflow.clocks import time_spent
from workflow.evidence import checkpoints, keys, notes
from workflow.reports.register import columns, selection
from workflow.reports.register import rows as register_rows
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

CASES = TABLES["case_file"]
HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    " =1",
    "<script>alert(1)</script>",
    '"quoted", text',
)


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(database_url, home, monkeypatch)


@pytest.fixture
def here(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The same on SQLite alone, for what does not ask which database it is."""
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def served(place: Place) -> str:
    """A case with a consultation, an extension, a reply, its service, and a reconsideration that corrected
    it.
    """
    number = place.receive(name="张三丰", request="甲公司排污许可申请材料").case.number
    place.walk(number, builders.ROADS["in_hand"])
    place.act(
        "handler", "consult_third_party", number, date(2026, 3, 5), name="甲公司", delivered="2026-03-06"
    )
    place.act("head", "extend", number, date(2026, 3, 9), reasons="信息量大")
    place.act(
        "handler", "opinion_given", number, date(2026, 3, 16), no=1, answer="object", reasons="商业秘密"
    )
    place.act(
        "handler",
        "draft",
        number,
        date(2026, 3, 17),
        outcome="withheld",
        ground="trade_secret",
        reasons="该合同载有未公开的成本构成，经审查属于商业秘密",
        extra=[builders.SEVERED],
        facts="第三方不同意公开",
    )
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("legal", "pass_review"),
        ("head", "pass_review"),
        ("handler", "issue"),
    ):
        place.act(who, event, number, date(2026, 3, 18))
    place.made()
    place.act("registrar", "dispatch", number, date(2026, 3, 19), served_by="post")
    place.act("registrar", "serve", number, date(2026, 3, 23), proof="签收")
    place.act("legal", "open_reconsideration", number, date(2026, 4, 1), body="江南省人民政府")
    place.act("legal", "remedy_decided", number, date(2026, 5, 6), no=1, outcome="corrected", redecide="yes")
    return number


def read(place: Place, **filters: Any) -> list[dict[str, Any]]:
    words = [
        part
        for name, value in filters.items()
        for part in ((f"--{name}",) if value is True else (f"--{name}", str(value)))
    ]
    found: list[dict[str, Any]] = disclosure("roll", "--json", *words).json
    return found


def test_one_line_says_everything(place: Place) -> None:
    number = served(place)
    (row,) = read(place)
    assert row["number"] == number
    days = {
        name: row[name]
        for name in (
            "received",
            "registered",
            "accepted",
            "extended",
            "submitted",
            "approved",
            "issued",
            "dispatched",
            "replied",
            "served",
            "finished",
        )
    }
    assert days == {
        "received": "2026-03-02",
        "registered": "2026-03-02",
        "accepted": "2026-03-03",
        "extended": "2026-03-09",
        "submitted": "2026-03-18",
        "approved": "2026-03-18",
        "issued": "2026-03-18",
        "dispatched": "2026-03-19",
        "replied": "2026-03-19",
        "served": "2026-03-23",
        "finished": "2026-03-19",
    }
    assert (row["registrar"], row["handler"], row["reviewers"], row["approver"]) == (
        "registrar",
        "handler",
        ["reviewer", "legal"],
        "head",
    )
    assert (row["outcome"], row["grounds"], row["served_by"]) == ("withheld", ["trade_secret"], "post")
    assert row["consultations"] == [
        {
            "kind": "third_party",
            "sent": "2026-03-05",
            "answered": "2026-03-16",
            "answer": "object",
            "state": "answered",
        }
    ]
    assert [
        (part["kind"], part["decided"], part["outcome"], part["redecide"]) for part in row["remedies"]
    ] == [("reconsideration", "2026-05-06", "corrected", True)]
    assert {letter["code"] for letter in row["letters"]} >= {"P2", "P5", "P6", "P8"}
    assert "reply.limit" in {clock["rule"] for clock in row["clocks"]}
    # 3 March to 19 March are 13 working days; of them 6 to 16 March, 7 of them worked, were the third
    # party's.
    assert (row["working_days_gross"], row["working_days"]) == (13, 6)
    assert "甲公司" not in json.dumps({key: row[key] for key in row if key != "request"}, ensure_ascii=False)
    assert "320500" not in json.dumps(row)


def test_the_row_is_what_the_entries_give(place: Place) -> None:
    served(place)
    for state in ("correction_asked", "withdrawn", "lapsed", "filed", "returned", "fee_notified"):
        place.bring(state)
    desk = place.desk()
    assert verify_record.verify(place.store, desk.office).cases == 7


def test_names_of_persons_are_masked_and_those_of_organisations_are_not(place: Place) -> None:
    place.receive(name="欧阳修文")
    place.receive(name="江州公益中心", kind="legal_service")
    assert [row["applicant"] for row in read(place)] == ["欧**", "江州公益中心"]
    assert [row["applicant"] for row in read(place, names=True)] == ["欧阳修文", "江州公益中心"]


def test_filters(place: Place) -> None:
    a = served(place)
    b = place.bring("in_hand", on=date(2026, 3, 3), kind="legal_service", channel="in_person", name="中心")
    c = place.bring("withdrawn", on=date(2025, 6, 3))
    d = place.receive(date(2026, 8, 31)).case.number

    def numbers(**filters: Any) -> list[str]:
        return [row["number"] for row in read(place, **filters)]

    every = sorted([a, b, c, d], key=lambda number: place.row(number)["id"])
    assert numbers() == every
    assert numbers(state="in_hand") == [b]
    assert numbers(handler="handler") == [a, b]
    assert numbers(unit="ban") == [a, b]
    assert numbers(unit="fa") == []
    assert numbers(channel="in_person") == [b]
    assert numbers(kind="legal_service") == [b]
    assert numbers(outcome="withdrawn") == [c]
    assert numbers(ground="trade_secret") == [a]
    assert numbers(ground="internal_affairs") == []
    assert numbers(year=2025) == [c]
    assert numbers(received="2026-03") == [a, b]
    assert numbers(received="2026-03-03..") == [b, d]
    assert numbers(received="..2025-12-31") == [c]
    assert numbers(replied="2026-03-19") == [a]
    assert numbers(finished="2025-06-01..2026-03-19") == [a, c]
    # Overdue by the day on which one asks: here the place's own.
    with place.store.reading() as connection:
        late = register_rows.lines(
            connection, place.desk(), selection.Choice(overdue=True), columns.chosen("number", "")
        )
        assert [line.row.number for line in late] == [b]
    assert set(numbers(open=True)) == {b, d}
    assert set(numbers(closed=True)) == {a, c}
    assert numbers(text="排污") == [a]


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("--state", "gone"), 2, "state"),
        (("--unit", "nowhere"), 3, "unit"),
        (("--handler", "nobody"), 3, "handler"),
        (("--channel", "pigeon"), 2, "channel"),
        (("--kind", "martian"), 2, "kind"),
        (("--outcome", "zzz"), 2, "outcome"),
        (("--ground", "zzz"), 2, "ground"),
        (("--received", "2026-03-02..2026-03-01"), 2, "received"),
        (("--received", ".."), 2, "received"),
        (("--received", "morgen"), 2, "received"),
        (("--columns", "number,shoe"), 2, "columns"),
        (("--columns", ""), 2, "columns"),
        (("--year", "1999"), 3, "year"),
        (("--year", "0"), 2, "year"),
        (("--open", "--closed"), 2, "closed"),
        (("--after", "1999-0001"), 3, "after"),
        (("--out", "x.doc"), 2, "out"),
    ],
)
def test_what_cannot_be_is_said(here: Place, words: tuple[str, ...], code: int, field: str) -> None:
    here.receive()
    said = disclosure("roll", *words, "--json")
    assert said.code == code
    assert said.fault["field"] == field
    assert said.fault["advice"] or field in ("year", "channel", "state", "kind", "outcome", "ground")


@pytest.mark.parametrize("name", ["roll.csv", "roll.xlsx", "roll.pdf", "roll.json"])
def test_a_filter_without_a_hit_writes_nothing(here: Place, home: Path, name: str) -> None:
    here.receive()
    (home / name).write_bytes(b"before")
    said = disclosure("roll", "--state", "filed", "--out", name, "--json")
    assert (said.code, said.fault["field"]) == (3, "out")
    assert (home / name).read_bytes() == b"before"
    assert [path.name for path in home.iterdir() if path.name.startswith(".new")] == []
    assert read(here, state="filed") == []
    assert len(disclosure("roll", "--state", "filed").out.strip().splitlines()) == 1


def hostile(place: Place) -> None:
    for text in HOSTILE:
        place.receive(name=text.strip(), kind="other", request=f"{text}\n第二行")


def test_csv_read_back(place: Place, home: Path) -> None:
    served(place)
    hostile(place)
    said = disclosure("roll", "--out", "roll.csv", "--json")
    assert said.json == {"path": "roll.csv", "rows": 1 + len(HOSTILE)}
    raw = (home / "roll.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(HOSTILE)
    assert list(rows[0]) == [column.title for column in columns.chosen("all", "")]
    assert (rows[0]["登记编号"], rows[0]["收到日期"], rows[0]["答复日期"]) == (
        "2026-0001",
        "2026-03-02",
        "2026-03-19",
    )
    assert rows[0]["审核人"] == "reviewer某、legal某"
    assert rows[0]["处理结果"] == "不予公开"
    assert rows[0]["不予公开理由"] == "涉及第三方商业秘密"
    for row in rows:
        for cell in row.values():
            assert formulas.harmless(cell) == cell, cell
    assert rows[1]["申请内容"] == f"'{HOSTILE[0]}\n第二行"


def test_excel_read_back(place: Place, home: Path) -> None:
    served(place)
    hostile(place)
    assert disclosure("roll", "--out", "roll.xlsx").code == 0
    sheet = openpyxl.load_workbook(home / "roll.xlsx").active
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, sheet[2], strict=True))
    assert first["收到日期"].value.isoformat() == "2026-03-02T00:00:00"
    assert first["收到日期"].is_date
    assert first["答复期限"].is_date
    assert first["办理工作日（净）"].value == 6
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}, "no formula"
    for text, row in zip(HOSTILE, sheet.iter_rows(min_row=3), strict=True):
        cell = row[heads.index("申请内容")]
        assert cell.value.replace("_x0009_", "\t").strip() == f"{text}\n第二行".strip()
        assert cell.data_type == "s"
        if formulas.harmless(text.strip()) != text.strip():
            assert cell.quotePrefix


def test_pdf_read_back(here: Place, home: Path) -> None:
    served(here)
    hostile(here)
    for number in range(14):
        here.receive(
            date(2026, 8, 3), request=f"第{number}件：关于城市更新项目征收补偿安置方案及其附件的政府信息"
        )
    for paper, width in (("A4", 842), ("A3", 1191)):
        assert disclosure("roll", "--out", "roll.pdf", "--paper", paper).code == 0
        pdf = pypdf.PdfReader(home / "roll.pdf")
        assert len(pdf.pages) > 1 or paper == "A3"
        texts = [page.extract_text() for page in pdf.pages]
        for page, text in zip(pdf.pages, texts, strict=True):
            assert abs(float(page.mediabox.width) - width) < 1
            assert page.mediabox.width > page.mediabox.height
            assert "登记编号" in "".join(text.split()), "the head is repeated"
            assert f"/ {len(pdf.pages)}" in text
        whole = "".join("".join(texts).split())
        assert "2026-0001" in whole
        assert "<script>" in whole
        assert "甲公司排污许可" in whole


def test_json_read_back(here: Place, home: Path) -> None:
    served(here)
    hostile(here)
    assert disclosure("roll", "--out", "roll.json").code == 0
    assert json.loads((home / "roll.json").read_text(encoding="utf-8")) == read(here)


def test_columns_as_chosen(here: Place, home: Path) -> None:
    here.receive()
    assert list(read(here, columns="state,number")[0]) == ["state", "number"]
    disclosure("roll", "--columns", "number,due", "--out", "roll.csv")
    assert (home / "roll.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "登记编号,答复期限"


def test_paging(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [place.receive(date(2026, 8, 3)).case.number for _ in range(7)]
    monkeypatch.setattr(register_rows, "PAGE", 2)
    assert [row["number"] for row in read(place)] == numbers
    assert [row["number"] for row in read(place, limit=3)] == numbers[:3]
    assert [row["number"] for row in read(place, limit=3, after=numbers[2])] == numbers[3:6]
    page = disclosure("roll", "--limit", "3")
    assert numbers[2] in page.out
    assert numbers[3] not in page.out
    assert f"--after {numbers[2]}" in page.out
    assert "--after" not in disclosure("roll", "--limit", "7").out


def test_letters_and_clocks_are_those_of_the_case(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """With gaps between the chosen cases and several pages."""
    monkeypatch.setattr(register_rows, "PAGE", 2)
    for number in range(6):
        place.bring("registered" if number % 2 else "received")
    for row in read(place):
        assert len(row["letters"]) == (row["state"] == "registered")
    assert all(row["letters"] for row in read(place, state="registered"))


def test_statements_do_not_grow_with_the_rows(place: Place) -> None:
    for _ in range(6):
        place.receive(date(2026, 8, 3))
    asked: list[str] = []
    sa.event.listen(place.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    desk = place.desk()
    with place.store.reading() as connection:
        asked.clear()
        assert (
            len(list(register_rows.lines(connection, desk, selection.Choice(), columns.chosen("all", ""))))
            == 6
        )
    assert len([one for one in asked if one.startswith("SELECT")]) == 3


def test_days_that_overlap_the_ends_are_counted_once() -> None:
    calendar = known()
    monday, friday = date(2026, 3, 2), date(2026, 3, 13)
    assert time_spent.spent(calendar, monday, friday, None) == (9, 9)
    assert time_spent.spent(calendar, monday, friday, "2026-03-04/2026-03-06") == (6, 9)
    assert time_spent.spent(calendar, monday, friday, "2026-02-25/2026-03-03,2026-03-12/2026-03-31") == (6, 9)
    assert time_spent.spent(calendar, friday, friday, None) == (0, 0)
    assert time_spent.spent(calendar, monday, friday, "2026-03-07/2026-03-08") == (9, 9)
    assert TODAY


def test_the_printed_register_bears_the_newest_checkpoint(home: Path, quick: Place, monkeypatch: Any) -> None:
    import pypdfium2
    import zxingcpp

    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    monkeypatch.chdir(home)
    quick.receive()

    def printed() -> pypdfium2.PdfDocument:
        assert disclosure("roll", "--out", "roll.pdf").code == 0
        return pypdfium2.PdfDocument(home / "roll.pdf")

    assert "检查点" not in printed()[0].get_textpage().get_text_bounded()
    keys.create(keys.place(quick.store.folder))
    note = checkpoints.make(quick.desk())
    document = printed()
    page = document[len(document) - 1]
    assert "台账检查点" in page.get_textpage().get_text_bounded()
    (found,) = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
    assert found.text == str(note)
    assert notes.read(found.text).signed_by(checkpoints.public_key(quick.desk())) is not None
