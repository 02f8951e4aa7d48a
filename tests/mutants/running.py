"""Mutation testing of what computes days, counts and routes; what became of each mutant stands in
.mutants/result.jsonl, and in docs/mutants.md what survived. Started by `make mutants`.

python -m tests.mutants.running [--every N | --sample N --seed SEED] [--again] [--anew] [--write] [ROOM ...]

`--sample` draws so many of each room; another seed draws others. A run that was stopped goes on where it was;
`--anew` begins from the start. `--again` tries once more what survived, with longer tests and those of the
other rooms too. `--write` only writes the document from the results that are there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.mutants.making import mutants

ROOT = Path(__file__).resolve().parent.parent.parent
RESULT = ROOT / ".mutants" / "result.jsonl"
DOCUMENT = ROOT / "docs" / "mutants.md"
ROOMS = {
    "clocks": ("workflow/clocks/*.py",),
    "calendar": ("workflow/calendar/*.py",),
    "counting": ("workflow/law/counting.py", "workflow/reports/annual/counts.py"),
    "routes": ("workflow/law/routes.py", "workflow/law/route_checks.py"),
}
TESTS = {
    "clocks": ("tests/clocks",),
    "calendar": ("tests/calendar",),
    "counting": ("tests/reports/test_counting_rules.py",),
    "routes": ("tests/law/test_route_faults.py", "tests/law/test_law_remedies.py"),
}
"""The tests of each room, cheap ones: those of all rooms are asked for what survived its own."""
BESIDE = (
    "tests/law",
    "tests/reports/test_annual.py",
    "tests/reports/test_annual_check.py",
    "tests/reports/test_explain.py",
    "tests/reports/test_alerts.py",
    "tests/reports/test_performance.py",
    "tests/casework/test_remedies.py",
    "tests/casework/test_contest.py",
    "tests/casework/test_month_count.py",
    "tests/casework/test_as_of.py",
    "tests/casework/test_urging.py",
)
"""And these of what stands nearest. More would find more and take longer."""
LEAST = 0.9
"""What part of the mutants of each room has to be found."""
LONGER = 30
"""So many seconds of tests for what survived the shortest ones."""
SHOWN = 160


def files_of(rooms: list[str]) -> list[str]:
    """The modules of some rooms, or of all."""
    return [
        str(one.relative_to(ROOT))
        for room in rooms or ROOMS
        for pattern in ROOMS[room]
        for one in sorted(ROOT.glob(pattern))
    ]


def results() -> list[dict[str, Any]]:
    """What became of the mutants that were tried, each once."""
    rows = [json.loads(line) for line in RESULT.read_text("utf-8").splitlines()] if RESULT.exists() else []
    return list({row["name"]: row for row in rows}.values())


def equivalent() -> dict[str, str]:
    """Of mutants that no test can tell from the right program: why, by name."""
    table = tomllib.loads(Path(__file__).with_name("equivalent.toml").read_text("utf-8"))
    return {row["name"]: row["why"] for row in table["mutant"]}


def by_room(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The results of each room that was tried."""
    room = {file: name for name in ROOMS for file in files_of([name])}
    found = {name: [row for row in rows if room[row["file"]] == name] for name in ROOMS}
    return {name: tried for name, tried in found.items() if tried}


def _found(rows: list[dict[str, Any]]) -> int:
    return sum(row["fate"] == "found" for row in rows)


def document(rows: list[dict[str, Any]]) -> str:
    """The results as a page: how many of each room were found, and each that was not."""
    lines = [
        "# Mutants",
        "",
        "What `make mutants` found: mutmut's operators at every place of every function of these rooms (a number, a comparison, an",
        "argument, a text), one change at a time, against the tests that come to that line. Words that are said to a person are not",
        "changed. Written by `python -m tests.mutants.running --write`.",
        "",
        "| room | mutants | tried | drawn by | found | score |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, tried in by_room(rows).items():
        there = sum(1 for file in files_of([name]) for _ in mutants(ROOT, file))
        by, found = ", ".join(sorted({row["drawn"] for row in tried})), _found(tried)
        lines.append(f"| {name} | {there} | {len(tried)} | {by} | {found} | {found / len(tried):.0%} |")
    lines += [f"| all | | {len(rows)} | | {_found(rows)} | {_found(rows) / max(len(rows), 1):.0%} |", ""]
    lines += ["## Survivors", ""]
    lines += [
        "No test that was asked told these from the right program; `unreached`: none of them comes there. Why none can, where",
        "that is known, stands behind. The figures stay those of the draw where a survivor has got its test since.",
        "",
    ]
    known = equivalent()
    for row in sorted(rows, key=lambda row: (row["file"], row["line"])):
        if row["fate"] != "found":
            _, function, change = row["name"].split(":", 2)
            said = change.strip() if len(change) <= SHOWN else change.strip()[:SHOWN] + " …"
            mark = "" if row["fate"] == "survived" else f" ({row['fate']})"
            why = f": {known[row['name']]}" if row["name"] in known else ""
            lines.append(f"- `{row['file']}` {row['line']} `{function}`{mark}: `` {said} ``{why}")
    return "\n".join(lines) + "\n"


def asked(room: str, given: argparse.Namespace) -> tuple[list[str], dict[str, str]]:
    """The command that tries the mutants of a room, and what its process is told."""
    tests = [*TESTS[room]]
    if given.again:
        tests = sorted({*(one for some in TESTS.values() for one in some), *BESIDE})
    told = {
        "PYTHONPATH": str(ROOT),
        "MUTANTS_FILES": json.dumps(files_of([room])),
        "MUTANTS_RESULT": str(RESULT),
        "MUTANTS_MEASURED": str(RESULT.with_name(f"{room}.{'again' if given.again else 'reached'}.json")),
        "MUTANTS_EVERY": str(given.every),
        "MUTANTS_SAMPLE": str(given.sample),
        "MUTANTS_SEED": given.seed,
        **({"MUTANTS_AGAIN": "1", "MUTANTS_SECONDS": str(LONGER)} if given.again else {}),
    }
    words = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    return [*words, "-p", "tests.mutants.plugin", "-k", "not postgres", *tests], told


def main() -> int:
    """Try them, and write the document; 1 where too few were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    parser.add_argument("--seed", default="1", metavar="SEED")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    RESULT.parent.mkdir(exist_ok=True)
    if given.anew:
        for kept in RESULT.parent.glob("*.json*"):
            kept.unlink()
    rooms = given.rooms or list(ROOMS)
    for room in () if given.write else rooms:
        words, told = asked(room, given)
        if code := subprocess.run(words, cwd=ROOT, env={**os.environ, **told}, check=False).returncode:
            return code
    rows = results()
    DOCUMENT.write_text(document(rows), "utf-8")
    tried = by_room(rows)
    for name, some in tried.items():
        print(f"{name}: {_found(some)} of {len(some)} found")
    return 0 if all(_found(some) >= LEAST * len(some) for some in tried.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
