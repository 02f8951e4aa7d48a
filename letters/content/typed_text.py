"""Cleans typed text for a letter: no control or invisible characters, a bounded length."""

from __future__ import annotations

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later

LONGEST = 20_000
"""Characters of one text in a letter (some thirty pages); more belongs into an annex. House rule."""

# Joiners, zero-width spaces, byte-order marks, soft hyphens, variation selectors (pasted along, never meant),
# and bidirectional marks, by which a text could be printed other than it reads.
_UNSEEN = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0001-\U000e01ef"
)
_ENDS = "\u000b\u000c\u0085\u2028\u2029"
# Of Unicode's categories Cc and Cs everything but the line break.
_CODES = "\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff"
_BLANKS = "\t\u00a0\u2000-\u200a\u202f\u205f"
_INVISIBLE, _CONTROL, _SPACES = later(f"[{_UNSEEN}]"), later(f"[{_CODES}]"), later(f"[{_BLANKS}]")
_BREAKS = later(f"\r\n?|[{_ENDS}]")
# What most texts have nothing of.
_ANY = later(f"[{_UNSEEN}{_ENDS}{_CODES}{_BLANKS}]")
_CLOSED = frozenset("。！？!?…")


def clean(value: object, field: str, *, longest: int = LONGEST) -> str:
    """The text without what has no place on paper; Malformed for control characters and for too much of
    it.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(N_("The field {name} is not text."), field=field, name=field)
    if len(value) > longest:
        raise Malformed(
            N_("The text of {name} has {length} characters; a letter takes {longest}."),
            field=field,
            name=field,
            length=len(value),
            longest=longest,
            way_on=N_("Shorten it, or add it to the letter as an annex."),
        )
    if not value or not _ANY.search(value):
        return value.strip()
    value = _SPACES.sub(" ", _BREAKS.sub("\n", _INVISIBLE.sub("", value)))
    found = _CONTROL.search(value)
    if found:
        raise Malformed(
            N_("The text of {name} has the character {code} at place {place}, which cannot be printed."),
            field=field,
            name=field,
            code=f"U+{ord(found[0]):04X}",
            place=found.start() + 1,
            way_on=N_("Remove the character and try again."),
        )
    return value.strip()


def paragraphs(value: str) -> list[str]:
    """The lines of a text that are not empty, each a paragraph of its own."""
    return [line.strip(" \u3000") for line in value.split("\n") if line.strip(" \u3000")]


def sentence(value: str) -> str:
    """The text ended by a full stop, if it ends by nothing that closes a sentence."""
    value = value.rstrip(" \u3000;；,，、")
    return value if not value or value.rstrip("”’）)")[-1:] in _CLOSED else value + "。"


def bare(value: str) -> str:
    """The text without the punctuation at its end, to be quoted inside another sentence."""
    return value.rstrip(" \u3000。；，、;,.")
