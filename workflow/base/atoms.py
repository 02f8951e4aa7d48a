"""Text cut into atoms and pairs of neighbouring atoms, the units of search, the same for Chinese and other
scripts.

An atom is one Chinese character, or one word or number of a script that writes words apart; compatibility
forms and capitals equal their plain forms. Two neighbouring atoms make a pair, and a phrase is a run of
neighbours. The end of a sentence or of a line separates neighbours; spaces, brackets and hyphens do not.

No dictionary is used: a query is found wherever its characters stand side by side, however a dictionary would
divide them into words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

LONGEST_ATOM = 40
LONGEST_QUERY = 200
BREAK = "|"
_ENDS = frozenset("。、,;:?!…\n\r\u2028\u2029|")
# Between two digits these marks belong to a number or a time; a full stop inside an address or a number ends
# no sentence.
_IN_NUMBERS = frozenset(",:.")
_QUOTES = later(r"[“”„‟＂]")
_WORDS = later(r'(-?)(?:"([^"]*)"|(\S+))')


class Atom(NamedTuple):
    """An atom with its place in the text: from the first character up to, and without, `end`."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """One word or phrase of a query: its runs of neighbouring atoms, all of which have to be there (or must
    not).
    """

    runs: tuple[tuple[str, ...], ...]
    without: bool = False


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    """The character in the form that is compared: compatibility forms resolved, capitals lowered."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())


def alone(char: str) -> bool:
    """Whether a character of this script is an atom by itself: Chinese, kana, Hangul."""
    code = ord(char)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x3FFFF
        or code == 0x3007
        or 0xF900 <= code <= 0xFAFF
        or 0x3040 <= code <= 0x30FF
        or 0xAC00 <= code <= 0xD7AF
    )


def atoms(text: str) -> Iterator[Atom | None]:
    """The atoms of a text in order, with None where two neighbours are separated."""
    word, start, end, last = "", 0, 0, ""
    for place, char in enumerate(text):
        # The usual case: a plain Chinese character, which is its own atom.
        if "\u4e00" <= char <= "\u9fff":
            if word:
                yield Atom(word[:LONGEST_ATOM], start, end)
                word = ""
            last = char
            yield Atom(char, place, place + 1)
            continue
        for plain in _plain(char):
            if plain.isalnum() and not alone(plain):
                if not word:
                    start = place
                word += plain
                end, last = place + 1, plain
                continue
            if word:
                yield Atom(word[:LONGEST_ATOM], start, end)
                word = ""
            if alone(plain):
                yield Atom(plain, place, place + 1)
            elif plain in _ENDS or plain == ".":
                following = text[place + 1 : place + 2]
                inside = plain in _IN_NUMBERS and last.isdigit() and following.isdigit()
                if not inside and (plain != "." or not following.isalnum() or alone(following)):
                    yield None
            last = plain
    if word:
        yield Atom(word[:LONGEST_ATOM], start, end)


def runs(text: str) -> list[list[str]]:
    """The runs of neighbouring atoms."""
    found: list[list[str]] = [[]]
    for atom in atoms(text):
        if atom is None:
            if found[-1]:
                found.append([])
        else:
            found[-1].append(atom.text)
    return found if found[-1] else found[:-1]


def line(all_runs: Iterable[Iterable[str]]) -> str:
    """Runs as one line, in which every phrase stands as `line([phrase])` has it: atoms between spaces."""
    body = f" {BREAK} ".join(" ".join(run) for run in all_runs)
    return f" {body} " if body else ""


def tokens(all_runs: Iterable[Iterable[str]]) -> list[str]:
    """What the index holds of these runs: every atom and every pair, each once, in order of their coming."""
    found: dict[str, None] = {}
    for run in all_runs:
        before = ""
        for atom in run:
            found[atom] = None
            if before:
                found[pair(before, atom)] = None
            before = atom
    return list(found)


def pair(first: str, second: str) -> str:
    """The token of two neighbours."""
    return f"{first}_{second}"


def required(run: tuple[str, ...]) -> list[str]:
    """The tokens that a text has to hold in which this run occurs: its pairs, or the one atom."""
    return tokens([run]) if len(run) == 1 else [pair(*two) for two in pairwise(run)]


def query(text: str) -> list[Word]:
    """The words of a query: blanks between them, "a phrase" in quotes, -word for what must not be there.

    Malformed where nothing remains to look for.
    """
    if len(text) > LONGEST_QUERY:
        raise Malformed(
            N_("What is looked for is longer than {most} characters."),
            field="words",
            most=LONGEST_QUERY,
            way_on=N_("Give the few words that matter."),
        )
    words = []
    for minus, phrase, single in _WORDS.findall(_QUOTES.sub('"', text.replace("－", "-"))):
        found = tuple(tuple(run) for run in runs(phrase or single.strip('"')))
        if found:
            words.append(Word(found, minus == "-"))
    if not any(not word.without for word in words):
        raise Malformed(
            N_("Nothing to look for: give at least one word that is to be found."),
            field="words",
            way_on=N_('For example: disclosure search 征地批复 "财政 补助" -渡口'),
        )
    return words


def places(text: str, wanted: Iterable[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Where these runs stand in the text: first character and end of each, in order, none within another."""
    listed = list(atoms(text))
    found: list[tuple[int, int]] = []
    for run in {tuple(run) for run in wanted}:
        for at in range(len(listed) - len(run) + 1):
            window = listed[at : at + len(run)]
            if all(atom is not None and atom.text == one for atom, one in zip(window, run, strict=True)):
                first, last = window[0], window[-1]
                assert first is not None
                assert last is not None
                found.append((first.start, last.end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
