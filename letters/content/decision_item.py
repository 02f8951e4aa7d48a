"""One row of a decision, and the paragraphs that a decision is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from letters.content.letter_content import Block


def paragraph(text: str, part: str = "body") -> Block:
    """One paragraph, its first line indented by two characters; part: which part of the letter it is."""
    return {"type": "p", "text": text, "part": part}


def heading(text: str) -> Block:
    """A heading of the first level (一、…)."""
    return {"type": "h1", "text": text, "part": "heading"}


@dataclass(frozen=True)
class Item:
    """One row of the decision: an item of the request, or a part of one, and what is decided on it."""

    no: int
    outcome: str
    ground: str | None
    texts: Mapping[str, str]
    attachments: tuple[str, ...]
    basis: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What goes into the attached data: no free text, only what was decided."""
        return {"no": self.no, "outcome": self.outcome, "ground": self.ground, "basis": list(self.basis)}


def refs(value: Any) -> list[str]:
    """Provisions given as one reference or as several."""
    return [value] if isinstance(value, str) and value else list(value or ())


def part_of(row: Mapping[str, Any]) -> str:
    """Which part of the letter a paragraph of a decision is: what cites the provisions decides."""
    if "part" in row:
        return str(row["part"])
    text = str(row["text"])
    if any(f"{{{name}}}" in text for name in ("basis", "own_basis", "severing")):
        return "decision"
    return "means" if row.get("if") in ("means", "attached") else "findings"
