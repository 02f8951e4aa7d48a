"""The HTML that an office's own template makes: what has no place in a letter, and what it says.

The parser of HTML is loaded when a page is read: few offices have templates of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.base.patterns import later

_TAGS = frozenset(
    (
        "html",
        "head",
        "meta",
        "title",
        "body",
        "p",
        "h1",
        "h2",
        "h3",
        "div",
        "span",
        "br",
        "table",
        "tbody",
        "thead",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "section",
    )
)
_ATTRIBUTES = frozenset(
    ("lang", "charset", "name", "content", "class", "style", "colspan", "rowspan", "scope")
)
_STYLES = frozenset(
    (
        "font-size",
        "line-height",
        "height",
        "top",
        "letter-spacing",
        "padding",
        "padding-left",
        "padding-top",
        "margin",
        "margin-top",
        "width",
        "text-indent",
        "text-align",
        "white-space",
        "font-weight",
    )
)
_SMALL = later(r"font-size:\s*(?:0?\.\d+|[0-3](?:\.\d+)?)\s*(?:mm|pt|px|em|%)?\s*(?:;|$)")


class _Tags:
    """Collects what a page has that a letter cannot have: foreign tags and attributes, styles that hide."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                self.found.append(f"{tag} {name}=")
            elif name == "style":
                self.found += _styles(value or "")
            elif name == "class" and "draft" in (value or "").split():
                self.found.append("class=draft")


class _Words:
    """The words of a page, without its head."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.inside = False

    def begin(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "body"

    def take(self, data: str) -> None:
        if self.inside:
            self.parts.append(data)


def _read(page: str, **handlers: Callable[..., Any]) -> None:
    """Have a page read: these take the places of the parser's own handlers, which do nothing."""
    from html.parser import HTMLParser

    reader = HTMLParser()
    vars(reader).update(handlers)
    reader.feed(page)


def words(page: str) -> str:
    """The words of an HTML page, as they would stand on paper if nothing hid them."""
    found = _Words()
    _read(page, handle_starttag=found.begin, handle_data=found.take)
    return "".join(found.parts)


def _styles(text: str) -> list[str]:
    found = []
    for entry in text.split(";"):
        name, colon, value = entry.partition(":")
        if not entry.strip():
            continue
        if name.strip() not in _STYLES or not colon:
            found.append(f"style {name.strip()}")
        elif "url(" in value.lower() or (name.strip() in ("margin", "margin-top", "top") and "-" in value):
            found.append(f"style {entry.strip()}")
    if _SMALL.search(text):
        found.append(f"style {text}")
    return found


def foreign(page: str) -> list[str]:
    """Tags, attributes and styles that a letter cannot have: what loads, hides or covers."""
    tags = _Tags()
    _read(page, handle_starttag=tags.begin)
    return list(dict.fromkeys(tags.found))
