"""The course of a case up to its reply, in sentences: what was recorded, each with its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.base.names import name
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.tracks import Consultation
from workflow.law.keys import Letter
from workflow.procedure import act_forms
from workflow.reports.papers import sheet
from workflow.reports.papers.contested import Contested


def until_reply(found: Contested) -> list[str]:
    """The steps up to the reply that is contested, by their day; without one up to the day of the notice."""
    case = found.about.case
    last = found.reply.issued if found.reply else found.remedy.received
    told = [one for one in _steps(case) if one[0] <= last]
    return [text for _, text in sorted(told, key=lambda one: one[0])]


def _said(key: str, **params: object) -> str:
    return str(sheet.table()["course"][key]).format(**params)


def _steps(case: CaseFile) -> Iterator[tuple[date, str]]:
    if case.received_on:
        yield (
            case.received_on,
            _said(
                "received",
                on=sheet.day(case.received_on),
                channel=name("channel", case.channel),
                number=case.number,
                request="；".join(" ".join(text.split()) for text in case.items) or case.request,
            ),
        )
    if case.correction_asked:
        yield case.correction_asked, _said("correction_asked", on=sheet.day(case.correction_asked))
    for day in case.corrected:
        yield day, _said("corrected", on=sheet.day(day))
    if case.reasons_asked:
        yield case.reasons_asked, _said("reasons_asked", on=sheet.day(case.reasons_asked))
    if case.fee_notified:
        yield (case.fee_notified, _said("fee", on=sheet.day(case.fee_notified), amount=case.fee_amount or 0))
    if case.fee_paid:
        yield case.fee_paid, _said("paid", on=sheet.day(case.fee_paid))
    if case.extension:
        yield _extended(case, *case.extension)
    for part in case.consultations:
        yield part.sent, _consulted(part)


def _extended(case: CaseFile, on: date, days: int) -> tuple[date, str]:
    told = letter_life.told_on(case.lives, Letter.EXTENSION, on)
    text = _said("extended", on=sheet.day(on), n=days)
    return on, text + (_said("extension_told", on=sheet.day(told)) if told else _said("extension_untold"))


def _consulted(part: Consultation) -> str:
    text = _said("consulted", on=sheet.day(part.sent), kind=name("consultation", part.kind), name=part.name)
    if part.answered and part.answer:
        answer = act_forms.choice_name(part.answer)
        return text + _said("opinion", on=sheet.day(part.answered), answer=answer)
    return text + _said("no_opinion", state=name("state", part.state))
