"""The watch over the law, the book that a lawyer signs, and the words that its rows quote."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.counter import disclosure
from workflow import law
from workflow.base import messages
from workflow.law import quotes, words
from workflow.reports.law import book, book_sections, status

DAY = date(2026, 11, 28)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    messages.use("en")
    yield
    messages.use(None)


# --- words


def test_every_value_ground_and_route_quotes_what_stands_in_the_text() -> None:
    found = list(quotes.everything(law.bundled().tables))
    assert len(found) > 120
    assert [one for one in found if not one.ok] == []


def test_words_that_do_not_stand_there_are_found() -> None:
    tables: dict[str, Any] = copy.deepcopy(dict(law.bundled().tables))
    row = next(row for row in reversed(tables["durations"]["value"]) if row["id"] == "reply.limit")
    for text in (
        "行政机关不能当场答复的，应当自收到申请之日起15个工作日内予以答复",  # another number
        "应当自收到申请之日起20个工作日内予以答复，行政机关不能当场答复的",  # another order
        "自收到申请之日起20个工作日内",  # a piece of a clause
        "",
    ):
        assert quotes.fault({**row, "text": text}), text
    assert quotes.fault({**row, "article": "ogi2019:33.1"})
    assert (
        quotes.fault({**row, "text": "行政机关不能当场答复的……应当自收到申请之日起20个工作日内予以答复"})
        == ""
    )
    assert quotes.fault({**row, "article": "ogi2019:33"}) == ""
    # The second item has not the words of the first.
    items = {"article": "ogi2019:36.1.2", "text": "所申请公开信息已经主动公开的"}
    assert quotes.fault(items)
    assert quotes.fault({**items, "article": "ogi2019:36.1.1"}) == ""


def test_hashes_do_not_give_the_text_away_and_differ_by_instrument() -> None:
    one, other = (words.hashed(key, [("行政机关", [])])[1] for key in ("ogi2019", "ogi2008"))
    assert one != other
    folder = Path(words.FOLDER)
    for path in folder.glob("*.toml"):
        table = "".join(row for rows in words.table(path.stem).values() for row in rows)
        assert set(table) <= set("0123456789abcdef /"), path.name


def test_a_text_is_taken_apart_into_articles_paragraphs_and_items() -> None:
    text = """# 某办法

前言不是条文。

第一条 本办法所称“信息”，是指下列内容：

（一）甲；

（二）乙。

但是不包括丙。

## 第二章

第一百零二条　自公布之日起施行。

第一百零三条 后面的（摘录至此）
"""
    found = words.articles(text)
    assert {key: [len(items) for _, items in rows] for key, rows in found.items()} == {
        "1": [2, 0],
        "102": [0],
    }
    assert words.clauses("甲、乙(丙)；丁。") == ["甲", "乙", "丙", "丁"]
    assert [words.number(numeral) for numeral in ("十", "二十一", "一百零八", "一千二百六十")] == [
        10,
        21,
        108,
        1260,
    ]


def test_the_structure_agrees_with_the_words_of_every_text_that_was_read() -> None:
    tables = law.bundled().tables
    for path in Path(words.FOLDER).glob("*.toml"):
        for article in words.table(path.stem):
            read = words.read(path.stem, article)
            assert read is not None
            counts = [len(part.items) for part in read]
            assert tables[path.stem]["articles"][article] == counts, f"{path.stem}:{article}"


# --- the watch


def test_what_is_not_certain_is_named_with_what_hangs_on_it() -> None:
    found = status.status(DAY)
    assert not found.stale
    by_name = {one.name: one for one in found.open}
    fee = by_name["fee.restart"]
    assert (fee.status, fee.clocks) == ("M", ("reply.limit",))
    assert "P12" in by_name["fee.payment"].letters
    assert all(one.status != "V" for one in found.open)
    told = found.as_json()
    assert {one["key"] for one in told["texts"]} == {one.key for one in law.bundled().instruments()}


def test_words_of_texts_that_were_not_at_hand_say_so() -> None:
    """The Regulations of 2008 and the old laws: their words are held to be right, compared with nothing."""
    found = status.status(DAY)
    unread = {one["key"] for one in found.as_json()["texts"] if one["words"] == "M"}
    assert unread == {"ogi2008", "all1989", "spc2000", "gpc1986", "gpr2017"}
    assert any(line.strip().startswith("M  ogi2008") for line in found.lines())
    tables: dict[str, Any] = copy.deepcopy(dict(law.bundled().tables))
    del tables["instruments"]["ogi2008"]["words"]
    tables["instruments"]["ogi2019"]["words"] = "M"
    wrong = {one.where for one in quotes.of_instruments(tables) if not one.ok}
    assert wrong == {"instruments: ogi2008", "instruments: ogi2019"}


def test_a_change_says_what_stays_and_names_an_instrument_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read here are the pages; the same on paper is the matter of another test.
    monkeypatch.setattr(book.lists, "pdf", lambda page: b"%PDF")
    book.write(tmp_path, date(2026, 7, 1), date(2026, 6, 30))
    page = (tmp_path / "changes.html").read_text("utf-8")
    assert "Changed: Ways against a decision" in page
    assert "reconsideration first, then suit" in page, "the way stays, its basis changes"
    assert "Changed: What starts the time for a remedy" in page
    starts = (tmp_path / "starts.html").read_text("utf-8")
    assert "arrival in the electronic system" in starts
    routes = (tmp_path / "routes.html").read_text("utf-8")
    assert "Art. 44, para. 1, Art. 46, para. 1" in routes


def test_what_was_read_more_than_a_year_ago_is_due_again() -> None:
    later = status.status(date(2027, 11, 29))
    names = {what for what, _ in later.stale}
    assert {"ogi2019", "reply.limit"} <= names
    assert not {what for what, _ in status.status(date(2027, 11, 1)).stale}
    said = disclosure("law", "status", "--on", "2027-11-29")
    assert said.code == 0
    assert "ogi2019" in said.out
    shown = disclosure("law", "status", "--on", "2027-11-29", "--json").json
    assert {"what": "reply.limit", "checked_on": "2026-11-22"} in shown["stale"]


# --- the book


def test_the_book_has_every_section_and_the_change_between_two_days(tmp_path: Path) -> None:
    said = disclosure(
        "law",
        "book",
        "--out",
        tmp_path,
        "--from",
        "2026-06-30",
        "--to",
        "2026-07-01",
        "--json",
        "--lang",
        "en",
    )
    assert said.code == 0
    files = said.json["files"]
    assert set(files) == {f"{one.file}.html" for one in book_sections.SECTIONS} | {
        "index.html",
        "changes.html",
        "law.pdf",
    }
    periods = (tmp_path / "periods.html").read_text(encoding="utf-8")
    for value in law.bundled().values_on(date(2026, 7, 1)):
        assert f"({value.id})" in periods
    assert "应当自收到申请之日起20个工作日内予以答复" in periods
    routes = (tmp_path / "routes.html").read_text(encoding="utf-8")
    assert "reconsideration; no suit is admitted" in routes
    changes = (tmp_path / "changes.html").read_text(encoding="utf-8")
    assert "行政复议法实施条例" in changes or "Implementing Regulations" in changes
    assert "reply.limit" not in changes
    # The place for the signature is at the end.
    assert "Read and found right by" in PdfReader(tmp_path / "law.pdf").pages[-1].extract_text()
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    for file in files:
        assert file in index or file in ("index.html", "law.pdf")


def test_a_book_of_no_law_or_no_span_is_refused(tmp_path: Path) -> None:
    assert disclosure("law", "book", "--out", tmp_path / "a", "--on", "2001-01-01").code != 0
    said = disclosure("law", "book", "--out", tmp_path / "a", "--from", "2026-07-01", "--to", "2026-07-01")
    assert said.code != 0
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("逾期不予答复", "no_reply"),
        ("不予公开", "withheld"),
        ("third-party-disclosure", "third_party_disclosure"),
        ("D9", "needs_creation"),
        ("d4", "withheld"),
    ],
)
def test_the_ways_against_an_answer_are_found_by_its_name_or_its_letter(asked: str, first: str) -> None:
    said = disclosure("law", "show", asked, "--on", "2026-07-01", "--json")
    assert said.json[0]["outcome"] == first


def test_a_value_is_found_by_its_name_and_a_letter_of_several_answers_asks_which() -> None:
    for asked in ("答复期限", "reply-limit", "time limit for the reply"):
        assert disclosure("law", "show", asked, "--on", "2026-07-01", "--json").json[0]["id"] == "reply.limit"
    several = disclosure("law", "show", "D7", "--lang", "zh_CN")
    assert several.code == 2
    assert "不予重复处理" in several.err
    assert disclosure("law", "show", "某某期限").code == 3
