"""The append-only record: refused changes, and what the walk finds when somebody changed it all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, Place
from workflow.base.errors import Damaged, NotFound
from workflow.cases.entry import Entry, Known
from workflow.procedure.fold import fold
from workflow.storage import case_entries, entry_hash, file_store, ledger
from workflow.storage.ledger import Head
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

LEDGER = TABLES["ledger"]
# On PostgreSQL as a superuser can: the schema stays, and the database can be lent again.
PAST_TRIGGERS = {
    "sqlite": [
        "DROP TRIGGER ledger_no_update",
        "DROP TRIGGER ledger_no_delete",
        "DROP TRIGGER ledger_no_replace",
    ],
    "postgresql": ["SET LOCAL session_replication_role = replica"],
}


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(database_url)

    def filled() -> None:
        made.bring("served")
        made.receive(name="李四")
        made.act("registrar", "register", "2026-0002", RECEIVED)
        made.made()

    made.once(("filled",), filled)
    yield made
    made.store.close()


def raw(place: Place, *statements: str) -> int:
    """Statements that bypass the desk; the number of rows changed by the last one."""
    engine = sa.create_engine(place.store.url, poolclass=sa.NullPool)
    changed = 0
    with engine.begin() as connection:
        for statement in statements:
            changed = connection.execute(sa.text(statement)).rowcount
    engine.dispose()
    return changed


def tamper(place: Place, *statements: str) -> None:
    """The same past the triggers; what it changed is really changed."""
    place.store.close()
    assert raw(place, *PAST_TRIGGERS[place.store.engine.dialect.name], *statements) > 0


def verify(place: Place) -> verify_record.Verdict:
    return verify_record.verify(place.store, place.desk().office)


# --- what the database itself refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET payload = '{}' WHERE seq = 2",
        "UPDATE ledger SET actor = 'x'",
        "UPDATE ledger SET hash = hash WHERE seq = 1",
        "DELETE FROM ledger WHERE seq = 3",
        "DELETE FROM ledger",
    ],
)
def test_the_database_refuses_changes(place: Place, statement: str) -> None:
    before = builders.digest(place.store)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        raw(place, statement)
    assert builders.digest(place.store) == before
    verify(place)


def test_the_database_refuses_to_put_one_entry_in_the_place_of_another(place: Place) -> None:
    columns = ", ".join(column.name for column in LEDGER.columns)
    before = builders.digest(place.store)
    if place.store.engine.dialect.name == "sqlite":
        statements = [
            f"INSERT OR REPLACE INTO ledger SELECT {columns} FROM ledger WHERE seq = 2",
            f"REPLACE INTO ledger SELECT {columns} FROM ledger WHERE seq = 2",
            f"INSERT INTO ledger SELECT {columns} FROM ledger WHERE seq = 2"
            " ON CONFLICT (id) DO UPDATE SET payload = '{}'",
            "UPDATE OR REPLACE ledger SET seq = 2 WHERE seq = 3",
        ]
    else:
        statements = [
            f"INSERT INTO ledger SELECT {columns} FROM ledger WHERE seq = 2"
            " ON CONFLICT (id) DO UPDATE SET payload = '{}'",
            "TRUNCATE ledger",
            "TRUNCATE ledger CASCADE",
            "TRUNCATE office CASCADE",
        ]
    for statement in statements:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            raw(place, statement)
        assert builders.digest(place.store) == before
    verify(place)


# --- what the walk finds

# Statements, what the message names, and the field of the message's parameters that does.
TAMPERED: dict[str, tuple[list[str], str]] = {
    "a changed payload": (
        [
            "UPDATE ledger SET payload = replace(payload, 'natural_person', 'commercial_enterprise') WHERE seq = 2"
        ],
        "2",
    ),
    "a changed legal day": (["UPDATE ledger SET on_day = '2026-03-01' WHERE seq = 3"], "3"),
    "a changed officer": (["UPDATE ledger SET actor = 'legal' WHERE seq = 5"], "5"),
    "a changed moment": (
        ["UPDATE ledger SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 4"],
        "4",
    ),
    "another article": (["UPDATE ledger SET article = 'ogi2019:36.1' WHERE seq = 2"], "2"),
    "an entry given to another case": (["UPDATE ledger SET case_id = 2 WHERE seq = 4"], "4"),
    "an entry left out": (["DELETE FROM ledger WHERE seq = 4"], "5"),
    "two entries exchanged": (
        [
            "UPDATE ledger SET seq = -1 WHERE seq = 3",
            "UPDATE ledger SET seq = 3 WHERE seq = 4",
            "UPDATE ledger SET seq = 4 WHERE seq = -1",
        ],
        "3",
    ),
    "the first entry": (["DELETE FROM ledger WHERE seq = 1"], "2"),
    "no number of the case any more": (["UPDATE ledger SET n = NULL WHERE seq = 3"], "3"),
    "a payload that is no JSON": (["UPDATE ledger SET payload = '' WHERE seq = 3"], "3"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_walk_finds(place: Place, what: str) -> None:
    statements, seq = TAMPERED[what]
    tamper(place, *statements)
    with pytest.raises(Damaged) as caught:
        verify(place)
    assert str(caught.value.params["seq"]) == seq
    assert caught.value.exit_code == 5
    assert caught.value.advice


def test_the_walk_finds_a_tail_cut_off(place: Place) -> None:
    tamper(place, "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    with pytest.raises(Damaged, match="at the end are missing"):
        verify(place)


def test_the_walk_finds_a_tail_cut_off_together_with_the_head(place: Place) -> None:
    """The chain is whole then; the rows of the cases know of more entries than it has."""
    tamper(
        place,
        "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)",
        "UPDATE chain_head SET seq = (SELECT max(seq) FROM ledger),"
        " hash = (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1)",
    )
    with pytest.raises(Damaged):
        verify(place)


def test_the_walk_finds_everything_gone(place: Place) -> None:
    tamper(place, "DELETE FROM ledger", f"UPDATE chain_head SET seq = 0, hash = '{ledger.GENESIS}'")
    with pytest.raises(Damaged):
        verify(place)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'registered'",
        "open = NOT open",
        "reply_due = '2030-01-01'",
        "applicant_name = '李五'",
        "request = '别的'",
        "served_on = NULL",
        "handler = NULL",
        "outcome = 'withheld'",
        "received_on = '2026-03-01'",
        "decision_number = 'X'",
        "round = 2",
    ],
)
def test_the_walk_finds_a_row_that_is_not_what_its_entries_give(place: Place, change: str) -> None:
    assert raw(place, f"UPDATE case_file SET {change} WHERE number = '2026-0001'") == 1
    with pytest.raises(Damaged) as caught:
        verify(place)
    assert caught.value.params["number"] == "2026-0001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clock SET due = '2030-01-01' WHERE rule = 'reply.limit' AND case_id = 1",
        "UPDATE clock SET state = 'running' WHERE rule = 'reply.limit' AND case_id = 1",
        "UPDATE clock SET start = '2026-03-03' WHERE rule = 'reconsideration.limit'",
        "UPDATE clock SET rule = 'remedy.defence' WHERE rule = 'reconsideration.limit'",
        "DELETE FROM clock WHERE rule = 'reply.limit' AND case_id = 2",
        "UPDATE clock SET case_id = 2 WHERE rule = 'reconsideration.limit'",
    ],
)
def test_the_walk_finds_a_clock_that_is_not_what_its_entries_give(place: Place, statement: str) -> None:
    assert raw(place, statement) > 0
    with pytest.raises(Damaged) as caught:
        verify(place)
    assert caught.value.params["number"] in ("2026-0001", "2026-0002")


def test_the_walk_finds_a_case_without_entries(place: Place) -> None:
    columns = ", ".join(c.name for c in TABLES["case_file"].columns if c.name not in ("id", "number"))
    raw(
        place,
        f"INSERT INTO case_file (number, {columns}) SELECT '2026-0099', {columns} FROM case_file WHERE id = 1",
    )
    with pytest.raises(Damaged):
        verify(place)


def test_the_walk_finds_files_that_are_not_what_was_handed_in(place: Place) -> None:
    place.act("registrar", "attach", "2026-0001", RECEIVED + timedelta(days=20), file=[__file__])
    office = place.desk().office
    seen = verify_record.verify(place.store, office, with_files=True).files
    assert seen == 4
    kept = place.case("2026-0001").attachments[0]["sha256"]
    path = file_store.folder(place.store.folder) / kept[:2] / kept[2:]
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    with pytest.raises(Damaged):
        verify_record.verify(place.store, office, with_files=True)
    verify(place)  # without --files the files are not read
    path.unlink()
    with pytest.raises(Damaged):
        verify_record.verify(place.store, office, with_files=True)
    path.write_bytes(whole)
    assert verify_record.verify(place.store, office, with_files=True).files == seen
    other = file_store.put(file_store.folder(place.store.folder), b"something else")
    raw(place, f"UPDATE letter SET sha256 = '{other.sha256}' WHERE id = 1")
    with pytest.raises(Damaged):
        verify_record.verify(place.store, office, with_files=True)


# --- the chain itself

ENTRY = Entry(
    1,
    "receive",
    "case",
    date(2026, 3, 2),
    "2026-03-02T01:02:03.000000Z",
    "li",
    "new",
    "received",
    "ogi2019:31.1",
    {},
)


def test_everything_in_an_entry_is_in_its_hash() -> None:
    base = entry_hash.digest(1, 7, 3, ENTRY, "{}", "0" * 64)
    others = {
        entry_hash.digest(2, 7, 3, ENTRY, "{}", "0" * 64),
        entry_hash.digest(1, 8, 3, ENTRY, "{}", "0" * 64),
        entry_hash.digest(1, 7, 4, ENTRY, "{}", "0" * 64),
        entry_hash.digest(1, 7, None, ENTRY, "{}", "0" * 64),
        entry_hash.digest(1, 7, 3, ENTRY, "{ }", "0" * 64),
        entry_hash.digest(1, 7, 3, ENTRY, "{}", "1" * 64),
        *(
            entry_hash.digest(1, 7, 3, replace(ENTRY, **{name: value}), "{}", "0" * 64)
            for name, value in {
                "n": 2,
                "event": "register",
                "track": "remedy",
                "on": date(2026, 3, 3),
                "recorded_at": "x",
                "actor": "wu",
                "source": "x",
                "dest": "x",
                "article": "x",
                "known": Known("none"),
            }.items()
        ),
        entry_hash.digest(1, 7, 3, replace(ENTRY, known=Known("service")), "{}", "0" * 64),
        entry_hash.digest(1, 7, 3, replace(ENTRY, known=Known("none", "li")), "{}", "0" * 64),
        entry_hash.digest(1, 7, 3, replace(ENTRY, known=Known("none", None, "li")), "{}", "0" * 64),
    }
    assert len(others) == 19
    assert base not in others
    # The end of one field cannot pass for the beginning of the next.
    assert entry_hash.digest(1, 7, 3, replace(ENTRY, source="ab", dest="c"), "{}", "") != entry_hash.digest(
        1, 7, 3, replace(ENTRY, source="a", dest="bc"), "{}", ""
    )


def test_canonical_json_has_one_form() -> None:
    assert (
        entry_hash.canonical({"b": 1, "a": [date(2026, 3, 2), "张三", None]})
        == '{"a":["2026-03-02","张三",null],"b":1}'
    )
    assert entry_hash.canonical({"a": "\u2028😀"}) == '{"a":"\u2028😀"}'
    with pytest.raises(TypeError):
        entry_hash.canonical({"a": object()})


@pytest.mark.parametrize(
    "text", ['{"a":[1,"二"]}', ' {"a": 1}', "{}\n", "\ufeff{}", "", " ", "{", '{"a":1}}', '{"a" 1}']
)
def test_a_text_is_read_as_any_reader_of_json_reads_it(text: str) -> None:
    """Also one that somebody wrote past the program: views show it, and the walk finds it."""

    def read(reader: Callable[[str], object]) -> object:
        try:
            return reader(text)
        except ValueError as fault:
            return str(fault)

    assert read(entry_hash.value_of) == read(json.loads)


def test_a_chain_by_hand(place: Place) -> None:
    """Whoever has the rows can check the chain with nothing of ours: SHA-256 over canonical JSON."""
    from hashlib import sha256

    before = "0" * 64
    with place.store.reading() as connection:
        for row in connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq)):
            material = json.dumps(
                [
                    row.office_id,
                    row.seq,
                    row.case_id,
                    row.n,
                    row.track,
                    row.event,
                    row.on_day.isoformat(),
                    row.recorded_at,
                    row.actor,
                    row.source,
                    row.dest,
                    row.article,
                    row.payload,
                    before,
                    *((row.via, row.login, row.acting_for) if row.via else ()),
                ],
                ensure_ascii=False,
                sort_keys=True,
                separators=(",", ":"),
            )
            before = sha256(material.encode()).hexdigest()
            assert row.hash == before
        assert ledger.head(connection, place.desk().office.id) == Head(row.seq, before)
        with pytest.raises(NotFound):
            ledger.head(connection, 99)


def test_entries_as_they_were_known_at_a_moment(place: Place) -> None:
    with place.store.reading() as connection:
        every = case_entries.entries(connection, 1)
        for entry in every:
            known = case_entries.entries(connection, 1, until=entry.recorded_at)
            assert [one.n for one in known] == list(range(1, entry.n + 1))
            assert fold(known).entries == entry.n
        assert case_entries.entries(connection, 1, until="2000") == []


@pytest.mark.parametrize("change", [{"n": 3}, {"source": "registered"}])
def test_entries_that_do_not_follow_one_another_are_damaged(place: Place, change: dict[str, object]) -> None:
    with place.store.reading() as connection:
        first, second, *_ = case_entries.entries(connection, 1)
    fold([first, second])
    with pytest.raises(Damaged):
        fold([first, replace(second, **change)])


def test_the_record_holds_no_personal_data_in_the_open(place: Place, tmp_path: Path) -> None:
    """Neither the tables nor the file hold what was sealed."""
    place.desk().amend("2026-0001", "address", "江州市新街99号", "搬迁")
    secrets = ["320500199001010017", "江州市平安路12号", "江州市新街99号"]
    rows = json.dumps(builders.contents(place.store), ensure_ascii=False, default=str)
    assert not any(secret in rows for secret in secrets)
    if place.store.url.startswith("sqlite"):
        path = Path(place.store.url.removeprefix("sqlite:///"))
        held = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
        assert not any(secret.encode() in held for secret in secrets)


def test_the_office_has_entries_of_its_own_in_the_same_chain(place: Place) -> None:
    from workflow.office import founding, profile_changes

    profile_changes.set_profile(place.desk("head"), "telephone", "0512-1")
    founding.add_officer(
        place.desk("head"), {"key": "xin", "name": "新人", "roles": "handler", "unit": "ban"}
    )
    founding.stop_officer(place.desk("head"), "xin")
    with place.store.reading() as connection:
        found = [
            row.event
            for row in connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq))
            if row.case_id is None
        ]
    assert found == ["office_opened", "office_set", "officer_set", "officer_stopped"]
    verify(place)


def test_a_walk_is_told_how_far_it_is(place: Place) -> None:
    seen: list[int] = []
    count: Callable[[int], None] = seen.append
    verdict = verify_record.verify(place.store, place.desk().office, seen=count)
    assert seen == list(range(1, verdict.entries + 1))
