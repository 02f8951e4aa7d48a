"""A throw-away office with a made-up year, to practise on: dozens of cases in all states.

Every case goes its road by the acts of its officers, through the desk, on the days of a year that ends today;
the dice fall the same at each run. Its letters are real letters of an office that is marked as practice.
Roads and texts: practice.toml.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

from letters.fonts import faces
from workflow.base import dates, tables, variables, whole_files
from workflow.base.errors import Conflict
from workflow.base.messages import N_
from workflow.casework import application as applications
from workflow.casework.desk import Desk
from workflow.evidence import keys
from workflow.jobs import bulk_letters, queue
from workflow.office import founding, office_file
from workflow.storage.database import Store

TABLE = os.path.join(os.path.dirname(__file__), "practice.toml")
DATABASE = "disclosure.db"
SEED = 20_190_515
# The office was founded so long ago.
OPENED = timedelta(days=365)
# Variables that would lead to the database, the keys or the files of a real office.
ELSEWHERE = (
    "DISCLOSURE_DATABASE_URL",
    "DISCLOSURE_KEY_FILE",
    "DISCLOSURE_EVIDENCE_KEY",
    "DISCLOSURE_WEB_KEY",
    "DISCLOSURE_FILES",
    "DISCLOSURE_LETTERS",
    "DISCLOSURE_ARCHIVE",
)
# These acts send letters, which have to be made before.
REVIEW, LEGAL, LEGAL_REVIEWER = "pass_review", "legal_review", "li"
SENDING = ("dispatch", "letter_posted", "file")
Step = tuple[str, str, int, dict[str, Any]]
Seen = Callable[[], None]


@dataclass
class Walk:
    """One case on its road: what is still to be done, and on which days."""

    received: date
    steps: list[Step]
    facts: dict[str, Any]
    people: dict[str, str]
    number: str = ""
    state: str = ""


@dataclass(frozen=True)
class Made:
    """A practice office: its folder, how many cases it has, and which variables lead elsewhere."""

    folder: Path
    cases: int
    letters: int
    # What waits for `disclosure work`: archive folders.
    waiting: int
    elsewhere: tuple[str, ...]


@cache
def table() -> dict[str, Any]:
    """The office, its people and its year."""
    found: dict[str, Any] = tables.read(TABLE)
    return found


def make(folder: Path, seen: Seen = lambda: None) -> Made:
    """Make the office with its year in a folder of its own. Conflict where anything lies in it already.

    The folder is taken away again where the making fails or is interrupted.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(
            N_("{path} is not empty: a practice office is made in a new folder only."),
            field="folder",
            path=str(folder),
            way_on=N_("Name another folder, or delete that one if it is an old practice office."),
        )
    # Without fonts no letter can be made: said before anything is.
    faces.roles()
    elsewhere = tuple(name for name in ELSEWHERE if variables.given(name))
    whole_files.private_folder(folder)
    try:
        year, waiting = _lived(folder, seen)
    except BaseException:
        # Half an office would only be in the way of the next attempt.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Made(folder, len(year.walks), year.letters, waiting, elsewhere)


def _lived(folder: Path, seen: Seen) -> tuple[_Year, int]:
    """The office in its folder, after its year; and how much work waits."""
    with _at_home(folder):
        store = Store(f"sqlite:///{folder / DATABASE}")
        try:
            opened = datetime.combine(dates.today() - OPENED, time(1), UTC)
            founding.init(store, *office_file.checked(_office()), now=lambda: opened)
            keys.create(keys.place(store.folder))
            year = _Year(store, dates.today(), seen)
            year.live()
            return year, year.waiting()
        finally:
            store.close()


def _office() -> dict[str, Any]:
    return dict(table()["office"])


@contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    """Nothing of a real office is touched meanwhile, whatever the surroundings name."""
    before = dict(os.environ)
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    os.environ["DISCLOSURE_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Year:
    """The year of the office up to a day, lived through in the order of the calendar."""

    def __init__(self, store: Store, today: date, seen: Seen) -> None:
        self.store, self.today, self.seen = store, today, seen
        self.day = today
        self.letters = 0
        self._ticks = count()
        self._desks: dict[str, Desk] = {}
        self.walks = sorted(self._planned(), key=lambda walk: walk.received)

    def live(self) -> None:
        """Let every case go its road, day by day; letters are made when one has to be sent."""
        diary = [(walk.received, place) for place, walk in enumerate(self.walks)]
        heapify(diary)
        while diary:
            self.day, place = heappop(diary)
            walk = self.walks[place]
            if walk.number:
                self._act(walk)
            else:
                self._receive(walk, place)
            self.seen()
            if walk.steps:
                wanted = self._working(walk.received + timedelta(days=walk.steps[0][2]), 1)
                heappush(diary, (min(max(wanted, self.day), self.today), place))
        self._press()

    def waiting(self) -> int:
        """How much work waits."""
        return queue.count(self._desk("chen"))

    # --- the plan

    def _planned(self) -> Iterator[Walk]:
        dice = random.Random(SEED)  # noqa: S311  (a made-up year, not a secret)
        units = list(table()["units"].items())
        for course in table()["course"]:
            for _ in range(course["count"]):
                unit, people = dice.choice(units)
                received = self._working(self.today - timedelta(days=dice.randint(*course["age"])), -1)
                facts = self._draft(course.get("draft"))
                yield Walk(received, _road(course["road"]), facts, {**people, "unit": unit})

    @staticmethod
    def _draft(name: str | None) -> dict[str, Any]:
        said = dict(table()["facts"].get(name or "", {}))
        typed = ("outcome", "ground", "reasons", "facts", "means")
        extra = [f"{key}={value}" for key, value in said.items() if key not in typed]
        return {key: value for key, value in said.items() if key in typed} | (
            {"extra": extra} if extra else {}
        )

    def _working(self, day: date, step: int) -> date:
        """The day, or the next working day in a direction."""
        calendar = self._desk("chen").context.calendar
        while not calendar.is_working(day):
            day += timedelta(days=step)
        return day

    # --- the acts

    def _desk(self, officer: str) -> Desk:
        if officer not in self._desks:
            self._desks[officer] = Desk(self.store, officer, now=self._now, today=lambda: self.day)
        return self._desks[officer]

    def _now(self) -> datetime:
        """A moment in the morning of the day, later at each call."""
        start = datetime(self.day.year, self.day.month, self.day.day, 1, tzinfo=UTC)
        return start + timedelta(milliseconds=next(self._ticks))

    def _receive(self, walk: Walk, place: int) -> None:
        people, texts = table()["applicant"], table()["requests"]["texts"]
        given = dict(people[place % len(people)])
        if "id_type" in given:
            given["id_number"] = _resident(place % len(people))
        asked = {"channel": "post", "request": texts[place % len(texts)], "form": table()["form"]["wanted"]}
        application = applications.checked({**given, **asked, "on": walk.received})
        walk.number = self._desk("chen").receive(application).case.number

    def _act(self, walk: Walk) -> None:
        who, event, _days, facts = walk.steps[0]
        if event == REVIEW and walk.state == LEGAL and who != LEGAL_REVIEWER:
            # What is refused goes by the legal reviewer before it comes to the head.
            who, facts = LEGAL_REVIEWER, {"opinion": "依据准确"}
        else:
            walk.steps.pop(0)
        if event in SENDING:
            self._press()
        said = {**facts, **(walk.facts if event == "draft" else {})}
        filled = {name: self._filled(value, walk) for name, value in said.items()}
        done = self._desk(who.format(**walk.people)).act(walk.number, event, filled, on=self.day)
        walk.state = done.case.state

    def _filled(self, value: Any, walk: Walk) -> Any:
        if not isinstance(value, str):
            return value
        if value.startswith("+"):
            return (walk.received + timedelta(days=int(value))).isoformat()
        return value.replace("{unit}", walk.people["unit"])

    def _press(self) -> None:
        """Make every letter that waits. Archive folders wait for `disclosure work`: they take longer than all
        the rest."""
        found = bulk_letters.press(self._desk("chen"), seen=self.seen)
        for _case, fault in found.faults:
            raise fault
        self.letters += found.made


def _road(name: str) -> list[Step]:
    road = table()["road"][name]
    before = _road(road["from"]) if "from" in road else []
    return [*before, *((who, event, days, facts) for who, event, days, facts in road["acts"])]


def _resident(place: int) -> str:
    """An identity number that nobody has (born on a day of 1900), with its check character (GB 11643)."""
    body = f"32059919000101{place:03d}"
    weights = [2**power % 11 for power in range(17, 0, -1)]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
