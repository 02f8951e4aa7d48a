"""What an attachment is called in the clients of others, and names that try to be headers."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest

from workflow.office import mail_message, smtp
from workflow.office.mail_settings import MailSettings

NAME = "政府信息公开申请答复书江民公复〔2026〕1号.pdf"
AT = datetime(2026, 3, 2, tzinfo=UTC)


def raw(settings: Any, name: str = NAME, to_name: str = "张三", subject: str = "答复") -> bytes:
    made = mail_message.compose(
        settings,
        to="a@b.cn",
        subject=subject,
        text="正文",
        id="<1@b.cn>",
        at=AT,
        attachments=[(name, b"%PDF", "application/pdf")],
        to_name=to_name,
    )
    return smtp._bytes(made, False)


@pytest.fixture
def settings() -> MailSettings:
    return MailSettings("127.0.0.1", "x@b.cn")


def test_the_name_in_every_way_that_clients_know(settings: MailSettings) -> None:
    sent = raw(settings)
    modern = message_from_bytes(sent, policy=policy.default)
    assert isinstance(modern, EmailMessage)
    (attached,) = modern.iter_attachments()
    assert attached.get_filename() == NAME
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == b"%PDF"
    old = message_from_bytes(sent)
    (part,) = [one for one in old.walk() if one.get_content_type() == "application/pdf"]
    # Outlook, Foxmail and QQ look at the name of the type, in encoded words.
    assert str(make_header(decode_header(str(part.get_param("name"))))).replace(" ", "") == NAME
    # Who knows neither gets a name that any disk takes.
    assert str(part.get_param("filename", header="content-disposition")).endswith(".pdf")
    assert part.get_param("filename", header="content-disposition").isascii()  # type: ignore[union-attr]
    assert max(map(len, sent.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        'x"\r\nBcc: c@d.cn\r\n.pdf',
        "=?utf-8?q?a=0D=0ABcc:c@d.cn?=.pdf",
        "名" * 200 + ".pdf",
        "𠮷.pdf",
    ],
)
def test_a_name_is_never_a_header(settings: MailSettings, name: str) -> None:
    made = message_from_bytes(raw(settings, name), policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert made["Bcc"] is None
    (attached,) = made.iter_attachments()
    assert attached.get_content() == b"%PDF"


def test_an_encoded_word_in_a_persons_name_hides_nothing(settings: MailSettings) -> None:
    hostile = "=?utf-8?q?a=0D=0ABcc:_c@d.cn=0D=0A=0D=0Agone?="
    made = message_from_bytes(raw(settings, to_name=hostile, subject=hostile), policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert made["Bcc"] is None
    assert [one.addr_spec for one in made["To"].addresses] == ["a@b.cn"]
    assert len(list(made.iter_attachments())) == 1
