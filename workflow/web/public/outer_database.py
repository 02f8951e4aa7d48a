"""The database of the outer side (SQLite or PostgreSQL): how it is reached and written, and its room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.base.shown_url import shown
from workflow.web.public.outer_tables import ALL
from workflow.web.public.together import Together

# Below this much room nothing is taken any more, and the applicant is told before he writes.
ROOM = 200 * 1024 * 1024
_BUSY_MS = 10_000


class OuterDatabase:
    """The outer database; it makes its tables where they are missing."""

    def __init__(self, url: str) -> None:
        self.url = url if "://" in url else f"sqlite:///{url}"
        self.path = Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None
        try:
            self.engine = sa.create_engine(
                self.url, **({"connect_args": {"timeout": _BUSY_MS / 1000}} if self.path else {})
            )
        except (ImportError, sa.exc.ArgumentError):
            raise Environment(
                N_("The database of the outer side cannot be used: {url}"),
                field="store",
                url=shown(url),
                way_on=N_("Name a file, or postgresql+psycopg://…"),
            ) from None
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            sa.event.listen(self.engine, "connect", _pragmas)
            sa.event.listen(self.engine, "begin", _begin)
        self._together = Together(self._writing)
        with self._translated():
            ALL.create_all(self.engine, checkfirst=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.DatabaseError) as fault:
            raise Environment(
                N_("The outer database failed: {detail}"),
                detail=str(getattr(fault, "orig", "")).splitlines()[0][:200],
                way_on=N_("Nothing was taken. See whether its disk is full, and whether it is there."),
            ) from fault

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with (
            self._translated(),
            self.engine.connect().execution_options(web_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._translated(), self.engine.connect() as connection:
            yield connection

    def has_room(self) -> bool:
        """Whether more can be taken: on the disk, or in what the database has emptied."""
        if self.path is None:
            return True
        free = shutil.disk_usage(self.path.parent).free
        return free >= ROOM or free + self._emptied() >= ROOM

    def _emptied(self) -> int:
        """The bytes of pages that SQLite fills again before its file grows."""
        with self._reading() as connection:
            pages, size = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("freelist_count", "page_size")
            )
        return int(pages) * int(size)


def _pragmas(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    # What is deleted is overwritten: a sealed text that was collected does not stay in free pages.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("web_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
