"""The procedure chart that the organ publishes, drawn from the process table: as SVG on A4, and as Mermaid.

What is in the chart comes from the table (states, acts, who may, articles) and from the law (periods); where it
stands comes from chart.toml. A row of the table for which the layout has no place is refused, and so is a place for
which there is no row: the chart cannot tell anything but the process.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from workflow import i18n, law, tables
from workflow.drawing import GREY, INK, LEADING, Canvas, Rect, Run, wrap
from workflow.errors import Malformed
from workflow.i18n import N_
from workflow.process import FINAL, NEW, Process, Row
from workflow.when import today

HERE = Path(__file__).parent
LABEL, DETAIL, SMALL, STATE = 2.65, 2.3, 2.0, 3.0
_PLACE = re.compile(r"(?:([a-z_]+)\.(left|right|top|bottom|x|y))?([+-]?[\d.]+)?")
TONES = {
    "main": ("#e8f0fa", "#1d4e89"),
    "state": ("#e8f0fa", "#1d4e89"),
    "wait": ("#fdf1d8", "#a86a12"),
    "end": ("#e6e8eb", "#3e4c59"),
    "act": ("#f1f3f5", "#7b8794"),
}
LINE = "#33475b"
Rows = list[Row]


class Words:
    """What the chart says, in one language, of one process and one day's law."""

    def __init__(self, process: Process, language: str | None, on: date | None) -> None:
        self.process = process
        self.language = i18n.normalise(language) or i18n.language()
        self.day = on or today()
        self.law = law.bundled()
        self.table = tables.read(HERE / "chart.toml")

    def pick(self, entry: dict[str, str]) -> str:
        """The text of an entry in this language."""
        return entry["en" if self.language == "en" else "zh"]

    def word(self, key: str) -> str:
        """A word of the chart's own."""
        return self.pick(self.table["words"][key])

    def state(self, key: str) -> str:
        """The name of a state."""
        return self.word("new") if key == NEW else self.pick(self.process.names["state"][key])

    def states(self, keys: list[str]) -> str:
        """States as a list; neighbours on the main line as 'from ... to'."""
        main, said = self.table["main"]["states"], []
        left = [key for key in main if key in keys]
        rest = [key for key in keys if key not in main]
        if set(keys) >= set(self.process.states("case")):
            return self.word("any")
        while left:
            end = 1
            while end < len(left) and main.index(left[end]) == main.index(left[end - 1]) + 1:
                end += 1
            said += [left[:end]] if end > 2 else [[key] for key in left[:end]]
            left = left[end:]
        texts = [
            self.state(part[0]) + (self.word("until") + self.state(part[-1]) if len(part) > 1 else "")
            for part in said
        ]
        return self.word("and").join([*texts, *(self.state(key) for key in rest)])

    def label(self, act: str) -> str:
        """The short name of an act."""
        entry = self.table["label"].get(act)
        if entry is None:
            raise _fault(N_("the act '{name}' has no short name"), name=act)
        return self.pick(entry)

    def roles(self, rows: Rows) -> str:
        """Who may take these rows."""
        keys = dict.fromkeys(role for row in rows for role in row.roles)
        if set(keys) >= set(self.process.names["role"]) - {"system", "auditor"}:
            return self.word("everyone")
        return self.word("and").join(self.pick(self.process.names["role"][key]) for key in keys)

    def articles(self, rows: Rows) -> str:
        """The provisions of these rows, as short as they can be said."""
        return self.word("and").join(dict.fromkeys(self.article(row.article) for row in rows))

    def article(self, ref: str) -> str:
        """A provision, without the name of the Regulations."""
        if ref.startswith("house:"):
            return self.word("house")
        citation = self.law.citation(ref)
        instrument = self.law.instrument(citation.instrument)
        known = citation.instrument == "ogi2019"
        if self.language == "en":
            short = citation.en.removeprefix(instrument.en).lstrip(", ")
            return short if known else f"{self.table['instrument'].get(instrument.key, instrument.en)}, {short}"
        return citation.zh_short if known else instrument.short + citation.zh_short

    def periods(self, act: str) -> list[str]:
        """The periods of the law that belong to an act."""
        said = []
        for name in self.table["period"].get(act, []):
            value, parameter = self.law.value(name, on=self.day), self.law.parameter(name)
            unit = self.pick(self.law.unit(value.unit))
            gap = " " if self.language == "en" else ""
            said.append(f"{self.pick(parameter)}{self.word('colon')}{value.value}{gap}{unit}")
        return said

    def clock(self, rows: Rows) -> list[str]:
        """What these rows do to the time for reply."""
        verbs = dict.fromkeys(
            row.clock.partition(":")[0] for row in rows if row.clock.endswith(":reply.limit") or row.clock == "recompute"
        )  # fmt: skip
        return [self.pick(self.table["clock"][verb]) for verb in verbs]

    def details(self, act: str, rows: Rows) -> str:
        """Who, on which article, within which time, with what effect on the time for reply."""
        texts = [self.roles(rows), self.articles(rows), *self.periods(act), *self.clock(rows)]
        return self.word("stop").join(texts)

    def flow(self, rows: Rows) -> str:
        """From which states to which."""
        sources = list(dict.fromkeys(row.source for row in rows))
        dests = list(dict.fromkeys(row.dest for row in rows))
        if not any(row.moves for row in rows):
            return self.word("at") + self.states(sources)
        return f"{self.states(sources)} → {self.states(dests)}"


class Chart:
    """The drawing of a process: what is placed where, and which rows of the table are thereby shown."""

    def __init__(self, words: Words) -> None:
        self.words, self.process, self.table = words, words.process, words.table
        page = self.table["page"]
        self.canvas = Canvas(page["width"], page["height"])
        self.places: dict[str, Rect] = {}
        self.shown: set[tuple[str, str, str]] = set()

    # --- what there is to draw

    @cached_property
    def rows(self) -> Rows:
        """The rows of the table that can be taken: a step of review that is always taken is never left out."""
        order = [step.state for step in self.process.steps]
        always = {step.state for step in self.process.steps if step.condition == "always"}

        def skips(row: Row) -> bool:
            if not row.when.startswith("next_step:"):
                return False
            first = order.index(row.source) + 1 if row.source in order else 0
            last = order.index(row.dest) if row.dest in order else len(order)
            return bool(always & set(order[first:last]))

        return [row for row in self.process.rows if not skips(row)]

    @cached_property
    def anytime(self) -> list[str]:
        """Acts that every state of the case allows and that change none."""
        every = set(self.process.states("case"))
        return [
            act for act in self.process.events("case")
            if {row.source for row in self._of(act)} >= every and not any(row.moves for row in self._of(act))
        ]  # fmt: skip

    def _of(self, act: str, source: str = "") -> Rows:
        found = [row for row in self.rows if row.event == act and source in ("", row.source)]
        if not found:
            raise _fault(N_("the table has no act '{name}'"), name=act)
        return found

    def _named(self, act: str, pairs: list[str] | None) -> Rows:
        """The rows of an act that an arrow names as 'from>to'."""
        rows = self._of(act)
        if not pairs:
            return rows
        wanted = [tuple(pair.split(">")) for pair in pairs]
        found = [row for row in rows if any(s in ("*", row.source) and d == row.dest for s, d in wanted)]
        if any(not any(s in ("*", row.source) and d == row.dest for row in found) for s, d in wanted):
            raise _fault(N_("the table has no such row: {name} {pair}"), name=act, pair=" ".join(pairs))
        return found

    def _data(self, act: str, rows: Rows) -> str:
        """The rows that an element shows, written on it."""
        self.shown |= {(row.event, row.source, row.dest) for row in rows}
        pairs = " ".join(dict.fromkeys(f"{row.source}>{row.dest}" for row in rows))
        return f' data-act="{act}" data-rows="{pairs.replace(">", "&gt;")}"'

    # --- drawing

    def draw(self) -> Canvas:
        """Draw all of it; Malformed if the layout and the table do not agree."""
        self._main_places()
        self._zone()
        self._main_line()
        for card in self.table["card"]:
            self._card(card)
        for node in self.table["node"]:
            self._node(node)
        for bracket in self.table["bracket"]:
            self._bracket(bracket)
        for arrow in self.table["arrow"]:
            self._arrow(arrow)
        for link in self.table["link"]:
            self._link(link)
        self._heading()
        self._anytime()
        self._legend()
        missing = {(row.event, row.source, row.dest) for row in self.rows} - self.shown
        if missing:
            event, source, dest = sorted(missing)[0]
            raise _fault(
                N_("it has no place for the row {event} {source}→{dest}"), event=event, source=source, dest=dest
            )
        return self.canvas

    def _place(self, text: str) -> tuple[float, float]:
        x, y = (self._number(part) for part in text.split(",")[:2])
        return x, y

    def _number(self, text: str) -> float:
        found = _PLACE.fullmatch(text.strip())
        if found is None or (found[1] and found[1] not in self.places):
            raise _fault(N_("'{name}' is no place"), name=text)
        plus = float(found[3] or 0)
        if not found[1]:
            return plus
        box = self.places[found[1]]
        edges = {
            "left": box.x, "right": box.right, "top": box.y, "bottom": box.bottom,
            "x": box.x + box.width / 2, "y": box.y + box.height / 2,
        }  # fmt: skip
        return edges[found[2]] + plus

    def _heading(self) -> None:
        middle = self.canvas.width / 2
        self.canvas.lines(middle, 9, [[Run(self.words.word("title"), bold=True)]], 6, anchor="middle")
        self.canvas.lines(middle, 18, [[Run(self.words.word("subtitle"), colour=GREY)]], 2.8, anchor="middle")

    def _main_places(self) -> None:
        main = self.table["main"]
        for number, state in enumerate(main["states"]):
            middle = main["first"] + number * main["pitch"]
            self.places[state] = Rect(
                main["x"] - main["width"] / 2, middle - main["height"] / 2, main["width"], main["height"]
            )

    def _zone(self) -> None:
        zone = self.table["zone"]
        top, bottom = self.places[zone["from"]].y - 1.2, self.places[zone["to"]].bottom + 1
        place = Rect(zone["left"], top, zone["right"] - zone["left"], bottom - top)
        self.canvas.box(place, fill="#f6f9fc", line="#9fb3c8", round_=2, dash="1.2 0.9", thick=0.25)
        texts = "\n".join([self.words.word("zone"), *self.words.periods(zone["act"])])
        room = zone["right"] - self.places[zone["from"]].right - 2.5
        lines = wrap([Run(texts, colour=GREY)], room, DETAIL)
        self.canvas.lines(zone["right"] - 1.2, top + 0.8, lines, DETAIL, anchor="end")

    def _main_line(self) -> None:
        main = self.table["main"]
        order = main["states"]
        for state in order:
            self._state_box("case", state, self.places[state])
        for source, dest in zip(order, order[1:], strict=False):
            rows = [row for row in self.rows if (row.track, row.source, row.dest) == ("case", source, dest)]
            if not rows:
                raise _fault(N_("the table has no such row: {name} {pair}"), name="", pair=f"{source}>{dest}")
            above, below = self.places[source], self.places[dest]
            self.canvas.path(
                [(main["x"], above.bottom), (main["x"], below.y)], colour=LINE, heads="end", thick=0.5,
                data=self._data(rows[0].event, rows),
            )  # fmt: skip
            runs = self._runs(rows[0].event, rows, short=True)
            lines = wrap(runs, main["room"], DETAIL)
            tall = sum(max(run.size or DETAIL for run in line) * LEADING for line in lines)
            self.canvas.lines(main["x"] + 2.2, (above.bottom + below.y - tall) / 2, lines, DETAIL)

    def _runs(self, act: str, rows: Rows, *, short: bool = False) -> list[Run]:
        words = self.words
        label = Run(words.label(act), bold=True, size=LABEL)
        if not short:
            return [label, Run("  " + words.details(act, rows), colour=GREY)]
        return [label, Run(f" {words.roles(rows)}\n{words.articles(rows)}", colour=GREY)]

    def _state_box(self, track: str, state: str, place: Rect, tone: str = "main") -> None:
        final = state in FINAL[track]
        fill, line = TONES["end" if final and track == "case" else tone]
        self.canvas.box(
            place, fill=fill, line=line, round_=place.height / 2 if state == NEW or final else 1.2,
            thick=0.45, name=f"{track}:{state}", data=f' data-state="{track}:{state}"',
        )  # fmt: skip
        runs = [Run(self.words.state(state), bold=True, colour=line, size=STATE if place.width > 20 else LABEL)]
        condition = next((step.condition for step in self.process.steps if step.state == state), "always")
        if condition != "always":
            text = self.words.pick(self.table["condition"][condition])
            runs.append(Run("\n" + text, colour=GREY, size=DETAIL))
        lines = wrap(runs, place.width - 1.5, DETAIL)
        tall = sum(max(run.size for run in one) * LEADING for one in lines)
        self.canvas.lines(
            place.x + place.width / 2, place.y + (place.height - tall) / 2 + 0.1, lines, DETAIL, anchor="middle"
        )

    def _card(self, card: dict[str, Any]) -> None:
        lane = self.table["lane"][card["lane"]]
        above = [self.places[one["name"]].bottom for one in self.table["card"]
                 if one["lane"] == card["lane"] and one["name"] in self.places]  # fmt: skip
        top = max([card["y"], *(bottom + lane["gap"] for bottom in above)])
        fill, line = TONES[card["tone"]]
        entries = self._entries(card["acts"])
        room = lane["width"] - 4
        texts = [(data, wrap(runs, room, DETAIL)) for data, runs in entries]
        head = 5.4
        body = sum(
            sum(max(run.size or DETAIL for run in one) * LEADING for one in lines) + 0.9 for _, lines in texts
        )
        place = Rect(lane["x"], top, lane["width"], head + 1.2 + body + card.get("room", 0) + 0.4)
        self.places[card["name"]] = place
        state = card.get("state")
        self.canvas.box(place, fill="#ffffff", line=line, round_=1.2, thick=0.35, name=card["name"])
        self.canvas.box(
            Rect(place.x, place.y, place.width, head), fill=fill, line=line, round_=1.2,
            thick=0.45 if state else 0.35, data=f' data-state="case:{state}"' if state else "",
        )  # fmt: skip
        name = self.words.state(state) if state else self.words.pick(card)
        size = STATE if state else LABEL
        self.canvas.lines(
            place.x + place.width / 2, place.y + (head - size * LEADING) / 2 + 0.15,
            [[Run(name, bold=True, colour=line if state else INK, size=size)]], size, anchor="middle",
        )  # fmt: skip
        y = place.y + head + 1.2
        for data, lines in texts:
            self.canvas.parts.append(f"<g{data}>")
            y += self.canvas.lines(place.x + 2, y, lines, DETAIL) + 0.9
            self.canvas.parts.append("</g>")

    def _entries(self, acts: list[str]) -> list[tuple[str, list[Run]]]:
        """The paragraphs of a card; acts that lead the same way one after another say so once."""
        made: list[tuple[str, list[Run]]] = []
        flows = []
        for text in acts:
            act, _, source = text.partition("@")
            rows = self._of(act, source)
            made.append((self._data(act, rows), self._runs(act, rows)))
            flows.append("" if act in self.anytime else self.words.flow(rows))
        for number, flow in enumerate(flows):
            if flow and (number + 1 == len(flows) or flows[number + 1] != flow):
                made[number][1].append(Run("\n" + flow, colour=TONES["main"][1]))
        return made

    def _node(self, node: dict[str, Any]) -> None:
        card = self.places[node["card"]]
        place = Rect(card.x + node["dx"], card.bottom + node["dy"] - 3, node["width"], 5.4)
        self.places[node["state"]] = place
        track = next(track for track in FINAL if node["state"] in self.process.states(track))
        self._state_box(track, node["state"], place)
        # It lies in its card, which has the place to itself already.
        self.canvas.boxes.pop()

    def _bracket(self, bracket: dict[str, Any]) -> None:
        order = self.table["main"]["states"]
        span = order[order.index(bracket["from"]) : order.index(bracket["to"]) + 1]
        rows = self._of(bracket["act"])
        if {row.source for row in rows} != set(span):
            raise _fault(N_("the act '{name}' does not start from these states"), name=bracket["act"])
        x, top, bottom = bracket["x"], self.places[span[0]].y, self.places[span[-1]].bottom
        self.canvas.path(
            [(x + 1.3, top), (x, top + 0.9), (x, bottom - 0.9), (x + 1.3, bottom)],
            colour=TONES["wait"][1], thick=0.35, data=self._data(bracket["act"], rows),
        )  # fmt: skip

    def _arrow(self, arrow: dict[str, Any]) -> None:
        rows = self._named(arrow["act"], arrow.get("rows"))
        points = [self._place(text) for text in arrow["path"]]
        self.canvas.path(
            points, colour=LINE, heads=arrow.get("heads", "end"), data=self._data(arrow["act"], rows)
        )
        if "label" not in arrow:
            return
        *_, room, anchor = arrow["label"].split(",")
        x, y = self._place(arrow["label"])
        if "words" in arrow:
            self.canvas.lines(x, y, [[Run(self.words.word(arrow["words"]), colour=GREY)]], DETAIL, anchor=anchor)
            return
        above = wrap([Run(self.words.label(arrow["act"]), bold=True)], float(room), DETAIL)
        gap = self.words.word("stop") if float(room) > 25 else "\n"
        texts = gap.join([self.words.roles(rows), self.words.articles(rows)])
        below = wrap([Run(texts, colour=GREY)], float(room), SMALL)
        self.canvas.lines(x, y - len(above) * DETAIL * LEADING - 0.2, above, DETAIL, anchor=anchor)
        self.canvas.lines(x, y + 0.4, below, SMALL, anchor=anchor)

    def _link(self, link: dict[str, Any]) -> None:
        rows = self._named(link["act"], link.get("rows"))
        points = [self._place(text) for text in link["to"]]
        self.canvas.path(points, colour=LINE, heads="end", data=self._data(link["act"], rows))
        for x, y in (points[0], *([self._place(link["from"])] if "from" in link else [])):
            self.canvas.circle(x, y, 1.8, fill="#ffffff", line=LINE)
            self.canvas.lines(x, y - 1.35, [[Run(link["letter"], bold=True)]], DETAIL, anchor="middle")

    def _anytime(self) -> None:
        foot, words = self.table["anytime"], self.words
        acts = [act for act in self.anytime if not any(act in card["acts"] for card in self.table["card"])]
        half = (len(acts) + 1) // 2
        room = foot["width"] / 2 - 3.5
        columns = [
            [(self._data(act, self._of(act)), wrap(self._runs(act, self._of(act)), room, DETAIL)) for act in part]
            for part in (acts[:half], acts[half:])
        ]
        tall = max(
            sum(sum(max(run.size or DETAIL for run in one) * LEADING for one in lines) + 0.9 for _, lines in column)
            for column in columns
        )
        place = Rect(foot["x"], foot["y"], foot["width"], tall + 6.8)
        self.places["anytime"] = place
        fill, line = TONES["act"]
        self.canvas.box(place, fill="#ffffff", line=line, round_=1.2, name="anytime")
        self.canvas.box(Rect(place.x, place.y, place.width, 5), fill=fill, line=line, round_=1.2)
        self.canvas.lines(
            place.x + place.width / 2, place.y + 1, [[Run(words.word("anytime"), bold=True)]], LABEL, anchor="middle"
        )  # fmt: skip
        for number, column in enumerate(columns):
            y = place.y + 6.2
            for data, lines in column:
                self.canvas.parts.append(f"<g{data}>")
                y += self.canvas.lines(place.x + 2 + number * (foot["width"] / 2), y, lines, DETAIL) + 0.9
                self.canvas.parts.append("</g>")

    def _legend(self) -> None:
        legend, words, canvas = self.table["legend"], self.words, self.canvas
        x, y = legend["x"], self.places["anytime"].bottom + 2
        for key, tone, round_ in (("state", "main", 1.2), ("wait", "wait", 1.2), ("act", "act", 1.2), ("end", "end", 1.8)):
            fill, line = TONES[tone]
            canvas.box(Rect(x, y, 6, 3.6), fill=fill, line=line, round_=round_)
            text = [[Run(words.word(f"legend_{key}"), colour=GREY)]]
            canvas.lines(x + 7, y + 0.6, text, DETAIL)
            x += legend["step"]
        canvas.path(
            [(x + 2.3, y), (x + 1, y + 0.8), (x + 1, y + 2.8), (x + 2.3, y + 3.6)], colour=TONES["wait"][1]
        )
        canvas.lines(x + 3.6, y + 0.6, [[Run(words.word("legend_span"), colour=GREY)]], DETAIL)
        x += legend["step"]
        canvas.circle(x + 1.8, y + 1.8, 1.8, fill="#ffffff", line=LINE)
        canvas.lines(x + 1.8, y + 0.5, [[Run("A", bold=True)]], DETAIL, anchor="middle")
        canvas.lines(x + 4.6, y + 0.6, [[Run(words.word("legend_link"), colour=GREY)]], DETAIL)
        day = words.day.isoformat() if words.language == "en" else f"{words.day:%Y年%-m月%-d日}"
        text = words.word("note") + " " * (words.language == "en") + words.word("asof").format(day=day)
        lines = wrap([Run(text, colour=GREY)], self.table["anytime"]["width"], DETAIL)
        canvas.lines(legend["x"], y + 5, lines, DETAIL)


def svg(process: Process, lang: str | None = None, *, on: date | None = None) -> str:
    """The chart as an SVG document of one A4 page, with the periods of the law of that day (today)."""
    words = Words(process, lang, on)
    canvas = Chart(words).draw()
    return canvas.text(words.word("title"), description(words), "en" if words.language == "en" else "zh-CN")


def description(words: Words) -> str:
    """The main line in words, for whoever cannot see the chart."""
    order = words.table["main"]["states"]
    steps = []
    for source, dest in zip(order, order[1:], strict=False):
        rows = [row for row in words.process.rows if (row.track, row.source, row.dest) == ("case", source, dest)]
        steps.append(f"{words.label(rows[0].event)} → {words.state(dest)}")
    return words.word("subtitle") + words.word("colon") + words.word("stop").join(steps)


def _fault(reason: str, **params: Any) -> Malformed:
    return Malformed(
        N_("The procedure chart does not fit the process table: {reason}."), field="chart.toml",
        reason=i18n.translate(reason, **params), way_on=N_("Bring workflow/chart.toml up to the process table."),
    )  # fmt: skip
