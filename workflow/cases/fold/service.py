"""Letters on their way: dispatch, service, return, what was made void or signed."""

from __future__ import annotations

from workflow.cases.case import CaseFile, Consultation, Entry, Sending, Voided
from workflow.cases.fold.registry import reacts

# By hand and by another organ the applicant's signature makes the reply; by post and electronically the sending.
SIGNED_CHANNELS = ("hand", "entrusted")


@reacts("dispatch")
def _dispatched(case: CaseFile, entry: Entry) -> None:
    reply = case.reply
    if reply is None:
        return
    again = reply.dispatched is not None
    reply.dispatched, reply.served_by, reply.served = entry.on, entry.payload["served_by"], None
    made = case.letter_of(reply.number)
    if made is not None:
        case.sent[made] = Sending(entry.on, reply.served_by)
    if entry.payload.get("mail"):
        # It waits in the office's own outbox: it is sent when the mail server has taken it (mailed).
        return
    # Sent again after it came back: the first sending has already met the limit.
    if reply.served_by not in SIGNED_CHANNELS and not (again and reply.replied_on):
        reply.replied_on = entry.on


@reacts("serve")
def _served(case: CaseFile, entry: Entry) -> None:
    reply = case.reply
    if reply is None:
        return
    reply.served = entry.on
    if reply.replied_on is None:
        reply.replied_on = entry.on


@reacts("mailed")
def _mailed(case: CaseFile, entry: Entry) -> None:
    letter = entry.payload["letter"]
    case.sent[letter] = Sending(entry.on, "email")
    reply = case.reply
    if reply is not None and case.letter_of(reply.number) == letter and reply.replied_on is None:
        reply.replied_on = entry.on


@reacts("come_back")
def _came_back(case: CaseFile, entry: Entry) -> None:
    made = case.letter_of(case.reply.number) if case.reply else None
    if made in case.sent:
        case.sent[made].returned = entry.on


@reacts("void_reply")
def _reply_voided(case: CaseFile, entry: Entry) -> None:
    reply = case.reply
    assert reply is not None
    case.replies.remove(reply)
    letter = case.letter_of(reply.number)
    case.voided.append(Voided(letter, reply.code, reply.number, entry.on, entry.payload["reasons"]))


@reacts("void_letter")
def _letter_voided(case: CaseFile, entry: Entry) -> None:
    (letter,) = entry.payload["letter"]
    made = next(one for one in case.letters if one["letter"] == letter)
    case.voided.append(Voided(letter, made["code"], made["number"], entry.on, entry.payload["reasons"]))


@reacts("letter_posted")
def _letter_posted(case: CaseFile, entry: Entry) -> None:
    for letter in entry.payload["letter"]:
        case.sent[letter] = Sending(entry.on, "post")


@reacts("letter_arrived")
def _letter_arrived(case: CaseFile, entry: Entry) -> None:
    codes = {made["letter"]: made["code"] for made in case.letters}
    for letter in entry.payload["letter"]:
        case.sent[letter].arrived = entry.on
        waiting = case.on_its_way(codes[letter])
        if waiting is not None:
            waiting.reached = entry.on
    part = case.part("consultation", int(entry.payload.get("consultation", 0)))
    if isinstance(part, Consultation) and part.state == "sent" and part.delivered is None:
        part.delivered = entry.on


@reacts("letter_returned")
def _letter_returned(case: CaseFile, entry: Entry) -> None:
    for letter in entry.payload["letter"]:
        case.sent[letter].returned = entry.on


@reacts("notice_reached")
def _notice_reached(case: CaseFile, entry: Entry) -> None:
    waiting = case.on_its_way(entry.payload["letter"])
    if waiting is not None:
        waiting.reached = entry.on


@reacts("letter_signed")
def _letter_signed(case: CaseFile, entry: Entry) -> None:
    case.signed.append(entry.payload)


@reacts("letter_made")
def _letter_made(case: CaseFile, entry: Entry) -> None:
    case.letters.append(entry.payload)
