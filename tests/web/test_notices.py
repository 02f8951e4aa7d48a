"""Notices: once for each news, after it was published, without a word of what it is; not at night."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import builders, mailserver
from tests.builders import Place
from tests.web import site as sites
from tests.web.site import Site
from workflow.base.errors import Environment, Malformed
from workflow.web import collect, notices, publish

TODAY = date(2026, 9, 1)


def exchanged(place: Place, site: Site) -> None:
    collect.collect(place.desk("registrar"), site.outer.store, site.keys)
    publish.publish(place.desk("registrar"), site.outer.store, site.keys)


def at(place: Place, hour: int) -> None:
    """An hour in China, on the desk's clock."""
    place.desk("registrar").now = lambda: datetime(
        2026, 9, 1, hour - 8 if hour >= 8 else hour + 16, tzinfo=UTC
    )


def test_a_text_message_tells_of_each_news_once_and_of_nothing_else(quick: Place, site: Site) -> None:
    sent: list[tuple[str, str]] = []
    site.apply(notice="sms")
    exchanged(quick, site)
    at(quick, 10)

    def tell() -> notices.Told:
        return notices.tell(quick.desk("registrar"), sites.ADDRESS, lambda to, text: sent.append((to, text)))

    assert tell().sent == ["2026-0001"]
    assert tell().sent == []
    quick.act("registrar", "register", "2026-0001", TODAY)
    assert tell().sent == []
    exchanged(quick, site)
    assert tell().sent == ["2026-0001"]
    # What goes on inside the organ is no news.
    quick.act("registrar", "assign", "2026-0001", TODAY, unit="ban")
    exchanged(quick, site)
    quick.act("handler", "accept", "2026-0001", TODAY)
    exchanged(quick, site)
    assert len(tell().sent) == 1
    quick.act("handler", "draft", "2026-0001", TODAY, **builders.GRANT)
    exchanged(quick, site)
    assert tell().sent == []
    assert {to for to, _ in sent} == {"13800000000"}
    for _, text in sent:
        assert sites.ADDRESS in text
        assert not any(told in text for told in ("张三", "2026-0001", "征收", "登记"))


def test_at_night_it_waits_for_the_morning(quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.apply(notice="sms")
    exchanged(quick, site)
    for hour in (21, 23, 0, 7):
        at(quick, hour)
        told = notices.tell(quick.desk("registrar"), sms=lambda *_: None)
        assert (told.sent, told.quiet) == ([], 1)
    at(quick, 8)
    assert notices.tell(quick.desk("registrar"), sms=lambda *_: None).sent == ["2026-0001"]
    monkeypatch.setenv("DISCLOSURE_WEB_QUIET", "12-14")
    assert [notices.is_quiet(datetime(2026, 9, 1, hour, tzinfo=UTC)) for hour in (3, 4, 5, 6)] == [
        False,
        True,
        True,
        False,
    ]
    monkeypatch.setenv("DISCLOSURE_WEB_QUIET", "night")
    with pytest.raises(Malformed):
        notices.is_quiet(datetime(2026, 9, 1, tzinfo=UTC))


def test_what_the_gateway_did_not_take_is_tried_again(
    quick: Place, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.apply(notice="sms")
    exchanged(quick, site)
    at(quick, 9)
    ((_, fault),) = notices.tell(quick.desk("registrar")).faults
    assert isinstance(fault, Environment)
    monkeypatch.setenv("DISCLOSURE_WEB_SMS", f"{sys.executable} -c 'import sys; sys.exit(3)'")
    assert len(notices.tell(quick.desk("registrar")).faults) == 1
    script = f"import sys; open({str(tmp_path / 'sent')!r}, 'w').write(sys.stdin.read())"
    monkeypatch.setenv("DISCLOSURE_WEB_SMS", f'{sys.executable} -c "{script}"')
    assert notices.tell(quick.desk("registrar")).sent == ["2026-0001"]
    assert json.loads((tmp_path / "sent").read_text("utf-8"))["to"] == "13800000000"
    monkeypatch.setenv("DISCLOSURE_WEB_SMS", "http://sms.example.cn")
    with pytest.raises(Malformed):
        notices.port()


def test_an_e_mail_goes_through_the_office_s_server(sqlite_url: str, home: Path, site: Site) -> None:
    with mailserver.running(home, "none") as server:
        place = builders.found(sqlite_url, mail=server.table())
        site.apply(notice="email")
        exchanged(place, site)
        assert notices.tell(place.desk("registrar"), sites.ADDRESS).sent == ["2026-0001"]
        assert notices.tell(place.desk("registrar")).sent == []
        place.store.close()
        (got,) = server.got
    assert got["To"] == "zhang@example.cn"
    assert not any(told in got.as_string() for told in ("2026-0001", "张三"))


def test_a_server_that_is_away_is_tried_by_the_next_publishing(
    sqlite_url: str, home: Path, site: Site
) -> None:
    with mailserver.running(home, "none") as server:
        place = builders.found(sqlite_url, mail=server.table())
    site.apply(notice="email")
    exchanged(place, site)
    told = notices.tell(place.desk("registrar"))
    place.store.close()
    assert told.sent == []
    ((case, fault),) = told.faults
    assert case == "2026-0001"
    assert (fault.advice or "").endswith("disclosure web publish")
