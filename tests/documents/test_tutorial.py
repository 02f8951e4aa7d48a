"""The Chinese tutorial can be typed as it stands: every command of it runs on a practice office, as it says;
the English one comes to the same.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from freezegun import freeze_time

from scripts import typed_in_chinese
from tests.counter import disclosure
from tests.practising import NOW, practised, without_pdfs

DOCS = Path(__file__).parent.parent.parent / "docs"
# What makes the office (done by the fixture), and what asks at a terminal (tests/commands/test_guided.py).
ELSEWHERE = ("练习", "办理")
REFUSED = {"refused", "不能办理"}


def lines(name: str) -> list[tuple[str, str]]:
    """The commands of a document, each with what stands beside it."""
    text = (DOCS / name).read_text(encoding="utf-8")
    typed = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    cut = [line.partition("  # ") for line in typed if line.startswith("disclosure ")]
    return [(command, note) for command, _, note in cut]


def test_both_documents_have_the_same_commands_each_in_its_language() -> None:
    english, chinese = (lines(name) for name in ("tutorial.md", "tutorial.zh-CN.md"))
    for (one, _note), (other, _beside) in zip(english, chinese, strict=True):
        assert typed_in_chinese.same(one, other), f"{one}\n{other}"
        assert one.split()[1].isascii()
        assert not other.split()[1].isascii()
    assert sum(note in REFUSED for _, note in chinese) == 1


def test_every_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = practised(tmp_path / "disclosure-practice")
    monkeypatch.setenv("DISCLOSURE_HOME", str(made.folder))
    monkeypatch.chdir(tmp_path)
    with freeze_time(NOW), without_pdfs():
        for line, note in lines("tutorial.zh-CN.md"):
            words = shlex.split(line)[1:]
            if words[0] in ELSEWHERE:
                continue
            said = disclosure(*words)
            assert said.code == (1 if note in REFUSED else 0), (words, said.out, said.err)
            assert "练习" in said.err or words[0] == "为什么"
    assert list((tmp_path / "letters-of-wang").iterdir())
