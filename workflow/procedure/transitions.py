"""The process table of the project: put together from the tables of the acts, checked when these change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from letters.content.kind_cells import TABLE
from workflow import law
from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.law.era_checks import refuse
from workflow.procedure import act_tables
from workflow.procedure.naming import all_names
from workflow.procedure.process import Process, assembled
from workflow.procedure.transition_checks import (
    check,
    check_house,
    check_letters,
    check_states,
    day_faults,
    era_faults,
    faults,
)

HERE = Path(__file__).parent
# The files on which the result of the check depends.
SOURCES = (
    *(Path(path) for path in act_tables.paths()),
    HERE / "act_assembly.py",
    HERE / "naming.py",
    HERE / "process.py",
    HERE / "transition_checks.py",
    HERE / "transitions.py",
    HERE.parent / "base" / "names.toml",
    TABLE,
    HERE.parent / "law" / "eras.toml",
    HERE.parent / "law" / "instruments.toml",
    HERE.parent / "law" / "settings.toml",
    HERE.parent / "law" / "legal_values.py",
    HERE.parent / "law" / "eras.py",
    HERE.parent / "law" / "era_checks.py",
    HERE.parent / "cases" / "clocks.py",
    HERE / "registry.py",
    *sorted((HERE / "acts").glob("*.py")),
)


def build(raw: dict[str, Any], names: dict[str, Any]) -> Process:
    """A checked Process from the parsed tables; Malformed names the first row that is wrong."""
    process = assembled(raw, names)
    check_states(raw, names)
    check(process)
    return process


@cache
def bundled() -> Process:
    """The process of the project, checked when its tables or what checks them have changed."""
    made = written()
    tables.remembered(SOURCES, lambda _: _checked(made))
    return made


def written() -> Process:
    """The project's process, valid or not."""
    return assembled(act_tables.bundled()["process"], all_names())


def row_faults() -> Iterator[Malformed]:
    """Every fault of the project's rows, whatever era of the law they are for; raised at once where a state,
    a reason or a letter of an act is not known to the other table that has to know it.
    """
    raw = act_tables.bundled()["process"]
    check_states(raw, all_names())
    check_house(raw["house"])
    made = written()
    yield from faults(made)
    check_letters(made)


def _checked(made: Process) -> dict[str, Any]:
    for found in row_faults():
        raise found
    refuse("acts", era_faults(made, law.bundled().eras()))
    refuse("acts", day_faults(made, law.bundled()))
    return {"rows": len(made.rows)}
