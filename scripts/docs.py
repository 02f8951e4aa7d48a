"""Writes what is made from commands and tables.

docs/commands.md, commands.zh-CN.md: every command of `disclosure` with its real help. payloads.py: the types.
rule_list.py: the rules of the check in docs/compliance.md, in both languages.

python scripts/docs.py            write them
python scripts/docs.py --check    fail if they are not what commands and tables say now
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.md"
CHINESE = ROOT / "docs" / "commands.zh-CN.md"
WIDTH = 100
NOTE = "<!-- Written by `make docs` from the commands' own help: do not edit. -->"
# The pages by their language, with the title.
PAGES = {"en": (PAGE, "Commands"), "zh_CN": (CHINESE, "命令")}


def commands(command: Any, name: str, parent: Any = None) -> Iterator[Any]:
    """The contexts of a command and of all below it, in the order of its own list; hidden ones left out."""
    import click

    context = command.make_context(name, [], parent=parent, resilient_parsing=True, terminal_width=WIDTH)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from commands(found, below, context)


def contexts() -> list[Any]:
    """All commands of `disclosure`, each in the context in which its help is printed."""
    import cli

    return list(commands(cli.main, "disclosure"))


def page(language: str = "en") -> str:
    """The whole page in a language, from the commands as they are now."""
    from workflow.base import messages

    messages.use(language)
    found = contexts()
    parts = [f"# {PAGES[language][1]}\n\n{NOTE}\n\n"]
    parts += [f"- [{one.command_path}](#{one.command_path.replace(' ', '-')})\n" for one in found]
    for one in found:
        # As `--help` prints it, without the blanks that would end some lines.
        text = "\n".join(line.rstrip() for line in one.get_help().splitlines())
        parts.append(f"\n## {one.command_path}\n\n```text\n{text}\n```\n")
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them with --check; the exit status."""
    return max(_one(language, arguments) for language in PAGES)


def _one(language: str, arguments: list[str]) -> int:
    path, now = PAGES[language][0], page(language)
    name = str(path.relative_to(ROOT))
    if "--check" not in arguments:
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
        print(f"wrote {name}")
        return 0
    then = path.read_text(encoding="utf-8") if path.exists() else ""
    if now == then:
        print(f"docs: {name} is what the commands say")
        return 0
    changes = difflib.unified_diff(
        then.splitlines(), now.splitlines(), name, "the commands", lineterm="", n=1
    )
    print("\n".join(list(changes)[:60]))
    print(f"{name} is not what the commands say now: run `make docs` and read the change")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from scripts import payloads, rule_list

    sys.exit(main(sys.argv[1:]) | payloads.main(sys.argv[1:]) | rule_list.main(sys.argv[1:]))
