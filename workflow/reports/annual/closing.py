"""Closing a year: its figures go into the ledger as they are published, so that later corrections show beside
them.

What is counted anew afterwards can differ, for corrections of the record reach back; the published figures
stay, and the difference is named. What was carried forward then is what this year has to begin with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow import law
from workflow.base.errors import Conflict, Refused
from workflow.base.messages import N_
from workflow.office import founding, own_entries
from workflow.office.seat import Seat
from workflow.reports.annual import counts, form, leaves, read_file
from workflow.reports.annual.form import Report
from workflow.storage import ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER = TABLES["ledger"]
EVENT = leaves.EVENT


def close(seat: Seat, year: int, *, again: str | None = None) -> Report:
    """Record the year's figures; Refused before its end, Conflict a second time unless reasons are given."""
    founding.require_manager(seat)
    require_over(year, seat.today())
    with seat.store.writing() as connection:
        # The lock prevents that the year is closed, or counted cases are written, meanwhile.
        ledger.head(connection, seat.office.id, lock=True)
        report = counts.count(connection, seat.office.id, seat.office.name, year)
        faults = list(form.identities(report, closed(connection, seat.office.id, year - 1)))
        if closed(connection, seat.office.id, year) is not None and not again:
            raise Conflict(
                N_("The report of {year} is closed already."),
                field="year",
                year=year,
                way_on=N_("To publish it anew, say why: disclosure report close {year} --reasons '...'"),
            )
        if faults and not again:
            raise Refused(
                N_("The report of {year} cannot be closed: {fault}"),
                field="year",
                rule=law.bundled().report_format(year).article,
                year=year,
                fault=faults[0].text,
                way_on=N_(
                    "See all of it with: disclosure report annual {year}. Publish it as it is with --reasons."
                ),
            )
        record(seat, connection, report, again)
    return report


def record(seat: Seat, connection: Connection, report: Report, reasons: str | None = None) -> None:
    """Write the entry with the figures and the root over their cases, and keep the cases, from which a figure
    is opened later.
    """
    cases = leaves.made(connection, seat.office.id, report)
    payload = {
        "year": report.year,
        "figures": form.plain(report)["report"],
        "cases": leaves.told(connection, seat.office.id, cases),
        **({"reasons": reasons} if reasons else {}),
    }
    head = founding.entry(connection, seat.office.id, EVENT, seat.officer.actor, payload)
    leaves.keep(connection, seat.office.id, head.seq, cases)


def require_over(year: int, today: date) -> None:
    """Refused while the year goes on."""
    if today <= date(year, 12, 31):
        raise Refused(
            N_("The year {year} is not over; today is {today}."),
            field="year",
            year=year,
            today=today,
            way_on=N_("See how it stands with: disclosure report annual {year}"),
        )


def closed(connection: Connection, office_id: int, year: int) -> Report | None:
    """The figures that were recorded last for a year; None where none were."""
    figures = next(
        (told["figures"] for told in _entries(connection, office_id) if told["year"] == year), None
    )
    return None if figures is None else read_file.of_plain(figures, EVENT)


def cases(connection: Connection, office_id: int, year: int) -> dict[str, Any] | None:
    """Root and number (`size`) of the cases of a year as it was closed last, and the number of that entry
    (`seq`); None where no root was recorded.
    """
    told = next((told for told in _entries(connection, office_id) if told["year"] == year), {})
    return {**told["cases"], "seq": told["seq"]} if "cases" in told else None


def every(connection: Connection, office_id: int) -> list[Report]:
    """The figures of every year that was closed, newest year first, each as it was recorded last."""
    found: dict[int, Any] = {}
    for told in _entries(connection, office_id):
        found.setdefault(told["year"], told["figures"])
    return [read_file.of_plain(found[year], EVENT) for year in sorted(found, reverse=True)]


def _entries(connection: Connection, office_id: int) -> Iterator[dict[str, Any]]:
    """What was closed, the newest entry first."""
    for told in reversed([*own_entries.told(connection, office_id, (EVENT,))]):
        yield {**told.payload, "seq": told.seq}
