"""Batches for the post office: what is in them, how the papers look, what posting and its results do to the
cases.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests import builders, pages
from tests.builders import RECEIVED, ROADS, Place
from tests.counter import disclosure
from workflow.base.errors import Conflict, Damaged, DisclosureError, Environment, Malformed, NotFound, Refused
from workflow.casework.opened import open_case
from workflow.delivery import batch_print, batches, post_office, post_tracking, to_be_posted
from workflow.jobs import queue
from workflow.procedure import mail_numbers
from workflow.storage import file_store
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "pages_once")

DAY = RECEIVED + timedelta(days=8)
FIRST, SECOND, THIRD = "XA12345678911", "XA12345678912", "1234567890123"
MM = 72 / 25.4


@pytest.fixture
def place(quick: Place) -> Place:
    return quick


def issued(place: Place, **given: Any) -> str:
    """A case whose reply is to go out by post."""
    return place.once(("issued", repr(given)), lambda: _issued(place, given))


def _issued(place: Place, given: dict[str, Any]) -> str:
    number = place.receive(**{"channel": "in_person", **given}).case.number
    place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {})])
    place.made()
    return number


def consulted(place: Place) -> str:
    """A case in which a company is asked for its opinion."""
    return place.once(("consulted",), lambda: _consulted(place))


def _consulted(place: Place) -> str:
    number = place.receive(channel="in_person").case.number
    place.walk(
        number,
        [
            *ROADS["in_hand"],
            (
                "handler",
                "consult_third_party",
                3,
                {"name": "甲科技有限公司", "address": "江州市星海街9号", "postcode": "215021"},
            ),
        ],
    )
    place.made()
    return number


def sheet(folder: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    text = StringIO()
    csv.writer(text).writerows(rows)
    path = folder / "list.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in results]


# --- what is in a batch


def test_the_letters_of_the_day_go_into_one_batch_once(database_url: str, home: Path) -> None:
    place = builders.found(database_url)
    far = issued(place, name="李四", postcode="900000")
    near = issued(place)
    asked = consulted(place)
    batch = batches.make(place.desk(), DAY)
    assert batch.number == "2026-001"
    assert [(piece.case, piece.to.name) for piece in batch.pieces] == [
        (near, "张三"),
        (asked, "张三"),
        (asked, "甲科技有限公司"),
        (far, "李四"),
    ]
    # The slip goes with the letter to which it is the answer; the notice to the applicant goes by itself.
    assert [[letter.code for letter in piece.letters] for piece in batch.pieces] == [
        ["D1"],
        ["P8"],
        ["P6", "P7"],
        ["D1"],
    ]
    with pytest.raises(Refused, match="nothing to be posted"):
        batches.make(place.desk(), DAY)
    shown = batches.open_(place.desk(), batch.number)
    assert [piece.as_json() for piece in shown.pieces] == [piece.as_json() for piece in batch.pieces]
    assert [piece.to for piece in shown.pieces] == [piece.to for piece in batch.pieces]
    # Dropped, they wait again.
    assert batches.drop(place.desk(), batch.number)["let_go"] == 4
    again = batches.make(place.desk(), DAY)
    assert again.number == "2026-002"
    assert len(again.pieces) == 4
    with pytest.raises(Refused):
        batches.drop(place.desk(), batch.number)
    listed = batches.listing(place.desk())
    assert [(one["batch"], one["state"], one["pieces"], one["posted"]) for one in listed] == [
        ("2026-002", "made", 4, 0),
        ("2026-001", "dropped", 0, 0),
    ]
    verify_record.verify(place.store, place.desk().office)


def test_what_does_not_go_by_post_is_not_taken(place: Place) -> None:
    handed = place.receive().case.number
    place.walk(handed, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "hand"})])
    dispatched, without = (
        issued(place),
        place.receive(channel="in_person", address=None, postcode=None).case.number,
    )
    place.act("registrar", "dispatch", dispatched, DAY, served_by="post")
    place.walk(without, [*ROADS["registered"], ("head", "extend", 2, {"reasons": "信息量大"})])
    reached = place.receive(channel="in_person").case.number
    place.walk(
        reached,
        [
            *ROADS["registered"],
            ("head", "extend", 2, {"reasons": "信息量大"}),
            ("registrar", "notice_reached", 3, {"letter": "P5"}),
        ],
    )
    place.made()
    kept = consulted(place)
    batch = batches.make(place.desk(), DAY)
    # The receipt of the application by post is all that is left of the first.
    assert [(piece.case, [letter.code for letter in piece.letters]) for piece in batch.pieces] == [
        (handed, ["P2"]),
        (kept, ["P8"]),
        (kept, ["P6", "P7"]),
    ]
    assert [(one["case"], one["reason"]) for one in batch.left_out] == [(without, to_be_posted.NO_ADDRESS)]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"on": DAY + timedelta(days=3650)}, Refused),
        ({"service": "pigeon"}, Malformed),
        ({"cases": ["2026-9999"]}, NotFound),
    ],
)
def test_what_no_batch_is_made_of(place: Place, given: dict[str, Any], fault: type[DisclosureError]) -> None:
    issued(place)
    before = builders.digest(place.store)
    with pytest.raises(fault):
        batches.make(place.desk(), **{"on": DAY, **given})
    assert builders.digest(place.store) == before


# --- its papers


@pytest.fixture
def printed(place: Place, tmp_path: Path) -> tuple[Place, batches.Batch, Path]:
    """A batch of three real letters, and where its papers are to lie."""
    place.once(("three letters",), lambda: _three_letters(place))
    return place, batches.make(place.desk(), DAY), tmp_path / "out"


def _three_letters(place: Place) -> None:
    for name, address, postcode in (
        ("张三", "江州市姑江区平安路12号3幢2单元501室", "215001"),
        (
            "欧阳㛃",
            "江南省临江市高新技术产业开发区科创大道88号智慧谷产业园B座12层1203室绿色发展研究中心",
            "215123",
        ),
        ("江州市绿水青山环境保护志愿者协会", "江州市滨江新区长江路1号", None),
    ):
        number = place.receive(channel="in_person", name=name, address=address, postcode=postcode).case.number
        place.walk(number, [*ROADS["registered"], ("head", "extend", 2, {"reasons": "信息量大"})])
    queue.settle(place.desk())


def text_of(path: Path, page: int = 0) -> str:
    return "".join(PdfReader(path).pages[page].extract_text().split())


def test_the_papers_of_a_batch(printed: tuple[Place, batches.Batch, Path]) -> None:
    place, batch, out = printed
    written = batch_print.write(place.desk(), batch, out)
    assert sorted(Path(path).name for path in written) == sorted(path.name for path in out.iterdir())
    envelopes = PdfReader(out / "2026-001-信封.pdf")
    assert len(envelopes.pages) == 3
    box = envelopes.pages[0].mediabox
    assert (round(float(box.width) / MM, 1), round(float(box.height) / MM, 1)) == (220, 110)
    for page, piece in enumerate(batch.pieces):
        said = text_of(out / "2026-001-信封.pdf", page)
        for part in (
            piece.to.postcode,
            piece.to.address,
            piece.to.name + "收",
            "江州市民政局",
            "邮政编码215000",
        ):
            assert part in said
    labels = text_of(out / "2026-001-标签.pdf")
    listed = text_of(out / "2026-001-交寄清单.pdf")
    for piece in batch.pieces:
        for part in (piece.to.name, piece.to.postcode):
            assert part in labels
            assert part in listed
        assert piece.names[0] in listed
    assert "共计3件" in listed
    assert "收寄日戳" in listed
    rows = list(csv.reader(StringIO((out / "2026-001-交寄清单.csv").read_text(encoding="utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [piece.to.name for piece in batch.pieces]
    # The letters stand in posting order, whole.
    letters = PdfReader(out / "2026-001-信函.pdf")
    assert ["".join(page.extract_text().split()) for page in letters.pages] == [
        "".join(page.extract_text().split()) for piece in batch.pieces for page in _pdf(place, piece).pages
    ]


def _pdf(place: Place, piece: to_be_posted.Piece) -> PdfReader:
    from io import BytesIO

    return PdfReader(BytesIO(file_store.read(file_store.folder(place.store.folder), piece.letters[0].sha256)))


def test_the_same_batch_gives_the_same_bytes(printed: tuple[Place, batches.Batch, Path]) -> None:
    place, batch, out = printed

    def made() -> dict[str, str]:
        with pages.set_anew():
            written = batch_print.write(
                place.desk(),
                batches.open_(place.desk(), batch.number),
                out,
                envelope="c5-window",
                label="a4-2x5",
            )
        return {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in written}

    assert made() == made()


def test_each_letter_begins_on_a_new_sheet_where_both_sides_are_printed(
    printed: tuple[Place, batches.Batch, Path],
) -> None:
    place, batch, out = printed
    batch_print.write(place.desk(), batch, out, duplex=True)
    whole = len(PdfReader(out / "2026-001-信函.pdf").pages)
    assert whole == sum(-(-len(_pdf(place, piece).pages) // 2) * 2 for piece in batch.pieces)


def test_a_window_shows_the_addressee_on_a_cover_sheet(printed: tuple[Place, batches.Batch, Path]) -> None:
    place, batch, out = printed
    batch_print.write(place.desk(), batch, out, envelope="dl-window")
    assert not (out / "2026-001-信封.pdf").exists()
    letters = PdfReader(out / "2026-001-信函.pdf")
    layout = to_be_posted.table()["envelope"]["dl-window"]
    (x, y, width, height), (left, top) = layout["window"], layout["lies"]
    seen: list[tuple[float, float]] = []

    def visit(text: str, cm: Any, tm: Any, *_: Any) -> None:
        if text.strip() and not text.strip().isascii():
            seen.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

    first = letters.pages[0]
    assert batch.pieces[0].to.name in "".join(first.extract_text(visitor_text=visit).split())
    page_height = float(first.mediabox.height) / MM
    inside = [
        (px / MM, page_height - py / MM)
        for px, py in seen
        if y - top <= page_height - py / MM <= y - top + height and px / MM >= x - left
    ]
    assert inside
    assert all(px <= x - left + width for px, _ in inside)


def test_labels_begin_where_the_sheet_is_still_good(printed: tuple[Place, batches.Batch, Path]) -> None:
    place, batch, out = printed
    batch_print.write(place.desk(), batch, out, label="a4-2x5", skip=9)
    assert len(PdfReader(out / "2026-001-标签.pdf").pages) == 2


def test_what_cannot_be_printed(printed: tuple[Place, batches.Batch, Path], tmp_path: Path) -> None:
    place, batch, out = printed
    with pytest.raises(NotFound):
        batch_print.write(place.desk(), batch, out, envelope="b9")
    before = builders.digest(place.store)
    with pytest.raises(Malformed, match="900"):
        place.desk("registrar").amend(batch.pieces[0].case, "address", "长" * 900, "地址有误")
    assert builders.digest(place.store) == before
    place.desk("registrar").amend(batch.pieces[0].case, "address", "长" * 400, "地址有误")
    with pytest.raises(Refused, match="too long"):
        batch_print.write(place.desk(), batches.open_(place.desk(), batch.number), out)
    # Nothing of it was written.
    assert not out.exists()
    (tmp_path / "file").write_text("")
    place.desk("registrar").amend(batch.pieces[0].case, "address", "江州市平安路1号", "地址有误")
    with pytest.raises(Environment):
        batch_print.write(place.desk(), batches.open_(place.desk(), batch.number), tmp_path / "file")


def test_a_letter_that_is_no_pdf_is_said_to_be_none(place: Place, tmp_path: Path) -> None:
    issued(place)
    batch = batches.make(place.desk(), DAY)
    with pytest.raises(Damaged):
        batch_print.write(place.desk(), batch, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- posting


def test_posting_a_batch_is_an_act_on_each_case(database_url: str, home: Path, tmp_path: Path) -> None:
    place = builders.found(database_url)
    reply, asked = issued(place), consulted(place)
    batch = batches.make(place.desk(), DAY)
    numbers = sheet(tmp_path, [("序号", "邮件号"), ("1", FIRST), ("2", SECOND), ("3", THIRD)], "gbk")
    results = post_office.post(place.desk(), batch.number, DAY, numbers)
    assert statuses(results) == ["posted"] * 3
    assert place.case(reply).state == "dispatched"
    assert place.clocks(reply)["reply.limit", 0][1] == "met"
    assert {sent.by for sent in place.case(asked).sent.values()} == {"post"}
    assert len(place.case(asked).sent) == 3
    before = builders.digest(place.store)
    assert statuses(post_office.post(place.desk(), batch.number, DAY, numbers)) == ["known"] * 3
    assert builders.digest(place.store) == before
    # What came of it.
    back = sheet(
        tmp_path,
        [
            ("邮件号", "状态", "日期", "签收人"),
            (FIRST, "妥投", "2026-03-12", "本人"),
            (SECOND, "退回", "2026-03-15", "查无此人"),
            (THIRD, "签收", "2026年3月12日", "前台"),
            ("XA99999999999", "妥投", "2026-03-12", ""),
            (FIRST, "飞走", "2026-03-12", ""),
            ("12", "妥投", "2026-03-12", ""),
            (FIRST, "妥投", "2026-13-12", ""),
        ],
    )
    found = post_tracking.track(place.desk(), back)
    assert statuses(found) == ["entered", "entered", "entered", "refused", "refused", "refused", "refused"]
    assert all(one["message"] for one in found[3:])
    assert place.case(reply).state == "served"
    case = place.case(asked)
    notice = next(one for one in case.notices if one.letter == "P8")
    assert notice.reached is None
    # The time of the third party runs from the arrival of its letter.
    assert case.consultations[0].delivered is not None
    assert case.consultations[0].delivered.isoformat() == "2026-03-12"
    before = builders.digest(place.store)
    assert statuses(post_tracking.track(place.desk(), back)) == ["known"] * 3 + ["refused"] * 4
    assert builders.digest(place.store) == before
    # What came back can go out again, by name.
    again = batches.make(place.desk(), DAY + timedelta(days=8), cases=[asked])
    assert [[letter.code for letter in piece.letters] for piece in again.pieces] == [["P8"]]
    verify_record.verify(place.store, place.desk().office)


def test_a_reply_that_came_back_goes_on(place: Place, tmp_path: Path) -> None:
    reply = issued(place)
    batch = batches.make(place.desk(), DAY)
    post_office.post(place.desk(), batch.number, DAY, sheet(tmp_path, [("案号", "邮件号"), (reply, FIRST)]))
    post_tracking.track(
        place.desk(),
        sheet(
            tmp_path,
            [("tracking", "status", "date", "detail"), (FIRST, "returned", "2026-03-15", "查无此人")],
        ),
    )
    case = place.case(reply)
    assert case.state == "returned"
    from workflow.reports.views import possible_steps

    options = {
        option.event for _, _, found in possible_steps.next_steps(place.desk(), reply) for option in found
    }
    assert {"dispatch", "file_unserved"} <= options
    with pytest.raises(Refused):
        batches.make(place.desk(), DAY + timedelta(days=6))
    again = batches.make(place.desk(), DAY + timedelta(days=6), cases=[reply])
    results = post_office.post(
        place.desk(),
        again.number,
        DAY + timedelta(days=6),
        sheet(tmp_path, [("案号", "邮件号"), (reply, SECOND)]),
    )
    assert statuses(results) == ["posted"]
    # The first posting has met the limit.
    assert place.case(reply).reply.replied_on == DAY  # type: ignore[union-attr]


def test_a_delivery_of_an_earlier_reply_does_not_serve_the_present_one(place: Place, tmp_path: Path) -> None:
    """The first reply is contested before anything is known of its delivery, and decided on anew."""
    number, first, second = issued(place), FIRST, SECOND
    batch = batches.make(place.desk(), DAY)
    post_office.post(place.desk(), batch.number, file=sheet(tmp_path, [("place", "tracking"), ("1", first)]))
    place.act("legal", "open_reconsideration", number, "2026-03-20", body="江南省人民政府")
    place.act("legal", "remedy_decided", number, "2026-04-10", no=1, result="ordered")
    place.act("legal", "redecide", number, "2026-04-10", no=1)
    for who, event, facts in (
        ("handler", "draft", builders.GRANT),
        ("handler", "submit", {}),
        ("reviewer", "pass_review", {}),
        ("head", "pass_review", {}),
        ("handler", "issue", {}),
    ):
        place.act(who, event, number, "2026-04-15", **facts)
    place.made()
    batch = batches.make(place.desk(), date(2026, 4, 15))
    post_office.post(place.desk(), batch.number, file=sheet(tmp_path, [("place", "tracking"), ("1", second)]))
    rows = [("tracking", "status", "date"), (first, "妥投", "2026-04-16")]
    (told,) = post_tracking.track(place.desk(), sheet(tmp_path, rows))
    assert (told["status"], told["event"]) == ("entered", "letter_arrived")
    case = place.case(number)
    assert (case.state, [reply.served for reply in case.replies]) == ("dispatched", [None, None])
    assert ("reconsideration.limit", 0) not in place.clocks(number)
    (told,) = post_tracking.track(place.desk(), sheet(tmp_path, [rows[0], (second, "妥投", "2026-04-18")]))
    assert (told["event"], place.case(number).state) == ("serve", "served")
    verify_record.verify(place.store, place.desk().office)


def test_a_late_posting_is_marked_late(place: Place) -> None:
    reply = issued(place)
    late = RECEIVED + timedelta(days=60)
    batch = batches.make(place.desk(), late)
    (result,) = post_office.post(place.desk(), batch.number, late)
    assert result["late"] == place.due(reply).isoformat()
    assert place.clocks(reply)["reply.limit", 0][1] == "late"


def test_one_piece_that_is_refused_does_not_hold_up_the_others(place: Place) -> None:
    first, second = issued(place), issued(place)
    batch = batches.make(place.desk(), DAY)
    place.act("head", "void_reply", first, DAY, reasons="错字")
    assert [piece.void for piece in batches.open_(place.desk(), batch.number).pieces] == [True, False]
    results = post_office.post(place.desk(), batch.number, DAY)
    assert statuses(results) == ["refused", "posted"]
    assert place.case(second).state == "dispatched"
    assert batches.listing(place.desk())[0]["state"] == "made"
    assert batches.drop(place.desk(), batch.number) == {"batch": "2026-001", "state": "posted", "let_go": 1}


def test_what_is_no_longer_so_is_not_posted(place: Place) -> None:
    """The case is withdrawn, or the extension undone, between the batch and the counter."""
    numbers = []
    for _ in range(2):
        number = place.receive(channel="in_person").case.number
        place.walk(number, [*ROADS["in_hand"], ("head", "extend", 2, {"reasons": "信息量大"})])
        numbers.append(number)
    place.made()
    batch = batches.make(place.desk(), DAY)
    assert [[letter.code for letter in piece.letters] for piece in batch.pieces] == [["P5"], ["P5"]]
    place.act("registrar", "withdraw", numbers[0], DAY, how="书面")
    place.act("head", "undo_extension", numbers[1], DAY, reasons="误操作")
    results = post_office.post(place.desk(), batch.number, DAY)
    assert statuses(results) == ["refused", "refused"]
    assert results[0]["fault"].rule == "house:untrue"
    # Put together anew, the one is held and said to be, the other is void.
    batches.drop(place.desk(), batch.number)
    place.made()
    again = batches.make(place.desk(), DAY)
    assert [[letter.code for letter in piece.letters] for piece in again.pieces] == [["D14"]]
    assert [(one["case"], one["reason"]) for one in again.left_out] == [(numbers[0], to_be_posted.HELD)]


def test_numbers_that_come_later(place: Place, tmp_path: Path) -> None:
    reply = issued(place)
    consulted(place)
    batch = batches.make(place.desk(), DAY)
    assert statuses(post_office.post(place.desk(), batch.number, DAY)) == ["posted"] * 3
    numbers = sheet(
        tmp_path,
        [
            ("文号", "邮件号"),
            *zip([piece.names[0] for piece in batch.pieces], (FIRST, SECOND, THIRD), strict=True),
        ],
    )
    assert statuses(post_office.post(place.desk(), batch.number, DAY, numbers)) == ["numbered"] * 3
    entry = next(one for one in _entries(place, reply) if one.event == "dispatch")
    assert entry.payload["tracking"] == FIRST
    other = sheet(tmp_path, [("序号", "邮件号"), ("1", "XA12345678999")])
    assert statuses(post_office.post(place.desk(), batch.number, DAY, other)) == ["refused", "known", "known"]


def _entries(place: Place, number: str) -> list[Any]:
    from workflow.procedure.fold import effective

    with place.store.reading() as connection:
        return effective(open_case(place.desk(), connection, number).entries)


@pytest.mark.parametrize(
    ("rows", "faults", "held"),
    [
        ([("1", FIRST), ("2", FIRST)], 1, 2),
        ([("1", FIRST), ("1", SECOND)], 1, 1),
        ([("9", FIRST)], 1, 0),
        ([("1", "XA1")], 1, 1),
        ([("1", "XA555"), ("2", SECOND)], 1, 1),
        ([("1", "SF1234567890123")], 1, 1),
        ([("", FIRST)], 1, 0),
        ([("1", "")], 0, 0),
    ],
)
def test_numbers_at_fault(
    place: Place, tmp_path: Path, rows: list[tuple[str, ...]], faults: int, held: int
) -> None:
    issued(place)
    issued(place)
    batch = batches.make(place.desk(), DAY)
    results = post_office.post(place.desk(), batch.number, DAY, sheet(tmp_path, [("序号", "邮件号"), *rows]))
    assert statuses(results).count("refused") == faults
    # A piece whose number is refused is not posted; one that no row names is.
    assert statuses(results).count("held") == held
    assert statuses(results).count("posted") == 2 - held
    states = {piece.posted_on is None for piece in batches.open_(place.desk(), batch.number).pieces}
    assert (True in states) == bool(held)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("XA12345678911", True),
        ("xa 1234 5678 911", True),
        ("1234567890123", True),
        ("RR473124829CN", True),
        ("RR473124828CN", False),
        ("XA1234567891", False),
        ("RR473124829DE", False),
        ("XA555", False),
        ("4312345678901", False),
        ("", False),
        ("'; DROP", False),
    ],
)
def test_what_is_a_number_of_the_post(number: str, good: bool) -> None:
    if good:
        assert mail_numbers.number(number).isalnum()
    else:
        with pytest.raises(Malformed):
            mail_numbers.number(number)


@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", "序号,别的\n1,2\n".encode(), b'"unclosed'])
def test_lists_that_are_none(place: Place, tmp_path: Path, content: bytes) -> None:
    issued(place)
    batch = batches.make(place.desk(), DAY)
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    before = builders.digest(place.store)
    for read in (
        lambda: post_office.post(place.desk(), batch.number, DAY, path),
        lambda: post_tracking.track(place.desk(), path),
    ):
        with pytest.raises((Malformed, NotFound, Conflict)):
            read()
    assert builders.digest(place.store) == before


def test_the_commands(sqlite_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    place = builders.found(sqlite_url)
    number = place.receive(channel="in_person").case.number
    place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {})])
    queue.settle(place.desk())
    made = disclosure("posting", "make", "--on", "2026-03-10", "--out", tmp_path / "out", "--json")
    assert made.code == 0, made.err
    assert len(made.json["files"]) == 5
    assert disclosure("posting", "show", "2026-001").code == 0
    assert disclosure("posting", "print", "2026-001", "--out", tmp_path / "out", "--envelope", "c5").code == 0
    courier = sheet(tmp_path, [("案号", "邮件号"), (number, "SF1234567890123")])
    said = disclosure("posting", "post", "2026-001", "--on", "2026-03-10", "--tracking", courier)
    # The line at fault and the piece that waits for it are one piece.
    assert "共1件，1件有误。" in said.out
    numbers = sheet(tmp_path, [("案号", "邮件号"), (number, FIRST)])
    said = disclosure("posting", "post", "2026-001", "--on", "2026-03-10", "--tracking", numbers)
    assert said.code == 0, said.err
    assert FIRST in said.out
    assert disclosure("posting", "list", "--json").json[0]["posted"] == 1
    back = sheet(
        tmp_path, [("邮件号", "状态", "日期"), (FIRST, "退回", "2026-03-13"), ("X", "退回", "2026-03-13")]
    )
    said = disclosure("posting", "track", back)
    assert said.code == 2
    assert number in said.out
    assert place.case(number).state == "returned"
    assert disclosure("posting", "drop", "2026-001").code == 1
