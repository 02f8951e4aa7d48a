"""Alerts at a terminal, and as JSON: counted and printed as they are found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from workflow.base.messages import N_, listed, translate
from workflow.base.screen import Column, table
from workflow.reports.alerts import icalendar, page, spreadsheet, thresholds
from workflow.reports.alerts.alert import Alert, clock_name, days
from workflow.reports.alerts.report import Report, Tally, as_json
from workflow.reports.views.command_names import as_typed


def summary(report: Report, tally: Tally) -> list[str]:
    """Whose alerts, on which day, how many of each kind."""
    counts = listed(f"{thresholds.kinds()[kind].name} {count}" for kind, count in tally.lines())
    head = f"{report.today}  {report.office.name}  {report.search.scope.title(report.office)}"
    return [
        head,
        counts or translate(N_("Nothing presses: no alert of what was asked for.")),
        *report.notes(),
    ]


def lines(report: Report, most: int) -> Iterator[str]:
    """A table of the first alerts, below the counts of all."""
    tally = report.counted = Tally()
    shown: list[list[str]] = []
    for alert in tally.seen(report.alerts()):
        if len(shown) < most:
            shown.append(_cells(report, alert))
    yield from summary(report, tally)
    if shown:
        yield ""
        yield from table(
            [
                Column("", mark=True),
                Column(translate(N_("alert")), least=12),
                Column(translate(N_("case"))),
                Column(translate(N_("clock")), rank=2, least=12),
                Column(translate(N_("last day")), rank=1),
                Column(translate(N_("time left")), least=8),
                Column(translate(N_("whose")), rank=4),
                Column(translate(N_("next step")), rank=3, least=24),
            ],
            shown,
        )
    if tally.total > len(shown):
        yield ""
        yield translate(
            N_("{n} more are not shown: see more with --limit, all of them with --xlsx FILE."),
            n=tally.total - len(shown),
        )


def _cells(report: Report, alert: Alert) -> list[str]:
    kind = thresholds.kinds()[alert.kind]
    return [
        thresholds.sign(kind.shape),
        kind.name,
        alert.case or "-",
        clock_name(alert),
        alert.due.isoformat() if alert.due else "-",
        days(alert),
        report.words.whose(alert),
        as_typed(alert.next),
    ]


def stream_json(report: Report) -> Iterator[str]:
    """One JSON object, a line an alert; the counts stand at its end, when all were seen."""
    tally = report.counted = Tally()
    yield '{"alerts": ['
    before = ""
    for alert in tally.seen(report.alerts()):
        if before:
            yield before + ","
        before = json.dumps(alert.as_json(), ensure_ascii=False)
    if before:
        yield before
    rest = json.dumps(as_json(report, tally), ensure_ascii=False)
    yield "], " + rest[1:]


def _csv(report: Report, path: Path, weeks: int | None) -> Tally:
    return spreadsheet.to_csv(report, path)


def _xlsx(report: Report, path: Path, weeks: int | None) -> Tally:
    return spreadsheet.to_xlsx(report, path)


def _html(report: Report, path: Path, weeks: int | None) -> Tally:
    return page.to_html(report, path, weeks)


def _pdf(report: Report, path: Path, weeks: int | None) -> Tally:
    return page.to_pdf(report, path, weeks)


def _ics(report: Report, path: Path, weeks: int | None) -> Tally:
    return icalendar.to_ics(report, path)


# By option: each loads its libraries when it is asked for.
WRITERS: dict[str, Callable[[Report, Path, int | None], Tally]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "html": _html,
    "pdf": _pdf,
    "ics": _ics,
}
