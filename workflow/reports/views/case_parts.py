"""The parts of a case, one line each: items, consultations, replies, remedies, files, letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.names import name
from workflow.base.screen import Column, Field, labelled, table
from workflow.cases.case import CaseFile
from workflow.cases.states import State
from workflow.procedure import act_forms
from workflow.reports.views import case_text, facts, facts_beside

_ = translate


def items(case: CaseFile) -> Iterator[str]:
    """What is asked for."""
    """What is asked for."""
    beside = 4
    for number, text in enumerate(case.items, 1):
        yield Field("", text, beside) if len(case.items) == 1 else f"  {number}. {text}"


def consultations(case: CaseFile) -> Iterator[str]:
    """Who was asked, and what came back."""
    """Who was asked, and what came back."""
    for part in case.consultations:
        waits = _(N_("no answer yet")) if part.state == State.SENT else name("state", part.state)
        answer = act_forms.choice_name(part.answer) if part.answer else waits
        yield "  " + _(
            N_("{no}. {kind} {name}: sent {sent}, {answer}"),
            no=part.no,
            kind=name("consultation", part.kind),
            name=part.name,
            sent=part.sent,
            answer=answer,
        )
        if part.reasons:
            yield "     " + labelled(_(N_("reasons")), part.reasons)


def old(case: CaseFile) -> str:
    """Where a case comes from that was taken over: the row, and the number that it had there."""
    found = case.taken_over
    if found is None:
        return ""
    return _(N_("row {row}, number {reference}"), row=found.row, reference=found.reference or "-")


def replies(case: CaseFile) -> Iterator[str]:
    """The replies that were issued."""
    """The replies that were issued."""
    for reply in case.replies:
        yield "  " + _(
            N_("{number}, {outcome}: issued {issued}, sent {dispatched}, served {served}"),
            number=reply.number or "-",
            outcome=name("outcome", reply.outcome),
            issued=reply.issued,
            dispatched=facts.day(reply.dispatched),
            served=facts.day(reply.served),
        )


def remedies(case: CaseFile) -> Iterator[str]:
    """Reconsiderations and suits."""
    """Reconsiderations and suits."""
    for part in case.remedies:
        outcome = act_forms.choice_name(part.outcome) if part.outcome else name("state", part.state)
        yield "  " + _(
            N_("{no}. {kind}, {body}: received {received}, {outcome}"),
            no=part.no,
            kind=name("remedy", part.kind),
            body=part.body,
            received=part.received,
            outcome=outcome,
        )


def files(case: CaseFile) -> Iterator[str]:
    """The files that were taken in."""
    """The files that were taken in."""
    for file in case.attachments:
        yield "  " + _(N_("{name} ({size} bytes)"), name=file["name"], size=f"{file['size']:,}")


def letter_lines(letters: list[dict[str, Any]]) -> list[str]:
    """The letters of a case with what became of each."""
    columns = [
        Column(_(N_("letter no.")), number=True),
        Column(_(N_("letter")), least=20),
        Column(_(N_("document number")), rank=2),
        Column(_(N_("date")), rank=1),
        Column(_(N_("state")), least=14),
    ]
    return table(
        columns,
        [
            [
                str(one["id"]),
                facts_beside.letter_name(one["code"]),
                one["number"] or "-",
                str(one["dated"]),
                case_text.letter_state(one),
            ]
            for one in letters
        ],
    )
