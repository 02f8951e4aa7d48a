"""What words mean besides the names that tables give them: what somebody answered in this run, and other
words of the day. Every command begins with it; what finds a word among names (typed_words.py) is loaded where
one is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflow.base.errors import Ambiguous

# Other words of the day for a value, by what typed_words.plain makes of them: 挂号信, EMS, 网上. A room above
# fills it.
Spoken = Callable[[], Mapping[str, frozenset[str]]]
spoken: list[Spoken] = []


def also_spoken(words: Spoken) -> None:
    """Say what else values are called, with the codes that each word can mean."""
    spoken.append(words)


# What somebody said that he means by an ambiguous word of a field, in this run.
_answers: dict[tuple[str | None, str], str] = {}


def clear(fault: Ambiguous) -> str:
    """The key that was said to be meant; else the fault is raised."""
    said = _answers.get((fault.field, fault.typed))
    if said in fault.choices:
        return str(said)
    raise fault


def remember(fault: Ambiguous, key: str) -> None:
    """For the rest of the run the word means this key."""
    _answers[fault.field, fault.typed] = key


def forget() -> None:
    """A new run begins."""
    _answers.clear()
