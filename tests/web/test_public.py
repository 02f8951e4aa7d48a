"""The outer side: an application is taken sealed and confirmed once; what is wrong is said; nothing leaks."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.web import site as sites
from tests.web.site import FILLED, PDF, Site, hidden
from workflow.base import follow_codes, tables
from workflow.web.public import form, guard, limits, outer_database, pages, sealing, uploads


def opened(site: Site, at: int = 0) -> dict[str, Any]:
    """What the office would read of a submission."""
    one = site.outer.store.waiting()[at]
    plain = sealing.open_(one.sealed, site.keys.seal, "submission", one.kind, one.token, one.receipt)
    made: dict[str, Any] = json.loads(plain)
    return made


# --- an application


@pytest.mark.parametrize("lang", ["", "/en"])
def test_an_application_is_taken_sealed_and_has_a_receipt(site: Site, lang: str) -> None:
    papers = [
        ("f_identity", ("身份证.pdf", PDF, "application/pdf")),
        ("f_other", ("图.png", _png(), "text/html")),
    ]
    code, receipt = site.apply(papers, lang)
    read = opened(site)
    assert read["answers"]["applicants"][0]["name"] == "张三"
    assert read["answers"]["request"] == FILLED["request"]
    assert bytes.fromhex(read["secret"]) == follow_codes.secret_of_code(code)
    assert [one["name"] for one in read["papers"]] == ["身份证.pdf", "图.png"]
    assert read["receipt"] in receipt.text
    assert "2026-09-01 09:30:00" in receipt.text
    token = site.outer.store.waiting()[0].token
    head, _, data = sealing.open_(
        dict(site.outer.store.papers(token))[1], site.keys.seal, "paper", token, "1"
    ).partition(b"\n")
    assert (json.loads(head)["purpose"], data) == ("identity", PDF)


def test_the_same_form_sent_twice_has_one_receipt(site: Site) -> None:
    code, first = site.apply()
    look = hidden(first.text)
    # Of the form nothing is carried on; the code is there for the receipt as a PDF.
    assert look == {"code": code, "organ": "jz"}
    begun = site.browser.get("/apply?kind=natural_person")
    sent = {**hidden(begun.text), **FILLED}
    one, two = site.browser.post("/apply", data=sent), site.browser.post("/apply", data=sent)
    assert sites.code_of(one.text) == sites.code_of(two.text) != code
    assert "此前已经提交" in two.text
    assert len(site.outer.store.waiting()) == 2
    changed = site.browser.post("/apply", data={**sent, "request": "另一项"})
    assert changed.status_code == 409
    assert "没有收到" in changed.text
    assert len(site.outer.store.waiting()) == 2


def test_several_persons_an_agent_and_an_organisation(site: Site) -> None:
    more = {"p2_name": "李四", "p2_id_number": "2", "a_name": "王律师", "a_id_number": "3", "a_phone": "139"}
    site.apply(persons="2", agent="1", **more)
    first = opened(site)["answers"]
    assert [one["name"] for one in first["applicants"]] == ["张三", "李四"]
    assert first["agent"]["name"] == "王律师"
    site.apply(kind="commercial_enterprise", p1_representative="赵经理")
    assert opened(site, 1)["answers"]["applicants"][0]["representative"] == "赵经理"


def test_back_from_the_preview_nothing_is_lost(site: Site) -> None:
    begun = site.browser.get("/apply?kind=natural_person")
    papers = [("f_identity", ("证.pdf", PDF, "application/pdf"))]
    look = site.browser.post("/preview", data={**hidden(begun.text), **FILLED}, files=papers)
    back = site.browser.post("/change", data=hidden(look.text))
    assert FILLED["request"] in back.text
    assert "证.pdf" in back.text
    typed = {**hidden(back.text), **FILLED, "request": "改过的"}
    look = site.browser.post("/preview", data=typed)
    assert site.browser.post("/apply", data=hidden(look.text)).status_code == 200
    assert opened(site)["answers"]["request"] == "改过的"
    assert len(opened(site)["papers"]) == 1


# --- what is wrong with a form


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"p1_name": ""}, "p1_name", "needed"),
        ({"p1_name": "张" * 10_000}, "p1_name", "long"),
        ({"p1_name": "张\u202e三"}, "p1_name", "signs"),
        ({"p1_name": "张\n三"}, "p1_name", "signs"),
        ({"request": "甲\x00乙"}, "request", "signs"),
        ({"p1_email": "no"}, "p1_email", "mail"),
        ({"way": "pigeon"}, "way", "choice"),
        ({"organ": "../x"}, "organ", "choice"),
        ({"way": "post"}, "p1_address", "address"),
        ({"way": "email", "p1_email": ""}, "p1_email", "mailbox"),
        ({"p1_phone": "", "p1_email": ""}, "p1_phone", "contact"),
        ({"notice": "sms", "p1_phone": ""}, "p1_phone", "number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    site: Site, changes: dict[str, str], field: str, fault: str
) -> None:
    begun = site.browser.get("/apply?kind=natural_person")
    for address in ("/preview", "/apply"):
        said = site.browser.post(address, data={**hidden(begun.text), **FILLED, **changes})
        assert said.status_code == 422
        assert f'href="#{field}"' in said.text
        assert pages.word(f"fault.{fault}", "zh") in said.text
    assert site.outer.store.waiting() == []


def test_markup_is_shown_as_it_was_typed(site: Site) -> None:
    begun = site.browser.get("/apply?kind=natural_person")
    typed = {**FILLED, "request": "</pre><script>alert(1)</script>", "p1_name": '"><img src=x>'}
    look = site.browser.post("/preview", data={**hidden(begun.text), **typed})
    assert look.status_code == 200
    assert "<script>alert" not in look.text
    assert "<img" not in look.text


def _png(width: int = 3, height: int = 2) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, "PNG")
    return out.getvalue()


def _bomb() -> bytes:
    """A picture of a million by a million points in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"<html><script>", "kind"),
        (b"PK\x03\x04" + b"0" * 99, "kind"),
        (b"%PDF-1.7 cut off", "kind"),
        (_png()[:30], "kind"),
        (_bomb(), "kind"),
        (b"%PDF-" + b"0" * uploads.LARGEST + b"%%EOF", "large"),
    ],
    ids=["empty", "html", "zip", "cut pdf", "cut png", "bomb", "large"],
)
def test_a_file_that_is_not_what_it_says(site: Site, data: bytes, fault: str) -> None:
    begun = site.browser.get("/apply?kind=natural_person")
    papers = [("f_identity", ("身份证.pdf", data, "application/pdf"))]
    said = site.browser.post("/preview", data={**hidden(begun.text), **FILLED}, files=papers)
    assert said.status_code == 422
    assert pages.word(f"fault.{fault}", "zh") in said.text


def test_papers_of_a_form_that_was_sent_stay_as_they_were(site: Site) -> None:
    """Who goes back with his browser and sends his papers again changes nothing that was taken."""
    begun = site.browser.get("/apply?kind=natural_person")
    sent = {**hidden(begun.text), **FILLED}
    papers = [("f_identity", ("身份证.pdf", PDF, "application/pdf"))]
    look = site.browser.post("/preview", data=sent, files=papers)
    assert site.browser.post("/apply", data=hidden(look.text)).status_code == 200
    (one,) = site.outer.store.waiting()
    kept = site.outer.store.papers(one.token)
    again = site.browser.post("/preview", data=sent, files=papers)
    assert again.status_code == 409
    assert one.receipt in again.text
    assert site.outer.store.papers(one.token) == kept


def test_a_flood_of_papers_is_stopped(site: Site) -> None:
    """By the megabytes of a client within an hour; the form itself can still be sent."""
    site.outer.papers = limits.Buckets(1)
    begun = site.browser.get("/apply?kind=natural_person")
    sent = {**hidden(begun.text), **FILLED}
    large = PDF[:-6] + b" " * (700 * 1024) + PDF[-6:]
    papers = [
        ("f_other", ("a.pdf", large, "application/pdf")),
        ("f_other", ("b.pdf", large, "application/pdf")),
    ]
    said = site.browser.post("/preview", data=sent, files=papers)
    assert said.status_code == 422
    assert said.text.count(pages.word("fault.often", "zh")) == 1
    assert site.browser.post("/preview", data=hidden(said.text) | FILLED).status_code == 200


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_one_network_is_one_client(host: str, client: str) -> None:
    assert limits.client_of(host) == client


def test_names_of_papers_are_made_safe() -> None:
    assert uploads.name("../../etc/passwd", PDF, 1) == "passwd.pdf"
    assert uploads.name("C:\\a\\证件\u202e.exe", _png(), 1) == "证件.png"
    assert uploads.name(None, PDF, 2) == "2.pdf"
    assert len(uploads.name("长" * 10_000, PDF, 1)) < 100


def test_a_body_that_is_too_large_is_not_read(site: Site) -> None:
    said = site.browser.post("/preview", content=b"0" * (guard.LARGEST + 1), headers={"content-type": "x/y"})
    assert said.status_code in (400, 413)
    big = [("f_other", ("x.pdf", b"0" * (guard.LARGEST + 1), "application/pdf"))]
    begun = site.browser.get("/apply?kind=natural_person")
    said = site.browser.post("/preview", data=hidden(begun.text), files=big)
    assert said.status_code == 413
    assert pages.word("refused.large", "zh") in said.text


# --- what is said before the applicant writes, and limits


def test_without_room_the_applicant_is_told_before_he_writes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outer_database, "ROOM", 2**62)
    for said in (site.browser.get("/apply"), site.browser.get("/en/apply?kind=other")):
        assert said.status_code == 503
    assert "邮寄" in site.browser.get("/apply").text


def test_what_could_not_be_kept_is_not_confirmed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = site.browser.get("/apply?kind=natural_person")
    with site.outer.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON submission BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    said = site.browser.post("/apply", data={**hidden(begun.text), **FILLED})
    assert said.status_code == 503
    assert pages.word("refused.failed", "zh") in said.text
    assert "回执号" not in said.text


def test_a_flood_is_stopped_and_a_proof_of_work_allows_more(site: Site) -> None:
    site.outer.submissions = limits.Buckets(3)
    page = site.browser.get("/apply?kind=natural_person").text
    sent = {**hidden(page), **FILLED}
    assert [site.browser.post("/preview", data=sent).status_code for _ in range(4)] == [200, 200, 200, 429]
    puzzle = dict(re.findall(r'data-(salt|challenge|most|seal)="([^"]+)"', page))
    number = _solve(puzzle)
    worked = {**sent, "work": f"{puzzle['salt']}:{number}:{puzzle['seal']}"}
    assert site.browser.post("/preview", data=worked).status_code == 200
    assert site.browser.post("/apply", data=worked).status_code == 200
    # Each is good once.
    site.outer.submissions = limits.Buckets(1)
    site.outer.submissions.take("testclient")
    assert site.browser.post("/preview", data=worked).status_code == 429


def _solve(puzzle: dict[str, str]) -> int:
    import hashlib

    salt, challenge = puzzle["salt"], puzzle["challenge"]
    tried = (one for one in range(int(puzzle["most"])))
    return next(one for one in tried if hashlib.sha256(f"{salt}{one}".encode()).hexdigest() == challenge)


def test_a_bucket_fills_again_evenly() -> None:
    now = [0.0]
    bucket = limits.Buckets(60, lambda: now[0])
    assert sum(bucket.take("a") for _ in range(100)) == 60
    assert bucket.take("b")
    now[0] = 60.0
    assert [bucket.take("a"), bucket.take("a")] == [True, False]


def test_a_puzzle_is_ours_fresh_and_good_once() -> None:
    now = [1000.0]
    ours = limits.Puzzles(lambda: now[0])
    made = ours.new()
    answer = f"{made['salt']}:{_solve(made)}:{made['seal']}"
    assert not limits.Puzzles(lambda: now[0]).solved(answer)
    assert not any(ours.solved(bad) for bad in ("", ":", "a:b:c", "张", answer.replace(":", ":1", 1)))
    assert ours.solved(answer, use=False)
    assert ours.solved(answer)
    assert not ours.solved(answer)
    made = ours.new()
    late = f"{made['salt']}:{_solve(made)}:{made['seal']}"
    now[0] += 10_000
    assert not ours.solved(late)


# --- codes


def test_the_number_alone_and_wrong_codes_show_nothing_and_look_alike(site: Site) -> None:
    code, receipt = site.apply()
    number = re.search(r"W\d+-\d+", receipt.text)
    assert number
    other = follow_codes.code(follow_codes.new_secret())
    said = [
        site.browser.post("/follow", data={"code": typed})
        for typed in (number[0], other, code[:-1] + ("0" if code[-1] != "0" else "1"), "", "x" * 5000)
    ]
    assert {one.status_code for one in said} == {404}
    assert len({one.text for one in said}) == 1
    assert site.browser.get(f"/s/{other}").text == said[0].text
    assert site.browser.get(f"/s/{code}").status_code == 200


def test_guessing_is_stopped_for_right_codes_too(site: Site) -> None:
    code, _ = site.apply()
    site.outer.looks = limits.Buckets(5)
    guesses = [site.browser.post("/follow", data={"code": "x"}).status_code for _ in range(7)]
    assert guesses == [404] * 5 + [429] * 2
    assert site.browser.post("/follow", data={"code": code}).status_code == 429


# --- every page


def test_every_page_has_its_headers_and_is_small(site: Site) -> None:
    code, receipt = site.apply()
    found = [
        receipt,
        *(
            site.browser.get(lang + path)
            for lang in ("", "/en")
            for path in (
                "/",
                "/apply",
                "/apply?kind=other&persons=10&agent=1",
                "/follow",
                f"/s/{code}",
                "/no",
            )
        ),
    ]
    css, script = site.browser.get("/static/site.css"), site.browser.get("/static/site.js")
    for one in [*found, css, script]:
        for name in pages.HEADERS:
            assert name in one.headers, (one.url, name)
        assert "set-cookie" not in one.headers
        assert len(one.content) + len(css.content) + len(script.content) < 100_000
    for one in found:
        assert not re.search(
            r"<script(?! src=\"/static/site.js\?\w+\" defer>)|\son\w+=|style=|https?://(?!127)", one.text
        )
        assert one.text.count("<h1>") == 1
        sites.ids_are_one_each(one.text)


def test_a_fault_of_our_own_is_said_and_has_its_headers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(site.outer.store, "of_code", breaks)
    with TestClient(site.browser.app, base_url=sites.ADDRESS, raise_server_exceptions=False) as browser:
        said = browser.post("/follow", data={"code": "x"})
    assert said.status_code == 500
    assert pages.word("refused.failed", "zh") in said.text
    assert all(name in said.headers for name in pages.HEADERS)


def test_words_are_there_in_both_languages_and_each_is_used() -> None:
    words = tables.read(pages.WORDS)
    used = set()
    for path in Path(pages.HERE, "templates").glob("*.html"):
        used |= set(re.findall(r"\bw\('([a-z_]+\.[a-z_]+)'", path.read_text("utf-8")))
    for key in used - {"act.star_"}:
        section, _, name = key.partition(".")
        if name and not key.endswith("_"):
            assert words[section][name]["zh"], key
            assert words[section][name]["en"], key
    for section, entries in words.items():
        for name, both in entries.items():
            assert set(both) == {"zh", "en"}, (section, name)
            zh, en = (sorted(re.findall(r"\{\w+\}", both[lang])) for lang in ("zh", "en"))
            assert zh == en, (section, name)


def test_the_form_cites_its_provisions(site: Site) -> None:
    page = site.browser.get("/apply?kind=natural_person").text
    assert "第二十九条" in page
    assert all(":" not in text for text in pages.articles("zh").values())
    assert set(form.kinds()) >= {form.PERSON}


# --- the outer machine in the hands of another


def test_who_takes_the_outer_machine_reads_nothing(site: Site, tmp_path: Path) -> None:
    code, _ = site.apply([("f_identity", ("身份证.pdf", PDF, "application/pdf"))])
    site.outer.store.close()
    taken = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    for told in (*FILLED.values(), code, code.replace("-", ""), "身份证", "1 0 obj"):
        if len(told) > 6 and told not in ("natural_person", "electronic"):
            assert told.encode() not in taken, told
    secret = follow_codes.secret_of_code(code)
    assert secret is not None
    assert secret not in taken
    assert secret.hex().encode() not in taken
    raw = site.keys.seal.private_bytes_raw()
    assert raw not in taken


def test_an_empty_form_is_drawn_once_and_each_has_its_own_token(site: Site) -> None:
    """Nothing that came in the address is kept for others."""
    one, other = (site.browser.get("/apply", params={"kind": "natural_person"}).text for _ in range(2))
    ours, theirs = hidden(one), hidden(other)
    assert ours["token"] != theirs["token"]
    assert one.replace(ours["token"], "") != other
    assert len(site.outer.blanks) == 1
    filled = site.browser.get("/apply", params={"kind": "natural_person", "p1_name": "王五"}).text
    assert 'value="王五"' in filled
    site.browser.get("/apply", params={"kind": "natural_person", "organ": "王五"})
    assert not any("王五" in drawn for drawn in site.outer.blanks.values())
    assert 'lang="en"' in site.browser.get("/en/apply", params={"kind": "natural_person"}).text
