"""The outer side's own database (SQLite or PostgreSQL): what came, sealed, and what the office published.

It holds no key, no name and no case. Whoever reads all of it learns how many forms came and when, and how
many rows were published.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from workflow.base import dates
from workflow.base.errors import Conflict, Environment
from workflow.base.messages import N_
from workflow.web.public.outer_tables import ALL, LETTERS, PAPERS, ROWS, SUBMISSIONS
from workflow.web.public.together import Together

# The statements of taking a form, built once.
_TOKEN: sa.BindParameter[str] = sa.bindparam("of_token")
_FOUND = sa.select(SUBMISSIONS).where(SUBMISSIONS.c.token == _TOKEN)
_NEW = SUBMISSIONS.insert()
_SEALED = SUBMISSIONS.update().where(SUBMISSIONS.c.id == sa.bindparam("of_id"))
_LEFT = PAPERS.delete().where(
    PAPERS.c.token == _TOKEN, PAPERS.c.no.not_in(sa.bindparam("taken", expanding=True))
)

# Below this much room nothing is taken any more, and the applicant is told before he writes.
ROOM = 200 * 1024 * 1024
_KEPT = timedelta(hours=24)
_BUSY_MS = 10_000


class Submission(NamedTuple):
    """A form as the office collects it."""

    receipt: str
    id: int
    kind: str
    token: str
    lookup: str
    at: str
    sealed: bytes
    papers: int


class Sealing(NamedTuple):
    """A form that is to be kept: `token` is the hash of its token, `at` its moment, `papers` the numbers of
    its papers; `seal` makes its sealed bytes of its receipt's number.
    """

    kind: str
    token: str
    mark: str
    lookup: str
    at: str
    papers: Sequence[int]
    seal: Callable[[str], bytes]


def receipt_number(id: int, at: str) -> str:
    """The number of a receipt: its legal day and a running number."""
    day = dates.china_day(datetime.fromisoformat(at))
    return f"W{day:%Y%m%d}-{id:06d}"


class OuterStore:
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
                url=url.rpartition("@")[2],
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
        """Whether more can be taken."""
        return self.path is None or shutil.disk_usage(self.path.parent).free >= ROOM

    # --- what comes

    def keep_paper(self, token: str, no: int, sealed: bytes, at: datetime) -> None:
        """Keep a sealed paper of a form that is not confirmed yet; drop those that never were."""
        with self._writing() as connection:
            confirmed = sa.select(SUBMISSIONS.c.token)
            connection.execute(
                PAPERS.delete().where(PAPERS.c.at < dates.stamp(at - _KEPT), PAPERS.c.token.not_in(confirmed))
            )
            connection.execute(PAPERS.delete().where(PAPERS.c.token == token, PAPERS.c.no == no))
            connection.execute(PAPERS.insert().values(token=token, no=no, sealed=sealed, at=dates.stamp(at)))

    def papers_of(self, token: str) -> list[int]:
        """The numbers of the papers that were kept for a form."""
        query = sa.select(PAPERS.c.no).where(PAPERS.c.token == token).order_by(PAPERS.c.no)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def submit(self, form: Sealing) -> tuple[Submission, bool]:
        """Keep a form for good.

        The same form a second time gives the first one and False; Conflict where the token was used for
        another text.
        """
        return self._together.do(lambda connection: self._submitted(connection, form))

    async def submit_soon(self, form: Sealing) -> tuple[Submission, bool]:
        """The same for who awaits it."""
        return await self._together.soon(lambda connection: self._submitted(connection, form))

    def _submitted(self, connection: sa.Connection, form: Sealing) -> tuple[Submission, bool]:
        if self.path is None:
            connection.execute(sa.text("LOCK TABLE submission IN SHARE ROW EXCLUSIVE MODE"))
        found = connection.execute(_FOUND, {"of_token": form.token}).first()
        if found is not None:
            if found.mark != form.mark or found.kind != form.kind:
                raise Conflict(
                    N_("This form was sent already as {receipt}; what was changed since was not taken."),
                    field="token",
                    receipt=receipt_number(found.id, found.at),
                )
            return _submission(found), False
        row = {
            "kind": form.kind,
            "token": form.token,
            "mark": form.mark,
            "lookup": form.lookup,
            "at": form.at,
        }
        blank = {**row, "sealed": b"", "papers": len(form.papers)}
        made = connection.execute(_NEW, blank).inserted_primary_key
        assert made is not None
        id = int(made[0])
        receipt = receipt_number(id, form.at)
        sealed = form.seal(receipt)
        connection.execute(_SEALED, {"of_id": id, "sealed": sealed})
        connection.execute(_LEFT, {"of_token": form.token, "taken": list(form.papers)})
        papers = len(form.papers)
        return Submission(receipt, id, form.kind, form.token, form.lookup, form.at, sealed, papers), True

    def of_code(self, lookup: str) -> list[Submission]:
        """What came under a code, oldest first."""
        query = sa.select(SUBMISSIONS).where(SUBMISSIONS.c.lookup == lookup).order_by(SUBMISSIONS.c.id)
        with self._reading() as connection:
            return [_submission(row) for row in connection.execute(query)]

    # --- what the office collects

    def waiting(self, after: int = 0, most: int = 50) -> list[Submission]:
        """What the office has not collected, in the order in which it came."""
        query = (
            sa.select(SUBMISSIONS)
            .where(SUBMISSIONS.c.collected_at.is_(None), SUBMISSIONS.c.id > after)
            .order_by(SUBMISSIONS.c.id)
            .limit(most)
        )
        with self._reading() as connection:
            return [_submission(row) for row in connection.execute(query)]

    def papers(self, token: str) -> list[tuple[int, bytes]]:
        """The sealed papers of a form."""
        query = sa.select(PAPERS).where(PAPERS.c.token == token).order_by(PAPERS.c.no)
        with self._reading() as connection:
            return [(row.no, row.sealed) for row in connection.execute(query)]

    def collected(self, id: int, at: datetime) -> None:
        """The office has it for good: what was sealed is removed, the receipt stays."""
        with self._writing() as connection:
            token = connection.execute(sa.select(SUBMISSIONS.c.token).where(SUBMISSIONS.c.id == id)).scalar()
            connection.execute(
                SUBMISSIONS.update()
                .where(SUBMISSIONS.c.id == id, SUBMISSIONS.c.collected_at.is_(None))
                .values(collected_at=dates.stamp(at), sealed=b"")
            )
            connection.execute(PAPERS.delete().where(PAPERS.c.token == token))

    # --- what the office publishes

    def publish(self, lookup: str, version: int, row: str, letters: dict[str, bytes]) -> None:
        """Show a row from now on; Conflict unless it is newer than the one shown."""
        with self._writing() as connection:
            shown = connection.execute(
                sa.select(ROWS.c.version).where(ROWS.c.lookup == lookup).with_for_update()
            ).scalar()
            if shown is not None and version <= shown:
                raise Conflict(
                    N_("A row of version {version} came after version {shown}: it was not taken."),
                    field="version",
                    version=version,
                    shown=shown,
                )
            if shown is None:
                connection.execute(ROWS.insert().values(lookup=lookup, version=version, row=row))
            else:
                connection.execute(
                    ROWS.update().where(ROWS.c.lookup == lookup).values(version=version, row=row)
                )
            known = set(
                connection.execute(sa.select(LETTERS.c.sha256).where(LETTERS.c.lookup == lookup)).scalars()
            )
            named = {one["sha256"] for one in json.loads(row)["letters"]}
            connection.execute(
                LETTERS.delete().where(LETTERS.c.lookup == lookup, LETTERS.c.sha256.not_in(named))
            )
            for sha256, sealed in letters.items():
                if sha256 not in known and sha256 in named:
                    connection.execute(LETTERS.insert().values(lookup=lookup, sha256=sha256, sealed=sealed))

    def forget(self, lookup: str) -> None:
        """Show nothing of a code any more: its case was destroyed. What was not collected stays."""
        with self._writing() as connection:
            connection.execute(ROWS.delete().where(ROWS.c.lookup == lookup))
            connection.execute(LETTERS.delete().where(LETTERS.c.lookup == lookup))
            connection.execute(
                SUBMISSIONS.delete().where(
                    SUBMISSIONS.c.lookup == lookup, SUBMISSIONS.c.collected_at.is_not(None)
                )
            )

    def published(self, lookup: str) -> str | None:
        """The row of a code."""
        query = sa.select(ROWS.c.row).where(ROWS.c.lookup == lookup)
        with self._reading() as connection:
            return connection.execute(query).scalar()

    def letter(self, lookup: str, sha256: str) -> bytes | None:
        """A sealed letter of a code."""
        query = sa.select(LETTERS.c.sealed).where(LETTERS.c.lookup == lookup, LETTERS.c.sha256 == sha256)
        with self._reading() as connection:
            return connection.execute(query).scalar()


def _submission(row: Any) -> Submission:
    return Submission(
        receipt_number(row.id, row.at),
        row.id,
        row.kind,
        row.token,
        row.lookup,
        row.at,
        bytes(row.sealed),
        row.papers,
    )


def _pragmas(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    # What is deleted is overwritten: a sealed text that was collected does not stay in free pages.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("web_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
