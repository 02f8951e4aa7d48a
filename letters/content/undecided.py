"""Letters that decide nothing: standing paragraphs, forms and slips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from letters.content import chinese, markdown, remedy_notice
from letters.content.decision_item import paragraph
from letters.content.facts import Facts
from letters.content.letter_content import Block
from letters.content.phrases import fill, holds
from workflow.base.errors import OutOfLaw
from workflow.law import Value


def _params(facts: Facts, section: Mapping[str, Any]) -> dict[str, str]:
    params = dict(facts.params)
    if facts.basis:
        params["basis"] = facts.cite(facts.basis)
    if "values_under" not in section or facts.era.follows(section["values_under"]):
        units: Mapping[str, str] = remedy_notice.units()
        for name, id in section.get("values", {}).items():
            value = _value(facts, id, own_day=section.get("values_of") == "letter")
            params[name] = str(value.value)
            params[f"{name}_unit"] = units[value.unit]
    if facts.params.get("amount", "").isdigit():
        params["amount_words"] = chinese.money(int(facts.params["amount"]))
    return params


def _value(facts: Facts, id: str, *, own_day: bool) -> Value:
    """A period of the Regulations that govern the case: of the day of receipt, or of the letter's own day
    where it begins with the letter; of a later measure, as it is on the day of the letter."""
    try:
        return facts.law.value(id, on=facts.era.holds(facts.on) if own_day else facts.law_day)
    except OutOfLaw:
        return facts.law.value(id, on=facts.on)


def _paragraphs(
    facts: Facts, rows: Sequence[Mapping[str, Any]], params: Mapping[str, str]
) -> Iterator[Block]:
    for row in rows:
        if not holds(row, params, facts.era):
            continue
        if "officer" in row:
            yield from map(paragraph, markdown.ended(facts.text(f"extra.{row['officer']}")))
        else:
            text = fill(row["text"], params, where=f"letter.{facts.kind.code}")
            block = paragraph(text, row.get("part", "body"))
            yield {**block, "flush": True} if row.get("flush") else block


def standing(facts: Facts) -> Iterator[Block]:
    """The paragraphs of a notice, as they stand for every letter of its kind."""
    section = facts.phrases.section("letter", facts.kind.code)
    yield from _paragraphs(facts, section.get("paragraphs", ()), _params(facts, section))


def annexes_of(facts: Facts) -> list[str]:
    """What is enclosed with every letter of its kind."""
    return [str(name) for name in facts.phrases.section("letter", facts.kind.code).get("annexes", ())]


def form(facts: Facts) -> Iterator[Block]:
    """A form or a slip: its table between the paragraphs before and after it."""
    section = facts.phrases.section("form", facts.kind.code)
    params = _params(facts, section)
    params["request_full"] = "\n".join(
        f"{no}.{text}" if len(facts.request) > 1 else text for no, text in facts.request
    )
    params["channel_full"] = params["channel"]
    params["recipient"] = facts.addressee
    yield from _paragraphs(facts, section.get("before", ()), params)
    rows = []
    for label, value, *only in section.get("rows", ()):
        if only and not params.get(only[0]):
            continue
        # A form leaves unknown values blank, to be filled in by hand.
        rows.append([label, fill(value.replace("}", "?}"), params, where=f"form.{facts.kind.code}")])
    yield {"type": "table", "rows": rows, "part": "table"}
    yield from _paragraphs(facts, section.get("after", ()), params)
