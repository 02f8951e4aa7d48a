"""The unit of work: one act on one case, in one transaction.

All writes to a case go through it. The case is folded from its entries, the state machine decides whether
the step is allowed, every projection updates its rows, and the entry is chained. Then one commit.

The chain is locked before an entry is chained, and everybody of the office waits for that lock. An act that
touches nothing but its own case leaves the entry to the commit (`Unit.together`); others lock first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import bindparam, select

from letters.content.letter_content import Content
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import clocks, row_report
from workflow.cases.context import Act, Actor, Transition
from workflow.cases.entry import Entry
from workflow.casework import letter_rows
from workflow.casework import opened as opened_cases
from workflow.casework.opened import Done, Opened, Overtaken
from workflow.casework.projections import PROJECTIONS, Change
from workflow.office import identity
from workflow.office.seat import Seat
from workflow.procedure import machine
from workflow.procedure.fold import apply, corrects, fold
from workflow.storage import ledger, sealed_texts, sealing, session
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# What an act is told, before it has the type of its own entry (workflow.procedure.payloads).
Payload = dict[str, Any]

CASES = TABLES["case_file"]
_ROW = select(CASES).where(CASES.c.id == bindparam("case"))
_VERSION = select(CASES.c.version).where(CASES.c.id == bindparam("case"))
Given = ParamSpec("Given")
Made = TypeVar("Made")
# So often an act is tried again before the officer is told that others are writing to the same case.
_TIMES = 5


@dataclass
class Unit:
    """A case opened for writing: the officer's seat, the transaction, the locked chain, the case."""

    seat: Seat
    connection: Connection
    # The newest entry of the locked chain; None until it is locked.
    head: ledger.Head | None
    opened: Opened
    # It came in through the office's gate beside others.
    entered: bool = False
    # The rows are written beside others of the office, and the commit chains the entry.
    beside_others: bool = False

    @classmethod
    def of_case(cls, seat: Seat, connection: Connection, case_id: int) -> Unit:
        """In a transaction that the caller began: lock the chain and open the case by the number of its
        row.
        """
        head = ledger.head(connection, seat.office.id, lock=True)
        row = connection.execute(_ROW, {"case": case_id}).one()
        return cls(seat, connection, head, opened_cases.open_row(seat, connection, row, None))

    def together(self) -> None:
        """This act touches nothing but its own case, so that others of the office may write beside it, and
        its entry is chained by the commit. The version of the case is compared where its row is written.
        """
        if self.head is None:
            self.beside_others = self.entered or session.enter_together(
                self.connection, self.seat.office.id, now=True
            )

    def lock(self) -> ledger.Head:
        """Lock the office's chain: from here on nobody else writes, and what was looked at holds. Overtaken
        where the case was written to meanwhile.
        """
        if self.head is None:
            self.head = ledger.head(self.connection, self.seat.office.id, lock=True)
            if self._version() != self.opened.version:
                raise Overtaken(
                    N_("{number} was changed by somebody else at the same moment."),
                    number=self.opened.case.number,
                    way_on=N_("Look at it again: disclosure show {number}"),
                )
        return self.head

    def _version(self) -> Any:
        return self.connection.execute(_VERSION, {"case": self.opened.id}).scalar()

    def act(
        self, event: str, payload: dict[str, Any], *, on: date | None = None, actor: Actor | None = None
    ) -> Done:
        """Take a step that needs nothing but its payload, and record it."""
        act = Act(event, on or self.seat.today(), payload, actor or self.seat.officer.actor)
        return self.record(act, self.step(act), payload)

    def step(self, act: Act) -> Transition:
        """The row of the process table that the act takes; Refused or Conflict, with the reason, if it may
        not.
        """
        row = machine.take(self.opened.case, act, self.seat.context)
        _require_there(self.opened)
        return row

    def entry(self, act: Act, row: Transition, payload: dict[str, Any]) -> Entry:
        """The entry of an act, as it stands in the ledger."""
        case = self.opened.case
        regulations = case.regulations or str(payload.get("regulations", ""))
        consulted = case.consulted(row.track, int(payload.get("no", 0)))
        context = self.seat.context
        provision = context.process.provision(row, regulations, act.on, consulted) or row.article
        return Entry(
            n=case.entries + 1,
            event=act.event,
            track=row.track,
            on=act.on,
            recorded_at=self.seat.moment(),
            actor=act.actor.key,
            source=row.source,
            dest=row.dest,
            payload=payload,
            article=payload.get("article") or provision,
            known=act.actor.known,
        )

    def record(self, act: Act, row: Transition, payload: dict[str, Any], said: Content | None = None) -> Done:
        """Chain the entry and bring every table up to it. `said` is what the reply says, as it was
        checked.
        """
        opened, seat, connection = self.opened, self.seat, self.connection
        identity.require_known(seat.office.settings, act.actor.known)
        entry = self.entry(act, row, payload)
        opened.key = opened.key or seat.case_key(connection, opened.id)
        hidden = sealed_texts.hide(entry, opened.key)
        if not self.beside_others:
            self.lock()
        contested = row_report.remedies(opened.case)
        case = opened.case
        letters_said = letter_rows.told(case)
        if corrects(entry):
            case = fold([*opened.entries, entry], number=case.number)
        else:
            apply(case, entry)
        change = Change(
            opened,
            act,
            row,
            entry,
            case,
            clocks.all_clocks(case, seat.context),
            contested,
            letters_said,
            corrects(entry),
            said,
        )
        for project in PROJECTIONS:
            project(seat, connection, change)
        done = Done(
            case,
            opened.id,
            opened.version + 1,
            entry,
            change.clocks,
            change.moved,
            change.letters,
            errands=change.errands,
        )
        if self.beside_others:
            sealing.wait(connection, seat.office.id, opened.id, hidden, done.chained)
        else:
            self.head = ledger.append(connection, seat.office.id, opened.id, hidden, self.lock())
            done.chained(self.head.seq, self.head.hash)
        return done


@contextmanager
def unit(
    seat: Seat, ref: str, expect: int | None = None, *, late: bool = False, beside: bool = False
) -> Iterator[Unit]:
    """One transaction on the case that is meant; Conflict if it is not at the version `expect` any more.

    `late` leaves the lock to whoever works on the case (`Unit.lock`), so that others do not wait while it is
    folded and checked; `beside` says that it will be `together`. SQLite has one writer, who holds the lock
    from the start.
    """
    with seat.store.writing() as connection:
        late = late and connection.dialect.name != "sqlite"
        head = None if late else ledger.head(connection, seat.office.id, lock=True)
        entered = late and beside and session.enter_together(connection, seat.office.id)
        opened = opened_cases.open_case(seat, connection, ref, expect)
        yield Unit(seat, connection, head, opened, entered=entered)


def again_if_overtaken(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """An act that is done again, from the start, where the case was written to while it was looked at.
    Nothing was written before that; after a few times it is a Conflict."""

    @wraps(act)
    def repeated(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        for _ in range(_TIMES):
            with suppress(Overtaken):
                return act(*args, **kwargs)
        return act(*args, **kwargs)

    return repeated


def _require_there(opened: Opened) -> None:
    if opened.case.destroyed is not None:
        raise Refused(
            N_("{number} was destroyed on {day}: nothing can be entered any more."),
            rule="house:retention",
            number=opened.case.number,
            day=opened.case.destroyed,
            way_on=N_("Its dates and outcome stay in the statistics: disclosure show {number}"),
        )
