"""Registers what else a typed value is called. Of what rooms below leave open, this alone is asked for before
a command acts, and by commands that never do: every command loads it; the rest is loaded by wiring.py.
"""

from __future__ import annotations

from workflow.base import typed_words
from workflow.intake import spoken_words

typed_words.also_spoken(spoken_words.spoken)
