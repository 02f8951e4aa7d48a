"""The signs of alerts (diamond, square, ring ...) as shapes of SVG, and lengths as it writes them."""

from __future__ import annotations

from collections.abc import Callable


def in_svg(value: float) -> str:
    """A length as it is written in an SVG."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _polygon(*corners: tuple[float, float]) -> Callable[[float, float, float], str]:
    def drawn(x: float, y: float, r: float) -> str:
        return (
            'polygon points="'
            + " ".join(f"{in_svg(x + dx * r)},{in_svg(y + dy * r)}" for dx, dy in corners)
            + '"'
        )

    return drawn


def _circle(x: float, y: float, r: float) -> str:
    return f'circle cx="{in_svg(x)}" cy="{in_svg(y)}" r="{in_svg(r * 0.86)}"'


SHAPES: dict[str, Callable[[float, float, float], str]] = {
    "diamond": _polygon((0, -1.12), (1.02, 0), (0, 1.12), (-1.02, 0)),
    "square": _polygon((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "triangle": _polygon((0, -1.0), (1.05, 0.85), (-1.05, 0.85)),
    "circle": _circle,
    "ring": _circle,
    "cross": _polygon(
        (-1, -0.7),
        (-0.7, -1),
        (0, -0.3),
        (0.7, -1),
        (1, -0.7),
        (0.3, 0),
        (1, 0.7),
        (0.7, 1),
        (0, 0.3),
        (-0.7, 1),
        (-1, 0.7),
        (-0.3, 0),
    ),
}
