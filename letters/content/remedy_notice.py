"""The remedy notice of a letter: computed from what was decided, by whom, on which day, and how it is served.

A refusal to disclose is contested by reconsideration first, and the letter must say so; everything else by free
choice; a procedural paper by nothing. All periods come from the law tables of the day of the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.content import chinese, typed_text
from letters.content.phrases import fill
from workflow.base import tables
from workflow.base.errors import OutOfLaw, Refused
from workflow.base.messages import N_, pick

if TYPE_CHECKING:
    from workflow.law import Law, Value

TABLE = Path(__file__).with_name("remedies.toml")
REVIEW_FIRST, FREE, NONE = "review_first", "free", "none"


@dataclass(frozen=True, slots=True)
class Period:
    """One period of the notice: the law table's number, unit and article."""

    id: str
    value: int
    unit: str
    article: str
    status: str


@dataclass(frozen=True, slots=True)
class Organ:
    """A reconsideration organ: its role by law, its name, its address on the internet (None: not given)."""

    role: str
    name: str
    online: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One way of contesting: the items that it is for (empty: the whole letter), its kind and its provisions."""

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
        """'review_first', 'free', 'mixed' or 'none'."""
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
    """The row by the names of its fields. (dataclasses.asdict copies whatever is in it: here, nothing that changes.)"""
    values = ((name, getattr(row, name)) for name in row.__slots__)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


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
    """The notice for a letter that decides these items (each with no, outcome, ground).

    No item: a letter that is contested as a whole by free choice. Refused when the office's profile lacks the
    reconsideration organ, the court, or (for a letter served online) the online address of the organ.
    """
    routes = [(int(item["no"]), law.route(item["outcome"], item.get("ground"), on=on)) for item in items]
    first = sorted({no for no, route in routes if route.kind == REVIEW_FIRST})
    other = sorted({no for no, route in routes if route.kind == FREE})
    if items and not first and not other:
        return NOTHING
    table = tables.read(TABLE)
    organs = organs_of(office, on=on, served_by=served_by, law=law)
    court = typed_text.clean(office.get("court"), "office.court", longest=200)
    used = ["review"] + ["suit"] * bool(other or not items) + ["suit_after_review"] * bool(first)
    periods = {name: law.value(table["value"][name], on=on) for name in used}
    params = {
        "document": document,
        "organ": table["text"]["choice"].join(organ.name for organ in organs),
        "court": court,
        **{name: _spoken(value, table) for name, value in periods.items()},
    }
    segments: list[Segment] = []
    for kind, numbers in ((REVIEW_FIRST, first), (FREE, other)):
        if not numbers and (items or kind == REVIEW_FIRST):
            continue
        if kind == FREE and not court:
            raise Refused(
                N_("The remedy notice needs the court, and the office's profile does not name it."),
                field="office.court",
                rule=periods["suit"].article,
                way_on=N_("Name the court in the office's profile."),
            )
        subject = fill(
            table["text"][_subject(kind, first, other)], {**params, "items": chinese.enumeration(numbers)}
        )
        chosen = [route for no, route in routes if no in numbers and route.kind == kind]
        segments.append(
            Segment(
                kind,
                tuple(numbers) if first and other else (),
                tuple(dict.fromkeys(ref for route in chosen for ref in route.articles)),
                next((route.status for route in chosen if route.status != "V"), "V"),
                fill(table["text"][kind], {**params, "subject": subject}),
            )
        )
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


def _subject(kind: str, first: Iterable[int], other: Iterable[int]) -> str:
    """Which words name what is contested: the whole letter, its withheld part, or the rest."""
    if not (first and other):
        return "subject_whole"
    if kind == FREE:
        return "subject_other"
    return "subject_part_plain" if set(first) & set(other) else "subject_part"


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

    The roles come from the law tables, the names from the office's profile (names by role; where it has none,
    its list of reconsideration organs in the same order). Refused when a name or a needed address is missing.
    """
    found = law.reconsideration_organs(kind=office.get("kind", ""), level=office.get("level", ""), on=on)
    roles = found.roles
    names = dict(office.get("names") or {})
    listed = list(office.get("reconsideration") or [])
    if "self" in roles:
        names.setdefault("self", office.get("name"))
    organs: list[Organ] = []
    for place, role in enumerate(roles):
        name = names.get(role)
        if not name and len(listed) == len(roles):
            name = listed[place].get("name")
        name = typed_text.clean(name, f"office.names.{role}", longest=200)
        if not name:
            raise Refused(
                N_("The remedy notice needs the name of the reconsideration organ ({role})."),
                field=f"office.names.{role}",
                role=pick(**law.role(role)),
                rule=found.article,
                way_on=N_("Name it in the office's profile."),
            )
        url = next((row.get("online") for row in listed if row.get("name") == name), None)
        organs.append(
            Organ(role, name, typed_text.clean(url, "office.reconsideration.online", longest=500) or None)
        )
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
    return tuple(organs)
