"""The recipes of CONTRIBUTING.md, each carried out on a copy of the tree: what they say is what comes out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import other_trees

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PARTS = ("workflow", "letters", "migrations", "cli.py", "docs/demo")
_STEP = re.compile(
    r"(?P<how>At the end of|In|in|New:) `(?P<file>[^`]+)`(?:, after `(?P<after>[^`]+)`)?:\n+```\w+\n(?P<text>.*?)```"
    r"|Then:\n+```console\n(?P<said>.*?)```",
    re.DOTALL,
)


@dataclass
class Recipe:
    """What is written where, and what is typed then."""

    name: str
    edits: list[tuple[str, str, str | None, str]] = field(default_factory=list)
    lines: list[tuple[str, list[str]]] = field(default_factory=list)


def recipes() -> list[Recipe]:
    found = []
    for part in TEXT.split("\n### ")[1:]:
        made = Recipe(part.splitlines()[0])
        for step in _STEP.finditer(part):
            if step["said"] is None:
                made.edits.append((step["how"], step["file"], step["after"], step["text"]))
                continue
            for line in step["said"].splitlines():
                if line.startswith("$ "):
                    made.lines.append((line[2:], []))
                elif line:
                    made.lines[-1][1].append(line)
        found.append(made)
    return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, with what was compiled of it."""
    tree = tmp_path_factory.mktemp("copy") / "tree"
    tree.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("out"))
        else:
            shutil.copy(source, tree / part)
    _compiled_as(ROOT, tree)
    return tree


@pytest.fixture
def tree(copied: Path) -> Iterator[Path]:
    """This copy, to be written in: at the end all is there again as it was."""
    before = {path: path.read_bytes() for path in _sources(copied)}
    yield copied
    for path in _sources(copied):
        if path not in before:
            path.unlink()
        elif path.read_bytes() != before[path]:
            path.write_bytes(before[path])


def _sources(tree: Path) -> list[Path]:
    return [path for path in tree.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


@pytest.fixture(scope="module")
def received(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an office and one application that was received and not registered."""
    home = tmp_path_factory.mktemp("home")
    founding = ["init", "--office", str(ROOT / "docs" / "demo" / "jiangnan.toml")]
    receiving = "receive --as zhao --name 张三 --channel in_person --request 2025年度预算 --on 2026-03-02"
    typed(copied, home, [founding, receiving.split()])
    return home


def typed(tree: Path, home: Path, lines: list[list[str]]) -> list[str]:
    """Type these lines in the tree, on the data of this folder; what each printed."""
    said = other_trees.typed(tree, lines, DISCLOSURE_HOME=str(home), DISCLOSURE_SERVICE="off")
    for words, one in zip(lines, said, strict=True):
        # 7: alerts that are overdue are no fault of the command.
        assert one.code in (0, 7), (words, one.out, one.err)
    return [one.out for one in said]


def _compiled_as(source: Path, tree: Path) -> None:
    """Copy what was compiled too, where that lies elsewhere (tests/conftest.py)."""
    if folder := os.environ.get("PYTHONPYCACHEPREFIX"):
        for part in PARTS:
            compiled = Path(folder, *(source / part).parts[1:])
            if compiled.is_dir():
                shutil.copytree(compiled, Path(folder, *(tree / part).parts[1:]), dirs_exist_ok=True)


def edited(tree: Path, how: str, name: str, after: str | None, text: str) -> None:
    path = tree / name
    if how == "New:":
        assert not path.exists(), name
        path.write_text(text, encoding="utf-8")
        return
    old = path.read_text(encoding="utf-8")
    if after is None:
        path.write_text(old + ("\n" if path.suffix == ".toml" else "") + text, encoding="utf-8")
        return
    place = old.index(after)
    end = old.index("\n", place) + 1
    path.write_text(old[:end] + text + old[end:], encoding="utf-8")


def test_there_are_the_eight_recipes() -> None:
    found = recipes()
    assert len(found) == 8
    assert all(one.edits and one.lines for one in found)
    assert TEXT.count("```") == 2 * sum(len(one.edits) + 1 for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("recipe", recipes(), ids=lambda one: one.name)
def test_a_recipe_does_what_it_says(recipe: Recipe, tree: Path, tmp_path: Path, received: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(received, home)
    for edit in recipe.edits:
        edited(tree, *edit)
    lines = [shlex.split(line) for line, _wanted in recipe.lines]
    assert {command for command, *_words in lines} == {"disclosure"}
    printed = typed(tree, home, [words for _command, *words in lines])
    for (line, wanted), said in zip(recipe.lines, printed, strict=True):
        for text in wanted:
            assert text in said, (line, said)
