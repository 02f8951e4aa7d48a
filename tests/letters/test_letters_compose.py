"""Composition: every mandatory part is in the letter, or an error names what is missing and why."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from letters.content import compose, kinds, phrases, specimens
from workflow import law
from workflow.base.errors import DisclosureError, Malformed, Refused

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
    assert "2026年4月21日收到你以邮寄方式" in text
    assert "2026-0007" in text
    assert "某某路停车场特许经营协议文本" in text
    assert text.count("《中华人民共和国政府信息公开条例》") == 1
    assert ("（以下简称《条例》）" in text) == (code == "D3")
    assert content["date_zh"] == "2026年5月20日"
    assert "010-00000000" in content["contact"]
    assert content["remedy"]["text"] in text
    assert json.loads(json.dumps(content)) == content


def test_an_item_refused_whole_beside_one_that_is_given_cites_the_refusal_and_no_severing() -> None:
    content = specimens.letter("D3", law=L)
    assert "根据《条例》第十五条、第三十二条、第三十六条第（三）项的规定，本机关对该项信息不予公开。" in body(
        content
    )
    assert "第三十七条" not in body(content)
    assert "第三十六条第（二）项的规定，本机关对该项信息予以公开" in body(content)
    assert content["annexes"] == ["某某路停车场特许经营协议（复印件）"]
    assert "第三方于2026年5月8日答复不同意公开，并说明了理由。" in body(content)
    assert [item["basis"] for item in content["data"]["decision"]] == [
        ["ogi2019:36.1.2"],
        ["ogi2019:36.1.3", "ogi2019:15", "ogi2019:32.1"],
    ]


def test_a_whole_refusal_cites_36_3_15_and_32() -> None:
    assert "第十五条、第三十二条、第三十六条第（三）项的规定" in body(specimens.letter("D4d", law=L))


def test_the_2008_regulations_govern_what_was_received_under_them() -> None:
    data = specimens.data("D4d", on=date(2019, 5, 31))
    assert data["case"]["received_on"] < "2019-05-15"
    content = compose.letter("D4d", data, L)
    assert "第十四条第四款、第二十一条第（二）项、第二十三条" in body(content)
    assert content["data"]["regulations"] == "ogi2008"


@pytest.mark.parametrize(
    ("code", "path", "field", "rule"),
    [
        ("D4d", "decision.items.0.reasons", "decision.items.1.reasons", "ogi2019:36.1.3"),
        ("D3", "decision.items.1.reasons", "decision.items.2.reasons", "ogi2019:36.1.3"),
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
    assert "第十六条第二款、第三十六条第（三）项" in text
    first, other = content["remedy"]["paragraphs"]
    assert first.startswith("如对本答复书中不予公开的部分（第三项）不服，应当")
    assert other.startswith("如对本答复书的其他部分不服，可以")


def test_what_is_not_there_is_not_set_apart_from_what_is_given() -> None:
    """Art. 37 is about what the information itself holds: each item is answered under its own provision."""
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "电子邮件"},
        {"no": 2, "outcome": "not_held", "extra": {"search": "检索了档案室目录"}},
    )
    content = compose.letter("D3", data, L)
    text = body(content)
    assert content["title"] == "政府信息公开申请答复书"
    assert "第三十六条第（二）项的规定，本机关对该项信息予以公开" in text
    assert "第三十六条第（四）项的规定" in text
    assert "第三十七条" not in text
    assert [item["basis"] for item in content["data"]["decision"]] == [["ogi2019:36.1.2"], ["ogi2019:36.1.4"]]
    assert content["remedy"]["kind"] == "free"
    assert content["remedy"]["paragraphs"][0].startswith("如对本答复书不服，可以")
    assert len(content["remedy"]["paragraphs"]) == 1
    with pytest.raises(Refused, match="D3"):
        compose.letter("D5", data, L)


def test_the_third_party_s_article_stands_where_its_rights_decided() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "复印件", "part": "正文"},
        {"no": 1, "outcome": "withheld", "ground": "trade_secret", "reasons": "定价方法", "part": "测算表"},
        {"no": 2, "outcome": "withheld", "ground": "process_information", "reasons": "讨论记录"},
    )
    data["consultations"] = [
        {
            "kind": "third_party",
            "name": "某公司",
            "items": [1, 2],
            "sent": "2026-04-27",
            "answer": "object",
            "answered": "2026-04-29",
            "state": "answered",
        }
    ]
    content = compose.letter("D3", data, L)
    assert [item["basis"] for item in content["data"]["decision"]] == [
        ["ogi2019:36.1.2", "ogi2019:37"],
        ["ogi2019:36.1.3", "ogi2019:37", "ogi2019:15", "ogi2019:32.1"],
        ["ogi2019:36.1.3", "ogi2019:16.2"],
    ]


def test_what_is_given_beside_a_petition_is_given_in_a_reply() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "电子邮件"},
        {"no": 2, "outcome": "petition", "reasons": "要求查处", "extra": {"channel_hint": "某某市信访局"}},
    )
    text = body(compose.letter("D3", data, L))
    assert "第三十六条第（二）项" in text
    assert "第三十九条第一款的规定，现告知你：本机关不作为政府信息公开申请处理" in text


def test_a_refusal_beside_what_is_not_there_is_reconsidered_first_and_cites_no_severing() -> None:
    data = with_items(
        "D4a",
        {
            "no": 1,
            "outcome": "withheld",
            "ground": "state_secret",
            "reasons": "列入事项范围",
            "extra": {"secret_mark": "秘密级"},
        },
        {"no": 2, "outcome": "not_held", "extra": {"search": "检索了档案室目录"}},
    )
    content = compose.letter("D4a", data, L)
    assert "第十四条、第三十六条第（三）项的规定" in body(content)
    assert "第三十七条" not in body(content)
    first, other = content["remedy"]["paragraphs"]
    assert first.startswith("如对本答复书中不予公开的部分（第一项）不服，应当自收到本答复书之日起60日内先向")
    assert other.startswith("如对本答复书的其他部分不服，可以")


@pytest.mark.parametrize(("on", "code"), [(date(2026, 5, 20), "D3"), (date(2013, 5, 20), "D17")])
def test_what_is_no_government_information_is_set_apart_within_one_item(on: date, code: str) -> None:
    """Since 2019 (Art. 37); the Regulations of 2008 (Art. 22) named only what must not be disclosed."""
    data = specimens.data("D1", on=on)
    data["case"]["items"] = [{"no": 1, "text": "甲"}]
    data["decision"] = {
        "items": [
            {"no": 1, "outcome": "granted", "means": "复印件", "part": "合同正文"},
            {
                "no": 1,
                "outcome": "not_government_information",
                "reasons": "系采购中的民事往来",
                "part": "往来函件",
            },
        ]
    }
    if code == "D17":
        content = compose.letter("D3", data, L)
        assert "第二十二条" not in body(content)
        return
    content = compose.letter(code, data, L)
    text = body(content)
    assert "第三十六条第（二）项、第三十七条的规定，本机关对该项信息中合同正文予以公开" in text
    assert "不属于《条例》第二条规定的政府信息。" in text
    assert "根据《条例》第三十七条的规定，本机关对该项信息中往来函件不予提供。" in text
    assert content["remedy"]["kind"] == "free"


def test_not_being_information_of_government_sets_no_other_item_apart() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "复印件"},
        {"no": 2, "outcome": "not_government_information", "reasons": "系采购中的民事往来"},
    )
    assert "第三十七条" not in body(compose.letter("D3", data, L))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            "rectified",
            "经审核属实，根据《中华人民共和国政府信息公开条例》第四十一条的规定，本机关已对你要求更正的记录予以更正",
        ),
        ("rectification_passed_on", "本机关已将你的申请转送有权更正的行政机关处理"),
        ("rectification_directed", "现告知你向有权更正的行政机关提出"),
        ("rectification_refused", "不能认定你要求更正的记录不准确"),
    ],
)
def test_the_correction_of_ones_own_record(outcome: str, words: str) -> None:
    content = specimens.letter("D15", law=L, outcome=outcome)
    text = body(content)
    assert words in text
    assert "提出的更正政府信息记录的申请" in text
    assert "你要求更正：" in text
    assert "申请公开" not in text
    assert content["remedy"]["kind"] == "free"
    assert content["title"] == "政府信息更正申请告知书"


def test_a_correction_asked_for_beside_information_is_called_neither() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "复印件"},
        {"no": 2, "outcome": "rectified", "reasons": "录入差错"},
    )
    text = body(compose.letter("D3", data, L))
    assert "你的申请包括以下2项内容：" in text
    assert "本机关已对该项记录予以更正" in text


def test_in_2008_the_applicant_was_not_sent_elsewhere_for_a_correction() -> None:
    with pytest.raises(Refused):
        specimens.letter("D15", law=L, outcome="rectification_directed", on=date(2013, 5, 2))
    passed_on = specimens.letter("D15", law=L, outcome="rectification_passed_on", on=date(2013, 5, 2))
    assert "第二十五条第二款" in body(passed_on)


# --- parts


def test_every_letter_has_the_parts_that_the_catalogue_wants() -> None:
    for kind in kinds.all():
        content = specimens.letter(kind.code, law=L)
        assert compose.lacking(kind, content) == []
        there = {block["part"] for block in content["blocks"]} - {"heading", "lead"}
        told = {part.rstrip("?") for part in kind.parts}
        assert there <= told, kind.code


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"outcome": {"withheld": {"paragraphs": [{"officer": "reasons"}]}}}, "parts.decision"),
        ({"letter": {"P3": {"paragraphs": []}}}, "parts.body"),
        ({"form": {"P2": {"rows": []}}}, "parts.table"),
    ],
)
def test_words_that_drop_a_part_make_no_letter(changes: dict[str, Any], part: str) -> None:
    code = {"parts.decision": "D4a", "parts.body": "P3", "parts.table": "P2"}[part]
    with pytest.raises(Refused) as caught:
        compose.letter(code, specimens.data(code), L, words=phrases.with_changes(changes))
    assert caught.value.field == part


def test_one_item_may_be_given_in_part() -> None:
    data = with_items(
        "D3",
        {"no": 1, "outcome": "granted", "means": "复印件", "part": "合同正文"},
        {
            "no": 1,
            "outcome": "withheld",
            "ground": "state_secret",
            "reasons": "列入事项范围",
            "part": "附图",
            "extra": {"secret_mark": "秘密级"},
        },
    )
    text = body(compose.letter("D3", data, L))
    assert "第三十六条第（二）项、第三十七条的规定，本机关对该项信息中合同正文予以公开" in text
    assert "第十四条、第三十六条第（三）项、第三十七条的规定，本机关对该项信息中附图不予公开" in text
    assert "该项信息中附图属于依法确定的国家秘密（秘密级）" in text
    assert "如对本答复书中不予公开的部分不服，应当" in text


def test_annexes_are_numbered_over_all_items() -> None:
    data = with_items(
        "D1",
        {"no": 1, "outcome": "granted", "means": "复印件", "attachments": ["甲件", "乙件"]},
        {"no": 2, "outcome": "granted", "means": "复印件", "attachments": ["丙件"]},
    )
    content = compose.letter("D1", data, L)
    assert content["annexes"] == ["甲件", "乙件", "丙件"]
    assert "提供方式：复印件，随本答复书提供（见附件1、2）。" in body(content)
    assert "（见附件3）。" in body(content)


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
        {"kind": "third_party", "name": "不出现的公司", "items": [1], "sent": "2026-04-27", **answer}
    ]
    content = compose.letter("D1", data, L)
    assert words in body(content)
    assert "不出现的公司" not in json.dumps(content, ensure_ascii=False)
    assert "第三十二条、第三十六条第（二）项" in body(content)


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


# --- small words that a lawyer would stumble over


def test_a_third_party_with_a_person_s_name_is_not_called_a_body() -> None:
    data = specimens.data("P6")
    data["extra"]["recipient"] = {"name": "李四", "kind": ""}
    text = body(compose.letter("P6", data, L))
    assert "可能涉及你的合法权益" in text
    assert "你单位" not in text


@pytest.mark.parametrize(
    ("code", "name", "typed", "read"),
    [
        ("D4b", "forbidding_law", "《统计法》关于资料保密的规定。", "依照《统计法》关于资料保密的规定，"),
        ("D4b", "forbidding_law", "《统计法》", "依照《统计法》的规定，"),
        ("D8", "special_rules", "《不动产登记暂行条例》的规定", "依照《不动产登记暂行条例》的规定办理。"),
    ],
)
def test_a_law_named_by_the_officer_is_no_provision_of_a_provision(
    code: str, name: str, typed: str, read: str
) -> None:
    data = specimens.data(code)
    data["decision"]["items"][0]["extra"][name] = typed
    assert read in body(compose.letter(code, data, L))


def test_special_rules_under_the_2008_regulations_were_those_on_case_files() -> None:
    text = body(specimens.letter("D8", law=L, on=date(2015, 6, 10)))
    assert "以政府信息公开名义申请查阅行政程序中的案卷材料" in text
    assert "工商、不动产登记资料" not in text
    assert "工商、不动产登记资料" in body(specimens.letter("D8", law=L))


def test_an_officers_text_ends_like_a_sentence() -> None:
    data = specimens.data("D5")
    data["decision"]["items"][0]["reasons"] = "检索情况\n本机关没有制作该信息"
    data["decision"]["items"][0]["extra"]["search"] = "检索了公文系统；"
    lines = body(compose.letter("D5", data, L)).split("\n")
    assert {"检索了公文系统。", "检索情况", "本机关没有制作该信息。"} <= set(lines)


@pytest.mark.parametrize(("on", "days"), [(date(2010, 5, 20), 15), (date(2026, 5, 20), 20)])
def test_a_specimen_extends_by_what_its_law_allows(on: date, days: int) -> None:
    assert f"决定延长{days}个工作日" in body(specimens.letter("P5", law=L, on=on))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("lapsed_correction", "本机关于2026年4月28日告知你作出补正"),
        ("lapsed_fee", "收费通知，缴费期限至2026年5月14日止"),
    ],
)
def test_a_specimen_of_a_lapse_tells_what_was_asked_for(outcome: str, words: str) -> None:
    assert words in body(specimens.letter("D13", law=L, outcome=outcome))


def test_who_gave_no_reasons_is_not_told_that_they_were_weighed() -> None:
    data = specimens.data("D12")
    weighed = body(compose.letter("D12", data, L))
    assert "你说明的理由为：了解情况。" in weighed
    assert "本机关认为上述理由不合理" in weighed
    data["case"]["reasons_silent"] = True
    del data["decision"]["items"][0]["extra"]["excess_reasons"]
    silent = body(compose.letter("D12", data, L))
    assert "你逾期未说明理由。" in silent
    assert "本机关认为没有合理理由。根据《中华人民共和国政府信息公开条例》第三十五条的规定" in silent
    assert "上述理由" not in silent


@pytest.mark.parametrize("kind", ["third_party", "co_maker", "other_organ"])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("agree", "答复同意公开。"),
        ("object", "答复不同意公开，并说明了理由。"),
        ("partly", "答复部分同意公开，并说明了理由。"),
    ],
)
def test_every_answer_to_a_consultation_is_told(kind: str, answer: str, words: str) -> None:
    data = specimens.data("D4d")
    data["consultations"].append({**data["consultations"][0], "kind": kind, "answer": answer})
    assert words in body(compose.letter("D4d", data, L))


def test_who_agreed_in_part_is_not_told_that_he_objected() -> None:
    data = specimens.data("P9")
    assert "答复不同意公开。" in body(compose.letter("P9", data, L))
    data["extra"]["answer"] = "partly"
    text = body(compose.letter("P9", data, L))
    assert "答复部分同意公开。" in text
    assert "不同意公开" not in text


def test_a_referral_is_told_as_one() -> None:
    data = specimens.data("D4a")
    held = specimens.data("D4d")["consultations"][0]
    data["consultations"] = [{**held, "kind": "referral", "name": "江南省国家保密局", "items": [1]}]
    assert "报江南省国家保密局确定，该机关于2026年5月8日答复不予公开，并说明了理由。" in body(
        compose.letter("D4a", data, L)
    )
    notice = specimens.data("P8")
    notice["extra"] |= {"consulted": "江南省国家保密局", "referred": 1}
    text = body(compose.letter("P8", notice, L))
    assert "依法报江南省国家保密局确定。" in text
    assert "征求意见" not in text


def test_an_overruled_objection_is_told_where_something_is_given() -> None:
    told = "决定予以公开，并已将决定公开的内容和理由书面告知第三方。"
    data = specimens.data("D3")
    data["consultations"][0] |= {"items": [1, 2], "public_interest": "涉及公共安全"}
    assert told in body(compose.letter("D3", data, L))
    data["consultations"][0] |= {"public_interest": None, "unfounded": "成本数据已由其自行公布"}
    text = body(compose.letter("D3", data, L))
    assert f"经审查，第三方不同意公开的理由不成立，本机关{told}" in text
    assert "可能对公共利益造成重大影响，决定" not in text
    notice = specimens.data("P9")
    notice["extra"]["unfounded"] = 1
    text = body(compose.letter("P9", notice, L))
    assert "不同意公开的理由不成立，理由如下：" in text
    assert "本机关认为不公开上述信息可能对公共利益" not in text
    data["consultations"][0]["items"] = [2]
    assert told not in body(compose.letter("D3", data, L))


def test_what_an_officer_writes_into_a_notice_ends_like_a_sentence() -> None:
    data = specimens.data("P3")
    data["extra"]["matters"] = "1.年度；\n2.地点"
    lines = body(compose.letter("P3", data, L)).split("\n")
    assert {"1.年度；", "2.地点。"} <= set(lines)


def test_a_fee_notice_cites_the_scale_that_the_amount_comes_from() -> None:
    data = specimens.data("P12")
    assert "（国办函〔2020〕109号）第三条、第四条第二款。" in body(compose.letter("P12", data, L))
    data["extra"]["scale"] = "fee2020:5"
    assert "（国办函〔2020〕109号）第三条、第五条。" in body(compose.letter("P12", data, L))
