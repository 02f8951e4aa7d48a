"""Where a list begins: its heading, what is asked of it, and which column tells the day of receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workflow import law
from workflow.base.dates import today
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.patterns import later
from workflow.base.sheets import headings, reader
from workflow.intake.results import Outcome
from workflow.intake.rows import wanted
from workflow.intake.word_names import COLUMN
from workflow.intake.words import Vocabulary
from workflow.law.keys import Provision

DAYS = ("on", "signed_on", "system_on", "confirmed_on")
Ask = Callable[[str, str, list[str]], str | None]
"""Asks an officer what a word means: its kind, the word, samples; None where he leaves it open."""


# In a form that was filled in a number stands where a list has a title.
_NUMBER = later(r"\d{5}")
# What a heading has to have: an entry, and the columns that hold it.
_NEEDED = {"name": {"name", "organisation"}, "request": {"request", "items"}}


def _needed(told: set[str]) -> bool:
    return all(told & keys for keys in _NEEDED.values())


def heading(path: Path, sheets: list[reader.Sheet], words: Vocabulary, ask: Ask | None) -> headings.Found:
    """The heading of the list; what is unknown in it is asked for where somebody can be asked."""
    found = headings.find(sheets, words.columns(), _needed)
    if found is not None and ask is not None:
        asked = False
        for place, title in enumerate(found.titles):
            if title and found.keys[place] is None and not words.unused(title):
                means = ask(COLUMN, title, _samples(found, place))
                if means:
                    words.remember(COLUMN, title, means)
                    asked = True
        if asked:
            found = headings.find(sheets, words.columns(), _needed)
    if found is None or not _needed({key for key in found.keys if key}):
        if _characters_lost(sheets):
            raise Malformed(_LOST, field="file", name=path.name, way_on=_LOST_ADVICE)
        if found is not None and (titles := [one for one in found.unknown() if not _NUMBER.search(one)]):
            raise _not_all(path, found, titles)
        raise Malformed(
            N_(
                "No line of '{name}' names the columns of a list, with the applicant and the request among them."
            ),
            field="file",
            name=path.name,
            way_on=N_("Columns are: {names}. Another name is told once: --column NAME=KEY"),
            names=wanted(words),
        )
    return found


def _not_all(path: Path, found: headings.Found, titles: list[str]) -> Malformed:
    """A line names columns, and not all that a list needs: which it is may be among those not known."""
    told = {key for key in found.keys if key}
    lacks = [one for one, keys in _NEEDED.items() if not told & keys]
    return Malformed(
        N_("Row {row} of '{name}' names columns, and none that is known as: {what}. Not known: {titles}."),
        field="file",
        name=path.name,
        row=found.row,
        what=Named("column", *lacks),
        titles="、".join(" ".join(one.split()) for one in titles),
        way_on=N_("Say once which of them it is, for example: --column {title}={key}"),
        title=" ".join(titles[0].split()),
        key=lacks[0],
    )


_LOST = N_(
    "'{name}' has lost characters: '?' stands in their place, and no line names the columns of a list."
)
_LOST_ADVICE = N_("Save the list again as .xlsx or as CSV in UTF-8.")


def _characters_lost(sheets: list[reader.Sheet]) -> bool:
    """Whether the first lines hold '?' beside Chinese characters, as a list does that was saved in an
    encoding that has not all of them."""
    return any(
        reader.lost_characters(cell)
        for sheet in sheets
        for row in sheet.rows(3)
        for cell in row.cells
        if isinstance(cell, str)
    )


def _samples(found: headings.Found, place: int) -> list[str]:
    samples: list[str] = []
    for row in found.sheet.rows(found.row + 20):
        text = reader.plain(row.at(place))
        if row.number > found.row and text and text not in samples:
            samples.append(text[:30])
    return samples[:3]


def applied(
    found: headings.Found, words: Vocabulary, outcome: Outcome, dry_run: bool, ask: Ask | None
) -> bool:
    """Whether the day of the application is taken for that of arrival; only where the list has no other, and
    only where the office has said so."""
    keys = {key for key in found.keys if key}
    if keys & set(DAYS) or "applied_on" not in keys:
        if "applied_on" in keys:
            outcome.unused.append(found.titles[found.keys.index("applied_on")])
        if not keys & set(DAYS):
            outcome.remarks.append((N_("The list has no column for the day of receipt."), {}))
        return False
    title = found.titles[found.keys.index("applied_on")]
    if dry_run:
        outcome.remarks.append(
            (
                N_(
                    "The list names no day of receipt; '{title}' is read as if it were that day. Say so: --column {title}=on"
                ),
                {"title": title},
            )
        )
        return True
    means = ask(COLUMN, title, _samples(found, found.keys.index("applied_on"))) if ask else None
    if means == "on":
        words.remember(COLUMN, title, means)
        return True
    raise Refused(
        N_(
            "The list names no day of receipt, only '{title}', and the day of an application is not that of its receipt."
        ),
        rule=law.bundled().provision(Provision.DAY_OF_RECEIPT, today()),
        field="on",
        title=title,
        way_on=N_("If it is the day on which each of them arrived: --column {title}=on"),
    )
