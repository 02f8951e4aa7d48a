"""Answers that are valid only from or until a day: records transferred to an archive, secrets with a term."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow.base import dates
from workflow.base.errors import DisclosureError, Malformed, Refused
from workflow.base.messages import N_

TRANSFER_DUE, SECRET_UNTIL, SECRET_MARK = "transfer_due", "secret_until", "secret_mark"
_ARCHIVED, _SECRET = "archived", "state_secret"
_TRANSFER, _RUN_OUT = "archives2020:15.2", "secrets2024:24.2"
_SECRETS_LAW = date(2024, 5, 1)
# A term in a mark of classification: 保密期限至2030年12月31日.
_UNTIL = re.compile(r"至\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def fault(
    no: int, outcome: str, ground: str | None, texts: Mapping[str, Any], on: date
) -> DisclosureError | None:
    """Why an item cannot be answered so on a day; None where nothing stands against it.

    Archives Law 2020, Art. 15(2): until the transfer is due the maker or keeper answers itself. Law on State
    Secrets 2024, Art. 24(2): what the term of secrecy has run out for is secret no more.
    """
    try:
        if outcome == _ARCHIVED and texts.get(TRANSFER_DUE):
            return _too_early(no, dates.parse_date(str(texts[TRANSFER_DUE]), TRANSFER_DUE), on)
        if ground == _SECRET and on >= _SECRETS_LAW:
            return _run_out(no, _term(texts), on)
    except Malformed as wrong:
        return wrong
    return None


def _too_early(no: int, due: date, on: date) -> Refused | None:
    if due < on:
        return None
    return Refused(
        N_(
            "Item {no}: the time for the transfer to the archive ends only on {due}; until then whoever made or keeps the information answers himself."
        ),
        rule=_TRANSFER,
        field=TRANSFER_DUE,
        no=no,
        due=due,
        way_on=N_("Answer the item by the Regulations: disclose it, or withhold it on a ground."),
    )


def _term(texts: Mapping[str, Any]) -> date | None:
    """The last day of secrecy, where one is given as a day: by itself, or in the mark."""
    if texts.get(SECRET_UNTIL):
        return dates.parse_date(str(texts[SECRET_UNTIL]), SECRET_UNTIL)
    found = _UNTIL.findall(str(texts.get(SECRET_MARK) or ""))
    if not found:
        return None
    # If it was extended, the last term counts.
    return max(dates.parse_date("-".join(parts), SECRET_MARK) for parts in found)


def _run_out(no: int, until: date | None, on: date) -> Refused | None:
    if until is None or on <= until:
        return None
    return Refused(
        N_("Item {no}: the term of secrecy ran out on {until}; what it has run out for is secret no more."),
        rule=_RUN_OUT,
        field=SECRET_MARK,
        no=no,
        until=until,
        way_on=N_(
            "Disclose the item or withhold it on another ground; if the term was lengthened in time, say so: --extra secret_until=DATE"
        ),
    )
