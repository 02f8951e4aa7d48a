"""Drives the plan through the desk, day by day: every act by its officer, letters made in lots, times
measured.

The clock is simulated: each act is entered on its legal day; acts that wait for a letter are entered when the
letters of its month are made, with the day on which they happened.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks.city import place
from benchmarks.city.roads import Case, Step
from workflow.base.errors import Refused

# Acts that need the reply's letter, and what follows them.
SENDS = "dispatch"
# Acts before the first letters are set; acts for each letter that is recorded while others are being set;
# letters after which it is asked which cases may go on.
BEFORE, MEANWHILE, ASKED = 1500, 6, 48
Seen = Callable[[str, int], None]


@dataclass
class Taken:
    """How often something was done and how long it took in all, in seconds."""

    times: int = 0
    seconds: float = 0.0

    def add(self, seconds: float, times: int = 1) -> None:
        self.times += times
        self.seconds += seconds


@dataclass
class Told:
    """What the run took: per act, per kind of letter, and in all."""

    acts: dict[str, Taken] = field(default_factory=lambda: defaultdict(Taken))
    composed: dict[str, Taken] = field(default_factory=lambda: defaultdict(Taken))
    letters: Taken = field(default_factory=Taken)


class City:
    """The office in its database, and the clock."""

    def __init__(
        self, store: Any, key: str, unit: str, *, letters: bool, jobs: int | None, seen: Seen
    ) -> None:
        from workflow.office import founding, office_file

        founding.init(store, *office_file.checked(place.office_file(key, unit)))
        self.store, self.key, self.letters, self.jobs, self.seen = store, key, letters, jobs, seen
        self.day = date(2000, 1, 1)
        self.ticks = 0
        self.desks: dict[str, Any] = {}
        self.told = Told()
        # Number and day of replies by the order of their cases; the case last answered, by kind of applicant.
        self.replies: dict[int, tuple[str, date]] = {}
        self.answered: dict[str, Case] = {}
        self.ids: dict[int, int] = {}
        self.todo: deque[tuple[Case, Step | None]] = deque()
        # Acts of cases whose reply waits for its letter, by case; acts of those that may go on.
        self.held: dict[int, list[tuple[Case, Step]]] = {}
        self.ready: deque[tuple[Case, Step]] = deque()

    def now(self) -> datetime:
        """The moment of recording: on the simulated day, later at each call."""
        self.ticks += 1
        return datetime(self.day.year, self.day.month, self.day.day, 1, tzinfo=UTC) + timedelta(
            milliseconds=self.ticks % 30_000_000
        )

    def desk(self, officer: str) -> Any:
        """The desk of an officer."""
        from workflow.casework.desk import Desk

        if officer not in self.desks:
            self.desks[officer] = Desk(self.store, officer, self.key, now=self.now, today=lambda: self.day)
        return self.desks[officer]

    # --- the year

    def drive(self, cases: list[Case]) -> None:
        """All cases, in the order of the days; a case whose reply waits for its letter goes on when that is
        made.
        """
        todo: list[tuple[date, int, int, Case, Step | None]] = []
        for number, case in enumerate(cases):
            todo.append((case.received, number, -1, case, None))
            todo += [(step.day, number, place_, case, step) for place_, step in enumerate(case.steps)]
        # A case's steps stand in their order; two on one day too.
        todo.sort(key=lambda one: (one[0], one[1], one[2]))
        self.todo = deque((case, step) for _, _, _, case, step in todo)
        left = -1
        while self.todo or self.held or self.ready:
            if left == (left := len(self.todo) + sum(map(len, self.held.values())) + len(self.ready)):
                raise RuntimeError(f"{len(self.held)} cases wait for letters that are not made")
            self.run(BEFORE if self.letters else len(self.todo))
            if self.letters:
                self.press()
            else:
                self._leave_out()
            self._release()
            self.run(len(self.ready))

    def run(self, most: int) -> None:
        """So many acts: of cases whose letter was made meanwhile, then the next in the order of the days."""
        for _ in range(most):
            if self.ready:
                self._act(*self.ready.popleft())
                continue
            if not self.todo:
                return
            self._next()

    def _next(self) -> None:
        case, step = self.todo.popleft()
        day = step.day if step is not None else case.received
        if (day.year, day.month) != (self.day.year, self.day.month) and not self.letters:
            self._leave_out()
            self._release()
            while self.ready:
                self._act(*self.ready.popleft())
        self.day = max(self.day, day)
        if step is None:
            self._receive(case)
        elif case.order in self.held or step.event == SENDS:
            self.held.setdefault(case.order, []).append((case, step))
        else:
            self._act(case, step)

    def _release(self) -> None:
        """Continue the cases whose letters were made."""
        from sqlalchemy import select

        from workflow.jobs import queue

        work, letters = queue.OUTBOX, queue.LETTERS
        desk = self.desk(place.REGISTRARS[0])
        query = select(letters.c.case_id).join(work, work.c.ref == letters.c.id)
        where = (work.c.office_id == desk.office.id, work.c.done_at.is_(None), letters.c.code.startswith("D"))
        with desk.store.reading() as connection:
            waiting = set(connection.execute(query.where(*where)).scalars())
        for order, steps in list(self.held.items()):
            case = steps[0][0]
            if self.ids[case.order] not in waiting:
                self._go_on(self.held.pop(order))

    def _go_on(self, steps: list[tuple[Case, Step]]) -> None:
        """What was held, up to where it waits for another letter."""
        again = next((n for n, (_, step) in enumerate(steps) if step.event == "issue"), len(steps) - 1)
        self.ready.extend(steps[: again + 1])
        if steps[again + 1 :]:
            self.held[steps[0][0].order] = steps[again + 1 :]

    def _receive(self, case: Case) -> None:
        from workflow.casework import application

        channel, names, _ = case.channel
        who = self._repeated(case)
        raw = {
            "channel": channel,
            "items": case.items,
            "form": "纸质复印件",
            **place.applicant(who.kind, who.order),
            **dict.fromkeys(names, case.received),
        }
        if channel == "email":
            raw["email"] = f"a{case.order}@example.com"
        start = time.perf_counter()
        done = self.desk(case.registrar).receive(application.checked(raw))
        self.told.acts["receive"].add(time.perf_counter() - start)
        case.number, self.ids[case.order] = done.case.number, done.case_id
        self.seen("act", 1)

    def _act(self, case: Case, step: Step) -> None:
        facts = step.facts
        if case.again is not None and step.event == "draft":
            number, day = self.replies[case.again.order]
            facts = {**facts, "extra": [f"earlier_reply={number}，{day.year}年{day.month}月{day.day}日"]}
        if case.again is not None and step.event == "submit":
            self._vouch(case, step.day)
        start = time.perf_counter()
        try:
            done = self.desk(step.officer).act(case.number, step.event, facts, on=step.day)
        except Refused:
            if step.event not in ("pass_review", "issue"):
                raise
            self._pass_anew(case, step)
            done = self.desk(step.officer).act(case.number, step.event, facts, on=step.day)
        taken = time.perf_counter() - start
        if step.event == "issue":
            self._issued(case, done.case.reply)
        self.told.acts[step.event].add(taken)
        for letter in done.letters:
            self.told.composed[letter["code"]].add(taken / len(done.letters))
        self.seen("act", 1)

    def _pass_anew(self, case: Case, step: Step) -> None:
        """The law has changed since the draft was passed, and with it the letter: it is returned, handed in
        and passed as it is now."""
        before = case.steps[: next(at for at, one in enumerate(case.steps) if one is step)]
        handed_in = max(at for at, one in enumerate(before) if one.event == "submit")
        returns = step.officer if step.event == "pass_review" else place.HEADS[case.order % 2]
        reasons = {"reasons": "所依据的规定已有变化，按现行规定重新审核"}
        self.desk(returns).act(case.number, "return_draft", reasons, on=step.day)
        for one in before[handed_in:]:
            self.desk(one.officer).act(case.number, one.event, one.facts, on=step.day)

    def _vouch(self, case: Case, day: date) -> None:
        """The letters of a month are made together; that the reply named here went out is recorded later."""
        for rule in ("earlier_reply_sent", "earlier_reply_applicant"):
            facts = {"rule": rule, "reasons": "前次答复已交邮，待登记"}
            self.desk(place.HEADS[0]).act(case.number, "override_rule", facts, on=day)

    def _issued(self, case: Case, reply: Any) -> None:
        """Remember a reply to a person of each kind, so that it can be asked for again."""
        if case.order not in self.replies:
            self.replies[case.order] = (reply.number, reply.issued)
            if case.outcome != "repeat":
                self.answered[case.kind] = case

    def _repeated(self, case: Case) -> Case:
        """Who applies: for what was answered before, the one to whom it was, with the same words."""
        if case.outcome == "repeat":
            case.again = self.answered.get(case.kind) or next(iter(self.answered.values()))
            case.items = case.again.items[:1]
            return case.again if case.again.kind == case.kind else case
        return case

    # --- letters

    def press(self) -> None:
        """Set every letter that waits, on all cores; while they are at it the acts go on in this process."""
        from workflow.jobs import bulk_letters

        start, before = time.perf_counter(), sum(row.seconds for row in self.told.acts.values())

        def recorded() -> None:
            self.seen("letter", 1)
            self.told.letters.times += 1
            if self.told.letters.times % ASKED == 0:
                self._release()
            self.run(MEANWHILE)

        pressed = bulk_letters.press(self.desk(place.REGISTRARS[0]), self.jobs, recorded)
        acts = sum(row.seconds for row in self.told.acts.values()) - before
        self.told.letters.seconds += time.perf_counter() - start - acts
        if pressed.faults:
            raise pressed.faults[0][1]

    def _leave_out(self) -> None:
        """LETTERS=0: no PDF is made; a stand-in is recorded for the replies, for without a letter none is
        sent.
        """
        from sqlalchemy import select

        from workflow.jobs import queue
        from workflow.storage import file_store

        desk = self.desk(place.REGISTRARS[0])
        kept = file_store.put(file_store.folder(desk.store.folder), b"LETTERS=0: no letter was made")
        work, letters = queue.OUTBOX, queue.LETTERS
        with desk.store.reading() as connection:
            found = connection.execute(
                select(work.c.id.label("work"), letters)
                .join(letters, letters.c.id == work.c.ref)
                .where(
                    work.c.office_id == desk.office.id,
                    work.c.done_at.is_(None),
                    letters.c.code.startswith("D"),
                )
            ).all()
        replies = [row for row in found if row.code not in ("D13", "D14")]
        for start in range(0, len(replies), 100):
            with desk.store.writing() as connection:
                sheets = [
                    (queue.Sheet(row.work, row, None), kept.sha256) for row in replies[start : start + 100]
                ]
                queue.record(desk, connection, sheets)
