"""Personal data in a draft, found and masked on the officer's word.

What is found is what the check of a letter finds (letters/check/personal.py), with its place in the text as
typed. The masked texts are recorded as a new draft, and the officer's word as a remark beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from letters.check import personal
from workflow.base.messages import N_, translate
from workflow.base.names import word
from workflow.cases.case import CaseFile
from workflow.cases.reply import DraftItem
from workflow.casework import issue_check, known_data
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.drafting import draft_text


@dataclass(frozen=True)
class Find:
    """One datum in one text of the draft: where it stands, what it is, and how it is masked."""

    no: int
    part: str
    name: str
    kind: str
    start: int
    end: int
    masked: str

    def line(self) -> str:
        """The find for the screen: never the datum itself."""
        return translate(
            N_("Item {no}, {name}: {kind} {masked}"),
            no=self.no,
            name=word("need", self.name) or self.name,
            kind=word("personal", self.kind),
            masked=self.masked,
        )

    def as_json(self) -> dict[str, Any]:
        """The find as plain data."""
        return {
            "item": self.no,
            "part": self.part,
            "field": self.name,
            "kind": self.kind,
            "masked": self.masked,
        }


@dataclass(frozen=True)
class Looked:
    """A draft as it was looked at: its version, and everything that was found."""

    case: CaseFile
    version: int
    finds: tuple[Find, ...]


def look(desk: Desk, ref: str) -> Looked:
    """Everything personal in the texts of the draft; Refused where there is none to look at."""
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
        issue_check.require_draft(opened.case)
        known = known_data.of(opened)
    finds = [
        Find(row.no, row.part, name, *span)
        for _, row in sorted(opened.case.draft.items())
        for name, text in _texts(row).items()
        for span in personal.spans(text, name, known, opened.case.items[row.no - 1])
    ]
    return Looked(opened.case, opened.version, tuple(finds))


def mask(desk: Desk, looked: Looked, reason: str, on: date | None = None) -> Done:
    """Record the draft with what was found masked, item by item, and the officer's word."""
    done: Done | None = None
    version = looked.version
    for (no, part), finds in _by_row(looked.finds).items():
        row = next(one for one in looked.case.draft.values() if (one.no, one.part) == (no, part))
        before = _texts(row)
        after = {
            name: _covered(text, [one for one in finds if one.name == name]) for name, text in before.items()
        }
        done = draft_text.record(desk, looked.case, row, before, after, version, on).done or done
        version = done.version if done is not None else version
    told = "；".join(one.line() for one in looked.finds)
    said = translate(N_("Masked on the officer's word: {finds}. {reason}"), finds=told, reason=reason).strip()
    return desk.act(looked.case.number, "note", {"text": said}, on=on, expect=version)


def _texts(row: DraftItem) -> dict[str, str]:
    own = {name: str(getattr(row, name)) for name in draft_text.TEXTS}
    return {name: text for name, text in {**own, **row.extra}.items() if text}


def _by_row(finds: Iterable[Find]) -> dict[tuple[int, str], list[Find]]:
    found: dict[tuple[int, str], list[Find]] = {}
    for one in finds:
        found.setdefault((one.no, one.part), []).append(one)
    return found


def _covered(text: str, finds: list[Find]) -> str:
    for one in sorted(finds, key=lambda find: -find.start):
        text = text[: one.start] + one.masked + text[one.end :]
    return text
