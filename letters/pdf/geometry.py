"""The first page above its text, in millimetres: head, red rules, number, title (GB/T 9704-2012, 5.2, 7.2,
10.1).

Where the standard measures from the printed name, the ink is meant and not the box that the renderer puts
round it; so places are reckoned from the outlines of the characters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from letters.fonts import widths
from letters.pdf.flush_lines import set_lines

MEASURE = 28
"""Characters in a line (5.2.3)."""
LINES = 22
"""Lines on a page (5.2.3)."""
FOLLOW_LINES = 3
"""Lines that the code of a case takes below a letter, however closely lines stand."""
TYPE_AREA = (156.0, 225.0)
EM = TYPE_AREA[0] / MEASURE
_NUMBER = 7 / 8 * 16 / 72 * 25.4
"""Between the red rule and the number: seven eighths of a character of size 3 (10.1)."""
NUMBER_PADDING = 4.875
"""What page.css puts above the number."""
_HEAD_TO_RULE = 4.0
_RULES = 1.9
"""The double rule of the letter format: 1 mm, a gap of 0.55 mm, 0.35 mm."""
_DIVIDE = 0.7
_ORDINARY_HEAD = 35.0
"""From the top of the type area to the head of the ordinary format (7.2.4)."""
_TOP = {"letter": 30.0, "ordinary": 37.0}
_BOTTOM = {"letter": 270.2, "ordinary": 262.0}
"""Of the first page by format: its top margin, and the last millimetre that text may take."""
_HEAD = {"letter": (166, 13.4), "ordinary": (150, 18.0)}
"""Letterhead: (width mm, largest size mm) by format."""
_HEAD_LINE, _TITLE_LINE, _SIGNATURE_LINE = 28, 20, 24
"""Characters in a line of the head, the title and the signature."""
_WORD_ENDS = "省市县区州旗部厅局委会"
_HEAD_LEADING = 1.3
"""Of a head in two lines, its size to its leading."""
_TITLE_LEADING = 11.0
_LIFT = 30.0
"""Half-leading may put ink above its own box: the box of the head begins so much higher, and is padded down
again.
"""


@dataclass(frozen=True, slots=True)
class Room:
    """How much text the first page holds: from where, in mm and lines, to where."""

    fixed: float
    lines: float
    bottom: float

    def holds(self, pitch: float) -> int:
        """Whole lines of this pitch (mm)."""
        return int((self.bottom - self.fixed - self.lines * pitch) / pitch + 1e-6)


def head(organ: str, layout: str) -> dict[str, Any]:
    """The organ's name at the head, as large as fits between the ends of the rule; a very long one in two
    lines.

    head_height is that of its ink, which begins head_lift below the box's top; all in mm.
    """
    lines = [organ] if len(organ) <= _HEAD_LINE else halves(organ, _HEAD_LINE)
    # A short name is letter-spaced, as official letterheads are.
    shown = ["\u3000".join(line) if len(line) <= 4 else line for line in lines]
    width, largest = _HEAD.get(layout, _HEAD["letter"])
    size = round(min(width / max(len(line) for line in shown), largest), 2)
    ink = widths.of("head").ink
    begins, ends = ink(shown[0])[0], ink(shown[-1])[1]
    leading = 1.0 if len(shown) == 1 else _HEAD_LEADING
    return {
        "head_lines": shown,
        "head_size": size,
        "head_leading": leading,
        "head_lift": round(_LIFT - (begins + (leading - 1) / 2) * size, 3),
        "head_height": round(((len(shown) - 1) * leading + ends - begins) * size, 3),
    }


def number(text: str, layout: str, height: float, pitch: float) -> dict[str, float]:
    """The document number's place in mm: in the letter format below the head's ink (the style sheet adds
    NUMBER_PADDING), in the ordinary format what stands between its line and the red line below it."""
    begins, ends = (edge * EM for edge in widths.of("number").ink(text or "〔1〕号"))
    if layout == "letter":
        above = _NUMBER - begins - NUMBER_PADDING if text else 0
        return {"number_below": round(height + _HEAD_TO_RULE + _RULES + above, 3)}
    return {"divide_above": round(_HEAD_TO_RULE - pitch + (pitch - EM) / 2 + ends, 3)}


def room(content: Mapping[str, Any], titles: int) -> Room:
    """The room for text on the first page: the number two lines below the head, the title two below what
    precedes it, the addressee one below the title."""
    layout = content["layout"]
    height = head(content["organ"], layout)["head_height"]
    title = titles * _TITLE_LEADING
    if layout == "letter":
        below = number(content["number"], layout, height, 0)["number_below"]
        line = NUMBER_PADDING + EM if content["number"] else 0
        return Room(_TOP[layout] + below + line + title, 3, _BOTTOM[layout])
    # A whole line of pitch before the red line, less what `divide_above` takes back, is half a pitch.
    line = number(content["number"], layout, height, EM)["divide_above"] + EM / 2 + _DIVIDE
    fixed = _TOP[layout] + _ORDINARY_HEAD + height + line + title
    return Room(fixed, 2 + 0.5 + 2 + 1, _BOTTOM[layout])


def title_lines(organ: str, title: str) -> list[str]:
    """The title in lines that keep its words whole: in one where it fits, else the organ's name above."""
    if len(organ) + len(title) <= _TITLE_LINE:
        return [organ + title]
    return [*halves(organ, _TITLE_LINE), *halves(title, _TITLE_LINE)]


def halves(text: str, longest: int) -> list[str]:
    """A name in as few lines as its words allow, broken where one of them ends, the lines about equally
    long.
    """
    if len(text) <= longest:
        return [text]
    count = math.ceil(len(text) / longest)
    aim = len(text) / count
    ends = [
        end
        for end in range(1, min(longest, len(text) - 1) + 1)
        if text[end - 1] in _WORD_ENDS or text[end] == "（"
    ]
    fitting = [end for end in ends if len(text) - end <= longest * (count - 1)]
    # One more line is better than a broken word.
    fitting = fitting or [end for end in ends if end >= longest / 2] or [int(aim)]
    place = min(fitting, key=lambda end: abs(end - aim))
    return [text[:place], *halves(text[place:], longest)]


def annexes(names: list[str], label: str) -> list[dict[str, Any]]:
    """The list of annexes with hanging indents: further lines stand under the first character of the name."""
    width = widths.of("body")
    numbers = [f"{place}." if len(names) > 1 else "" for place in range(1, len(names) + 1)]
    widest = max((sum(map(width, one)) for one in numbers), default=0.0)
    hang = 2 + len(label) + widest
    listed: list[dict[str, Any]] = []
    for place, (one, name) in enumerate(zip(numbers, names, strict=True)):
        before = ("" if place else label) + one
        lines = set_lines(name, width, measure=max(MEASURE - hang, 4), flush=False)
        listed.append(
            {
                "label": before,
                "name": name,
                "lines": [line.text for line in lines] or [""],
                "style": f"padding-left: {hang:.3f}em; text-indent: -{sum(map(width, before)):.3f}em",
            }
        )
    return listed


def signature(name: str, date: str) -> dict[str, Any]:
    """Where name and date stand (7.3.5.1): the date four characters from the right, the name centred above
    it.

    A name too long for that ends at the right edge; one longer than the line stands in lines of whole words.
    """
    width = widths.of("body")
    lines = halves(name, _SIGNATURE_LINE) if sum(map(width, name)) > MEASURE else [name]
    date_width = sum(map(width, date))
    name_width = max(sum(map(width, line)) for line in lines)
    right = max(4 - max(name_width - date_width, 0) / 2, 0)
    box = min(max(name_width, date_width), MEASURE) + 0.05
    return {
        "block": f"margin: 0 {right:.3f}em 0 auto; width: {box:.3f}em; text-align: center",
        "lines": lines,
        "name": "" if name_width > MEASURE else "white-space: nowrap",
        "date": "white-space: nowrap",
    }


def dash_above() -> float:
    """From the type area's lower edge to the box of a page number (14 pt), so that its dash begins 7 mm
    below.
    """
    return round(7 - widths.of("page").ink("—")[0] * 14 / 72 * 25.4, 3)
