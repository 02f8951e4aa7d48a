"""The office as its entries tell it: profile, officers, deputies, logins, wording, batches for the post; at
each moment of its record, so that every act can be asked whether its officer might do it then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from workflow.base.caller import SYSTEM as BY_ITSELF
from workflow.cases.context import Actor, Context
from workflow.cases.entry import Known
from workflow.office import profile_changes
from workflow.office.profile import Office
from workflow.office.seat import FOR_ANOTHER
from workflow.storage import case_entries


@dataclass(frozen=True)
class Then:
    """Who acted in an entry, and under which settings of the office; no actor where nobody of that name
    could."""

    actor: Actor | None
    office: Office
    context: Context
    # Why there is no actor: 'stopped', 'unknown', 'no_deputy'.
    why: str = ""


@dataclass
class Told:
    """What the entries of the office itself tell, taken in one after the other."""

    office: Office
    notices: tuple[Any, ...] = ()
    profile: dict[str, Any] = field(default_factory=dict)
    officers: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Wordings that were accepted: digest, and by whom.
    wordings: list[tuple[str, str]] = field(default_factory=list)
    deputies: list[dict[str, Any]] = field(default_factory=list)
    # Logins that wait for a second person, by officer: login, by whom, when.
    proposed: dict[str, tuple[str, str]] = field(default_factory=dict)
    # Batches for the post by their number, in the order in which they were made.
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Every profile that was in force, the newest last.
    profiles: list[Office] = field(default_factory=list)
    _contexts: dict[int, Context] = field(default_factory=dict)

    def take(self, row: Any, payload: dict[str, Any]) -> None:
        """Take in an entry of the office itself; one that changes none of this is passed over."""
        match row.event:
            case "office_opened":
                self._in_force(payload["profile"])
                self.officers = {one["key"]: one for one in payload["officers"]}
            case "office_set":
                self._in_force(
                    profile_changes.changed(_copied(self.profile), payload["name"], payload["new"])
                )
            case "officer_set":
                self.officers[payload["key"]] = payload
            case "officer_stopped":
                self.officers[payload["key"]] = {**self.officers.get(payload["key"], {}), "active": False}
            case "wording_accepted":
                self.wordings.append((payload["digest"], row.actor))
            case "posting_made":
                self.batches[payload["batch"]] = {**payload, "made_by": row.actor, "dropped": None}
            case "posting_dropped":
                self.batches.get(payload["batch"], {})["dropped"] = payload["pieces"]
            case event if event.startswith(("login_", "deputy_")):
                self._binding(event, row, payload)

    def _binding(self, event: str, row: Any, payload: dict[str, Any]) -> None:
        match event:
            case "login_proposed":
                self.proposed[payload["officer"]] = (payload["login"], row.actor)
            case "login_bound":
                self.proposed.pop(payload["officer"], None)
                one = self.officers.get(payload["officer"], {})
                self.officers[payload["officer"]] = {**one, "login": payload["login"]}
            case "deputy_appointed":
                self.deputies.append({**payload, "appointed_by": row.actor, "ended_on": None})
            case "deputy_ended":
                for made in self.deputies:
                    if made["officer"] == payload["officer"] and made["until_day"] >= payload["ended_on"]:
                        made["ended_on"] = made["ended_on"] or payload["ended_on"]

    def _in_force(self, profile: dict[str, Any]) -> None:
        self.profile = profile
        self.profiles.append(replace(self.office, profile=profile))

    @property
    def _now(self) -> Office:
        return self.profiles[-1] if self.profiles else self.office

    def context(self) -> Context:
        """Law, calendar and settings as they are at this entry."""
        at = len(self.profiles)
        if at not in self._contexts:
            self._contexts[at] = self._now.context(self.notices)
        return self._contexts[at]

    def then(self, row: Any) -> Then:
        """Who acted in an entry of a case, at this place of the record."""
        known = case_entries.known_of(row)
        office, context = self._now, self.context()
        if row.actor == FOR_ANOTHER.key and (known is None or known.via == BY_ITSELF):
            return Then(FOR_ANOTHER, office, context)
        own = self.officers.get(row.actor)
        acting = self.officers.get(known.acting_for) if known and known.acting_for else own
        if own is None or acting is None:
            return Then(None, office, context, "unknown")
        if not own.get("active", True) or not acting.get("active", True):
            return Then(None, office, context, "stopped")
        if acting is not own and not self._deputy(row.actor, known, row.recorded_at):
            return Then(None, office, context, "no_deputy")
        roles = frozenset(str(acting["roles"]).split("|"))
        return Then(Actor(row.actor, roles, acting.get("unit"), known), office, context)

    def _deputy(self, key: str, known: Known | None, recorded_at: str) -> bool:
        """Whether he had been appointed; the days are China's, so that the evening before is let pass."""
        day = recorded_at[:10]
        after = date.fromordinal(date.fromisoformat(day).toordinal() + 1).isoformat()
        return known is not None and any(
            made["officer"] == known.acting_for
            and made["deputy"] == key
            and made["from_day"] <= after
            and made["until_day"] >= day
            and (made["ended_on"] is None or made["ended_on"] >= day)
            for made in self.deputies
        )


def _copied(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile whose parts may be changed without the one before."""
    return {name: dict(part) if isinstance(part, dict) else part for name, part in profile.items()}
