"""Every rule of good order that the program cites has its words, and can be asked about."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from workflow.base import names
from workflow.procedure import naming
from workflow.reports.law import why

ROOT = Path(__file__).resolve().parents[2]


def test_every_rule_of_good_order_is_explained() -> None:
    texts = (
        path.read_text(encoding="utf-8")
        for room in ("workflow", "letters")
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".toml")
    )
    cited = {name for text in texts for name in re.findall(r"\"house:([a-z_]+)\"", text)}
    assert len(cited) > 20
    assert [name for name in sorted(cited) if naming.reason(name) is None] == []
    told = why.of("house:evidence", date(2026, 3, 2))
    assert told.title == names.article("house:evidence") != "evidence"
