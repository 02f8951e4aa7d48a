"""What the finding of a ground names: which of the dangers, which kind of internal or process information.

The law lists several; the letter names those that the officer wrote, and the whole list only where he named
none.
"""

from __future__ import annotations

from collections.abc import Mapping

from letters.content.phrases import Phrases


def named(ground: str | None, texts: Mapping[str, str], phrases: Phrases) -> dict[str, str]:
    """`named`: the members of the law's list that the texts name, joined by 、; `named_all` is empty where
    they name none.
    """
    listed = phrases.section("ground", ground).get("members", ()) if ground else ()
    if not listed:
        return {}
    said = "".join(texts.get(name) or "" for name in ("kind", "danger", "reasons", "facts"))
    found = [member["name"] for member in listed if any(word in said for word in member["words"])]
    return {"named": "、".join(found), "unnamed": "" if found else "1"}
