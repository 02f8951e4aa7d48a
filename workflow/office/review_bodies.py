"""What an office file says of the bodies above it: who decides on reconsideration, and the court, against the
rules.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from letters.content import courts
from workflow import law
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import listed as joined

FIELD = "reconsideration"
KEYS = ("name", "online", "role", "because", "from", "until")


def checked(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries [[reconsideration]]; Malformed for one without a name, of an unknown role, or with an
    unknown key.
    """
    roles = law.bundled().tables["organs"]["roles"]
    for entry in entries:
        for key in entry:
            if key not in KEYS:
                raise _fault(N_("An entry of '{field}' has no '{key}'."), key=key)
        if not str(entry.get("name") or "").strip():
            raise _fault(N_("Each entry of '{field}' needs a name."))
        if entry.get("role") and entry["role"] not in roles:
            raise _fault(
                N_("'{role}' is no role; roles are: {roles}"), role=entry["role"], roles=joined(roles)
            )
    return [_dated(entry) for entry in entries]


def _dated(entry: dict[str, Any]) -> dict[str, Any]:
    days = {
        name: parse_date(str(entry[name]), f"{FIELD}.{name}").isoformat()
        for name in ("from", "until")
        if entry.get(name)
    }
    return {**entry, **days}


def _fault(message: str, **params: Any) -> Malformed:
    return Malformed(
        message, field=FIELD, way_on=N_("See docs/office.md and the sample office file."), **params
    )


def require_court(profile: dict[str, Any], on: date) -> None:
    """Malformed where the law of a day leaves a suit to a higher court than the one named, and no rule is
    given.
    """
    wrong = courts.fault(profile, profile["court"], on=on, law=law.bundled())
    if wrong is not None:
        raise Malformed(wrong.message, field="court", rule=wrong.rule, way_on=wrong.way_on, **wrong.params)
