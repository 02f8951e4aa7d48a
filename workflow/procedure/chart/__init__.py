"""The procedure chart that the organ publishes, drawn from the process table: as SVG on A4, and as Mermaid.

What is in the chart comes from the tables of the acts (states, acts, who may, articles) and from the law
(periods); on which card an act stands is said in its table, where cards and arrows stand in layout.toml. A
row that is drawn nowhere is refused, and so is a place for which there is no row: the chart cannot tell
anything but the process.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from workflow.base.line_breaks import GLUE
from workflow.procedure.chart.content import Content
from workflow.procedure.chart.page import drawn
from workflow.procedure.chart.words import Words
from workflow.procedure.process import FINAL, NEW, Process

__all__ = ["mermaid", "svg"]


def svg(process: Process, lang: str | None = None, *, on: date | None = None) -> str:
    """The chart as an SVG document of one A4 page, with the periods of the law of that day (today)."""
    words = Words(process, lang, on)
    canvas = drawn(words).canvas
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
            ways: dict[tuple[str, str], dict[str, None]] = {}
            for row in content.of(act):
                if row.moves:
                    text = _quoted(words.label(act), words.roles([row]), words.articles([row]))
                    ways.setdefault((text, row.dest), {})[f"{track}_{row.source}"] = None
            lines += [
                f"    {' & '.join(sources)} -->|{text}| {track}_{dest}"
                for (text, dest), sources in ways.items()
            ]
            still = [row for row in content.of(act) if not row.moves]
            if still:
                text = _quoted(words.label(act), words.roles(still), words.articles(still), words.flow(still))
                flags["anytime" if act in content.anytime else "staying"].append(f"    act_{act}>{text}]")
        lines.append("  end")
    for where, made in flags.items():
        lines += [f"  subgraph {where}[{_quoted(words.word(where))}]", *made, "  end"]
    return "\n".join(lines) + "\n"


def _quoted(*texts: str) -> str:
    return '"' + "<br/>".join(texts).replace(GLUE, "").replace('"', "#quot;") + '"'
