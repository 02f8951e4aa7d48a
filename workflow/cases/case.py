"""The case as folded from the ledger's entries: its state and its facts. Pure.

Each entry carries the legal day of what happened. Corrections are entries too: they are applied to the entry
that they correct before the fold, so that everything after it is recomputed and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Self

from workflow.cases.letter_life import Life, Sending, Voided
from workflow.cases.states import UNCOUNTED, State
from workflow.law.keys import Letter

if TYPE_CHECKING:
    # A default is needed: an entry of unspecified type has any payload.
    from typing_extensions import TypeVar

    Payload = TypeVar("Payload", default=dict[str, Any])
else:
    from typing import TypeVar

    Payload = TypeVar("Payload")


# Of a field on which guards look and which no screen or JSON shows.
INNER = {"inner": True}


@dataclass(frozen=True, slots=True)
class Known:
    """How it is known who acted: by the service, by the database, or by nothing but his word ('none').

    `login` is the name under which machine or database know the person; `acting_for` the officer for whom a
    deputy acted.
    """

    via: str
    login: str | None = None
    acting_for: str | None = None


def persons(officer: str, known: Known | None) -> frozenset[str]:
    """Who stands behind an act: the officer, whom he acted for, and the login where somebody vouches for it.

    Two acts with one of these in common are acts of the same person, for the separation of duties.
    """
    found = {officer}
    if known is not None and known.acting_for:
        found.add(known.acting_for)
    if known is not None and known.login and known.via != "none":
        found.add(f"login:{known.login}")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Payload]):
    """One act as recorded: n counts the entries of the case from 1. The types of payloads:
    workflow.procedure.payloads.
    """

    n: int
    event: str
    track: str
    on: date
    recorded_at: str
    actor: str
    source: str
    dest: str
    article: str
    payload: Payload
    # Entries of versions that did not record it have none.
    known: Known | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Who stands behind this act."""
        return persons(self.actor, self.known)


@dataclass
class Consultation:
    """One consultation (a third party, a co-maker or another organ) and what came of it."""

    no: int
    kind: str
    name: str
    items: list[int]
    sent: date
    answer_by: date | None = None
    delivered: date | None = None
    answered: date | None = None
    answer: str | None = None
    reasons: str | None = None
    public_interest: str | None = None
    # Why its objection was held not to be sound.
    unfounded: str | None = None
    # The day on which its objection was overruled: that of the decision against which it may go.
    overruled: date | None = None
    address: str = ""
    postcode: str = ""
    state: str = State.SENT


@dataclass
class Remedy:
    """One reconsideration or suit against what the organ did or left undone."""

    no: int
    kind: str
    body: str
    by: str
    received: date
    reference: str | None = None
    against_round: int = 1
    defence_due: date | None = None
    defended: date | None = None
    hearing: date | None = None
    decided: date | None = None
    outcome: str | None = None
    orders_redecision: bool = False
    state: str = State.ACCEPTED
    # The simple procedure of reconsideration leaves less time for the answer.
    simple: bool = False
    # The ruling (workflow/cases/rulings.toml), its effect on the reply, and the date of the document.
    result: str | None = None
    effect: str | None = None
    dated: date | None = None
    number: str | None = None
    ordered_due: date | None = None
    # The day from which the time ordered runs, where it is not that of receipt; the article, where the law
    # sets it.
    runs_from: date | None = None
    limit: str | None = None
    papers: list[str] = field(default_factory=list)
    appealed: date | None = None
    appealed_by: str | None = None
    appeal_body: str | None = None
    appeal_reference: str | None = None
    # What the first court had decided, where the case went on: day of receipt, outcome, result.
    first: tuple[date, str, str | None] | None = None
    # The day on which the organ received the outcome, including the first court's: the time to appeal runs
    # from it.
    served: date | None = None

    @property
    def over(self) -> bool:
        """Whether it was decided and not appealed."""
        return self.state == State.DECIDED


# The codes of procedural letters to the applicant.
NOTICES = (
    Letter.CORRECTION,
    Letter.REASONS,
    Letter.EXTENSION,
    Letter.TIME_LEFT_OUT,
    Letter.FEE,
    Letter.DELAY,
    Letter.LAPSE,
    Letter.WITHDRAWAL,
)
# Letters whose arrival is told by their code.
_NOTIFIED = (*NOTICES, Letter.RECEIPT, Letter.OVERRULED)


@dataclass
class Notice:
    """A procedural letter to the applicant, the day of its act, and the day on which it reached him."""

    letter: str
    sent: date
    reached: date | None = None


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


class Passed(tuple[str, str]):  # noqa: SLOT001  (a tuple keeps no slots)
    """One step of review that a draft has passed, and who passed it; with the day, and the digests of the
    letter that was passed: of the whole ("" where passes kept none yet), and of its parts by their names."""

    on: date
    letter: str
    parts: dict[str, str]
    # Everybody who stands behind the pass, see `persons`.
    persons: frozenset[str]

    def __new__(
        cls,
        step_and_officer: Iterable[str],
        on: date = date.min,
        letter: str = "",
        parts: dict[str, str] | None = None,
        persons: frozenset[str] = frozenset(),
    ) -> Self:
        made = super().__new__(cls, step_and_officer)
        made.on, made.letter, made.parts = on, letter, parts or {}
        made.persons = persons or frozenset({made.by})
        return made

    @property
    def step(self) -> str:
        """The step of review."""
        return self[0]

    @property
    def by(self) -> str:
        """The officer's key."""
        return self[1]


# The acts by which the organ mends its own reply.
SUPPLEMENT, REDO = "supplement_reply", "redo_reply"


@dataclass
class Mending:
    """A round that the organ began of its own accord, to add to an earlier reply or to replace it."""

    round: int
    event: str
    of_round: int
    of_number: str
    on: date
    reasons: str


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
class DraftItem:
    """What the draft says to one item of the request."""

    no: int
    outcome: str
    ground: str | None = None
    reasons: str = ""
    facts: str = ""
    means: str = ""
    part: str = ""
    by: str = ""
    attachments: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Reply:
    """A reply that was issued: one in each round."""

    round: int
    code: str
    number: str
    issued: date
    items: list[dict[str, Any]]
    outcome: str
    dispatched: date | None = None
    written_for: str | None = None
    served_by: str | None = None
    served: date | None = None
    replied_on: date | None = None
    # How it reached the applicant, where that was recorded (workflow/law/starts.toml).
    how: str | None = None
    # The mailbox or account that the applicant named for electronic service.
    system: str | None = None
    # When it entered a system outside the office, as the officer gave it (YYYY-MM-DD HH:MM).
    sent_at: str | None = None


@dataclass
class Joined:
    """An application that is answered with another: its number, its receipt, what it asks for."""

    number: str
    received: date
    items: list[str]


@dataclass
class Urging:
    """The office above asked how it stands: which office, when, what, until when, and when it was
    answered."""

    no: int
    office: str
    on: date
    question: str
    answer_by: date
    answered: date | None = None


@dataclass(frozen=True)
class PassedOn:
    """That an application went from one organ to another: which, its number there, the day, and why."""

    organ: str
    number: str
    on: date
    reasons: str = ""
    # The name of the organ, as the applicant is told it.
    name: str = ""


@dataclass(frozen=True)
class TakenOver:
    """Of a case that was taken over from an old register: the list (its SHA-256), the row, the number that it
    had there, and the state in which it stood."""

    list: str
    row: int
    reference: str | None
    stood_at: str


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
        if letter not in _NOTIFIED:
            return None
        return next(
            (
                one
                for one in reversed(self.lives)
                if one.code == letter and _announces(one) and not one.arrived
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
            if life.code in NOTICES and _announces(life)
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


def _announces(life: Life) -> bool:
    """Whether the announcement of a letter still stands: not taken back, and the letter not void."""
    return life.void is None and life.taken_back is None
