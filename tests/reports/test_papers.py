"""Papers of the house: sheets that are printed and signed, read back as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from tests.documents.test_accessible import sound

CITES_NOTHING = "依据《中华人民共和国政府信息公开条例》第九十九条，属于内部事务信息"


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def text(path: Path) -> str:
    """What stands on the pages, without line breaks and spaces."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


def test_the_approval_sheet_says_what_is_proposed_checked_and_said(place: Place, home: Path) -> None:
    number = place.bring("legal_review")
    said = disclosure("paper", "approval", number, "--json")
    assert said.code == 0, said.err
    assert said.json["path"] == f"{number}-张某-呈批单.pdf"
    path = home / said.json["path"]
    sound(path)
    told = text(path)
    for part in (
        "政府信息公开申请答复呈批单",
        f"登记编号{number}",
        "2026年3月30日届满",
        "处理结果：不予公开",
        "属于本机关车辆调度的内部事务信息",
        "科室审核通过。",
        "reviewer某（办公室）2026年3月6日",
        "法制审核意见：（签名）",
        "负责人审批意见：（签名）",
        "办理结果尚未编号印发",
    ):
        assert part in told, part
    assert "320500199001010017" not in told
    assert "平安路" not in told


def test_the_approval_sheet_counts_what_the_check_does_not_pass(place: Place, home: Path) -> None:
    number = place.bring("in_hand")
    place.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, "reasons": CITES_NOTHING})
    assert disclosure("paper", "approval", number, "-o", "a.pdf", "--as", "handler").code == 0
    told = text(home / "a.pdf")
    failed = disclosure("letter", "check", number, "--as", "handler", "--json").json["blocking"]
    assert failed
    assert f"不符合{len(failed)}项" in told


def test_the_sheet_of_a_reply_that_was_issued_names_it(place: Place, home: Path) -> None:
    number = place.bring("dispatched")
    assert disclosure("paper", "approval", number, "-o", "a.pdf").code == 0
    told = text(home / "a.pdf")
    assert "出文前审核已通过" in told
    assert f"编号印发：{place.case(number).replies[0].number}（予以公开）" in told
    assert "法制审核" not in told, "the route of a full grant has no such step"


def test_without_a_draft_there_is_nothing_to_approve(place: Place) -> None:
    number = place.bring("in_hand")
    said = disclosure("paper", "approval", number, "--json")
    assert said.code == 1
    assert number in said.fault["message"]


def test_the_handling_sheet_gives_times_course_and_letters(place: Place, home: Path) -> None:
    number = place.bring("in_hand", name="江南机械有限公司", kind="commercial_enterprise", id_number=None)
    place.act("handler", "consult_third_party", number, "2026-03-06", name="甲公司")
    said = disclosure("paper", "handling", number, "-o", home, "--json")
    assert said.code == 0, said.err
    path = home / f"{number}-江南机械有限公司-办理单.pdf"
    assert said.json["path"] == str(path)
    sound(path)
    told = text(path)
    for part in (
        "答复期限",
        "第三方",
        "甲公司",
        "登记",
        "征求意见确认函",
        "办理情况意见：",
        "handler某（办公室）",
    ):
        assert part in told, part
