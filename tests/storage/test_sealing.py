"""Entries that their commit chains (PostgreSQL): the same chain and tree as elsewhere, all or nothing, and
nobody waits for whoever still composes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from letters.content import compose, kinds, specimens
from tests import builders
from tests.builders import RECEIVED, Place
from workflow import law
from workflow.base.errors import Conflict
from workflow.cases.entry import Entry, Known
from workflow.casework import composed, letter_data
from workflow.storage import entry_hash, ledger, number_series, sealing, tree
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

DAY = RECEIVED + timedelta(days=5)
HEAD, NODES = TABLES["chain_head"], TABLES["tree_node"]


@pytest.fixture
def place(postgres_server: Any, _postgres_template: str, home: Path) -> Iterator[Place]:
    name = postgres_server.lend(_postgres_template)
    made = builders.found(postgres_server.url(name))
    yield made
    made.store.close()
    postgres_server.give_back(name, _postgres_template)


@pytest.mark.parametrize("known", [None, Known("login", '李"四\\', None)])
def test_the_parts_around_the_place_in_the_chain_are_what_is_hashed(known: Known | None) -> None:
    entry = Entry(3, "note", "case", DAY, "2026-03-07T01:00:00.000001Z", "甲", "", "", "", {}, known)
    payload = entry_hash.canonical({"text": '引号"、反斜\\与\n换行'})
    start, middle, end = entry_hash.around(12, 7, entry, payload)
    for seq in (1, 98765):
        wanted = entry_hash.hashed(12, seq, 7, entry, payload, "ab" * 32)
        assert f'{start}{seq}{middle}"{"ab" * 32}"{end}' == wanted


@pytest.mark.parametrize("code", [kind.code for kind in kinds.all() if kind.series])
def test_a_letter_says_the_same_whenever_it_gets_its_number(code: str) -> None:
    plain = specimens.data(code)
    before, after = (
        compose.letter(code, {**plain, "number": f"江工信公告〔2026〕{n}号"}, law.bundled()) for n in (1, 207)
    )
    assert composed.numbered(before, "江工信公告〔2026〕207号") == after


def note(n: int, text: str = "来电") -> Entry:
    return Entry(
        n, "note", "case", DAY, f"m{n}", "registrar", "", "", "", {"text": text}, Known("none", None, None)
    )


@pytest.mark.postgres
def test_the_database_makes_the_chain_and_the_tree_as_the_program_does(place: Place) -> None:
    """Through several levels of the tree, in one commit: each entry hangs on the one before it."""
    case, office = place.receive().case_id, place.desk().office.id
    told: list[tuple[int, str]] = []
    with place.store.writing() as connection:
        for n in range(2, 600):
            sealing.wait(connection, office, case, note(n, f"“{n}”"), lambda *one: told.append(one))
    query = sa.select(NODES.c.level, NODES.c.place, NODES.c.hash)
    with place.store.writing() as connection:
        rows = list(ledger.walk(connection, office))
        assert told == [(row.seq, row.hash) for row in rows[-598:]]
        nodes, peaks = set(connection.execute(query)), ledger.head(connection, office).peaks
        assert len(nodes) == len(rows) >> tree.STEP
        assert (tree.build(connection, office).peaks, set(connection.execute(query))) == (peaks, nodes)


@pytest.mark.postgres
def test_an_act_knows_its_place_in_the_chain(place: Place) -> None:
    place.receive()
    done = place.act("registrar", "note", "2026-0001", DAY, text="来电")
    with place.store.reading() as connection:
        assert ledger.head(connection, place.desk().office.id) == ledger.Head(done.seq, done.hash)


@pytest.mark.postgres
def test_what_cannot_be_chained_takes_all_along(place: Place) -> None:
    """Where the head is not there the entry is refused, and what was written before it is not kept."""
    case, office = place.receive().case_id, place.desk().office.id
    with pytest.raises(Conflict), place.store.writing() as connection:
        connection.execute(sa.delete(HEAD))
        sealing.wait(connection, office, case, note(2), lambda *_: None)
    place.act("registrar", "note", "2026-0001", DAY, text="来电")
    assert verify_record.verify(place.store, place.desk().office).refused == []


@pytest.mark.postgres
def test_who_waits_too_long_for_his_turn_is_told(place: Place) -> None:
    case, office = place.receive().case_id, place.desk().office.id
    turn = sa.text("SELECT pg_advisory_xact_lock(:turn, :office)")
    with place.store.reading() as holding:
        holding.execute(turn, {"turn": sealing.TURN, "office": office})
        with pytest.raises(Conflict, match="lock timeout"), place.store.writing() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 50")
            sealing.wait(connection, office, case, note(2), lambda *_: None)
    place.act("registrar", "note", "2026-0001", DAY, text="来电")
    assert place.case("2026-0001").entries == 2


@pytest.mark.postgres
def test_a_head_of_an_earlier_version_gets_its_tree_with_the_next_act(place: Place) -> None:
    place.receive()
    with place.store.writing() as connection:
        connection.execute(sa.update(HEAD).values(peaks=None))
    place.act("registrar", "note", "2026-0001", DAY, text="来电")
    assert verify_record.verify(place.store, place.desk().office).refused == []


@pytest.mark.postgres
def test_what_needs_the_chain_within_an_act_finds_its_entry_there(place: Place) -> None:
    place.receive()
    found: list[int] = []

    def also(connection: Any, done: Any) -> None:
        found.append(ledger.head(connection, place.desk().office.id, lock=True).seq)

    done = place.desk("registrar").act("2026-0001", "note", {"text": "来电"}, on=DAY, also=also)
    assert found == [done.seq]
    assert verify_record.verify(place.store, place.desk().office).refused == []


@pytest.mark.postgres
def test_nobody_waits_for_a_letter_that_is_composed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the letters of one act are composed, another act of the office is done, with a number too."""
    first, second = place.bring("in_hand"), place.bring("in_hand")
    other = Place(builders.Store(place.store.url))
    composing, done = letter_data.compose, []

    def meanwhile(*given: Any) -> Any:
        if not done:
            done.append(None)
            done.append(other.act("handler", "consult_third_party", second, DAY, name="乙公司"))
        return composing(*given)

    monkeypatch.setattr(letter_data, "compose", meanwhile)
    mine = place.act("handler", "consult_third_party", first, DAY, name="甲公司")
    assert done[1].seq < mine.seq
    numbers = [one["number"] for act in (done[1], mine) for one in act.letters if one["number"]]
    assert len(set(numbers)) == len(numbers) >= 2
    assert verify_record.verify(place.store, place.desk().office).refused == []
    other.store.close()


@pytest.mark.postgres
def test_two_take_the_first_number_of_a_year(place: Place) -> None:
    office = place.desk().office.id

    def second() -> int:
        with place.store.writing() as connection:
            return number_series.take(connection, office, "notice", 2031)

    with ThreadPoolExecutor(1) as pool:
        with place.store.writing() as connection:
            assert number_series.take(connection, office, "notice", 2031) == 1
            waiting = pool.submit(second)
        assert waiting.result(30) == 2


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_while_it_rested_is_made_anew(place: Place) -> None:
    place.receive()
    other = sa.create_engine(place.store.url, poolclass=sa.NullPool)
    with other.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.dispose()
    assert place.act("registrar", "note", "2026-0001", DAY, text="来电").entry.n == 2
