"""What an old register says of an application, as the facts that are recorded of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from workflow.base.errors import DisclosureError, Malformed
from workflow.base.messages import N_
from workflow.cases.states import State
from workflow.casework import taking_over
from workflow.casework.taking_over import Past
from workflow.intake.row_read import Read
from workflow.law.keys import Outcome
from workflow.office.seat import Seat

Told = dict[str, Any]
"""The cells of a row beside those of the application, read, by their column."""

# Ends without a reply, and the state in which they leave the application.
ENDS = {
    Outcome.WITHDRAWN: State.WITHDRAWN,
    Outcome.LAPSED_CORRECTION: State.LAPSED,
    Outcome.LAPSED_FEE: State.LAPSED,
}
_FACTS = ("registered_on", "correction_asked_on", "correction_by", "corrected_on", "extended_on")
_FEES = ("fee_notified_on", "fee_amount", "fee_paid_on")
# The days of the entry, the last of which is its own. (That of an answer that is waited for may be to come.)
_DAYS = (
    *("registered_on", "correction_asked_on", "corrected_on", "extended_on"),
    *("fee_notified_on", "fee_paid_on", "issued_on", "ended_on", "served_on", "filed_on"),
)


class Unfit(Exception):
    """What keeps a row from being recorded: the column, and the error that says why."""

    def __init__(self, column: str, message: str, way_on: str, **params: Any) -> None:
        super().__init__(column)
        self.column = column
        self.error: DisclosureError = Malformed(message, field=column, way_on=way_on, **params)


def ended(told: Told) -> date | None:
    """The day of the reply; of an end without one also that on which the case was closed."""
    found: date | None = told.get("replied_on")
    if found is None and told.get("outcome", [""])[0] in ENDS:
        found = told.get("closed_on")
    return found


def recorded(told: Told, made: Read, row: int, digest: str, seat: Seat) -> Past:
    """The facts of a row of the list with this SHA-256; Unfit where they do not suffice."""
    application = made.application
    assert application is not None
    # The day of receipt is that of the register, whatever the channel: the organ has dealt with it so.
    on = taking_over.received(application)
    made.application = replace(application, days={**application.days, "on": on})
    facts: Told = {"list": digest, "row": row}
    if "reference" in told:
        facts["reference"] = told["reference"]
    facts |= {key: _plain(told[key]) for key in (*_FACTS, *_FEES) if key in told}
    if "extended_on" in told:
        facts["extension_days"] = told.get("extension_days") or _longest(on, made, seat)
    stood_at = State.REGISTERED if "registered_on" in told else State.RECEIVED
    if "correction_asked_on" in told and "corrected_on" not in told:
        stood_at = State.CORRECTION_ASKED
    last = ended(told)
    if last is not None:
        stood_at = _end(facts, told, len(application.items), on, last, seat)
    elif stood_at == State.CORRECTION_ASKED and "correction_by" not in told:
        raise Unfit("correction_by", _NO_LAST_DAY, NONE_FILLED_IN)
    days = [on, *(date.fromisoformat(facts[key]) for key in _DAYS if key in facts)]
    return Past(facts, max(days), stood_at, _remedies(told))


def _longest(on: date, made: Read, seat: Seat) -> int:
    """As many working days as the law allows, as the register names none."""
    days = int(seat.context.law.value("reply.extension", on).value)
    made.remarks.append((_LONGEST, {"days": days}))
    return days


def _end(facts: Told, told: Told, items: int, on: date, last: date, seat: Seat) -> State:
    """How it ended goes into the facts; the state in which it then stood."""
    outcome = told["outcome"][0]
    facts["ended_on"] = last.isoformat()
    if "filed_on" in told:
        facts["filed_on"] = told["filed_on"].isoformat()
    if outcome in ENDS and len(told["outcome"]) == 1:
        facts["outcome"] = str(outcome)
        return State.FILED if "filed_on" in told else ENDS[outcome]
    facts["items"] = _items(told, items)
    facts |= taking_over.decided(facts["items"], on, last, seat)
    facts |= {"number": told["decision_number"]} if "decision_number" in told else {}
    facts |= {key: _plain(told[key]) for key in ("issued_on", "served_by", "served_on") if key in told}
    if "filed_on" in told:
        return State.FILED
    return State.SERVED if "served_on" in told else State.DISPATCHED


def _items(told: Told, count: int) -> list[Told]:
    """The answers, item by item: one for all of them, one each, or several to a single item."""
    answers = [_refined(one, told) for one in told["outcome"]]
    if len(answers) == 1:
        answers *= count
    elif count == 1:
        answers = [[one for parts in answers for one in parts]]
    if len(answers) != count:
        raise Unfit("outcome", _UNMATCHED, _UNMATCHED_ADVICE, answers=len(answers), count=count)
    return [
        {"no": no, **one, **({"part": str(part)} if len(parts) > 1 else {})}
        for no, parts in enumerate(answers, 1)
        for part, one in enumerate(parts, 1)
    ]


def _refined(outcome: str, told: Told) -> list[Told]:
    """An answer with its ground; partly granted with the ground for the rest, where the register has it."""
    grounds = [one.partition(".")[2] for one in told.get("ground", ()) if "." in one]
    key, _, ground = outcome.partition(".")
    if key == Outcome.PARTIAL and (ground or grounds):
        of_rest = [ground] if ground else grounds
        rest = [{"outcome": str(Outcome.WITHHELD), "ground": one} for one in of_rest]
        return [{"outcome": str(Outcome.GRANTED)}, *rest]
    if key != Outcome.WITHHELD:
        return [{"outcome": key}]
    if not (ground or grounds):
        raise Unfit("ground", _NO_GROUND, _NO_GROUND_ADVICE)
    return [{"outcome": key, "ground": one} for one in ([ground] if ground else grounds)]


def _remedies(told: Told) -> list[tuple[str, date, Told]]:
    """What was brought against the organ, as the acts that record it."""
    made: list[tuple[str, date, Told]] = []
    no = 0
    for prefix, body in (("review", "review_body"), ("suit", "suit_court")):
        begun, over = told.get(f"{prefix}_on"), told.get(f"{prefix}_decided_on")
        if begun is None:
            continue
        no += 1
        said: Told = {"body": told.get(body) or _NOT_NAMED}
        if prefix == "suit":
            said["kind"] = "after_reconsideration" if no > 1 else "direct"
        made.append((_OPENS[prefix], begun, said))
        if over is None:
            continue
        result = told.get(f"{prefix}_result")
        if result is None:
            raise Unfit(f"{prefix}_result", _NO_RESULT, _NO_RESULT_ADVICE)
        # Of some registers only the column of the annual report is known.
        key = "outcome" if result in ("upheld", "corrected", "other") else "result"
        made.append(("remedy_decided", over, {"no": no, key: result}))
    return sorted(made, key=lambda one: one[1])


_OPENS = {"review": "open_reconsideration", "suit": "open_suit"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_NOT_NAMED = "旧登记册未载"
NONE_FILLED_IN = N_("Enter it from the file; none is filled in.")
_LONGEST = N_(
    "The register names no length of the extension: {days} working days, the most that the law allows."
)
_NO_LAST_DAY = N_("A correction was asked for, and neither it nor its last day is in the row.")
_NO_GROUND = N_("It was refused, and the row does not say on which ground.")
_NO_GROUND_ADVICE = N_("Write the ground into the cell, or into a column of its own (不予公开理由).")
_NO_RESULT = N_("It was decided, and the row does not say how.")
_NO_RESULT_ADVICE = N_("Enter the result, or leave its day out.")
_UNMATCHED = N_("{answers} answers for {count} items: which belongs to which is not clear.")
_UNMATCHED_ADVICE = N_("Write one for all, or one for each item, each on its own line.")
