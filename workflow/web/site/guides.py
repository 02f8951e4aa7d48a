"""Work guidance that was released for the public: a list, and each page.

A page that cites what is no longer in force is left out, and said to be, until it is released anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.drafting import guidance_book
from workflow.drafting.guidance_book import Page
from workflow.web.site.pages import Leaf, word

NAME = "guidance"


def standing(known: Iterable[Page], on: date) -> tuple[list[Page], list[Page]]:
    """The released pages that can be shown on a day, and those that cite what is not in force then."""
    shown: list[Page] = []
    stale: list[Page] = []
    for page in known:
        if page.released:
            try:
                guidance_book.require_in_order(page.name, page.text, on)
            except Refused:
                stale.append(page)
            else:
                shown.append(page)
    return shown, stale


def left_out(page: Page) -> str:
    """What is said of a page that cannot be shown."""
    return _(
        N_(
            "The guidance '{title}' cites what is not in force and is left out: disclosure guidance show {no}"
        ),
        title=page.title,
        no=page.no,
    )


def pages_of(found: Sequence[Page], lang: str) -> Iterator[Leaf]:
    """The list, and each page."""
    rows = [(_file(page), page.title) for page in found]
    yield Leaf(NAME, "", word("guidance.title", lang), {"rows": rows})
    for page in found:
        # Written by markdown-it without HTML of the page's own.
        text = Markup(guidance_book.html(page))  # noqa: S704
        yield Leaf(_file(page), "guide_page.html", page.title, {"text": text})


def _file(page: Page) -> str:
    return f"{NAME}-{page.no}"
