"""Eras of the Regulations: which of them governs an application, and what a table says under each.

A table that differs by era has a cell for each era (`basis = { ogi2019 = [...], ogi2008 = [...] }`), or lists
the provisions together: each belongs to the era of its instrument ("ogi2019:33.2|ogi2008:24.2"), or to the
one named before it ("ogi2008=house:review", "ogi2008=-" where these Regulations know no such thing). An era
that continues another takes its cells, with the articles under their new numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from workflow.base.errors import Environment, Malformed
from workflow.base.messages import N_, pick

ABSENT = "-"
"""Instead of a provision: the Regulations of this era have no such rule."""

Cell = TypeVar("Cell")


class Era(NamedTuple):
    """One era. `last` is None for the present one; `lineage` are the keys of itself and the eras it
    continues.
    """

    key: str
    zh: str
    en: str
    first: date
    last: date | None
    instruments: tuple[str, ...]
    lineage: tuple[str, ...]
    text: str  # the Regulations themselves, where `instruments` begin with an act that amends them
    owners: Mapping[str, str]  # instrument -> the era that it belongs to, of every era
    moved: Mapping[str, str]  # "INSTRUMENT:ARTICLE" of an era continued -> the same in this one, or ABSENT

    @property
    def name(self) -> str:
        """The name in the language in force."""
        return pick(self.zh, self.en)

    def holds(self, day: date) -> date:
        """The day itself if it lies in the era, else the nearest day of the era."""
        if day < self.first:
            return self.first
        return day if self.last is None or day <= self.last else self.last

    def follows(self, key: str) -> bool:
        """Whether this is the era of that key, or continues it."""
        return key in self.lineage

    def of(self, cells: Mapping[str, Cell], where: str = "") -> Cell:
        """The cell of this era in a table with one for each; Environment where there is none."""
        for key in self.lineage:
            if key in cells:
                return cells[key]
        raise self._unknown(where)

    def knows_cells(self, cells: Mapping[str, Any]) -> bool:
        """Whether a table with a cell for each era has one for this era or one that it continues."""
        return any(key in cells for key in self.lineage)

    def cite(self, refs: Iterable[str], holds: Callable[[str], bool] | None = None) -> str | None:
        """Of provisions listed together the one for this era; None where these Regulations know no such
        thing.

        That of the era itself goes before those of the eras it continues, and all of them before a provision
        that is no part of any Regulations. None as well where nothing is listed for the era (see `knows`).
        `holds` says of a provision of no Regulations whether it is one for the day that is asked; of several
        the first that is counts, and where none is the first of all.
        """
        found = self._among(refs, holds)
        return None if found in (None, ABSENT) else self.ref(str(found))

    def knows(self, refs: Iterable[str]) -> bool:
        """Whether something is listed for this era that has not gone, be it that it knows no such thing."""
        found = self._among(refs)
        return found is not None and not self.gone(found)

    def gone(self, ref: str) -> bool:
        """Whether a provision of an era that this one continues has no successor."""
        return self.moved.get(ref.partition(".")[0]) == ABSENT

    def _among(self, refs: Iterable[str], holds: Callable[[str], bool] | None = None) -> str | None:
        owned = [self._owned(ref) for ref in refs]
        for key in (*self.lineage, ""):
            mine = [ref for owner, ref in owned if owner == key]
            if mine:
                return next((ref for ref in mine if holds is None or holds(ref)), mine[0])
        return None

    def _owned(self, listed: str) -> tuple[str, str]:
        """The era that a listed provision belongs to ('' for every one), and the provision."""
        named, sign, ref = listed.partition("=")
        return (named, ref) if sign else (self.owners.get(listed.partition(":")[0], ""), listed)

    def ref(self, ref: str) -> str:
        """A provision of an era that this one continues, as it is cited now; any other as it is."""
        if not self.moved:
            return ref
        instrument, _, place = ref.partition(":")
        article, dot, rest = place.partition(".")
        moved = self.moved.get(f"{instrument}:{article}", self.moved.get(instrument, ""))
        if not moved or moved == ABSENT:
            return ref
        return f"{moved}{dot}{rest}" if ":" in moved else f"{moved}:{place}"

    def _unknown(self, where: str) -> Environment:
        return Environment(
            N_("{table} says nothing of the era {era} ({name})."), table=where, era=self.key, name=self.name
        )


def read(
    table: Mapping[str, Mapping[str, Any]], instruments: Mapping[str, Mapping[str, Any]]
) -> dict[str, Era]:
    """The eras of eras.toml, oldest first. The tables are taken to be sound (see `faults`)."""
    rows = sorted(table.items(), key=lambda pair: str(pair[1]["from"]))
    owners = {instrument: key for key, row in rows for instrument in row["instruments"]}
    firsts = [date.fromisoformat(row["from"]) for _, row in rows]
    lasts = [*(first - timedelta(1) for first in firsts[1:]), None]
    found: dict[str, Era] = {}
    for (key, row), first, last in zip(rows, firsts, lasts, strict=True):
        before = found.get(row.get("continues", ""))
        lineage = (key, *(before.lineage if before else ()))
        moved = _moved(row, before, instruments)
        here = row["instruments"][0]
        amends = before is not None and not instruments[here].get("continues")
        found[key] = Era(
            key,
            row["zh"],
            row["en"],
            first,
            last,
            tuple(row["instruments"]),
            lineage,
            before.text if before and amends else here,
            owners,
            moved,
        )
    return found


def _moved(
    row: Mapping[str, Any], before: Era | None, instruments: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Where the provisions of the eras continued stand now."""
    here = row["instruments"][0]
    if before is None:
        return {}
    if not instruments[here].get("continues"):
        return dict(before.moved)
    old = before.text
    numbers = {str(article): str(new) for article, new in instruments[here].get("renumbered", {}).items()}
    moved = {instrument: here for instrument in before.moved if ":" not in instrument} | {old: here}
    for place, now in before.moved.items():
        if ":" in place:
            moved[place] = ABSENT if now == ABSENT else f"{here}:{now.partition(':')[2]}"
    for article, new in numbers.items():
        target = ABSENT if new == ABSENT else f"{here}:{new}"
        moved[f"{old}:{article}"] = target
        moved |= {place: target for place, now in before.moved.items() if now == f"{old}:{article}"}
        moved |= {
            f"{instrument}:{article}": target
            for instrument, now in before.moved.items()
            if ":" not in instrument and f"{instrument}:{article}" not in before.moved
        }
    return moved


def of(found: Mapping[str, Era], key: str) -> Era:
    """The era of a key as recorded with an application, the latest for ''; Malformed for another key."""
    if not key:
        return list(found.values())[-1]
    try:
        return found[key]
    except KeyError:
        raise Malformed(N_("'{key}' is no era of the Regulations."), field="regulations", key=key) from None
