"""By which ways a reply is served, and what proves it: what the law and the office want of each way."""

from __future__ import annotations

from datetime import date

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import persons, ways
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.reply import Reply
from workflow.cases.states import State
from workflow.clocks import periods as clocks_of
from workflow.law.keys import Service
from workflow.law.setting_keys import SettingKey
from workflow.procedure import mail_carriers
from workflow.procedure.registry import guard

# By hand and by another organ the applicant's signature makes the reply; by post and electronically the
# sending.
SIGNED_CHANNELS = (Service.HAND, Service.ENTRUSTED)


# By these ways the sending is not yet the reply.
NOT_BY_SENDING = (*SIGNED_CHANNELS, Service.PUBLICATION)


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
    mail_carriers.require_allowed(case, act.payload, act.on, context.law)


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
