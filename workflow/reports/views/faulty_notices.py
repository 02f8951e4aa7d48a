"""What follows where the notice of the remedies is missing or wrong, as a lawyer asks for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow import law
from workflow.base import names
from workflow.base.completeness import require_same
from workflow.base.messages import N_, pick, translate
from workflow.law import FaultyNotice

ID = "faulty_notices"
NOTICES = {
    "reconsideration": N_("notice of reconsideration"),
    "suit": N_("notice of the suit"),
    "choice": N_("notice of the way to go"),
}
"""Of what a notice tells, as the law's table has it."""
require_same(
    "views/faulty_notices.NOTICES",
    NOTICES,
    "law/faulty_notices.toml",
    {row["remedy"] for row in law.bundled().tables[ID]["notice"]},
)


def history(on: date | None = None) -> list[FaultyNotice]:
    """All rules; those of one day, where it is given."""
    return law.bundled().faulty_notices(on)


def named(row: FaultyNotice) -> str:
    """A rule by its notice and its fault."""
    fault = law.bundled().tables[ID]["fault"][row.fault]
    return f"{translate(NOTICES[row.remedy])} – {pick(fault['zh'], fault['en'])}"


def as_json(found: list[FaultyNotice]) -> list[dict[str, Any]]:
    """Rules as plain data: days as ISO text."""
    return [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in row._asdict().items()}
        for row in found
    ]


def lines(found: list[FaultyNotice]) -> list[str]:
    """Each rule: the fault, what follows, the provision and its words."""
    made = []
    for row in found:
        made += [
            f"{row.effective_from} – {row.effective_until or '…'}  {named(row)}  [{row.status}]",
            f"  {pick(row.zh, row.en)}",
            f"  {names.article(row.article)}",
            f"  “{row.text}”",
            *([f"  {translate(row.note)}"] if row.note else []),
        ]
    return made
