"""The fee of a case both ways of charging it, by the item and by the page, and what is told of the way not
chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.base import names
from workflow.base.messages import N_, Remark, listed
from workflow.casework.month_count import Count, beside, look
from workflow.law.entries import Fee
from workflow.office.seat import Seat


@dataclass
class Proposal:
    """The fee of a case both ways, of which one is chosen: by the item, and by the page where pages are
    known.
    """

    count: Count
    by_item: Fee
    by_page: Fee | None


def proposal(seat: Seat, ref: str, pages: int | None, on: date) -> Proposal:
    """Both ways for a case on a day; OutOfLaw where there was no fee."""
    count, law = look(seat, ref), seat.context.law
    by_item = law.by_item(1, len(count.earlier), on=on)
    return Proposal(count, by_item, law.by_page(pages, on) if pages is not None else None)


def other_way(payload: dict[str, Any], count: Count, seat: Seat, on: date, number: str) -> list[Remark]:
    """What the fee would be the way that was not chosen, and where what was said differs from the count."""
    law = seat.context.law
    notes: list[Remark] = []
    if payload["basis"] == "by_page":
        other = law.by_item(1, len(count.earlier), on=on)
        said = N_("By the item it would be {amount} yuan: the {n}th application of the month [{article}].")
        notes.append(
            (
                said,
                {
                    "amount": other.amount,
                    "n": count.place,
                    "rule": other.article,
                    "article": names.article(other.article),
                },
            )
        )
    elif payload.get("already", 0) != len(count.earlier):
        notes.append(
            (
                N_("{already} earlier applications were given; the program counts {counted}: {numbers}."),
                {
                    "already": payload.get("already", 0),
                    "counted": len(count.earlier),
                    "numbers": listed(number for number, _ in count.earlier) or "-",
                },
            )
        )
    if payload["basis"] == "by_item":
        free = law.by_page(0, on)
        notes.append(
            (
                N_(
                    "It may be charged by the page instead, never by both; see: disclosure fee case {number} --pages PAGES [{article}]."
                ),
                {"number": number, "rule": free.article, "article": names.article(free.article)},
            )
        )
    if count.unclear:
        notes.append(
            (
                N_("Not counted, under the same name with another or no identity number: {numbers}."),
                {"numbers": listed(count.unclear)},
            )
        )
    return notes + beside(count)
