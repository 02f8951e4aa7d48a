"""Evidence from end to end: what an outsider with the page or the program finds, whatever the owner does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import builders
from tests.builders import RECEIVED, Place
from tests.storage.test_ledger import PAST_TRIGGERS, raw
from workflow.base import messages
from workflow.base.errors import Conflict, Damaged, DisclosureError, Malformed, NotFound, Refused
from workflow.evidence import checkpoints, keys, notes, proofs, witness
from workflow.evidence.notes import COSIGNED, Key, Note
from workflow.jobs import queue
from workflow.storage import file_store, ledger, tree
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

LEDGER = TABLES["ledger"]
VERIFY = proofs.VERIFIERS["verify_evidence.py"]
MOMENT = 1_790_000_000
WITNESS = "archive.example.cn"


class World:
    """An office with two letters that were really made, and a witness who saw its record."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.folder = place, folder
        self.witness_key = Ed25519PrivateKey.generate()
        self.seen = folder / "seen.json"

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        return self.place.desk("registrar")

    def rows(self) -> list[sa.Row]:
        with self.place.store.reading() as connection:
            return proofs.entries(connection, self.desk)

    def pdf(self, n: int = 0) -> bytes:
        sha = json.loads(self.rows()[n].payload)["sha256"]
        return file_store.read(file_store.folder(self.place.store.folder), sha)

    def witnessed(self, old: int = 0) -> Note:
        """The record shown to the witness, and his signature taken back."""
        log = checkpoints.public_key(self.desk)
        text = checkpoints.request(self.desk, old)
        made = witness.cosign(text, self.seen, WITNESS, self.witness_key, MOMENT, log)
        checkpoints.accept(self.desk, str(made.note))
        return made.note

    def keys(self) -> list[str]:
        mine = Key(WITNESS, COSIGNED, self.witness_key.public_key().public_bytes_raw())
        return [checkpoints.public_key(self.desk).text, mine.text]

    def proof(self, n: int = 0, note: Note | None = None) -> str:
        return proofs.of_letters(self.desk, [self.rows()[n]], note)[0].text

    def judged(self, pdf: bytes, proof: str, kept: Note | None, known: list[str]) -> tuple[int, str]:
        """What the program that stands alone says, run as an outsider runs it."""
        (self.folder / "a.pdf").write_bytes(pdf)
        (self.folder / "a.proof").write_text(proof, encoding="utf-8")
        words = [str(self.folder / "a.pdf"), str(self.folder / "a.proof")]
        if kept is not None:
            (self.folder / "kept").write_text(str(kept), encoding="utf-8")
            words += ["--checkpoint", str(self.folder / "kept")]
        for one in known:
            words += ["--key", one]
        ended = subprocess.run(
            [sys.executable, "-I", "-S", str(VERIFY), *words], capture_output=True, text=True, check=False
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two cases whose replies were made as PDF; copied for each test."""
    folder = tmp_path_factory.mktemp("evidence")
    place = builders.found(f"sqlite:///{folder / 'disclosure.db'}")
    for name in ("张三", "李四"):
        number = place.bring("issued", name=name)
        assert place.case(number).reply
    queue.settle(place.desk("registrar"))
    place.store.close()
    return folder


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[World]:
    copy = tmp_path / "office"
    shutil.copytree(template, copy)
    place = Place(Store(f"sqlite:///{copy / 'disclosure.db'}"))
    keys.create(keys.place(place.store.folder))
    yield World(place, tmp_path)
    place.store.close()


def rechain(world: World, change: Callable[[list[dict]], list[dict]]) -> None:
    """With all rights: the entries rewritten, the chain, the head and the tree made anew."""
    engine = world.place.store.engine
    world.place.store.close()
    raw(world.place, *PAST_TRIGGERS["sqlite"])
    engine = sa.create_engine(world.place.store.url)
    with engine.begin() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq)).mappings()]
        rows = change(rows)
        connection.execute(sa.delete(LEDGER))
        before = ledger.GENESIS
        for seq, row in enumerate(rows, 1):
            row |= {"id": seq, "seq": seq, "prev_hash": before}
            plain = SimpleNamespace(**row)
            before = sha256(ledger.hashed_of(plain).encode()).hexdigest()
            row["hash"] = before
            connection.execute(sa.insert(LEDGER).values(**row))
        head = TABLES["chain_head"]
        connection.execute(sa.update(head).values(seq=len(rows), hash=before, peaks=None))
        tree.build(connection, 1)
        connection.execute(sa.delete(TABLES["checkpoint"]))
    engine.dispose()
    world.place.store = Store(str(engine.url))
    world.place._desks.clear()


# --- what holds


def test_an_outsider_is_shown_the_letter_in_the_record(world: World) -> None:
    kept = world.witnessed()
    status, said = world.judged(world.pdf(), world.proof(note=kept), kept, world.keys())
    assert status == 0, said
    assert WITNESS in said
    assert "countersigned" in said
    assert len(world.proof(note=kept).encode()) <= 2048


def test_without_a_witness_it_says_so(world: World) -> None:
    note = checkpoints.make(world.desk)
    status, said = world.judged(world.pdf(), world.proof(note=note), None, world.keys()[:1])
    assert (status, "NOT proved" in said) == (0, True)


def test_the_record_goes_on_and_old_proofs_hold(world: World) -> None:
    first = world.witnessed()
    old = world.proof(note=first)
    size = notes.checkpoint_of(first.text).size
    for name in ("王五", "赵六"):
        world.place.receive(name=name)
    second = world.witnessed(size)
    assert notes.checkpoint_of(second.text).size == size + 2
    assert world.judged(world.pdf(), old, first, world.keys())[0] == 0
    assert world.judged(world.pdf(1), world.proof(1, second), second, world.keys())[0] == 0
    verify_record.verify(world.place.store, world.desk.office)


def test_texts_stay_sealed_in_a_proof(world: World) -> None:
    proof = world.proof()
    import base64

    entry = base64.b64decode(proof.split("\n")[1][6:]).decode()
    for secret in ("张三", "李四", "320500199001010017", "平安路"):
        assert secret not in entry


# --- twenty attacks of somebody with all rights


def _cut_the_end(world: World) -> None:
    rechain(world, lambda rows: rows[:-1])


def _drop_a_middle_entry(world: World) -> None:
    rechain(world, lambda rows: rows[:3] + rows[4:])


def _change_a_text(world: World) -> None:
    def change(rows: list[dict]) -> list[dict]:
        rows[1]["payload"] = rows[1]["payload"].replace("post", "online", 1)
        return rows

    rechain(world, change)


def _back_date(world: World) -> None:
    def change(rows: list[dict]) -> list[dict]:
        from datetime import timedelta

        rows[4]["on_day"] = rows[4]["on_day"] - timedelta(days=20)
        return rows

    rechain(world, change)


def _another_officer(world: World) -> None:
    def change(rows: list[dict]) -> list[dict]:
        rows[5]["actor"] = "head"
        return rows

    rechain(world, change)


def _swap_two(world: World) -> None:
    rechain(world, lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]])


def _put_one_in(world: World) -> None:
    rechain(world, lambda rows: [*rows[:2], {**rows[2], "id": None, "n": None}, *rows[2:]])


def _another_moment(world: World) -> None:
    def change(rows: list[dict]) -> list[dict]:
        rows[2]["recorded_at"] = "2026-01-01T00:00:00.000000Z"
        return rows

    rechain(world, change)


REWRITES = {
    "the end is cut off": _cut_the_end,
    "an entry in the middle is dropped": _drop_a_middle_entry,
    "a text is changed": _change_a_text,
    "an act is back-dated": _back_date,
    "another officer did it": _another_officer,
    "two acts are exchanged": _swap_two,
    "an act is put in": _put_one_in,
    "recorded at another moment": _another_moment,
}


@pytest.mark.parametrize("how", REWRITES)
def test_a_record_that_was_rewritten_is_not_countersigned_again(world: World, how: str) -> None:
    """The chain is whole again and everything of ours is deceived; the witness is not."""
    kept = world.witnessed()
    size = notes.checkpoint_of(kept.text).size
    REWRITES[how](world)
    log = notes.read_key(world.keys()[0])
    if log.name != notes.checkpoint_of(kept.text).origin:
        with pytest.raises(Malformed):  # to him it is another log, which nobody told him of
            witness.cosign(
                "old 0\n\n" + str(checkpoints.make(world.desk)),
                world.seen,
                WITNESS,
                world.witness_key,
                MOMENT,
            )
        return
    now = notes.checkpoint_of(checkpoints.make(world.desk).text).size
    text = checkpoints.request(world.desk, min(size, now))
    words = "entries are missing" if now < size else "its record was rewritten"
    with messages.speaking("en"), pytest.raises(Refused, match=words):
        witness.cosign(text, world.seen, WITNESS, world.witness_key, MOMENT)
    # And whoever holds the countersigned checkpoint finds it with the letter that was rewritten round.
    if now == size:
        status, said = world.judged(
            world.pdf(), world.proof(note=checkpoints.make(world.desk)), kept, world.keys()
        )
        assert (status, "two records" in said) == (1, True), said


def test_a_rewritten_record_is_found_by_the_checkpoints_kept_here(world: World) -> None:
    world.witnessed()
    saved = world.folder / "row"
    table = TABLES["checkpoint"]
    with world.place.store.reading() as connection:
        row = dict(connection.execute(sa.select(table)).mappings().one())
    del saved
    _back_date(world)
    with world.place.store.writing() as connection:
        connection.execute(sa.insert(table).values(**row))
    with pytest.raises(Damaged):
        verify_record.verify(world.place.store, world.desk.office)


def test_a_fork_for_two_audiences(world: World) -> None:
    """One of the two stories is countersigned; the other is not believed with his checkpoint in hand."""
    world.place.store.close()
    other = world.folder / "other"
    shutil.copytree(world.folder / "office", other)
    world.place.store = Store(world.place.store.url)
    world.place._desks.clear()
    world.place.receive(name="王五")
    kept = world.witnessed()
    fork = World(Place(Store(f"sqlite:///{other / 'disclosure.db'}")), world.folder)
    fork.witness_key, fork.seen = world.witness_key, world.seen
    fork.place.receive(name="赵六")
    note = checkpoints.make(fork.desk)
    status, said = world.judged(fork.pdf(), fork.proof(note=note), kept, world.keys())
    assert (status, "two records" in said) == (1, True)
    with pytest.raises(Refused):
        witness.cosign(
            checkpoints.request(fork.desk, notes.checkpoint_of(kept.text).size),
            world.seen,
            WITNESS,
            world.witness_key,
            MOMENT,
        )
    fork.place.store.close()


def test_an_old_backup_is_put_back_and_work_goes_on(world: World) -> None:
    world.place.store.close()
    old = world.folder / "old.db"
    shutil.copy(world.folder / "office" / "disclosure.db", old)
    world.place.store = Store(world.place.store.url)
    world.place._desks.clear()
    world.place.receive(name="王五")
    kept = world.witnessed()
    size = notes.checkpoint_of(kept.text).size
    world.place.store.close()
    for name in ("disclosure.db-wal", "disclosure.db-shm"):
        (world.folder / "office" / name).unlink(missing_ok=True)
    shutil.copy(old, world.folder / "office" / "disclosure.db")
    world.place.store = Store(world.place.store.url)
    world.place._desks.clear()
    with pytest.raises(Malformed):
        checkpoints.request(world.desk, size)  # fewer entries than he saw
    for name in ("赵六", "钱七", "孙八"):
        world.place.receive(name=name)
    with pytest.raises(Refused):
        witness.cosign(checkpoints.request(world.desk, size), world.seen, WITNESS, world.witness_key, MOMENT)


LETTERS: dict[str, Callable[[World, Note], tuple[bytes, str]]] = {
    "another PDF": lambda w, n: (w.pdf() + b"\n", w.proof(note=n)),
    "another letter's PDF": lambda w, n: (w.pdf(1), w.proof(note=n)),
    "two proofs exchanged": lambda w, n: (w.pdf(), w.proof(1, n)),
    "the entry in the proof changed": lambda w, n: (w.pdf(), _changed_entry(w.proof(note=n))),
    "another place in the record": lambda w, n: (w.pdf(), _moved(w.proof(note=n))),
    "a step of the path changed": lambda w, n: (w.pdf(), _bent(w.proof(note=n))),
    "a step of the path left out": lambda w, n: (w.pdf(), _shorter(w.proof(note=n))),
    "a larger size": lambda w, n: (w.pdf(), _larger(w.proof(note=n))),
}
# What the program prints of each, as docs/evidence.md tells it.
OTHER = "the proof is of another letter than this PDF, or the PDF or the proof was changed"
SAID = {
    "another place in the record": "the entry does not stand where the proof says",
    "a larger size": "does not hold",
}


def _lines(proof: str) -> list[str]:
    return proof.split("\n")


def _changed_entry(proof: str) -> str:
    import base64

    lines = _lines(proof)
    entry = base64.b64decode(lines[1][6:]).replace(b"2026-09-01", b"2026-08-01")
    return "\n".join([lines[0], "extra " + base64.b64encode(entry).decode(), *lines[2:]])


def _moved(proof: str) -> str:
    lines = _lines(proof)
    return "\n".join([*lines[:2], f"index {int(lines[2][6:]) - 1}", *lines[3:]])


def _bent(proof: str) -> str:
    lines = _lines(proof)
    return "\n".join([*lines[:3], "A" * 43 + "=", *lines[4:]])


def _shorter(proof: str) -> str:
    lines = _lines(proof)
    return "\n".join([*lines[:3], *lines[4:]])


def _larger(proof: str) -> str:
    above, _, note = proof.partition("\n\n")
    lines = note.split("\n")
    return above + "\n\n" + "\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:]])


@pytest.mark.parametrize("what", LETTERS)
def test_a_letter_or_proof_that_was_exchanged(world: World, what: str) -> None:
    kept = world.witnessed()
    status, said = world.judged(*LETTERS[what](world, kept), kept, world.keys())
    assert (status, SAID.get(what, OTHER) in said) == (1, True), said


def test_the_office_s_key_replaced(world: World) -> None:
    kept = world.witnessed()
    known = world.keys()
    keys.place(world.place.store.folder).unlink()
    keys.create(keys.place(world.place.store.folder))
    world.place.receive(name="王五")
    note = checkpoints.make(world.desk)
    status, said = world.judged(world.pdf(), world.proof(note=note), None, known)
    assert (status, "no signature of the office" in said) == (1, True)
    with pytest.raises(Refused):
        witness.cosign(
            checkpoints.request(world.desk, notes.checkpoint_of(kept.text).size),
            world.seen,
            WITNESS,
            world.witness_key,
            MOMENT,
        )


def test_a_signature_of_a_witness_made_up(world: World) -> None:
    """Signed by a key of the owner's under the witness's name: the id is another, so it counts for nothing;
    with the witness's id it does not hold.
    """
    note = checkpoints.make(world.desk)
    mine = Ed25519PrivateKey.generate()
    forged = note.joined_with([notes.cosign(note.text, WITNESS, mine, MOMENT)])
    status, said = world.judged(world.pdf(), world.proof(note=forged), None, world.keys())
    assert (status, "nobody else" in said) == (0, True)
    name, _, signature = notes.cosign(note.text, WITNESS, mine, MOMENT)
    stolen = notes.read_key(world.keys()[1]).id
    forged = Note(note.text, (*note.signatures, (name, stolen, signature)))
    assert world.judged(world.pdf(), world.proof(note=forged), None, world.keys())[0] == 1


def test_a_countersignature_of_another_checkpoint(world: World) -> None:
    first = world.witnessed()
    world.place.receive(name="王五")
    note = checkpoints.make(world.desk)
    moved = note.joined_with(first.signatures[1:])
    assert world.judged(world.pdf(), world.proof(note=moved), None, world.keys())[0] == 1


def test_an_earlier_moment_of_countersigning(world: World) -> None:
    kept = world.witnessed()
    name, key_id, signature = kept.signatures[1]
    earlier = Note(kept.text, (kept.signatures[0], (name, key_id, (1).to_bytes(8, "big") + signature[8:])))
    assert world.judged(world.pdf(), world.proof(note=earlier), None, world.keys())[0] == 1


def test_a_witness_who_signs_a_fork(world: World) -> None:
    """He signs another story of the same length as if he had seen nothing: whoever holds what he signed
    before holds both signatures against him.
    """
    kept = world.witnessed()
    known = world.keys()
    world.seen.unlink()
    _back_date(world)
    forked = world.witnessed()
    status, said = world.judged(world.pdf(), world.proof(note=forked), kept, known)
    assert (status, "the office gave out two records" in said) == (1, True), said


def test_a_witness_never_signs_two_stories(world: World) -> None:
    """A fork of the same length as what he saw last."""
    world.witnessed()
    _back_date(world)
    with pytest.raises((Refused, Malformed, Conflict)):
        world.witnessed(notes.checkpoint_of(checkpoints.make(world.desk).text).size)


# --- what comes in


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\n\n",
        "a\n1\nAAAA\n\n— x y\n",
        "old 1\n\n",
        "old x\n\n" + "a\n" * 3,
        "old 0\n" + "A" * 44 + "\n",
        "a\n" * 100_000,
    ],
)
def test_what_is_no_note_or_request_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DisclosureError):
        notes.read(text)
    with pytest.raises(DisclosureError):
        witness.cosign(text, tmp_path / "seen", "w", Ed25519PrivateKey.generate(), MOMENT)


@pytest.mark.parametrize("text", ["", "a", "a+b+c", "a+00000000+AQ==", "a b+1+AA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        notes.read_key(text)


def test_what_a_witness_saw_is_damaged(world: World) -> None:
    world.witnessed()
    world.seen.write_text("[]")
    with pytest.raises(Damaged):
        world.witnessed()


def test_a_checkpoint_of_another_office_is_not_taken(world: World) -> None:
    note = checkpoints.make(world.desk)
    other = Note(note.text.replace("disclosure/jz", "disclosure/yz"), note.signatures)
    with pytest.raises(Conflict):
        checkpoints.accept(world.desk, str(other))
    grown = Note(note.text.replace(f"\n{notes.checkpoint_of(note.text).size}\n", "\n999\n"), note.signatures)
    with pytest.raises(NotFound):
        checkpoints.accept(world.desk, str(grown))


# --- the tree as it is kept


def test_a_long_record_gives_paths_over_its_pieces(home: Path) -> None:
    """Past 65,536 entries the tree has kept nodes of two levels."""
    from workflow.base import merkle

    place = builders.found(f"sqlite:///{home / 'disclosure.db'}")
    size = 70_000
    hashes = [merkle.leaf(str(n).encode()).hex() for n in range(size)]
    with place.store.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER ledger_no_delete"))
        connection.execute(sa.delete(LEDGER))
        blank = {
            "office_id": 1,
            "track": "case",
            "event": "note",
            "on_day": RECEIVED,
            "recorded_at": "",
            "actor": "",
            "source": "",
            "dest": "",
            "article": "",
            "payload": "{}",
            "prev_hash": "",
        }
        connection.execute(
            sa.insert(LEDGER), [{**blank, "seq": n + 1, "hash": one} for n, one in enumerate(hashes)]
        )
        grown = tree.build(connection, 1)
        peaks: list[bytes] = []
        for n, one in enumerate(hashes):
            merkle.grow(peaks, n, merkle.leaf(bytes.fromhex(one)))
        assert grown.root == merkle.root(peaks)
        for index in (0, 255, 256, 65_535, 65_536, size - 1):
            path = merkle.inclusion(index, size, tree.Kept(connection, 1).node)
            assert merkle.includes(merkle.leaf(bytes.fromhex(hashes[index])), index, size, path, grown.root)
        for old in (1, 256, 65_536, 69_999):
            proof = merkle.consistency(old, size, tree.Kept(connection, 1).node)
            before = merkle.root_at(old, tree.Kept(connection, 1).node)
            assert merkle.continues(old, before, size, grown.root, proof)
    place.store.close()


def test_each_entry_grows_the_tree_in_its_own_transaction(world: World) -> None:
    with world.place.store.reading() as connection:
        head = ledger.head(connection, 1)
        before = tree.growing(connection, 1, head.seq, head.peaks)
        fresh = tree.Growing(0, "")
        for one in connection.execute(sa.select(LEDGER.c.hash).order_by(LEDGER.c.seq)).scalars():
            fresh.add(one)
    assert head.peaks == before.peaks == fresh.peaks


# --- the page, run by another engine than the program: its script in Node

HARNESS = """
const fs = require("fs"), vm = require("vm");
const [page, pdf, proof, kept, keys] = process.argv.slice(2);
const script = /<script>([\\s\\S]*)<\\/script>/.exec(fs.readFileSync(page, "utf8"))[1];
globalThis.document = { getElementById: () => ({ addEventListener() {} }) };
globalThis.atob ??= text => Buffer.from(text, "base64").toString("binary");
vm.runInThisContext(script + "\\n;globalThis.run = { check, keyOf };");
(async () => {
  const known = await Promise.all(keys.split("\\n").map(run.keyOf));
  const other = kept ? fs.readFileSync(kept, "utf8") : null;
  console.log(await run.check(new Uint8Array(fs.readFileSync(pdf)), fs.readFileSync(proof, "utf8"), other, known));
})().catch(fault => { console.log(String(fault)); process.exit(1); });
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here")
def test_the_page_says_the_same(world: World) -> None:
    kept = world.witnessed()
    (world.folder / "harness.js").write_text(HARNESS)
    (world.folder / "kept").write_text(str(kept))

    def judged(pdf: bytes, proof: str) -> tuple[int, str]:
        (world.folder / "a.pdf").write_bytes(pdf)
        (world.folder / "a.proof").write_text(proof)
        page = proofs.VERIFIERS["verify_evidence.html"]
        words = [page, world.folder / "a.pdf", world.folder / "a.proof", world.folder / "kept"]
        ended = subprocess.run(
            ["node", str(world.folder / "harness.js"), *map(str, words), "\n".join(world.keys())],
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    status, said = judged(world.pdf(), world.proof(note=kept))
    assert (status, "PROVED" in said, WITNESS in said) == (0, True, True), said
    for what in LETTERS:
        status, said = judged(*LETTERS[what](world, kept))
        assert status == 1, (what, said)


# --- on the command line


def test_from_the_office_to_the_witness_and_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.counter import disclosure

    url, folder = world.place.store.url, world.folder
    world.place.store.close()
    head = ("--as", "head", "--db", url)
    key = disclosure("evidence", "key", *head, "--json").json["key"]
    assert disclosure("evidence", "request", "--old", "0", "--out", folder / "r", *head).code == 0
    witness_words = (
        "--name",
        WITNESS,
        "--key",
        folder / "w.pem",
        "--seen",
        folder / "seen",
        "--out",
        folder / "back",
    )
    assert disclosure("evidence", "cosign", folder / "r", *witness_words).code == 2
    signed = disclosure("evidence", "cosign", folder / "r", *witness_words, "--log-key", key, "--json")
    assert signed.code == 0, signed.err
    assert disclosure("evidence", "accept", folder / "back", *head, "--json").json["cosigned_by"] == [WITNESS]
    assert WITNESS in disclosure("evidence", "status", *head).out
    made = disclosure("evidence", "prove", "2026-0001", "--out", folder / "proofs", *head, "--json")
    assert made.code == 0, made.err
    assert {path.suffix for path in (folder / "proofs").iterdir()} == {".proof", ".py", ".html"}
    assert (
        disclosure(
            "evidence", "prove", "2026-0001", "--out", folder / "p2", "--checkpoint", folder / "back", *head
        ).code
        == 0
    )
    world.place.store = Store(url)
    (folder / "x.pdf").write_bytes(world.pdf())
    assert disclosure("evidence", "prove", str(folder / "x.pdf"), "--out", folder / "p3", *head).code == 0
    (folder / "y.pdf").write_bytes(b"%PDF-1.7")
    assert disclosure("evidence", "prove", str(folder / "y.pdf"), "--out", folder / "p4", *head).code == 3
    assert disclosure("evidence", "request", "--old", "999", *head).code == 2


@pytest.mark.usefixtures("pages_once", "no_explanations")
def test_the_archive_folder_carries_its_proofs(template: Path, tmp_path: Path) -> None:
    from workflow.archive import folder, verification

    copy = tmp_path / "office"
    shutil.copytree(template, copy)
    place = Place(Store(f"sqlite:///{copy / 'disclosure.db'}"))
    keys.create(keys.place(place.store.folder))
    received = place.case("2026-0001").received_on
    assert received
    place.walk("2026-0001", builders.ROADS["filed"][len(builders.ROADS["issued"]) :])
    at = tmp_path / "volume"
    folder.make(place.desk("archivist"), "2026-0001", at)
    names = {path.name for path in at.iterdir()}
    assert {"verify_evidence.py", "verify_evidence.html"} <= names
    letters = [path for path in at.glob("*.pdf") if path.with_suffix(".proof").exists()]
    assert letters
    known = checkpoints.public_key(place.desk("registrar")).text
    for one in letters:
        ended = subprocess.run(
            [
                sys.executable,
                "-I",
                "-S",
                str(at / "verify_evidence.py"),
                str(one),
                str(one.with_suffix(".proof")),
                "--key",
                known,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
    verification.verify(at, place.desk("archivist"))
    # The proofs and the catalogue keep the first checkpoint over the case, whatever is signed later.
    place.receive(name="王五")
    checkpoints.make(place.desk("registrar"))
    assert folder.make(place.desk("archivist"), "2026-0001", at)["unchanged"]
    place.store.close()
