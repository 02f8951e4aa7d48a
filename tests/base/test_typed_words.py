"""What an officer types for a value: names, parts, initials; what is ambiguous is listed and never
guessed.
"""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.base import typed_words
from workflow.base.errors import Malformed

OUTCOMES = {
    "granted": {"zh": "予以公开", "en": "granted"},
    "partial": {"zh": "部分公开", "en": "partly granted"},
    "withheld": {"zh": "不予公开", "en": "withheld"},
    "already_public": {"zh": "已主动公开", "en": "already public"},
    "not_held": {"zh": "政府信息不存在", "en": "not held"},
    "repeat": {"zh": "不予重复处理", "en": "repeated request"},
}
CHANNELS = {"post": {"zh": "邮寄", "en": "post"}, "in_person": {"zh": "当面提交", "en": "in person"}}
UNITS = {"a": "长安科", "b": "行政科", "c": "办公室"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("granted", "granted"),
        ("already-public", "already_public"),
        ("already public", "already_public"),
        ("予以公开", "granted"),
        ("yygk", "granted"),
        ("YYGK", "granted"),
        ("yuyigongkai", "granted"),
        ("予以", "granted"),
        ("部分", "partial"),
        ("bfgk", "partial"),
        ("不存在", "not_held"),
        ("zfxxbcz", "not_held"),
        ("重复", "repeat"),
        ("ｙｙｇｋ", "granted"),
        (" 予 以 公 开 ", "granted"),
    ],
)
def test_the_value_that_is_meant(typed: str, meant: str) -> None:
    assert typed_words.resolve(typed, OUTCOMES) == meant


def test_a_sound_with_two_readings_is_heard_as_both() -> None:
    assert typed_words.resolve("cak", UNITS) == "a"
    assert typed_words.resolve("zak", UNITS) == "a"
    assert typed_words.resolve("xzk", UNITS) == "b"


@pytest.mark.parametrize(("typed", "several"), [("公开", 4), ("不", 3), ("by", 2)])
def test_what_is_ambiguous_is_listed(typed: str, several: int) -> None:
    found = typed_words.matches(typed, OUTCOMES)
    assert len(found) == several
    with pytest.raises(Malformed) as caught:
        typed_words.resolve(typed, OUTCOMES, "outcome")
    assert all(OUTCOMES[key]["zh"] in str(caught.value) or key in str(caught.value) for key in found)


@pytest.mark.parametrize("typed", ["", " ", "x", "公开了", "??", "yygkk", "已公布"])
def test_what_is_none_of_them_is_refused_with_the_choices(typed: str) -> None:
    with pytest.raises(Malformed):
        typed_words.resolve(typed, OUTCOMES, "outcome")


@given(st.sampled_from([*OUTCOMES.items()]), st.sampled_from(["key", "zh", "en"]))
def test_every_full_name_is_its_own_value(pair: tuple[str, dict[str, str]], which: str) -> None:
    key, names = pair
    assert typed_words.resolve(key if which == "key" else names[which], OUTCOMES) == key


@given(st.text(max_size=12))
def test_any_text_means_one_value_or_is_refused(typed: str) -> None:
    with contextlib.suppress(Malformed):
        assert typed_words.resolve(typed, CHANNELS) in CHANNELS
