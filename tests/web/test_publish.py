"""Publishing: how a case stands reaches its code alone, signed; what is older or forged does not."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import GRANT, Place
from tests.web.site import FILLED, Site, hidden
from workflow.base import dates, follow_codes
from workflow.base.errors import Conflict, Environment, Refused
from workflow.casework import case_codes
from workflow.storage import file_store
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record
from workflow.web import collect, keys, outer_door, publish, standing
from workflow.web.public import card, pages, peer
from workflow.web.public.following import Followed

TODAY = date(2026, 9, 1)


@pytest.fixture
def online(sqlite_url: str, home: Path) -> Iterator[Place]:
    """An office that names a way of asking for reconsideration online, as electronic service wants it."""
    made = builders.found(sqlite_url, online_reconsideration="https://xzfy.example.gov.cn")
    yield made
    made.store.close()


def collected(place: Place, site: Site) -> str:
    (taken,) = collect.collect(place.desk("registrar"), site.outer.store, site.keys).taken
    return taken[2]


def published(place: Place, site: Site, **more: Any) -> list[str]:
    place.today = max(place.today, TODAY)
    return publish.publish(place.desk("registrar"), site.outer.store, site.keys, **more).out


def page(site: Site, code: str, lang: str = "") -> str:
    said = site.browser.post(f"{lang}/follow", data={"code": code})
    assert said.status_code == 200, said.text
    return str(said.text)


def test_the_day_of_the_reply_and_why_it_is_that_day(place: Place, site: Site) -> None:
    code, _ = site.apply()
    assert "等待收到机关登记" in page(site, code)
    number = collected(place, site)
    assert published(place, site) == [number]
    shown = page(site, code)
    due = place.due(number)
    assert f"<strong>{due}</strong>" in shown
    assert "国庆" in shown
    assert "中秋" in shown
    assert number in shown
    assert "National Day" in page(site, code, "/en") or "holiday" in page(site, code, "/en")
    for private in ("张三", FILLED["request"], FILLED["p1_id_number"]):
        assert private not in shown
    # What did not change does not go out again.
    assert published(place, site) == []
    assert published(place, site, every=True) == [number]


def test_what_he_may_do_is_there_and_the_matters_are_asked_one_by_one(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    number = collected(quick, site)
    quick.act(
        "registrar",
        "ask_correction",
        number,
        TODAY,
        matters="请明确年度；请提供身份证明",
        answer_by="2026-09-20",
    )
    published(quick, site)
    shown = page(site, code)
    assert "等待您的补正" in shown
    assert "2026-09-20" in shown
    asked = site.browser.post("/act", data={"code": code, "act": "correct"}).text
    assert ">请明确年度</label>" in asked
    assert ">请提供身份证明</label>" in asked
    assert site.browser.post("/act", data={"code": code, "act": "rate"}).status_code == 409
    # The letter that asks counts once it has left: from then on the time for the reply stands still.
    assert pages.word("status.stopped", "zh") not in shown
    quick.made()
    quick.act("registrar", "letter_posted", number, TODAY, letter=["P3"], served_by="hand")
    published(quick, site)
    shown = page(site, code)
    assert pages.word("status.stopped", "zh") in shown
    assert "<strong>" not in shown
    sent = site.browser.post("/act/send", data={**hidden(asked), "text1": "2025年度", "text2": "见附件"})
    assert sent.status_code == 200
    collected(quick, site)
    assert quick.case(number).corrected == [TODAY]


def test_a_letter_is_fetched_with_the_code_and_that_counts_as_service(online: Place, site: Site) -> None:
    code, _ = site.apply()
    number = collected(online, site)
    _replied(online, number)
    published(online, site)
    shown = page(site, code)
    assert "答复书已发出" in shown
    wanted = {"code": code, "letter": _letter_of(shown)}
    got = site.browser.post("/letter", data=wanted)
    assert (got.status_code, got.content[:4]) == (200, b"%PDF")
    assert site.browser.post("/letter", data=wanted).content == got.content
    other = follow_codes.code(follow_codes.new_secret())
    assert site.browser.post("/letter", data={**wanted, "code": other}).status_code == 404
    assert len(site.outer.store.waiting()) == 1
    collected(online, site)
    case = online.case(number)
    assert (case.state, case.reply and case.reply.served) == ("served", TODAY)
    published(online, site)
    shown = page(site, code)
    assert "申请行政复议" in shown
    assert site.act(code, "rate", stars="5").status_code == 200
    collected(online, site)
    published(online, site)
    assert "评价办理情况" not in page(site, code)
    verify_record.verify(online.store, online.desk().office)


def _replied(place: Place, number: str) -> None:
    place.act("registrar", "register", number, TODAY)
    place.act("registrar", "assign", number, TODAY, unit="ban")
    place.act("handler", "accept", number, TODAY)
    place.act("handler", "draft", number, TODAY, **GRANT)
    place.act("handler", "submit", number, TODAY)
    place.act("reviewer", "pass_review", number, TODAY)
    place.act("head", "pass_review", number, TODAY)
    place.act("handler", "issue", number, TODAY, served_by="online")
    place.made()
    place.act(
        "registrar",
        "dispatch",
        number,
        TODAY,
        served_by="online",
        system="网上窗口查询码",
        sent_at=f"{TODAY} 09:00",
    )


def _letter_of(shown: str) -> str:
    found = _values(shown, "letter")
    assert len(found) == 1, shown
    return found[0]


def _values(shown: str, name: str) -> list[str]:
    import re

    return re.findall(rf'name="{name}" value="([^"]+)"', shown)


def test_a_third_party_sees_what_it_is_asked_and_nothing_of_the_applicant(quick: Place, site: Site) -> None:
    number = quick.bring("in_hand", on=date(2026, 8, 20))
    quick.act("handler", "consult_third_party", number, date(2026, 8, 25), name="甲公司")
    code = case_codes.give(quick.desk("handler"), number, 1)
    published(quick, site)
    shown = page(site, code)
    assert "请您就是否同意公开提出意见" in shown
    assert "提出意见" in shown
    assert "张三" not in shown
    assert "评价" not in shown


# --- rows that are not shown


def test_replayed_reordered_and_forged_rows_are_not_taken(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    number = collected(quick, site)
    published(quick, site)
    secret = follow_codes.secret_of_code(code)
    assert secret is not None
    place = follow_codes.lookup(secret)
    old = site.outer.store.published(place)
    assert old is not None
    quick.act("registrar", "register", number, TODAY)
    published(quick, site)
    new = site.outer.store.published(place)
    assert new is not None
    assert json.loads(new)["version"] > json.loads(old)["version"]
    ours = card.parse(keys.card_text(quick.desk().office, site.keys), "card")
    door = outer_door.CheckedStore(site.outer.store.url, ours)
    for text in (old, new):
        with pytest.raises(Conflict):
            door.publish(place, json.loads(text)["version"], text, {})
    forged = json.dumps({**json.loads(old), "version": 2**40})
    with pytest.raises(Refused):
        door.publish(place, 2**40, forged, {})
    door.close()
    # Written past the door, by whoever holds the outer machine: not shown.
    with site.outer.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE published SET row = :row"), {"row": forged})
    assert "等待收到机关登记" in page(site, code)


def test_a_row_of_another_code_is_not_shown_in_its_place(quick: Place, site: Site) -> None:
    first, _ = site.apply()
    collected(quick, site)
    second, _ = site.apply(request="另一项")
    collected(quick, site)
    published(quick, site)
    places = [follow_codes.lookup(follow_codes.secret_of_code(code) or b"") for code in (first, second)]
    row = site.outer.store.published(places[0])
    with site.outer.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE published SET row = :row"), {"row": row})
    assert "等待收到机关登记" in page(site, second)
    assert "2026-0001" in page(site, first)


def test_a_run_that_dies_before_it_is_noted_goes_out_again(
    quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.apply()
    number = collected(quick, site)
    store = site.outer.store
    with monkeypatch.context() as patch:
        done = store.publish

        def dies(*given: Any) -> None:
            done(*given)
            raise Environment("the line is dead")

        patch.setattr(store, "publish", dies)
        with pytest.raises(Environment):
            published(quick, site)
    assert published(quick, site) == [number]


def test_a_restored_database_does_not_fall_behind(quick: Place, site: Site) -> None:
    site.apply()
    number = collected(quick, site)
    published(quick, site)
    with quick.store.writing() as connection:
        connection.execute(sa.update(TABLES["web_code"]).values(version=1, published=None))
    quick._desks.clear()
    desk = quick.desk("registrar")
    desk.now = lambda: datetime(2026, 9, 9, tzinfo=UTC)
    assert publish.publish(desk, site.outer.store, site.keys).out == [number]


def test_the_outer_machine_learns_nothing_of_a_case(online: Place, site: Site, tmp_path: Path) -> None:
    code, _ = site.apply()
    number = collected(online, site)
    _replied(online, number)
    published(online, site)
    letters = [
        file_store.read(file_store.folder(online.store.folder), one["sha256"])
        for one in online.case(number).letters
    ]
    assert letters
    assert all(pdf.startswith(b"%PDF") for pdf in letters)
    site.outer.store.close()
    taken = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.name.startswith("outer"))
    told = [said.encode() for said in (number, "已发出", "2026-09-29", code, "张三")]
    # Of a letter, pieces so long that no sealed byte has them by chance.
    for piece in (*told, *(pdf[at : at + 16] for pdf in letters for at in (0, len(pdf) // 2))):
        assert piece not in taken, piece


# --- what is told


def test_every_state_has_words_for_the_public() -> None:
    words = standing.table()
    for both in (*words["state"].values(), *words["consulted"].values(), *words["may"].values()):
        assert both["zh"]
        assert both["en"]


def test_what_is_over_is_not_offered() -> None:
    acts = [
        {"act": "a", "until": "2000-01-01"},
        {"act": "b", "until": "2000-01-01", "late": True},
        {"act": "c", "until": None},
        {"act": "d", "until": "2999-01-01"},
    ]
    assert set(Followed(b"", [], {"may": acts}, TODAY).may) == {"b", "c", "d"}


@pytest.mark.parametrize("door", [False, True])
def test_of_a_destroyed_case_nothing_is_left_outside(quick: Place, site: Site, door: bool) -> None:
    """By the next run, over the database and over the door; once."""
    number = quick.bring("filed", variant="filed unhandled", on=builders.OLD)
    code = case_codes.give(quick.desk("registrar"), number)
    published(quick, site)
    assert number in page(site, code)
    quick.act("archivist", "propose_destruction", number, TODAY, why="期满")
    quick.act("head", "destroy", number, TODAY, why="同意")
    outer = _Door(site) if door else site.outer.store
    made = publish.publish(quick.desk("registrar"), outer, site.keys)  # type: ignore[arg-type]
    assert (made.gone, made.out) == ([number], [])
    assert site.browser.post("/follow", data={"code": code}).status_code == 404
    secret = follow_codes.secret_of_code(code)
    assert secret is not None
    assert site.outer.store.published(follow_codes.lookup(secret)) is None
    assert publish.publish(quick.desk("registrar"), outer, site.keys).gone == []  # type: ignore[arg-type]


class _Door(outer_door.HttpDoor):
    """The door, reached in this process."""

    def __init__(self, site: Site) -> None:
        super().__init__("http://127.0.0.1:8080", site.keys, site.clock)
        self._site = site

    def _asked(self, what: str, **said: Any) -> Any:
        body = json.dumps({"do": what, "at": dates.stamp(self._now()), **said}).encode()
        signature = base64.b64encode(self._keys.sign.sign(peer.SIGNED + body)).decode()
        answer = self._site.browser.post(peer.PATH, content=body, headers={peer.HEADER: signature})
        assert answer.status_code == 200, answer.text
        return answer.json()["done"]
