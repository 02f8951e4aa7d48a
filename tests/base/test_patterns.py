"""Patterns that are compiled at their first use are what re.compile makes of them."""

from __future__ import annotations

import copy
import re
import sys

import pytest

from workflow.base import patterns
from workflow.service import runtime


def test_what_it_finds_is_what_the_compiled_pattern_finds() -> None:
    late, made = patterns.later(r"(\d+)年", re.ASCII), re.compile(r"(\d+)年", re.ASCII)
    text = "2025年与2026年"
    assert late.findall(text) == made.findall(text)
    assert late.sub("x", text) == made.sub("x", text)
    assert late.fullmatch("2026年")[1] == "2026"  # type: ignore[index]
    assert (late.pattern, late.flags, late.groups) == (made.pattern, made.flags, made.groups)
    assert copy.deepcopy(late).search(text) is not None


def test_nothing_is_compiled_before_it_is_used() -> None:
    late = patterns.later("(")
    patterns._all.pop()
    with pytest.raises(re.error):
        late.search("x")


def test_every_pattern_of_the_program_can_be_compiled() -> None:
    runtime.load_everything()
    patterns.compile_all()
    ours = [name for name in sys.modules if name.startswith(("workflow.", "letters."))]
    kept = [one for name in ours for one in vars(sys.modules[name]).values() if type(one) is patterns._Later]
    assert len(kept) > 150
    assert all(isinstance(one.pattern, str | bytes) for one in kept)
