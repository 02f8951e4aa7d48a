"""The catalogue of letters (kinds.toml): code, names, legal basis, form, remedy, and which decision leads to
which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from letters.content.kind_cells import TABLE, Kind, kind_of
from workflow import law as law_tables
from workflow.base import tables, typed_words
from workflow.base.completeness import require_same
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_, pick
from workflow.law import Law, counting, era_checks
from workflow.law.counting import Answer
from workflow.law.eras import Era
from workflow.law.keys import Outcome
from workflow.law.row_checks import Checked

PARTIAL = Outcome.PARTIAL
"""The outcome of a decision in which what can be given was set apart from what cannot."""
REPLY = "答复书"
"""What a decision on the substance calls itself; one of several items is one where any item's would be."""


def check_answers(found: Mapping[str, Kind], law: Law) -> None:
    """Refuse where the law names a letter for an outcome or ground that the catalogue does not give it, or
    the other way round. (The letter of the outcome "withheld" is one for each ground: D4a, D4b and so on.)
    """
    said = {(kind.code, key) for kind in found.values() for key in kind.grounds or kind.outcomes}
    heads = {**law.tables["outcomes"]["outcome"], **law.tables["grounds"]["ground"]}
    grouped = {outcome for kind in found.values() if kind.grounds for outcome in kind.outcomes}
    named = {(head["letter"], key) for key, head in heads.items() if key not in grouped}
    require_same(
        "letters/content/kinds.toml: outcomes, grounds",
        (f"{key} ({code})" for code, key in sorted(said)),
        "workflow/law/outcomes.toml, grounds.toml: letter",
        (f"{key} ({code})" for code, key in sorted(named)),
    )


def era_faults(eras: Iterable[Era]) -> Iterator[Checked]:
    """Where the catalogue says nothing of an era of the Regulations."""
    known = list(eras)
    for code, row in tables.read(TABLE).items():
        for name in ("basis", "severs"):
            if name in row:
                yield from era_checks.cell_faults(f"kinds.toml: {code}.{name}", row[name], known)


def read() -> dict[str, Kind]:
    """Every row of the catalogue by its code, in order; whether the law has what they answer is not asked."""
    table = tables.read(TABLE)
    rows = {code: row for code, row in table.items() if code not in ("default", "part")}
    return {code: kind_of(code, row, table["default"]) for code, row in rows.items()}


@cache
def _catalogue() -> dict[str, Kind]:
    era_checks.refuse("kinds.toml", era_faults(law_tables.bundled().eras()))
    found = read()
    check_answers(found, law_tables.bundled())
    return found


def all() -> tuple[Kind, ...]:
    """Every letter, in the order of the catalogue."""
    return tuple(_catalogue().values())


def name_of(code: str) -> str:
    """A letter by name, in the language in force."""
    kind = get(code)
    return pick(kind.zh, kind.en)


def get(code: str) -> Kind:
    """The letter of this code ('D3', 'd4d'); NotFound with the codes that there are."""
    found = _catalogue().get(code) or _catalogue().get(code[:1].upper() + code[1:].lower())
    if found is None and not code.isascii():
        found = _catalogue().get(
            typed_words.meant(code, {key: one.names for key, one in _catalogue().items()})
        )
    if found is None:
        raise NotFound(
            N_("There is no letter {code}."),
            field="code",
            code=code[:20],
            way_on=N_("The catalogue has: {codes}."),
            codes=" ".join(_catalogue()),
        )
    return found


@cache
def _by_outcome() -> dict[tuple[str, str | None], Kind]:
    return {
        (outcome, ground): kind
        for kind in all()
        for outcome in kind.outcomes
        for ground in kind.grounds or (None,)
    }


def of_item(outcome: str, ground: str | None) -> Kind:
    """The letter for one item alone; Refused when the outcome has none, or needs a ground that is not
    given.
    """
    table = _by_outcome()
    found = table.get((outcome, ground)) or table.get((outcome, None))
    if found is None:
        raise Refused(
            N_("There is no letter for the outcome {outcome} with the ground {ground}."),
            field="ground",
            outcome=outcome,
            ground=ground or "-",
            way_on=N_("Name the ground of the refusal; the law tables list them."),
        )
    return found


def gives(item: Mapping[str, Any]) -> bool:
    """Whether the applicant gets what this item, or this part of one, asks for."""
    return item["outcome"] in of_item(PARTIAL, None).gives


def severed(items: Iterable[Mapping[str, Any]], era: Era) -> frozenset[int]:
    """The numbers of the items within which what can be given was set apart from what cannot."""
    partial = of_item(PARTIAL, None)
    apart = era.of(partial.severs, f"kinds.toml {partial.code} severs")
    rows = list(items)
    given = {row["no"] for row in rows if gives(row)}
    return frozenset(
        row["no"]
        for row in rows
        if row["outcome"] == PARTIAL or (row["outcome"] in apart and row["no"] in given)
    )


def leading(
    items: Iterable[Mapping[str, Any]], on: date, law: Law, act: date | None = None
) -> tuple[Kind, str]:
    """The letter for a whole decision and the outcome that it counts as, as everywhere (workflow/law/
    counting.py).

    on is the day of receipt: the law of that day governs what can be decided; act the day of the act, for
    what is judged by it. Refused when there is no item, or an outcome that the law of that day does not know.
    """
    answers = tuple([(str(row["outcome"]), row.get("ground")) for row in items])
    return _leading(answers, on, law, act, law_tables.bundled())


@lru_cache(maxsize=64)
def _leading(
    answers: tuple[Answer, ...], on: date, law: Law, act: date | None, bundled: Law
) -> tuple[Kind, str]:
    if not answers:
        raise Refused(N_("The decision has no item: nothing can be answered."), field="decision.items")
    known = law.outcomes_by_id(on, act)
    for outcome, _ in answers:
        if outcome not in known:
            raise Refused(
                N_("The law in force on {day} does not know the outcome {outcome}."),
                field="decision.items",
                day=on.isoformat(),
                outcome=outcome,
            )
    if counting.is_partial(answers, bundled) or (PARTIAL, None) in answers:
        return of_item(PARTIAL, None), PARTIAL
    found = [of_item(*answer) for answer in answers]
    counted = counting.counts_as(answers, law)
    kind = of_item(*counted)
    if kind.document != REPLY:
        # A decision on the substance is called one, whatever else it says.
        kind = max(found, key=lambda one: (one.document == REPLY, one.rank))
    return kind, counted[0]


def for_decision(items: Iterable[Mapping[str, Any]], on: date, law: Law, act: date | None = None) -> str:
    """The code of the letter for a whole decision; see leading."""
    return leading(items, on, law, act)[0].code
