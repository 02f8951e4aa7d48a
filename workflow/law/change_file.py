"""A proposed change of the law as a small file, read into rows under the keys of the tables.

    title = "…"    promulgated = 2027-01-05    effective = 2027-03-01
    [[amend]]       id = "reply.limit", value = 15; where needed unit, article, and any other key of a [[value]]
    [[instrument]] key = "ogi2027", and the keys of instruments.toml: `continues` one in whose place it
    stands, or only
                    `effective_until` for one that ends
    [[route]]       as in routes.toml
    [[article]]     instrument, article, paragraphs (items of each); `was`: the number that it bore until then. Or, as in
                    the table of an instrument, instrument and 33 = [0, 0, 0] for each article

What a row does not say is taken from the head of the file, and of an amended value from the value before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import citations, row_checks
from workflow.law.row_checks import Checked

HEAD = {
    "title": True,
    "promulgated": True,
    "effective": True,
    "source": False,
    "status": False,
    "note": False,
}
"""The keys at the top, and whether they have to be given."""
KEYS = {
    "amend": {
        *("id", "value", "unit", "article", "starts", "text", "note", "status", "source", "checked_on"),
        *("effective_from", "effective_until", "promulgated", "amended_by"),
    },
    "instrument": {
        *("key", "zh", "short", "en", "number", "promulgated", "effective_from", "effective_until", "status"),
        *("source", "checked_on", "note", "cite_number", "whole", "clauses", "article_word"),
        *("continues", "replaces", "renumbered", "complete"),
    },
    "route": {
        *("outcomes", "kind", "answer", "articles", "text", "frame", "status", "note"),
        *("effective_from", "effective_until"),
    },
    "article": {"instrument", "article", "paragraphs", "was", "complete"},
}
_DAYS = {"from": "effective_from", "until": "effective_until", "effective": "effective_from"}
SPOKEN = {
    "route": {"outcome": "outcomes", "article": "articles", **_DAYS},
    "article": {
        "key": "instrument",
        "number": "article",
        "no": "article",
        "items": "paragraphs",
        "old": "was",
        "formerly": "was",
    },
    "instrument": {"id": "key", "name": "zh", **_DAYS},
    "amend": _DAYS,
}
"""Aliases of keys; a single value stands for a list of one."""
_LISTS = ("outcomes", "articles", "paragraphs")
_TEXT = {
    *("title", "id", "unit", "text", "note", "starts", "status", "source", "amended_by", "key", "zh", "en"),
    *("short", "number", "continues", "instrument", "kind", "answer", "frame"),
}
"""Keys that are text, wherever they stand; `_TEXTS` hold nothing else."""
_TEXTS = ("outcomes", "articles")


class Change(NamedTuple):
    """A change file as it was read."""

    title: str
    promulgated: str
    effective: str
    table: Table


def read(table: Table) -> tuple[Change | None, list[Checked]]:
    """The head of a change file and what is wrong with the file itself; None where its days cannot be
    read.
    """
    faults = list(_head_faults(table))
    days = all(row_checks.is_day(table.get(key)) for key in ("promulgated", "effective"))
    if days and table["effective"] < table["promulgated"]:
        faults.append(
            Checked(
                "effective",
                translate(
                    N_("takes effect on {first}, before it was promulgated on {promulgated}"),
                    first=table["effective"],
                    promulgated=table["promulgated"],
                ),
            )
        )
    if not any(table.get(name) for name in KEYS):
        faults.append(Checked("amend", translate(N_("the file changes nothing"))))
    if not days:
        return None, faults
    return Change(str(table.get("title") or ""), table["promulgated"], table["effective"], table), faults


def undated(table: Table) -> Change:
    """The change as if its missing days were the one that is given, or one far off: only to see what else is
    wrong.
    """
    given = [table.get(key) for key in ("effective", "promulgated")]
    day = next((str(one) for one in given if row_checks.is_day(one)), "2100-01-01")
    return Change(str(table.get("title") or ""), day, day, table)


def _head_faults(table: Table) -> Iterator[Checked]:
    for key, needed in HEAD.items():
        if needed and table.get(key) in (None, ""):
            yield Checked(key, translate(N_("{key} is missing"), key=key))
        elif key in _TEXT and key in table and not isinstance(table[key], str):
            yield Checked(key, _no_text(key, table[key]))
        elif key in ("promulgated", "effective") and not row_checks.is_day(table[key]):
            yield Checked(key, translate(N_("{key} is not a date: {value}"), key=key, value=table[key]))
    for key in table:
        if key not in HEAD and key not in KEYS:
            yield Checked(str(key), translate(N_("{key} is not a key of this table"), key=key))


def _no_text(key: str, value: Any) -> str:
    return translate(N_("{key} is not text: {value}"), key=key, value=str(value)[:60])


def _type_faults(name: str, row: Table) -> Iterator[str]:
    """What in a row is of another kind than its key asks for."""
    text = _TEXT | {"article"} if name == "amend" else _TEXT
    for key, value in row.items():
        if key in text and not isinstance(value, str):
            yield _no_text(key, value)
        elif key in _TEXTS and value != citations.UNVERIFIED:
            yield from (_no_text(key, one) for one in value if not isinstance(one, str))


def rows(change: Change, name: str) -> tuple[list[tuple[str, Table]], list[Checked]]:
    """The rows of one kind ("amend", …) with their places, and what is wrong with their shape."""
    given = change.table.get(name, [])
    if isinstance(given, dict):
        # [instrument.KEY], as in the tables; or one row alone.
        keyed = given and all(isinstance(row, dict) for row in given.values())
        given = [{"key": key, **row} for key, row in given.items()] if keyed else [given]
    if not isinstance(given, list):
        return [], [Checked(name, translate(N_("the table is missing")))]
    found: list[tuple[str, Table]] = []
    faults: list[Checked] = []
    for place, row in enumerate(given, 1):
        where = f"{name} {place}"
        if not isinstance(row, dict):
            faults.append(Checked(where, translate(N_("the table is missing"))))
            continue
        for plain in _plain(name, row):
            faults += [
                Checked(where, translate(N_("{key} is not a key of this table"), key=key))
                for key in plain
                if key not in KEYS[name]
            ]
            known = {key: value for key, value in plain.items() if key in KEYS[name]}
            wrong = list(_type_faults(name, known))
            faults += [Checked(where, problem) for problem in wrong]
            found += [] if wrong else [(where, known)]
    return found, [*faults, *_twice(name, found)]


def _twice(name: str, found: list[tuple[str, Table]]) -> Iterator[Checked]:
    """Instruments of which the file has two rows: it would be open which of them holds."""
    keys: set[str] = set()
    for where, row in found if name == "instrument" else ():
        key = str(row.get("key", ""))
        if key and key in keys:
            yield Checked(where, translate(N_("{key} stands here twice"), key=key))
        keys.add(key)


def _plain(name: str, row: Table) -> Iterator[Table]:
    """A row under the keys of the tables; of several articles together a row each."""
    plain = {SPOKEN[name].get(str(key), str(key)): value for key, value in row.items()}
    for key in _LISTS:
        if key in plain and not isinstance(plain[key], list) and plain[key] != citations.UNVERIFIED:
            plain[key] = [plain[key]]
    if name != "article":
        yield plain
        return
    together = plain.pop("articles", {})
    several = {**(together if isinstance(together, dict) else {}), **plain}
    several = {str(key): value for key, value in several.items() if str(key).isdigit()}
    for article, paragraphs in several.items():
        plain.pop(article, None)
        yield {**plain, "article": article, "paragraphs": paragraphs}
    if "article" in plain or not several:
        yield plain
