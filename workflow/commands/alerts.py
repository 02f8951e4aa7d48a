"""Alerts on the screen and in files, and the daily digest by mail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from workflow.base import caller
from workflow.base.completeness import require_same
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.base.terminal import show
from workflow.commands.options import COMMON, command, desk_of, option, options, seat_of
from workflow.commands.parameter_types import File
from workflow.commands.printing import output, progress
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 200

# The forms of a file; each has its writer in reports/alerts/terminal.py.
FILES = {
    "csv": N_("Write them as CSV."),
    "xlsx": N_("Write them for Excel."),
    "html": N_("Write a page with the picture of the coming weeks."),
    "pdf": N_("Write the same page as PDF."),
    "ics": N_("Write all open time limits as a calendar to subscribe to."),
}


@command("alerts", example="disclosure alerts --all --html 预警.html --ics 期限.ics")
@option("--mine", is_flag=True, help=N_("Only what waits for me."))
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@option("--handler", metavar="KEY", help=N_("Only what waits for this officer."))
@option("--all", "whole", is_flag=True, help=N_("Of the whole office."))
@option("--kind", "kinds", multiple=True, metavar="KIND", help=N_("Only of this kind (repeatable)."))
@option("--clock", metavar="RULE", help=N_("Only of this clock, for example reply.limit."))
@option("--on", metavar="DATE", help=N_("As on this day (default: today)."))
@option("--weeks", type=int, help=N_("Weeks in the picture."))
@option(
    "--limit",
    type=click.IntRange(1),
    default=SHOWN,
    show_default=True,
    help=N_("At most so many on the screen."),
)
@options(*(option(f"--{form}", type=File(writes=True), help=text) for form, text in FILES.items()))
@COMMON
def alerts(
    on: str | None,
    weeks: int | None,
    limit: int,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    from workflow.reports.alerts import OVERDUE, report, terminal

    require_same("commands/alerts.FILES", FILES, "reports/alerts/terminal.WRITERS", terminal.WRITERS)
    files: dict[str, Path | None] = {name: asked.pop(name) for name in FILES}
    desk = seat_of(officer, office, db)
    with report.opened(desk, on=legal_day(on), **asked) as found:
        written = []
        with progress() as seen:
            for name, path in files.items():
                if path is not None:
                    tally = terminal.WRITERS[name](found, path, weeks)
                    written.append(str(path))
                    seen()
        if written:
            plain = {**report.as_json(found, tally), "written": written}
            output(
                plain,
                lambda: [
                    *terminal.summary(found, tally),
                    *(_(N_("Written: {path}"), path=one) for one in written),
                ],
                as_json,
            )
        else:
            if as_json:
                for line in terminal.stream_json(found):
                    click.echo(line)
            else:
                show(terminal.lines(found, limit))
            tally = found.counted
    if tally.overdue:
        sys.exit(OVERDUE)


@command("today", example="disclosure today --out 今日.pdf", looks=True)
@option("--mine", is_flag=True, help=N_("Only what waits for me."))
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@option("--handler", metavar="KEY", help=N_("Only what waits for this officer."))
@option("--all", "whole", is_flag=True, help=N_("Of the whole office."))
@option("--on", metavar="DATE", help=N_("As on this day (default: today)."))
@option("--out", type=File(), help=N_("Write the page to print: .pdf or .html."))
@COMMON
def today(
    on: str | None,
    out: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    from workflow.reports.alerts import agenda, agenda_page, report

    desk = seat_of(officer, office, db)
    with report.opened(desk, on=legal_day(on, desk), **asked) as found:
        sections = agenda.sections(found)
        if out is not None:
            # The typefaces of the page stay in the process.
            caller.does_more()
            agenda_page.write(found, sections, out)
            output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)
            return
        output(
            lambda: agenda_page.as_json(found, sections), lambda: agenda_page.lines(found, sections), as_json
        )


@command("digest", example="disclosure digest --send")
@option("--send", is_flag=True, help=N_("Send them; without it they are only shown."))
@option("--on", metavar="DATE", help=N_("As on this day (default: today)."))
@option(
    "--again",
    multiple=True,
    metavar="KEY",
    help=N_("Send this officer's once more though it may have gone out (repeatable)."),
)
@COMMON
def digest(
    send: bool,
    on: str | None,
    again: tuple[str, ...],
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.reports.alerts import digest as digests
    from workflow.reports.alerts import digest_outcome, report

    desk, day = desk_of(officer, office, db), legal_day(on)
    if not send:
        with report.opened(desk, whole=True, on=day) as found:
            mails = digests.preview(found)
        output(
            [
                {
                    "officer": draft.officer.key,
                    "email": draft.officer.email,
                    "subject": subject,
                    "text": text,
                    "alerts": draft.alerts,
                    "overdue": draft.overdue,
                }
                for draft, subject, text in mails
            ],
            lambda: (
                [
                    line
                    for draft, subject, text in mails
                    for line in (f"── {draft.officer.name} <{draft.officer.email or '-'}>", subject, "", text)
                ]
                or [_(N_("Nobody has anything to be told."))]
            ),
            as_json,
        )
        return
    fault = None
    try:
        outcomes = digests.send(desk, day, again)
    except digests.Unsent as unsent:
        fault, outcomes = unsent, unsent.outcomes
    output([one.as_json() for one in outcomes], lambda: digest_outcome.outcome_lines(outcomes), as_json)
    if fault is not None:
        raise fault
