"""The office's work guidance: pages kept in its record, and released for the public by a second person.

A page is taken in as it was written (Markdown), checked like a letter: every provision that it cites has to
exist and be in force, and nothing of a person may stand in it. A page of the same name takes the place of the
one before, and is released anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.check import personal
from workflow import law
from workflow.base import tables, typed_text
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.drafting import guidance
from workflow.office import identity, library, own_entries
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from sqlalchemy.engine import Connection

KEPT, RELEASED, REMOVED = "guidance_kept", "guidance_released", "guidance_removed"
EVENTS = (KEPT, RELEASED, REMOVED)
RELEASER = "approver"
LONGEST = 60_000
_HEADINGS = 6


@dataclass(frozen=True)
class Page:
    """A page of guidance: its number and name, its title, its text, who brought it in, whether it is
    released.
    """

    no: int
    name: str
    title: str
    text: str
    by: str = ""
    released: bool = False

    @property
    def state(self) -> str:
        """Where it stands, as a case of the library does."""
        return "released" if self.released else "kept"

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))


def pages(connection: Connection, office_id: int) -> list[Page]:
    """Every page that was not removed or replaced, in the order in which they were first taken in."""
    found: dict[str, Page] = {}
    for one in own_entries.told(connection, office_id, EVENTS):
        name = one.payload["name"]
        if one.event == KEPT:
            found[name] = Page(**one.payload, by=one.by)
        elif one.event == REMOVED:
            found.pop(name, None)
        elif name in found:
            found[name] = replace(found[name], released=True)
    return sorted(found.values(), key=lambda page: page.no)


def one(known: Iterable[Page], said: str) -> Page:
    """The page that is meant, by its number or name."""
    found = [page for page in known if said.strip() in (str(page.no), page.name)]
    if not found:
        raise NotFound(
            N_("There is no work guidance '{name}'."),
            field="page",
            name=said[:40],
            way_on=N_("See what there is with: disclosure guidance list"),
        )
    return found[0]


def keep(seat: Seat, path: Path) -> Page:
    """Take a page in. Refused where it cites what does not exist or is not in force, or names a person."""
    library.require_writer(seat)
    text = tables.text_of(path)
    if len(text) > LONGEST:
        raise Malformed(
            N_("{name} has {length} characters; the most is {longest}."),
            field="file",
            name=path.name,
            length=len(text),
            longest=LONGEST,
        )
    heading = next((line for line in text.splitlines() if line.startswith("# ")), "")
    title = typed_text.required_text(heading.removeprefix("# ") or path.stem, "title")
    _require_nobody(text)
    require_in_order(path.name, text, seat.today())
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        known = list(own_entries.told(connection, seat.office.id, (KEPT,)))
        before = next((told.payload["no"] for told in known if told.payload["name"] == path.stem), None)
        no = before or 1 + len({told.payload["name"] for told in known})
        facts: dict[str, Any] = {"no": no, "name": path.stem, "title": title, "text": text}
        library.record(connection, seat, KEPT, facts)
    return Page(**facts, by=seat.officer.key)


def _require_nobody(text: str) -> None:
    found = next(personal.spans(text, "text", ()), None)
    if found is not None:
        raise Refused(
            N_("The page holds personal data ({what}: {masked}): guidance names nobody."),
            rule="house:privacy",
            field="file",
            what=Named("personal", found[0]),
            masked=found[3],
            way_on=N_("Write 甲, 某公司 in its place and try again."),
        )


def require_in_order(name: str, text: str, on: date) -> None:
    """Refused where the page cites what does not exist, or is not in force on the day."""
    wrong = [told for told in guidance.cited_in(name, text, on) if told.wrong]
    if wrong:
        raise Refused(
            N_("The page cites what is not so ({n}); the first: {first}"),
            rule=library.RULE,
            field="file",
            n=len(wrong),
            first=wrong[0].said(),
            way_on=N_("See all of them with: disclosure guidance check FILE"),
        )


def release(seat: Seat, said: str) -> Page:
    """Let a page be read by the public: an approver who did not bring it in; looked up anew as of today."""
    library.require_writer(seat)
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        found = one(pages(connection, seat.office.id), said)
        library.require_role(seat, RELEASER)
        identity.require_second_person(
            seat.officer,
            found.by,
            N_("{officer} brought this page in and cannot also release it: it takes two persons."),
            library.RULE,
        )
        require_in_order(found.name, found.text, seat.today())
        library.record(connection, seat, RELEASED, {"name": found.name})
    return replace(found, released=True)


def remove(seat: Seat, said: str, reason: str) -> Page:
    """Take a page out; it stays in the record."""
    library.require_writer(seat)
    reason = typed_text.required_text(reason, "reason")
    with seat.store.writing() as connection:
        library.lock(connection, seat)
        found = one(pages(connection, seat.office.id), said)
        library.record(connection, seat, REMOVED, {"name": found.name, "reason": reason})
    return found


# --- for officers at the draft, and for the public


def about(known: Iterable[Page], outcome: str | None, ground: str | None, on: date) -> list[Page]:
    """The pages that cite a provision on which the outcome or the ground rests."""
    book = law.bundled().tables
    rows = [*book["outcomes"]["basis"], *book["grounds"]["basis"]]
    wanted = {_article(row["article"]) for row in rows if row["id"] in (outcome, ground)}
    return [
        page
        for page in known
        if any(
            f"{key}:{told.article}" in wanted
            for told in guidance.mentions_in(page.text, on)
            for key in told.keys
        )
    ]


def _article(ref: str) -> str:
    instrument, _, place = ref.partition(":")
    return f"{instrument}:{place.partition('.')[0]}"


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # No HTML of one's own, and no picture: a page loads nothing from elsewhere.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def html(page: Page) -> str:
    """The text of a page as HTML: its headings stand below the title, which is left to the page."""
    text = page.text.replace(f"# {page.title}", "", 1) if page.text.lstrip().startswith("# ") else page.text
    reader = _reader()
    tokens = reader.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    level = 1  # that of the title; none below is left out on the way down
    for token in headings:
        if token.type == "heading_open":
            level = min(_HEADINGS, int(token.tag[1]) - highest + 2, level + 1)
        token.tag = f"h{level}"
    made: str = reader.renderer.render(tokens, reader.options, {})
    return made
