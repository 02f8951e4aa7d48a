"""Commands that meet a fault: each runs in a process of its own, on a copy of a prepared office, and is
killed, finds no room, or loses the database, at a step that is named.

A step is a writing statement, a commit, or the moment at which a file gets its name or is asked to be on
the disk.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.counter import disclosure
from workflow.storage import engines
from workflow.storage.database import Store

LOOKS = ("SELECT", "PRAGMA", "BEGIN")
VERIFY = ["verify", "--files"]
CRASHED = 99
"""How a process ends whose command left an error of its own."""
END = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
"""Ends connections to a server of PostgreSQL, of those that a WHERE names."""


@dataclass
class Office:
    """A folder with everything of an office: database, keys, files; it can be copied as it lies."""

    folder: Path
    # Keys and files lie beside the database, under the names that they have by themselves.
    where_it_lies: bool = False

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder / 'disclosure.db'}"

    def surroundings(self) -> dict[str, str]:
        """What a command has to be told to work here."""
        return {
            "HOME": str(self.folder),
            "DISCLOSURE_HOME": str(self.folder),
            "DISCLOSURE_DATABASE_URL": self.url,
            "DISCLOSURE_LANG": "en",
            "DISCLOSURE_OFFICER": "registrar",
            "DISCLOSURE_KEY_FILE": "" if self.where_it_lies else str(self.folder / "key.json"),
            "DISCLOSURE_FILES": "" if self.where_it_lies else str(self.folder / "files"),
        }

    def copy(self, folder: Path) -> Office:
        """The same office in another folder, which is emptied before."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Office(folder, self.where_it_lies)


@dataclass
class ServerOffice(Office):
    """An office whose database is on a server of PostgreSQL; a copy is a database made like it."""

    server: Any = None
    name: str = ""

    @property
    def url(self) -> str:
        """Its database."""
        return str(self.server.url(self.name))

    def copy(self, folder: Path) -> ServerOffice:
        """The same office in another folder and another database, named as the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        # A command in this process may have left a connection for the next.
        self.server.run(f"{END} WHERE datname = '{self.name}'")
        self.server.drop(folder.name)
        self.server.create(self.name, folder.name)
        return ServerOffice(folder, self.where_it_lies, self.server, folder.name)


@dataclass
class Ended:
    """How a command ended: its exit status (None where it was killed), and the steps that were seen."""

    code: int | None
    steps: int


Fault = Callable[["Steps"], None]


class Steps:
    """Counts the steps of this process, and does something before one of them."""

    def __init__(self, at: int, what: Callable[[], None] | None) -> None:
        self.seen, self._at, self._what = 0, at, what

    def take(self, *_: Any) -> None:
        """A step begins."""
        self.seen += 1
        if self.seen == self._at and self._what is not None:
            self._what()

    def watch(self) -> None:
        """Count from now on."""

        def statement(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
            if not text.startswith(LOOKS):
                self.take()

        event.listen(Engine, "before_cursor_execute", statement)
        event.listen(Engine, "commit", self.take)
        for name in ("replace", "rename", "fsync", "link"):
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, done: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            self.take()
            return done(*given, **named)

        return counted


def die() -> None:
    """As by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def no_room(most: int) -> None:
    """No file of this process grows beyond so many bytes: what a full disk or a read-only file answers with
    an error, it does too. Python renames what it compiled even where it was cut off, so it keeps none."""
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def run(
    office: Office,
    words: list[str],
    *,
    at: int = 0,
    what: Callable[[], None] | None = None,
    before: Callable[[], None] | None = None,
) -> Ended:
    """Run a command in a process of its own; before its step `at` the fault happens, `before` before it
    begins."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        code = CRASHED
        with suppress(BaseException):
            os.close(read)
            os.environ.update(office.surroundings())
            os.chdir(office.folder)
            steps = Steps(at, what)
            reported = _Reported(write)
            steps.take = reported.around(steps.take)  # type: ignore[method-assign]
            steps.watch()
            if before is not None:
                before()
            said = disclosure(*words)
            code = said.code
            # Where no file takes anything, what was said is not kept either.
            (office.folder / "said.txt").write_text(said.out + said.err, "utf-8")
        os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        seen = len(told.read())
    _, status = os.waitpid(child, 0)
    return Ended(None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), seen)


def rehearse(office: Office, folder: Path, words: list[str]) -> None:
    """Type a command in this process, to a copy of an office, and look at the record: what both load once,
    the processes that are forked from this one find there. Of a handful that is a third of their time."""
    copy = office.copy(folder)
    before, place = dict(os.environ), Path.cwd()
    try:
        os.environ.update(copy.surroundings())
        os.chdir(copy.folder)
        disclosure(*words)
        disclosure(*VERIFY)
    finally:
        os.chdir(place)
        os.environ.clear()
        os.environ.update(before)
        # No connection goes over into a process that is forked.
        engines.close()


class _Reported:
    """Tells the process outside of every step, one byte each: a killed one can tell nothing afterwards."""

    def __init__(self, out: int) -> None:
        self._out = out

    def around(self, take: Callable[..., None]) -> Callable[..., None]:
        def told(*given: Any) -> None:
            os.write(self._out, b".")
            take(*given)

        return told


def undisturbed(office: Office, words: list[str]) -> tuple[Ended, dict[str, Any]]:
    """A command that nothing comes between: how it ended, and what the office has then."""
    ended = run(office, words)
    assert ended.code == 0, (office.folder / "said.txt").read_text("utf-8")
    return ended, summary(office)


def summary(office: Office) -> dict[str, Any]:
    """What an office has in the end: how often each event stands in the record, and what still waits."""
    store = Store(office.url)
    try:
        with store.reading() as connection:
            count = "SELECT event, count(*) FROM ledger WHERE event <> 'backup_made' GROUP BY event"
            events = {row[0]: row[1] for row in connection.exec_driver_sql(count)}
            waits = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE done_at IS NULL").scalar()
            numbers = (
                connection.exec_driver_sql("SELECT number FROM case_file ORDER BY number").scalars().all()
            )
    finally:
        store.close()
    return {"events": events, "waits": waits, "numbers": list(numbers)}


def verified(office: Office) -> None:
    """The record holds, with all of its files."""
    ended = run(office, VERIFY)
    assert ended.code == 0, (office.folder / "said.txt").read_text("utf-8")


if __name__ == "__main__":
    sys.exit("nothing to start here: make faults")
