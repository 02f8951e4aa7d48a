"""Evidence: what the tree costs an act, how long a proof takes in a record of ten million entries, how large
it is, how long the tree of a million entries is built, and what verifying letters costs beside hashing them.

The record of ten million entries holds of the ledger the rows that a path reads, and of the kept nodes all:
every 256 entries are alike, so that the nodes above them are known without hashing ten million times.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, Taken, clocked, in_turns
from benchmarks.world import OFFICE, World

ACT, PROOF_MS, PROOF_BYTES, BUILD_S, VERIFY = 1.05, 5, 2048, 10, 1.2
LONG, MANY = 10_000_000, 1_000_000
# Letters and their size, and how many are measured of the hundred thousand: the work is the same for each.
LETTERS, BYTES = 5_000, 80_000


def evidence(world: World, rounds: int) -> Iterator[Figure]:
    """Every figure of evidence."""
    yield _act(world, rounds)
    yield from _proof(world, rounds)
    yield _building(world)
    yield _verifying(world, max(1, rounds // 20))


def _act(world: World, rounds: int) -> Figure:
    """An act with the tree, against the same act without it, each in a copy of the database made in the same
    way; in processor time.
    """
    import sqlite3

    from workflow.casework.desk import Desk
    from workflow.storage.database import Store

    assert world.store
    on, desk = date(2026, 3, 3), world.desks["registrar"]
    cases = [world.receive(9000 + number) for number in range(2 * rounds + 8)]
    copies = [world.folder / name for name in ("with.db", "without.db")]
    with closing(sqlite3.connect(world.folder / "disclosure.db")) as connection:
        for copy in copies:
            connection.execute("VACUUM INTO ?", (str(copy),))
    ours, theirs = (
        Desk(Store(f"sqlite:///{copy}"), "registrar", now=desk.now, today=desk.today) for copy in copies
    )

    def once(desk: Any, waiting: Iterator[str]) -> None:
        desk.act(next(waiting), "register", {}, on=on)

    def without(waiting: Iterator[str]) -> Taken:
        with _no_tree():
            return clocked(partial(once, theirs, waiting))

    runs = {
        "ours": partial(clocked, partial(once, ours, iter(cases))),
        "floor": partial(without, iter(cases)),
    }
    found = in_turns(runs, 2 * rounds, warm=4)
    for one in (ours, theirs):
        one.store.close()
    mine, least = found["ours"].processor, found["floor"].processor
    return Figure("an act with the tree", mine, ACT, least, note="processor time; the same act without")


@contextmanager
def _no_tree() -> Iterator[None]:
    """Nothing is hashed or kept beside the chain; the database is thrown away afterwards."""
    from workflow.storage import tree

    kept = tree.growing, tree.keep

    class Nothing:
        def __init__(self, peaks: str) -> None:
            self.peaks = peaks

        def add(self, _hash: str) -> None:
            """Nothing."""

    tree.growing = lambda _connection, _office, _seq, peaks: Nothing(peaks)  # type: ignore[assignment,return-value]
    tree.keep = lambda *_given: None  # type: ignore[assignment]
    try:
        yield
    finally:
        tree.growing, tree.keep = kept


def _place(folder: Path) -> Any:
    """An office in a database of its own, with the key that signs checkpoints."""
    from workflow.evidence import keys
    from workflow.office import founding, office_file
    from workflow.storage.database import Store

    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'disclosure.db'}")
    founding.init(store, *office_file.checked(OFFICE))
    keys.create(keys.place(store.folder))
    return store


def _entry(seq: int, made: str, payload: str = "{}", event: str = "note") -> dict[str, Any]:
    return {
        "office_id": 1,
        "seq": seq,
        "case_id": None,
        "n": 0,
        "track": "case",
        "event": event,
        "on_day": date(2026, 3, 9),
        "recorded_at": "2026-03-09T01:00:00.000000Z",
        "actor": "registrar",
        "source": "",
        "dest": "",
        "article": "",
        "payload": payload,
        "via": "system",
        "login": "",
        "prev_hash": "0" * 64,
        "hash": made,
    }


def _proof(world: World, rounds: int) -> Iterator[Figure]:
    """The proof of a letter in a long record, by itself; and its size with one countersignature."""
    from sqlalchemy import insert, select, text

    from workflow.base import merkle
    from workflow.casework.desk import Desk
    from workflow.evidence import notes, proofs
    from workflow.storage import tree
    from workflow.storage.tables import TABLES

    store = _place(world.folder / "long")
    block = [hashlib.sha256(bytes([n])).hexdigest() for n in range(256)]
    levels = [[merkle.leaf(bytes.fromhex(one)) for one in block]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([merkle.joined(below[at], below[at + 1]) for at in range(0, len(below), 2)])
    roots = {8: levels[-1][0]}
    for level in range(9, 25):
        roots[level] = merkle.joined(roots[level - 1], roots[level - 1])
    payload = (
        '{"code":"D1","content":"' + "a" * 64 + '","entry":9,"letter":123456,'
        '"number":"江工信公复〔2026〕1234号","sha256":"' + "b" * 64 + '"}'
    )
    place = LONG // 3
    wanted = {place >> 8, LONG >> 8}
    with store.writing() as connection:
        connection.execute(text("DROP TRIGGER ledger_no_delete"))
        connection.execute(text("DELETE FROM ledger"))
        for at in sorted(wanted):
            rows = [_entry((at << 8) + n + 1, one) for n, one in enumerate(block) if (at << 8) + n < LONG]
            connection.execute(insert(TABLES["ledger"]), rows)
        # The row of the letter has a payload of its own: its hash is one of the block all the same.
        connection.execute(text("DROP TRIGGER ledger_no_update"))
        connection.execute(
            text(
                "UPDATE ledger SET event = 'letter_made', payload = :p, case_id = NULL, n = 11 WHERE seq = :s"
            ),
            {"p": payload, "s": place + 1},
        )
        for level in (8, 16):
            nodes = [
                {"office_id": 1, "level": level, "place": at, "hash": roots[level].hex()}
                for at in range(LONG >> level)
            ]
            connection.execute(insert(TABLES["tree_node"]), nodes)
    with store.reading() as connection:
        kept = tree.Kept(connection, 1)
        root = merkle.root_at(LONG, kept.node)
        query = select(TABLES["ledger"]).where(TABLES["ledger"].c.seq == place + 1)
    desk = Desk(store, "registrar")
    signed = _signed(LONG, root)

    def once() -> None:
        made.append(proofs.of_letters(desk, [_read(store, query)], signed)[0])

    made: list[Any] = []
    found = in_turns({"ours": partial(clocked, once)}, 4 * rounds, warm=3)["ours"]
    path = made[-1].text.split("\n\n", 1)[0].count("\n") - 2
    assert notes.read(made[-1].text.split("\n\n", 1)[1]).text == signed.text
    note = f"{LONG:,} entries, a path of {path}"
    yield Figure("a proof of a letter", found.processor, PROOF_MS, note=note)
    yield Figure("its size, countersigned", len(made[-1].text.encode()), PROOF_BYTES, unit="B", note=note)


def _read(store: Any, query: Any) -> Any:
    with store.reading() as connection:
        return connection.execute(query).one()


def _signed(size: int, root: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from workflow.evidence import notes

    key = Ed25519PrivateKey.generate()
    text = notes.Checkpoint("disclosure/jz/0123456789abcdef", size, root).text
    made = notes.Note(text, (notes.sign(text, "disclosure/jz/0123456789abcdef", key),))
    return made.joined_with([notes.cosign(text, "archive.example.cn", key, 1_790_000_000)])


def _building(world: World) -> Figure:
    """The tree of a record that has none yet."""
    import sqlite3

    from workflow.storage import tree

    store = _place(world.folder / "million")
    path = store.folder / "disclosure.db"
    store.close()
    row = _entry(0, "")
    columns = list(row)
    raw = sqlite3.connect(path)
    raw.executescript("DROP TRIGGER ledger_no_delete; DELETE FROM ledger;")
    raw.executemany(
        f"INSERT INTO ledger ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (
            [str(value) if isinstance(value, date) else value for value in entry.values()]
            for entry in (_entry(n + 1, hashlib.sha256(b"%d" % n).hexdigest()) for n in range(MANY))
        ),
    )
    raw.commit()
    raw.close()

    def once() -> None:
        with store.writing() as connection:
            tree.build(connection, 1)

    taken = clocked(once)
    store.close()
    return Figure(
        "building the tree",
        taken.processor / 1000,
        BUILD_S,
        unit="s",
        note=f"{MANY:,} entries, processor time",
    )


def _verifying(world: World, rounds: int) -> Figure:
    """Letters in the file store compared with their hashes, as `verify --files` does, against hashing the
    same files.
    """
    from workflow.storage import file_store

    folder = world.folder / "letters"
    content = (b"%PDF-1.7 " * (BYTES // 9 + 1))[: BYTES - 8]
    kept = [file_store.put(folder, content + b"%08d" % n).sha256 for n in range(LETTERS)]

    def ours() -> None:
        for one in kept:
            file_store.verify(folder, one)

    def floor() -> None:
        for one in kept:
            with (folder / one[:2] / one[2:]).open("rb") as file:
                hashlib.file_digest(file, "sha256").hexdigest()

    found = in_turns({"ours": partial(clocked, ours), "floor": partial(clocked, floor)}, rounds)
    shutil.rmtree(folder)
    mine, least = found["ours"].processor * 100_000 / LETTERS, found["floor"].processor * 100_000 / LETTERS
    return Figure(
        "verifying 100,000 letters",
        mine / 1000,
        VERIFY,
        least / 1000,
        "s",
        f"of {BYTES // 1000} kB, by {LETTERS:,}",
    )
