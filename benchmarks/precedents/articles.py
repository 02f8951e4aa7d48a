"""Provisions as courts' cases name them ("R2008 21(3)", "17号 7(1)"): compared with ours, and written into
letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from letters.content import chinese

if TYPE_CHECKING:
    from workflow.law import Law

_PROVISION = re.compile(r"(?P<name>.+?)\s*(?P<article>\d+)(?P<places>(?:\(\d+\))*)")
_REGULATIONS = {"R2008": "ogi2008", "R2019": "ogi2019"}
_SHORT = {"行诉法": "行政诉讼法", "复议法": "行政复议法"}
_REPUBLIC = "中华人民共和国"


class Provision(NamedTuple):
    """An instrument by the name that a file gives it, an article, and the numbers in brackets after it."""

    name: str
    article: int
    places: tuple[int, ...]


def parse(text: str) -> Provision | None:
    """A provision as a file writes it; None for what names no article."""
    found = _PROVISION.fullmatch(text.strip())
    if found is None:
        return None
    places = tuple(int(number) for number in re.findall(r"\d+", found["places"]))
    return Provision(found["name"].strip(), int(found["article"]), places)


def names(ref: str, wanted: str, law: Law) -> bool:
    """Whether our reference names the provision wanted; an article without brackets covers all that it
    holds.
    """
    provision, (key, _, rest) = parse(wanted), ref.partition(":")
    if (
        provision is None
        or not rest
        or not rest[0].isdigit()
        or not _same_instrument(key, provision.name, law)
    ):
        return False
    article, *places = (int(part) for part in rest.split(".") if part.isdigit())
    found, asked = tuple(places), provision.places
    # Of an article with one paragraph the items are numbered alone: 36(3) is 36.1.3.
    shapes = (found, found[1:]) if found[:1] == (1,) else (found,)
    return article == provision.article and any(shape[: len(asked)] == asked for shape in shapes)


def _same_instrument(key: str, name: str, law: Law) -> bool:
    if name in _REGULATIONS:
        return key == _REGULATIONS[name]
    if key.startswith("house"):
        return False
    one = law.instrument(key)
    full = _SHORT.get(name, name)
    return full in (one.zh.removeprefix(_REPUBLIC), one.short) or str(one.number or "").endswith(
        ("〕" + name, name)
    )


def written(text: str, law: Law) -> str:
    """A provision as a letter of the organ would have cited it."""
    provision = parse(text)
    if provision is None:
        return text
    name = f"《{provision.name}》"
    if provision.name in _REGULATIONS:
        name = "《条例》"
    elif "〔" in provision.name:
        name = provision.name
    places = list(provision.places)
    said = f"{name}第{chinese.numeral(provision.article)}条"
    if len(places) == 1 and _counts_items(provision, law):
        return f"{said}第（{chinese.numeral(places[0])}）项"
    for place, number in enumerate(places[:2]):
        said += f"第{chinese.numeral(number)}款" if not place else f"第（{chinese.numeral(number)}）项"
    return said


def _counts_items(provision: Provision, law: Law) -> bool:
    """Whether a single number after the article is that of an item: so where it has one paragraph, or is not
    ours.
    """
    key = _REGULATIONS.get(provision.name)
    paragraphs = law.structure(key).get(str(provision.article)) if key else None
    return not isinstance(paragraphs, list) or len(paragraphs) == 1
