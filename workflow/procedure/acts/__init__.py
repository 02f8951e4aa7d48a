"""The acts, a matter a file: its table (NAME.toml, read by act_tables) and what it computes (NAME.py).

A module adds to the facts that were given (`prepares`), asks what the law wants before the act (`guard`) and
says what an entry of the act means for the case (`reacts`); see workflow.procedure.registry. Every module of
this folder is loaded, so that an act is added by its own files alone. All of it is pure.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.procedure.registry import CONDITIONS, GUARDS, PREPARERS, REACTIONS, SELECTORS

__all__ = ["CONDITIONS", "GUARDS", "REACTIONS", "SELECTORS", "prepare"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def prepare(
    event: str, payload: dict[str, Any], case: CaseFile, on: date, context: Context
) -> dict[str, Any]:
    """The payload with what follows from the case and the law: numbers, defaults, the parsed draft."""
    preparer = PREPARERS.get(event)
    return preparer(payload, case, on, context) if preparer else payload
