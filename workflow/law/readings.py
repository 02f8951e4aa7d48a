"""Converts checked tables (dates as ISO strings) to the rows of workflow.law.entries."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.base.errors import OutOfLaw
from workflow.base.messages import N_
from workflow.base.tables import Table
from workflow.law.entries import (
    Channel,
    Court,
    FaultyNotice,
    Further,
    Ground,
    Instrument,
    Organs,
    Outcome,
    ReportBlock,
    ReportFormat,
    ReportPart,
    ReportRow,
    Setting,
    Start,
)
from workflow.law.rows import until

_day = date.fromisoformat


def instrument(key: str, row: Table) -> Instrument:
    """A table of instruments.toml."""
    return Instrument(
        key=key,
        zh=row["zh"],
        short=row["short"],
        en=row["en"],
        number=row.get("number", ""),
        promulgated=_day(row["promulgated"]),
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        status=row["status"],
        source=row["source"],
        checked_on=_day(row["checked_on"]),
        note=row.get("note", ""),
        words=row.get("words", "V"),
    )


def setting(id: str, row: Table) -> Setting:
    """A setting of settings.toml."""
    return Setting(
        id=id,
        default=row["default"],
        choices=tuple(row.get("choices", ())),
        low=row.get("min"),
        high=row.get("max"),
        zh=row["zh"],
        en=row["en"],
        article=row["article"],
        note=row["note"],
    )


def outcome(id: str, head: Table, row: Table) -> Outcome:
    """An outcome on the basis of one row of outcomes.toml."""
    return Outcome(
        id=id,
        zh=head["zh"],
        en=head["en"],
        basis=row["article"],
        letter=head["letter"],
        report_row=head.get("report_row", ""),
        needs=(*head["needs"], *row.get("needs", ())),
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        status=row["status"],
        note=row.get("note", ""),
        final=head.get("final", False),
        whole=head.get("whole", False),
        by_act=head.get("by_act", False),
    )


def ground(id: str, head: Table, row: Table) -> Ground:
    """A ground on the basis of one row of grounds.toml."""
    return Ground(
        id=id,
        zh=head["zh"],
        en=head["en"],
        basis=row["article"],
        letter=head["letter"],
        report_row=head["report_row"],
        needs=tuple(head["needs"]),
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        status=row["status"],
        note=row.get("note", ""),
        discretionary=head.get("discretionary", False),
        third_party=head.get("third_party", False),
    )


def organs(row: Table) -> Organs:
    """A rule of organs.toml on who decides on reconsideration."""
    found = Organs(row["roles"])
    found.optional = tuple(row.get("optional", ()))
    found.article = row["article"]
    found.text = row.get("text", "")
    found.status = row["status"]
    found.effective_from = _day(row["effective_from"])
    found.effective_until = until(row)
    found.note = row.get("note", "")
    return found


def further(row: Table) -> Further:
    """A rule of organs.toml on what is open besides a suit against a decision on reconsideration."""
    days = _day(row["effective_from"]), until(row)
    return Further(row["role"], row["article"], row["text"], row["status"], *days, row.get("note", ""))


def start(row: Table) -> Start:
    """A rule of starts.toml."""
    days = _day(row["effective_from"]), until(row)
    said = row.get("text", ""), row["status"]
    return Start(row["how"], row["article"], *said, *days, row.get("note", ""), row.get("named", False))


def faulty_notice(row: Table) -> FaultyNotice:
    """A rule of faulty_notices.toml."""
    named = row["remedy"], row["fault"], row["zh"], row["en"]
    days = _day(row["effective_from"]), until(row)
    return FaultyNotice(*named, row["article"], row["text"], row["status"], *days, row.get("note", ""))


def court(row: Table) -> Court:
    """A rule of organs.toml on the court of a direct suit."""
    return Court(row["word"], row["article"], row["status"], _day(row["effective_from"]), until(row))


def channel(id: str, head: Table, row: Table) -> Channel:
    """A rule of channels.toml."""
    return Channel(
        id=id,
        zh=head["zh"],
        en=head["en"],
        day=row["day"],
        elsewhere=row["elsewhere"] if "elsewhere" in row else row["day"],
        rest_day=row.get("rest_day", False),
        article=row["article"],
        status=row["status"],
        effective_from=_day(row["effective_from"]),
        effective_until=until(row),
        note=row.get("note", ""),
    )


class Rate(NamedTuple):
    """A fee schedule between two days."""

    effective_from: date
    effective_until: date | None
    article: str
    status: str
    bands: list[Table]


def rate(row: Table) -> Rate:
    """A row of fees.toml."""
    return Rate(_day(row["effective_from"]), until(row), row["article"], row["status"], row["bands"])


class Due(NamedTuple):
    """The day of the year on which the annual report is due, between two days."""

    effective_from: date
    effective_until: date | None
    article: str
    day: str


def due(row: Table) -> Due:
    """A `due` row of report.toml."""
    return Due(_day(row["effective_from"]), until(row), row["article"], row["day"])


def report_format(table: Table, year: int) -> ReportFormat:
    """The format of report.toml for a year."""
    for id, row in table["format"].items():
        if row["first_year"] <= year <= row.get("last_year", 9999):
            return ReportFormat(
                id=id,
                instrument=row["instrument"],
                article=row["article"],
                status=row["status"],
                first_year=row["first_year"],
                last_year=row.get("last_year"),
                columns=tuple(table["columns"]),
                rows=tuple(
                    ReportRow(key, table["row"][key]["zh"], table["row"][key]["en"]) for key in row["rows"]
                ),
                merged=dict(row.get("merged", {})),
                blanks=row.get("blanks", False),
                corner=table["corner"],
                table2=tuple(
                    ReportBlock(
                        block["zh"],
                        tuple(block["heads"]),
                        tuple((line["key"], line["zh"]) for line in block["rows"]),
                    )
                    for block in row["table2"]
                ),
            )
    raise OutOfLaw(
        N_("There is no national format of the annual report for {year}; the first year is {first}."),
        field="year",
        year=year,
        first=min(row["first_year"] for row in table["format"].values()),
    )


def report_parts(table: Table, name: str) -> tuple[ReportPart, ...]:
    """The kinds of remedy ('remedy') or the results ('result') of table 4, in the order of its columns."""
    return tuple(
        ReportPart(id, row["key"], row["zh"], row["en"], tuple(row.get("outcomes", ())))
        for id, row in table[name].items()
    )
