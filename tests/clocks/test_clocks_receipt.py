"""The day of receipt, by channel, era and the office's settings."""

from __future__ import annotations

from datetime import date

import pytest

from workflow import calendar, clocks, law
from workflow.base.errors import Malformed, NotFound, OutOfLaw, Refused

L = law.bundled()
CAL = calendar.known()
SATURDAY, MONDAY, TUESDAY = date(2026, 5, 23), date(2026, 5, 25), date(2026, 5, 26)
OLD = date(2011, 6, 1)


@pytest.mark.parametrize(
    ("channel", "arrived", "confirmed", "day", "article", "notes"),
    [
        ("in_person", MONDAY, None, MONDAY, "ogi2019:31.1.1", ()),
        ("oral", MONDAY, None, MONDAY, "ogi2019:31.1.1", ()),
        ("post", MONDAY, None, MONDAY, "ogi2019:31.1.2", ()),
        ("post", SATURDAY, None, SATURDAY, "ogi2019:31.1.2", ()),
        ("post_unsigned", MONDAY, MONDAY, MONDAY, "ogi2019:31.1.2", ()),
        ("post_unsigned", MONDAY, TUESDAY, TUESDAY, "ogi2019:31.1.2", ("confirmed_late",)),
        ("online", MONDAY, None, MONDAY, "ogi2019:31.1.3", ()),
        ("online", MONDAY, TUESDAY, MONDAY, "ogi2019:31.1.3", ("earlier",)),
        ("online", SATURDAY, None, SATURDAY, "ogi2019:31.1.3", ()),
        ("email", SATURDAY, None, MONDAY, "ogi2019:31.1.3", ("rest_day",)),
        ("email", MONDAY, None, MONDAY, "ogi2019:31.1.3", ()),
        ("fax", MONDAY, TUESDAY, TUESDAY, "ogi2019:31.1.3", ("confirmed_late",)),
        ("online", OLD, None, OLD, "ogi2008:24.2", ()),
        ("email", OLD, None, OLD, "ogi2008:24.2", ()),
        ("post", OLD, None, OLD, "ogi2008:24.2", ()),
        ("in_person", OLD, None, OLD, "ogi2008:24.2", ()),
    ],
)
def test_by_channel(
    channel: str, arrived: date, confirmed: date | None, day: date, article: str, notes: tuple[str, ...]
) -> None:
    found = clocks.receipt_day(channel, arrived, L, CAL, confirmed=confirmed)
    assert (found.day, found.article, found.notes) == (day, article, notes)
    assert bool(found.note) == bool(notes)


def test_the_open_point_online_is_marked_and_a_setting() -> None:
    assert clocks.receipt_day("online", MONDAY, L, CAL).status == "U"
    settings = {"online_receipt": "confirmed"}
    assert clocks.receipt_day("online", MONDAY, L, CAL, confirmed=TUESDAY, settings=settings).day == TUESDAY
    with pytest.raises(Refused) as caught:
        clocks.receipt_day("online", MONDAY, L, CAL, settings=settings)
    assert caught.value.rule == "ogi2019:31.1.3"
    system = {"online_receipt": "system"}
    assert clocks.receipt_day("online", MONDAY, L, CAL, confirmed=TUESDAY, settings=system).day == MONDAY


def test_an_email_on_a_day_off_by_the_office_s_setting() -> None:
    found = clocks.receipt_day("email", SATURDAY, L, CAL, settings={"email_rest_day": "same_day"})
    assert (found.day, found.notes) == (SATURDAY, ("rest_day_counts",))
    make_up = date(2026, 5, 9)
    assert clocks.receipt_day("email", make_up, L, CAL).day == make_up


def test_mail_to_somebody_else_in_the_organ_under_the_explanation_of_2015() -> None:
    with pytest.raises(Refused):
        clocks.receipt_day("post", OLD, L, CAL, to_office=False)
    found = clocks.receipt_day("post", OLD, L, CAL, to_office=False, confirmed=date(2011, 6, 3))
    assert (found.day, "other_office" in found.notes) == (date(2011, 6, 3), True)
    assert clocks.receipt_day("post", MONDAY, L, CAL, to_office=False).day == MONDAY


@pytest.mark.parametrize("channel", ["post_unsigned", "fax"])
def test_where_the_law_waits_for_a_confirmation_there_is_no_receipt_without_one(channel: str) -> None:
    with pytest.raises(Refused) as caught:
        clocks.receipt_day(channel, MONDAY, L, CAL)
    assert caught.value.rule
    assert caught.value.advice


def test_impossible_or_unknown() -> None:
    with pytest.raises(Malformed):
        clocks.receipt_day("post_unsigned", TUESDAY, L, CAL, confirmed=MONDAY)
    with pytest.raises(NotFound):
        clocks.receipt_day("pigeon", MONDAY, L, CAL)
    with pytest.raises(OutOfLaw):
        clocks.receipt_day("post", date(2008, 4, 30), L, CAL)


def test_every_channel_has_a_rule_on_every_day() -> None:
    for channel in L.channels():
        for day in (date(2008, 5, 1), date(2019, 5, 14), date(2019, 5, 15), MONDAY):
            assert L.channel(channel, day).article


@pytest.mark.parametrize(
    ("channel", "day", "article"),
    [
        ("in_person", "2013-05-06", "ogi2008:24.2"),
        ("post", "2013-05-06", "ogi2008:24.2"),
        ("email", "2013-05-06", "ogi2008:24.2"),
        ("online", "2013-05-06", "ogi2008:24.2"),
        ("online", "2014-01-25", "ogi2008:24.2"),
        ("online", "2014-01-26", "case26:1"),
        ("in_person", "2015-11-17", "ogi2008:24.2"),
        ("in_person", "2015-11-18", "term2015:1.1.1"),
        ("post", "2015-11-19", "term2015:1.1.2"),
        ("online", "2019-05-14", "case26:1"),
        ("in_person", "2019-05-15", "ogi2019:31.1.1"),
    ],
)
def test_no_text_is_cited_for_a_receipt_before_its_own_day(channel: str, day: str, article: str) -> None:
    rule = law.bundled().channel(channel, date.fromisoformat(day))
    assert rule.article == article
    assert rule.status == ("C" if article == "ogi2008:24.2" else "V")
