"""Workers on many machines at once, by procrastinate on PostgreSQL.

The row in `outbox`, written in the act's own transaction, stays the truth. A relay looks for rows that wait
and puts a job for each into procrastinate's queue; a worker takes the job and does what the row asks for, by
its kind (queue.handle). A row without a job gets one at the next look, a job of a row that is done does
nothing, a job whose worker died goes back into the queue: dying anywhere in between costs time only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, column, exists, func, literal, select, table

from workflow.base import variables
from workflow.base.errors import DisclosureError, Environment
from workflow.base.messages import N_
from workflow.base.shown_url import shown
from workflow.casework.desk import Desk
from workflow.jobs import process_pool, queue
from workflow.storage.database import Store
from workflow.storage.database_url import sqlite_path
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    import procrastinate

OUTBOX = TABLES["outbox"]
QUEUE, WORK, RELAY, RESCUE = "disclosure", "disclosure.work", "disclosure.relay", "disclosure.rescue"
# Rows that get their jobs in one statement.
LOT = 1000
# Seconds after its last sign of life from which a worker counts as dead.
STALLED = 30.0
# Seconds until a piece at fault is tried again: doubled each time, at most an hour.
FIRST_PAUSE, LONGEST_PAUSE = 15, 3600
_EACH_FIVE_SECONDS, _EACH_QUARTER_MINUTE = "* * * * * */5", "* * * * * */15"

_JOBS = table("procrastinate_jobs", column("queueing_lock"), column("status"))
Told = Callable[[str, dict[str, Any]], None]


# --- the queue's own tables


def required(store: Store) -> None:
    """Environment error where there can be no workers: on SQLite, or without the extra."""
    if sqlite_path(store.url) is not None:
        raise Environment(
            N_("Workers need PostgreSQL; {place} is SQLite, on one machine with one writer."),
            place=shown(store.url),
            way_on=N_(
                "Use every core of this machine: disclosure letter render --all-due; for everything that waits: disclosure work"
            ),
        )
    try:
        import procrastinate  # noqa: F401
    except ImportError:
        raise Environment(
            N_("Workers need the library procrastinate, which is not installed."),
            way_on=N_("Install the extra: pip install 'disclosure[postgres]'"),
        ) from None


def is_set_up(store: Store) -> bool:
    """Whether the queue's tables are in the database."""
    with store.reading() as connection:
        return connection.execute(select(func.to_regclass("procrastinate_jobs"))).scalar() is not None


def ready(store: Store) -> None:
    """Environment error where a worker cannot work yet."""
    required(store)
    if not is_set_up(store):
        raise Environment(
            N_("The tables of the queue are not in the database."),
            way_on=N_("Make them with: disclosure worker --setup"),
        )


def set_up(store: Store) -> bool:
    """Make the queue's tables where they are not there; whether they were made now."""
    required(store)
    with store.writing() as connection:
        # Two machines may be set up at once; the second finds the tables of the first.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(QUEUE))))
        if connection.execute(select(func.to_regclass("procrastinate_jobs"))).scalar() is not None:
            return False
        from procrastinate.schema import SchemaManager

        connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    return True


def set_up_where_possible(store: Store) -> bool:
    """As set_up, after the schema was made or upgraded; where there can be no workers, nothing."""
    try:
        return set_up(store)
    except Environment:
        return False


# --- the work


def application(store: Store, told: Told = lambda *_: None, stalled: float = STALLED) -> procrastinate.App:
    """The tasks of the workers, on this database."""
    import procrastinate

    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=_dsn(store), min_size=1, max_size=4)
    )

    # In a thread: while a letter is set, the worker goes on giving signs of life.
    @app.task(name=WORK, queue=QUEUE, retry=_pauses())
    def work(row: int) -> None:
        try:
            done = do(store, row)
        except DisclosureError as fault:
            told("fault", {"row": row, "text": fault.text})
            raise
        if done is not None:
            told("done", {"row": row, **done})

    @app.periodic(cron=_EACH_FIVE_SECONDS)
    @app.task(name=RELAY, queue=QUEUE, lock=RELAY, queueing_lock=RELAY)
    async def relay(timestamp: int) -> None:
        await _defer(app, store)

    @app.periodic(cron=_EACH_QUARTER_MINUTE)
    @app.task(name=RESCUE, queue=QUEUE, queueing_lock=RESCUE)
    async def rescue(timestamp: int) -> None:
        await _rescue(app, stalled)

    return app


def do(store: Store, row: int) -> dict[str, Any] | None:
    """Do what a row of the outbox asks for; None where it was done before. Faults are noted with the row."""
    with store.reading() as connection:
        work = connection.execute(select(OUTBOX).where(OUTBOX.c.id == row)).first()
    if work is None or work.done_at is not None:
        return None
    # A worker runs for long: settings and notices are read again each time.
    desk = Desk(store, system_of=work.office_id)
    try:
        return queue.do(desk, work)
    except DisclosureError:
        raise
    except Exception as fault:
        raised = process_pool.unexpected(fault)
        queue.note_fault(desk, row, raised)
        raise raised from fault


def _pauses() -> Any:
    from procrastinate import BaseRetryStrategy, RetryDecision

    class Pauses(BaseRetryStrategy):
        """The row waits until it is done, and so does its job."""

        def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision:
            pause = min(FIRST_PAUSE * 2 ** min(job.attempts, 16), LONGEST_PAUSE)
            return RetryDecision(retry_in={"seconds": pause})

    return Pauses()


def _dsn(store: Store) -> str:
    """The database for psycopg alone, from its SQLAlchemy URL."""
    from psycopg.conninfo import make_conninfo

    url = store.engine.url
    given: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **url.query,
    }
    return make_conninfo(**{name: value for name, value in given.items() if value is not None})


# --- relay and rescue


def _lock(row: Any) -> Any:
    return literal("outbox-") + cast(row, Text)


def _without_job(store: Store, after: int) -> list[int]:
    queued = exists().where(
        _JOBS.c.queueing_lock == _lock(OUTBOX.c.id), cast(_JOBS.c.status, Text).in_(("todo", "doing"))
    )
    query = select(OUTBOX.c.id).where(OUTBOX.c.done_at.is_(None), OUTBOX.c.id > after, ~queued)
    with store.reading() as connection:
        return list(connection.execute(query.order_by(OUTBOX.c.id).limit(LOT)).scalars())


async def _defer(app: procrastinate.App, store: Store) -> int:
    """A job for each row that waits and has none; how many."""
    from procrastinate.exceptions import AlreadyEnqueued
    from procrastinate.jobs import Job

    deferred = last = 0
    while rows := await asyncio.to_thread(_without_job, store, last):
        last = rows[-1]
        jobs = [
            Job(
                queue=QUEUE,
                lock=None,
                queueing_lock=f"outbox-{row}",
                task_name=WORK,
                task_kwargs={"row": row},
            )
            for row in rows
        ]
        # Another machine may have been faster with one of them: the rest get their jobs next time.
        with suppress(AlreadyEnqueued):
            deferred += len(await app.job_manager.batch_defer_jobs_async(jobs))
    return deferred


async def _rescue(app: procrastinate.App, stalled: float) -> None:
    """Jobs whose worker gives no sign of life go back into the queue."""
    from procrastinate.exceptions import ConnectorException

    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=stalled):
        # The same job may have been put back by another worker meanwhile.
        with suppress(ConnectorException):
            await app.job_manager.retry_job(job)


# --- a worker


def run(store: Store, *, once: bool = False, stalled: float = STALLED, told: Told = lambda *_: None) -> None:
    """Work until told to stop (Ctrl-C, SIGTERM: the piece at hand is finished), or once until nothing is to
    be had.
    """
    ready(store)
    app = application(store, told, stalled)

    async def main() -> None:
        async with app.open_async():
            await _rescue(app, stalled)
            await _defer(app, store)
            await app.run_worker_async(
                queues=[QUEUE],
                wait=not once,
                delete_jobs="successful",
                update_heartbeat_interval=stalled / 3,
                stalled_worker_timeout=stalled,
            )

    _quiet()
    from procrastinate.exceptions import ConnectorException

    try:
        asyncio.run(main())
    except ConnectorException as fault:
        detail = str(fault.__cause__ or fault).strip().splitlines()[0]
        raise Environment(
            N_("The database at {place} failed: {detail}"),
            place=shown(store.url),
            detail=detail,
            way_on=N_("Start the worker again when the database can be reached; nothing is lost."),
        ) from fault


def _quiet() -> None:
    """Silence the queue's own log, except for debugging; users are told what they need elsewhere."""
    import logging

    if not variables.given("DISCLOSURE_DEBUG"):
        log = logging.getLogger("procrastinate")
        log.addHandler(logging.NullHandler())
        log.propagate = False
