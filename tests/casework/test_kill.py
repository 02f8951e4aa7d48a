"""kill -9 between any two writes of an act: it happened completely or not at all, and can be repeated."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, postgres, preloaded, rows
from tests.builders import OLD, RECEIVED, ROADS, Place
from tests.thorough import THOROUGH
from workflow.jobs import queue
from workflow.office import founding, office_file
from workflow.storage import file_store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.usefixtures("repeated_roads")


@dataclass
class Killer:
    """An act that is killed, in databases that are handed one by one to the process in tests/killer.py."""

    process: subprocess.Popen[str]
    name: str
    arguments: list[Any]

    def kill(self, url: str, after: int) -> int:
        """Kill the act there after so many writes (0: after its commit); the writes that were seen."""
        settings = {
            name: value for name, value in os.environ.items() if name.startswith(("DISCLOSURE_", "HOME"))
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([self.name, self.arguments, url, after, settings]) + "\n")
        self.process.stdin.flush()
        seen, how = json.loads(self.process.stdout.readline())
        assert how == signal.SIGKILL
        return int(seen)


@pytest.fixture(scope="module")
def killing() -> Iterator[subprocess.Popen[str]]:
    """The process whose children are killed: it imports once what all of them need."""
    process = preloaded.Popen(
        [sys.executable, "-m", "tests.killer"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=60)


@pytest.fixture
def killers(killing: subprocess.Popen[str]) -> Callable[..., Killer]:
    return lambda name, *arguments: Killer(killing, name, list(arguments))


@pytest.fixture
def copies(
    request: pytest.FixtureRequest, database_url: str, home: Path, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Copies of a database, one at each call; the one before is gone then."""
    if database_url.startswith("sqlite"):
        source, target = Path(database_url.removeprefix("sqlite:///")), tmp_path / "copy.db"

        def copied() -> str:
            for left in tmp_path.glob("copy.db*"):
                left.unlink()
            shutil.copyfile(source, target)
            return f"sqlite:///{target}"

        yield copied
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("_postgres_template")
    behind = postgres.behind(database_url)
    assert behind is not None
    before: list[rows.Rows] = []
    lent: list[str] = []

    def put() -> str:
        if not before:
            before.append(rows.taken(server.keeper(behind[1])))
        if lent:
            server.give_back(lent.pop(), template)
        lent.append(server.lend(template))
        rows.put(server.keeper(lent[-1]), before[0], rows.Rows())
        return server.url(lent[-1])

    yield put
    for name in lent:
        server.give_back(name, template)


def summary(place: Place) -> tuple[int, list[tuple[str, int, int]]]:
    """Entries of the ledger, and of each case its number, version and entries."""
    verdict = verify_record.verify(place.store, place.desk("registrar").office, with_files=True)
    cases = TABLES["case_file"]
    with place.store.reading() as connection:
        rows = connection.execute(sa.select(cases).order_by(cases.c.id))
        return verdict.entries, [(row.number, row.version, row.entries) for row in rows]


def moments(killer: Killer, url: str) -> tuple[int, list[int]]:
    """Let the act happen in this database and kill it after its commit. How many writes it has, and after
    which of them to kill it elsewhere: after some, in a thorough run on SQLite after each.
    """
    whole = killer.kill(url, 0)
    if THOROUGH and url.startswith("sqlite"):
        return whole, list(range(1, whole + 1))
    some = {1, whole // 3, 2 * whole // 3, whole} if url.startswith("sqlite") else {whole // 2, whole}
    return whole, sorted(some)


# Days after which what was filed then may be destroyed.
LONG = (builders.TODAY - OLD).days
# state to start from, officer, event, day, facts
ACTS: dict[str, tuple[str, str, str, int, dict[str, Any]]] = {
    "register": ("received", "registrar", "register", 0, {}),
    "consult": ("in_hand", "handler", "consult_third_party", 4, {"name": "甲公司"}),
    "issue": ("approved", "handler", "issue", 7, {}),
    "dispatch": ("issued", "registrar", "dispatch", 7, {"served_by": "hand"}),
    "withdraw": ("drafting", "registrar", "withdraw", 5, {"how": "书面"}),
    "attach": ("filed", "archivist", "attach", 30, {"file": [__file__]}),
    "void": ("extended", "head", "void_letter", 4, {"letter": "P5", "reasons": "原因有误"}),
    "destroy": ("proposed", "head", "destroy", LONG, {"why": "同意"}),
}
# Where no road leads by itself: day of receipt, and the road.
BEFORE: dict[str, tuple[date, list[builders.Step]]] = {
    "extended": (RECEIVED, builders.road_to("void_letter", "in_hand")),
    "proposed": (OLD, [*ROADS["filed"], ("archivist", "propose_destruction", LONG, {"why": "期满"})]),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_killed_between_two_writes(
    database_url: str, copies: Callable[[], str], killers: Callable[..., Killer], name: str
) -> None:
    state, who, event, day, facts = ACTS[name]
    received, road = BEFORE.get(state) or (RECEIVED, ROADS[state])
    on = received + timedelta(days=day)
    place = builders.found(database_url)
    number = place.receive(received).case.number
    place.walk(number, road)
    place.made()
    before = summary(place)
    place.store.close()
    killer = killers("act", who, event, number, on.isoformat(), facts)
    url = copies()
    whole, points = moments(killer, url)
    # On PostgreSQL the commit itself chains the entry.
    assert whole >= (3 if database_url.startswith("sqlite") else 2)
    done = Place(builders.Store(url))
    entries, [(_, version, count)] = before[0] + 1, before[1]
    assert summary(done) == (entries, [(number, version + 1, count + 1)])
    done.store.close()
    for after in points:
        url = copies()
        assert killer.kill(url, after) == after
        again = Place(builders.Store(url))
        assert summary(again) == before, f"killed after write {after} of {whole}"
        # Nothing of it stands in the way of doing it now.
        assert again.act(who, event, number, on, **facts).version == before[1][0][1] + 1
        summary(again)
        again.store.close()


def test_a_receipt_killed_between_two_writes(
    database_url: str, copies: Callable[[], str], killers: Callable[..., Killer]
) -> None:
    place = builders.found(database_url)
    place.receive()
    before = summary(place)
    place.store.close()
    killer = killers("receive")
    url = copies()
    whole, points = moments(killer, url)
    done = Place(builders.Store(url))
    assert summary(done) == (before[0] + 1, [*before[1], ("2026-0002", 1, 1)])
    case = done.case("2026-0002")
    folder = file_store.folder(done.store.folder)
    assert (
        file_store.read(folder, case.attachments[0]["sha256"]) == Path(ROOT / "tests/killer.py").read_bytes()
    )
    done.store.close()
    for after in points:
        url = copies()
        killer.kill(url, after)
        again = Place(builders.Store(url))
        assert summary(again) == before, f"killed after write {after} of {whole}"
        # The number was given back with everything else.
        assert again.receive().case.number == "2026-0002"
        again.store.close()


@pytest.mark.parametrize(("field", "new"), [("received-on", "2026-02-27"), ("address", "江州市新址1号")])
def test_a_correction_killed_between_two_writes(
    database_url: str, copies: Callable[[], str], killers: Callable[..., Killer], field: str, new: str
) -> None:
    place = builders.found(database_url)
    place.bring("served")
    before = summary(place)
    place.store.close()
    killer = killers("amend", field, new)
    whole, points = moments(killer, copies())
    for after in points:
        url = copies()
        killer.kill(url, after)
        again = Place(builders.Store(url))
        assert summary(again) == before, f"killed after write {after} of {whole}"
        again.desk().amend("2026-0001", field, new, "收件章日期不同")
        summary(again)
        again.store.close()


def test_killed_between_the_commit_and_the_letter(
    database_url: str, copies: Callable[[], str], killers: Callable[..., Killer]
) -> None:
    """The act stands, its letter is made later, once, whenever that is interrupted too."""
    place = builders.found(database_url)
    place.bring("received")
    place.store.close()
    killers("act", "registrar", "register", "2026-0001", RECEIVED.isoformat(), {}).kill(database_url, 0)
    place = Place(builders.Store(database_url))
    assert place.case("2026-0001").state == "registered"
    assert [work.kind for work in queue.waiting(place.desk())] == ["letter"]
    place.store.close()
    killer = killers("settle")
    _, points = moments(killer, copies())
    digests = set()
    for after in [*points, 0]:
        url = copies()
        killer.kill(url, after)
        again = Place(builders.Store(url))
        made = queue.settle(again.desk())
        # Killed after its own last commit, the letter is there already; else it is made now.
        assert len(made) <= 1
        assert queue.waiting(again.desk()) == []
        case = again.case("2026-0001")
        assert [letter["code"] for letter in case.letters] == ["P2"]
        digests.add(case.letters[0]["sha256"])
        assert file_store.read(file_store.folder(again.store.folder), case.letters[0]["sha256"]).startswith(
            b"%PDF"
        )
        summary(again)
        again.store.close()
    # However often it was started, the letter is the same.
    assert len(digests) == 1


def test_a_founding_killed_between_two_writes(
    blank_url: str, home: Path, killers: Callable[..., Killer], request: pytest.FixtureRequest
) -> None:
    """A half-created database is completed by the next attempt."""
    killer = killers("init")
    on_sqlite = blank_url.startswith("sqlite")
    path = Path(blank_url.removeprefix("sqlite:///"))
    server: postgres.Server | None = None if on_sqlite else request.getfixturevalue("postgres_server")

    def blank() -> str:
        if server is None:
            for left in path.parent.glob("blank.db*"):
                left.unlink()
            return blank_url
        return server.url(server.create())

    url = blank()
    whole = killer.kill(url, 0)
    builders.Store(url).check()
    assert whole > 20
    for after in (
        sorted({*range(1, whole, 4), whole - 2, whole - 1, whole}) if on_sqlite else (1, whole // 2, whole)
    ):
        (home / "key.json").unlink(missing_ok=True)
        url = blank()
        killer.kill(url, after)
        store = builders.Store(url)
        founding.init(store, *office_file.checked(builders.office_file()))
        place = Place(store)
        assert place.receive().case.number == "2026-0001"
        summary(place)
        store.close()
        if server is not None:
            server.drop(str(sa.make_url(url).database))
