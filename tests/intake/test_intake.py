"""Intake: the day of receipt by channel, options, files, lists with a report, duplicates, attachments."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from freezegun import freeze_time

from tests import builders
from tests.builders import Place
from tests.counter import Said, disclosure
from workflow.base.errors import Damaged, Malformed, NotFound
from workflow.casework import application
from workflow.intake import lists
from workflow.intake.results import RowResult
from workflow.office import profile_changes
from workflow.storage import file_store
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")

POST = ["--channel", "post", "--name", "张三", "--request", "2025年度环评批复"]


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    made = builders.found(sqlite_url)
    yield made
    verify_record.verify(made.store, made.desk().office, with_files=True)
    made.store.close()


def receive(*words: str | Path) -> Said:
    return disclosure("receive", *words, "--json")


def untouched(place: Place) -> Callable[[], bool]:
    """Whether the database is still as it was now."""
    before = builders.digest(place.store)
    return lambda: builders.digest(place.store) == before


# --- the day of receipt, by channel: options, day, provision, word of the note

SATURDAY, MONDAY = "2026-03-07", "2026-03-09"
RULES_2019: list[tuple[str, list[str], str, str, str]] = [
    ("in_person", ["--on", "2026-03-02"], "2026-03-02", "ogi2019:31.1.1", ""),
    ("oral", ["--on", "2026-03-02"], "2026-03-02", "ogi2019:31.1.1", ""),
    ("post", ["--signed-on", SATURDAY], SATURDAY, "ogi2019:31.1.2", ""),
    (
        "post_unsigned",
        ["--on", "2026-03-02", "--confirmed-on", "2026-03-02"],
        "2026-03-02",
        "ogi2019:31.1.2",
        "",
    ),
    (
        "post-unsigned",
        ["--on", "2026-03-02", "--confirmed-on", "2026-03-03"],
        "2026-03-03",
        "ogi2019:31.1.2",
        "same day",
    ),
    ("online", ["--system-on", SATURDAY], SATURDAY, "ogi2019:31.1.3", ""),
    ("online", ["--system-on", SATURDAY, "--confirmed-on", MONDAY], SATURDAY, "ogi2019:31.1.3", "earlier"),
    ("email", ["--system-on", SATURDAY], MONDAY, "ogi2019:31.1.3", "day off"),
    ("email", ["--system-on", "2026-03-06"], "2026-03-06", "ogi2019:31.1.3", ""),
    ("fax", ["--on", "2026-03-06", "--confirmed-on", "2026-03-06"], "2026-03-06", "ogi2019:31.1.3", ""),
    ("fax", ["--confirmed-on", "2026-03-06"], "2026-03-06", "ogi2019:31.1.3", ""),
    ("post_unsigned", ["--confirmed-on", "2026-03-03"], "2026-03-03", "ogi2019:31.1.2", ""),
    ("online", ["--confirmed-on", MONDAY], MONDAY, "ogi2019:31.1.3", ""),
    ("post", ["--on", SATURDAY, "--signed-on", SATURDAY], SATURDAY, "ogi2019:31.1.2", ""),
]
RULES_2008: list[tuple[str, list[str], str, str, str]] = [
    ("in_person", ["--on", "2011-06-01"], "2011-06-01", "ogi2008:24.2", ""),
    ("post", ["--signed-on", "2011-06-01"], "2011-06-01", "ogi2008:24.2", ""),
    ("online", ["--system-on", "2011-06-04"], "2011-06-04", "ogi2008:24.2", ""),
    ("email", ["--system-on", "2011-06-11"], "2011-06-13", "ogi2008:24.2", "day off"),
    ("fax", ["--on", "2011-06-01", "--confirmed-on", "2011-06-02"], "2011-06-02", "ogi2008:24.2", "same day"),
]


@pytest.mark.parametrize(("channel", "days", "on", "article", "note"), [*RULES_2019, *RULES_2008])
def test_the_day_of_receipt(
    place: Place, channel: str, days: list[str], on: str, article: str, note: str
) -> None:
    said = receive("--channel", channel, "--name", "张三", "--request", "某信息", *days)
    assert said.code == 0, said.err
    assert (said.json["on"], said.json["article"]) == (on, article)
    number = said.json["case"]
    assert number.startswith(on[:4])
    assert place.case(number).received_on == date.fromisoformat(on)
    assert place.case(number).regulations == ("ogi2008" if on < "2019-05-15" else "ogi2019")
    assert note in " ".join(said.json["notes"])
    reply = next(clock for clock in said.json["clocks"] if clock["rule"] == "reply.limit")
    assert (reply["start"], reply["length"]) == (on, 15 if on < "2019-05-15" else 20)


@pytest.mark.parametrize(
    ("setting", "value", "channel", "on"),
    [
        ("online_receipt", "confirmed", "online", MONDAY),
        ("online_receipt", "system", "online", SATURDAY),
        ("email_rest_day", "same_day", "email", SATURDAY),
    ],
)
def test_the_office_settles_the_open_points(
    place: Place, setting: str, value: str, channel: str, on: str
) -> None:
    profile_changes.set_profile(place.desk("head"), f"settings.{setting}", value)
    said = receive(
        "--channel",
        channel,
        "--name",
        "张三",
        "--request",
        "某信息",
        "--system-on",
        SATURDAY,
        "--confirmed-on",
        MONDAY,
    )
    assert said.json["on"] == on, said.err


@pytest.mark.parametrize(
    ("words", "code", "kind", "field"),
    [
        (
            ["--channel", "fax", "--on", "2026-03-02", "--confirmed-on", "2026-03-01"],
            2,
            "malformed",
            "confirmed",
        ),
        (["--channel", "pigeon", "--on", "2026-03-02"], 2, "malformed", "channel"),
        (["--channel", "post", "--signed-on", "2026-02-30"], 2, "malformed", "signed_on"),
        (["--channel", "post", "--signed-on", "someday"], 2, "malformed", "signed_on"),
        (["--channel", "post", "--on", "2999-01-01"], 1, "refused", "on"),
        (["--channel", "post", "--on", "9999-12-31"], 1, "", ""),
        (["--channel", "post", "--on", "1949-10-01"], 1, "out_of_law", ""),
        (["--channel", "post", "--on", "0000-01-01"], 2, "malformed", "on"),
    ],
)
def test_a_day_that_cannot_be(place: Place, words: list[str], code: int, kind: str, field: str) -> None:
    same = untouched(place)
    said = receive("--name", "张三", "--request", "某信息", *words)
    assert said.code == code, said.err
    assert said.fault["kind"] == kind or not kind
    assert said.fault["field"] in (field, f"{field}_on") or not field
    assert said.fault["advice"] or said.fault["rule"] or "post" in said.fault["message"]
    assert same()


def test_a_channel_that_the_office_has_not_published_is_pointed_out(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url, channels=["in_person", "post"])
    desk = place.desk()
    online = builders.application(channel="online", on=None, system_on="2026-03-02")
    assert any("channel" in params for _, params in desk.receive(online).notes)
    assert not any("channel" in params for _, params in desk.receive(builders.application()).notes)
    place.store.close()


# --- what an application says


@pytest.mark.parametrize(
    "kind",
    [
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_org",
        "legal_service",
        "other",
    ],
)
def test_the_kinds_of_applicant(place: Place, kind: str) -> None:
    said = receive(*POST, "--kind", kind.replace("_", "-"), "--on", "2026-03-02")
    assert place.row(said.json["case"])["applicant_kind"] == kind


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "张\n三"}, "name"),
        ({"name": "张\u2028三"}, "name"),
        ({"name": "张" * 501}, "name"),
        ({"name": ["张三"]}, "name"),
        ({"name": 3.5}, "name"),
        ({"channel": None}, "channel"),
        ({"request": None}, "request"),
        ({"request": " \n "}, "request"),
        ({"request": "x" * 1_000_000}, "request"),
        ({"request": "环评\x00批复"}, "request"),
        ({"request": "\ud83d"}, "request"),
        ({"request": {"a": 1}}, "request"),
        ({"items": ["a", ""]}, "items"),
        ({"items": ["a"] * 1001}, "items"),
        ({"items": 5}, "items"),
        ({"items": [5]}, "items"),
        ({"items": {"a": "b"}}, "items"),
        ({"kind": "妖怪"}, "kind"),
        ({"phone": "\x1b[2J"}, "phone"),
        ({"address": "江州\n市"}, "address"),
        ({"attach": 5}, "attach"),
        ({"attach": [{}]}, "attach"),
        ({"attach": "a\x00b"}, "attach"),
        ({"on": "2026-13-01"}, "on"),
        ({"on": 5}, "on"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": ["post"]}, "channel"),
        ({"signed_on": "2026-03-03"}, "signed_on"),
        ({"system_on": "2026-03-03"}, "system_on"),
        ({"request": "环评\u202e批复"}, "request"),
        ({"name": "张\u2066三"}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_no_application(given: dict[str, Any], field: str) -> None:
    whole = {"channel": "post", "name": "张三", "request": "某信息", "on": "2026-03-02"}
    with pytest.raises(Malformed) as caught:
        application.checked({**whole, **given})
    assert caught.value.field == field
    assert "{" not in caught.value.text + (caught.value.advice or "")


def test_hostile_text_is_text(place: Place) -> None:
    """Markup, template syntax and formulas are kept to the letter and do nothing."""
    hostile = "<script>alert(1)</script> {{ 7*7 }} {% include '/etc/passwd' %} file:///etc/passwd =cmd|'/c calc'!A0 ${x} %s {0} \u200fabc"
    said = receive(
        "--channel", "post", "--name", "=1+1 {{ name }}", "--request", hostile, "--on", "2026-03-02"
    )
    assert said.code == 0, said.err
    case = place.case(said.json["case"])
    assert (case.applicant["name"], case.request) == ("=1+1 {{ name }}", hostile)
    for command in (["show", case.number], ["list"], ["history", case.number], ["next", case.number]):
        shown = disclosure(*command)
        assert shown.code == 0
        # What nobody computed still stands there as it was typed, wherever the applicant is named at all.
        assert "{{ name }}" in shown.out or "{{" not in shown.out
    request = " ".join(disclosure("show", case.number).out.split())
    assert "{{ 7*7 }} {% include '/etc/passwd' %} file:///etc/passwd" in request


# --- files

TOML = """
channel = "post"
signed_on = 2026-03-02
items = ["名单", "报告"]
form = "纸质复印件"
attach = ["申请表.pdf"]

[applicant]
name = "江州公益法律服务中心"
kind = "legal_service"
id_type = "统一社会信用代码"
id_number = "52320500MJ0000000X"
address = "江州市姑江区平安路12号"
representative = "郑主任"
"""


def test_an_application_as_a_toml_file(place: Place, tmp_path: Path) -> None:
    (tmp_path / "申请.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "申请表.pdf").write_bytes(b"%PDF-1.7 form")
    said = receive("--file", tmp_path / "申请.toml")
    assert said.code == 0, said.err
    case = place.case(said.json["case"])
    assert (case.items, case.form, case.applicant["kind"]) == (
        ["名单", "报告"],
        "纸质复印件",
        "legal_service",
    )
    assert [one["name"] for one in case.attachments] == ["申请表.pdf"]
    _, plain = place.desk().reveal(case.number, "核对")
    assert plain["id_number"] == "52320500MJ0000000X"
    assert plain["representative"] == "郑主任"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_an_application_as_a_json_file(place: Place, tmp_path: Path, encoding: str) -> None:
    plain = {
        "channel": "in_person",
        "on": "2026-03-02",
        "applicant": {"name": "张三", "phone": 5126555},
        "request": "某信息",
    }
    (tmp_path / "a.json").write_text(json.dumps(plain, ensure_ascii=False), encoding=encoding)
    said = receive("--file", tmp_path / "a.json")
    assert said.code == 0, said.err
    assert place.desk().reveal(said.json["case"], "核对")[1]["phone"] == "5126555"


NO_FILES: dict[str, tuple[str, bytes, int]] = {
    "TOML that ends in the middle": ("a.toml", b'channel = "post', 2),
    "TOML of another kind": ("a.toml", b"[[applicant]]\nname = 'x'\n", 2),
    "TOML with a name twice": ("a.toml", b"name = 'a'\nname = 'b'\n", 2),
    "TOML, nested without end": ("a.toml", b"a = " + b"[" * 20_000, 2),
    "a number without end": ("a.toml", b"name = 'a'\nchannel = 'post'\nrequest = " + b"9" * 5000, 2),
    "no UTF-8": ("a.toml", "name = '张三'".encode("gb18030"), 2),
    "a NUL": ("a.toml", b"name = 'a\x00b'", 2),
    "nothing at all": ("a.toml", b"", 2),
    "JSON that ends in the middle": ("a.json", b'{"name": "x"', 2),
    "a JSON list": ("a.json", b"[1, 2]", 2),
    "JSON null": ("a.json", b"null", 2),
    "JSON, nested without end": ("a.json", b"[" * 200_000, 2),
    "a JSON number without end": ("a.json", b'{"name": ' + b"9" * 5000 + b"}", 2),
    "a lone surrogate": (
        "a.json",
        b'{"channel": "post", "name": "\\ud83d", "request": "x", "on": "2026-03-02"}',
        2,
    ),
    "an applicant who is text": ("a.json", b'{"applicant": "x", "channel": "post"}', 2),
    "a date that is none": ("a.toml", b"name='a'\nchannel='post'\nrequest='x'\non = 2026-02-30\n", 2),
    "a moment for a day": ("a.toml", b"name='a'\nchannel='post'\nrequest='x'\non = 2026-03-02T10:00:00\n", 2),
    "an attachment elsewhere": (
        "a.toml",
        b"name='a'\nchannel='post'\nrequest='x'\non=2026-03-02\nattach='/etc/passwd'\n",
        2,
    ),
    "an attachment above": (
        "a.toml",
        b"name='a'\nchannel='post'\nrequest='x'\non=2026-03-02\nattach=['../x']\n",
        2,
    ),
    "an address for an attachment": (
        "a.toml",
        b"name='a'\nchannel='post'\nrequest='x'\non=2026-03-02\nattach='file:///etc/passwd'\n",
        3,
    ),
    "an attachment that is not there": (
        "a.toml",
        b"name='a'\nchannel='post'\nrequest='x'\non=2026-03-02\nattach='b.pdf'\n",
        3,
    ),
}


@pytest.mark.parametrize("what", NO_FILES)
def test_what_is_no_file_of_an_application(place: Place, tmp_path: Path, what: str) -> None:
    name, raw, code = NO_FILES[what]
    (tmp_path / name).write_bytes(raw)
    same = untouched(place)
    said = receive("--file", tmp_path / name)
    assert said.code == code, said.err
    assert said.fault["field"]
    # What our reader of it is about to say of itself helps nobody.
    assert "recursion" not in said.err
    assert same()


def test_files_and_options_do_not_mix(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML, encoding="utf-8")
    same = untouched(place)
    assert receive("--file", tmp_path / "a.toml", "--name", "张三").fault["field"] == "name"
    assert receive("--file", tmp_path / "none.toml").code == 3
    assert receive("--file", tmp_path).code == 3
    assert receive("--channel", "post").fault["field"] == "name"
    assert same()


# --- lists

HEADER = "申请人,申请渠道,签收日期,申请内容,证件号码"
LINES = [
    "张三,邮寄（签收）,2026-03-02,某环评批复,320500199001010017",
    '李四,post,2026年3月3日,"第一项，\n第二项",',
    "王五,邮寄（签收）,2026-02-30,某信息,",
    ",,,,",
    "赵六,邮寄（签收）,2026-03-02,,",
    '=cmd A0,邮寄（签收）,2026-03-02,=HYPERLINK("http://x"),',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_list(place: Place, tmp_path: Path, encoding: str) -> None:
    path, report = tmp_path / "三月.csv", tmp_path / "结果.csv"
    path.write_bytes("\r\n".join([HEADER, *LINES]).encode(encoding))
    said = disclosure("intake", path, "--report", report, "--json")
    assert said.code == 1, "some rows were refused"
    result = json.loads(said.out)
    assert [(one["row"], one["case"]) for one in result["entered"]] == [
        (2, "2026-0001"),
        (3, "2026-0002"),
        (7, "2026-0003"),
    ]
    assert [(one["row"], one["field"], one["exit_code"]) for one in result["refused"]] == [
        (4, "signed_on", 2),
        (6, "request", 2),
    ]
    assert place.case("2026-0003").applicant["name"] == "=cmd A0"
    assert place.case("2026-0002").received_on == date(2026, 3, 3)
    with report.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [(row["Row"], row["Result"], row["Case"]) for row in rows] == [
        ("2", "entered", "2026-0001"),
        ("3", "entered", "2026-0002"),
        ("4", "not entered", ""),
        ("6", "not entered", ""),
        ("7", "entered", "2026-0003"),
    ]
    assert [row["Cell"] for row in rows] == ["", "", "C4", "D6", ""]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_dry_run_enters_nothing(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    same = untouched(place)
    said = disclosure("intake", path, "--dry-run", "--json")
    result = json.loads(said.out)
    assert (said.code, result["entered"], len(result["refused"]), result["checked"]) == (1, [], 2, 5)
    assert same()
    assert re.search(r"\b5\b", disclosure("intake", path, "--dry-run").out)


def test_an_excel_list(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "三月.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["applicant", "channel", "signed on", "request", "id number", "items", "postcode"])
    sheet.append(["张三", "post", date(2026, 3, 2), "环评批复", "320500199001010017", None, 215001])
    moment = datetime(2026, 3, 3, 15, 30)  # noqa: DTZ001
    sheet.append(["李四", "邮寄（签收）", moment, None, None, "名单\n报告", 215001.0])
    sheet.append([None] * 7)
    sheet.append(["王五", "post", "2026-03-04", "某信息", 320500199001010017, None, None])
    sheet.append(["赵六", "post", 46085, "某信息", None, None, None])
    sheet.append(["=A2", "post", date(2026, 3, 2), "=1+1", None, None, None])
    book.save(path)
    said = disclosure("intake", path, "--json")
    result = json.loads(said.out)
    assert [one["row"] for one in result["entered"]] == [2, 3, 5, 6]
    # A formula that was never computed is nothing; a number of 18 digits is not what was typed, and is left
    # out.
    assert [(one["row"], one["field"]) for one in result["refused"]] == [(7, "name")]
    assert 5 in [one["row"] for one in result["notes"]]
    assert "id_number" not in place.desk().reveal("2026-0003", "核对")[1]
    assert place.case("2026-0004").received_on == date(2026, 3, 4)
    assert place.case("2026-0001").received_on == date(2026, 3, 2)
    second = place.case("2026-0002")
    assert (second.received_on, second.items) == (date(2026, 3, 3), ["名单", "报告"])
    assert place.desk().reveal("2026-0002", "核对")[1]["postcode"] == "215001"


def _xlsx(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NO_LISTS: dict[str, tuple[str, bytes, int]] = {
    "an empty file": ("a.csv", b"", 2),
    "no header": ("a.csv", "张三,post,2026-03-02,某信息".encode(), 2),
    "no column for the request": ("a.csv", "申请人,申请渠道\n张三,post".encode(), 2),
    "an open quotation mark at the end": ("a.csv", f'{HEADER}\n{LINES[0]}\n"张三'.encode(), 2),
    "neither encoding": ("a.csv", HEADER.encode() + b"\n\xff\xff\xff\xff", 2),
    "a cell without end": ("a.csv", (HEADER + "\n" + "x" * 200_000 + ",post,2026-03-02,x,").encode(), 2),
    "Excel in name only": ("a.xlsx", b"PK\x03\x04 nothing", 2),
    "a zip file": ("a.xlsx", b"PK\x05\x06" + b"\x00" * 18, 2),
    "Excel that ends in the middle": (
        "a.xlsx",
        _xlsx([["申请人", "申请内容"], ["张三", "某信息"]])[:-200],
        2,
    ),
    "an empty sheet": ("a.xlsx", _xlsx([]), 2),
    "Excel of the old kind": ("a.xls", b"\xd0\xcf\x11\xe0", 2),
    "a text": ("a.txt", b"x", 2),
}


@pytest.mark.parametrize("what", NO_LISTS)
def test_what_is_no_list(place: Place, tmp_path: Path, what: str) -> None:
    """A file that is no list is refused whole: nothing of it is entered."""
    name, raw, code = NO_LISTS[what]
    (tmp_path / name).write_bytes(raw)
    same = untouched(place)
    said = disclosure("intake", tmp_path / name, "--json")
    assert said.code == code, said.err
    assert said.fault["field"] == "file"
    assert same()


def test_a_row_with_control_characters_is_refused_alone(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"{HEADER}\n张\x00三,post,2026-03-02,x,\n李四,post,2026-03-02,x\x1b[2J,\n王五,post,2026-03-02,x,",
        encoding="utf-8",
    )
    result = json.loads(disclosure("intake", path, "--json").out)
    assert [(one["row"], one["field"]) for one in result["refused"]] == [(2, "name"), (3, "request")]
    assert [one["row"] for one in result["entered"]] == [4]


def test_a_list_that_is_not_there(place: Place, tmp_path: Path) -> None:
    assert disclosure("intake", tmp_path / "none.csv", "--json").code == 3
    assert disclosure("intake", tmp_path, "--json").code == 3


def test_damage_in_the_middle_of_a_workbook(place: Place, tmp_path: Path) -> None:
    """Whatever bytes are corrupted, the file is refused or read, and never a fault of the program."""
    whole = _xlsx(
        [["申请人", "申请渠道", "签收日期", "申请内容"], ["张三", "post", date(2026, 3, 2), "某信息"]]
    )
    path = tmp_path / "a.xlsx"
    for position in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        said = disclosure("intake", path, "--dry-run", "--json")
        assert said.code in (0, 1, 2), said.err


def test_attachments_of_a_list_lie_beside_it(place: Place, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "lists" / "a.pdf").write_bytes(b"%PDF")
    lines = [
        f"张三,post,2026-03-02,某信息{name},{name}"
        for name in ("a.pdf", "../secret.txt", "/etc/passwd", "b.pdf")
    ]
    path = tmp_path / "lists" / "a.csv"
    path.write_text("\n".join(["申请人,申请渠道,签收日期,申请内容,附件", *lines]), encoding="utf-8")
    result = json.loads(disclosure("intake", path, "--json").out)
    assert [one["row"] for one in result["entered"]] == [2]
    assert [(one["row"], one["exit_code"]) for one in result["refused"]] == [(3, 2), (4, 2), (5, 3)]


def test_a_list_is_read_row_by_row_to_whoever_watches(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADER, *LINES]), encoding="utf-8")
    seen: list[RowResult] = []
    outcome = lists.enter(place.desk(), path, lists.Way(dry_run=True), seen.append)
    assert [one.row for one in seen] == [one.row for one in outcome.results] == [2, 3, 4, 6, 7]


# --- likely duplicates


@freeze_time("2026-03-06 04:00:00")
def test_a_likely_duplicate_is_pointed_out_and_entered(place: Place, tmp_path: Path) -> None:
    first = receive(*POST, "--on", "2026-03-02").json["case"]
    again = receive(*POST, "--on", "2026-03-03")
    assert again.code == 0
    assert first in " ".join(again.json["notes"])
    other = receive(
        "--channel", "post", "--name", "张三", "--request", "完全不同的另一件事项", "--on", "2026-03-03"
    )
    assert other.json["notes"] == []
    stranger = receive(
        "--channel", "post", "--name", "李四", "--request", "2025年度环评批复", "--on", "2026-03-03"
    )
    assert stranger.json["notes"] == []
    path, report = tmp_path / "a.csv", tmp_path / "r.csv"
    path.write_text(
        "申请人,申请渠道,签收日期,申请内容\n张三,post,2026-03-04,2025年度环评批复", encoding="utf-8"
    )
    same = untouched(place)
    tried = disclosure("intake", path, "--dry-run", "--json")
    assert [note["row"] for note in tried.json["notes"]] == [2, 2]
    assert first in tried.json["notes"][0]["text"] + tried.json["notes"][1]["text"]
    assert same()
    assert first in disclosure("intake", path, "--report", report).out
    assert first in report.read_text("utf-8-sig")
    said = disclosure("intake", path, "--again", "--json").json
    assert {note["row"] for note in said["notes"]} == {2}
    assert any(first in note["text"] for note in said["notes"])


@pytest.mark.parametrize(
    ("line", "officer", "field"),
    [
        ("张三,post,2999-01-01,某信息,", "registrar", "on"),
        ("张三,post,2026-03-02,某信息,", "auditor", None),
        ("张三,post,2026-03-02,某信息,none.pdf", "registrar", "file"),
        ("张三,post,2026-03-02,某信息,.", "registrar", "file"),
    ],
)
def test_a_dry_run_refuses_what_the_real_run_refuses(
    place: Place, tmp_path: Path, line: str, officer: str, field: str | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"申请人,申请渠道,签收日期,申请内容,附件\n{line}", encoding="utf-8")
    same = untouched(place)
    tried, done = (
        disclosure("intake", path, *more, "--as", officer, "--json") for more in (["--dry-run"], [])
    )
    assert (tried.code, done.code) == (1, 1)
    assert tried.json == done.json
    assert [one["field"] for one in tried.json["refused"]] == [field]
    assert same()


def test_the_same_person_under_another_spelling_is_known_by_the_number(place: Place) -> None:
    first = receive(*POST, "--on", "2026-03-02", "--id-number", "32050019900101001x").json["case"]
    again = receive(
        "--channel",
        "post",
        "--name",
        "张 三",
        "--request",
        "2025年度环评批复",
        "--on",
        "2026-03-03",
        "--id-number",
        "３２０５００ 19900101001X",
    )
    assert first in " ".join(again.json["notes"])


# --- attachments


def test_attachments_are_kept_by_what_they_hold(place: Place, tmp_path: Path) -> None:
    one, two = tmp_path / "a.pdf", tmp_path / "b.pdf"
    one.write_bytes(b"%PDF same")
    two.write_bytes(b"%PDF same")
    said = receive(*POST, "--on", "2026-03-02", "--attach", one, "--attach", two)
    case = place.case(said.json["case"])
    assert [entry["name"] for entry in case.attachments] == ["a.pdf", "b.pdf"]
    assert len({entry["sha256"] for entry in case.attachments}) == 1
    kept = file_store.folder(place.store.folder)
    assert len(list(file_store.every(kept))) == 1
    one.unlink()
    out = tmp_path / "out.pdf"
    fetched = disclosure("fetch", case.number, "a.pdf", "--out", out, "--json")
    assert fetched.json["sha256"] == case.attachments[0]["sha256"]
    assert out.read_bytes() == b"%PDF same"
    # Into a folder it goes under a name of its own. Never overwrites a file, and never invents one.
    placed = disclosure("fetch", case.number, "a.pdf", "--out", tmp_path, "--json")
    assert placed.json["path"] == str(tmp_path / f"{case.number}-a.pdf")
    for taken in (out, tmp_path):
        again = disclosure("fetch", case.number, "a.pdf", "--out", taken, "--json")
        assert (again.code, again.fault["kind"]) == (4, "conflict")
        assert again.fault["advice"]
    assert disclosure("fetch", case.number, "a.pdf", "--out", out / "a.pdf", "--json").code == 6
    assert out.read_bytes() == b"%PDF same"
    assert disclosure("fetch", case.number, "c.pdf", "--out", tmp_path / "c.pdf", "--json").code == 3


def test_a_file_put_in_later(place: Place, tmp_path: Path) -> None:
    number = receive(*POST, "--on", "2026-03-02").json["case"]
    path = tmp_path / "身份证.jpg"
    path.write_bytes(b"\xff\xd8")
    assert disclosure("attach", number, "--file", path, "--on", "2026-03-03").code == 0
    assert place.case(number).attachments[0]["size"] == 2
    same = untouched(place)
    assert disclosure("attach", number, "--file", tmp_path / "none", "--on", "2026-03-03", "--json").code == 3
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for what in (tmp_path, pipe, Path("/dev/zero")):
        said = disclosure("attach", number, "--file", what, "--on", "2026-03-03", "--json")
        assert (said.code, said.fault["field"]) == (2, "file")
        assert "is not a file" in said.fault["message"]
    assert same()


def test_a_damaged_file_is_found_and_not_shown(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF one")
    number = receive(*POST, "--on", "2026-03-02", "--attach", path).json["case"]
    sha256 = place.case(number).attachments[0]["sha256"]
    kept = file_store.folder(place.store.folder) / sha256[:2] / sha256[2:]
    kept.write_bytes(b"%PDF two")
    said = disclosure("fetch", number, "a.pdf", "--out", tmp_path / "out.pdf", "--json")
    assert (said.code, said.fault["kind"]) == (5, "damaged")
    assert not (tmp_path / "out.pdf").exists()
    assert disclosure("verify", "--files", "--json").code == 5
    with pytest.raises(Damaged):
        file_store.read(file_store.folder(place.store.folder), sha256)
    kept.unlink()
    with pytest.raises(NotFound):
        file_store.read(file_store.folder(place.store.folder), sha256)
    # Handed in again, it is whole again.
    disclosure("attach", number, "--file", path, "--on", "2026-03-03")
    assert disclosure("verify", "--files", "--json").code == 0
