"""The page: elements of layout.toml, drawn from top to bottom.

Cards are as tall as their content. Where they do not fit on the page, the fits of page_fit.py are tried in
their order: flexible lengths shrink, then the letters, then the page gets longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.procedure.chart import arrows, foot
from workflow.procedure.chart.canvas import GREY, INK, LEADING, Canvas, Rect, Run, Sizes, width, wrap
from workflow.procedure.chart.content import Content
from workflow.procedure.chart.drawing import LINE, SIZES, TONES
from workflow.procedure.chart.page_fit import FITS, Fit
from workflow.procedure.chart.words import Rows, Words, fault
from workflow.procedure.process import FINAL, NEW

_PLACE = later(r"(?:([a-z_]+)\.(left|right|top|bottom|x|y))?([+-]?[\d.]+)?")
# Between the entries of a card.
GAP = 0.9
# Below an arrow that meets the side of a card.
MARGIN = 1.0
# Between a label on the main line and the boxes above and below it, together.
LEAST = 0.8
EDGE = 5.0


def drawn(words: Words) -> Page:
    """The drawing with the most room in which everything fits; Malformed where there is none."""
    for fit in FITS:
        page = Page(words, fit)
        page.draw()
        if page.fits():
            return page
    raise fault(N_("it does not fit on one page"))


class Page:
    """The drawing of a process: what is placed where, and which rows of the table are thereby shown."""

    def __init__(self, words: Words, fit: Fit = FITS[0]) -> None:
        self.words, self.process, self.table = words, words.process, words.table
        self.fit, self.tones = fit, TONES
        self.size = Sizes(*(size * fit.text for size in SIZES[words.language]))
        self.gap = GAP * fit.space
        self.loose: list[str] = []
        page = self.table["page"]
        self.canvas = Canvas(page["width"], self.down(page["height"]))
        self.places: dict[str, Rect] = {}
        self.end = 0.0  # of what stands at the foot
        self.content = Content(words.process)

    # --- drawing

    def draw(self) -> Canvas:
        """Draw all of it; Malformed if the layout and the table do not agree."""
        self._main_places()
        self._zone()
        self._main_line()
        known = {card["name"] for card in self.table["card"]}
        for name, acts in self.content.cards.items():
            if name not in known:
                raise fault(N_("the act '{name}' names a card that is none: {card}"), name=acts[0], card=name)
        for card in self.table["card"]:
            self._card(card)
        for node in self.table["node"]:
            self._node(node)
        for bracket in self.table["bracket"]:
            arrows.bracket(self, bracket)
        for arrow in self.table["arrow"]:
            arrows.arrow(self, arrow)
        for link in self.table["link"]:
            arrows.link(self, link)
        self._heading()
        self.end = foot.draw(self)
        self.content.require_all()
        return self.canvas

    def fits(self) -> bool:
        """Whether nothing overlaps or leaves the page, and every arrow meets what it joins."""
        inside = all(place.bottom <= self.canvas.height - EDGE for _, place in self.canvas.boxes)
        inside = inside and self.end <= self.canvas.height - EDGE
        return inside and not self.loose and not self.canvas.overlaps()

    def place(self, text: str) -> tuple[float, float]:
        """A point of the layout, "x,y"."""
        x, y = (self.number(part) for part in text.split(",")[:2])
        return x, y

    def number(self, text: str) -> float:
        """A length of the layout: a number, or an edge of a box that was placed, with a number."""
        found = _PLACE.fullmatch(text.strip())
        if found is None or (found[1] and found[1] not in self.places):
            raise fault(N_("'{name}' is no place"), name=text)
        plus = float(found[3] or 0)
        if not found[1]:
            return plus
        box = self.places[found[1]]
        edges = {
            "left": box.x,
            "right": box.right,
            "top": box.y,
            "bottom": box.bottom,
            "x": box.x + box.width / 2,
            "y": box.y + box.height / 2,
        }
        return edges[found[2]] + plus

    def down(self, y: float) -> float:
        """A height of the layout on this page, which may be longer than the layout's."""
        return y * self.fit.page

    def tall(self, lines: list[list[Run]]) -> float:
        """The height that lines take."""
        return sum(max(run.size or self.size.detail for run in line) * LEADING for line in lines)

    def write(self, x: float, y: float, entries: list[tuple[str, list[list[Run]]]]) -> None:
        """Entries one below the other, each with the rows that it shows."""
        for data, lines in entries:
            self.canvas.parts.append(f"<g{data}>")
            y += self.canvas.lines(x, y, lines, self.size.detail) + self.gap
            self.canvas.parts.append("</g>")

    def _heading(self) -> None:
        middle = self.canvas.width / 2
        title = self.words.word("title")
        size = min(6.0, (self.canvas.width - 24) / width(title, 1, True))
        self.canvas.lines(middle, 7.5, [[Run(title, bold=True)]], size, anchor="middle")
        act = self.process.rows[0].event
        texts = [self.words.word("subtitle"), *self.words.periods(act)]
        self.canvas.lines(middle, 15.2, [[Run("  ·  ".join(texts), colour=GREY)]], 2.8, anchor="middle")

    def _main_places(self) -> None:
        main = self.table["main"]
        for number, state in enumerate(main["states"]):
            middle = self.down(main["first"] + number * main["pitch"])
            self.places[state] = Rect(
                main["x"] - main["width"] / 2, middle - main["height"] / 2, main["width"], main["height"]
            )

    def _zone(self) -> None:
        zone = self.table["zone"]
        top, bottom = self.places[zone["from"]].y - 0.8, self.places[zone["to"]].bottom + 0.8
        place = Rect(zone["left"], top, zone["right"] - zone["left"], bottom - top)
        self.canvas.box(place, fill="#f6f9fc", line="#9fb3c8", round_=2, dash="1.2 0.9", thick=0.25)
        text = [[Run(self.words.word("zone"), colour=GREY)]]
        self.canvas.lines(zone["right"] - 1.2, top + 0.8, text, self.size.detail, anchor="end")

    def _main_line(self) -> None:
        main = self.table["main"]
        order = main["states"]
        for state in order:
            self._state_box("case", state, self.places[state])
        for source, dest in pairwise(order):
            rows = [
                row
                for row in self.content.rows
                if (row.track, row.source, row.dest) == ("case", source, dest)
            ]
            if not rows:
                raise fault(N_("the table has no such row: {name} {pair}"), name="", pair=f"{source}>{dest}")
            above, below = self.places[source], self.places[dest]
            self.canvas.path(
                [(main["x"], above.bottom), (main["x"], below.y)],
                colour=LINE,
                heads="end",
                thick=0.5,
                data=self.content.show(rows[0].event, rows),
            )
            runs = self.runs(rows[0].event, rows, short=True)
            lines = wrap(runs, main["room"], self.size.detail)
            tall = self.tall(lines)
            # Keep the label clear of both boxes, or reduce the letters.
            if tall > below.y - above.bottom - LEAST:
                self.loose.append(f"{source}>{dest}")
            self.canvas.lines(main["x"] + 2.2, (above.bottom + below.y - tall) / 2, lines, self.size.detail)

    def runs(self, act: str, rows: Rows, *, short: bool = False) -> list[Run]:
        """What is said of an act: all of it, or on an arrow who and on which article."""
        words = self.words
        label = Run(words.label(act), bold=True, size=self.size.label)
        if not short:
            return [label, Run("  " + words.details(act, rows), colour=GREY)]
        return [label, Run(f" {words.roles(rows)}\n{words.articles(rows)}", colour=GREY)]

    def _state_box(self, track: str, state: str, place: Rect) -> None:
        final = state in FINAL[track]
        fill, line = TONES["end" if final and track == "case" else "main"]
        self.canvas.box(
            place,
            fill=fill,
            line=line,
            round_=place.height / 2 if state == NEW or final else 1.2,
            thick=0.45,
            name=f"{track}:{state}",
            data=f' data-state="{track}:{state}"',
        )
        name = self.words.state(state)
        size = self.size.state
        if track != "case":
            fitting = [size for size in self.size[:3] if width(name, size, bold=True) < place.width - 1.5]
            size = max(fitting, default=self.size.small)
        runs = [Run(name, bold=True, colour=line, size=min(size, place.height / 2))]
        condition = next((step.condition for step in self.process.steps if step.state == state), "always")
        if condition != "always":
            text = self.words.pick(self.table["condition"][condition])
            runs.append(Run("\n" + text, colour=GREY, size=self.size.detail))
        lines = wrap(runs, place.width - 1, self.size.detail)
        tall = self.tall(lines)
        self.canvas.lines(
            place.x + place.width / 2,
            place.y + (place.height - tall) / 2 + 0.1,
            lines,
            self.size.detail,
            anchor="middle",
        )

    def _card(self, card: dict[str, Any]) -> None:
        lane = self.table["lane"][card["lane"]]
        above = [
            self.places[one["name"]].bottom
            for one in self.table["card"]
            if one["lane"] == card["lane"] and one["name"] in self.places
        ]
        top = max([self.down(card["y"]), *(bottom + lane["gap"] * self.fit.space for bottom in above)])
        fill, line = TONES[card["tone"]]
        entries = self._entries(self.content.cards.get(card["name"], []))
        room = lane["width"] - 4
        texts = [(data, wrap(runs, room, self.size.detail)) for data, runs in entries]
        head = 5.4
        body = sum(self.tall(lines) + self.gap for _, lines in texts)
        tall = head + 1.2 + body + card.get("room", 0) * self.fit.drawing + 0.4
        place = Rect(lane["x"], top, lane["width"], max([tall, *(y - top for y in self._met(card["name"]))]))
        self.places[card["name"]] = place
        state = card.get("state")
        self.canvas.box(place, fill="#ffffff", line=line, round_=1.2, thick=0.35, name=card["name"])
        self.canvas.box(
            Rect(place.x, place.y, place.width, head),
            fill=fill,
            line=line,
            round_=1.2,
            thick=0.45 if state else 0.35,
            data=f' data-state="case:{state}"' if state else "",
        )
        name = self.words.state(state) if state else self.words.pick(card)
        size = self.size.state if state else self.size.label
        self.canvas.lines(
            place.x + place.width / 2,
            place.y + (head - size * LEADING) / 2 + 0.15,
            [[Run(name, bold=True, colour=line if state else INK, size=size)]],
            size,
            anchor="middle",
        )
        self.write(place.x + 2, place.y + head + 1.2, texts)

    def _met(self, card: str) -> Iterator[float]:
        """How far down a card has to reach for the arrows from the main line that meet its sides."""
        for arrow in self.table["arrow"]:
            for end in (arrow["path"][0], arrow["path"][-1]):
                x, y = (part.strip() for part in end.split(",")[:2])
                found = _PLACE.fullmatch(y)
                if (
                    x in (f"{card}.left", f"{card}.right")
                    and found
                    and found[1] in self.table["main"]["states"]
                ):
                    yield self.number(y) + MARGIN

    def _entries(self, acts: list[str]) -> list[tuple[str, list[Run]]]:
        """The paragraphs of a card; acts that lead the same way one after another say so once."""
        made: list[tuple[str, list[Run]]] = []
        flows = []
        for text in acts:
            act, _, source = text.partition("@")
            rows = self.content.of(act, source)
            made.append((self.content.show(act, rows), self.runs(act, rows)))
            flows.append("" if act in self.content.anytime else self.words.flow(rows))
        for number, flow in enumerate(flows):
            if flow and (number + 1 == len(flows) or flows[number + 1] != flow):
                made[number][1].append(Run("\n" + flow, colour=TONES["main"][1]))
        return made

    def _node(self, node: dict[str, Any]) -> None:
        card = self.places[node["card"]]
        place = Rect(card.x + node["dx"], card.bottom + node["dy"] * self.fit.drawing - 3, node["width"], 6)
        self.places[node["state"]] = place
        track = next(track for track in FINAL if node["state"] in self.process.states(track))
        self._state_box(track, node["state"], place)
        # It is inside its card, which already reserves the space.
        self.canvas.boxes.pop()
