"""Checks that the words quoted by a row are in the cited article: each value, ground, route, organ and start
against hashed texts.

Only articles whose text was read can be checked (workflow/law/words); a row that cites one of them has to
quote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import citations, words
from workflow.law.row_checks import Checked, Tables

QUOTING = (
    ("durations", "value", "id"),
    ("grounds", "basis", "id"),
    ("routes", "route", "outcomes"),
    ("organs", "organ", "kind"),
    ("organs", "final", "role"),
    ("starts", "start", "how"),
    ("faulty_notices", "notice", "fault"),
    ("provisions", "provision", "id"),
)
"""The lists whose rows quote what they rely on, with what names a row. A route quotes the first of its
articles.
"""


def everything(tables: Tables) -> Iterator[Checked]:
    """Each row that has to quote, with what is wrong with its words."""
    for table, name, id in QUOTING:
        for row in tables.get(table, {}).get(name, ()):
            named: Any = row.get(id)
            where = ", ".join(named) if isinstance(named, list) else named
            yield Checked(f"{table}: {where} ({row.get('effective_from')})", fault(row))
    yield from of_instruments(tables)


def of_instruments(tables: Tables) -> Iterator[Checked]:
    """Whether each instrument that is quoted says truly whether its words can be compared."""
    quoted = {
        row.get("amended_by") or str((row.get("articles") or [row.get("article", "")])[0]).partition(":")[0]
        for table, name, _ in QUOTING
        for row in tables.get(table, {}).get(name, ())
        if row.get("text")
    }
    for key in sorted(quoted & tables["instruments"].keys()):
        said, kept = tables["instruments"][key].get("words"), words.table(key)
        wrong = translate(N_("words = M has to stand where, and only where, the text was not read"))
        yield Checked(f"instruments: {key}", "" if (said == "M") != bool(kept) else wrong)


def fault(row: Table) -> str:
    """What is wrong with the words of a row ('' for nothing, or where what says so was not read: its article,
    or the act that gave the article another value)."""
    if row.get("amended_by") and not words.table(str(row["amended_by"])):
        return ""
    refs = row.get("articles") or [row.get("article", "")]
    place = of(refs[0])
    if place is None:
        return ""
    text = row.get("text", "")
    if not text:
        return translate(N_("{ref} was read, and no words of it are quoted (text)"), ref=refs[0])
    if not words.stands(text, refs[0].partition(":")[0], place):
        return translate(N_("these words do not stand in {ref}: {text}"), ref=refs[0], text=text)
    return ""


def of(ref: str) -> list[tuple[str, ...]] | None:
    """The hashed words of a provision: its paragraph's own and those of its items; None where it was not
    read.
    """
    reference = citations.take_apart(ref)
    if reference is None:
        return None
    found = words.read(reference.instrument, reference.article)
    if found is None:
        return None
    if not reference.paragraph:
        whole = tuple(clause for part in found for clause in (*part.own, *sum(part.items, ())))
        return [whole]
    if reference.paragraph > len(found):
        return []
    part = found[reference.paragraph - 1]
    if reference.item:
        return [part.own, *part.items[reference.item - 1 : reference.item]]
    return [(*part.own, *sum(part.items, ()))]
