"""The figures of the board by name: what each is called, when it holds, on what it rests (figures.toml)."""

from __future__ import annotations

import os
from functools import cache
from typing import NamedTuple

from workflow import law
from workflow.base import tables
from workflow.base.completeness import require_same
from workflow.base.errors import NotFound
from workflow.base.messages import N_, pick
from workflow.reports.annual.form import ALL, PENDING
from workflow.reports.board.sources import newest_format, report_rows, sources

TABLE = os.path.join(os.path.dirname(__file__), "figures.toml")
NOW, DAY = "now", "day"


class Figure(NamedTuple):
    """A figure: what it is called, when it holds (period, day, now), what it rests on; `of` names the figure
    from whose cases it is computed, and whose list it opens.
    """

    id: str
    zh: str
    en: str
    when: str
    basis: str
    says_zh: str
    says_en: str
    of: str = ""

    @property
    def name(self) -> str:
        """In the language in force."""
        return pick(self.zh, self.en)

    @property
    def says(self) -> str:
        """Which cases it counts, in the language in force."""
        return pick(self.says_zh, self.says_en)


@cache
def all_figures() -> dict[str, Figure]:
    """Every figure by its id, in the order of the board."""
    raw = tables.read(TABLE)
    found = {id: Figure(id=id, **row) for id, row in raw["figure"].items()}
    tables_of_law, form = law.bundled(), newest_format()
    labels = {row.key: row for row in form.rows}
    for key in report_rows():
        row = labels[key]
        found[f"row.{key}"] = Figure(
            f"row.{key}",
            row.zh,
            row.en,
            "period",
            form.article,
            "年度报告表三该行所计的申请",
            "what this row of table 3 of the annual report counts",
        )
    for part in tables_of_law.report_remedies():
        for one in tables_of_law.report_results():
            if one.id != ALL:
                when = DAY if one.id == PENDING else "period"
                id = f"remedy.{part.id}.{one.id}"
                found[id] = Figure(
                    id,
                    f"{part.zh}：{one.zh}",
                    f"{part.en}: {one.en}",
                    when,
                    form.article,
                    "年度报告表四该格所计的复议、诉讼",
                    "what this cell of table 4 of the annual report counts",
                )
    counted = [id for source in sources() for id in source.among]
    listed = [figure.id for figure in found.values() if not figure.of]
    require_same("board/figures.toml", listed, "board/sources.py", counted)
    return found


def due_days() -> int:
    """How many working days "due" looks ahead."""
    return int(tables.read(TABLE)["due_days"])


def find(typed: str) -> Figure:
    """A figure by its id or by its name in either language; NotFound tells which there are."""
    wanted = typed.strip()
    found = [one for one in all_figures().values() if wanted in (one.id, one.zh, one.en)]
    if not found:
        raise NotFound(
            N_("The board has no figure '{name}'."),
            field="figure",
            name=wanted[:60],
            way_on=N_("Figures are: {names}"),
            names="、".join(all_figures()),
        )
    return found[0]
