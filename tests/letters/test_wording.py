"""What letters say: grounds named, those consulted told once, a new reply after the old one was set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from letters.content import compose, kinds, specimens
from workflow import law

L = law.bundled()
Change = Callable[[dict[str, Any]], None]


def body(code: str, ground: str | None = None, change: Change = lambda data: None, **how: Any) -> str:
    data = specimens.data(code, ground, **how)
    change(data)
    if data["decision"]:
        received = date.fromisoformat(data["case"]["received_on"])
        code = kinds.for_decision(data["decision"]["items"], received, L)
    content = compose.letter(code, data, L)
    return "\n".join(block["text"] for block in content["blocks"] if "text" in block)


def row(**values: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        item = data["decision"]["items"][0]
        extra = {**(item.get("extra") or {}), **values.pop("extra", {})}
        item.update(values, extra=extra)

    return change


def put(path: str, value: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        *above, last = path.split(".")
        for key in above:
            data = data[key]
        data[last] = value

    return change


# --- why a correction is asked for


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ([], "你的申请内容不明确，本机关无法据此确定所申请公开的政府信息"),
        (["description"], "你的申请内容不明确"),
        (["identity"], "没有写明申请人的姓名或者名称、联系方式，或者没有附身份证明"),
        (["form"], "没有写明所需政府信息的形式要求"),
        (["authority"], "没有提交写明委托事项和权限的授权委托书"),
    ],
)
def test_a_correction_and_its_lapse_name_what_the_application_lacks(lacks: list[str], said: str) -> None:
    for code, outcome in (("P3", None), ("D13", "lapsed_correction")):
        text = body(code, None, put("extra.lacks", lacks), outcome=outcome)
        assert said in text
        assert ("申请内容不明确" in text) == (lacks in ([], ["description"]))


def test_two_things_that_are_lacking_are_both_named() -> None:
    text = body("P3", None, put("extra.lacks", ["identity", "authority"]))
    assert "身份证明；你委托代理人提出申请" in text


# --- grounds


def test_the_danger_is_named_and_all_four_only_where_none_is() -> None:
    assert "可能危及公共安全：" in body("D4c")
    unnamed = row(reasons="该信息列明薄弱部位，可能被用于破坏。", extra={"danger": "可能被用于破坏"})
    assert "可能危及国家安全、公共安全、经济安全、社会稳定：" in body("D4c", None, unnamed)


def test_the_kind_of_internal_and_process_information_is_named() -> None:
    assert "属于人事管理、后勤管理方面的内部事务信息" in body("D4e", "internal_affairs")
    assert "属于后勤管理方面的内部事务信息" in body(
        "D4e", None, row(extra={"kind": "后勤管理"}, reasons="派车单。")
    )
    text = body("D4f")
    assert "属于讨论记录，系本机关在履行行政管理职能过程中形成的过程性信息" in text
    assert "且法律、法规、规章没有规定该信息应当公开" in text
    assert "没有规定该信息应当公开" in body("D4g")
    assert "没有规定该信息应当公开" not in body("D4g", on=date(2018, 5, 21))


def test_the_harm_follows_from_what_is_disclosed() -> None:
    assert "你申请公开的信息公开后会对第三方合法权益造成损害" in body("D4d", "other_third_party")


# --- consultations


def asked(no: int, **values: Any) -> dict[str, Any]:
    return {
        "no": no,
        "kind": "third_party",
        "name": f"第{no}家公司",
        "items": [no],
        "sent": "2026-04-27",
        "answer": "object",
        "answered": "2026-04-29",
        "state": "answered",
        **values,
    }


def test_two_third_parties_are_told_apart_by_their_items_or_told_of_together() -> None:
    apart = body("D3", None, put("consultations", [asked(1, answer="agree"), asked(2)]))
    assert "因第一项信息公开后可能损害第三方合法权益" in apart
    assert "因第二项信息公开后可能损害第三方合法权益" in apart
    together = body("D3", None, put("consultations", [asked(1, items=[2]), asked(2)]))
    assert together.count("征求") == 1
    assert "分别书面征求相关第三方意见。各第三方均于2026年4月29日答复不同意公开" in together
    assert "因第二项信息公开后" in together
    on_days = [asked(1, items=[2]), asked(2, sent="2026-04-28", answered="2026-05-06")]
    text = body("D3", None, put("consultations", on_days))
    assert text.count("征求") == 1
    assert "本机关于2026年4月27日、2026年4月28日分别书面征求相关第三方意见。" in text
    assert "各第三方分别于2026年4月29日、2026年5月6日答复不同意公开" in text


def test_why_an_objection_is_unfounded_is_told() -> None:
    def change(data: dict[str, Any]) -> None:
        data["consultations"] = [asked(1)]
        row(extra={"objection_unfounded": "该报价已在中标公告中公布"})(data)

    text = body("D1", None, change)
    assert "经审查，第三方不同意公开的理由不成立：该报价已在中标公告中公布。" in text


def test_what_was_not_sent_to_the_third_party_is_not_said_to_have_been() -> None:
    def change(told: bool) -> Change:
        return put("consultations", [asked(1, public_interest="涉及公共卫生", told=told)])

    assert "并已将决定公开的内容和理由书面告知第三方" in body("D1", None, change(True))
    unsent = body("D1", None, change(False))
    assert "可能对公共利益造成重大影响，决定予以公开。" in unsent
    assert "书面告知第三方" not in unsent


# --- a new reply


AFTER = {
    "kind": "reconsideration",
    "body": "江南省人民政府",
    "number": "江政复决〔2026〕8号",
    "on": "2026-04-01",
    "result": "annulled",
    "ordered": True,
    "earlier": "某交公开〔2026〕3号",
    "earlier_on": "2026-01-20",
}


def test_a_new_reply_names_the_decision_and_the_old_reply() -> None:
    text = body("D1", None, put("after", AFTER))
    assert (
        "本机关曾于2026年1月20日对你的上述申请作出答复（某交公开〔2026〕3号）。2026年4月1日，江南省人民政府作出"
        "行政复议决定（江政复决〔2026〕8号），撤销了该答复，责令本机关重新答复。现依照该行政复议决定重新答复。"
    ) in text


@pytest.mark.parametrize("kind", ["suit_direct", "suit_after_reconsideration"])
def test_a_new_reply_after_a_judgment_on_silence(kind: str) -> None:
    told = {
        **AFTER,
        "kind": kind,
        "number": "（2026）苏01行初8号",
        "body": "江州市中级人民法院",
        "result": "ordered",
        "ordered": False,
    }
    text = body("D1", None, put("after", {**told, "earlier": None, "earlier_on": None}))
    assert "本机关此前未对你的上述申请作出答复。" in text
    assert "江州市中级人民法院作出（2026）苏01行初8号行政判决，责令本机关履行答复职责。" in text
    assert "重新答复" not in body("D1")


# --- the rest


def test_what_is_enclosed_is_told_once() -> None:
    assert "提供方式：纸质复印件，随本答复书邮寄（见附件）。" in body("D1")
    text = body("D1", None, row(means="光盘"))
    assert "提供方式：光盘，随本答复书提供（见附件）。" in text
    assert text.count("见附件") == 1


def test_an_organ_that_nobody_can_name() -> None:
    text = body("D6", None, row(extra={"responsible_organ": "", "organ_unknown": "该项目的审批层级无法查明"}))
    assert "经查，本机关不能确定负责公开该信息的行政机关：该项目的审批层级无法查明。" in text


def test_a_complaint_is_repeated_as_it_came() -> None:
    asks = put("case.items", [{"no": 1, "text": "请问为什么不处理停车乱收费？"}])
    assert "你来件提出：“请问为什么不处理停车乱收费？”" in body("D10", None, asks)


def test_the_step_before_is_named_with_its_day_and_number() -> None:
    def change(data: dict[str, Any]) -> None:
        data["case"] |= {"reasons_asked": "2026-04-25", "reasons_asked_number": "某交公开告〔2026〕5号"}

    for code in ("D12", "P14"):
        assert "本机关于2026年4月25日书面要求你说明理由（某交公开告〔2026〕5号）" in body(code, None, change)


def test_the_extension_says_from_which_day_and_speaks_of_consultations_only_where_one_is_open() -> None:
    def change(data: dict[str, Any]) -> None:
        data["extension"]["from"] = "2026-05-21"

    text = body("P5", None, change)
    assert "因所申请公开的信息涉及多个年度的档案，需要核对，本机关不能在2026年5月21日前答复" in text
    assert "征求第三方" not in text
    assert "征求第三方" in body("P5", None, put("consultations", [asked(1, state="sent", answer=None)]))


@pytest.mark.parametrize(
    ("name", "you"),
    [("某某停车管理有限公司", "你单位"), ("李小明", "你"), ("买买提·艾力", "你"), ("A-7", "你（单位）")],
)
def test_a_third_party_is_spoken_to_as_what_it_is(name: str, you: str) -> None:
    text = body("P6", None, put("extra.recipient", {"name": name, "kind": ""}))
    assert f"书面征求{you}的意见" in text


def test_organs_are_written_to_as_organs() -> None:
    for code in ("P10", "P11", "P15"):
        text = body(code)
        assert "贵单位" in text
        assert "你单位" not in text
        assert text.endswith("请予支持，并请函复。")
    assert "第十七条第三款的规定，现报请贵单位确定" in body("P15")


def test_no_government_information_ends_with_a_disposition() -> None:
    assert "现告知你：本机关对你申请公开的信息不予提供。" in body("D17")
