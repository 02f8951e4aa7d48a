"""Writes the table of rules in docs/compliance.md from the rules themselves.

python scripts/rule_list.py            write it
python scripts/rule_list.py --check    fail if it is not what the rules say now
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.law import Law

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "compliance.md"
BEGIN, END = "<!-- rules: written by scripts/rule_list.py -->", "<!-- end of rules -->"
HEAD = "| rule | what it wants | provisions today (those of the Regulations without a name) | what it does |\n| --- | --- | --- | --- |\n"


def rows() -> Iterator[str]:
    """One row a rule: its id, what it wants, the provisions under the Regulations in force, and what it
    does.
    """
    from letters.check import rules
    from workflow import law

    tables = law.bundled()
    era = list(tables.eras())[-1]
    for one in rules.rules().values():
        cited = era.of(one.article, one.id) or ()
        named = dict.fromkeys(_named(cite.ref, tables) for cite in cited if cite.last is None)
        does = (
            "warns" if one.level == rules.WARNS else "stops; may be set aside" if one.overridable else "stops"
        )
        told = "、".join(named) or "(only under the Regulations of 2008)"
        yield f"| `{one.id}` | {one.en} | {told} | {does} |\n"


def _named(ref: str, tables: Law) -> str:
    """A provision as the table shows it: of the Regulations by its place alone."""
    key, _, _ = ref.partition(":")
    if key == "house":
        return "house rule"
    place = tables.citation(ref).zh_short
    return (
        place
        if key.startswith("ogi")
        else f"{tables.instrument(key).short} {place.removeprefix(tables.instrument(key).short)}"
    )


def page(then: str) -> str:
    """The page with the table as the rules are now."""
    head, _, rest = then.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{HEAD}{''.join(rows())}\n{END}{tail}"


def main(arguments: list[str]) -> int:
    """Write the table, or compare it with --check; the exit status."""
    then = PAGE.read_text(encoding="utf-8")
    now = page(then)
    if "--check" not in arguments:
        PAGE.write_text(now, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")
        return 0
    if now == then:
        print("docs: the rules in docs/compliance.md are those of the check")
        return 0
    print("docs/compliance.md does not list the rules as they are now: run `make docs` and read the change")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
