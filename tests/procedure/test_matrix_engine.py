"""Role × state × event through the real desk: done exactly where the table lists it, else refused and nothing
written.

Every state is built once by real acts (builders.ROADS), from the state before. Of the officers who should
succeed with an act one does it on a copy of the file and commits, which is taken back for the next act; of
those who should not one is refused on the file itself, whose every row is compared before and after. The
others follow in one transaction a file that is rolled back, each act a part of it: every one is asked,
decided and written by the same desk.
"""

from __future__ import annotations

import copy
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import FACTS, LATE, OFFICERS, OLD, RECEIVED, ROADS, TODAY, Place, Step, Watch, road_to
from workflow.base.errors import NotFound, Refused
from workflow.cases.case import CaseFile
from workflow.casework import lookup, opened
from workflow.casework.opened import Done, Opened, open_case
from workflow.office.seat import Seat
from workflow.procedure import process, transitions
from workflow.procedure.process import Row
from workflow.storage import engines, ledger, sealing
from workflow.storage.database_url import sqlite_path
from workflow.upkeep import recompute, recompute_write

RULES = transitions.bundled()
START = {"ogi2019": RECEIVED, "ogi2008": OLD}
# So many files are watched at a time: acts in one state go to and fro between theirs.
WATCHED = 4
# So many are open at a time, each with three files of the system's: there are a thousand, and a machine may
# allow a process no more than that.
OPEN = 60
# So many copies of files are kept, for acts that come back to the same file.
COPIES = 2
# The head of SQLite's index of a log: twice what stands in the log, and how much of it is in the database.
INDEX_HEAD = 136
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
# The last is entered with the receipt and at no other time: tests/intake/test_history.py.
OF_THE_OTHER = ("joined", "separated", "answer_jointly", "take_over", "handed_back", "urged")
# Taking back is tried over all acts in tests/casework/test_undo.py.
CASE_EVENTS = [
    event
    for event in RULES.events("case")
    if event
    not in ("receive", "letter_made", "letter_lapsed", "pass_lapsed", "letter_signed", "mailed", "undo")
    # Written of one application by an act on another: tests/casework/test_scope.py.
    and event not in OF_THE_OTHER
]
# Years after the filing: tests/archive/test_archive.py tries who may, and when.
LATER = ("propose_destruction", "destroy")
# What needs a letter or a clock: before receipt is confirmed there is neither.
OF_A_LETTER = (
    "notice_reached",
    "letter_posted",
    "letter_arrived",
    "letter_returned",
    "void_letter",
    "approve_letter",
    "recompute",
)
# After these a letter that was passed is another: of an extension it says that its notice has left.
CHANGES_THE_LETTER = ("amend", "appoint_agent", "end_agency", "letter_posted", "notice_reached")
# Opened by an act of the case, never by hand.
CONSULTATION_EVENTS = [event for event in RULES.events("consultation") if event != "consulted"]
REMEDY_EVENTS = [event for event in RULES.events("remedy") if event != "contested"]
EVENTS = [*CASE_EVENTS, *CONSULTATION_EVENTS, *REMEDY_EVENTS]

# --- what the table lists


def expected(case: CaseFile, track: str, state: str, event: str) -> list[Row]:
    """The rows that the table lists for an event in a state, chosen by the facts of the case."""
    return [row for row in RULES.of(track, event, state) if _meant(row, case)]


def _meant(row: Row, case: CaseFile) -> bool:
    name, _, place = row.when.partition(":")
    match name:
        case "":
            return True
        case "withdrawn_from":
            return case.withdrawn_from == place
        case "unregistered" | "no_unit" | "unit_waits" | "in_work":
            if case.state == "withdrawn" and case.withdrawn_from in (
                "correction_asked",
                "reasons_asked",
                "fee_notified",
            ):
                return False
            place = "unregistered" if not case.registered else "no_unit" if not case.unit else "unit_waits"
            return name == ("in_work" if case.registered and case.accepted else place)
        case "not_in_work":
            return case.accepted is None
        case "correction_lapsed":
            return case.correction_lapsed is not None
        case "fee_lapsed":
            return case.fee_lapsed is not None
        case "next_step":
            refuses = any(item.outcome == "withheld" for item in case.draft.values())
            after_section = "legal_review" if refuses else "head_review"
            route = {
                "drafting": "section_review",
                "section_review": after_section,
                "legal_review": "head_review",
                "head_review": "approved",
            }
            return route[row.source] == place
    raise AssertionError(f"unknown condition {row.when}")


def _letter(case: CaseFile) -> str:
    """A letter that waits here: the notice of extension; once the reply has left, the receipt."""
    return "P2" if case.state in ("dispatched", "returned", "served") else "P5"


def may(officer: str, row: Row, case: CaseFile) -> bool:
    """Whether an officer has the role, and is the one in whose hands the case is where that is asked for."""
    role, unit = OFFICERS[officer]
    if role not in row.roles or row.basis(case.regulations, TODAY) is None:
        return False
    # An entry is void only while nothing has left; nobody proposes it of what has.
    if {"nothing_has_left", "void_proposed"} & set(row.guard) and (
        case.sent or any(one.reached for one in case.notices)
    ):
        return False
    # When a case is filed, what has not gone out is void: nothing is left to be made void or approved.
    if row.event in ("void_letter", "approve_letter") and case.state == "filed":
        return False
    # Nobody approves a letter that he called for.
    if "another_approves" in row.guard and any(
        life.by == officer for life in case.lives if life.code == _letter(case)
    ):
        return False
    # Only what another office passed on is handed back: tests/casework/test_routing.py.
    if "was_passed_on" in row.guard and case.came_from is None:
        return False
    # Only what the office above asked is answered: tests/casework/test_urging.py.
    if "was_urged" in row.guard and not case.urgings:
        return False
    # Only a reply that has left is mended.
    if "a_reply_left" in row.guard and not case.replies:
        return False
    if "of_the_unit" in row.guard:
        return unit == case.unit
    if "has_the_case" in row.guard:
        heads = unit == case.unit and (role == "reviewer" or case.handler is None)
        return heads or case.handler == officer
    return "is_the_handler" not in row.guard or case.handler in (None, officer)


# --- the trial


@dataclass(frozen=True)
class Made:
    """A case as it stood when its file was built: each trial on the file leaves it so, or fails."""

    case: CaseFile
    version: int
    digest: str


class Part:
    """What an act takes for its transaction: a savepoint of the one that is held."""

    def __init__(self, held: Held) -> None:
        self._held = held
        held.driver.execute("SAVEPOINT act")

    def commit(self) -> None:
        self._held.committed += 1
        self._held.driver.execute("RELEASE act")

    def rollback(self) -> None:
        self._held.driver.execute("ROLLBACK TO act")
        self._held.driver.execute("RELEASE act")


class Held:
    """An engine whose only connection stays in one transaction, and what the acts in it came to."""

    def __init__(self, engine: Any, connection: Any) -> None:
        self._engine, self._connection = engine, connection
        self.driver = connection.connection.driver_connection
        self.committed = 0
        self._changes = self.driver.total_changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    @contextmanager
    def connect(self) -> Iterator[Any]:
        yield self._connection

    def untouched(self) -> bool:
        """Whether nothing was committed, nor any row written that was taken back."""
        return not self.committed and self.driver.total_changes == self._changes


class TrialStore(builders.Store):
    """A database in which acts can be tried one after the other without a trace."""

    _held: Held | None = None

    @property
    def engine(self) -> Any:
        """The engine; while a transaction is held, one that leads to it alone."""
        return self._held or super().engine

    @contextmanager
    def held(self) -> Iterator[Held]:
        """One transaction for all acts meanwhile, rolled back in the end."""
        self._check_once()
        with super().engine.connect() as connection, pytest.MonkeyPatch.context() as patched:
            outer = engines.begin_writing(connection)
            held = self._held = Held(super().engine, connection)
            patched.setattr(engines, "begin_writing", lambda _: Part(held))
            try:
                yield held
            finally:
                self._held = None
                sealing.taken(connection)
                outer.rollback()


class Copy:
    """A database that is filled from another one, and from which all that was committed since is taken back.

    What was committed stands in the log after the last page that the log's index tells of. With the head of
    the index as it was before, nobody knows of it, and the next commit is written over it:
    https://www.sqlite.org/walformat.html#the_wal_index_file_format
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        # There as soon as the database was filled. Closed only with it: whoever closes the file gives up the
        # locks that this process has on it.
        self._index: int | None = None
        self._head = b""

    def fill(self, place: Place) -> None:
        """Make it what another one is."""
        # The connection stays; every page of the file under it is now the other's.
        with _driver(place) as from_, _driver(self.place) as to:
            from_.backup(to)
            # Nor will so much ever be in the log that the database takes it over.
            to.execute(EMPTY_LOG)
        if self._index is None:
            self._index = os.open(f"{sqlite_path(self.place.store.url)}-shm", os.O_RDWR)
        self._head = os.pread(self._index, INDEX_HEAD, 0)

    def take_back(self) -> None:
        """Take back all that was committed since it was filled."""
        assert self._index is not None
        os.pwrite(self._index, self._head, 0)

    def close(self) -> None:
        """Let go of it."""
        self.place.store.close()
        if self._index is not None:
            os.close(self._index)


@dataclass
class Read:
    """What was read of a file, which every trial leaves as it was made: its case, and for acts that are all
    refused the row of the case, the end of the chain, and one copy of the case, as long as it is untouched.
    """

    cases: dict[Any, tuple[Opened, bytes]] = field(default_factory=dict)
    lent: dict[Any, CaseFile] = field(default_factory=dict)
    rows: dict[tuple[int, str], Any] = field(default_factory=dict)
    heads: dict[tuple[int, bool], ledger.Head] = field(default_factory=dict)


@dataclass
class Bench:
    """Files with cases in every state, built when first asked for, and open for use."""

    folder: Path
    base: Path
    # Everybody at his desk: no act here changes the office, so that a desk is the same at every file.
    seated: Place
    built: dict[tuple[Any, ...], Path] = field(default_factory=dict)
    roads: dict[tuple[Any, ...], tuple[Path, int]] = field(default_factory=dict)
    # Where the last of them led.
    reached: Path | None = None
    places: dict[Path, Place] = field(default_factory=dict)
    opened: dict[Path, None] = field(default_factory=dict)
    made: dict[Path, Made] = field(default_factory=dict)
    read: dict[Path, Read] = field(default_factory=dict)
    copies: dict[Path, Copy] = field(default_factory=dict)
    watching: dict[Path, Watch] = field(default_factory=dict)

    def as_made(self, path: Path) -> Made:
        """What a file holds."""
        if path not in self.made:
            place = self.at(path)
            with place.store.reading() as connection:
                found = open_case(place.desk(), connection, number_of(place))
            self.made[path] = Made(found.case, found.version, self.watch(path).digest())
        return self.made[path]

    def watch(self, path: Path) -> Watch:
        """Whether anything is committed to a file from now on; what watches over the last few stays there."""
        watch = self.watching.pop(path, None)
        if watch is None:
            self.unwatch(WATCHED - 1)
            watch = Watch(path)
        self.watching[path] = watch
        watch.untouched()
        return watch

    def unwatch(self, most: int) -> None:
        """Let go of all but so many of the files that were watched last."""
        while len(self.watching) > most:
            self.watching.pop(next(iter(self.watching))).close()

    def file(self, regulations: str, road: list[Step]) -> Path:
        """A database with one case that has gone this road, its letters made."""
        key = _key(regulations, road)
        if key not in self.built:
            place = self._on(self._gone(regulations, road))
            place.made()
            path = Path(str(sqlite_path(place.store.url)))
            self.built[key] = path
            self.places[path] = place
            self.at(path)
        return self.built[key]

    def _gone(self, regulations: str, road: list[Step]) -> tuple[Path, int]:
        """The same with its letters as the road left them, and how often its clock has ticked."""
        key = _key(regulations, road)
        if key not in self.roads:
            comes_in = not road or (len(road) == 1 and road[0][1] == "receive")
            place = self._from((self.base, 0) if comes_in else self._gone(regulations, road[:-1]))
            if comes_in:
                place.begin(road, START[regulations])
            else:
                place.walk(number_of(place), road[-1:])
            self.reached = self.folder / f"{len(self.roads)}.db"
            with _driver(place) as driver:
                driver.execute(EMPTY_LOG)
            shutil.copyfile(str(sqlite_path(place.store.url)), self.reached)
            self.roads[key] = self.reached, place._tick
        return self.roads[key]

    def _from(self, before: tuple[Path, int]) -> Place:
        """The place where all roads are gone, from where one has led: most go on from the last."""
        path, tick = before
        place = self.at(self.folder / "road.db")
        if path != self.reached:
            source = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
            with _driver(place) as driver:
                source.backup(driver)
            source.close()
        self.reached, place._tick = None, tick
        return place

    def _on(self, before: tuple[Path, int]) -> Place:
        """A place to work in a file of its own, from where another is."""
        path = self.folder / f"{len(self.roads)}-{len(self.built)}.db"
        shutil.copyfile(before[0], path)
        return self._placed(path, before[1])

    def _placed(self, path: Path, tick: int = 0) -> Place:
        """A place at a file, with the desks of all officers."""
        place = Place(TrialStore(f"sqlite:///{path}"), _tick=tick)
        for officer in OFFICERS:
            desk = copy.copy(self.seated.desk(officer))
            desk.store, desk.now = place.store, place.now
            place._desks[officer] = desk
        return place

    def at(self, path: Path) -> Place:
        """The place at a file. The last few stay open; of the others the place is kept, and opens again."""
        place = self.places.get(path) or self._placed(path)
        self.places[path] = place
        self.opened.pop(path, None)
        self.opened[path] = None
        while len(self.opened) > OPEN:
            longest_ago = next(iter(self.opened))
            del self.opened[longest_ago]
            self.places[longest_ago].store.close()
        return place

    @contextmanager
    def copy(self, path: Path) -> Iterator[Place]:
        """A place to work in a copy of a file; in the end the copy is again as it was."""
        made = self.copies.pop(path, None)
        if made is None:
            used = self.copies.pop(next(iter(self.copies))) if len(self.copies) == COPIES else None
            made = used or Copy(self._placed(self.folder / f"copy-{len(self.copies)}.db"))
            made.fill(self.at(path))
        self.copies[path] = made
        try:
            yield made.place
        finally:
            made.take_back()

    def held(self, path: Path) -> AbstractContextManager[Held]:
        """One transaction at a file for all acts meanwhile, rolled back in the end."""
        store = self.at(path).store
        assert isinstance(store, TrialStore)
        return store.held()

    @contextmanager
    def read_once(self, path: Path, *, lent: bool = False) -> Iterator[None]:
        """Whoever opens the case of a file, or of a copy of it, finds a copy of the case as it was read the
        first time, as long as it is at the version at which the file was made. Where every act is refused
        one copy is `lent` to all, until one changes it.
        """
        read, reading = self.read.setdefault(path, Read()), opened.open_row
        made = self.as_made(path)

        def open_row(seat: Seat, connection: Any, row: Any, expect: int | None) -> Opened:
            assert expect is None
            if (row.number, row.version) != (made.case.number, made.version):
                return reading(seat, connection, row, expect)
            if row.id not in read.cases:
                found = reading(seat, connection, row, expect)
                read.cases[row.id] = found, pickle.dumps(found.case)
            found, stored = read.cases[row.id]
            case = read.lent.get(row.id) if lent else None
            if case != found.case:
                case = pickle.loads(stored)
                if lent:
                    read.lent[row.id] = case
            return Opened(row.id, row.version, [*found.entries], case, [*found.clocks], found.key)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(opened, "open_row", open_row)
            yield

    @contextmanager
    def refusing(self, path: Path) -> Iterator[Held]:
        """The same, while everything is refused: the row of a case and the end of the chain are looked up
        once.
        """
        read = self.read[path]
        rows, heads = read.rows, read.heads
        one, head = lookup.one, ledger.head

        def row_of(connection: Any, seat: Seat, ref: str) -> Any:
            if (seat.office.id, ref) not in rows:
                rows[seat.office.id, ref] = one(connection, seat, ref)
            return rows[seat.office.id, ref]

        def head_of(connection: Any, office_id: int, *, lock: bool = False) -> ledger.Head:
            if (office_id, lock) not in heads:
                heads[office_id, lock] = head(connection, office_id, lock=lock)
            return heads[office_id, lock]

        with self.held(path) as held, pytest.MonkeyPatch.context() as patched:
            patched.setattr(lookup, "one", row_of)
            patched.setattr(ledger, "head", head_of)
            yield held

    def close(self) -> None:
        self.unwatch(0)
        for one in self.copies.values():
            one.close()
        for place in self.places.values():
            place.store.close()


@contextmanager
def _driver(place: Place) -> Iterator[sqlite3.Connection]:
    """The driver's own connection to the database of a place."""
    with place.store.engine.connect() as connection:
        yield connection.connection.driver_connection


def _key(regulations: str, road: list[Step]) -> tuple[Any, ...]:
    return (regulations, *(repr(step) for step in road))


@pytest.fixture(scope="module")
def bench(_sqlite_template: Path) -> Iterator[Bench]:
    with builders.quick_folder() as folder:
        base = folder / "base.db"
        shutil.copyfile(_sqlite_template, base)
        first = builders.found(f"sqlite:///{base}")
        first.organ_below()
        for officer in OFFICERS:
            # What a desk reads once of its office is read here.
            assert first.desk(officer).context.officer_called("head") == "head某"
            assert first.desk(officer).ring()
        first.store.close()
        made = Bench(folder, base, first)
        yield made
        made.close()


def attempt(place: Place, officer: str, event: str, case: CaseFile) -> Any:
    """One act of an officer, with facts that are in order, on a day on which nothing is wrong."""
    received = case.received_on
    assert received is not None
    desk = place.desk(officer)
    if event == "amend":
        return desk.amend(case.number, "applicant-name", "李四", "笔误")
    if event == "reveal":
        return desk.reveal(case.number, "核对地址")[0]
    if event == "recompute":
        return recompute_now(desk, case)
    facts = {
        name: (received + value).isoformat() if isinstance(value, timedelta) else value
        for name, value in FACTS.get(event, {}).items()
    }
    if event in ("void_letter", "approve_letter"):
        facts["letter"] = _letter(case) if event == "void_letter" else [_letter(case)]
    if event in ("link", "join"):
        facts["other"] = f"{case.number[:4]}-0002"
    on = received + timedelta(days=LATE.get(event, builders.USUAL))
    floor = max(
        [
            case.last_on or on,
            *(part.received for part in case.remedies),
            *(part.sent for part in case.consultations),
            *(part.answered for part in case.consultations if part.answered),
        ]
    )
    return desk.act(case.number, event, facts, on=max(on, floor))


def recompute_now(desk: Any, case: CaseFile) -> Any:
    """A recomputation of this case that moves its time for reply, through the real lot writer."""
    with desk.store.reading() as connection:
        row = lookup.one(connection, desk, case.number)
        now = open_case(desk, connection, case.number)
    due = now.clocks[0].deadline.due
    move = recompute.Move("reply.limit", 0, due, due, False, False)
    place = row.id, case.number, row.version, row.state, row.regulations, row.entries
    recompute_write.apply(desk, [recompute.Change(*place, (move,), ())])
    with desk.store.reading() as connection:
        after = open_case(desk, connection, case.number)
    return Done(after.case, after.id, after.version, after.entries[-1], after.clocks, [])


def number_of(place: Place) -> str:
    with place.store.reading() as connection:
        return str(connection.exec_driver_sql("SELECT number FROM case_file").scalar())


def refused_everywhere(bench: Bench, path: Path, event: str, officers: list[str]) -> None:
    """Each of these officers is refused, with the rule that says so and a way on, and no row changes."""
    place, made = bench.at(path), bench.as_made(path)
    watch = bench.watch(path)

    def refuse(officer: str) -> None:
        fault = builders.refused(lambda: attempt(place, officer, event, made.case))
        what = f"{officer} {event} in {made.case.state}: {fault}"
        assert isinstance(fault, Refused), what
        assert fault.rule, what
        assert fault.advice, what

    with bench.read_once(path, lent=True):
        for officer in officers[:1]:
            refuse(officer)
            assert watch.untouched(), officer
        with bench.refusing(path) as held:
            for officer in officers[1:]:
                refuse(officer)
                assert held.untouched(), officer
        assert watch.untouched()
        assert watch.digest() == made.digest


def try_event(
    bench: Bench,
    regulations: str,
    road: list[Step],
    event: str,
    track: str,
    state_of: Callable[[CaseFile], str | None],
) -> None:
    path = bench.file(regulations, road)
    made = bench.as_made(path)
    case = made.case
    state = state_of(case)
    rows = expected(case, track, state, event) if state else []
    assert len(rows) <= 1, "the table leaves open which row is meant"
    able = [officer for officer in OFFICERS if rows and may(officer, rows[0], case)]
    refused_everywhere(bench, path, event, [officer for officer in OFFICERS if officer not in able])

    def do(place: Place, officer: str) -> None:
        if event in ("link", "join"):
            place.receive(START[regulations])
        done = attempt(place, officer, event, case)
        # What the act made untrue lapses by an entry of its own.
        lapsed = any("void now" in text for text, _ in done.notes)
        # So do the passes of a letter that is another since.
        back = any("is back with the draft" in text for text, _ in done.notes)
        assert done.version == made.version + 1 + lapsed + back
        assert (done.entry.source, done.entry.dest) == (rows[0].source, rows[0].dest)
        assert done.entry.actor == officer
        with place.store.reading() as connection:
            row = lookup.one(connection, place.desk(), case.number)
            after = opened.open_row(place.desk(), connection, row, None).case
        assert state_of(after) == ("drafting" if back else rows[0].dest)
        assert not back or event in CHANGES_THE_LETTER
        assert row.state == after.state

    with bench.read_once(path):
        for officer in able[:1]:
            with bench.copy(path) as place:
                do(place, officer)
        for officer in able[1:]:
            with bench.held(path) as held:
                do(bench.at(path), officer)
                assert held.committed
    assert not able or bench.watch(path).digest() == made.digest


def _case_state(case: CaseFile) -> str:
    return case.state


def _variants(regulations: str) -> list[str]:
    return list(ROADS) if regulations == "ogi2019" else builders.roads_2008()


@pytest.mark.parametrize(
    ("regulations", "variant"),
    [(regulations, variant) for regulations in START for variant in _variants(regulations)],
)
def test_acts_on_the_case(bench: Bench, regulations: str, variant: str) -> None:
    for event in (event for event in CASE_EVENTS if event not in LATER):
        state = variant.split(" ")[0]
        if state in ("unconfirmed", "void", "passed_on") and event in OF_A_LETTER:
            continue
        listed = any(row.basis(regulations, TODAY) for row in RULES.of("case", event, state))
        road = road_to(event, variant) if listed else ROADS[variant]
        try_event(bench, regulations, road, event, "case", _case_state)
    # Nothing is there that an act on a consultation or a remedy could be about.
    path = bench.file(regulations, ROADS[variant])
    place = bench.at(path)
    case = place.case(number_of(place))
    watch = bench.watch(path)
    with bench.read_once(path, lent=True), bench.refusing(path) as held:
        for event in (*CONSULTATION_EVENTS, *REMEDY_EVENTS):
            fault = builders.refused(lambda: attempt(place, "handler", event, case))  # noqa: B023
            assert isinstance(fault, Refused)
            assert held.untouched()
    assert watch.untouched()


_IN_HAND = ROADS["in_hand"]
_ASKED: Step = ("handler", "consult_third_party", 5, {"name": "甲公司"})
_OBJECTED: Step = ("handler", "opinion_given", 9, {"no": 1, "answer": "object"})
CONSULTATIONS: dict[str, list[Step]] = {
    "sent": [*_IN_HAND, _ASKED],
    "answered": [*_IN_HAND, _ASKED, _OBJECTED],
    "silent": [*_IN_HAND, _ASKED, ("handler", "opinion_lapsed", 60, {"no": 1})],
    "recalled": [*_IN_HAND, _ASKED, ("handler", "consultation_recalled", 9, {"no": 1, "reasons": "已公开"})],
    # The case is over; what was asked of others is still brought to its end.
    "sent, withdrawn": [*_IN_HAND, _ASKED, ("registrar", "withdraw", 6, {"how": "书面"})],
}


@pytest.mark.parametrize("regulations", START)
@pytest.mark.parametrize("variant", CONSULTATIONS)
def test_acts_on_a_consultation(bench: Bench, regulations: str, variant: str) -> None:
    road = list(CONSULTATIONS[variant])
    if regulations == "ogi2008":
        # That law sets the third party no time: the organ does.
        road = [
            (
                who,
                event,
                n,
                {**facts, "answer_by": timedelta(days=30)} if event == "consult_third_party" else facts,
            )
            for who, event, n, facts in road
        ]
    for event in CONSULTATION_EVENTS:
        try_event(
            bench, regulations, road, event, "consultation", lambda case: case.sub_state("consultation", 1)
        )


_FOUGHT: Step = ("registrar", "open_suit", 11, {"kind": "direct", "body": "江州市姑江区人民法院"})
REMEDIES: dict[str, list[Step]] = {
    "accepted": [_FOUGHT],
    "defended": [_FOUGHT, ("legal", "defend", 12, {"no": 1})],
    "decided": [_FOUGHT, ("legal", "remedy_decided", 12, {"no": 1, "outcome": "upheld"})],
    "appealed": [
        _FOUGHT,
        ("legal", "remedy_decided", 12, {"no": 1, "outcome": "upheld"}),
        ("legal", "appeal", 12, {"no": 1, "by": "applicant"}),
    ],
}


@pytest.mark.parametrize("regulations", START)
@pytest.mark.parametrize("ground", ["received", "served", "filed"])
@pytest.mark.parametrize("variant", REMEDIES)
def test_acts_on_a_remedy(bench: Bench, regulations: str, ground: str, variant: str) -> None:
    road = [*ROADS[ground], *REMEDIES[variant]]
    for event in REMEDY_EVENTS:
        try_event(bench, regulations, road, event, "remedy", lambda case: case.sub_state("remedy", 1))


def test_the_states_built_here_reach_every_row(bench: Bench) -> None:
    """All but the system's own, those that pass by a step of review that is always taken, and a new decision
    that begins with assignment although there is a reply: somebody has taken that case in hand."""
    always = [step.state for step in RULES.steps if step.condition == "always"]
    order = {
        state: i for i, state in enumerate(["drafting", *(step.state for step in RULES.steps), "approved"])
    }
    wanted = {
        row
        for row in RULES.rows
        if row.source != process.NEW
        and row.event
        not in (
            "letter_made",
            "letter_lapsed",
            "pass_lapsed",
            "letter_signed",
            "mailed",
            "undo",
            *OF_THE_OTHER,
        )
        and not (
            row.when.startswith("next_step")
            and any(order[row.source] < order[state] < order[row.dest] for state in always)
        )
        and not (row.when == "not_in_work" and row.source in ("dispatched", "returned", "served"))
    }
    tried = set()
    for road in ROADS.values():
        place = bench.at(bench.file("ogi2019", road))
        case = place.case(number_of(place))
        tried |= {row for event in CASE_EVENTS for row in expected(case, "case", case.state, event)}
    for track, states in (("consultation", CONSULTATIONS), ("remedy", REMEDIES)):
        tried |= {row for state in states for row in RULES.from_state(track, state)}
    assert wanted - tried == set()
    assert {name.split(" ")[0] for name in ROADS} == set(RULES.states("case"))


@pytest.mark.parametrize(
    "event",
    ["letter_made", "mailed", "receive", "take_over", "recompute", "consulted", "contested", "nothing"],
)
def test_what_no_officer_does_by_an_act(bench: Bench, event: str) -> None:
    path = bench.file("ogi2019", ROADS["issued"])
    place = bench.at(path)
    watch = bench.watch(path)
    for officer in OFFICERS:
        fault = builders.refused(lambda: place.act(officer, event, "2026-0001", TODAY))  # noqa: B023
        assert isinstance(fault, NotFound)
        assert watch.untouched()


def test_only_a_registrar_receives(bench: Bench) -> None:
    for officer in OFFICERS:
        with bench.copy(bench.base) as place:
            if officer == "registrar":
                assert place.desk(officer).receive(builders.application()).case.number == "2026-0001"
                continue
            before = builders.digest(place.store)
            fault = builders.refused(lambda: place.desk(officer).receive(builders.application()))  # noqa: B023
            assert isinstance(fault, Refused)
            assert fault.rule == "ogi2019:31.1"
            assert builders.digest(place.store) == before
