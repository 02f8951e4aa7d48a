"""Papers of the house: sheets that are printed and signed, read back as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdf
import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from tests.documents.test_accessible import sound
from workflow.base import messages
from workflow.base.errors import NotFound
from workflow.jobs import queue
from workflow.reports.papers import answer as drafting
from workflow.reports.papers import change as changing
from workflow.reports.papers import contested as contests
from workflow.reports.papers import evidence

pytestmark = pytest.mark.usefixtures("repeated_roads")

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
    place.act("handler", "note", number, "2026-03-06", text="误记")
    assert disclosure("undo", number, "--reason", "误记", "--yes", "--as", "handler").code == 0
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
    assert "undo" not in told


# --- for a reconsideration


def contested(place: Place, **facts: str) -> str:
    number = place.bring("served")
    place.act(
        "legal",
        "open_reconsideration",
        number,
        "2026-04-07",
        body="江南省民政厅",
        reference="江民复〔2026〕3号",
        **facts,
    )
    return number


@pytest.mark.parametrize(
    ("procedure", "due", "other"),
    [("ordinary", "2026-04-21", "4月14日"), ("simple", "2026-04-14", "4月21日")],
)
def test_the_draft_of_the_answer_says_its_last_day_by_the_procedure(
    place: Place, home: Path, procedure: str, due: str, other: str
) -> None:
    number = contested(place, procedure=procedure)
    if procedure == "simple":
        said = disclosure("paper", "answer", number, "-o", "a.pdf", "--json")
        assert said.code == 0, said.err
        assert said.json["due"] == due
        sound(home / "a.pdf")
        told = text(home / "a.pdf")
    else:
        with messages.speaking("zh_CN"):
            page = drafting.page(contests.of(place.desk("legal"), number, 1))
        told = "".join(json.dumps(page, ensure_ascii=False).replace('", "', "").split())
        assert due.replace("2026-04-", "2026年4月") in told
    for part in (
        "行政复议法》第五十四条第一款" if procedure == "simple" else "行政复议法》第四十八条",
        f"则至2026年{other}届满",
        "江南省民政厅",
        "2026年3月2日，本机关收到申请人提出的政府信息公开申请",
        f"《政府信息公开申请答复书（予以公开）》（{place.case(number).replies[0].number}）：予以公开",
        "于2026年3月11日送达",
        "二、关于行政行为的合法性",
        "三、关于行政行为的适当性",
        "本机关于2026年3月9日答复，在期限之内",
        "第1项，答复适用《中华人民共和国政府信息公开条例》第三十六条第（二）项",
        "行政复议申请",
        "〔待填写：裁量是否适当",
        "〔待填写：请求行政复议机关作出的决定",
    ):
        assert part in told, part
    # The Regulations of 2026 were not in force on the day of receipt.
    assert "不得仅委托律师" not in told


def test_silence_is_not_written_as_an_answer(place: Place, home: Path) -> None:
    number = place.bring("in_hand")
    place.act("legal", "open_reconsideration", number, "2026-07-06", body="江南省民政厅")
    assert disclosure("paper", "answer", number, "-o", "a.pdf").code == 0
    told = text(home / "a.pdf")
    assert "登记中没有这一轮的答复：不得写作已经答复" in told
    assert "截至2026年7月6日，本机关未作出答复" in told
    assert "日答复，在期限之内" not in told
    assert "不得仅委托律师（《中华人民共和国行政复议法实施条例》第十八条第二款）" in told
    assert "合法性、适当性" in told


def test_what_came_on_paper_without_a_copy_has_to_be_added(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("handler", "consult_third_party", number, "2026-03-05", name="甲公司", address="江州市1号")
    place.act("handler", "opinion_given", number, "2026-03-10", no=1, answer="object", reasons="商业秘密")
    about = SimpleNamespace(entries=builders.entries(place, number), case=place.case(number))
    items = list(
        evidence._papers_to_add(
            SimpleNamespace(about=about, remedy=SimpleNamespace(received=builders.day("2026-04-07")))
        )
    )  # type: ignore[arg-type]
    assert [(one.name, one.pages) for one in items] == [
        ("政府信息公开申请", None),
        ("甲公司的书面意见", None),
    ]
    assert evidence.citations.ascending(["ogi2019:36.0.3", "ogi2019:15"]) == ["ogi2019:15", "ogi2019:36.0.3"]


def test_the_list_of_evidence_numbers_what_the_record_holds(place: Place, home: Path) -> None:
    form = home / "申请表.pdf"
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        pdf.save(form)
    number = place.bring("issued", attach=[form])
    queue.settle(place.desk())
    place.act("registrar", "dispatch", number, "2026-03-09", served_by="post", tracking="XA320500009CN")
    place.act("registrar", "serve", number, "2026-03-11", proof="签收回执")
    place.act("legal", "open_reconsideration", number, "2026-04-07", body="江南省民政厅", procedure="simple")
    said = disclosure("paper", "evidence", number, "-o", "e.pdf", "--json")
    assert said.code == 0, said.err
    items = said.json["items"]
    assert [one["no"] for one in items] == list(range(1, len(items) + 1))
    assert [one["on"] for one in items] == sorted(one["on"] for one in items)
    shown = {one["name"]: one for one in items}
    assert shown["申请表.pdf"]["pages"] == 3
    assert shown["申请表.pdf"]["source"] == "申请人提交"
    reply = shown[f"政府信息公开申请答复书（予以公开）（{place.case(number).replies[0].number}）"]
    assert reply["purpose"] == "答复的内容、依据、日期和救济告知"
    assert reply["pages"] >= 1
    assert shown["交寄凭证（邮件号XA320500009CN）"]["on"] == "2026-03-09"
    assert shown["送达凭证：签收回执"]["pages"] is None
    assert shown["送达凭证：签收回执"]["source"].startswith("〔待填写")
    sound(home / "e.pdf")
    told = text(home / "e.pdf")
    assert "《中华人民共和国政府信息公开条例》第三十六条第（二）项" in told
    assert f"共{len(items)}件" in told


def test_nothing_is_written_for_a_remedy_that_there_is_not(place: Place) -> None:
    number = place.bring("served")
    for paper in ("answer", "evidence"):
        assert disclosure("paper", paper, number).code == 3
    place.act("legal", "open_suit", number, "2026-04-07", kind="direct", body="江州市姑江区人民法院")
    assert disclosure("paper", "answer", number).code == 3
    assert disclosure("paper", "evidence", number, "-o", "e.pdf").code == 0
    told = text(Path("e.pdf"))
    assert "人民法院江州市姑江区人民法院" in told
    assert "被告江州市民政局" in told
    assert "原告张三" in told


def test_a_reply_that_was_changed_meanwhile_is_told_to_who_decides(place: Place) -> None:
    """法释〔2018〕1号第八十一条 binds the defendant; of the form before the other organ nothing is said."""
    number = place.bring("served")
    place.act("legal", "open_suit", number, "2026-04-07", kind="direct", body="江州市姑江区人民法院")
    place.act("legal", "open_reconsideration", number, "2026-04-07", body="江南省民政厅", by="third_party")
    first = place.case(number).replies[0].number

    def told(no: int) -> str:
        with messages.speaking("zh_CN"):
            page = changing.page(contests.of(place.desk("legal"), number, no))
        return "".join(json.dumps(page, ensure_ascii=False).replace('", "', "").split())

    assert isinstance(builders.refused(lambda: told(1)), NotFound)
    place.act("head", "redo_reply", number, "2026-04-08", reasons="适用依据错误")
    before = told(1)
    assert "答复印发后再发出本函" in before
    assert "〔待填写：重新作出或者补充的答复" in before
    place.act("handler", "draft", number, "2026-04-09", **builders.GRANT)
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("head", "pass_review"),
        ("handler", "issue"),
    ):
        place.act(who, event, number, "2026-04-09")
    after = told(1)
    for part in (
        "被告在一审期间改变被诉行政行为的，应当书面告知人民法院（《最高人民法院关于适用《中华人民共和国行政诉讼法》的解释》",
        "第八十一条",
        f"（{first}）",
        "适用依据错误。2026年4月8日，本机关依职权决定撤销上述答复并重新答复",
        f"（{place.case(number).replies[-1].number}）：予以公开",
        "原告",
    ):
        assert part in after, part
    other = told(2)
    assert "《中华人民共和国行政复议法》第六十五条第二款第（二）项" in other
    assert "人民法院应当" not in other
    assert "〔待填写：申请行政复议或者起诉的第三方" in other
