"""The table of ten kinds of case in the READMEs is typed as it stands, by Chinese names of commands: from
receipt to filing, on screens of eighty cells.
"""

from __future__ import annotations

import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests import pages
from tests.counter import Said, disclosure
from tests.practising import without_pdfs
from workflow.base.text_width import width

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| [^|`]+ \| (?P<lines>`disclosure .+) \|$", re.MULTILINE)
LINE = re.compile(r"`disclosure (?P<words>[^`]+)` ?[（(](?P<who>[^）)]+)[）)]")
NAMES = {"陈晨": "chen", "林立": "lin", "高原": "gao", "方正": "fang", "沈局长": "shen"}
FIRST, LONG = date(2026, 3, 2), timedelta(days=40)
ENDED = {"withdrawn", "lapsed"}


def cases(page: str) -> list[list[tuple[str, str]]]:
    """The lines of every case that a page shows: who types them, and what; a line of several persons is
    typed by each.
    """
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [LINE.findall(row["lines"]) for row in ROW.finditer(text)]
    return [[(NAMES[one], words) for words, who in row for one in who.split("、")] for row in found if row]


def test_both_pages_show_the_same_ten_by_chinese_names() -> None:
    shown = cases("README.zh-CN.md")
    assert shown == cases("README.md")
    assert len(shown) == 10
    assert all(not words.split()[0].isascii() for lines in shown for _who, words in lines)


def test_ten_cases_are_typed_from_receipt_to_filing(
    sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    monkeypatch.setenv("COLUMNS", "80")
    assert disclosure("建库", "--office", ROOT / "docs" / "office.sample.toml").code == 0
    # Freezing looks through every module; once it is frozen, a clock is put on for nothing.
    with without_pdfs(), pages.one_of_each_kind(), freeze_time(FIRST) as clock:
        for lines in cases("README.zh-CN.md"):
            day = FIRST
            for who, words in lines:
                # What lapses, lapses after its last day.
                day += LONG if words.startswith("逾期") else timedelta(days=1)
                monkeypatch.setenv("DISCLOSURE_OFFICER", who)
                clock.move_to(f"{day} 02:00:00")
                _done(disclosure(*shlex.split(words)), words)
        clock.move_to(f"{day + LONG * 2} 02:00:00")
        listed = disclosure("案件列表", "--json").json
    assert [row["state"] for row in listed] == ["filed"] * 10


def _done(said: Said, words: str) -> None:
    assert said.code == 0, f"{words}\n{said.err}"
    # The path of a letter is not folded where no blank is in it.
    long = [line for line in said.out.splitlines() if width(line) > 80]
    assert long == [], words
