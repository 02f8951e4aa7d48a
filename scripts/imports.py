"""Checks the imports of our own modules over the syntax tree: no cycle, and no late import but those named
here.

Every import counts, also inside functions and under TYPE_CHECKING. import-linter checks that rooms import
downward; this checks what it cannot: cycles between modules of one room, and late imports, which hide them.

    python scripts/imports.py           prints what is wrong; exit status 1 if anything is
    python scripts/imports.py --count   prints how many modules, imports and late imports there are
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("workflow", "letters", "migrations")

# A run of the command loads the module of the command that was asked for, and what that needs, and no other:
# a start of `disclosure --help` or of a calculator must not load SQLAlchemy. So these may import inside
# functions.
DISPATCH = ("cli", "workflow.commands", "workflow.service")
# Single late imports elsewhere, each with its reason.
LATE = {
    # SQLModel makes classes, validators and mappers: longer than all else that a reading command does.
    ("workflow.storage.tables", "workflow.storage.models"),
    # Only a calendar that does not reach today is sought in the database; all other answers need no
    # SQLAlchemy.
    ("workflow.reports.views.calculators", "workflow.office.imported_notices"),
    # The tables are checked when one of them has changed, and not on every start.
    ("workflow.law", "workflow.law.checks"),
    ("workflow.law.law", "workflow.law.checks"),
    ("workflow.procedure.act_tables", "workflow.procedure.act_assembly"),
    # A clock needs values and citations; the rows of all else are some twenty classes.
    ("workflow.law", "workflow.law.law"),
    ("workflow.law.legal_values", "workflow.law.readings"),
    ("workflow.law.legal_values", "workflow.law.eras"),
    ("workflow.clocks", "workflow.clocks.receipt"),
    # A reply limit to which nothing happened is computed without what composes one.
    ("workflow.clocks", "workflow.clocks.events"),
    ("workflow.clocks.reply", "workflow.clocks.events"),
    ("workflow.clocks.reply", "workflow.clocks.composition"),
    ("workflow.clocks.calculator", "workflow.clocks.events"),
    # What is kept of the calendar answers without its notices.
    ("workflow.calendar", "workflow.calendar.notice_tables"),
    ("workflow.calendar", "workflow.calendar.days"),
    ("workflow.calendar.working_days", "workflow.calendar.days"),
    # The exact name of a rule is looked for among no others.
    ("workflow.clocks.asked", "workflow.base.typed_words"),
    # Few machines have notices of their own in a folder; a calculator reads the forms of such files only
    # then.
    ("workflow.calendar.notice_folder", "workflow.calendar.importing"),
}


class Import(NamedTuple):
    """One import of a module of ours."""

    source: str
    target: str
    line: int
    late: bool


def modules(root: Path = ROOT) -> dict[str, Path]:
    """All modules of ours by name."""
    paths = [root / "cli.py", *(path for top in TOPS for path in sorted((root / top).rglob("*.py")))]
    found = {}
    for path in paths:
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[Import]:
    """The imports of ours in a module. What is imported from a package is the member, where that is a
    module.
    """
    tree = ast.parse(path.read_text("utf-8"), str(path))
    typing = {
        id(one)
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for one in node.body
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        targets = _targets(node, name, path, known)
        late = node.col_offset > 0 and id(node) not in typing
        for target in dict.fromkeys(targets):
            if target in known and target != name:
                yield Import(name, target, node.lineno, late)


def _targets(
    node: ast.Import | ast.ImportFrom, name: str, path: Path, known: Mapping[str, Path]
) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = _absolute(node, name, path)
    members = [f"{base}.{alias.name}" for alias in node.names]
    return [member if member in known else base for member in members]


def _absolute(node: ast.ImportFrom, name: str, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def cycles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """The knots: modules of which each imports, over some way, every other."""
    return sorted(sorted(knot) for knot in _knots(edges) if len(knot) > 1)


def _knots(edges: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """Strongly connected components: modules in the order in which a walk leaves them, then the walk
    backward.
    """
    seen: set[str] = set()
    left: list[str] = []
    for start in edges:
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in seen:
            seen.add(start)
            stack.append((start, iter(edges[start])))
        while stack:
            module, following = stack[-1]
            following_one = next((one for one in following if one not in seen), None)
            if following_one is None:
                left.append(module)
                stack.pop()
            else:
                seen.add(following_one)
                stack.append((following_one, iter(edges.get(following_one, ()))))
    back: dict[str, set[str]] = {}
    for source, targets in edges.items():
        for target in targets:
            back.setdefault(target, set()).add(source)
    taken: set[str] = set()
    for module in reversed(left):
        if module in taken:
            continue
        knot, waiting = set(), [module]
        while waiting:
            one = waiting.pop()
            if one not in taken:
                taken.add(one)
                knot.add(one)
                waiting += back.get(one, ())
        yield knot


def may_be_late(one: Import) -> bool:
    """Whether this late import is one of those named above."""
    return (one.source, one.target) in LATE or any(
        one.source == room or one.source.startswith(f"{room}.") for room in DISPATCH
    )


def faults(found: Iterable[Import]) -> list[str]:
    """What is wrong, one a line; late imports that are named and not there any more, too."""
    found = list(found)
    edges: dict[str, set[str]] = {}
    for one in found:
        edges.setdefault(one.source, set()).add(one.target)
    wrong = [f"these modules import one another in a circle: {', '.join(knot)}" for knot in cycles(edges)]
    late = [one for one in found if one.late]
    wrong += [
        f"{one.source} line {one.line}: {one.target} is imported late; import it at the top, or turn the arrow round"
        for one in late
        if not may_be_late(one)
    ]
    there = {(one.source, one.target) for one in late}
    wrong += [
        f"scripts/imports.py allows a late import that is not there: {source} -> {target}"
        for source, target in sorted(LATE - there)
    ]
    return wrong


def main(args: list[str]) -> int:
    """Print what is wrong, or the counts; the exit status."""
    known = modules()
    found = [one for name, path in known.items() for one in imports(name, path, known)]
    if args == ["--count"]:
        late = [one for one in found if one.late]
        dispatch = sum((one.source, one.target) not in LATE for one in late)
        print(
            f"{len(known)} modules, {len(found)} imports, {len(late)} late, {dispatch} of them for dispatch"
        )
        return 0
    wrong = faults(found)
    print("\n".join(wrong) or "imports: no cycle, and no late import but those that are named")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
