"""The HTML that an office's own template makes: what has no place in a letter, and what it says.

Apart from letters/own_wording/wording.py, so that a command that makes a letter need not load a parser of
HTML.
"""

from __future__ import annotations

from html.parser import HTMLParser

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


class _Tags(HTMLParser):
    """Collects what a page has that a letter cannot have: foreign tags and attributes, styles that hide."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                self.found.append(f"{tag} {name}=")
            elif name == "style":
                self.found += _styles(value or "")
            elif name == "class" and "draft" in (value or "").split():
                self.found.append("class=draft")

    handle_startendtag = handle_starttag


class _Words(HTMLParser):
    """The words of a page, without its head."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "body"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.parts.append(data)


def words(page: str) -> str:
    """The words of an HTML page, as they would stand on paper if nothing hid them."""
    reader = _Words()
    reader.feed(page)
    return "".join(reader.parts)


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
    reader = _Tags()
    reader.feed(page)
    return list(dict.fromkeys(reader.found))
