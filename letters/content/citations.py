"""Lists of provisions in the Chinese legal style: provisions of one instrument stand together under its
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from letters.content.letter_content import Block
from workflow.law import Law

_SHORT = "《条例》"


def unique(refs: Iterable[str]) -> list[str]:
    """The references in the order of their first appearance, each once, house rules left out."""
    return list(dict.fromkeys(ref for ref in refs if ref and not ref.startswith("house:")))


def grouped(refs: Iterable[str], law: Law) -> list[tuple[str, list[str]]]:
    """(name of the instrument in 《》, its provisions) in order of appearance; Malformed for an unknown
    one.
    """
    groups: dict[str, tuple[str, list[str]]] = {}
    for ref in unique(refs):
        cited = law.citation(ref)
        name = cited.zh.removesuffix(cited.zh_short)
        provisions = groups.setdefault(cited.instrument, (name, []))[1]
        if cited.zh_short and cited.zh_short not in provisions:
            provisions.append(cited.zh_short)
    return list(groups.values())


def _place(ref: str) -> tuple[int, ...]:
    """Where a provision stands in its instrument."""
    return tuple(
        int(part) if part.isdigit() else 0 for part in ref.partition(":")[2].replace("-", ".").split(".")
    )


def ascending(refs: Iterable[str]) -> list[str]:
    """References by the place in their instrument, the instruments in order of appearance."""
    listed = unique(refs)
    order = list(dict.fromkeys(ref.partition(":")[0] for ref in listed))
    return sorted(listed, key=lambda ref: (order.index(ref.partition(":")[0]), _place(ref)))


def text(refs: Iterable[str], law: Law) -> str:
    """《中华人民共和国政府信息公开条例》第十五条、第三十七条: ascending; several instruments are joined by 、
    and 和.
    """
    return _text(tuple(refs), law)


@lru_cache(maxsize=1024)
def _text(refs: tuple[str, ...], law: Law) -> str:
    parts = [name + "、".join(provisions) for name, provisions in grouped(ascending(refs), law)]
    if len(parts) < 2:
        return "".join(parts)
    return "、".join(parts[:-1]) + "和" + parts[-1]


def shortened(blocks: Iterable[Block], law: Law, key: str) -> Iterator[Block]:
    """The blocks of a decision, the full name of the Regulations only where it stands first and 《条例》
    afterwards.

    Only what the program says of provisions is touched; a letter that names them once keeps the name alone.
    """
    made = list(blocks)
    full = f"《{law.instrument(key).zh}》"
    naming = [block for block in made if block.get("part") == "decision" and full in block.get("text", "")]
    for place, block in enumerate(naming):
        if len(naming) < 2:
            break
        block["text"] = block["text"].replace(full, _SHORT)
        if not place:
            block["text"] = block["text"].replace(_SHORT, f"{full}（以下简称{_SHORT}）", 1)
    return iter(made)
