"""The officer's own text as paragraphs: plain text, or a small part of Markdown that has a place on an
official page.

Paragraphs, lists and **emphasis**. A line is a paragraph, as people type. Everything else that Markdown knows
(HTML, links, pictures, headings, code, entities) is text like any other. The page of GB/T 9704-2012 has one
face for its body: the marks of emphasis are taken off and the words printed as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from letters.content import typed_text
from workflow.base.patterns import later

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# A text without any of these is plain: the library need not be loaded.
_MARKS = later(r"\*\*|\\|^[ \t]{0,8}(?:[-*+]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_BULLET = "——"
_DEEP = 8


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, those of lists with their numbers: 1.…, (1)…, ——…"""
    if not _MARKS.search(text):
        return typed_text.paragraphs(text)
    made: list[str] = []
    for line_block in _blocks(text):
        made += typed_text.paragraphs(line_block)
    return made


def ended(text: str) -> list[str]:
    """The paragraphs of a text; the last ends its sentence, for one of ours follows."""
    *before, last = paragraphs(text) or [""]
    return [*before, typed_text.sentence(last)] if last else before


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # "zero" knows paragraphs and text alone; what else may be is named here.
    return MarkdownIt("zero", {"maxNesting": _DEEP}).enable(["list", "emphasis", "balance_pairs", "escape"])


def _blocks(text: str) -> list[str]:
    # Four blanks at the beginning of a line are an indent in Chinese texts and no code.
    lead = re.sub(r"^[ \t\u3000]{4,}(?![-*+\d])", "", text, flags=re.MULTILINE)
    made: list[str] = []
    lists: list[str] = []
    label = ""
    for token in _reader().parse(lead):
        match token.type:
            case "ordered_list_open":
                lists.append("ordered")
            case "bullet_list_open":
                lists.append("bullet")
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
            case "list_item_open":
                # Keep the number as typed: numbers in a text are never changed.
                deep = sum(1 for kind in lists if kind == "ordered") > 1
                label = (
                    _BULLET if lists[-1] == "bullet" else f"（{token.info}）" if deep else f"{token.info}."
                )
            case "inline":
                made.append(label + _words(token.children or []))
                label = ""
    return made


def _words(children: Sequence[Any]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("em_open", "em_close"):
            # A single asterisk is more often multiplication or a footnote than emphasis: it is kept.
            parts.append(child.markup)
        elif child.type in ("strong_open", "strong_close"):
            if child.markup != "**":
                parts.append(child.markup)
        else:
            parts.append(child.content)
    return "".join(parts)
