"""What comes next on a case, as lines: the usual step first, then the rest."""

from __future__ import annotations

from datetime import date

from workflow.base import screen, terminal
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import article, name
from workflow.base.screen import Column, labelled, table
from workflow.base.text_width import clip
from workflow.cases import persons
from workflow.cases.case import CaseFile
from workflow.casework import assignment
from workflow.office.who import People
from workflow.procedure import act_forms
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_screen, case_text, clock_text
from workflow.reports.views.steps import ASSIGN, COUNTED, LISTED, MOST, Steps

CUT = 76


def case_lines(steps: Steps, people: People, today: date, *, everything: bool = False) -> list[str]:
    """What comes next on a case: at most MOST lines, unless everything is asked for."""
    case = steps.case
    head = f"{case.number}  {persons.name_of(case)}  {name('state', case.state)}"
    if not steps.first and not steps.rest:
        return [head, _(N_("Nothing is to be done on this case."))]
    said = [head]
    for option in steps.first[: None if everything else 1]:
        said += _step(option, case, people, today, steps.proposed if option.event == ASSIGN else None)
    said += _lacking(steps, everything)
    if not steps.first:
        said.append(_(N_("Nothing is to be done now; what is possible:")))
    rest = [*([] if everything else steps.first[1:]), *steps.rest]
    # What has no table of its own facts is no act of a person, or a command of its own.
    rest = [option for option in rest if option.event in act_forms.specs()]
    if everything:
        return [*said, *(["", *_all(rest, case, people)] if rest else [])]
    # The heads of the table and the line that tells of the rest take a line each; a long command takes more.
    room = MOST - sum(len(screen.lines_of(line, terminal.columns(), False)) for line in said) - 1
    shown = rest if len(rest) <= room else rest[: max(room - 1, 0)]
    said += table(
        _columns(),
        [[_marked(one), needs(one), case_screen.whose(one, case, people), until(one)] for one in shown],
    )
    if len(shown) < len(rest):
        said.append(
            _(N_("{n} more: disclosure next {number} --all"), n=len(rest) - len(shown), number=case.number)
        )
    return said


def _lacking(steps: Steps, everything: bool) -> list[str]:
    """What the application lacks, as long as that can be asked for: line by line, or in one."""
    lacks = next((option for option in (*steps.first, *steps.rest) if option.missing), None)
    if lacks is None:
        return []
    if everything:
        return case_text.missing_lines(lacks.missing, lacks.until)
    told = listed(one.label for one in lacks.missing)
    return [clip(labelled(_(N_("The application lacks")), told), CUT)]


def _columns() -> list[Column]:
    return [
        Column(_(N_("also possible")), cut=True, least=16),
        Column(_(N_("needs")), cut=True, least=14, rank=2),
        Column(_(N_("who")), cut=True, least=10, rank=1),
        Column(_(N_("until")), rank=3),
    ]


def _step(
    option: Option, case: CaseFile, people: People, today: date, proposed: assignment.Proposal | None
) -> list[str]:
    """A usual step: what, by whom, until when; the command, with what is proposed; what is in the way."""
    notes = [case_screen.by_whom(option, case, people)]
    if option.until:
        over = option.until < today
        notes.append(_(N_("was due on {day}") if over else N_("until {day}"), day=until(option)))
    joined = pick("，", ", ").join(notes)
    said = labelled(_(N_("Next")), name("event", option.event))
    filled = {}
    if proposed is not None:
        filled["unit"] = people.unit(proposed.unit)
        filled |= {"handler": people.name(proposed.handler)} if proposed.handler else {}
    command = act_forms.typed(option.event, case.number, option.part, filled)
    if option.letters:
        command = " ".join(("disclosure", _typed_name(option), case.number, needs(option)))
    lines = [pick(f"{said}（{joined}）", f"{said} ({joined})"), f"  {command}"]
    if proposed is not None:
        why = assignment.why(proposed.because, proposed.words, bool(proposed.handler))
        lines.append(f"  {clip(labelled(_(N_('proposed')), why), CUT)}")
    if option.obstacle is not None:
        lines.append(f"  {clip(labelled(_(N_('not yet')), option.obstacle.text), CUT)}")
    return lines


def _typed_name(option: Option) -> str:
    """The word of a step as it is typed: in Chinese its name is its command."""
    return pick(name("event", option.event), option.command)


def _marked(option: Option) -> str:
    """A step by the word that is typed; that something stands in its way is said in words."""
    called = _typed_name(option)
    return called if option.ready else pick(f"{called}（尚不可）", f"{called} (not yet)")


def needs(option: Option) -> str:
    """The options without which a step is not taken."""
    if option.letters:
        return " ".join(f"--letter {one}" for one in option.letters)
    found = [
        field.option for field in act_forms.specs()[option.event].fields if field.need and field.name != "no"
    ]
    return " ".join([*([f"--no {option.part}"] if option.part else []), *found]) or "-"


def until(option: Option) -> str:
    """The last day of a step; whether the next notice may move it."""
    if option.until is None:
        return "-"
    return f"{option.until}{clock_text.provisionally()}" if option.provisional else f"{option.until}"


def _all(found: list[Option], case: CaseFile, people: People) -> list[str]:
    return table(
        [
            Column(_(N_("also possible")), least=12),
            Column(_(N_("needs")), least=10),
            Column(_(N_("who")), least=8),
            Column(_(N_("until")), rank=1),
            Column(_(N_("provision")), rank=3, least=24),
            Column(_(N_("not yet")), rank=2, least=16),
        ],
        [
            [
                _typed_name(one),
                needs(one),
                case_screen.whose(one, case, people),
                until(one),
                article(one.article),
                one.obstacle.text if one.obstacle else "",
            ]
            for one in found
        ],
    )


def list_lines(found: list[Steps], today: date, *, everything: bool = False) -> list[str]:
    """The cases in which it is this officer's turn, one a line."""
    if not found:
        return [_(N_("Nothing waits for you."))]
    shown = found if everything or len(found) <= LISTED else found[:LISTED]
    rows = []
    for steps in shown:
        option = steps.first[0]
        late = option.until is not None and option.until < today
        rows.append(
            [
                steps.case.number,
                _typed_name(option),
                until(option) + (pick("（已过）", " (over)") if late else ""),
                persons.name_of(steps.case),
                " ".join(steps.case.items),
            ]
        )
    columns = [
        Column(_(N_("case"))),
        Column(_(N_("next step")), cut=True, least=14),
        Column(_(N_("until")), least=18),
        Column(_(N_("applicant")), rank=1, cut=True, least=8),
        Column(_(N_("asked for")), rank=2, cut=True, least=16),
    ]
    said = table(columns, rows)
    example = f"disclosure {rows[0][1]} {rows[0][0]}"
    if left := len(found) - len(shown):
        more = N_("{n} more: disclosure next --all; to act: {example}")
        if left > COUNTED:
            more, left = N_("More than {n} others: disclosure next --all; to act: {example}"), COUNTED
        return [*said, _(more, n=left, example=example)]
    return [*said, _(N_("To act, for example: {example}"), example=example)]
