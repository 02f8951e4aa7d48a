"""Numbers of identity documents by kind: check characters, plain forms, what a spreadsheet spoils."""

from __future__ import annotations

from typing import Any

import pytest

from workflow.casework import identity

# Numbers made for this test by the algorithms of GB 11643, GB 32100 and GB 11714; the first is the standard's
# example.
RIGHT = [
    ("11010519491231002X", "居民身份证", "resident_card"),
    ("440524188001010014", "身份证", "resident_card"),
    ("110105491231002", "身份证", "resident_card"),
    ("810000199408230021", None, "residence_permit"),
    ("830000199201300022", "台湾居民居住证", "residence_permit"),
    ("91350100M000100Y43", "统一社会信用代码", "credit_code"),
    ("91350100M000100Y43", None, "credit_code"),
    ("H1234567801", "回乡证", "hong_kong_macao_permit"),
    ("12345678", "台胞证", "taiwan_permit"),
    ("E12345678", "护照", "passport"),
    ("D2143569-X", "组织机构代码", "organisation_code"),
]


@pytest.mark.parametrize(("number", "named", "kind"), RIGHT)
def test_numbers_that_are_in_order(number: str, named: str | None, kind: str) -> None:
    assert identity.look(number, named) == identity.Looked(number, kind, ())


@pytest.mark.parametrize("number", ["11010519491231002X", "91350100M000100Y43", "440524188001010014"])
def test_any_wrong_digit_and_any_transposition_is_seen(number: str) -> None:
    for place in range(17):
        for other in "0123456789":
            if other != number[place] and number[place].isdigit():
                wrong = number[:place] + other + number[place + 1 :]
                named = "身份证" if number[0] != "9" else "统一社会信用代码"
                assert identity.look(wrong, named).remarks, wrong
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number and place != 16:
            assert identity.look(swapped, "身份证" if number[0] != "9" else "统一社会信用代码").remarks, (
                swapped
            )


@pytest.mark.parametrize(
    "text",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002x",
        "'11010519491231002X",
        '="11010519491231002X"',
        "\t11010519491231002X",
        "110105\u300019491231002X",
    ],
)
def test_forms_of_one_number(text: str) -> None:
    assert identity.look(text, "身份证") == identity.Looked("11010519491231002X", "resident_card", ())


@pytest.mark.parametrize(
    "value", ["1.10105E+17", 1.1010519491231e17, 110105194912310000, "110105194912310000", 4.40101e17]
)
def test_what_a_spreadsheet_has_cut_is_left_out_with_a_remark(value: Any) -> None:
    found = identity.look(value, "身份证")
    assert found.number == ""
    assert "15" in found.remarks[0][0]


@pytest.mark.parametrize(
    ("number", "named"),
    [
        ("44010119900101123X", "身份证"),
        ("110105194913310020", "身份证"),
        ("123", "身份证"),
        ("91350100M000100Y44", None),
        ("91350100I000100Y43", "统一社会信用代码"),
    ],
)
def test_a_failing_check_is_a_remark_and_the_number_stays(number: str, named: str | None) -> None:
    found = identity.look(number, named)
    assert found.number == number
    assert len(found.remarks) == 1


def test_a_number_of_an_unknown_kind_is_kept_without_a_word() -> None:
    assert identity.look("军字第12345号", "军官证") == identity.Looked("军字第12345号", None, ())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("身份证：11010519491231002X", "11010519491231002X"),
        ("身份证号11010519491231002X", "11010519491231002X"),
        ("1101-0519-4912-31002X", "11010519491231002X"),
        ("11010519491231002×", "11010519491231002X"),
        ("`11010519491231002X", "11010519491231002X"),
        ("110105491231002.0", "110105491231002"),
        ("护照E12345678", "E12345678"),
    ],
)
def test_signs_and_names_round_a_number_are_no_part_of_it(text: str, number: str) -> None:
    looked = identity.look(text, "居民身份证")
    assert (looked.number, looked.remarks) == (number, ())


@pytest.mark.parametrize("text", ["330104********1234", "3301041990****1234", "330104XXXXXXXX1234"])
def test_a_number_with_hidden_digits_is_left_out(text: str) -> None:
    looked = identity.look(text, "居民身份证")
    assert looked.number == ""
    assert looked.remarks


@pytest.mark.parametrize("between", ["、", " ", "/", "；"])
def test_of_several_numbers_none_is_taken(between: str) -> None:
    looked = identity.look(f"11010519491231002X{between}440524188001010014")
    assert looked.number == ""
    assert looked.remarks


def test_a_number_without_a_day_of_birth_is_an_organisation_s() -> None:
    assert identity.look("913205007132345678").kind == "credit_code"


def test_a_passport_is_no_wrong_code_of_an_organisation() -> None:
    assert identity.look("E12345678") == ("E12345678", None, ())


@pytest.mark.parametrize("text", ["江州市平安路12号", "无", "123", "本人身份证"])
def test_what_looks_like_no_number_is_kept_with_a_remark(text: str) -> None:
    looked = identity.look(text)
    assert (looked.number, looked.kind) == (text, None)
    assert [message for message, _ in looked.remarks] == [
        "This does not look like the number of a document: {text}"
    ]
    assert not identity.look("军字第0123456号").remarks
    assert not identity.look("").remarks
