"""What an office says in [assignment] of who usually handles what: by words of the request, by the
applicant's area, and in each unit by turn. It proposes; whoever assigns decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.office.profile import Office

LISTS, TURN = ("keywords", "areas"), "turn"
_BETWEEN = later(r"[,，、;；]")


class Rule(NamedTuple):
    """What usually goes to a unit."""

    unit: str
    # Any of these in the request or its items.
    keywords: tuple[str, ...]
    # Any of these in the address of an applicant.
    areas: tuple[str, ...]
    # Whether its handlers take cases by turn.
    turn: bool


def words(value: Any) -> tuple[str, ...]:
    """Words as a list, or as one text with commas (as `office set` takes them)."""
    given = value if isinstance(value, list) else _BETWEEN.split(str(value or ""))
    return tuple(dict.fromkeys(word for one in given if (word := str(one).strip())))


def of(office: Office) -> list[Rule]:
    """The rules of an office, in the order in which it gives them."""
    units = {_plain(key): key for key in office.units}
    return [
        Rule(units[_plain(unit)], words(row.get("keywords")), words(row.get("areas")), row.get(TURN) is True)
        for unit, row in office.entry("assignment").items()
        if _plain(unit) in units
    ]


def checked(raw: Mapping[str, Any], units: list[dict[str, str]]) -> dict[str, Any] | None:
    """The checked table [assignment]; Malformed names a unit or an entry that is not known."""
    known = {_plain(unit["key"]) for unit in units}
    for unit, row in raw.items():
        where = f"assignment.{unit}"
        if _plain(unit) not in known:
            raise _fault(
                where, N_("'{name}' is no unit of the office: {known}"), unit, [u["key"] for u in units]
            )
        if not isinstance(row, Mapping):
            raise _fault(where, N_("'{name}' has to have one of: {known}"), unit, [*LISTS, TURN])
        for name, value in row.items():
            if name not in (*LISTS, TURN):
                raise _fault(f"{where}.{name}", N_("'{name}' is not one of: {known}"), name, [*LISTS, TURN])
            if name == TURN and not isinstance(value, bool):
                raise _fault(f"{where}.{name}", N_("'{name}' is one of: {known}"), name, ["true", "false"])
            if name in LISTS and not isinstance(value, str | list):
                raise _fault(f"{where}.{name}", N_("'{name}' is words: {known}"), name, ['["…", "…"]'])
    return dict(raw) or None


def _plain(key: str) -> str:
    # The name of a setting is typed with either sign.
    return key.replace("-", "_")


def _fault(where: str, message: str, name: str, known: list[str]) -> Malformed:
    return Malformed(
        message,
        field=where,
        name=name,
        known=listed(known),
        way_on=N_("See docs/office.md and the sample office file."),
    )
