"""The documentation of the commands equals their help."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import docs

ROOT = Path(__file__).resolve().parent.parent.parent
CONTEXTS = docs.contexts()


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.command_path)
def test_every_command_and_option_has_help(context: docs.Any) -> None:
    assert context.command.help
    for parameter in context.command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, f"{context.command_path} {parameter.opts[0]}"


def test_no_two_commands_have_one_name() -> None:
    paths = [context.command_path for context in CONTEXTS]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("tongue", docs.PAGES)
def test_the_pages_are_what_the_commands_say(tongue: str, language: Callable[[str], None]) -> None:
    page, _title = docs.PAGES[tongue]
    assert page.read_text(encoding="utf-8") == docs.page(tongue), "run `make docs` and read the change"


@pytest.mark.parametrize("command", [["receive"], ["process", "chart"], ["register"]])
def test_the_page_has_the_help_that_is_printed(command: list[str]) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import cli; cli.main(prog_name='disclosure')",
            "--lang",
            "en",
            *command,
            "--help",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(docs.WIDTH + 2)},
    )
    printed = "\n".join(line.rstrip() for line in run.stdout.splitlines())
    assert printed.startswith(f"Usage: disclosure {' '.join(command)} ")
    assert printed in docs.PAGE.read_text(encoding="utf-8")
