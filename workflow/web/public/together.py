"""Work of many threads in few transactions: who comes while one is being committed shares the next.

A commit waits for the disk. Two hundred applicants at once would wait for two hundred commits one after the
other, and for each other's locks; so each hands in its work, and whoever holds the pen writes all that waits.
Nobody is answered before the commit that holds his work. Who awaits it takes a thread only to write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import anyio
import sqlalchemy as sa
from anyio import to_thread

from workflow.base.errors import Conflict

Made = TypeVar("Made")
Work = Callable[[sa.Connection], Made]


@dataclass
class _Job(Generic[Made]):
    work: Work[Made]
    made: list[Made]
    fault: Exception | None = None
    done: bool = False


class Together:
    """Writes what several threads hand in. `begin` opens a transaction."""

    def __init__(self, begin: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._begin = begin
        self._door, self._pen = threading.Lock(), threading.Lock()
        self._turn = anyio.Lock()
        self._waiting: list[_Job[Any]] = []

    def do(self, work: Work[Made]) -> Made:
        """The result of this work once it is committed, or its fault. A Conflict has to be raised before the
        work has written anything: the others of its transaction stand.
        """
        job = self._handed_in(work)
        self._write_for(job)
        return self._ended(job)

    async def soon(self, work: Work[Made]) -> Made:
        """The same for who awaits it: what comes while one writes is the next one's lot."""
        job = self._handed_in(work)
        async with self._turn:
            if not job.done:
                await to_thread.run_sync(self._write_for, job)
        return self._ended(job)

    def _handed_in(self, work: Work[Made]) -> _Job[Made]:
        job: _Job[Made] = _Job(work, [])
        with self._door:
            self._waiting.append(job)
        return job

    def _write_for(self, job: _Job[Any]) -> None:
        with self._pen:
            if not job.done:
                with self._door:
                    lot, self._waiting = self._waiting, []
                self._write(lot)

    @staticmethod
    def _ended(job: _Job[Made]) -> Made:
        if job.fault is not None:
            raise job.fault
        return job.made[0]

    def _write(self, lot: list[_Job[Any]]) -> None:
        try:
            with self._begin() as connection:
                for job in lot:
                    try:
                        job.made = [job.work(connection)]
                    except Conflict as fault:
                        job.fault = fault
        except Exception as fault:  # noqa: BLE001  (raised again by whose work it was)
            if len(lot) > 1:
                # Nothing of it stands. One of them may be at fault: each by itself, then.
                for job in lot:
                    job.fault = None
                    self._write([job])
                return
            lot[0].fault = fault
        for job in lot:
            job.done = True
