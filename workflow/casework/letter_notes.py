"""What is told of a notice that has its effect only once it is sent: until when, and what follows where it
left too late.
"""

from __future__ import annotations

from letters.content import kinds
from workflow.base.messages import N_, Remark
from workflow.cases import clocks, letter_life, organ_clocks, ways
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.letter_life import Life
from workflow.cases.tracks import Consultation
from workflow.casework.opened import Done
from workflow.procedure import letter_terms

SENDINGS = ("letter_posted", "notice_reached", "mailed")
CORRECTION = "correction.notice"


def of(done: Done, context: Context) -> list[Remark]:
    """What is to be told after an act that called for such a notice, or sent one."""
    made = done.clocks
    if done.entry.event == "dispatch":
        return _no_system(done, context)
    if done.entry.event == "opinion_lapsed":
        return _never_asked(done)
    if done.entry.event in SENDINGS:
        return [note for life in _just_sent(done) for note in _late(done.case, life, context)]
    found = []
    for life in done.case.lives:
        term = letter_terms.of(life, made)
        if life.n != done.entry.n or not life.from_sending or life.left_on or term is None:
            continue
        text = (
            N_(
                "{name} has its effect only once it is sent, by {due} at the latest [{article}]. Record it: disclosure letter-posted {number} --letter {letter}"
            )
            if done.entry.on <= term.deadline.due
            else N_(
                "{name} has its effect only once it is sent [{article}]. Record it: disclosure letter-posted {number} --letter {letter}"
            )
        )
        found.append(
            (
                text,
                {
                    "letter": life.code,
                    "name": kinds.name_of(life.code),
                    "due": term.deadline.due,
                    "rule": term.deadline.article,
                    "article": letter_terms.Cited(term.deadline.article),
                    "number": done.case.number,
                },
            )
        )
    return found


def _no_system(done: Done, context: Context) -> list[Remark]:
    """That the law of the day asks for a system that the applicant named, and none is recorded."""
    reply = done.case.reply
    if reply is None or reply.system or ways.reached_how(reply.served_by, None) != "system":
        return []
    found = context.law.start("reconsideration", "system", done.entry.on)
    if found is None or not found.named:
        return []
    text = N_(
        "No mailbox or account that the applicant named is recorded (--system): the time for the remedies then starts with his knowledge, not with the arrival [{article}]."
    )
    return [(text, {"rule": found.article, "article": letter_terms.Cited(found.article)})]


def _never_asked(done: Done) -> list[Remark]:
    """That silence is recorded of one who, as far as is recorded, was never asked."""
    part = done.case.part("consultation", done.entry.payload["no"])
    if not isinstance(part, Consultation) or not organ_clocks.never_asked(done.case, part):
        return []
    text = N_(
        "It is not recorded that the letter to {name} was ever sent: silence counts only from its receipt [{article}]. Record how it went, or ask again."
    )
    said = {"name": part.name, "rule": done.entry.article, "article": letter_terms.Cited(done.entry.article)}
    return [(text, said)]


def _just_sent(done: Done) -> list[Life]:
    """The letters that the entry tells of, by their numbers in the register or (a notice) by their code."""
    named, lives = done.entry.payload["letter"], done.case.lives
    if isinstance(named, str):
        return [life for life in reversed(lives) if life.code == named and life.reached][:1]
    letters = named if isinstance(named, list) else [named]
    return [life for letter in letters if (life := letter_life.of_letter(lives, letter)) is not None]


def _late(case: CaseFile, life: Life, context: Context) -> list[Remark]:
    """That it left after the last day on which it could have its effect, and what that costs."""
    if not life.from_sending:
        return []
    term = letter_terms.of(life, clocks.all_clocks(letter_terms.as_if_unsent(case, life), context))
    left = life.first or life.left_on
    if term is None or left is None or left <= term.deadline.due:
        return []
    said = {
        "letter": life.code,
        "on": left,
        "due": term.deadline.due,
        "rule": term.deadline.article,
        "article": letter_terms.Cited(term.deadline.article),
    }
    if term.rule == CORRECTION:
        return [(letter_terms.LATE_CORRECTION, said)]
    text = N_(
        "{letter} left on {on}, after the last day for it ({due}): it does not count, and the time for reply is what it was [{article}]. Reply without delay."
    )
    return [(text, said)]
