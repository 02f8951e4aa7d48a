"""Letters as Word documents, read back: the same words as the letter, marked as a copy on every page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.casework import letter_data
from workflow.storage.tables import TABLES


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def paragraphs(path: Path) -> list[str]:
    return [one.text for one in docx.Document(str(path)).paragraphs if one.text]


def content_of(place: Place, code: str) -> dict[str, Any]:
    letters = TABLES["letter"]
    desk = place.desk()
    with place.store.reading() as connection:
        row = connection.execute(letters.select().where(letters.c.code == code)).one()
        return letter_data.opened(row.content, desk.case_key(connection, row.case_id))


def test_the_copy_says_what_the_letter_says_and_that_it_is_a_copy(place: Place, home: Path) -> None:
    number = place.bring("dispatched")
    said = disclosure("letter", "docx", number, "--json")
    assert said.code == 0, said.err
    reply = place.case(number).replies[0]
    assert said.json["path"] == f"{number}-张某-政府信息公开申请答复书（予以公开）-{reply.number}.docx"
    path = home / said.json["path"]
    content = content_of(place, "D1")
    told = paragraphs(path)
    expected = [
        content["organ"],
        content["number"],
        content["title"],
        content["addressee"] + "：",
        *(block["text"] for block in content["blocks"]),
        content["signatory"],
        content["date_zh"],
    ]
    assert [one for one in told if one in expected] == expected
    document = docx.Document(str(path))
    assert document.sections[0].header.paragraphs[0].text.startswith("副本")
    assert document.core_properties.title == content["meta"]["title"]
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"] == [content["title"]]


def test_a_form_keeps_its_table(place: Place, home: Path) -> None:
    number = place.bring("registered")
    assert disclosure("letter", "docx", number, "-o", "回执.docx").code == 0
    table = docx.Document(str(home / "回执.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["登记编号", number]


def test_a_draft_is_a_draft_and_has_no_number(place: Place, home: Path) -> None:
    number = place.bring("approved")
    said = disclosure("letter", "docx", number, "-o", home, "--json")
    assert said.code == 0, said.err
    path = Path(said.json["path"])
    assert docx.Document(str(path)).sections[0].header.paragraphs[0].text == said.json["mark"]
    assert "不是正式文书" in said.json["mark"]
    assert not [one for one in paragraphs(path) if "〔2026〕1号" in one]


def test_a_void_letter_says_so(place: Place, home: Path) -> None:
    number = place.bring("issued")
    place.made()
    place.act("head", "void_reply", number, "2026-03-09", reasons="有误")
    said = disclosure("letter", "docx", number, "--letter", 2, "-o", "x.docx", "--json")
    assert said.code == 0, said.err
    assert said.json["mark"].startswith("已作废")


def test_there_is_no_copy_of_no_letter(place: Place) -> None:
    number = place.bring("received")
    assert disclosure("letter", "docx", number, "--letter", 99).code == 3


def test_without_python_docx_it_is_said_how_to_get_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    number = place.bring("registered")
    monkeypatch.setitem(sys.modules, "docx", None)
    said = disclosure("letter", "docx", number, "--json")
    assert said.code != 0
    assert "disclosure[docx]" in str(said.fault)


def test_a_paper_can_be_completed_in_word(place: Place, home: Path) -> None:
    number = place.bring("served")
    place.act("legal", "open_reconsideration", number, "2026-04-07", body="江南省民政厅")
    assert disclosure("paper", "answer", number, "-o", "a.docx").code == 0
    told = paragraphs(home / "a.docx")
    assert "三、关于行政行为的适当性" in told
    assert any(one.startswith("〔待填写：请求行政复议机关") for one in told)
    assert disclosure("paper", "approval", number, "-o", "b.docx").code == 0
    cells = [
        cell.text for table in docx.Document(str(home / "b.docx")).tables for cell in table.columns[0].cells
    ]
    assert "负责人审批" in cells


def test_a_practice_office_says_so_on_copies_and_papers(
    sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(home)
    place = builders.found(sqlite_url, practice=True, name="江州市民政局（练习）")
    number = place.bring("registered")
    said = disclosure("letter", "docx", number, "--as", "registrar", "--json")
    assert said.json["mark"].startswith("练习：副本")
    assert disclosure("paper", "handling", number, "--as", "registrar", "-o", "h.docx").code == 0
    assert docx.Document("h.docx").sections[0].header.paragraphs[0].text == "练习"
    place.store.close()
