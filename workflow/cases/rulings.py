"""Results of reconsideration and suits: which are possible, on which article, and their effect on
the reply.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from workflow import law
from workflow.base import tables, typed_words
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, listed, pick

HERE = os.path.dirname(__file__)
_TABLE = os.path.join(HERE, "rulings.toml")
RECONSIDERATION = "reconsideration"


class Basis(NamedTuple):
    """An article and the last day on which it holds; None where it still does."""

    article: str
    until: date | None


class Ruling(NamedTuple):
    """One possible result of a decision or judgment."""

    key: str
    zh: str
    en: str
    outcome: str
    effect: str
    orders: str
    ruling: bool
    reconsideration: tuple[Basis, ...]
    suit: tuple[Basis, ...]

    @property
    def name(self) -> str:
        """What it is called, in the language in force."""
        return pick(self.zh, self.en)

    def article(self, kind: str, on: date) -> str | None:
        """The article on which it is said in a remedy of this kind on a day; None where the law does not know
        it.
        """
        rows = self.reconsideration if kind == RECONSIDERATION else self.suit
        known = law.bundled()
        return next(
            (
                known.current(row.article, on)
                for row in rows
                if (row.until is None or on <= row.until) and known.holds(row.article, on)
            ),
            None,
        )


@cache
def every() -> dict[str, Ruling]:
    """All of them by key, in the order of the table."""
    made = {}
    for key, row in tables.read(_TABLE)["result"].items():
        sides = (
            tuple(Basis(one["article"], _day(one.get("until"))) for one in row.get(side, ()))
            for side in ("reconsideration", "suit")
        )
        made[key] = Ruling(
            key,
            row["zh"],
            row["en"],
            row["outcome"],
            row["effect"],
            row["orders"],
            bool(row.get("ruling")),
            *sides,
        )
    return made


def _day(value: Any) -> date | None:
    """A day of the table, which the cache may hold as text."""
    return date.fromisoformat(str(value)) if value else None


def one(key: str) -> Ruling:
    """A ruling by its key or name."""
    try:
        return every()[
            typed_words.meant(key, {one.key: {"zh": one.zh, "en": one.en} for one in every().values()})
        ]
    except KeyError:
        raise NotFound(N_("There is no result '{key}'."), field="result", key=key) from None


def require(key: str, kind: str, on: date) -> Ruling:
    """The ruling, where the law of that day knows it for this kind of remedy; Refused otherwise."""
    found = one(key)
    if found.article(kind, on) is None:
        known = [one.key for one in every().values() if one.article(kind, on)]
        raise Refused(
            N_("On {on} the law knew no result '{result}' there."),
            rule="house:remedy",
            field="result",
            on=on,
            result=found.name,
            way_on=N_("It may be: {names}"),
            names=listed(known),
        )
    return found


def effect_name(key: str) -> str:
    """What an effect is called, in the language in force."""
    entry = tables.read(_TABLE)["effect"].get(key)
    return pick(entry["zh"], entry["en"]) if entry else key
