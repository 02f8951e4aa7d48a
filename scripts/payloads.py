"""Writes workflow/procedure/payloads.py: the type of every act's payload, from the act's table.

python scripts/payloads.py           write it
python scripts/payloads.py --check   exit status 1 if it is not what the tables say
"""

from __future__ import annotations

import keyword
import subprocess
import sys
from pathlib import Path
from typing import Any

from workflow.procedure import act_tables

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "workflow" / "procedure" / "payloads.py"
HEAD = '''"""The payload of each act as it stands in the ledger: made by scripts/payloads.py from the tables of the acts.

Days are ISO text. A key that is not `Required` is left out where nothing was given.
"""

# The hints are not put off: otherwise nobody could see which keys are required.
from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict, TypeVar, cast

Payload = TypeVar("Payload", bound=Mapping[str, Any])


def of(kind: type[Payload], payload: Mapping[str, Any]) -> Payload:
    """The payload of an act under its type; which act it is, the caller knows from the event."""
    return cast(Payload, payload)
'''
# What a fact of each type is in the ledger.
TYPES = {
    "text": "str",
    "date": "str",
    "int": "int",
    "bool": "bool",
    "unit": "str",
    "officer": "str",
    "outcome": "str",
    "ground": "str",
    "items": "list[int]",
    "letters": "list[int]",
    "pair": "list[str]",
    "table": "dict[str, Any]",
}
# The file is not kept in the entry, but what is in it.
NOT_KEPT = "file"


def class_name(event: str) -> str:
    """The name of the type of an event's payload: ask_correction -> AskCorrection."""
    return "".join(part.capitalize() for part in event.split("_"))


def facts(event: str) -> dict[str, dict[str, Any]]:
    """The facts that an entry of the event may hold, by name; what the program adds goes before what was typed."""
    act = act_tables.acts()[event]
    listed = [*act.get("fields", ()), *act.get("adds", ())]
    return {one["name"]: one for one in listed if one["type"] != NOT_KEPT}


def type_of(fact: dict[str, Any]) -> str:
    """The type of a fact as it stands in the ledger."""
    if fact["type"] == "choice":
        plain = f"Literal[{', '.join(repr(key) for key in fact['choice'])}]".replace("'", '"')
    else:
        plain = TYPES[fact["type"]]
    listed = f"list[{plain}]" if fact.get("many") else plain
    return f"{listed} | None" if fact.get("none") else listed


def text() -> str:
    """The module as the tables want it."""
    parts = [HEAD]
    for event in act_tables.acts():
        kept = {key: _hint(fact) for key, fact in facts(event).items()}
        parts.append(_type(event, act_tables.acts()[event]["name"]["en"], kept))
    return formatted("\n\n".join(parts))


def _hint(fact: dict[str, Any]) -> str:
    return f"Required[{type_of(fact)}]" if fact.get("need") else type_of(fact)


def _type(event: str, name: str, kept: dict[str, str]) -> str:
    if any(keyword.iskeyword(key) for key in kept):
        # No attribute can bear such a name.
        listed = ", ".join(f'"{key}": {hint}' for key, hint in kept.items())
        return f"# {event}: {name}.\n{class_name(event)} = TypedDict(\n{class_name(event)!r}, {{{listed}}}, total=False)\n"
    lines = [f"class {class_name(event)}(TypedDict, total=False):", f'    """{event}: {name}."""', ""]
    lines += [f"    {key}: {hint}" for key, hint in kept.items()]
    return "\n".join(lines).rstrip() + "\n"


def formatted(source: str) -> str:
    """As ruff sets it."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(OUT), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main(args: list[str]) -> int:
    """Write the module, or compare it; the exit status."""
    made = text()
    if args == ["--check"]:
        same = OUT.exists() and OUT.read_text("utf-8") == made
        print(
            "payloads: the types are what the tables of the acts say"
            if same
            else f"{OUT.relative_to(ROOT)} is not what the tables of the acts say: python scripts/payloads.py"
        )
        return 0 if same else 1
    OUT.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
