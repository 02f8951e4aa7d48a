"""How long a filed case is kept: its class by the table, and the last day of its time."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.messages import pick
from workflow.cases.case import CaseFile

HERE = os.path.dirname(__file__)
PENDING = "pending"


@cache
def _table() -> dict[str, Any]:
    return tables.read(os.path.join(HERE, "retention.toml"))


def classes() -> list[str]:
    """The classes, the longest first."""
    return list(_table()["class"])


def name(key: str) -> str:
    """What a class is called, in the language in force."""
    row = _table()["class"][key]
    return pick(row["zh"], row["en"])


def of(case: CaseFile) -> str:
    """The class of a case: by what was decided on it, and by what came of the remedies."""
    outcomes = {item["outcome"] for reply in case.replies for item in reply.items}
    outcomes |= {reply.outcome for reply in case.replies}
    remedies = {part.outcome or PENDING for part in case.remedies}
    for rule in _table()["rule"]:
        if "remedies" in rule and not remedies & set(rule["remedies"]):
            continue
        if "outcomes" in rule and not outcomes & set(rule["outcomes"]):
            continue
        return str(rule["class"])
    raise LookupError("the last rule of retention.toml fits every case")


def by_remedy(outcome: str) -> str:
    """The class that a remedy with this outcome asks for."""
    rules = (rule for rule in _table()["rule"] if outcome in rule.get("remedies", ()))
    return str(next(rules, _table()["rule"][-1])["class"])


def until(key: str, filed: date) -> date | None:
    """The last day of keeping: years from the first of January after the filing; None is for ever."""
    years = _table()["class"][key].get("years")
    return date(filed.year + int(years), 12, 31) if years is not None else None


def facts(case: CaseFile, filed: date) -> dict[str, Any]:
    """What the entry records of it: class and last day."""
    key = of(case)
    last = until(key, filed)
    return {"retention": key, **({"keep_until": last.isoformat()} if last else {})}


def longer(first: str, second: str) -> str:
    """The class that keeps longer."""
    order = classes()
    return min(first, second, key=order.index)
