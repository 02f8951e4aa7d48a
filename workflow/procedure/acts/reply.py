"""The reply: issue, dispatch, service and return."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.cases import letter_life, ways
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life, Voided
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.law.keys import Letter, Service
from workflow.procedure.acts.service_ways import NOT_BY_SENDING, SIGNED_CHANNELS
from workflow.procedure.registry import calls_for, guard, holds, prepares, reacts, tells

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("void_reply")
def _void_reply(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    reply = case.reply
    return {**payload, "number": reply.number, "code": reply.code} if reply is not None else payload


@prepares("dispatch")
def _dispatch(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """An office with a mail server of its own sends the letter itself, after the commit."""
    _on_that_day(payload, "sent_at", on)
    if payload["served_by"] == Service.EMAIL and context.mail:
        return {**payload, "mail": True}
    return payload


def _on_that_day(payload: dict[str, Any], name: str, on: date) -> None:
    """Malformed where a time that is given lies on another day than the act."""
    if name in payload and payload[name][:10] != on.isoformat():
        raise Malformed(
            N_("'{field}' ({at}) does not lie on the day of the act ({on})."),
            field=name,
            at=payload[name],
            on=on,
            way_on=N_("Give the day on which it happened with --on, and its time on that day."),
        )


def _after_it_left(payload: dict[str, Any], case: CaseFile) -> None:
    """Malformed where it is said to have arrived electronically before it left."""
    left = case.reply.sent_at if case.reply else None
    if left and payload.get("arrived_at", left) < left:
        raise Malformed(
            N_("It cannot have arrived ({at}) before it left ({left})."),
            field="arrived_at",
            at=payload["arrived_at"],
            left=left,
            way_on=N_("Look at the receipt of the system; a wrong time of sending is corrected with: amend"),
        )


@guard
def _letter_made(case: CaseFile, act: Act, _: Context) -> None:
    reply = case.reply
    if reply is None or not any(made["number"] == reply.number for made in case.letters):
        raise Refused(N_("The letter has not been made yet."), way_on=N_("Make it now: disclosure work"))
    life = letter_life.of_number(case.lives, reply.number)
    corrected = life.outdated_on if life and case.state == State.ISSUED else None
    # That it had left before the correction is recorded all the same.
    if corrected is not None and act.on >= corrected:
        raise Refused(
            N_("The reply {letter} bears what was corrected on {on}."),
            rule="house:review",
            letter=reply.number,
            on=corrected,
            way_on=N_("Make it void (disclosure void-reply {number}), have it passed and issue it anew."),
            number=case.number,
        )


@calls_for(Letter.PROOF_OF_SERVICE)
def _signed_for(case: CaseFile, entry: Entry, context: Context) -> bool:
    """A proof of service is made only where somebody signs."""
    return entry.payload.get("served_by") in SIGNED_CHANNELS


@tells("dispatch")
def _served_document(case: CaseFile, entry: Entry[payloads.Dispatch]) -> dict[str, Any]:
    reply = case.reply
    return {"served_document": f"{reply.number} 政府信息公开申请答复文书" if reply else ""}


@holds("issue")
def _still_the_reply(case: CaseFile, life: Life) -> bool:
    return case.reply is not None and case.reply.number == life.number


@reacts("issue")
def _issued(case: CaseFile, entry: Entry[payloads.Issue]) -> None:
    p = entry.payload
    case.replies.append(
        Reply(
            round=case.round,
            code=p["code"],
            number=p["number"],
            issued=entry.on,
            items=p["items"],
            outcome=p["outcome"],
            written_for=p.get("served_by"),
        )
    )


@reacts("dispatch")
def _dispatched(case: CaseFile, entry: Entry[payloads.Dispatch]) -> None:
    reply = case.reply
    if reply is None:
        return
    again = reply.dispatched is not None
    reply.system, reply.sent_at = entry.payload.get("system"), entry.payload.get("sent_at")
    reply.dispatched, reply.served_by, reply.served = entry.on, entry.payload["served_by"], None
    life = letter_life.of_number(case.lives, reply.number)
    if life is not None:
        letter_life.send(life, entry.on, reply.served_by, waits=bool(entry.payload.get("mail")))
    if entry.payload.get("mail"):
        # It waits in the office's outbox: sent when the mail server has taken it (mailed).
        return
    # Sent again after it came back: the first sending has already met the limit.
    if reply.served_by not in NOT_BY_SENDING and not (again and reply.replied_on):
        reply.replied_on = entry.on


def _arrival_counts(on: date, context: Context) -> str:
    """By what arrival in a system starts the time for the remedies, or else what service has to prove."""
    found = context.law.start("reconsideration", "system", on)
    return found.article if found else "house:service"


@prepares("serve")
def _by_which_text(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the provision by which that way of service starts the time for the remedies, on that day."""
    _on_that_day(payload, "arrived_at", on)
    _after_it_left(payload, case)
    if payload.get("how") == "system" and "arrived_at" not in payload:
        raise Refused(
            N_("Served by arrival in a system: say when it arrived there."),
            rule=_arrival_counts(on, context),
            field="arrived_at",
            way_on=N_(
                "Give it with --arrived-at '2026-07-03 10:21', as the receipt of the system has it, and that day with --on. Without a receipt of the arrival, but with the applicant's own word: --how signed"
            ),
        )
    how = ways.reached_how(case.reply.served_by if case.reply else None, payload.get("how"))
    system = case.reply.system if case.reply else None
    found = ways.started("reconsideration", how, on, system, context)
    return {**payload, "article": found.article} if found else payload


@reacts("serve")
def _served(case: CaseFile, entry: Entry[payloads.Serve]) -> None:
    reply = case.reply
    if reply is None:
        return
    reply.served, reply.how = entry.on, entry.payload.get("how")
    if reply.replied_on is None:
        reply.replied_on = entry.on
    life = letter_life.of_number(case.lives, reply.number)
    if life is not None:
        life.reached, life.waits = entry.on, False


@reacts("come_back")
def _came_back(case: CaseFile, entry: Entry[payloads.ComeBack]) -> None:
    life = letter_life.of_number(case.lives, case.reply.number) if case.reply else None
    if life is not None and life.sending is not None:
        life.sending.returned, life.waits = entry.on, False


@reacts("void_reply")
def _reply_voided(case: CaseFile, entry: Entry[payloads.VoidReply]) -> None:
    reply = case.reply
    assert reply is not None
    case.replies.remove(reply)
    life = letter_life.of_number(case.lives, reply.number)
    if life is not None:
        life.void = Voided(life.letter, reply.code, reply.number, entry.on, entry.payload["reasons"])
        life.void_n = entry.n
