"""The words of the chart: names, provisions, periods, in one language, under the law of one day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import messages, tables
from workflow.base.dates import today
from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.line_breaks import GLUE
from workflow.base.messages import N_
from workflow.cases.context import OF_NO_PERSON
from workflow.procedure import act_tables
from workflow.procedure.process import NEW, Process, Row

HERE = Path(__file__).parent
Rows = list[Row]


class Words:
    """The words for one process, one language and one day's law."""

    def __init__(self, process: Process, language: str | None, on: date | None) -> None:
        self.process = process
        self.language = messages.normalise(language) or messages.language()
        self.day = on or today()
        self.law = law.bundled()
        self.table = tables.read(HERE / "layout.toml")

    def pick(self, entry: dict[str, str]) -> str:
        """The text of an entry in this language."""
        return entry["en" if self.language == "en" else "zh"]

    def word(self, key: str) -> str:
        """A word that only the chart uses."""
        return self.pick(self.table["words"][key])

    def state(self, key: str) -> str:
        """The name of a state."""
        return self.word("new") if key == NEW else self.pick(self.process.names["state"][key])

    def begin(self, track: str, state: str) -> str:
        """The name of a state in a track; before its beginning, what it is that begins."""
        if state == NEW and track != "case":
            return self.pick(self.process.names["track"][track])
        return self.state(state)

    def states(self, keys: list[str]) -> str:
        """States as a list; neighbours on the main line as 'from ... to'."""
        main, said = self.table["main"]["states"], []
        left = [key for key in main if key in keys]
        rest = [key for key in keys if key not in main]
        if set(keys) >= set(self.process.states("case")):
            return self.word("any")
        while left:
            end = 1
            while end < len(left) and main.index(left[end]) == main.index(left[end - 1]) + 1:
                end += 1
            said += [left[:end]] if end > 2 else [[key] for key in left[:end]]
            left = left[end:]
        texts = [
            self.state(part[0]) + (self.word("until") + self.state(part[-1]) if len(part) > 1 else "")
            for part in said
        ]
        return self.word("and").join([*texts, *(self.state(key) for key in rest)])

    def label(self, act: str) -> str:
        """The short name of an act."""
        entry = act_tables.acts().get(act, {}).get("chart_name") or self.process.names["event"].get(act)
        if entry is None:
            raise fault(N_("the act '{name}' has no name"), name=act)
        return self.pick(entry)

    def roles(self, rows: Rows) -> str:
        """Who may take these rows."""
        keys = dict.fromkeys(
            role for row in rows for role in row.roles if role not in OF_NO_PERSON or len(row.roles) == 1
        )
        if set(keys) >= set(self.process.names["role"]) - {*OF_NO_PERSON, "auditor"}:
            return self.word("everyone")
        return self.word("and").join(self.pick(self.process.names["role"][key]) for key in keys)

    def articles(self, rows: Rows) -> str:
        """The provisions of these rows, as short as they can be said."""
        return self.word("and").join(
            dict.fromkeys(self.article(row.basis("", self.day) or row.article) for row in rows)
        )

    def article(self, ref: str) -> str:
        """A provision, without the name of the Regulations."""
        if ref.startswith("house:"):
            return self.word("house")
        citation = self.law.citation(ref)
        instrument = self.law.instrument(citation.instrument)
        known = citation.instrument == self.law.era("").text
        if self.language == "en":
            short = citation.en.removeprefix(instrument.en).lstrip(", ")
            short = re.sub(r", para\. (\d+)", r"(\1)", short).replace(" ", "\u00a0")
            return (
                short if known else f"{self.table['instrument'].get(instrument.key, instrument.en)} {short}"
            )
        short = GLUE.join(citation.zh_short)
        # Which version it is follows from the day that stands on the chart.
        return short if known else re.sub(r"（\d{4}）$", "", instrument.short) + short

    def periods(self, act: str) -> list[str]:
        """The periods of the law that belong to an act."""
        said = []
        for name in act_tables.acts().get(act, {}).get("periods", ()):
            try:
                value, parameter = self.law.value(name, on=self.day), self.law.parameter(name)
            except OutOfLaw:
                continue  # the law of that day knew no such period
            unit = self.pick(self.law.unit(value.unit))
            gap = "\u00a0" if self.language == "en" else ""
            length = GLUE.join(f"{value.value}{gap}{unit}".replace(" ", "\u00a0"))
            said.append(f"{self.pick(parameter)}{self.word('colon')}{length}")
        return said

    def clock(self, rows: Rows) -> list[str]:
        """What these rows do to the time for reply."""
        verbs = dict.fromkeys(
            row.clock.partition(":")[0] for row in rows if row.clock.partition(":")[2] in ("reply.limit", "")
        )
        verbs.pop("", None)
        return [self.pick(self.table["clock"][verb]) for verb in verbs]

    def details(self, act: str, rows: Rows) -> str:
        """Who, on which article, within which time, with what effect on the time for reply."""
        texts = [self.roles(rows), self.articles(rows), *self.periods(act), *self.clock(rows)]
        return self.word("stop").join(texts)

    def flow(self, rows: Rows) -> str:
        """From which states to which."""
        sources = list(dict.fromkeys(row.source for row in rows))
        dests = list(dict.fromkeys(row.dest for row in rows))
        if not any(row.moves for row in rows):
            return self.word("at") + self.states(sources)
        return f"{self.states(sources)} → {self.states(dests)}"


def fault(reason: str, **params: Any) -> Malformed:
    """The error for a layout that does not fit the process table."""
    return Malformed(
        N_("The procedure chart does not fit the process table: {reason}."),
        field="layout.toml",
        reason=messages.translate(reason, **params),
        way_on=N_(
            "Give the act its place (`chart` in its table, workflow/procedure/acts; on a full page: foot or later), or bring workflow/procedure/chart/layout.toml up to the table."
        ),
    )
