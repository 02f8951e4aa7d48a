"""What is wrong with a letter that was set in an office's own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with one letter under an override: the letter, the part, and in which words."""

    letter: str
    part: str
    detail: str
