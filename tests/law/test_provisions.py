"""The provisions that the program cites itself: those of their day, each of them asked for by code, moved
where the law is moved.
"""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workflow import law
from workflow.base.errors import NotFound
from workflow.law import continuing
from workflow.law.keys import Provision
from workflow.office.profile import Office
from workflow.procedure import mail_numbers
from workflow.reports.law import check, why
from workflow.web.site import guide

L = law.bundled()
OFFICE = Office(1, "jz", "某某市民政局", {})


@pytest.mark.parametrize(
    ("id", "on", "ref"),
    [
        (Provision.APPLICANT_NAMED, date(2019, 5, 14), "ogi2008:20.2.1"),
        (Provision.APPLICANT_NAMED, date(2019, 5, 15), "ogi2019:29.2.1"),
        (Provision.CORRECTION_CLEAR, date(2010, 1, 4), "ogi2008:21.1.4"),
        (Provision.CHANGED_IN_RECONSIDERATION, date(2023, 12, 31), "arl-impl2007:39"),
        (Provision.CHANGED_IN_RECONSIDERATION, date(2024, 1, 1), "arl2023:65.2.2"),
        (Provision.CHANGED_IN_SUIT, date(2018, 2, 7), "spc2000:50"),
        (Provision.CHANGED_IN_SUIT, date(2018, 2, 8), "spc2018:81.1"),
        (Provision.BY_POST_ALONE, date(2016, 12, 6), "post2015:55"),
        (Provision.BY_POST_ALONE, date(2016, 12, 7), "svc2016:2"),
    ],
)
def test_the_provision_of_a_day(id: str, on: date, ref: str) -> None:
    assert L.provision(id, on) == ref


def test_each_can_be_cited_on_any_day() -> None:
    for id in Provision:
        for on in (date.min, date(2026, 11, 1), date.max):
            assert L.citation(L.provision(id, on)).zh


def test_before_the_first_day_the_first_is_cited_and_none_is_in_force() -> None:
    day = date(2024, 4, 30)
    assert not L.has_provision(Provision.SECRECY_ENDED, day)
    assert L.provision(Provision.SECRECY_ENDED, day) == "secrets2024:24.2"
    with pytest.raises(NotFound):
        L.provision("no_such_point", day)


def coming(**gone: str) -> law.Law:
    """Regulations that have been promulgated and continue today's under other numbers, from 2027-03-01."""
    tables: dict[str, Any] = copy.deepcopy(dict(L.tables))
    tables["instruments"]["ogi2027"] = {
        **tables["instruments"]["ogi2019"],
        "promulgated": "2026-10-01",
        "effective_from": "2027-03-01",
        "continues": "ogi2019",
        "renumbered": {"42": 61, "29": 62, **{number.strip("_"): new for number, new in gone.items()}},
    }
    tables["eras"]["ogi2027"] = {
        "zh": "2027年条例",
        "en": "the Regulations of 2027",
        "from": "2027-03-01",
        "instruments": ["ogi2027"],
        "continues": "ogi2019",
    }
    continuing.extend(tables)
    return law.Law(tables)


def test_what_was_promulgated_and_is_not_yet_in_force_is_not_cited() -> None:
    book = coming()
    assert book.provision(Provision.NO_FEE, date(2027, 2, 28)) == "ogi2019:42.1"
    assert book.provision(Provision.NO_FEE, date(2027, 3, 1)) == "ogi2027:61.1"
    with law.instead(book):
        fees = [guide.fees(OFFICE, day)["free_article"] for day in (date(2026, 11, 30), date(2027, 3, 1))]
        rules = [why.of("way_to_serve", day).provisions for day in (date(2027, 2, 28), date(2027, 3, 1))]
    assert ["四十二" in fees[0], "六十一" in fees[1]] == [True, True]
    assert ["二十九" in str(rules[0]), "六十二" in str(rules[1])] == [True, True]


def test_what_coming_regulations_no_longer_say_is_told() -> None:
    gone = {one.where for one in check.on_their_days(coming(_42="-", _12="-"))}
    assert {"provisions: no_fee", "provisions: organ_guide"} <= gone
    assert "provisions: complaint" not in gone


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("[cited.no_fee]", "[cited.no_fees]", "no_fee"), ('"ogi2019:42.1"', '"ogi2019:142.1"', "142")],
)
def test_a_table_that_lacks_one_or_cites_what_there_is_not_is_refused(
    folder: Path, old: str, new: str, told: str
) -> None:
    path = folder / "provisions.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(law.LawError) as caught:
        law.load(folder)
    assert told in str(caught.value)


def test_one_that_nothing_asks_for_is_refused(folder: Path) -> None:
    path = folder / "provisions.toml"
    more = (
        '\n[cited.no_fee_at_all]\nzh = "不收费"\nen = "no fee"\nfrom = 2019-05-15\nbefore = "None."\n'
        '[[provision]]\nid = "no_fee_at_all"\narticle = "ogi2019:42.1"\neffective_from = 2019-05-15\n'
        'status = "V"\n'
    )
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    with pytest.raises(law.LawError) as caught:
        law.load(folder)
    assert "no_fee_at_all" in str(caught.value)


def test_where_its_instrument_ended_there_is_none_and_the_check_tells_of_it() -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(L.tables))
    tables["instruments"]["svc2016"]["effective_until"] = "2027-02-28"
    book = law.Law(tables)
    assert [one for one in book.check() if not one.ok] == []
    assert book.has_provision(Provision.BY_POST_ALONE, date(2027, 2, 28))
    assert not book.has_provision(Provision.BY_POST_ALONE, date(2027, 3, 1))
    assert mail_numbers.forbidden(date(2027, 3, 1), book) == "house:delivery"
    assert "provisions: by_post_alone" in {one.where for one in check.on_their_days(book)}
    assert not any(one.where.startswith("provisions:") for one in check.on_their_days(L))


def test_a_code_in_place_of_another_takes_the_provision_along() -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(L.tables))
    tables["instruments"]["civil2030"] = {
        **tables["instruments"]["civil2020"],
        "promulgated": "2029-06-01",
        "effective_from": "2030-01-01",
        "continues": "civil2020",
        "renumbered": {"165": 170},
    }
    continuing.extend(tables)
    book = law.Law(tables)
    assert book.provision(Provision.AGENT_AUTHORITY, date(2029, 12, 31)) == "civil2020:165"
    assert book.provision(Provision.AGENT_AUTHORITY, date(2030, 1, 1)) == "civil2030:170"
