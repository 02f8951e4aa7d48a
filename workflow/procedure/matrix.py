"""The process table as a matrix for a lawyer to read: who may do what in which state, on which provision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from letters.content import kinds
from workflow import law
from workflow.base import dates, messages, spreadsheets, tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.law.eras import ABSENT, Era
from workflow.procedure import act_tables
from workflow.procedure.process import NEW, Process, Row

HERE = Path(__file__).parent
FIRST = ("key", "track", "source", "event")
BETWEEN = ("dest", "when", "guards")
LAST = ("clock", "letters")


class _Words:
    """What the cells say, in one language."""

    def __init__(self, process: Process, language: str | None) -> None:
        self.process = process
        self.language = messages.normalise(language) or messages.language()
        self.law = law.bundled()
        self.table = {**tables.read(HERE / "matrix.toml"), **act_tables.bundled()["words"]}

    def pick(self, entry: dict[str, str]) -> str:
        return entry["en" if self.language == "en" else "zh"]

    def name(self, kind: str, key: str) -> str:
        return self.pick(self.process.names[kind][key])

    def word(self, kind: str, key: str) -> str:
        try:
            return self.pick(self.table[kind][key])
        except KeyError:
            raise Malformed(
                N_("The matrix has no words for '{name}' of the process table."),
                field="matrix.toml",
                name=key,
                way_on=N_(
                    "Give it 'zh' and 'en' in the file of its act: workflow/procedure/acts, [{kind}.{name}]."
                ),
                kind=kind,
            ) from None

    def under(self, era: Era) -> str:
        return self.word("column", "article").format(era=self.pick({"zh": era.zh, "en": era.en}))

    def join(self, texts: list[str]) -> str:
        return self.word("word", "stop").join(texts)

    def dest(self, row: Row) -> str:
        return self.name("state", row.dest) if row.moves else self.word("word", "stays")

    def when(self, row: Row) -> str:
        if row.when.startswith("next_step:"):
            return self.word("word", "next")
        name, _, state = row.when.partition(":")
        if state:
            return self.word("when", name) + self.name("state", state)
        return self.word("when", name) if name else ""

    def article(self, ref: str) -> str:
        if ref == ABSENT:
            return self.word("word", "no_step")
        if ref.startswith("house:"):
            zh, en = self.process.house[ref.removeprefix("house:")]
            return self.word("word", "house") + self.pick({"zh": zh, "en": en})
        citation = self.law.citation(ref)
        return self.pick({"zh": citation.zh, "en": citation.en})

    def clock(self, row: Row) -> str:
        if not row.clock:
            return ""
        verb, _, limit = row.clock.partition(":")
        known = self.process.names["clock"].get(limit)
        named = self.pick(known) if known else self.word("limit", limit)
        return named + (" " if self.language == "en" else "") + self.word("clock", verb)

    def letter(self, code: str) -> str:
        if code == act_tables.DECISION:
            return self.word("word", "decision")
        kind = kinds.get(code)
        return f"{code} {self.pick({'zh': kind.zh, 'en': kind.en})}"


def rows(process: Process, lang: str | None = None) -> list[dict[str, Any]]:
    """One row of the process table each: names and provisions in words, and for each role whether it may."""
    words = _Words(process, lang)
    return [
        {
            "key": f"{row.track}.{row.source}.{row.event}.{row.dest}",
            "track": words.name("track", row.track),
            "source": words.name("state", row.source),
            "event": words.name("event", row.event),
            **{role: role in row.roles for role in process.names["role"]},
            "dest": words.dest(row),
            "when": words.when(row),
            "guards": words.join([words.word("guard", guard) for guard in row.guard]),
            **{
                column: words.article(row.basis(era.key, era.holds(dates.today())) or ABSENT)
                for column, era in columns().items()
            },
            "clock": words.clock(row),
            "letters": words.join([words.letter(code) for code in row.letters]),
        }
        for row in _by_state(process)
    ]


def columns() -> dict[str, Era]:
    """The columns of provisions: one for each era of the Regulations, the latest first."""
    return {f"article_{era.first.year}": era for era in reversed(law.bundled().eras())}


def to_csv(process: Process, lang: str | None = None, *, bom: bool = False) -> str:
    """The rows as CSV (RFC 4180, lines ended by CR LF); `bom` for a sheet program that asks for it to see
    UTF-8.
    """
    words = _Words(process, lang)
    roles = list(process.names["role"])
    heads = [words.word("column", key) for key in FIRST] + [words.name("role", role) for role in roles]
    after = (*BETWEEN, *columns(), *LAST)
    heads += [words.word("column", key) for key in BETWEEN]
    heads += [words.under(era) for era in columns().values()]
    lines = [[*heads, *(words.word("column", key) for key in LAST)]]
    for row in rows(process, lang):
        marks = [words.word("word", "allowed") if row[role] else "" for role in roles]
        lines.append([*(row[key] for key in FIRST), *marks, *(row[key] for key in after)])
    return spreadsheets.csv_text(lines, bom=bom)


def _by_state(process: Process) -> list[Row]:
    """The rows by track, then by the state in which they start: as one reads what may be done there."""
    places: dict[tuple[str, str], list[Row]] = {}
    for row in process.rows:
        places.setdefault((row.track, row.source), []).append(row)
    tracks = list(dict.fromkeys(row.track for row in process.rows))
    return [
        row
        for track in tracks
        for state in (NEW, *process.states(track))
        for row in places.get((track, state), [])
    ]
