"""What was read of a row of a list: the application, or what is wrong with it, each fault with its cell and
said to somebody who mends cells and types no options.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.base.patterns import later
from workflow.base.sheets import headings, reader
from workflow.base.sheets.reader import Row
from workflow.casework import application as applications
from workflow.casework.taking_over import Past
from workflow.procedure import days

_SPACED = later(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])[\s\u3000]+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
# Columns that say a value in another way, and the entry that they fill.
SAME = {
    "applied_on": "on",
    "id_card": "id_number",
    "credit_code": "id_number",
    "organisation": "name",
    **{f"agent_{key}": "agent" for key in ("phone", "address", "id_number", "document", "scope")},
}
_NEEDED = ("name", "channel", "request")
_DAY_ADVICE = N_("Correct the day in the cell by the stamp of receipt or the register.")


@dataclass
class Fault:
    """What is wrong with a row: the cell (or none), and the error that says so."""

    cell: str
    title: str
    error: DisclosureError


@dataclass
class Read:
    """A row as it was read: the application, or what keeps it from being one; remarks in any case."""

    given: dict[str, Any]
    application: applications.Application | None = None
    # What an old register says of it besides.
    past: Past | None = None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # The row says that an organisation applies, and not of which kind.
    organisation: bool = False


def at(row: Row, key: str, error: DisclosureError, places: dict[str, int], found: headings.Found) -> Fault:
    """A fault with the cell of the entry that it is about; of a day of arrival, that of the day there is."""
    keys = [key, *(one for one, same in SAME.items() if same == key)]
    if key == "on":
        keys += applications.ARRIVED
    told = [places[one] for one in keys if one in places]
    place = next((one for one in told if row.at(one) is not None), next(iter(told), None))
    if error.rule == days.RULE:
        error.way_on = _DAY_ADVICE
    if place is None:
        return Fault("", "", error)
    return Fault(reader.place_name(place, row.number), found.titles[place], error)


def lacking(error: DisclosureError, given: dict[str, Any]) -> DisclosureError:
    """The error, for what every application has to say in the words of a list."""
    if error.field not in _NEEDED or given.get(error.field):
        return error
    return Malformed(
        N_("The row does not say: {what}."),
        rule=error.rule,
        field=error.field,
        what=Named("column", error.field),
        way_on=N_("Enter it from the application; nothing is filled in."),
    )


def line(cell: Any) -> str:
    """A cell as text on one line: line breaks and runs of blanks are one blank, and none within a Chinese
    name.
    """
    parts = unicodedata.normalize("NFC", reader.plain(cell)).split()
    return parts[0] if len(parts) == 1 else _SPACED.sub("", " ".join(parts))
