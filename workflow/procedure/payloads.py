"""The payload of each act's entry, as the ledger keeps it: what was given and what the program added.

Written by scripts/payloads.py from the tables of the acts (workflow/procedure/acts): do not edit. Days are ISO text.
"""

from typing import Any, Literal, NotRequired, TypedDict


class Receive(TypedDict):
    """Receipt."""

    channel: str
    regulations: str
    article: NotRequired[str]
    status: NotRequired[str]
    days: NotRequired[dict[str, Any]]
    applicant: dict[str, Any]
    applicants: NotRequired[list[dict[str, Any]]]
    agent: NotRequired[dict[str, Any]]
    contact: NotRequired[int]
    split_from: NotRequired[str]
    corrected_on: NotRequired[str]
    routed_from: NotRequired[str]
    routed_number: NotRequired[str]
    routed_on: NotRequired[str]
    routed_office: NotRequired[str]
    routed_reasons: NotRequired[str]
    first_received_on: NotRequired[str]
    request: str
    items: list[str]
    form: NotRequired[str]
    attachments: NotRequired[list[dict[str, Any]]]


class ConfirmReceipt(TypedDict):
    """Receipt confirmed with the applicant."""

    how: NotRequired[str]
    regulations: str
    article: NotRequired[str]
    status: NotRequired[str]


class Register(TypedDict):
    """Registration."""


class Route(TypedDict):
    """Passed on to an organ."""

    organ: str
    reasons: str
    passed_on: str
    number: str


class HandBack(TypedDict):
    """Handed back."""

    reasons: str


class HandedBack(TypedDict):
    """Came back from the organ."""

    organ: str
    reasons: str


class AskCorrection(TypedDict):
    """Request for correction."""

    matters: str
    lacks: NotRequired[list[Literal["identity", "description", "form", "authority"]]]
    late_reasons: NotRequired[str]
    from_sending: NotRequired[bool]
    answer_by: str


class Correct(TypedDict):
    """Correction received."""

    request: NotRequired[str]
    items: NotRequired[list[str]]


class LapseCorrection(TypedDict):
    """No correction in time."""


class AskReasons(TypedDict):
    """Request for reasons."""

    matters: str
    answer_by: str


class GiveReasons(TypedDict):
    """Reasons received."""

    reasons: str


class ReasonsUnanswered(TypedDict):
    """No reasons in time."""


class Assign(TypedDict):
    """Assignment."""

    unit: str
    handler: NotRequired[str]
    proposed: NotRequired[dict[str, Any]]


class Reassign(TypedDict):
    """Reassignment."""

    unit: str
    handler: NotRequired[str]
    reasons: str


class Accept(TypedDict):
    """Acceptance by the unit."""


class ReturnAssignment(TypedDict):
    """Return by the unit."""

    reasons: str


class ProposeTransfer(TypedDict):
    """Transfer proposed."""

    unit: str
    reasons: str


class ApproveTransfer(TypedDict):
    """Transfer approved."""

    unit: str


class RefuseTransfer(TypedDict):
    """Transfer refused."""

    reasons: str


class ConsultThirdParty(TypedDict):
    """Consultation of a third party."""

    name: str
    matter: NotRequired[str]
    delivered: NotRequired[str]
    answer_by: NotRequired[str]
    address: NotRequired[str]
    postcode: NotRequired[str]
    from_sending: NotRequired[bool]
    no: int
    items: list[int]


class ConsultCoMaker(TypedDict):
    """Consultation of a co-maker."""

    name: str
    matter: NotRequired[str]
    delivered: NotRequired[str]
    address: NotRequired[str]
    postcode: NotRequired[str]
    from_sending: NotRequired[bool]
    no: int
    items: list[int]


class ConsultOrgan(TypedDict):
    """Consultation of another organ."""

    name: str
    answer_by: NotRequired[str]
    matter: NotRequired[str]
    address: NotRequired[str]
    postcode: NotRequired[str]
    from_sending: NotRequired[bool]
    no: int
    items: list[int]


class Refer(TypedDict):
    """Referral."""

    name: str
    answer_by: NotRequired[str]
    matter: NotRequired[str]
    address: NotRequired[str]
    postcode: NotRequired[str]
    from_sending: NotRequired[bool]
    no: int
    items: list[int]


class Consulted(TypedDict):
    """Consultation sent."""


class OpinionDelivered(TypedDict):
    """Consultation letter delivered."""

    no: int


class OpinionGiven(TypedDict):
    """Answer to a consultation."""

    no: int
    answer: Literal["agree", "object", "partly"]
    reasons: NotRequired[str]


class OpinionLapsed(TypedDict):
    """No answer in time."""

    no: int


class ConsultationRecalled(TypedDict):
    """Consultation recalled."""

    no: int
    reasons: str


class ObjectionOverruled(TypedDict):
    """Objection overruled."""

    no: int
    reasons: str
    basis: NotRequired[Literal["public_interest", "unfounded"]]


class NotifyFee(TypedDict):
    """Fee notice."""

    basis: Literal["by_item", "by_page"]
    already: NotRequired[int]
    from_sending: NotRequired[bool]
    count: int
    counted: NotRequired[list[dict[str, Any]]]
    counted_of: NotRequired[int]
    amount: int
    article: str
    bands: list[list[Any]]
    payment: str


class PayFee(TypedDict):
    """Fee paid."""

    receipt: NotRequired[str]


class LapseFee(TypedDict):
    """Fee not paid in time."""


class Extend(TypedDict):
    """Extension."""

    reasons: str
    from_sending: NotRequired[bool]
    days: int


class UndoExtension(TypedDict):
    """Extension undone."""

    reasons: str


class Delay(TypedDict):
    """Reasonable delay."""

    until: str
    reasons: str
    from_sending: NotRequired[bool]


class Draft(TypedDict):
    """Draft."""

    items: list[dict[str, Any]]


class Submit(TypedDict):
    """Draft handed in."""


class PassReview(TypedDict):
    """Draft passed."""

    opinion: NotRequired[str]
    letter: NotRequired[str]
    parts: NotRequired[str]


class ReturnDraft(TypedDict):
    """Draft returned."""

    reasons: str


class PassLapsed(TypedDict):
    """Passes lapsed, back to the draft."""

    reasons: str
    parts: NotRequired[list[str]]
    because: int


class OverrideRule(TypedDict):
    """Rule overridden."""

    rule: str
    reasons: str


class Issue(TypedDict):
    """Reply issued."""

    code: str
    number: str
    series_no: int
    items: list[dict[str, Any]]
    outcome: str
    served_by: str


class Dispatch(TypedDict):
    """Reply sent."""

    served_by: Literal["post", "hand", "entrusted", "email", "online", "publication"]
    tracking: NotRequired[str]
    system: NotRequired[str]
    sent_at: NotRequired[str]
    mail: NotRequired[bool]


class VoidReply(TypedDict):
    """Reply made void."""

    reasons: str
    number: NotRequired[str]
    code: NotRequired[str]


class Serve(TypedDict):
    """Service."""

    proof: str
    how: NotRequired[Literal["signed", "refused", "recorded", "system", "published", "told_later", "proved"]]
    witnesses: NotRequired[str]
    left_at: NotRequired[str]
    arrived_at: NotRequired[str]
    published_on: NotRequired[str]
    article: NotRequired[str]


class ComeBack(TypedDict):
    """Letter came back."""

    reasons: str


class Withdraw(TypedDict):
    """Withdrawal."""

    how: str


class File(TypedDict):
    """Filing."""

    despite: NotRequired[str]
    retention: NotRequired[str]
    keep_until: NotRequired[str]
    missing: NotRequired[list[str]]


class FileUnserved(TypedDict):
    """Filing without service."""

    reasons: str
    despite: NotRequired[str]
    retention: NotRequired[str]
    keep_until: NotRequired[str]
    missing: NotRequired[list[str]]


class KeepLonger(TypedDict):
    """Kept longer."""

    until: str
    why: str


class ProposeDestruction(TypedDict):
    """Destruction proposed."""

    why: str


class Destroy(TypedDict):
    """Destruction."""

    why: str


class Reopen(TypedDict):
    """Reopening."""

    reasons: str


class Redecide(TypedDict):
    """New decision begun."""

    no: int
    due: NotRequired[str]
    runs_from: NotRequired[str]


class OpenReconsideration(TypedDict):
    """Reconsideration notified."""

    body: str
    reference: NotRequired[str]
    by: NotRequired[Literal["applicant", "third_party"]]
    procedure: NotRequired[Literal["ordinary", "simple"]]
    defence_due: NotRequired[str]
    papers: NotRequired[list[str]]
    no: int
    kind: str
    retention: NotRequired[str]
    keep_until: NotRequired[str]


class OpenSuit(TypedDict):
    """Suit notified."""

    body: str
    reference: NotRequired[str]
    by: NotRequired[Literal["applicant", "third_party"]]
    defence_due: NotRequired[str]
    papers: NotRequired[list[str]]
    no: int
    kind: str
    retention: NotRequired[str]
    keep_until: NotRequired[str]


class Contested(TypedDict):
    """Remedy notified."""


class Defend(TypedDict):
    """Defence handed in."""

    no: int
    papers: NotRequired[list[str]]


class SetHearing(TypedDict):
    """Day of hearing recorded."""

    no: int
    hearing: str


class RemedyDecided(TypedDict):
    """Outcome of the remedy."""

    no: int
    result: NotRequired[
        Literal[
            "maintained",
            "claims_dismissed",
            "annulled",
            "changed",
            "unlawful",
            "void",
            "ordered",
            "rejected",
            "withdrawn",
            "mediated",
            "settled",
            "terminated",
        ]
    ]
    number: NotRequired[str]
    dated: NotRequired[str]
    effective: NotRequired[str]
    due: NotRequired[str]
    within: NotRequired[int]
    days: NotRequired[int]
    papers: NotRequired[list[str]]
    outcome: str
    redecide: bool
    effect: NotRequired[str]
    runs_from: NotRequired[str]
    limit: NotRequired[str]
    retention: NotRequired[str]
    keep_until: NotRequired[str]


class Appeal(TypedDict):
    """Appeal."""

    no: int
    by: Literal["organ", "applicant", "third_party"]
    body: NotRequired[str]
    reference: NotRequired[str]
    papers: NotRequired[list[str]]


class Remand(TypedDict):
    """Sent back to the first court."""

    no: int
    papers: NotRequired[list[str]]


class NoticeReached(TypedDict):
    """Notice reached the applicant."""

    letter: str


class VoidLetter(TypedDict):
    """Notice made void."""

    reasons: str
    anew: NotRequired[Literal["yes", "no"]]
    letter: list[int]


class ApproveLetter(TypedDict):
    """Letter approved."""

    letter: list[int]


class LetterPosted(TypedDict):
    """Notice sent."""

    served_by: NotRequired[Literal["post", "hand", "entrusted", "email", "online"]]
    tracking: NotRequired[str]
    letter: list[int]


class LetterArrived(TypedDict):
    """Posted letter arrived."""

    consultation: NotRequired[int]
    proof: NotRequired[str]
    letter: list[int]


class LetterReturned(TypedDict):
    """Posted letter came back."""

    reasons: str
    letter: list[int]


class Mailed(TypedDict):
    """E-mail sent."""

    letter: int
    code: str
    number: NotRequired[str]
    message_id: str


class LetterMade(TypedDict):
    """Letter made."""

    letter: int
    code: str
    number: NotRequired[str]
    sha256: str
    content: NotRequired[str]
    entry: NotRequired[int]


class LetterLapsed(TypedDict):
    """Unsent letter lapsed."""

    letters: list[dict[str, Any]]
    reasons: str
    because: int


class LetterSigned(TypedDict):
    """Letter signed."""

    letter: int
    code: str
    number: NotRequired[str]
    sha256: str
    signer: str


class Attach(TypedDict):
    """File added."""

    attachments: list[dict[str, Any]]


class Note(TypedDict):
    """Remark."""

    text: str


class Amend(TypedDict):
    """Correction of the record."""

    field: str
    reasons: str
    changes: list[dict[str, Any]]
    letters: NotRequired[list[dict[str, Any]]]


class Undo(TypedDict):
    """Last act taken back."""

    entry: int
    event: str
    reasons: NotRequired[str]
    letters: NotRequired[list[dict[str, Any]]]
    batch: NotRequired[str]


class Recompute(TypedDict):
    """Deadlines computed anew."""

    changes: NotRequired[list[dict[str, Any]]]


class Reveal(TypedDict):
    """Personal data looked at."""

    reasons: str


class SupplementReply(TypedDict):
    """Supplementary reply begun."""

    reasons: str
    due: str


class RedoReply(TypedDict):
    """Reply taken back and made anew."""

    reasons: str
    due: str


class AppointAgent(TypedDict):
    """Agent appointed."""

    agent: dict[str, Any]


class EndAgency(TypedDict):
    """End of the agency."""

    reasons: str


class WriteTo(TypedDict):
    """Who is written to."""

    person: int


class AddApplicant(TypedDict):
    """Applicant added."""

    no: int
    applicants: dict[str, Any]
    document: str


class Urged(TypedDict):
    """Urged by the office above."""

    no: int
    office: str
    by: str
    question: str
    answer_by: str


class AnswerUrging(TypedDict):
    """Urging answered."""

    answer: str
    which: NotRequired[int]


class ProposeVoid(TypedDict):
    """Void entry proposed."""

    why: Literal["twice", "mistake"]
    twin: NotRequired[str]
    reasons: str


class VoidCase(TypedDict):
    """Entry made void."""

    letters: NotRequired[list[dict[str, Any]]]


class RefuseVoid(TypedDict):
    """Void entry refused."""

    reasons: str


class TakeOver(TypedDict):
    """Taken over from an old register."""

    list: str
    row: int
    reference: NotRequired[str]
    registered_on: NotRequired[str]
    correction_asked_on: NotRequired[str]
    correction_by: NotRequired[str]
    corrected_on: NotRequired[str]
    extended_on: NotRequired[str]
    extension_days: NotRequired[int]
    fee_notified_on: NotRequired[str]
    fee_amount: NotRequired[int]
    fee_paid_on: NotRequired[str]
    code: NotRequired[str]
    number: NotRequired[str]
    items: NotRequired[list[dict[str, Any]]]
    outcome: NotRequired[str]
    issued_on: NotRequired[str]
    ended_on: NotRequired[str]
    served_by: NotRequired[str]
    served_on: NotRequired[str]
    filed_on: NotRequired[str]
    retention: NotRequired[str]
    keep_until: NotRequired[str]


class CorrectPartly(TypedDict):
    """Part of the correction received."""

    missing: str
    request: NotRequired[str]
    items: NotRequired[list[str]]


class Supplement(TypedDict):
    """Supplement received."""

    added: str
    request: NotRequired[str]
    items: NotRequired[list[str]]


class Narrow(TypedDict):
    """Scope narrowed by agreement."""

    agreed: str
    request: NotRequired[str]
    items: NotRequired[list[str]]


class Split(TypedDict):
    """Application split."""

    apart: list[list[int]]
    reasons: str
    made: list[str]


class Link(TypedDict):
    """Link to another application."""

    other: str
    how: Literal["repeats", "related"]


class Join(TypedDict):
    """Application joined."""

    other: str
    reasons: str
    items: list[str]
    received: str


class Joined(TypedDict):
    """Joined to another application."""

    into: str


class Separate(TypedDict):
    """Separated again."""

    reasons: str
    of: str


class Separated(TypedDict):
    """Joined application taken out."""

    other: str


class AnswerJointly(TypedDict):
    """Answered with the other."""

    code: str
    number: str
    issued: str
    items: list[dict[str, Any]]
    outcome: str
    served_by: str
