"""The catalogue of letters (kinds.toml): code, names, legal basis, form, remedy, and which decision leads to
which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from workflow import law as law_tables
from workflow.base import tables, typed_words
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Environment, NotFound, Refused
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.law import Law, counting
from workflow.law import eras as law_eras
from workflow.law.eras import Era
from workflow.law.keys import Outcome
from workflow.law.rows import Checked

TABLE = Path(__file__).with_name("kinds.toml")
FORMATS = ("letter", "form", "slip")
TEMPLATES = ("letter", "form")
ADDRESSEES = ("applicant", "third_party", "organ", "file")
REMEDIES = ("decision", "third_party", "free", "none")
# The series of document numbers; "": without a number.
SERIES = ("reply", "notice", "")
PARTIAL = Outcome.PARTIAL
"""The outcome of a decision in which what can be given was set apart from what cannot."""
REPLY = "答复书"
"""What a decision on the substance calls itself; one of several items is one where any item's would be."""
_OF_OUTCOMES = "outcomes"


@dataclass(frozen=True, slots=True)
class Kind:
    """One letter of the catalogue. basis: provisions by Regulations; None where that law knows no such step.

    contested: as what the law tables know the way against a letter that decides nothing.
    """

    code: str
    zh: str
    en: str
    document: str
    title: str
    format: str
    template: str
    to: str
    series: str
    remedy: str
    contested: str
    events: tuple[str, ...]
    command: str
    basis: Mapping[str, tuple[str, ...] | None]
    needs: Mapping[str, str]
    parts: tuple[str, ...]
    report: tuple[str, ...]
    since: date | None
    before: str
    outcomes: tuple[str, ...]
    grounds: tuple[str, ...]
    rank: int
    gives: frozenset[str]
    severs: Mapping[str, frozenset[str]]

    @property
    def names(self) -> dict[str, str]:
        """What it is called in both languages."""
        return {"zh": self.zh, "en": self.en}

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

    @property
    def required(self) -> tuple[str, ...]:
        """The parts that have to stand in every such letter."""
        return tuple(part for part in self.parts if not part.endswith("?"))

    def provisions(self, era: Era) -> tuple[str, ...] | None:
        """The provisions behind a letter that decides nothing; None where the Regulations know no such
        step.
        """
        refs = era.of(self.basis, f"kinds.toml {self.code}")
        return None if refs is None else tuple(era.ref(ref) for ref in refs)

    def basis_under(self, era: Era, on: date) -> tuple[str, ...]:
        """The provisions behind a letter of that day that decides nothing; Refused where the law has no such
        step.
        """
        refs = self.provisions(era)
        if refs is None:
            raise Refused(
                N_("The Regulations that govern this application know no {letter}."),
                field="code",
                letter=self.name,
                rule=next(ref for known in self.basis.values() for ref in known or ()),
            )
        if self.since is not None and on < self.since:
            raise Refused(
                N_("There was no {letter} before {day}. {why}"),
                field="code",
                letter=self.name,
                day=self.since.isoformat(),
                why=_(self.before),
                rule=refs[-1],
            )
        # A provision that was not in force on the day of the letter is no basis for it.
        return tuple(ref for ref in refs if law_tables.bundled().holds(ref, on))


def kind_of(code: str, row: Mapping[str, Any], defaults: Mapping[str, Any]) -> Kind:
    """A row of the catalogue with what it leaves to its default; Malformed names the cell that is wrong."""
    row = {**defaults.get("decision" if "outcomes" in row else row.get("format", ""), {}), **row}
    try:
        kind = Kind(
            code=code,
            zh=row["zh"],
            en=row["en"],
            document=row["document"],
            title=row.get("title", f"政府信息公开申请{row['document']}" if "outcomes" in row else row["zh"]),
            format=row["format"],
            template=row["template"],
            to=row["to"],
            series=row["series"],
            remedy=row["remedy"],
            contested=row.get("contested", ""),
            events=tuple(row["events"]),
            command=row.get("command", ""),
            basis={key: None if refs == "-" else tuple(refs) for key, refs in row.get("basis", {}).items()},
            needs=dict(row.get("needs", {})),
            parts=tuple(row["parts"]),
            report=() if row["report"] == _OF_OUTCOMES else tuple(row["report"]),
            since=date.fromisoformat(row["from"]) if "from" in row else None,
            before=row.get("before", ""),
            outcomes=tuple(row.get("outcomes", ())),
            grounds=tuple(row.get("grounds", ())),
            rank=row.get("rank", 0),
            gives=frozenset(row.get("gives", ())),
            severs={key: frozenset(listed) for key, listed in row.get("severs", {}).items()},
        )
    except KeyError as missing:
        require_known("letters/content/kinds.Kind", [str(missing.args[0])], f"kinds.toml: {code}", row)
        raise
    except (TypeError, ValueError):
        raise Environment(N_("The row {code} of the catalogue of letters is wrong."), code=code) from None
    for cell, given, known in (
        ("format", [kind.format], FORMATS),
        ("template", [kind.template], TEMPLATES),
        ("to", [kind.to], ADDRESSEES),
        ("series", [kind.series], SERIES),
        ("remedy", [kind.remedy], REMEDIES),
        ("parts", [part.rstrip("?") for part in kind.parts], parts()),
        ("contested", [kind.contested] if kind.contested else [], law_tables.bundled().contested()),
    ):
        require_known(f"kinds.toml: {code}", given, f"kinds.toml: {cell}", known)
    return kind


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
                yield from law_eras.cell_faults(f"kinds.toml: {code}.{name}", row[name], known)


def read() -> dict[str, Kind]:
    """Every row of the catalogue by its code, in order; whether the law has what they answer is not asked."""
    table = tables.read(TABLE)
    rows = {code: row for code, row in table.items() if code not in ("default", "part")}
    return {code: kind_of(code, row, table["default"]) for code, row in rows.items()}


@cache
def _catalogue() -> dict[str, Kind]:
    law_eras.refuse("kinds.toml", era_faults(law_tables.bundled().eras()))
    found = read()
    check_answers(found, law_tables.bundled())
    return found


def parts() -> Mapping[str, Mapping[str, str]]:
    """The parts of which letters are made, with their names."""
    found: Mapping[str, Mapping[str, str]] = tables.read(TABLE)["part"]
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


def is_partial(items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the decision as a whole is a partial disclosure: something is given, and something is not."""
    answers = [(str(row["outcome"]), row.get("ground")) for row in items]
    return counting.is_partial(answers, law_tables.bundled()) or (PARTIAL, None) in answers


def leading(
    items: Iterable[Mapping[str, Any]], on: date, law: Law, act: date | None = None
) -> tuple[Kind, str]:
    """The letter for a whole decision and the outcome that it counts as, as everywhere (workflow/law/
    counting.py).

    on is the day of receipt: the law of that day governs what can be decided; act the day of the act, for
    what is judged by it. Refused when there is no item, or an outcome that the law of that day does not know.
    """
    listed = [{**row, "no": row.get("no", place)} for place, row in enumerate(items, 1)]
    if not listed:
        raise Refused(N_("The decision has no item: nothing can be answered."), field="decision.items")
    known = {outcome.id for outcome in law.outcomes(on, act)}
    for item in listed:
        if item["outcome"] not in known:
            raise Refused(
                N_("The law in force on {day} does not know the outcome {outcome}."),
                field="decision.items",
                day=on.isoformat(),
                outcome=item["outcome"],
            )
    if is_partial(listed):
        return of_item(PARTIAL, None), PARTIAL
    found = [of_item(item["outcome"], item.get("ground")) for item in listed]
    answers = [(str(item["outcome"]), item.get("ground")) for item in listed]
    counted = counting.counts_as(answers, law)
    kind = of_item(*counted)
    if kind.document != REPLY:
        # A decision on the substance is called one, whatever else it says.
        kind = max(found, key=lambda one: (one.document == REPLY, one.rank))
    return kind, counted[0]


def for_decision(items: Iterable[Mapping[str, Any]], on: date, law: Law, act: date | None = None) -> str:
    """The code of the letter for a whole decision; see leading."""
    return leading(items, on, law, act)[0].code
