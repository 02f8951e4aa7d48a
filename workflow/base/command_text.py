"""A command as it is shown to be typed, folded so that it can be copied as it stands."""

from __future__ import annotations

import re

from workflow.base.screen import HANGING, Block
from workflow.base.text_width import width

# A word of a shell, with its quotes; and what says that the line goes on.
_A_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'"])+"""
_ON = " \\"


class Command(Block):
    """A command as it is typed, folded so that it can be copied as it stands: between its words where it can
    be, else inside one that is wider than the screen.
    """

    __slots__ = ()

    def fit(self, room: int) -> list[str]:
        """Its lines, each but the last with the mark by which a shell reads on."""
        indent = " " * (len(self) - len(self.lstrip(" ")))
        lines = [indent]
        for word in re.findall(_A_WORD, self):
            joined = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
            if width(joined) + len(_ON) <= room:
                lines[-1] = joined
            elif width(indent + word) + HANGING + len(_ON) <= room:
                lines[-1] += _ON
                lines.append(indent + " " * HANGING + word)
            else:
                lines[-1] += _ON
                lines += _taken_apart(word, room)
        return lines


def _taken_apart(word: str, room: int) -> list[str]:
    """A word of a shell on several lines, which the shell puts together: from the first cell on, and what is
    quoted quoted piece by piece.
    """
    quote = word[0] if word[0] in "'\"" and word.endswith(word[0]) else ""
    inner = word[1:-1] if quote else word
    pieces = [""]
    for char in inner:
        if width(pieces[-1] + char) > room - len(_ON) - 2 * len(quote):
            pieces.append("")
        pieces[-1] += char
    lines = [f"{quote}{piece}{quote}" for piece in pieces]
    return [*(line + _ON.strip() for line in lines[:-1]), lines[-1]]
