"""Intake: an application from options, a file or a list, checked, and turned into the first entry of a
case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import caller, dates, names, typed_text
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed
from workflow.base.messages import N_, Remark, listed
from workflow.base.names import Named
from workflow.base.typed_words import resolve
from workflow.casework import given_persons, identity, parties
from workflow.casework.given_persons import PERSONAL
from workflow.law.keys import Channel
from workflow.procedure.transitions import bundled
from workflow.storage import encryption

KNOWN = (
    "channel",
    "name",
    "kind",
    *PERSONAL,
    "request",
    "item",
    "items",
    "form",
    "attach",
    "on",
    "signed_on",
    "confirmed_on",
    "system_on",
    "applicants",
    "agent",
    "contact",
)
DAYS = ("on", "signed_on", "confirmed_on", "system_on")
# Fields by which the day of arrival may be given; the rule of the channel says what follows.
ARRIVED = ("on", "signed_on", "system_on", "confirmed_on")
# All of these name the day of arrival: if two are given, they have to agree.
SAME_DAY = ("on", "signed_on", "system_on")
# Applications in person and by post must be accepted, whether these channels are published or not.
ALWAYS_OPEN = (Channel.IN_PERSON, Channel.POST, Channel.POST_UNSIGNED, Channel.ORAL)
_KNOWN = frozenset(KNOWN)
MOST_ITEMS = 1000
"""Things asked for in one application. House rule."""


@dataclass
class Application:
    """A checked application, before it has a number."""

    channel: str
    name: str
    kind: str
    request: str
    items: list[str]
    personal: dict[str, str] = field(default_factory=dict, repr=False)
    form: str = ""
    attach: list[Path] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)
    # Applicants beside the first, the agent, and who is written to.
    others: list[dict[str, str]] = field(default_factory=list, repr=False)
    agent: dict[str, str] | None = field(default=None, repr=False)
    contact: int | None = None
    # Where it was made of another: what its first entry says of that.
    origin: dict[str, str] = field(default_factory=dict)
    # What the officer should know of what came, in messages with their parameters.
    remarks: list[Remark] = field(default_factory=list)


def read_file(path: Path) -> Application:
    """An application from a TOML or JSON file; attachments are named relative to it."""
    raw = typed_text.read_mapping(path)
    applicant = raw.pop("applicant", {})
    if not isinstance(applicant, dict):
        raise Malformed(N_("'{field}' has to be named values."), field="applicant")
    application = checked({**raw, **applicant})
    application.attach = [beside(path, name) for name in application.attach]
    return application


def beside(path: Path, name: Path) -> Path:
    """A file that a list or an application names: beside it or below. What comes from outside names nothing
    else.
    """
    folder = path.parent.resolve()
    found = (folder / name).resolve()
    if not found.is_relative_to(folder):
        raise Malformed(
            N_("'{name}' does not lie in the folder of {file}."),
            field="attach",
            name=str(name),
            file=path.name,
            way_on=N_("Put the file beside it, or attach it by hand: disclosure attach"),
        )
    caller.brought(str(found))
    return found


def checked(raw: dict[str, Any]) -> Application:
    """An Application from plain values; Malformed names the first field that is wrong and what it may be."""
    given = _given(raw)
    name = given_persons.line(given["name"], "name")
    request, items = _asked_for(given)
    remarks: list[Remark] = []
    if "id_number" in given:
        looked = identity.look(given["id_number"], str(given.get("id_type", "")))
        given["id_number"], remarks = looked.number, [*looked.remarks]
    personal = {key: given_persons.line(given[key], key) for key in PERSONAL if given.get(key)}
    remarks += given_persons.unreachable(personal)
    others, told = given_persons.several(given.get("applicants"), applicant_kind)
    agent, more = given_persons.agent(given.get("agent"), applicant_kind)
    days = {key: _day(given[key], key) for key in DAYS if key in given}
    channel = channel_of(given["channel"])
    _agree(days, channel)
    return Application(
        channel=channel,
        name=name,
        kind=applicant_kind(given.get("kind", "natural_person")),
        request=request,
        items=items or [request],
        personal=personal,
        form=given_persons.line(given.get("form", ""), "form"),
        attach=[
            Path(given_persons.line(str(one), "attach"))
            for one in _several(given.get("attach", []), "attach")
        ],
        days=days,
        others=others,
        agent=agent,
        contact=given_persons.contact(given.get("contact"), 1 + len(others), agent is not None),
        remarks=[*remarks, *told, *more],
    )


def _given(raw: dict[str, Any]) -> dict[str, Any]:
    """The entries that say something; Malformed for one that there is not, or without name and channel."""
    if not raw.keys() <= _KNOWN:
        name = next(name for name in raw if name not in _KNOWN)
        raise Malformed(
            N_("An application has no entry '{name}'."),
            field=name,
            name=name,
            way_on=N_("Entries are: {names}"),
            names=listed(KNOWN),
        )
    given = {name: value for name, value in raw.items() if value or value not in (None, "", [], ())}
    for name in ("name", "channel"):
        if not str(given.get(name, "")).strip():
            raise Malformed(
                N_("The application needs: {what}."), field=name, what=Named("column", name, typed=True)
            )
    return given


def _asked_for(given: dict[str, Any]) -> tuple[str, list[str]]:
    """The request as a whole, and its items; Malformed where nothing is asked for."""
    items = [
        typed_text.clean_text(text, "items")
        for text in _several(given.get("items", given.get("item", [])), "items")
    ]
    request = typed_text.clean_text(given.get("request", ""), "request") or "\n".join(items)
    if not request:
        raise Malformed(
            N_("The application does not say what is asked for."),
            rule=bundled().guard_rule("request_named", "", dates.today()),
            field="request",
            way_on=N_("Give --request, or --item for each thing asked for."),
        )
    if len(items) > MOST_ITEMS or any(not text for text in items):
        raise Malformed(
            N_("An application has 1 to {most} items, none of them empty."),
            field="items",
            most=MOST_ITEMS,
            way_on=N_("Take what belongs together as one item, and add the applicant's own list: --attach"),
        )
    return request, items


def _agree(days: dict[str, date], channel: str) -> None:
    """An arrival has one day; a later registration by the organ does not change it."""
    arrived = [name for name in SAME_DAY if name in days]
    for name in arrived[1:]:
        if days[name] != days[arrived[0]]:
            raise Malformed(
                N_("Two different days of arrival are given: {first} and {second}."),
                field=name,
                rule=_receipt_rule(channel, days[arrived[0]]),
                first=days[arrived[0]].isoformat(),
                second=days[name].isoformat(),
                way_on=N_("Give the one on which it arrived, and leave the other out."),
            )


def _receipt_rule(channel: str, day: date) -> str:
    """The provision on the day of receipt; where the Regulations have none, that on the time which runs from
    it.
    """
    tables = law.bundled()
    article = tables.channel(channel, day).article
    ours = article.partition(":")[0] in tables.era_on(day).instruments
    return article if ours else tables.value("reply.limit", on=day).article


def _several(value: Any, name: str) -> list[Any]:
    if value == []:
        return []
    if isinstance(value, str | Path):
        return [value]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str | Path) for one in value):
        raise Malformed(N_("'{field}' has to be a list."), field=name)
    return list(value)


def _day(value: Any, name: str) -> date:
    return value if isinstance(value, date) else parse_date(str(value), name)


def channel_of(value: Any) -> str:
    """One of the ways by which an application comes, by code or name."""
    typed = value if isinstance(value, str) else ""
    if typed in law.bundled().tables["channels"]["channel"]:
        return typed
    return resolve(typed, names.both("channel", law.bundled().channels()), "channel")


def applicant_kind(value: Any) -> str:
    """One of the kinds of applicant that the annual report counts, by code or name."""
    return resolve(value if isinstance(value, str) else "", bundled().names["applicant"], "kind")


def payload(
    application: Application, regulations: str, kept: list[dict[str, Any]], rule: dict[str, Any]
) -> dict[str, Any]:
    """The facts of the first entry; personal data still open (see `sealed`)."""
    made: dict[str, Any] = {
        "channel": application.channel,
        "regulations": regulations,
        **rule,
        "applicant": {"name": application.name, "kind": application.kind, **application.personal},
        "request": application.request,
        "items": application.items,
    }
    if application.others:
        made["applicants"] = [dict(one) for one in application.others]
    if application.agent:
        made["agent"] = dict(application.agent)
    if application.contact is not None:
        made["contact"] = application.contact
    made |= application.origin
    if application.form:
        made["form"] = application.form
    if kept:
        made["attachments"] = kept
    days = {name: day.isoformat() for name, day in application.days.items() if name != "on"}
    return {**made, "days": days} if days else made


def sealed(payload: dict[str, Any], key: bytes) -> dict[str, Any]:
    """The facts of the first entry with the personal data of everybody in it sealed."""
    made = {**payload, "applicant": given_persons.sealed(payload["applicant"], key)}
    if "applicants" in payload:
        made["applicants"] = [
            given_persons.sealed(one, key, f"applicants.{place}")
            for place, one in enumerate(payload["applicants"])
        ]
    if "agent" in payload:
        made["agent"] = given_persons.sealed(payload["agent"], key, "agent")
    return made


def marks(application: Application, ring: encryption.Keyring) -> list[parties.Mark]:
    """By what the applicants are found again, in their order."""
    everybody = [{"name": application.name, **application.personal}, *application.others]
    return [parties.mark(one.get("id_number"), one["name"], ring) for one in everybody]
