"""The remedy notice of a letter: computed from what was decided, by whom, on which day, and how it is served.

A refusal to disclose is contested by reconsideration first, and the letter must say so; some answers by
reconsideration alone, because no court hears them; a procedural paper by nothing; everything else by free
choice. All periods come from the law tables of the day of the letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from letters.content import chinese, courts, review_organs
from letters.content.phrases import fill
from letters.content.review_organs import Organ
from workflow.base import tables
from workflow.base.errors import OutOfLaw, Refused
from workflow.base.messages import N_
from workflow.law import Law, Route, Value
from workflow.law.setting_keys import SettingKey

TABLE = Path(__file__).with_name("remedies.toml")
FIRST, ONLY, FREE, NONE = "review_first", "review_only", "free", "none"
ORDER = (FIRST, ONLY, FREE)
"""The kinds of notice in the order in which a letter tells them."""


@dataclass(frozen=True, slots=True)
class Period:
    """One period of the notice: the law table's number, unit and article."""

    id: str
    value: int
    unit: str
    article: str
    status: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One way of contesting: the items that it is for (empty: the whole letter), its kind and its
    provisions.
    """

    kind: str
    items: tuple[int, ...]
    articles: tuple[str, ...]
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """The whole notice. paragraphs is its text; everything else says how it was arrived at."""

    segments: tuple[Segment, ...]
    periods: tuple[Period, ...]
    organs: tuple[Organ, ...]
    court: str | None
    paragraphs: tuple[str, ...]

    @property
    def kind(self) -> str:
        """'review_first', 'review_only', 'free', 'mixed' or 'none'."""
        kinds = {segment.kind for segment in self.segments}
        return NONE if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"

    def as_json(self) -> dict[str, Any]:
        """The notice as plain data."""
        return {
            "kind": self.kind,
            "text": "\n".join(self.paragraphs),
            "segments": [_plain(segment) for segment in self.segments],
            "periods": [_plain(period) for period in self.periods],
            "organs": [_plain(organ) for organ in self.organs],
            "court": self.court,
            "paragraphs": list(self.paragraphs),
        }


def _plain(row: Segment | Period | Organ) -> dict[str, Any]:
    """The row as a dictionary of its fields (dataclasses.asdict would copy nested values; none of them
    changes).
    """
    return {
        name: list(value) if isinstance(value := getattr(row, name), tuple) else value
        for name in row.__slots__
    }


NOTHING = Remedy((), (), (), None, ())


def notice(
    items: Sequence[Mapping[str, Any]],
    *,
    document: str,
    office: Mapping[str, Any],
    on: date,
    served_by: str | None,
    law: Law,
) -> Remedy:
    """The notice for a letter that decides these items (each with no, outcome, ground, extra).

    No item: a letter that is contested as a whole by free choice. Refused when the office's profile lacks the
    reconsideration organ, the court, or (for a letter served online) the online address of the organ, and
    when the way hangs on a fact that the item does not state.
    """
    ways = _ways(items, office=office, on=on, law=law)
    if not ways:
        return NOTHING
    told = tuple((kind, tuple(rows)) for kind, rows in ways.items())
    return _told(told, document, _Office(office), on, served_by, law)


class _Office:
    """An office's profile, by what it says: two that say the same are the same."""

    __slots__ = ("profile", "said")

    def __init__(self, profile: Mapping[str, Any]) -> None:
        self.profile, self.said = profile, repr(profile)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Office) and self.said == other.said

    def __hash__(self) -> int:
        return hash(self.said)


@lru_cache(maxsize=256)
def _told(
    told: tuple[tuple[str, tuple[Way, ...]], ...],
    document: str,
    of: _Office,
    on: date,
    served_by: str | None,
    law: Law,
) -> Remedy:
    """The notice of these ways. A letter is composed and then checked, and many decide alike: the same is
    computed once.
    """
    ways, office, table = dict(told), of.profile, tables.read(TABLE)
    organs = organs_of(office, on=on, served_by=served_by, law=law)
    named = dict.fromkeys(name for kind in ways for name in table["periods"][kind])
    periods = {name: law.value(table["value"][name], on=on) for name in named}
    court = courts.named(office, on=on, rule=periods["suit"].article, law=law) if FREE in ways else ""
    params = {
        "document": document,
        "organ": table["text"]["choice"].join(organ.name for organ in organs),
        "court": court,
        "further": _further(office, organs, on=on, law=law, table=table),
        **{name: _spoken(value, table) for name, value in periods.items()},
    }
    segments = [_segment(kind, ways, params, table) for kind in ORDER if kind in ways]
    paragraphs = [segment.text for segment in segments]
    if online_needed(on=on, served_by=served_by, law=law):
        paragraphs += [
            fill(table["text"]["online"], {"organ": o.name, "url": o.online}) for o in organs if o.online
        ]
    return Remedy(
        tuple(segments),
        tuple(Period(v.id, v.value, v.unit, v.article, v.status) for v in periods.values()),
        organs,
        court or None,
        tuple(paragraphs),
    )


Way = tuple[int, "Route | None", str]
"""An item with its route and the name of its outcome."""
Ways = Mapping[str, Sequence[Way]]
"""By kind of notice: the items that it is for."""


def _ways(items: Sequence[Mapping[str, Any]], *, office: Mapping[str, Any], on: date, law: Law) -> Ways:
    if not items:
        return {FREE: []}
    settings = office.get("settings") or {}
    found: dict[str, list[Way]] = {}
    for item in items:
        route = route_of(item, settings=settings, on=on, law=law)
        # The office may name the suit all the same; the law tables still say that it is not admitted.
        kind = (
            FREE if route.kind == ONLY and law.chosen(settings, SettingKey.SUIT_WHERE_CLOSED) else route.kind
        )
        if kind != NONE:
            found.setdefault(kind, []).append((int(item["no"]), route, _outcome_name(item, law)))
    return found


def route_of(item: Mapping[str, Any], *, settings: Mapping[str, Any], on: date, law: Law) -> Route:
    """The route of one item by its outcome, its facts and the office's settings; Refused for a missing
    fact.
    """
    outcome = item["outcome"]
    cell = law.cell(outcome, item.get("extra"), settings)
    return law.route(outcome, item.get("ground"), on=on, answer=cell)


def _outcome_name(item: Mapping[str, Any], law: Law) -> str:
    head = law.tables["outcomes"]["outcome"].get(item["outcome"], {})
    return str(head.get("zh", ""))


def _segment(kind: str, ways: Ways, params: Mapping[str, str], table: Mapping[str, Any]) -> Segment:
    mine = ways[kind]
    numbers = sorted({no for no, _, _ in mine})
    names = dict.fromkeys(name for _, _, name in mine)
    routes = [route for _, route, _ in mine if route is not None]
    subject = fill(
        table["text"][_subject(kind, ways)],
        {**params, "items": chinese.enumeration(numbers), "names": "、".join(names)},
    )
    return Segment(
        kind,
        tuple(numbers) if len(ways) > 1 else (),
        tuple(dict.fromkeys(ref for route in routes for ref in route.articles)),
        next((route.status for route in routes if route.status != "V"), "V"),
        fill(table["text"][kind], {**params, "subject": subject}),
    )


def _subject(kind: str, ways: Ways) -> str:
    """Which words name what is contested: the whole letter, a part by its items or its answers, or the
    rest.
    """
    if len(ways) == 1:
        return "subject_whole"
    if kind == FREE:
        return "subject_other"
    mine = {no for no, _, _ in ways[kind]}
    # Where one item was answered in several ways, its number does not tell them apart.
    shared = mine & {no for other, rows in ways.items() if other != kind for no, _, _ in rows}
    if kind == FIRST:
        return "subject_part_plain" if shared else "subject_part"
    return "subject_named" if shared else "subject_numbered"


def _further(
    office: Mapping[str, Any], organs: Sequence[Organ], *, on: date, law: Law, table: Mapping[str, Any]
) -> str:
    """What the office tells besides the suit against the decision on reconsideration of an organ that reviews
    its own act; nothing where it has not chosen to: that decision tells it.
    """
    if not (office.get("settings") or {}).get(SettingKey.STATE_COUNCIL_RULING):
        return ""
    found = any(law.further(organ.role, on) is not None for organ in organs)
    return str(table["text"]["further"]) if found else ""


def units() -> Mapping[str, str]:
    """What the units of periods are called in a letter."""
    found: Mapping[str, str] = tables.read(TABLE)["unit"]
    return found


def _spoken(value: Value, table: Mapping[str, Any]) -> str:
    return f"{value.value}{table['unit'][value.unit]}"


def online_needed(*, on: date, served_by: str | None, law: Law) -> bool:
    """Whether the letter must offer an online way of asking for reconsideration on that day, so served."""
    online = tables.read(TABLE)["online"]
    if served_by not in online["served_by"]:
        return False
    try:
        governing = law.value(tables.read(TABLE)["value"]["review"], on=on).instrument
    except OutOfLaw:
        return False
    return bool(governing == online["rule"].partition(":")[0])


def organs_of(office: Mapping[str, Any], *, on: date, served_by: str | None, law: Law) -> tuple[Organ, ...]:
    """The organs that hear the reconsideration of what this office decided on that day, by name.

    Refused when a name is missing, or for a letter served online an address.
    """
    organs, _ = review_organs.named(office, on=on, law=law)
    if online_needed(on=on, served_by=served_by, law=law) and not any(organ.online for organ in organs):
        raise Refused(
            N_(
                "A letter served online must give an online way of asking for reconsideration; none is known."
            ),
            field="office.reconsideration.online",
            rule=tables.read(TABLE)["online"]["rule"],
            way_on=N_(
                "Give the organ's online address in the office's profile, or serve the letter on paper."
            ),
        )
    return organs
