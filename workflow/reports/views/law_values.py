"""The law on a day, one value of it, and how it changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow import law
from workflow.base import names as base_names
from workflow.base import screen
from workflow.base.messages import N_, pick, translate
from workflow.law import Value


def law_at(day: date) -> list[Value]:
    """Every value in force on a day; OutOfLaw before the first."""
    tables = law.bundled()
    found = tables.values_on(day)
    if not found:
        tables.value(tables.parameters()[0], day)
    return found


def law_show(name: str, on: date | None = None) -> list[Value]:
    """The history of a value; of one day, where it is given."""
    tables = law.bundled()
    return tables.history(name) if on is None else [tables.value(name, on)]


def values_json(found: list[Value]) -> list[dict[str, Any]]:
    """Values as plain data."""
    return [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in one._asdict().items()}
        for one in found
    ]


def values_lines(found: list[Value]) -> list[str]:
    """Values of a day as a table."""
    heads = (N_("value"), N_("content"), N_("certainty"), N_("provision"))
    return screen.table(
        [translate(head) for head in heads],
        [
            [one.id, f"{one.value} {_unit(one.unit)}", one.status, base_names.article(one.article)]
            for one in found
        ],
    )


def _unit(unit: str) -> str:
    names = law.bundled().unit(unit)
    return pick(names["zh"], names["en"])


def history_lines(found: list[Value]) -> list[str]:
    """The versions of a value, newest last, each with its source."""
    lines = []
    for one in found:
        until = one.effective_until or "…"
        lines += [
            f"{one.effective_from} – {until}  {one.value} {_unit(one.unit)}  [{one.status}]",
            f"  {base_names.article(one.article)}",
            *([f"  “{one.text}”"] if one.text else []),
            translate(
                N_("  promulgated {promulgated}; source {source}; checked on {checked}"),
                promulgated=one.promulgated,
                source=one.source,
                checked=one.checked_on,
            ),
            translate(N_("  counted from: {starts}"), starts=translate(one.starts)),
            *([f"  {translate(one.note)}"] if one.note else []),
        ]
    return lines
