"""What comes next, for a person: the usual step first, with the command as it is typed, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, exists, select, union

from workflow.base.messages import N_, listed, pick, translate
from workflow.base.names import article, name
from workflow.base.screen import Column, labelled, table
from workflow.base.text_width import clip
from workflow.cases import persons
from workflow.cases.case import CaseFile, Entry
from workflow.cases.context import Provisions
from workflow.casework import assignment, lookup, no_longer_approved
from workflow.casework.opened import open_row
from workflow.office import who
from workflow.office.seat import Seat
from workflow.office.who import People
from workflow.procedure import act_forms, act_tables
from workflow.procedure.fold import fold
from workflow.procedure.next_steps import Option, offered, options, sorted_out, usual
from workflow.procedure.process import FINAL
from workflow.reports.views import case_screen, case_text, case_views, clock_text
from workflow.storage import ledger
from workflow.storage.tables import TABLES

CASES, REMEDIES, LEDGER = (TABLES[name] for name in ("case_file", "remedy", "ledger"))
# The states in which a case stays, the act that asks for a decision even there, and the one that decides.
OVER, PROPOSED, DECIDES = FINAL["case"], "propose_void", "void_case"
# So many lines say what comes next; --all says the rest.
MOST = 8
CUT = 76
# So many cases are shown of a list that is longer, and so many more are counted.
LISTED, COUNTED = MOST - 2, 20
ASSIGN = "assign"
_ = translate


@dataclass(frozen=True)
class Steps:
    """A case with what may be done on it; in a list, only what comes first."""

    case: CaseFile
    first: list[Option]
    rest: list[Option]
    # Who is proposed for the assignment, by the office's rules.
    proposed: assignment.Proposal | None = None
    # What was recorded, of a case that is looked at by itself.
    entries: list[Entry] = field(default_factory=list)


def of_case(seat: Seat, ref: str, *, everything: bool = False) -> tuple[Steps, People]:
    """What may be done on one case."""
    with seat.store.reading() as connection:
        row = lookup.one(connection, seat.office.id, ref)
        entries = ledger.entries(connection, row.id)
        case = fold(entries, number=row.number)
        people = who.people(connection, seat.office)
        proposed = (
            assignment.propose(seat, connection, case, lambda: seat.case_key(connection, row.id))
            if seat.office.entry("assignment") and case.unit is None
            else None
        )
        found = options(case, seat.officer.actor, seat.context, seat.today(), everything=everything)
        if case.passed:
            opened = open_row(seat, connection, row, None)
            found = no_longer_approved.first_back(seat, connection, opened, found, always=True)
    return Steps(case, *sorted_out(found), proposed, entries), people


def nearest(seat: Seat) -> list[Steps]:
    """The first of `mine`: those that a list shows, and as many more as it counts and one. Cases beyond are
    not opened: there may be thousands.
    """
    return list(islice(mine(seat, LISTED), LISTED + COUNTED + 1))


def mine(seat: Seat, dated: int | None = None) -> Iterator[Steps]:
    """The cases in which the usual step is this officer's to take, those whose time is over first. After so
    many `dated` ones, which are shown, the others are only counted: their steps are without days, and texts
    of the case are not opened, on which no step depends.
    """
    given = 0

    def looked_at() -> bool:
        return dated is None or given < dated

    with seat.store.reading() as connection:
        numbers: dict[int, str] = {}

        def ids() -> Iterator[int]:
            query, given = candidates(seat)
            for row in connection.execution_options(yield_per=ledger.LOT).execute(query, given):
                numbers[row.id] = row.number
                yield row.id

        actor, context, today = seat.officer.actor, seat.context, seat.today()
        for case_id, entries in ledger.of_cases(connection, ids(), looked_at):
            case = fold(entries, number=numbers[case_id])
            found = options(case, actor, context, today, only_usual=True, dated=looked_at())
            first, _rest = sorted_out(found)
            own = [option for option in first if option.mine and option.ready]
            if own:
                given += 1
                yield Steps(case, own, [])


def candidates(seat: Seat) -> tuple[Any, dict[str, Any]]:
    """The cases (id, number) in which it may be this officer's turn, by state and letters, as a query with
    its values; those whose time is over first.
    """
    process, roles = seat.context.process, seat.officer.actor.roles
    states = _states(process, roles)
    decides = any(roles & set(row.roles) for state in OVER for row in process.of("case", DECIDES, state))
    return _query(decides), {
        "office": seat.office.id,
        "going": [state for state in states if state not in OVER],
        "over": [state for state in states if state in OVER],
    }


@cache
def _query(decides: bool) -> Any:
    """The query for who decides on proposals that a case be void, or not: the states are values."""
    office = bindparam("office", type_=CASES.c.office_id.type)
    going = CASES.c.state.in_(bindparam("going", expanding=True))
    own = select(CASES.c.id).where(CASES.c.office_id == office)
    over = own.where(CASES.c.state.in_(bindparam("over", expanding=True)), _over(decides, office))
    # Joined as sets, so that each part has its index: most cases are over.
    meant = union(own.where(going), case_views.with_letters_here(office), over)
    query = select(CASES.c.id, CASES.c.number).where(CASES.c.id.in_(meant.scalar_subquery()))
    return query.order_by(CASES.c.reply_due, CASES.c.id)


def _over(decides: bool, office: Any) -> Any:
    """Of the cases that are over, which are by far the most: those with a remedy, and for who decides on it
    those that somebody proposed to void.
    """
    meant: Any = CASES.c.id.in_(select(REMEDIES.c.case_id).where(REMEDIES.c.office_id == office))
    if decides:
        meant |= exists().where(LEDGER.c.case_id == CASES.c.id, LEDGER.c.event == PROPOSED)
    return meant


def _states(process: Provisions, roles: frozenset[str]) -> list[str]:
    """The states in which the usual step of the case, or of a part of it, may be one of these roles'."""
    parts = any(
        roles & set(row.roles) and act_tables.acts()[row.event].get("usual")
        for row in process.rows
        if row.track != "case"
    )
    return [
        state
        for state in process.states("case")
        if parts
        or any(
            roles & set(row.roles)
            for row in process.from_state("case", state)
            if row.event in usual("case", state) or offered(row.event) == "ready"
        )
    ]


# --- one case


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
    # The heads of the table and the line that tells of the rest take a line each.
    room = MOST - len(said) - 1
    shown = rest if len(rest) <= room else rest[: room - 1]
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
    notes = [_(N_("by you")) if option.mine else case_screen.whose(option, case, people)]
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


# --- all of mine


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
