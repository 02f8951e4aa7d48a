"""The data of an act's letter: what it is composed of, sealed when stored."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from letters.check import citations
from letters.content import compose as composing
from letters.content.letter_content import Content
from letters.fonts import coverage
from workflow.base import nested
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import letter_life, organ_clocks, persons
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.cases.relations import PassedOn
from workflow.cases.states import State
from workflow.casework import given_persons, letter_history, wording_in_force
from workflow.law.keys import Letter
from workflow.office.seat import Seat
from workflow.procedure import act_tables, registry
from workflow.storage import encryption
from workflow.storage.entry_hash import canonical

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FIELD = "letter.content"
# What a letter's keys, numbers and marks are written with.
_PLAIN = "".join(map(chr, range(ord(" "), ord("~") + 1)))


def wanted(code: str, case: CaseFile, entry: Entry, context: Context) -> bool:
    """Whether this act really calls for the letter: it does, unless the module of the act says otherwise."""
    calling = registry.CALLINGS.get(code)
    return calling is None or calling(case, entry, context)


def compose(
    desk: Seat,
    connection: Connection,
    key: bytes,
    case: CaseFile,
    code: str,
    number: str | None,
    entry: Entry,
    made: list[CaseClock],
) -> Content:
    """The content of an act's letter."""
    if entry.event != "issue":
        # A reply is asked all the rules of the check (checking.require); notices and consultations this one.
        citations.require_articles(
            entry.payload, desk.context.law, organ_clocks.law_day(case, desk.context), entry.on
        )
    words, override = wording_in_force.words(connection, desk.office.id)
    plain = data(desk, case, number, entry, made, key)
    return override.over(composing.letter(code, plain, desk.context.law, words=words))


def row(key: bytes, code: str, number: str | None, entry: Entry, content: Content) -> dict[str, Any]:
    """The row of the letter that belongs to an act: code, number, date, and what it says, sealed."""
    sealed = encryption.seal(key, FIELD, canonical(content))
    return {"code": code, "number": number, "dated": entry.on, "content": sealed}


def faceless(content: Content) -> str:
    """The characters of a letter that no typeface has, for display; '' where there are none."""
    # Few letters have such a character: only of one that has is looked at how all of it is written down.
    if not coverage.uncovered({*nested.texts(content), _PLAIN}):
        return ""
    return "、".join(f"{char} (U+{ord(char):04X})" for char in coverage.uncovered([canonical(content)]))


def require_faces(content: Content) -> None:
    """Refused where no face has a character: a reply takes its number only when it can be set. (A notice that
    cannot is put down and waits for a face.)"""
    missing = faceless(content)
    if missing:
        raise Refused(
            N_("No face has the character {characters}: the letter would go out with a blank."),
            field="fonts",
            characters=missing,
            way_on=N_(
                "Install a face that has it (disclosure doctor), or correct the name as the applicant agrees: disclosure amend {number}"
            ),
            number=content["data"]["case"],
        )


def opened(content: str, key: bytes) -> Content:
    """The content of a letter, unsealed."""
    plain: Content = json.loads(encryption.open_(key, FIELD, content))
    return plain


def data(
    desk: Seat, case: CaseFile, number: str | None, entry: Entry, made: list[CaseClock], key: bytes
) -> dict[str, Any]:
    """Plain data for the composition (dates as ISO text), the applicant's address included, his number
    not.
    """
    return whole(text(desk, case, entry, made, key), entry.on, number)


def whole(text: str, on: date, number: str | None) -> dict[str, Any]:
    """The data of such a text, with the day of the letter and its number."""
    return {**json.loads(text), "on": on.isoformat(), "number": number}


def text(desk: Seat, case: CaseFile, entry: Entry, made: list[CaseClock], key: bytes) -> str:
    """The same without the day and the number of the letter, as the one text that it can be written as."""
    due = next((clock.deadline.due for clock in made if clock.rule == "reply.limit"), None)
    plain = {
        "served_by": entry.payload.get("served_by") or way_back(case.channel),
        "office": desk.office.in_letters,
        "case": {
            **_case(case, entry, key),
            "law_day": organ_clocks.law_day(case, desk.context),
            "reply_due": due,
        },
        "after": letter_history.set_aside(case),
        "decision": {"items": _decided(case, entry, made)},
        "consultations": letter_history.consultations(case),
        "extension": _extension(desk, case, entry, due),
        "extra": {
            **({"corrected_on": case.corrected[-1]} if case.corrected else {}),
            **({"paid_on": case.fee_paid} if case.fee_paid else {}),
            **({"lacks": case.correction_lacks} if case.correction_lacks else {}),
            **_told(case, entry),
        },
    }
    return canonical(plain)


def _case(case: CaseFile, entry: Entry, key: bytes) -> dict[str, Any]:
    """The application, who made it, and what was asked of them."""
    # The letter is the applicant's; it goes to whoever is to be written to.
    contact = given_persons.person(persons.written_to(case, entry.on), key)
    applicant = {"name": case.applicant["name"], "kind": case.applicant["kind"]}
    applicant |= {name: contact[name] for name in ("address", "postcode", "email") if name in contact}
    several = [{"name": one.facts["name"], "kind": one.facts["kind"]} for one in persons.applicants(case)]
    joined = [{"number": one.number, "received_on": one.received} for one in case.joined]
    return {
        "number": case.number,
        "received_on": case.received_on,
        "channel": case.channel,
        "regulations": case.regulations,
        "request": case.request,
        "items": [{"no": no, "text": text} for no, text in enumerate(case.items, 1)],
        "applicant": applicant,
        **({"applicants": several, "heading": persons.heading(several)} if case.others else {}),
        **({"joined": joined} if joined else {}),
        **({"passed_on": _passed_on(case.came_from)} if case.came_from and case.came_from.name else {}),
        **({"agent": case.agent["name"]} if case.agent and persons.acts(case, entry.on) else {}),
        "form": case.form,
        "reasons_silent": case.reasons_silent,
        "reasons_asked": case.reasons_asked,
        "reasons_asked_number": letter_history.number_of(case, Letter.REASONS),
    }


def _passed_on(came: PassedOn) -> dict[str, str]:
    """By which organ it was passed on, when and why."""
    return {"by": came.name, "on": came.on.isoformat(), "reasons": came.reasons}


def _extension(desk: Seat, case: CaseFile, entry: Entry, due: date | None) -> dict[str, Any] | None:
    """The extension that the applicant was told of, or is told of now."""
    if not case.extension:
        return None
    told, promised = letter_life.told_on(case.lives, Letter.EXTENSION, case.extension[0]), due
    if entry.event == "extend":
        told, promised = entry.on, _promised(desk, case, entry)
    if not told:
        return None
    return {
        "noticed_on": told,
        "days": case.extension[1],
        "reasons": case.extension_reason,
        "due": promised,
        "from": letter_history.due_before(case, desk.context),
    }


def _promised(desk: Seat, case: CaseFile, entry: Entry) -> date:
    """The day that a notice of extension names: what is left out for consultations still open is not known
    yet.
    """
    settled = copy.copy(case)
    settled.lives = [replace(life, first=entry.on) if life.n == entry.n else life for life in case.lives]
    settled.consultations = [
        replace(part, answered=max(part.sent, entry.on), state=State.ANSWERED)
        if part.state == State.SENT
        else part
        for part in case.consultations
    ]
    return organ_clocks.reply_deadline(settled, desk.context).due


def way_back(channel: str) -> str:
    """How a reply goes out where nothing else was said: by the channel that the application came through."""
    return {"online": "online", "email": "email"}.get(channel, "post")


# --- the decision of a letter that decides


def _decided(case: CaseFile, entry: Entry, made: list[CaseClock]) -> list[dict[str, Any]]:
    """The items as drafted; for an application that ended without a reply, the same end for each item."""
    if entry.event == "issue" and case.reply is not None:
        return case.reply.items
    ending = registry.ENDINGS.get(entry.event)
    if ending is None:
        return []
    outcome, extra = ending(case, entry, made)
    return [
        {"no": no, "outcome": outcome, "ground": None, "extra": extra} for no in range(1, len(case.items) + 1)
    ]


def _told(case: CaseFile, entry: Entry) -> dict[str, Any]:
    """What the letter of this act says besides: the facts that it repeats (`told` in the table of the act),
    and what the module of the act makes of them."""
    names = act_tables.acts().get(entry.event, {}).get("told", ())
    telling = registry.TELLINGS.get(entry.event)
    repeated = {name: entry.payload[name] for name in names if name in entry.payload}
    return {**repeated, **(telling(case, entry) if telling else {})}
