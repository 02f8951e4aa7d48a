"""What a check of the machine found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from workflow.base.messages import translate

Level = Literal["ok", "warning", "failure"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `name` is a stable word for scripts; detail and remedy are in the current
    language.
    """

    name: str
    level: Level
    message: str
    advice: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done before work goes on."""
        return self.level != "failure"

    @property
    def detail(self) -> str:
        """What was found."""
        return translate(self.message, **self.params)

    @property
    def remedy(self) -> str | None:
        """What to do about it; None if there is nothing to do."""
        return translate(self.advice, **self.params) if self.advice else None
