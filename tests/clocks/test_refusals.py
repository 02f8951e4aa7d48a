"""What cannot be is refused with its words, field and article; and what may just be is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workflow import calendar, clocks, law
from workflow.base.errors import DisclosureError, Malformed, NotFound, Refused
from workflow.clocks import Extension, ReplyFacts, Restart, Window, asked

L = law.bundled()
CAL = calendar.known()
MARCH = date(2026, 3, 2)

EARLY = date(2026, 2, 27)
DEPENDS = "{} on {} lies before {}, on which it depends."
NINTH = date(2026, 3, 9)


def of_reply(**told: object) -> Callable[[], object]:
    return lambda: clocks.reply(ReplyFacts(MARCH, **told), L, CAL)  # type: ignore[arg-type]


def of_window(**told: date) -> Callable[[], object]:
    return of_reply(windows=(Window("third_party", NINTH, **told),))


def of_rule(rule: str, **told: object) -> Callable[[], object]:
    return lambda: clocks.calculate(rule, MARCH, **told)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[], object], type[DisclosureError], str, str | None, str]] = {
    "a correction before receipt": (
        of_reply(restarts=(Restart("correction", EARLY),)),
        Malformed,
        "restart",
        "ogi2019:30",
        DEPENDS.format("restart", EARLY, MARCH),
    ),
    "an unknown restart": (
        of_reply(restarts=(Restart("refund", MARCH),)),
        Malformed,
        "kind",
        None,
        "'refund' is none of correction, payment.",
    ),
    "an unknown consultation": (
        of_reply(windows=(Window("friend", MARCH),)),
        Malformed,
        "kind",
        None,
        "'friend' is none of third_party, co_maker, other_organ, referral.",
    ),
    "asked before receipt": (
        of_reply(windows=(Window("third_party", EARLY),)),
        Malformed,
        "sent",
        "ogi2019:33.3",
        DEPENDS.format("sent", EARLY, MARCH),
    ),
    **{
        f"{field} before it was sent": (
            of_window(**{field: MARCH}),
            Malformed,
            field,
            "ogi2019:33.3",
            DEPENDS.format(field, MARCH, NINTH),
        )
        for field in ("delivered", "answered", "answer_by")
    },
    "the day of receipt left out": (
        of_reply(left_out=((MARCH, NINTH),)),
        Malformed,
        "left_out",
        "ogi2019:33.3",
        DEPENDS.format("left_out", MARCH, "2026-03-03"),
    ),
    "an end before the beginning": (
        of_reply(left_out=((NINTH, date(2026, 3, 8)),)),
        Malformed,
        "left_out",
        "ogi2019:33.3",
        DEPENDS.format("left_out", "2026-03-08", NINTH),
    ),
    "extended before receipt": (
        of_reply(extension=Extension(EARLY, 20)),
        Malformed,
        "extension",
        "ogi2019:33.2",
        DEPENDS.format("extension", EARLY, MARCH),
    ),
    "extended by nothing": (
        of_reply(extension=Extension(MARCH, 0)),
        Malformed,
        "extension",
        "ogi2019:33.2",
        "An extension needs at least one working day: 0.",
    ),
    "a delay to before receipt": (
        of_reply(delay_until=EARLY),
        Malformed,
        "delay_until",
        "ogi2019:35",
        DEPENDS.format("delay_until", EARLY, MARCH),
    ),
    "ordered for before receipt": (
        of_reply(ordered_due=EARLY),
        Malformed,
        "ordered_due",
        "ogi2019:35",
        DEPENDS.format("ordered_due", EARLY, MARCH),
    ),
    "delivered before it was sent, by itself": (
        lambda: clocks.consultation("third_party", MARCH, L, CAL, delivered=EARLY),
        Malformed,
        "delivered",
        None,
        f"Delivered on {EARLY}, before it was sent on {MARCH}.",
    ),
    "a day of the office before the event": (
        lambda: clocks.office_set("correction", MARCH, EARLY, "ogi2019:30", L, CAL),
        Malformed,
        "due",
        "ogi2019:30",
        f"The last day, {EARLY}, lies before the day of the event, {MARCH}.",
    ),
    "a target of no day": (
        lambda: clocks.internal("drafting", MARCH, 0, L, CAL),
        Malformed,
        "drafting",
        None,
        "A target needs at least one working day: 0.",
    ),
    "no such rule": (
        of_rule("answer"),
        NotFound,
        "rule",
        None,
        f"No rule is called answer; there are: {'、'.join(clocks.RULES)}.",
    ),
    "told of what is no remedy": (
        of_rule("reply", told="no"),
        Malformed,
        "told",
        None,
        "What the notice told matters for reconsideration、litigation、litigation-after-reconsideration only; "
        "not for reply.",
    ),
    "a suit extended": (
        of_rule("litigation", extended=True),
        Malformed,
        "extended",
        None,
        "Only the reply can be extended; litigation cannot.",
    ),
    "days left out of a payment": (
        of_rule("fee-payment", excluded=((MARCH, MARCH),)),
        Malformed,
        "excluded",
        None,
        "Days can be left out of reply、reconsideration、reconsideration-inaction、litigation、"
        "litigation-after-reconsideration、litigation-inaction、litigation-review-silent only; not of fee-payment.",
    ),
    "a length that is none": (
        of_rule("litigation", told="x" * 30),
        Malformed,
        "told",
        None,
        f"'{'x' * 20}' is neither 'no' nor 'organ' (another organ was named) nor a length like 60d, 3m or 1y.",
    ),
    "another organ for a suit": (
        of_rule("litigation", told="organ"),
        Malformed,
        "told",
        None,
        "Which organ was named matters for reconsideration only.",
    ),
    "confirmed before it arrived": (
        lambda: clocks.receipt_day("post_unsigned", MARCH, L, CAL, confirmed=EARLY),
        Malformed,
        "confirmed",
        "ogi2019:31.1.2",
        f"Confirmed on {EARLY}, before it arrived on {MARCH}.",
    ),
    "not confirmed": (
        lambda: clocks.receipt_day("post_unsigned", MARCH, L, CAL),
        Refused,
        "confirmed",
        "ogi2019:31.1.2",
        "The day of receipt is that of the confirmation with the applicant, which has not been recorded.",
    ),
}


@pytest.mark.parametrize(("done", "kind", "field", "rule", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be(
    done: Callable[[], object], kind: type[DisclosureError], field: str, rule: str | None, words: str
) -> None:
    with pytest.raises(kind) as caught:
        done()
    assert (caught.value.field, caught.value.rule, str(caught.value)) == (field, rule, words)
    assert (caught.value.way_on is not None) == (kind is Refused)


def test_what_may_just_be() -> None:
    """Each on the first day on which it is possible."""
    same = tuple(Window("third_party", MARCH, delivered=MARCH, answered=MARCH, answer_by=MARCH) for _ in "1")
    found = clocks.reply(
        ReplyFacts(
            MARCH,
            restarts=(Restart("correction", MARCH),),
            windows=same,
            extension=Extension(MARCH, 1),
            delay_until=MARCH,
            left_out=((date(2026, 3, 3), date(2026, 3, 3)),),
        ),
        L,
        CAL,
    )
    assert (found.due, found.length, found.extended_by) == (date(2026, 4, 1), 21, 1)
    assert clocks.reply(ReplyFacts(MARCH, ordered_due=MARCH), L, CAL).due == MARCH
    assert clocks.receipt_day("post_unsigned", MARCH, L, CAL, confirmed=MARCH).day == MARCH


@pytest.mark.parametrize("text", ["soon..2026-03-20", "2026-03-06..later"])
def test_days_to_leave_out_that_are_none_are_told_by_their_option(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        asked.Deadlines("reply", False, [text], None)
    assert caught.value.field == "excluded"


def test_a_day_beyond_the_calendar_is_told_with_the_provision_of_the_period() -> None:
    with pytest.raises(DisclosureError) as caught:
        asked.Deadlines("reply", False, (), None).one("2060-01-05")
    assert (caught.value.rule, caught.value.field) == ("ogi2019:33.2", "from")
