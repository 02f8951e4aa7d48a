"""The catalogue of letters (kinds.toml): code, names, legal basis, form, remedy, and which decision leads to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow import tables
from workflow.errors import Environment, NotFound, Refused
from workflow.i18n import N_, pick

if TYPE_CHECKING:
    from workflow.law import Law

TABLE = Path(__file__).with_name("kinds.toml")
FORMATS = ("letter", "form", "slip")
ADDRESSEES = ("applicant", "third_party", "organ", "file")
REMEDIES = ("decision", "third_party", "free", "none")
DISCLOSING = frozenset({"granted", "already_public"})
"""Outcomes by which the applicant gets the information: with any other beside them the reply is a partial one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One letter of the catalogue. basis: provisions by Regulations; None where that law knows no such step."""

    code: str
    zh: str
    en: str
    document: str
    title: str
    format: str
    to: str
    series: str
    remedy: str
    event: str
    basis: Mapping[str, tuple[str, ...] | None]
    needs: Mapping[str, str]
    outcomes: tuple[str, ...]
    grounds: tuple[str, ...]
    rank: int

    @property
    def name(self) -> str:
        """The name in the language in force."""
        return pick(self.zh, self.en)

    @property
    def decides(self) -> bool:
        """Whether it is a decision on the items of a request."""
        return bool(self.outcomes)

    @property
    def numbered(self) -> bool:
        """Whether it bears a document number."""
        return bool(self.series)


def _kind(code: str, row: Mapping[str, Any]) -> Kind:
    decides = "outcomes" in row
    basis = {
        regulations: None if refs == "-" else tuple(refs)
        for regulations, refs in row.get("basis", {}).items()
    }
    document = row.get("document", "答复书")
    kind = Kind(
        code=code, zh=row["zh"], en=row["en"], document=document,
        title=row.get("title", f"政府信息公开申请{document}" if decides else row["zh"]),
        format=row.get("format", "letter"), to=row.get("to", "applicant"), series=row.get("series", "reply"),
        remedy=row.get("remedy", "decision"), event=row.get("event", "issue"), basis=basis,
        needs=dict(row.get("needs", {})), outcomes=tuple(row.get("outcomes", ())),
        grounds=tuple(row.get("grounds", ())), rank=row.get("rank", 0),
    )  # fmt: skip
    if kind.format not in FORMATS or kind.to not in ADDRESSEES or kind.remedy not in REMEDIES:
        raise Environment(N_("The row {code} of the catalogue of letters is wrong."), code=code)
    return kind


@cache
def _catalogue() -> dict[str, Kind]:
    return {code: _kind(code, row) for code, row in tables.read(TABLE).items()}


def all() -> tuple[Kind, ...]:
    """Every letter, in the order of the catalogue."""
    return tuple(_catalogue().values())


def get(code: str) -> Kind:
    """The letter of this code ('D3', 'd4d'); NotFound with the codes that there are."""
    found = _catalogue().get(code) or _catalogue().get(code[:1].upper() + code[1:].lower())
    if found is None:
        raise NotFound(
            N_("There is no letter {code}."), field="code", code=code[:20],
            way_on=N_("The catalogue has: {codes}."), codes=" ".join(_catalogue()),
        )  # fmt: skip
    return found


@cache
def _by_outcome() -> dict[tuple[str, str | None], Kind]:
    return {
        (outcome, ground): kind
        for kind in all()
        for outcome in kind.outcomes
        for ground in kind.grounds or (None,)
    }  # fmt: skip


def of_item(outcome: str, ground: str | None) -> Kind:
    """The letter for one item alone; Refused when the outcome has none, or needs a ground that is not given."""
    table = _by_outcome()
    found = table.get((outcome, ground)) or table.get((outcome, None))
    if found is None:
        raise Refused(
            N_("There is no letter for the outcome {outcome} with the ground {ground}."),
            field="ground", outcome=outcome, ground=ground or "-",
            way_on=N_("Name the ground of the refusal; the law tables list them."),
        )  # fmt: skip
    return found


def is_partial(items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether something is given and something is not: the reply is then a partial disclosure as a whole."""
    outcomes = {item["outcome"] for item in items}
    return "partial" in outcomes or bool(outcomes & DISCLOSING and outcomes - DISCLOSING)


def for_decision(items: Iterable[Mapping[str, Any]], on: date, law: Law) -> str:
    """The code of the letter for a whole decision; the weightiest outcome names a mixed one.

    on is the day of receipt: the law of that day governs what can be decided. Refused when there is no item, or
    an outcome that the law of that day does not know.
    """
    listed = list(items)
    if not listed:
        raise Refused(N_("The decision has no item: nothing can be answered."), field="decision.items")
    known = {outcome.id for outcome in law.outcomes(on)}
    for item in listed:
        if item["outcome"] not in known:
            raise Refused(
                N_("The law in force on {day} does not know the outcome {outcome}."),
                field="decision.items", day=on.isoformat(), outcome=item["outcome"],
            )  # fmt: skip
    if is_partial(listed):
        return of_item("partial", None).code
    return max(
        (of_item(item["outcome"], item.get("ground")) for item in listed), key=lambda kind: kind.rank
    ).code
