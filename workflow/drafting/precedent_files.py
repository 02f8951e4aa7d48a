"""Decided cases from files and for the public: read one by one, brought in, and written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import names, tables, typed_text, whole_files
from workflow.base.errors import DisclosureError, Malformed, NotFound
from workflow.base.messages import N_
from workflow.drafting.precedent_book import (
    IMPORTED,
    LONGEST,
    NEEDED,
    TABLE,
    Precedent,
    each_once,
    entered,
    faults,
    next_number,
    precedents,
    require_nobody,
)
from workflow.office import library
from workflow.office.seat import Seat

MOST_FILES = 5_000


@dataclass(frozen=True)
class Read:
    """A file that was read: what it holds, or why it cannot be taken."""

    file: str
    facts: dict[str, Any] | None
    fault: DisclosureError | None = None


def read(place: Path) -> Iterator[Read]:
    """The cases in a file, or in all the files (.toml) of a folder."""
    files = sorted(place.glob("*.toml"))[: MOST_FILES + 1] if place.is_dir() else [place]
    if not files or len(files) > MOST_FILES:
        raise NotFound(
            N_("{path} holds no case, or more than {most}."), field="place", path=str(place), most=MOST_FILES
        )
    for path in files:
        try:
            yield Read(path.name, _facts(tables.parse(tables.text_of(path), path.name)))
        except DisclosureError as fault:
            yield Read(path.name, None, fault)


def _facts(raw: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a case in a file; Malformed names what is missing or unknown."""
    for name in ("id", *NEEDED):
        if not raw.get(name):
            raise Malformed(N_("The case has no '{name}'."), field=name, name=name)
    known = tables.read(TABLE)
    raw_faults = raw["fault"] if isinstance(raw["fault"], list) else [raw["fault"]]
    _require_known("fault", raw_faults, known["fault"])
    _require_known("result", [raw["result"]], known["result"])
    answers = [answer for event in _rows(raw.get("event")) for answer in _rows(event.get("answer"))]
    book = law.bundled().tables
    outcomes, grounds = book["outcomes"]["outcome"], book["grounds"]["ground"]
    alias = known["alias"]
    said = [alias.get(str(row.get(name)), row.get(name)) for row in answers for name in ("outcome", "ground")]
    facts = {
        "id": typed_text.required_text(str(raw["id"]), "id")[:40],
        "title": typed_text.required_text(raw["title"], "title"),
        "request": [typed_text.clean_text(str(one), "request") for one in raw.get("request", [])],
        "outcomes": each_once(key for key in said if key in outcomes),
        "grounds": each_once(key for key in said if key in grounds),
        "faults": each_once(raw_faults),
        "result": raw["result"],
        "holding": typed_text.required_text(raw["holding"], "holding"),
        "lesson": typed_text.clean_text(str(raw.get("note", "")), "lesson"),
        "decided_on": str(raw.get("decided_on", ""))[:10],
        "law": str(raw.get("law", ""))[:20],
        "source": typed_text.clean_text(str(raw.get("source", "")), "source"),
    }
    if len("".join(map(str, facts.values()))) > LONGEST:
        raise Malformed(N_("The case is longer than {most} characters."), field="holding", most=LONGEST)
    require_nobody(facts, (), ())
    return facts


def _require_known(kind: str, keys: list[Any], known: dict[str, Any]) -> None:
    for key in keys:
        if key not in known:
            raise Malformed(
                N_("'{value}' is not one of: {choices}"),
                field=kind,
                value=str(key)[:40],
                choices=", ".join(known),
            )


def _rows(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def bring(seat: Seat, place: Path) -> tuple[list[Precedent], list[Read], int]:
    """Take the published cases of a file or folder into the library, in one commit: those taken, the files at
    fault, and how many were there already.
    """
    library.require_writer(seat)
    found = list(read(place))
    taken: list[Precedent] = []
    there = 0
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        ids = {one.id for one in precedents(connection, seat.office.id)}
        no = next_number(connection, seat)
        for one_file in found:
            if one_file.facts is None:
                continue
            if one_file.facts["id"] in ids:
                there += 1
                continue
            ids.add(one_file.facts["id"])
            taken.append(entered(connection, seat, IMPORTED, one_file.facts, no + len(taken)))
    return taken, [one for one in found if one.fault is not None], there


def public(known: Iterable[Precedent]) -> list[dict[str, Any]]:
    """The released cases as a public page reads them: without who brought them in, and without the number of
    the case.
    """
    return [
        {key: value for key, value in one.as_json().items() if key not in ("by", "case", "state", "no")}
        | {
            "result_name": {**tables.read(TABLE)["result"][one.result]},
            "fault_names": [faults()[key] for key in one.faults],
            "ground_names": [dict(names.both("outcome", [key])[key]) for key in one.grounds],
            "outcome_names": [dict(names.both("outcome", [key])[key]) for key in one.outcomes],
        }
        for one in known
        if one.state == "released"
    ]


def write_public(seat: Seat, out: Path) -> int:
    """Write the released cases as JSON for the public pages; how many."""
    with seat.store.reading() as connection:
        found = public(precedents(connection, seat.office.id))
    whole_files.write_json(out, {"office": seat.office.name, "precedents": found})
    return len(found)
