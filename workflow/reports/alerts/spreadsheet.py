"""Alerts as files for a spreadsheet: CSV and Excel, a row at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow.base import spreadsheets
from workflow.base.completeness import require_same
from workflow.base.messages import N_, translate
from workflow.base.spreadsheets import Column, Part
from workflow.reports.alerts import thresholds
from workflow.reports.alerts.alert import FIELDS, heads
from workflow.reports.alerts.report import Report, Tally

_WIDTHS = {
    "severity": 8,
    "kind": 20,
    "case": 14,
    "clock": 24,
    "due": 12,
    "left": 12,
    "waited": 12,
    "state": 16,
    "unit": 18,
    "handler": 14,
    "article": 60,
    "next": 48,
}
require_same("spreadsheet._WIDTHS", _WIDTHS, "alert.FIELDS", FIELDS)


def to_csv(report: Report, path: Path) -> Tally:
    """UTF-8 with a mark at its beginning, so that spreadsheets read the Chinese."""
    tally = Tally()
    spreadsheets.write_csv(path, _columns(), _rows(report, tally))
    return tally


def to_xlsx(report: Report, path: Path) -> Tally:
    """One sheet of alerts with real days, its head frozen, and one that counts them."""
    tally = Tally()
    listed = Part(translate(N_("alerts")), _columns(), _rows(report, tally))
    # Taken up when the first sheet is written, and all of it is counted.
    scope = Column("count", report.search.scope.title(report.office), 24)
    counted = Part(
        translate(N_("counts")), [Column("kind", report.office.name, 34), scope], _counts(report, tally)
    )
    spreadsheets.write_xlsx(path, [listed, counted], title=report.title)
    return tally


def _columns() -> list[Column]:
    return [Column(*one) for one in zip(FIELDS, heads(), map(_WIDTHS.__getitem__, FIELDS), strict=True)]


def _rows(report: Report, tally: Tally) -> Iterator[list[Any]]:
    for alert in tally.seen(report.alerts()):
        yield report.words.row(alert)


def _counts(report: Report, tally: Tally) -> Iterator[list[Any]]:
    yield [translate(N_("date")), report.today]
    for kind, count in tally.lines():
        yield [thresholds.kinds()[kind].name, count]
    yield [translate(N_("total")), tally.total]
    for note in report.notes():
        yield [note, None]
