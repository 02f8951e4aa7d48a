"""Processes that are killed in the middle of an act. Started by tests/casework/test_kill.py; nothing imports
it.

    python -m tests.killer < lines

Each line of the input (JSON) has an act and its arguments, a database URL, a number, and the settings of the
environment; for each a process of its own does the act there and sends itself SIGKILL after that many writing
statements of it, executed and not yet committed. With the number 0 it is killed after the commit, before
anything else. Each line of the output is the number of writing statements that were seen, and the signal.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import date
from importlib import import_module
from typing import Any

from sqlalchemy import event

from letters.fonts import coverage
from tests import builders
from workflow import calendar, law
from workflow.jobs import queue
from workflow.office import founding, office_file
from workflow.procedure import transitions


def receive(place: builders.Place) -> None:
    """An application with everything that is written with it: a file, personal data."""
    place.desk("registrar").receive(builders.application(name="李四", attach=[__file__]))


def act(place: builders.Place, who: str, name: str, number: str, on: str, facts: dict[str, Any]) -> None:
    """An act on a case."""
    place.act(who, name, number, date.fromisoformat(on), **facts)


def amend(place: builders.Place, name: str, new: str) -> None:
    """A correction of the first case."""
    place.desk("registrar").amend("2026-0001", name, new, "收件章日期不同")


def settle(place: builders.Place) -> None:
    """The letters that wait."""
    queue.settle(place.desk("registrar"))


def mail(place: builders.Place) -> None:
    """The mail that waits."""
    place.today = date(2026, 3, 10)
    queue.settle(place.desk("registrar"))


def init(place: builders.Place) -> None:
    """A database where there was none, and the office in it."""
    founding.init(place.store, *office_file.checked(builders.office_file()))


ACTS: dict[str, Any] = {
    "receive": receive,
    "act": act,
    "amend": amend,
    "settle": settle,
    "mail": mail,
    "init": init,
}

# Statements that write nothing: between one of them and the next there is nothing to be lost.
LOOKS = ("SELECT", "PRAGMA", "BEGIN")


def perish(url: str, after: int, name: str, arguments: list[Any], out: int) -> None:
    """The act, and the end of this process in the middle of it."""
    place = builders.Place(builders.Store(url))
    if name != "init":
        for who in builders.OFFICERS:
            place.desk(who)
    seen = 0

    def executed(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        if statement.startswith(LOOKS):
            return
        seen += 1
        if seen == after:
            os.write(out, str(seen).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(place.store.engine, "after_cursor_execute", executed)
    ACTS[name](place, *arguments)
    os.write(out, str(seen).encode())
    os.kill(os.getpid(), signal.SIGKILL)


# Modules that acts import late.
LATE = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "letters.content.compose",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "transitions",
    "workflow.casework.issue_check",
    "workflow.casework.lookup",
    "workflow.casework.application",
    "workflow.commands.wiring",
    "workflow.law.entries",
    "workflow.law.readings",
)


def warm() -> None:
    """What each of the processes would otherwise import, parse and ask of fontconfig for itself."""
    for module in LATE:
        with suppress(ModuleNotFoundError):
            import_module(module)
    calendar.known(), law.bundled(), transitions.bundled(), coverage.uncovered(["字"])


def try_once() -> None:
    """A case in an office of its own, as far as its reply: what is compiled on the way is there for all."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DISCLOSURE_HOME=f"{folder}/data",
            DISCLOSURE_KEY_FILE=f"{folder}/key.json",
            DISCLOSURE_FILES=f"{folder}/files",
        )
        store = builders.Store(f"sqlite:///{folder}/tried.db")
        founding.migrate(store)
        place = builders.found(store.url)
        amended = place.bring("served")
        place.desk("registrar").amend(amended, "address", "江州市新址1号", "收件章日期不同")
        place.store.close()
        store.close()


def warm_for(name: str) -> None:
    """What only this act needs."""
    if name == "settle":
        # The first letter of a process loads faces that the next one has.
        from letters.content import compose, specimens
        from letters.pdf import render

        assert render.pdf(compose.letter("P2", specimens.data("P2"), law.bundled()))
    if name == "init":
        import_module("alembic.command")


def main() -> None:
    """Import everything and try it once, then one process for each line."""
    warm()
    try_once()
    gc.collect()
    gc.freeze()
    ready = set()
    for line in sys.stdin:
        name, arguments, url, after, settings = json.loads(line)
        if name not in ready:
            warm_for(name)
            ready.add(name)
        read, write = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.environ.update(settings)
                perish(url, after, name, arguments, write)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(99)
        os.close(write)
        _, status = os.waitpid(child, 0)
        seen = os.read(read, 20).decode()
        os.close(read)
        print(json.dumps([int(seen or -1), os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0]), flush=True)


if __name__ == "__main__":
    main()
