"""The daily digest: recipients, contents, once a day even when a run is killed, and never marked as sent when
it was not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html as markup

from tests import builders, mailserver
from tests.builders import Place
from tests.counter import disclosure
from workflow.base import messages
from workflow.base.errors import Environment, Malformed, NotFound, Refused
from workflow.casework.desk import Desk
from workflow.office import office_file, profile_changes
from workflow.office.smtp import Session
from workflow.office.smtp_faults import MailFault
from workflow.reports.alerts import digest, digest_outcome, report
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads")

TODAY = date(2026, 9, 1)
ON = ("--on", str(TODAY))
DIGESTS = TABLES["digest"]
WITH_MAIL = ("registrar", "handler", "head", "legal")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mailserver.Server]:
    with mailserver.running(tmp_path_factory.mktemp("mail"), "none") as running:
        yield running


@pytest.fixture
def place(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch, server: mailserver.Server
) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    messages.use(None)
    server.got.clear()
    server.refuse_to = server.refuse_data = None
    officers = builders.office_file()["officer"]
    for one in officers:
        if one["key"] in WITH_MAIL:
            one["email"] = f"{one['key']}@mzj.example.cn"
    made = builders.found(database_url, today=TODAY, mail=server.table(), officer=officers)
    yield made
    made.store.close()
    monkeypatch.undo()
    messages.use(None)


def fill(place: Place) -> dict[str, str]:
    return {
        name: place.bring(state, on=date.fromisoformat(day))
        for name, state, day in (
            ("overdue", "in_hand", "2026-08-03"),
            ("unregistered", "received", "2026-08-24"),
            ("soon", "in_hand", "2026-08-06"),
            ("not so soon", "in_hand", "2026-08-10"),
            ("review", "head_review", "2026-08-20"),
        )
    }


def rows(place: Place) -> dict[str, Any]:
    with place.store.reading() as connection:
        return {row.officer: row for row in connection.execute(sa.select(DIGESTS))}


def states(outcomes: list[digest_outcome.Outcome]) -> dict[str, str]:
    return {one.officer: one.state for one in outcomes}


def text_of(message: Any, kind: str = "plain") -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content())


def test_each_officer_is_told_what_is_his_and_the_head_what_presses(
    place: Place, server: mailserver.Server
) -> None:
    made = fill(place)
    outcomes = digest.send(place.desk())
    told = states(outcomes)
    assert told == {
        "registrar": "sent",
        "handler": "sent",
        "head": "sent",
        "legal": "nothing",
        "other": "nothing",
        "reviewer": "nothing",
        "archivist": "nothing",
        "auditor": "nothing",
    }
    mails = {str(message["To"]).partition("@")[0]: message for message in server.got}
    assert set(mails) == {"registrar", "handler", "head"}
    handler, head, registrar = (text_of(mails[key]) for key in ("handler", "head", "registrar"))
    for name in ("overdue", "soon", "not so soon", "review"):
        assert made[name] in handler
    assert made["unregistered"] not in handler
    assert made["unregistered"] in registrar
    # The head: what waits for him, what is overdue, what is due within the days of `escalate` (2).
    assert made["review"] in head
    assert made["overdue"] in head
    assert made["not so soon"] not in head
    assert made["unregistered"] not in head
    with report.opened(place.desk("head")) as opened:
        near = {
            alert.case for alert in opened.alerts() if alert.clock == "reply.limit" and alert.left in (1, 2)
        }
    assert near == {made["soon"]}
    assert made["soon"] in head
    for message in server.got:
        assert message.get_content_type() == "multipart/alternative"
        assert message["Auto-Submitted"] == "auto-generated"
        page = markup.fromstring(text_of(message, "html"))
        numbers = {number for number in made.values() if number in text_of(message)}
        assert all(number in page.text_content() for number in numbers)
        # Case numbers and days; nobody's name, nothing of what was asked for.
        for part in (text_of(message), page.text_content(), str(message["Subject"])):
            for secret in ("张三", "handler某", "征收补偿", "平安路"):
                assert secret not in part
    assert "overdue 1" in str(mails["head"]["Subject"])
    kept = rows(place)
    assert {row.state for row in kept.values()} == {"sent"}
    assert kept["head"].overdue == 1
    assert all(row.sent_at >= row.begun_at for row in kept.values())


def test_a_second_run_sends_nothing(place: Place, server: mailserver.Server) -> None:
    fill(place)
    digest.send(place.desk())
    count = len(server.got)
    assert states(digest.send(place.desk()))["head"] == "already"
    assert len(server.got) == count
    # The next day is another mail.
    digest.send(place.desk(), on=date(2026, 9, 2))
    assert len(server.got) == 2 * count
    ids = [message["Message-ID"] for message in server.got]
    assert len(set(ids)) == len(ids)


def test_killed_between_sending_and_writing_it_down(
    place: Place, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether the mail went out: it is not sent again by itself, and the others are."""
    fill(place)
    real = Session.deliver

    def killed(self: Session, message: Any) -> None:
        real(self, message)
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "deliver", killed)
    with pytest.raises(KeyboardInterrupt):
        digest.send(place.desk())
    monkeypatch.setattr(Session, "deliver", real)
    assert len(server.got) == 1
    first = str(server.got[0]["To"]).partition("@")[0]
    assert rows(place)[first].state == "sending"
    told = digest.send(place.desk())
    assert states(told)[first] == "uncertain"
    assert len(server.got) == 3
    assert [str(message["To"]).partition("@")[0] for message in server.got].count(first) == 1
    lines = "\n".join(digest_outcome.outcome_lines(told))
    assert f"disclosure digest --send --again {first}" in lines
    # A person decides; it bears the same Message-ID, so that who has it twice sees that it is one.
    again = digest.send(place.desk(), again=[first])
    assert states(again)[first] == "sent"
    assert server.got[-1]["Message-ID"] == server.got[0]["Message-ID"]
    assert rows(place)[first].state == "sent"


def test_two_runs_at_once_send_one_mail(
    place: Place, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run starts while this one is about to begin."""
    fill(place)
    real, other = digest._deliver, []

    def between(*given: Any) -> Any:
        if not other:
            other.append(True)
            other.append(digest.send(Desk(place.store, "head", today=lambda: TODAY)))
        return real(*given)

    monkeypatch.setattr(digest, "_deliver", between)
    mine = digest.send(place.desk())
    assert states(other[1])["head"] == "sent"
    assert states(mine)["head"] == "already"
    assert len(server.got) == 3


def test_a_server_that_is_away(place: Place, server: mailserver.Server) -> None:
    fill(place)
    with mailserver.nobody() as away:
        profile_changes.set_profile(Desk(place.store, "head"), "mail.port", str(away.port))
        said = disclosure("digest", "--send", *ON, "--json")
    assert said.code == 6
    assert "127.0.0.1" in said.fault["message"]
    assert "disclosure digest --send" in said.fault["advice"]
    assert rows(place) == {}
    profile_changes.set_profile(Desk(place.store, "head"), "mail.port", str(server.port))
    said = disclosure("digest", "--send", *ON, "--json")
    assert said.code == 0
    assert {one["officer"] for one in said.json if one["state"] == "sent"} == {"registrar", "handler", "head"}
    assert len(server.got) == 3


def test_a_server_that_refuses_one_or_all(
    place: Place, server: mailserver.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place)
    real = Session.deliver

    def refuses(self: Session, message: Any) -> None:
        if "handler@" in str(message["To"]):
            raise MailFault("refused", permanent=True)
        real(self, message)

    monkeypatch.setattr(Session, "deliver", refuses)
    with pytest.raises(digest.Unsent) as caught:
        digest.send(place.desk())
    assert states(caught.value.outcomes)["handler"] == "failed"
    assert len(server.got) == 2
    assert (rows(place)["handler"].state, rows(place)["head"].state) == ("failed", "sent")
    monkeypatch.setattr(Session, "deliver", real)
    assert states(digest.send(place.desk()))["handler"] == "sent"
    assert len(server.got) == 3
    # For now it takes nothing: the first refusal ends the run, and nothing counts as sent.
    server.refuse_data = "451 try again"
    with pytest.raises(digest.Unsent):
        digest.send(place.desk(), on=date(2026, 9, 3))
    assert {row.state for row in rows(place).values() if row.on_day == date(2026, 9, 3)} == {"failed"}


def test_shown_before_it_is_sent(place: Place, server: mailserver.Server) -> None:
    made = fill(place)
    said = disclosure("digest", *ON)
    assert said.code == 0
    assert "head@mzj.example.cn" in said.out
    assert made["overdue"] in said.out
    plain = disclosure("digest", *ON, "--json").json
    assert {one["officer"] for one in plain} == {"registrar", "handler", "head"}
    assert server.got == []
    assert rows(place) == {}


def test_who_cannot_be_reached_is_named(place: Place) -> None:
    place.bring("section_review", on=date(2026, 8, 3))
    told = digest.send(place.desk())
    assert states(told)["reviewer"] == "no_address"
    said = disclosure(
        "officer",
        "add",
        "reviewer",
        "--name",
        "审某",
        "--roles",
        "reviewer",
        "--unit",
        "ban",
        "--email",
        "reviewer@mzj.example.cn",
        "--as",
        "head",
    )
    assert said.code == 0, said.err
    assert states(digest.send(place.desk()))["reviewer"] == "sent"
    # Other roles are no reason to lose the address; an empty one takes it away.
    for words, kept in (((), "reviewer@mzj.example.cn"), (("--email", ""), None)):
        said = disclosure(
            "officer",
            "add",
            "reviewer",
            "--name",
            "审某",
            "--roles",
            "reviewer,handler",
            "--unit",
            "ban",
            "--as",
            "head",
            "--json",
            *words,
        )
        assert said.json["email"] == kept
    assert disclosure("verify").code == 0


def test_what_cannot_be_done(place: Place) -> None:
    fill(place)
    with pytest.raises(Refused):
        digest.send(place.desk("handler"))
    with pytest.raises(NotFound):
        digest.send(place.desk(), again=["nobody"])
    bad = (
        "officer",
        "add",
        "x",
        "--name",
        "某",
        "--roles",
        "auditor",
        "--email",
        "no address",
        "--as",
        "head",
        "--json",
    )
    assert disclosure(*bad).fault["field"] == "email"
    assert rows(place) == {}


def test_an_office_without_a_mail_server(sqlite_url: str, home: Path) -> None:
    place = builders.found(sqlite_url, today=TODAY)
    with pytest.raises(Environment) as caught:
        digest.send(place.desk())
    assert caught.value.field == "mail"
    place.store.close()


def test_an_address_is_checked_in_the_office_file() -> None:

    with pytest.raises(Malformed):
        office_file.officer_of(
            {"key": "a", "name": "某", "roles": ["auditor"], "email": "a@b\r\nBcc: c@d"}, set()
        )
