"""Writes workflow/procedure/payloads.py: the type of the payload of each act, from the tables of the acts.

python scripts/payloads.py            write it
python scripts/payloads.py --check    fail if it is not what the tables say now
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 110
PAGE = ROOT / "workflow" / "procedure" / "payloads.py"
HEAD = '''"""The payload of each act's entry, as the ledger keeps it: what was given and what the program added.

Written by scripts/payloads.py from the tables of the acts (workflow/procedure/acts): do not edit. Days are ISO text.
"""

from typing import Any, Literal, NotRequired, TypedDict
'''
# What stands in an entry for a field of each type. A file is kept apart, and its path never in an entry.
TYPES = {
    **dict.fromkeys(("text", "date", "unit", "officer", "outcome", "ground", "tracking", "moment"), "str"),
    "int": "int",
    "bool": "bool",
    "items": "list[int]",
    "letters": "list[int]",
    "pair": "list[str]",
    "list": "list[Any]",
    "table": "dict[str, Any]",
}


def page() -> str:
    """The whole module."""
    from workflow.procedure import act_tables

    parts = [HEAD]
    for event, act in act_tables.acts().items():
        facts = list(_facts(act))
        name = "".join(word.capitalize() for word in event.split("_"))
        if any(iskeyword(fact) for fact, _ in facts):
            # A word of the language cannot be written as the name of a member.
            parts.append(f"\n\n# {act['name']['en'].capitalize()}.\n")
            members = ", ".join(f'"{fact}": {kind}' for fact, kind in facts)
            parts.append(f'{name} = TypedDict("{name}", {{{members}}})\n')
            continue
        parts.append(f"\n\nclass {name}(TypedDict):\n")
        parts.append(f'    """{act["name"]["en"].capitalize()}."""\n')
        parts += ["\n", *(_line(name, kind) for name, kind in facts)] if facts else []
    return "".join(parts)


def _line(name: str, kind: str) -> str:
    """A fact as the formatter leaves it: a long choice is one key a line."""
    line = f"    {name}: {kind}\n"
    found = re.fullmatch(r"NotRequired\[Literal\[(.*)\]\]", kind)
    if len(line) <= WIDTH or found is None:
        return line
    keys = "".join(f"            {key},\n" for key in found[1].split(", "))
    return f"    {name}: NotRequired[\n        Literal[\n{keys}        ]\n    ]\n"


def _facts(act: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and type of each fact; what the program adds under the name of a field takes its place."""
    added = {fact["name"]: fact for fact in act.get("adds", ())}
    typed = [] if act.get("replaces") else act.get("fields", ())
    for fact in [*(one for one in typed if one["name"] not in added), *added.values()]:
        if fact["type"] == "file":
            continue
        if fact["type"] == "choice":
            kind = f"Literal[{', '.join(repr(key) for key in fact['choice'])}]".replace("'", '"')
        else:
            kind = TYPES[fact["type"]]
        kind = f"list[{kind}]" if fact.get("many") else kind
        yield fact["name"], kind if fact.get("need") else f"NotRequired[{kind}]"


def main(arguments: list[str]) -> int:
    """Write it, or compare it with what is there."""
    wanted = page()
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print(f"{PAGE.relative_to(ROOT)} is not what the tables of the acts say: python scripts/payloads.py")
        return 1
    print(f"payloads: {PAGE.relative_to(ROOT)} is what the tables of the acts say")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
