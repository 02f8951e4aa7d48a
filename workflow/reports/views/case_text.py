"""Results of the desk as lines for a terminal, and as plain data for --json."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from letters.content import kinds
from workflow.base.masking import WHOLE
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import article, name, of_part
from workflow.base.screen import Column, labelled, table
from workflow.base.text_width import clip, width
from workflow.cases import states
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.letter_life import Stage
from workflow.casework.given_persons import PERSONAL
from workflow.casework.opened import Done
from workflow.office.who import People
from workflow.procedure import act_forms
from workflow.procedure.particulars import Missing
from workflow.reports.views import fault_text
from workflow.reports.views.clock_text import (
    WHY,
    clock_json,
    day_text,
    moved_json,
    moved_lines,
    provisionally,
)
from workflow.reports.views.command_names import as_typed

# --- an act


def done_json(done: Done) -> dict[str, Any]:
    """What an act did, as plain data."""
    return {
        "case": done.case.number,
        "event": done.entry.event,
        "state": done.case.state,
        "on": done.entry.on.isoformat(),
        "recorded_at": done.entry.recorded_at,
        "officer": done.entry.actor,
        "article": done.entry.article,
        "version": done.version,
        "entry": {"n": done.entry.n, "seq": done.seq, "hash": done.hash},
        "clocks": [clock_json(clock) for clock in done.clocks],
        "moved": [moved_json(moved) for moved in done.moved],
        "letters": done.letters,
        "notes": [_(text, **params) for text, params in done.notes],
        **({"missing": [one.as_json() for one in done.missing]} if done.missing else {}),
    }


def line_json(made: Sequence[Done]) -> dict[str, Any]:
    """What the acts of one line did: the last, with all of them under `line` where there are several."""
    last = done_json(made[-1])
    return {**last, "line": [done_json(done) for done in made]} if len(made) > 1 else last


def line_lines(made: Sequence[Done], people: People | None = None) -> list[str]:
    """The same for a person, one act after the other; what two of them remark is said once."""
    said: set[str] = set()
    return [line for done in made for line in done_lines(done, said, people)]


def names_people(done: Done) -> bool:
    """Whether an act says which unit or officer has the case."""
    spec = act_forms.specs().get(done.entry.event)
    return spec is not None and any(one.type in ("unit", "officer") for one in spec.fields)


def done_lines(done: Done, said: set[str] | None = None, people: People | None = None) -> list[str]:
    """What an act did, for a person: the step, its provision, the clocks that moved, the letters. Remarks
    that were `said` before are left out, and those of this act added to them.
    """
    lines = [
        f"{done.case.number}  {name('event', done.entry.event)}",
        "  "
        + _(
            N_("{on} · {state} · {article}"),
            on=done.entry.on,
            state=name("state", done.case.state),
            article=article(done.entry.article),
        ),
    ]
    lines += ["  " + line for line in (*_drafted(done), *_given_to(done, people))]
    lines += ["  " + line for line in moved_lines(done)]
    for letter in done.letters:
        lines.append("  " + " ".join(filter(None, (kinds.name_of(letter["code"]), letter.get("number")))))
        lines.append("    " + (letter.get("path") or _(N_("not made yet (disclosure work)"))))
    lines += [
        "  "
        + _(
            N_(
                "The letter {code} waits for a face that has {characters}. Install one (disclosure doctor), then: disclosure work"
            ),
            code=letter["code"],
            characters=letter["waits_for_face"],
        )
        for letter in done.letters
        if letter.get("waits_for_face")
    ]
    notes = dict.fromkeys(as_typed(_(text, **params)) for text, params in done.notes)
    lines += ["  " + _(N_("Note: {text}"), text=text) for text in notes if text not in (said or ())]
    if said is not None:
        said.update(notes)
    return [*lines, *lacking_lines(done)]


def lacking_lines(done: Done) -> list[str]:
    """What the application lacks after an act, and until when that may be asked for."""
    if not done.missing:
        return []
    last = next((one.deadline.due for one in done.clocks if one.rule == "correction.notice"), None)
    return ["  " + line for line in missing_lines(done.missing, last)]


def _drafted(done: Done) -> list[str]:
    """What a draft says now of each item: an outcome is typed by a part of its name, and seen in full."""
    if done.entry.event != "draft":
        return []
    return [
        _(
            N_("item {no}: {outcome}"),
            no=one.no,
            outcome=listed(name("outcome", key) for key in (one.outcome, one.ground) if key),
        )
        for one in done.case.draft.values()
    ]


def _given_to(done: Done, people: People | None) -> list[str]:
    """The unit and the officer to whom the case was given: each may be typed by a part of its name."""
    if people is None or not names_people(done):
        return []
    unit, handler = (done.entry.payload.get(key) for key in ("unit", "handler"))
    told = [
        (N_("unit"), people.unit(unit) if unit else ""),
        (N_("handler"), people.name(handler) if handler else ""),
    ]
    return [labelled(_(what), who) for what, who in told if who]


def missing_lines(missing: Sequence[Missing], last: date | None) -> list[str]:
    """What an application lacks, each with its provision and the ground of a correction; until when that may
    be asked for."""
    lines = []
    for one in missing:
        what = pick(f"{one.who}：{one.label}", f"{one.who}: {one.label}") if one.who else one.label
        lines.append(
            _(
                N_("Missing: {what} [{article}]; ground of a correction: {ground}"),
                what=what,
                article=article(one.article),
                ground=act_forms.choice_name(one.ground),
            )
        )
    if last is not None:
        lines.append(_(N_("A correction can be asked for once, until {last}."), last=last))
    return lines


def letter_state(letter: dict[str, Any]) -> str:
    """What became of a letter, with the day where it has one."""
    days = {
        Stage.VOID: letter["voided_on"],
        Stage.SENT: letter["sent_on"],
        Stage.ARRIVED: letter["arrived_on"],
        Stage.RETURNED: letter["returned_on"],
        Stage.APPROVED: letter["approved_on"],
    }
    if letter["stage"] == Stage.MADE and kinds.get(letter["code"]).to == "file":
        # Nobody waits for its being sent.
        return _(N_("made, for the file"))
    day = days.get(letter["stage"])
    said = name("letter_stage", letter["stage"])
    return f"{said} {day}" if day else said


# --- what comes next


# --- a case


def case_json(case: CaseFile, clocks: list[CaseClock], version: int) -> dict[str, Any]:
    """A case as plain data, personal data masked."""
    from dataclasses import asdict

    plain = asdict(case)
    _without_inner(case, plain)
    plain["applicant"] = masked(case.applicant)
    plain["notices"] = [asdict(one) for one in case.notices]
    plain["sent"] = {letter: asdict(one) for letter, one in case.sent.items()}
    plain["voided"] = [asdict(one) for one in case.voided]
    plain["lives"] = [
        {**one, "stage": str(life.stage)} for one, life in zip(plain["lives"], case.lives, strict=True)
    ]
    plain["others"] = [masked(one) for one in case.others]
    plain["agent"] = masked(case.agent) if case.agent else None
    plain["passed"] = [[one.step, one.by] for one in case.passed]
    plain["draft"] = list(plain["draft"].values())
    plain["clocks"] = [clock_json(clock) for clock in clocks]
    plain["version"] = version
    plain["extension"] = {"on": case.extension[0], "days": case.extension[1]} if case.extension else None
    made: dict[str, Any] = _plain(plain)
    return made


def _without_inner(case: CaseFile, plain: dict[str, Any]) -> None:
    """Omit values that only guards read."""
    from dataclasses import fields

    for one in fields(case):
        if one.metadata.get("inner"):
            del plain[one.name]
    for proposal in plain["proposed"].values():
        proposal.pop("persons", None)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def masked(applicant: dict[str, Any]) -> dict[str, Any]:
    """The applicant without sealed values, of which only their presence is shown."""
    return {key: WHOLE if key in PERSONAL else value for key, value in applicant.items()}


def list_lines(rows: list[dict[str, Any]], today: date) -> list[str]:
    """A list of cases as a table."""
    dues = [_reply_due(row, today) for row in rows]
    header = [
        Column(_(N_("number"))),
        Column(_(N_("state"))),
        Column(_(N_("received")), rank=3),
        # A day with what is said of it is not torn apart.
        Column(_(N_("reply due")), least=max(map(width, dues), default=0)),
        Column(_(N_("applicant")), rank=1, cut=True),
        Column(_(N_("asked for")), rank=2, cut=True, least=16),
    ]
    cells = []
    for row, due in zip(rows, dues, strict=True):
        cells.append(
            [
                row["number"],
                name("state", row["state"]),
                row["received_on"],
                due,
                clip(row["applicant_name"], 20),
                clip(row["request"], 44),
            ]
        )
    return table(header, cells)


def _reply_due(row: dict[str, Any], today: date) -> str:
    due = str(row["reply_due"] or "-")
    if row["reply_provisional"]:
        due += provisionally()
    if row["reply_clock"] in states.GOING and row["reply_due"] and row["reply_due"] < today.isoformat():
        due += pick("（逾期）", " (overdue)")
    return due


def change_lines(changes: list[Any], applied: bool) -> list[str]:
    """Which deadlines move, from what to what, and the days that are the reason."""
    if not changes:
        return [_(N_("No open deadline moves."))]
    lines = []
    for change in changes:
        lines.append(change.number)
        for move in change.moves:
            lines.append(
                f"  {of_part(move.rule, move.ref)}{pick('：', ': ')}{day_text(move.before, move.was_provisional)} → "
                f"{day_text(move.after, move.provisional)}"
            )
        lines += ["    " + _(WHY[kind], day=day, notice=notice) for day, kind, notice in change.why]
    done = (
        N_("{n} cases were written.")
        if applied
        else N_("{n} cases; nothing was written. Write it with: disclosure recompute --apply")
    )
    return [*lines, _(done, n=len(changes))]


fault_json, fault_lines = fault_text.fault_json, fault_text.fault_lines
