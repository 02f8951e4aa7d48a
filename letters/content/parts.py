"""A letter taken apart: what each of its parts says, without what is settled only when it goes out.

Left out are the document number, the day, and what follows from the way of service alone (the notice of an
online way to ask for reconsideration): these are known when the letter is issued. Everything else is what
somebody approved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from letters.content.kind_cells import parts
from letters.content.letter_content import Content
from workflow.base.messages import listed, pick

_PLAIN = ("organ", "title", "addressee", "annexes", "signatory", "contact")
# Parts that are never requested by name.
_BESIDE = {
    "layout": {"zh": "版式", "en": "layout of the page"},
    "lead": {"zh": "引出决定的语句", "en": "words that lead to the decision"},
    "heading": {"zh": "小标题", "en": "heading"},
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_OF_REMEDY = ("segments", "periods", "organs", "court")


def said(content: Content) -> dict[str, str]:
    """What each part says, by its name; of a letter that answers several items a part within one is
    'NAME.ITEM'.
    """
    found: dict[str, list[Any]] = {name: [content.get(name)] for name in _PLAIN}
    found["title"] += [content["code"], content.get("document")]
    found["layout"] = [content["layout"], content["template"], content.get("own_templates")]
    found["remedy"] = [{name: content["remedy"][name] for name in _OF_REMEDY}]
    for name, block in _blocks(content):
        found.setdefault(name, []).append({key: block[key] for key in block if key != "part"})
    return {name: _ENCODER.encode(value) for name, value in found.items()}


def named(key: str) -> str:
    """What a part is called, with the item that it is about."""
    name, _, item = key.partition(".")
    row = parts().get(name) or _BESIDE.get(name, {"zh": name, "en": name})
    if not item:
        return pick(row["zh"], row["en"])
    return pick(f"第{item}项的{row['zh']}", f"{row['en']} (item {item})")


class Named:
    """Parts of a letter, named when they are shown, in the language of then."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = tuple(keys)

    def __format__(self, spec: str) -> str:
        return listed(map(named, self._keys))


def _blocks(content: Content) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The blocks with the part that each belongs to; of several items each begins with its heading."""
    decided = content["data"]["decision"] or ()
    numbers = iter(sorted({int(row["no"]) for row in decided}))
    item: int | None = None
    for block in content["blocks"]:
        part = str(block.get("part"))
        if part == "remedy":
            continue
        if part == "heading":
            item = next(numbers, item)
        yield part if item is None else f"{part}.{item}", block
