"""The tables of criteria: that of the project and those that an office set for itself, by day."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from workflow.base import names, tables
from workflow.base.completeness import require_known
from workflow.base.errors import Malformed
from workflow.base.messages import N_, pick
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.reports.board import figures
from workflow.reports.board.figures import NOW
from workflow.reports.board.monthly import entries

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TABLE = os.path.join(os.path.dirname(__file__), "criteria.toml")
SET = "criteria_set"
WHOLE = 100
_TEXTS, _MOST = ("id", "zh", "en", "part", "article"), 20


class Criterion(NamedTuple):
    """A share of figures, the points for it, and the provision that asks for what is measured."""

    id: str
    zh: str
    en: str
    weight: int
    part: str
    of: tuple[str, ...]
    full: float
    none: float
    article: str

    @property
    def name(self) -> str:
        """In the language in force."""
        return pick(self.zh, self.en)

    def points(self, share: float) -> float:
        """The points for a share, to two places."""
        reached = (share - self.none) / (self.full - self.none)
        return round(self.weight * min(1.0, max(0.0, reached)), 2)


class Criteria(NamedTuple):
    """The criteria in force from a day; their weights come to a hundred. `own`: the office set them."""

    effective_from: date
    article: str
    criteria: tuple[Criterion, ...]
    own: bool


def read(raw: dict[str, Any], *, own: bool) -> Criteria:
    """A table of criteria, checked; Malformed says what is wrong with it."""
    try:
        found = tuple(_criterion(one) for one in raw["criterion"])
        made = Criteria(date.fromisoformat(str(raw["effective_from"])), str(raw["article"]), found, own)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise _wrong(f"{type(fault).__name__}: {str(fault)[:80]}") from None
    if not 0 < len(found) <= _MOST or len({one.id for one in found}) != len(found):
        raise _wrong("id")
    if sum(one.weight for one in found) != WHOLE:
        raise _wrong(f"weight: {sum(one.weight for one in found)} / {WHOLE}")
    for one in found:
        _require_sound(one)
    for article in {made.article, *(one.article for one in found)}:
        _require_article(article)
    return made


def _require_sound(one: Criterion) -> None:
    """Refuse a criterion of a figure that there is not, or that has no period or is a ratio itself."""
    known, named = figures.all_figures(), (one.part, *one.of)
    require_known(f"criteria: {one.id}", named, "board/figures.toml", known)
    moving = [id for id in named if known[id].of or known[id].when == NOW]
    if moving or one.full == one.none or not one.of or one.weight < 1:
        raise _wrong(f"{one.id}: {', '.join(moving) or 'full, none, of, weight'}")


def _criterion(raw: dict[str, Any]) -> Criterion:
    texts = {name: raw[name] for name in _TEXTS}
    if not all(isinstance(text, str) and 0 < len(text) <= 80 for text in texts.values()):
        raise ValueError(raw.get("id"))
    if isinstance(raw["weight"], bool) or not isinstance(raw["weight"], int):
        raise ValueError(raw["weight"])
    return Criterion(
        **texts,
        weight=raw["weight"],
        of=tuple(str(id) for id in raw["of"]),
        full=float(raw["full"]),
        none=float(raw["none"]),
    )


def _require_article(ref: str) -> None:
    # What is no provision of the tables is given back as it was written.
    if names.article(ref) == ref:
        raise _wrong(ref)


def _wrong(what: str) -> Malformed:
    return Malformed(
        N_("The table of criteria is not one: {what}"),
        field="criteria",
        what=what,
        way_on=N_("Write it like the table that is in force: disclosure board criteria --out FILE"),
    )


def bundled() -> list[Criteria]:
    """The project's tables, the earliest first."""
    return [read(raw, own=False) for raw in tables.read(TABLE)["set"]]


def of_office(connection: Connection, office_id: int) -> list[Criteria]:
    """The tables that an office set, as it set them."""
    return [read(one["table"], own=True) for one in entries(connection, office_id, SET)]


def in_force(connection: Connection, office_id: int, on: date) -> Criteria:
    """The table of a day: the office's own that began last, else the project's."""
    for known in (of_office(connection, office_id), bundled()):
        begun = [one for one in known if one.effective_from <= on]
        if begun:
            # Of two that begin on one day the later entry counts.
            return max(reversed(begun), key=lambda one: one.effective_from)
    raise Malformed(
        N_("There are no criteria for {day}."), field="month", day=on, way_on=N_("Take a later month.")
    )


def set_own(seat: Seat, text: str) -> Criteria:
    """Set the office's own criteria, by an approver; recorded with the whole table."""
    founding.require_manager(seat)
    raw = tables.parse(text, "criteria")
    made = read(raw, own=True)
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, SET, seat.officer.actor, {"table": raw}, now=seat.now)
    return made


def toml(criteria: Criteria) -> str:
    """A table as a file to change and to set."""
    lines = [f"effective_from = {criteria.effective_from}", f'article = "{criteria.article}"']
    for one in criteria.criteria:
        lines += [
            "",
            "[[criterion]]",
            *(f'{name} = "{getattr(one, name)}"' for name in ("id", "zh", "en")),
            f"weight = {one.weight}",
            f'part = "{one.part}"',
            "of = [" + ", ".join(f'"{id}"' for id in one.of) + "]",
            f"full = {one.full}",
            f"none = {one.none}",
            f'article = "{one.article}"',
        ]
    return "\n".join(lines) + "\n"
