"""Which texts ask for the same: exact join of sets of neighbouring characters, and groups of what is joined.

Two texts are alike where their sets of pairs have at least a given share in common (Jaccard) and they name
the same numbers: the budget of another year is other information. The join is exact: it looks at a pair of
texts only where they share one of their rarest pairs, which any two alike texts must (prefix filtering).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from sys import intern
from typing import NamedTuple

from workflow.base import atoms
from workflow.base.patterns import later

_CHINESE_YEAR = later(r"[〇零一二三四五六七八九]{2,4}(?=年)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


class Sketch(NamedTuple):
    """A text as it is compared: its pairs, and the numbers that it names."""

    pairs: frozenset[str]
    numbers: frozenset[str]


def sketch(text: str, phrases: Sequence[str] = (), shortest: int = 2) -> Sketch | None:
    """The sketch of a text without these phrases; None where less than so many atoms remain."""
    plain = _CHINESE_YEAR.sub(lambda found: found[0].translate(_DIGITS), text)
    for phrase in phrases:
        plain = plain.replace(phrase, " ")
    runs = atoms.runs(plain)
    # Numbers are compared separately: one more digit would weigh as much as a word.
    named = frozenset(atom for run in runs for atom in run if atom[0].isdigit())
    flat = [atom for run in runs for atom in run if atom not in named]
    if len(flat) < shortest:
        return None
    # A shorter text is padded at its ends, so that two characters form a set too. The same pairs occur in
    # many texts: each is interned.
    pairs = frozenset(intern(atoms.pair(*two)) for two in zip(["", *flat], [*flat, ""], strict=True))
    return Sketch(pairs, named)


def joined(
    sketches: Sequence[Sketch], least: float, seen: Callable[[int], None] | None = None
) -> Iterator[tuple[int, int]]:
    """All pairs of places whose texts are alike by at least this share (over 0)."""
    frequency = Counter(pair for one in sketches for pair in one.pairs)
    order = {
        pair: place
        for place, (pair, _n) in enumerate(sorted(frequency.items(), key=lambda item: (item[1], item[0])))
    }
    by_numbers: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, one in enumerate(sketches):
        by_numbers[one.numbers].append(place)
    done = 0
    for places in by_numbers.values():
        # In rising order of size: later texts are at least as large, so one bound on the size is enough.
        places.sort(key=lambda place: (len(sketches[place].pairs), place))
        index: dict[int, list[int]] = defaultdict(list)
        ranked: dict[int, frozenset[int]] = {}
        for place in places:
            ranks = sorted(order[pair] for pair in sketches[place].pairs)
            size = len(ranks)
            own = ranked[place] = frozenset(ranks)
            prefix = ranks[: size - _up(least * size) + 1]
            for other in {other for rank in prefix for other in index[rank]}:
                if _alike(own, ranked[other], least):
                    yield other, place
            # Later texts are no smaller, so a shorter prefix is enough to find this one.
            for rank in ranks[: size - _up(2 * least / (1 + least) * size) + 1]:
                index[rank].append(place)
            done += 1
            if seen is not None and done % 1000 == 0:
                seen(done)


def _alike(this: frozenset[int], smaller: frozenset[int], least: float) -> bool:
    """Whether two sets have at least this share in common, of which the second is not larger."""
    if len(smaller) < least * len(this):
        return False
    common = len(this & smaller)
    return common >= least * (len(this) + len(smaller) - common)


def _up(value: float) -> int:
    """Rounded up, with tolerance for the error of floating point."""
    return ceil(value - 1e-9)


def groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Groups of places joined directly or through others; each group in order."""
    above = list(range(count))

    def root(place: int) -> int:
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        above[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(count):
        found[root(place)].append(place)
    return list(found.values())
