"""The review of what was filed: whose time of keeping is over, and what was decided on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from workflow.base import screen, text_width
from workflow.base.errors import Malformed
from workflow.base.messages import N_, translate
from workflow.cases import retention
from workflow.casework.desk import Desk
from workflow.casework.opened import Done
from workflow.office.seat import Seat
from workflow.procedure.fold import UNDO
from workflow.storage.tables import TABLES

CASES, LEDGER = TABLES["case_file"], TABLES["ledger"]


def due(desk: Seat, on: date) -> Iterator[dict[str, Any]]:
    """Filed cases whose time is over on a day and that are not destroyed, the longest over first."""
    later = LEDGER.alias("later")
    # What an entry that takes an act back says of it stands open in its payload.
    taken_back = exists().where(
        later.c.case_id == LEDGER.c.case_id,
        later.c.n > LEDGER.c.n,
        later.c.event == UNDO,
        later.c.payload.contains('"event":"propose_destruction"', autoescape=True),
    )
    asked = (
        select(LEDGER.c.actor)
        .where(
            LEDGER.c.case_id == CASES.c.id,
            LEDGER.c.event == "propose_destruction",
            LEDGER.c.on_day > CASES.c.keep_until,
            ~taken_back,
        )
        .order_by(LEDGER.c.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = ("number", "applicant_name", "request", "outcome", "filed_on", "retention", "keep_until")
    query = (
        select(*(CASES.c[name] for name in columns), asked.label("proposed_by"))
        .where(CASES.c.office_id == desk.office.id, CASES.c.keep_until < on, CASES.c.destroyed_on.is_(None))
        .order_by(CASES.c.keep_until, CASES.c.id)
    )
    with desk.store.reading() as connection:
        for row in connection.execution_options(yield_per=500).execute(query).mappings():
            yield {
                name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
            }


def lines(found: list[dict[str, Any]], called: Callable[[str], str]) -> list[str]:
    """For the terminal; `called` names the officers."""
    if not found:
        return [translate(N_("No case's time of keeping is over."))]
    heads = [
        translate(text)
        for text in (
            N_("case"),
            N_("filed"),
            N_("class"),
            N_("kept until"),
            N_("asked for"),
            N_("destruction proposed by"),
        )
    ]
    return screen.table(
        heads,
        [
            [
                row["number"],
                row["filed_on"] or "-",
                retention.name(row["retention"]),
                row["keep_until"],
                text_width.clip(row["request"], 40),
                called(row["proposed_by"]) if row["proposed_by"] else "-",
            ]
            for row in found
        ],
    )


def decide(desk: Desk, ref: str, *, until: str | None, destroy: bool, reason: str) -> Done:
    """What the archivist decides on a case: keep it longer, or propose that it be destroyed."""
    if bool(until) == destroy:
        raise Malformed(
            N_("Give either --keep-until or --destroy."),
            field="keep-until",
            way_on=N_("For example: {example}"),
            example="disclosure retention decide 2026-0001 --keep-until 2046-12-31 --reason '...'",
        )
    if until:
        return desk.act(ref, "keep_longer", {"until": until, "why": reason})
    return desk.act(ref, "propose_destruction", {"why": reason})


def approve(desk: Desk, ref: str, reason: str) -> Done:
    """What the second person decides: the personal data of the case is destroyed."""
    return desk.act(ref, "destroy", {"why": reason})
