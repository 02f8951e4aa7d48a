"""The usual commands, tried once on a scratch database before the service serves.

A forked command then finds every table read, every statement compiled and the interpreter's own caches
filled. Nothing of it is kept, and a command that fails here is no fault: the service would only be slower.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from itertools import takewhile
from pathlib import Path

from workflow.cases import frozen
from workflow.cases.case import CaseFile
from workflow.storage import engines

OFFICE = Path(__file__).with_name("rehearsal.toml")
_APPLIED = ("receive", "--name", "张三", "--channel", "in_person", "--request", "演练", "--as", "p")
_SAID = "经审查，所载工艺参数不为公众所知悉，具有商业价值，且已采取保密措施。"
# An office, a case as far as its reply on the usual ways, and more that wait than a list shows.
FOUNDING = (
    ("--help",),
    ("init", "--office", str(OFFICE)),
    (*_APPLIED, "--item", "甲", "--item", "乙"),
    ("register", "1", "--as", "p"),
    ("assign", "1", "--unit", "a", "--handler", "p", "--as", "p", "--later"),
    ("accept", "1", "--as", "p"),
    ("consult-third-party", "1", "--name", "甲公司", "--items", "2", "--as", "p", "--later"),
    ("opinion-delivered", "1", "--no", "1", "--as", "p"),
    ("extend", "1", "--reasons", _SAID, "--as", "s", "--later"),
    ("opinion-given", "1", "--no", "1", "--answer", "object", "--reasons", _SAID, "--as", "p"),
    ("draft", "1", "--item", "1", "--outcome", "granted", "--means", _SAID, "--as", "p"),
    (
        *("draft", "1", "--item", "2", "--outcome", "withheld", "--ground", "trade_secret"),
        *(
            "--reasons",
            _SAID,
            "--extra",
            "severance=经逐页审查，各部分均载有上述内容，不能作区分处理。",
            "--as",
            "p",
        ),
    ),
    ("submit", "1", "--as", "p"),
    *(("pass", "1", "--opinion", "同意", "--as", officer) for officer in ("q", "r", "s")),
    ("show", "1", "--as", "p"),
    ("issue", "1", "--served-by", "hand", "--as", "p", "--later"),
    *(_APPLIED,) * 8,
)
# What can be tried again and again. Words before the command that name a variable set it, as in a shell.
USUAL = (
    ("--version",),
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
    ("note", "{case}", "--text", "演练", "--as", "p"),
    ("_DISCLOSURE_COMPLETE=bash_complete", "COMP_LINE=disclosure show 20"),
)


class Rehearsal:
    """A scratch folder with an office and a case, in which commands are tried; `close` removes it."""

    def __init__(self, run: Callable[[list[str]], int]) -> None:
        self._run = run
        # No TemporaryDirectory: it would be removed at the end of each process that was forked from this one.
        self._scratch = tempfile.mkdtemp(prefix="disclosure-rehearsal-")

    def whole(self) -> None:
        """Found the office and try all the commands in this process."""
        self._play(FOUNDING)
        self._play(USUAL)
        # What a case has only once it is long.
        frozen.read(frozen.write(CaseFile(number="-")))
        frozen.program()

    def again(self) -> None:
        """Try the commands again, in a process that was forked since."""
        self._play(USUAL)

    def close(self) -> None:
        """Remove the scratch folder."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _play(self, commands: tuple[tuple[str, ...], ...]) -> None:
        before, scratch = dict(os.environ), self._scratch
        try:
            with (
                open(os.devnull, "w", encoding="utf-8") as nowhere,
                redirect_stdout(nowhere),
                redirect_stderr(nowhere),
            ):
                for name in list(os.environ):
                    if name.startswith("DISCLOSURE_"):
                        del os.environ[name]
                os.environ["DISCLOSURE_HOME"] = scratch
                os.environ["DISCLOSURE_LANG"] = "zh_CN"
                case = _case(scratch)
                for words in commands:
                    _try(self._run, [word.replace("{case}", case) for word in words])
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
    variables = list(takewhile(lambda word: "=" in word and not word.startswith("-"), words))
    for word in variables:
        name, _, value = word.partition("=")
        os.environ[name] = value
    try:
        run(["disclosure", *words[len(variables) :]])
    except SystemExit:
        return
    finally:
        # No connection goes over into the processes that are forked from this one.
        engines.close()
        for word in variables:
            os.environ.pop(word.partition("=")[0], None)
