"""The officer's own texts as the check compares them: plain, and without what they quote."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow.base.patterns import later

# Quotations are others' words: the check ignores them.
_QUOTED = later(r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|\"[^\"]*\"")
_MAY_QUOTE = later(r"[“‘「『\"《]")
_NAMED = later(r"《[^《》]*》")
_BLANKS = later(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")


def plain(text: str) -> str:
    """A text as it is compared: full-width signs as plain ones, and nothing between the characters that shows
    nothing.
    """
    return _BLANKS.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))


def unquoted(text: str) -> str:
    """A text without what it quotes and without the names of papers."""
    return _NAMED.sub("", _QUOTED.sub("", text)) if _MAY_QUOTE.search(text) else text


class Said(NamedTuple):
    """One of the officer's own texts: its row of the decision, the name of the entry, as typed, plain, and
    unquoted.
    """

    row: Mapping[str, Any]
    name: str
    typed: str
    plain: str
    own: str

    @property
    def no(self) -> int:
        """The item that it is about."""
        return int(self.row["no"])


class Ready(dict[str, tuple[str, str]]):
    """Texts made ready to be looked at, plain and unquoted; each once."""

    def __missing__(self, text: str) -> tuple[str, str]:
        flat = plain(text)
        made = self[text] = flat, unquoted(flat)
        return made
