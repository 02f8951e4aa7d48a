"""What holds for every reply limit, whatever happened: order, undoing, union, monotony, and the plain walk of
days.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

from hypothesis import example, given
from hypothesis import strategies as st

from workflow import calendar, clocks, law
from workflow.clocks import Extension, ReplyFacts, Restart, Window, derivation

L = law.bundled()
CAL = calendar.known()
ONE = timedelta(days=1)

RECEIVED = st.dates(date(2008, 5, 1), date(2027, 6, 30))
GAP = st.integers(0, 45)


@st.composite
def windows(draw: st.DrawFn, received: date, kinds: tuple[str, ...] = clocks.facts.WINDOWS) -> Window:
    sent = received + timedelta(days=draw(GAP))
    delivered = draw(st.none() | st.integers(0, 10).map(lambda n: sent + timedelta(days=n)))
    answered = draw(st.none() | GAP.map(lambda n: sent + timedelta(days=n)))
    answer_by = draw(st.none() | GAP.map(lambda n: sent + timedelta(days=n)))
    return Window(draw(st.sampled_from(kinds)), sent, delivered, answered, answer_by)


@st.composite
def histories(draw: st.DrawFn) -> ReplyFacts:
    received = draw(RECEIVED)
    restarts = draw(
        st.lists(
            st.builds(
                Restart,
                st.sampled_from(["correction", "payment"]),
                GAP.map(lambda n: received + timedelta(days=n)),
            ),
            max_size=3,
        )
    )
    extension = draw(
        st.none()
        | st.builds(
            Extension, st.integers(0, 90).map(lambda n: received + timedelta(days=n)), st.integers(1, 30)
        )
    )
    delays = st.integers(0, 120).map(lambda n: received + timedelta(days=n))
    return ReplyFacts(
        received,
        None,
        tuple(restarts),
        tuple(draw(st.lists(windows(received), max_size=4))),
        extension,
        draw(st.none() | delays) if received >= date(2019, 5, 15) else None,
    )


def plain(facts: ReplyFacts) -> ReplyFacts:
    return facts._replace(delay_until=None)


def last_left_out(window: Window, old: bool) -> date | None:
    """The rule in words: to the answer, at most to the end of the consulted party's own 15 working days."""
    if window.kind == "referral" or (old and window.kind != "third_party"):
        return None
    end = window.answer_by
    if not old and window.kind in ("third_party", "co_maker"):
        end, left = window.delivered or window.sent, 15
        while left:
            end += ONE
            left -= CAL.is_working(end)
    if window.answered is None:
        return end
    return window.answered if end is None else min(window.answered, end)


def walk(facts: ReplyFacts, days: int) -> date:
    """The deadline found by walking day by day: slow, to check the fast algorithm."""
    old = facts.received < date(2019, 5, 15)
    start = max([facts.received, *(restart.day for restart in facts.restarts)])
    taken: set[date] = set()
    for window in facts.windows:
        end = last_left_out(window, old)
        at = window.sent
        while end is not None and at < end:
            at += ONE
            taken.add(at)
    day = start
    while days:
        day += ONE
        days -= CAL.is_working(day) and day not in taken
    return day


@given(histories())
def test_it_is_the_walk_over_the_days(facts: ReplyFacts) -> None:
    facts = plain(facts)
    old = facts.received < date(2019, 5, 15)
    limit = 15 if old else 20
    start = max([facts.received, *(restart.day for restart in facts.restarts)])
    first = walk(facts, limit)
    added = 0
    if facts.extension and start <= facts.extension.noticed_on <= first:
        added = min(facts.extension.days, limit)
    found = clocks.reply(facts, L, CAL)
    assert found.first_due == first
    assert found.extended_by == added
    assert found.due == walk(facts, limit + added)


@given(histories())
def test_the_order_of_entry_never_shows(facts: ReplyFacts) -> None:
    expected = clocks.reply(facts, L, CAL)
    for order in permutations(facts.windows):
        assert clocks.reply(facts._replace(windows=order), L, CAL) == expected
    for turned in permutations(facts.restarts):
        assert clocks.reply(facts._replace(restarts=turned), L, CAL) == expected


@given(histories(), st.data())
def test_undoing_restores(facts: ReplyFacts, data: st.DataObject) -> None:
    before = clocks.reply(facts, L, CAL)
    more = data.draw(windows(facts.received))
    after = facts._replace(windows=(*facts.windows, more))
    clocks.reply(after, L, CAL)
    undone = after._replace(windows=tuple(window for window in after.windows if window is not more))
    assert clocks.reply(undone, L, CAL) == before
    extended = plain(facts)._replace(extension=Extension(facts.received, 20))
    taken_back = extended._replace(extension=None)
    base = clocks.reply(plain(facts)._replace(extension=None), L, CAL)
    assert clocks.reply(taken_back, L, CAL) == base
    assert clocks.reply(extended, L, CAL).due >= base.due


@given(histories())
def test_the_due_day_is_a_working_day_after_the_event(facts: ReplyFacts) -> None:
    found = clocks.reply(facts, L, CAL)
    assert CAL.is_working(found.due)
    assert found.due > found.start >= facts.received
    assert found.first_due <= found.due
    assert found.provisional == (found.due > date(2026, 12, 31))


@given(histories(), st.data())
def test_more_consultation_never_brings_the_deadline_forward(facts: ReplyFacts, data: st.DataObject) -> None:
    facts = plain(facts)._replace(extension=None)
    more = facts._replace(windows=(*facts.windows, data.draw(windows(facts.received))))
    assert clocks.reply(more, L, CAL).due >= clocks.reply(facts, L, CAL).due
    first = facts.received + ONE + timedelta(days=data.draw(GAP))
    last = first + timedelta(days=data.draw(GAP))
    outright = facts._replace(left_out=((first, last),))
    assert clocks.reply(outright, L, CAL).due >= clocks.reply(facts, L, CAL).due


@given(RECEIVED, st.lists(st.tuples(GAP, GAP), min_size=1, max_size=5))
def test_a_union_of_consultations_is_its_merged_intervals(
    received: date, pairs: list[tuple[int, int]]
) -> None:
    spans = [(received + timedelta(days=a), received + timedelta(days=a + b)) for a, b in pairs]
    asked = tuple(Window("third_party", low, answered=high, delivered=high) for low, high in spans)
    together = clocks.reply(ReplyFacts(received, windows=asked), L, CAL)
    merged: list[list[date]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    one_by_one = tuple((low + ONE, high) for low, high in merged if high > low)
    assert clocks.reply(ReplyFacts(received, left_out=one_by_one), L, CAL).due == together.due


@given(histories())
def test_the_derivation_accounts_for_every_day(facts: ReplyFacts) -> None:
    found = clocks.reply(facts, L, CAL)
    steps = derivation.steps(found, CAL)
    assert [step.date for step in steps] == [
        found.start + timedelta(days=n) for n in range((found.due - found.start).days + 1)
    ]
    assert sum(step.counted for step in steps) == found.length
    assert [step.number for step in steps if step.counted] == list(range(1, found.length + 1))
    for step in steps[1:]:
        left_out = any(first <= step.date <= last for first, last in found.excluded)
        assert step.counted == (CAL.is_working(step.date) and not left_out)
        assert (step.reason == "window") == (CAL.is_working(step.date) and left_out)
        assert step.reason == "window" or step.reason == CAL.day(step.date).kind
        assert step.notice == ("" if step.reason == "window" else CAL.day(step.date).notice)


@given(RECEIVED, RECEIVED)
def test_a_later_receipt_never_has_an_earlier_deadline_under_the_same_law(one: date, other: date) -> None:
    early, late = sorted((one, other))
    if L.regulations(early) == L.regulations(late):
        assert clocks.calculate("reply", early).due <= clocks.calculate("reply", late).due


@given(st.dates(date(2008, 5, 1), date(2027, 6, 30)), st.sampled_from(["reconsideration", "litigation"]))
@example(date(2015, 1, 31), "litigation")
@example(date(2015, 2, 1), "litigation")
@example(date(2015, 4, 30), "litigation")
def test_periods_in_days_and_months_end_on_the_first_working_day_from_their_last(
    start: date, rule: str
) -> None:
    found = clocks.calculate(rule, start)
    steps = derivation.steps(found, CAL)
    assert CAL.is_working(found.due)
    assert not any(
        CAL.is_working(found.first_due + timedelta(days=n)) for n in range((found.due - found.first_due).days)
    )
    if rule == "reconsideration":
        assert found.first_due == start + timedelta(days=60)
        assert sum(step.counted for step in steps) == 60
    else:
        # Whose three months were not over on 2015-05-01 has the six of that day (法释〔2015〕9号 Art. 26(1)).
        months = 3 if start < date(2015, 2, 1) else 6
        passed = (found.first_due.year - start.year) * 12 + found.first_due.month - start.month
        assert passed == months
        assert found.first_due.day == start.day or (found.first_due + ONE).day == 1
    assert ("rolled" in found.notes) == (found.due != found.first_due)
