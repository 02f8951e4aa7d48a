"""Writes the table of rules in docs/compliance.md and its Chinese twin from the rules themselves.

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
PAGES = {"en": ROOT / "docs" / "compliance.md", "zh": ROOT / "docs" / "compliance.zh-CN.md"}
BEGIN, END = "<!-- rules: written by scripts/rule_list.py -->", "<!-- end of rules -->"
HEADS = {
    "en": (
        "rule",
        "what it wants",
        "provisions today (those of the Regulations without a name)",
        "what it does",
    ),
    "zh": ("规则", "要求", "现行条文（条例的条文不写名称）", "作用"),
}
WORDS = {
    "en": {
        "warns": "warns",
        "aside": "stops; may be set aside",
        "stops": "stops",
        "past": "(only under the Regulations of 2008)",
        "house": "house rule",
    },
    "zh": {
        "warns": "提示",
        "aside": "停止；可以排除",
        "stops": "停止",
        "past": "（仅适用2008年条例）",
        "house": "内部规则",
    },
}


def rows(language: str) -> Iterator[str]:
    """One row a rule: its id, what it wants, the provisions under the Regulations in force, and what it
    does.
    """
    words = WORDS[language]
    from letters.check import rules
    from workflow import law

    tables = law.bundled()
    era = list(tables.eras())[-1]
    for one in rules.rules().values():
        cited = era.of(one.article, one.id) or ()
        named = dict.fromkeys(_named(cite.ref, tables, words["house"]) for cite in cited if cite.last is None)
        does = "warns" if one.level == rules.WARNS else "aside" if one.overridable else "stops"
        told = "、".join(named) or words["past"]
        wants = one.zh if language == "zh" else one.en
        yield f"| `{one.id}` | {wants} | {told} | {words[does]} |\n"


def _named(ref: str, tables: Law, house: str) -> str:
    """A provision as the table shows it: of the Regulations by its place alone."""
    key, _, _ = ref.partition(":")
    if key == "house":
        return house
    place = tables.citation(ref).zh_short
    return (
        place
        if key.startswith("ogi")
        else f"{tables.instrument(key).short} {place.removeprefix(tables.instrument(key).short)}"
    )


def page(then: str, language: str) -> str:
    """The page with the table as the rules are now."""
    head, _, rest = then.partition(BEGIN)
    _, _, tail = rest.partition(END)
    heads = HEADS[language]
    top = f"| {' | '.join(heads)} |\n| {' | '.join('---' for _ in heads)} |\n"
    return f"{head}{BEGIN}\n\n{top}{''.join(rows(language))}\n{END}{tail}"


def main(arguments: list[str]) -> int:
    """Write the tables, or compare them with --check; the exit status."""
    return max(_one(language, arguments) for language in PAGES)


def _one(language: str, arguments: list[str]) -> int:
    path = PAGES[language]
    name = path.relative_to(ROOT)
    then = path.read_text(encoding="utf-8")
    now = page(then, language)
    if "--check" not in arguments:
        path.write_text(now, encoding="utf-8")
        print(f"wrote {name}")
        return 0
    if now == then:
        print(f"docs: the rules in {name} are those of the check")
        return 0
    print(f"{name} does not list the rules as they are now: run `make docs` and read the change")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
