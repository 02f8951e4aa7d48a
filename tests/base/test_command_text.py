"""A command that is shown can be copied from any screen: the shells read it as it was."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from workflow.base.command_text import Command
from workflow.base.text_width import width

TYPED = "  printf %s\\\\n 拟稿 --means '随函 邮寄' --accept '" + "长文 字" * 30 + "' " + "字a" * 50 + " --end"


@pytest.mark.parametrize("room", [80, 40])
@pytest.mark.parametrize("shell", list(filter(shutil.which, ["bash", "zsh", "fish"])))
def test_a_folded_command_is_the_same_command(shell: str, room: int) -> None:
    lines = Command(TYPED).fit(room)
    assert len(lines) > 3
    assert all(width(line) <= room for line in lines)

    def said(text: str) -> str:
        return subprocess.run([shell, "-c", text], capture_output=True, text=True, check=True).stdout

    assert said("\n".join(lines)) == said(TYPED)
