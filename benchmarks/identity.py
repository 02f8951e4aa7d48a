"""`make identity`: more than 150 commands with the resident service and without it, compared byte for byte.

Both times the same folder begins as the same copy: what is printed, the exit status and the files that were
written have to be the same. Moments and hashes, which no two runs have in common, are left out of the
comparison.

python -m benchmarks.identity [PART OF A LINE ...]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pexpect

import cli
from workflow.service import client

ROOT = Path(__file__).resolve().parent.parent
OFFICE = ROOT / "docs" / "demo" / "jiangnan.toml"
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from workflow.service.client import main; sys.exit(main())"
COMMAND = [sys.executable, "-S", "-c", START]
LANGUAGES = ("zh_CN", "en")
# What differs between any two runs: moments, hashes, process numbers, how long it took, the free disk.
_OWN = re.compile(
    rb"[0-9a-f]{64}|\d+ MB|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?|\b\d\d:\d\d(:\d\d)?\b"
)
READS = (
    "list",
    "list --json",
    "list --text 预算",
    "list --state registered",
    "show {case}",
    "show {case} --json",
    "show 1999-0001",
    "show 1999-0001 --json",
    "next",
    "next {case}",
    "next --json",
    "history {case}",
    "history {case} --json",
    "clocks {case}",
    "clocks {case} --json",
    "explain {case}",
    "today",
    "today --json",
    "alerts",
    "roll",
    "roll --json",
    "search 预算",
    "letters {case}",
    "officer list",
    "officer list --json",
    "office show",
    "office list",
    "letter list",
    "letter show D4d",
    "law show reply.limit",
    "law show nonsense",
    "deadline reply --from 2026-03-02",
    "deadline reply --from 2026-03-02 --json",
    "deadline reply --from nonsense",
    "fee by-page 57",
    "why 第三十三条第二款",
    "process",
    "verify",
    "doctor --json",
    "report annual 2025",
    "retention review",
    "nonsense",
    "list --no-such-option",
    "register",
    "register {case}",
    "pass-review {case} --json",
    "draft {case} --outcome nonsense",
    "amend {case} --field nonsense --new x --reason x",
    "列表",
    "查看 {case}",
    "--version",
    "",
)
ACTS = (
    "receive --name 李四 --channel in_person --request 规划文本 --json",
    "register 2026-0002 --later",
    "note 2026-0002 --text 电话告知进度",
    "assign 2026-0002 --unit {unit} --later",
    "undo 2026-0002 --reason 误操作 --yes",
    "receive --name x",
    "letter specimens --out made --code P2",
    "letter specimen P3 -o P3.pdf",
    "roll --out roll.csv",
    "intake template --out list.xlsx",
)
TERMINAL = ("list", "show {case}", "next", "today", "law show reply.limit", "register {case}", "show")


@dataclass(frozen=True)
class Line:
    """A command as it is typed: its words, in which language, and whether at a terminal."""

    words: tuple[str, ...]
    language: str
    terminal: bool = False

    def __str__(self) -> str:
        return (
            f"{' '.join(self.words) or '(nothing)'} [{self.language}{', terminal' if self.terminal else ''}]"
        )


def commands(group: click.Group | None = None, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group, by its words."""
    group = group or cli.main
    context = click.Context(group, info_name="disclosure")
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*above, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*above, name))


def lines(case: str, unit: str) -> list[Line]:
    """All that is compared, in its order: acts last, for they change what is read."""
    found = []
    for number, words in enumerate(commands()):
        if words[0] not in client.ALONE:
            found.append(Line((*words, "--help"), LANGUAGES[number % 2]))
    given = {"{case}": case, "{unit}": unit}
    found += [Line(_words(text, given), language) for text in READS for language in LANGUAGES]
    found += [Line(_words(text, given), "zh_CN", terminal=True) for text in TERMINAL]
    return [*found, *(Line(_words(text, given), "zh_CN") for text in ACTS)]


def _words(text: str, given: dict[str, str]) -> tuple[str, ...]:
    return tuple(given.get(word, word) for word in text.split())


Said = tuple[int, bytes, bytes]


class Side:
    """One of the two: with the service, or without."""

    def __init__(self, home: Path, work: Path, *, served: bool) -> None:
        self.work = work
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
        self._variables = {
            **kept,
            "DISCLOSURE_HOME": str(home),
            "DISCLOSURE_OFFICER": "zhao",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
            "PAGER": "cat",
            **({} if served else {"DISCLOSURE_SERVICE": "off"}),
        }

    def run(self, line: Line) -> Said:
        """What a line says, and how it ends."""
        variables = {**self._variables, "DISCLOSURE_LANG": line.language}
        if line.terminal:
            child = pexpect.spawn(
                COMMAND[0],
                [*COMMAND[1:], *line.words],
                env=variables,
                cwd=str(self.work),
                timeout=60,
                dimensions=(40, 100),
            )  # type: ignore[arg-type]
            if line.words[-1:] == ("show",):
                # It asks for the case.
                child.expect(b"[:\xef]")
                # The client of the service has to be waiting by then.
                child.delaybeforesend = 0.5
                child.sendintr()
            child.expect(pexpect.EOF)
            child.close()
            return child.exitstatus or -(child.signalstatus or 0), _OWN.sub(b"*", child.before or b""), b""
        done = subprocess.run(
            [*COMMAND, *line.words],
            env=variables,
            cwd=self.work,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return done.returncode, _OWN.sub(b"*", done.stdout), _OWN.sub(b"*", done.stderr)

    def written(self) -> list[tuple[str, int, bytes]]:
        """Files of the working folder: names, modes, and what is in them."""
        return [
            (str(path.relative_to(self.work)), path.stat().st_mode, _OWN.sub(b"*", path.read_bytes()))
            for path in sorted(self.work.rglob("*"))
            if path.is_file() and path.suffix != ".xlsx"
        ]


def played(
    template: Path, home: Path, work: Path, chosen: list[Line], *, served: bool
) -> tuple[list[Said], list[tuple[str, int, bytes]]]:
    """All lines on one side, in a fresh copy."""
    for folder in (home, work):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, home)
    work.mkdir()
    side = Side(home, work, served=served)
    if served:
        _quietly(home, "service", "start")
    try:
        return [side.run(line) for line in chosen], side.written()
    finally:
        if served:
            _quietly(home, "service", "stop")


def _quietly(home: Path, *words: str) -> str:
    variables = {**os.environ, "DISCLOSURE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*COMMAND, *words], env=variables, capture_output=True, text=True, check=True)
    return done.stdout


def compared(folder: Path, wanted: list[str]) -> int:
    """Compare; how many lines differ. `wanted` are parts of lines, all if none."""
    template, home, work = (folder / name for name in ("template", "home", "work"))
    template.mkdir(mode=0o700)
    os.environ["DISCLOSURE_SERVICE"] = "off"
    _quietly(template, "init", "--office", str(OFFICE))
    applied = ("--name", "张三", "--channel", "in_person", "--request", "2025年度预算")
    _quietly(template, "receive", "--as", "zhao", *applied)
    del os.environ["DISCLOSURE_SERVICE"]
    chosen = [
        line for line in lines("2026-0001", "bgs") if not wanted or any(one in str(line) for one in wanted)
    ]
    with_it, files = played(template, home, work, chosen, served=True)
    without, others = played(template, home, work, chosen, served=False)
    differing = [
        (line, served, plain)
        for line, served, plain in zip(chosen, with_it, without, strict=True)
        if served != plain
    ]
    for line, served, plain in differing:
        print(f"{line}\n  with    {served}\n  without {plain}")
    if files != others:
        print("files differ:", sorted({one[0] for one in set(files) ^ set(others)}))
    print(f"{len(chosen)} commands, {len(differing)} differ; {len(files)} files written")
    return len(differing) + (files != others)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="disclosure-identity-") as folder:
        return min(1, compared(Path(folder), sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
