"""The law tables: values, sources, checks, the book of the law, the rehearsal of a change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import DB, JSON, LANG, ON, argument, group, option, options
from workflow.commands.parameter_types import File, Folder
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path


@group("law")
def law() -> None:
    """Commands on the law tables."""


@law.command("at", help=N_("Every legal value in force on a day."), example="disclosure law at 2018-06-01")
@argument("day", metavar="DATE")
@options(JSON, LANG)
def law_at(day: str, as_json: bool) -> None:
    from workflow.reports.views import law_values

    found = law_values.law_at(legal_day(day))
    output(lambda: law_values.values_json(found), lambda: law_values.values_lines(found), as_json)


@law.command(
    "show",
    help=N_(
        "The history of one value, of the way against one kind of decision, or (faulty-notices) of what follows from a missing or wrong notice, with its sources."
    ),
    example="disclosure law show repeat --on 2025-06-01",
)
@argument("name", metavar="ID")
@ON
@options(JSON, LANG)
def law_show(name: str, on: str | None, as_json: bool) -> None:
    from workflow.reports.law import show
    from workflow.reports.views import faulty_notices, law_values, routes

    day = legal_day(on) if on else None
    key = show.key_of(name)
    if routes.known(key):
        ways = routes.history(key, day)
        output(lambda: routes.as_json(ways), lambda: routes.lines(ways), as_json)
        return
    if key == faulty_notices.ID:
        notices = faulty_notices.history(day)
        output(lambda: faulty_notices.as_json(notices), lambda: faulty_notices.lines(notices), as_json)
        return
    found = law_values.law_show(key, day)
    output(lambda: law_values.values_json(found), lambda: law_values.history_lines(found), as_json)


@law.command(
    "check",
    help=N_("Check the tables: gaps, overlaps, articles, units, sources."),
    example="disclosure law check",
)
@options(JSON, LANG)
def law_check(as_json: bool) -> None:
    from workflow.reports.law import check

    found = check.everything()
    faults = check.faults(found)
    output(
        {"checked": len(found), "faults": faults},
        lambda: [*faults, _(N_("{n} things checked, {m} at fault."), n=len(found), m=len(faults))],
        as_json,
    )
    if faults:
        sys.exit(5)


@law.command(
    "status",
    help=N_("What of the law is not certain and what hangs on it; which texts are due to be read again."),
    example="disclosure law status --on 2027-06-01",
)
@ON
@options(JSON, LANG)
def law_status(on: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.reports.law import status

    found = status.status(legal_day(on) or dates.today())
    output(found.as_json, found.lines, as_json)


@law.command(
    "book",
    help=N_(
        "The law as the program applies it, as pages and PDF to read and sign; or the change between two days."
    ),
    example="disclosure law book --out 法律汇编 --from 2026-06-30 --to 2026-07-01",
)
@option("--out", required=True, type=Folder(), help=N_("The folder to write to."))
@option(
    "--from", "first", metavar="DATE", help=N_("The earlier day, to set side by side with the later one.")
)
@option("--to", "last", metavar="DATE", help=N_("The later day (default: today)."))
@ON
@options(JSON, LANG)
def law_book(out: Path, first: str | None, last: str | None, on: str | None, as_json: bool) -> None:
    from workflow.base import dates
    from workflow.reports.law import book

    day = legal_day(last) or legal_day(on) or dates.today()
    written = book.write(out, day, legal_day(first))
    output(
        {"on": day.isoformat(), "files": [path.name for path in written]},
        lambda: [_(N_("Written: {path}"), path=path) for path in written],
        as_json,
    )


@law.command(
    "try",
    help=N_("Rehearse a change of the law from a file: gaps, examples, letters, open cases. Writes nothing."),
    example="disclosure law try change.toml --json",
)
@argument("file", metavar="CHANGE.toml", type=File())
@options(DB, JSON, LANG)
def law_try(file: Path, db: str | None, as_json: bool) -> None:
    from workflow.storage.database import Store
    from workflow.upkeep import law_change

    store = Store(db)
    if db is not None:
        store.check()
    found = law_change.rehearse(file, None if store.schema() is None else store)
    output(found.as_json, lambda: law_change.lines(found), as_json)
    if not found.sound:
        sys.exit(1)
