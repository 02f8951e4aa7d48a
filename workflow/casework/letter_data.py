"""From an act to its letter: the data that the letter is composed of, sealed as it is put down."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from letters.check import rules
from letters.content import compose as composing
from letters.content.compose import Content
from letters.fonts import faces
from workflow import clocks
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import clocks as case_clocks
from workflow.cases.case import CaseFile, Consultation, Entry
from workflow.cases.clocks import CaseClock
from workflow.cases.context import Context
from workflow.cases.fold.service import SIGNED_CHANNELS
from workflow.casework import wording_in_force
from workflow.clocks.facts import REFERRAL
from workflow.office.seat import Seat
from workflow.procedure import act_forms
from workflow.storage import encryption
from workflow.storage.ledger import canonical

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FIELD = "letter.content"
PROFILE = ("name", "short", "code", "kind", "level", "address", "postcode", "telephone", "email", "court")


def wanted(code: str, case: CaseFile, entry: Entry, context: Context) -> bool:
    """Whether this act really calls for the letter: a proof of service only where somebody signs, and word that
    time is left out only where it is."""
    if code == "P13":
        return entry.payload.get("served_by") in SIGNED_CHANNELS
    if code == "P8":
        part = case.part("consultation", entry.payload["no"])
        assert isinstance(part, Consultation)
        return clocks.leaves_out(part.kind, case_clocks.law_day(case, context), context.law, context.settings)
    return True


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
    """What the letter that belongs to an act says."""
    if entry.event != "issue":
        # A reply is asked all the rules of the check (checking.require); notices and consultations this one.
        rules.require_articles(
            entry.payload, desk.context.law, case_clocks.law_day(case, desk.context), entry.on
        )
    words, override = wording_in_force.words(connection, desk.office.id)
    plain = data(desk, case, code, number, entry, made, key)
    content = override.over(composing.letter(code, plain, desk.context.law, words=words))
    require_faces(content)
    return content


def row(key: bytes, code: str, number: str | None, entry: Entry, content: Content) -> dict[str, Any]:
    """The row of the letter that belongs to an act: code, number, date, and what it says, sealed."""
    sealed = encryption.seal(key, FIELD, canonical(content))
    return {"code": code, "number": number, "dated": entry.on, "content": sealed}


def require_faces(content: dict[str, Any]) -> None:
    """Refused before anything is written where no face has a character: a letter that cannot be set would hold
    the case for ever."""
    missing = faces.uncovered([canonical(content)])
    if missing:
        raise Refused(
            N_("No face has the character {characters}: the letter would go out with a blank."),
            field="fonts",
            characters="、".join(f"{char} (U+{ord(char):04X})" for char in missing),
            way_on=N_(
                "Install a face that has it (disclosure doctor), or correct the name as the applicant agrees: disclosure amend {number}"
            ),
            number=content["data"]["case"],
        )


def opened(content: str, key: bytes) -> dict[str, Any]:
    """What a letter says, opened."""
    plain: dict[str, Any] = json.loads(encryption.open_(key, FIELD, content))
    return plain


def data(
    desk: Seat, case: CaseFile, code: str, number: str | None, entry: Entry, made: list[CaseClock], key: bytes
) -> dict[str, Any]:
    """Plain data for the composition (dates as ISO text), the applicant's address included, his number not."""
    office, profile = desk.office, desk.office.profile
    due = next(clock for clock in made if clock.rule == "reply.limit").deadline.due
    applicant = {"name": case.applicant["name"], "kind": case.applicant["kind"]}
    for name in ("address", "postcode", "email"):
        if name in case.applicant:
            applicant[name] = encryption.open_(key, f"applicant.{name}", case.applicant[name])
    promised = due if entry.event != "extend" else _promised(desk, case, entry)
    plain = {
        "on": entry.on,
        "number": number,
        "served_by": entry.payload.get("served_by") or way_back(case.channel),
        "office": {
            **{name: profile.get(name, "") for name in PROFILE},
            "short": profile.get("short") or profile["name"],
            "reconsideration": profile.get("reconsideration", []),
            "names": office.names_of_roles(),
            "settings": office.settings,
            "letters": profile.get("letters", {}),
        },
        "case": {
            "number": case.number,
            "received_on": case.received_on,
            "channel": case.channel,
            "regulations": case.regulations,
            "law_day": case_clocks.law_day(case, desk.context),
            "request": case.request,
            "items": [{"no": no, "text": text} for no, text in enumerate(case.items, 1)],
            "applicant": applicant,
            "reply_due": due,
            "form": case.form,
            "reasons_silent": case.reasons_silent,
        },
        "decision": {"items": _decided(case, entry, made)},
        "consultations": [asdict(part) for part in case.consultations if part.state != "recalled"],
        "extension": {
            "noticed_on": case.extension[0],
            "days": case.extension[1],
            "reasons": case.extension_reason,
            "due": promised,
        }
        if case.extension
        else None,
        "extra": {
            **({"corrected_on": case.corrected[-1]} if case.corrected else {}),
            **({"paid_on": case.fee_paid} if case.fee_paid else {}),
            **_EXTRAS.get(entry.event, _nothing)(case, entry),
        },
    }
    result: dict[str, Any] = json.loads(canonical(plain))
    return result


def _promised(desk: Seat, case: CaseFile, entry: Entry) -> Any:
    """The day that a notice of extension names: what is left out for consultations still open is not known yet."""
    settled = copy.deepcopy(case)
    for part in settled.consultations:
        if part.state == "sent":
            part.answered, part.state = max(part.sent, entry.on), "answered"
    return case_clocks.reply_deadline(settled, desk.context).due


def way_back(channel: str) -> str:
    """How a reply goes out where nothing else was said: by the channel that the application came through."""
    return {"online": "online", "email": "email"}.get(channel, "post")


# --- the decision of a letter that decides


def _decided(case: CaseFile, entry: Entry, made: list[CaseClock]) -> list[dict[str, Any]]:
    """The items as drafted; for an application that ended without a reply, the same end for each item."""
    if entry.event == "issue" and case.reply is not None:
        return case.reply.items
    ending = _ENDINGS.get(entry.event)
    if ending is None:
        return []
    outcome, extra = ending(case, entry, made)
    return [
        {"no": no, "outcome": outcome, "ground": None, "extra": extra} for no in range(1, len(case.items) + 1)
    ]


def _due(made: list[CaseClock], rule: str) -> Any:
    return next((clock.deadline.due for clock in made if clock.rule == rule), None)


Ending = Callable[[CaseFile, Entry, list[CaseClock]], tuple[str, dict[str, Any]]]
_ENDINGS: dict[str, Ending] = {
    "lapse_correction": lambda case, entry, made: (
        "lapsed_correction",
        {"correction_asked_on": case.correction_asked, "answer_by": _due(made, "correction.answer")},
    ),
    "lapse_fee": lambda case, entry, made: (
        "lapsed_fee",
        {"fee_notified_on": case.fee_notified, "answer_by": _due(made, "fee.payment")},
    ),
    "withdraw": lambda case, entry, made: (
        "withdrawn",
        {"withdrawn_on": entry.on, "statement": entry.payload["how"]},
    ),
}


# --- what else the letters of single acts say


def _nothing(case: CaseFile, entry: Entry) -> dict[str, Any]:
    return {}


def _given(*names: str) -> Callable[[CaseFile, Entry], dict[str, Any]]:
    return lambda case, entry: {name: entry.payload[name] for name in names if name in entry.payload}


def _consultation(case: CaseFile, entry: Entry) -> dict[str, Any]:
    """To whom it goes and what it is about; the applicant is told of it without the third party's name."""
    part = case.part("consultation", entry.payload["no"])
    assert isinstance(part, Consultation)
    asked = [case.items[no - 1] for no in part.items]
    consulted = "第三方合法权益" if part.kind == "third_party" else part.name
    return {
        # A third party may be a person: nothing says so, and the letter does not call him a body.
        "recipient": {"name": part.name, "kind": "" if part.kind == "third_party" else "other"},
        "information": entry.payload.get("matter") or "；\n".join(asked),
        "consulted": consulted,
        "consulted_on": part.sent,
        "answered_on": part.answered,
        "answer": part.answer,
        **({"referred": 1} if part.kind == REFERRAL else {}),
        **({"answer_by": part.answer_by} if part.answer_by else {}),
        **({"reasons": entry.payload["reasons"]} if "reasons" in entry.payload else {}),
    }


def _fee(case: CaseFile, entry: Entry) -> dict[str, Any]:
    p = entry.payload
    unit = {"by_page": "页", "by_item": "件"}[p["basis"]]
    bands = "；".join(f"第{first}至{last}{unit}，每{unit}{yuan}元" for first, last, yuan in p["bands"])
    standard = f"{acts_name(p['basis'])}计收，共{p['count']}{unit}（{bands}）"
    # The scale's own provision stands beside those by which there is a fee at all.
    return {"amount": p["amount"], "standard": standard, "payment": p["payment"], "scale": p["article"]}


def acts_name(basis: str) -> str:
    """按件 or 按量: letters are in Chinese whatever the officer reads."""
    return str(act_forms.choice_names(basis)["zh"])


def _served_document(case: CaseFile, entry: Entry) -> dict[str, Any]:
    reply = case.reply
    return {"served_document": f"{reply.number} 政府信息公开申请答复文书" if reply else ""}


_EXTRAS: dict[str, Callable[[CaseFile, Entry], dict[str, Any]]] = {
    "ask_correction": _given("matters", "answer_by"),
    "ask_reasons": _given("matters", "answer_by"),
    "consult_third_party": _consultation,
    "consult_co_maker": _consultation,
    "consult_organ": _consultation,
    "refer": _consultation,
    "objection_overruled": _consultation,
    "notify_fee": _fee,
    "delay": lambda case, entry: {"delay_until": entry.payload["until"], "reasons": entry.payload["reasons"]},
    "dispatch": _served_document,
}
