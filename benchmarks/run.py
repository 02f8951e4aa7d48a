"""`make bench`: figures as ratios to floors measured in the same run. Exit status 1 if a limit is missed.

benchmarks/run.py [start] [read] [act] [check] [clock] [recompute] [roll] [alerts] [next] [report] [board]
[letter] [size] [press] [postgres] [evidence] [intake] [service] [--json] [--rounds FACTOR]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

# Started as a script, Python would look for modules beside it first.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import (  # noqa: E402
    acts,
    alerts,
    board,
    checking,
    clocks,
    counter,
    evidence,
    letter,
    lists,
    load,
    pressing,
    recompute,
    report,
    roll,
    service,
    turn,
)
from benchmarks.measure import Figure  # noqa: E402
from benchmarks.world import World  # noqa: E402

Measure = Callable[[World, int], Iterator[Figure]]
# Name, what is measured, rounds.
GROUPS: dict[str, tuple[Measure, int]] = {
    "start": (counter.starting, 40),
    "read": (counter.reading, 15),
    "act": (acts.acts, 60),
    "check": (checking.checking, 40),
    "clock": (clocks.clocks, 100),
    "recompute": (recompute.recompute, 3),
    "alerts": (alerts.alerts, 5),
    "next": (turn.turn, 20),
    "roll": (roll.roll, 40),
    "report": (report.report, 5),
    "board": (board.board, 5),
    "letter": (letter.letters, 25),
    "size": (letter.sizes, 1),
    "press": (pressing.pressing, 6),
    "postgres": (load.load, 30),
    "evidence": (evidence.evidence, 40),
    "intake": (lists.lists, 2),
    "service": (service.service, 30),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Ratios to floors measured in the same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of: {', '.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rounds", type=float, default=1.0, help="so many times the usual number of rounds")
    given = parser.parse_args()
    unknown = set(given.names) - set(GROUPS)
    if unknown:
        parser.error(f"no such figures: {', '.join(sorted(unknown))}; there are: {', '.join(GROUPS)}")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="disclosure-bench-") as folder:
        for name in dict.fromkeys(given.names or GROUPS):
            for figure in _apart(name, given.rounds, Path(folder)):
                figures.append(figure)
                if not given.json:
                    _show(figure, first=len(figures) == 1)
    if given.json:
        print(json.dumps([_plain(figure) for figure in figures], ensure_ascii=False, indent=1))
    return 0 if all(figure.ok for figure in figures) else 1


def _apart(name: str, factor: float, folder: Path) -> Iterator[Figure]:
    """The figures of a group, measured in a process of its own: what it leaves in memory is not counted with
    the next.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_group, args=(name, factor, folder, theirs))
    process.start()
    theirs.close()
    with suppress(EOFError):
        while True:
            yield ours.recv()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _group(name: str, factor: float, folder: Path, told: Connection) -> None:
    measure, rounds = GROUPS[name]
    own = folder / name
    own.mkdir()
    for figure in measure(World(own, shared=folder), max(1, round(rounds * factor))):
        told.send(figure)


WIDTHS = (30, 12, 12, 7, 7, 4)


def _show(figure: Figure, *, first: bool) -> None:
    if first:
        print(_line("name", "ours", "floor", "ratio", "limit", "ok", ""))
        print(_line(*("-" * width for width in WIDTHS), ""))
    unit = f" {figure.unit}".rstrip()
    ratio = figure.ratio
    print(
        _line(
            figure.name,
            f"{figure.ours:.3g}{unit}",
            "-" if figure.floor is None else f"{figure.floor:.3g}{unit}",
            "-" if ratio is None else f"{ratio:.2f}",
            f"{figure.limit:g}{unit if ratio is None else ''}",
            "yes" if figure.ok else "NO",
            figure.note,
        ),
        flush=True,
    )


def _line(*cells: str) -> str:
    name, *numbers = cells[: len(WIDTHS)]
    padded = [
        name + " " * (WIDTHS[0] - _width(name)),
        *(cell.rjust(width) for cell, width in zip(numbers, WIDTHS[1:], strict=True)),
    ]
    return " | ".join([*padded, cells[-1]]).rstrip(" |")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _plain(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "ours": round(figure.ours, 4),
        "unit": figure.unit,
        "floor": None if figure.floor is None else round(figure.floor, 4),
        "ratio": None if figure.ratio is None else round(figure.ratio, 3),
        "limit": figure.limit,
        "ok": figure.ok,
        "note": figure.note,
    }


if __name__ == "__main__":
    sys.exit(main())
