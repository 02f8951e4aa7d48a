"""The code on letters: of who applied by post too, read off the page by a telephone, and nowhere without a
counter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa

from letters.content import follow, kinds, specimens
from letters.pdf import geometry, render
from tests import builders
from tests.builders import Place
from tests.web.site import Site
from workflow import law
from workflow.base import follow_codes
from workflow.casework import case_codes
from workflow.drafting import preview
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record
from workflow.web import collect, publish
from workflow.web.public import form, pages

COUNTER = "https://yigk.jiangzhou.example.gov.cn"
TODAY = date(2026, 9, 1)
LETTERS, CODES = TABLES["letter"], TABLES["web_code"]


@pytest.fixture
def counter(sqlite_url: str, home: Path) -> Iterator[Place]:
    """An office with a public counter."""
    made = builders.found(sqlite_url, counter_address=f"{COUNTER}/")
    yield made
    made.store.close()


def scanned(pdf: bytes) -> list[str]:
    """What a telephone reads off the pages, as a printer of 150 dots an inch makes them."""
    import zxingcpp

    pages = (page.render(scale=150 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf))
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def test_who_applied_by_post_follows_from_the_receipt(counter: Place, site: Site) -> None:
    """The code is made with the receipt, is the same on every later letter, and leads to the case."""
    number = counter.receive(TODAY).case.number
    counter.act("registrar", "register", number, TODAY)
    receipt = counter.said(number, "P2")
    address = receipt["follow"]["address"]
    code = address.removeprefix(f"{COUNTER}{follow_codes.PAGE}")
    pdf = render.pdf(receipt)
    assert scanned(pdf) == [address]
    assert code in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    counter.act("registrar", "ask_correction", number, TODAY, matters="请明确年度", answer_by="2026-09-20")
    assert counter.said(number, "P3")["follow"] == receipt["follow"]
    assert case_codes.give(counter.desk("registrar"), number) == code
    publish.publish(counter.desk("registrar"), site.outer.store, site.keys)
    page = site.browser.get(f"{follow_codes.PAGE}{code}").text
    assert number in page
    # He sent nothing here, and no list of it is begun.
    assert f"<h2>{pages.word('status.sent', 'zh')}</h2>" not in page
    verify_record.verify(counter.store, counter.desk().office)


def test_without_a_counter_letters_say_what_they_said(quick: Place) -> None:
    number = quick.receive(TODAY).case.number
    quick.act("registrar", "register", number, TODAY)
    letter = quick.said(number, "P2")
    assert "follow" not in letter
    assert "查询码" not in render.html(letter)
    with quick.store.reading() as connection:
        assert connection.execute(sa.select(CODES)).all() == []


def test_a_draft_has_the_place_of_the_code_and_leads_to_no_case(counter: Place, tmp_path: Path) -> None:
    """A preview has the pages that the letter will have, and is handed round: the code is made with the
    letter."""
    number = counter.bring("approved", on=date(2026, 8, 20))
    shown = preview.preview(
        counter.desk("handler"), number, lambda name: tmp_path / name, on=TODAY, served_by=None
    )
    pdf = Path(shown["path"]).read_bytes()
    assert scanned(pdf) == [COUNTER]
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    assert "查询码：（印发时生成）" in text
    counter.act("handler", "issue", number, TODAY)
    assert counter.said(number, "D1")["follow"]["address"].startswith(f"{COUNTER}{follow_codes.PAGE}")


def test_a_third_party_has_a_code_of_his_own(counter: Place, site: Site) -> None:
    number = counter.bring("in_hand", on=date(2026, 8, 20))
    counter.act("handler", "consult_third_party", number, TODAY, name="丙公司")
    theirs, his = (counter.said(number, code)["follow"]["address"] for code in ("P6", "P2"))
    assert theirs != his
    # The slip that he fills in comes back, and bears none.
    assert "follow" not in counter.said(number, "P7")
    publish.publish(counter.desk("registrar"), site.outer.store, site.keys)
    page = site.browser.get(theirs.removeprefix(COUNTER)).text
    assert 'value="opinion"' in page
    assert 'value="withdraw"' not in page


def test_organs_that_share_a_counter(counter: Place, site: Site) -> None:
    """What was passed on keeps the code of the office above; an organ that names the same counter gives
    codes of its own, which the office above publishes and collects."""
    theirs = counter.organ_below("mz", counter_address=f"{COUNTER}/")
    paper = theirs.receive(TODAY).case.number
    theirs.act("registrar", "register", paper, TODAY)
    own = theirs.said(paper, "P2")["follow"]["address"].removeprefix(COUNTER)
    code, _ = site.apply(organ=form.UNKNOWN_ORGAN)
    (taken,) = collect.collect(counter.desk("registrar"), site.outer.store, site.keys).taken
    counter.act("registrar", "route", taken[2], TODAY, organ="mz", reasons="由该局负责")
    passed = counter.case(taken[2]).passed_to
    assert passed is not None
    theirs.act("registrar", "register", passed.number, TODAY)
    assert theirs.said(passed.number, "P2")["follow"]["address"] == f"{COUNTER}{follow_codes.PAGE}{code}"
    publish.publish(counter.desk("registrar"), site.outer.store, site.keys)
    assert paper in site.browser.get(own).text
    site.act(own.removeprefix(follow_codes.PAGE), "withdraw", text="已取得")
    made = collect.collect(counter.desk("registrar"), site.outer.store, site.keys)
    assert (made.faults, [one[2] for one in made.taken]) == ([], [paper])


def test_every_letter_to_somebody_outside_bears_it_below_everything_else() -> None:
    for code in (kind.code for kind in kinds.all() if follow.bears(kind.code)):
        ground = next(iter(kinds.get(code).grounds), None)
        plain = specimens.letter(code, ground, law=law.bundled(), on=specimens.ON)
        told = follow.put(plain, "7K3M-9QXA-B2CD-EF4G-H5JK-6MNP-8RST", COUNTER)
        before, after = render.html(plain, draft=True), render.html(told, draft=True)
        assert "svg" not in before
        assert after.count("<svg") == 1
        assert after.index("<svg") > after.rindex("signature")
        assert {name: value for name, value in told.items() if name != "follow"} == plain


@pytest.mark.parametrize(("code", "page"), [("P3", "letter"), ("D1", "ordinary")])
def test_it_is_read_off_the_page(code: str, page: str) -> None:
    plain = specimens.letter(code, None, law=law.bundled(), on=specimens.ON, page=page)
    long = "https://" + "xinxi.gongkai." * 8 + "gov.cn/yishenqing"
    told = follow.put(plain, "7K3M-9QXA-B2CD-EF4G-H5JK-6MNP-8RST", long)
    pdf = render.pdf(told, draft=True)
    assert scanned(pdf) == [told["follow"]["address"]]
    document = pypdfium2.PdfDocument(pdf)
    last = document[len(document) - 1]
    text = last.get_textpage()
    words = text.get_text_bounded().replace("\r\n", "")
    for line in told["follow"]["lines"]:
        assert line in words
    # Nothing stands below the type area but the number of the page.
    lowest = min(text.get_charbox(at)[1] for at in range(words.index("告诉他人")))
    assert lowest > (297 - geometry.TYPE_AREA[1] - 37) / 25.4 * 72
