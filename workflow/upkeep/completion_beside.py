"""What the shell may offer besides (see completion.py): versions of a draft, forms from the public
pages, applications of the organs below.
"""

from __future__ import annotations

import json
from typing import Any

from workflow.upkeep.completion import MOST, Found, View

# The names of a form's kinds and of states stand beside what is offered.
Names = dict[str, str]


def forms(view: View, names: Names) -> list[Found]:
    """Forms that wait for an officer, by their receipt."""
    query = """SELECT w.receipt, w.kind, c.number FROM web_item w JOIN case_file c ON c.id = w.case_id
        WHERE w.office_id = :office AND w.step = 'waiting' ORDER BY w.id"""
    rows = view.ask(query, office=view.office) if view.officer else []
    return [(receipt, f"{number}  {names.get(kind, kind)}", "") for receipt, kind, number in rows]


def cases_below(view: View, organ: str, start: str, names: Names) -> list[Found]:
    """Open applications of an organ below: number, state and last day, and no names."""
    offices = view.ask("SELECT id, key, name, profile FROM office") if view.officer else []
    above = {key: json.loads(profile).get("superior", "") for _id, key, _name, profile in offices}
    own = next((key for id_, key, _name, _profile in offices if id_ == view.office), "")
    meant = [(id_, key) for id_, key, name, _profile in offices if organ in (key, name)]
    if len(meant) != 1 or not _is_below(meant[0][1], own, above):
        return []
    query = f"""SELECT number, state, reply_due FROM case_file WHERE office_id = :organ AND open
        AND substr(number, 1, length(:start)) = :start ORDER BY reply_due, id LIMIT {MOST}"""  # noqa: S608
    rows = view.ask(query, organ=meant[0][0], start=start)
    return [
        (number, "  ".join(filter(None, (names.get(state, state), str(due or "")))), "")
        for number, state, due in rows
    ]


def _is_below(key: str, own: str, above: dict[str, str]) -> bool:
    seen: set[str] = set()
    while (key := above.get(key, "")) and key not in seen:
        if key == own:
            return True
        seen.add(key)
    return False


def drafts(view: View, case: str) -> list[tuple[int, dict[str, Any], str]]:
    """The drafts of a case that stand: number of the entry, what it says with its texts sealed, and its
    day.
    """
    query = """SELECT l.n, l.event, l.payload, l.on_day FROM ledger l JOIN case_file c
        ON c.id = l.case_id WHERE c.office_id = :office AND c.number = :case
        AND l.event IN ('draft', 'undo') ORDER BY l.n"""
    found: list[tuple[int, dict[str, Any], str]] = []
    for n, event, payload, on in view.ask(query, office=view.office, case=case) if view.officer else ():
        told = json.loads(payload)
        if event == "draft":
            found.append((n, told, str(on)))
        else:
            found = [one for one in found if one[0] != told["entry"]]
    return found


def versions(view: View, case: str) -> list[Found]:
    """The versions of a draft by their number, with their day."""
    return [(str(no), on, "") for no, (_n, _told, on) in enumerate(drafts(view, case), 1)]
