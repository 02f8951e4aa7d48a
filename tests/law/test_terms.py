"""Answers that hold from a day on or until one: records at an archive, and secrets whose term runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow import law
from workflow.base.errors import Malformed, Refused
from workflow.law import terms

ONE = timedelta(days=1)
DUE = date(2026, 6, 30)


@pytest.mark.parametrize(("on", "early"), [(DUE - ONE, True), (DUE, True), (DUE + ONE, False)])
def test_an_archive_is_named_only_when_the_time_for_the_transfer_is_over(on: date, early: bool) -> None:
    found = terms.fault(1, "archived", None, {"transfer_due": "2026-06-30"}, on, law.bundled())
    assert (found is not None) == early
    if found is not None:
        assert (found.rule, found.field) == ("archives2020:15.2", "transfer_due")


SECRET = {"secret_mark": "机密级，保密期限至2026年6月30日，定密机关为省保密局"}


@pytest.mark.parametrize(
    ("texts", "on", "over"),
    [
        (SECRET, DUE, False),
        (SECRET, DUE + ONE, True),
        ({**SECRET, "secret_until": "2030-12-31"}, DUE + ONE, False),
        ({"secret_mark": "秘密级，至2026年6月30日，延长至2028年6月30日"}, DUE + ONE, False),
        ({"secret_mark": "机密级，至工程竣工时解密"}, DUE + ONE, False),
        # A term in years runs from the date of the paper; without that date nothing is guessed.
        ({"secret_mark": "机密★10年"}, DUE, False),
        ({"secret_mark": "机密★10年", "secret_since": "2016-06-30"}, DUE, False),
        ({"secret_mark": "机密★10年", "secret_since": "2016-06-30"}, DUE + ONE, True),
        (
            {"secret_mark": "机密★10年", "secret_since": "2016-06-30", "secret_until": "2030-01-01"},
            DUE + ONE,
            False,
        ),
        # No term in the mark: the most that the law allows for the level (20, 10 years).
        ({"secret_mark": "秘密级，某某局定密", "secret_since": "2016-06-30"}, DUE, False),
        ({"secret_mark": "秘密级，某某局定密", "secret_since": "2016-06-30"}, DUE + ONE, True),
        ({"secret_mark": "机密级，某某局定密", "secret_since": "2016-06-30"}, DUE + ONE, False),
        ({"secret_mark": "绝密级，某某局定密", "secret_since": "1996-06-29"}, DUE, True),
        # What stands in the place of a day is none.
        ({"secret_mark": "秘密级", "secret_until": "工程竣工验收后解密"}, DUE + ONE, False),
        ({"secret_mark": "秘密级", "secret_until": "2026年6月30日"}, DUE + ONE, True),
        # The law of 2024 says that a secret ends by itself.
        ({"secret_mark": "秘密级，至2020年1月1日"}, date(2024, 4, 30), False),
        ({"secret_mark": "秘密级，至2020年1月1日"}, date(2024, 5, 1), True),
    ],
)
def test_a_secret_whose_term_has_run_out_is_no_ground(texts: dict[str, str], on: date, over: bool) -> None:
    found = terms.fault(2, "withheld", "state_secret", texts, on, law.bundled())
    assert (found is not None) == over
    if found is not None:
        assert isinstance(found, Refused)
        assert found.rule == "secrets2024:24.2"


def test_other_answers_have_no_term_and_no_day_is_not_guessed() -> None:
    assert terms.fault(1, "withheld", "trade_secret", SECRET, DUE + ONE, law.bundled()) is None
    assert terms.fault(1, "archived", None, {}, DUE, law.bundled()) is None
    assert isinstance(
        terms.fault(1, "archived", None, {"transfer_due": "soon"}, DUE, law.bundled()), Malformed
    )


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"secret_mark": "机密级，某某局定密"}, False),
        ({"secret_mark": "机密★10年"}, False),
        ({"secret_mark": "机密★10年", "secret_since": "2016-06-30"}, True),
        ({"secret_mark": "机密级，至2030年1月1日"}, True),
        ({"secret_mark": "机密★长期"}, True),
        ({"secret_mark": "机密级", "secret_until": "公布施工招标结果后解密"}, True),
        ({}, False),
    ],
)
def test_whether_the_term_of_a_secret_is_given(texts: dict[str, str], said: bool) -> None:
    assert terms.stated(texts) is said
