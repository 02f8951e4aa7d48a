"""The thresholds that an office may set under [alerts], and their defaults (thresholds.toml). All numbers are
working days; none is law.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed

PATH = os.path.join(os.path.dirname(__file__), "thresholds.toml")
MOST = 250


def table() -> tables.Table:
    """The table as it was read."""
    return tables.read(PATH)


@cache
def defaults() -> dict[str, tuple[int, int, int]]:
    """Every threshold that an office may set: default, least and most."""
    found = {rule: (row["days"], 0, MOST) for rule, row in table()["clock"].items()}
    found |= {kind: (row["days"], 0, MOST) for kind, row in table()["kind"].items() if "days" in row}
    found |= {
        f"idle.{state}": (row["idle"], 0, MOST) for state, row in table()["state"].items() if "idle" in row
    }
    return found | {key: (row["days"], row["low"], row["high"]) for key, row in table()["other"].items()}


def flat(raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Entries by their dotted name: `reply.limit = 3` is a table within a table, and so is what `office set`
    makes.
    """
    for key, value in raw.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def checked(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The checked table [alerts] of an office file; Malformed names an unknown entry, or an invalid
    number.
    """
    known = defaults()
    for key, value in flat(raw):
        if key not in known:
            raise Malformed(
                N_("There is no threshold '{name}'."),
                field=f"alerts.{key}",
                name=key,
                way_on=N_("Thresholds are: {names}"),
                names=listed(known),
            )
        _, low, high = known[key]
        if type(value) is not int or not low <= value <= high:
            raise Malformed(
                N_("'{field}' is a number from {low} to {high}, not {value}."),
                field=f"alerts.{key}",
                low=low,
                high=high,
                value=str(value)[:40],
            )
    return dict(raw)
