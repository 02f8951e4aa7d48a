"""Refuses lines of code over 110 characters; only a message may stand out, which is one sentence on one line.

python scripts/long_lines.py    print what is too long; exit status 1 if anything is

ruff's own rule knows no exception for a message that has to stay whole so that it can be searched for.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 110
_PRAGMA = re.compile(r"\s+# (?:noqa|type:).*$")
# Written by scripts/payloads.py.
GENERATED = ("workflow/procedure/payloads.py",)


def faults(text: str) -> list[int]:
    """The numbers of lines that are too long without the one text that they hold."""
    # What is written for the linter or the type checker does not count, as for ruff.
    long = {number for number, line in enumerate(text.splitlines(), 1) if len(_PRAGMA.sub("", line)) > MOST}
    if not long:
        return []
    texts: dict[int, int] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        number = token.start[0]
        if number in long and token.end[0] == number and token.type == tokenize.STRING:
            texts[number] = max(texts.get(number, 0), len(token.string))
        elif token.type == tokenize.STRING:
            # A text of several lines is one token; the lines of a docstring are ruff's matter (W505).
            long -= set(range(number, token.end[0] + 1))
    lines = text.splitlines()
    return sorted(number for number in long if not _is_message(lines[number - 1], texts.get(number, 0)))


def _is_message(line: str, longest: int) -> bool:
    """Whether one text is all that the line holds but for its call, its name and its place in a table."""
    return longest > MOST // 2 and len(line.strip()) - longest <= 40


def main() -> int:
    """Print every line that is too long; the exit status."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    found = [
        f"{name}:{number}: over {MOST} characters, and no message"
        for name in listed
        if name not in GENERATED and (ROOT / name).exists()
        for number in faults((ROOT / name).read_text("utf-8"))
    ]
    print("\n".join(found) or f"long lines: no line of code is over {MOST} characters")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
