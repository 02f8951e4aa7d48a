"""No table cites a provision on a day on which it is not in force: neither the law tables nor those of the
procedure, of rulings, of letters and of their check.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from letters.check import rules
from letters.content import kinds
from workflow import law
from workflow.base.errors import Refused
from workflow.cases import rulings
from workflow.law.eras import Era
from workflow.procedure import transitions

L = law.bundled()
P = transitions.bundled()
ONE = timedelta(1)
ROOT = Path(law.__file__).parents[2]


def days(first: date, last: date | None = None) -> Iterator[date]:
    """The first and last day of every span between two changes of any instrument, from a day on."""
    ends = {one.effective_until for one in L.instruments() if one.effective_until}
    turns = {one.effective_from for one in L.instruments()} | {end + ONE for end in ends}
    for day in sorted({first, *turns, *(day - ONE for day in turns)}):
        if day >= first and (last is None or day <= last):
            yield day


def in_force(ref: str, on: date, era: Era | None = None) -> bool:
    """Whether an article may be cited on a day; the Regulations of an era by whatever is under it."""
    key = ref.partition(":")[0]
    if key == "house" or (era is not None and key in era.instruments):
        return True
    one = L.instrument(key)
    return one.effective_from <= on and (one.effective_until is None or on <= one.effective_until)


@pytest.mark.parametrize("era", L.eras(), ids=lambda era: era.key)
def test_no_step_of_the_procedure_rests_on_what_is_not_in_force(era: Era) -> None:
    """Applications of an era may be open long after it."""
    for day in days(era.first):
        for row in P.rows:
            ref = row.basis(era.key, day)
            assert ref is None or in_force(ref, day, era), (row.event, row.source, day, ref)
        asked = {guard for row in P.rows if row.basis(era.key, day) for guard in row.guard}
        for guard in sorted(asked):
            assert in_force(P.guard_rule(guard, era.key, day), day, era), (guard, day)
        for row in P.rows:
            if row.track == "consultation":
                for kind in P.consulted:
                    ref = P.provision(row, era.key, day, kind)
                    assert ref is None or in_force(ref, day, era), (row.event, kind, day, ref)


def test_the_day_on_which_service_rests_on_other_rules() -> None:
    (row,) = P.of("case", "serve", "dispatched")
    found = {row.basis(era, date(2026, 7, 1)) for era in ("ogi2008", "ogi2019")}
    assert found == {"arl-impl2026:23"}
    assert row.basis("ogi2019", date(2026, 6, 30)) == "arl-impl2007:15"
    assert P.guard_rule("can_be_appealed", "ogi2008", date(2015, 4, 30)) == "all1989:58"
    assert P.guard_rule("can_be_appealed", "ogi2008", date(2015, 5, 1)) == "all2014:85"


@pytest.mark.parametrize("kind", ["reconsideration", "direct"])
def test_no_ruling_rests_on_what_is_not_in_force(kind: str) -> None:
    for day in days(date(2008, 5, 1)):
        for one in rulings.every().values():
            ref = one.article(kind, day)
            assert ref is None or in_force(ref, day), (one.key, day, ref)


@pytest.mark.parametrize("era", L.eras(), ids=lambda era: era.key)
def test_no_letter_and_no_rule_of_its_check_rests_on_what_is_not_in_force(era: Era) -> None:
    for day in days(era.first, era.last):
        for rule in rules.rules().values():
            if rule.lasts(day):
                for ref in rule.provisions(era, day):
                    assert in_force(ref, day, era), (rule.id, day, ref)
        for kind in kinds.all():
            if kind.decides:
                continue
            try:
                found = kind.basis_under(era, day)
            except Refused:
                continue
            for ref in found:
                assert in_force(ref, day, era), (kind.code, day, ref)


def test_what_the_law_tables_cite_is_in_force_on_each_day_of_its_row() -> None:
    """The loader refuses it; here for the tables as they are."""
    for table in (
        "durations",
        "outcomes",
        "grounds",
        "routes",
        "organs",
        "starts",
        "channels",
        "provisions",
        "fees",
        "report",
    ):
        for listed in L.tables[table].values():
            for row in (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ():
                for ref in [*([row["article"]] if "article" in row else []), *row.get("articles", ())]:
                    if "effective_from" not in row:
                        continue
                    first = date.fromisoformat(row["effective_from"])
                    last = date.fromisoformat(row.get("effective_until", "2035-12-31"))
                    for day in {first, last}:
                        assert in_force(ref, day), (table, ref, day)
