"""The versions of a draft: who wrote what and when, and what changed between two."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.base.names import word
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.casework.opened import open_case
from workflow.drafting.draft_text import TEXTS
from workflow.office.seat import Seat
from workflow.procedure.fold import apply, effective


@dataclass(frozen=True)
class Version:
    """One version of a draft: its number, the entry, and what it says as lines."""

    no: int
    entry: Entry
    items: tuple[int, ...]
    text: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "version": self.no,
            "entry": self.entry.n,
            "on": self.entry.on.isoformat(),
            "items": list(self.items),
            "recorded_at": self.entry.recorded_at,
            "by": self.entry.actor,
        }


def versions(desk: Seat, ref: str) -> list[Version]:
    """Every version of the draft, from the entries of the case."""

    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
    case = CaseFile(number=opened.case.number)
    made: list[Version] = []
    for entry in effective(opened.entries):
        apply(case, entry)
        if entry.event == "draft":
            items = tuple(dict.fromkeys(one["no"] for one in entry.payload["items"]))
            made.append(Version(len(made) + 1, entry, items, tuple(_told(case))))
    return made


def _told(case: CaseFile) -> list[str]:
    lines = []
    for _, drafted in sorted(case.draft.items()):
        lines.append(
            f"[{drafted.no}{' ' + drafted.part if drafted.part else ''}] {word('outcome', drafted.ground or drafted.outcome)}"
        )
        for name, text in {**{name: getattr(drafted, name) for name in TEXTS}, **drafted.extra}.items():
            if text:
                lines += [f"== {name} ==", *text.split("\n")]
        lines += [f"+ {name}" for name in drafted.attachments]
    return lines


def diff(found: list[Version], first: int, second: int) -> list[str]:
    """What changed from one version to another, as a unified diff; NotFound for a version that there is
    not.
    """
    by_no = {one.no: one for one in found}
    for no in (first, second):
        if no not in by_no:
            raise NotFound(
                N_("There is no version {no} of the draft; there are {n}."), field="diff", no=no, n=len(found)
            )
    old, new = by_no[first], by_no[second]
    return list(
        difflib.unified_diff(
            old.text,
            new.text,
            f"{first}  {old.entry.recorded_at}",
            f"{second}  {new.entry.recorded_at}",
            lineterm="",
        )
    )
