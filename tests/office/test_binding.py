"""Who acts is who he says he is: logins bound by two persons, deputies, and what the ledger says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, TODAY, Place
from tests.counter import disclosure
from workflow.base import caller
from workflow.base.errors import Damaged, DisclosureError, Malformed, NotFound, Refused
from workflow.casework.desk import Desk
from workflow.office import binding, founding, profile_changes
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

LOGINS = {"registrar": "deng", "handler": "han", "reviewer": "shen", "head": "ling"}


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(
        database_url,
        officer=[
            {**one, **({"login": LOGINS[one["key"]]} if one["key"] in LOGINS else {})}
            for one in builders.office_file()["officer"]
        ],
    )
    yield made
    made.store.close()


@pytest.fixture
def at(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    """The desk of whoever calls the service under a login."""

    def sit(login: str, said: str | None = None, today: date = TODAY, office: str | None = None) -> Desk:
        with monkeypatch.context() as service:
            service.setattr(caller, "_served", caller.Caller(1234, login, bound=True))
            service.delenv("DISCLOSURE_OFFICER", raising=False)
            return Desk(place.store, said, office, today=lambda: today)

    return sit


def known(place: Place) -> list[tuple[str, str | None, str | None, str | None]]:
    ledger = TABLES["ledger"]
    columns = (ledger.c.actor, ledger.c.via, ledger.c.login, ledger.c.acting_for)
    with place.store.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(ledger.c.seq))]


def sound(place: Place) -> verify_record.Verdict:
    return verify_record.verify(place.store, place.desk().office)


def test_the_login_says_who_acts(place: Place, at: Callable[..., Desk]) -> None:
    desk = at("han")
    assert (desk.officer.key, desk.officer.known.via) == ("handler", "service")
    assert at("han", "handler").officer.key == "handler"
    assert at("han", "handler某").officer.key == "handler"
    with pytest.raises(Refused) as refused:
        at("han", "head")
    assert refused.value.rule == "house:binding"
    with pytest.raises(Refused):
        at("nobody-here", "handler")
    with pytest.raises(Refused):
        at("handler")  # a key is no login


def test_each_entry_says_how_its_officer_was_known(place: Place, at: Callable[..., Desk]) -> None:
    place.receive()
    at("deng").act("1", "register", on=RECEIVED)
    assert known(place)[0] == ("system", "system", None, None)
    assert known(place)[1][1] == "none"
    assert known(place)[2] == ("registrar", "service", "deng", None)
    assert sound(place).known == {"system": 1, "none": 1, "service": 1}


def test_a_changed_word_on_who_was_known_is_found(place: Place, at: Callable[..., Desk]) -> None:
    from tests.storage.test_ledger import tamper

    place.receive()
    tamper(place, "UPDATE ledger SET via = 'service' WHERE seq = 2")
    with pytest.raises(Damaged):
        sound(place)


def test_a_login_is_bound_by_two_persons(place: Place, at: Callable[..., Desk]) -> None:
    made = binding.propose_login(at("ling"), "legal", "fa.guan")
    assert not made["bound"]
    with pytest.raises(Refused):
        at("fa.guan")
    with pytest.raises(Refused):
        binding.confirm_login(at("ling"), "legal")
    assert sound(place).entries == 2
    assert binding.confirm_login(at("han"), "legal")["bound"]
    assert at("fa.guan").officer.key == "legal"
    # The list of officers says whose logins they are.
    told = disclosure("officer", "list", "--db", place.store.url, "--json").json
    assert {one["key"]: one["login"] for one in told}["legal"] == "fa.guan"
    assert "fa.guan" in disclosure("officer", "list", "--db", place.store.url).out
    with pytest.raises(NotFound):
        binding.confirm_login(at("han"), "legal")
    with pytest.raises(Refused):
        binding.propose_login(at("han"), "other", "x")
    sound(place)


@pytest.mark.parametrize("login", ["han", "reviewer"])
def test_one_login_one_officer(place: Place, at: Callable[..., Desk], login: str) -> None:
    with pytest.raises(Malformed):
        binding.propose_login(at("ling"), "legal", login)
    with pytest.raises(Malformed):
        founding.add_officer(at("ling"), {"key": "new", "name": "新人", "roles": "handler", "login": login})


def test_where_binding_is_demanded_a_login_is_not_given_by_one_person(
    place: Place, at: Callable[..., Desk]
) -> None:
    profile_changes.set_profile(at("ling"), "settings.binding", "service")
    with pytest.raises(Refused):
        founding.add_officer(at("ling"), {"key": "new", "name": "新人", "roles": "handler", "login": "xin"})
    founding.add_officer(at("ling"), {"key": "new", "name": "新人", "roles": "handler"})


def test_where_binding_is_demanded_nobody_acts_by_his_word(
    place: Place, at: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.receive()
    profile_changes.set_profile(at("ling"), "settings.binding", "any")
    place._desks.clear()  # each command sits down anew
    with pytest.raises(Refused) as refused:
        place.act("registrar", "register", "1", RECEIVED)
    assert refused.value.rule == "house:binding"
    with pytest.raises(Refused):
        profile_changes.set_profile(place.desk("head"), "settings.binding", "none")
    at("deng").act("1", "register", on=RECEIVED)


def test_a_deputy_acts_in_his_time_and_it_is_said(place: Place, at: Callable[..., Desk]) -> None:
    number = place.bring("section_review")
    first, last = TODAY, TODAY + timedelta(days=3)
    with pytest.raises(Refused):
        at("deng", "reviewer")
    with pytest.raises(Refused):
        binding.appoint(at("deng"), "reviewer", "registrar", first, last, "休假")
    binding.appoint(at("shen"), "reviewer", "registrar", first, last, "休假")
    with pytest.raises(Refused):
        at("deng", "reviewer", last + timedelta(days=1))
    desk = at("deng", "reviewer")
    assert "reviewer" in desk.officer.roles
    assert desk.officer.key == "registrar"
    done = desk.act(number, "pass_review")
    assert done.entry.known.acting_for == "reviewer"
    assert known(place)[-1] == ("registrar", "service", "deng", "reviewer")
    assert [one["deputy"] for one in binding.deputies(at("shen"))] == ["registrar"]
    assert binding.end_deputies(at("shen"), "reviewer") == 1
    with pytest.raises(Refused):
        at("deng", "reviewer")
    sound(place)


def test_who_drafted_does_not_pass_as_a_deputy(place: Place, at: Callable[..., Desk]) -> None:
    number = place.bring("section_review")
    binding.appoint(at("shen"), "reviewer", "handler", TODAY, TODAY, "休假")
    with pytest.raises(Refused) as refused:
        at("han", "reviewer").act(number, "pass_review")
    assert "officer" in refused.value.params


def test_nor_he_for_whom_a_deputy_drafted(place: Place, at: Callable[..., Desk]) -> None:
    """Drafted by a deputy of the handler, it is the handler's draft as well as the deputy's."""
    number = place.bring("in_hand")
    founding.add_officer(
        at("ling"), {"key": "handler", "name": "handler某", "roles": "handler,reviewer", "unit": "ban"}
    )
    binding.appoint(at("han"), "handler", "registrar", TODAY, TODAY, "外出")
    desk = at("deng", "handler")
    desk.act(number, "draft", {**builders.GRANT})
    desk.act(number, "submit")
    with pytest.raises(Refused):
        at("han").act(number, "pass_review")


def test_nor_under_a_second_key_with_the_same_login(place: Place, at: Callable[..., Desk]) -> None:
    """The drafter's key is stopped and another one made for the same login: it is the same person."""
    number = place.bring("in_hand")
    desk = at("han")
    desk.act(number, "draft", {**builders.GRANT})
    desk.act(number, "submit")
    founding.stop_officer(at("ling"), "handler")
    founding.add_officer(at("ling"), {"key": "second", "name": "另名", "roles": "reviewer", "unit": "ban"})
    binding.propose_login(at("ling"), "second", "han")
    binding.confirm_login(at("shen"), "second")
    with pytest.raises(Refused):
        at("han").act(number, "pass_review")


def test_nor_who_wrote_an_earlier_version(place: Place) -> None:
    """A colleague's identical draft does not free the first author."""
    number = place.bring("in_hand")
    items = {**builders.GRANT}
    head = place.desk("head")
    founding.add_officer(head, {"key": "both", "name": "兼任", "roles": "handler,reviewer", "unit": "ban"})
    place.act("registrar", "reassign", number, TODAY, unit="ban", reasons="调整")
    place.act("both", "accept", number, TODAY)
    place.act("both", "draft", number, TODAY, **items)
    place.act("registrar", "reassign", number, TODAY, unit="ban", reasons="调整")
    place.act("handler", "accept", number, TODAY)
    place.act("handler", "draft", number, TODAY, **items)
    place.act("handler", "submit", number, TODAY)
    with pytest.raises(Refused):
        place.act("both", "pass_review", number, TODAY)


@pytest.mark.parametrize("variable", ["LOGNAME", "USER", "USERNAME", "LNAME"])
def test_the_environment_does_not_say_who_acts(
    place: Place, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("DISCLOSURE_OFFICER", raising=False)
    monkeypatch.setenv(variable, "han")
    with pytest.raises(DisclosureError):
        Desk(place.store)


def test_an_officer_keeps_his_login_with_new_roles(place: Place, at: Callable[..., Desk]) -> None:
    founding.add_officer(at("ling"), {"key": "handler", "name": "handler某", "roles": "handler"})
    assert at("han").officer.key == "handler"
    sound(place)
