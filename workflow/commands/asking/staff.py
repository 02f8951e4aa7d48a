"""The units and officers of a new office, asked one by one."""

from __future__ import annotations

import re
from typing import Any

from workflow.base import names
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed
from workflow.base.messages import translate as _
from workflow.base.names import word
from workflow.cases.context import OF_NO_PERSON
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import choose, line, named, say, several
from workflow.office import founding, office_file
from workflow.reports.views import case_text

# The first officer may do what no second person has to do; the others have one task each.
FIRST_ROLES = ["registrar", "approver", "archivist"]
OTHER_ROLES = ["handler"]
# Without these the procedure stops somewhere.
EXPECTED = ("registrar", "handler", "reviewer", "archivist")

Answers = dict[str, Any]


def units(reader: Reader, answers: Answers) -> list[dict[str, str]]:
    """The units that take cases."""
    found: list[dict[str, str]] = []
    say(["", word("office", "units")])
    say(["  " + _(N_("The units that handle applications, one name a line (Enter: no more)"))])
    say(["  " + _(N_("For example: {example}"), example="自然资源科")])
    while name := line(reader):
        key = _key(reader, name, {unit["key"] for unit in found})
        found.append({"key": key, "name": name})
    return found


def officers(reader: Reader, answers: Answers) -> list[dict[str, Any]]:
    """The officers with their roles; one at least approves."""
    found: list[dict[str, Any]] = []
    say(["", _(N_("The officers: who registers, handles, reviews, approves and files"))])
    while True:
        say(["", _(N_("Name of officer {n} (Enter: no more)"), n=len(found) + 1)])
        name = line(reader)
        if not name and any(founding.MANAGER in one["roles"] for one in found):
            break
        if not name:
            say(
                [
                    _(
                        N_("At least one officer approves: name one with the role '{role}'."),
                        role=word("role", founding.MANAGER),
                    )
                ]
            )
            continue
        found.append(_officer(reader, name, found, answers))
    _say_missing(found)
    return found


def _officer(reader: Reader, name: str, found: list[dict[str, Any]], answers: Answers) -> dict[str, Any]:
    key = _key(reader, name, {one["key"] for one in found})
    say(["", _(N_("The roles of {name}: who drafts does not review or approve the same case"), name=name)])
    roles = [key for key in names.bundled()["role"] if key not in OF_NO_PERSON]
    taken = several(reader, named(names.both("role", roles)), OTHER_ROLES if found else FIRST_ROLES)
    made: dict[str, Any] = {"key": key, "name": name, "roles": taken}
    known = {unit["key"]: unit["name"] for unit in answers.get("unit") or []}
    if known:
        say(["", _(N_("The unit of {name} (Enter: none)"), name=name)])
        unit = choose(reader, named(known), optional=True)
        made |= {"unit": unit} if unit else {}
    return made


def _key(reader: Reader, name: str, taken: set[str]) -> str:
    """The key of a unit or officer: proposed from the initials of the name, checked at once."""
    proposed = _initials(name)
    while proposed in taken:
        proposed += "1"
    while True:
        say([_(N_("The short name of {name} for commands (Enter: {key})"), name=name, key=proposed)])
        key = line(reader) or proposed
        if key in taken:
            say([_(N_("'{key}' is taken already."), key=key)])
            continue
        try:
            office_file.officer_of({"key": key, "name": name, "roles": []}, set())
        except DisclosureError as fault:
            say(case_text.fault_lines(fault))
            continue
        return key


def _initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return re.sub(r"[^a-z0-9]", "", letters)[:12] or "a"


def _say_missing(officers: list[dict[str, Any]]) -> None:
    """Roles that nobody has; the procedure stops where they are needed."""
    have = {role for one in officers for role in one["roles"]}
    lacking = [role for role in EXPECTED if role not in have]
    if lacking:
        roles = listed(word("role", role) for role in lacking)
        say(
            [
                _(
                    N_(
                        "Nobody has these roles yet: {roles}. Add somebody later with: disclosure officer add"
                    ),
                    roles=roles,
                )
            ]
        )
