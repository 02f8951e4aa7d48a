"""The files of an office: every attachment and letter is there, and is what was recorded."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, select

from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_
from workflow.office.profile import Office
from workflow.storage import file_store
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

CASES, FILES, LETTERS = TABLES["case_file"], TABLES["attachment"], TABLES["letter"]
SIGNATURES, LEDGER = TABLES["signature"], TABLES["ledger"]
# Statements that every check asks are made once.
_NAMED = [
    select(table.c.case_id, table.c.sha256).where(
        table.c.office_id == bindparam("office"), table.c.sha256.is_not(None)
    )
    for table in (FILES, LETTERS, SIGNATURES)
]
# The files of a destroyed case are gone, where no other case has them.
_GONE = select(CASES.c.id).where(CASES.c.destroyed_on.is_not(None), CASES.c.office_id == bindparam("office"))
_RECORDED = select(LEDGER.c.case_id, LEDGER.c.payload).where(
    LEDGER.c.office_id == bindparam("office"),
    LEDGER.c.event.in_(("receive", "attach", "letter_made", "letter_signed")),
)


def check(store: Store, office: Office) -> int:
    """Read every attachment and letter and compare it with its hash; Damaged if one is changed, gone or
    another.
    """
    folder, of_office = file_store.folder(store.folder), {"office": office.id}
    with store.reading() as connection:
        recorded = _recorded(connection, office)
        named = {
            (row.case_id, row.sha256) for query in _NAMED for row in connection.execute(query, of_office)
        }
        destroyed = set(connection.execute(_GONE, of_office).scalars())
    for _, sha256 in sorted(named ^ recorded):
        raise Damaged(
            N_("The file {sha256} is named by the ledger alone, or by the tables alone."),
            sha256=sha256,
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )
    digests = {sha256 for case_id, sha256 in recorded if case_id not in destroyed}
    for sha256 in sorted(digests):
        try:
            file_store.verify(folder, sha256)
        except NotFound as fault:
            raise Damaged(fault.message, way_on=fault.way_on, **fault.params) from fault
    return len(digests)


def _recorded(connection: Any, office: Office) -> set[tuple[int, str]]:
    """The files that the entries name: case and digest of what was handed in and of what was sent out."""
    found = set()
    rows = connection.execute(_RECORDED, {"office": office.id}, execution_options={"yield_per": 1000})
    for case_id, payload in rows:
        plain = json.loads(payload)
        found |= {(case_id, file["sha256"]) for file in plain.get("attachments", [])}
        if "sha256" in plain:
            found.add((case_id, plain["sha256"]))
    return found
