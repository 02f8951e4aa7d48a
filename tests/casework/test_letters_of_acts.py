"""Letters as the acts of a case call for them: what they name of the case, and which are made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from workflow.casework import issue_check, letter_data
from workflow.casework.opened import open_case
from workflow.storage.tables import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def said(place: Place, number: str, code: str) -> str:
    """What the last letter of this code says."""
    letters, desk = TABLES["letter"], place.desk()
    with place.store.reading() as connection:
        opened = open_case(desk, connection, number)
        row = connection.execute(
            letters.select()
            .where(letters.c.case_id == opened.id, letters.c.code == code)
            .order_by(letters.c.id.desc())
        ).first()
        assert row is not None, code
        assert opened.key is not None
        content = letter_data.opened(row.content, opened.key)
    return "\n".join(block["text"] for block in content["blocks"] if "text" in block)


def codes(place: Place, number: str) -> list[str]:
    letters, desk = TABLES["letter"], place.desk()
    with place.store.reading() as connection:
        opened = open_case(desk, connection, number)
        rows = connection.execute(sa.select(letters.c.code).where(letters.c.case_id == opened.id))
        return [row.code for row in rows]


def test_two_third_parties_make_one_notice_to_the_applicant(place: Place) -> None:
    number = place.bring("in_hand", items=["甲公司的报价", "乙公司的报价"])
    for no, name in enumerate(("甲公司", "乙公司"), 1):
        place.act("handler", "consult_third_party", number, "2026-03-05", name=name, items=[no])
    assert codes(place, number).count("P6") == 2
    assert codes(place, number).count("P8") == 1


def test_a_referral_writes_to_the_authority(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("handler", "refer", number, "2026-03-05", name="江南省国家保密局", answer_by="2026-03-20")
    assert "现报请贵单位确定" in said(place, number, "P15")
    assert "2026年3月20日前（含当日）" in said(place, number, "P15")


def test_a_correction_names_what_is_lacking_and_so_does_its_lapse(place: Place) -> None:
    number = place.bring("registered")
    place.act(
        "registrar", "ask_correction", number, "2026-03-04", matters="请提交授权委托书", lacks=["authority"]
    )
    assert "没有提交写明委托事项和权限的授权委托书" in said(place, number, "P3")
    assert "申请内容不明确" not in said(place, number, "P3")
    place.act("registrar", "notice_reached", number, "2026-03-05", letter="P3")
    place.act("registrar", "lapse_correction", number, "2026-05-11")
    assert "没有提交写明委托事项和权限的授权委托书" in said(place, number, "D13")


def test_a_new_reply_names_the_decision_and_the_old_one(place: Place) -> None:
    number = place.bring("served")
    old = place.case(number).replies[-1].number
    place.act("legal", "open_reconsideration", number, "2026-04-01", body="江南省人民政府", reference="收8号")
    place.act(
        "legal",
        "remedy_decided",
        number,
        "2026-05-06",
        no=1,
        result="annulled",
        number="江政复决〔2026〕8号",
        dated="2026-05-04",
        redecide="yes",
    )
    place.act("legal", "redecide", number, "2026-05-07", no=1)
    if place.case(number).state == "registered":
        place.act("registrar", "assign", number, "2026-05-07", unit="ban")
        place.act("handler", "accept", number, "2026-05-07")
    place.act("handler", "draft", number, "2026-05-08", **builders.GRANT)
    with place.store.reading() as connection:
        desk = place.desk("handler")
        opened = open_case(desk, connection, number)
        subject = issue_check.subject(desk, connection, opened, on=builders.day("2026-05-08"))
    assert subject.content is not None
    text = "\n".join(block["text"] for block in subject.content["blocks"] if "text" in block)
    assert f"作出答复（{old}）" in text
    assert (
        "2026年5月4日，江南省人民政府作出行政复议决定（江政复决〔2026〕8号），撤销了该答复，责令本机关重新答复"
        in text
    )


def test_where_nobody_can_tell_the_organ_the_draft_may_be_handed_in(place: Place) -> None:
    number = place.bring("in_hand")
    facts = {
        "outcome": "not_here",
        "reasons": "本机关没有制作，也未获取该信息。",
        "extra": [
            "search=检索了公文系统和档案室目录，检索词为项目名称",
            "organ_unknown=该事项的审批层级无法查明",
        ],
    }
    place.act("handler", "draft", number, "2026-03-05", **facts)
    place.act("handler", "submit", number, "2026-03-05")
    assert place.case(number).state == "section_review"
