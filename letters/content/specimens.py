"""Specimen data for any letter of the catalogue, in any era, served in any way: for review, tests and
measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from letters.content import compose, kinds
from letters.content.kind_cells import Kind
from letters.content.letter_content import Content
from workflow import calendar, law
from workflow.base import tables
from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.messages import N_, translate
from workflow.law import Law
from workflow.law.eras import Era
from workflow.law.keys import Letter, Outcome
from workflow.law.row_checks import Checked

TABLE = Path(__file__).with_name("specimens.toml")
ON = date(2026, 5, 20)
"""The day of a specimen when none is asked for."""
_DATED = {
    "P3": ("answer_by", 10),
    "P4": ("answer_by", 10),
    "P11": ("answer_by", 10),
    "P15": ("answer_by", 10),
    "P14": ("delay_until", 40),
}
"""A term that a letter sets, in working days after it."""
_SPLIT = {"D3": "trade_secret"}
_AGES = {
    "P1": 0,
    "P2": 0,
    "P3": 5,
    "P4": 5,
    "P6": 4,
    "P7": 8,
    "P10": 5,
    "P11": 5,
    "P15": 5,
    "P12": 10,
    "lapsed_fee": 29,
}
"""How old the application is on the day of the letter or outcome, in working days; others are answered at the
end of the reply limit, in time."""
_CONSULTED, _ANSWERED = 4, 10
"""When others were consulted and when they answered, in working days after receipt."""
_DEMANDS = {"lapsed_correction": ("correction_asked_on", 5, 15), "lapsed_fee": ("fee_notified_on", 5, 25)}
"""What was asked for in vain: the day on which, and the last day for it, in working days after receipt."""


def received(on: date, code: str = "", outcome: str | None = None) -> date:
    """The day on which the application of such a specimen was received: a working day, and the letter is in
    time.
    """
    age = _AGES.get(outcome or "", _AGES.get(code))
    if age is not None:
        return _worked(on, -age)
    limits = sorted({_limit(_moved(on, -days)) for days in (14, 35)}, reverse=True)
    days = (_worked(on, 1 - limit) for limit in limits)
    return next((day for day in days if _worked(day, _limit(day)) >= on), _worked(on, 1 - limits[-1]))


def _limit(day: date) -> int:
    """The reply limit, in working days, of an application of this day."""
    return int(law.bundled().value("reply.limit", on=day).value)


def _worked(day: date, count: int) -> date:
    """The working day so many after the day (before it, where negative; itself or the one before, where 0).

    Days that no calendar knows are taken by their weekday.
    """
    step = -1 if count <= 0 else 1
    if count == 0 and _works(day):
        return day
    for _ in range(abs(count) or 1):
        day = _moved(day, step)
        while not _works(day):
            day = _moved(day, step)
    return day


def _works(day: date) -> bool:
    try:
        return calendar.known().is_working(day)
    except OutOfLaw:
        return day.weekday() < 5


def _moved(day: date, days: int) -> date:
    """So many days later; Malformed where the calendar has no such day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Malformed(
            N_("There is no specimen of {day}: its other days would lie outside the calendar."),
            field="on",
            day=day.isoformat(),
            way_on=N_("Give a day under a law that the tables know: disclosure law at DATE"),
        ) from None


def _dated(value: Any, years: dict[str, int]) -> Any:
    """A copy of the table with its years filled in."""
    if isinstance(value, dict):
        return {key: _dated(item, years) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, years) for item in value]
    return value.format(**years) if isinstance(value, str) else value


def data(
    code: str,
    ground: str | None = None,
    *,
    on: date = ON,
    served_by: str | None = None,
    outcome: str | None = None,
    page: str | None = None,
) -> dict[str, Any]:
    """The data of a specimen of this letter: on is its day, ground and outcome choose among those that it
    serves.

    All its days are working days, and every letter is in time under the law of the day of receipt.
    """
    kind = kinds.get(code)
    table = _dated(tables.read(TABLE), {"year": on.year, "last_year": on.year - 1, "long_ago": on.year - 8})
    first, second = table["item"]
    day = received(on, kind.code, outcome)
    due = _worked(day, _limit(day))
    made: dict[str, Any] = {
        "on": on.isoformat(),
        "number": f"{table['office']['code']}〔{on.year}〕12号" if kind.numbered else None,
        "served_by": served_by or ("hand" if kind.to == "file" else "post"),
        "office": {**table["office"], **({"letters": {"format": page}} if page else {})},
        "case": {
            "number": f"{day.year}-0007",
            "received_on": day.isoformat(),
            "channel": "post",
            "request": "",
            "items": [first],
            "applicant": table["applicant"],
            "reply_due": due.isoformat(),
            "form": table["texts"]["form"],
        },
        "decision": None,
        "consultations": [],
        "extension": None,
        "extra": dict(table["letter"].get(kind.code, {})),
    }
    extra = made["extra"]
    if kind.code in _DATED:
        name, days = _DATED[kind.code]
        extra[name] = _worked(on, days).isoformat()
    if kind.to in ("third_party", "organ"):
        extra["recipient"] = table["third_party" if kind.to == "third_party" else "organ"]
    if kind.code in (Letter.TIME_LEFT_OUT, Letter.OVERRULED):
        extra["consulted_on"] = _worked(day, _CONSULTED).isoformat()
        extra["answered_on"] = _worked(day, _ANSWERED).isoformat()
    if kind.code == Letter.EXTENSION:
        more = int(law.bundled().value("reply.extension", on=day).value)
        made["extension"] = {
            "noticed_on": on.isoformat(),
            "days": more,
            "due": _worked(due, more).isoformat(),
            "reasons": "所申请公开的信息涉及多个年度的档案，需要核对",
        }
    if kind.decides:
        _decide(
            made,
            kind,
            ground or _SPLIT.get(kind.code) or next(iter(kind.grounds), None),
            outcome,
            table,
            second,
        )
    return made


def era_faults(eras: Iterable[Era]) -> Iterator[Checked]:
    """Where the data of the specimens are kept under an era that there is not."""
    known = {era.key for era in eras}
    for key in tables.read(TABLE)["extra_under"]:
        if key not in known:
            yield Checked(
                f"specimens.toml: extra_under.{key}",
                translate(N_("'{key}' is no era of the Regulations."), key=key),
            )


def _decide(
    made: dict[str, Any],
    kind: Kind,
    ground: str | None,
    outcome: str | None,
    table: dict[str, Any],
    second: dict[str, Any],
) -> None:
    texts = table["texts"]
    extra = dict(table["extra"])
    chosen = outcome or kind.outcomes[0]
    day = date.fromisoformat(made["case"]["received_on"])
    era = law.bundled().era_on(day)
    for key, texts_of_era in table["extra_under"].items():
        extra |= texts_of_era if era.follows(key) else {}
    if chosen in _DEMANDS:
        name, asked, until = _DEMANDS[chosen]
        extra[name] = _worked(day, asked).isoformat()
        extra["answer_by"] = _worked(day, until).isoformat()
    if chosen == Outcome.WITHDRAWN:
        extra["withdrawn_on"] = made["on"]
    if kind.code == Letter.OWN_RECORDS:
        made["case"]["items"] = [table["record"]]
    if chosen == Outcome.PARTIAL:
        made["case"]["items"].append(second)
        rows: list[tuple[int, str, str | None]]
        rows = [(1, Outcome.GRANTED, None), (2, Outcome.WITHHELD, ground)]
    else:
        rows = [(1, chosen, ground)]
    made["decision"] = {"items": []}
    for no, result, why in rows:
        third = why in ("trade_secret", "personal_privacy", "other_third_party")
        row = {
            "no": no,
            "outcome": result,
            "ground": why,
            "extra": {} if result == Outcome.GRANTED else extra,
        }
        if result == Outcome.GRANTED:
            row |= {"means": texts["means"], "attachments": [texts["attachment"]]}
        elif result in (Outcome.ALREADY_PUBLIC, Outcome.PUBLICATION):
            row["means"] = texts["public" if result == Outcome.ALREADY_PUBLIC else "book"]
        else:
            reasons = table["reasons"]
            row["reasons"] = reasons.get(why or result, reasons["other"] if why else "")
        made["decision"]["items"].append(row)
        if third:
            made["consultations"].append(
                {
                    "kind": "third_party",
                    "name": table["third_party"]["name"],
                    "items": [no],
                    "sent": _worked(day, _CONSULTED).isoformat(),
                    "answer": "object",
                    "reasons": "涉及商业秘密",
                    "answered": _worked(day, _ANSWERED).isoformat(),
                    "state": "answered",
                }
            )


def letter(code: str, ground: str | None = None, *, law: Law, **choices: Any) -> Content:
    """The composed specimen, by these law tables."""
    return compose.letter(code, data(code, ground, **choices), law)
