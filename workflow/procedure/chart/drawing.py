"""The drawing as those see it that draw parts of it; its colours and sizes of letters."""

from __future__ import annotations

from typing import Any, Protocol

from workflow.procedure.chart.canvas import Canvas, Rect, Run, Sizes
from workflow.procedure.chart.content import Content
from workflow.procedure.chart.words import Rows, Words


class Drawing(Protocol):
    """The drawing, as arrows and foot use it."""

    table: dict[str, Any]
    size: Sizes
    tones: dict[str, tuple[str, str]]
    words: Words
    content: Content
    canvas: Canvas
    places: dict[str, Rect]
    loose: list[str]

    def runs(self, act: str, rows: Rows) -> list[Run]: ...
    def down(self, y: float) -> float: ...
    def place(self, text: str) -> tuple[float, float]: ...
    def number(self, text: str) -> float: ...
    def tall(self, lines: list[list[Run]]) -> float: ...
    def write(self, x: float, y: float, entries: list[tuple[str, list[list[Run]]]]) -> None: ...


TONES = {
    "main": ("#e8f0fa", "#1d4e89"),
    "state": ("#e8f0fa", "#1d4e89"),
    "wait": ("#fdf1d8", "#a86a12"),
    "end": ("#e6e8eb", "#3e4c59"),
    "act": ("#f1f3f5", "#7b8794"),
    "line": ("none", "#33475b"),
}


LINE = TONES["line"][1]


SIZES = {"zh_CN": Sizes(2.28, 2.65, 2.0, 3.1), "en": Sizes(2.02, 2.3, 1.8, 2.7)}
