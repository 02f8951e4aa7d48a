"""The law as dated data: every period, ground, remedy and fee with its article, its dates and its certainty.

    L = law.bundled()
    L.value("reply.limit", on=day)      L.citation("ogi2019:36.1.3")      L.route("withheld", None, on=day)

An office's own folder of tables takes the place of the project's whole set: law.load(folder).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.law import continuing, naming
from workflow.law.legal_values import Values
from workflow.law.row_checks import Checked
from workflow.law.rows import Citation, Value

if TYPE_CHECKING:
    from workflow.law.checks import LawError
    from workflow.law.entries import (
        Band,
        Channel,
        FaultyNotice,
        Fee,
        Ground,
        Instrument,
        Organs,
        Outcome,
        ReportFormat,
        ReportRow,
        Route,
        Setting,
    )
    from workflow.law.law import Law

__all__ = [
    "Band",
    "Channel",
    "Checked",
    "Citation",
    "FaultyNotice",
    "Fee",
    "Ground",
    "Instrument",
    "Law",
    "LawError",
    "Organs",
    "Outcome",
    "ReportFormat",
    "ReportRow",
    "Route",
    "Setting",
    "Value",
    "Values",
    "bundled",
    "load",
    "values",
    "whole",
]

FOLDER = os.path.dirname(__file__)


def __getattr__(name: str) -> Any:
    """Names that are not needed to compute a deadline are imported on first use."""
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    place = {"LawError": "checks", "Law": "law"}.get(name, "entries")
    return getattr(import_module(f"workflow.law.{place}"), name)


def bundled() -> Law:
    """The law tables that come with the project, or what is laid over them for a rehearsal (`instead`)."""
    return _laid_over[-1] if _laid_over else _bundled()


@cache
def _bundled() -> Law:
    from workflow.law.law import Law

    return Law(_values().tables)


def values() -> Values:
    """The part of `bundled` that clocks need: it is there before the rows of all else are loaded."""
    return _laid_over[-1] if _laid_over else _values()


@cache
def _values() -> Values:
    return Values(_gathered(FOLDER))


def whole(part: Values) -> Law:
    """The law of which these are the values."""
    from workflow.law.law import Law

    if isinstance(part, Law):
        return part
    return _bundled() if part is _values() else Law(part.tables)


_laid_over: list[Law] = []


@contextmanager
def instead(other: Law) -> Iterator[None]:
    """For a rehearsal: everything in this process uses this law instead of the bundled one."""
    _laid_over.append(other)
    try:
        yield
    finally:
        _laid_over.pop()


def load(folder: str | os.PathLike[str]) -> Law:
    """The law tables of a folder, checked; LawError names the first things that are wrong."""
    from workflow.law.law import Law

    return Law(_gathered(folder))


def _gathered(folder: str | os.PathLike[str]) -> Mapping[str, Any]:
    return tables.gather(_paths(os.fspath(folder)), _refuse_faults)


def _paths(base: str) -> list[str]:
    return [
        os.path.join(place, name)
        for place in (base, os.path.join(base, "articles"))
        if os.path.isdir(place)
        for name in sorted(os.listdir(place))
        if name.endswith(".toml")
    ]


def read(folder: str | os.PathLike[str] = FOLDER) -> tuple[dict[str, dict[str, Any]], list[Checked]]:
    """The tables of a folder, valid or not, and the files that could not be read at all."""
    found: dict[str, dict[str, Any]] = {}
    faults: list[Checked] = []
    for path in _paths(os.fspath(folder)):
        name = os.path.basename(path)
        try:
            found[name.removesuffix(".toml")] = tables.read_uncached(path)
        except DisclosureError as fault:
            faults.append(Checked(name, fault.text))
    continuing.extend(found)
    return found, faults


def check_tables(found: dict[str, dict[str, Any]]) -> list[Checked]:
    """Every row that the checks look at, valid or not, with its fault."""
    from workflow.law import checks

    return list(checks.everything(found))


naming.register(values)


def _refuse_faults(found: dict[str, dict[str, Any]]) -> None:
    from workflow.law import checks

    continuing.extend(found)
    checks.refuse_faults(found)
