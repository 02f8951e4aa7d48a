"""A contract for import-linter: a closed set of modules may import each other, what is listed, and the stdlib.

import-linter's own contracts name what is forbidden, so that a module written tomorrow is allowed by silence.
Here everything is forbidden that is not named.
"""

from __future__ import annotations

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Closed(Contract):
    """`modules` (packages with all below them) import only each other and `may_import`."""

    type_name = "closed"

    modules = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every direct import of every module of the set is looked up in what is allowed."""
        names: list[str] = list(self.modules)
        listed: list[str] = list(self.may_import or [])
        missing = [name for name in names if name not in graph.modules]
        faults: list[dict[str, Any]] = []
        for module in sorted(graph.modules):
            if not _within(module, names):
                continue
            for target in sorted(graph.find_modules_directly_imported_by(module)):
                if _within(target, names) or _allowed(target, listed) or _stdlib(target):
                    continue
                details = graph.get_import_details(importer=module, imported=target)
                faults.append(
                    {"importer": module, "imported": target, "lines": [row["line_number"] for row in details]}
                )
        return ContractCheck(kept=not (faults or missing), metadata={"faults": faults, "missing": missing})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that crosses the wall, with its lines."""
        for name in check.metadata["missing"]:
            output.print_error(f"There is no module {name}.", bold=False)
        for fault in check.metadata["faults"]:
            lines = ", ".join(f"l.{number}" for number in fault["lines"])
            output.print_error(
                f"{fault['importer']} may not import {fault['imported']} ({lines}).", bold=False
            )


def _within(module: str, names: list[str]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in names)


def _allowed(target: str, listed: list[str]) -> bool:
    # A bare package of ours (its __init__) is named exactly: "workflow" does not let workflow.desk in.
    return any(target == name or (name.count(".") > 0 and target.startswith(name + ".")) for name in listed)


def _stdlib(target: str) -> bool:
    return target.split(".", maxsplit=1)[0] in sys.stdlib_module_names
