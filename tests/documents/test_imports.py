"""The check of imports: what it finds in a small tree, and that it finds nothing in this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import imports, long_lines

TREE = {
    "cli.py": "def main():\n    from workflow.commands import show\n",
    "workflow/__init__.py": "",
    "workflow/commands/__init__.py": "",
    "workflow/commands/show.py": "from workflow.base import text\n",
    "workflow/base/__init__.py": "",
    "workflow/base/text.py": "import os\n",
    "workflow/base/words.py": "from workflow.base.text import width\n",
}


def found_in(root: Path, tree: dict[str, str]) -> list[str]:
    """What the check says of a tree; of the late imports that it allows here, nothing."""
    for name, text in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    known = imports.modules(root)
    found = [one for name, path in known.items() for one in imports.imports(name, path, known)]
    return [fault for fault in imports.faults(found) if "is not there" not in fault]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\n", []),
        ("from workflow.base import words\n", ["workflow.base.text, workflow.base.words"]),
        ("from . import words\n", ["workflow.base.text, workflow.base.words"]),
        (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from workflow.base.words import Word\n",
            ["workflow.base.text, workflow.base.words"],
        ),
        (
            "def width():\n    from workflow.base import words\n",
            ["workflow.base.text, workflow.base.words", "line 2: workflow.base.words"],
        ),
        ("def width():\n    import json\n", []),
    ],
)
def test_a_circle_and_a_late_import_are_found(tmp_path: Path, text: str, said: list[str]) -> None:
    found = found_in(tmp_path, {**TREE, "workflow/base/text.py": text})
    assert len(found) == len(said)
    assert all(part in fault for part, fault in zip(said, found, strict=True))


def test_a_longer_circle_is_one_knot() -> None:
    edges = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert imports.cycles(edges) == [["a", "b", "c"], ["d", "e"]]


def test_here_there_is_none() -> None:
    assert imports.main([]) == 0


def test_an_allowance_that_nobody_needs_is_a_fault() -> None:
    assert any("is not there" in fault for fault in imports.faults([]))


def test_a_line_of_code_that_is_too_long() -> None:
    message = '    raise Malformed(N_("' + "What is wrong. " * 9 + '"), field="file")\n'
    code = "value = [" + "1234567890, " * 10 + "]\n"
    two = 'call("' + "a" * 60 + '", "' + "b" * 60 + '")\n'
    page = '"""A text.\n\n' + "words " * 30 + '\n"""\n'
    assert long_lines.faults(message) == []
    assert long_lines.faults(code + page + two) == [1, 6]
