"""The catalogue of letters, its words, and the small parts of which letters are made."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pytest

from letters.content import chinese, citations, kinds, phrases, specimens, typed_text
from letters.content.phrases import fill
from letters.fonts import faces, widths
from letters.pdf.flush_lines import set_lines
from workflow import law
from workflow.base.errors import DisclosureError, Malformed, NotFound, Refused

L = law.bundled()
DAYS = {"ogi2008": date(2013, 4, 1), "ogi2019": date(2026, 4, 1)}
CATALOGUE = [f"P{n}" for n in range(1, 16)] + ["D1", "D2", "D3"] + [f"D4{letter}" for letter in "abcdefg"]
CATALOGUE += [f"D{n}" for n in range(5, 19)]


# --- the catalogue


def test_the_whole_catalogue_is_there() -> None:
    assert sorted(kind.code for kind in kinds.all()) == sorted(CATALOGUE)
    for kind in kinds.all():
        assert kind.zh.isprintable()
        assert kind.en
        assert kind.title


@pytest.mark.parametrize("written", ["D4d", "d4d", "D4D"])
def test_a_code_is_found_however_written(written: str) -> None:
    assert kinds.get(written).code == "D4d"


def test_an_unknown_code_names_the_known_ones() -> None:
    with pytest.raises(NotFound) as caught:
        kinds.get("X9")
    assert "D4a" in str(caught.value.advice)


@pytest.mark.parametrize("regulations", DAYS)
def test_every_outcome_and_ground_of_the_law_has_its_letter(regulations: str) -> None:
    day = DAYS[regulations]
    for outcome in L.outcomes(day):
        if outcome.id != "withheld":
            assert kinds.of_item(outcome.id, None).code == outcome.letter, outcome.id
    for ground in L.grounds(day):
        assert kinds.of_item("withheld", ground.id).code == ground.letter, ground.id


def test_every_provision_of_the_catalogue_exists() -> None:
    for kind in kinds.all():
        for refs in kind.basis.values():
            for ref in refs or ():
                assert L.citation(ref).zh, (kind.code, ref)
        for ref in kind.needs.values():
            assert ref.startswith("house:") or L.citation(ref), (kind.code, ref)


def test_every_letter_that_decides_nothing_knows_both_regulations() -> None:
    for kind in kinds.all():
        if not kind.decides:
            assert set(kind.basis) == {"ogi2008", "ogi2019"}, kind.code


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([("granted", None)], "D1"),
        ([("already_public", None)], "D2"),
        ([("granted", None), ("already_public", None)], "D1"),
        ([("granted", None), ("withheld", "trade_secret")], "D3"),
        ([("already_public", None), ("withheld", "state_secret")], "D3"),
        # Something given and something not is a partial disclosure, as the annual report counts it.
        ([("granted", None), ("not_held", None)], "D3"),
        ([("granted", None), ("already_public", None), ("not_held", None)], "D3"),
        ([("granted", None), ("not_here", None)], "D3"),
        ([("granted", None), ("petition", None)], "D3"),
        ([("already_public", None), ("not_government_information", None)], "D3"),
        ([("granted", None), ("not_held", None), ("withheld", "state_secret")], "D3"),
        ([("rectified", None), ("rectification_passed_on", None)], "D15"),
        ([("granted", None), ("rectified", None)], "D3"),
        ([("withheld", "process_information"), ("withheld", "trade_secret")], "D4d"),
        ([("not_held", None), ("not_here", None)], "D5"),
        ([("repeat", None), ("petition", None)], "D7"),
        ([("reconfirm", None)], "D7"),
    ],
)
def test_the_letter_of_a_decision(items: list[tuple[str, str | None]], code: str) -> None:
    rows = [{"no": no, "outcome": outcome, "ground": ground} for no, (outcome, ground) in enumerate(items, 1)]
    assert kinds.for_decision(rows, DAYS["ogi2019"], L) == code


def test_no_letter_without_items_or_for_what_the_law_does_not_know() -> None:
    with pytest.raises(Refused):
        kinds.for_decision([], DAYS["ogi2019"], L)
    with pytest.raises(Refused):
        kinds.for_decision([{"outcome": "excessive"}], DAYS["ogi2008"], L)
    with pytest.raises(Refused, match="ground"):
        kinds.for_decision([{"outcome": "withheld", "ground": None}], DAYS["ogi2019"], L)


# --- the words


def _phrases_of(table: Any) -> list[str]:
    if isinstance(table, str):
        return [table]
    if isinstance(table, dict):
        return [text for value in table.values() for text in _phrases_of(value)]
    return [text for value in table for text in _phrases_of(value)] if isinstance(table, list) else []


def test_every_phrase_can_be_read_and_has_chinese_punctuation_only() -> None:
    for text in _phrases_of(dict(phrases.bundled().section())):
        list(string.Formatter().parse(text))
        assert not set(text) & set(",;!"), text


def test_every_outcome_ground_and_standing_letter_has_its_words() -> None:
    words = phrases.bundled()
    for kind in kinds.all():
        for outcome in kind.outcomes:
            assert outcome == "partial" or words.section("outcome", outcome), outcome
        for ground in kind.grounds:
            assert words.get("ground", ground, "finding"), ground
        if not kind.decides:
            assert words.section("letter" if kind.format == "letter" else "form", kind.code), kind.code


def test_a_phrase_is_filled_by_name_and_nothing_in_a_value_is_a_phrase() -> None:
    assert fill("甲{a}乙{b?}", {"a": "{c}%s{0}", "b": ""}) == "甲{c}%s{0}乙"
    with pytest.raises(Refused) as caught:
        fill("甲{a}", {"a": ""})
    assert caught.value.field == "a"


def test_an_office_changes_single_phrases() -> None:
    changed = phrases.with_changes({"you": {"person": "您"}})
    assert changed.say("you", "person") == "您"
    assert changed.say("you", "body") == "你单位"
    assert phrases.bundled().say("you", "person") == "你"


@pytest.mark.parametrize("regulations", DAYS)
@pytest.mark.parametrize("code", CATALOGUE)
def test_every_specimen_is_composed_or_unknown_to_that_law(code: str, regulations: str) -> None:
    kind = kinds.get(code)
    on = {"ogi2008": date(2013, 5, 2), "ogi2019": date(2026, 5, 20)}[regulations]
    for outcome in kind.outcomes or (None,):
        for ground in kind.grounds or (None,):
            try:
                content = specimens.letter(code, ground, law=L, on=on, outcome=outcome)
            except Refused:
                # One ground ended with the Regulations of 2008, the others are later.
                assert (regulations == "ogi2019") == (ground == "special_need")
                assert code in {
                    "P4",
                    "P10",
                    "P12",
                    "P14",
                    "D4d",
                    "D4e",
                    "D4f",
                    "D4g",
                    "D7",
                    "D12",
                    "D13",
                    "D15",
                }
                continue
            assert content["data"]["regulations"] == regulations
            assert content["code"] == code
            for block in content["blocks"]:
                text = block.get("text") or "".join(map("".join, block.get("rows", [])))
                assert "{" not in text
                assert "。。" not in text
                assert "None" not in text


# --- numerals, dates, numbers


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (37, "三十七"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1000, "一千"),
        (1005, "一千零五"),
        (2030, "二千零三十"),
    ],
)
def test_numerals(number: int, text: str) -> None:
    assert chinese.numeral(number) == text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (0, "零元整"),
        (100, "壹佰元整"),
        (270, "贰佰柒拾元整"),
        (2740, "贰仟柒佰肆拾元整"),
        (1005, "壹仟零伍元整"),
        (10000, "壹万元整"),
        (10500, "壹万零伍佰元整"),
        (20010, "贰万零壹拾元整"),
        (123456, "壹拾贰万叁仟肆佰伍拾陆元整"),
    ],
)
def test_amounts(yuan: int, text: str) -> None:
    assert chinese.money(yuan) == text


def test_dates_and_enumerations() -> None:
    assert chinese.day(date(2026, 5, 9)) == "2026年5月9日"
    assert chinese.enumeration([1, 3]) == "第一项、第三项"


def test_document_numbers_have_no_di_unless_the_office_wants_it() -> None:
    assert chinese.document_number("X公开告", 2026, 1) == "X公开告〔2026〕1号"
    assert chinese.document_number("X公开告", 2026, 1, with_di=True) == "X公开告〔2026〕第1号"
    assert chinese.check_number("X公开告〔2026〕第1号", with_di=False) == "X公开告〔2026〕1号"
    assert chinese.check_number("X公开告〔2026〕1号", with_di=True) == "X公开告〔2026〕第1号"


@pytest.mark.parametrize(
    "number", ["X公开告[2026]1号", "X公开告〔26〕1号", "X公开告〔2026〕01号", "〔2026〕1号", "X（2026）1号"]
)
def test_a_wrong_document_number_is_refused(number: str) -> None:
    with pytest.raises(Malformed) as caught:
        chinese.check_number(number, with_di=False)
    assert caught.value.field == "number"


# --- citations


@pytest.mark.parametrize(
    ("refs", "text"),
    [
        (
            ["ogi2019:37", "ogi2019:15", "ogi2019:32"],
            "《中华人民共和国政府信息公开条例》第十五条、第三十二条、第三十七条",
        ),
        (["ogi2019:36.1.2"], "《中华人民共和国政府信息公开条例》第三十六条第（二）项"),
        (
            ["ogi2019:16.2", "ogi2019:36.1.3", "ogi2019:16.2"],
            "《中华人民共和国政府信息公开条例》第十六条第二款、第三十六条第（三）项",
        ),
        (
            ["ogi2019:51", "arl2023:20.1", "house:contact"],
            "《中华人民共和国政府信息公开条例》第五十一条和《中华人民共和国行政复议法》第二十条第一款",
        ),
        ([], ""),
    ],
)
def test_provisions_of_one_instrument_stand_together(refs: list[str], text: str) -> None:
    assert citations.text(refs, L) == text


def test_a_provision_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DisclosureError):
        citations.text(["ogi2019:99"], L)


# --- what people typed


def test_invisible_characters_are_left_out_and_control_characters_refused() -> None:
    assert typed_text.clean("甲\u200b乙\ufeff丙\u202e丁\u2066\r\n戊\t己", "f") == "甲乙丙丁\n戊 己"
    for sign in "\u00ad\u034f\u061c\u180e\u200b\u202a\u2060\u2066\ufe0f\ufeff\ufff9\U000e0100":
        assert typed_text.clean(f" 甲{sign}乙\n", "f") == "甲乙"
    for sign in "\r\u000b\u000c\u0085\u2028\u2029":
        assert typed_text.clean(f"甲{sign}乙", "f") == "甲\n乙"
    for sign in "\t\u00a0\u2003\u202f\u205f":
        assert typed_text.clean(f"甲{sign}乙", "f") == "甲 乙"
    for bad in ("甲\x00", "\x1b[31m", "\x85甲\x07", "甲\ud800"):
        with pytest.raises(Malformed) as caught:
            typed_text.clean(bad, "decision.items.1.reasons")
        assert caught.value.field == "decision.items.1.reasons"


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        typed_text.clean("字" * 200_000, "reasons")
    assert "20000" in str(caught.value)


def test_sentences_end_once() -> None:
    assert typed_text.sentence("甲乙") == "甲乙。"
    assert typed_text.sentence("甲乙。") == "甲乙。"
    assert typed_text.sentence("甲乙；") == "甲乙。"
    assert typed_text.sentence("“甲乙。”") == "“甲乙。”"
    assert typed_text.sentence("甲（乙）") == "甲（乙）。"


# --- lines


def _full(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


def test_lines_are_as_wide_as_the_measure_and_lose_nothing() -> None:
    text = (
        "如对本答复书不服，应当自收到本答复书之日起60日内先向某某市人民政府申请行政复议；对决定不服的，可以起诉。"
        * 4
    )
    lines = set_lines(text, _full, measure=28, indent=2)
    assert "".join(line.text for line in lines) == text
    for place, line in enumerate(lines[:-1]):
        width = sum(map(_full, line.text)) + line.spacing * (len(line.text) - 1)
        hung = 0.5 if line.text[-1] in "，。；：、）”" else 0.0
        assert abs(width - hung - (26 if place == 0 else 28)) < 0.01
        assert abs(line.spacing) < 0.12


@pytest.mark.parametrize("mark", list("。，、；：？！）》”"))
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    for before in range(20, 36):
        for line in set_lines("字" * before + mark + "字" * 40, _full, measure=28, indent=0):
            assert not line.text.startswith(mark)


@pytest.mark.parametrize("mark", list("（《“"))
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    for before in range(20, 36):
        for line in set_lines("字" * before + mark + "字" * 40, _full, measure=28, indent=0)[:-1]:
            assert not line.text.endswith(mark)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "，" * 200,
        "a" * 500,
        "。）" * 90,
        "（" * 90,
        "https://example.invalid/" + "x" * 300,
        "a b" * 99,
    ],
)
def test_no_text_is_too_strange_to_be_broken(text: str) -> None:
    lines = set_lines(text, _full, measure=28, indent=2)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(sum(map(_full, line.text)) <= 29.1 for line in lines)


def test_widths_come_from_the_faces() -> None:
    width = widths.of("body")
    assert width("中") == width("（") == width("㛃") == 1.0
    assert 0.2 < width("1") < 0.7


def test_a_blank_is_looked_for_in_one_face(monkeypatch: pytest.MonkeyPatch) -> None:
    """The faces for rare characters are large: to open them takes longer than all else of a letter."""
    asked: list[str] = []
    ink = widths._Face.ink

    def told(face: widths._Face, char: str) -> Any:
        asked.append(char)
        return ink(face, char)

    monkeypatch.setattr(widths._Face, "ink", told)
    found = faces.roles()["number"]
    fresh = widths.Widths(faces.chain("number"), bold=found.bold)
    assert fresh.ink("〔2026〕 号") == fresh.ink("〔2026〕号")
    assert asked.count(" ") == 1
    assert fresh.ink("\u3000") == fresh.ink(" ")
