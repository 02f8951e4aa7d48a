"""The tutorial can be typed as it stands: every command of it runs on a practice office, as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.counter import disclosure
from tests.practising import NOW, practised, without_pdfs

DOCS = Path(__file__).parent.parent.parent / "docs"
# What makes the office (done by the fixture), and what asks at a terminal (tests/commands/test_guided.py).
ELSEWHERE = ("practice", "do")
REFUSED = {"refused", "不能办理"}


def lines(name: str) -> list[tuple[list[str], str]]:
    """The commands of a document, each with what stands beside it."""
    text = (DOCS / name).read_text(encoding="utf-8")
    typed = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    cut = [line.partition("  # ") for line in typed if line.startswith("disclosure ")]
    return [(shlex.split(command)[1:], note) for command, _, note in cut]


def test_both_documents_have_the_same_commands() -> None:
    chinese = lines("tutorial.zh-CN.md")
    assert [words for words, _ in lines("tutorial.md")] == [words for words, _ in chinese]
    assert sum(note in REFUSED for _, note in chinese) == 1


def test_every_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = practised(tmp_path / "disclosure-practice")
    monkeypatch.setenv("DISCLOSURE_HOME", str(made.folder))
    monkeypatch.chdir(tmp_path)
    with freeze_time(NOW), without_pdfs():
        for words, note in lines("tutorial.md"):
            if words[0] in ELSEWHERE:
                continue
            said = disclosure(*words)
            assert said.code == (1 if note in REFUSED else 0), (words, said.out, said.err)
            assert "练习" in said.err or words[0] == "why"
    assert list((tmp_path / "letters-of-wang").iterdir())
