"""Letters that a second person approves before they go out."""

from __future__ import annotations

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.letter_life import Life, Stage
from workflow.procedure.registry import guard


@guard
def _letter_to_approve(case: CaseFile, act: Act, _: Context) -> None:
    """It is here, and nobody has approved it."""
    waiting = [life for life in case.lives if life.stage == Stage.MADE and _in_register(life)]
    for letter in act.payload.get("letter", ()):
        if letter not in {life.letter for life in waiting}:
            raise Refused(
                N_("The letter no. {id} does not wait to be approved: it was, or is not here any more."),
                field="letter",
                id=letter,
                way_on=N_("See the letters with: disclosure letters {number}"),
                number=case.number,
            )
    if not waiting:
        raise Refused(
            N_("There is no letter here that has not gone out."),
            way_on=N_("See the letters with: disclosure letters {number}"),
            number=case.number,
        )


def _in_register(life: Life) -> bool:
    return life.letter is not None and life.event != "issue"


@guard
def _another_approves(case: CaseFile, act: Act, context: Context) -> None:
    for letter in act.payload.get("letter", ()):
        life = letter_life.of_letter(case.lives, letter)
        if life is not None and act.actor.stands_for(life.by):
            raise Refused(
                N_("{officer} called for the letter {letter} and cannot also approve it."),
                field="letter",
                officer=context.officer_called(act.actor.key),
                letter=life.code,
                way_on=N_("Let another officer with this role do it."),
            )


@guard
def _approved_first(case: CaseFile, act: Act, context: Context) -> None:
    """Where the office wants a second person's approval nothing of the kind goes out without it."""
    named = act.payload.get("letter", ())
    lives = (
        [case.on_its_way(named)]
        if isinstance(named, str)
        else [letter_life.of_letter(case.lives, letter) for letter in named]
    )
    for life in lives:
        if life is not None and life.stage in (Stage.CALLED, Stage.MADE) and life.code in context.approve:
            raise Refused(
                N_("The letter {letter} is not approved yet; this office wants a second person to do that."),
                field="letter",
                letter=life.code,
                way_on=N_("Let an approver do it: disclosure approve-letter {number} --letter {letter}"),
                number=case.number,
            )
