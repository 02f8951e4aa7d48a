"""What the office reports: the annual report, and how well it does."""

from __future__ import annotations

from workflow.counter.kit import group


@group("report")
def report() -> None:
    """Commands on what the office reports."""
