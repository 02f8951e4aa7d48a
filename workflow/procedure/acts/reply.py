"""The reply: issue, dispatch, service and return."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import letter_life, persons, ways
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life, Voided
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.clocks import periods as clocks_of
from workflow.law.keys import Letter, Service, SettingKey
from workflow.procedure import payloads, postal
from workflow.procedure.registry import calls_for, guard, holds, prepares, reacts, tells

# By hand and by another organ the applicant's signature makes the reply; by post and electronically the
# sending.
SIGNED_CHANNELS = (Service.HAND, Service.ENTRUSTED)
# By these ways the sending is not yet the reply.
NOT_BY_SENDING = (*SIGNED_CHANNELS, Service.PUBLICATION)


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


@guard
def _served_as_written(case: CaseFile, act: Act, context: Context) -> None:
    """A letter written for paper lacks what an electronic one has to say."""
    reply, electronic = case.reply, context.process.electronic
    if reply is None or act.payload.get("served_by") not in electronic["ways"]:
        return
    governing = context.law.value("reconsideration.limit", on=reply.issued).instrument
    if governing == electronic["article"].partition(":")[0] and reply.written_for not in electronic["ways"]:
        raise Refused(
            N_(
                "The letter was written to go out on paper; served electronically it would have to name an online way of asking for reconsideration."
            ),
            field="served_by",
            way_on=N_(
                "Serve it by post or by hand. Another time say how it will be served: disclosure issue --served-by email"
            ),
        )


@guard
def _email_confirmed(case: CaseFile, act: Act, context: Context) -> None:
    if act.payload.get("served_by") != Service.EMAIL:
        return
    if not context.setting(SettingKey.EMAIL_SERVICE):
        raise Refused(
            N_("The office has not confirmed e-mail as a way of serving its replies."),
            field="served_by",
            way_on=N_(
                "Serve it by post or by hand, or confirm e-mail: disclosure office set settings.email_service true"
            ),
        )
    if not context.mail and not act.payload.get("sent_at"):
        raise Refused(
            N_("The office names no mail server, so nothing is sent by this."),
            field="sent_at",
            way_on=N_(
                "Send it by other means and say when it left (--sent-at '2026-07-03 10:20'), or name the server: disclosure mail setup"
            ),
        )
    if context.mail and not persons.written_to(case, act.on).facts.get("email"):
        raise Refused(
            N_("The applicant {name} gave no e-mail address."),
            field="served_by",
            name=persons.written_to(case, act.on).facts.get("name", ""),
            way_on=N_(
                "Record it with 'disclosure amend {number} --field email', or serve the reply by post."
            ),
            number=case.number,
        )


@guard
def _by_china_post(case: CaseFile, act: Act, context: Context) -> None:
    """An official document is posted through the postal enterprise; a number belongs to what is posted."""
    number = act.payload.get("tracking")
    if not number:
        return
    if act.payload.get("served_by", Service.POST) != Service.POST:
        raise Refused(
            N_("A tracking number belongs to what goes by post, not by: {way}."),
            field="tracking",
            way=Named("choice", act.payload["served_by"]),
            way_on=N_("Leave --tracking out, or say --served-by post."),
        )
    named = act.payload.get("letter")
    if named is None or any(
        life.number for letter in named if (life := letter_life.of_letter(case.lives, letter)) is not None
    ):
        postal.require_post(number, act.on, context.law)


@guard
def _publication_last(case: CaseFile, act: Act, context: Context) -> None:
    if act.payload.get("served_by") == Service.PUBLICATION and case.state != State.RETURNED:
        raise Refused(
            N_("A letter is served by publication only where it came back or could not be served otherwise."),
            field="served_by",
            way_on=N_("Send it by post or by hand first; where it comes back: disclosure returned {number}"),
            number=case.number,
        )


# How service may come about by each way; what is told later or proved stands beside all of them.
_HOW = {
    Service.POST: ("signed", "recorded"),
    Service.HAND: ("signed", "refused"),
    Service.ENTRUSTED: ("signed", "refused"),
    Service.EMAIL: ("signed", "system"),
    Service.ONLINE: ("signed", "system"),
    Service.PUBLICATION: ("published",),
}
_ANYWAY = ("told_later", "proved")
# Words of a proof that speak of a refusal, not of a signature.
_REFUSED_WORDS = ("拒绝签收", "拒签", "拒收")


@guard
def _served_that_way(case: CaseFile, act: Act, _: Context) -> None:
    reply, how = case.reply, act.payload.get("how")
    if reply is None or reply.served_by is None or how in _ANYWAY:
        return
    if how is None:
        _not_refused(case.number, reply, act)
        return
    known = _HOW[Service(reply.served_by)]
    if how not in known:
        raise Refused(
            N_("The letter went out by: {way}. It is not served so: {how}."),
            field="how",
            way=Named("choice", reply.served_by),
            how=Named("choice", how),
            way_on=N_("What fits: {known}. If the way was entered wrongly, correct the record."),
            known=Named("choice", *known, *_ANYWAY, typed=True),
        )


def _not_refused(number: str, reply: Reply, act: Act) -> None:
    """Left to the way of service the letter counts as signed for: what says otherwise is asked about."""
    if not any(word in act.payload.get("proof", "") for word in _REFUSED_WORDS):
        return
    by_hand = reply.served_by in SIGNED_CHANNELS
    raise Refused(
        N_("The proof says that the signature was refused; without --how it would count as signed for."),
        field="how",
        way_on=N_("Refused: --how refused --witnesses '…' --left-at '…'. Signed for after all: --how signed")
        if by_hand
        else N_("Came back: disclosure returned {number}. Signed for after all: --how signed"),
        number=number,
    )


@guard
def _refusal_witnessed(case: CaseFile, act: Act, _: Context) -> None:
    if act.payload.get("how") == "refused" and not act.payload.get("witnesses"):
        raise Refused(
            N_("That the signature was refused is proved by witnesses, or by photographs or video."),
            field="witnesses",
            way_on=N_("Name them: --witnesses '张三（某村村民委员会）', and where it was left: --left-at"),
        )


@guard
def _publication_over(case: CaseFile, act: Act, context: Context) -> None:
    """Served by publication is who did not come for the letter by the end of its period."""
    reply = case.reply
    way = ways.reached_how(reply.served_by if reply else None, act.payload.get("how"))
    if way != "published":
        return
    begun = act.payload.get("published_on")
    if begun is None:
        raise Refused(
            N_("Served by publication: say on which day it was published."),
            field="published_on",
            way_on=N_("Give it with --published-on DATE"),
        )
    first = date.fromisoformat(begun)
    if not context.law.knows("service.publication", first):
        return
    rule = context.law.value("service.publication", first)
    last = clocks_of.natural_end(first, rule.value, rule.unit)
    if act.on <= last:
        raise Refused(
            N_("The publication of {first} runs until {last}; {on} is not after it."),
            rule=rule.article,
            field="on",
            first=first,
            last=last,
            on=act.on,
            way_on=N_("Record the service on the day after its last one."),
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


@prepares("serve")
def _by_which_text(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the provision by which that way of service starts the time for the remedies, on that day."""
    _on_that_day(payload, "arrived_at", on)
    _after_it_left(payload, case)
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
