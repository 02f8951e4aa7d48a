"""What may be done on a case: the usual step first and marked, the rare acts behind "more"."""

from __future__ import annotations

from functools import cache
from typing import Any

from workflow.base import names
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import name
from workflow.base.screen import labelled
from workflow.base.text_width import clip
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.commands.asking import acting, mending, together
from workflow.commands.asking.lines import Reader
from workflow.commands.asking.questions import Back, Choice, choose, say
from workflow.office.who import People
from workflow.procedure import act_forms
from workflow.procedure.act_forms import Spec
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_screen, facts_beside, steps, steps_text
from workflow.reports.views.steps import Steps

MORE = "more"
CUT = 76


def on_case(reader: Reader, desk: Any, number: str, said_as: list[str]) -> None:
    """Act on one case, step after step, until the officer goes back."""
    while True:
        found, people = steps.of_case(desk, number)
        try:
            chosen = _chosen(reader, desk, found, people)
        except Back:
            return
        if chosen is None:
            return
        if isinstance(chosen, str):
            mending.mend(reader, desk, found.case.number, chosen, said_as)
            continue
        acting.act(reader, desk, found.case, *chosen, said_as)


def _chosen(
    reader: Reader, desk: Any, found: Steps, people: People
) -> tuple[Option, list[Spec]] | str | None:
    """The act that the officer chooses, with those that follow on its line, or how he mends what was done;
    None where he leaves the case.
    """
    usual = [one for one in found.first if _possible(one)]
    others = [one for one in found.rest if _possible(one) and not one.aside]
    say(["", *_head(found, usual, people)])
    known = usual + others
    longer = _lines(desk, found.case, usual)
    choices = [
        *_choices(found.case, known, usual, longer),
        Choice(MORE, {"zh": "更多", "en": "more"}, _(N_("rare acts"))),
    ]
    say(["", _(N_("What is to be done? (Enter: {what}; < goes back)"), what=_default(usual))])

    @cache
    def everything() -> Steps:
        return steps.of_case(desk, found.case.number, everything=True)[0]

    def rare() -> list[Option]:
        # Acts of one kind on several parts are one line each.
        every = everything()
        return [one for one in (*every.first, *every.rest) if _possible(one) and one not in known]

    def behind() -> list[Choice]:
        return [*_choices(found.case, rare(), [], {}), *mending.choices()]

    default = choices[0].key if usual else None
    key = choose(reader, choices, default=default, optional=not usual, behind=behind)
    more = key == MORE
    if more:
        say(_obstacles(everything()))
        key = choose(reader, behind(), optional=True)
    if key is None or key in (mending.AMEND, mending.UNDO):
        return key
    if key in longer:
        return longer[key]
    chosen = None if more else _of(known, key)
    return _of(rare(), key) if chosen is None else chosen


def _of(found: list[Option], key: str) -> tuple[Option, list[Spec]] | None:
    """The act of a choice, by itself."""
    return next(((one, []) for one in found if _key(one) == key), None)


def _lines(desk: Any, case: CaseFile, usual: list[Option]) -> dict[str, tuple[Option, list[Spec]]]:
    """The lines of several acts that begin with a usual step, by the key of their choice."""
    return {
        together.choice(one.event, then).key: (one, then)
        for one in usual
        if one.track == together.CASE
        for then in together.lines(desk, case, one.event, one.dest)
    }


def _possible(option: Option) -> bool:
    """Whether this officer may take it now, by a table of its own facts."""
    return option.mine and option.ready and option.event in act_forms.specs()


def _key(option: Option) -> str:
    return f"{option.event} {option.no}" if option.no else option.event


def _choices(
    case: CaseFile, found: list[Option], usual: list[Option], longer: dict[str, tuple[Option, list[Spec]]]
) -> list[Choice]:
    made = []
    for one in found:
        both = names.both("event", [one.event])[one.event]
        part = f" {one.no}" if one.no else ""
        notes = [_(N_("the usual step"))] if usual and one is usual[0] else []
        notes += [_(N_("until {day}"), day=steps_text.until(one))] if one.until else []
        notes += [listed(facts_beside.letter_to(case, said) for said in one.letters)] if one.letters else []
        said = {language: f"{text}{part}" for language, text in both.items()}
        # The word of the command means the act too.
        said["command"] = f"{act_forms.specs()[one.event].command}{part}"
        made.append(Choice(_key(one), said, pick("，", ", ").join(notes)))
        made += [together.choice(one.event, then) for option, then in longer.values() if option is one]
    return made


def _default(usual: list[Option]) -> str:
    return name("event", usual[0].event) if usual else _(N_("go back"))


def _head(found: Steps, usual: list[Option], people: People) -> list[str]:
    """The case: where it stands, what is asked for, what it lacks, and whose turn it is where it is not this
    officer's."""
    case = found.case
    lines = [f"{case.number}  {persons.name_of(case)}  {name('state', case.state)}"]
    lines += [f"  {no}  {clip(text, CUT)}" for no, text in enumerate(case.items, start=1)]
    lines += case_screen.to_judge(case, found.entries, people)
    lacks = next((one for one in (*found.first, *found.rest) if one.missing), None)
    if lacks is not None:
        lines.append(labelled(_(N_("The application lacks")), listed(one.label for one in lacks.missing)))
    for one in [] if usual else found.first[:1]:
        step = name("event", one.event)
        who = case_screen.by_whom(one, case, people)
        lines.append(labelled(_(N_("Next")), pick(f"{step}（{who}）", f"{step} ({who})")))
        if one.obstacle is not None:
            lines.append("  " + labelled(_(N_("not yet")), one.obstacle.text))
    return lines


def _obstacles(found: Steps) -> list[str]:
    """The acts of this officer that something stands in the way of, with what it is."""
    return [
        "  "
        + labelled(
            pick(f"{name('event', one.event)}（尚不可）", f"{name('event', one.event)} (not yet)"),
            one.obstacle.text,
        )
        for one in (*found.first, *found.rest)
        if one.mine and one.obstacle is not None and not one.aside
    ]
