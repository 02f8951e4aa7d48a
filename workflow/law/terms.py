"""Answers that are valid only from or until a day: records transferred to an archive, secrets with a term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base import dates
from workflow.base.errors import DisclosureError, Malformed, Refused
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.law.keys import Provision

if TYPE_CHECKING:
    from workflow.law import Law

TRANSFER_DUE, SECRET_UNTIL, SECRET_MARK = "transfer_due", "secret_until", "secret_mark"
# The date of the paper, from which a term in years runs (Regulations on State Secrets 2024, Art. 19(2)).
SECRET_SINCE = "secret_since"  # noqa: S105  (the name of an entry)
LEVELS = {"绝密": "secrecy.top", "机密": "secrecy.middle", "秘密": "secrecy.low"}
"""The levels of classification, each with the legal value that bounds its term."""
CONDITIONS = ("长期", "解密", "竣工")
"""Words of what stands in the place of a last day: no end, or a condition of release."""
_ARCHIVED, _SECRET = "archived", "state_secret"
# A term in a mark of classification: 保密期限至2030年12月31日.
_DAY = later(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_YEARS = later(r"(\d{1,2})\s*年(?!\s*\d{1,2}\s*月)")
_UNTIL = later(r"至\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def bound(outcome: str, ground: str | None) -> bool:
    """Whether such an answer may be valid only from or until a day."""
    return outcome == _ARCHIVED or ground == _SECRET


def fault(
    no: int, outcome: str, ground: str | None, texts: Mapping[str, Any], on: date, law: Law
) -> DisclosureError | None:
    """Why an item cannot be answered so on a day; None where nothing stands against it.

    Archives Law 2020, Art. 15(2): until the transfer is due the maker or keeper answers itself. Law on State
    Secrets 2024, Art. 24(2): what the term of secrecy has run out for is secret no more.
    """
    try:
        if outcome == _ARCHIVED and texts.get(TRANSFER_DUE):
            return _too_early(no, dates.parse_date(str(texts[TRANSFER_DUE]), TRANSFER_DUE), on, law)
        if ground == _SECRET and law.has_provision(Provision.SECRECY_ENDED, on):
            return _run_out(no, _term(texts, law), on, law)
    except Malformed as wrong:
        return wrong
    return None


def _too_early(no: int, due: date, on: date, law: Law) -> Refused | None:
    if due < on:
        return None
    return Refused(
        N_(
            "Item {no}: the time for the transfer to the archive ends only on {due}; until then whoever made or keeps the information answers himself."
        ),
        rule=law.provision(Provision.BEFORE_TRANSFER, on),
        field=TRANSFER_DUE,
        no=no,
        due=due,
        way_on=N_("Answer the item by the Regulations: disclose it, or withhold it on a ground."),
    )


def _term(texts: Mapping[str, Any], law: Law) -> date | None:
    """The last day of secrecy, as far as it is a day: given by itself, or in the mark, or counted in years
    from the date of the paper: as many as the mark names, or the most that the law allows for its level.

    A condition of release, or a term of which the beginning is not given, is no day: none is guessed.
    """
    given, mark = str(texts.get(SECRET_UNTIL) or "").strip(), str(texts.get(SECRET_MARK) or "")
    if given and not _is_condition(given):
        day = _DAY.fullmatch(given)
        return dates.parse_date("-".join(day.groups()) if day else given, SECRET_UNTIL)
    found = _UNTIL.findall(mark)
    if found and not given:
        # If it was extended, the last term counts.
        return max(dates.parse_date("-".join(parts), SECRET_MARK) for parts in found)
    if given or not texts.get(SECRET_SINCE):
        return None
    since = dates.parse_date(str(texts[SECRET_SINCE]), SECRET_SINCE)
    years = [int(number) for number in _YEARS.findall(mark)] or _most(mark, law, since)
    return _later(since, max(years)) if years else None


def _is_condition(text: str) -> bool:
    """Whether what stands for the term is words and no day: a condition of release, or without end."""
    return not any(sign.isdigit() for sign in text) or any(word in text for word in CONDITIONS)


def _most(mark: str, law: Law, since: date) -> list[int]:
    """The longest term for the level in the mark (Law on State Secrets 2024, Art. 20(2))."""
    level = next((id for word, id in LEVELS.items() if word in mark), None)
    if level is None:
        return []
    first = law.history(level)[0].effective_from
    return [law.value(level, max(since, first)).value]


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def stated(texts: Mapping[str, Any]) -> bool:
    """Whether the term of a secret, or what stands in its place, is given: a day, a condition of release, a
    number of years with the date of the paper, or that date for the longest term of the level.
    """
    mark = str(texts.get(SECRET_MARK) or "")
    in_mark = bool(_UNTIL.search(mark)) or any(word in mark for word in CONDITIONS)
    return bool(texts.get(SECRET_UNTIL) or texts.get(SECRET_SINCE)) or in_mark


def _run_out(no: int, until: date | None, on: date, law: Law) -> Refused | None:
    if until is None or on <= until:
        return None
    return Refused(
        N_("Item {no}: the term of secrecy ran out on {until}; what it has run out for is secret no more."),
        rule=law.provision(Provision.SECRECY_ENDED, on),
        field=SECRET_MARK,
        no=no,
        until=until,
        way_on=N_(
            "Disclose the item or withhold it on another ground; if the term was lengthened in time, say so: --extra secret_until=DATE"
        ),
    )
