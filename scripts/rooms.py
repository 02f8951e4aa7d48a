"""Writes the picture of the rooms in docs/architecture.md, from the imports as they are.

python scripts/rooms.py            write it
python scripts/rooms.py --check    fail if it is not what the imports say now
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import imports  # noqa: E402

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: written by scripts/rooms.py -->\n", "<!-- end of rooms -->\n"
# Rooms are packages of these; the other tops are one room each.
HOUSES = ("workflow", "letters")
# The service runs the command that it was asked for: that is dispatch, and no arrow of the house.
DISPATCHED = "cli"


def room_of(module: str) -> str:
    """The room in which a module lies: its package below workflow or letters."""
    top, _, rest = module.partition(".")
    return f"{top}.{rest.partition('.')[0]}" if top in HOUSES and rest else top


def arrows() -> dict[str, set[str]]:
    """Which room imports which others."""
    known = imports.modules(ROOT)
    found: dict[str, set[str]] = {room_of(name): set() for name in known if name not in HOUSES}
    for name, path in known.items():
        for one in imports.imports(name, path, known):
            source, target = room_of(one.source), room_of(one.target)
            if source != target != DISPATCHED and {source, target}.isdisjoint(HOUSES):
                found[source].add(target)
    return found


def reduced(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Without the arrows that a longer way says already."""

    def reach(room: str) -> set[str]:
        reached: set[str] = set()
        waiting = [room]
        while waiting:
            for target in found[waiting.pop()] - reached:
                reached.add(target)
                waiting.append(target)
        return reached

    return {
        room: {one for one in targets if not any(one in reach(other) for other in targets - {one})}
        for room, targets in found.items()
    }


def sentence(room: str) -> str:
    """What the room holds, in the first sentence of its package."""
    path = ROOT / room.replace(".", "/")
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).split(". Import")[0].rstrip(".")


def section() -> str:
    """The picture and the table of the rooms, from the top of the house to its ground."""
    found = arrows()
    order = sorted(found, key=lambda room: (-len(_below(found, room)), room))
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'  {room.replace(".", "_")}["{room}"]' for room in order]
    few = reduced(found)
    lines += [
        f"  {room.replace('.', '_')} --> {target.replace('.', '_')}"
        for room in order
        for target in sorted(few[room])
    ]
    lines += ["```", "", "| room | what it holds |", "| --- | --- |"]
    lines += [f"| `{room}` | {sentence(room)} |" for room in order]
    return "\n".join(lines) + "\n"


def _below(found: Mapping[str, set[str]], room: str) -> set[str]:
    below: set[str] = set()
    waiting = [room]
    while waiting:
        for target in found[waiting.pop()] - below:
            below.add(target)
            waiting.append(target)
    return below


def main(args: list[str]) -> int:
    """Write it, or compare it with what is there; the exit status."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = before + BEGIN + "\n" + section() + "\n" + END + after
    if "--check" not in args:
        PAGE.write_text(wanted, "utf-8")
        return 0
    same = page == wanted
    print(
        "rooms: the picture in docs/architecture.md is what the imports say"
        if same
        else "docs/architecture.md does not show the rooms as the imports have them: python scripts/rooms.py"
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
