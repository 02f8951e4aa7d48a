"""Errors as they are shown. Imports no database, so that a mistyped command is answered soon."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, translate
from workflow.base.names import article, name
from workflow.reports.views.command_names import as_typed
from workflow.reports.views.field_names import field_name

_ = translate


def fault_json(fault: DisclosureError) -> dict[str, Any]:
    """An error as plain data."""
    return {
        "error": {
            "kind": fault.kind,
            "message": fault.text,
            "rule": fault.rule,
            "citation": article(fault.rule) if fault.rule else None,
            "field": fault.field,
            "advice": fault.advice,
            "exit_code": fault.exit_code,
            **({"act": fault.of_line} if fault.of_line else {}),
            # A person is told them by their names.
            **({"rules": fault.params["rules"]} if "rules" in fault.params else {}),
        }
    }


def fault_lines(fault: DisclosureError, command: str = "") -> list[str]:
    """An error for a person: what is wrong, which rule says so, what to do next. `command` is the one that
    was refused.
    """
    lines = [_(N_("Refused: {text}") if fault.exit_code == 1 else N_("Error: {text}"), text=fault.text)]
    if fault.of_line:
        said = N_("It is '{act}' that was refused; nothing of this line was written.")
        lines.append("  " + _(said, act=name("event", fault.of_line)))
    if fault.rule:
        lines.append("  " + _(N_("Rule: {article}"), article=article(fault.rule)))
    if fault.field:
        lines.append("  " + _(N_("Field: {field}"), field=field_name(fault.field, command)))
    if fault.advice:
        lines.append("  " + _(N_("Next: {advice}"), advice=as_typed(fault.advice)))
    return lines
