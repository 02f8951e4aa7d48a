"""The check of the whole record: the chain, and every case folded again and compared with its row and
clocks.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import clocks, row_report, states
from workflow.cases.case import CaseFile, Entry
from workflow.cases.context import Context
from workflow.casework import parties, search_index
from workflow.evidence import checkpoints
from workflow.office import imported_notices
from workflow.office.profile import Office
from workflow.procedure import transitions
from workflow.procedure.fold import fold
from workflow.storage import case_keys, file_store, ledger, snapshots, tree
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_tables

REMEDIES, SIGNATURES, PARTIES = TABLES["remedy"], TABLES["signature"], TABLES["party"]
Key = tuple[str, int]
CASES, CLOCKS, FILES, LETTERS = TABLES["case_file"], TABLES["clock"], TABLES["attachment"], TABLES["letter"]


@dataclass
class Verdict:
    """What the check found: entries, cases, files and case keys seen, the newest hash, cases whose clocks
    moved.
    """

    entries: int
    cases: int
    files: int
    head: str
    stale: list[str]
    keys: int = 0
    # Texts that a search would not find: the index is a cache too, and is made again by `search --rebuild`.
    unindexed: int = 0
    # How many entries say that their officer was known by the service, the database, his word alone ('none');
    # the program's own are 'system', those of earlier versions 'unsaid'.
    known: dict[str, int] = field(default_factory=dict)


def verify(
    store: Store, office: Office, *, with_files: bool = False, seen: Callable[[int], None] | None = None
) -> Verdict:
    """Walk the chain, refold every case and compare office, officers, notices and letters with their entries.

    Damaged at the first thing that is not as recorded. With files, attachments and letters are read, and the
    keys of the cases unwrapped where the key file is there.
    """
    told = verify_tables.Told()
    rules = transitions.bundled()
    entries = cases = 0
    known: Counter[str] = Counter()
    stale: list[str] = []
    by_case: dict[int, list[Entry]] = defaultdict(list)
    with store.reading() as connection:
        verify_tables.notices(connection)
        context = office.context(imported_notices.imported(connection))
        counts = select(CASES.c.id, CASES.c.entries).where(CASES.c.office_id == office.id)
        expected = {row.id: row.entries for row in connection.execute(counts)}
        given_out, grown = set(checkpoints.sizes(connection, office.id)), tree.Growing(0, "")
        roots: dict[int, bytes] = {}
        nodes: list[tuple[int, int, bytes]] = []
        for row in ledger.walk(connection, office.id):
            entries += 1
            grown.add(row.hash)
            nodes += grown.full
            grown.full.clear()
            if grown.size in given_out:
                roots[grown.size] = grown.root
            known[row.via or "unsaid"] += 1
            if seen is not None:
                seen(entries)
            if row.case_id is None:
                told.take(row.event, json.loads(row.payload))
                continue
            entry = ledger.entry_of(row)
            _known(rules, entry, row.seq)
            by_case[row.case_id].append(entry)
            # Each case is released after it was checked: memory does not grow with the number of cases.
            if len(by_case[row.case_id]) == expected.get(row.case_id):
                if not _same(connection, row.case_id, by_case.pop(row.case_id), context):
                    stale.append(
                        str(
                            connection.execute(
                                select(CASES.c.number).where(CASES.c.id == row.case_id)
                            ).scalar()
                        )
                    )
                cases += 1
        if by_case or cases != len(expected):
            raise Damaged(
                N_("The rows of the cases do not match the ledger: {n} cases differ."),
                n=len(by_case) + len(expected) - cases,
                way_on=N_("Compare the database with a backup."),
            )
        verify_tables.office(connection, office.id, told)
        verify_tables.wordings(connection, office.id, told)
        verify_tables.appointments(connection, office.id, told)
        checkpoints.check(connection, office.id, roots)
        if tree.faults(connection, office.id, grown, nodes):
            raise Damaged(
                N_("The tree over the entries is not what they give."),
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )
        head = ledger.head(connection, office.id).hash
        unindexed = search_index.stale(connection, office.id)
    checked = _files(store, office) if with_files else 0
    opened = verify_tables.keys(store, office.id) if with_files else 0
    return Verdict(entries, cases, checked, head, stale, opened, unindexed, dict(known))


def require_offices(connection: Connection, office_key: str | None) -> None:
    """NotFound for an office that is not there; Damaged where there are entries of no office, or an office
    has no head.
    """
    offices, heads, entries = TABLES["office"], TABLES["chain_head"], TABLES["ledger"]
    known = {row.id: row.key for row in connection.execute(select(offices.c.id, offices.c.key))}
    chains = set(connection.execute(select(entries.c.office_id).distinct()).scalars())
    headed = set(connection.execute(select(heads.c.office_id)).scalars())
    if chains - known.keys() or known.keys() - headed or not known:
        raise Damaged(
            N_(
                "There are entries of an office that is not there, an office without its chain, or no office."
            ),
            way_on=N_("Keep the database as it is and compare it with a backup."),
        )
    if office_key is not None and office_key not in known.values():
        raise NotFound(
            N_("There is no office '{office}'."),
            field="office",
            office=office_key,
            way_on=N_("See them with: disclosure office list"),
        )


def _known(rules: transitions.Process, entry: Entry, seq: int) -> None:
    rows = rules.of(entry.track, entry.event, entry.source)
    if not any(row.dest == entry.dest for row in rows):
        raise Damaged(
            N_("Entry {seq} records a step that the process does not know: {event} {source} → {dest}."),
            seq=seq,
            event=Named("event", entry.event),
            source=Named("state", entry.source),
            dest=Named("state", entry.dest),
        )


def _stale(
    number: str, kept: Mapping[Key, Any], fresh: Mapping[Key, clocks.CaseClock], older: set[Key]
) -> bool:
    """Whether a clock that still runs moved with law or calendar; Damaged where one differs that did not."""
    stale = False
    if set(kept) != set(fresh) and not older:
        raise _differs(number, "clock")
    for key in kept.keys() | fresh.keys():
        old, clock = kept.get(key), fresh.get(key)
        if old is not None and clock is not None:
            new = clock.deadline
            as_kept = old.due, old.state, old.start, bool(old.provisional)
            if as_kept == (new.due, clock.state, new.start, new.provisional):
                continue
            if key not in older:
                raise _differs(number, key[0])
        state = old.state if old is not None else clock.state if clock is not None else ""
        stale = stale or state in states.OPEN
    return stale


def _same(connection: Any, case_id: int, entries: list[Entry], context: Context) -> bool:
    """Whether row and clocks are what the entries give. A clock that law or calendar moved is stale, not
    damaged.
    """
    row = connection.execute(select(CASES).where(CASES.c.id == case_id)).one()
    try:
        entries = case_keys.opened(connection, case_id, entries)
    except Damaged as fault:
        raise Damaged(
            N_("What is sealed of {number} cannot be read: {detail}"),
            number=row.number,
            detail=fault.text,
            way_on=N_("Keep the database as it is and compare it with a backup."),
        ) from fault
    case = fold(entries, number=row.number)
    verify_tables.letters(connection, row.office_id, case_id, case, entries)
    made = clocks.all_clocks(case, context)
    kept = {
        (clock.rule, clock.ref): clock
        for clock in connection.execute(select(CLOCKS).where(CLOCKS.c.case_id == case_id))
    }
    # Computed from what was in force then: ended clocks stay as they were, running ones are to be recomputed.
    older = {key for key, clock in kept.items() if clock.calendar != context.basis}
    stale = _stale(row.number, kept, {clock.key: clock for clock in made}, older)
    reply = (
        {"reply_due", "reply_start", "reply_provisional", "reply_clock", "left_out"}
        if ("reply.limit", 0) in older
        else set()
    )
    # Without the key file what is sealed is not read, and so not compared.
    unread = {"applicant_name", "request"} if case_keys.ring(connection) is None else set()
    for name, value in clocks.project(case, made).items():
        if getattr(row, name) != value and name not in reply | unread:
            raise _differs(row.number, name)
    kept_remedies = connection.execute(
        select(REMEDIES).where(REMEDIES.c.case_id == case_id).order_by(REMEDIES.c.no)
    )
    if [
        {name: getattr(one, name) for name in row_report.REMEDY} for one in kept_remedies
    ] != row_report.remedies(case):
        raise _differs(row.number, "remedy")
    _parties(connection, case_id, case)
    key = case_keys.of(connection, case_id)
    if not snapshots.holds(connection, row.office_id, case_id, row.number, entries, key):
        raise _differs(row.number, "case_snapshot")
    return not stale


def _parties(connection: Any, case_id: int, case: CaseFile) -> None:
    """Damaged unless who is found again is who the entries name. A telephone of a case from before this table
    is looked up only once the index was made again."""
    key, ring = case_keys.of(connection, case_id), case_keys.ring(connection)
    if ring is None or (key is None and case.destroyed is None):
        return
    kept = connection.execute(
        select(PARTIES).where(PARTIES.c.case_id == case_id).order_by(PARTIES.c.no)
    ).all()
    made = sorted(parties.rows(case, key, ring), key=lambda one: one["no"]) if key is not None else []
    if len(kept) != len(made):
        raise _differs(case.number, "party")
    for row, wanted in zip(kept, made, strict=True):
        unknown = {"phone"} if row.phone is None else set()
        if any(getattr(row, name) != value for name, value in wanted.items() if name not in unknown):
            raise _differs(case.number, "party")


def _differs(number: str, name: str) -> Damaged:
    return Damaged(
        N_("The row of {number} is not what its entries give: {name}."),
        number=number,
        name=name,
        way_on=N_("The ledger is the record. Compare the database with a backup."),
    )


def _files(store: Store, office: Office) -> int:
    """Read every attachment and letter and compare it with its hash; Damaged if one is changed, gone or
    another.
    """
    folder = file_store.folder(store.folder)
    with store.reading() as connection:
        recorded = _recorded(connection, office)
        named = {
            (row.case_id, row.sha256)
            for table in (FILES, LETTERS, SIGNATURES)
            for row in connection.execute(
                select(table.c.case_id, table.c.sha256).where(
                    table.c.office_id == office.id, table.c.sha256.is_not(None)
                )
            )
        }
        # The files of a destroyed case are gone, where no other case has them.
        gone = CASES.c.destroyed_on.is_not(None) & (CASES.c.office_id == office.id)
        destroyed = set(connection.execute(select(CASES.c.id).where(gone)).scalars())
    for _, sha256 in sorted(named ^ recorded):
        raise Damaged(
            N_("The file {sha256} is named by the ledger alone, or by the tables alone."),
            sha256=sha256,
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )
    digests = {sha256 for case_id, sha256 in recorded if case_id not in destroyed}
    for sha256 in sorted(digests):
        try:
            file_store.read(folder, sha256)
        except NotFound as fault:
            raise Damaged(fault.message, way_on=fault.way_on, **fault.params) from fault
    return len(digests)


def _recorded(connection: Any, office: Office) -> set[tuple[int, str]]:
    """The files that the entries name: case and digest of what was handed in and of what was sent out."""
    table = TABLES["ledger"]
    query = select(table.c.case_id, table.c.payload).where(
        table.c.office_id == office.id,
        table.c.event.in_(("receive", "attach", "letter_made", "letter_signed")),
    )
    found = set()
    for case_id, payload in connection.execute(query, execution_options={"yield_per": 1000}):
        plain = json.loads(payload)
        found |= {(case_id, file["sha256"]) for file in plain.get("attachments", [])}
        if "sha256" in plain:
            found.add((case_id, plain["sha256"]))
    return found
