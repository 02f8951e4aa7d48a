"""What all tests share: a clean environment, and databases.

Fixtures for whoever writes a test:

`database_url`   a database of the newest schema and no rows, once on SQLite and once on PostgreSQL
`sqlite_url`     the same on SQLite alone, for what cannot depend on the database
`blank_url`      an empty database without any schema, on both
`place`          an office with its officers in such a database; `quick` the same on SQLite alone
`government`     two organs with cases of many kinds, on SQLite
`home`           a folder that is HOME for this test; data, key file and attachments are below it

Without PostgreSQL its half is skipped and the last lines say so; where CI is set, it fails.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.util
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import freezegun
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# In seconds.
DAY, CHINA_AHEAD, LONGEST_TEST = 24 * 3600, 8 * 3600, 30
# Before anything of ours is imported: the folders and settings of whoever runs the tests are neither read nor
# written. Fonts are the exception: the user's own are where they were.
# A commit in memory waits for no disk. That what was committed stays is shown by tests that kill processes:
# no power is lost.
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3
if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
SCRATCH = Path(tempfile.mkdtemp(prefix="disclosure-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
_OWNER = os.getpid()


def _clear_up() -> None:
    # A test may fork; what its child leaves at its end is not the child's to clear.
    if os.getpid() == _OWNER:
        shutil.rmtree(SCRATCH, ignore_errors=True)


atexit.register(_clear_up)
# The workers of a parallel run start from an environment that was already cleaned: what it was stands beside
# it.
REAL_HOME = Path(os.environ.setdefault("TESTS_REAL_HOME", str(Path.home())))
REAL_CACHE = Path(
    os.environ.setdefault("TESTS_REAL_CACHE", os.environ.get("XDG_CACHE_HOME") or str(REAL_HOME / ".cache"))
)
os.environ.setdefault("XDG_DATA_HOME", str(REAL_HOME / ".local" / "share"))
for _name in list(os.environ):
    if _name.startswith(("DISCLOSURE_", "LC_", "PG")) or _name in ("LANGUAGE", "COLUMNS", "LINES", "PAGER"):
        del os.environ[_name]
os.environ.update(
    HOME=str(SCRATCH),
    XDG_CACHE_HOME=str(SCRATCH / "cache"),
    DISCLOSURE_HOME=str(SCRATCH / "data"),
    LANG="zh_CN.UTF-8",
)

# Where nothing compiled is to be left in the tree, the workers of a parallel run and the programs that tests
# start would each compile it anew: it lies in the cache of whoever runs the tests, for the next run too. What
# was compiled of folders that are gone does not stay.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    _compiled = REAL_CACHE / "disclosure-tests" / "compiled"
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(_compiled))
    for _gone in (MEMORY, Path(tempfile.gettempdir())):
        atexit.register(shutil.rmtree, _compiled / _gone.relative_to("/"), ignore_errors=True)

from tests.thorough import examples  # noqa: E402

# Whatever imports the program is imported where it is used: the process that hands the tests of a parallel
# run to workers begins with this file too, and the workers wait for it.
if TYPE_CHECKING:
    from tests import postgres
    from tests.builders import Place

settings.register_profile("dev", deadline=None, max_examples=examples(100))
settings.register_profile("ci", deadline=None, max_examples=examples(100), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Whoever freezes the clock has every attribute of every module looked at; of this one that would import the
# rest of it, deep in a test.
freezegun.configure(extend_ignore_list=["anyio"])

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def template_setup(url: str) -> None:
    """Bring an empty database to the newest schema: once an engine, each test then gets a copy of the
    result.
    """
    from workflow.office import founding
    from workflow.storage.database import Store

    # Whichever test asks first, the template belongs to no key.
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as empty:
        patch.setenv("DISCLOSURE_HOME", empty)
        patch.setenv("DISCLOSURE_KEY_FILE", f"{empty}/key.json")
        store = Store(url)
        try:
            founding.migrate(store)
        finally:
            store.close()


def pytest_configure(config: pytest.Config) -> None:
    """Import the models before any test freezes the clock: pydantic makes no schema for a frozen date."""
    if config.getoption("tx", None) and not hasattr(config, "workerinput"):
        return  # this process only hands tests to workers
    importlib.import_module("workflow.storage.models")
    importlib.import_module("workflow.commands.wiring")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: each waits a seventh of its time, for servers and for the
    programs that it started.
    """
    return len(os.sched_getaffinity(0)) + 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Have each worker of a parallel run begin at another place of the list: whatever one has compiled, the
    others need not.

    Compiling the modules of the tests, with what their assertions are to show, takes twice as long as the
    rest of the collection.
    """
    worker = getattr(session.config, "workerinput", None)
    folders = [path for path in map(Path, session.config.args) if path.is_dir()]
    if worker is None or not folders or sys.dont_write_bytecode:
        return
    files = sorted({file for folder in folders for file in folder.resolve().rglob("test_*.py")})
    own = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in files[own:] + files[:own]:
        # Whatever cannot be imported is told where it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test that begins shortly before midnight in China would find another day at its end: it waits for
    that day.
    """
    left = DAY - (time.time() + CHINA_AHEAD) % DAY
    if left < LONGEST_TEST:
        time.sleep(left)


def pytest_collection_finish() -> None:
    """Ten thousand collected tests live until the end: whoever looks for what can be thrown away does not
    look at them each time, and looks less often.
    """
    from workflow.base import memory

    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    memory.gather()


_ended = itertools.count(1)


def pytest_runtest_teardown() -> None:
    """What tests have left in memory is brought into large pages now and then: where tests run, and not where
    they are handed out.
    """
    if next(_ended) % 50 == 0:
        from workflow.base import memory

        memory.gather()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What is left at the end is looked through once, and not by pytest and the interpreter ten times."""
    gc.collect()
    gc.freeze()


# --- databases -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The throw-away server of this process."""
    from tests import postgres

    try:
        server = postgres.start()
    except postgres.Missing as fault:
        if os.environ.get("CI"):
            pytest.fail(f"CI tests on PostgreSQL too: {fault}")
        pytest.skip(f"not tested on PostgreSQL: {fault}")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def _sqlite_template() -> Path:
    path = SCRATCH / "template.db"
    template_setup(f"sqlite:///{path}")
    # What a migration leaves in the write-ahead log belongs to the copy too.
    assert not path.with_name("template.db-wal").exists(), "a connection was left open by template_setup"
    return path


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: postgres.Server) -> str:
    name = postgres_server.create(name="template_disclosure")
    template_setup(postgres_server.url(name))
    return name


@pytest.fixture(params=ENGINES)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database without schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
    else:
        server: postgres.Server = request.getfixturevalue("postgres_server")
        name = server.create()
        yield server.url(name)
        server.drop(name)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the newest schema, without rows."""
    with lent(request, tmp_path) as url:
        yield url


@contextmanager
def lent(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Such a database for a fixture of any scope; on SQLite it lies in the folder."""
    if request.param == "sqlite":
        path = folder / "disclosure.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("_postgres_template")
        server: postgres.Server = request.getfixturevalue("postgres_server")
        name = server.lend(template)
        yield server.url(name)
        server.give_back(name, template)


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database of the newest schema, without rows."""
    path = tmp_path / "disclosure.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def repeated_roads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Offices that are founded alike, and cases that go the same road in one that is untouched, are copied
    from the first of them (tests/copies.py): for tests that count nothing on the way there.
    """
    from tests import copies

    with copies.wanted(SCRATCH / "copies", request.node.nodeid.partition("::")[0]):
        yield


@pytest.fixture
def lines_kept() -> Iterator[None]:
    """Connections to PostgreSQL are used again (tests/lines.py): for tests of what is in a database, not of
    how it is reached.
    """
    if importlib.util.find_spec("psycopg") is None:
        yield
        return
    from tests import lines

    with lines.kept():
        yield


@pytest.fixture
def pages_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page is set twice in the tests of a module (tests/pages.py): for tests of what happens to pages."""
    from tests import pages

    with pages.set_once(request.node.nodeid.partition("::")[0]):
        yield


@pytest.fixture
def no_explanations() -> Iterator[None]:
    """Archive folders hold a blank page in place of the explanation of time limits (tests/pages.py)."""
    from tests import pages

    with pages.without_explanations():
        yield


@pytest.fixture
def workbooks_forked() -> Iterator[None]:
    """Workbooks are opened by forks of a process that has imported what opens them (tests/workbooks.py)."""
    from tests import workbooks

    with workbooks.opened_by_forks():
        yield


@pytest.fixture
def migrated_once() -> Iterator[None]:
    """Alembic runs once for all empty databases that are alike (tests/migrated.py), and their tables are
    described once (tests/described.py): for tests of what is put into them, and of its backups.
    """
    from tests import described, migrated

    with migrated.once(), described.once():
        yield


# --- offices -------------------------------------------------------------------------------------------


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    """An office with an officer of each role, on SQLite and on PostgreSQL; tests drive it on days of their
    own.
    """
    from tests import builders

    made = builders.found(database_url)
    yield made
    made.store.close()


@pytest.fixture
def quick(sqlite_url: str, home: Path) -> Iterator[Place]:
    """The same on SQLite alone, for what cannot depend on the database."""
    from tests import builders

    made = builders.found(sqlite_url)
    yield made
    made.store.close()


@pytest.fixture
def government(sqlite_url: str, home: Path, repeated_roads: None) -> Iterator[tuple[Place, Place]]:
    """A superior and an organ below it, with cases of many kinds, on SQLite."""
    from tests import government as governments

    places = governments.founded(sqlite_url)
    yield places
    for place in places:
        place.store.close()


# --- the rest ------------------------------------------------------------------------------------------


def places(folder: Path) -> dict[str, str]:
    """The settings by which everything lies in this folder."""
    return {
        "HOME": str(folder),
        "DISCLOSURE_HOME": str(folder / "data"),
        "DISCLOSURE_KEY_FILE": str(folder / "key.json"),
        "DISCLOSURE_FILES": str(folder / "files"),
    }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """HOME of this test; the data folder, DISCLOSURE_KEY_FILE and DISCLOSURE_FILES are below it."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    for name, value in places(folder).items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture(autouse=True)
def _spoken_here() -> None:
    """Each test begins in the language of the environment, whatever the one before it spoke."""
    from workflow.base import messages

    messages.use(None)


@pytest.fixture(autouse=True, scope="session")
def _recorded_events_have_names() -> Iterator[None]:
    """Whatever any test records as an entry bears an event that messages can name."""
    from workflow.procedure import transitions
    from workflow.storage import ledger, sealing

    append_all, wait, known = ledger.append_all, sealing.wait, transitions.bundled().names["event"]

    def checked(connection: Any, office_id: int, entries: list[tuple[int | None, Any]], after: Any) -> Any:
        assert {entry.event for _case, entry in entries} <= set(known)
        return append_all(connection, office_id, entries, after)

    def checked_too(connection: Any, office_id: int, case_id: int, entry: Any, chained: Any) -> None:
        assert entry.event in known
        wait(connection, office_id, case_id, entry, chained)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "append_all", checked)
        patch.setattr(sealing, "wait", checked_too)
        yield


@pytest.fixture
def language() -> Iterator[Callable[[str], None]]:
    """Choose the language of messages for one test: language('en')."""
    from workflow.base import messages

    yield messages.use
    messages.use(None)
