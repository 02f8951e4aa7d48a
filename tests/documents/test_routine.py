"""The routine case: granted, from receipt to the posted letter, in five lines and two hundred characters, by
four people. The lines are those that both handbooks and the demo show.
"""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest

from tests.counter import disclosure

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^disclosure (?P<words>.+?) {4}# (?P<who>\S+)$", re.MULTILINE)
NAMES = {"陈晨": "chen", "林立": "lin", "高原": "gao", "沈局长": "shen"}
# What the application says, and the words of the answer, are not counted.
GIVEN = ("--request", "--name", "--address", "--means", "--reasons")
LINES, CHARACTERS, PEOPLE = 5, 200, 4


def routine(page: str) -> list[tuple[str, str]]:
    """Who types what, as a page shows it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [(NAMES[found["who"]], found["words"]) for found in LINE.finditer(text)]


def counted(line: str) -> int:
    """The characters of a line, without what belongs to the application or the reasons."""
    words = shlex.split(f"disclosure {line}")
    kept = [word for place, word in enumerate(words) if place == 0 or words[place - 1] not in GIVEN]
    return len(" ".join(kept))


def test_the_same_lines_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ROOT / "docs" / "demo"
    monkeypatch.syspath_prepend(folder)
    demo = runpy.run_path(str(folder / "run.py"))["ROUTINE"]
    assert routine("README.md") == routine("README.zh-CN.md") == list(demo)


def test_five_lines_two_hundred_characters_four_people(
    sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    monkeypatch.chdir(home)
    assert disclosure("init", "--office", ROOT / "docs" / "office.sample.toml").code == 0
    lines = routine("README.zh-CN.md")
    assert len(lines) <= LINES
    assert sum(counted(line) for _who, line in lines) <= CHARACTERS
    assert len({who for who, _line in lines}) == PEOPLE
    for who, line in lines:
        monkeypatch.setenv("DISCLOSURE_OFFICER", who)
        said = disclosure(*shlex.split(line))
        assert said.code == 0, f"{line}\n{said.err}"
    _sent_as_recorded(home)
    ended = disclosure("served", "1", "--proof", "邮政签收回执", "--file", "--later", "--json")
    assert ended.code == 0, ended.err
    assert [one["event"] for one in ended.json["line"]] == ["serve", "file"]


def _sent_as_recorded(home: Path) -> None:
    shown = disclosure("show", "1", "--json").json
    assert shown["state"] == "dispatched"
    history = disclosure("history", "1", "--json").json
    acts = [one["event"] for one in history if one["event"] != "letter_made"]
    assert acts == [
        *("receive", "register", "assign", "accept", "draft", "submit"),
        *("pass_review", "pass_review", "issue", "dispatch"),
    ]
    assert {one["actor"] if "actor" in one else one["officer"] for one in history} - {"system"} == set(
        NAMES.values()
    )
    letters = disclosure("letters", "1", "--out", home / "out", "--json").json
    assert all(Path(one["path"]).read_bytes().startswith(b"%PDF") for one in letters)
