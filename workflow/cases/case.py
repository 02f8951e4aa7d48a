"""The case as folded from the ledger's entries: its state and its facts. Pure.

Each entry carries the legal day of what happened. Corrections are entries too: they are applied to the entry
that they correct before the fold, so that everything after it is recomputed and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.cases.entry import Entry
from workflow.cases.letter_life import NOTICES, NOTIFIED, Life, Notice, Sending, Voided, announces
from workflow.cases.relations import Joined, PassedOn, TakenOver, Urging
from workflow.cases.reply import DraftItem, Mending, Passed, Reply
from workflow.cases.states import UNCOUNTED, State
from workflow.cases.tracks import Consultation, Remedy

# Of a field on which guards look and which no screen or JSON shows.
INNER = {"inner": True}


@dataclass
class Proposal:
    """A proposal that another officer decides on; it lapses when the case moves on or changes hands."""

    event: str
    on: date
    by: str
    facts: dict[str, str] = field(default_factory=dict)
    # Who stands behind the proposal: none of them decides on it.
    persons: frozenset[str] = field(default=frozenset(), metadata=INNER)

    @classmethod
    def of(cls, entry: Entry[Any], facts: dict[str, str]) -> Proposal:
        """The proposal that an entry records."""
        return cls(entry.event, entry.on, entry.actor, facts, entry.persons)


@dataclass
class Latest:
    """The last act that stands: what could be taken back."""

    n: int
    event: str
    on: date
    by: str
    # The reply waits in the office's own outbox.
    mails: bool = False


@dataclass
class CaseFile:
    """All facts of one application, as known from the entries that were folded."""

    number: str = ""
    state: str = State.NEW
    regulations: str = ""
    received_on: date | None = None
    channel: str = ""
    # Registered on the day of arrival (`received_on`), but counts as received only when the applicant
    # confirms it.
    unconfirmed: bool = False
    applicant: dict[str, Any] = field(default_factory=dict)
    # Further applicants, the agent, and who is written to (workflow/cases/persons.py).
    others: list[dict[str, Any]] = field(default_factory=list)
    agent: dict[str, Any] | None = None
    contact: int | None = None
    request: str = ""
    items: list[str] = field(default_factory=list)
    form: str = ""
    unit: str | None = None
    handler: str | None = None
    round: int = 1
    round_start: date | None = None
    ordered_due: date | None = None
    correction_asked: date | None = None
    correction_by: date | None = None
    # Shown by `disclosure show --json`.
    correction_matters: str | None = None
    correction_lapsed: date | None = None
    corrected: list[date] = field(default_factory=list)
    correction_lacks: list[str] = field(default_factory=list)
    # What changed of the request besides (workflow/procedure/acts/scope.toml): the days; the applications
    # into which this one was split, the one that it was split from, others that it is linked to and how.
    corrected_partly: list[date] = field(default_factory=list)
    supplemented: list[date] = field(default_factory=list)
    narrowed: list[date] = field(default_factory=list)
    split_into: list[str] = field(default_factory=list)
    split_from: str | None = None
    links: list[tuple[str, str]] = field(default_factory=list)
    # Applications that this one's reply answers too, in their order; the one that answers this.
    joined: list[Joined] = field(default_factory=list)
    joined_to: str | None = None
    # The organ that has it instead of this one; the office that passed it on to this one, and the day on
    # which that office had received it.
    passed_to: PassedOn | None = None
    came_from: PassedOn | None = None
    first_received: date | None = None
    urgings: list[Urging] = field(default_factory=list)
    reasons_asked: date | None = None
    reasons_by: date | None = None
    reasons_given: date | None = None
    reasons_silent: bool = False
    fee_notified: date | None = None
    fee_amount: int | None = None
    fee_paid: date | None = None
    fee_lapsed: date | None = None
    extension: tuple[date, int] | None = None
    extension_reason: str | None = None
    delay_until: date | None = None
    consultations: list[Consultation] = field(default_factory=list)
    # Those whose objection was overruled, in the order in which it was.
    overruled: list[int] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    draft: dict[tuple[int, str], DraftItem] = field(default_factory=dict)
    drafter: str | None = None
    # Everybody who wrote any version of the draft of this round, see `persons`.
    authors: set[str] = field(default_factory=set, metadata=INNER)
    former_authors: set[str] = field(default_factory=set, metadata=INNER)
    draft_version: int = 0
    passed: list[Passed] = field(default_factory=list)
    # Rules of the check before issue that an approver set aside for the present draft.
    overridden: list[dict[str, Any]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    mendings: list[Mending] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    # Every letter that an act called for, and what became of it.
    lives: list[Life] = field(default_factory=list)
    signed: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: date | None = None
    withdrawn_from: str | None = None
    # Rounds that ended without a reply, before a new decision was ordered: round, day, outcome.
    ended_before: list[tuple[int, date, str]] = field(default_factory=list)
    filed: date | None = None
    filed_despite: str | None = None
    missing: list[str] = field(default_factory=list)
    # Proposals that wait for another officer's decision, by kind.
    proposed: dict[str, Proposal] = field(default_factory=dict)
    # The class by which a filed case is kept, and the last day; None is for ever.
    retention: str | None = None
    keep_until: date | None = None
    destruction: tuple[date, str] | None = None
    destruction_by: frozenset[str] = field(default=frozenset(), metadata=INNER)
    destroyed: date | None = None
    registered: date | None = None
    registrar: str | None = None
    accepted: date | None = None
    submitted: date | None = None
    # Whether the draft was sent back and nothing of it has been changed since.
    sent_back: bool = False
    approved: date | None = None
    taken_over: TakenOver | None = None
    entries: int = 0
    latest: Latest | None = None
    last_on: date | None = None
    last_entry: str = ""

    def own_items(self) -> list[str]:
        """What this application asks for, without what was joined to it: that stands behind."""
        return self.items[: len(self.items) - sum(len(one.items) for one in self.joined)]

    def ask(self, items: list[str]) -> None:
        """It asks for these items now; what was joined to it stands behind."""
        self.items = [*items, *(text for one in self.joined for text in one.items)]

    def drafted(self, no: int) -> list[DraftItem]:
        """What the draft says to an item: one row, or one for each of its parts."""
        return [row for key, row in sorted(self.draft.items()) if key[0] == no]

    @property
    def reply(self) -> Reply | None:
        """The reply of the present round, if it was issued."""
        return next((reply for reply in self.replies if reply.round == self.round), None)

    @property
    def mending(self) -> Mending | None:
        """How the present round came about, where the organ mends its own reply in it."""
        return next((one for one in self.mendings if one.round == self.round), None)

    @property
    def contested_round(self) -> int:
        """The round whose reply can be contested now: one that is being mended stands until the new reply has
        gone out."""
        mending, reply = self.mending, self.reply
        if mending is not None and (reply is None or reply.dispatched is None):
            return mending.of_round
        return self.round

    @property
    def open(self) -> bool:
        """Whether the organ still owes something on the application itself."""
        return self.state not in (State.FILED, State.WITHDRAWN, State.LAPSED, State.SERVED, *UNCOUNTED)

    def sub_state(self, track: str, no: int) -> str | None:
        """The state of a consultation or remedy by its number; None if there is none."""
        found = self.part(track, no)
        return found.state if found else None

    def on_its_way(self, letter: str) -> Life | None:
        """The letter of this code that was called for last and of which it is not known that it arrived."""
        if letter not in NOTIFIED:
            return None
        return next(
            (
                one
                for one in reversed(self.lives)
                if one.code == letter and announces(one) and not one.arrived
            ),
            None,
        )

    def letter_of(self, number: str) -> int | None:
        """The letter that bears this document number, if it was made."""
        return next((made["letter"] for made in self.letters if made["number"] == number), None)

    def in_hand(self) -> list[dict[str, Any]]:
        """Letters that were made and are still at the office: neither void nor sent, or returned."""
        here = {life.letter for life in self.lives if life.in_hand}
        return [made for made in self.letters if made["letter"] in here]

    @property
    def notices(self) -> list[Notice]:
        """The procedural letters to the applicant, each with its day and that on which it reached him."""
        return [
            Notice(life.code, life.on, life.arrived)
            for life in self.lives
            if life.code in NOTICES and announces(life)
        ]

    @property
    def sent(self) -> dict[int, Sending]:
        """How letters went out and what came of it, by the letter."""
        return {
            life.letter: life.sending
            for life in self.lives
            if life.letter is not None and life.sending is not None
        }

    @property
    def voided(self) -> list[Voided]:
        """The letters that were made void, in their order."""
        void = [life for life in self.lives if life.void is not None]
        return [life.void for life in sorted(void, key=lambda one: one.void_n or 0) if life.void is not None]

    def consulted(self, track: str, no: int) -> str | None:
        """The kind of the consultation of this number, for its own track; None elsewhere."""
        part = self.part(track, no) if track == "consultation" else None
        return part.kind if isinstance(part, Consultation) else None

    def part(self, track: str, no: int) -> Consultation | Remedy | None:
        """The consultation or remedy of this number."""
        parts: Iterable[Consultation | Remedy]
        parts = self.consultations if track == "consultation" else self.remedies
        return next((part for part in parts if part.no == no), None)
