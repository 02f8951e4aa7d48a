"""The fee: its amount by the scale of the day, its payment, its lapse."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from letters.content import chinese
from workflow.base.errors import Malformed, OutOfLaw, Refused
from workflow.base.messages import N_, Remark
from workflow.base.names import Named
from workflow.base.patterns import later
from workflow.cases import clocks, persons
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.cases.states import State
from workflow.law.keys import Outcome
from workflow.procedure.act_forms import choice_names, specs
from workflow.procedure.acts.common import at, from_sending, last_day, must_be_over
from workflow.procedure.registry import ends, guard, holds, prepares, reacts, tells

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("notify_fee")
def _fee(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The amount comes from the scale of the day; by item or by page, never both."""
    if payload.get("count") is None:
        if payload["basis"] == "by_page":
            raise _missing("count")
        payload = {**payload, "count": 1}
    law, count = context.law, payload["count"]
    try:
        fee = (
            law.by_page(count, on)
            if payload["basis"] == "by_page"
            else law.by_item(count, payload.get("already", 0), on=on)
        )
    except OutOfLaw as fault:
        fault.way_on = N_("Handle the application without a fee.")
        raise
    if not fee.amount:
        raise Refused(
            N_("For a count of {n} ({basis}) nothing is charged; there is no fee to notify."),
            rule=fee.article,
            field="count",
            n=count,
            basis=Named("choice", payload["basis"]),
            way_on=N_("Handle the application without a fee."),
        )
    payment = payload.get("payment") or context.payment
    if not payment:
        raise _missing("payment", N_("Give it, or set it once: disclosure office set payment '...'"))
    _require_there(payment)
    bands = [[band.first, band.last, band.yuan_each] for band in fee.bands]
    found = {"amount": fee.amount, "article": fee.article, "bands": bands, "payment": payment}
    return {**payload, **found, **from_sending(context)}


def _missing(name: str, way_on: str = "") -> Malformed:
    return Malformed(
        N_("'{option}' is missing: {label}."),
        field=name,
        option=f"--{name}",
        label=next(item.label for item in specs()["notify_fee"].fields if item.name == name),
        way_on=way_on or N_("For example: {example}"),
        example=specs()["notify_fee"].example,
    )


# A code or account that is promised with the notice, and the signs of one that stands in the text itself. A
# code that hangs at the counter is not in the notice.
_PROMISED = later(r"(所附|随附|附后|附带|下方|背面)[^，。；]{0,12}码|(以下|下列|如下)[^，。；]{0,8}账[户号]")
_SCANNED = later(r"扫[^，。；]{0,12}码|凭[^，。；领]{0,6}(缴款码|付款码)")
_AT_COUNTER = later("窗口|现场|柜台|大厅|网点")
_GIVEN = later(r"[0-9A-Za-z]{8,}|https?://")


def _require_there(payment: str) -> None:
    """Refused where the notice would promise a code that nobody has put into the office's settings."""
    scanned = _SCANNED.search(payment) and not _AT_COUNTER.search(payment)
    if (scanned or _PROMISED.search(payment)) and not _GIVEN.search(payment):
        raise Refused(
            N_("The notice would promise a payment code, and there is none: {payment}"),
            rule="house:payment",
            field="payment",
            payment=payment,
            way_on=N_(
                "Write the code itself, or the account, into it: disclosure office set payment '...', or leave the code out."
            ),
        )


@guard
def _fee_in_force(case: CaseFile, act: Act, context: Context) -> None:
    try:
        context.law.value("fee.payment", on=act.on)
    except OutOfLaw as fault:
        raise Refused(
            N_("On {on} there was no processing fee that could be charged."),
            field="on",
            on=act.on,
            way_on=N_("Handle the application without a fee."),
        ) from fault


@guard
def _no_fee_before(case: CaseFile, act: Act, _: Context) -> None:
    if case.fee_notified is not None:
        raise Refused(
            N_("A fee was already notified on {day}."),
            day=case.fee_notified,
            way_on=N_("If the amount was wrong, correct it with 'disclosure amend'."),
        )


@guard
def _fee_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "fee.payment"),
        N_("Wait until the day after, or record the payment if it was made."),
    )


@tells("notify_fee")
def _notice(case: CaseFile, entry: Entry[payloads.NotifyFee]) -> dict[str, Any]:
    p = entry.payload
    unit = {"by_page": "页", "by_item": "件"}[p["basis"]]
    bands = "；".join(
        f"第{first}{unit}，{yuan}元" if first == last else f"第{first}至{last}{unit}，每{unit}{yuan}元"
        for first, last, yuan in p["bands"]
    )
    # Letters are in Chinese whatever the officer reads.
    standard = f"{choice_names(p['basis'])['zh']}计收，共{p['count']}{unit}（{bands}）"
    if counted := p.get("counted"):
        earlier = "、".join(
            f"{one['number']}（{chinese.day(date.fromisoformat(one['received_on']))}）" for one in counted
        )
        standard += f"。{_counted_of(case, p)}本自然月此前已向本机关提出申请{len(counted)}件：{earlier}"
    # The provision of the scale is cited beside those that allow a fee at all.
    return {"amount": p["amount"], "standard": standard, "payment": p["payment"], "scale": p["article"]}


def _counted_of(case: CaseFile, payload: payloads.NotifyFee) -> str:
    """Whose applications are listed. Of several applicants only the one whose count decides: what the others
    asked for concerns them alone.
    """
    no = payload.get("counted_of")
    if no is None:
        return "同一申请人"
    name = next(one.facts["name"] for one in persons.applicants(case) if one.no == no)
    return f"本申请由数名申请人共同提出，按其中本自然月申请件数最多的申请人计，即{name}。该申请人"


@ends("lapse_fee")
def _lapse(case: CaseFile, entry: Entry[payloads.LapseFee], made: list[CaseClock]) -> Remark:
    told = {"fee_notified_on": case.fee_notified, "answer_by": last_day(made, "fee.payment")}
    return Outcome.LAPSED_FEE, told


@holds("notify_fee")
def _still_waited_for(case: CaseFile, life: Life) -> bool:
    return at(case) == State.FEE_NOTIFIED


@holds("lapse_fee")
def _still_lapsed(case: CaseFile, life: Life) -> bool:
    return case.state == State.LAPSED and case.fee_lapsed is not None


@reacts("notify_fee")
def _fee_notified(case: CaseFile, entry: Entry[payloads.NotifyFee]) -> None:
    case.fee_notified = entry.on
    case.fee_amount = entry.payload["amount"]


@reacts("pay_fee")
def _fee_paid(case: CaseFile, entry: Entry[payloads.PayFee]) -> None:
    case.fee_paid = entry.on


@reacts("lapse_fee")
def _fee_lapsed(case: CaseFile, entry: Entry[payloads.LapseFee]) -> None:
    case.fee_lapsed = entry.on
