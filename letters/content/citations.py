"""Lists of provisions in the Chinese legal style: provisions of one instrument stand together under its
name.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow.law import Law


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


def text(refs: Iterable[str], law: Law) -> str:
    """《中华人民共和国政府信息公开条例》第三十七条、第十五条、第三十二条; several instruments joined by 、
    and 和.
    """
    parts = [name + "、".join(provisions) for name, provisions in grouped(refs, law)]
    if len(parts) < 2:
        return "".join(parts)
    return "、".join(parts[:-1]) + "和" + parts[-1]
