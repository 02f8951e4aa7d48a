"""Many at once share a commit: each gets his own result, and nobody is answered before it is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from tests.web import site as sites
from workflow.base import follow_codes, qr_codes
from workflow.base.errors import Conflict
from workflow.web.public.handing_in import APPLICATION, hand_in, hand_in_soon, handing, new_token
from workflow.web.public.outer_tables import SUBMISSIONS
from workflow.web.public.together import Together

MANY = 60


def at_once(work: Any, many: int = MANY) -> None:
    """Threads that all begin together."""
    gate = threading.Barrier(many)

    def one(n: int) -> None:
        gate.wait()
        work(n)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_share_a_few_commits_and_each_has_his_receipt(tmp_path: Path) -> None:
    """Fewer commits than forms; every receipt is kept, and a form sent twice at once has one."""
    with sites.in_folder(tmp_path) as site:
        store, commits, receipts = site.outer.store, [], []
        sa.event.listen(store.engine, "commit", lambda connection: commits.append(1))
        twice = new_token()

        def send(n: int) -> None:
            token = twice if n < 2 else new_token()
            made = hand_in(
                store, handing(site.outer.card, APPLICATION, token, {"n": max(n, 1)}, [], site.clock())
            )
            assert made is not None
            with store.engine.connect() as connection:
                kept = connection.execute(
                    sa.select(SUBMISSIONS.c.token).where(SUBMISSIONS.c.id == made.submission.id)
                ).scalar()
            receipts.append((made.submission.receipt, kept == made.submission.token))

        at_once(send)
        assert len(receipts) == MANY
        assert len({receipt for receipt, _ in receipts}) == MANY - 1
        assert all(kept for _, kept in receipts)
        assert len(store.waiting(most=1000)) == MANY - 1
        assert len(commits) < MANY


def test_who_awaits_it_shares_a_commit_too(tmp_path: Path) -> None:
    """One writes while the others wait, without a thread for each; a form sent twice has one receipt."""
    with sites.in_folder(tmp_path) as site:
        store, commits, found = site.outer.store, [], []
        sa.event.listen(store.engine, "commit", lambda connection: commits.append(1))
        twice = new_token()

        async def send(n: int) -> None:
            token, said = (twice, {"n": 0}) if n < 2 else (new_token(), {"n": n})
            # What was sent under the same token with another text is refused, and the others stand.
            said = {"n": -1} if n == 2 else said
            token = twice if n == 2 else token
            try:
                made = await hand_in_soon(
                    store, handing(site.outer.card, APPLICATION, token, said, [], site.clock())
                )
            except Conflict:
                found.append("refused")
                return
            assert made is not None
            found.append(made.submission.receipt)

        async def all_of_them() -> None:
            async with anyio.create_task_group() as tasks:
                for n in range(MANY):
                    tasks.start_soon(send, n)

        anyio.run(all_of_them)
        assert found.count("refused") == 1
        assert len(set(found)) == MANY - 1
        assert len(store.waiting(most=1000)) == MANY - 2
        assert len(commits) < 5


def test_one_that_fails_takes_nobody_with_it() -> None:
    """A conflict is his alone; where the transaction failed, each is tried by itself."""
    engine = sa.create_engine(
        "sqlite://", poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False}
    )
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (n INTEGER UNIQUE)"))

    @contextmanager
    def begin() -> Iterator[sa.Connection]:
        with engine.begin() as connection:
            yield connection

    together, ended = Together(begin), {}

    def work(n: int) -> None:
        def write(connection: sa.Connection) -> int:
            if n % 10 == 3:
                raise Conflict("known")
            # Every tenth writes what is there already.
            connection.execute(sa.text("INSERT INTO t VALUES (:n)"), {"n": 1 if n % 10 == 1 else n})
            return n

        try:
            ended[n] = together.do(write)
        except (Conflict, sa.exc.IntegrityError) as fault:
            ended[n] = type(fault).__name__

    at_once(work)
    with engine.connect() as connection:
        kept = set(connection.execute(sa.text("SELECT n FROM t")).scalars())
    assert {n for n, told in ended.items() if told == "Conflict"} == set(range(3, MANY, 10))
    wrote = {n for n, told in ended.items() if told == n}
    assert {1 if n % 10 == 1 else n for n in wrote} == kept
    assert len([n for n, told in ended.items() if told == "IntegrityError"]) == MANY // 10 - 1
    engine.dispose()


@pytest.mark.parametrize("text", ["https://a.cn/s/X", "https://yigk.example.gov.cn/s/" + "ABCD-" * 7])
def test_the_code_is_read_from_its_picture(text: str) -> None:
    """As drawn here, by another library."""
    import re

    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image, ImageDraw

    from workflow.web.public import pages

    drawn = pages.qr(text, "x")
    side = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])  # type: ignore[index]
    picture = Image.new("L", (side * 4, side * 4), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, steps in re.findall(r"M(\d+) (\d+)\.5((?:h\d+|m\d+ 0)+)", drawn):
        at = int(x)
        for run, gap in re.findall(r"h(\d+)|m(\d+) 0", steps):
            if run:
                pen.rectangle([at * 4, int(y) * 4, (at + int(run)) * 4 - 1, int(y) * 4 + 3], fill=0)
            at += int(run or gap)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text


def test_a_code_that_is_drawn_faster_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt from one address draws every other as the library does."""
    monkeypatch.setattr(qr_codes, "_LEARNT", {})
    addresses = [f"https://yigk.example.gov.cn/en/s/{follow_codes.code(bytes([n] * 16))}" for n in range(8)]
    plain = [[bytes(row) for row in qr_codes.modules(one)] for one in addresses]
    qr_codes.learn(addresses[3])
    assert [[bytes(row) for row in qr_codes.modules(one)] for one in addresses] == plain
    assert qr_codes.modules("https://other.example/s/A") != plain[0]
