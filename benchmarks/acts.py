"""Acts of officers in process, against a SQLModel session that writes the same rows into a twin of the
database.

The twin starts as a copy. After each act what it wrote is found by comparing the two files, and a plain
session writes exactly that: it reads the rows that change, sets their columns, adds the new ones and commits.
At the end the two have to be equal. Both sides have the same pragmas and lie in the same folder; both wait
for the disk.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, event, select
from sqlmodel import Session, SQLModel

from benchmarks.measure import Figure, Taken, clocked, medians
from benchmarks.world import JOURNEY, World

LIMIT = 2.0


@dataclass(frozen=True)
class Change:
    """One row that an act wrote: a new one, columns of an old one that it changed, or one that is gone."""

    model: Any
    key: tuple[Any, ...]
    values: dict[str, Any]
    new: bool
    gone: bool = False


class Twin:
    """A copy of the database, kept equal by plain sessions that write what the acts wrote."""

    def __init__(self, ours: Path, engine: Engine) -> None:
        self.path, self.theirs = ours.with_name("twin.db"), engine
        with closing(sqlite3.connect(ours)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(ours, self.path)
        self.engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 10})
        event.listen(self.engine, "connect", _prepare)
        self.models: dict[str, Any] = {
            found.__table__.name: found for found in SQLModel.__subclasses__() if hasattr(found, "__table__")
        }
        self.look = sqlite3.connect(ours, isolation_level=None)
        self.look.execute("ATTACH ? AS twin", (str(self.path),))

    def close(self) -> None:
        """Give the files back."""
        self.look.close()
        self.engine.dispose()

    def changes(self) -> list[Change]:
        """Rows that are in our database and missing or different in the twin."""
        found = []
        for name, model in self.models.items():
            table: Table = model.__table__
            keys = ", ".join(column.name for column in table.primary_key)
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            gone = f"SELECT {keys} FROM twin.{name} EXCEPT SELECT {keys} FROM main.{name}"
            found += [
                Change(model, tuple(key), {}, new=False, gone=True)
                for key in self.look.execute(gone).fetchall()
            ]
            query = (
                f"SELECT {keys} FROM (SELECT {columns} FROM main.{name}"
                f" EXCEPT SELECT {columns} FROM twin.{name})"
            )
            found += [self._change(model, table, tuple(key)) for key in self.look.execute(query).fetchall()]
        return found

    def _change(self, model: Any, table: Table, key: tuple[Any, ...]) -> Change:
        where = (column == value for column, value in zip(table.primary_key, key, strict=True))
        query = select(table).where(*where)
        with self.theirs.connect() as connection:
            ours = dict(connection.execute(query).mappings().one())
        with self.engine.connect() as connection:
            before = connection.execute(query).mappings().first()
        if before is None:
            return Change(model, key, ours, True)
        return Change(model, key, {name: new for name, new in ours.items() if before[name] != new}, False)

    def write(self, changes: list[Change]) -> None:
        """The floor."""
        with Session(self.engine) as session:
            gone = [change for change in changes if change.gone]
            for change in gone:
                session.delete(_row(session, change))
            if gone:
                session.flush()  # others may come in their place
            for change in changes:
                if change.gone:
                    continue
                if change.new:
                    session.add(change.model(**change.values))
                    continue
                row = _row(session, change)
                for name, value in change.values.items():
                    setattr(row, name, value)
            session.commit()


def _row(session: Session, change: Change) -> Any:
    return session.get(change.model, change.key if len(change.key) > 1 else change.key[0])


def _prepare(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def acts(world: World, rounds: int) -> Iterator[Figure]:
    """Every act on the way to a reply, each on as many cases as there are rounds.

    The last figure leaves the waiting for the disk out: a slow disk makes every ratio look good.
    """
    store = world.store
    cases = [world.receive(1000 + number) for number in range(rounds + 1)]
    twin = Twin(world.folder / "disclosure.db", store.engine)
    ours: dict[str, list[Taken]] = defaultdict(list)
    floor: dict[str, list[Taken]] = defaultdict(list)
    rows: dict[str, int] = {}
    try:
        for number, case in enumerate(cases):
            for name, officer, day, facts in JOURNEY:
                desk, given, on = world.desks[officer], dict(facts), date.fromisoformat(day)
                act = clocked(lambda: desk.act(case, name, given, on=on))  # noqa: B023
                changes = twin.changes()
                assert changes, f"{name} wrote nothing that the twin could see"
                least = clocked(lambda: twin.write(changes))  # noqa: B023
                # The first case warms up both sides.
                if number:
                    ours[name].append(act)
                    floor[name].append(least)
                    rows[name] = len(changes)
        assert not twin.changes(), "the floor did not write the same rows"
    finally:
        twin.close()
    sums = [0.0, 0.0]
    for name, all_taken in ours.items():
        taken, least = medians(all_taken), medians(floor[name])
        sums = [sums[0] + taken.processor, sums[1] + least.processor]
        yield Figure(name, taken.wall, LIMIT, least.wall, note=f"{rows[name]} rows")
    yield Figure("all of these, processor time", sums[0], LIMIT, sums[1])
