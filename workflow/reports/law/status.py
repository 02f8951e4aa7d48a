"""Review of the law tables: what was compared when, what is uncertain and what depends on it, what is due for
review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from letters.content import kinds, phrases
from letters.content.kind_cells import Kind
from workflow import law
from workflow.base.messages import N_, translate
from workflow.law import Instrument, Law
from workflow.law.continuing import DATED

AGE = 365
"""Days after which what was compared with a text has to be compared again. House rule."""
CERTAIN = "V"
REMEDIES = ("reconsideration.limit", "litigation.limit")


class Open(NamedTuple):
    """A row in force of which the law, or our knowledge of it, is not certain: with what hangs on it."""

    table: str
    name: str
    status: str
    articles: tuple[str, ...]
    since: str
    note: str
    letters: tuple[str, ...]
    clocks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            **self._asdict(),
            "articles": list(self.articles),
            "letters": list(self.letters),
            "clocks": list(self.clocks),
        }


class Status(NamedTuple):
    """The whole of it on a day."""

    on: date
    texts: list[Instrument]
    open: list[Open]
    stale: list[tuple[str, date]]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "on": self.on.isoformat(),
            "texts": [
                {
                    "key": one.key,
                    "name": one.zh,
                    "number": one.number or None,
                    "from": one.effective_from.isoformat(),
                    "until": one.effective_until and one.effective_until.isoformat(),
                    "status": one.status,
                    "words": one.words,
                    "checked_on": one.checked_on.isoformat(),
                    "age": (self.on - one.checked_on).days,
                }
                for one in self.texts
            ],
            "uncertain": [one.as_json() for one in self.open],
            "stale": [{"what": what, "checked_on": day.isoformat()} for what, day in self.stale],
        }

    def lines(self) -> list[str]:
        """For a person: what is due first."""
        said = [
            translate(N_("Not compared with its text for more than {n} days, on {day}:"), n=AGE, day=self.on)
        ]
        said += [f"  {what} ({day})" for what, day in self.stale] or [f"  {translate(N_('Nothing.'))}"]
        said += ["", translate(N_("Not certain (M held to be right, C inferred, U not settled), in force:"))]
        for one in self.open:
            said.append(f"  {one.status:2} {one.table} {one.name} [{', '.join(one.articles)}]")
            hangs = [*one.letters, *one.clocks]
            if hangs:
                said.append("     " + translate(N_("on it hang: {names}"), names=" ".join(hangs)))
            if one.note:
                said.append(f"     {translate(one.note)}")
        unread = [text for text in self.texts if text.words != CERTAIN]
        said += ["", translate(N_("Quoted words that nothing compares with the text (M):"))]
        said += [f"  {text.words:2} {text.key}: {text.short}" for text in unread]
        said += ["", translate(N_("Texts, with the day on which each was last compared:"))]
        for text in self.texts:
            until = f" – {text.effective_until}" if text.effective_until else ""
            said.append(
                f"  {text.checked_on} {text.status} {text.key}: {text.short} ({text.effective_from}{until})"
            )
        return said


def status(on: date, book: Law | None = None) -> Status:
    """What has to be watched on a day, in the tables of the law."""
    book = book or law.bundled()
    texts = sorted(book.instruments(), key=lambda one: (one.checked_on, one.key))
    stale = [(one.key, one.checked_on) for one in texts if (on - one.checked_on).days > AGE]
    stale += [(one.id, one.checked_on) for one in book.stale(on, AGE)]
    return Status(on, texts, list(_open(book, on)), stale)


def _open(book: Law, on: date) -> Iterator[Open]:
    for table, name in DATED:
        for row in book.tables.get(table, {}).get(name, ()):
            if row.get("status", CERTAIN) == CERTAIN or not _holds(row, on):
                continue
            letters, clocks = _hangs(book, table, row)
            refs = row.get("articles") or [row["article"]]
            yield Open(
                f"{table}.{name}",
                _named(row),
                row["status"],
                tuple(refs),
                row["effective_from"],
                row.get("note", ""),
                tuple(letters),
                tuple(clocks),
            )


def _holds(row: dict[str, Any], on: date) -> bool:
    return bool(row["effective_from"] <= on.isoformat() <= row.get("effective_until", "9999-12-31"))


def _named(row: dict[str, Any]) -> str:
    """What a row is called: its id, the outcomes of a route with their variant, the kind of an organ."""
    if "how" in row:
        return f"{row['remedy']}, {row['how']}"
    for key in ("id", "outcomes", "kind", "channel", "who", "role"):
        if key in row:
            named = row[key]
            text = ", ".join(named) if isinstance(named, list) else str(named)
            return f"{text} [{row['answer']}]" if row.get("answer") else text
    return "?"


def _hangs(book: Law, table: str, row: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The letters and clocks that depend on a row."""
    match table:
        case "durations":
            return _of_a_period(book, row["id"])
        case "grounds":
            return _letters(lambda kind: row["id"] in kind.grounds), []
        case "outcomes":
            return _of_outcomes([row["id"]]), []
        case "routes" if "outcomes" in row:
            told = "third_party_disclosure" in row["outcomes"]
            others = _letters(lambda kind: told and kind.remedy == "third_party")
            return [*_of_outcomes(row["outcomes"]), *others], list(REMEDIES)
        case "routes" | "organs":
            return _with_remedy(), list(REMEDIES)
        case "starts":
            return [], list(REMEDIES)
        case "fees":
            return _letters(lambda kind: "notify_fee" in kind.events), ["fee.payment"]
        case "channels":
            return [], ["reply.limit"]
    return [], []


def _of_a_period(book: Law, id: str) -> tuple[list[str], list[str]]:
    clocks = list(book.parameter(id).get("clocks", [id]))
    told = any(clock in REMEDIES for clock in clocks)
    return [*_telling(id), *(_with_remedy() if told else [])], clocks


def _letters(wanted: Callable[[Kind], bool]) -> list[str]:
    return [kind.code for kind in kinds.all() if wanted(kind)]


def _of_outcomes(ids: list[str]) -> list[str]:
    return _letters(lambda kind: bool(set(ids) & set(kind.outcomes)))


def _telling(id: str) -> list[str]:
    """The letters that name a value in figures."""
    section = phrases.bundled().section("letter")
    return [
        code
        for code, row in section.items()
        if isinstance(row, dict) and id in dict(row.get("values", {})).values()
    ]


def _with_remedy() -> list[str]:
    return _letters(lambda kind: kind.remedy not in ("none", ""))
