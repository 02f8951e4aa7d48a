"""The database: where it is, how it is opened, whether its schema is ours. SQLite by default, PostgreSQL by
URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base import caller, variables
from workflow.base.errors import Conflict, DisclosureError, Environment, Malformed, Refused
from workflow.base.messages import N_
from workflow.base.places import home
from workflow.storage import committing, engines

if TYPE_CHECKING:
    from sqlalchemy import Insert
    from sqlalchemy.engine import Connection, Engine

# The newest revision in migrations/versions (a test keeps the two equal): read paths need no Alembic for it.
SCHEMA = "0010"
# Under which a transaction knows that it came in through an office's gate beside others (see session).
ENTERED = "disclosure_entered"
# What PostgreSQL says where a role lacks a right, and what the functions for officers' roles say.
_REFUSED = ("42501", "DG001")
# What SQLite says where a table is not there: it is asked without SQLAlchemy's reflection, which costs each
# command a millisecond.
_NO_TABLE = "no such table"
_VERSION = "SELECT version_num FROM alembic_version"
# With less room on its disk (bytes), a database cannot be opened.
_ROOM = 64 * 1024
_SECRETS = re.compile(r"(?i)([?&](?:password|passwd|sslpassword|passfile)=)[^&#\s]*")
_CREDENTIALS = re.compile(r"(://[^:/@\s]*):[^@\s]*@")


def url(given: str | None = None) -> str:
    """The database URL: as given, else DISCLOSURE_DATABASE_URL, else SQLite in the data folder."""
    if given and caller.vouched():
        raise Refused(
            N_("The service works on its own database; another one cannot be named."),
            rule="house:binding",
            field="db",
            way_on=N_("Leave out --db, or run the command without the service: DISCLOSURE_SERVICE=off"),
        )
    chosen = given or variables.given("DISCLOSURE_DATABASE_URL")
    if not chosen:
        return f"sqlite:///{home() / 'disclosure.db'}"
    if "://" not in chosen:
        return f"sqlite:///{Path(chosen).expanduser().absolute()}"
    for short in ("postgresql://", "postgres://"):
        if chosen.startswith(short):
            return "postgresql+psycopg://" + chosen.removeprefix(short)
    return chosen


def sqlite_path(database_url: str) -> Path | None:
    """The file of an SQLite URL; None for another database."""
    if not database_url.startswith("sqlite"):
        return None
    name = database_url.partition("///")[2]
    if name in ("", ":memory:"):
        raise Environment(
            N_("The database URL {place} names no file."),
            place=database_url,
            way_on=N_("Write it as sqlite:////folder/disclosure.db, or give the file alone."),
        )
    return Path(name)


def beside(database_url: str) -> Path:
    """The folder for what lies beside the database (keys, files): the database's own, else the data
    folder.
    """
    path = sqlite_path(database_url)
    return path.parent if path else home()


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

    @property
    def engine(self) -> Engine:
        """The engine, made at first use."""
        if self._engine is None:
            self._engine = _engine(self.url)
            # Who reads entries needs the key file that lies beside the database (see casekeys).
            self._engine.update_execution_options(disclosure_folder=str(self.folder))
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
        from sqlalchemy.exc import OperationalError

        if self.engine.dialect.name != "sqlite":
            there = self.engine.dialect.has_table(connection, "alembic_version")
            return connection.exec_driver_sql(_VERSION).scalar() if there else None
        # A question that fails where there is no table costs less than two at every command.
        try:
            return connection.exec_driver_sql(_VERSION).scalar()
        except OperationalError as fault:
            if _NO_TABLE in str(fault.orig):
                return None
            raise

    @contextmanager
    def reading(self, *, checked: bool = True) -> Iterator[Connection]:
        """A connection for looking things up, in one consistent snapshot."""
        look = checked and not self._checked
        if look and not self._is_there():
            self._require(None)
        with _translated(self.url), self.engine.connect() as opened:
            connection = opened
            if not self.url.startswith("sqlite"):
                connection = opened.execution_options(isolation_level="REPEATABLE READ")
            if look:
                self._require(self._schema_in(connection))
                self._found_right()
            yield connection

    @contextmanager
    def writing(self, *, checked: bool = True) -> Iterator[Connection]:
        """One transaction: committed if the block succeeds, else rolled back."""
        if checked:
            self._check_once()
        with (
            _translated(self.url),
            self.engine.connect().execution_options(disclosure_write=True) as connection,
        ):
            transaction = connection.begin()
            connection.info.pop(ENTERED, None)
            try:
                yield connection
            except BaseException:
                transaction.rollback()
                raise
            committing.commit(self.engine, connection, transaction)

    @contextmanager
    def apart(self, connection: Connection) -> Iterator[None]:
        """A part of a transaction that is undone by itself where the block fails; the rest goes on."""
        last = connection.info.get(committing.LAST_ENTRY)
        try:
            with _translated(self.url), connection.begin_nested():
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
    except (ImportError, ArgumentError, ValueError) as fault:
        raise Environment(
            N_("The database URL {place} cannot be used: {detail}"),
            place=shown(database_url),
            detail=shown(str(fault)),
            way_on=N_("For PostgreSQL install the extra: pip install 'disclosure[postgres]'"),
        ) from None


def prepare() -> None:
    """Make ready to open the database that is meant where none is named, for commands to be served."""
    engines.prepare(url())


def shown(database_url: str) -> str:
    """The URL as it may be shown: without a password."""
    return _SECRETS.sub(r"\1***", _CREDENTIALS.sub(r"\1@", database_url))


@contextmanager
def _translated(database_url: str) -> Iterator[None]:
    """Faults of the database as errors that a person can act on."""
    from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

    try:
        yield
    except UnicodeEncodeError as fault:
        raise Malformed(
            N_("A value holds the sign U+{code}, which is no character."),
            code=f"{ord(fault.object[fault.start]):04X}",
            way_on=N_("Type it again, in UTF-8."),
        ) from None
    except IntegrityError as fault:
        raise Conflict(
            N_("The database refused a value that is already there or does not fit: {detail}"),
            detail=_first_line(fault),
            way_on=N_("Look at the case again and repeat what is still wanted."),
        ) from fault
    except (OperationalError, DatabaseError) as fault:
        detail = _first_line(fault)
        if any(
            word in detail for word in ("locked", "busy", "lock timeout", "could not serialize", "deadlock")
        ):
            raise Conflict(
                N_("Another program holds the database: {detail}"),
                detail=detail,
                way_on=N_("Try again in a moment."),
            ) from fault
        if getattr(fault.orig, "sqlstate", None) in _REFUSED:
            raise Refused(
                N_("The database refused this: {detail}"),
                rule="house:binding",
                detail=detail,
                way_on=N_("Nothing was written. Who may do what: disclosure officer list"),
            ) from fault
        if _is_full(database_url):
            raise Environment(
                N_("The disk of {place} is full."),
                place=shown(database_url),
                way_on=N_("Nothing was written. Make room on that disk, then repeat."),
            ) from fault
        raise Environment(
            N_("The database at {place} failed: {detail}"),
            place=shown(database_url),
            detail=detail,
            way_on=N_("Nothing was written. See what is wrong with: disclosure doctor"),
        ) from fault


def _is_full(database_url: str) -> bool:
    """Whether the disk of an SQLite database has no room: SQLite calls that an I/O error where it would only
    read, which needs a small file beside the database.
    """
    path = sqlite_path(database_url)
    try:
        left = os.statvfs(path.parent) if path else None
    except OSError:
        return False
    return left is not None and left.f_bavail * left.f_frsize < _ROOM


def _first_line(fault: Exception) -> str:
    return shown(str(getattr(fault, "orig", None) or fault).strip().splitlines()[0])
