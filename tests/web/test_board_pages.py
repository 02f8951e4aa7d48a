"""The board as pages: who sees them, every figure's link opens as many cases, headers, size, axe-core."""

from __future__ import annotations

import html
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from tests.builders import Place
from tests.government import changed
from tests.web import browser as browsers
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.web.board import app, months, pages, server

SECRET = "0123456789abcdef"


def seat(place: Place, officer: str = "head") -> Seat:
    return Seat(place.store, officer, place.key, now=place.now, today=lambda: place.today)


@pytest.fixture
def browser(government: tuple[Place, Place]) -> Iterator[TestClient]:
    with TestClient(
        app.make(lambda: seat(government[0]), SECRET), base_url="http://127.0.0.1:8081"
    ) as opened:
        yield opened


def links(text: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'href="([^"#]+)"', text)]


@pytest.mark.parametrize("lang", ["", "en/"])
def test_every_cell_opens_as_many_cases_as_it_says(browser: TestClient, lang: str) -> None:
    seen = 0
    for name in ("", "outcomes", "remedies"):
        page = browser.get(f"/{SECRET}/{lang}{name}", params={"from": "2026-01-01", "to": "2026-12-31"})
        assert page.status_code == 200
        cells = re.findall(r'<td class="n"><a href="(list/[^"]+)">([^<]+)</a>', page.text)
        for address, number in cells:
            listed = browser.get(urljoin(f"/{SECRET}/{lang}", html.unescape(address)))
            assert listed.status_code == 200
            rows = listed.text.count('<th scope="row">')
            if number.isdigit() and not re.search(r"/(median|p90)\?", address):
                assert rows == int(number), address
            assert rows > 0
            seen += 1
    assert seen > 10


def test_nothing_without_the_secret_and_the_headers_of_every_answer(browser: TestClient) -> None:
    for path in ("/", "/other/", "/other/list/wj/open", f"/{SECRET}", "/board.js"):
        answer = browser.get(path, follow_redirects=False)
        assert answer.status_code == 404, path
        assert "江州市" not in answer.text
    for path in (f"/{SECRET}/", "/board.css", f"/{SECRET}/nowhere", f"/{SECRET}/board.csv"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
    assert browser.post(f"/{SECRET}/").status_code in (404, 405)


def test_pages_hold_no_script_and_only_links_of_their_own(browser: TestClient) -> None:
    for path in ("", "en/outcomes", "organ/wj", "list/wj/received?from=2026-01-01"):
        text = browser.get(f"/{SECRET}/{path}").text
        assert "<script" not in text
        whole = [urljoin(f"/{SECRET}/{path}", one) for one in links(text)]
        assert all(one.startswith(("/board.css", f"/{SECRET}/")) for one in whole), path
        for one in whole[:7]:
            assert browser.get(one).status_code == 200, one
        assert len(text.encode()) < 100_000


def test_names_are_of_ones_own_organ_and_what_is_asked_wrongly_is_said(
    browser: TestClient, government: tuple[Place, Place]
) -> None:
    theirs = browser.get(f"/{SECRET}/list/wj/received?from=2026-01-01").text
    assert "李" not in theirs
    own = browser.get(f"/{SECRET}/list/jz/received?from=2026-01-01").text
    assert "张*" in own
    for path in (
        "list/none/open",
        "list/wj/none",
        "organ/none",
        "?month=2026-13",
        "?from=x",
        "board.txt",
        "a/b/c/d",
    ):
        answer = browser.get(f"/{SECRET}/{path}")
        assert answer.status_code in (400, 404), path
        assert "Traceback" not in answer.text
    marked = browser.get(f"/{SECRET}/", params={"month": '"><script>alert(1)</script>'})
    assert "<script" not in marked.text


def test_who_is_stopped_sees_nothing_any_more(browser: TestClient, government: tuple[Place, Place]) -> None:
    above, _organ = government
    with TestClient(app.make(lambda: seat(above, "handler"), SECRET)) as other:
        assert other.get(f"/{SECRET}/").status_code == 200
        founding.stop_officer(above.desk("head"), "handler")
        assert other.get(f"/{SECRET}/").status_code == 400
    changed(above, settings={"binding": "any"})
    assert browser.get(f"/{SECRET}/").status_code == 400


def test_every_point_opens_its_cases(browser: TestClient) -> None:
    text = browser.get(f"/{SECRET}/en/assess?month=2026-03").text
    found = re.findall(r'<a href="(list/[^"]+)">(\d+)/\d+</a>', text)
    assert found
    for address, number in found:
        listed = browser.get(urljoin(f"/{SECRET}/en/", html.unescape(address))).text
        assert listed.count('<th scope="row">') == int(number)


def test_months_side_by_side_open_their_lists(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure or the points over months; each cell is what the page of its month says."""
    text = browser.get(f"/{SECRET}/months?figure=received&month=2026-04&back=3").text
    heads = re.findall(r'<th scope="col">(\d{4}-\d\d)</th>', text)
    assert heads == ["2026-01", "2026-02", "2026-03", "2026-04"]
    cells = re.findall(r'<a href="(list/[^"]+)">(\d+)</a>', text)
    assert cells
    for address, number in cells:
        listed = browser.get(urljoin(f"/{SECRET}/", html.unescape(address))).text
        assert listed.count('<th scope="row">') == int(number)
    points = browser.get(f"/{SECRET}/en/months?figure=assess&month=2026-03&back=0").text
    (total,) = re.findall(
        r'<td class="n">([\d.]+)</td></tr>', browser.get(f"/{SECRET}/assess?month=2026-03").text
    )[:1]
    assert f">{total}</a>" in points
    for wrong in ("figure=none", "month=2026-13"):
        assert browser.get(f"/{SECRET}/months?{wrong}").status_code == 400
    assert len(re.findall('scope="col">20', browser.get(f"/{SECRET}/months?back=999").text)) == 24
    monkeypatch.setattr(months, "CELLS", 1)
    first = browser.get(f"/{SECRET}/months?back=0").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = browser.get(html.unescape(following[1])).text
    named = [re.findall(r'<tr><th scope="row">([^<]+)<', one)[0] for one in (first, second)]
    assert named[0] != named[1]


def test_refreshes_only_where_it_is_asked_for(browser: TestClient) -> None:
    assert "refresh" not in browser.get(f"/{SECRET}/").headers
    assert browser.get(f"/{SECRET}/?refresh=1").headers["refresh"] == str(app.REFRESH)


def test_long_lists_and_boards_are_paged(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "CASES", 4)
    monkeypatch.setattr(app, "VIEWS", {**app.VIEWS, "board": 1})
    address: str | None = f"/{SECRET}/list/wj/received?from=2026-01-01"
    seen = []
    while address:
        text = browser.get(address).text
        seen += re.findall(r'<th scope="row">([^<]+)</th>', text)
        further = re.search(r'href="([^"]+)" rel="next"', text)
        address = html.unescape(further[1]) if further else None
    assert len(seen) == len(set(seen)) == 6
    first = browser.get(f"/{SECRET}/").text
    assert "江州市卫生局" not in first
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    assert "江州市卫生局" in browser.get(html.unescape(following[1])).text


def test_the_files(browser: TestClient) -> None:
    text = browser.get(f"/{SECRET}/board.csv?from=2026-01-01").content.decode("utf-8-sig")
    assert text.count("\r\n") == 4
    assert browser.get(f"/{SECRET}/board.xlsx").content[:2] == b"PK"


def test_the_socket_is_its_owners(tmp_path: Path) -> None:
    at = server.listening(0, tmp_path / "board.sock")
    assert stat.S_IMODE(os.stat(tmp_path / "board.sock").st_mode) == 0o600
    at.close()
    at = server.listening(0, None)
    assert at.getsockname()[0] == server.LOOPBACK
    assert server.address(at, "s").startswith(f"http://{server.LOOPBACK}:")
    at.close()
    assert len(server.drawn()) >= 22


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


@pytest.mark.parametrize("lang", ["", "en/"])
def test_axe_finds_nothing(government: tuple[Place, Place], chromium: Any, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(java_script_enabled=True)
    page, found = context.new_page(), {}
    made = app.make(lambda: seat(government[0]), SECRET)
    with browsers.served(made) as address:
        for path in (
            "",
            "outcomes",
            "remedies",
            "organ/wj",
            "list/wj/received",
            "assess",
            "months",
            "nowhere",
        ):
            asked = "month=2026-03" if path == "assess" else "from=2026-01-01&to=2026-12-31"
            page.goto(f"{address}/{SECRET}/{lang}{path}?{asked}")
            result = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
            if result.violations_count:
                found[path] = result.generate_report()
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{address}/{SECRET}/{lang}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert found == {}
    context.close()


def test_every_word_has_both_languages() -> None:
    from workflow.base import tables

    words = tables.read(pages.WORDS)
    assert all(set(one) == {"zh", "en"} for section in words.values() for one in section.values())
