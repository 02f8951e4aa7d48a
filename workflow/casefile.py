"""The case as its entries tell it: a pure fold from the ledger's entries to the state and the facts.

Every entry carries the legal day on which something happened; corrections are entries too, and are laid over
the entry that they correct before the fold, so that what follows is recomputed and nothing is overwritten.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.errors import Damaged
from workflow.i18n import N_
from workflow.named import Named


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as recorded: n counts the entries of the case from 1."""

    n: int
    event: str
    track: str
    on: date
    recorded_at: str
    actor: str
    source: str
    dest: str
    article: str
    payload: dict[str, Any]


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
    state: str = "sent"


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
    state: str = "accepted"


@dataclass
class Notice:
    """A procedural letter that went to the applicant, and the day on which it reached him."""

    letter: str
    sent: date
    reached: date | None = None


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


@dataclass
class CaseFile:
    """All facts of one application, as known from the entries that were folded."""

    number: str = ""
    state: str = "new"
    regulations: str = ""
    received_on: date | None = None
    channel: str = ""
    applicant: dict[str, Any] = field(default_factory=dict)
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
    correction_matters: str | None = None
    correction_lapsed: date | None = None
    corrected: list[date] = field(default_factory=list)
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
    remedies: list[Remedy] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    draft: dict[tuple[int, str], DraftItem] = field(default_factory=dict)
    drafter: str | None = None
    draft_version: int = 0
    passed: list[tuple[str, str]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: date | None = None
    withdrawn_from: str | None = None
    filed: date | None = None
    registered: date | None = None
    accepted: date | None = None
    submitted: date | None = None
    approved: date | None = None
    entries: int = 0
    last_on: date | None = None
    last_entry: str = ""

    def drafted(self, no: int) -> list[DraftItem]:
        """What the draft says to an item: one row, or one for each of its parts."""
        return [row for key, row in sorted(self.draft.items()) if key[0] == no]

    @property
    def drafters(self) -> set[str]:
        """Everybody who wrote something that stands in the draft."""
        return {row.by for row in self.draft.values()} | ({self.drafter} if self.drafter else set())

    @property
    def reply(self) -> Reply | None:
        """The reply of the present round, if it was issued."""
        return next((reply for reply in self.replies if reply.round == self.round), None)

    @property
    def open(self) -> bool:
        """Whether the organ still owes something on the application itself."""
        return self.state not in ("filed", "withdrawn", "lapsed", "served")

    def sub_state(self, track: str, no: int) -> str | None:
        """The state of a consultation or remedy by its number; None if there is none."""
        found = self.part(track, no)
        return found.state if found else None

    def on_its_way(self, letter: str) -> Notice | None:
        """The letter of this code that was sent last and of which it is not known that it arrived."""
        return next(
            (one for one in reversed(self.notices) if one.letter == letter and one.reached is None), None
        )

    def consulted(self, track: str, no: int) -> str | None:
        """The kind of the consultation of this number, for its own track; None elsewhere."""
        part = self.part(track, no) if track == "consultation" else None
        return part.kind if isinstance(part, Consultation) else None

    def part(self, track: str, no: int) -> Consultation | Remedy | None:
        """The consultation or remedy of this number."""
        parts: Iterable[Consultation | Remedy]
        parts = self.consultations if track == "consultation" else self.remedies
        return next((part for part in parts if part.no == no), None)


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with every recorded correction laid over the entry that it corrects."""
    listed = list(entries)
    corrected: dict[int, Entry] = {}
    by_n = {entry.n: entry for entry in listed}
    for entry in listed:
        if entry.event != "amend":
            continue
        for change in entry.payload["changes"]:
            target = corrected.get(change["entry"]) or by_n[change["entry"]]
            corrected[change["entry"]] = amended(target, change["path"], change["new"])
    return [corrected.get(entry.n, entry) for entry in listed]


def amended(entry: Entry, path: str, new: Any) -> Entry:
    """The entry with one value replaced; path is 'on' or a dotted path into the payload."""
    if path == "on":
        return _replace(entry, on=date.fromisoformat(new), payload=entry.payload)
    payload = copy.deepcopy(entry.payload)
    place = payload
    *parents, last = path.split(".")
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = new
    return _replace(entry, on=entry.on, payload=payload)


def _replace(entry: Entry, *, on: date, payload: dict[str, Any]) -> Entry:
    return Entry(
        entry.n, entry.event, entry.track, on, entry.recorded_at, entry.actor,
        entry.source, entry.dest, entry.article, payload,
    )  # fmt: skip


def fold(entries: Iterable[Entry], *, number: str = "") -> CaseFile:
    """The case after these entries (with their corrections); Damaged if they do not follow one another."""
    case = CaseFile(number=number)
    for entry in effective(entries):
        apply(case, entry)
    return case


def apply(case: CaseFile, entry: Entry) -> None:
    """Add one entry to the case, in place."""
    expected = case.state
    if entry.track != "case":
        sub = case.sub_state(entry.track, int(entry.payload.get("no", 0)))
        expected = sub if sub is not None else ""
    if entry.source != expected or entry.n != case.entries + 1:
        raise Damaged(
            N_("Entry {n} ({event}) of {number} does not follow from the entries before it."),
            n=entry.n, event=Named("event", entry.event), number=case.number,
        )  # fmt: skip
    reaction = _REACTIONS.get(entry.event)
    if reaction:
        reaction(case, entry)
    if entry.track == "case":
        case.state = entry.dest
        if entry.source != entry.dest:
            case.last_on, case.last_entry = entry.on, entry.event
    else:
        part = case.part(entry.track, int(entry.payload["no"]))
        if part is not None:
            part.state = entry.dest
    case.entries = entry.n


# --- what each event adds to the facts

Reaction = Callable[[CaseFile, Entry], None]
_REACTIONS: dict[str, Reaction] = {}


def _reacts(*events: str) -> Callable[[Reaction], Reaction]:
    def keep(function: Reaction) -> Reaction:
        for event in events:
            _REACTIONS[event] = function
        return function

    return keep


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@_reacts("receive")
def _received(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.received_on = entry.on
    case.regulations = p["regulations"]
    case.channel = p["channel"]
    case.applicant = p["applicant"]
    case.request = p["request"]
    case.items = list(p["items"])
    case.form = p.get("form", "")
    case.attachments += p.get("attachments", [])


@_reacts("register")
def _registered(case: CaseFile, entry: Entry) -> None:
    case.registered = entry.on


@_reacts("ask_correction")
def _correction_asked(case: CaseFile, entry: Entry) -> None:
    case.correction_asked = entry.on
    case.correction_by = _day(entry.payload["answer_by"])
    case.correction_matters = entry.payload["matters"]
    case.notices.append(Notice("P3", entry.on))


@_reacts("correct")
def _corrected(case: CaseFile, entry: Entry) -> None:
    case.corrected.append(entry.on)
    if entry.payload.get("request"):
        case.request = entry.payload["request"]
        case.items = list(entry.payload.get("items") or [case.request])
    elif entry.payload.get("items"):
        case.items = list(entry.payload["items"])
        case.request = "\n".join(case.items)


@_reacts("lapse_correction")
def _correction_lapsed(case: CaseFile, entry: Entry) -> None:
    case.correction_lapsed = entry.on
    case.notices.append(Notice("D13", entry.on))


@_reacts("ask_reasons")
def _reasons_asked(case: CaseFile, entry: Entry) -> None:
    case.reasons_asked = entry.on
    case.reasons_by = _day(entry.payload["answer_by"])
    case.notices.append(Notice("P4", entry.on))


@_reacts("give_reasons")
def _reasons_given(case: CaseFile, entry: Entry) -> None:
    case.reasons_given = entry.on


@_reacts("reasons_unanswered")
def _reasons_silent(case: CaseFile, entry: Entry) -> None:
    case.reasons_silent = True


@_reacts("assign", "reassign")
def _assigned(case: CaseFile, entry: Entry) -> None:
    case.unit = entry.payload["unit"]
    case.handler = entry.payload.get("handler")
    case.accepted = None


@_reacts("accept")
def _accepted(case: CaseFile, entry: Entry) -> None:
    case.handler = entry.actor
    case.accepted = entry.on


@_reacts("return_assignment")
def _unassigned(case: CaseFile, entry: Entry) -> None:
    case.unit = case.handler = case.accepted = None


@_reacts("consult_third_party", "consult_co_maker", "consult_organ", "refer")
def _consulted(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    kinds = {"consult_third_party": "third_party", "consult_co_maker": "co_maker", "refer": "referral"}
    kind = kinds.get(entry.event, "other_organ")
    case.consultations.append(
        Consultation(
            no=p["no"], kind=kind, name=p["name"], items=p.get("items", []), sent=entry.on,
            answer_by=_day(p.get("answer_by")), delivered=_day(p.get("delivered")),
        )
    )  # fmt: skip
    case.notices.append(Notice("P8", entry.on))


def _consultation(case: CaseFile, entry: Entry) -> Consultation:
    part = case.part("consultation", int(entry.payload["no"]))
    assert isinstance(part, Consultation)
    return part


@_reacts("opinion_delivered")
def _opinion_delivered(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).delivered = entry.on


@_reacts("opinion_given")
def _opinion_given(case: CaseFile, entry: Entry) -> None:
    part = _consultation(case, entry)
    part.answered = entry.on
    part.answer = entry.payload["answer"]
    part.reasons = entry.payload.get("reasons")


@_reacts("opinion_lapsed", "consultation_recalled")
def _opinion_lapsed(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).answered = entry.on


@_reacts("objection_overruled")
def _objection_overruled(case: CaseFile, entry: Entry) -> None:
    _consultation(case, entry).public_interest = entry.payload["reasons"]


@_reacts("notify_fee")
def _fee_notified(case: CaseFile, entry: Entry) -> None:
    case.fee_notified = entry.on
    case.fee_amount = entry.payload["amount"]
    case.notices.append(Notice("P12", entry.on))


@_reacts("pay_fee")
def _fee_paid(case: CaseFile, entry: Entry) -> None:
    case.fee_paid = entry.on


@_reacts("lapse_fee")
def _fee_lapsed(case: CaseFile, entry: Entry) -> None:
    case.fee_lapsed = entry.on
    case.notices.append(Notice("D13", entry.on))


@_reacts("extend")
def _extended(case: CaseFile, entry: Entry) -> None:
    case.extension = (entry.on, entry.payload["days"])
    case.extension_reason = entry.payload["reasons"]
    case.notices.append(Notice("P5", entry.on))


@_reacts("undo_extension")
def _extension_undone(case: CaseFile, entry: Entry) -> None:
    case.extension = None
    case.extension_reason = None
    case.notices = [notice for notice in case.notices if notice.letter != "P5"]


@_reacts("delay")
def _delayed(case: CaseFile, entry: Entry) -> None:
    case.delay_until = _day(entry.payload["until"])
    case.notices.append(Notice("P14", entry.on))


@_reacts("draft")
def _drafted(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    for item in p["items"]:
        no, part = item["no"], item.get("part", "")
        # Said of the whole item it takes the place of what was said of its parts, and the reverse.
        for other in [key for key in case.draft if key[0] == no and bool(key[1]) != bool(part)]:
            del case.draft[other]
        case.draft[no, part] = DraftItem(
            no=no, outcome=item["outcome"], ground=item.get("ground"), reasons=item.get("reasons", ""),
            facts=item.get("facts", ""), means=item.get("means", ""), part=part, by=entry.actor,
            attachments=list(item.get("attachments", [])), extra=dict(item.get("extra", {})),
        )  # fmt: skip
    case.drafter = entry.actor
    case.draft_version += 1
    case.passed = []


@_reacts("submit")
def _submitted(case: CaseFile, entry: Entry) -> None:
    case.submitted = entry.on
    case.passed = []


@_reacts("pass_review")
def _passed(case: CaseFile, entry: Entry) -> None:
    case.passed.append((entry.source, entry.actor))
    if entry.dest == "approved":
        case.approved = entry.on


@_reacts("return_draft")
def _draft_returned(case: CaseFile, entry: Entry) -> None:
    case.passed = []
    case.approved = None


@_reacts("issue")
def _issued(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.replies.append(
        Reply(
            round=case.round, code=p["code"], number=p["number"], issued=entry.on,
            items=p["items"], outcome=p["outcome"], written_for=p.get("served_by"),
        )
    )  # fmt: skip


# By hand and by another organ the applicant's signature makes the reply; by post and electronically the sending.
SIGNED_CHANNELS = ("hand", "entrusted")


@_reacts("dispatch")
def _dispatched(case: CaseFile, entry: Entry) -> None:
    reply = case.reply
    if reply is None:
        return
    again = reply.dispatched is not None
    reply.dispatched, reply.served_by, reply.served = entry.on, entry.payload["served_by"], None
    # Sent again after it came back: the first sending has already met the limit.
    if reply.served_by not in SIGNED_CHANNELS and not (again and reply.replied_on):
        reply.replied_on = entry.on


@_reacts("serve")
def _served(case: CaseFile, entry: Entry) -> None:
    reply = case.reply
    if reply is None:
        return
    reply.served = entry.on
    if reply.replied_on is None:
        reply.replied_on = entry.on


@_reacts("withdraw")
def _withdrawn(case: CaseFile, entry: Entry) -> None:
    case.withdrawn, case.withdrawn_from = entry.on, entry.source
    case.notices.append(Notice("D14", entry.on))


@_reacts("file", "file_unserved")
def _filed(case: CaseFile, entry: Entry) -> None:
    case.filed = entry.on


@_reacts("reopen")
def _reopened(case: CaseFile, entry: Entry) -> None:
    case.withdrawn = case.correction_lapsed = case.fee_lapsed = None


@_reacts("redecide")
def _redecided(case: CaseFile, entry: Entry) -> None:
    case.round += 1
    case.round_start = entry.on
    case.ordered_due = _day(entry.payload.get("due"))
    case.draft, case.passed, case.drafter = {}, [], None
    case.filed = case.extension = case.delay_until = None
    case.approved = case.submitted = None
    case.correction_lapsed = case.fee_lapsed = case.withdrawn = None
    # The unit begins anew, and its own time with it.
    case.accepted = entry.on if entry.dest == "in_hand" else None


@_reacts("open_reconsideration", "open_suit")
def _contested(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.remedies.append(
        Remedy(
            no=p["no"], kind=p["kind"], body=p["body"], by=p.get("by", "applicant"), received=entry.on,
            reference=p.get("reference"), against_round=case.round, defence_due=_day(p.get("defence_due")),
        )
    )  # fmt: skip


def _remedy(case: CaseFile, entry: Entry) -> Remedy:
    part = case.part("remedy", int(entry.payload["no"]))
    assert isinstance(part, Remedy)
    return part


@_reacts("defend")
def _defended(case: CaseFile, entry: Entry) -> None:
    _remedy(case, entry).defended = entry.on


@_reacts("set_hearing")
def _hearing_set(case: CaseFile, entry: Entry) -> None:
    _remedy(case, entry).hearing = _day(entry.payload["hearing"])


@_reacts("remedy_decided")
def _remedy_decided(case: CaseFile, entry: Entry) -> None:
    part = _remedy(case, entry)
    p = entry.payload
    part.decided, part.outcome = entry.on, p["outcome"]
    part.orders_redecision = bool(p.get("redecide"))


@_reacts("notice_reached")
def _notice_reached(case: CaseFile, entry: Entry) -> None:
    waiting = case.on_its_way(entry.payload["letter"])
    if waiting is not None:
        waiting.reached = entry.on


@_reacts("attach")
def _attached(case: CaseFile, entry: Entry) -> None:
    case.attachments += entry.payload["attachments"]


@_reacts("letter_made")
def _letter_made(case: CaseFile, entry: Entry) -> None:
    case.letters.append(entry.payload)
