"""Guards on letters that go out, arrive or come back."""

from __future__ import annotations

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context, guard


@guard
def _served_as_written(case: CaseFile, act: Act, context: Context) -> None:
    """A letter written to go out on paper lacks what one that goes out electronically has to say."""
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
    if act.payload.get("served_by") != "email":
        return
    if not context.settings.get("email_service"):
        raise Refused(
            N_("The office has not confirmed e-mail as a way of serving its replies."),
            field="served_by",
            way_on=N_(
                "Serve it by post or by hand, or confirm e-mail: disclosure office set settings.email_service true"
            ),
        )
    if context.settings.get("mail") and not case.applicant.get("email"):
        raise Refused(
            N_("The applicant {name} gave no e-mail address."),
            field="served_by",
            name=case.applicant.get("name", ""),
            way_on=N_(
                "Record it with 'disclosure amend {number} --field email', or serve the reply by post."
            ),
            number=case.number,
        )


@guard
def _letter_in_hand(case: CaseFile, act: Act, _: Context) -> None:
    here = {made["letter"] for made in case.in_hand()}
    named = act.payload.get("letter", ())
    arrived = {notice.letter for notice in case.notices if notice.reached is not None}
    for letter in named:
        # What went out once is not void, even if it came back.
        if letter not in here or (act.event == "void_letter" and letter in case.sent):
            raise Refused(
                N_("The letter no. {id} is not here any more: it was sent, or made void."),
                field="letter",
                id=letter,
                way_on=N_("See the letters with: disclosure letters {number}"),
                number=case.number,
            )
        made = next(one for one in case.letters if one["letter"] == letter)
        if act.event == "void_letter" and made["code"] in arrived:
            raise Refused(
                N_("The notice {letter} has reached the applicant and cannot be made void."),
                field="letter",
                letter=made["code"],
                way_on=N_("Send a new letter that puts it right."),
            )
        if case.reply is not None and made["number"] == case.reply.number:
            raise Refused(
                N_("The letter no. {id} is the reply itself."),
                field="letter",
                id=letter,
                number=case.number,
                way_on=N_(
                    "It is sent with 'disclosure dispatch', and made void with 'disclosure void-reply'."
                ),
            )
    if not named and not here:
        raise Refused(
            N_("There is no letter here that has not gone out."),
            way_on=N_("See the letters with: disclosure letters {number}"),
            number=case.number,
        )


@guard
def _letter_on_its_way(case: CaseFile, act: Act, _: Context) -> None:
    going = {
        letter
        for letter, sent in case.sent.items()
        if sent.by == "post" and not sent.arrived and not sent.returned
    }
    for letter in act.payload.get("letter", ()):
        if letter not in going:
            raise Refused(
                N_("The letter no. {id} is not on its way by post."),
                field="letter",
                id=letter,
                way_on=N_("See the letters with: disclosure letters {number}"),
                number=case.number,
            )
        if act.on < case.sent[letter].on:
            raise Refused(
                N_("{on} lies before {follows}, the day of the act that it follows ({event})."),
                field="on",
                on=act.on,
                follows=case.sent[letter].on,
                event=Named("event", "letter_posted"),
                way_on=N_("Give the right day with --on."),
            )
    if not going:
        raise Refused(
            N_("No letter is on its way by post."),
            way_on=N_("See the letters with: disclosure letters {number}"),
            number=case.number,
        )


@guard
def _notice_known(case: CaseFile, act: Act, _: Context) -> None:
    notice = case.on_its_way(act.payload["letter"])
    if notice is None:
        raise Refused(
            N_("No notice {letter} is on its way."),
            field="letter",
            letter=act.payload["letter"],
            way_on=N_("See what was sent with: disclosure show {number}"),
            number=case.number,
        )
    if act.on < notice.sent:
        raise Refused(
            N_("{on} lies before {follows}, the day on which the notice {letter} was sent."),
            field="on",
            on=act.on,
            follows=notice.sent,
            letter=act.payload["letter"],
            way_on=N_("Give the right day with --on."),
        )
