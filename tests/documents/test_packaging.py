"""What is installed: the wheel holds all that running takes and nothing else, and works in an empty
environment.
"""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from importlib import metadata
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import catalogues, pins
from workflow.base import messages as base_messages

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ("workflow", "letters", "migrations")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _files(*tops: str) -> Iterator[Path]:
    for top in tops:
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
                yield path.relative_to(ROOT)


def _run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    # The options are those of subprocess.run.
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


# --- the wheel -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree as a clean clone has it: nothing compiled, nothing built
    before.
    """
    tree = tmp_path_factory.mktemp("tree") / "disclosure"
    for path in [Path(name) for name in ("cli.py", "pyproject.toml", "setup.py", "README.md")] + list(
        _files(*SHIPPED, "scripts", "tests")
    ):
        if path.suffix != ".mo" and (ROOT / path).exists():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, tree / path)
    return _built(tree, tree.parent / "out")


def _built(tree: Path, out: Path) -> Path:
    # As an installer has it built, without an installer's own start and its questions first.
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    _run(sys.executable, "-P", "-c", code, out, cwd=tree, env=env)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_wheel_has_our_packages_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert tops == {*SHIPPED, "cli.py", f"disclosure-{PROJECT['version']}.dist-info"}


@pytest.mark.slow
def test_wheel_has_every_file_of_the_packages(names: set[str]) -> None:
    wanted = {path.as_posix() for path in _files(*SHIPPED)}
    wanted |= {path.removesuffix(".po") + ".mo" for path in wanted if path.endswith(".po")}
    assert sorted(wanted - names) == []


@pytest.mark.slow
def test_a_second_build_is_the_same(wheel: Path, tmp_path: Path) -> None:
    again = _built(wheel.parent.parent / "disclosure", tmp_path)
    assert again.read_bytes() == wheel.read_bytes()


# --- the wheel at work ---------------------------------------------------------------------------------


def _install(wheel: Path, folder: Path) -> Path:
    """Install the wheel in a new environment, and let it have what it asks for as it is installed here; its
    folder of programs.
    """
    # The pip that runs here installs.
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    _run(*pip, "install", "--quiet", "--no-compile", "--no-index", "--no-deps", wheel, cwd=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        (told,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        asked = message_from_bytes(archive.read(told)).get_all("Requires-Dist", [])
    for name in _asked_for(asked):
        _lend(metadata.distribution(name), packages)
    return python.parent


def _asked_for(lines: Iterable[str]) -> set[str]:
    """All distributions that these requirements come to; each is here, in a version that is asked for."""
    found: dict[str, set[str]] = {}
    waiting = [Requirement(line) for line in lines]
    while waiting:
        one = waiting.pop()
        if one.marker and not one.marker.evaluate():
            continue
        name, extras = canonicalize_name(one.name), {"", *one.extras}
        here = metadata.version(name)
        assert one.specifier.contains(here, prereleases=True), f"{one} is asked for, {here} is here"
        if extras <= found.get(name, set()):
            continue
        extras |= found.get(name, set())
        found[name] = extras
        for asked in map(Requirement, metadata.requires(name) or []):
            if not asked.marker or any(asked.marker.evaluate({"extra": extra}) for extra in extras):
                asked.marker = None
                waiting.append(asked)
    return set(found)


def _lend(distribution: metadata.Distribution, packages: Path) -> None:
    """Let another environment have what is installed in this one, compiled as it is."""
    tops = {path.parts[0] for path in distribution.files or [] if not path.is_absolute()}
    for name in tops - {"..", "__pycache__"}:
        target = packages / name
        assert not target.exists(), f"{name} belongs to two distributions"
        target.symlink_to(Path(str(distribution.locate_file(name))))


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    # One test and not several: workers of a parallel run would each install it again.
    programs = _install(wheel, tmp_path / "venv")
    disclosure = programs / "disclosure"
    # What is known of the faces lies where it lies for all tests.
    kept = ("PATH", "XDG_DATA_HOME", "XDG_CACHE_HOME")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"HOME": str(tmp_path), "DISCLOSURE_HOME": str(tmp_path / "data"), "LANG": "zh_CN.UTF-8"}

    code = "from importlib.util import find_spec as f; print([n for n in ('tests', 'scripts', 'pytest') if f(n)])"
    assert _run(programs / "python", "-c", code, cwd=tmp_path, env=env).stdout.strip() == "[]"

    zh = _run(disclosure, "--help", cwd=tmp_path, env=env).stdout
    en = _run(disclosure, "--help", cwd=tmp_path, env={**env, "DISCLOSURE_LANG": "en"}).stdout
    assert any("\u4e00" <= one <= "\u9fff" for one in zh)
    assert en != zh
    assert PROJECT["version"] in _run(disclosure, "--version", cwd=tmp_path, env=env).stdout

    # The cases of the demo, from receipt to filing: tables, calendars, migrations, templates and messages are
    # all used.
    demo = tmp_path / "demo"
    shutil.copytree(ROOT / "docs" / "demo", demo, ignore=shutil.ignore_patterns("out"))
    shutil.copy(ROOT / "docs" / "office.sample.toml", tmp_path)
    _run(programs / "python", demo / "run.py", cwd=tmp_path, env=env)
    letters = list((demo / "out").rglob("*.pdf"))
    assert letters
    assert all(path.read_bytes().startswith(b"%PDF-") for path in letters)
    checked = _run(
        disclosure, "verify", "--files", cwd=tmp_path, env={**env, "DISCLOSURE_HOME": str(demo / "out")}
    )
    assert checked.stdout
    assert not (tmp_path / "data").exists()


# --- dependencies --------------------------------------------------------------------------------------


def test_what_is_imported_is_declared() -> None:
    extras = PROJECT["optional-dependencies"]
    offered = ("postgres", "sign", "docx", "sftp", "timestamp")
    lines = [*PROJECT["dependencies"], *(line for name in offered for line in extras[name])]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    # What these are made of comes with them, and is part of what they promise.
    assert {"sqlmodel", "jinja2", "weasyprint"} <= declared
    declared |= {"sqlalchemy", "pydantic", "markupsafe", "fonttools"}
    graph = grimp.build_graph(*SHIPPED, include_external_packages=True, cache_dir=None)
    imported = {name for name in graph.modules if graph.is_module_squashed(name)}
    # A package may be imported by another name than its own.
    brings = packages_distributions()
    unknown = {
        name: sorted(graph.find_modules_that_directly_import(name))
        for name in imported - {"cli", *sys.stdlib_module_names}
        if not declared & {canonicalize_name(one) for one in brings.get(name, [name])}
    }
    assert unknown == {}


def test_everything_is_pinned() -> None:
    assert pins.faults(PROJECT) == []


@pytest.mark.parametrize("name", ["LIBRARIES", "FACES"])
def test_setup_finds_the_packages_of_the_letters(name: str) -> None:
    # scripts/setup.sh reads these two lists, so that one line installs all that is missing.
    assert name in (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")
    lines = (ROOT / "scripts" / "fonts.sh").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith(f'{name}="') and line.endswith('"')]) == 1


def test_whoever_calls_make_says_which_python_makes_the_environment(tmp_path: Path) -> None:
    # Set-up reads PYTHON: whatever make itself calls so would be handed on in its place.
    mine = tmp_path / "python-of-mine"
    mine.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked; exit 1\n", encoding="utf-8")
    mine.chmod(0o755)
    tree = tmp_path / "tree"
    (tree / "scripts").mkdir(parents=True)
    for name in ("Makefile", "scripts/setup.sh"):
        shutil.copy(ROOT / name, tree / name)
    done = subprocess.run(
        ["make", "setup"], cwd=tree, env={**os.environ, "PYTHON": str(mine)}, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert (tmp_path / "asked").exists()


def test_what_runs_here_is_what_is_pinned() -> None:
    for name, version in pins.read(ROOT / "requirements-dev.txt").items():
        assert metadata.version(name) == version, f"{name}: run make setup"


# --- catalogues ----------------------------------------------------------------------------------------

PO = r"""
# of a translator
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

#: where.py:1
#, python-brace-format
msgid "There is {n} \"case\"."
msgstr "有 {n} 件\n"
"\t案件。"

#, fuzzy
msgid "Guessed"
msgstr "猜的"

msgid ""
"In two "
"parts"
msgstr "两段"

msgid "Untranslated"
msgstr ""

#~ msgid "Old"
#~ msgstr "旧"
"""


def test_a_compiled_catalogue_is_what_gettext_reads(tmp_path: Path) -> None:
    path = tmp_path / "zh_CN" / "LC_MESSAGES" / "disclosure.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    (made,) = catalogues.compile_all(tmp_path)
    assert catalogues.compile_all(tmp_path) == []
    read = gettext.translation("disclosure", tmp_path, ["zh_CN"])
    assert read.gettext('There is {n} "case".') == "有 {n} 件\n\t案件。"
    assert read.gettext("In two parts") == "两段"
    for untranslated in ("Guessed", "Untranslated", "Old"):
        assert read.gettext(untranslated) == untranslated
    assert made.suffix == ".mo"


def test_every_message_of_the_catalogue_is_shown_in_chinese() -> None:
    catalogues.compile_all(ROOT / "workflow/base/locale")
    base_messages._catalogue.cache_clear()
    messages = catalogues.read(ROOT / "workflow/base/locale/zh_CN/LC_MESSAGES/disclosure.po")
    assert len(list(messages)) > 500
    with base_messages.speaking("zh_CN"):
        for message in filter(None, messages):
            assert base_messages.translate(message) == messages[message]
    with base_messages.speaking("en"):
        assert all(base_messages.translate(message) == message for message in messages if message)


@pytest.mark.parametrize(
    "text", ['msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"', "msgid a", '"loose"', 'msgid_plural "s"']
)
def test_a_catalogue_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(catalogues.Fault, match=r"x\.po: line \d"):
        catalogues.parse(text, "x.po")


def test_placeholders_are_compared() -> None:
    assert catalogues.placeholders("{a.b} of {c[0]:>3} {{x}}") == {"a", "c"}
    assert catalogues.placeholders("a { b") == set()
