"""The command line as tests type it: in this process, with everything that it said and its exit status."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import cli
from workflow.base import messages


@dataclass
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed as JSON; its error, where there was one."""
        return json.loads(self.out if self.code == 0 or not self.err.strip() else self.err)

    @property
    def fault(self) -> dict[str, Any]:
        """Its error, as plain data."""
        fault: dict[str, Any] = json.loads(self.err.strip().splitlines()[-1])["error"]
        return fault


def disclosure(*words: str | Path, stdin: str | None = None) -> Said:
    """Type a command. Nothing that it may say is a traceback."""
    result = CliRunner().invoke(cli.main, [str(word) for word in words], input=stdin, prog_name="disclosure")
    messages.use(None)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    for text in (result.stdout, result.stderr):
        assert "Traceback" not in text
    return Said(result.exit_code, result.stdout, result.stderr)
