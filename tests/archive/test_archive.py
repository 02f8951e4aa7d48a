"""The archive of a case: completeness, the folder and its volume, failures on the way, keeping and
destruction.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from PIL import Image

from tests import builders, pages
from tests.builders import Place, refused
from tests.counter import disclosure
from workflow.archive import folder, folder_files, retention_review, verification, volume
from workflow.archive.pieces import Piece
from workflow.base import messages
from workflow.base.errors import Conflict, Damaged, Environment, NotFound, Refused
from workflow.cases import retention, row_report
from workflow.cases.entry import Entry, Known
from workflow.casework import filing_check
from workflow.casework.desk import Desk
from workflow.casework.opened import open_case
from workflow.jobs import queue
from workflow.procedure.fold import fold
from workflow.storage import case_entries, encryption, entry_hash, file_store, sealed_texts
from workflow.storage.tables import TABLES
from workflow.upkeep import key_rotation, verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "pages_once")

FILED = date(2026, 3, 20)
OVER = date(2037, 1, 4)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank pages: these tests are about the folder, not about how its pages look."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    monkeypatch.setattr("letters.pdf.archive_pages._set", lambda template, page: out.getvalue())
    monkeypatch.setattr("letters.pdf.explanation.pdf", lambda page: out.getvalue())
    monkeypatch.setattr("workflow.archive.volume._number", lambda writer, front: None)


def png(path: Path) -> Path:
    Image.new("RGB", (300, 900), "navy").save(path)
    return path


def pdf(path: Path, pages: int = 2) -> Path:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    with path.open("wb") as out:
        writer.write(out)
    return path


def filed(place: Place, **given: Any) -> str:
    """A case that was served and filed, its folder made."""
    number = place.bring("served", **given)
    file(place, number)
    return number


def file(place: Place, number: str, on: date | str = FILED, **facts: Any) -> list[dict[str, Any]]:
    place.made()
    done = place.act("archivist", "file", number, on, **facts)
    return queue.settle(place.desk("archivist"), works=done.errands)


def where(place: Place, number: str) -> Path:
    return folder.place(place.desk(), number)


def listing(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.iterdir()}


# --- the folder


def test_the_folder_is_whole_and_the_volume_numbered(place: Place, tmp_path: Path) -> None:
    scan, image, text = pdf(tmp_path / "申请表.pdf"), png(tmp_path / "照片.png"), tmp_path / "说明.txt"
    text.write_text("说明")
    number = place.bring("served", attach=[scan, image])
    place.act("registrar", "attach", number, "2026-03-12", file=[str(text)])
    (made,) = file(place, number)
    at = where(place, number)
    assert made["path"] == str(at)
    # The checksums can be verified with the standard tool alone.
    assert (
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=at, check=False
        ).returncode
        == 0
    )
    manifest = json.loads((at / "volume.json").read_bytes())
    titles = [piece["title"] for piece in manifest["pieces"]]
    assert titles[:3] == ["政府信息公开申请登记表", "申请表.pdf", "照片.png"]
    assert titles[-1] == "办理记录"
    rows = {piece["title"]: piece for piece in manifest["pieces"]}
    assert (rows["申请表.pdf"]["pages"], rows["照片.png"]["pages"]) == ("2-3", "4")
    assert (rows["说明.txt"]["pages"], rows["说明.txt"]["remark"]) == ("", "见电子文件")
    reader = pypdf.PdfReader(at / "000-卷宗.pdf")
    # Cover and catalogue before the numbered pages, the last page after them.
    count = made["pages"]
    assert len(reader.pages) == count + 3
    assert "卷内目录" in reader.pages[1].extract_text()
    assert [reader.pages[2 + i].extract_text().split()[-1] for i in range(1, 4)] == ["2", "3", "4"]
    assert "材料齐全" in reader.pages[-1].extract_text()
    assert "张三" in reader.pages[0].extract_text()
    # The handler by name, not by the key that officers type.
    assert "handler某" in pypdf.PdfReader(next(at.glob("001-*.pdf"))).pages[0].extract_text()
    assert [str(item.title) for item in reader.outline][:2] == ["政府信息公开申请案卷", "卷内目录"]
    assert verification.verify(at, place.desk())["ours"]
    # What comes into the case afterwards is not in the folder; in itself it holds.
    place.act("archivist", "note", number, place.today, text="补充说明")
    with pytest.raises(Conflict) as caught:
        verification.verify(at, place.desk())
    assert caught.value.advice
    assert verification.verify(at)["case"] == number
    verify_record.verify(place.store, place.desk().office, with_files=True)


def test_made_again_it_is_the_same_byte_for_byte(quick: Place, tmp_path: Path) -> None:
    number = filed(quick, attach=[png(tmp_path / "照片.png")])
    first = where(quick, number)
    stamp = (first / "SHA256SUMS").stat()
    assert folder.make(quick.desk("archivist"), number, first)["unchanged"]
    assert (first / "SHA256SUMS").stat().st_ino == stamp.st_ino, "what is as it should be is not touched"
    again = Desk(quick.store, "archivist", quick.key, now=quick.now, today=lambda: date(2026, 12, 1))
    with pages.set_anew():
        folder.make(again, number, tmp_path / "another")
    assert listing(tmp_path / "another") == listing(first)


@pytest.mark.usefixtures("light")
def test_a_second_filing_adds_to_the_folder(place: Place) -> None:
    number = filed(place)
    before = json.loads((where(place, number) / "volume.json").read_bytes())["pieces"]
    # For their owner alone, wherever the folder is taken.
    assert {path.stat().st_mode & 0o777 for path in where(place, number).iterdir()} == {0o600}
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="市政府")
    place.act("legal", "remedy_decided", number, "2026-05-20", no=1, result="ordered", within=20)
    assert refused(lambda: place.act("archivist", "file", number, "2026-05-21")).kind == "refused"
    place.act("legal", "redecide", number, "2026-05-20", no=1)
    for who, event, facts in (
        ("handler", "draft", builders.GRANT),
        ("handler", "submit", {}),
        ("reviewer", "pass_review", {}),
        ("head", "pass_review", {}),
        ("handler", "issue", {}),
    ):
        place.act(who, event, number, "2026-05-25", **facts)
    place.made()
    place.act("registrar", "dispatch", number, "2026-05-25", served_by="post")
    place.act("registrar", "serve", number, "2026-05-28", proof="签收")
    file(place, number, "2026-06-01")
    at = where(place, number)
    after = json.loads((at / "volume.json").read_bytes())
    titles = [piece["title"] for piece in after["pieces"]]
    assert len(titles) > len(before)
    assert "行政复议、行政诉讼情况" in titles
    assert after["retention"] == "permanent", "a decision that was corrected is kept for good"
    assert {".new-", ".old-"} & {path.name[:5] for path in at.parent.iterdir()} == set()
    verification.verify(at, place.desk())


@pytest.mark.usefixtures("light")
def test_filed_without_service(quick: Place) -> None:
    number = quick.bring("returned")
    quick.made()
    done = quick.act("archivist", "file_unserved", number, FILED, reasons="两次退回")
    queue.settle(quick.desk("archivist"), works=done.errands)
    assert verification.verify(where(quick, number), quick.desk())["case"] == number
    assert quick.case(number).missing == []


@pytest.mark.usefixtures("light")
def test_filing_twice_is_refused(quick: Place) -> None:
    number = filed(quick)
    assert isinstance(refused(lambda: quick.act("archivist", "file", number, FILED)), Refused)


def test_a_case_that_is_not_filed_has_no_folder(quick: Place, tmp_path: Path) -> None:
    number = quick.bring("served")
    with pytest.raises(Refused):
        folder.make(quick.desk(), number, tmp_path / "x")
    assert not (tmp_path / "x").exists()


# --- what is missing


@pytest.mark.usefixtures("no_explanations")
def test_what_is_missing_is_named_and_stops_the_filing(quick: Place, tmp_path: Path) -> None:
    lost = tmp_path / "合同.txt"
    lost.write_text("合同")
    number = quick.bring("in_hand", attach=[lost])
    quick.act("handler", "consult_third_party", number, "2026-03-04", name="甲公司")
    quick.act("registrar", "withdraw", number, "2026-03-06", how="书面")
    quick.act("legal", "open_reconsideration", number, "2026-03-07", body="市政府")
    store = file_store.folder(quick.store.folder)
    digest = quick.case(number).attachments[0]["sha256"]
    (store / digest[:2] / digest[2:]).unlink()
    before = builders.digest(quick.store)
    fault = refused(lambda: quick.act("archivist", "file", number, FILED))
    assert builders.digest(quick.store) == before
    assert fault.rule
    # Withdrawal lets the consultation stand open; each thing is named.
    with quick.store.reading() as connection:
        opened = open_case(quick.desk(), connection, number)
        kinds = {
            one.kind for one in filing_check.of(connection, opened, filing_check.lost(quick.desk(), number))
        }
    assert kinds == {"letter", "file", "consultation", "remedy"}
    done = quick.act("archivist", "file", number, FILED, despite="材料毁于火灾，已报局长")
    assert {one.split(":")[0] for one in done.entry.payload["missing"]} == kinds
    case = quick.case(number)
    assert case.filed_despite == "材料毁于火灾，已报局长"
    (made,) = queue.settle(quick.desk("archivist"), works=done.errands)
    assert made["lost"] == ["合同.txt"]
    end = pypdf.PdfReader(where(quick, number) / "000-卷宗.pdf").pages[-1].extract_text()
    assert "火灾" in end.replace("\n", "")
    verify_record.verify(quick.store, quick.desk().office)


def test_an_ending_that_reached_nobody_is_named(quick: Place) -> None:
    number = quick.bring("lapsed")
    quick.made()
    fault = refused(lambda: quick.act("archivist", "file", number, "2026-04-01"))
    assert "视为放弃申请" in fault.text
    quick.act("registrar", "notice_reached", number, "2026-03-30", letter="D13")
    quick.act("archivist", "file", number, "2026-04-01")


def test_a_reason_that_is_not_needed_is_not_kept(quick: Place) -> None:
    number = quick.bring("served")
    quick.made()
    done = quick.act("archivist", "file", number, FILED, despite="以防万一")
    assert "despite" not in done.entry.payload


# --- failures on the way


@pytest.mark.usefixtures("light")
def test_an_unwritable_place_leaves_the_work_waiting(
    quick: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = quick.bring("served")
    quick.made()
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("DISCLOSURE_ARCHIVE", str(blocked))
    done = quick.act("archivist", "file", number, FILED)
    with pytest.raises(Environment):
        queue.settle(quick.desk("archivist"), works=done.errands)
    assert quick.case(number).state == "filed", "the act stands"
    (waiting,) = queue.waiting(quick.desk())
    assert (waiting.kind, waiting.attempts) == ("archive", 1)
    monkeypatch.delenv("DISCLOSURE_ARCHIVE")
    queue.settle(quick.desk("archivist"))
    assert verification.verify(where(quick, number))["case"] == number


@pytest.mark.usefixtures("light")
def test_a_full_disk_leaves_nothing_half_written(quick: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    number = filed(quick)
    at = where(quick, number)
    before = listing(at)
    quick.act("registrar", "note", number, "2026-04-01", text="补记")
    calls = iter(range(100))

    def full(handle: int) -> None:
        if next(calls) == 3:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folder_files.os, "fsync", full)
        with pytest.raises(Environment) as caught:
            folder.make(quick.desk("archivist"), number, at)
    assert "room" in caught.value.message
    assert listing(at) == before
    assert [path.name for path in at.parent.iterdir()] == [number]
    folder.make(quick.desk("archivist"), number, at)
    assert listing(at) != before


@pytest.mark.usefixtures("light")
def test_killed_between_the_two_names_the_old_folder_comes_back(
    quick: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filed(quick)
    at = where(quick, number)
    # The state left by a process that dies after moving the old folder away and before placing the new one.
    at.rename(at.with_name(f".{number}.old-abc"))
    draft = at.with_name(f".{number}.new-abc")
    draft.mkdir()
    (draft / "half").write_text("x")
    os.utime(draft, (0, 0))
    folder.make(quick.desk("archivist"), number, at)
    assert [path.name for path in at.parent.iterdir()] == [number]
    verification.verify(at, quick.desk())


@pytest.mark.usefixtures("light")
def test_nothing_strange_is_overwritten(quick: Place, tmp_path: Path) -> None:
    number = filed(quick)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "diary.txt").write_text("dear diary")
    with pytest.raises(Refused):
        folder.make(quick.desk("archivist"), number, mine)
    assert [path.name for path in mine.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("name", ["letter.pdf", "scan.png", "bomb.pdf"])
def test_what_calls_itself_a_page_and_is_none_is_kept_apart(name: str) -> None:
    for data in (
        b"",
        b"%PDF-1.7\nnot really",
        b"%PDF-1.4\n" + b"\xff" * 4000,
        b"\x89PNG\r\n\x1a\n broken",
        b"\0" * 99,
    ):
        assert volume.pages_of(Piece("materials", 1, FILED, 1, "x", name=name), data) == []


def test_a_locked_pdf_is_kept_apart() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    assert volume.pages_of(Piece("materials", 1, FILED, 1, "x", name="a.pdf"), out.getvalue()) == []


# --- its check


@pytest.fixture(scope="module")
def kept(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Place, Path]]:
    """A filed case and its folder, for tests that only look."""
    home = tmp_path_factory.mktemp("kept")
    with pages.set_once(request.node.nodeid), pytest.MonkeyPatch.context() as patched:
        for name, value in (("HOME", "data"), ("KEY_FILE", "key.json"), ("FILES", "files")):
            patched.setenv(f"DISCLOSURE_{name}", str(home / value))
        shutil.copyfile(_sqlite_template, home / "d.db")
        place = builders.found(f"sqlite:///{home / 'd.db'}")
        number = filed(place)
        yield place, where(place, number)
        place.store.close()


TAMPERED: dict[str, Any] = {
    "a changed byte": lambda at: (at / "volume.json").write_bytes((at / "volume.json").read_bytes() + b" "),
    "a manifest that cannot be read": lambda at: (at / "volume.json").write_text("{"),
    "a file too many": lambda at: (at / "extra.txt").write_text("x"),
    "a file too few": lambda at: next(at.glob("001-*")).unlink(),
    "no list": lambda at: (at / "SHA256SUMS").unlink(),
    "a list that names what is outside": lambda at: (at / "SHA256SUMS").write_text(
        "0" * 64 + "  ../key.json\n"
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_check_finds(kept: tuple[Place, Path], tmp_path: Path, what: str) -> None:
    at = tmp_path / "copy"
    shutil.copytree(kept[1], at)
    assert verification.verify(at)["files"] == len(listing(at)) - 1
    TAMPERED[what](at)
    with pytest.raises(Damaged):
        verification.verify(at)


def _rewritten(at: Path, change: Any) -> None:
    """The extract is changed, and all checksums are recomputed."""
    import hashlib

    rows = [json.loads(line) for line in (at / "ledger.jsonl").read_text().splitlines()]
    change(rows)
    (at / "ledger.jsonl").write_text("".join(entry_hash.canonical(row) + "\n" for row in rows))
    names = sorted(path.name for path in at.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256((at / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (at / "SHA256SUMS").write_text("".join(lines))


def test_an_entry_that_was_changed_shows_even_with_new_checksums(
    kept: tuple[Place, Path], tmp_path: Path
) -> None:
    at = tmp_path / "copy"
    shutil.copytree(kept[1], at)
    _rewritten(at, lambda rows: rows[1].update(on_day="2026-03-03"))
    with pytest.raises(Damaged):
        verification.verify(at)


def test_entries_made_up_as_a_whole_are_not_ours(kept: tuple[Place, Path], tmp_path: Path) -> None:
    place, source = kept
    at = tmp_path / "copy"
    shutil.copytree(source, at)

    def forged(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["actor"] = "nobody"
            entry = Entry(
                row["n"],
                row["event"],
                row["track"],
                date.fromisoformat(row["on_day"]),
                row["recorded_at"],
                row["actor"],
                row["source"],
                row["dest"],
                row["article"],
                {},
                Known(row["via"], row["login"], row["acting_for"]),
            )
            row["hash"] = entry_hash.digest(
                row["office_id"], row["seq"], row["case_id"], entry, row["payload"], row["prev_hash"]
            )

    _rewritten(at, forged)
    manifest = json.loads((at / "volume.json").read_bytes())
    manifest["last_hash"] = json.loads((at / "ledger.jsonl").read_text().splitlines()[-1])["hash"]
    (at / "volume.json").write_text(json.dumps(manifest))
    _rewritten(at, lambda rows: None)
    verification.verify(at)  # in itself it is consistent
    with pytest.raises(Damaged):
        verification.verify(at, place.desk())


# --- how long it is kept


@pytest.mark.parametrize(
    ("road", "remedy", "expected"),
    [
        ("served", None, "y10"),
        ("withdrawn", None, "y10"),
        ("served", "maintained", "y30"),
        ("served", "annulled", "permanent"),
    ],
)
def test_the_class_follows_from_outcome_and_remedy(
    quick: Place, road: str, remedy: str | None, expected: str
) -> None:
    number = quick.bring(road)
    if remedy:
        quick.act("legal", "open_reconsideration", number, "2026-03-15", body="市政府")
        quick.act("legal", "remedy_decided", number, "2026-03-16", no=1, result=remedy)
    quick.made()
    quick.act("archivist", "file", number, FILED)
    row = quick.row(number)
    assert row["retention"] == expected
    years = {"y10": 10, "y30": 30}.get(expected)
    assert row["keep_until"] == (date(2026 + years, 12, 31) if years else None)


def test_a_remedy_after_the_filing_lengthens_the_time(place: Place) -> None:
    number = place.bring("filed")
    assert place.row(number)["retention"] == "y10"
    place.act("legal", "open_suit", number, "2026-04-01", kind="direct", body="法院")
    assert place.row(number)["keep_until"] == date(2056, 12, 31)
    place.act("legal", "remedy_decided", number, "2026-05-01", no=1, result="annulled")
    assert (place.row(number)["retention"], place.row(number)["keep_until"]) == ("permanent", None)
    verify_record.verify(place.store, place.desk().office)


def test_every_class_has_a_rule_and_the_last_fits_all() -> None:
    assert set(retention.classes()) == {"permanent", "y30", "y10"}
    assert retention.longer("y10", "permanent") == "permanent"


def test_the_review_lists_what_is_over(quick: Place) -> None:
    one, two = quick.bring("filed"), quick.bring("filed")
    quick.act("archivist", "keep_longer", two, "2026-04-01", until="2046-12-31", why="仍有查考价值")
    desk = quick.desk("archivist")
    assert [row["number"] for row in retention_review.due(desk, OVER)] == [one]
    assert list(retention_review.due(desk, date(2036, 12, 31))) == [], "the last day still belongs to it"
    assert [row["number"] for row in retention_review.due(desk, date(2047, 1, 1))] == [one, two]
    fault = refused(
        lambda: quick.act("archivist", "keep_longer", two, "2026-04-02", until="2040-01-01", why="x")
    )
    assert "2046-12-31" in fault.text


def test_nothing_is_destroyed_before_its_time_or_by_one_person(quick: Place) -> None:
    number = quick.bring("filed")
    with pytest.raises(Refused):
        quick.act("archivist", "propose_destruction", number, "2026-04-01", why="太早")
    with pytest.raises(Refused):
        quick.act("head", "destroy", number, "2026-04-01", why="未提出")
    with pytest.raises(Refused):
        quick.act("archivist", "destroy", number, "2026-04-01", why="不是审批人")


# --- the end: what stays, and what does not

SECRETS = (
    "张三",
    "城东片区征收补偿方案",
    "甲化工集团",
    "核心工艺参数",
    "平安路12号",
    "签收回执",
    "李处长口头意见",
    "拆迁合同",
)


def destroyed(place: Place, tmp_path: Path) -> tuple[str, list[tuple[Any, ...]]]:
    """A destroyed case that contained many names; its number and the statistics before."""
    number = over(place, tmp_path)
    before = statistics(place)
    destroy(place, number)
    return number, before


def over(place: Place, tmp_path: Path) -> str:
    """A filed case that contains many names; its number."""
    paper = tmp_path / "拆迁合同.txt"
    paper.write_text("拆迁合同")
    number = place.bring("in_hand", attach=[paper])
    place.act("handler", "consult_third_party", number, "2026-03-04", name="甲化工集团")
    place.act(
        "registrar", "opinion_given", number, "2026-03-05", no=1, answer="agree", reasons="核心工艺参数"
    )
    place.act("handler", "note", number, "2026-03-05", text="李处长口头意见")
    place.walk(number, [step for step in builders.ROADS["served"] if step not in builders.ROADS["in_hand"]])
    place.desk().amend(number, "applicant-name", "张三丰", "登记有误")
    file(place, number)
    return number


def destroy(place: Place, number: str) -> None:
    """Destroy a case whose time is over, with the work that follows."""
    place.today = OVER
    archivist, head = place.desk("archivist"), place.desk("head")
    retention_review.decide(archivist, number, until=None, destroy=True, reason="期满，无继续保存价值")
    done = retention_review.approve(head, number, "鉴定小组同意")
    queue.settle(head, works=done.errands)


def statistics(place: Place) -> list[tuple[Any, ...]]:
    cases = TABLES["case_file"]
    names = (
        "number",
        "applicant_kind",
        "channel",
        "outcome",
        "report_row",
        "counted_on",
        "received_on",
        "finished_on",
        "replied_on",
        "served_on",
        "filed_on",
        "grounds",
        "retention",
        "keep_until",
    )
    with place.store.reading() as connection:
        return [
            tuple(row)
            for row in connection.execute(sa.select(*(cases.c[name] for name in names)).order_by(cases.c.id))
        ]


@pytest.mark.usefixtures("light")
def test_destroyed_the_names_are_gone_and_the_figures_stay(place: Place, tmp_path: Path) -> None:
    number, before = destroyed(place, tmp_path)
    assert statistics(place) == before
    verify_record.verify(place.store, place.desk().office, with_files=True)
    from workflow.upkeep import backup

    assert backup.backup(place.store, tmp_path / "after.zip")["missing"] == [], (
        "what was destroyed is not missing"
    )
    row = place.row(number)
    assert (row["applicant_name"], row["request"], row["applicant_mark"]) == (
        sealed_texts.mark(),
        sealed_texts.mark(),
        "",
    )
    assert row["destroyed_on"] == OVER
    contents = repr(builders.contents(place.store))
    for secret in SECRETS:
        assert secret not in contents, secret
    # Why it was destroyed stays readable, and by whom.
    assert "鉴定小组同意" in contents
    assert not where(place, number).exists()
    case = place.case(number)
    assert (case.state, case.destroyed, case.applicant["kind"]) == ("filed", OVER, "natural_person")
    assert row_report.columns(case)["report_row"] == row["report_row"]
    # Nothing can be entered any more, and it is looked at without harm.
    for call in (
        lambda: place.act("registrar", "note", number, OVER, text="x"),
        lambda: place.desk().reveal(number, "好奇"),
        lambda: place.desk("registrar").amend(number, "received-on", OVER.isoformat(), "笔误"),
        lambda: place.desk("registrar").amend(number, "applicant-name", "李四", "笔误"),
        lambda: place.act("legal", "open_suit", number, OVER, kind="direct", body="法院"),
    ):
        assert isinstance(refused(call), Refused | NotFound)
    said = disclosure("show", number, "--as", "archivist", "--db", place.store.url)
    assert said.code == 0
    assert sealed_texts.mark() in said.out


@pytest.mark.usefixtures("light")
def test_destroyed_the_bytes_are_gone_from_the_disk(quick: Place, tmp_path: Path) -> None:
    number, _ = destroyed(quick, tmp_path)
    quick.store.close()
    root = Path(quick.store.folder)
    for path in (*root.rglob("*"), *file_store.folder(root).rglob("*")):
        if path.is_file() and path.name != "拆迁合同.txt":
            raw = path.read_bytes()
            for secret in SECRETS:
                assert secret.encode() not in raw, (path, secret)


def _without_heads(segment: bytes) -> Iterator[bytes]:
    """What a segment of PostgreSQL's log says, page by page: the head of the first is longer."""
    for at in range(0, len(segment), 8192):
        yield segment[at + (24 if at else 40) : at + 8192]


@pytest.mark.postgres
@pytest.mark.usefixtures("light")
def test_what_the_handbook_says_clears_postgresql(
    postgres_server: Any, _postgres_template: str, home: Path, tmp_path: Path
) -> None:
    """Afterwards neither a name nor the key of the case is in any file of the database, nor the key in the
    log of the server."""
    name = postgres_server.create(_postgres_template)
    place = builders.found(postgres_server.url(name))
    owner = sa.create_engine(place.store.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    told = (Path(__file__).parent.parent.parent / "docs/archive.md").read_text("utf-8")
    beforehand, afterwards = (part.partition("```")[0] for part in told.split("```sql\n")[1:3])
    data = postgres_server.folder / "data"
    log = data / "pg_wal"

    def run(steps: str) -> None:
        with owner.connect() as connection:
            for step in steps.split(";")[:-1]:
                connection.exec_driver_sql(step)

    def left(folder: Path, secrets: Iterable[str]) -> list[str]:
        pieces = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
        # What is written in the log goes on over its pages, each of which begins with a head of its own.
        raw = b"".join(pieces if folder != log else itertools.chain(*map(_without_heads, pieces)))
        return [secret for secret in secrets if secret.encode() in raw]

    try:
        run(beforehand)
        number = over(place, tmp_path)
        with place.store.reading() as connection:
            keys = list(connection.execute(sa.select(TABLES["case_key"].c.wrapped)).scalars())
            oid = "SELECT oid FROM pg_database WHERE datname = current_database()"
            files = data / "base" / str(connection.exec_driver_sql(oid).scalar_one())
        destroy(place, number)
        place.store.close()
        run("CHECKPOINT;")
        assert left(files, SECRETS)
        assert left(log, keys) == keys
        run(afterwards)
        assert left(files, [*SECRETS, *keys]) == []
        assert left(log, keys) == []
    finally:
        run("ALTER SYSTEM RESET wal_recycle; SELECT pg_reload_conf();")
        postgres_server.drop(name)


@pytest.mark.usefixtures("light")
def test_a_file_that_another_case_has_stays(quick: Place, tmp_path: Path) -> None:
    paper = tmp_path / "拆迁合同.txt"
    paper.write_text("拆迁合同")
    other = quick.receive(attach=[paper]).case
    destroyed(quick, tmp_path)
    assert (
        file_store.read(file_store.folder(quick.store.folder), other.attachments[0]["sha256"])
        == "拆迁合同".encode()
    )
    verify_record.verify(quick.store, quick.desk().office, with_files=True)


def test_a_request_that_was_corrected_by_items_is_destroyed_too(place: Place) -> None:
    received = builders.OLD
    number = place.bring("correction_asked", on=received)
    place.act("registrar", "correct", number, received + timedelta(days=9), items=["甲镇名单", "乙镇名单"])
    place.act("registrar", "withdraw", number, received + timedelta(days=10), how="书面")
    place.made()
    place.act("archivist", "file", number, received + timedelta(days=11), despite="无")
    place.act("archivist", "propose_destruction", number, builders.TODAY, why="期满")
    place.act("head", "destroy", number, builders.TODAY, why="同意")
    queue.settle(place.desk("archivist"))
    verify_record.verify(place.store, place.desk().office, with_files=True)
    assert "镇名单" not in repr(builders.contents(place.store))


def test_the_index_forgets_once_for_several_destroyed_cases(quick: Place) -> None:
    """Its delete only marks what is gone, and keeps the words."""
    for item in ("渡口名单", "码头名单"):
        number = quick.bring("registered", on=builders.OLD, items=[item], request=item)
        quick.act("registrar", "withdraw", number, builders.OLD + timedelta(days=11), how="书面")
        quick.made()
        quick.act("archivist", "file", number, builders.OLD + timedelta(days=12), despite="无")
        quick.act("archivist", "propose_destruction", number, builders.TODAY, why="期满")
        quick.act("head", "destroy", number, builders.TODAY, why="同意")
    said: list[str] = []
    sa.event.listen(quick.store.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    assert "渡".encode() in index(quick)
    queue.settle(quick.desk("archivist"))
    assert "渡".encode() not in index(quick)
    assert sum("optimize" in one for one in said) == 1


def index(place: Place) -> bytes:
    with place.store.reading() as connection:
        return b"".join(connection.exec_driver_sql("SELECT block FROM search_index_data").scalars())


def test_a_remedy_after_the_proposal_stops_the_destruction(place: Place) -> None:
    number = place.bring("filed", on=builders.OLD)
    place.act("archivist", "propose_destruction", number, builders.TODAY, why="期满")
    place.act("legal", "open_reconsideration", number, builders.TODAY, body="市政府")
    before = builders.digest(place.store)
    assert refused(lambda: place.act("head", "destroy", number, builders.TODAY, why="同意")).rule
    assert builders.digest(place.store) == before
    place.act("legal", "remedy_decided", number, builders.TODAY, no=1, outcome="upheld", redecide="no")
    fault = refused(lambda: place.act("head", "destroy", number, builders.TODAY, why="同意"))
    assert str(place.row(number)["keep_until"]) in fault.text, "it is kept longer now"


def test_the_tracking_number_of_a_destroyed_case_is_gone(quick: Place, tmp_path: Path) -> None:
    from workflow.delivery import batches, post_office

    received, tracking = builders.OLD, "1054321987654"
    number = quick.bring("issued", on=received)
    quick.made()
    batch = batches.make(quick.desk(), received + timedelta(days=7))
    given = tmp_path / "numbers.csv"
    given.write_text(f"place,tracking\n1,{tracking}\n")
    post_office.post(quick.desk(), batch.number, received + timedelta(days=7), given)
    quick.act("registrar", "serve", number, received + timedelta(days=9), proof="签收")
    quick.act("archivist", "file", number, received + timedelta(days=10))
    assert tracking in repr(builders.contents(quick.store))
    quick.act("archivist", "propose_destruction", number, builders.TODAY, why="期满")
    quick.act("head", "destroy", number, builders.TODAY, why="同意")
    assert tracking not in repr(builders.contents(quick.store))


def test_a_letter_that_is_not_made_is_told_by_its_name() -> None:
    with messages.speaking("zh_CN"):
        assert filing_check.Missing("letter", "P13").text == "文书未生成：政府信息公开文书送达回证"
        assert filing_check.Missing("letter", "甲复〔2026〕1号").text == "文书未生成：甲复〔2026〕1号"
    assert filing_check.Missing("letter", "P13").key == "letter:P13"


def test_the_name_of_a_lost_file_is_not_kept_open(quick: Place, tmp_path: Path) -> None:
    paper = tmp_path / "王五身份证.txt"
    paper.write_text("x")
    number = quick.bring("withdrawn", attach=[paper])
    quick.made()
    digest = quick.case(number).attachments[0]["sha256"]
    file_store.remove(file_store.folder(quick.store.folder), digest)
    assert "王五" in refused(lambda: quick.act("archivist", "file", number, FILED)).text
    done = quick.act("archivist", "file", number, FILED, despite="遗失")
    assert done.entry.payload["missing"] == [f"file:{digest[:12]}"]
    (one,) = quick.case(number).missing
    assert filing_check.of_key(one, quick.case(number)).what == f"王五身份证.txt {digest[:12]}"
    with quick.store.reading() as connection:
        assert "王五" not in repr(connection.execute(sa.select(TABLES["ledger"])).all())


def test_the_proposer_cannot_approve(quick: Place) -> None:
    Desk(quick.store, "head", quick.key)
    from workflow.office import founding

    founding.add_officer(quick.desk("head"), {"key": "both", "name": "两职", "roles": "archivist,approver"})
    number = quick.bring("filed")
    quick.today = OVER
    quick.act("both", "propose_destruction", number, OVER, why="期满")
    assert "两职" in refused(lambda: quick.act("both", "destroy", number, OVER, why="同意")).text
    quick.act("head", "destroy", number, OVER, why="同意")


def test_without_the_key_file_names_are_marks_and_nothing_else_changes(quick: Place, home: Path) -> None:
    number = quick.bring("served")
    (home / "key.json").rename(home / "away.json")
    with quick.store.reading() as connection:
        entries = case_entries.entries(connection, 1)
    case = fold(entries, number=number)
    assert (case.applicant["name"], case.state, case.items) == (
        sealed_texts.mark(),
        "served",
        [sealed_texts.mark()],
    )
    assert verify_record.verify(quick.store, quick.desk().office).cases == 1
    (home / "away.json").rename(home / "key.json")
    assert quick.case(number).applicant["name"] == "张三"


# --- a new master key


def test_the_master_key_is_replaced_and_everything_still_opens(place: Place, home: Path) -> None:
    numbers = [place.bring("served") for _ in range(2)]
    with pytest.raises(Refused):
        key_rotation.rotate(place.desk("registrar"))
    made = key_rotation.rotate(place.desk("head"))
    assert (made["cases"], made["keys"]) == (2, 2)
    assert key_rotation.older(place.desk("head")) == 0
    # The old master key is needed no more: without it everything opens.
    ring = encryption.load(home / "key.json")
    assert ring.current == made["key"]
    slim = json.loads((home / "key.json").read_text())
    slim["keys"] = {ring.current: slim["keys"][ring.current]}
    (home / "key.json").write_text(json.dumps(slim))
    place.store.close()
    fresh = Desk(place.store, "head", place.key)
    for number in numbers:
        _done, plain = fresh.reveal(number, "核对")
        assert plain["address"] == "江州市平安路12号"
    assert verify_record.verify(place.store, fresh.office, with_files=True).keys == 2
    assert key_rotation.rotate(fresh, resume=True)["cases"] == 0


# --- by command


@pytest.mark.usefixtures("light")
def test_by_command(quick: Place, tmp_path: Path) -> None:
    number = quick.bring("served")
    quick.made()
    me = ("--as", "archivist", "--db", quick.store.url, "--json")
    said = disclosure("file", number, "--on", FILED.isoformat(), *me)
    assert said.code == 0, said.err
    at = where(quick, number)
    assert said.json["state"] == "filed"
    assert disclosure("archive", "verify", at, *me).json["ours"] is True
    out = tmp_path / "elsewhere"
    assert disclosure("archive", number, "--out", out, *me).json["path"] == str(out)
    assert disclosure("archive", "verify", out, "--alone", *me).json["case"] == number
    (out / "ledger.jsonl").write_text("")
    assert disclosure("archive", "verify", out, *me).code == 5
    assert disclosure("retention", "review", "--on", "2037-01-04", *me).json[0]["number"] == number
    assert disclosure("retention", "review", "--on", "2030-01-04", *me).json == []
    said = disclosure("retention", "decide", number, "--keep-until", "2050-12-31", "--reason", "研究", *me)
    assert said.code == 0, said.err
    assert disclosure("retention", "decide", number, "--reason", "x", *me).code == 2
    said = disclosure("key", "rotate", "--as", "head", "--db", quick.store.url, "--json")
    assert said.json["cases"] == 1


def test_what_is_printed_is_said_in_words(quick: Place) -> None:
    """No code of ours, no check sum and no lone apostrophe stands on a page or in the catalogue."""
    number = filed(quick)
    at = where(quick, number)
    said = "".join(page.extract_text() for page in pypdf.PdfReader(next(at.glob("*办理记录*.pdf"))).pages)
    assert "予以公开" in "".join(said.split())
    for code in ("granted", "in_person", "served", "post", "partial"):
        assert code not in said
    clocks = "".join(page.extract_text() for page in pypdf.PdfReader(next(at.glob("*期限计算*.pdf"))).pages)
    assert "节假日安排已公布至" in "".join(clocks.split())
    assert not re.search(r"\d{4}\.[0-9a-f]{8}", clocks)
    rows = list(csv.reader(io.StringIO((at / "000-卷内目录.csv").read_text(encoding="utf-8-sig"))))
    assert "" in rows[1]
    assert not any(cell in ("'", "''") for row in rows for cell in row)
