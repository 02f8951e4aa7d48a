"""The letter of a draft, composed once for everything that it depends on: the draft, the facts of the case
that it shows, the day of the letter and the law on that day, the office's profile and its own wording.

All of these together have one digest. As long as it is the same, what was composed and what the check said of
it are the same too, and are taken from what this process has kept; of a decision that only its day makes
another, the words are. Nothing is kept across processes: what a letter says is personal, and stands nowhere
but sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from letters.content import another_day, chinese, compose, parts
from letters.content.faults import Fault
from letters.content.letter_content import Content
from letters.content.phrases import Phrases
from letters.own_wording import template_html, wording
from letters.own_wording.wording import Override
from letters.pdf import render
from workflow.base.errors import DisclosureError
from workflow.casework import letter_data, wording_in_force
from workflow.law import Law

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

T = TypeVar("T")
MOST = 256
"""Letters that a process keeps."""


class Kept(Generic[T]):
    """A cache of the last results, by the digest of what they depend on."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Any, T] = {}

    def get(self, key: Any) -> T | None:
        """The cached result; None where there is none."""
        return self._kept.get(key)

    def put(self, key: Any, made: T) -> T:
        """Store a result; the oldest one is dropped when the cache is full."""
        while len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = made
        return made

    def clear(self) -> None:
        """Empty the cache."""
        self._kept.clear()


@dataclass(frozen=True)
class Composed:
    """A letter and what came of composing it. It is shared and must not be changed."""

    # Of what it was composed; two letters of one digest say the same.
    digest: str
    data: Mapping[str, Any]
    content: Content | None
    refused: DisclosureError | None = None
    faceless: DisclosureError | None = None
    # What the office's own wording lost of this letter; None where the wording is the project's.
    lost: tuple[Fault, ...] | None = None

    @cached_property
    def parts(self) -> dict[str, str]:
        """What each part of the letter says: the same of every number and day."""
        return parts.said(self.content) if self.content else {}

    def numbered(self, number: str) -> tuple[dict[str, Any], Content | None]:
        """The data and the content with this number in the places where a number stands."""
        if number == self.data["number"]:
            return dict(self.data), self.content
        data = {**self.data, "number": number}
        return data, self.content and numbered(self.content, number)


def numbered(content: Content, number: str) -> Content:
    """What a letter says, with this number in the places where another one of its series stands."""
    if not content["number"]:
        return content
    # It is of the same code word as the one before, and written with 第 where that was.
    written = chinese.check_number(number, with_di="第" in content["number"])
    return {
        **content,
        "number": written,
        "meta": {**content["meta"], "number": written},
        "data": {**content["data"], "number": written},
    }


KEPT: Kept[Composed] = Kept()
# The letter of the same data that was composed last, of whatever day.
_OF_ANY_DAY: Kept[Composed] = Kept()


def forget() -> None:
    """Let go of all letters that were kept."""
    KEPT.clear()
    _OF_ANY_DAY.clear()


def letter(
    connection: Connection, office_id: int, code: str, text: str, on: date, number: str, law: Law
) -> Composed:
    """The letter of these data (`letter_data.text`) with this day, composed now or kept from before."""
    words, override = wording_in_force.words(connection, office_id)
    of_any_day = hashlib.sha256(f"{code}\n{override.digest}\n{text}".encode()).hexdigest()
    digest = f"{of_any_day} {on.isoformat()}"
    kept = KEPT.get((digest, law))
    if kept is not None:
        return kept
    before = _OF_ANY_DAY.get((of_any_day, law))
    made = before and _of_another_day(before, text, digest, on, law)
    if made is None:
        data = letter_data.whole(text, on, number)
        made = _OF_ANY_DAY.put((of_any_day, law), _composed(digest, code, data, law, words, override))
    return KEPT.put((digest, law), made)


def _of_another_day(before: Composed, text: str, digest: str, on: date, law: Law) -> Composed | None:
    """The letter with another date; None where it has to be composed anew."""
    if before.content is None or before.lost is not None:
        return None
    if not another_day.differs_by_date_alone(before.content, text, law, on):
        return None
    content = another_day.dated(before.content, on)
    made = replace(before, digest=digest, data={**before.data, "on": on.isoformat()}, content=content)
    vars(made)["parts"] = before.parts
    return made


def _composed(
    digest: str, code: str, data: dict[str, Any], law: Law, words: Phrases, override: Override
) -> Composed:
    if not code:
        return Composed(digest, data, None)
    try:
        content = override.over(compose.letter(code, data, law, words=words))
    except DisclosureError as fault:
        return Composed(digest, data, None, fault)
    lost = _lost(code, data, content, law) if override.digest else None
    try:
        letter_data.require_faces(content)
    except DisclosureError as fault:
        return Composed(digest, data, content, None, fault, lost)
    return Composed(digest, data, content, None, None, lost)


def _lost(code: str, data: dict[str, Any], content: Content, law: Law) -> tuple[Fault, ...]:
    """What the office's own wording lost of this very letter, beside the project's words for it."""
    reference = {**compose.letter(code, data, law), "told": wording.told_of(data)}
    try:
        page = render.html(content)
    except DisclosureError as fault:
        return (Fault(code, fault.field or "template", fault.text),)
    return tuple(wording.faults(code, reference, content, page, template_html.words(page), law))
