"""A line of the register as one column may read it: the cells that the column `needs`, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from workflow.base.completeness import require_known
from workflow.reports.register.columns import PARTS, Column
from workflow.reports.register.rows import Line

# What stands on the line itself; the rest are cells of the case's row.
_ON_LINE = ("details", *PARTS)


class Declared:
    """What a column declares, each an attribute; anything else is refused.

    A cell that was not declared would be read where another column happens to need it, and missing where
    that column is left out.
    """

    column: Column
    _line: Line

    def of(self, line: Line) -> Self:
        """This line from now on: there is one such object a column, not one a line."""
        self._line = line
        return self

    def __getattr__(self, name: str) -> Any:
        require_known(
            f"cells.py: {self.column.id}", [name], f"columns.toml: {self.column.id}: needs", self.column.needs
        )
        raise AttributeError(name)


def declared(column: Column, places: Mapping[str, int]) -> Declared:
    """The view for a column; `places` tells where in the row each cell stands."""
    read = {need: _on_line(need) if need in _ON_LINE else _in_row(places[need]) for need in column.needs}
    made: Declared = type("Declared", (Declared,), {**read, "column": column})()
    return made


def _on_line(name: str) -> property:
    return property(lambda self: getattr(self._line, name))


def _in_row(place: int) -> property:
    return property(lambda self: self._line.row[place])
