"""Two officers at once: one is first, the other waits or gets an error; no number or reply is given twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, preloaded
from tests.builders import RECEIVED, Place
from workflow.base.errors import Conflict, DisclosureError, Refused
from workflow.casework import opened
from workflow.casework.unit import Unit
from workflow.jobs import queue
from workflow.office import founding
from workflow.storage import engines, file_store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.usefixtures("repeated_roads")


def at_once(place: Place, *calls: Callable[[Place], Any]) -> list[Any]:
    """Each call in a thread and on a connection of its own, all let go at the same moment; results or
    refusals.
    """
    ready = threading.Barrier(len(calls))

    def one(call: Callable[[Place], Any]) -> Any:
        own = Place(builders.Store(place.store.url))
        for officer in builders.OFFICERS:
            own.desk(officer)
        ready.wait(30)
        try:
            return call(own)
        except DisclosureError as fault:
            return fault
        finally:
            own.store.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def whole(place: Place) -> None:
    verify_record.verify(place.store, place.desk().office)


def test_the_same_number_is_never_given_twice(place: Place) -> None:
    """Four registrars receive five applications each."""

    def receive(own: Place) -> list[str]:
        return [own.receive(name=f"申请人{n}").case.number for n in range(5)]

    found = at_once(place, *[receive] * 4)
    numbers = sorted(number for numbers in found for number in numbers)
    assert numbers == [f"2026-{n:04d}" for n in range(1, 21)]
    assert all(numbers == sorted(numbers) for numbers in found)
    whole(place)


def test_offices_do_not_wait_for_one_another_in_vain(place: Place) -> None:
    other = builders.found(place.store.url, key="yz")

    def receive(key: str) -> Callable[[Place], list[str]]:
        def run(_: Place) -> list[str]:
            own = Place(builders.Store(place.store.url), key)
            try:
                return [own.receive().case.number for _ in range(5)]
            finally:
                own.store.close()

        return run

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda key: receive(key)(place), ["jz", "yz"])
    assert first == second == [f"2026-{n:04d}" for n in range(1, 6)]
    whole(place)
    whole(other)
    other.store.close()


def test_of_two_replies_one_is_refused(place: Place) -> None:
    number = place.bring("approved")
    day = RECEIVED + timedelta(days=7)
    found = at_once(
        place,
        lambda own: own.act("handler", "issue", number, day),
        lambda own: own.act("registrar", "issue", number, day),
    )
    refused = [one for one in found if isinstance(one, Refused)]
    assert len(refused) == 1
    assert refused[0].rule == "ogi2019:36.1"
    case = place.case(number)
    assert [reply.number for reply in case.replies] == ["jz公复〔2026〕1号"]
    with place.store.reading() as connection:
        taken = connection.execute(
            sa.select(TABLES["series"].c.last).where(TABLES["series"].c.name == "reply")
        )
        assert taken.scalar() == 1, "the refused act took no number"
    whole(place)


def test_two_acts_that_both_may_be_follow_one_another(place: Place) -> None:
    number = place.bring("in_hand")
    version = place.row(number)["version"]
    day = RECEIVED + timedelta(days=5)
    found = at_once(
        place,
        lambda own: own.act("handler", "consult_third_party", number, day, name="甲公司"),
        lambda own: own.act("handler", "consult_third_party", number, day, name="乙公司"),
        lambda own: own.act("registrar", "note", number, day, text="来电"),
    )
    assert sorted(done.version for done in found) == [version + 1, version + 2, version + 3]
    assert sorted(part.no for part in place.case(number).consultations) == [1, 2]
    whole(place)


def test_of_two_who_looked_at_the_same_version_one_is_told(place: Place) -> None:
    number = place.bring("in_hand")
    version = place.row(number)["version"]

    def note(own: Place) -> Any:
        return own.desk("handler").act(
            number, "note", {"text": "x"}, on=RECEIVED + timedelta(days=5), expect=version
        )

    found = at_once(place, note, note)
    conflicts = [one for one in found if isinstance(one, Conflict)]
    assert len(conflicts) == 1
    assert conflicts[0].exit_code == 4
    assert conflicts[0].advice
    assert place.row(number)["version"] == version + 1
    whole(place)


def test_a_correction_and_an_act_at_once(place: Place) -> None:
    number = place.bring("registered")
    found = at_once(
        place,
        lambda own: own.desk("registrar").amend(number, "received-on", "2026-02-27", "收件章"),
        lambda own: own.act("registrar", "assign", number, RECEIVED + timedelta(days=1), unit="ban"),
    )
    assert not any(isinstance(one, DisclosureError) for one in found)
    case = place.case(number)
    assert (case.received_on, case.state) == (date(2026, 2, 27), "assigned")
    whole(place)


def test_a_letter_made_twice_at_once_is_recorded_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes have read the queue and rendered the letter before either records it."""
    number = place.bring("registered")
    both_made_it, begin = threading.Barrier(2), engines.begin_writing
    before: dict[Any, Callable[[], Any]] = {}

    def begin_writing(connection: Any) -> Any:
        before.pop(connection.engine, lambda: None)()
        return begin(connection)

    monkeypatch.setattr(engines, "begin_writing", begin_writing)

    def settle(own: Place) -> Any:
        desk = own.desk("registrar")
        waiting = queue.waiting(desk)
        before[own.store.engine] = lambda: both_made_it.wait(60)
        return queue.settle(desk), len(waiting)

    found = at_once(place, settle, settle)
    assert [seen for _, seen in found] == [1, 1]
    assert len({made[0]["sha256"] for made, _ in found}) == 1
    case = place.case(number)
    assert [letter["code"] for letter in case.letters] == ["P2"]
    assert file_store.read(file_store.folder(place.store.folder), case.letters[0]["sha256"]).startswith(
        b"%PDF"
    )
    whole(place)


def test_a_reply_is_made_void_while_its_letter_is_recorded(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both write the chain and the row of the work: they take them in the same order, and neither is turned
    away.
    """
    number = place.bring("issued")
    with place.store.reading() as connection:
        letter = connection.execute(
            sa.select(TABLES["letter"].c.id).where(TABLES["letter"].c.number.is_not(None))
        ).scalar_one()
    inside = threading.Event()

    def void(own: Place) -> Any:
        def slowly(entering: Callable[[Unit], Any]) -> Callable[[Unit], Any]:
            def entered(work: Unit) -> Any:
                found = entering(work)
                # It is in by now; the other one comes and has to wait.
                inside.set()
                time.sleep(0.4)
                return found

            return entered

        monkeypatch.setattr(Unit, "lock", slowly(Unit.lock))
        monkeypatch.setattr(Unit, "together", slowly(Unit.together))
        return own.desk("head").act(
            number, "void_reply", {"reasons": "漏项"}, on=RECEIVED + timedelta(days=8)
        )

    def record(own: Place) -> Any:
        desk = own.desk("registrar")
        (work,) = [one for one in queue.waiting(desk) if one.ref == letter]
        (sheet,) = queue.sheets(desk, [work])
        kept = file_store.put(file_store.folder(own.store.folder), b"%PDF")
        assert inside.wait(30)
        with own.store.writing() as connection:
            return queue.record(desk, connection, [(sheet, kept.sha256)])

    done, recorded = at_once(place, void, record)
    assert not isinstance(done, DisclosureError), done
    assert recorded == [False], "what is void is not recorded as made"
    assert place.case(number).letter_of("jz公复〔2026〕1号") is None
    whole(place)


def test_an_act_that_was_overtaken_is_done_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL two read the case at the same version; the one who comes second to the lock looks again,
    and nothing of either is lost."""
    if place.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer, who holds the lock from the start")
    number = place.bring("registered")
    read, opening = threading.Barrier(2), opened.open_case

    def together(*given: Any) -> Any:
        found = opening(*given)
        if not read.broken:
            with suppress(threading.BrokenBarrierError):
                read.wait(10)
                read.abort()
        return found

    monkeypatch.setattr(opened, "open_case", together)
    before = place.case(number).entries

    clock = count()

    def note(text: str) -> Callable[[Place], Any]:
        def noted(own: Place) -> Any:
            desk = own.desk("registrar")
            desk.now = lambda: datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(seconds=next(clock))
            return desk.act(number, "note", {"text": text})

        return noted

    earlier, later = sorted(at_once(place, note("一"), note("二")), key=lambda done: done.entry.n)
    assert (earlier.entry.n, later.entry.n) == (before + 1, before + 2)
    assert earlier.entry.recorded_at < later.entry.recorded_at, "within a case the moments rise"
    whole(place)


def test_a_row_at_another_version_than_was_read_is_not_written_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever let it come to that: the act is given up and done again from the start."""
    number = place.bring("registered")
    opening, rows = opened.open_case, TABLES["case_file"]
    read: list[int] = []

    def meanwhile(desk: Any, connection: Any, *given: Any) -> Any:
        found = opening(desk, connection, *given)
        read.append(found.version)
        if len(read) == 1:
            later = rows.c.version + 1
            connection.execute(sa.update(rows).where(rows.c.id == found.id).values(version=later))
        return found

    monkeypatch.setattr(opened, "open_case", meanwhile)
    place.act("registrar", "note", number, RECEIVED, text="一")
    assert read == [read[0]] * 2
    whole(place)


def test_of_two_approvers_who_stop_each_other_one_stays(place: Place) -> None:
    founding.add_officer(place.desk("head"), {"key": "deputy", "name": "副局长", "roles": "approver"})
    found = at_once(
        place,
        lambda own: founding.stop_officer(own.desk("head"), "deputy"),
        lambda own: founding.stop_officer(own.desk("deputy"), "head"),
    )
    assert len([one for one in found if isinstance(one, Refused)]) == 1
    whole(place)


# --- processes, as officers start them


def command(place: Place, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DISCLOSURE_DATABASE_URL": place.store.url, "DISCLOSURE_LANG": "en"}
    return preloaded.Popen(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_at_once(place: Place) -> None:
    """Three commands receive, two work off the letters, and one is late with its version."""
    number = place.bring("registered")
    version = str(place.row(number)["version"])
    place.act("registrar", "note", number, RECEIVED, text="版本更新")
    receive = [
        "receive",
        "--as",
        "registrar",
        "--channel",
        "in_person",
        "--name",
        "李四",
        "--request",
        "某信息",
        "--on",
        "2026-03-02",
        "--json",
    ]
    running = [command(place, *receive) for _ in range(3)]
    running += [command(place, "work", "--as", "registrar", "--json") for _ in range(2)]
    late = command(
        place,
        "note",
        number,
        "--as",
        "registrar",
        "--text",
        "x",
        "--on",
        "2026-03-02",
        "--expect",
        version,
        "--json",
    )
    ends = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in ends] == [0] * 5, ends
    numbers = [json.loads(out)["case"] for (out, _), _ in ends[:3]]
    assert sorted(numbers) == ["2026-0002", "2026-0003", "2026-0004"]
    assert [letter["code"] for letter in place.case(number).letters] == ["P2"]
    _, said = late.communicate(timeout=120)
    assert late.returncode == 4
    fault = json.loads(said)["error"]
    assert (fault["kind"], fault["exit_code"]) == ("conflict", 4)
    assert version in fault["message"]
    whole(place)
