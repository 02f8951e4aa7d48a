"""The register of all applications, and search in what they and the letters say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import COMMON, argument, command, option, seat_of
from workflow.commands.parameter_types import File, OneOf
from workflow.commands.printing import output, progress
from workflow.commands.typed_days import said_span

if TYPE_CHECKING:
    from pathlib import Path

ON_SCREEN = 50
# Cells above which a text is cut, however wide the screen is.
WIDEST = 60
# The filters that are a period.
PERIODS = ("received", "replied", "finished")


@command("roll", example="disclosure roll --year 2026 --unit ban --out 台账.xlsx")
@option("--state", help=N_("Only in this state."))
@option("--handler", metavar="KEY", help=N_("Only of this handler."))
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@option("--channel", metavar="KEY", help=N_("Only received by this channel."))
@option("--kind", metavar="KEY", help=N_("Only of this kind of applicant."))
@option("--outcome", metavar="KEY", help=N_("Only with this outcome."))
@option("--ground", metavar="KEY", help=N_("Only with this ground of refusal."))
@option(
    "--received", metavar="START..END", help=N_("Only received in this period; either day may be left out.")
)
@option("--replied", metavar="START..END", help=N_("Only replied to in this period."))
@option("--finished", metavar="START..END", help=N_("Only finished in this period."))
@option("--year", type=int, help=N_("Only received in this year."))
@option("--text", help=N_("Only with this text in the applicant's name or the request."))
@option("--open", "only_open", is_flag=True, help=N_("Only open cases."))
@option("--closed", "only_closed", is_flag=True, help=N_("Only closed cases."))
@option("--overdue", is_flag=True, help=N_("Only cases whose time for reply is over."))
@option("--columns", metavar="COLUMNS", help=N_("These columns, joined by commas; 'all' for every one."))
@option("--names", is_flag=True, help=N_("Names of natural persons in full (they are masked otherwise)."))
@option("--limit", type=click.IntRange(1), help=N_("At most so many (on the screen: 50)."))
@option("--after", metavar="NUMBER", help=N_("Go on after the application of this number."))
@option("--out", type=File(writes=True), help=N_("Write a file: .csv, .xlsx, .pdf or .json."))
@option(
    "--paper", type=OneOf("paper"), default="A4", show_default=True, help=N_("Paper of the PDF, landscape.")
)
@COMMON
def roll(
    columns: str | None,
    names: bool,
    limit: int | None,
    after: str | None,
    out: Path | None,
    paper: str,
    as_json: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    **filters: Any,
) -> None:
    from workflow.reports.register import export
    from workflow.reports.register.selection import Choice

    desk = seat_of(officer, office, db)
    for name in PERIODS:
        filters[name] = said_span(filters[name], desk, name)
    asked = export.Asked(Choice(**filters), columns, names, after, limit, paper)
    if out is None:
        _shown(desk, asked, as_json)
        return
    with progress() as seen:
        count = export.write(desk, asked, out, seen)
    output(
        {"path": str(out), "rows": count},
        lambda: [_(N_("Written: {path} ({n} applications)"), path=out, n=count)],
        as_json,
    )


def _shown(desk: Any, asked: Any, as_json: bool) -> None:
    from workflow.base import screen, terminal, text_width
    from workflow.reports.register import columns, export
    from workflow.reports.register import rows as register_rows
    from workflow.reports.register.cells import Cells

    chosen = columns.chosen(asked.columns, columns.EVERY if as_json else "screen")
    with desk.store.reading() as connection:
        cells = Cells(connection, desk, chosen, names=asked.names)
        if as_json:
            found = register_rows.lines(
                connection, desk, asked.choice, chosen, after=asked.after, limit=asked.limit
            )
            for line in export.plain_lines(cells.plain(one) for one in found):
                click.echo(line)
            return
        limit = asked.limit or ON_SCREEN
        # One more than is shown says whether there are more.
        page = list(
            register_rows.lines(connection, desk, asked.choice, chosen, after=asked.after, limit=limit + 1)
        )
        rows = [
            ["-" if cell is None else text_width.clip(str(cell), WIDEST) for cell in cells.of(one)]
            for one in page[:limit]
        ]
    heads = [
        screen.Column(one.title, columns.rank(one), least=20 if one.width > 30 else 0, cut=True)
        for one in chosen
    ]
    lines = screen.table(heads, rows) or [_(export.NOTHING)]
    if len(page) > limit:
        last = page[limit - 1].row.number
        lines.append(
            _(N_("There are more: add --after {number}, or write them to a file with --out."), number=last)
        )
    terminal.show(lines)


@command("search", example="disclosure search 征地批复 -渡口 --year 2026")
@argument("words", nargs=-1, type=click.UNPROCESSED)
@option("--year", type=int, help=N_("Only received in this year."))
@option("--state", help=N_("Only in this state."))
@option("--kind", metavar="KEY", help=N_("Only in these: request, notice, reply or people."))
@option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help=N_("At most so many."))
@option("--skip", type=click.IntRange(0), default=0, help=N_("Leave out so many of the best."))
@option("--rebuild", is_flag=True, help=N_("Make the index again from the entries of all cases."))
@COMMON
def search(
    words: tuple[str, ...],
    rebuild: bool,
    as_json: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    **filters: Any,
) -> None:
    from workflow.casework import people_search, search_index, search_texts

    unknown = next((one for one in words if one.startswith("--")), None)
    if unknown:
        raise click.NoSuchOption(unknown, ctx=click.get_current_context())
    desk = seat_of(officer, office, db)
    if rebuild:
        with progress() as seen:
            count = search_index.rebuild(desk, seen)
        output({"rebuilt": count}, lambda: [_(N_("The index was made again: {n} texts."), n=count)], as_json)
        return
    asked = " ".join(f'"{one}"' if " " in one and '"' not in one else one for one in words)
    with desk.store.reading() as connection:
        found = search_texts.search(connection, desk.office.id, asked, **filters)
        people = people_search.search(connection, desk, asked, **filters)
    output(
        {
            "total": found.total,
            "hits": [hit.as_json() for hit in found.hits],
            "people": [one.as_json() for one in people],
        },
        lambda: [
            *people_search.lines(people),
            *search_texts.lines(found),
            *([] if people and not found.total else [_summary(found, asked, filters["skip"])]),
        ],
        as_json,
    )


# A word with a minus before it is no option.
search.context_settings["ignore_unknown_options"] = True


def _summary(found: Any, asked: str, skip: int) -> str:
    if not found.total:
        return _(N_("Nothing was found for: {words}"), words=asked)
    last = skip + len(found.hits)
    return _(N_("{first}–{last} of {total}"), first=skip + 1, last=last, total=found.total)
