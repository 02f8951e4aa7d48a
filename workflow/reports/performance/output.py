"""The figures as a person sees them: lines, tables, files, and a page with the trend drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.pdf import lists
from workflow.base import spreadsheets, whole_files
from workflow.base.completeness import require_same
from workflow.base.messages import N_, language, pick, translate
from workflow.base.names import word
from workflow.base.screen import table
from workflow.office.seat import Seat
from workflow.reports.performance import chart
from workflow.reports.performance.measure import ENDS, GROUPS, Figures, Performance, remedy

if TYPE_CHECKING:
    from datetime import date

_ = translate
TITLE = N_("Performance of the office in handling applications")
BY = {
    "whole": N_("All"),
    "unit": N_("By unit"),
    "channel": N_("By channel"),
    "outcome": N_("By outcome"),
    "month": N_("By month"),
}
require_same("output.BY", BY, "measure.GROUPS", ("whole", *GROUPS))
HEADS = (
    ("finished", N_("finished"), 8),
    ("replied", N_("replied to"), 8),
    ("in_time", N_("in time"), 8),
    ("share_in_time", N_("share in time"), 9),
    ("median", N_("median, net"), 9),
    ("p90", N_("90 %, net"), 9),
    ("median_gross", N_("median, gross"), 9),
    ("p90_gross", N_("90 %, gross"), 9),
    ("extended", N_("extended"), 8),
    ("share_extended", N_("share extended"), 9),
    ("corrected", N_("corrected"), 8),
    ("share_corrected", N_("share corrected"), 9),
)
END_NAMES = {
    "upheld": N_("upheld"),
    "corrected": N_("corrected otherwise"),
    "set_aside": N_("set aside"),
    "other": N_("other result"),
}
require_same("output.END_NAMES", END_NAMES, "measure.ENDS", ENDS)
NOTES = (
    N_(
        "A case counts in the period in which it was finished; its time runs from the receipt (or from the correction or payment that began it anew) to the day of the reply, in working days."
    ),
    N_("Net: without the working days taken out for consultations. Gross: with them."),
    N_(
        "Median and 90 %: the smallest number of working days within which at least that share of the replies was given."
    ),
)


def name(by: str, key: str, seat: Seat) -> str:
    """A group by name."""
    if not key:
        return _(N_("(none)"))
    if by == "unit":
        return seat.office.units.get(key, key)
    return key if by == "month" else word(by, key)


def rows(found: Performance, seat: Seat, by: str) -> Iterator[tuple[str, Figures]]:
    """The lines of a group, each with its name."""
    if by == "whole":
        yield _(N_("All")), found.whole
        return
    for key, figures in found.groups[by].items():
        yield name(by, key, seat), figures


def cells(figures: Figures) -> list[Any]:
    """The figures in the order of their heads, as numbers."""
    plain = figures.plain()
    values = {
        **plain,
        "median": plain["net"]["median"],
        "p90": plain["net"]["p90"],
        "median_gross": plain["gross"]["median"],
        "p90_gross": plain["gross"]["p90"],
    }
    return [values[key] for key, _name, _width in HEADS]


def shown(values: list[Any], heads: Any = HEADS) -> list[str]:
    """Numbers as they are read: shares in percent, nothing as a dash."""
    made = []
    for value, (key, *_rest) in zip(values, heads, strict=True):
        is_share = key.startswith("share") or key.endswith("share")
        made.append("-" if value is None else f"{value:.1%}" if is_share else str(value))
    return made


def remedy_rows(found: Performance) -> Iterator[list[Any]]:
    """Of each kind of remedy how many were decided, and how many and which share had each end."""
    for kind, counted in found.remedies.items():
        plain = remedy(counted)
        yield [
            word("remedy", kind),
            plain["decided"],
            *(value for end in ENDS for value in plain[end].values()),
        ]


def remedy_heads() -> list[tuple[str, str, float]]:
    """Heads of the table of remedies."""
    heads: list[tuple[str, str, float]] = [("kind", _(N_("remedy")), 20), ("decided", _(N_("decided")), 9)]
    for end in ENDS:
        heads += [(end, _(END_NAMES[end]), 9), (f"{end}_share", _(N_("share")), 9)]
    return heads


# Terminals are narrow: derived columns are only in the files.
_NARROW = ("finished", "replied", "share_in_time", "median", "p90", "median_gross", "extended", "corrected")


def _narrow(values: list[Any]) -> list[Any]:
    return [value for value, (key, _title, _width) in zip(values, HEADS, strict=True) if key in _NARROW]


def lines(found: Performance, seat: Seat) -> list[str]:
    """For a terminal."""
    made = [
        f"{_(TITLE)}  {found.period.first} – {found.period.last}",
        _(N_("Received: {n}"), n=found.received),
        "",
    ]
    head = [_(title) for title in _narrow([title for _key, title, _width in HEADS])]
    for by, title in BY.items():
        listed = [[label, *_narrow(shown(cells(figures)))] for label, figures in rows(found, seat, by)]
        made += [*table(["" if by == "whole" else _(title), *head], listed), ""] if listed else []
    heads = remedy_heads()
    contested = [[row[0], *shown(row[1:], heads[1:])] for row in remedy_rows(found)]
    made += [*table([title for _key, title, _width in heads], contested), ""] if contested else []
    return [*made, *(_(note) for note in NOTES)]


# --- files


def write(found: Performance, seat: Seat, out: Path) -> None:
    """Write the figures to a file by its ending, whole or not at all."""
    WRITERS[spreadsheets.form_of(out, WRITERS)](found, seat, out)


def _json(found: Performance, seat: Seat, out: Path) -> None:
    whole_files.write_json(out, found.plain())


def _csv(found: Performance, seat: Seat, out: Path) -> None:
    heads = [
        spreadsheets.Column("by", _(N_("by"))),
        spreadsheets.Column("group", _(N_("group"))),
        *_columns(),
    ]
    listed = (
        [_(title), label, *cells(figures)]
        for by, title in BY.items()
        for label, figures in rows(found, seat, by)
    )
    spreadsheets.write_csv(out, heads, listed)


def _xlsx(found: Performance, seat: Seat, out: Path) -> None:
    spreadsheets.write_xlsx(out, list(_sheets(found, seat)), title=_(TITLE))


def _html(found: Performance, seat: Seat, out: Path) -> None:
    whole_files.write(out, lists.html(page(found, seat, seat.today())).encode(), replace=True)


def _pdf(found: Performance, seat: Seat, out: Path) -> None:
    whole_files.write(out, lists.pdf(page(found, seat, seat.today())), replace=True)


# Each form with what writes it, by the ending of the file's name.
WRITERS: dict[str, Callable[[Performance, Seat, Path], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
    ".pdf": _pdf,
    ".json": _json,
}


def _columns() -> list[spreadsheets.Column]:
    return [spreadsheets.Column(key, _(title), 12, key.startswith("share")) for key, title, _width in HEADS]


def _sheets(found: Performance, seat: Seat) -> Iterator[spreadsheets.Part]:
    for by, title in BY.items():
        heads = [spreadsheets.Column("group", _(title), 22), *_columns()]
        yield spreadsheets.Part(
            _(title), heads, [[label, *cells(figures)] for label, figures in rows(found, seat, by)]
        )
    heads = [
        spreadsheets.Column(key, title, width, key.endswith("share")) for key, title, width in remedy_heads()
    ]
    yield spreadsheets.Part(_(N_("Remedies")), heads, remedy_rows(found))


def page(found: Performance, seat: Seat, today: date) -> dict[str, Any]:
    """The page as plain data (letters/pdf/lists.py)."""
    blocks: list[dict[str, Any]] = [_block(found, seat, "whole")]
    blocks.append({"kind": "svg", "title": _(N_("Trend over the months")), "svg": drawing(found)})
    blocks += [_block(found, seat, by) for by in ("unit", "channel", "outcome", "month")]
    heads = remedy_heads()
    contested = [[row[0], *shown(row[1:], heads[1:])] for row in remedy_rows(found)]
    if contested:
        columns = [
            {"title": title, "width": width, "kind": "number" if place else "text"}
            for place, (_key, title, width) in enumerate(heads)
        ]
        blocks.append(
            {"kind": "table", "title": _(N_("Remedies decided")), "columns": columns, "rows": contested}
        )
    blocks.append({"kind": "notes", "lines": [_(note) for note in NOTES]})
    span = pick(
        f"{found.period.first} 至 {found.period.last}", f"{found.period.first} to {found.period.last}"
    )
    return {
        "title": _(TITLE),
        "subtitle": f"{found.office}　{span}　{_(N_('Received: {n}'), n=found.received)}",
        "created": today.isoformat(),
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "paper": "A4",
        "blocks": blocks,
    }


def _block(found: Performance, seat: Seat, by: str) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"title": "" if by == "whole" else _(BY[by]), "width": 20, "kind": "text"}
    ]
    columns += [{"title": _(title), "width": width, "kind": "number"} for _key, title, width in HEADS]
    listed = [[label, *shown(cells(figures))] for label, figures in rows(found, seat, by)]
    return {"kind": "table", "title": "" if by == "whole" else _(BY[by]), "columns": columns, "rows": listed}


def drawing(found: Performance) -> str:
    """The trend over the months."""
    several = len({key[:4] for key in found.groups["month"]}) > 1
    months = []
    for key, figures in found.groups["month"].items():
        plain = figures.plain()["net"]
        label = key if several else pick(f"{int(key[5:])}月", key)
        months.append(
            chart.Month(
                label, figures.in_time, figures.replied - figures.in_time, plain["median"], plain["p90"]
            )
        )
    words = chart.Words(
        _(N_("Replies")),
        _(N_("in time")),
        _(N_("late")),
        _(N_("Working days to the reply (net)")),
        _(N_("median")),
        "90 %",
        _(N_("limit of {n}"), n=found.limit),
    )
    return chart.svg(months, found.limit, words, lists.faces())
