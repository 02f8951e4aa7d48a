"""Registers what else a typed value is called. Of what rooms below leave open, this alone is asked for before
a command acts, and by commands that never do: every command loads it; the rest is loaded by wiring.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflow.base import word_answers


def _spoken() -> Mapping[str, frozenset[str]]:
    from workflow.intake import spoken_words

    return spoken_words.spoken()


word_answers.also_spoken(_spoken)
