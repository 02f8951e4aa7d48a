"""Officers under roles of PostgreSQL: a whole case by them, and every way round the desk refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests import builders, postgres
from tests.builders import GRANT, RECEIVED, REFUSE, TODAY, Place
from tests.counter import disclosure
from workflow.base import dates
from workflow.base.errors import Damaged, Environment, Refused
from workflow.cases.entry import Entry, Known
from workflow.casework.desk import Desk
from workflow.office import binding, founding
from workflow.storage import ledger
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_machine, verify_record
from workflow.upkeep.database_rights import plan as rights

pytestmark = pytest.mark.postgres
KEYS = ("registrar", "handler", "other", "reviewer", "legal", "head", "archivist", "both", "late")
# One who may draft and review, and one who leaves.
MORE = [
    {"key": "both", "name": "两职某", "roles": ["handler", "reviewer"], "unit": "ban"},
    {"key": "late", "name": "离职某", "roles": ["handler"], "unit": "ban"},
]


@dataclass
class Server:
    """An office on PostgreSQL whose officers have roles; `role` names that of an officer here."""

    place: Place
    server: postgres.Server
    database: str
    stores: list[Store]

    def role(self, key: str) -> str:
        return f"{key}.{self.database}"

    def url(self, role: str) -> str:
        return self.server.url(self.database).replace("postgres@", f"{role}@", 1)

    def store(self, role: str) -> Store:
        """A database opened under a role; one connection for all tests."""
        known = {store.url: store for store in self.stores}
        if self.url(role) not in known:
            self.stores.append(Store(self.url(role)))
        return known.get(self.url(role)) or self.stores[-1]

    def desk(self, key: str, said: str | None = None) -> Desk:
        """The desk of an officer, over a connection of his own role."""
        store = self.store(self.role(key))
        # The database compares the moment with its own clock.
        return Desk(store, said, now=dates.now, today=lambda: TODAY)

    def connect(self, key: str) -> psycopg.Connection[Any]:
        """A connection under an officer's role, for SQL by hand."""
        return psycopg.connect(
            f"host={self.server.folder} port=5432 user={self.role(key)} dbname={self.database}"
        )

    def verified(self) -> verify_record.Verdict:
        return verify_record.verify(self.place.store, self.place.desk().office)


@pytest.fixture(scope="module")
def _home(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, _postgres_template: str
) -> Iterator[Path]:
    # The templates are made first: they belong to no key.
    folder = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISCLOSURE_HOME", str(folder / "data"))
        patch.setenv("DISCLOSURE_KEY_FILE", str(folder / "key.json"))
        patch.setenv("DISCLOSURE_FILES", str(folder / "files"))
        patch.delenv("DISCLOSURE_OFFICER", raising=False)
        yield folder


@pytest.fixture(scope="module")
def roles(_home: Path, postgres_server: postgres.Server, _postgres_template: str) -> Iterator[Server]:
    """One office for all tests here: each brings a case of its own."""
    database = postgres_server.create(_postgres_template)
    officers = [
        {**one, **({"login": f"{one['key']}.{database}"} if one["key"] in KEYS else {})}
        for one in [*builders.office_file()["officer"], *MORE]
    ]
    place = builders.found(postgres_server.url(database), officer=officers)
    found = Server(place, postgres_server, database, [])
    rights.apply(place.store, workers=(f"worker.{database}",))
    yield found
    for store in (*found.stores, place.store):
        store.close()
    postgres_server.drop(database)


@pytest.fixture(scope="module")
def case(roles: Server) -> str:
    """A refusal that waits for its first review; beside it a suit, and a login that waits."""
    binding.propose_login(roles.desk("head"), "auditor", "somebody")
    served = roles.place.bring("dispatched")
    roles.desk("legal").act(served, "open_reconsideration", {"body": "江南省人民政府"}, on=TODAY)
    return roles.place.bring("section_review", variant="section_review of a refusal")


def test_a_whole_case_by_roles(roles: Server) -> None:
    number = roles.desk("registrar").receive(builders.application()).case.number
    day = RECEIVED + timedelta(days=1)
    roles.desk("registrar").act(number, "register", on=day)
    roles.desk("registrar").act(number, "assign", {"unit": "ban"}, on=day)
    roles.desk("handler").act(number, "accept", on=day)
    roles.desk("handler").act(number, "draft", GRANT, on=day)
    roles.desk("handler").act(number, "submit", on=day)
    roles.desk("reviewer").act(number, "pass_review", on=day)
    roles.desk("head").act(number, "pass_review", on=day)
    roles.desk("handler").act(number, "issue", on=day)
    builders.as_if_made(roles.desk("handler"))
    done = roles.desk("registrar").act(number, "dispatch", {"served_by": "post"}, on=day)
    assert done.case.state == "dispatched"
    entries = builders.entries(roles.place, number)
    assert {entry.known.via for entry in entries} == {"database", "system"}
    assert entries[0].known.login == roles.role("registrar")
    made = next(entry for entry in entries if entry.event == "letter_made")
    assert (made.actor, made.known.login) == ("system", roles.role("handler"))
    roles.verified()


def test_a_second_time_there_is_nothing_to_do(roles: Server) -> None:
    again = rights.apply(roles.place.store, workers=(f"worker.{roles.database}",))
    assert (again.sql, again.without) == ([], ["auditor"])
    assert rights.in_force(roles.place.store)


def test_the_sql_is_shown_before_it_is_carried_out(roles: Server) -> None:
    founding.add_officer(
        roles.desk("head"), {"key": "new", "name": "新人", "roles": "handler", "login": roles.role('new"x')}
    )
    url = roles.url("postgres")
    shown = disclosure("database", "grants", "--db", url)
    role = roles.role('new""x')
    assert shown.out.startswith("BEGIN;")
    assert f'CREATE ROLE "{role}" LOGIN;' in shown.out
    assert disclosure("database", "grants", "--db", url, "--apply", "--json").json["granted"] == [
        roles.role('new"x')
    ]
    assert "CREATE" not in disclosure("database", "grants", "--db", url).out


def test_an_officer_gives_no_rights(roles: Server) -> None:
    with pytest.raises(Refused):
        rights.plan(Store(roles.url(roles.role("head"))))


def test_sqlite_has_no_roles(sqlite_url: str) -> None:
    with pytest.raises(Environment):
        rights.plan(Store(sqlite_url))


EMPTY = {"list_word", "notice", "posting_letter", "posting_piece", "case_snapshot", "list_entry"}
BY_HAND = [
    *(
        statement
        for name in sorted(TABLES)
        for statement in (f"TRUNCATE {name} CASCADE", f"ALTER TABLE {name} DISABLE TRIGGER ALL")
    ),
    # Of the tables left out the first is for officers, and the others hold nothing here.
    *(f"DELETE FROM {name}" for name in sorted(set(TABLES) - EMPTY)),
    "UPDATE ledger SET actor = 'head'",
    "UPDATE chain_head SET seq = seq - 1",
    "UPDATE case_file SET state = 'filed'",
    "UPDATE case_file SET number = '2026-9999'",
    "UPDATE clock SET due = due + 30",
    "UPDATE letter SET sha256 = 'x'",
    "UPDATE letter SET content = 'x'",
    "UPDATE officer SET login = session_user WHERE key = 'head'",
    "UPDATE officer SET roles = 'approver' WHERE key = 'handler'",
    "UPDATE office SET profile = replace(profile, 'false', 'true')",
    "UPDATE series SET last = 0",
    "UPDATE outbox SET done_at = 'now'",
    "UPDATE disclosure_step SET roles = ARRAY['handler']",
    "DELETE FROM disclosure_apart",
    "INSERT INTO officer (office_id, key, name, roles, login, active) VALUES (1, 'x', 'x', 'approver', session_user, true)",
    "INSERT INTO deputy (office_id, officer, deputy, from_day, until_day, reason, appointed_by)"
    " VALUES (1, 'head', 'handler', '2020-01-01', '2030-01-01', 'x', 'head')",
    "INSERT INTO ledger (office_id, seq, track, event, on_day, recorded_at, actor, source, dest, article, payload,"
    " prev_hash, hash) VALUES (1, 99, 'case', 'note', '2026-03-02', 'x', 'head', '', '', '', '{}', 'x', 'x')",
    "INSERT INTO chain_head (office_id, seq, hash) VALUES (2, 0, 'x')",
    "INSERT INTO case_file (office_id, number, state, version, open, round, regulations, received_on, channel,"
    " applicant_name, applicant_kind, applicant_mark, request, reply_provisional, last_on, entries, recorded_at)"
    " VALUES (1, '2026-7777', 'received', 1, true, 1, '', '2026-03-02', '', '', '', '', '', false, '2026-03-02', 1, '')",
    "DROP TRIGGER disclosure_closed ON ledger",
    "DROP FUNCTION disclosure_backed() CASCADE",
    "CREATE OR REPLACE FUNCTION disclosure_bound() RETURNS boolean LANGUAGE sql AS 'SELECT false'",
    "CREATE TABLE mine (x integer)",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SELECT disclosure_roles(1, 'head', 'database', session_user::text, NULL, now())",
]


def test_by_hand_nothing_is_written(roles: Server, case: str) -> None:
    taken = {}
    with roles.connect("handler") as connection:
        for statement in BY_HAND:
            try:
                connection.execute(statement)  # type: ignore[call-overload]
                # What is asked at the commit is asked now.
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                taken[statement] = "taken"
            except psycopg.Error as refused:
                if refused.sqlstate not in ("42501", "DG001"):
                    taken[statement] = str(refused)
            connection.rollback()
    assert not taken


# --- a client that goes round the desk, with entries that are well made


def forged(roles: Server, key: str, number: str, event: str, **changed: Any) -> None:
    """Call the function of the database for an entry of this officer, with something in it changed."""
    store = roles.store(roles.role(key))
    moved = {"source": "section_review", "dest": "section_review", **changed}
    place, office = moved.pop("place", roles.place), moved.pop("office", 1)
    case_id, payload = place.row(number)["id"], moved.pop("payload", {"text": "x"})
    then, more = moved.pop("then", ()), {"n": place.row(number)["entries"] + 1, "actor": key}
    known = Known("database", roles.role(key))
    facts = {"track": "case", "on": TODAY, "recorded_at": dates.stamp(dates.now()), "article": "house:file"}
    entry = Entry(**{**facts, **more, "known": known, "event": event, "payload": payload, **moved})
    with store.writing() as connection:
        head = ledger.head(connection, office, lock=True)
        ledger.append(connection, office, case_id, entry, head)
        for statement in then:
            connection.exec_driver_sql(statement)


FORGED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "another's key": ("handler", "note", {"actor": "head"}),
    "another's login": ("handler", "note", {"known": Known("database", "head")}),
    "vouched for by the service": ("handler", "note", {"known": Known("service", "handler")}),
    "vouched for by nobody": ("handler", "note", {"known": Known("none", "handler")}),
    "the program itself": ("handler", "note", {"actor": "system", "known": Known("system", "")}),
    "for another": ("handler", "note", {"known": Known("database", "", "head")}),
    "without the role": ("handler", "pass_review", {"dest": "legal_review"}),
    "from another state": ("head", "pass_review", {"source": "head_review", "dest": "approved"}),
    "to a state that is none": ("reviewer", "pass_review", {"dest": "filed"}),
    "an event of no such state": ("handler", "receive", {}),
    "a number left out": ("handler", "note", {"n": 99}),
    "a number again": ("handler", "note", {"n": 1}),
    "yesterday": ("handler", "note", {"recorded_at": "2020-01-01T00:00:00.000000Z"}),
    "in a year": ("handler", "note", {"recorded_at": "2999-01-01T00:00:00.000000Z"}),
    "a founding": ("head", "office_opened", {"track": "office", "source": "", "dest": "", "n": 0}),
    "another's act taken back": ("handler", "undo", {"payload": {"entry": 99}}),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_entry_is_refused(roles: Server, case: str, what: str) -> None:
    key, event, changed = FORGED[what]
    known = changed.get("known")
    if known is not None and known.login in ("", "handler"):
        changed = {**changed, "known": Known(known.via, roles.role(key), known.acting_for)}
    with pytest.raises(Refused) as refused:
        forged(roles, key, case, event, **changed)
    assert refused.value.rule == "house:binding"


def test_an_entry_is_not_replayed(roles: Server, case: str) -> None:
    table = TABLES["ledger"]
    with roles.place.store.reading() as connection:
        row = connection.execute(sa.select(table).order_by(table.c.seq.desc())).mappings().first()
    assert row is not None
    store = roles.store(roles.role("handler"))
    with pytest.raises(Refused), store.writing() as connection:
        connection.execute(ledger._APPEND_FOR_HIM, {**row})


def test_who_drafted_does_not_pass_by_hand_either(roles: Server) -> None:
    number = roles.place.bring("assigned")
    roles.desk("both").act(number, "accept", on=RECEIVED + timedelta(days=1))
    day = RECEIVED + timedelta(days=3)
    roles.desk("both").act(number, "draft", REFUSE, on=day)
    roles.desk("both").act(number, "submit", on=day)
    with pytest.raises(Refused):
        roles.desk("both").act(number, "pass_review", on=day)
    for event, dest in (("pass_review", "legal_review"), ("return_draft", "drafting")):
        with pytest.raises(Refused) as refused:
            forged(roles, "both", number, event, dest=dest)
        assert "who did draft" in refused.value.text


def test_rows_of_another_case_are_not_written_with_an_entry(roles: Server, case: str) -> None:
    other = roles.place.row(case)["id"] - 1
    for statement in (
        f"UPDATE clock SET due = due + 30 WHERE case_id = {other}",
        f"DELETE FROM party WHERE case_id = {other}",
        f"DELETE FROM case_key WHERE case_id = {roles.place.row(case)['id']}",
        "UPDATE officer SET roles = 'approver' WHERE key = 'handler'",
    ):
        with pytest.raises(Refused):
            forged(roles, "handler", case, "note", then=[statement])


def test_a_login_is_the_officers_own(roles: Server) -> None:
    assert roles.desk("handler").officer.key == "handler"
    with pytest.raises(Refused):
        roles.desk("handler", "head")
    with pytest.raises(Refused):
        Desk(Store(roles.url(f"worker.{roles.database}")), "head")


def test_a_deputy_is_one_in_his_time_alone(roles: Server, case: str) -> None:
    today = dates.today()

    def desk(said: str) -> Desk:
        store = roles.store(roles.role("other"))
        return Desk(store, said, now=dates.now, today=lambda: today)

    with pytest.raises(Refused):
        desk("registrar")
    chief = Desk(roles.desk("head").store, now=dates.now, today=lambda: today)
    binding.appoint(chief, "registrar", "other", today, today, "休假")
    desk("registrar").act(case, "note", {"text": "代为备注"})
    last = builders.entries(roles.place, case)[-1]
    assert (last.actor, last.known.acting_for) == ("other", "registrar")
    binding.end_deputies(chief, "registrar")
    with pytest.raises(Refused):
        forged(roles, "other", case, "note", known=Known("database", roles.role("other"), "registrar"))


def test_a_worker_is_the_program_and_nobody_else(roles: Server, case: str) -> None:
    number = roles.place.bring("issued")
    worker = roles.store(f"worker.{roles.database}")
    made = Desk(worker, system_of=1, now=dates.now, today=lambda: TODAY)
    builders.as_if_made(made)
    entry = next(one for one in builders.entries(roles.place, number) if one.event == "letter_made")
    assert (entry.actor, entry.known.via, entry.known.login) == (
        "system",
        "system",
        f"worker.{roles.database}",
    )
    with pytest.raises(Refused):
        made.act(number, "note", {"text": "x"})


def test_a_login_needs_two_persons_by_hand_too(roles: Server, case: str) -> None:
    said = {"officer": "auditor", "login": "somebody", "old": None, "proposed_by": "head"}
    with pytest.raises(Refused), roles.desk("head").store.writing() as connection:
        founding.entry(connection, 1, "login_bound", roles.desk("head").officer.actor, said)


def test_who_was_stopped_has_no_rights(roles: Server) -> None:
    late = roles.desk("late")
    founding.stop_officer(roles.desk("head"), "late")
    number = roles.place.bring("registered")
    with pytest.raises(Refused):
        late.act(number, "note", {"text": "x"})
    found = rights.apply(roles.place.store)
    assert found.revoked == [roles.role("late")]
    with pytest.raises(psycopg.Error):
        roles.connect("late").execute("SELECT * FROM case_file")


def test_what_stands_in_the_record_holds(roles: Server, case: str) -> None:
    verdict = roles.verified()
    assert verdict.known["database"] > 0


def test_rows_that_do_not_follow_from_an_entry_of_his_own_are_found(roles: Server, case: str) -> None:
    # What the database cannot know: what becomes of a case by an entry. The check of the record does.
    row = roles.place.row(case)["id"]
    forged(roles, "handler", case, "note", then=[f"UPDATE clock SET due = due + 30 WHERE case_id = {row}"])
    with pytest.raises(Damaged):
        roles.verified()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER disclosure_closed ON ledger",
        "ALTER TABLE clock DISABLE TRIGGER disclosure_update_1",
        "CREATE OR REPLACE FUNCTION disclosure_bound() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'",
    ],
)
def test_a_guard_that_was_taken_away_is_found(roles: Server, statement: str) -> None:
    with roles.place.store.engine.connect() as connection:
        verify_machine.check(connection)
        connection.exec_driver_sql(statement)
        with pytest.raises(Damaged):
            verify_machine.check(connection)


# --- organs of one database


@pytest.fixture
def two_organs(_home: Path, postgres_server: postgres.Server, _postgres_template: str) -> Iterator[Server]:
    """An office and an organ below it, each with a registrar who has a role."""
    database = postgres_server.create(_postgres_template)
    officers = builders.office_file()["officer"]
    named = [{**one, "login": f"{one['key']}.{database}"} for one in officers if one["key"] in KEYS]
    place = builders.found(postgres_server.url(database), officer=named)
    below = [{**one, "login": f"below-{one['key']}.{database}"} for one in officers if one["key"] in KEYS]
    place.organ_below(officer=below)
    found = Server(place, postgres_server, database, [])
    rights.apply(place.store)
    yield found
    for store in (*found.stores, place.store):
        store.close()
    postgres_server.drop(database)


def test_what_is_passed_on_is_written_there_and_nobody_of_the_organ_writes_so(two_organs: Server) -> None:
    place, theirs = two_organs.place, two_organs.place.organ_below()
    desk = two_organs.desk("registrar")
    number = desk.receive(builders.application()).case.number
    desk.act(number, "route", {"organ": "mz", "reasons": "属该局职责"}, on=RECEIVED)
    made = theirs.case("2026-0001")
    assert (made.state, made.received_on) == ("received", RECEIVED)
    (entry,) = [one for one in builders.entries(theirs, "2026-0001") if one.event == "receive"]
    assert (entry.actor, entry.known.login) == ("system", two_organs.role("registrar"))
    # The program's word there is that of the office above alone, and here of the organ in what it hands back.
    own = Known("system", two_organs.role("below-registrar"))
    facts = {"actor": "system", "known": own, "source": "received", "dest": "received"}
    with pytest.raises(Refused):
        forged(two_organs, "below-registrar", made.number, "note", place=theirs, office=2, **facts)
    mine = desk.receive(builders.application()).case.number
    with pytest.raises(Refused):
        forged(two_organs, "below-registrar", mine, "note", **facts)
    two_organs.desk("below-registrar").act("2026-0001", "hand_back", {"reasons": "职责已划转"}, on=RECEIVED)
    assert place.case(number).state == "received"
    for one in (place, theirs):
        verify_record.verify(one.store, one.desk().office)
