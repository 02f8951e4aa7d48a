"""The tests are collected once; then a process is forked for each mutant, in which the changed function takes
the place of the right one before anything has run. A mutant so costs its tests, and neither an import nor a
collection.

Loaded by running.py with `-p`. What a test covers is measured first, in a process forked in the same way: the
tables that a module keeps once it has read them are forgotten before each file of tests.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol
from coverage.parser import PythonParser
from hypothesis import Phase, settings

from tests.mutants.making import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = float(os.environ.get("MUTANTS_SECONDS", "4"))
"""The tests of one mutant take about so long, by the processor: the shortest that reach its line."""
MEMORY = 6 * 1024**3
BROKEN = 70
FOUND, SURVIVED = "found", "survived"
AT_IMPORT, UNREACHED = "at import", "unreached"
Forget = Callable[[], object]
Reached = dict[str, dict[int, list[str]]]
"""{file: {line: tests that come there}}"""

FILES: list[str] = json.loads(os.environ["MUTANTS_FILES"])
RESULT = Path(os.environ["MUTANTS_RESULT"])
AGAIN = bool(os.environ.get("MUTANTS_AGAIN"))
"""Only those that survived before: with more time than they had."""
EVERY = int(os.environ.get("MUTANTS_EVERY", "1"))
SAMPLE, SEED = int(os.environ.get("MUTANTS_SAMPLE", "0")), os.environ.get("MUTANTS_SEED", "1")
MEASURED = Path(os.environ["MUTANTS_MEASURED"])
"""Where it is kept which tests come to which line, for a run that goes on."""

_importing = coverage.Coverage(data_file=None, include=[str(ROOT / one) for one in FILES], config_file=False)
_importing.start()


def pytest_sessionstart() -> None:
    """Examples without shrinking: that there is a counterexample is enough."""
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", deadline=None, derandomize=True, phases=phases, database=None)
    settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Measure, then try each mutant; what becomes of each is written line by line."""
    for file in FILES:
        importlib.import_module(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    _importing.stop()
    at_import = {one: set(_importing.get_data().lines(str(ROOT / one)) or ()) for one in FILES}
    # The tests have set aside what they had loaded: from there nothing is found.
    gc.unfreeze()
    gc.collect()
    functions, kept = _functions(), _kept()
    gc.freeze()
    if not MEASURED.exists():
        _forked(lambda: _measure(session, MEASURED, kept), session, 0)
    told = json.loads(MEASURED.read_text("utf-8"))
    took: dict[str, float] = told["took"]
    reached: Reached = {
        file: {int(line): names for line, names in rows.items()} for file, rows in told["reached"].items()
    }
    items = {item.nodeid: item for item in session.items}
    before = [json.loads(line) for line in RESULT.read_text("utf-8").splitlines()] if RESULT.exists() else []
    fates: dict[str, str] = {row["name"]: row["fate"] for row in before}
    with RESULT.open("a", encoding="utf-8") as out:
        for mutant in _chosen():
            if fates.get(mutant.name) != (SURVIVED if AGAIN else None):
                continue
            names = _tests(mutant, reached[mutant.file], took)
            targets = functions[mutant.file, mutant.outer]
            # What came of the line before is forgotten.
            stale = kept if mutant.line in at_import[mutant.file] else []
            chosen = [items[name] for name in names if name in items]
            fate, by = _fate(mutant, targets, chosen, session, stale)
            if fate == SURVIVED and not names:
                fate = AT_IMPORT if mutant.line in at_import[mutant.file] else UNREACHED
            row = {"name": mutant.name, "file": mutant.file, "line": mutant.line, "fate": fate, "by": by}
            row |= {"tests": len(names), "drawn": f"seed {SEED}" if SAMPLE else f"each {EVERY}"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    return True


def _chosen() -> list[Mutant]:
    """Every mutant, or each so-manieth, or as many as are asked for, drawn by the seed."""
    whole = [mutant for file in FILES for mutant in mutants(ROOT, file)][EVERY - 1 :: EVERY]
    if not 0 < SAMPLE < len(whole):
        return whole
    drawn = random.Random(f"{SEED} of {len(whole)}").sample(range(len(whole)), SAMPLE)
    return [whole[place] for place in sorted(drawn)]


@functools.cache
def _statements(file: str) -> PythonParser:
    """The statements of a module: what stands on a later line of one is reached where the statement is."""
    parser = PythonParser(filename=str(ROOT / file))
    parser.parse_source()
    return parser


def _tests(mutant: Mutant, lines: dict[int, list[str]], took: dict[str, float]) -> list[str]:
    """The tests that come to the line of the mutant, the shortest first, as many as there is time for."""
    line = mutant.line if mutant.line in lines else _statements(mutant.file).first_line(mutant.line)
    chosen, spent = [], 0.0
    for name in sorted(lines.get(line, ()), key=lambda name: took[name]):
        spent += took[name]
        if chosen and spent > LONGEST:
            break
        chosen.append(name)
    return chosen


def _fate(
    mutant: Mutant,
    targets: list[FunctionType],
    items: list[pytest.Item],
    session: pytest.Session,
    stale: list[Forget],
) -> tuple[str, str]:
    """What becomes of a mutant under these tests, and which of them found it."""
    code = mutant.code(ROOT)
    by = RESULT.with_suffix(".by")
    by.write_text("", "utf-8")

    def tried() -> None:
        for function in targets:
            function.__code__ = code
        for forget in stale:
            forget()
        _run(items, lambda item: by.write_text(item.nodeid, "utf-8"))

    ended = _forked(tried, session, int(LONGEST * 5))
    if os.waitstatus_to_exitcode(ended) == BROKEN:
        raise RuntimeError(f"could not be tried: {mutant.name}")
    return (SURVIVED, "") if ended == 0 else (FOUND, by.read_text("utf-8") or "did not end")


def _functions() -> dict[tuple[str, str], list[FunctionType]]:
    """The functions of these files by file and name, wherever they are kept: under their decorators too."""
    files = {str(ROOT / one): one for one in FILES}
    found: dict[tuple[str, str], list[FunctionType]] = {}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename in files:
            place = files[one.__code__.co_filename], one.__code__.co_qualname
            found.setdefault(place, []).append(one)
    return found


def _run(items: list[pytest.Item], failed: Callable[[pytest.Item], object]) -> None:
    """Run the tests in order up to the first that fails; then this process is at its end."""
    for item, after in zip(items, [*items, None][1:], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
            failed(item)
            os._exit(1)


def _forked(do: Callable[[], object], session: pytest.Session, seconds: int) -> int:
    """What a forked process ends with that does this in a temporary folder of its own; 0 where all is well.
    It may use so many seconds of the processor (0: as many as it wants).
    """
    temporary = session.config._tmp_path_factory  # type: ignore[attr-defined]
    folder = temporary.getbasetemp() / "forked"
    folder.mkdir()
    child = os.fork()
    if not child:
        try:
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                signal.alarm(seconds * 20)
            temporary._basetemp = folder
            # Tables that another process has read and laid ready would hide what a mutant makes of them.
            os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
            _one_template()
            do()
        except BaseException as fault:
            sys.__stderr__.write(f"{type(fault).__name__}: {fault}\n")
            os._exit(BROKEN)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    return status


def _one_template() -> None:
    """The template of the databases is made once for all processes."""
    factory = sys.modules["tests.conftest"]
    made = factory.template_setup

    def template_setup(url: str) -> None:
        if not Path(url.removeprefix("sqlite:///")).exists():
            made(url)

    factory.template_setup = template_setup  # type: ignore[attr-defined]


def _kept() -> list[Forget]:
    """How what was computed before and kept is forgotten: by functions, and by the law that tests hold."""
    # Not above: what is run when it is imported is watched.
    law = importlib.import_module("workflow.law.law").Law
    found: list[Forget] = []
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith("workflow"):
            found.append(one.cache_clear)
        elif isinstance(one, law):
            for name, value in vars(one).items():
                if isinstance(getattr(law, name, None), functools.cached_property):
                    found.append(functools.partial(vars(one).pop, name, None))
                elif name.startswith("_") and isinstance(value, dict):
                    found.append(value.clear)
    return found


def _measure(session: pytest.Session, place: Path, kept: list[Forget]) -> None:
    """Write which tests come to which lines, and how long each takes."""
    watch = coverage.Coverage(data_file=None, include=[str(ROOT / one) for one in FILES], config_file=False)
    took: dict[str, float] = {}
    whole = list(session.items)
    watch.start()
    before = ""
    for item, after in zip(whole, [*whole[1:], None], strict=True):
        file = item.nodeid.partition("::")[0]
        if file != before:
            for forget in kept:
                forget()
            before = file
        watch.switch_context(item.nodeid)
        begun = time.process_time()
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
            raise RuntimeError(f"{item.nodeid} fails without any mutant")
        took[item.nodeid] = time.process_time() - begun
    watch.stop()
    data = watch.get_data()
    reached = {
        one: {
            line: [name for name in names if name]
            for line, names in data.contexts_by_lineno(str(ROOT / one)).items()
        }
        for one in FILES
    }
    place.write_text(json.dumps({"took": took, "reached": reached}), "utf-8")
