"""Programs that write one act after another take turns at the processors of their machine, and nobody waits
for anybody who is gone, broken or slow.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy.engine import make_url

from tests import builders
from workflow.storage import turns
from workflow.storage.turns import MANY, MOST, PATIENCE, PAUSE, TURN, Turns

ROOT = Path(__file__).resolve().parent.parent.parent


class Machine:
    """A machine with its clock: who sleeps lets time pass."""

    def __init__(self, folder: Path) -> None:
        self.path, self.time, self.slept = str(folder / "kept" / "turns"), 1000.0, 0.0
        self.computed = 0.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds
        self.slept += seconds

    def program(
        self, at_once: int = 2, *, busy: bool = True, committing: tuple[float, ...] = (0.0,)
    ) -> Turns:
        """One that has done many acts already, if it is busy."""
        made = Turns(
            self.path, at_once, now=lambda: self.time, sleep=self.sleep, computed=lambda: self.computed
        )
        for number in range(MANY if busy else 0):
            self.act(made, committing[number % len(committing)])
        return made

    def act(self, program: Turns, committing: float) -> None:
        """An act of a program, which computes two thousandths of a second."""
        program._began = self.computed
        self.computed += 0.002
        program.done(committing)

    def at_once(self, committing: tuple[float, ...], processors: int = 2) -> int:
        """How many go on at once, whose commits take so long by turns."""
        for number in range(100):
            self.program(processors, committing=committing).wait()
            if self.slept:
                return number
        raise AssertionError("nobody waits")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_as_many_go_on_as_there_are_processors_and_the_next_when_a_turn_ends(machine: Machine) -> None:
    first, second, third = (machine.program() for _ in range(3))
    first.wait()
    machine.time += TURN / 4
    second.wait()
    assert machine.slept == 0
    third.wait()
    assert machine.slept == pytest.approx(TURN * 3 / 4)
    # The turn of the second is not over yet, that of the third has begun: the first waits.
    first.done()
    first.wait()
    assert machine.slept == pytest.approx(TURN)


def test_a_turn_holds_for_all_acts_that_begin_in_it(machine: Machine) -> None:
    mine = machine.program(1)
    mine.wait()
    for _ in range(9):
        machine.time += TURN / 10
        mine.wait()
        mine.done()
    assert machine.slept == 0
    machine.program(1).wait()
    assert machine.slept == pytest.approx(TURN / 10)


def test_who_has_done_little_waits_for_nobody_and_keeps_nobody_waiting(machine: Machine) -> None:
    machine.program(1).wait()
    officer = machine.program(1, busy=False)
    for _ in range(MANY - 1):
        officer.wait()
        officer.done()
    assert machine.slept == 0
    officer.done()
    officer.wait()
    assert machine.slept == pytest.approx(TURN)


def test_who_paused_begins_anew(machine: Machine) -> None:
    officer = machine.program(1)
    machine.time += PAUSE * 1.01
    machine.program(1).wait()
    officer.wait()
    assert machine.slept == 0


# The server computes half as much again as the program: an act of theirs computes 3 thousandths of a second.
@pytest.mark.parametrize(
    ("committing", "places"),
    [
        ((0.0,), 2),
        ((0.0005,), 2),
        ((0.003,), 4),
        ((0.006,), 6),
        ((0.5,), 2 * MOST),
        # What delays one commit and not another is no disk.
        ((0.05, 0.0005), 2),
        ((0.05, 0.003), 4),
    ],
)
def test_more_go_on_at_once_where_every_commit_waits(
    machine: Machine, committing: tuple[float, ...], places: int
) -> None:
    assert machine.at_once(committing) == places


def test_how_many_go_on_is_found_anew_for_each_turn(machine: Machine) -> None:
    slow = machine.program(committing=(0.003,))
    for _ in range(3):
        machine.program(committing=(0.003,)).wait()
    slow.wait()
    assert machine.slept == 0
    machine.time += TURN
    # The disk is quick again.
    machine.act(slow, 0.0001)
    for _ in range(2):
        machine.program().wait()
    slow.wait()
    assert machine.slept == pytest.approx(TURN)


def test_turns_follow_one_another_in_the_order_of_coming(machine: Machine) -> None:
    begins = []
    for _ in range(5):
        one = machine.program(2)
        one._sleep = lambda seconds: None
        one.wait()
        begins.append(one._until - TURN - machine.time)
    assert begins == pytest.approx([0, 0, TURN, TURN, 2 * TURN])


def test_nobody_waits_longer_than_is_bearable(machine: Machine) -> None:
    waited = []
    for _ in range(60):
        one = machine.program(1)
        one._sleep = waited.append
        one.wait()
    # After those for whom there is room all others go on at once, for as long as a turn lasts.
    assert len(waited) in (PATIENCE / TURN - 2, PATIENCE / TURN - 1)
    assert PATIENCE - 2 * TURN < max(waited) < PATIENCE
    assert one._until == pytest.approx(machine.time + TURN)


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"broken",
        struct.pack("<d", float("nan")),
        struct.pack("<d", float("inf")),
        struct.pack("<d", -1.0),
        # As it was before the machine was started again.
        struct.pack("<d", 5_000_000.0),
    ],
)
def test_what_stands_in_the_file_and_is_no_turn_keeps_nobody_waiting(machine: Machine, kept: bytes) -> None:
    path = Path(machine.path)
    path.parent.mkdir()
    path.write_bytes(kept)
    machine.program(1).wait()
    assert machine.slept == 0
    machine.program(1).wait()
    assert machine.slept == pytest.approx(TURN)


@pytest.mark.parametrize("spoilt", ["folder", "file"])
def test_where_there_can_be_no_file_nobody_waits(machine: Machine, spoilt: str) -> None:
    path = Path(machine.path)
    if spoilt == "folder":
        path.parent.write_text("not a folder")
    else:
        path.mkdir(parents=True)
    for _ in range(3):
        machine.program(1).wait()
    assert machine.slept == 0


def test_the_file_is_the_users_own(machine: Machine) -> None:
    machine.program().wait()
    path = Path(machine.path)
    assert [one.stat().st_mode & 0o777 for one in (path.parent, path)] == [0o700, 0o600]
    assert path.stat().st_size <= 16


def test_who_was_stopped_while_looking_keeps_nobody_waiting(machine: Machine) -> None:
    machine.program().wait()
    with open(machine.path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        patient = machine.program()
        patient.wait()
        assert TURN <= machine.slept <= TURN * 1.02
        # Then he goes on for as long as others do.
        patient.done()
        patient.wait()
    assert machine.slept <= TURN * 1.02


def test_a_turn_of_who_was_killed_ends_by_itself(machine: Machine) -> None:
    code = (
        "import os, signal, sys\n"
        "from workflow.storage.turns import MANY, Turns\n"
        "mine = Turns(sys.argv[1], 1, now=lambda: 1000.0)\n"
        "[mine.done() for _ in range(MANY)]\n"
        "mine.wait()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, machine.path], cwd=ROOT, check=False)
    assert done.returncode < 0
    machine.program(1).wait()
    assert machine.slept == pytest.approx(TURN)


def _busy(mine: Turns, acts: int, told: Any) -> None:
    taken = set()
    for number in range(MANY + acts):
        mine.wait()
        if number >= MANY:
            taken.add(mine._until)
        mine.done()
        # Some work.
        sum(range(20_000))
    told.put(sorted(taken))


def test_never_more_at_once_in_programs_that_really_run(tmp_path: Path) -> None:
    mine = Turns(str(tmp_path / "turns"), 2)
    context = multiprocessing.get_context("fork")
    told: Any = context.Queue()
    programs = [context.Process(target=_busy, args=(mine, 200, told)) for _ in range(4)]
    for one in programs:
        one.start()
    ends = [end for _ in programs for end in told.get(timeout=60)]
    for one in programs:
        one.join()
    assert len(ends) >= len(programs)
    for end in ends:
        # Those whose turns had begun when this one ended, and were not over.
        assert len([one for one in ends if one - TURN < end - TURN / 1000 <= one]) <= 2


def test_a_stopped_calendar_stops_nobody(tmp_path: Path) -> None:
    path = str(tmp_path / "turns")
    with freeze_time("2026-03-02"):
        for _ in range(2):
            mine = Turns(path, 1)
            for _ in range(MANY):
                mine.done()
            mine.wait()
            assert mine._until


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("sqlite:////tmp/disclosure.db", False),
        ("postgresql+psycopg:///disclosure", True),
        ("postgresql+psycopg://clerk:secret@localhost/disclosure", True),
        ("postgresql+psycopg://127.0.0.1:5433/disclosure", True),
        ("postgresql+psycopg://[::1]/disclosure", True),
        ("postgresql+psycopg:///disclosure?host=/run/postgresql", True),
        ("postgresql+psycopg://db.example/disclosure", False),
        ("postgresql+psycopg:///disclosure?host=db.example", False),
        ("postgresql+psycopg:///disclosure?host=db1.example&host=db2.example", False),
        # The driver goes to the address, whatever the name; what a service means only it knows.
        ("postgresql+psycopg://localhost/disclosure?hostaddr=192.0.2.7", False),
        ("postgresql+psycopg://db.example/disclosure?hostaddr=127.0.0.1", True),
        ("postgresql+psycopg:///disclosure?service=register", False),
        ("postgresql+psycopg://localhost/disclosure?service=register", True),
    ],
)
def test_turns_are_taken_where_the_database_computes_on_this_machine(
    url: str, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    assert (turns.of(make_url(url)) is not None) is here


@pytest.mark.parametrize(
    ("name", "value"), [("PGHOST", "db.example"), ("PGHOSTADDR", "192.0.2.7"), ("PGSERVICE", "register")]
)
def test_the_host_may_be_named_by_the_surroundings(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert turns.of(make_url("postgresql+psycopg:///disclosure")) is None


@pytest.mark.postgres
def test_acts_ask_for_their_turn_before_they_begin(database_url: str, home: Path) -> None:
    place = builders.found(database_url)
    seen: list[str] = []

    class Told(Turns):
        def wait(self) -> None:
            with place.store.engine.connect() as connection:
                seen.append(f"wait, {connection.connection.driver_connection.info.transaction_status.name}")

        def done(self, committing: float = 0.0) -> None:
            assert committing > 0
            seen.append("done")

    with place.store.reading():
        pass
    usual = place.store._turns
    assert (usual is not None) is database_url.startswith("postgresql")
    if usual is None:
        return
    place.store._turns = Told("", 1)
    with place.store.writing():
        seen.append("act")
    with pytest.raises(ZeroDivisionError), place.store.writing():
        raise ZeroDivisionError
    assert seen == ["wait, IDLE", "act", "done", "wait, IDLE"]
    place.store.close()


def test_the_clock_is_the_machines() -> None:
    code = "from workflow.storage.turns import clock; print(clock())"
    before = turns.clock()
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert before <= float(said.stdout) <= turns.clock()
    assert turns.processors() >= 1
    assert turns.processors() <= (os.cpu_count() or 1)
