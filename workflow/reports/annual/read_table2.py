"""Table 2 of a report from a file: numbers as published tables print them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_, Remark
from workflow.base.patterns import later
from workflow.law.entries import ReportFormat
from workflow.reports.annual.form import Number, blank_table2


def table2(
    told: Any, form: ReportFormat, remarks: list[Remark] | None = None
) -> dict[str, list[Number | None]]:
    """Table 2, as far as it is given: nothing is counted from it. With `remarks` it is a published one: a
    cell that nobody can read as a number is told there, and the tables that are summed are still looked at.
    """
    made = blank_table2(form)
    if told is None:
        return made
    if not isinstance(told, dict):
        raise Malformed(N_("'{field}' has to be named values."), field="table2")
    for key, value in told.items():
        if key not in made:
            raise Malformed(
                N_("Table 2 has no row '{key}'."),
                field=f"table2.{key}",
                key=str(key)[:60],
                way_on=N_("Rows are: {names}"),
                names="、".join(made),
            )
        row = list(value) if isinstance(value, list | tuple) else [value]
        if len(row) != len(made[key]):
            raise Malformed(
                N_("'{key}' of table 2 has {n} numbers; {most} are needed."),
                field=f"table2.{key}",
                key=key,
                n=len(row),
                most=len(made[key]),
            )
        made[key] = [_published(one, f"table2.{key}", remarks) for one in row]
    return made


def _published(value: Any, place: str, remarks: list[Remark] | None) -> Number | None:
    if remarks is None:
        return _amount(value, place)
    try:
        number = _amount(value, place)
    except Malformed as fault:
        remarks.append((fault.message, fault.params))
        return None
    if isinstance(value, str) and number is not None and not _BARE.fullmatch(value.strip()):
        remarks.append(
            (
                N_("{place}: '{value}' is read as {number}."),
                {"place": place, "value": value[:40], "number": number},
            )
        )
    return number


# As printed in tables: 减4, 251000元, 134,691, -4件, 12.5万元.
_PRINTED = later(
    r"(减少?|下降|[-−－])?\s*([\d,，]*\d(?:\.\d+)?)\s*(万|亿)?\s*(?:元|件|项|宗|个|次|部|人民币)*"
)


_BARE = later(r"[+-]?[\d,，]+(?:\.\d+)?")


_TIMES = {"万": 10_000, "亿": 100_000_000}


def blank(value: Any) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and value.strip() in ("", "-", "—", "/", "／"))


def _amount(value: Any, place: str) -> Number | None:
    if blank(value):
        return None
    number = value
    if isinstance(value, str):
        found = _PRINTED.fullmatch(unicodedata.normalize("NFKC", value).strip().lstrip("+增加"))
        number = _printed(found) if found else None
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < 10**15:
        raise Malformed(
            N_("{place}: '{value}' is not a number."), field=place, place=place, value=str(value)[:40]
        )
    return number


def _printed(found: re.Match[str]) -> Number:
    digits = found[2].replace(",", "").replace("，", "")
    size = Decimal(digits) * _TIMES.get(found[3] or "", 1) * (-1 if found[1] else 1)
    return int(size) if size == int(size) else float(size)
