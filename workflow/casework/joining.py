"""Applications answered by one reply: what an act on one of them writes of the other, in the same commit."""

from __future__ import annotations

from letters.content import kinds
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.states import State
from workflow.casework import lookup, no_longer_approved, parties
from workflow.casework import opened as opened_cases
from workflow.casework.joint_answer import ANSWERED, RULE, not_sent
from workflow.casework.opened import Done, Opened
from workflow.casework.unit import Payload, Unit
from workflow.storage import ledger


def take_in(unit: Unit, payload: Payload) -> Payload:
    """The facts of the joining, from the other application; Refused where one reply cannot answer both."""
    other, mine = _case(unit, payload["other"]), unit.opened.case
    if other.id == unit.opened.id or other.case.joined or other.case.regulations != mine.regulations:
        raise Refused(
            N_(
                "{other} cannot be joined to {number}: it is the same, has others joined to it, or goes by another law."
            ),
            field="other",
            rule=RULE,
            other=other.case.number,
            number=mine.number,
            way_on=N_("Answer it by itself, or link it: disclosure link"),
        )
    if not parties.share(unit.connection, unit.opened.id, other.id, unit.seat.ring(unit.connection)):
        raise Refused(
            N_("{other} is of another applicant: each gets a letter of his own."),
            field="other",
            rule=RULE,
            other=other.case.number,
            way_on=N_("Answer it by itself, or link it: disclosure link"),
        )
    received = other.case.received_on
    assert received is not None
    facts = {"other": other.case.number, "items": other.case.items, "received": received.isoformat()}
    return {**payload, **facts}


def taken_in(unit: Unit, done: Done) -> None:
    """The other application waits for the reply to this one."""
    _beside(unit, done.entry.payload["other"], "joined", {"into": done.case.number}, done)


def require_same(before: CaseFile, after: CaseFile) -> None:
    """Refused where a correction of a joined application changes what the letter of the other one says of it:
    that letter has what was asked for, and when it was received, from the joining.
    """
    told = [(case.items, case.received_on) for case in (before, after)]
    if before.state != State.JOINED or told[0] == told[1]:
        return
    raise Refused(
        N_("{number} is answered by the reply to {host}, which would go on telling what was wrong."),
        rule=RULE,
        number=before.number,
        host=before.joined_to,
        way_on=N_("Take it out (disclosure separate {number}), correct it, and join it again."),
    )


def take_out(unit: Unit, payload: Payload) -> Payload:
    """Refused once the application that took this one in was replied to."""
    host = _host(unit)
    if host.case.reply is not None:
        raise Refused(
            N_("The reply {reply} to {number} answers it already."),
            rule=RULE,
            reply=host.case.reply.number,
            number=host.case.number,
            way_on=N_("Send the reply, or make it void: disclosure void-reply {number}"),
        )
    return {**payload, "of": host.case.number}


def taken_out(unit: Unit, done: Done) -> None:
    """The application that had taken it in asks for its items no more."""
    _beside(unit, done.entry.payload["of"], "separated", {"other": done.case.number}, done)


def answered(unit: Unit, payload: Payload) -> Payload:
    """The facts of the answer, from the reply to the application that took this one in; Refused before that
    was sent.
    """
    host = _host(unit)
    unsent = not_sent(host.case)
    if unsent is not None:
        raise unsent
    return {**payload, **_facts(unit, host.case, unit.opened.case.number)}


def answer_all(unit: Unit, done: Done) -> None:
    """A reply that was sent answers what was joined too; not yet one that waits in the outbox of mail."""
    if done.entry.payload.get("mail"):
        return
    for one in done.case.joined:
        other = _case(unit, one.number).case
        if other.joined_to == done.case.number and other.reply is None:
            facts = _facts(unit, done.case, one.number)
            _beside(unit, one.number, ANSWERED, facts, done)
            done.notes.append((N_("It answers {number} too."), {"number": one.number}))


def serve_all(unit: Unit, done: Done) -> None:
    """A reply that reached the applicant has reached him for what it answers too, unless that went another
    way.
    """
    reply = done.case.reply
    assert reply is not None
    facts = {name: value for name, value in done.entry.payload.items() if name != "article"}
    for one in done.case.joined:
        other = _case(unit, one.number).case
        if other.state != State.DISPATCHED or other.reply is None or other.reply.number != reply.number:
            continue
        try:
            _beside(unit, one.number, "serve", facts, done)
        except Refused:
            note = N_(
                "It answers {number} too, whose service is recorded by itself: disclosure served {number}"
            )
        else:
            note = N_("It answers {number} too, which is served with it.")
        done.notes.append((note, {"number": one.number}))


def _facts(unit: Unit, host: CaseFile, number: str) -> Payload:
    """What the reply says to the items of one of the applications that it answers."""
    reply = host.reply
    assert reply is not None
    first = len(host.own_items())
    for one in host.joined:
        last = first + len(one.items)
        if one.number == number:
            items = [{**row, "no": row["no"] - first} for row in reply.items if first < row["no"] <= last]
            law = unit.seat.context.law
            _, outcome = kinds.leading(
                items, organ_clocks.law_day(host, unit.seat.context), law, reply.issued
            )
            return {
                "code": reply.code,
                "number": reply.number,
                "issued": reply.issued.isoformat(),
                "items": items,
                "outcome": outcome,
                "served_by": reply.served_by,
            }
        first = last
    raise LookupError(f"{number} is not joined to {host.number}")


def _host(unit: Unit) -> Opened:
    return _case(unit, str(unit.opened.case.joined_to))


def _case(unit: Unit, ref: str) -> Opened:
    row = lookup.one(unit.connection, unit.seat, ref)
    return opened_cases.open_row(unit.seat, unit.connection, row, None)


def _beside(unit: Unit, number: str, event: str, facts: Payload, done: Done) -> None:
    """An act on the other case, on the same day; the chain goes on by its entry."""
    head = ledger.head(unit.connection, unit.seat.office.id, lock=True)
    other = Unit(unit.seat, unit.connection, head, _case(unit, number))
    no_longer_approved.settle(other, other.act(event, facts, on=done.entry.on))
    unit.head = other.head
