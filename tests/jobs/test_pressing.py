"""Many letters at once: several processes, what ends them, and that each letter is made and recorded once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, preloaded, stopping
from tests.counter import disclosure
from tests.jobs.pieces import half
from workflow.base.errors import DisclosureError, Environment, Refused
from workflow.jobs import bulk_letters, letter_press, process_pool, queue
from workflow.storage import encryption
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def place(quick: builders.Place) -> builders.Place:
    return quick


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes of a pool begin with everything imported."""
    monkeypatch.setattr(process_pool, "subprocess", preloaded.starting(preloaded.Popen))


def registered(place: builders.Place, count: int) -> None:
    """So many cases with a letter each."""
    for n in range(count):
        done = place.receive(name=f"申请人{n}")
        place.act("registrar", "register", done.case.number, builders.RECEIVED + timedelta(days=1))


def letters(place: builders.Place) -> list[Any]:
    with place.store.reading() as connection:
        return list(connection.execute(sa.select(TABLES["letter"]).order_by(TABLES["letter"].c.id)))


def recorded(place: builders.Place) -> list[int]:
    """The letters that the ledger says were made, in order."""
    import json

    table = TABLES["ledger"]
    query = sa.select(table.c.payload).where(table.c.event == "letter_made").order_by(table.c.seq)
    with place.store.reading() as connection:
        return [json.loads(row.payload)["letter"] for row in connection.execute(query)]


def require_all_made_once(place: builders.Place, count: int) -> None:
    made = recorded(place)
    assert len(made) == len(set(made)) == count
    assert all(letter.sha256 for letter in letters(place))
    assert queue.waiting(place.desk()) == []
    assert verify_record.verify(place.store, place.desk().office, with_files=True).files == count


def test_every_letter_is_made_in_several_processes(place: builders.Place) -> None:
    registered(place, 6)
    seen: list[None] = []
    found = bulk_letters.press(place.desk(), 2, lambda: seen.append(None))
    assert (found.made, found.before, found.faults, len(seen)) == (6, 0, [], 6)
    require_all_made_once(place, 6)
    assert bulk_letters.press(place.desk(), 2).made == 0


@pytest.mark.usefixtures("loaded")
def test_the_same_bytes_come_out_of_one_process_and_of_several(place: builders.Place) -> None:
    registered(place, 2)
    (first, second) = queue.sheets(place.desk(), queue.waiting(place.desk()))
    here = letter_press.press(first.errand), letter_press.press(second.errand)
    bulk_letters.press(place.desk(), 2)
    assert tuple(letter.sha256 for letter in letters(place)) == here


def spoil(place: builders.Place, number: int, content: str) -> None:
    """Damage the row of a letter so that it cannot be made."""
    table = TABLES["letter"]
    with place.store.writing() as connection:
        connection.execute(sa.update(table).where(table.c.id == number).values(content=content))


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_letter_at_fault_does_not_stop_the_others(place: builders.Place, jobs: int) -> None:
    registered(place, 5)
    before = letters(place)
    spoil(place, before[1].id, before[2].content[:-8] + "AAAAAAAA")
    with place.store.reading() as connection:
        key = place.desk().case_key(connection, before[3].case_id)
    spoil(place, before[3].id, encryption.seal(key, "letter.content", "{}"))
    seen: list[None] = []
    found = bulk_letters.press(place.desk(), jobs, lambda: seen.append(None))
    assert (found.made, len(seen)) == (3, 5)
    assert sorted(letter for letter, _ in found.faults) == [before[1].id, before[3].id]
    assert sorted(recorded(place)) == [before[n].id for n in (0, 2, 4)]
    waits = queue.waiting(place.desk())
    assert [(one.ref, one.attempts) for one in waits] == [(before[1].id, 1), (before[3].id, 1)]
    assert all(one.last_error for one in waits)
    # After the fault is corrected, the rest is made.
    for n in (1, 3):
        spoil(place, before[n].id, before[n].content)
    assert bulk_letters.press(place.desk(), jobs).made == 2
    require_all_made_once(place, 5)


def test_on_the_command_line(place: builders.Place) -> None:
    registered(place, 3)
    said = disclosure("letter", "render", "--as", "registrar", "--lang", "en")
    assert (said.code, "--all-due" in said.err) == (2, True)
    good = letters(place)[0].content
    spoil(place, letters(place)[0].id, "nothing")
    said = disclosure(
        "letter",
        "render",
        "--all-due",
        "--jobs",
        "1",
        "--as",
        "registrar",
        "--db",
        place.store.url,
        "--lang",
        "en",
    )
    assert said.code == 5
    assert "2 letters made, 1 at fault." in said.out
    plain = disclosure(
        "letter", "render", "--all-due", "--as", "registrar", "--db", place.store.url, "--json"
    )
    assert plain.code == 5
    import json

    found = json.loads(plain.out)
    assert (found["made"], len(found["faults"]), found["faults"][0]["letter"]) == (0, 1, letters(place)[0].id)
    spoil(place, letters(place)[0].id, good)
    said = disclosure("work", "--as", "registrar", "--db", place.store.url, "--json")
    assert (said.code, len(said.json)) == (0, 1)
    require_all_made_once(place, 3)


# --- ended from outside


# As the installed command begins: nothing in it asks whether it is the main program. It can be interrupted as
# at a terminal, also where the tests themselves were started in the background, which lets interrupts pass
# unheard.
STARTED = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from cli import main; sys.exit(main())"
)


class Running:
    """`disclosure letter render --all-due` in a process of its own, with processes of its own, each of which
    stops before its third letter: it has been given that when its first was recorded or is about to be.
    """

    def __init__(self, place: builders.Place) -> None:
        self.stops = stopping.Stops(place.store.folder / "stop", before=3)
        self.process = preloaded.Family(
            [
                sys.executable,
                "-c",
                STARTED,
                "letter",
                "render",
                "--all-due",
                "--jobs",
                "2",
                "--as",
                "registrar",
                "--db",
                place.store.url,
                "--lang",
                "en",
            ],
            cwd=ROOT,
            env={**os.environ, **self.stops.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """The processes that set letters (and the one that watches over their pipes)."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def setters(self) -> list[int]:
        return [
            child
            for child in self.children()
            if Path(f"/proc/{child}/comm").read_text().strip() == preloaded.FORKED
        ]

    def until_held(self) -> list[int]:
        """The two processes that set letters, when each is at its third; no other will stop."""
        until = time.monotonic() + 60
        while len(held := self.setters()) < 2:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)
        self.stops.await_all(held)
        self.stops.over()
        return held

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def gone(processes: list[int]) -> bool:
    until = time.monotonic() + 20
    while any(
        Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in processes
    ):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def running(place: builders.Place) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(place))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


def test_a_process_that_is_killed_is_replaced(place: builders.Place, running: Callable[[], Running]) -> None:
    registered(place, 12)
    run = running()
    held = run.until_held()
    os.kill(held[0], signal.SIGKILL)
    stopping.go_on(held)
    code, out, err = run.end()
    assert (code, "12 letters made, 0 at fault." in out) == (0, True), err
    require_all_made_once(place, 12)


def test_killed_itself_it_goes_on_where_it_was(place: builders.Place, running: Callable[[], Running]) -> None:
    registered(place, 12)
    run = running()
    held, children = run.until_held(), run.children()
    run.process.kill()
    stopping.go_on(held)
    run.end()
    # No process is left over.
    assert gone(children)
    before = len(recorded(place))
    assert before < 12
    assert bulk_letters.press(place.desk(), 1).made == 12 - before
    require_all_made_once(place, 12)


def test_interrupted_at_the_terminal_what_was_made_is_recorded(
    place: builders.Place, running: Callable[[], Running]
) -> None:
    registered(place, 12)
    run = running()
    held, children = run.until_held(), run.children()
    os.killpg(run.process.pid, signal.SIGINT)
    stopping.go_on(held)
    code, _out, err = run.end()
    assert (code, err.strip()) == (1, "Stopped.")
    assert gone(children)
    before = len(recorded(place))
    assert 1 <= before < 12
    assert bulk_letters.press(place.desk(), 1).made == 12 - before
    require_all_made_once(place, 12)


# --- the processes themselves


@pytest.mark.usefixtures("loaded")
def test_pieces_come_back_each_once_with_their_faults() -> None:
    pieces = [*range(0, 40, 4), 13, 14, -2, 6]
    found = dict(process_pool.over(pieces, 2, half, lambda piece: piece))
    assert len(found) == len(pieces)
    assert {piece: found[piece] for piece in pieces if piece % 2 == 0 and piece not in (14, -2)} == {
        piece: piece // 2 for piece in pieces if piece % 2 == 0 and piece not in (14, -2)
    }
    assert (type(found[13]), found[13].field, str(found[13])) == (Refused, "number", "thirteen")
    assert isinstance(found[14], DisclosureError)
    assert "ValueError: fourteen" in str(found[14])
    assert isinstance(found[-2], Environment)
    assert "-9" in str(found[-2])


@pytest.mark.usefixtures("loaded")
def test_a_piece_that_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[int, Any] = {}

    def idle() -> None:
        # A process may take long to begin on a busy machine: half a second is the limit once it has begun.
        begun = 2 in found and 15 not in found
        monkeypatch.setattr(process_pool, "LONGEST", 0.5 if begun else 60.0)

    for made in process_pool.over([2, 15, 4], 1, half, lambda piece: piece, idle):
        found.update([made])
    assert isinstance(found.pop(15), Environment)
    assert found == {2: 1, 4: 2}


def test_processes_that_all_end_at_once_are_no_fault_of_the_pieces() -> None:
    with pytest.raises(Environment):
        list(process_pool.over(range(-100, 0), 2, half, lambda piece: piece))


def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    assert [bulk_letters.processes(letters) for letters in (0, 1, 23, 24, 1000)] == [1, 1, 1, 2, 8]
    assert [bulk_letters.processes(letters, 4) for letters in (1, 3, 1000)] == [1, 3, 4]
