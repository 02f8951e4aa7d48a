"""What is brought against the replies of a year: the figures of table 4, each by a case that can lawfully be
contested.

A reconsideration and a direct suit each take a reply of the year; a suit after reconsideration takes one of
these reconsiderations. Where the year has too few replies, replies of the end of the year before are
contested in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from benchmarks.city import place, roads
from benchmarks.city.roads import Case, Step
from workflow import law
from workflow.reports.annual.form import ALL, PENDING, Report

REVIEW, DIRECT, AFTER = "reconsideration", "suit_direct", "suit_after_reconsideration"
BODY = {REVIEW: "省人民政府", DIRECT: "市中级人民法院", AFTER: "市中级人民法院"}
RESULTS = {
    (REVIEW, "upheld"): "maintained",
    (REVIEW, "corrected"): "unlawful",
    (REVIEW, "other"): "withdrawn",
    (DIRECT, "upheld"): "claims_dismissed",
    (DIRECT, "corrected"): "unlawful",
    (DIRECT, "other"): "withdrawn",
    (AFTER, "upheld"): "claims_dismissed",
    (AFTER, "corrected"): "unlawful",
    (AFTER, "other"): "withdrawn",
}
# What is sued on after it was rejected there was not withdrawn there; what is annulled is decided anew.
REJECTED, ANNULLED = "rejected", "annulled"
# Days from service to the request, from there to the decision, and what the law leaves at most for the
# request.
ASKS, DECIDES, SUES, LATEST = 20, 40, 12, 55
NEW_DECISION = 45


@dataclass
class Contest:
    """One remedy: its case, its days, what comes of it (None while it is pending)."""

    case: Case
    kind: str
    opened: date
    result: str
    decided: date | None
    no: int = 1


def lay(report: Report, cases: list[Case]) -> tuple[list[Contest], list[Case]]:
    """All remedies of the year with their steps put into their cases; and the cases of the year before that
    it took.
    """
    year = report.year
    wanted = {
        kind: [name for name, number in cells.items() if name != ALL for _ in range(number)]
        for kind, cells in report.table4.items()
    }
    served = sorted(
        (case for case in cases if case.served is not None), key=lambda case: (case.served, case.order)
    )
    free = [case for case in served if _route(case) == "free"]
    earlier: list[Case] = []
    made: list[Contest] = []
    taken: set[int] = set()

    def take(pool: list[Case], latest: date) -> Case:
        for case in pool:
            assert case.served is not None
            if case.order not in taken and case.served <= latest:
                taken.add(case.order)
                return case
        case = _earlier(report, len(cases) + len(earlier))
        earlier.append(case)
        taken.add(case.order)
        return case

    # What is pending at the end was brought late; it takes the last replies, the others take the first.
    last = date(year, 12, 31)
    late = served[::-1], free[::-1]
    for kind, pool, ends in ((DIRECT, free, late[1]), (REVIEW, served, late[0])):
        for result in wanted[kind]:
            if result == PENDING:
                case = take(ends, last - timedelta(days=6))
                made.append(Contest(case, kind, _asked(case, year, late=True), result, None))
            else:
                case = take(pool, last - timedelta(days=ASKS + 8))
                opened = _asked(case, year)
                made.append(Contest(case, kind, opened, result, min(opened + timedelta(days=DECIDES), last)))
    _sue_on(report, wanted[AFTER], made, earlier, len(cases))
    if any(case.outcome == "repeat" for case in cases) and not earlier:
        # A repeated request has an earlier answer.
        earlier.append(_earlier(report, len(cases)))
    for contest in made:
        _steps(contest, last)
    return made, earlier


def _route(case: Case) -> str:
    """The way against the reply: free only where every answer of it leaves the choice."""
    sent = next(step.day for step in case.steps if step.event == "issue")
    answers = (
        [("withheld", case.ground), ("granted", None)]
        if case.outcome == "partial"
        else [(case.outcome, case.ground)]
    )
    book, kinds = law.bundled(), set()
    for outcome, _ground in answers:
        for series in book.routes(outcome).values():
            kinds.add(series.on(sent).kind)
    return "free" if kinds == {"free"} else "review_first"


def _asked(case: Case, year: int, *, late: bool = False) -> date:
    """When it is brought: after service, in the year, inside the time for it; where it pends, towards the
    end.
    """
    assert case.served is not None
    soonest = max(case.served + timedelta(days=2), date(year, 1, 2))
    wanted = date(year, 11, 20) if late else case.served + timedelta(days=ASKS)
    return min(max(soonest, wanted), max(soonest, case.served + timedelta(days=LATEST)), date(year, 12, 30))


def _sue_on(
    report: Report, wanted: list[str], made: list[Contest], earlier: list[Case], already: int
) -> None:
    """Suits after reconsideration: on those reconsiderations that were decided first, upheld before all."""
    order = {"upheld": 0, "other": 1, "corrected": 2}
    last = date(report.year, 12, 31)
    decided = [
        one
        for one in made
        if one.kind == REVIEW and one.decided is not None and one.decided < last - timedelta(days=SUES + 2)
    ]
    decided.sort(key=lambda one: (order[one.result], one.decided))
    for result in sorted(wanted, key=lambda name: name == PENDING):
        if decided:
            base = decided.pop(0)
            assert base.decided is not None
            opened = base.decided + timedelta(days=SUES)
            base.result = {"other": REJECTED}.get(base.result, base.result)
        else:
            # Reconsidered in the year before, taken to court in the first days of this one.
            case = _earlier(report, already + len(earlier), reviewed=True)
            earlier.append(case)
            base = Contest(
                case, REVIEW, date(report.year - 1, 11, 10), "upheld", date(report.year - 1, 12, 25)
            )
            _steps(base, last)
            opened = date(report.year, 1, 5)
        ended = None if result == PENDING else min(opened + timedelta(days=90), last)
        made.append(Contest(base.case, AFTER, opened, result, ended, no=2))


def _earlier(report: Report, order: int, *, reviewed: bool = False) -> Case:
    """A case of the year before: replied in time to be contested this year, counted in that year."""
    year = report.year - 1
    from workflow import calendar

    day = date(year, 9, 25) if reviewed else date(year, 11, 20)
    known = calendar.known()
    while not known.is_working(day):
        day += timedelta(days=1)
    case = Case(order, "natural_person", "r4_1_not_held", day, "not_held", None, variant=0)
    case.items = [place.matter(order + 1, report.year)]
    roads.lay_by_ground(case)
    return case


def _steps(contest: Contest, last: date) -> None:
    """The acts of a remedy; what is set aside early enough is decided anew, which counts once all the
    same.
    """
    case, kind, officer = contest.case, contest.kind, place.LEGAL[contest.case.order % 2]
    case.steps.append(_opening(contest, officer))
    defended = contest.opened + timedelta(days=7)
    if contest.decided is None:
        if defended <= last:
            case.steps.append(Step(defended, officer, "defend", {"no": contest.no}))
        return
    case.steps.append(Step(min(defended, contest.decided), officer, "defend", {"no": contest.no}))
    anew = (
        contest.result == "corrected"
        and kind == REVIEW
        and contest.decided + timedelta(days=NEW_DECISION) < last
    )
    result = contest.result if contest.result == REJECTED else RESULTS[kind, contest.result]
    facts: dict[str, Any] = {"no": contest.no, "result": ANNULLED if anew else result}
    case.steps.append(
        Step(contest.decided, officer, "remedy_decided", facts | ({"within": 20} if anew else {}))
    )
    if anew:
        _decide_anew(case, contest)


def _opening(contest: Contest, officer: str) -> Step:
    facts: dict[str, Any] = {
        "body": BODY[contest.kind],
        "reference": f"〔{contest.opened.year}〕第{contest.case.order + 1}号",
    }
    if contest.kind == REVIEW:
        return Step(contest.opened, officer, "open_reconsideration", facts)
    kind = "direct" if contest.kind == DIRECT else "after_reconsideration"
    return Step(contest.opened, officer, "open_suit", {"kind": kind, **facts})


def _decide_anew(case: Case, contest: Contest) -> None:
    """The new decision that was ordered: the information is given."""
    assert contest.decided is not None
    road = roads.Road(case)
    road.start = contest.decided
    served, before = case.served, case.steps
    road.do(1, place.LEGAL[case.order % 2], "redecide", no=contest.no)
    answer = roads.draft_of("granted", None, case.received)
    if any(step.event == "consult_third_party" for step in before):
        # The body that set the refusal aside did not find the objection sound.
        answer = {**answer, "extra": ["objection_unfounded=复议机关认定第三方的理由不成立"]}
    road.reply(4, *({"item": n, **answer} for n in range(1, len(case.items) + 1)))
    case.steps, case.served = [*before, *road.made], served
