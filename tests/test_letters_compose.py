"""Composition: every mandatory part is in the letter, or an error names what is missing and why."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from letters import compose, specimens
from workflow import law
from workflow.errors import DisclosureError, Malformed, Refused

L = law.bundled()


def body(content: dict[str, Any]) -> str:
    return "\n".join(block.get("text", "") for block in content["blocks"])


def without(data: dict[str, Any], path: str) -> dict[str, Any]:
    """The data with what is at a dotted path taken out."""
    data = copy.deepcopy(data)
    *parents, last = path.split(".")
    place: Any = data
    for key in parents:
        place = place[int(key)] if key.isdigit() else place[key]
    place.pop(last)
    return data


def with_items(
    code: str, *items: dict[str, Any], texts: tuple[str, ...] = ("甲", "乙", "丙")
) -> dict[str, Any]:
    data = specimens.data(code)
    numbers = sorted({item["no"] for item in items})
    data["case"]["items"] = [{"no": no, "text": texts[no - 1]} for no in numbers]
    data["decision"] = {"items": list(items)}
    return data


# --- all parts of a decision


@pytest.mark.parametrize("code", ["D1", "D3", "D4d", "D5", "D6", "D12"])
def test_a_decision_has_all_thirteen_parts(code: str) -> None:
    content = specimens.letter(code, law=L)
    text = body(content)
    assert content["organ"] == content["signatory"] == "某某市交通运输局"
    assert content["title"].startswith("政府信息公开申请")
    assert content["number"] == "某交公开〔2026〕12号"
    assert content["addressee"] == "张某某"
    assert "2026年4月13日收到你以邮寄方式" in text
    assert "2026-0007" in text
    assert "某某路停车场特许经营协议文本" in text
    assert "《中华人民共和国政府信息公开条例》第" in text
    assert content["date_zh"] == "2026年5月20日"
    assert "010-00000000" in content["contact"]
    assert content["remedy"]["text"] in text
    assert json.loads(json.dumps(content)) == content


def test_a_partial_disclosure_cites_37_15_and_32() -> None:
    content = specimens.letter("D3", law=L)
    assert (
        "根据《中华人民共和国政府信息公开条例》第三十七条、第十五条、第三十二条的规定，本机关对该项信息不予公开。"
        in body(content)
    )
    assert "第三十六条第（二）项的规定，本机关对该项信息予以公开" in body(content)
    assert content["annexes"] == ["某某路停车场特许经营协议（复印件）"]
    assert "第三方于2026年4月29日答复不同意公开，并说明了理由。" in body(content)
    assert [item["basis"] for item in content["data"]["decision"]] == [
        ["ogi2019:36.1.2"],
        ["ogi2019:37", "ogi2019:15", "ogi2019:32.1"],
    ]


def test_a_whole_refusal_cites_36_3_15_and_32() -> None:
    assert "第三十六条第（三）项、第十五条、第三十二条的规定" in body(specimens.letter("D4d", law=L))


def test_the_2008_regulations_govern_what_was_received_under_them() -> None:
    data = specimens.data("D4d", on=date(2019, 6, 10))
    assert data["case"]["received_on"] < "2019-05-15"
    content = compose.letter("D4d", data, L)
    assert "第二十一条第（二）项、第十四条第四款、第二十三条" in body(content)
    assert content["data"]["regulations"] == "ogi2008"


@pytest.mark.parametrize(
    ("code", "path", "field", "rule"),
    [
        ("D4d", "decision.items.0.reasons", "decision.items.1.reasons", "ogi2019:36.1.3"),
        ("D3", "decision.items.1.reasons", "decision.items.2.reasons", "ogi2019:37"),
        ("D4d", "consultations", "decision.items.1.third_party_opinion", "ogi2019:36.1.3"),
        ("D6", "decision.items.0.reasons", "decision.items.1.reasons", "ogi2019:36.1.5"),
        (
            "D6",
            "decision.items.0.extra.responsible_organ",
            "decision.items.1.responsible_organ",
            "ogi2019:36.1.5",
        ),
        ("D5", "decision.items.0.extra.search", "decision.items.1.search", "ogi2019:36.1.4"),
        ("D7", "decision.items.0.extra.earlier_reply", "decision.items.1.earlier_reply", "ogi2019:36.1.6"),
        ("D4b", "decision.items.0.extra.forbidding_law", "decision.items.1.forbidding_law", "ogi2019:36.1.3"),
        ("D2", "decision.items.0.means", "decision.items.1.means", "ogi2019:36.1.1"),
        ("P3", "extra.matters", "extra.matters", "ogi2019:30.1"),
        ("P3", "extra.answer_by", "extra.answer_by", "ogi2019:30.1"),
        ("P5", "extension", "extension.days", "ogi2019:33.2"),
        ("P9", "extra.reasons", "extra.reasons", "ogi2019:32.1"),
        ("P12", "extra.amount", "extra.amount", "fee2020:6"),
        ("P6", "extra.recipient", "extra.recipient.name", "ogi2019:32.1"),
        ("D1", "case.applicant", "case.applicant.name", "house:addressee"),
        ("D1", "office.name", "office.name", "gbt9704:7"),
    ],
)
def test_what_is_missing_is_named_with_its_article(code: str, path: str, field: str, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        compose.letter(code, without(specimens.data(code), path), L)
    assert caught.value.field == field
    assert caught.value.rule == rule


def test_a_letter_needs_a_way_to_reach_the_office() -> None:
    data = without(without(specimens.data("D1"), "office.telephone"), "office.address")
    with pytest.raises(Refused) as caught:
        compose.letter("D1", data, L)
    assert caught.value.field == "office.telephone"


def test_every_item_of_the_request_is_answered_and_no_other() -> None:
    data = specimens.data("D1")
    data["case"]["items"].append({"no": 2, "text": "乙"})
    with pytest.raises(Refused, match="Item 2"):
        compose.letter("D1", data, L)
    data = specimens.data("D1")
    data["decision"]["items"][0]["no"] = 5
    with pytest.raises(Malformed, match="item 5"):
        compose.letter("D1", data, L)


def test_a_decision_of_another_kind_is_refused() -> None:
    data = specimens.data("D4d")
    with pytest.raises(Refused) as caught:
        compose.letter("D1", data, L)
    assert "D4d" in str(caught.value)


# --- decisions of several items


def test_items_with_different_outcomes_stand_in_one_letter() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "电子邮件"},
        {"no": 2, "outcome": "not_held", "extra": {"search": "检索了档案室目录"}},
        {"no": 3, "outcome": "withheld", "ground": "process_information", "reasons": "尚在讨论"},
    )
    content = compose.letter("D3", data, L)
    text = body(content)
    assert (
        text.index("一、关于第一项信息") < text.index("二、关于第二项信息") < text.index("三、关于第三项信息")
    )
    assert "第三十六条第（四）项" in text
    assert "第三十七条、第十六条第二款" in text
    first, other = content["remedy"]["paragraphs"]
    assert first.startswith("如对本答复书中不予公开的部分（第三项）不服，应当")
    assert other.startswith("如对本答复书的其他部分不服，可以")


def test_granted_beside_not_held_is_partial_but_of_free_choice() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "电子邮件"},
        {"no": 2, "outcome": "not_held", "extra": {"search": "检索了档案室目录"}},
    )
    content = compose.letter("D3", data, L)
    assert content["remedy"]["kind"] == "free"
    assert "第三十七条" not in body(content)


def test_one_item_may_be_given_in_part() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "复印件", "part": "合同正文"},
        {"no": 1, "outcome": "withheld", "ground": "state_secret", "reasons": "列入事项范围", "part": "附图",
         "extra": {"secret_mark": "秘密级"}},
    )  # fmt: skip
    text = body(compose.letter("D3", data, L))
    assert "本机关对上述信息中的合同正文予以公开" in text
    assert "上述信息中的附图属于依法确定的国家秘密（秘密级）" in text
    assert "如对本答复书中不予公开的部分不服，应当" in text


def test_annexes_are_numbered_over_all_items() -> None:
    data = with_items(
        "D1",
        {"no": 1, "outcome": "granted", "means": "复印件", "attachments": ["甲件", "乙件"]},
        {"no": 2, "outcome": "granted", "means": "复印件", "attachments": ["丙件"]},
    )
    content = compose.letter("D1", data, L)
    assert content["annexes"] == ["甲件", "乙件", "丙件"]
    assert "见附件1、2。" in body(content)
    assert "见附件3。" in body(content)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"answer": "agree", "answered": "2026-04-30"}, "第三方于2026年4月30日答复同意公开。"),
        ({"answer": None, "answered": None, "state": "silent"}, "第三方逾期未提出意见。"),
        (
            {"answer": "object", "answered": "2026-04-30", "public_interest": "x"},
            "决定予以公开，并已将决定公开的内容和理由",
        ),
    ],
)
def test_what_the_third_party_said_is_told(answer: dict[str, Any], words: str) -> None:
    data = specimens.data("D1")
    data["consultations"] = [
        {"kind": "third_party", "name": "不出现的公司", "items": [1], "sent": "2026-04-20", **answer}
    ]
    content = compose.letter("D1", data, L)
    assert words in body(content)
    assert "不出现的公司" not in json.dumps(content, ensure_ascii=False)
    assert "第三十六条第（二）项、第三十二条" in body(content)


def test_an_organisation_is_spoken_to_as_one() -> None:
    data = specimens.data("D5")
    data["case"]["applicant"] = {"name": "某某有限公司", "kind": "commercial_enterprise"}
    assert "你单位申请公开" in body(compose.letter("D5", data, L))


# --- numbers, dates, text


def test_a_draft_may_lack_its_number_and_the_setting_writes_di() -> None:
    data = specimens.data("D1") | {"number": None}
    assert compose.letter("D1", data, L)["number"] is None
    data = specimens.data("D1")
    data["office"]["settings"] = {"number_with_di": True}
    assert compose.letter("D1", data, L)["number"] == "某交公开〔2026〕第12号"


@pytest.mark.parametrize(
    ("path", "value"), [("on", "2026-02-30"), ("on", "x"), ("case.received_on", "gestern")]
)
def test_impossible_dates_are_named(path: str, value: str) -> None:
    data = specimens.data("D1")
    if path == "on":
        data["on"] = value
    else:
        data["case"]["received_on"] = value
    with pytest.raises(Malformed) as caught:
        compose.letter("D1", data, L)
    assert caught.value.field == path


def test_a_long_request_is_restated_by_its_beginning() -> None:
    data = specimens.data("P2")
    data["case"]["items"] = [{"no": 1, "text": "长" * 150_000}]
    rows = next(
        block["rows"] for block in compose.letter("P2", data, L)["blocks"] if block["type"] == "table"
    )
    told = dict(rows)["申请内容"]
    assert told.endswith("……（以下内容从略，以申请原文为准）")
    assert len(told) < 900


def test_two_hundred_kilobytes_of_reasons_are_refused() -> None:
    data = specimens.data("D4d")
    data["decision"]["items"][0]["reasons"] = "理由" * 34_000
    with pytest.raises(Malformed) as caught:
        compose.letter("D4d", data, L)
    assert caught.value.field == "decision.items.1.reasons"


HOSTILE = [
    "{{ 7*7 }}{% include '/etc/passwd' %}{basis}{you.__class__}",
    "<script>alert(1)</script><img src=file:///etc/passwd>",
    "%(x)s %s {0} {} }{",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_stays_what_it_is(text: str) -> None:
    data = specimens.data("D4d")
    data["case"]["items"][0]["text"] = text
    data["case"]["applicant"]["name"] = text
    data["decision"]["items"][0]["reasons"] = text
    content = compose.letter("D4d", data, L)
    assert content["addressee"] == text
    assert body(content).count(text) == 2


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x08", "\ud800"])
def test_control_characters_are_refused_with_the_field(char: str) -> None:
    data = specimens.data("D4d")
    data["decision"]["items"][0]["reasons"] = f"甲{char}乙"
    with pytest.raises(Malformed) as caught:
        compose.letter("D4d", data, L)
    assert caught.value.field == "decision.items.1.reasons"


@pytest.mark.parametrize("wrong", [{}, {"office": {}}, {"case": None, "office": None, "on": "2026-05-20"}])
def test_data_that_is_none_is_refused_as_a_person_can_read(wrong: dict[str, Any]) -> None:
    for code in ("D1", "P2", "P3"):
        with pytest.raises(DisclosureError):
            compose.letter(code, wrong, L)
