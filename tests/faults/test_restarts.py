"""The server of PostgreSQL is restarted beneath the worker that makes letters and sends mail: before any
statement of it, as after a crash. Nothing is made twice or sent twice, and the work goes on.

One point of the mail here; all of both with FAULTS=long (make faults).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests import builders, mailserver, postgres
from tests.builders import RECEIVED, ROADS, Place
from workflow.base.errors import DisclosureError
from workflow.delivery import mail_decisions
from workflow.delivery.mail_once import MailFault
from workflow.jobs import queue
from workflow.upkeep import verify_record

LONG = os.environ.get("FAULTS") == "long"
SENT = RECEIVED + timedelta(days=8)
CASE = "2026-0001"

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(_postgres_template: str) -> Iterator[postgres.Server]:
    """A server of our own, for the others go on with theirs."""
    server = postgres.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[mailserver.Server]:
    with mailserver.running(tmp_path, "starttls") as running:
        yield running


def restart(server: postgres.Server) -> None:
    """As after a crash: every connection is gone, and what was not committed."""
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(timeout=60)
    server.process = postgres.serve(server.folder).process


@contextmanager
def counted(place: Place, at: int, what: Callable[[], None]) -> Iterator[list[int]]:
    """Do something before the statement `at` of what follows; how many there were."""
    seen = [0]

    def statement(*_: object) -> None:
        seen[0] += 1
        if seen[0] == at:
            what()

    event.listen(place.store.engine, "before_cursor_execute", statement)
    try:
        yield seen
    finally:
        event.remove(place.store.engine, "before_cursor_execute", statement)


def prepared(server: postgres.Server, post: mailserver.Server, kind: str) -> str:
    """A database in which a letter waits to be made, or to be mailed; its name."""
    from tests.conftest import template_setup

    name = server.create()
    template_setup(server.url(name))
    mail = {"settings": {"email_service": True}, "online_reconsideration": "https://fuyi.example/jz"}
    place = builders.found(server.url(name), today=SENT, mail=post.table(), **mail)
    if kind == "letter":
        place.bring("registered")
    else:
        number = place.receive(email="zhangsan@example.cn").case.number
        place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "email"})])
        place.made()
        place.act("registrar", "dispatch", number, SENT, served_by="email")
    place.store.close()
    return name


def settled(place: Place) -> bool:
    """The work is done, or a fault is said; whether it was done."""
    try:
        queue.settle(place.desk())
    except DisclosureError:
        return False
    return True


@pytest.mark.parametrize("kind", ["letter", "mail"] if LONG else ["mail"])
def test_a_server_restarted_under_the_worker(
    server: postgres.Server, post: mailserver.Server, home: Path, kind: str
) -> None:
    template = prepared(server, post, kind)
    whole = Place(builders.Store(server.url(server.create(template))), today=SENT)
    with counted(whole, 0, lambda: None) as steps:
        assert settled(whole)
    wanted = (verify_record.verify(whole.store, whole.desk().office).entries, len(post.got))
    whole.store.close()
    for at in range(1, steps[0] + 1) if LONG else [steps[0] // 2]:
        post.got.clear()
        place = Place(builders.Store(server.url(server.create(template))), today=SENT)
        with counted(place, at, lambda: restart(server)):
            settled(place)
        went_out = len(post.got)
        if not settled(place):
            # Whether it went out nobody knows: a person asks, and says so.
            with pytest.raises(MailFault):
                queue.settle(place.desk())
            assert len(post.got) == went_out <= 1
            if went_out:
                mail_decisions.confirm(place.desk(), CASE, None)
            else:
                mail_decisions.retry(place.desk(), CASE)
                queue.settle(place.desk())
        assert queue.waiting(place.desk()) == []
        found = verify_record.verify(place.store, place.desk().office, with_files=True)
        assert (found.entries, len(post.got)) == wanted, at
        place.store.close()
