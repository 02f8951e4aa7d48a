"""Letters: made, signed, posted, arrived, returned, made void."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from letters.content import kinds
from workflow.base import typed_words
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life, Stage, Voided
from workflow.cases.states import State
from workflow.cases.tracks import Consultation
from workflow.law.keys import Service
from workflow.procedure import act_tables
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


def code_named(case: CaseFile, text: str) -> str:
    """The code of the letter of the case that is meant by its name or a part of it; what was typed, where it
    is no name. Malformed where several are meant."""
    if text.isascii():
        return text
    codes = dict.fromkeys(life.code for life in case.lives)
    return typed_words.meant(text, {code: kinds.get(code).names for code in codes}, "letter")


def letter_named(case: CaseFile, text: str) -> int:
    """A letter of the case by its number in the register, its document number, or (the last one) its code."""
    text = code_named(case, text)
    for life in reversed(case.lives):
        if life.letter is None:
            continue
        if text == str(life.letter) or text == life.number:
            return life.letter
        if text.upper() == life.code.upper() and life.stage != Stage.VOID:
            return life.letter
    raise NotFound(
        N_("The case {number} has no letter '{name}' that was made."),
        field="letter",
        number=case.number,
        name=text[:40],
        way_on=N_(
            "See the letters with: disclosure letters {number}. One that waits is made with: disclosure work"
        ),
    )


@prepares("void_letter", "approve_letter", "letter_posted", "letter_arrived", "letter_returned")
def _letters(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    named = payload["letter"] if isinstance(payload["letter"], list) else [payload["letter"]]
    return {**payload, "letter": sorted({letter_named(case, text) for text in named})}


@prepares("notice_reached")
def _notice(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    return {**payload, "letter": code_named(case, payload["letter"])}


@guard
def _letter_in_hand(case: CaseFile, act: Act, _: Context) -> None:
    here = {
        life.letter: life
        for life in case.lives
        if life.letter is not None and (life.in_hand or _way_unknown(life, act))
    }
    named = act.payload.get("letter", ())
    for letter in named:
        life = letter_life.of_letter(case.lives, letter)
        if act.event == "void_letter" and life is not None and life.arrived is not None:
            raise Refused(
                N_("The notice {letter} has reached the applicant and cannot be made void."),
                field="letter",
                letter=life.code,
                way_on=N_("Send a new letter that puts it right."),
            )
        # A letter that was sent once is not void, even if it came back.
        if letter not in here or (act.event == "void_letter" and here[letter].sending is not None):
            raise Refused(
                N_("The letter no. {id} is not here any more: it was sent, or made void."),
                field="letter",
                id=letter,
                way_on=N_("See the letters with: disclosure letters {number}"),
                number=case.number,
            )
        if case.reply is not None and here[letter].number == case.reply.number:
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


def _way_unknown(life: Life, act: Act) -> bool:
    """Whether all that is known of a letter is that it was answered, and how it went may still be told."""
    known = life.void is None and life.sending is None and life.reached is None
    return known and act.event == "letter_posted" and life.answered is not None and act.on <= life.answered


@guard
def _letter_on_its_way(case: CaseFile, act: Act, _: Context) -> None:
    going = {
        life.letter: life.sending.on
        for life in case.lives
        if life.sending is not None
        and not life.waits
        and not life.sending.arrived
        and not life.sending.returned
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
        if act.on < going[letter]:
            raise Refused(
                N_("{on} lies before {follows}, the day of the act that it follows ({event})."),
                field="on",
                on=act.on,
                follows=going[letter],
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
    follows = notice.left_on or notice.on
    if act.on < follows:
        raise Refused(
            N_("{on} lies before {follows}, the day on which the notice {letter} was sent."),
            field="on",
            on=act.on,
            follows=follows,
            letter=act.payload["letter"],
            way_on=N_("Give the right day with --on."),
        )


@guard
def _notice_served(case: CaseFile, act: Act, _: Context) -> None:
    """A period runs against the applicant only from the notice that set it (`notice` in the table of the
    act).
    """
    letter, asked = (act_tables.acts()[act.event]["notice"][cell] for cell in ("letter", "event"))
    if not any(notice.letter == letter and notice.reached for notice in case.notices):
        raise Refused(
            N_(
                "It is not recorded that the notice {letter} ({event}) reached the applicant, so no period ran against him."
            ),
            letter=letter,
            event=Named("event", asked),
            way_on=N_("Record it first: disclosure notice-reached {number} --letter {letter} --on DATE"),
            number=case.number,
        )


def _life(case: CaseFile, letter: int) -> Life:
    found = letter_life.of_letter(case.lives, letter)
    assert found is not None, letter
    return found


@reacts("mailed")
def _mailed(case: CaseFile, entry: Entry[payloads.Mailed]) -> None:
    life = _life(case, entry.payload["letter"])
    letter_life.send(life, entry.on, Service.EMAIL)
    reply = case.reply
    if reply is not None and reply.number == life.number and reply.replied_on is None:
        reply.replied_on = entry.on


@reacts("void_letter")
def _letter_voided(case: CaseFile, entry: Entry[payloads.VoidLetter]) -> None:
    (letter,) = entry.payload["letter"]
    life = _life(case, letter)
    life.void = Voided(letter, life.code, life.number, entry.on, entry.payload["reasons"])
    life.void_n = entry.n
    if entry.payload.get("anew") != "no":
        again = Life(life.code, life.n, life.event, life.on, life.round, life.no)
        again.from_sending, again.by = life.from_sending, life.by
        case.lives.append(again)


@reacts("approve_letter")
def _letter_approved(case: CaseFile, entry: Entry[payloads.ApproveLetter]) -> None:
    for letter in entry.payload["letter"]:
        _life(case, letter).approved = (entry.on, entry.actor)


@reacts("letter_lapsed")
def _letter_lapsed(case: CaseFile, entry: Entry[payloads.LetterLapsed]) -> None:
    for told in entry.payload["letters"]:
        letter_life.lapse(case.lives, told, entry.on, entry.n, entry.payload["reasons"])


@reacts("letter_posted")
def _letter_posted(case: CaseFile, entry: Entry[payloads.LetterPosted]) -> None:
    for letter in entry.payload["letter"]:
        letter_life.send(_life(case, letter), entry.on, entry.payload.get("served_by", Service.POST))


@reacts("letter_arrived")
def _letter_arrived(case: CaseFile, entry: Entry[payloads.LetterArrived]) -> None:
    for letter in entry.payload["letter"]:
        life = _life(case, letter)
        assert life.sending is not None
        life.sending.arrived = entry.on
    part = case.part("consultation", int(entry.payload.get("consultation", 0)))
    if isinstance(part, Consultation) and part.state == State.SENT and part.delivered is None:
        part.delivered = entry.on


@reacts("letter_returned")
def _letter_returned(case: CaseFile, entry: Entry[payloads.LetterReturned]) -> None:
    for letter in entry.payload["letter"]:
        life = _life(case, letter)
        assert life.sending is not None
        life.sending.returned = entry.on


@reacts("notice_reached")
def _notice_reached(case: CaseFile, entry: Entry[payloads.NoticeReached]) -> None:
    waiting = case.on_its_way(entry.payload["letter"])
    if waiting is not None:
        waiting.reached = entry.on


@reacts("letter_signed")
def _letter_signed(case: CaseFile, entry: Entry[payloads.LetterSigned]) -> None:
    case.signed.append(dict(entry.payload))


@reacts("letter_made")
def _letter_made(case: CaseFile, entry: Entry[payloads.LetterMade]) -> None:
    p = entry.payload
    case.letters.append(dict(p))
    letter_life.made(case.lives, p["letter"], p["code"], p["number"], p.get("entry"))
