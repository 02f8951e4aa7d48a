"""Start-up: what a command costs before it does anything, against processes that only import and open.

These are all work of the processor, and are judged by its time: it is the same on a busy machine. The time on
the wall stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import COMMAND, PYTHON, Figure, Taken, in_turns, modules, process
from benchmarks.world import OFFICER, World

ONLY_CLICK = "import click"
# The minimum of a command that reads: the models' library, a connection, one query.
ONLY_OPENS = """
import os, sqlmodel
engine = sqlmodel.create_engine(os.environ["DISCLOSURE_DATABASE_URL"])
with engine.connect() as connection:
    connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
"""
HEAVY = ("weasyprint", "alembic", "babel", "sqlmodel")
HEAVIER = (*HEAVY, "sqlalchemy", "jinja2", "cryptography")
COMPLETION = {"_DISCLOSURE_COMPLETE": "bash_complete"}
COMMANDS = {**COMPLETION, "COMP_LINE": "disclosure re"}
CASES = {**COMPLETION, "COMP_LINE": "disclosure show 2026-00"}
VALUES = {**COMPLETION, "COMP_LINE": "disclosure draft 1 --outcome yygk"}


def starting(world: World, rounds: int) -> Iterator[Figure]:
    """`--help`, `--version` and completion, against a process that imports click."""
    found = in_turns(
        {
            "floor": process([PYTHON, "-c", ONLY_CLICK]),
            "disclosure --help": process([COMMAND, "--help"]),
            "disclosure draft --help": process([COMMAND, "draft", "--help"]),
            "disclosure --version": process([COMMAND, "--version"]),
            "disclosure deadline": process([COMMAND, "deadline", "reply", "--from", "2026-03-02"]),
            "disclosure deadline --json": process(
                [COMMAND, "deadline", "reply", "--from", "2026-03-02", "--json"]
            ),
            "completion of a command": process([COMMAND], **COMMANDS),
            "completion of a value": process([COMMAND], **VALUES),
            "completion of a case number": process(
                [COMMAND], **CASES, DISCLOSURE_DATABASE_URL=world.store.url
            ),
        },
        rounds,
    )
    yield from _figures(found, 1.5)
    yield _absent("--help imports", modules([COMMAND, "--help"]), HEAVIER)


def reading(world: World, rounds: int) -> Iterator[Figure]:
    """Commands that read the database, against a process that imports sqlmodel and opens it."""
    commands = {
        "list": [COMMAND, "list"],
        "show CASE": [COMMAND, "show", world.number],
        "next CASE": [COMMAND, "next", world.number],
        "clocks CASE": [COMMAND, "clocks", world.number],
        "history CASE": [COMMAND, "history", world.number],
        "roll": [COMMAND, "roll"],
        "search WORDS": [COMMAND, "search", "技术改造"],
    }
    runs = {"floor": process([PYTHON, "-c", ONLY_OPENS], DISCLOSURE_DATABASE_URL=world.store.url)}
    surroundings = {"DISCLOSURE_DATABASE_URL": world.store.url, "DISCLOSURE_OFFICER": OFFICER}
    runs |= {name: process(command, **surroundings) for name, command in commands.items()}
    yield from _figures(in_turns(runs, rounds), 1.25)
    for name, command in commands.items():
        yield _absent(f"{name} imports", modules(command, **surroundings), HEAVY)


def _figures(found: dict[str, Taken], limit: float) -> Iterator[Figure]:
    floor = found.pop("floor")
    for name, taken in found.items():
        wall = f"wall {taken.wall:.0f} / {floor.wall:.0f} ms = {taken.wall / floor.wall:.2f}"
        yield Figure(name, taken.processor, limit, floor.processor, note=wall)


def _absent(name: str, loaded: set[str], unwanted: tuple[str, ...]) -> Figure:
    found = sorted({module.partition(".")[0] for module in loaded} & set(unwanted))
    return Figure(name, len(found), 0, unit="", note=", ".join(found) or "none of " + ", ".join(unwanted))
