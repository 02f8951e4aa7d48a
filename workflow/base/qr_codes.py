"""QR codes as pictures within a page: one path of black runs, no other file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import groupby, product

# The quiet zone that readers want, in modules.
_QUIET = 4
_PIECE = 8


def modules(text: str) -> Sequence[bytes | bytearray]:
    """The modules of the code of a text, row by row, black ones as 1."""
    import segno

    learnt = _LEARNT.get(_shape(text))
    # With a mask that is given none has to be sought: two thirds of the time, and every reader reads it.
    return learnt.modules(text) if learnt else segno.make_qr(text, error="m", mask=3).matrix


class _Alike:
    """The codes of texts of one length that begin alike, in a tenth of the time; ASCII only.

    A QR code is linear: its data and its error correction are sums without carry over the bits of the text,
    and the places of its modules and the mask depend on the length alone. So the code of any text is that of
    one text, changed by what each bit in which the two differ changes by itself.
    """

    def __init__(self, start: str, length: int) -> None:
        self._base = start.encode("ascii").ljust(length, b"a")
        matrix = self._drawn(self._base)
        self._side, self._plain = len(matrix), self._number(matrix)
        self._changes = {
            (at, bit): self._number(self._drawn(self._other(at, bit))) ^ self._plain
            for at, bit in product(range(len(start), length), range(7))
        }

    @staticmethod
    def _drawn(text: bytes) -> Sequence[bytes | bytearray]:
        import segno

        return segno.make_qr(text, error="m", mask=3, mode="byte").matrix

    @staticmethod
    def _number(matrix: Sequence[bytes | bytearray]) -> int:
        return int.from_bytes(b"".join(matrix), "big")

    def _other(self, at: int, bit: int) -> bytes:
        text = bytearray(self._base)
        text[at] ^= 1 << bit
        return bytes(text)

    def modules(self, text: str) -> Sequence[bytes]:
        """As `modules` of a text of this length with this beginning."""
        made = self._plain
        for at, (one, other) in enumerate(zip(text.encode("ascii"), self._base, strict=True)):
            differs = one ^ other
            while differs:
                low = differs & -differs
                made ^= self._changes[at, low.bit_length() - 1]
                differs ^= low
        flat = made.to_bytes(self._side**2, "big")
        return [flat[at : at + self._side] for at in range(0, len(flat), self._side)]


_LEARNT: dict[tuple[str, int], _Alike] = {}


def _shape(text: str) -> tuple[str, int]:
    """How a text begins, up to its last `/`, and its length."""
    return text[: text.rfind("/") + 1], len(text)


def learn(example: str) -> None:
    """Draw faster from now on what differs from this only after the last `/`; it takes 0.3 s."""
    if example.isascii() and _shape(example) not in _LEARNT:
        _LEARNT[_shape(example)] = _Alike(*_shape(example))


@cache
def _pieces() -> dict[bytes, str]:
    """How each row of up to so many modules is drawn, from its first to after its last."""
    return {
        bytes(row): "".join(
            f"h{len(list(run))}" if black else f"m{len(list(run))} 0" for black, run in groupby(row)
        )
        for length in range(1, _PIECE + 1)
        for row in product((0, 1), repeat=length)
    }


def svg(text: str, title: str = "") -> str:
    """The code of a text; a damage of 15 % is read through. `title`: what it is, for who cannot see it."""
    matrix, pieces = modules(text), _pieces()
    side = len(matrix) + 2 * _QUIET
    rows = [
        f"M{_QUIET} {_QUIET + y}.5"
        + "".join([pieces[bytes(row[x : x + _PIECE])] for x in range(0, len(row), _PIECE)])
        for y, row in enumerate(matrix)
    ]
    return (
        f'<svg viewBox="0 0 {side} {side}" class="segno">{f"<title>{escape(title)}</title>" if title else ""}<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{"".join(rows)}"/></svg>'
    )
