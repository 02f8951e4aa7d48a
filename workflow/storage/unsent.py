"""Statements of an act whose answers it does not wait for (PostgreSQL): they go to the server together, in
one message, with the next that is waited for, at the latest with the commit.

To wait for each lets the machine run others in between, and where many write on few processors that costs
more than the statements themselves. They are done in the order in which they were left, before whatever else
the transaction asks; a fault of one is raised where they are sent, and then none of the later ones is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable
    from sqlalchemy.engine import Connection

# Under which a connection knows what its transaction has yet to send; not there where nothing is to wait.
_UNSENT = "disclosure_unsent"
# What the driver does in its pipeline mode: send, send and wait for all, wait.
_OWN = ("_communicate_gen", "_sync_gen", "_fetch_gen")
Given = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Left(NamedTuple):
    """A statement that waits to be sent."""

    statement: Executable | str
    given: Given
    # Told the first row of the answer, once everything has been sent.
    heard: Callable[[Any], None] | None = None
    # What a fault of the database means here, if it means anything; that is raised instead.
    meant: Callable[[Exception], Exception | None] | None = None


def begin(connection: Connection) -> None:
    """From here to the end of its transaction, what is left here waits."""
    connection.info[_UNSENT] = []


def waits(connection: Connection) -> bool:
    """Whether what is left here would wait."""
    return _UNSENT in connection.info


def end(connection: Connection) -> list[Left]:
    """What was left and is not sent yet; nothing waits any more."""
    found: list[Left] = connection.info.pop(_UNSENT, [])
    return found


def leave(
    connection: Connection,
    statement: Executable,
    given: Given,
    meant: Callable[[Exception], Exception | None] | None = None,
) -> None:
    """Execute a statement that gives back nothing, now or with those that follow."""
    if _UNSENT in connection.info:
        connection.info[_UNSENT].append(Left(statement, given, meant=meant))
    else:
        connection.execute(statement, given)


def ask(
    connection: Connection, statement: Executable, given: Mapping[str, Any], heard: Callable[[Any], None]
) -> None:
    """Ask for one row, now or with those that follow: `heard` is told it, by the end of the transaction."""
    if _UNSENT in connection.info:
        connection.info[_UNSENT].append(Left(statement, given, heard))
    else:
        heard(connection.execute(statement, given).first())


def both(
    connection: Connection, first: Executable, then: Executable, given: Mapping[str, Any]
) -> tuple[Any, CursorResult[Any]]:
    """Ask two questions in one message: the first row of the one, and the answer of the other."""
    rows: list[Any] = []
    begun = connection.info.get(_UNSENT)
    connection.info[_UNSENT] = [*(begun or ()), Left(first, given, rows.append)]
    try:
        answer = connection.execute(then, given)
    finally:
        if begun is None and not connection.invalidated:
            end(connection)
    return rows[0], answer


def execute(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
    """As SQLAlchemy's dialect executes a statement, with what waits before it."""
    _with_the_rest(context, lambda: cursor.execute(statement, parameters))


def execute_many(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
    """The same for many rows."""
    _with_the_rest(context, lambda: cursor.executemany(statement, parameters))


def _with_the_rest(context: Any, last: Callable[[], None]) -> None:
    connection, left = getattr(context, "root_connection", None), None
    if connection is not None:
        # Not there while SQLAlchemy makes itself acquainted with a database.
        with suppress(NotImplementedError):
            left = connection.info.get(_UNSENT)
    if connection is not None and left:
        connection.info[_UNSENT] = []
        send(connection, left, last)
    else:
        last()


def send(connection: Connection, left: list[Left], last: Callable[[], None]) -> None:
    """Send statements and what comes last, in one message. A fault of the driver is raised as it is."""
    import psycopg

    raw: Any = connection.connection.driver_connection
    together = raw.pipeline() if psycopg.Pipeline.is_supported() else nullcontext()
    asked: list[tuple[Any, Callable[[Any], None]]] = []
    fault: Exception | None = None
    try:
        with together as pipeline:
            release = _hold(pipeline)
            # A fault that leaves the pipeline has it say on the terminal what it ignores at its end.
            try:
                for one in left:
                    if one.heard is None:
                        connection.execute(one.statement, one.given)  # type: ignore[arg-type]
                    else:
                        asked.append((_asked(connection, raw, one), one.heard))
                last()
            except Exception as first:  # noqa: BLE001  (raised below)
                fault = first
            release()
    except psycopg.Error as later:
        fault = fault or later
    if fault is not None:
        said = getattr(fault, "orig", None) or fault
        for one in left:
            if one.meant is not None and (meaning := one.meant(said)) is not None:
                raise meaning from fault
        raise fault
    for cursor, heard in asked:
        heard(cursor.fetchone())


def _hold(pipeline: Any) -> Callable[[], None]:
    """Keep the driver from sending each statement by itself, and from waiting for the beginning and the end
    of a transaction: each has the server's process run, and this one wait. They are written down for the
    server, and go when this is told so.
    """
    # There is no public way; without these the driver does as it is used to.
    if not all(hasattr(pipeline, name) for name in ("command_queue", *_OWN)):
        return lambda: None
    from psycopg import generators

    queue, sync, fetch = pipeline.command_queue, pipeline._sync_gen, pipeline._fetch_gen  # noqa: SLF001
    held = True

    def communicate() -> Any:
        while queue:
            queue.popleft()()
        if not held:
            yield from generators.send(pipeline.pgconn)

    def synchronise() -> Any:
        yield from communicate() if held else sync()

    def fetched(*, flush: bool) -> Any:
        # All has been sent by then, and nothing needs to be asked for.
        yield from fetch(flush=flush and held)

    def release() -> None:
        nonlocal held
        held = False

    for name, ours in zip(_OWN, (communicate, synchronise, fetched), strict=True):
        setattr(pipeline, name, ours)
    return release


def _asked(connection: Connection, raw: Any, one: Left) -> Any:
    """A question whose answer comes when all is sent: SQLAlchemy itself would look for it at once. Its row is
    as the driver reads it (numbers, texts, days, true or false), without types of SQLAlchemy's.
    """
    from psycopg.rows import namedtuple_row

    statement, given = one.statement, one.given
    if not isinstance(statement, str):
        compiled = _compiled(statement, connection.dialect.name)
        statement, given = compiled.string, compiled.construct_params(given)
    cursor = raw.cursor(row_factory=namedtuple_row)
    said = (connection, cursor, statement, given, None, False)
    for heard in connection.dispatch.before_cursor_execute:
        heard(*said)
    cursor.execute(statement, given)
    for heard in connection.dispatch.after_cursor_execute:
        heard(*said)
    return cursor


@lru_cache(maxsize=64)
def _compiled(statement: Any, _: str) -> Any:
    """A statement in the words of the database; those that are left here are made once in a process."""
    from sqlalchemy.dialects.postgresql import psycopg as postgresql

    return statement.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
