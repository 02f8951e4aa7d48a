"""Decided cases that were released for the public: an index by ground and by fault, and a page for each case.

What is shown is what `precedent_book.public` gives: neither who brought a case in, nor the number of the
office's own one, nor anything that was not released.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflow.web.site.pages import Leaf, word

NAME = "cases"
# Rows of one page of a list: with more it would weigh over 100 kB.
MOST = 200
_KINDS = {"ground": "grounds", "fault": "faults"}


def pages_of(released: Sequence[Mapping[str, Any]], lang: str) -> Iterator[Leaf]:
    """The index, the lists, each case."""
    yield Leaf(NAME, "", word("cases.title", lang), index(released, lang))
    yield from leaves(released, lang)


def name_of(case: Mapping[str, Any]) -> str:
    """The name of a case's page: it stays while the case says the same, and tells nothing of its place."""
    said = {key: value for key, value in case.items() if not key.endswith(("_name", "_names"))}
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return f"case-{digest[:12]}"


def index(released: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """The values of the index: under each kind the grounds or faults, with how many cases there are."""
    kinds = [
        (
            word(f"cases.{kind}", lang),
            [(file, named, len(of)) for file, named, of in _lists(released, kind, lang)],
        )
        for kind in _KINDS
    ]
    return {"count": len(released), "kinds": [(head, rows) for head, rows in kinds if rows]}


def leaves(released: Sequence[Mapping[str, Any]], lang: str) -> Iterator[Leaf]:
    """The lists by ground and by fault, and the cases."""
    for kind in _KINDS:
        for file, named, of in _lists(released, kind, lang):
            title = word("cases.of", lang, kind=word(f"cases.{kind}", lang), name=named)
            parts = [of[start : start + MOST] for start in range(0, len(of), MOST)]
            names = [file, *(f"{file}-{no}" for no in range(2, len(parts) + 1))]
            for no, rows in enumerate(parts):
                told = [
                    (name_of(one), one["title"], one["decided_on"][:4], one["result_name"][lang])
                    for one in rows
                ]
                yield Leaf(names[no], "case_list.html", title, {"rows": told, "parts": names})
    for one in released:
        yield Leaf(name_of(one), "case.html", str(one["title"]), {"facts": _facts(one, lang)})


def _lists(
    released: Sequence[Mapping[str, Any]], kind: str, lang: str
) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Of each ground or fault the name of its page, what it is called, and its cases, the newest first."""
    found: dict[str, tuple[str, list[Mapping[str, Any]]]] = {}
    for one in sorted(released, key=lambda case: str(case["decided_on"]), reverse=True):
        for key, named in zip(one[_KINDS[kind]], one[f"{kind}_names"], strict=True):
            found.setdefault(key, (str(named[lang]), []))[1].append(one)
    return [(f"cases-{kind}-{key}", named, of) for key, (named, of) in sorted(found.items())]


def _facts(one: Mapping[str, Any], lang: str) -> list[tuple[str, list[str], bool]]:
    """The rows of a case: what each is called, what it says, and whether that is Chinese in any language."""
    rows: list[tuple[str, list[str], bool]] = [
        ("request", list(one["request"]), True),
        ("outcome", [named[lang] for named in one["outcome_names"]], False),
        ("ground", [named[lang] for named in one["ground_names"]], False),
        ("fault", [named[lang] for named in one["fault_names"]], False),
        ("result", [one["result_name"][lang]], False),
        ("holding", str(one["holding"]).splitlines(), True),
        ("lesson", str(one["lesson"]).splitlines(), True),
        ("decided", [one["decided_on"]], False),
        ("law", [one["law"].removeprefix("ogi")], False),
        ("source", [one["source"]], True),
    ]
    return [(word(f"cases.{key}", lang), said, own) for key, said, own in rows if any(said)]
