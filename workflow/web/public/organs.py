"""The page on which an applicant finds the organ, without scripts: by its name, its area, its matters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.responses import Response

from workflow.base.patterns import later
from workflow.web.public import form
from workflow.web.public.card import Organ

if TYPE_CHECKING:
    from workflow.web.public.asking import Asked

LONGEST = 60
_APART = later(r"[\s,，、;；。]+")


def find(organs: Iterable[Organ], text: str) -> list[Organ]:
    """The organs that a text speaks of, those that it names best first: its words stand in what is said of
    the organ, or a matter or area of the organ stands in the text. Without a text all of them.
    """
    asked = text.casefold()[:LONGEST]
    words = [word for word in _APART.split(asked) if word]
    if not words:
        return list(organs)
    scored = []
    for place, one in enumerate(organs):
        said = [one.name.casefold(), *(word.casefold() for word in (*one.areas, *one.matters))]
        hits = sum(any(word in part for part in said) for word in words)
        hits += sum(part in asked for part in said)
        if hits:
            scored.append((-hits, place, one))
    return [one for _, _, one in sorted(scored, key=lambda entry: entry[:2])]


def page(asked: Asked) -> Response:
    """The organs, or those found."""
    text = str(asked.request.query_params.get("find", ""))[:LONGEST]
    found = find(asked.outer.card.organs, text)
    return asked.page("organs.html", "/organs", find=text, found=found, longest=LONGEST, unknown=form.UNKNOWN)


PAGES = [("/organs", "GET", page)]
