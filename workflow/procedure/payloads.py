"""The payload of each act as it stands in the ledger: made by scripts/payloads.py from the tables of the acts.

Days are ISO text. A key that is not `Required` is left out where nothing was given.
"""

# The hints are not put off: otherwise nobody could see which keys are required.
from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict, TypeVar, cast

Payload = TypeVar("Payload", bound=Mapping[str, Any])


def of(kind: type[Payload], payload: Mapping[str, Any]) -> Payload:
    """The payload of an act under its type; which act it is, the caller knows from the event."""
    return cast(Payload, payload)


class Receive(TypedDict, total=False):
    """receive: receipt."""

    channel: Required[str]
    regulations: Required[str]
    article: Required[str]
    status: Required[str]
    days: dict[str, Any]
    applicant: Required[dict[str, Any]]
    request: Required[str]
    items: Required[list[str]]
    form: str
    attachments: list[dict[str, Any]]


class Register(TypedDict, total=False):
    """register: registration."""


class AskCorrection(TypedDict, total=False):
    """ask_correction: request for correction."""

    matters: Required[str]
    answer_by: str


class Correct(TypedDict, total=False):
    """correct: correction received."""

    request: str
    items: list[str]


class LapseCorrection(TypedDict, total=False):
    """lapse_correction: no correction in time."""


class AskReasons(TypedDict, total=False):
    """ask_reasons: request for reasons."""

    matters: Required[str]
    answer_by: Required[str]


class GiveReasons(TypedDict, total=False):
    """give_reasons: reasons received."""

    reasons: Required[str]


class ReasonsUnanswered(TypedDict, total=False):
    """reasons_unanswered: no reasons in time."""


class Assign(TypedDict, total=False):
    """assign: assignment."""

    unit: Required[str]
    handler: str


class Reassign(TypedDict, total=False):
    """reassign: reassignment."""

    unit: Required[str]
    handler: str
    reasons: Required[str]


class Accept(TypedDict, total=False):
    """accept: acceptance by the unit."""


class ReturnAssignment(TypedDict, total=False):
    """return_assignment: return by the unit."""

    reasons: Required[str]


class ProposeTransfer(TypedDict, total=False):
    """propose_transfer: transfer proposed."""

    unit: Required[str]
    reasons: Required[str]


class ApproveTransfer(TypedDict, total=False):
    """approve_transfer: transfer approved."""

    unit: Required[str]


class RefuseTransfer(TypedDict, total=False):
    """refuse_transfer: transfer refused."""

    reasons: Required[str]


class ConsultThirdParty(TypedDict, total=False):
    """consult_third_party: consultation of a third party."""

    name: Required[str]
    items: list[int]
    matter: str
    delivered: str
    answer_by: str
    address: str
    postcode: str
    no: int


class ConsultCoMaker(TypedDict, total=False):
    """consult_co_maker: consultation of a co-maker."""

    name: Required[str]
    items: list[int]
    matter: str
    delivered: str
    address: str
    postcode: str
    no: int


class ConsultOrgan(TypedDict, total=False):
    """consult_organ: consultation of another organ."""

    name: Required[str]
    answer_by: str
    items: list[int]
    matter: str
    address: str
    postcode: str
    no: int


class Refer(TypedDict, total=False):
    """refer: referral."""

    name: Required[str]
    answer_by: str
    items: list[int]
    matter: str
    address: str
    postcode: str
    no: int


class Consulted(TypedDict, total=False):
    """consulted: consultation sent."""


class OpinionDelivered(TypedDict, total=False):
    """opinion_delivered: consultation letter delivered."""

    no: Required[int]


class OpinionGiven(TypedDict, total=False):
    """opinion_given: answer to a consultation."""

    no: Required[int]
    answer: Required[Literal["agree", "object", "partly"]]
    reasons: str


class OpinionLapsed(TypedDict, total=False):
    """opinion_lapsed: no answer in time."""

    no: Required[int]


class ConsultationRecalled(TypedDict, total=False):
    """consultation_recalled: consultation recalled."""

    no: Required[int]
    reasons: Required[str]


class ObjectionOverruled(TypedDict, total=False):
    """objection_overruled: objection overruled."""

    no: Required[int]
    reasons: Required[str]


class NotifyFee(TypedDict, total=False):
    """notify_fee: fee notice."""

    basis: Required[Literal["by_item", "by_page"]]
    count: Required[int]
    already: int
    payment: str
    amount: int
    article: str
    bands: list[list[int]]


class PayFee(TypedDict, total=False):
    """pay_fee: fee paid."""

    receipt: str


class LapseFee(TypedDict, total=False):
    """lapse_fee: fee not paid in time."""


class Extend(TypedDict, total=False):
    """extend: extension."""

    reasons: Required[str]
    days: int


class UndoExtension(TypedDict, total=False):
    """undo_extension: extension undone."""

    reasons: Required[str]


class Delay(TypedDict, total=False):
    """delay: reasonable delay."""

    until: Required[str]
    reasons: Required[str]


class Draft(TypedDict, total=False):
    """draft: draft."""

    item: int
    part: str
    outcome: str
    ground: str
    facts: str
    reasons: str
    means: str
    attachments: list[str]
    extra: list[list[str]]
    items: Required[list[dict[str, Any]]]


class Submit(TypedDict, total=False):
    """submit: draft handed in."""


class PassReview(TypedDict, total=False):
    """pass_review: draft passed."""

    opinion: str


class ReturnDraft(TypedDict, total=False):
    """return_draft: draft returned."""

    reasons: Required[str]


class OverrideRule(TypedDict, total=False):
    """override_rule: rule overridden."""

    rule: Required[str]
    reasons: Required[str]


class Issue(TypedDict, total=False):
    """issue: reply issued."""

    served_by: Literal["post", "hand", "entrusted", "email", "online"]
    code: Required[str]
    number: Required[str]
    series_no: int
    items: Required[list[dict[str, Any]]]
    outcome: Required[str]


class Dispatch(TypedDict, total=False):
    """dispatch: reply sent."""

    served_by: Required[Literal["post", "hand", "entrusted", "email", "online"]]
    tracking: str
    mail: bool


class VoidReply(TypedDict, total=False):
    """void_reply: reply made void."""

    reasons: Required[str]
    number: str
    code: str


class Serve(TypedDict, total=False):
    """serve: service."""

    proof: Required[str]


class ComeBack(TypedDict, total=False):
    """come_back: letter came back."""

    reasons: Required[str]


class Withdraw(TypedDict, total=False):
    """withdraw: withdrawal."""

    how: Required[str]


class File(TypedDict, total=False):
    """file: filing."""

    despite: str
    retention: str
    keep_until: str
    missing: list[str]


class FileUnserved(TypedDict, total=False):
    """file_unserved: filing without service."""

    reasons: Required[str]
    despite: str
    retention: str
    keep_until: str
    missing: list[str]


class KeepLonger(TypedDict, total=False):
    """keep_longer: kept longer."""

    until: Required[str]
    why: Required[str]


class ProposeDestruction(TypedDict, total=False):
    """propose_destruction: destruction proposed."""

    why: Required[str]


class Destroy(TypedDict, total=False):
    """destroy: destruction."""

    why: Required[str]


class Reopen(TypedDict, total=False):
    """reopen: reopening."""

    reasons: Required[str]


# redecide: new decision begun.
Redecide = TypedDict("Redecide", {"no": Required[int], "due": str, "from": str}, total=False)


class OpenReconsideration(TypedDict, total=False):
    """open_reconsideration: reconsideration notified."""

    body: Required[str]
    reference: str
    by: Literal["applicant", "third_party"]
    procedure: Literal["ordinary", "simple"]
    defence_due: str
    papers: list[str]
    no: int
    kind: str
    retention: str
    keep_until: str


class OpenSuit(TypedDict, total=False):
    """open_suit: suit notified."""

    kind: Required[str]
    body: Required[str]
    reference: str
    by: Literal["applicant", "third_party"]
    defence_due: str
    papers: list[str]
    no: int
    retention: str
    keep_until: str


class Contested(TypedDict, total=False):
    """contested: remedy notified."""


class Defend(TypedDict, total=False):
    """defend: defence handed in."""

    no: Required[int]
    papers: list[str]


class SetHearing(TypedDict, total=False):
    """set_hearing: day of hearing recorded."""

    no: Required[int]
    hearing: Required[str]


class RemedyDecided(TypedDict, total=False):
    """remedy_decided: outcome of the remedy."""

    no: Required[int]
    result: Literal[
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
    outcome: Literal["upheld", "corrected", "other"]
    number: str
    dated: str
    effective: str
    redecide: Required[bool]
    due: str
    within: int
    days: int
    papers: list[str]
    effect: str
    runs_from: str
    limit: str
    retention: str
    keep_until: str


class Appeal(TypedDict, total=False):
    """appeal: appeal."""

    no: Required[int]
    by: Required[Literal["organ", "applicant", "third_party"]]
    body: str
    reference: str
    papers: list[str]


class Remand(TypedDict, total=False):
    """remand: sent back to the first court."""

    no: Required[int]
    papers: list[str]


class NoticeReached(TypedDict, total=False):
    """notice_reached: notice reached the applicant."""

    letter: Required[str]


class VoidLetter(TypedDict, total=False):
    """void_letter: notice made void."""

    letter: Required[list[int]]
    reasons: Required[str]
    anew: Literal["yes", "no"]


class LetterPosted(TypedDict, total=False):
    """letter_posted: notice posted."""

    letter: Required[list[int]]
    tracking: str


class LetterArrived(TypedDict, total=False):
    """letter_arrived: posted letter arrived."""

    letter: Required[list[int]]
    consultation: int
    proof: str


class LetterReturned(TypedDict, total=False):
    """letter_returned: posted letter came back."""

    letter: Required[list[int]]
    reasons: Required[str]


class Mailed(TypedDict, total=False):
    """mailed: e-mail sent."""

    letter: Required[int]
    code: Required[str]
    number: str | None
    message_id: Required[str]


class LetterMade(TypedDict, total=False):
    """letter_made: letter made."""

    letter: Required[int]
    code: Required[str]
    number: str | None
    sha256: Required[str]


class LetterSigned(TypedDict, total=False):
    """letter_signed: letter signed."""

    letter: Required[int]
    code: Required[str]
    number: str | None
    sha256: Required[str]
    signer: Required[str]


class Attach(TypedDict, total=False):
    """attach: file added."""

    attachments: Required[list[dict[str, Any]]]


class Note(TypedDict, total=False):
    """note: remark."""

    text: Required[str]


class Amend(TypedDict, total=False):
    """amend: correction of the record."""

    field: Required[str]
    reasons: Required[str]
    changes: Required[list[dict[str, Any]]]


class Recompute(TypedDict, total=False):
    """recompute: deadlines computed anew."""

    changes: list[dict[str, Any]]


class Reveal(TypedDict, total=False):
    """reveal: personal data looked at."""

    reasons: Required[str]
