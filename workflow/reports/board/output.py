"""The board as a person sees it: tables on the screen, files by their ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from letters.pdf import lists
from workflow.base import spreadsheets, whole_files
from workflow.base.messages import N_, language, pick, translate
from workflow.base.messages import listed as joined
from workflow.base.names import article
from workflow.base.screen import Column, fields, table
from workflow.office.seat import Seat
from workflow.reports.board import figures
from workflow.reports.board.figures import DAY, NOW, Figure
from workflow.reports.board.row import Board, Number, Row

_ = translate
TITLE = N_("Handling of applications by organ")
# The first table, the column that goes last first where the screen is narrow.
MAIN = {
    "received": 0,
    "open": 0,
    "due": 2,
    "overdue": 0,
    "stopped": 3,
    "replied": 4,
    "share_in_time": 0,
    "median": 5,
    "p90": 6,
    "corrected": 7,
    "contested_decided": 8,
    "contested_corrected": 1,
    "satisfaction": 9,
}
# So many months that are missing are named.
MOST_MISSING = 12
WHEN = {NOW: N_("today"), DAY: N_("on the last day"), "period": N_("in the period")}


def shown(figure: Figure, value: Number | None) -> str:
    """A figure as it is read: shares in percent, nothing as a dash."""
    if value is None:
        return "-"
    return f"{value:.1%}" if figure.id.startswith("share") else str(value)


def named(row: Row) -> str:
    """An organ by its name; what it reported itself is marked."""
    return f"{row.name}*" if row.months else row.name


def every(board: Board) -> list[Row]:
    """The rows of the organs, and the sum of them where there are several."""
    total = board.total
    total.name = _(N_("all"))
    return [*board.rows, *([total] if len(board.rows) > 1 else [])]


def span_text(board: Board) -> str:
    """The period in words."""
    return pick(f"{board.span.first} 至 {board.span.last}", f"{board.span.first} to {board.span.last}")


def notes(board: Board) -> list[str]:
    """What is to be known of the figures."""
    known = figures.all_figures()
    moving = joined(one.name for one in known.values() if one.when == NOW)
    made = [
        _(
            N_("{names}: as of today, {today}; due means up to {until}."),
            names=moving,
            today=board.span.today,
            until=board.span.until,
        ),
        _(N_("Each figure opens its cases: disclosure board list ORGAN FIGURE")),
    ]
    if any(row.months for row in board.rows):
        made.append(_(N_("* as reported by the organ in signed monthly figures; its cases lie with it")))
    if board.missing:
        told = joined(f"{organ} {month}" for organ, month in board.missing[:MOST_MISSING])
        more = len(board.missing) - MOST_MISSING
        made.append(_(N_("Not reported: {names}"), names=told))
        made += [_(N_("and {n} more"), n=more)] if more > 0 else []
    return made


def lines(board: Board) -> list[str]:
    """For a terminal."""
    known = figures.all_figures()
    heads = [
        Column(_(N_("organ"))),
        *(Column(known[id].name, rank, number=True) for id, rank in MAIN.items()),
    ]
    listed = [[named(row), *(shown(known[id], row.value(known[id])) for id in MAIN)] for row in every(board)]
    return [f"{_(TITLE)}  {span_text(board)}", "", *table(heads, listed), "", *notes(board)]


def sheet(board: Board, row: Row) -> list[str]:
    """All figures of one organ, each with when it holds and the name of its list."""
    listed = [
        [one.name, shown(one, row.value(one)), _(WHEN[one.when]), one.id]
        for one in figures.all_figures().values()
        if not one.id.startswith(("row.", "remedy.")) or row.value(one)
    ]
    heads = [
        Column(_(N_("figure"))),
        Column(_(N_("number")), number=True),
        Column(_(N_("holds"))),
        Column(_(N_("name of the list")), 0),
    ]
    reported = joined(row.months)
    return [
        f"{named(row)}  {span_text(board)}",
        *fields([(_(N_("reported for")), reported)]),
        "",
        *table(heads, listed),
        "",
        *notes(board),
    ]


# --- files


def write(board: Board, seat: Seat, out: Path) -> None:
    """Write the board to a file by its ending, whole or not at all."""
    WRITERS[spreadsheets.form_of(out, WRITERS)](board, seat, out)


def _columns() -> list[spreadsheets.Column]:
    heads = [
        spreadsheets.Column("organ", _(N_("organ")), 26),
        spreadsheets.Column("reported", _(N_("reported for"))),
    ]
    return heads + [
        spreadsheets.Column(one.id, one.name, 12, one.id.startswith("share"))
        for one in figures.all_figures().values()
    ]


def _cells(row: Row) -> list[Any]:
    return [row.name, joined(row.months), *(row.value(one) for one in figures.all_figures().values())]


def _json(board: Board, seat: Seat, out: Path) -> None:
    whole_files.write_json(out, board.plain())


def _csv(board: Board, seat: Seat, out: Path) -> None:
    spreadsheets.write_csv(out, _columns(), (_cells(row) for row in every(board)))


def _xlsx(board: Board, seat: Seat, out: Path) -> None:
    heads = [
        spreadsheets.Column("id", _(N_("name of the list")), 24),
        spreadsheets.Column("figure", _(N_("figure")), 28),
        spreadsheets.Column("when", _(N_("holds")), 14),
        spreadsheets.Column("basis", _(N_("basis")), 34),
        spreadsheets.Column("says", _(N_("what it counts")), 70),
    ]
    told = (
        [one.id, one.name, _(WHEN[one.when]), article(one.basis), one.says]
        for one in figures.all_figures().values()
    )
    parts = [
        spreadsheets.Part(_(N_("Board")), _columns(), (_cells(row) for row in every(board))),
        spreadsheets.Part(_(N_("Figures")), heads, told),
    ]
    spreadsheets.write_xlsx(out, parts, title=_(TITLE))


def _pdf(board: Board, seat: Seat, out: Path) -> None:
    whole_files.write(out, lists.pdf(page(board, seat)), replace=True)


def _html(board: Board, seat: Seat, out: Path) -> None:
    whole_files.write(out, lists.html(page(board, seat)).encode(), replace=True)


WRITERS: dict[str, Callable[[Board, Seat, Path], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
    ".pdf": _pdf,
    ".json": _json,
}


def page(board: Board, seat: Seat) -> dict[str, Any]:
    """The board on paper, as plain data (letters/pdf/lists.py): the figures, the outcomes, the remedies."""
    known = figures.all_figures()
    parts = {
        "": list(MAIN),
        _(N_("Outcomes")): [id for id in known if id.startswith("row.") and board.total.counts[id]],
        _(N_("Reconsideration and suits")): [
            id for id in known if id.startswith("remedy.") and board.total.counts[id]
        ],
    }
    blocks: list[dict[str, Any]] = []
    for title, ids in parts.items():
        if ids:
            columns = [{"title": _(N_("organ")), "width": 20, "kind": "text"}]
            columns += [{"title": label(known[id]), "width": 8, "kind": "number"} for id in ids]
            listed = [
                [named(row), *(shown(known[id], row.value(known[id])) for id in ids)] for row in every(board)
            ]
            blocks.append({"kind": "table", "title": title, "columns": columns, "rows": listed})
    blocks.append({"kind": "notes", "lines": notes(board)[:1] + notes(board)[2:]})
    return {
        "title": _(TITLE),
        "subtitle": f"{seat.office.name}　{span_text(board)}",
        "created": seat.today().isoformat(),
        "lang": "zh-CN" if language() == "zh_CN" else "en",
        "paper": "A3",
        "blocks": blocks,
    }


def label(figure: Figure) -> str:
    """A figure's name for the head of a column: of a row of the report, without the numbers of the form."""
    return figure.name.split(" ")[-1] if language() == "zh_CN" else figure.name
