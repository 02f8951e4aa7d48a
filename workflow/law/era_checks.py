"""What is wrong with eras.toml, and with the tables of other rooms that have to know every era."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflow.base.errors import Environment
from workflow.base.messages import N_, translate
from workflow.base.messages import listed as listed_
from workflow.law.eras import Era
from workflow.law.row_checks import Checked


def faults(table: Any, instruments: Mapping[str, Any], beginning: str) -> Iterator[tuple[str, str]]:
    """(where, what is wrong) in eras.toml: a key missing, two eras of one instrument or day, a broken
    line.
    """
    if not isinstance(table, dict) or not table:
        yield "eras", translate(N_("the table is missing"))
        return
    seen: dict[str, str] = {}
    firsts: dict[str, str] = {}
    for key, row in table.items():
        where = f"eras: {key}"
        if not isinstance(row, dict):
            yield where, translate(N_("the table is missing"))
            continue
        yield from ((where, problem) for problem in _row_faults(key, row, instruments, seen))
        first = row.get("from")
        if first in firsts:
            yield where, translate(N_("begins on the same day as {era}"), era=firsts[first])
        firsts[str(first)] = key
        before = row.get("continues")
        if before is not None and (before not in table or str(table[before].get("from")) >= str(first)):
            yield where, translate(N_("continues {era}, which is no era before it"), era=before)
        elif before is not None and row.get("instruments"):
            yield from _line_faults(where, row["instruments"][0], table[before], instruments)
    if beginning not in firsts:
        yield "eras", translate(N_("no era begins on {first}"), first=beginning)


def _row_faults(
    key: str, row: Mapping[str, Any], instruments: Mapping[str, Any], seen: dict[str, str]
) -> Iterator[str]:
    """Cells that are missing, and instruments that there are not or that belong to an era already."""
    for name in ("zh", "en", "from", "instruments"):
        if not row.get(name):
            yield translate(N_("{key} is missing"), key=name)
    for instrument in row.get("instruments") or ():
        if instrument not in instruments:
            yield translate(N_("no instrument is called {instrument}"), instrument=instrument)
        if instrument in seen:
            yield translate(
                N_("{instrument} belongs to {era} already"), instrument=instrument, era=seen[instrument]
            )
        seen[instrument] = key


def _line_faults(
    where: str, here: str, before: Mapping[str, Any], instruments: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """That the Regulations of an era continue those of the era that it continues. (An act that amends them
    continues nothing: their articles stay as they were.)"""
    old = (before.get("instruments") or [""])[0]
    continued = instruments.get(here, {}).get("continues")
    if continued and continued != old and not before.get("continues"):
        yield where, translate(N_("{instrument} does not continue {old}"), instrument=here, old=old)


def cell_faults(where: str, cells: Mapping[str, Any], eras: Iterable[Era]) -> Iterator[Checked]:
    """What is wrong with a table that has a cell for each era: an era without one, a cell of no era."""
    listed = list(eras)
    known = {era.key for era in listed}
    for key in cells:
        if key not in known:
            yield Checked(where, translate(N_("'{key}' is no era of the Regulations."), key=key))
    for era in listed:
        own = next((cells[key] for key in era.lineage if key in cells), None)
        if own is None or (isinstance(own, list) and any(era.gone(str(ref)) for ref in own)):
            yield unknown(where, era)


def unknown(where: str, era: Era) -> Checked:
    """The fault of a table that lacks an era."""
    return Checked(where, translate(N_("says nothing of the era {era} ({name})"), era=era.key, name=era.name))


def refuse(table: str, found: Iterable[Checked]) -> None:
    """Environment with the first faults of a table of another room that has to know every era."""
    wrong = [one for one in found if not one.ok]
    if wrong:
        raise Environment(
            N_("{table} does not know the law: {first}"),
            table=table,
            first=listed_(f"{one.where}: {one.problem}" for one in wrong[:5]),
            way_on=N_("Mend the table and run: disclosure law check"),
        )
