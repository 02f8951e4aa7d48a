"""A throw-away PostgreSQL server for the tests: its own folder, its own socket, gone when the tests are.

Nothing of the machine's PostgreSQL is used but the programs. The server listens on a socket in a folder that
only its user may enter, on no network address; it dies with the process that started it, however that one
ends. fsync stays on, as in real life: tests kill processes and look what is left.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import rows

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGconn

_PORT = 5432  # names the socket file only
_PATIENCE = 60.0
_PREFIX = "disclosure-pg-"
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3
_PR_SET_PDEATHSIG = 1


# The servers of this process, by their folder.
_running: dict[str, Server] = {}


class Missing(Exception):
    """There is no PostgreSQL on this machine; the message says how to get it."""


class Server:
    """A running server; databases are made on it and dropped again."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], user: str) -> None:
        self.folder = folder
        self.process = process
        self.user = user
        self._numbers = itertools.count(1)
        # Names that were made up here for databases that are gone. Under a known name SQLAlchemy has its
        # statements compiled.
        self._made_up: set[str] = set()
        self._free: set[str] = set()
        # Databases that may be lent again, by the template that they are like, and what each looked like.
        self._idle: dict[str, list[str]] = {}
        self._shapes: dict[str, Any] = {}
        self._keepers: dict[str, psycopg.Connection[Any]] = {}
        # Connections to lent databases that nobody uses (tests/lines.py).
        self._resting: dict[str, list[PGconn]] = {}
        # Of databases that were lent: their template, and the state in which they still are like it.
        self._unused: dict[str, tuple[str, str | None]] = {}

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}&port={_PORT}"

    def run(self, statement: str) -> None:
        """Execute one statement on the server, outside any transaction."""
        import psycopg

        try:
            self.keeper("postgres").execute(statement)  # type: ignore[call-overload]
        except psycopg.OperationalError:
            # The server may have been another one, before it was started anew.
            self._leave("postgres")
            self.keeper("postgres").execute(statement)  # type: ignore[call-overload]

    def create(self, template: str = "template0", name: str | None = None) -> str:
        """A new database, a copy of `template`; its name."""
        name = name or (self._free.pop() if self._free else self._new_name())
        self._leave(template)
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, even where a test left a connection open."""
        self._leave(name)
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._free |= {name} & self._made_up

    def _new_name(self) -> str:
        name = f"t{next(self._numbers)}"
        self._made_up.add(name)
        return name

    def lend(self, template: str) -> str:
        """A database like `template`: one that was given back, or a new one; its name."""
        idle = self._idle.setdefault(template, [])
        name = idle.pop() if idle else self.create(template)
        self._unused[name] = (template, self.state(name))
        return name

    def give_back(self, name: str, template: str) -> None:
        """Empty a database that was lent and keep it for the next test; drop it if more than its rows was
        changed. That costs a fifth of making a new one, and what PostgreSQL knows of its tables stays.
        """
        import psycopg

        try:
            keeper = self.keeper(name)
            self._end_others(keeper, [one.backend_pid for one in self._resting.get(name, [])])
            same = keeper.execute(_SHAPE).fetchone() == self._shape(template)
            if same:
                rows.remove(keeper)
        except psycopg.Error:
            same = False
        if same:
            self._idle[template].append(name)
        else:
            self.drop(name)

    def unused(self, name: str) -> str | None:
        """The template that a lent database is still like; None if it may not be."""
        template, state = self._unused.get(name, (None, None))
        return template if state is not None and self.state(name) == state else None

    def state(self, name: str) -> str | None:
        """What tells whether anything was written since; None where the server does not say."""
        import psycopg

        try:
            return rows.state(self.keeper(name))
        except psycopg.Error:
            self._leave(name)
            return None

    def keeper(self, name: str) -> psycopg.Connection[Any]:
        """The connection beside the program's by which the rows of a lent database are looked after: it knows
        the tables from the last time.
        """
        import psycopg

        found = self._keepers.get(name)
        if found is None or found.closed:
            found = self._keepers[name] = psycopg.connect(self._dsn(name), autocommit=True)
        return found

    def is_lent(self, name: str) -> bool:
        """Whether this is a database that was lent, and not given back."""
        return name in self._unused and name not in self._idle[self._unused[name][0]]

    def rest(self, name: str, connection: PGconn) -> bool:
        """Keep a connection to a lent database until somebody wants one; False where it is none any more."""
        if not self.is_lent(name):
            return False
        self._resting.setdefault(name, []).append(connection)
        return True

    def rested(self, name: str) -> PGconn | None:
        """A connection that was kept, to whoever wants it now."""
        resting = self._resting.get(name)
        return resting.pop() if resting else None

    @staticmethod
    def _end_others(keeper: psycopg.Connection[Any], but: list[int]) -> None:
        # Told to wait until they have ended, PostgreSQL looks ten times a second.
        until = time.monotonic() + _PATIENCE
        while keeper.execute(_END_OTHERS, [but]).fetchone() and time.monotonic() < until:
            time.sleep(0.001)

    def _leave(self, name: str) -> None:
        self._unused.pop(name, None)
        for one in self._resting.pop(name, []):
            one.finish()
        if name in self._keepers:
            self._keepers.pop(name).close()

    def _shape(self, template: str) -> Any:
        if template not in self._shapes:
            self._shapes[template] = self.keeper(template).execute(_SHAPE).fetchone()
            self._leave(template)
        return self._shapes[template]

    def _dsn(self, database: str) -> str:
        return f"host={self.folder} port={_PORT} user={self.user} dbname={database}"

    def stop(self) -> None:
        """End the server that was started here, and remove its folder."""
        _running.pop(str(self.folder), None)
        for name in list(self._keepers):
            self._leave(name)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=_PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
# What tells whether anything but rows was made, changed or removed in a database: of each catalogue how much
# there is and which transaction wrote last; who may enter; the schema that the program finds.
_CATALOGUES = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_trigger": "oid",
    "pg_proc": "oid",
    "pg_type": "oid",
    "pg_policy": "oid",
    "pg_namespace": "oid",
    "pg_default_acl": "oid",
}
# Below this number is what every database has.
_OURS = 16384
_SHAPE = f"""
SELECT {
    ", ".join(
        f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {catalogue} WHERE {number} >= {_OURS})"
        for catalogue, number in _CATALOGUES.items()
    )
}, (SELECT max(xmin::text::bigint) FROM pg_namespace),
(SELECT version_num FROM alembic_version),
(SELECT datacl::text FROM pg_database WHERE datname = current_database()),
(SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = (
    SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def programs() -> Path:
    """The folder of initdb and postgres, the newest that is installed; Missing if there is none."""
    found = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    raise Missing("PostgreSQL is not installed (Debian: sudo apt-get install -y postgresql)")


def start(settings: tuple[str, ...] = ()) -> Server:
    """Make a cluster in a new folder and start a server on it, with further settings as `name=value`; Missing
    if PostgreSQL or its driver is not there.
    """
    try:
        import psycopg  # noqa: F401
    except ImportError as fault:
        raise Missing(f"psycopg cannot be loaded ({fault}); install the extra 'postgres'") from None
    _sweep()
    folder = new_folder()
    try:
        made = run_program(
            "initdb",
            "--pgdata",
            folder / "data",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--username",
            "postgres",
            "--auth",
            "trust",
            "--no-sync",
            "--no-instructions",
            at=folder,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
        return serve(folder, settings)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def new_folder() -> Path:
    """A new folder of the user as whom the server runs, which only he may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_ground()))
    if identity := _other_user():
        os.chown(folder, identity["user"], identity["group"])
    return folder


def run_program(name: str, *words: str | Path, at: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the user of the server, in a folder of his."""
    return subprocess.run(
        [programs() / name, *words],
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        **_other_user(),
    )


def running(folder: str) -> Server | None:
    """The server of this process that has its socket in a folder."""
    return _running.get(folder)


def behind(url: str) -> tuple[Server, str] | None:
    """The server of this process that a URL leads to, and the name of the database on it."""
    address, _, more = url.partition("?")
    folder = dict(pair.partition("=")[::2] for pair in more.split("&")).get("host")
    server = _running.get(folder or "")
    return (server, address.rpartition("/")[2]) if server else None


def serve(folder: Path, settings: tuple[str, ...] = ()) -> Server:
    """Start a server on the cluster in `folder`/data; RuntimeError with its log if it does not answer."""
    import psycopg

    fixed = ("listen_addresses=", "max_connections=60", "shared_buffers=32MB")
    log = (folder / "server.log").open("wb")
    with log:
        process = subprocess.Popen(
            [
                programs() / "postgres",
                "-D",
                folder / "data",
                "-k",
                folder,
                "-p",
                str(_PORT),
                *(word for one in (*fixed, *settings) for word in ("-c", one)),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            preexec_fn=_die_with_parent,
            start_new_session=True,
            **_other_user(),
        )
    server = _running[str(folder)] = Server(folder, process, "postgres")
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"no server: {(folder / 'server.log').read_text()}") from None
            time.sleep(0.05)
        else:
            return server


def _ground() -> Path:
    # In memory a database is made and dropped in 35 ms, on a disk in 180. What a test kills is a process, not
    # the machine: what was synced is there afterwards on either.
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _sweep() -> None:
    # A run that was killed took its server along, but not the folder.
    for folder in _ground().glob(f"{_PREFIX}*"):
        if not Path("/proc", folder.name.removeprefix(_PREFIX).split("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> dict[str, Any]:
    # PostgreSQL refuses to run as root.
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Missing("there is neither a user 'postgres' nor 'nobody' to run PostgreSQL as")


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _die_with_parent() -> None:
    # SIGQUIT: PostgreSQL's immediate shutdown. A run of the tests that is killed leaves no server behind.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
