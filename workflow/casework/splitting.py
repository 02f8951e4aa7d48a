"""An application split into several: each new one is entered with its applicants, its channel and its clock,
in the commit of the split."""

from __future__ import annotations

from workflow.cases.case import CaseFile
from workflow.casework import day_of_receipt, given_persons, new_case
from workflow.casework.application import Application
from workflow.casework.unit import Payload, Unit
from workflow.procedure.fold import effective
from workflow.storage import ledger


def apart(unit: Unit, payload: Payload) -> Payload:
    """The facts of the split with the numbers of the applications that are entered for it."""
    seat, connection, case = unit.seat, unit.connection, unit.opened.case
    first = effective(unit.opened.entries)[0]
    key = unit.opened.key or seat.case_key(connection, unit.opened.id)
    assert case.received_on is not None
    rule: Payload = {name: first.payload[name] for name in ("article", "status") if name in first.payload}
    arrival = day_of_receipt.Arrival(case.received_on, rule, [])
    files = [dict(one) for one in first.payload.get("attachments", [])]
    made = []
    for group in payload["apart"]:
        items = [case.items[no - 1] for no in group]
        entered = new_case.enter(seat, connection, _application(case, items, key), arrival, files)
        made.append(entered.case.number)
    # The chain has gone on by the new entries.
    unit.head = ledger.head(connection, seat.office.id, lock=True)
    return {**payload, "made": made}


def _application(case: CaseFile, items: list[str], key: bytes) -> Application:
    plain = given_persons.revealed(case, key)
    others, agent = plain.pop("applicants", []), plain.pop("agent", None)
    return Application(
        channel=case.channel,
        name=plain.pop("name"),
        kind=plain.pop("kind"),
        request="\n".join(items),
        items=items,
        personal=plain,
        form=case.form,
        others=others,
        agent=agent,
        contact=case.contact,
        origin={
            "split_from": case.number,
            **({"corrected_on": case.corrected[-1].isoformat()} if case.corrected else {}),
        },
    )
