"""Message catalogues: compiles every .po of workflow/base/locale to the .mo beside it, and checks them
against the code.

Own code and not Babel's, because a wheel is built and `make setup` runs where no development tool is
installed.

    python scripts/catalogues.py            compile what is newer than its .mo
    python scripts/catalogues.py --check    every marked message has a translation with the same placeholders
"""

from __future__ import annotations

import ast
import os
import re
import string
import struct
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "workflow" / "base" / "locale"
SOURCES = ("cli.py", "workflow", "letters", "migrations")
MARKS = {"N_", "translate", "_"}
# Tables whose texts are messages, and the keys under which these stand; other texts are there in both
# languages.
TABLES = ("workflow/law/*.toml", "workflow/calendar/*.toml")
TEXTS = ("before", "after", "starts", "note")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Fault(Exception):
    """A catalogue that cannot be read, with the file and the line."""


def parse(text: str, name: str) -> dict[str, str]:
    """PO text to {msgid: msgstr}; fuzzy and obsolete entries are left out, a double msgid is a Fault."""
    messages: dict[str, str] = {}
    msgid = msgstr = None
    fuzzy = next_fuzzy = False
    field = ""

    def finish() -> None:
        if msgid is None or msgstr is None:
            return
        if msgid in messages:
            raise Fault(f"{name}: line {number}: '{msgid}' stands twice")
        if not fuzzy or not msgid:
            messages[msgid] = msgstr

    number = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            next_fuzzy = next_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        keyword = re.match(r"(msgid|msgstr)?\s*(?=\")", line)
        if not keyword:
            raise Fault(f"{name}: line {number}: cannot be read: {line[:60]}")
        if keyword[1] == "msgid":
            finish()
            msgid, msgstr, field = "", None, "msgid"
            fuzzy, next_fuzzy = next_fuzzy, False
        elif keyword[1] == "msgstr":
            msgstr, field = "", "msgstr"
        found = _QUOTED.fullmatch(line[keyword.end() :].strip())
        if not found or not field:
            raise Fault(f"{name}: line {number}: cannot be read: {line[:60]}")
        part = _ESCAPE.sub(lambda hit: _ESCAPES.get(hit[1], hit[1]), found[1])
        if field == "msgid":
            msgid = (msgid or "") + part
        else:
            msgstr = (msgstr or "") + part
    finish()
    return messages


def binary(messages: dict[str, str]) -> bytes:
    """The messages in GNU's machine form (.mo), sorted; those without translation are left out."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items() if value)
    start = 7 * 4 + 16 * len(pairs)
    ids = b"".join(key + b"\0" for key, _ in pairs)
    key_at, value_at = start, start + len(ids)
    keys, values = [], []
    for key, value in pairs:
        keys.append((len(key), key_at))
        values.append((len(value), value_at))
        key_at += len(key) + 1
        value_at += len(value) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    index = b"".join(struct.pack("<2I", *row) for row in keys + values)
    return head + index + ids + b"".join(value + b"\0" for _, value in pairs)


def read(path: Path) -> dict[str, str]:
    """The messages of one .po file; Fault if it cannot be read."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def compile_all(source: Path = LOCALE, target: Path | None = None) -> list[Path]:
    """Compile every .po below `source` that is newer than its .mo; the .mo files written."""
    written = []
    for catalogue in sorted(source.glob("*/LC_MESSAGES/*.po")):
        made = (target or source) / catalogue.relative_to(source).with_suffix(".mo")
        if made.exists() and made.stat().st_mtime_ns >= catalogue.stat().st_mtime_ns:
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        scratch = made.with_name(f"{made.name}.{os.getpid()}")
        scratch.write_bytes(binary(read(catalogue)))
        scratch.replace(made)
        written.append(made)
    return written


def marked() -> Iterator[tuple[str, str]]:
    """(message, place) of every message: what the code marks or translates on the spot, and texts of the
    tables.
    """
    for pattern in TABLES:
        for path in sorted(ROOT.glob(pattern)):
            for text in texts(tomllib.loads(path.read_text(encoding="utf-8"))):
                yield text, str(path.relative_to(ROOT))
    for name in SOURCES:
        top = ROOT / name
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top] * top.is_file():
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _called(node.func) in MARKS:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def texts(table: Any) -> Iterator[str]:
    """The messages of a table, in its order."""
    for key, value in table.items() if isinstance(table, dict) else ():
        if key in TEXTS and isinstance(value, str) and value:
            yield value
        for below in value if isinstance(value, list) else [value]:
            yield from texts(below)


def from_table(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """The same for Babel, which calls it for each table (see [tool.babel] in pyproject.toml)."""
    for text in dict.fromkeys(texts(tomllib.load(file))):
        yield 1, None, text, []


def _called(function: ast.expr) -> str:
    return getattr(function, "id", None) or getattr(function, "attr", "")


def placeholders(message: str) -> set[str]:
    """The names in braces of a message; a message that is no format has none."""
    try:
        return {
            name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(message) if name
        }
    except ValueError:
        return set()


def faults() -> list[str]:
    """What is wrong with the catalogues, a line each: missing, left over, or with other placeholders."""
    found = []
    used = dict(marked())
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        messages = read(path)
        place = path.relative_to(ROOT)
        found += [
            f"{place}: no translation of '{text}' ({used[text]})" for text in used if not messages.get(text)
        ]
        found += [f"{place}: nothing uses '{text}'" for text in messages if text and text not in used]
        found += [
            f"{place}: other placeholders than '{text}'"
            for text, zh in messages.items()
            if text and zh and placeholders(text) != placeholders(zh)
        ]
    return found


def main(arguments: list[str]) -> int:
    """Compile, or check with --check; the exit status."""
    try:
        if "--check" in arguments:
            found = faults()
            print("\n".join(found) or "catalogues: every message is translated")
            return 1 if found else 0
        for path in compile_all():
            print(f"compiled {path.relative_to(ROOT)}")
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
