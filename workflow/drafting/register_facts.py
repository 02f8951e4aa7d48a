"""What the register sheet tells beside the application itself: the stages of Art. 45 (registration, review,
handling, reply, filing), each with its days. A stage that was not reached has no row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from letters.content import chinese
from workflow.base import messages, tables
from workflow.base.names import name
from workflow.cases import letter_life, retention, rulings
from workflow.cases.case import CaseFile
from workflow.cases.reply import Reply
from workflow.cases.tracks import Consultation, Remedy
from workflow.law.keys import Letter
from workflow.procedure import act_forms

TABLE = os.path.join(os.path.dirname(__file__), "register_sheet.toml")


@cache
def _words() -> dict[str, str]:
    found: dict[str, str] = tables.read(TABLE)["words"]
    return found


def _said(key: str, **params: object) -> str:
    return _words()[key].format(**params)


def of_case(case: CaseFile, people: dict[str, str]) -> dict[str, str]:
    """The rows of the sheet by name, in Chinese, whatever the officer reads; empty ones are left out."""
    with messages.speaking("zh_CN"):
        told = {
            "registered": _registered(case, people),
            "correction": _joined(_correction(case)),
            "number_reasons": _joined(_reasons(case)),
            "fee": _joined(_fee(case)),
            "extension": _extension(case),
            "consulted": _lines(map(_consulted, case.consultations)),
            "reviewed": _joined(_reviewed(case, people)),
            "results": _lines(_results(case)),
            "sent": _lines(map(_sent, case.replies)),
            "remedies": _lines(map(_remedy, case.remedies)),
            "filed": _filed(case),
        }
    return {key: text for key, text in told.items() if text}


def _joined(parts: Iterator[str]) -> str:
    return "；".join(parts)


def _lines(parts: Any) -> str:
    return "\n".join(parts)


def _day(value: date) -> str:
    return chinese.day(value)


def _registered(case: CaseFile, people: dict[str, str]) -> str:
    if case.registered is None:
        return ""
    who = people.get(case.registrar or "", case.registrar or "")
    return _said("registered", on=_day(case.registered), who=who)


def _correction(case: CaseFile) -> Iterator[str]:
    if case.correction_asked:
        yield _said("correction_asked", on=_day(case.correction_asked))
    if case.correction_by:
        yield _said("until", on=_day(case.correction_by))
    for day in case.corrected:
        yield _said("corrected", on=_day(day))
    if case.correction_lapsed:
        yield _said("lapsed", on=_day(case.correction_lapsed))


def _reasons(case: CaseFile) -> Iterator[str]:
    if case.reasons_asked:
        yield _said("reasons_asked", on=_day(case.reasons_asked))
    if case.reasons_given:
        yield _said("reasons_given", on=_day(case.reasons_given))
    if case.reasons_silent:
        yield _said("reasons_silent")
    if case.delay_until:
        yield _said("delayed", on=_day(case.delay_until))


def _fee(case: CaseFile) -> Iterator[str]:
    if case.fee_notified:
        yield _said("fee", on=_day(case.fee_notified), amount=case.fee_amount or 0)
    if case.fee_paid:
        yield _said("paid", on=_day(case.fee_paid))
    if case.fee_lapsed:
        yield _said("lapsed", on=_day(case.fee_lapsed))


def _extension(case: CaseFile) -> str:
    if case.extension is None:
        return ""
    on, days = case.extension
    told = letter_life.told_on(case.lives, Letter.EXTENSION, on)
    text = _said("extended", on=_day(on), n=days)
    return f"{text}；{_said('told', on=_day(told)) if told else _said('untold')}"


def _consulted(part: Consultation) -> str:
    text = _said("consulted", kind=name("consultation", part.kind), name=part.name, on=_day(part.sent))
    if part.answered and part.answer:
        return text + _said("answered", on=_day(part.answered), answer=act_forms.choice_name(part.answer))
    return text + _said("no_answer", state=name("state", part.state))


def _reviewed(case: CaseFile, people: dict[str, str]) -> Iterator[str]:
    for one in case.passed:
        yield _said("passed", step=name("state", one.step), who=people.get(one.by, one.by), on=_day(one.on))


def _results(case: CaseFile) -> Iterator[str]:
    """What was answered to each item of each reply; of an application that ended without one, how it did."""
    for reply in case.replies:
        for item in reply.items:
            told = name("outcome", item["outcome"])
            if item.get("ground"):
                told = _said("on_ground", outcome=told, ground=name("outcome", item["ground"]))
            yield told if len(reply.items) == 1 else _said("item", no=item["no"], text=told)
    if case.withdrawn:
        yield _said("withdrawn", on=_day(case.withdrawn))


def _sent(reply: Reply) -> str:
    text = _said("issued", number=reply.number, on=_day(reply.issued))
    if reply.dispatched:
        by = act_forms.choice_name(reply.served_by) if reply.served_by else ""
        text += _said("sent", on=_day(reply.dispatched), by=by)
    return text + (_said("served", on=_day(reply.served)) if reply.served else "")


def _remedy(part: Remedy) -> str:
    reference = _said("reference", text=part.reference) if part.reference else ""
    text = _said("remedy", kind=name("remedy", part.kind), body=part.body, reference=reference)
    text += _said("received", on=_day(part.received))
    if part.decided is None:
        return text + _said("pending")
    result = rulings.one(part.result).name if part.result else act_forms.choice_name(part.outcome or "")
    return text + _said("decided", on=_day(part.decided), result=result)


def _filed(case: CaseFile) -> str:
    if case.filed is None:
        return ""
    until = _day(case.keep_until) if case.keep_until else _said("for_ever")
    kept = _said("kept", kind=retention.name(case.retention), until=until) if case.retention else ""
    return _said("filed", on=_day(case.filed)) + kept
