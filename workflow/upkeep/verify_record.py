"""The check of the whole record: the chain, every case folded again and compared with all that is kept of
it, and what the database has to do for the record.

What is compared, what stands in a hash, and what is free, is told column by column in covered.toml.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from workflow.base.errors import Damaged, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.entry import Entry
from workflow.casework import search_index
from workflow.evidence import checkpoints
from workflow.office import imported_notices
from workflow.office.profile import Office
from workflow.procedure import process, transitions
from workflow.reports.annual import leaves
from workflow.storage import case_entries, case_keys, key_mark, ledger, tree
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import (
    coverage,
    verify_case,
    verify_files,
    verify_letters,
    verify_machine,
    verify_tables,
    verify_work,
)
from workflow.upkeep.verify_bases import Bases
from workflow.upkeep.verify_case import Around
from workflow.upkeep.verify_guards import Refusal
from workflow.upkeep.verify_told import Then, Told

CASES, OFFICES, HEADS, LEDGER = (TABLES[name] for name in ("case_file", "office", "chain_head", "ledger"))
# Statements that every check asks are made once.
_COUNTS = select(CASES.c.id, CASES.c.entries).where(CASES.c.office_id == bindparam("office"))
_KEYS = select(OFFICES.c.id, OFFICES.c.key)
_CHAINS, _HEADED = select(LEDGER.c.office_id).distinct(), select(HEADS.c.office_id)


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
    # Texts that a search would not find, or finds under other words: the index is a cache too, and is made
    # again by `search --rebuild`.
    unindexed: int = 0
    # How many entries say that their officer was known by the service, the database, his word alone ('none');
    # the program's own are 'system', those of earlier versions 'unsaid'.
    known: dict[str, int] = field(default_factory=dict)
    # Entries that no guard would let through, and of earlier versions those that today's would not.
    refused: list[Refusal] = field(default_factory=list)
    doubtful: list[Refusal] = field(default_factory=list)
    # Cases whose texts cannot be read here (destroyed, or without the key file): what needs them was not
    # asked.
    unread: int = 0
    # Who besides the owner may change the ledger (PostgreSQL).
    rights: list[str] = field(default_factory=list)


def verify(
    store: Store, office: Office, *, with_files: bool = False, seen: Callable[[int], None] | None = None
) -> Verdict:
    """Walk the chain, go through every case again, and compare all that is kept of the office with its
    entries.

    Damaged at the first thing that is not as recorded. With files, attachments and letters are read, and the
    keys of the cases unwrapped where the key file is there.
    """
    coverage.table()
    with store.reading() as connection:
        verify_machine.references(connection)
        if (ring := case_keys.ring(connection)) is not None:
            key_mark.require_kept(connection, ring)
        verdict = Check(connection, office).run(seen)
        # What was done through a trigger that is gone is told before that it is gone.
        verify_machine.check(connection)
    if with_files:
        verdict.files = verify_files.check(store, office)
        verdict.keys = verify_tables.keys(store, office.id)
    return verdict


class Check:
    """The check of one office, in one consistent view of the database."""

    def __init__(self, connection: Connection, office: Office) -> None:
        self.connection, self.office = connection, office
        verify_tables.notices(connection)
        notices = imported_notices.imported(connection)
        self.told = Told(office, notices)
        numbers = verify_letters.Numbers(profiles=self.told.profiles)
        context = office.context(notices)
        bases = Bases(self.told)
        self.around = Around(connection, office.id, context, bases.of, bases.calendars, numbers)
        self.rules = transitions.bundled()
        self.verdict = Verdict(0, 0, 0, "", [])
        counts = connection.execute(_COUNTS, {"office": office.id})
        self.expected = {row.id: row.entries for row in counts}
        self.numbers: dict[int, str] = {}
        self.entries: dict[int, list[Entry]] = defaultdict(list)
        self.thens: dict[int, list[Then]] = defaultdict(list)
        self.grown, self.nodes = tree.Growing(0, ""), list[tuple[int, int, bytes]]()
        self.given_out = set(checkpoints.sizes(connection, office.id))
        self.roots: dict[int, bytes] = {}

    def run(self, seen: Callable[[int], None] | None) -> Verdict:
        """Walk through, then ask what needs the whole."""
        known: Counter[str] = Counter()
        for row in ledger.walk(self.connection, self.office.id):
            self.verdict.entries += 1
            known[row.via or "unsaid"] += 1
            self._grow(row.hash)
            if seen is not None:
                seen(self.verdict.entries)
            if row.case_id is None:
                self.told.take(row, json.loads(row.payload))
            else:
                self.of_case(row)
        self.verdict.known = dict(known)
        if self.entries or self.verdict.cases != len(self.expected):
            raise Damaged(
                N_("The rows of the cases do not match the ledger: {n} cases differ."),
                n=len(self.entries) + len(self.expected) - self.verdict.cases,
                way_on=N_("Compare the database with a backup."),
            )
        self._the_rest()
        return self.verdict

    def _grow(self, hash: str) -> None:
        self.grown.add(hash)
        self.nodes += self.grown.full
        self.grown.full.clear()
        if self.grown.size in self.given_out:
            self.roots[self.grown.size] = self.grown.root

    def of_case(self, row: Any) -> None:
        """Take in an entry of a case. Each case is released after it was checked: memory does not grow with
        the number of cases.
        """
        entry, case_id = case_entries.entry_of(row), row.case_id
        _known(self.rules, entry, row.seq)
        self.entries[case_id].append(entry)
        self.thens[case_id].append(self.told.then(row))
        if entry.n == 1:
            self.numbers[case_id] = self.around.numbers.of_case(entry)
        if len(self.entries[case_id]) != self.expected.get(case_id):
            return
        number = self.numbers.pop(case_id, "")
        found = verify_case.check(
            self.around, case_id, self.entries.pop(case_id), self.thens.pop(case_id), number
        )
        self.verdict.cases += 1
        self.verdict.stale += [number] if found.stale else []
        self.verdict.unindexed += found.unindexed
        self.verdict.unread += not found.readable
        for one in found.refused:
            (self.verdict.refused if one.said else self.verdict.doubtful).append(one)

    def _the_rest(self) -> None:
        connection, office_id, told = self.connection, self.office.id, self.told
        verify_tables.office(connection, office_id, told)
        verify_tables.wordings(connection, office_id, told)
        verify_tables.appointments(connection, office_id, told)
        verify_letters.series(connection, office_id, self.around.numbers, told.batches)
        verify_work.queue(connection, office_id)
        verify_work.posting(connection, office_id, told)
        checkpoints.check(connection, office_id, self.roots)
        leaves.check(connection, office_id)
        if tree.faults(connection, office_id, self.grown, self.nodes):
            raise Damaged(
                N_("The tree over the entries is not what they give."),
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )
        self.verdict.head = ledger.head(connection, office_id).hash
        self.verdict.rights = verify_machine.rights(connection)
        if case_keys.ring(connection) is None:
            self.verdict.unindexed = search_index.stale(connection, office_id)


def require_offices(connection: Connection, office_key: str | None) -> None:
    """NotFound for an office that is not there; Damaged where there are entries of no office, or an office
    has no head.
    """
    known = {row.id: row.key for row in connection.execute(_KEYS)}
    chains = set(connection.execute(_CHAINS).scalars())
    headed = set(connection.execute(_HEADED).scalars())
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


def _known(rules: process.Process, entry: Entry, seq: int) -> None:
    rows = rules.of(entry.track, entry.event, entry.source)
    if not any(row.dest == entry.dest for row in rows):
        raise Damaged(
            N_("Entry {seq} records a step that the process does not know: {event} {source} → {dest}."),
            seq=seq,
            event=Named("event", entry.event),
            source=Named("state", entry.source),
            dest=Named("state", entry.dest),
        )
