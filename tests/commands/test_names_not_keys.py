"""Officers and units are called by their names wherever somebody reads of them; keys are for typing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base import errors

ROOT = Path(__file__).parents[2]
ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}
KEYS = re.compile(r"=[\w.]*(officer|actor|case|latest|before)\.(key|actor|handler|by|begun_by)\b")


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


@pytest.mark.parametrize(
    ("state", "words", "shown"),
    [
        ("assigned", ["accept", "--as", "other"], ["other某", "办公室"]),
        ("drafting", ["submit", "--as", "other"], ["handler某", "other某"]),
        ("received", ["register", "--as", "handler"], ["handler某"]),
        ("received", ["undo", "--as", "auditor"], ["auditor某"]),
        ("received", ["undo", "--dry-run"], []),
    ],
)
def test_a_refusal_names_people(place: Place, state: str, words: list[str], shown: list[str]) -> None:
    number = place.bring(state)
    said = disclosure(words[0], number, *words[1:], *([] if words[0] == "undo" else ["--on", "2026-03-09"]))
    assert said.code != 0 or "--dry-run" in words
    text = said.err + said.out
    for name in shown:
        assert name in text, text


def test_what_would_be_taken_back_names_who_did_it(place: Place) -> None:
    number = place.bring("registered")
    said = disclosure("undo", number, "--dry-run")
    assert "registrar某" in said.out
    assert "(registrar)" not in said.out


def _keys_in_errors(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if KEYS.search(text) else ():
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS):
            continue
        for given in node.keywords:
            if KEYS.fullmatch(f"={ast.unparse(given.value)}"):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {given.arg}={ast.unparse(given.value)}"


def test_no_error_is_made_with_the_key_of_an_officer() -> None:
    """What an officer is told of another, or of himself, bears a name: Context.officer_called."""
    found = [one for path in sorted((ROOT / "workflow").rglob("*.py")) for one in _keys_in_errors(path)]
    # What he is to type next is a key.
    assert [one for one in found if " key=" not in one] == []
