"""An office's own wording in the database: checked against every specimen, kept by what it holds, named by
letters.

Each acceptance is a row of its own; the newest is in force. A letter carries with it what it was set by, so
that it can be made again, byte for byte, when the office has long had other words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from letters.content import compose, phrases, specimens
from letters.content.faults import Fault
from letters.fonts import coverage
from letters.own_wording import template_html, wording
from letters.own_wording.wording import Override
from letters.pdf import render
from letters.pdf.reading import text_of
from workflow import law
from workflow.base import whole_files
from workflow.base.errors import Conflict, DisclosureError, NotFound
from workflow.base.messages import N_
from workflow.casework import wording_in_force
from workflow.drafting import specimen_files
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage import ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ROWS = TABLES["override"]
EVENT = "wording_accepted"
# Days of letters under each law that a letter may still bear: the Regulations of 2008 and 2019, the
# reconsideration laws of 1999 and 2023, the litigation law before and after 2015-05-01.
ERAS = (date(2014, 6, 20), date(2018, 6, 20), date(2020, 6, 19), date(2026, 5, 20))


def check(
    override: Override, seen: Callable[[], None] = lambda: None, eras: tuple[date, ...] | None = None
) -> tuple[int, list[Fault]]:
    """How many specimens were set with the wording, and everything that is wrong with them.

    First what each says, served on paper and online; where that is sound, each is set as a PDF and read back.
    """
    found: list[Fault] = []
    specimens = list(_specimens(eras or ERAS))
    for one in specimens:
        for served_by in ("post", "online"):
            found += _one(override, *one, served_by=served_by, setting=False)
    for one in () if found else specimens:
        found += _one(override, *one, served_by="post", setting=True)
        seen()
    return len(specimens), list(dict.fromkeys(found))


def total() -> int:
    """How many specimens there are."""
    return len(list(_specimens(ERAS)))


def _specimens(eras: tuple[date, ...]) -> Iterator[tuple[str, str | None, str | None, date]]:
    for on in eras:
        for code, ground, outcome in specimen_files.wanted(on):
            yield code, ground, outcome, on


def _one(
    override: Override,
    code: str,
    ground: str | None,
    outcome: str | None,
    on: date,
    *,
    served_by: str,
    setting: bool,
) -> list[Fault]:
    table = law.bundled()
    name = " ".join(filter(None, (code, ground or outcome, str(on.year))))
    data = specimens.data(code, ground, on=on, outcome=outcome, served_by=served_by)
    reference = {**compose.letter(code, data, table), "told": wording.told_of(data)}
    try:
        content = override.over(compose.letter(code, data, table, words=override.words))
        page = render.html(content)
        told = text_of(render.pdf(content)) if setting else template_html.words(page)
        missing = coverage.uncovered([page])
    except DisclosureError as fault:
        return [Fault(name, (fault.field or "letter").removeprefix("parts."), fault.text)]
    except Exception as fault:  # noqa: BLE001  # a phrase of another shape breaks the composition anywhere
        return [Fault(name, "phrases", f"{type(fault).__name__}: {fault}")]
    if missing:
        return [Fault(name, "glyph", "".join(missing))]
    return list(wording.faults(name, reference, content, page, told, table))


def accept(seat: Seat, folder: Path, seen: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Take a folder's wording into force: checked first, then kept and recorded in the office's ledger."""
    founding.require_manager(seat)
    override = wording.read(folder)
    count, found = check(override, seen)
    wording.require_none(found)
    return {**_keep(seat, override), "specimens": count}


def drop(seat: Seat) -> dict[str, Any]:
    """Return to the project's own words; the office's wording stays in the record."""
    founding.require_manager(seat)
    return _keep(seat, Override())


def _keep(seat: Seat, override: Override) -> dict[str, Any]:
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        if wording_in_force.in_force(connection, seat.office.id).digest == override.digest:
            raise Conflict(
                N_("That wording is in force already."),
                field="folder",
                way_on=N_("See what was accepted with: disclosure letter overrides list"),
            )
        moment = seat.moment()
        connection.execute(
            insert(ROWS).values(
                office_id=seat.office.id,
                digest=override.digest,
                content=override.text,
                accepted_at=moment,
                accepted_by=seat.officer.key,
            )
        )
        payload = {"digest": override.digest, "files": _files(override)}
        founding.entry(connection, seat.office.id, EVENT, seat.officer.actor, payload)
    return {**payload, "accepted_at": moment, "by": seat.officer.key}


def _files(override: Override) -> list[str]:
    return ([wording.PHRASES] if override.changes else []) + sorted(override.templates)


def listed(seat: Seat) -> list[dict[str, Any]]:
    """The accepted wordings, oldest first; the last is in force."""
    with seat.store.reading() as connection:
        rows = connection.execute(
            select(ROWS).where(ROWS.c.office_id == seat.office.id).order_by(ROWS.c.id)
        ).all()
    return [
        {
            "digest": row.digest,
            "files": _files(wording.of_text(row.content)),
            "accepted_at": row.accepted_at,
            "by": row.accepted_by,
            "in_force": row is rows[-1],
        }
        for row in rows
    ]


def export(seat: Seat, out: Path, digest: str | None = None) -> list[str]:
    """Write a wording into a folder, to be changed there: the one in force, or an earlier one by its SHA-256;
    where the office has none of its own, the project's words and templates."""
    with seat.store.reading() as connection:
        override = (
            wording_in_force.in_force(connection, seat.office.id)
            if digest is None
            else _earlier(connection, seat, digest)
        )
    written = dict(override.templates)
    if override.changes:
        written[wording.PHRASES] = _toml(override.changes)
    if not override.digest:
        written = {path.name: path.read_text("utf-8") for path in wording.FOLDER.glob("*.html")}
        written[wording.PHRASES] = phrases.TABLE.read_text("utf-8")
    for name, text in sorted(written.items()):
        try:
            whole_files.write(out / name, text.encode("utf-8"), replace=False)
        except FileExistsError:
            raise Conflict(
                N_("There is a file already: {path}"),
                field="out",
                path=str(out / name),
                way_on=N_("Choose another name."),
            ) from None
    return sorted(written)


def _earlier(connection: Connection, seat: Seat, digest: str) -> Override:
    query = select(ROWS.c.content).where(ROWS.c.office_id == seat.office.id, ROWS.c.digest.startswith(digest))
    text = connection.execute(query.limit(1)).scalar()
    if text is None:
        raise NotFound(
            N_("No wording {digest} was accepted."),
            field="digest",
            digest=digest[:64],
            way_on=N_("See what was accepted with: disclosure letter overrides list"),
        )
    return wording.of_text(text)


def _toml(changes: Any) -> str:
    """The changes as TOML, tables under their dotted names."""
    import json

    lines: list[str] = []

    def plain(value: Any) -> str:
        if isinstance(value, dict):
            return (
                "{ "
                + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {plain(v)}" for k, v in value.items())
                + " }"
            )
        if isinstance(value, list):
            return "[" + ", ".join(plain(one) for one in value) + "]"
        return json.dumps(value, ensure_ascii=False)

    def table(path: list[str], value: dict[str, Any]) -> None:
        own = {key: one for key, one in value.items() if not isinstance(one, dict)}
        if own and path:
            lines.append("\n[" + ".".join(json.dumps(part, ensure_ascii=False) for part in path) + "]")
        lines.extend(f"{json.dumps(key, ensure_ascii=False)} = {plain(one)}" for key, one in own.items())
        for key, one in value.items():
            if isinstance(one, dict):
                table([*path, key], one)

    table([], changes)
    return "\n".join(lines).lstrip("\n") + "\n"
