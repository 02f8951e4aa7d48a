"""Letters by e-mail: after the commit, once; what cannot be known is left to a person. On both databases."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders, mailserver, signingkey
from tests.builders import RECEIVED, ROADS, Place
from tests.casework.test_kill import Killer, copies, killers, killing, moments, summary  # noqa: F401
from tests.counter import disclosure
from workflow.base.errors import Conflict, Environment, NotFound, Refused
from workflow.delivery import mail_decisions
from workflow.drafting import signing
from workflow.jobs import queue
from workflow.office import profile_changes, smtp
from workflow.office.smtp_faults import MailFault
from workflow.storage import file_store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

SENT = RECEIVED + timedelta(days=8)
ONLINE = "https://fuyi.example/jz"
CASE = "2026-0001"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[mailserver.Server]:
    with mailserver.running(tmp_path, "starttls") as running:
        yield running


def office(url: str, server: mailserver.Server, **more: Any) -> Place:
    return builders.found(
        url,
        online_reconsideration=ONLINE,
        settings={"email_service": True},
        mail=server.table(**more),
        today=SENT,
    )


def issued(place: Place, **given: Any) -> str:
    number = place.receive(**{"email": "zhangsan@example.cn", **given}).case.number
    place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "email"})])
    place.made()
    return number


def dispatched(place: Place) -> str:
    number = issued(place)
    place.act("registrar", "dispatch", number, SENT, served_by="email")
    return number


def state(place: Place) -> str:
    with place.store.reading() as connection:
        found: str = (
            connection.execute(sa.select(TABLES["mail"].c.state).order_by(TABLES["mail"].c.id.desc()))
            .scalars()
            .first()
        )
        return found


def entries(place: Place, event: str) -> int:
    table = TABLES["ledger"]
    with place.store.reading() as connection:
        query = sa.select(sa.func.count()).select_from(table).where(table.c.event == event)
        return int(connection.execute(query).scalar_one())


def test_a_dispatched_reply_is_mailed_after_the_commit(
    database_url: str, home: Path, server: mailserver.Server
) -> None:
    place = office(database_url, server)
    number = dispatched(place)
    # Put down with the act, and not gone yet: the time for reply still runs.
    assert server.got == []
    assert state(place) == "waiting"
    assert place.clocks(number)["reply.limit", 0][1] == "running"
    assert place.row(number)["replied_on"] is None
    (made,) = queue.settle(place.desk())
    assert made["state"] == "sent"
    (got,) = server.got
    assert got["Message-ID"] == made["message_id"]
    assert str(got["To"]) == "张三 <zhangsan@example.cn>"
    (attached,) = got.iter_attachments()
    assert isinstance(attached, EmailMessage)
    case = place.case(number)
    assert case.reply is not None
    assert case.reply.number in str(attached.get_filename())
    letter = next(one for one in case.letters if one["number"] == case.reply.number)
    assert attached.get_content() == file_store.read(file_store.folder(place.store.folder), letter["sha256"])
    assert case.reply.replied_on == SENT
    assert place.clocks(number)["reply.limit", 0][1] == "met"
    # Nothing is left to be done, and doing it again sends nothing.
    assert queue.settle(place.desk()) == []
    assert len(server.got) == entries(place, "mailed") == 1
    assert verify_record.verify(place.store, place.desk().office, with_files=True).cases == 1


def test_the_signed_copy_is_mailed_where_there_is_one(
    sqlite_url: str, home: Path, tmp_path: Path, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyhanko")
    place = office(sqlite_url, server)
    number = place.receive(email="zhangsan@example.cn").case.number
    place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "email"})])
    key = tmp_path / "office.p12"
    signingkey.make(key, "secret")
    monkeypatch.setenv(signing.PASSPHRASE, "secret")
    letter = max(work.ref for work in queue.waiting(place.desk()))
    queue.settle(place.desk(), [letter])
    made = signing.sign(place.desk(), number, letter, key)
    done = place.act("registrar", "dispatch", number, SENT, served_by="email")
    queue.settle(place.desk(), works=done.errands)
    (got,) = server.got
    (attached,) = got.iter_attachments()
    assert isinstance(attached, EmailMessage)
    assert hashlib.sha256(attached.get_content()).hexdigest() == made["signed_sha256"] != made["sha256"]


def test_an_office_that_has_not_confirmed_e_mail_serves_no_reply_so(
    sqlite_url: str, server: mailserver.Server
) -> None:
    place = builders.found(sqlite_url, online_reconsideration=ONLINE, mail=server.table())
    number = issued(place)
    with pytest.raises(Refused, match="not confirmed") as caught:
        place.act("registrar", "dispatch", number, SENT, served_by="email")
    assert caught.value.rule == "house:email"
    assert caught.value.advice


def test_an_applicant_without_an_address_is_not_mailed_to(sqlite_url: str, server: mailserver.Server) -> None:
    place = office(sqlite_url, server)
    number = place.receive().case.number
    place.walk(number, ROADS["approved"])
    with pytest.raises(Refused) as caught:
        place.act("handler", "issue", number, SENT, served_by="email")
    assert caught.value.params["rules"] == ["way_to_serve"]


def test_without_a_server_of_its_own_the_office_records_what_it_sent(sqlite_url: str) -> None:
    place = builders.found(
        sqlite_url, online_reconsideration=ONLINE, settings={"email_service": True}, today=SENT
    )
    number = issued(place)
    place.act("registrar", "dispatch", number, SENT, served_by="email", sent_at=f"{SENT} 10:20")
    assert place.clocks(number)["reply.limit", 0][1] == "met"
    assert queue.waiting(place.desk()) == []


@pytest.mark.parametrize(
    ("talk", "after"),
    [
        (mailserver.hanging, "waiting"),
        (mailserver.dropping, "waiting"),
        (mailserver.breaking_off, "waiting"),
        (mailserver.silent, "uncertain"),
        (lambda sock, lines: sock.sendall(b"554 go away\r\n"), "refused"),
    ],
)
def test_a_server_at_fault_leaves_the_letter_to_be_done(
    sqlite_url: str, home: Path, tmp_path: Path, server: mailserver.Server, talk: mailserver.Talk, after: str
) -> None:
    with mailserver.talking(talk) as broken:
        place = office(sqlite_url, broken, timeout=1)
        number = dispatched(place)
        with pytest.raises(MailFault):
            queue.settle(place.desk())
    assert state(place) == after
    assert [work.kind for work in queue.waiting(place.desk())] == ["mail"]
    assert entries(place, "mailed") == 0
    assert place.clocks(number)["reply.limit", 0][1] == "running"
    # The server works again.
    profile_changes.set_profile(place.desk("head"), "mail", server.table())
    again = Place(place.store, today=SENT)
    if after != "waiting":
        with pytest.raises(MailFault):
            queue.settle(again.desk())
        assert server.got == []
        mail_decisions.retry(again.desk(), number)
    queue.settle(again.desk())
    assert len(server.got) == 1
    assert state(again) == "sent"


def test_the_same_letter_never_goes_out_twice_by_itself(
    database_url: str,
    home: Path,
    server: mailserver.Server,
    copies: Callable[[], str],  # noqa: F811
    killers: Callable[..., Killer],  # noqa: F811
) -> None:
    """kill -9 after each write of the sending: what is begun again sends nothing that may have gone out."""
    place = office(database_url, server)
    number = dispatched(place)
    before = summary(place)
    place.store.close()
    killer = killers("mail")
    whole, points = moments(killer, copies())
    assert len(server.got) == 1
    uncertain = 0
    for after in [*points, 0]:
        del server.got[:]
        url = copies()
        killer.kill(url, after)
        again = Place(builders.Store(url), today=SENT)
        went_out = len(server.got)
        try:
            queue.settle(again.desk())
        except MailFault as fault:
            uncertain += 1
            assert fault.uncertain
            assert state(again) == "uncertain"
            assert mail_decisions.listed(again.desk())[0]["state"] == "uncertain"
            with pytest.raises(MailFault):
                queue.settle(again.desk())
            assert len(server.got) == went_out <= 1
            # A person has asked, and says what became of it.
            if went_out:
                mail_decisions.confirm(again.desk(), number, None)
            else:
                mail_decisions.retry(again.desk(), number)
                queue.settle(again.desk())
        assert len(server.got) == 1, f"killed after write {after} of {whole}"
        assert entries(again, "mailed") == 1
        assert queue.waiting(again.desk()) == []
        assert again.clocks(number)["reply.limit", 0][1] == "met"
        assert summary(again)[0] == before[0] + 1
        again.store.close()
    # After the attempt was recorded and before its end was: the server's answer lies in between.
    assert uncertain >= 1


def test_what_is_being_sent_is_left_alone(sqlite_url: str, home: Path, server: mailserver.Server) -> None:
    place = office(sqlite_url, server)
    number = dispatched(place)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    table = TABLES["mail"]
    import socket

    def begun(pid: int, host: str, seconds: int) -> None:
        with place.store.writing() as connection:
            moment = (place.now() - timedelta(seconds=seconds)).isoformat()
            connection.execute(
                sa.update(table).values(state="sending", pid=pid, host=host, started_at=moment)
            )

    try:
        begun(sleeper.pid, socket.gethostname(), 1)
        assert queue.settle(place.desk()) == [{"mail": 1, "state": "sending"}]
        with pytest.raises(Conflict):
            mail_decisions.retry(place.desk(), number)
        begun(sleeper.pid, "elsewhere", 1)
        assert mail_decisions.listed(place.desk())[0]["state"] == "sending"
        # Longer ago than any attempt can last.
        begun(sleeper.pid, "elsewhere", 3600)
        assert mail_decisions.listed(place.desk())[0]["state"] == "uncertain"
    finally:
        sleeper.kill()
        sleeper.wait()
    begun(sleeper.pid, socket.gethostname(), 1)
    with pytest.raises(MailFault) as caught:
        queue.settle(place.desk())
    assert caught.value.uncertain
    assert server.got == []


def test_a_try_whose_end_could_not_be_recorded_is_nobodys(
    sqlite_url: str, home: Path, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away when the message is out, and the process lives on: its next look says that it is
    not known, rather than that the message is being sent."""
    place = office(sqlite_url, server)
    number = dispatched(place)

    def away(*_: object) -> None:
        raise Environment("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("workflow.delivery.mail_once.record", away)
        with pytest.raises(Environment):
            queue.settle(place.desk())
    assert mail_decisions.listed(place.desk())[0]["state"] == "uncertain"
    with pytest.raises(MailFault) as caught:
        queue.settle(place.desk())
    assert caught.value.uncertain
    assert mail_decisions.confirm(place.desk(), number, None).entry.event
    assert (len(server.got), queue.waiting(place.desk())) == (1, [])


def test_a_reply_that_came_back_is_not_mailed_any_more(
    sqlite_url: str, home: Path, server: mailserver.Server
) -> None:
    place = office(sqlite_url, server)
    number = dispatched(place)
    server.refuse_to = "550 no such user"
    with pytest.raises(MailFault):
        queue.settle(place.desk())
    place.act("registrar", "come_back", number, SENT, reasons="邮箱不存在")
    assert state(place) == "dropped"
    assert queue.settle(place.desk()) == []
    place.act("registrar", "dispatch", number, SENT, served_by="post")
    assert place.clocks(number)["reply.limit", 0][1] == "met"
    with pytest.raises(NotFound):
        mail_decisions.retry(place.desk(), number)


def test_a_person_confirms_only_what_can_be(sqlite_url: str, home: Path, server: mailserver.Server) -> None:
    place = office(sqlite_url, server)
    number = dispatched(place)
    with pytest.raises(Refused):
        mail_decisions.confirm(place.desk(), number, None)
    with place.store.writing() as connection:
        connection.execute(
            sa.update(TABLES["mail"]).values(state="uncertain", started_at="2026-03-10T02:00:00.000000Z")
        )
    for day in (SENT - timedelta(days=1), SENT + timedelta(days=1)):
        with pytest.raises(Refused):
            mail_decisions.confirm(place.desk(), number, day)
    with pytest.raises(Refused):
        mail_decisions.confirm(place.desk("reviewer"), number, None)
    done = mail_decisions.confirm(place.desk(), number, None)
    assert (done.entry.actor, done.entry.on) == ("registrar", date(2026, 3, 10))
    assert place.case(number).reply.replied_on == SENT  # type: ignore[union-attr]


def test_the_commands(
    sqlite_url: str, home: Path, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "head")
    place = builders.found(
        sqlite_url, online_reconsideration=ONLINE, settings={"email_service": True}, today=SENT
    )
    assert disclosure("mail", "test", "--json").code == 3
    table = server.table()
    setup = [
        "--host",
        table["host"],
        "--port",
        str(table["port"]),
        "--ca-file",
        table["ca_file"],
        "--from",
        table["from"],
    ]
    assert disclosure("mail", "setup", *setup).code == 0
    assert disclosure("mail", "test", "--to", "shen@example.cn").code == 0
    assert str(server.got[0]["To"]) == "shen@example.cn"
    assert disclosure("office", "show").code == 0
    place = Place(place.store, today=SENT)
    number, second = dispatched(place), issued(place)
    assert disclosure("mail", "list", "--json").json[0]["state"] == "waiting"
    assert disclosure("mail", "list").code == 0
    said = disclosure(
        "dispatch", second, "--served-by", "email", "--on", SENT.isoformat(), "--as", "registrar"
    )
    assert said.code == 0, said.err
    assert disclosure("mail", "list", "--json").json[0]["case"] == number
    assert len(server.got) == 2
    assert disclosure("work").code == 0
    assert len(server.got) == 3
    assert disclosure("mail", "list", "--json").json == []
    assert disclosure("mail", "list", "--all", "--json").json[0]["case"] == number
    third = dispatched(place)
    for what in ("retry", "confirm"):
        with place.store.writing() as connection:
            last = TABLES["mail"].c.id == 3
            moment = place.now().isoformat()
            connection.execute(
                sa.update(TABLES["mail"]).where(last).values(state="uncertain", started_at=moment)
            )
        said = disclosure("mail", what, third, "--as", "registrar")
        assert said.code == 0, said.err
    assert disclosure("mail", "confirm", third, "--as", "registrar", "--json").code == 3
    assert len(server.got) == 3
    assert json.loads(disclosure("verify", "--json").out)[0]["cases"] == 3
    assert smtp.settings(place.desk().office) is not None


def test_without_a_mail_server_nothing_is_said_to_be_sent(sqlite_url: str, home: Path) -> None:
    place = builders.found(
        sqlite_url, online_reconsideration=ONLINE, settings={"email_service": True}, today=SENT
    )
    number = issued(place)
    with pytest.raises(Refused) as caught:
        place.act("registrar", "dispatch", number, SENT, served_by="email")
    assert caught.value.field == "sent_at"
    assert place.case(number).state == "issued"
    # Sent by other means, with its time.
    place.act("registrar", "dispatch", number, SENT, served_by="email", sent_at=f"{SENT} 10:20")
    assert place.clocks(number)["reply.limit", 0][1] == "met"


def test_a_letter_that_waits_for_the_server_is_not_sent(
    sqlite_url: str, server: mailserver.Server, home: Path
) -> None:
    place = office(sqlite_url, server)
    number = dispatched(place)
    life = next(one for one in place.case(number).lives if one.event == "issue")
    assert life.stage == "made"
    queue.settle(place.desk())
    life = next(one for one in place.case(number).lives if one.event == "issue")
    assert life.stage == "sent"
