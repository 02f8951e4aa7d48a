"""So many acts at once in one office on PostgreSQL: no number is given twice or left out, no act that was
acknowledged is lost, and the record verifies. Started by `make crowd`.

Eight processes receive applications and write to cases of their own and to a few that all of them want. What
one of them was told to be done is counted there, and looked for afterwards.

python -m benchmarks.crowd [ACTS]
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from typing import Any

from benchmarks.load import _desks, _office, _receive
from benchmarks.world import TODAY

ACTS, WRITERS, SHARED = 16_000, 8, 12


def _writer(url: str, home: str, place: int, acts: int, shared: list[str], told: Any) -> None:
    """Every fourth act receives an application, one writes to it, two to cases that all want."""
    from workflow.base.errors import Conflict
    from workflow.storage.database import Store

    os.environ["DISCLOSURE_HOME"] = home
    store = Store(url)
    desks = _desks(store)
    received: list[str] = []
    noted: dict[str, int] = {}
    refused = 0
    for number in range(acts):
        if number % 4 == 0:
            received.append(_receive(desks["registrar"], f"{place}.{number}"))
            continue
        case = received[-1] if number % 4 == 1 else shared[(number + place) % len(shared)]
        while True:
            try:
                desks["registrar"].act(case, "note", {"text": f"{place}.{number}"}, on=TODAY)
                break
            except Conflict:
                refused += 1
        noted[case] = noted.get(case, 0) + 1
    told.put((received, noted, refused))
    store.close()


def _faults(store: Any, office: Any, received: list[str], noted: dict[str, int], before: int) -> list[str]:
    """What is not as the writers were told."""
    from workflow.upkeep import verify_record

    found: list[str] = []
    with store.reading() as connection:
        ask = connection.exec_driver_sql
        numbers = [row[0] for row in ask("SELECT number FROM case_file ORDER BY number")]
        wanted = [f"{TODAY.year}-{n:04d}" for n in range(1, len(numbers) + 1)]
        if sorted(numbers) != sorted(wanted):
            found.append("the numbers of the cases have gaps")
        if len(set(received)) != len(received) or not set(received) <= set(numbers):
            found.append("an application that was acknowledged is lost, or its number was given twice")
        rows = ask(
            "SELECT c.number, c.version, c.entries, count(l.id), max(l.n),"
            " count(*) FILTER (WHERE l.event = 'note') FROM case_file c JOIN ledger l ON l.case_id = c.id"
            " GROUP BY c.id, c.number, c.version, c.entries"
        )
        for number, version, entries, there, last, notes in rows:
            if not version == entries == there == last:
                found.append(
                    f"{number}: version {version}, {entries} entries, {there} in the ledger, last {last}"
                )
            if notes != noted.get(number, 0):
                found.append(f"{number}: {noted.get(number, 0)} notes acknowledged, {notes} there")
        seqs, first, newest = ask("SELECT count(*), min(seq), max(seq) FROM ledger").one()
        if not seqs == newest - first + 1 == before + len(received) + sum(noted.values()):
            found.append(f"{seqs} entries of {before + len(received) + sum(noted.values())}, up to {newest}")
    verdict = verify_record.verify(store, office)
    return found + [str(one) for one in verdict.refused]


def main(acts: int) -> int:
    from tests import postgres

    server = postgres.start()
    try:
        url = server.url(server.create())
        with _office(url) as desks:
            registrar = desks["registrar"]
            shared = [_receive(registrar, f"shared {n}") for n in range(SHARED)]
            with registrar.store.reading() as connection:
                before = connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar_one()
            context = multiprocessing.get_context("spawn")
            told = context.Queue()
            given = [
                (url, str(registrar.store.folder), n, acts // WRITERS, shared, told) for n in range(WRITERS)
            ]
            processes = [context.Process(target=_writer, args=one) for one in given]
            began = time.perf_counter()
            for process in processes:
                process.start()
            said = [told.get() for _ in processes]
            taken = time.perf_counter() - began
            for process in processes:
                process.join()
            received = [number for one, _, _ in said for number in one]
            noted: dict[str, int] = {}
            for _, one, _ in said:
                for case, count in one.items():
                    noted[case] = noted.get(case, 0) + count
            found = _faults(registrar.store, registrar.office, received, noted, before)
            done = len(received) + sum(noted.values())
            print(f"{done} acts of {WRITERS} writers in {taken:.0f} s ({done / taken:.0f} a second)")
            print(
                f"{sum(refused for *_, refused in said)} times told that others wrote to the case, and done again"
            )
            print("\n".join(found) or "nothing lost, no gap, verified")
            return 1 if found else 0
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else ACTS))
