"""Pages: their words, their templates, and the headers under which they are sent."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from workflow import law  # noqa: F401  (says how provisions are cited)
from workflow.base import names, qr_codes, tables
from workflow.base.messages import speaking
from workflow.web.public import assets, form

if TYPE_CHECKING:
    from starlette.requests import Request

    from workflow.web.public.card import Card

HERE = os.path.dirname(__file__)
WORDS = os.path.join(HERE, "words.toml")
LANGUAGES = {"zh": "zh_CN", "en": "en"}

# Words and addresses that a template names in full.
_WORD, _PLACE = re.compile(r"\{\{ w\('([a-z_.]+)'\) \}\}"), re.compile(r"\{\{ to\('([^']*)'\) \}\}")

# What OWASP asks of every page. Nothing but our own style and script is loaded, and nobody frames a page.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Of a site that is reached by https.
STRICT = {"Strict-Transport-Security": "max-age=31536000"}


def word(key: str, lang: str, **params: Any) -> str:
    """Words of a page: `section.name` of words.toml, filled in."""
    section, _, name = key.partition(".")
    text = str(tables.read(WORDS)[section][name][lang])
    return text.format(**params) if params else text


class _Spoken(FileSystemLoader):
    """The templates in one language: what is the same on every page is put in once, when they are loaded."""

    def __init__(self, lang: str) -> None:
        super().__init__(os.path.join(HERE, "templates"))
        self._lang = lang

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template with its words and addresses in it."""
        text, file, fresh = super().get_source(environment, template)
        text = _WORD.sub(lambda found: str(escape(word(found[1], self._lang))), text)
        return _PLACE.sub(lambda found: str(escape(place(found[1], self._lang))), text), file, fresh


@cache
def _environment(lang: str) -> Environment:
    made = Environment(
        loader=_Spoken(lang),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = lambda name: assets.asset(name).address
    return made


@cache
def articles(lang: str) -> dict[str, str]:
    """The provisions that the form cites, as they are cited in this language."""
    specs = [spec for part in ("person", "agent", "wanted") for spec in form.table()[part]]
    with speaking(LANGUAGES[lang]):
        return {spec["basis"]: names.article(spec["basis"]) for spec in specs if "basis" in spec}


def language(request: Request) -> str:
    """The language of a request: its path says it."""
    return "en" if request.path_params.get("lang") == "en" else "zh"


def place(path: str, lang: str) -> str:
    """A page in a language."""
    return path if lang == "zh" else f"/en{path}".rstrip("/") or "/en"


def site_place(site: str, lang: str) -> str:
    """The first of the office's public pages in a language; `site` is the address of their folder."""
    return f"{site.rstrip('/')}/{'' if lang == 'zh' else f'{lang}/'}index.html"


def page(
    card: Card, lang: str, template: str, path: str = "/", *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; `path` is where the other language is found."""

    def w(key: str, **params: Any) -> str:
        return word(key, lang, **params)

    text = (
        _environment(lang)
        .get_template(template)
        .render(
            card=card,
            lang=lang,
            w=w,
            to=lambda where: place(where, lang),
            other=place(path, "en" if lang == "zh" else "zh"),
            colon="：" if lang == "zh" else ": ",
            list_comma="、" if lang == "zh" else ", ",
            site=lambda of: site_place(card.site, of),
            comma="，" if lang == "zh" else ", ",
            **values,
        )
    )
    return HTMLResponse(text, status)


def part(lang: str, template: str, **values: Any) -> Markup:
    """A piece of a page."""
    return Markup(_environment(lang).get_template(template).render(**values))  # noqa: S704  (escaped there)


def told(
    card: Card, lang: str, title: str, text: str, status: int, way_on: tuple[str, str] | None = None
) -> HTMLResponse:
    """A page that says one thing."""
    return page(card, lang, "told.html", status=status, title=title, text=text, way_on=way_on)


def qr(text: str, label: str) -> Markup:
    """A QR code as a picture within the page, with its name for who cannot see it."""
    drawn = qr_codes.svg(text)
    return Markup('<div class="qr" role="img" aria-label="{}">{}</div>').format(label, Markup(drawn))  # noqa: S704
