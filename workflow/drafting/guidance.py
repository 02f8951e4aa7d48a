"""Work guidance as Markdown pages: every provision that a page cites is looked up, as in a letter before
its issue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from letters.check import mentions
from letters.check.own_words import plain
from letters.check.subject import table
from workflow import law
from workflow.base import tables
from workflow.base.errors import NotFound
from workflow.base.messages import N_, translate

MOST = 1_000
_SAID = {
    mentions.PASSED: N_("in order"),
    mentions.NO_ARTICLE: N_("there is no such provision"),
    mentions.NOT_IN_FORCE: N_("not in force on that day"),
    mentions.UNKNOWN: N_("an instrument that the law tables do not know"),
}


@dataclass(frozen=True)
class Cited:
    """A provision that a page cites: where, which, and whether it is there and in force."""

    page: str
    line: int
    text: str
    instrument: str
    verdict: str

    @property
    def wrong(self) -> bool:
        """Whether there is no such provision, or it is not in force; what the tables do not know is only
        said.
        """
        return self.verdict in (mentions.NO_ARTICLE, mentions.NOT_IN_FORCE)

    @property
    def remarkable(self) -> bool:
        """Whether a person has to look: it is wrong, or nobody can say."""
        return self.verdict != mentions.PASSED

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**vars(self), "wrong": self.wrong}

    def said(self) -> str:
        """For the screen."""
        name = f"《{self.instrument}》" if self.instrument and self.instrument not in self.text else ""
        return f"{self.page}:{self.line}  {name}{self.text}  {translate(_SAID[self.verdict])}"


def pages(place: Path) -> list[Path]:
    """The pages of a folder (and those below), or the one page."""
    found = sorted(place.rglob("*.md")) if place.is_dir() else [place]
    if not found or len(found) > MOST:
        raise NotFound(
            N_("{path} holds no page (.md), or more than {most}."), field="place", path=str(place), most=MOST
        )
    return found


def cited(place: Path, on: date) -> Iterator[Cited]:
    """Every provision that the pages cite, as of a day. An article alone is one of the instrument named last
    before it in its section.
    """
    for path in pages(place):
        name = path.name if place.is_file() else str(path.relative_to(place))
        yield from cited_in(name, tables.text_of(path), on)


def cited_in(name: str, text: str, on: date) -> Iterator[Cited]:
    """The same of the text of one page."""
    reader = _reader(on)
    for line, said in _paragraphs(text):
        for one in reader.find(plain(said)):
            yield Cited(name, line, one.text, one.name, reader.verdict(one, (on, on)))


def mentions_in(text: str, on: date) -> Iterator[mentions.Mention]:
    """The places of instruments that a page names."""
    reader = _reader(on)
    for _line, said in _paragraphs(text):
        yield from reader.find(plain(said))


def _reader(on: date) -> mentions.Reader:
    book = law.bundled()
    return mentions.Reader(book, table()["words"], book.era_on(on))


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs with the number of their first line; code is passed over."""
    inside, begun, said = False, 0, ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        fence = line.lstrip().startswith(("```", "~~~"))
        if fence:
            inside = not inside
        if line.strip() and not inside and not fence:
            begun, said = begun or number, said + line.strip()
        elif said:
            yield begun, said
            begun, said = 0, ""
