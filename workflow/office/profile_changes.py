"""Changes of an office's profile, entry by entry, as they are typed."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from workflow import law
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.office import office_file, review_bodies
from workflow.office import profile as office
from workflow.office.founding import OFFICES, PRACTICE, as_kept, entry, require_manager
from workflow.office.seat import Seat
from workflow.storage import ledger


def set_profile(seat: Seat, name: str, value: Any) -> dict[str, Any]:
    """Change one entry of the office's profile ('telephone', 'settings.online_receipt' ...); both values are
    kept.
    """
    require_manager(seat)
    with seat.store.writing() as connection:
        # Read it now, in the transaction: another officer's change must not be overwritten unseen.
        ledger.head(connection, seat.office.id, lock=True)
        query = select(OFFICES.c.profile).where(OFFICES.c.id == seat.office.id)
        raw = json.loads(connection.execute(query).scalar_one())
        place, last = _place(raw, name)
        if last == "key" and place is raw:
            raise Refused(N_("The key of an office is never changed."), rule="house:office", field="key")
        if last == PRACTICE and place is raw:
            raise Refused(
                N_("Whether an office is for practice is said when it is founded, and never changed."),
                rule="house:office",
                field=PRACTICE,
            )
        old = place.get(last)
        place[last] = _typed(value, old, name)
        renamed = {**raw, "unit": raw["units"], "local_holiday": raw["local_holidays"]}
        del renamed["units"], renamed["local_holidays"]
        profile, _ = office_file.checked(renamed)
        if last in ("court", "court_because", "kind", "level"):
            review_bodies.require_court(profile, seat.today())
        connection.execute(
            update(OFFICES)
            .where(OFFICES.c.id == seat.office.id)
            .values(profile=as_kept(profile), name=profile["name"])
        )
        entry(
            connection,
            seat.office.id,
            "office_set",
            seat.officer.actor,
            {"name": name, "old": old, "new": place[last]},
        )
    return profile


def _place(profile: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """The place in the profile that a name ('settings.online_receipt') points to, and the last part of the
    name.
    """
    *parents, last = name.replace("-", "_").split(".")
    place = profile
    for key in parents:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise NotFound(N_("The office has no entry '{name}'."), field="name", name=name)
    return place, last


def changed(profile: dict[str, Any], name: str, new: Any) -> dict[str, Any]:
    """The profile after an entry `office_set` of the ledger: as set_profile made it, without new checks."""
    place, last = _place(profile, name)
    place[last] = new
    return {
        **{key: value for key, value in profile.items() if key not in office.TEXTS},
        **office_file.texts(profile),
    }


def _typed(value: str, old: Any, name: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    if (
        name.startswith(("targets.", "alerts."))
        or name in ("mail.port", "mail.timeout")
        or isinstance(old, int)
        or _counts(name)
    ):
        try:
            return int(value)
        except ValueError:
            raise Malformed(N_("'{value}' is not a whole number."), field=name, value=value[:40]) from None
    return value


def _counts(name: str) -> bool:
    """Whether this is a setting whose value is a number."""
    known = {one.id for one in law.bundled().settings() if one.low is not None}
    return name.replace("-", "_").removeprefix("settings.") in known
