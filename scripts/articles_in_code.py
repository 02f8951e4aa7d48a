"""No provision stands in the code: it stands in a table, with its days and its words (docs/decisions/0007).

python scripts/articles_in_code.py
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from workflow import law

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cli.py", "workflow", "letters")
# One provision, or several of which each era has its own.
_CITED = re.compile(r"([a-z][a-z0-9-]*):\d[\d.]*(?:\|.*)?")


def main() -> int:
    """Print what stands in the code; exit status 1 if anything does."""
    known = law.bundled().tables["instruments"]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in _files()
        for line, text in _texts(ast.parse(path.read_text("utf-8")))
        if (cited := _CITED.fullmatch(text)) and cited[1] in known
    ]
    for one in found:
        print(one)
    print(f"articles in code: {len(found)}" if found else "articles in code: none; they stand in tables")
    return 1 if found else 0


def _files() -> Iterator[Path]:
    for name in CODE:
        place = ROOT / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


if __name__ == "__main__":
    sys.exit(main())
