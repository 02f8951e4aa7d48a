"""Corrections: which recorded value is wrong, what it should be, and the consequences.

A correction is an entry of its own that names the corrected entry, the old value and the new one. The fold
applies it to that entry, so that state, clocks and row come out as if it had been right from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from workflow.base import names, typed_text, typed_words
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_, listed, pick
from workflow.base.names import Named
from workflow.calendar.spoken_days import read_day
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.casework import application, given_persons, identity
from workflow.casework.amendable import target_of, value_of
from workflow.casework.amendment_consequences import Notes
from workflow.casework.opened import Opened
from workflow.law.keys import Service
from workflow.procedure import act_facts, act_forms, act_tables, following, mail_carriers, payloads
from workflow.procedure.fold import effective
from workflow.storage import encryption

EVENT = "amend"


Given = str | list[str]


def as_said(name: str, new: Given, today: date, context: Context) -> Given:
    """The right value; a day that was said as people do (昨天, 3月5日) in the form that is kept."""
    key = _key(name)
    row = act_forms.amendable().get(key)
    if row is None or row["type"] != "date" or isinstance(new, list):
        return new
    return read_day(new, today, context.calendar, key).isoformat()


def _key(name: str) -> str:
    # Most facts are named by their key.
    key = name.strip().replace("-", "_")
    if key in act_forms.amendable():
        return key
    return typed_words.meant(name, names.both("amendable", act_forms.amendable()), "field").replace("-", "_")


def prepare(
    opened: Opened,
    name: str,
    new: Given,
    reason: str,
    no: int | None,
    case_key: Callable[[], bytes],
    context: Context,
    entry: int | None = None,
) -> payloads.Amend:
    """The payload of the correcting entry; refused where there is nothing to correct or nothing changes."""
    table = act_forms.amendable()
    key = _key(name)
    if key not in table:
        raise _not_amendable(key, name, table)
    row, no = _of_person(opened, table[key], no)
    target = target_of(opened, row["event"].split("|"), no, name, entry)
    value = _new(key, row, new)
    old = value_of(target, row["path"])
    sealed = bool(row.get("sealed"))
    if value == (encryption.open_(case_key(), row["path"], old) if sealed and old else old):
        raise Refused(
            N_("'{name}' is recorded as {value} already."),
            rule="house:amend",
            field="to",
            name=Named("amendable", key),
            value=value if isinstance(value, str | int) else listed(map(str, value)),
            way_on=N_("There is nothing to correct."),
        )
    _require_kept(opened.case, key, target, old, value)
    if row["path"] == "tracking":
        # As at the posting itself: by a correction no courier comes to carry an official document either.
        mail_carriers.require_allowed(
            opened.case, {**target.payload, "tracking": value}, target.on, context.law
        )
    if sealed:
        value = encryption.seal(case_key(), row["path"], value)
    follows = [
        *_with_it(key, target, old, value, context),
        *following.changes(effective(opened.entries), target, row["path"], value, context),
    ]
    changes = [(row["path"], old, value), *follows]
    return payloads.Amend(
        field=key,
        reasons=typed_text.required_text(reason, "reason"),
        changes=[
            {"entry": target.n, "event": target.event, "path": path, "old": before, "new": after}
            for path, before, after in changes
        ],
    )


def _of_person(opened: Opened, row: dict[str, Any], no: int | None) -> tuple[dict[str, Any], int | None]:
    """Of several applicants the one of this number: where the value stands, and no number of a part more."""
    case = opened.case
    added = {entry.payload["no"] for entry in effective(opened.entries) if entry.event == "add_applicant"}
    whose, _, name = row["path"].partition(".")
    if whose == "agent" and case.agent is None:
        raise NotFound(
            N_("{number} has no agent."),
            field="field",
            number=case.number,
            way_on=N_("Record one: disclosure appoint-agent {number} --name NAME"),
        )
    if whose != "applicant":
        return row, no
    row = {**row, "event": "receive"}
    if no is None:
        return row, no
    found = next((one for one in persons.applicants(case) if one.no == no), None)
    if found is None:
        raise NotFound(
            N_("{number} has nobody of number {no}; there are applicants 1 to {count}."),
            field="no",
            number=case.number,
            no=no,
            count=len(persons.applicants(case)),
            way_on=N_("See who applies with: disclosure show {number}"),
        )
    row["path"] = f"{found.place}.{name}"
    # Who was added after the receipt stands in the act that added him, under his number.
    return ({**row, "event": "add_applicant"}, no) if no in added else (row, None)


def _not_amendable(key: str, name: str, table: dict[str, Any]) -> NotFound:
    """What cannot be corrected so, with the reason where the table of its act has one."""
    why = act_tables.fixed(key)
    if why is not None:
        return NotFound(
            N_("'{name}' is not corrected this way: {why}."),
            field="field",
            name=name,
            why=pick(why["zh"], why["en"]),
            way_on=N_("See what can be corrected of this case: disclosure amend CASE --list"),
        )
    named = [one for one in table if "." not in one]
    return NotFound(
        N_("'{name}' cannot be corrected this way."),
        field="field",
        name=name,
        way_on=N_("What can be corrected: {names}; and every fact of an act: disclosure amend CASE --list"),
        names=Named("amendable", *named, typed=True),
    )


def _new(key: str, row: dict[str, Any], new: Given) -> Any:
    given = new if isinstance(new, list) else [new]
    if row.get("many"):
        return [_one(key, row, text) for text in given]
    if len(given) != 1:
        raise Malformed(N_("'{field}' has one value; give --to once."), field=key)
    return _one(key, row, given[0])


def _one(key: str, row: dict[str, Any], new: str) -> Any:
    choice = tuple(row.get("choice", ()))
    value: Any = act_facts.one(act_forms.Field(key, row["type"], row["zh"], row["en"], choice=choice), new)
    if row["type"] == "applicant_kind":
        return application.applicant_kind(value)
    if row["type"] == "channel":
        return application.channel_of(value)
    if _is_identity(row):
        looked = identity.look(value)
        if not looked.number:
            text, params = looked.remarks[0]
            raise Malformed(text, field=key, **params)
        value = looked.number
    if row["type"] == "text":
        value = typed_text.required_text(value, key)
        if "." not in key and key not in _OF_SEVERAL_LINES and any(char in value for char in "\n\t"):
            raise Malformed(N_("'{field}' has to be text on one line."), field=key)
    return value


def _is_identity(row: dict[str, Any]) -> bool:
    return str(row["path"]).endswith(".id_number")


def doubts(name: str, new: Given) -> Notes:
    """What is wrong with the right value as it was typed, which is recorded even so: as at the receipt."""
    row = act_forms.amendable()[_key(name)]
    if isinstance(new, list):
        return []
    if _is_identity(row):
        return list(identity.look(new).remarks)
    return given_persons.unreachable({"email": new} if row["path"].rpartition(".")[2] == "email" else {})


# What an applicant may write in several lines.
_OF_SEVERAL_LINES = ("request", "items")


def _require_kept(case: CaseFile, key: str, target: Entry, old: Any, value: Any) -> None:
    """Refused where other entries speak of what would be gone: an item by its number, mail by its way."""
    if key in ("items", "correct.items") and len(value) != len(old or ()):
        raise Malformed(
            N_("The request has {n} items; a correction of the record leaves their number as it is."),
            field="to",
            n=len(old or ()),
            way_on=N_("Give --to once for each item, in their order."),
        )
    if key == "dispatch.served_by" and (target.payload.get("mail") or value == Service.EMAIL):
        raise Refused(
            N_("What went out by e-mail is told by the mail server's word: its way is not corrected."),
            rule="house:email",
            field="field",
            way_on=N_("See what became of it: disclosure mail list"),
        )


def _with_it(key: str, target: Entry, old: Any, value: Any, context: Context) -> list[tuple[str, Any, Any]]:
    """What is right only together with the corrected value: path, old value, new value."""
    if key == "received_on" and target.event == "receive":
        # The day of receipt decides which Regulations govern the application.
        before, after = target.payload["regulations"], context.law.regulations(date.fromisoformat(value))
        return [("regulations", before, after)] if before != after else []
    if key == "channel":
        # By which rule that day is the day of receipt.
        rule = context.law.channel(value, target.on)
        facts = {"article": rule.article, "status": rule.status}
        return [
            (name, target.payload.get(name), fact)
            for name, fact in facts.items()
            if target.payload.get(name) != fact
        ]
    if key == "items" and target.payload["request"] in ("\n".join(old), old[0] if len(old) == 1 else None):
        return [("request", target.payload["request"], "\n".join(value))]
    if key == "request" and target.payload["items"] == [old]:
        return [("items", [old], [value])]
    if key == "request" and len(target.payload["items"]) > 1:
        raise Malformed(
            N_("The request has {n} items; as a whole it cannot be corrected."),
            field="field",
            n=len(target.payload["items"]),
            way_on=N_("Correct them one by one: disclosure amend {number} --field items --to ... --to ..."),
            number="CASE",
        )
    return []
