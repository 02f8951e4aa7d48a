"""The check of the whole record: what stands in the tables beside the cases is compared with the ledger
too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import ROADS, Place
from workflow.base.errors import Damaged, Environment
from workflow.calendar import importing
from workflow.casework.desk import Desk
from workflow.office import founding, notice_import, profile_changes
from workflow.storage import encryption
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    """An office with a case whose letters are made, after changes of profile and officers."""
    made = builders.found(database_url)
    made.once(("changes and a letter",), lambda: _changes_and_a_letter(made))
    yield made
    made.store.close()


def _changes_and_a_letter(made: Place) -> None:
    head = made.desk("head")
    profile_changes.set_profile(head, "telephone", " 0512-1 ")
    profile_changes.set_profile(head, "settings.online_receipt", "confirmed")
    profile_changes.set_profile(head, "fax", "0512-2")
    profile_changes.set_profile(head, "fax", "")
    founding.add_officer(head, {"key": "new", "name": "新", "roles": ["handler"], "unit": "ban"})
    founding.add_officer(head, {"key": "new", "name": "新", "roles": ["reviewer"]})
    founding.stop_officer(head, "other")
    made._desks.clear()  # each command sits down anew
    number = made.receive().case.number
    made.walk(number, ROADS["dispatched"])
    made.receive()


def verify(place: Place, **how: Any) -> verify_record.Verdict:
    return verify_record.verify(place.store, Desk(place.store, "head", place.key).office, **how)


def change(place: Place, statement: Any) -> None:
    with place.store.writing() as connection:
        assert connection.execute(statement).rowcount


def test_what_is_as_recorded_holds(place: Place) -> None:
    verdict = verify(place, with_files=True)
    assert (verdict.cases, verdict.keys) == (2, 2)
    assert verdict.files > 0


def test_two_changes_of_a_profile_from_desks_opened_before_both_stay(place: Place) -> None:
    one, two = Desk(place.store, "head", place.key), Desk(place.store, "head", place.key)
    profile_changes.set_profile(one, "telephone", "1")
    profile_changes.set_profile(two, "postcode", "215001")
    profile = Desk(place.store, "head", place.key).office.profile
    assert (profile["telephone"], profile["postcode"]) == ("1", "215001")
    verify(place)


OFFICE, OFFICER, LETTER, KEY = TABLES["office"], TABLES["officer"], TABLES["letter"], TABLES["case_key"]
NOTICES = TABLES["notice"]
MADE = (
    LETTER.c.id == sa.select(sa.func.min(LETTER.c.id)).where(LETTER.c.sha256.is_not(None)).scalar_subquery()
)
CHANGES: dict[str, tuple[Callable[[], Any], str]] = {
    "another hash": (lambda: sa.update(LETTER).where(MADE).values(sha256="0" * 64), "letter no."),
    "no hash": (lambda: sa.update(LETTER).where(MADE).values(sha256=None), "letter no."),
    "another number": (lambda: sa.update(LETTER).where(MADE).values(number="x〔2026〕9号"), "letter no."),
    "another code": (lambda: sa.update(LETTER).where(MADE).values(code="D9"), "letter no."),
    "a letter is gone": (lambda: sa.delete(LETTER).where(LETTER.c.sha256.is_not(None)), "letter no."),
    "a telephone": (
        lambda: sa.update(OFFICE).values(profile=sa.func.replace(OFFICE.c.profile, "0512-1", "0512-9")),
        "telephone",
    ),
    "the name of the office": (lambda: sa.update(OFFICE).values(name="另一个局"), "name"),
    "the key of the office": (lambda: sa.update(OFFICE).values(key="zz"), "key"),
    "a role": (
        lambda: sa.update(OFFICER).where(OFFICER.c.key == "handler").values(roles="handler|approver"),
        "handler",
    ),
    "a login": (lambda: sa.update(OFFICER).where(OFFICER.c.key == "head").values(login="mallory"), "head"),
    "an officer come back": (
        lambda: sa.update(OFFICER).where(OFFICER.c.key == "other").values(active=True),
        "other",
    ),
    "an officer gone": (lambda: sa.delete(OFFICER).where(OFFICER.c.key == "auditor"), "auditor"),
    "an officer put in": (
        lambda: sa.insert(OFFICER).values(
            office_id=1, key="mallory", name="m", roles="approver", active=True
        ),
        "mallory",
    ),
    "a notice put in": (
        lambda: sa.insert(NOTICES).values(
            id="x",
            year=2031,
            number="n",
            promulgated=date(2030, 11, 1),
            content="year = 2031",
            imported_at="",
            imported_by="head",
        ),
        "notice x",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_changed_behind_the_ledger_is_found(
    place: Place, what: str, language: Callable[[str], None]
) -> None:
    language("en")
    office = Desk(place.store, "head", place.key).office
    statement, said = CHANGES[what]
    change(place, statement())
    with pytest.raises(Damaged) as caught:
        verify_record.verify(place.store, office)
    assert said in caught.value.text
    assert caught.value.advice


def notice_of(day: str = "01-01") -> Any:
    """A notice of the first year that is not announced, with this day off besides New Year."""
    from workflow import calendar

    known = calendar.known()
    year = known.announced_until.year + 1
    text = f"date,kind,name\n{year}-01-01,off,元旦\n" + (f"{year}-{day},off,元旦\n" if day != "01-01" else "")
    return importing.admit(
        importing.parse_notice(
            text, "csv", number="国办发明电〔2026〕9号", promulgated=date(year - 1, 11, 1)
        ),
        known,
    )


@pytest.fixture
def imported(place: Place) -> str:
    """A notice imported twice, the second time with another day."""
    for day in ("01-01", "01-02"):
        notice = notice_of(day)
        assert notice_import.take_in(Desk(place.store, "head", place.key), notice)
    return notice.id


def test_an_imported_notice_holds(place: Place, imported: str) -> None:
    other = builders.found(place.store.url, "ab")
    verify(place)
    verify(other)
    other.store.close()


@pytest.mark.parametrize(
    "values", [{"number": "x"}, {"promulgated": date(2020, 1, 1)}, {"imported_by": "x"}, {"content": "{"}, {}]
)
def test_a_notice_changed_behind_the_ledger_is_found(
    place: Place, imported: str, values: dict[str, Any]
) -> None:
    where = NOTICES.c.id == imported
    office = Desk(place.store, "head", place.key).office
    change(
        place, sa.update(NOTICES).where(where).values(**values) if values else sa.delete(NOTICES).where(where)
    )
    with pytest.raises(Damaged) as caught:
        verify_record.verify(place.store, office)
    assert caught.value.params["id"] == imported


def test_a_case_key_that_does_not_open_is_found(place: Place) -> None:
    with place.store.reading() as connection:
        first, second = connection.execute(sa.select(KEY.c.wrapped).order_by(KEY.c.case_id)).scalars()
    last = sa.select(sa.func.max(KEY.c.case_id)).scalar_subquery()
    change(place, sa.update(KEY).where(KEY.c.case_id == last).values(wrapped=first))
    with pytest.raises(Damaged):
        verify(place)
    change(place, sa.update(KEY).where(KEY.c.wrapped == first, KEY.c.case_id == last).values(wrapped=second))
    verify(place, with_files=True)
    change(place, sa.delete(KEY).where(KEY.c.wrapped == second))
    with pytest.raises(Damaged):
        verify(place, with_files=True)


def test_without_the_key_file_no_key_is_asked(place: Place) -> None:
    path = encryption.key_file(place.store.folder)
    path.rename(path.with_suffix(".away"))
    assert verify(place, with_files=True).keys == 0
    encryption.create(path)
    with pytest.raises(Environment):
        verify(place, with_files=True)
