"""The mutants of a module: mutmut's operators at every place of every function, one at a time.

Left out are annotations, docstrings and what is said to a person (the arguments of N_ and _): a changed
message is found by the check of translations, not by the tests of dates and numbers.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

SAID = ("N_", "_")


@dataclass(frozen=True)
class Mutant:
    """One change: the module's file, the function that it is in, the line, and both texts."""

    file: str
    function: str
    """Where the change is: classes and functions from the outside in."""
    outer: str
    """The outermost function around it, with its class: the one that is compiled anew."""
    line: int
    old: str
    new: str
    changed: str
    """The text of the function with the change in it."""

    @property
    def name(self) -> str:
        """What stays the same when lines move: file, function, and what became of what."""
        return f"{self.file}:{self.function}: {self.old} → {self.new}"

    def code(self, root: Path) -> CodeType:
        """The changed function, compiled."""
        text = f"from __future__ import annotations\n{textwrap.dedent(self.changed)}"
        module = compile(text, str(root / self.file), "exec", dont_inherit=True)
        return next(one for one in module.co_consts if isinstance(one, CodeType))


class _Visitor(MutationVisitor):
    """mutmut's, which goes into decorated functions too: here no function is copied."""

    METADATA_DEPENDENCIES = MutationVisitor.METADATA_DEPENDENCIES

    def __init__(self) -> None:
        super().__init__(mutation_operators, IgnoredCode(set(), set(), set()))
        self.where: list[str] = []
        self.line = 0
        self.made: list[tuple[str, int, Mutation]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.where.append(node.name.value)
        if self._left_out(node):
            return False
        # An operator has no place of its own: it stands where the expression around it begins.
        place = self.get_metadata(PositionProvider, node, None)
        self.line = place.start.line if place else self.line
        before = len(self.mutations)
        deeper = super().on_visit(node)
        self.made += [(".".join(self.where), self.line, one) for one in self.mutations[before:]]
        return deeper

    def on_leave(self, original_node: cst.CSTNode) -> None:
        super().on_leave(original_node)
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self.where.pop()

    def _left_out(self, node: cst.CSTNode) -> bool:
        return (
            isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in SAID
        ) or isinstance(node, cst.Decorator)

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return False
        return super()._skip_node_and_children(node)


def _shown(module: cst.Module, node: cst.CSTNode) -> str:
    """The text of a node in one line."""
    return " ".join(module.code_for_node(node).split())


def mutants(root: Path, file: str) -> Iterator[Mutant]:
    """All mutants of a module inside functions, in the order of its text."""
    code = (root / file).read_text("utf-8")
    visitor = _Visitor()
    module = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True).visit(visitor)
    seen: set[str] = set()
    named: dict[tuple[str, str, str], int] = {}
    for function, line, made in visitor.made:
        outer = made.contained_by_top_level_function
        if not isinstance(outer, cst.FunctionDef) or _further_text(made.mutated_node):
            continue
        plain = outer.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
        body = plain.deep_replace(made.original_node, made.mutated_node)
        changed = module.code_for_node(cst.ensure_type(body, cst.FunctionDef))
        if changed not in seen:
            old, new = _shown(module, made.original_node), _shown(module, made.mutated_node)
            alike = named[function, old, new] = named.get((function, old, new), 0) + 1
            # The same change in another place of the same function.
            new = f"{new} ({alike})" if alike > 1 else new
            yield Mutant(file, function, _outer(function, outer), line, old, new, changed)
            seen.add(changed)


def _further_text(node: cst.CSTNode) -> bool:
    """Of the three changes of a text the first is made: it is found where the others are."""
    return isinstance(node, cst.SimpleString) and "XX" not in node.value and node.value != '""'


def _outer(function: str, outer: cst.FunctionDef) -> str:
    names = function.split(".")
    return ".".join(names[: names.index(outer.name.value) + 1])
