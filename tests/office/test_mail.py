"""Mail to a real server on this machine, and to servers that refuse, hang, hang up, or cannot be trusted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests import mailserver
from workflow.base.errors import Environment, Malformed
from workflow.delivery.mail_once import WAY_ON
from workflow.office import mail_message, mail_settings, smtp
from workflow.office.profile import Office
from workflow.office.smtp import MailSettings
from workflow.office.smtp_faults import MailFault

AT = datetime(2026, 3, 27, 2, 0, tzinfo=UTC)
# Lines that begin with dots, and one that a server could take for the end.
TEXT = "\n.\n..\n答复书见附件。\n.结束\n" + "字" * 3000


def settings(server: mailserver.Server, **more: Any) -> MailSettings:
    found = smtp.settings(Office(1, "jz", "江州市民政局", {"mail": server.table(**more)}))
    assert found is not None
    return found


def message(
    by: MailSettings, to: str = "zhangsan@example.cn", pdf: bytes = b"%PDF-1.7 \x00\r\n.\r\n\xff"
) -> EmailMessage:
    return mail_message.compose(
        by,
        to=to,
        to_name="张三",
        subject="政府信息公开申请答复书",
        text=TEXT,
        id=mail_message.message_id(by.sender, 7),
        at=AT,
        attachments=[("答复书〔2026〕1号.pdf", pdf, "application/pdf")],
    )


@pytest.fixture(scope="module", params=["starttls", "tls", "none"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[mailserver.Server]:
    with mailserver.running(tmp_path_factory.mktemp("mail"), request.param) as running:
        running.security = request.param  # type: ignore[attr-defined]
        yield running


def test_a_message_arrives_as_it_was_written(server: mailserver.Server) -> None:
    by = settings(server, security=server.security)  # type: ignore[attr-defined]
    sent = message(by)
    before = len(server.got)
    smtp.deliver(by, sent, WAY_ON)
    (got,) = server.got[before:]
    assert got["Message-ID"] == sent["Message-ID"] == mail_message.message_id(by.sender, 7)
    assert str(got["From"]) == "江州市民政局 <xxgk@mzj.example.cn>"
    assert str(got["To"]) == "张三 <zhangsan@example.cn>"
    assert got["Subject"] == "政府信息公开申请答复书"
    assert got["Date"].datetime == AT
    body = got.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == TEXT
    (attached,) = got.iter_attachments()
    assert attached.get_filename() == "答复书〔2026〕1号.pdf"
    assert attached.get_content() == b"%PDF-1.7 \x00\r\n.\r\n\xff"
    assert all(len(line) <= 998 for line in server.raw[-1].split(b"\r\n"))


def test_the_same_message_twice_is_the_same_bytes(server: mailserver.Server) -> None:
    by = settings(server, security=server.security)  # type: ignore[attr-defined]
    with smtp.session(by, WAY_ON) as connected:
        connected.deliver(message(by))
        connected.deliver(message(by))
    assert server.raw[-1] == server.raw[-2]


def test_an_address_in_chinese(server: mailserver.Server) -> None:
    by = settings(server, security=server.security)  # type: ignore[attr-defined]
    smtp.deliver(by, message(by, to="张三@例子.中国"), WAY_ON)
    assert "张三@例子.中国".encode() in server.raw[-1]


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[mailserver.Server]:
    with mailserver.running(tmp_path, "starttls", login=True) as running:
        yield running


def test_the_password_comes_from_a_variable_or_a_file(
    guarded: mailserver.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POST_PASSWORD", mailserver.PASSWORD)
    by = settings(guarded, user="xxgk", password_env="POST_PASSWORD")
    smtp.deliver(by, message(by), WAY_ON)
    (tmp_path / "word").write_text(mailserver.PASSWORD + "\n", encoding="utf-8")
    by = settings(guarded, user="xxgk", password_file=str(tmp_path / "word"))
    smtp.deliver(by, message(by), WAY_ON)
    assert guarded.logins == ["xxgk", "xxgk"]
    assert len(guarded.got) == 2
    assert mailserver.PASSWORD not in repr(by)


def test_a_wrong_or_missing_password(guarded: mailserver.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    by = settings(guarded, user="xxgk", password_env="POST_PASSWORD")
    with pytest.raises(Environment, match="POST_PASSWORD"):
        smtp.deliver(by, message(by), WAY_ON)
    monkeypatch.setenv("POST_PASSWORD", "falsch")
    with pytest.raises(MailFault, match="does not let xxgk in"):
        smtp.deliver(by, message(by), WAY_ON)
    with pytest.raises(MailFault):
        without = settings(guarded)
        smtp.deliver(without, message(without), WAY_ON)
    assert guarded.got == []


def test_a_certificate_that_nobody_vouches_for(guarded: mailserver.Server, tmp_path: Path) -> None:
    for security in ("starttls", "tls"):
        with mailserver.running(tmp_path, security) as running:
            by = replace(settings(running, security=security), ca_file=None)
            with pytest.raises(MailFault, match="not to be trusted") as caught:
                smtp.deliver(by, message(by), WAY_ON)
            assert not caught.value.permanent
            assert not caught.value.uncertain
            # The name has to be the server's own, too.
            by = replace(settings(running, security=security), host="127.0.0.2")
            with pytest.raises(MailFault):
                smtp.deliver(by, message(by), WAY_ON)
            assert running.got == []


def test_a_server_without_encryption_is_given_nothing(tmp_path: Path) -> None:
    with mailserver.running(tmp_path, "none") as running:
        by = settings(running, security="starttls")
        with pytest.raises(MailFault, match="STARTTLS"):
            smtp.deliver(by, message(by), WAY_ON)
        assert running.got == []


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 5.1.1 no such user 查无此人", True), ("451 try later", False)]
)
def test_a_refusal_is_told_with_the_servers_words(tmp_path: Path, answer: str, permanent: bool) -> None:
    with mailserver.running(tmp_path, "none") as running:
        by = settings(running)
        for place in ("refuse_to", "refuse_data"):
            setattr(running, place, answer.encode().decode("ascii", "ignore"))
            with pytest.raises(MailFault, match=answer[:3]) as caught:
                smtp.deliver(by, message(by), WAY_ON)
            assert caught.value.permanent is permanent
            assert not caught.value.uncertain
            assert caught.value.advice
            setattr(running, place, None)
        assert running.got == []
        # And the connection was good for the next message.
        with smtp.session(by, WAY_ON) as connected:
            running.refuse_to = answer[:3] + " no"
            with pytest.raises(MailFault):
                connected.deliver(message(by))
            running.refuse_to = None
            connected.deliver(message(by))
        assert len(running.got) == 1


@pytest.mark.parametrize(
    ("talk", "uncertain", "permanent", "words"),
    [
        (mailserver.hanging, False, False, "did not answer within 1 seconds"),
        (mailserver.dropping, False, False, "hung up"),
        (mailserver.breaking_off, False, False, "421 shutting down"),
        (mailserver.silent, True, False, "not known"),
        (lambda sock, lines: sock.sendall(b"554 go away\r\n"), False, True, "554 go away"),
        (lambda sock, lines: sock.sendall(b"\xff\xfe\x00 nonsense"), False, False, "refused|hung up"),
        (lambda sock, lines: None, False, False, "hung up"),
    ],
)
def test_a_server_at_fault(talk: mailserver.Talk, uncertain: bool, permanent: bool, words: str) -> None:
    began = time.monotonic()
    with mailserver.talking(talk) as running:
        by = settings(running, timeout=1)
        with pytest.raises(MailFault, match=words) as caught:
            smtp.deliver(by, message(by, pdf=b"x" * 400_000), WAY_ON)
        assert caught.value.uncertain is uncertain
        assert caught.value.permanent is permanent
        assert caught.value.exit_code == 6
        assert caught.value.advice
        assert "{" not in caught.value.text + caught.value.advice
    assert time.monotonic() - began < 5


def test_nobody_there() -> None:
    with mailserver.nobody() as away, pytest.raises(MailFault, match="cannot be reached") as caught:
        by = settings(away)
        smtp.deliver(by, message(by), WAY_ON)
    assert (caught.value.advice or "").endswith("disclosure work")


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ({"host": "mail.example"}, "mail.from"),
        ({"host": "mail.example", "from": "no address"}, "mail.from"),
        ({"host": "", "from": "a@b.cn"}, "mail.host"),
        ({"host": "mail.example\r\nX", "from": "a@b.cn"}, "mail.host"),
        ({"host": "mail.example", "from": "a@b.cn", "port": 0}, "mail.port"),
        ({"host": "mail.example", "from": "a@b.cn", "port": "25"}, "mail.port"),
        ({"host": "mail.example", "from": "a@b.cn", "timeout": 0}, "mail.timeout"),
        ({"host": "mail.example", "from": "a@b.cn", "security": "none"}, "mail.security"),
        ({"host": "mail.example", "from": "a@b.cn", "security": "ssl"}, "mail.security"),
        ({"host": "mail.example", "from": "a@b.cn", "user": "x"}, "mail.user"),
        ({"host": "mail.example", "from": "a@b.cn", "user": "x", "password": "y"}, "mail.password"),
        (
            {
                "host": "mail.example",
                "from": "a@b.cn",
                "user": "x",
                "password_env": "A",
                "password_file": "b",
            },
            "mail.user",
        ),
        ({"host": "mail.example", "from": "a@b.cn", "colour": "red"}, "mail.colour"),
        ("mail.example", "mail"),
    ],
)
def test_what_an_office_file_says_wrongly(table: Any, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        mail_settings.checked(table)
    assert caught.value.field == field
    assert "{" not in caught.value.text + (caught.value.advice or "")


def test_no_table_no_mail() -> None:
    assert smtp.settings(Office(1, "jz", "局", {})) is None


@pytest.mark.parametrize(
    "text", ["a@b\r\nBcc: x@y", "张三", "a@@b", "a b@c.cn", "@b.cn", "a@b..cn", "a@b.cn,c@d.cn", ""]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Malformed):
        mail_settings.address(text, "email")
