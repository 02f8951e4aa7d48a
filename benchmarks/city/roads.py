"""The road of each result of table 3: which acts, by whom, on which day after receipt, in the words of the
law tables.

Days are working days after receipt, inside the limits of the day. What an outcome needs is read from its row;
an act that the law of the day does not know is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from benchmarks.city import place
from workflow import calendar, law
from workflow.base.errors import DisclosureError


@dataclass(frozen=True)
class Step:
    """One act: its legal day, the officer, the event and its facts."""

    day: date
    officer: str
    event: str
    facts: dict[str, Any]


@dataclass
class Case:
    """One application of the plan; `row` is its result, None for one that stays open at the year's end."""

    order: int
    kind: str
    row: str | None
    received: date
    outcome: str = ""
    ground: str | None = None
    variant: int = 0
    # How far one goes that stays open: so many of its steps.
    steps: list[Step] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    served: date | None = None
    number: str = ""
    # For one that asks again for what was answered: the case of which it is the repetition.
    again: Case | None = None

    @property
    def unit(self) -> str:
        """The unit that handles it."""
        return list(place.UNITS)[self.order % len(place.UNITS)]

    @property
    def handler(self) -> str:
        """The officer who handles it."""
        return place.HANDLERS[self.unit][self.order // len(place.UNITS) % 2]

    @property
    def registrar(self) -> str:
        """The officer who receives and sends."""
        return place.REGISTRARS[self.order % len(place.REGISTRARS)]

    @property
    def channel(self) -> tuple[str, tuple[str, ...], str]:
        """Channel, the days that its application gives, how the reply goes out."""
        return place.CHANNELS[self.order % len(place.CHANNELS)]


TEXTS = {
    "means": "随本答复书提供复印件，也可以登录本机关网站政府信息公开专栏查阅",
    "reasons": "经审查，该信息是本机关办理具体事项时形成的材料，用于车辆调度等后勤安排，公开可能影响有关工作的开展",
}
EXTRA = {
    "search": "以申请所述名称和文号为关键词，检索了本机关档案系统和业务系统，并询问了承办单位",
    "responsible_organ": "自然资源和规划局，联系电话0527-81110000",
    "unclear_after": "补正后仍未说明所指的具体文件",
    "channel_hint": "可以向信访部门或者12345热线反映",
    # Number and date are filled in when it is known which reply it repeats.
    "earlier_reply": "",
    "excess_reasons": "申请人说明的理由不成立",
    "special_rules": "《不动产登记暂行条例》第二十七条",
    "archive": "市国家档案馆",
    "secret_mark": "机密级，由本机关依法确定，保密期限二十年",
    "forbidding_law": "《中华人民共和国统计法》关于调查对象资料保密的规定",
    "danger": "公开后可能危及公共安全",
    "third_party_opinion": "第三方书面表示不同意公开",
}
# By which outcomes and grounds a row can come about, the usual one first; others take their turn where they
# may.
WAYS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "r1_granted": (("granted", None), ("granted", None), ("granted", None), ("already_public", None)),
    "r2_partial": (("partial", "internal_affairs"), ("partial", "law_forbids")),
    "r3_1_state_secret": (("withheld", "state_secret"),),
    "r3_2_law_forbids": (("withheld", "law_forbids"),),
    "r3_3_three_securities": (("withheld", "three_securities"),),
    "r3_4_third_party": (("withheld", "trade_secret"), ("withheld", "personal_privacy")),
    "r3_5_internal_affairs": (("withheld", "internal_affairs"),),
    "r3_6_process_info": (("withheld", "process_information"),),
    "r3_7_enforcement_file": (("withheld", "enforcement_file"),),
    "r3_8_admin_query": (("special_regime", None),),
    "r4_1_not_held": (("not_held", None), ("not_held", None), ("not_here", None)),
    "r4_2_needs_creation": (("needs_creation", None),),
    "r4_3_still_unclear": (("still_unclear", None),),
    "r5_1_petition_complaint": (("petition", None),),
    "r5_2_repeat": (("repeat", None),),
    "r5_3_publication": (("publication", None),),
    "r5_4_excessive": (("excessive", None),),
    "r5_5_reconfirm": (("reconfirm", None),),
    "r6_1_no_correction": (("lapsed_correction", None),),
    "r6_2_no_payment": (("lapsed_fee", None),),
    "r6_3_other": (
        ("withdrawn", None),
        ("withdrawn", None),
        ("withdrawn", None),
        ("not_government_information", None),
    ),
    "r6_other": (
        ("withdrawn", None),
        ("lapsed_correction", None),
        ("withdrawn", None),
        ("not_government_information", None),
    ),
}


def known(outcome: str, ground: str | None, day: date) -> bool:
    """Whether the law knows such an answer to what is received on a day: of that day, or of a day still in
    time.
    """
    tables = law.bundled()
    try:
        tables.outcome(outcome, add(day, SOON) if tables.outcome(outcome).by_act else day)
        if ground is not None:
            tables.ground(ground, day)
    except DisclosureError:
        return False
    return True


def ways(row: str, day: date) -> list[tuple[str, str | None]]:
    """The ways to a row that are open on the day of receipt."""
    return [way for way in WAYS[row] if known(*way, day)]


def first_day(row: str) -> date:
    """The first day of receipt from which the law knows a way to the row."""
    tables = law.bundled()
    return min(
        max(_begins(tables.outcome, outcome), _begins(tables.ground, ground) if ground else date.min)
        for outcome, ground in WAYS[row]
    )


def _begins(look: Callable[..., Any], id: str) -> date:
    """The day from which an outcome or ground is known at all: back through the rows of its series."""
    first = look(id)
    while True:
        try:
            first = look(id, first.effective_from - timedelta(days=1))
        except DisclosureError:
            return first.effective_from  # type: ignore[no-any-return]


def limit(day: date) -> int:
    """Working days for the reply to what is received on a day."""
    return law.bundled().value("reply.limit", on=day).value


def add(day: date, days: int) -> date:
    """So many working days later."""
    return calendar.known().add(day, days) if days else day


class Road:
    """The steps of one case, laid down in their order."""

    def __init__(self, case: Case) -> None:
        self.case, self.start = case, case.received
        self.made: list[Step] = []

    def do(self, after: int, officer: str, event: str, **facts: Any) -> date:
        """An act so many working days after receipt; its day."""
        day = add(self.start, after)
        self.made.append(Step(day, officer, event, facts))
        return day

    def to_hand(self) -> None:
        """Registered, assigned, taken in hand."""
        case = self.case
        self.do(0, case.registrar, "register")
        self.do(1, case.registrar, "assign", unit=case.unit, handler=case.handler)
        self.do(1, case.handler, "accept")

    def reply(self, after: int, *drafts: dict[str, Any]) -> None:
        """Drafted, reviewed, issued, sent and served, beginning so many working days after receipt."""
        case = self.case
        served_by = case.channel[2]
        for draft in drafts:
            self.do(after, case.handler, "draft", **draft)
        self.do(after, case.handler, "submit")
        self.do(after + 1, place.REVIEWERS[case.unit], "pass_review", opinion="同意")
        if any(draft["outcome"] not in ("granted", "already_public") for draft in drafts):
            self.do(after + 1, place.LEGAL[case.order % 2], "pass_review", opinion="适用法律正确")
        self.do(after + 2, place.HEADS[case.order % 2], "pass_review", opinion="同意")
        self.do(after + 2, case.handler, "issue", served_by=served_by)
        sent = self.do(after + 2, case.registrar, "dispatch", served_by=served_by)
        case.served = self.do(
            after + 2 if served_by == "hand" else after + 4, case.registrar, "serve", proof="签收回执"
        )
        case.steps = self.made
        assert sent <= case.served


def draft_of(outcome: str, ground: str | None, day: date) -> dict[str, Any]:
    """The facts of a draft, as far as the outcome and the ground need them."""
    tables = law.bundled()
    needs = list(tables.outcome(outcome, day).needs)
    made: dict[str, Any] = {"outcome": outcome}
    if outcome == "withheld":
        made["extra"] = ["severance=经逐页审查，所载内容均涉及上述情形，不能作区分处理"]
    if outcome == "archived":
        made["extra"] = [f"transfer_due={day.year - 6}-12-31"]
    if ground:
        needs += tables.ground(ground, day).needs
        made["ground"] = ground
    for need in dict.fromkeys(needs):
        if need in TEXTS:
            made[need] = TEXTS[need]
        elif need != "third_party_opinion":
            made.setdefault("extra", []).append(f"{need}={EXTRA[need]}")
    return made


# What is brought about by a later instrument may begin so many working days after receipt.
SOON = 12
# From its first draft a reply takes so many working days until it is sent.
SENDING = 2


def lay(case: Case) -> None:
    """The steps of a case from its receipt to its result."""
    ROADS.get(case.outcome, _plain)(case)


def length(outcome: str, ground: str | None, day: date) -> int:
    """Working days from receipt to the result on the road that `lay` takes, at most."""
    if outcome in ("lapsed_correction", "still_unclear", "excessive"):
        return {"lapsed_correction": 18, "still_unclear": 24, "excessive": 15}[outcome]
    if outcome == "lapsed_fee":
        return 28
    if ground in ("trade_secret", "personal_privacy"):
        return 26
    return 30 if outcome == "granted" else 14


def _plain(case: Case) -> None:
    road = Road(case)
    road.to_hand()
    # Under the limit of 2008 there were fifteen working days.
    after = 2 + case.variant % (limit(case.received) - SENDING - 6)
    if case.outcome == "partial":
        ground = case.ground
        road.reply(
            after,
            {"item": 1, **draft_of("granted", None, case.received)},
            {"item": 2, **draft_of("withheld", ground, case.received)},
        )
        return
    road.reply(after, draft_of(case.outcome, case.ground, case.received))


def _granted(case: Case) -> None:
    """Most are simple; some are corrected first, some extended, some agreed with another organ."""
    road = Road(case)
    turn = case.variant % 40
    answer = draft_of("granted", None, case.received)
    if turn == 7:
        road.do(0, case.registrar, "register")
        asked = 2
        road.do(
            asked,
            case.registrar,
            "ask_correction",
            matters="请明确所需信息的年度和名称",
            answer_by=add(case.received, 12).isoformat(),
        )
        road.do(asked + 1, case.registrar, "notice_reached", letter="P3")
        road.do(6, case.registrar, "correct", request=case.items[0])
        road.do(7, case.registrar, "assign", unit=case.unit, handler=case.handler)
        road.do(7, case.handler, "accept")
        road.reply(14, answer)
    elif turn == 17:
        road.to_hand()
        road.do(8, place.HEADS[0], "extend", reasons="所申请信息数量较大，需要逐份核对")
        road.do(8, case.registrar, "notice_reached", letter="P5")
        road.reply(limit(case.received) + 4, answer)
    elif turn == 27:
        road.to_hand()
        road.do(
            3, case.handler, "consult_organ", name="市档案局", answer_by=add(case.received, 12).isoformat()
        )
        road.do(9, case.handler, "opinion_given", no=1, answer="agree")
        road.reply(10, answer)
    else:
        _plain(case)


def _third_party(case: Case) -> None:
    road = Road(case)
    road.to_hand()
    facts: dict[str, Any] = {"name": f"{case.order}号信息涉及的第三方"}
    if case.received < date(2019, 5, 15):
        facts["answer_by"] = add(case.received, 15).isoformat()
    road.do(2, case.handler, "consult_third_party", **facts)
    road.do(3, case.handler, "opinion_delivered", no=1)
    road.do(8, case.handler, "opinion_given", no=1, answer="object", reasons="公开会损害我方合法权益")
    road.reply(9, draft_of(case.outcome, case.ground, case.received))


def _still_unclear(case: Case) -> None:
    road = Road(case)
    road.to_hand()
    road.do(
        2,
        case.handler,
        "ask_correction",
        matters="请说明所指的具体文件",
        answer_by=add(case.received, 12).isoformat(),
    )
    road.do(3, case.registrar, "notice_reached", letter="P3")
    road.do(7, case.handler, "correct", request=case.items[0])
    road.reply(10, draft_of(case.outcome, None, case.received))


def _excessive(case: Case) -> None:
    road = Road(case)
    road.do(0, case.registrar, "register")
    road.do(
        1,
        case.registrar,
        "ask_reasons",
        matters="本年内已提出申请60余件",
        answer_by=add(case.received, 8).isoformat(),
    )
    road.do(2, case.registrar, "notice_reached", letter="P4")
    road.do(5, case.registrar, "give_reasons", reasons="个人需要")
    road.do(6, case.registrar, "assign", unit=case.unit, handler=case.handler)
    road.do(6, case.handler, "accept")
    road.reply(8, draft_of(case.outcome, None, case.received))


def _lapsed_correction(case: Case) -> None:
    road = Road(case)
    road.do(0, case.registrar, "register")
    road.do(
        2,
        case.registrar,
        "ask_correction",
        matters="请明确申请内容",
        answer_by=add(case.received, 12).isoformat(),
    )
    road.do(4, case.registrar, "notice_reached", letter="P3")
    road.do(14, case.registrar, "lapse_correction")
    case.steps = road.made


def _lapsed_fee(case: Case) -> None:
    road = Road(case)
    road.to_hand()
    # No fee is asked for before there is one, also of those who applied before.
    there_is = _begins(law.bundled().outcome, case.outcome)
    asked = next(after for after in range(3, SOON + 1) if add(road.start, after) >= there_is)
    road.do(asked, case.handler, "notify_fee", basis="by_page", count=57 + case.variant % 80)
    road.do(asked + 2, case.registrar, "notice_reached", letter="P12")
    road.do(asked + 24, case.handler, "lapse_fee")
    case.steps = road.made


def _withdrawn(case: Case) -> None:
    road = Road(case)
    turn = case.variant % 3
    if turn == 0:
        road.do(0, case.registrar, "register")
    else:
        road.to_hand()
    road.do(3 + case.variant % 9, case.registrar, "withdraw", how="书面撤回")
    case.steps = road.made


ROADS: dict[str, Callable[[Case], None]] = {
    "granted": _granted,
    "still_unclear": _still_unclear,
    "excessive": _excessive,
    "lapsed_correction": _lapsed_correction,
    "lapsed_fee": _lapsed_fee,
    "withdrawn": _withdrawn,
}


def lay_by_ground(case: Case) -> None:
    """As lay; where a third party is protected it is heard first."""
    if case.ground in ("trade_secret", "personal_privacy") and case.outcome == "withheld":
        _third_party(case)
    else:
        lay(case)
