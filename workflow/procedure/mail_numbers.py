"""Numbers of mail: whether China Post gave one, with its check digit; whether it is a courier's.

A decision is an official document and is posted only through the postal enterprise (svc2016:2); couriers may
not carry official documents of state organs (post2015:55).
"""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base import tables
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, pick
from workflow.law.keys import Provision

if TYPE_CHECKING:
    from workflow.law import Law

TABLE = os.path.join(os.path.dirname(__file__), "mail_numbers.toml")
# Weights of the eight digits of a number of the postal union.
_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def table() -> dict[str, Any]:
    """The forms of numbers."""
    return tables.read(TABLE)


def bare(text: str) -> str:
    """A number as it is kept: half-width, in capitals, without blanks, hyphens and what a spreadsheet puts
    around a text ('XA…, ="XA…").
    """
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u200b\ufeff-]", "", plain).lstrip("='‘’`\"").rstrip('"').upper()


def courier(text: str) -> str | None:
    """The courier whose number it is, by the form of the number, by the letters with which it begins, or by
    its name beside it.
    """
    number = bare(text)
    for row in table()["courier"]:
        begins = "begins" in row and re.fullmatch(row["begins"] + "[0-9]+", number)
        if row["zh"] in text or begins or re.fullmatch(row["pattern"], number):
            return pick(row["zh"], row["en"])
    return None


def require_whole(text: str) -> None:
    """Malformed where it begins like a courier's number and is none, as where figures were left out."""
    found = bare(text)
    for row in table()["courier"]:
        begins = "begins" in row and re.fullmatch(row["begins"] + "[0-9]+", found)
        if begins and not re.fullmatch(row["pattern"], found):
            raise Malformed(
                N_("'{value}' is not a whole number of a courier ({courier})."),
                field="tracking",
                value=text[:40],
                courier=pick(row["zh"], row["en"]),
                way_on=N_("Check it against the receipt: figures are easily left out."),
            )


def number(text: str) -> str:
    """A number of China Post as it is kept; Malformed where it gives no such number, or the check digit does
    not fit."""
    found = bare(text)
    for row in table()["post"]:
        fits = re.fullmatch(row["pattern"], found) and not re.fullmatch(row.get("not", "$^"), found)
        if fits and (row["check"] != "s10" or _checked(found)):
            return found
    raise Malformed(
        N_("'{value}' is not a number of China Post (registered mail or EMS)."),
        field="tracking",
        value=text[:40],
        way_on=N_("Check it against the receipt: digits are easily transposed."),
    )


def any_number(text: str) -> str:
    """A number of China Post, or one of a courier; whether it may be one is asked by `require_post`."""
    return bare(text) if courier(text) else number(text)


def require_post(text: str, on: date, law: Law) -> None:
    """Refused for a courier's number on an official document."""
    found = courier(text)
    if found is not None:
        raise Refused(
            N_(
                "{number} is a number of a courier ({courier}): official documents of state organs are carried by China Post alone, and a delivery by others serves nothing."
            ),
            rule=forbidden(on, law),
            field="tracking",
            number=bare(text)[:40],
            courier=found,
            way_on=N_("Send it by China Post (registered mail or EMS), and give the number on its receipt."),
        )


def forbidden(on: date, law: Law) -> str:
    """What forbids couriers on a day."""
    if not law.has_provision(Provision.BY_POST_ALONE, on):
        return "house:delivery"
    return law.provision(Provision.BY_POST_ALONE, on)


def _checked(found: str) -> bool:
    """Whether the check digit of a number of the postal union fits (its standard S10)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(found[2:10], _S10, strict=True)) % 11
    return int(found[10]) == {10: 0, 11: 5}.get(rest, rest)
