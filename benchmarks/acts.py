"""Acts of officers in process, against a SQLModel session that writes the same rows into a twin of the database."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, create_engine, event, select
from sqlmodel import Session, SQLModel

from benchmarks.measure import Figure
from benchmarks.world import JOURNEY, World


import os
CLOCK = time.process_time if os.environ.get('CPU') else time.perf_counter
@dataclass(frozen=True)
class Change:
    """One row that an act wrote: a new one, or the columns of an old one that it changed."""

    model: type[SQLModel]
    key: tuple[Any, ...]
    values: dict[str, Any]
    new: bool


class Twin:
    """A copy of the database, kept equal by plain sessions that write what the acts wrote."""

    def __init__(self, ours: Path, engine: Engine) -> None:
        self.ours, self.path, self.theirs = ours, ours.with_name("twin.db"), engine
        with closing(sqlite3.connect(ours)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(ours, self.path)
        self.engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 10})
        event.listen(self.engine, "connect", _prepare)
        self.models = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
        self.look = sqlite3.connect(ours, isolation_level=None)
        self.look.execute("ATTACH ? AS twin", (str(self.path),))

    def close(self) -> None:
        """Give the files back."""
        self.look.close()
        self.engine.dispose()

    def changes(self) -> list[Change]:
        """What is in our database and not, or not so, in the twin."""
        found = []
        for name, model in self.models.items():
            table = SQLModel.metadata.tables[name]
            keys = [column.name for column in table.primary_key]
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            if self.look.execute(
                f'SELECT count(*) FROM twin."{name}" WHERE ({", ".join(keys)}) NOT IN'
                f' (SELECT {", ".join(keys)} FROM main."{name}")'
            ).fetchone()[0]:
                raise AssertionError(f"{name}: an act deleted rows; the floor does not know how to")
            rows = self.look.execute(
                f'SELECT {", ".join(keys)} FROM (SELECT {columns} FROM main."{name}"'
                f' EXCEPT SELECT {columns} FROM twin."{name}")'
            )
            found += [self._change(model, table, tuple(key)) for key in rows]
        return found

    def _change(self, model: type[SQLModel], table: Any, key: tuple[Any, ...]) -> Change:
        query = select(table).where(
            *(column == value for column, value in zip(table.primary_key, key, strict=True))
        )
        with self.theirs.connect() as connection:
            ours = dict(connection.execute(query).one()._mapping)
        with self.engine.connect() as connection:
            before = connection.execute(query).first()
        if before is None:
            return Change(model, key, ours, True)
        changed = {name: value for name, value in ours.items() if before._mapping[name] != value}
        return Change(model, key, changed, False)

    def write(self, changes: list[Change]) -> float:
        """The floor: a session reads what it changes, writes it all and commits (ms)."""
        start = CLOCK()
        with Session(self.engine) as session:
            for change in changes:
                if change.new:
                    session.add(change.model(**change.values))
                    continue
                row = session.get(change.model, change.key if len(change.key) > 1 else change.key[0])
                for name, value in change.values.items():
                    setattr(row, name, value)
            session.commit()
        return (CLOCK() - start) * 1000


def _prepare(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def acts(world: World, rounds: int) -> Iterator[Figure]:
    """Every act on the way to a reply, each on as many cases as there are rounds."""
    store = world.store
    cases = [world.receive(1000 + number) for number in range(rounds + 1)]
    store.close()
    twin = Twin(world.folder / "disclosure.db", store.engine)
    ours: dict[str, list[float]] = defaultdict(list)
    floor: dict[str, list[float]] = defaultdict(list)
    rows: dict[str, int] = {}
    try:
        for number, case in enumerate(cases):
            for name, officer, day, facts in JOURNEY:
                desk, given, on = world.desks[officer], dict(facts), date.fromisoformat(day)
                start = CLOCK()
                desk.act(case, name, given, on=on)
                taken = (CLOCK() - start) * 1000
                changes = twin.changes()
                least = twin.write(changes)
                # The first case warms both sides up.
                if number:
                    ours[name].append(taken)
                    floor[name].append(least)
                    rows[name] = len(changes)
        assert not twin.changes(), "the floor did not write the same rows"
    finally:
        twin.close()
    for name, taken in ours.items():
        yield Figure(name, median(taken), 2.0, median(floor[name]), note=f"{rows[name]} rows")
