"""The body of a decision: from the items with outcome, ground and reasons to the paragraphs of the letter.

One composition serves every outcome: opening, request, consultations, then each item with the finding that
its ground asks for, the officer's reasons, the decision with its provisions, and how the information is
provided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from letters.content import after, chinese, citations, consulted, findings, kinds, markdown, typed_text
from letters.content.decision_item import Item, heading, paragraph, part_of, refs
from letters.content.decision_rows import DecisionRows
from letters.content.facts import Facts, at
from letters.content.letter_content import Block
from letters.content.phrases import fill, holds
from workflow.law.keys import Outcome

GIVES = (Outcome.GRANTED, Outcome.ALREADY_PUBLIC)
_SENTENCES = (
    "means",
    "danger",
    "responsible_organ",
    "organ_unknown",
    "channel_hint",
    "excess_reasons",
    "objection_unfounded",
)
"""Texts that end a sentence of ours: they get a full stop if the officer gave none."""
_LAWS = ("forbidding_law", "special_rules")
"""Texts that name a law inside a sentence of ours, which says 的规定 itself."""
_SINCE = {"corrected": "corrected_on", "paid": "paid_on", "extended": "extension_noticed_on"}
"""What may have happened since the receipt, with the day that tells of it."""


class Decision:
    """The decision of one letter. Refused where the law asks for something that the data does not give."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self._rows = facts, DecisionRows(facts)

    @property
    def items(self) -> list[Item]:
        """The rows, checked, in the order of the request."""
        return self._rows.items

    def blocks(self) -> Iterator[Block]:
        """The whole body, from the opening to the last item; the Regulations by their full name once."""
        return citations.shortened(self._blocks(), self.facts.law, self.facts.era.text)

    def _blocks(self) -> Iterator[Block]:
        facts, say = self.facts, self.facts.phrases.say
        yield from self._came()
        yield from self._request()
        yield from (paragraph(text, "after") for text in after.paragraphs(facts))
        given = frozenset(item.no for item in self.items if item.outcome in GIVES)
        yield from (paragraph(text, "consulted") for text in consulted.paragraphs(facts, given))
        numbers = sorted({item.no for item in self.items})
        manner = "notified" if facts.kind.document != "答复书" else "decided"
        yield paragraph(say("opening", f"{manner}_{'many' if len(numbers) > 1 else 'one'}"), "lead")
        for place, no in enumerate(numbers, 1):
            if len(numbers) > 1:
                ordinal = chinese.enumeration([no])
                yield heading(self._say("item_heading", numeral=chinese.numeral(place), ordinal=ordinal))
            for item in (item for item in self.items if item.no == no):
                yield from self._item_blocks(item, alone=len(numbers) == 1)

    def _came(self) -> Iterator[Block]:
        """How the application came, what it was joined with, and what happened since: corrected, paid,
        extended.
        """
        facts, say = self.facts, self.facts.phrases.say
        received = "received" if facts.params["channel"] else "received_plain"
        yield paragraph(self._say(received, **facts.params), "received")
        for one in at(facts.data, "case.joined") or []:
            day = chinese.day(facts.as_day(one["received_on"], "case.joined"))
            words = say("opening", "joined", you=facts.you, joined_on=day, joined_number=one["number"])
            yield paragraph(words, "received")
        for since, day_of_it in _SINCE.items():
            if facts.params.get(day_of_it):
                yield paragraph(say("opening", since, **facts.params), "received")

    def _request(self) -> Iterator[Block]:
        facts, say = self.facts, self._say
        if len(facts.request) == 1:
            first, *rest = typed_text.paragraphs(facts.request[0][1])
            text = typed_text.sentence(first) if not rest else first
            quoted = facts.request_quoted if not rest else text
            yield paragraph(say("request_one", you=facts.you, request=text, quoted_request=quoted), "request")
            yield from (paragraph(line, "request") for line in rest)
            return
        # An application may ask for information and for a correction at once: it is then called neither.
        ways = {self._opening(kinds.of_item(item.outcome, item.ground).code) for item in self.items}
        many = "request_many" if len(ways) == 1 else "request_several"
        yield paragraph(say(many, you=facts.you, count=len(facts.request)), "request")
        for no, text in facts.request:
            first, *rest = typed_text.paragraphs(text)
            yield paragraph(
                say("request_item", no=no, text=typed_text.sentence(first) if not rest else first), "request"
            )
            yield from (paragraph(line, "request") for line in rest)

    def _opening(self, code: str) -> str:
        """The words with which a decision of this kind begins, by name: its own ('D15'), or everybody's
        ('').
        """
        return code if self.facts.phrases.section("letter", code, "opening") else ""

    def _say(self, name: str, code: str | None = None, **params: Any) -> str:
        """A phrase of the opening, in the letter's own words where it has its own."""
        phrases = self.facts.phrases
        own = phrases.get("letter", code or self.facts.kind.code, "opening", name)
        if own is not None:
            return fill(own, params, where=f"letter.{code}.opening.{name}")
        return phrases.say("opening", name, **params)

    def _what(self, item: Item, *, alone: bool) -> str:
        name = "what_part" if item.texts.get("part") else "what_alone" if alone else "what_item"
        code = kinds.of_item(item.outcome, item.ground).code
        part = typed_text.bare(item.texts["part"]).removeprefix("其中的").removeprefix("其中")
        return self._say(name, code, you=self.facts.you, part=part)

    def _item_blocks(self, item: Item, *, alone: bool) -> Iterator[Block]:
        facts, phrases = self.facts, self.facts.phrases
        params = self._item_params(item, alone=alone)
        yield from (paragraph(line, "findings") for line in markdown.ended(item.texts["facts"]))
        rows: Sequence[Mapping[str, Any]] = phrases.section("outcome", item.outcome).get("paragraphs", ())
        for row in rows:
            if not holds(row, params, facts.era):
                continue
            if "officer" in row:
                yield from self._of_officer(item, row["officer"], params)
            else:
                yield paragraph(fill(row["text"], params, where=f"outcome.{item.outcome}"), part_of(row))

    def _item_params(self, item: Item, *, alone: bool) -> dict[str, Any]:
        """What the phrases of an item's outcome and ground may name."""
        texts = item.texts
        return {
            **texts,
            **self.facts.params,
            "what": self._what(item, alone=alone),
            **self._cited(item),
            "annexes": self._annex_numbers(item),
            "attached": "1" if item.attachments else "",
            "said_how": texts.get("withdrawn_on") and texts.get("statement"),
            "statement": typed_text.bare(texts.get("statement", "")),
            "means_bare": typed_text.bare(texts.get("means") or ""),
            **findings.named(item.ground, texts, self.facts.phrases),
            **self._enclosed(item),
            **{name: typed_text.sentence(texts[name]) for name in _SENTENCES if texts.get(name)},
            **{name: _law_named(texts[name]) for name in _LAWS if texts.get(name)},
        }

    def _of_officer(self, item: Item, name: str, params: Mapping[str, Any]) -> Iterator[Block]:
        """A text of the officer; the reasons after the finding that the ground asks for."""
        listed = markdown.ended(item.texts.get(name, ""))
        if name == "reasons" and item.ground:
            finding = "finding_named" if params.get("named") else "finding"
            lead = self.facts.phrases.say("ground", item.ground, finding, **params)
            if lead:
                listed = [lead + (listed[0] if listed else ""), *listed[1:]]
        yield from (paragraph(line, "findings") for line in listed)

    @staticmethod
    def _enclosed(item: Item) -> dict[str, str]:
        """How what is enclosed is told: with the means in one sentence, and not twice where these say so
        already.
        """
        if not item.attachments:
            return {}
        means = item.texts.get("means") or ""
        name = "enclosed_alone" if not means else "enclosed_told" if "随本" in means else "enclosed_means"
        return {name: "1"}

    def _cited(self, item: Item) -> dict[str, str]:
        """The provisions of an item as the phrases name them: all, the outcome's own, and the duty to set
        apart.
        """
        law, apart = self.facts.law, refs(self._rows.outcomes[kinds.PARTIAL].basis)
        severing = [ref for ref in item.basis if ref in apart]
        return {
            "basis": citations.text(item.basis, law),
            "severing": citations.text(severing, law),
            "own_basis": citations.text([ref for ref in item.basis if ref not in severing], law),
        }

    # --- annexes

    @cached_property
    def annexes(self) -> list[str]:
        """The names of what is enclosed, in order."""
        return list(dict.fromkeys(name for item in self.items for name in item.attachments))

    def _annex_numbers(self, item: Item) -> str:
        if len(self.annexes) < 2:
            return ""
        return "、".join(str(self.annexes.index(name) + 1) for name in item.attachments)


def _law_named(text: str) -> str:
    """The name of a law without 的规定, which the sentence around it says."""
    return typed_text.bare(text).removesuffix("的规定")
