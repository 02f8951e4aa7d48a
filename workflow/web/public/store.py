"""The outer side's own database (SQLite or PostgreSQL): what came, sealed, and what the office published.

It holds no key, no name and no case. Whoever reads all of it learns how many forms came and when, and how
many rows were published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from workflow.base import dates
from workflow.base.errors import Conflict
from workflow.base.messages import N_
from workflow.web.public.outer_database import OuterDatabase
from workflow.web.public.outer_tables import LETTERS, PAPERS, ROWS, SUBMISSIONS

# The statements of taking a form, built once.
_TOKEN: sa.BindParameter[str] = sa.bindparam("of_token")
_FOUND = sa.select(SUBMISSIONS).where(SUBMISSIONS.c.token == _TOKEN)
_PAPERS_OF = sa.select(PAPERS.c.no).where(PAPERS.c.token == _TOKEN)
_NEW = SUBMISSIONS.insert()
_SEALED = SUBMISSIONS.update().where(SUBMISSIONS.c.id == sa.bindparam("of_id"))
_LEFT = PAPERS.delete().where(
    PAPERS.c.token == _TOKEN, PAPERS.c.no.not_in(sa.bindparam("taken", expanding=True))
)

_KEPT = timedelta(hours=24)
_FEW = 4


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


class OuterStore(OuterDatabase):
    """What came, and what the office published."""

    # --- what comes

    def keep_paper(self, token: str, no: int, sealed: bytes, at: datetime) -> None:
        """Keep a sealed paper of a form that is not confirmed yet; drop some of those that never were.

        Conflict where it was confirmed: its papers stay those that its receipt was given for.
        """
        self.drop_unconfirmed(at)
        with self._writing() as connection:
            if (sent := connection.execute(_FOUND, {"of_token": token}).first()) is not None:
                raise _sent_already(sent)
            connection.execute(PAPERS.delete().where(PAPERS.c.token == token, PAPERS.c.no == no))
            connection.execute(PAPERS.insert().values(token=token, no=no, sealed=sealed, at=dates.stamp(at)))

    def drop_unconfirmed(self, at: datetime) -> None:
        """Drop papers whose form was not confirmed within a day; a few at a time, since what is deleted is
        overwritten, which takes room itself.
        """
        old = (
            sa.select(PAPERS.c.token, PAPERS.c.no)
            .where(
                PAPERS.c.at < dates.stamp(at - _KEPT), PAPERS.c.token.not_in(sa.select(SUBMISSIONS.c.token))
            )
            .order_by(PAPERS.c.at)
            .limit(_FEW)
        )
        with self._reading() as connection:
            found = list(connection.execute(old))
        for token, no in found:
            with self._writing() as connection:
                # Its form may have been confirmed since.
                unconfirmed = PAPERS.c.token.not_in(sa.select(SUBMISSIONS.c.token))
                connection.execute(
                    PAPERS.delete().where(PAPERS.c.token == token, PAPERS.c.no == no, unconfirmed)
                )

    def papers_of(self, token: str) -> list[int]:
        """The numbers of the papers that were kept for a form."""
        query = sa.select(PAPERS.c.no).where(PAPERS.c.token == token).order_by(PAPERS.c.no)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def submit(self, form: Sealing) -> tuple[Submission, bool] | None:
        """Keep a form for good; none where papers that it names are not there any more.

        The same form a second time gives the first one and False; Conflict where the token was used for
        another text.
        """
        return self._together.do(lambda connection: self._submitted(connection, form))

    async def submit_soon(self, form: Sealing) -> tuple[Submission, bool] | None:
        """The same for who awaits it."""
        return await self._together.soon(lambda connection: self._submitted(connection, form))

    def _submitted(self, connection: sa.Connection, form: Sealing) -> tuple[Submission, bool] | None:
        if self.path is None:
            connection.execute(sa.text("LOCK TABLE submission IN SHARE ROW EXCLUSIVE MODE"))
        found = connection.execute(_FOUND, {"of_token": form.token}).first()
        if found is not None:
            if found.mark != form.mark or found.kind != form.kind:
                raise _sent_already(found)
            return _submission(found), False
        if form.papers:
            there = connection.execute(_PAPERS_OF, {"of_token": form.token}).scalars()
            if not set(form.papers) <= set(there):
                return None
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


def _sent_already(row: Any) -> Conflict:
    return Conflict(
        N_("This form was sent already as {receipt}; what was changed since was not taken."),
        field="token",
        receipt=receipt_number(row.id, row.at),
    )


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
