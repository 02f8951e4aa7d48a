"""One kind of letter: its cells in the catalogue (kinds.toml), read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workflow import law as law_tables
from workflow.base import tables
from workflow.base.completeness import require_known
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.law.eras import Era

TABLE = Path(__file__).with_name("kinds.toml")
FORMATS = ("letter", "form", "slip")
TEMPLATES = ("letter", "form")
ADDRESSEES = ("applicant", "third_party", "organ", "file")
REMEDIES = ("decision", "third_party", "free", "none")
# The series of document numbers; "": without a number.
SERIES = ("reply", "notice", "")
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
        require_known(
            "letters/content/kind_cells.py: Kind", [str(missing.args[0])], f"kinds.toml: {code}", row
        )
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


def parts() -> Mapping[str, Mapping[str, str]]:
    """The parts of which letters are made, with their names."""
    found: Mapping[str, Mapping[str, str]] = tables.read(TABLE)["part"]
    return found
