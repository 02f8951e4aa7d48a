"""The desk: the only way to write to a case.

Each method is one act of an officer, one unit of work. Effects outside the database (making a PDF, sending
mail) happen after the commit, from the outbox (workflow.jobs), and can be repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from workflow.base import typed_text
from workflow.base.errors import DisclosureError, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.cases.context import Act
from workflow.casework import (
    amended_letters,
    amendment,
    amendment_consequences,
    given_persons,
    incoming,
    joining,
    line,
    machine_clock,
    no_longer_approved,
    step_check,
    undoing,
)
from workflow.casework.application import Application
from workflow.casework.incoming import Incoming
from workflow.casework.line import Step
from workflow.casework.opened import Done
from workflow.casework.unit import Unit, again_if_overtaken, unit
from workflow.office.seat import SYSTEM, Seat
from workflow.procedure import days, payloads
from workflow.procedure.fold import fold
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SIGNATURES = TABLES["signature"]


class Desk(Seat):
    """A seat with the methods that write."""

    def receive(
        self, application: Application, *, also: Callable[[Connection, Done], None] | None = None
    ) -> Done:
        """Receive an application: it gets its number and its first entry. What `also` writes of it belongs to
        the same commit."""
        wrap = None if also is None else lambda connection, made: also(connection, made[0])
        return self.receive_and(application, [], also=wrap)[0]

    def receive_and(
        self,
        application: Application,
        steps: list[Step],
        *,
        on: date | None = None,
        also: Callable[[Connection, list[Done]], None] | None = None,
    ) -> list[Done]:
        """Receive an application and take the acts that follow at once (registration, assignment), on the day
        `on` (today if left out), in one commit. What `also` writes of them belongs to it."""
        incoming.arrived(self, application)
        prepared = line.all_ready(self, "", steps, several=True)
        ready = incoming.ready(self, application)
        with self.store.writing() as connection:
            done = incoming.enter(self, connection, ready)
            made = [done, *self._follow(connection, done, prepared, on)]
            if also is not None:
                also(connection, made)
        return made

    def _follow(
        self, connection: Connection, done: Done, prepared: list[line.Ready], on: date | None
    ) -> list[Done]:
        if not prepared:
            return []
        work = Unit.of_case(self, connection, done.case_id)
        try:
            return line.take_all(work, prepared, on or self.today(), several=True)
        except DisclosureError as fault:
            if "{number}" in (fault.way_on or ""):
                # There will be no such case: nothing of the line is written, the receipt neither.
                fault.way_on = N_(
                    "The application was not entered. Correct the line, or enter it without that act."
                )
            raise

    def enter_several(
        self,
        lot: list[Incoming],
        *,
        stopped: Callable[[], bool] = lambda: False,
        also: Callable[[Connection, list[Done | DisclosureError]], None] | None = None,
    ) -> list[Done | DisclosureError]:
        """Enter applications in one commit, each an act of its own: for one that is refused its error stands
        in the result, and the others are entered. After `stopped` no further one is begun. What `also`
        writes of them belongs to the same commit."""
        made: list[Done | DisclosureError] = []
        with self.store.writing() as connection:
            for one in lot:
                if stopped():
                    break
                try:
                    with self.store.apart(connection):
                        made.append(incoming.enter(self, connection, one))
                except (Refused, Malformed, NotFound) as fault:
                    made.append(fault)
            if also is not None:
                also(connection, made)
        return made

    def act(
        self,
        ref: str,
        event: str,
        facts: dict[str, Any] | None = None,
        *,
        on: date | None = None,
        expect: int | None = None,
        also: Callable[[Connection, Done], None] | None = None,
    ) -> Done:
        """One act on a case. `on` is the legal day (today if left out), `expect` the version looked at; what
        `also` writes of it belongs to the same commit."""
        wrap = None if also is None else lambda connection, made: also(connection, made[-1])
        return self.acts(ref, [Step(event, facts or {})], on=on, expect=expect, also=wrap)[-1]

    @again_if_overtaken
    def acts(
        self,
        ref: str,
        steps: list[Step],
        *,
        on: date | None = None,
        expect: int | None = None,
        press: line.Press | None = None,
        also: Callable[[Connection, list[Done]], None] | None = None,
    ) -> list[Done]:
        """Acts on a case that follow one another, in one commit, each its own entry; if one is refused
        nothing is written. `press` makes a letter that a later act of them sends."""
        prepared = line.all_ready(self, ref, steps)
        beside = line.will_be_together(self, prepared)
        with unit(self, ref, expect, late=True, beside=beside) as work:
            made = line.take_all(work, prepared, on or self.today(), press)
            machine_clock.told(self, work.connection, made[0])
            if also is not None:
                also(work.connection, made)
        for done in made:
            step_check.look_afterwards(self, done)
        return made

    def amend(
        self,
        ref: str,
        name: str,
        new: str | list[str],
        reason: str,
        *,
        no: int | None = None,
        entry: int | None = None,
    ) -> Done:
        """Correct what was recorded wrongly: the first value stays, what follows is computed anew, and
        letters that bear it and are still here are made anew. `entry` says which of several."""
        new = amendment.as_said(name, new, self.today(), self.context)
        with unit(self, ref) as work:
            key = partial(self.case_key, work.connection, work.opened.id)
            payload = amendment.prepare(work.opened, name, new, reason, no, key, self.context, entry)
            act = Act(amendment.EVENT, self.today(), {**payload}, self.officer.actor)
            row = work.step(act)
            proposed = [*work.opened.entries, work.entry(act, row, act.payload)]
            days.check_all(proposed, self.today())
            amendment_consequences.require_known(proposed, self.context)
            joining.require_same(work.opened.case, fold(proposed, number=work.opened.case.number))
            found = amended_letters.affected(work, proposed)
            if letters := amended_letters.named(found):
                act.payload["letters"] = letters
            before = work.opened.clocks
            done = work.record(act, row, act.payload)
            amendment_consequences.mark_again(work.connection, done, key, self.ring(work.connection))
            amended_letters.make_anew(work, done, found)
            done.notes += amendment.doubts(name, new)
            done.notes += amendment_consequences.consequences(done.case, self.context)
            done.notes += step_check.overdue(done, self.today(), before)
            done.notes += amended_letters.told(done, found)
            no_longer_approved.settle(work, done)
            machine_clock.told(self, work.connection, done)
        return done

    def undo(self, ref: str, reason: str = "", *, expect: int | None = None) -> Done:
        """Take back the last act while nothing of it has left: it counts as not done, its entry stays."""
        with unit(self, ref, expect) as work:
            payload = undoing.prepare(work.connection, work.opened, reason)
            corrected, before = undoing.of_correction(work.opened), work.opened.clocks
            done = work.act(undoing.EVENT, {**payload})
            done.notes += step_check.overdue(done, self.today(), before)
            no_longer_approved.settle(work, done)
            if corrected:
                key = partial(self.case_key, work.connection, work.opened.id)
                amendment_consequences.mark_again(work.connection, done, key, self.ring(work.connection))
            machine_clock.told(self, work.connection, done)
        return done

    def reveal(self, ref: str, reason: str) -> tuple[Done, dict[str, Any]]:
        """The personal data of everybody who applies, and of the agent, in full; that it was looked at, and
        why, is recorded first."""
        with unit(self, ref) as work:
            facts = payloads.Reveal(reasons=typed_text.required_text(reason, "reason"))
            act = Act("reveal", self.today(), {**facts}, self.officer.actor)
            row = work.step(act)
            plain = given_persons.revealed(work.opened.case, self.case_key(work.connection, work.opened.id))
            done = work.record(act, row, act.payload)
        return done, plain

    def letter_made(self, connection: Connection, letter: Any, sha256: str) -> Done:
        """Record that the PDF of a letter was made (by the system, after the act that called for it)."""
        # Of what it says the entry has the digest as it is sealed: that tells nothing, and is for good.
        said = hashlib.sha256(letter.content.encode()).hexdigest()
        facts = payloads.LetterMade(
            code=letter.code, number=letter.number, letter=letter.id, sha256=sha256, content=said
        )
        if letter.entry_n is not None:
            facts["entry"] = letter.entry_n
        return Unit.of_case(self, connection, letter.case_id).act("letter_made", {**facts}, actor=SYSTEM)

    def mailed(self, connection: Connection, message: Any, on: date | None, person: bool) -> Done:
        """Record that a letter went out by e-mail: by the system that sent it, or on this officer's word."""
        facts = payloads.Mailed(
            letter=message.letter_id, code=message.code, number=message.number, message_id=message.message_id
        )
        actor = self.officer.actor if person else SYSTEM
        return Unit.of_case(self, connection, message.case_id).act("mailed", {**facts}, on=on, actor=actor)

    def letter_signed(self, ref: str, letter: Any, sha256: str, signer: str) -> Done:
        """Record that a letter's PDF was signed: which letter, by whose certificate, and the SHA-256 of the
        copy.
        """
        facts = payloads.LetterSigned(
            code=letter.code, number=letter.number, letter=letter.id, sha256=sha256, signer=signer
        )
        with unit(self, ref) as work:
            done = work.act("letter_signed", {**facts})
            work.connection.execute(
                insert(SIGNATURES).values(
                    office_id=self.office.id,
                    case_id=done.case_id,
                    letter_id=letter.id,
                    sha256=sha256,
                    signer=signer,
                    signed_at=self.moment(),
                )
            )
        return done
