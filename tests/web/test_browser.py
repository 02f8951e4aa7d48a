"""The public pages in a real browser: the main way, with and without scripts; and what axe-core finds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.builders import Place
from tests.web import browser as browsers
from tests.web import site as sites
from tests.web.site import FILLED, PDF, Site
from tests.web.test_publish import _replied
from workflow.casework import case_codes
from workflow.web import collect, publish
from workflow.web.public import app, limits, pages

TODAY = date(2026, 9, 1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    # The browser does its work before each form as anywhere, but less of it.
    monkeypatch.setattr(limits, "_NUMBERS", 1000)
    with sites.in_folder(tmp_path) as made, browsers.served(app.make(made.outer)) as address:
        made.outer.address = address
        yield made


@pytest.fixture
def online(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url, online_reconsideration="https://xzfy.example.gov.cn")
    yield made
    made.store.close()


def exchanged(place: Place, site: Site) -> None:
    """The office collects and publishes."""
    assert collect.collect(place.desk("registrar"), site.outer.store, site.keys).faults == []
    publish.publish(place.desk("registrar"), site.outer.store, site.keys)


def fill(page: Any, lang: str, tmp_path: Path) -> None:
    """Fill in the form by its labels, as who reads them does."""
    words = {
        "zh": (
            "姓名",
            "证件号码",
            "联系电话",
            "所需政府信息",
            "希望获得的形式",
            "希望如何获取",
            "身份证明的照片",
        ),
        "en": (
            "Name",
            "Number of the document",
            "Telephone",
            "The information you ask for",
            "In which form",
            "How you want",
            "Picture or scan",
        ),
    }[lang]
    (tmp_path / "证件.pdf").write_bytes(PDF)
    page.get_by_label(words[0]).first.fill(FILLED["p1_name"])
    page.get_by_label(words[1]).fill(FILLED["p1_id_number"])
    page.get_by_label(words[2]).fill(FILLED["p1_phone"])
    page.get_by_label(words[3]).fill(FILLED["request"])
    page.get_by_label(words[4]).select_option("electronic")
    page.get_by_label(words[5]).select_option("online")
    page.get_by_label(words[6]).set_input_files(tmp_path / "证件.pdf")


def press(page: Any, key: str, lang: str, **params: Any) -> None:
    page.get_by_role("button", name=pages.word(key, lang, **params)).first.click()


@pytest.mark.parametrize(("lang", "scripts"), [("zh", True), ("en", False)])
def test_from_the_application_to_the_rating(
    online: Place, site: Site, chromium: Any, tmp_path: Path, lang: str, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts, accept_downloads=True)
    page = context.new_page()
    page.goto(site.outer.address + pages.place("/apply", lang))
    press(page, "begin.next", lang)
    press(page, "apply.preview", lang)
    assert page.locator(".faults").is_visible()
    fill(page, lang, tmp_path)
    press(page, "apply.preview", lang)
    press(page, "preview.send", lang)
    code = page.locator(".code").inner_text()
    address = _scanned(page.locator(".qr").screenshot())
    assert address == site.outer.address + pages.place(f"/s/{code}", lang)

    exchanged(online, site)
    number = "2026-0001"
    online.act("registrar", "ask_correction", number, TODAY, matters="请明确年度", answer_by="2026-09-20")
    exchanged(online, site)
    page.goto(address)
    press(page, "act.correct", lang)
    page.get_by_label("请明确年度").fill("2025年度")
    press(page, "act.send", lang)
    exchanged(online, site)
    assert online.case(number).corrected == [TODAY]
    _replied(online, number)
    exchanged(online, site)
    press(page, "receipt.open", lang)
    with page.expect_download() as fetched:
        press(page, "status.fetch", lang)
    assert Path(fetched.value.path()).read_bytes()[:4] == b"%PDF"
    exchanged(online, site)
    assert online.case(number).state == "served"
    page.goto(address)
    press(page, "act.rate", lang)
    page.get_by_label(pages.word("act.star_5", lang)).check()
    press(page, "act.send", lang)
    assert page.locator("h1").inner_text() == pages.word("receipt.title_act", lang)
    context.close()


def _scanned(picture: bytes) -> str:
    """What a telephone reads of the code on the receipt."""
    import zxingcpp
    from PIL import Image

    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found.text)


@pytest.mark.parametrize("lang", pages.LANGUAGES)
def test_axe_finds_nothing_on_any_page(online: Place, site: Site, chromium: Any, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context()
    page, found = context.new_page(), {}
    applicant, third = _open_for_everything(online, site)

    def look(what: str) -> None:
        result = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
        if result.violations_count:
            found[what] = result.generate_report()

    def go(path: str) -> None:
        page.goto(site.outer.address + pages.place(path, lang))

    form = "/apply?kind=natural_person&persons=2&agent=1"
    # With a page that is not there, and a search that finds nothing.
    for path in (
        "/",
        "/apply",
        form,
        "/organs?find=渔业",
        "/apply?organ=unknown",
        "/follow",
        "/s/none",
        "/x",
    ):
        go(path)
        look(path)
    go("/apply?kind=other")
    press(page, "apply.preview", lang)
    look("form with faults")
    for code in (applicant, third):
        go(f"/s/{code}")
        look("status")
        for at in range(page.locator("form[action$='/act']").count()):
            page.locator("form[action$='/act'] button").nth(at).click()
            look(f"act {at}")
            go(f"/s/{code}")
    go(f"/s/{applicant}")
    page.locator("form[action$='/act'] button", has_text=pages.word("act.paper", lang)).first.click()
    press(page, "act.send", lang)
    look("act with faults")
    go("/apply?kind=natural_person")
    for name, value in FILLED.items():
        if name in ("medium", "way"):
            page.locator(f"#{name}").select_option(value)
        elif name != "kind":
            page.locator(f"#{name}").fill(value)
    press(page, "apply.preview", lang)
    look("preview")
    press(page, "preview.send", lang)
    look("receipt")
    # Pages that say one thing: what was sent is confirmed, what is over is refused, the disk is full.
    go(f"/s/{applicant}")
    page.locator("form[action$='/act'] button", has_text=pages.word("act.withdraw", lang)).click()
    press(page, "act.send", lang)
    look("sent")
    site.outer.store.has_room = lambda: False  # type: ignore[method-assign]
    go("/apply")
    look("full")
    assert found == {}
    context.close()


def _open_for_everything(place: Place, site: Site) -> tuple[str, str]:
    """Codes of an applicant who is asked to correct, and of a third party."""
    code, _ = site.apply()
    exchanged(place, site)
    place.act("registrar", "ask_correction", "2026-0001", TODAY, matters="年度", answer_by="2026-09-20")
    number = place.bring("in_hand", on=date(2026, 8, 20))
    place.act("handler", "consult_third_party", number, date(2026, 8, 25), name="甲公司")
    third = case_codes.give(place.desk("handler"), number, 1)
    exchanged(place, site)
    return code, third


def test_a_draft_stays_in_the_browser_and_is_gone_with_the_receipt(site: Site, chromium: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site.outer.address + "/apply?kind=natural_person")
    page.get_by_label(pages.word("apply.draft", "zh")).check()
    page.locator("#request").fill("草稿内容")
    page.goto(site.outer.address + "/apply?kind=natural_person")
    assert page.locator("#request").input_value() == "草稿内容"
    assert context.cookies() == []
    for name, value in FILLED.items():
        if name in ("medium", "way"):
            page.locator(f"#{name}").select_option(value)
        elif name != "kind":
            page.locator(f"#{name}").fill(value)
    press(page, "apply.preview", "zh")
    press(page, "preview.send", "zh")
    page.wait_for_function("document.querySelector('[data-receipt]') && localStorage.length === 0")
    context.close()


def test_the_form_is_there_before_its_proof_of_work_begins(site: Site, chromium: Any) -> None:
    """A slow processor shows the form first; the work is done while the browser is idle."""
    from playwright.sync_api import expect

    page = chromium.new_context().new_page()
    page.add_init_script(
        """const digest = crypto.subtle.digest.bind(crypto.subtle);
        window.hashes = 0;
        crypto.subtle.digest = (...given) => { window.hashes += 1; return digest(...given); };
        window.addEventListener("load", () => { window.before = window.hashes; });"""
    )
    page.goto(f"{site.outer.address}/apply?kind=natural_person")
    expect(page.locator("[name=work]")).not_to_have_value("", timeout=60_000)
    assert page.evaluate("window.before") == 0
    answer = page.locator("[name=work]").input_value()
    assert site.outer.puzzles.solved(answer)
    page.context.close()


def test_by_the_keyboard_alone_and_on_a_narrow_screen(site: Site, chromium: Any) -> None:
    # 400 % of 1280 points leaves 320.
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site.outer.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"/apply", "/follow", "/en"} <= seen
    for path in ("/", "/apply?kind=natural_person&agent=1", "/follow"):
        page.goto(site.outer.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
