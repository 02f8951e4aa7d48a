"""The usual commands, tried once on a scratch database before the service serves.

A forked command then finds every table read, every statement compiled and the interpreter's own caches
filled. Nothing of it is kept, and a command that fails here is no fault: the service would only be slower.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

OFFICE = Path(__file__).with_name("rehearsal.toml")
COMMANDS = (
    ("--help",),
    ("init", "--office", str(OFFICE)),
    ("receive", "--name", "张三", "--channel", "in_person", "--request", "演练", "--as", "p"),
    ("register", "1", "--as", "p", "--later"),
    ("list", "--as", "p"),
    ("show", "{case}", "--as", "p"),
    ("history", "{case}", "--as", "p"),
    ("clocks", "{case}", "--as", "p"),
    ("explain", "{case}", "--as", "p"),
    ("next", "--as", "p"),
    ("next", "{case}", "--as", "p"),
    ("today", "--as", "p"),
    ("alerts", "--as", "p"),
    ("roll", "--as", "p"),
    ("next", "--as", "p", "--json"),
    ("show", "{case}", "--as", "p", "--json", "--lang", "en"),
)


def rehearse(run: Callable[[list[str]], int]) -> None:
    """Run the commands in this process, in a scratch folder that is gone afterwards."""
    before = dict(os.environ)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="disclosure-rehearsal-") as scratch,
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            for name in list(os.environ):
                if name.startswith("DISCLOSURE_"):
                    del os.environ[name]
            os.environ["DISCLOSURE_HOME"] = scratch
            os.environ["DISCLOSURE_LANG"] = "zh_CN"
            for words in COMMANDS:
                _try(run, ["disclosure", *(word.replace("{case}", _case(scratch)) for word in words)])
    finally:
        os.environ.clear()
        os.environ.update(before)


def _case(scratch: str) -> str:
    """The number of the one case of the rehearsal."""
    import sqlite3

    try:
        with sqlite3.connect(os.path.join(scratch, "disclosure.db")) as connection:
            found = connection.execute("SELECT number FROM case_file").fetchone()
    except sqlite3.Error:
        return "-"
    connection.close()
    return found[0] if found else "-"


def _try(run: Callable[[list[str]], int], words: list[str]) -> None:
    try:
        run(words)
    except SystemExit:
        return
