"""What a Chinese document says to type, compared with what the English one does: a command under any of its
names is the same command, and a Chinese name of a value stands for its code.
"""

from __future__ import annotations

from functools import cache

from letters.content import kinds
from workflow.base import chinese_names, names, typed_words
from workflow.commands import all_commands, wiring  # noqa: F401  (names of the procedure)
from workflow.reports.views import command_names


def in_english(line: str) -> str:
    """A line, or a span of it, in which every command bears its English name."""
    said: list[str] = []
    # The group within which the next word names a command; "" in front of one, None among its values.
    group: str | None = None
    for word in line.split(" "):
        command = None if group is None else _known(group).get(word, word if word in _words(group) else None)
        group = "" if word.rpartition("/")[2] == "disclosure" else command
        said.append(command or word)
    return " ".join(said)


@cache
def _known(group: str) -> dict[str, str]:
    """The Chinese names that may follow, each with its command."""
    special = {called: word for (above, word), called in command_names.SPECIAL.items() if above == group}
    found = chinese_names.named_below(group) if group else chinese_names.by_name(all_commands.chinese_acts())
    return {**found, **special}


@cache
def _words(group: str) -> frozenset[str]:
    return frozenset(_known(group).values())


def same(english: str, chinese: str) -> bool:
    """Whether two lines of a document come to the same when they are typed."""
    ours, theirs = in_english(english).split(), in_english(chinese).split()
    return len(ours) == len(theirs) and all(
        one == other or (before.startswith("--") and other in _names_of(one, other))
        for before, one, other in zip(["", *ours], ours, theirs, strict=False)
    )


@cache
def _names_of(code: str, typed: str) -> tuple[str, ...]:
    """What was typed, where it may mean this code."""
    key = code.replace("-", "_")
    found = [names.both(kind, [key]) for kind in sorted(names.kinds())]
    found += [{one.code: {"zh": one.zh, "en": one.en}} for one in kinds.all() if one.code == code]
    return (typed,) if any(typed_words.matches(typed, words) for words in found) else ()
