"""What an applicant did on the public pages as acts on his case.

What the law leaves to him alone becomes the act at once: a correction, a paper, the answer of a third party,
the fetching of a letter. A withdrawal and a wish for publication are recorded and wait for an officer, who
confirms them. Where an act is refused (the case has moved on), it is recorded as a remark and waits too:
nothing that was confirmed to the applicant is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from workflow.base import dates
from workflow.base.completeness import require_same
from workflow.base.errors import Damaged, DisclosureError, Malformed, NotFound, Refused
from workflow.base.messages import N_, speaking
from workflow.cases.letter_life import of_letter
from workflow.cases.states import State
from workflow.casework import case_codes, routing
from workflow.casework.desk import Desk
from workflow.casework.opened import open_case
from workflow.storage.tables import TABLES
from workflow.web import entered, items
from workflow.web.opening import Came
from workflow.web.public import acting, form
from workflow.web.public.following import FETCHED

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.casework.opened import Done

CODES, CASES, LETTERS = TABLES["web_code"], TABLES["case_file"], TABLES["letter"]
SAID_FILE = "网上提交内容.txt"


class Target(NamedTuple):
    """The case that a code leads to, and for whom: 0 the applicant, else the number of a consultation."""

    case_id: int
    number: str
    no: int
    office_id: int


class Meant(NamedTuple):
    """The act that a form stands for; without one it is a remark. `waits`: an officer has to look at it."""

    event: str = ""
    facts: dict[str, Any] = {}  # noqa: RUF012  (never changed)
    waits: bool = False
    stars: int | None = None
    remark: str = ""


def target(connection: Connection, desk: Desk, lookup: str) -> Target:
    """The case of a code; Damaged where this office never gave it."""
    query = (
        select(CODES.c.case_id, CODES.c.no, CASES.c.number, CASES.c.office_id)
        .join(CASES, CASES.c.id == CODES.c.case_id)
        .where(CODES.c.office_id.in_(case_codes.served(desk, connection)), CODES.c.lookup == lookup)
    )
    row = connection.execute(query).first()
    if row is None:
        raise Damaged(
            N_("A form came under a code that this office does not know."),
            field="lookup",
            way_on=N_("It stays on the outer side. Was the database restored from an older backup?"),
        )
    return Target(row.case_id, row.number, row.no, row.office_id)


def take(desk: Desk, came: Came, folder: Path) -> str:
    """Do what a form stands for; the number of the case. Taken up where an earlier run broke off."""
    with desk.store.reading() as connection:
        to = target(connection, desk, came.lookup)
        begun = items.of_token(connection, desk, came.token)
    # Passed on, it is with another organ: there the program acts.
    desk = routing.seat_of(desk, to.office_id)
    files = entered.papers(came, folder)
    if came.kind == "correct":
        files.append(entered.written(folder, SAID_FILE, _said(came).encode()))
    if files and begun is None:
        facts = {"file": [str(path) for path in files]}
        desk.act(to.number, "attach", facts, on=desk.today(), also=_kept(desk, came, to, items.PAPERS))
    meant = MEANS[came.kind](desk, came, to)
    if meant.event:
        step = items.WAITING if meant.waits else items.DONE
        try:
            desk.act(to.number, meant.event, meant.facts, on=came.day, also=_kept(desk, came, to, step))
            return to.number
        except (Refused, Malformed, NotFound) as fault:
            meant = Meant(waits=True, remark=_not_done(came, fault))
    _remark(desk, came, to, meant)
    return to.number


def _kept(
    desk: Desk, came: Came, to: Target, step: str, stars: int | None = None
) -> Callable[[Connection, Done], None]:
    def keep(connection: Connection, done: Done) -> None:
        items.keep(connection, desk, came, to.case_id, step, no=to.no, stars=stars)

    return keep


def _remark(desk: Desk, came: Came, to: Target, meant: Meant) -> None:
    step = items.WAITING if meant.waits else items.DONE
    also = _kept(desk, came, to, step, meant.stars)
    if meant.remark:
        facts = {"text": f"{meant.remark}（{dates.china_time(came.at)}，回执号{came.receipt}）"}
        desk.act(to.number, "note", facts, on=desk.today(), also=also)
        return
    with desk.store.writing() as connection:
        items.keep(connection, desk, came, to.case_id, step, no=to.no, stars=meant.stars)


def _not_done(came: Came, fault: DisclosureError) -> str:
    with speaking("zh_CN"):
        why = fault.text
    return f"{_called(came)}未能登记为办理事项：{why}；所提交内容：{_said(came) or '无'}"


def _called(came: Came) -> str:
    """What was sent, as it is told in the file of the case."""
    return f"网上提交的{NAMES[came.kind]}"


def _said(came: Came) -> str:
    said = came.answers
    if came.kind == "correct":
        matters = said.get("matters") or [""] * len(said["texts"])
        lines = [f"{matter}\n{text}".strip() for matter, text in zip(matters, said["texts"], strict=False)]
        return "\n\n".join([*lines, *([f"补正后的申请内容：\n{said['request']}"] if said["request"] else [])])
    return str(said.get("text", ""))


# --- what each form stands for


def _correct(desk: Desk, came: Came, to: Target) -> Meant:
    request = str(came.answers.get("request", ""))
    return Meant("correct", {"request": request} if request else {})


def _withdraw(desk: Desk, came: Came, to: Target) -> Meant:
    return Meant(waits=True, remark=f"申请人在网上申请撤回，待与其确认。原因：{_said(came) or '未填'}")


def _paper(desk: Desk, came: Came, to: Target) -> Meant:
    return Meant(remark=f"申请人在网上补充材料。{_said(came)}")


def _opinion(desk: Desk, came: Came, to: Target) -> Meant:
    facts = {"no": to.no, "answer": came.answers["answer"]}
    return Meant("opinion_given", {**facts, "reasons": _said(came)} if _said(came) else facts)


def _publish(desk: Desk, came: Came, to: Target) -> Meant:
    return Meant(waits=True, remark=f"申请人建议将该信息纳入主动公开范围。理由：{_said(came)}")


def _rate(desk: Desk, came: Came, to: Target) -> Meant:
    stars = int(came.answers["stars"])
    return Meant(stars=stars, remark=f"申请人评价：{stars}分。{_said(came)}")


def _fetched(desk: Desk, came: Came, to: Target) -> Meant:
    """A letter that was sent this way has arrived; of one that went another way it is only kept."""
    id = int(came.answers["letter"])
    with desk.store.reading() as connection:
        case = open_case(desk, connection, to.number).case
        row = connection.execute(select(LETTERS).where(LETTERS.c.id == id)).first()
    life = of_letter(case.lives, id)
    if row is None or row.case_id != to.case_id or life is None or life.sending is None:
        return Meant()
    if life.sending.by != "online" or life.arrived is not None:
        return Meant()
    proof = f"申请人在网上窗口领取，系统记录时间{dates.china_time(came.at)}"
    if case.reply is not None and case.reply.number == row.number:
        if case.state != State.DISPATCHED:
            return Meant()
        at = dates.china_time(came.at)[:16]
        return Meant("serve", {"proof": proof, "how": "system", "arrived_at": at})
    return Meant("letter_arrived", {"letter": [str(id)], "proof": proof})


MEANS: dict[str, Callable[[Desk, Came, Target], Meant]] = {
    "correct": _correct,
    "withdraw": _withdraw,
    "paper": _paper,
    "opinion": _opinion,
    "publish": _publish,
    "rate": _rate,
    FETCHED: _fetched,
}
NAMES = {
    "correct": "补正",
    "withdraw": "撤回申请",
    "paper": "补充材料",
    "opinion": "第三方意见",
    "publish": "主动公开建议",
    "rate": "评价",
    FETCHED: "领取记录",
}
require_same("web/acts_from_outside.MEANS", MEANS, "web/public/acting.ACTS", [*acting.ACTS, FETCHED])
require_same("web/acts_from_outside.NAMES", NAMES, "web/acts_from_outside.MEANS", MEANS)


def settle(desk: Desk, receipt: str, *, refuse: str = "") -> Done:
    """An officer has dealt with a form that waited: a withdrawal that he confirmed is recorded as one."""
    with desk.store.reading() as connection:
        row = items.one(connection, desk, receipt)

    def also(connection: Connection, done: Done) -> None:
        items.settled(connection, desk, row.id)

    if row.kind == "withdraw" and not refuse:
        how = f"申请人网上申请撤回（{row.on_day}，回执号{row.receipt}），经办人员已确认"
        return desk.act(row.number, "withdraw", {"how": how}, on=desk.today(), also=also)
    said = f"：{refuse}" if refuse else ""
    text = f"网上提交的{NAMES[row.kind]}（回执号{row.receipt}）{'未采纳' if refuse else '已处理'}{said}"
    return desk.act(row.number, "note", {"text": form.clean(text)}, on=desk.today(), also=also)
