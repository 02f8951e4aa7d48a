"""An instrument in place of an older one: what the tables say of the older goes on under the articles of the
new.

`continues` in instruments.toml: all its articles go on, with the numbers of `renumbered` ({ 33 = 34 }; "-"
for one that is gone). `replaces`: only those that `renumbered` lists. Rows of the law tables that would reach
past the end of the older one are cut there and go on under the new; what has a row of its own from that day
stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table

GONE = "-"
DATED = (
    ("durations", "value"),
    ("outcomes", "basis"),
    ("grounds", "basis"),
    ("routes", "route"),
    ("routes", "frame"),
    ("organs", "organ"),
    ("organs", "final"),
    ("starts", "start"),
    ("faulty_notices", "notice"),
    ("channels", "rule"),
    ("provisions", "provision"),
    ("fees", "rate"),
    ("report", "due"),
)
"""The lists of dated rows, each of which cites by `article` or `articles`."""
_END = "9999-12-31"


def extend(tables: dict[str, Table]) -> None:
    """Apply each instrument that continues or replaces another to the tables, in place; malformed rows are
    left to the checks.
    """
    with suppress(TypeError, AttributeError, KeyError, ValueError):
        rows = tables["instruments"]
        later = sorted(
            (key for key, row in rows.items() if older(row)), key=lambda key: str(rows[key]["effective_from"])
        )
        for key in later:
            _extend(tables, key)


def older(row: Table) -> str:
    """The instrument that this one continues or replaces; '' for none."""
    return str(row.get("continues") or row.get("replaces") or "")


def moved(ref: str, key: str, row: Table) -> str | None:
    """A provision of the older instrument as it is cited under the new one (`key`); None where it does not go
    on.
    """
    instrument, _, place = ref.partition(":")
    if instrument != older(row):
        return ref
    article, dot, rest = place.partition(".")
    numbers = {str(old): str(new) for old, new in row.get("renumbered", {}).items()}
    new = numbers.get(article, article if row.get("continues") else GONE)
    return None if new == GONE else f"{key}:{new}{dot}{rest}"


def current(ref: str, instruments: dict[str, Table], on: str) -> str:
    """A provision as it is cited on a day (ISO): that of the instrument which continues or replaces its own
    by then.
    """
    for key, row in instruments.items():
        if older(row) == ref.partition(":")[0] and row["effective_from"] <= on:
            found = moved(ref, key, row)
            return current(found, instruments, on) if found else ref
    return ref


def faults(row: Table, before: Table, articles: Table) -> Iterator[str]:
    """What is wrong with an instrument in place of another: days on which both or neither hold, an article
    that there was not, two articles under one number."""
    last, first = before.get("effective_until"), row["effective_from"]
    if last is not None and str(last) >= first:
        yield translate(
            N_("overlap: two rows on {date}; the earlier one ends before (effective_until)"), date=first
        )
    elif last is not None and (date.fromisoformat(last) + timedelta(1)).isoformat() != first:
        yield translate(N_("gap between {last} and {first}"), last=last, first=first)
    numbers = {str(old): str(new) for old, new in row.get("renumbered", {}).items()}
    for old in numbers.keys() - articles.keys():
        yield translate(N_("{instrument} has no Art. {article}"), instrument=older(row), article=old)
    taken: dict[str, str] = {}
    for article in articles if row.get("continues") else numbers:
        new = numbers.get(article, article)
        if new != GONE and new in taken:
            yield translate(
                N_("Art. {one} and Art. {other} both become Art. {number}"),
                one=taken[new],
                other=article,
                number=new,
            )
        taken[new] = article


def _extend(tables: dict[str, Table], key: str) -> None:
    row = tables["instruments"][key]
    before, first = tables["instruments"].get(older(row)), str(row["effective_from"])
    if before is None:
        return
    day_before = (date.fromisoformat(first) - timedelta(1)).isoformat()
    before.setdefault("effective_until", day_before)
    tables.setdefault(key, {"complete": False, "articles": dict(_articles(tables, key, row))})
    for table, name in DATED:
        listed = tables.get(table, {}).get(name, [])
        listed += [
            _further(one, key, row, day_before) for one in list(listed) if _goes_on(one, key, row, first)
        ]


def _articles(tables: dict[str, Table], key: str, row: Table) -> Iterator[tuple[str, Any]]:
    """The articles of the older instrument under their new numbers."""
    for article, paragraphs in tables[older(row)]["articles"].items():
        ref = moved(f"{older(row)}:{article}", key, row)
        if ref is not None:
            yield ref.partition(":")[2], paragraphs


def _refs(one: Table) -> list[str]:
    return [*([one["article"]] if "article" in one else []), *one.get("articles", ())]


def _goes_on(one: Table, key: str, row: Table, first: str) -> bool:
    """Whether a row reaches past the end of the older instrument, cites it, and all that it cites goes on."""
    refs = _refs(one)
    cited = any(ref.partition(":")[0] == older(row) for ref in refs)
    reaches = one["effective_from"] < first <= one.get("effective_until", _END)
    return cited and reaches and all(moved(ref, key, row) for ref in refs)


def _further(one: Table, key: str, row: Table, day_before: str) -> Table:
    """The row from the first day of the new instrument; the old row is cut the day before."""
    after = {name: value for name, value in one.items() if name != "amended_by"}
    after["effective_from"] = row["effective_from"]
    if "article" in one:
        after["article"] = moved(one["article"], key, row)
    if "articles" in one:
        after["articles"] = [moved(ref, key, row) for ref in one["articles"]]
    for name in ("promulgated", "source", "checked_on"):
        if name in one:
            after[name] = row[name]
    one["effective_until"] = day_before
    return after
