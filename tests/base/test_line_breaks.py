"""Where Chinese text may break, for letters, drawings and the terminal alike."""

from __future__ import annotations

import pytest

from letters.pdf.flush_lines import MOST_SPACING, set_lines
from workflow.base.line_breaks import NOT_FIRST, NOT_LAST, pieces, wrap


def _full(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


def _columns(char: str) -> float:
    return 1 if char.isascii() else 2


@pytest.mark.parametrize(
    "whole", ["〔2026〕1号", "〔2026〕第12号", "[2019]128号", "60日", "2026年", "Administration", "——", "……"]
)
def test_what_is_one_thing_is_not_broken(whole: str) -> None:
    for before in range(1, 40):
        text = "字" * before + whole + "字" * 30
        assert any(whole in line.text for line in set_lines(text, _full, measure=28))
        assert any(whole in line for line in wrap(text, _columns, 40))


@pytest.mark.parametrize("mark", sorted(NOT_FIRST))
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    """The same holds for the middle dot of a name."""
    for before in range(20, 36):
        text = "字" * before + mark + "字" * 40
        assert not any(line.text.startswith(mark) for line in set_lines(text, _full, measure=28)[1:])
        assert not any(line.startswith(mark) for line in wrap(text, _columns, 40)[1:])


@pytest.mark.parametrize("mark", sorted(NOT_LAST))
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    for before in range(20, 36):
        text = "字" * before + mark + "字" * 40
        assert not any(line.text.endswith(mark) for line in set_lines(text, _full, measure=28)[:-1])
        assert not any(line.endswith(mark) for line in wrap(text, _columns, 40)[:-1])


@pytest.mark.parametrize(
    "word", ["Administration", "https://www.example.invalid/xxgk/2026", "xxgk@example.invalid", "A" * 17]
)
def test_no_line_is_drawn_far_apart_for_a_word(word: str) -> None:
    """A line before a long word is left ragged, or the word is broken where an address may be."""
    for before in range(1, 45):
        lines = set_lines("字" * before + word + "字" * 60, _full, measure=28, indent=2)
        assert "".join(line.text for line in lines) == "字" * before + word + "字" * 60
        assert all(abs(line.spacing) <= MOST_SPACING for line in lines)


def test_what_is_not_set_flush_keeps_its_natural_spacing() -> None:
    lines = set_lines("某某国际（中国）技术服务有限公司Administration部" * 4, _full, measure=28, flush=False)
    assert len(lines) > 2
    assert all(line.spacing <= 0 for line in lines)


def test_an_address_is_broken_after_its_marks() -> None:
    lines = set_lines("字" * 24 + "https://www.example.invalid/xxgk/index.html。", _full, measure=28)
    assert lines[0].text.endswith("https://")
    assert lines[-1].text.endswith("index.html。")


def test_blanks_at_the_ends_of_lines_are_left_out() -> None:
    assert wrap("ab  cd   ef", _columns, 2) == ["ab", "cd", "ef"]
    assert pieces("ab  cd") == ["ab", "  ", "cd"]
