"""The organ's public pages: what is written, that it stays within its folder, what is told when it is old."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from freezegun import freeze_time

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow import clocks
from workflow.base.errors import Conflict, Malformed
from workflow.office import profile_changes
from workflow.office.profile import ADDRESSES
from workflow.web import keys as web_keys
from workflow.web.public import card
from workflow.web.public import pages as counter
from workflow.web.site import build, days, forms, pages


@pytest.fixture
def place(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url, today=date(2026, 9, 1), channels=["in_person", "post", "online"])
    yield made
    made.store.close()


@pytest.fixture
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms as plain bytes and an empty chart, where the pages are the point."""
    monkeypatch.setattr(build.chart, "svg", lambda process, lang, *, on: f"<svg>{lang} {on}</svg>")
    for name in ("pdf", "docx"):
        monkeypatch.setattr(forms, name, lambda page: json.dumps(page).encode())


def test_every_page_in_both_languages_and_nothing_from_elsewhere(
    place: Place, tmp_path: Path, no_paper: None
) -> None:
    out = tmp_path / "out"
    made = build.write(place.desk(), out)
    for name in pages.MENU:
        for path, lang in ((out / f"{name}.html", "zh-CN"), (out / "en" / f"{name}.html", "en")):
            text = path.read_text(encoding="utf-8")
            assert f'<html lang="{lang}">' in text
            assert text.count("<h1>") == 1
            assert not re.search(r'(?:src|href)="(?:[a-z]+:)?//', text)
            assert len(text.encode()) < 100_000
            for target in re.findall(r'(?:src|href)="([^"#]+)"', text):
                assert (path.parent / target).resolve().is_relative_to(out)
                assert (path.parent / target).exists(), target
    assert (out / "index.html").stat().st_mode & 0o044
    guide = (out / "index.html").read_text(encoding="utf-8")
    for said in (
        "江州市滨江大道1号",
        "20个工作日",
        "六十日" if "六十日" in guide else "60",
        "江州市人民政府",
    ):
        assert said in guide
    assert "第三十三条第二款" in guide
    assert "第五十一条" in guide
    # What the office file lacks is said, and stands nowhere.
    assert "办公时间" not in guide
    assert any("办公时间" in gap or "office hours" in gap for gap in made.gaps)


def test_what_changed_is_named_and_nothing_else(place: Place, tmp_path: Path, no_paper: None) -> None:
    out = tmp_path / "out"
    build.write(place.desk(), out)
    place.today += timedelta(days=1)
    assert build.check(place.desk(), out) == []
    place.receive(date(2026, 8, 31))
    (out / "fees.html").write_text("x", encoding="utf-8")
    (out / "en" / "forms.html").unlink()
    assert [(one.name, one.what) for one in build.check(place.desk(), out)] == [
        ("en/figures.html", "old"),
        ("en/forms.html", "missing"),
        ("fees.html", "changed"),
        ("figures.html", "old"),
    ]
    build.write(place.desk(), out)
    assert build.check(place.desk(), out) == []
    assert "张" not in (out / "figures.html").read_text(encoding="utf-8")


def test_pages_and_counter_lead_to_each_other(place: Place, tmp_path: Path, no_paper: None) -> None:
    """Both ways, in both languages; without an address there is no link, and a change makes pages old."""
    out, there = tmp_path / "out", "https://yigk.example.gov.cn"
    build.write(place.desk(), out)
    assert "https://" not in (out / "fees.html").read_text(encoding="utf-8")
    profile_changes.set_profile(place.desk("head"), "counter_address", there + "/")
    assert {one.name for one in build.check(place.desk("handler"), out)} >= {"fees.html", "en/index.html"}
    build.write(place.desk("handler"), out)
    for path, said in (("fees.html", ""), ("index.html", ""), ("en/questions.html", "/en")):
        text = (out / path).read_text(encoding="utf-8")
        for where in ("apply", "follow"):
            assert f'href="{there}{said}/{where}"' in text, path
    ours = web_keys.Keys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    assert card.parse(web_keys.card_text(place.desk("handler").office, ours), "card").site == ""
    profile_changes.set_profile(place.desk("head"), "site_address", "https://example.gov.cn/gk/")
    made = card.parse(web_keys.card_text(place.desk("reviewer").office, ours), "card")
    for lang, first in (("zh", "index.html"), ("en", "en/index.html")):
        foot = bytes(counter.page(made, lang, "home.html").body).decode().partition("<footer>")[2]
        assert f'href="https://example.gov.cn/gk/{first}"' in foot


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("value", ["javascript:alert(1)", "yigk.example", "https://", 'https://a/"onload="x'])
def test_only_an_address_is_linked(place: Place, name: str, value: str) -> None:
    with pytest.raises(Malformed) as fault:
        profile_changes.set_profile(place.desk("head"), name, value)
    assert fault.value.field == name


def test_a_card_with_another_kind_of_address_is_none(place: Place) -> None:
    ours = web_keys.Keys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    changed = {**json.loads(web_keys.card_text(place.desk().office, ours)), "site": "javascript:alert(1)"}
    with pytest.raises(Malformed):
        card.parse(json.dumps(changed), "card")


def test_a_file_of_somebody_else_is_left_as_it_is(place: Place, tmp_path: Path, no_paper: None) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict):
        build.write(place.desk(), tmp_path)
    assert [one.name for one in tmp_path.glob("*.html")] == ["index.html"]


def test_the_calculator_holds_the_clock_of_the_office(place: Place) -> None:
    calendar = place.desk().context.calendar
    told: dict[str, Any] = days.page(calendar, date(2026, 9, 1))
    first, due, longest = (
        date.fromisoformat(told["first"]),
        *(told[name].split() for name in ("due", "longest")),
    )
    assert first == date(2025, 1, 1)
    for place_of_day in range(0, told["starts"], 7):
        start = first + timedelta(days=place_of_day)
        for lasts, more in ((due, False), (longest, True)):
            found = clocks.calculate("reply", start, more, cal=calendar)
            if lasts[place_of_day] == "-":
                # Who waits for an extended reply into a year whose days off are not announced is told so.
                assert more
                assert found.provisional or "december_open" in found.notes
                continue
            assert start + timedelta(days=int(lasts[place_of_day])) == found.due
            # The script numbers the days in capitals: as many as the law gives.
            counted = told["days"][place_of_day + 1 : place_of_day + int(lasts[place_of_day]) + 1]
            assert sum(map(str.isupper, counted)) == found.length
            assert counted[-1].isupper()
    assert "-" not in due
    assert "-" in longest
    assert set(told["days"].upper()) <= set(json.loads(told["spoken"]))


def test_the_form_asks_what_article_29_names_and_is_a_word_document(place: Place) -> None:
    pytest.importorskip("docx")
    page = forms.page("江州市民政局", "body", date(2026, 9, 1))
    labels = [row[0] for block in page["blocks"] if block["kind"] == "rows" for row in block["rows"]]
    assert len(labels) == len(set(labels))
    with zipfile.ZipFile(io.BytesIO(forms.docx(page))) as made:
        text = made.read("word/document.xml").decode()
    assert all(label in text for label in labels)


@freeze_time("2026-09-01")
def test_the_command_writes_checks_and_says_what_is_old(place: Place, tmp_path: Path, no_paper: None) -> None:
    who = ("--db", place.store.url, "--as", "registrar", "--json")
    out = tmp_path / "网页"
    made = disclosure("web", "site", "--out", out, *who).json
    assert "index.html" in made["files"]
    assert made["left_out"]
    (out / "en" / "index.html").unlink()
    told = disclosure("web", "site", "--check", out, *who)
    assert told.code == 1
    assert {"name": "en/index.html", "what": "missing"} in told.json["faults"]
    assert disclosure("web", "site", *who).fault["field"] == "out"
    assert disclosure("web", "site", "--check", tmp_path, *who).code != 0


def test_the_form_is_a_tagged_pdf_that_a_reader_reads(place: Place) -> None:
    made = pypdf.PdfReader(io.BytesIO(forms.pdf(forms.page("江州市民政局", "person", date(2026, 9, 1)))))
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    text = "".join(page.extract_text() for page in made.pages).replace("\n", "")
    for said in ("政府信息公开申请表", "证件号码（必填）", "希望获得的形式", "□"):
        assert said in text
