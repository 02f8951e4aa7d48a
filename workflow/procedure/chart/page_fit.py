"""How the drawing is fitted on its page: from the most generous way to the tightest, then on longer pages."""

from __future__ import annotations

from typing import NamedTuple


class Fit(NamedTuple):
    """How much shorter the lengths that can give way are drawn, how much smaller the letters, and how much
    longer the page is: the main line, the lanes and the foot move apart with it.
    """

    space: float
    text: float
    page: float = 1.0

    @property
    def drawing(self) -> float:
        """For the states drawn within a card, whose labels need their room: half of what the gaps give."""
        return (1 + self.space) / 2


# The first that fits is taken. A4 as far as it is legible there; a page half as long again fits A3.
FITS = (
    *(Fit(space / 100, 1.0) for space in (100, 96, 92, 88, 84)),
    *(Fit(0.84, text / 100) for text in (98, 96, 94, 92, 90, 88, 86)),
    *(Fit(0.84, 0.9, page / 100) for page in range(104, 301, 4)),
)
