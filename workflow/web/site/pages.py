"""The pages as HTML: their words and templates. Every link stays within the folder, but for those to the
office's own counter; nothing is loaded from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from workflow.base import tables
from workflow.office.profile import Office
from workflow.web.public import assets
from workflow.web.public import pages as counter

HERE = os.path.dirname(__file__)
WORDS = os.path.join(HERE, "words.toml")
SCRIPT = os.path.join(HERE, "static", "deadline.js")
STYLE = os.path.join(assets.FOLDER, "site.css")
MENU = (
    "index",
    "procedure",
    "forms",
    "fees",
    "deadline",
    "figures",
    "reports",
    "questions",
    "cases",
    "guidance",
)
"""The pages, in the order of the menu; each is a file of that name."""


class Leaf(NamedTuple):
    """A page below one of the menu: its name, its template, its title, its values."""

    name: str
    template: str
    title: str
    values: dict[str, Any]


def word(key: str, lang: str, **params: Any) -> str:
    """Words of a page: `section.name` of words.toml, filled in."""
    section, _, name = key.partition(".")
    text = str(tables.read(WORDS)[section][name][lang])
    return text.format(**params) if params else text


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(os.path.join(HERE, "templates")),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def counter_links(counter_address: str, lang: str) -> list[tuple[str, str]]:
    """Where one applies and follows online, as (address, words); none where the office has no counter."""
    base = counter_address.rstrip("/")
    return [
        (base + counter.place(f"/{one}", lang), counter.word(f"site.{one}", lang))
        for one in ("apply", "follow")
        if base
    ]


def page(
    name: str, lang: str, office: Office, title: str, values: Mapping[str, Any], template: str = ""
) -> str:
    """A page in a language, one of MENU or below one by its template; Chinese lies at the top of the folder,
    English in `en`.
    """

    def w(key: str, **params: Any) -> str:
        return word(key, lang, **params)

    return (
        _environment()
        .get_template(template or f"{name}.html")
        .render(
            name=name,
            lang=lang,
            organ=office.name,
            online=counter_links(str(office.entry("counter_address")), lang),
            title=title,
            w=w,
            menu=MENU,
            top="" if lang == "zh" else "../",
            other=f"en/{name}.html" if lang == "zh" else f"../{name}.html",
            skip=counter.word("site.skip", lang),
            menu_label=counter.word("site.menu", lang),
            other_language=counter.word("site.other_language", lang),
            **values,
        )
    )
