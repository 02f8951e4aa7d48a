"""The pages of the board: their words, their templates, and the headers under which they are sent."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from workflow.base import tables
from workflow.web.public import assets
from workflow.web.public import pages as counter

HERE = os.path.dirname(__file__)
WORDS = os.path.join(HERE, "words.toml")
STYLES = (os.path.join(assets.FOLDER, "site.css"), os.path.join(HERE, "static", "board.css"))
# As on the public pages, and no script at all.
HEADERS = {
    **counter.HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}


def word(key: str, lang: str, **params: Any) -> str:
    """Words of a page: `section.name` of words.toml, filled in."""
    section, _, name = key.partition(".")
    text = str(tables.read(WORDS)[section][name][lang])
    return text.format(**params) if params else text


@cache
def style() -> str:
    """The style of the public pages, and what the board adds to it."""
    parts = []
    for path in STYLES:
        with open(path, encoding="utf-8") as source:
            parts.append(source.read())
    return "\n".join(parts)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(os.path.join(HERE, "templates")),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, lang: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in a language."""

    def w(key: str, **params: Any) -> str:
        return word(key, lang, **params)

    text = _environment().get_template(template).render(lang=lang, w=w, **values)
    return HTMLResponse(text, status, headers=HEADERS)
