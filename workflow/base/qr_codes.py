"""QR codes as pictures within a page: one path of black runs, no other file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import segno

# The quiet zone that readers want, in modules.
_QUIET = 4
_RUN = re.compile(rb"\x01+")


def modules(text: str) -> Sequence[bytes | bytearray]:
    """The modules of the code of a text, row by row, black ones as 1."""
    # With a mask that is given none has to be sought: two thirds of the time, and every reader reads it.
    return segno.make_qr(text, error="m", mask=3).matrix


def svg(text: str, title: str = "") -> str:
    """The code of a text; a damage of 15 % is read through. `title`: what it is, for who cannot see it."""
    matrix = modules(text)
    side = len(matrix) + 2 * _QUIET
    runs = [
        f"M{_QUIET + run.start()} {_QUIET + y}.5h{run.end() - run.start()}"
        for y, row in enumerate(matrix)
        for run in _RUN.finditer(bytes(row))
    ]
    return (
        f'<svg viewBox="0 0 {side} {side}" class="segno">{f"<title>{escape(title)}</title>" if title else ""}<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{"".join(runs)}"/></svg>'
    )
