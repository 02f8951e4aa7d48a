"""Drawings side by side on a screen, as many as its width takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from workflow.base.screen import Block, folded
from workflow.base.text_width import pad, width


class Abreast(Block):
    """Drawings of equal width side by side, as many as there is room for, with the meaning of their signs.

    They show what a table says already, and are not read out.
    """

    __slots__ = ("drawings", "legend", "size")

    drawings: list[list[str]]
    legend: str
    size: int

    def __new__(cls, drawings: list[list[str]], size: int, legend: str, most: int = 2) -> Self:
        made = super().__new__(cls, "\n".join([*_side_by_side(drawings, size, most), legend]))
        made.drawings, made.size, made.legend = drawings, size, legend
        return made

    def fit(self, room: int) -> list[str]:
        """Two beside each other, or one below the other; the legend below them."""
        abreast = 2 if 2 * self.size <= room else 1
        lines = [line for line in _side_by_side(self.drawings, self.size, abreast) if width(line) <= room]
        return [*lines, *folded(self.legend, room)]

    def spoken(self) -> list[str]:
        """Nothing."""
        return []


def _side_by_side(drawings: list[list[str]], size: int, abreast: int) -> Iterator[str]:
    for first in range(0, len(drawings), abreast):
        row = drawings[first : first + abreast]
        for at in range(max(map(len, row))):
            yield "".join(pad(one[at] if at < len(one) else "", size) for one in row).rstrip()
        yield ""
