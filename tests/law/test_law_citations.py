"""Citations: only existing provisions can be cited; in Chinese with 款 only where there is more than one."""

from __future__ import annotations

import pytest

from workflow import law
from workflow.base.errors import Malformed, NotFound
from workflow.law.citations import chinese

L = law.bundled()


def _no_such(ref: str) -> None:
    with pytest.raises(Malformed):
        L.citation(ref)


@pytest.mark.parametrize(
    ("ref", "zh", "short", "en"),
    [
        (
            "ogi2019:36.1.3",
            "《中华人民共和国政府信息公开条例》第三十六条第（三）项",
            "第三十六条第（三）项",
            "Regulations on Open Government Information (2019), Art. 36(3)",
        ),
        (
            "ogi2019:33.2",
            "《中华人民共和国政府信息公开条例》第三十三条第二款",
            "第三十三条第二款",
            "Regulations on Open Government Information (2019), Art. 33, para. 2",
        ),
        (
            "ogi2019:29.2.1",
            "《中华人民共和国政府信息公开条例》第二十九条第二款第（一）项",
            "第二十九条第二款第（一）项",
            "Regulations on Open Government Information (2019), Art. 29, para. 2(1)",
        ),
        (
            "ogi2019:30",
            "《中华人民共和国政府信息公开条例》第三十条",
            "第三十条",
            "Regulations on Open Government Information (2019), Art. 30",
        ),
        (
            "fee2020:4.2",
            "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第四条第二款",
            "第四条第二款",
            "Measures on Information Processing Fees (2020), Art. 4, para. 2",
        ),
        (
            "arl2023:23.1.4",
            "《中华人民共和国行政复议法》第二十三条第一款第（四）项",
            "第二十三条第一款第（四）项",
            "Administrative Reconsideration Law (2023), Art. 23, para. 1(4)",
        ),
        (
            "civil2020:203.1",
            "《中华人民共和国民法典》第二百零三条第一款",
            "第二百零三条第一款",
            "Civil Code (2020), Art. 203, para. 1",
        ),
        (
            "case26:1",
            "指导案例26号：李健雄诉广东省交通运输厅政府信息公开案",
            "指导案例26号",
            "Supreme People's Court, Guiding Case No. 26",
        ),
    ],
)
def test_spelt_out(ref: str, zh: str, short: str, en: str) -> None:
    found = L.citation(ref)
    assert (found.ref, found.zh, found.zh_short, found.en) == (ref, zh, short, en)


def test_a_paragraph_of_a_one_paragraph_article_is_not_written() -> None:
    assert L.citation("ogi2019:30.1").zh == L.citation("ogi2019:30").zh


@pytest.mark.parametrize(
    "ref",
    [
        "ogi2019:57",
        "ogi2019:0",
        "ogi2019:33.4",
        "ogi2019:36.1.8",
        "ogi2019:36.2",
        "ogi2019:33.1.1",
        "ogi2019:33.2.1.1",
        "ogi2019:",
        "ogi2019",
        ":33",
        "",
        "ogi2020:1",
        "ogi2019:03",
        "ogi2019:三十三",
        "ogi2019:３３",
        "ogi2019:33 .2",
        "fee2020:6.1",
        "fee2020:13",
    ],
)
def test_what_does_not_exist_cannot_be_cited(ref: str) -> None:
    with pytest.raises(Malformed) as caught:
        L.citation(ref)
    assert caught.value.params["ref"] == ref
    assert caught.value.params["problem"]


def test_office_rules_are_cited_by_their_reason() -> None:
    assert L.citation("house:withdrawal").zh == "申请人自愿撤回申请"
    assert "drafting" in L.citation("house:drafting").en


def test_every_article_of_every_instrument_can_be_spelt_out() -> None:
    for instrument in L.instruments():
        for article, paragraphs in L.structure(instrument.key).items():
            assert L.citation(f"{instrument.key}:{article}").zh
            if paragraphs == "?":
                _no_such(f"{instrument.key}:{article}.1")
                continue
            for number, items in enumerate(paragraphs, 1):
                assert L.citation(f"{instrument.key}:{article}.{number}").zh
                _no_such(f"{instrument.key}:{article}.{number}.{items + 1}")


def test_the_regulations_have_their_shape() -> None:
    structure = L.structure("ogi2019")
    assert list(structure) == [str(number) for number in range(1, 57)]
    assert (structure["36"], structure["33"], structure["29"], structure["14"]) == (
        [7],
        [0, 0, 0],
        [0, 3],
        [0],
    )
    assert len(L.structure("arl2023")) == 90
    assert len(L.structure("spc2011")) == 13


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (56, "五十六"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (200, "二百"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1259, "一千二百五十九"),
    ],
)
def test_chinese_numerals(number: int, text: str) -> None:
    assert chinese(number) == text


def test_an_unknown_instrument_is_not_found() -> None:
    with pytest.raises(NotFound):
        L.instrument("ogi2020")
    assert L.structure("ogi2020") == {}
