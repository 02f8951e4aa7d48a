"""Decided cases: two persons for one's own, files for published ones, nothing of a person; and guidance whose
citations are looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Malformed, NotFound, Refused
from workflow.drafting import guidance, precedent_book, precedent_files
from workflow.upkeep import verify_record

PUBLISHED = Path(__file__).parents[1] / "precedents"
TOLD = {
    "title": "甲申请公开某方案",
    "request": "某片区征收补偿方案",
    "holding": "答复提供了复印件，复议维持。",
    "found": (),
    "result": "organ_won",
}


@pytest.fixture
def counter(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def known(place: Place) -> list[precedent_book.Precedent]:
    with place.store.reading() as connection:
        return precedent_book.precedents(connection, place.desk().office.id)


def test_ones_own_case_takes_two_persons(quick: Place) -> None:
    number = quick.bring("issued")
    handler, reviewer, head = (quick.desk(who) for who in ("handler", "reviewer", "head"))
    made = precedent_book.propose(handler, number, **TOLD)  # type: ignore[arg-type]
    assert (made.state, made.case, made.outcomes, made.faults) == (
        "proposed",
        number,
        ("granted",),
        ("none",),
    )
    with pytest.raises(Refused, match="two persons|两人"):
        precedent_book.take(handler, "1")
    with pytest.raises(Refused):
        precedent_book.release(head, "1")
    assert precedent_book.take(reviewer, "1").state == "kept"
    with pytest.raises(Refused):
        precedent_book.take(reviewer, "1")
    with pytest.raises(Refused):
        precedent_book.release(reviewer, "1")
    assert precedent_book.release(head, "1").state == "released"
    (one,) = precedent_files.public(known(quick))
    assert not {"case", "by", "no"} & one.keys()
    assert one["result_name"]["zh"] == "维持行政机关"
    precedent_book.remove(head, "1", "已被改判")
    assert not known(quick)
    verify_record.verify(quick.store, head.office)


@pytest.mark.parametrize(
    "given",
    [
        {"title": "张三申请公开某方案"},
        {"holding": "电话13800001111联系后提供"},
        {"lesson": "身份证110101199003070011"},
    ],
)
def test_it_is_told_without_its_people(quick: Place, given: dict[str, str]) -> None:
    number = quick.bring("issued")
    with pytest.raises(Refused) as fault:
        precedent_book.propose(quick.desk("handler"), number, **{**TOLD, **given})  # type: ignore[arg-type]
    assert fault.value.rule == "house:privacy"
    assert not known(quick)


def test_who_may_and_what_may_not(quick: Place) -> None:
    number = quick.bring("issued")
    for who in ("registrar", "archivist", "auditor"):
        with pytest.raises(Refused):
            precedent_book.propose(quick.desk(who), number, **TOLD)  # type: ignore[arg-type]
    handler = quick.desk("handler")
    for given in ({"result": "victory"}, {"found": ("colour",)}, {"title": " "}):
        with pytest.raises(Malformed):
            precedent_book.propose(handler, number, **{**TOLD, **given})  # type: ignore[arg-type]
    with pytest.raises(Refused):
        precedent_book.propose(handler, quick.bring("drafting"), **TOLD)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        precedent_book.take(quick.desk("reviewer"), "7")


def test_published_ones_come_from_files_once(quick: Place, tmp_path: Path) -> None:
    desk = quick.desk("handler")
    taken, wrong, there = precedent_files.bring(desk, PUBLISHED)
    assert (len(taken), wrong, there) == (len(list(PUBLISHED.glob("*.toml"))), [], 0)
    assert [one.no for one in known(quick)] == list(range(1, len(taken) + 1))
    assert precedent_files.bring(desk, PUBLISHED)[2] == len(taken)
    assert len(known(quick)) == len(taken)
    of_fault = precedent_book.fitting(known(quick), fault="wrong_ground", ground="internal_affairs")
    assert of_fault
    assert all("wrong_ground" in one.faults for one in of_fault)
    assert precedent_book.fitting(known(quick), words="搅拌站 环评")[0].id == "001"
    assert precedent_book.one(known(quick), "001").law == "2008"
    count, lost, faults = precedent_book.warning(known(quick), "withheld", "internal_affairs")
    assert count >= lost > 0
    assert "wrong_ground" in faults
    (tmp_path / "a.toml").write_text(
        'id = "x"\ntitle = "甲"\nresult = "won"\nfault = ["none"]\nholding = "x"\n'
    )
    (tmp_path / "b.toml").write_text("not toml")
    (tmp_path / "c.toml").write_text(
        'id = "y"\ntitle = "甲"\nresult = "mixed"\nfault = ["late"]\nholding = "13800001111"\n'
    )
    taken, wrong, _there = precedent_files.bring(desk, tmp_path)
    assert not taken
    assert [one.file for one in wrong] == ["a.toml", "b.toml", "c.toml"]


def test_at_the_counter(counter: Place, tmp_path: Path) -> None:
    number = counter.bring("issued")
    who = ["--as", "handler"]
    told = [
        "--title",
        "甲申请公开某方案",
        "--request",
        "某方案",
        "--holding",
        "提供了复印件",
        "--result",
        "维持行政机关",
    ]
    assert disclosure("precedent", "propose", number, *told, *who).code == 0
    assert disclosure("precedent", "take", "1", *who).code == 1
    assert disclosure("案例库", "take", "1", "--as", "reviewer").code == 0
    assert disclosure("precedent", "release", "1", "--as", "head").code == 0
    assert "甲申请公开某方案" in disclosure("precedent", "list", *who).out
    assert "甲申请公开某方案" in disclosure("precedent", "find", "方案", "--outcome", "予以公开", *who).out
    assert not disclosure("precedent", "list", "--fault", "late", "--json", *who).json
    out = tmp_path / "cases.json"
    assert disclosure("precedent", "export", "--out", out, *who).code == 0
    assert number not in out.read_text(encoding="utf-8")
    assert json.loads(out.read_text(encoding="utf-8"))["precedents"][0]["title"] == "甲申请公开某方案"


# --- guidance


def test_a_page_is_looked_up_like_a_letter(tmp_path: Path) -> None:
    from datetime import date

    page = tmp_path / "guide.md"
    page.write_text(
        "# 答复期限\n\n自收到申请之日起20个工作日内答复（《中华人民共和国政府信息公开条例》第三十三条第二款）。\n\n"
        "- 依据《中华人民共和国政府信息公开条例》第九十九条\n\n```\n《中华人民共和国政府信息公开条例》第一百条\n```\n",
        encoding="utf-8",
    )
    found = list(guidance.cited(tmp_path, date(2026, 3, 2)))
    assert [(one.line, one.verdict) for one in found] == [(3, "passed"), (5, "no_article")]
    assert [one.wrong for one in found] == [False, True]
    said = disclosure("guidance", "check", page, "--on", "2026-03-02", "--lang", "zh_CN")
    assert said.code == 1
    assert "guide.md:5" in said.out
    page.write_text("《中华人民共和国政府信息公开条例》第三十三条\n", encoding="utf-8")
    assert disclosure("guidance", "check", page, "--on", "2026-03-02").code == 0
    assert disclosure("guidance", "check", tmp_path / "none").code == 3
