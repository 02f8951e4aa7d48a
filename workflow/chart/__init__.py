"""The procedure chart that the organ publishes, drawn from the process table: as SVG on A4, and as Mermaid.

What is in the chart comes from the table (states, acts, who may, articles) and from the law (periods); where it
stands comes from layout.toml. A row of the table for which the layout has no place is refused, and so is a place for
which there is no row: the chart cannot tell anything but the process.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from workflow.chart.canvas import GLUE
from workflow.chart.content import Content
from workflow.chart.sheet import Sheet
from workflow.chart.words import Words
from workflow.process import FINAL, NEW, Process

__all__ = ["mermaid", "svg"]


def svg(process: Process, lang: str | None = None, *, on: date | None = None) -> str:
    """The chart as an SVG document of one A4 page, with the periods of the law of that day (today)."""
    words = Words(process, lang, on)
    canvas = Sheet(words).draw()
    return canvas.text(words.word("title"), description(words), "en" if words.language == "en" else "zh-CN")


def description(words: Words) -> str:
    """The main line in words, for whoever cannot see the chart."""
    order = words.table["main"]["states"]
    steps = []
    for source, dest in pairwise(order):
        rows = [
            row for row in words.process.rows if (row.track, row.source, row.dest) == ("case", source, dest)
        ]
        steps.append(f"{words.label(rows[0].event)} → {words.state(dest)}")
    return words.word("subtitle") + words.word("colon") + words.word("stop").join(steps)


def mermaid(process: Process, lang: str | None = None, *, on: date | None = None) -> str:
    """The chart as Mermaid text: each row that moves is an arrow, each act that moves nothing a flag."""
    words, content = Words(process, lang, on), Content(process)
    lines = ["flowchart TD"]
    flags: dict[str, list[str]] = {"anytime": [], "staying": []}
    for track in FINAL:
        lines.append(f"  subgraph {track}[{_quoted(words.pick(process.names['track'][track]))}]")
        for state in (NEW, *process.states(track)):
            begin, end = ("([", "])") if state == NEW or state in FINAL[track] else ("[", "]")
            lines.append(f"    {track}_{state}{begin}{_quoted(words.begin(track, state))}{end}")
        for act in process.events(track):
            rows = content.of(act)
            text = f"{words.label(act)}<br/>{words.roles(rows)}<br/>{words.articles(rows)}"
            pairs = dict.fromkeys((row.source, row.dest) for row in rows if row.moves)
            lines += [f"    {track}_{source} -->|{_quoted(text)}| {track}_{dest}" for source, dest in pairs]
            still = [row for row in rows if not row.moves]
            if still:
                where = "anytime" if act in content.anytime else "staying"
                flags[where].append(f"    act_{act}>{_quoted(f'{text}<br/>{words.flow(still)}')}]")
        lines.append("  end")
    for where, made in flags.items():
        lines += [f"  subgraph {where}[{_quoted(words.word(where))}]", *made, "  end"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace(GLUE, "").replace('"', "#quot;") + '"'
