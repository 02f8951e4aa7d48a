"""One report from counting to file: counted, the office's own words added, compared, written in the form
wanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from letters.pdf import annual_report
from workflow import law
from workflow.base import messages
from workflow.base.completeness import require_known
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, Remark, translate
from workflow.evidence import checkpoints, printed
from workflow.office.seat import Seat
from workflow.reports.annual import closing, counts, form, page, read_file, spreadsheet, statement
from workflow.reports.annual.form import Fault, Report

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


# What the published page says of the state of the record: lines and a code; None where nothing was signed.
Stamp = dict[str, Any] | None


def _json(report: Report, created: date, stamp: Stamp) -> bytes:
    return (json.dumps(form.plain(report), ensure_ascii=False, indent=1) + "\n").encode()


def _csv(report: Report, created: date, stamp: Stamp) -> bytes:
    return spreadsheet.csv_text(report, bom=True).encode()


def _xlsx(report: Report, created: date, stamp: Stamp) -> bytes:
    return spreadsheet.xlsx(report)


def _html(report: Report, created: date, stamp: Stamp) -> bytes:
    return annual_report.html(page.page(report, created.isoformat(), stamp)).encode()


def _pdf(report: Report, created: date, stamp: Stamp) -> bytes:
    return annual_report.pdf(page.page(report, created.isoformat(), stamp))


class Form(NamedTuple):
    """A form in which a report is written: what writes it, and how the screen treats it."""

    write: Callable[[Report, date, Stamp], bytes]
    # Whether it can be printed at a terminal.
    text: bool
    # Whether it is the whole report, with the office's own words.
    whole: bool


FORMS = {
    "json": Form(_json, text=True, whole=False),
    "csv": Form(_csv, text=True, whole=False),
    "xlsx": Form(_xlsx, text=False, whole=False),
    "html": Form(_html, text=True, whole=True),
    "pdf": Form(_pdf, text=False, whole=True),
}


@dataclass
class Made:
    """A counted report, its failed identities, its differences from the closed figures, and what is
    missing.
    """

    report: Report
    faults: list[Fault]
    moved: list[tuple[int, str, str, int, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unfinished: bool = False
    stamp: Stamp = None

    @property
    def sound(self) -> bool:
        """Whether the figures may be published as they are."""
        return not self.faults and not self.moved


def make(seat: Seat, year: int, *, data: Path | None = None, previous: Path | None = None) -> Made:
    """The report of a year. Last year's is the one given, else the one that was closed here."""
    law.bundled().report_format(year)
    if year > seat.today().year:
        raise Malformed(
            N_("The year {year} has not begun; today is {today}."),
            field="year",
            year=year,
            today=seat.today(),
        )
    before = read_file.read(previous) if previous is not None else None
    with seat.store.reading() as connection:
        report = counts.count(connection, seat.office.id, seat.office.name, year)
        earlier = closing.closed(connection, seat.office.id, year)
        if before is None:
            before = closing.closed(connection, seat.office.id, year - 1)
        moved = form.differences(report, earlier) if earlier is not None else []
        stamp = _stamp(seat, connection, year, as_closed=not moved)
    if data is not None:
        statement.take(report, data)
    if before is not None:
        read_file.require_previous(report, before)
    return Made(
        report,
        list(form.identities(report, before)),
        moved,
        statement.missing(report),
        list(read_file.chain_remarks(report, before)) if before is not None else [],
        seat.today() <= date(year, 12, 31),
        stamp,
    )


def written(report: Report, kind: str, created: date, stamp: Stamp = None) -> bytes:
    """The report in one of FORMS, as the bytes of a file."""
    return FORMS[kind].write(report, created, stamp)


def _stamp(seat: Seat, connection: Connection, year: int, *, as_closed: bool) -> Stamp:
    """The newest checkpoint; with the root over the cases of the year where the figures are those closed."""
    with messages.speaking("zh_CN"):
        found = printed.newest(connection, seat.office)
        cases = closing.cases(connection, seat.office.id, year) if as_closed else None
        return found.block(*_root(cases)) if found else None


def stamp_as_closed(seat: Seat, connection: Connection, year: int) -> Stamp:
    """What the published page of a closed year bears: the first checkpoint over its closing, and the root
    over its cases. So it stays the same whatever is signed later.
    """
    cases = closing.cases(connection, seat.office.id, year)
    kept = checkpoints.first(connection, seat.office.id, cases["seq"]) if cases else None
    if kept is None:
        return None
    with messages.speaking("zh_CN"):
        return printed.of(connection, seat.office, kept, own_only=True).block(*_root(cases))


def _root(cases: dict[str, Any] | None) -> list[str]:
    return [translate(N_("Root over the {size} cases of this report: {root}"), **cases)] if cases else []


def kind_of(out: Path | None, asked: list[str]) -> str | None:
    """The form that is wanted: as asked for, else by the name of the file; None for lines on the screen."""
    if len(asked) > 1:
        raise Malformed(
            N_("Ask for one form at a time."),
            field=asked[1],
            way_on=N_("Forms are: {names}"),
            names=", ".join(FORMS),
        )
    if asked:
        require_known("commands/report.py", asked, "annual/build.FORMS", FORMS)
        return asked[0]
    if out is None:
        return None
    ending = out.suffix.lower().lstrip(".")
    if ending not in FORMS:
        raise Malformed(
            N_("'{name}' does not end in a known form."),
            field="out",
            name=out.name,
            way_on=N_("Forms are: {names}"),
            names=", ".join(FORMS),
        )
    return ending


def template(seat: Seat, year: int) -> str:
    """A data file for the office's own parts, with what the figures say; without figures where there are
    none.
    """
    with seat.store.reading() as connection:
        try:
            report = counts.count(connection, seat.office.id, seat.office.name, year)
        except NotFound:
            report = form.empty(seat.office.name, year)
    return statement.template(report)
