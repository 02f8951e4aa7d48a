"""The procedure, for publication and for lawyers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base import messages
from workflow.base.messages import N_
from workflow.commands.options import JSON, LANG, group, option, options
from workflow.commands.parameter_types import File, OneOf
from workflow.commands.printing import output, written

if TYPE_CHECKING:
    from pathlib import Path


@group("process")
def process() -> None:
    """Commands on the process table."""


@process.command(
    "chart",
    help=N_("Draw the procedure chart (SVG, or Mermaid text)."),
    example="disclosure process chart --out 流程图.svg",
)
@option(
    "--format", "form", type=OneOf("chart_form"), default="svg", show_default=True, help=N_("What to write.")
)
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@options(JSON, LANG)
def process_chart(form: str, out: Path | None, as_json: bool) -> None:
    from workflow.procedure import chart, transitions

    drawn = (chart.svg if form == "svg" else chart.mermaid)(transitions.bundled(), messages.language())
    written(drawn, out, as_json)


@process.command(
    "matrix",
    help=N_("Print role × state × event as CSV: who may do what, when, on which provision."),
    example="disclosure process matrix --out 权限矩阵.csv",
)
@option("--out", type=File(writes=True), help=N_("The file (default: standard output)."))
@options(JSON, LANG)
def process_matrix(out: Path | None, as_json: bool) -> None:
    from workflow.procedure import matrix, transitions

    if as_json:
        output(matrix.rows(transitions.bundled(), messages.language()), list, True)
    else:
        written(matrix.to_csv(transitions.bundled(), messages.language(), bom=out is not None), out, False)
