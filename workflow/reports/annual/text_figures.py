"""The text of a report against its tables: a number that the words give and the table gives otherwise is
told.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator

from workflow.base import tables
from workflow.base.messages import N_, Remark, listed
from workflow.reports.annual.form import ALL, Report, remedy_label, row_label

TABLE = os.path.join(os.path.dirname(__file__), "text_figures.toml")


def remarks(report: Report) -> Iterator[Remark]:
    """Each figure of the text that is not what the tables say. A text that gives several numbers for one
    thing, for kinds of applicants or parts of the year, has its sum or its largest among them; only none of
    these is told."""
    text = "".join(unicodedata.normalize("NFKC", "\n".join(report.parts.values())).split())
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    for figure in tables.read(TABLE)["figure"]:
        told = [int(number) for number in re.findall(figure["pattern"], text)]
        table = report.table3 if figure["table"] == 3 else report.table4
        rows = [key for key in figure["rows"] if key in table]
        if not told or len(rows) != len(figure["rows"]):
            continue
        counted = sum(table[key][ALL] for key in rows)
        if counted not in (*told, sum(told)):
            label = row_label if figure["table"] == 3 else remedy_label
            yield (
                N_("The text says {told} for {what}; table {table} says {counted}."),
                {
                    "told": listed(told),
                    "what": listed(map(label, rows)),
                    "table": figure["table"],
                    "counted": counted,
                },
            )
