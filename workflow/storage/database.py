"""The database: where it is, how it is opened, whether its schema is ours. SQLite by default, PostgreSQL by
URL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from workflow.base import memory
from workflow.base.errors import DisclosureError, Environment
from workflow.base.messages import N_
from workflow.base.shown_url import said_of, shown
from workflow.storage import committing, engines, sealing, turns, unsent
from workflow.storage.database_faults import translated
from workflow.storage.database_url import beside, sqlite_path, url

if TYPE_CHECKING:
    from sqlalchemy import Insert
    from sqlalchemy.engine import Connection, Engine

# The newest revision in migrations/versions (a test keeps the two equal): read paths need no Alembic for it.
SCHEMA = "0010"
# Under which a transaction knows that it came in through an office's gate beside others (see session).
ENTERED = "disclosure_entered"
# What SQLite and PostgreSQL say where a table is not there: it is asked without SQLAlchemy's reflection,
# which costs each command a millisecond or two.
_NO_TABLE, _UNDEFINED_TABLE = "no such table", "42P01"
_VERSION = "SELECT version_num FROM alembic_version"


def insert_one(connection: Connection, statement: Insert, row: Mapping[str, Any]) -> int:
    """Insert one row; the id that the database gave it."""
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None
    return int(key[0])


class Store:
    """An open database, with separate connections for reading and writing: every write is one transaction."""

    def __init__(self, database_url: str | None = None) -> None:
        self.url = url(database_url)
        self.folder = beside(self.url)
        self._engine: Engine | None = None
        self._checked = False
        self._turns: turns.Turns | None = None

    @property
    def engine(self) -> Engine:
        """The engine, made at first use."""
        if self._engine is None:
            self._engine = _engine(self.url)
            # Who reads entries needs the key file that lies beside the database (see casekeys).
            self._engine.update_execution_options(disclosure_folder=str(self.folder))
            self._turns = turns.of(self._engine.url)
        return self._engine

    def close(self) -> None:
        """Close all connections."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def check(self) -> None:
        """Environment error unless the database is there and its schema is this program's."""
        self._require(self.schema())

    def _require(self, found: str | None) -> None:
        if found == SCHEMA:
            return
        if found is None:
            raise Environment(
                N_("There is no disclosure database at {place}."),
                place=shown(self.url),
                way_on=N_("Make one with: disclosure init --office office.toml"),
            )
        if found > SCHEMA:
            raise Environment(
                N_("The database has schema {found}, newer than this program's {ours}."),
                found=found,
                ours=SCHEMA,
                way_on=N_("Use the newer program."),
            )
        raise Environment(
            N_("The database has the older schema {found}; this program needs {ours}."),
            found=found,
            ours=SCHEMA,
            way_on=N_("Make a backup, then upgrade it with: disclosure upgrade"),
        )

    def schema(self) -> str | None:
        """The schema revision of the database; None if there is none yet."""
        if not self._is_there():
            return None
        with self.reading(checked=False) as connection:
            return self._schema_in(connection)

    def _is_there(self) -> bool:
        """Whether there is something to open: SQLite would make an empty file."""
        path = sqlite_path(self.url)
        return path is None or path.exists()

    def _schema_in(self, connection: Connection) -> str | None:
        from sqlalchemy.exc import DBAPIError

        # A question that fails where there is no table costs less than two at every command.
        try:
            return connection.exec_driver_sql(_VERSION).scalar()
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) == _UNDEFINED_TABLE or _NO_TABLE in str(fault.orig):
                return None
            raise

    @contextmanager
    def reading(self, *, checked: bool = True) -> Iterator[Connection]:
        """A connection for looking things up, in one consistent snapshot."""
        look = checked and not self._checked
        if look and not self._is_there():
            self._require(None)
        with translated(self.url), self.engine.connect() as opened:
            connection = opened
            if not self.url.startswith("sqlite"):
                connection = opened.execution_options(isolation_level="REPEATABLE READ")
            if look:
                self._require(self._schema_in(connection))
                self._found_right()
            try:
                yield connection
            finally:
                engines.end_reading(connection)

    @contextmanager
    def writing(self, *, checked: bool = True) -> Iterator[Connection]:
        """One transaction: committed if the block succeeds, else rolled back."""
        if checked:
            self._check_once()
        if self._turns is not None:
            self._turns.wait()
        with translated(self.url), self.engine.connect() as connection:
            transaction = engines.begin_writing(connection)
            connection.info.pop(ENTERED, None)
            # Of a transaction that was given up, on the same connection.
            sealing.taken(connection)
            unsent.end(connection)
            try:
                yield connection
            except BaseException:
                if not connection.invalidated:
                    unsent.end(connection)
                transaction.rollback()
                raise
            began = turns.clock()
            committing.commit(self.engine, connection, transaction)
            ended = turns.clock()
        memory.worked()
        if self._turns is not None:
            self._turns.done(ended - began)

    @contextmanager
    def apart(self, connection: Connection) -> Iterator[None]:
        """A part of a transaction that is undone by itself where the block fails; the rest goes on."""
        last = connection.info.get(committing.LAST_ENTRY)
        try:
            with translated(self.url), connection.begin_nested():
                yield
        except BaseException:
            if not connection.invalidated:
                connection.info[committing.LAST_ENTRY] = last
            raise

    def _check_once(self) -> None:
        if not self._checked:
            self.check()
            self._found_right()

    def _found_right(self) -> None:
        self._checked = True
        engines.keep_dialect(self.engine)


def status(database_url: str | None = None) -> dict[str, Any]:
    """Where the database is, and whether it is there, reachable and of this program's schema (for
    `doctor`).
    """
    store = Store(database_url)
    found: dict[str, Any] = {"url": shown(store.url), "schema": None, "needs": SCHEMA, "fault": None}
    try:
        found["schema"] = store.schema()
        store.check()
    except DisclosureError as fault:
        found["fault"] = fault
    finally:
        store.close()
    return found


def _engine(database_url: str) -> Engine:
    from sqlalchemy.exc import ArgumentError

    try:
        return engines.engine(database_url)
    except ImportError as fault:
        raise Environment(
            N_("The database URL {place} cannot be used: {detail}"),
            place=shown(database_url),
            detail=said_of(database_url, str(fault)),
            way_on=N_("For PostgreSQL install the extra: pip install 'disclosure[postgres]'"),
        ) from None
    except (ArgumentError, ValueError) as fault:
        raise Environment(
            N_("The database URL {place} cannot be used: {detail}"),
            place=shown(database_url),
            detail=said_of(database_url, str(fault)),
            way_on=N_(
                "Write it as postgresql://USER:PASSWORD@HOST:PORT/NAME, a sign of the password such as @ : / ? # % as %40 %3A %2F %3F %23 %25."
            ),
        ) from None


def prepare() -> None:
    """Make ready to open the database that is meant where none is named, for commands to be served."""
    engines.prepare(url())
