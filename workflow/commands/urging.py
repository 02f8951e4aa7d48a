"""Urging: the office above asks an organ how an application stands, and sees what was answered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, ON, argument, command, desk_of, option
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from workflow.casework.urging import Asked


@command("urge", example="disclosure urge mzj 2026-0001 --question '距答复期限三日，请说明办理情况'")
@argument("organ", required=False)
@argument("number", required=False)
@option("--question", metavar="TEXT", help=N_("What is asked; it names nobody."))
@option("--answer-by", metavar="DATE", help=N_("Until when (default: the office's usual days)."))
@ON
@COMMON
def urge(
    organ: str | None,
    number: str | None,
    question: str | None,
    answer_by: str | None,
    on: str | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.casework import urging

    desk = desk_of(officer, office, db)
    if organ is None:
        found = urging.asked(desk)
        output([vars(one) for one in found], lambda: _table(found, desk.today()), as_json)
        return
    until = legal_day(answer_by, desk, "answer_by") if answer_by else None
    _done, made = urging.ask(desk, organ, number or "", question or "", legal_day(on, desk), until)
    output(
        vars(made),
        lambda: [
            _(
                N_("{organ} was asked about {number} (no. {no}); the answer is due by {day}."),
                organ=made.organ,
                number=made.case,
                no=made.no,
                day=made.answer_by,
            )
        ],
        as_json,
    )


def _table(found: list[Asked], today: date) -> list[str]:
    if not found:
        return [_(N_("Nothing was asked."))]
    lines = []
    for one in found:
        late = f" {_(N_('overdue'))}" if one.overdue(today) else ""
        state = one.answered or f"{one.answer_by}{late}"
        lines.append(f"{one.organ}  {one.case}  {one.no}  {one.on}  {state}  {one.answer or one.question}")
    return lines
