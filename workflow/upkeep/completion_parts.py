"""The parts of a draft, which the shell may offer: they are sealed, so this is loaded for them alone."""

from __future__ import annotations

from pathlib import Path

from workflow.storage import encryption, sealed_texts
from workflow.upkeep.completion import Found, View
from workflow.upkeep.completion_beside import drafts


def parts(view: View, case: str, item: str, data: Path) -> list[Found]:
    """The parts into which the items of a draft are set apart, or those of one item. `data` is the folder of
    the database, where the keys lie unless they are elsewhere.
    """
    known = [one for one in drafts(view, case) if isinstance(one[1].get(sealed_texts.SEALED), str)]
    if not known:
        return []
    query = """SELECT k.case_id, k.wrapped FROM case_key k JOIN case_file c ON c.id = k.case_id
        WHERE c.office_id = :office AND c.number = :case"""
    ((case_id, wrapped),) = view.ask(query, office=view.office, case=case)
    key = encryption.unwrap(encryption.load(encryption.key_file(data)), case_id, wrapped)
    found: dict[str, str] = {}
    for n, told, _on in known:
        for path, text in sealed_texts.texts(n, "draft", told[sealed_texts.SEALED], key):
            if path[-1] == "part" and item in ("", no := str(told["items"][path[1]]["no"])):
                found[text] = no
    return [(text, no, "") for text, no in found.items()]
