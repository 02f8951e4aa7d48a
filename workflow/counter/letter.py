"""Letters without a case and with one: the catalogue, specimens, the check before issue, verification."""

from __future__ import annotations

from workflow.counter.kit import group


@group("letter")
def letter() -> None:
    """Commands on letters."""
