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
from letters.content.decision_item import Block, Item, heading, paragraph, part_of, refs
from letters.content.facts import Facts, at
from letters.content.phrases import fill, holds
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, pick
from workflow.law import terms
from workflow.law.keys import Letter, Outcome

GRANTED, REFUSES = Outcome.GRANTED, Outcome.WITHHELD
GIVES = (GRANTED, Outcome.ALREADY_PUBLIC)
_ITEM_TEXTS = ("facts", "reasons", "means", "part")
_ITEM_DATES = ("correction_asked_on", "answer_by", "fee_notified_on", "withdrawn_on", "transfer_due")
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


class Decision:
    """The decision of one letter. Refused where the law asks for something that the data does not give."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._rows = at(facts.data, "decision.items") or []
        if not self._rows:
            raise Refused(N_("The decision has no item: nothing can be answered."), field="decision.items")
        numbered = [{**row, "no": row.get("no", place)} for place, row in enumerate(self._rows, 1)]
        self.severed = kinds.severed(numbered, facts.era)

    @cached_property
    def items(self) -> list[Item]:
        """The rows, checked, in the order of the request; each item of the request has at least one."""
        asked = [no for no, _ in self.facts.request]
        items = [self._item(place, row) for place, row in enumerate(self._rows)]
        for item in items:
            if item.no not in asked:
                raise Malformed(
                    N_("The decision answers item {no}, which the request does not have."),
                    field="decision.items",
                    no=item.no,
                )
        unanswered = [no for no in asked if no not in {item.no for item in items}]
        if unanswered:
            raise Refused(
                N_("Item {no} of the request is not answered."),
                field="decision.items",
                no=unanswered[0],
                rule=refs(self._outcomes["granted"].basis)[0],
                way_on=N_("Decide on every item of the request."),
            )
        return sorted(items, key=lambda item: item.no)

    def _item(self, place: int, row: Mapping[str, Any]) -> Item:
        field = f"decision.items.{place + 1}"
        extra = row.get("extra") or {}
        texts = {name: typed_text.clean(row.get(name), f"{field}.{name}") for name in _ITEM_TEXTS}
        for name, value in extra.items():
            if name in _ITEM_DATES and value:
                texts[name] = chinese.day(self.facts.as_day(value, f"{field}.extra.{name}"))
            else:
                texts[name] = typed_text.clean(
                    value if value is None else str(value), f"{field}.extra.{name}"
                )
        item = Item(
            no=int(row.get("no", place + 1)),
            outcome=str(row["outcome"]),
            ground=row.get("ground") or None,
            texts=texts,
            attachments=tuple(
                typed_text.clean(name, f"{field}.attachments", longest=200)
                for name in row.get("attachments") or ()
            ),
            basis=tuple(self._provisions(row, int(row.get("no", place + 1)))),
        )
        wrong = terms.fault(item.no, item.outcome, item.ground, extra, self.facts.on, self.facts.law)
        if wrong is not None:
            raise wrong
        self._require(item, field)
        return item

    # --- provisions

    @cached_property
    def _outcomes(self) -> dict[str, Any]:
        return {row.id: row for row in self.facts.law.outcomes(self.facts.law_day, self.facts.on)}

    @cached_property
    def _grounds(self) -> dict[str, Any]:
        return {row.id: row for row in self.facts.law.grounds(self.facts.law_day)}

    def _known(self, outcome: str, ground: str | None) -> None:
        """Refused for an outcome or a ground that the governing law does not know: of receipt, or of the
        act.
        """
        for name, table in ((outcome, self._outcomes), (ground, self._grounds)):
            if name and name not in table:
                raise Refused(
                    N_("The law that governs an application received on {day} does not know '{name}'."),
                    field="decision.items",
                    day=self.facts.received.isoformat(),
                    name=name,
                )

    def _provisions(self, row: Mapping[str, Any], no: int) -> Iterator[str]:
        """The provisions of one row: of its outcome, of its ground, and the duty to set apart where something
        of the same item is given.

        What is refused whole rests on the refusal alone, also beside items that are given.
        """
        outcome, ground = str(row["outcome"]), row.get("ground")
        self._known(outcome, ground)
        kinds.of_item(outcome, ground)
        yield from refs(self._outcomes[outcome].basis)
        if outcome != kinds.PARTIAL and no in self.severed:
            yield from refs(self._outcomes[kinds.PARTIAL].basis)
        if ground:
            yield from refs(self._grounds[ground].basis)
        for held in consulted.held(self.facts.data, consulted.THIRD_PARTY, no):
            # Of an item disclosed in part, the third party was not asked about the disclosed part.
            protects = (
                self._grounds[ground].third_party if ground else outcome == GRANTED and no not in self.severed
            )
            if held and protects:
                yield from kinds.get(Letter.THIRD_PARTY).provisions(self.facts.era) or ()

    def _require(self, item: Item, field: str) -> None:
        """Refused for the first thing that the law asks of this outcome or ground and that is not given."""
        outcome = self._outcomes[item.outcome]
        needs = list(outcome.needs) + list(self._grounds[item.ground].needs if item.ground else ())
        for need in needs:
            names = self.facts.phrases.section("need").get(need, [need])
            met = any(item.texts.get(name) or self.facts.params.get(name) for name in names)
            if need == "means":
                met = met or bool(item.attachments)
            elif need == "third_party_opinion":
                met = met or bool(consulted.held(self.facts.data, consulted.THIRD_PARTY, item.no))
            if not met:
                raise Refused(
                    N_("Item {no} ({outcome}) needs {name}, and it is not given."),
                    field=f"{field}.{names[0]}",
                    no=item.no,
                    outcome=pick(outcome.zh, outcome.en),
                    name=names[0],
                    rule=item.basis[0] if item.basis else None,
                    way_on=N_("Add it to the draft, then compose the letter again."),
                )

    # --- the body

    def blocks(self) -> Iterator[Block]:
        """The whole body, from the opening to the last item; the Regulations by their full name once."""
        return citations.shortened(self._blocks(), self.facts.law, self.facts.era.text)

    def _blocks(self) -> Iterator[Block]:
        facts, say = self.facts, self.facts.phrases.say
        yield paragraph(
            self._say("received" if facts.params["channel"] else "received_plain", **facts.params), "received"
        )
        for one in at(facts.data, "case.joined") or []:
            day = chinese.day(facts.as_day(one["received_on"], "case.joined"))
            words = say("opening", "joined", you=facts.you, joined_on=day, joined_number=one["number"])
            yield paragraph(words, "received")
        for optional in ("corrected", "paid", "extended"):
            name = {"corrected": "corrected_on", "paid": "paid_on", "extended": "extension_noticed_on"}[
                optional
            ]
            if facts.params.get(name):
                yield paragraph(say("opening", optional, **facts.params), "received")
        yield from self._request()
        yield from (paragraph(text, "after") for text in after.paragraphs(facts))
        given = frozenset(item.no for item in self.items if item.outcome in GIVES)
        for text in consulted.paragraphs(facts, given):
            yield paragraph(text, "consulted")
        numbers = sorted({item.no for item in self.items})
        manner = "notified" if facts.kind.document != "答复书" else "decided"
        yield paragraph(say("opening", f"{manner}_{'many' if len(numbers) > 1 else 'one'}"), "lead")
        for place, no in enumerate(numbers, 1):
            if len(numbers) > 1:
                yield heading(
                    self._say(
                        "item_heading", numeral=chinese.numeral(place), ordinal=chinese.enumeration([no])
                    )
                )
            for item in (item for item in self.items if item.no == no):
                yield from self._item_blocks(item, alone=len(numbers) == 1)

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
        params: dict[str, Any] = {
            **item.texts,
            **facts.params,
            "what": self._what(item, alone=alone),
            **self._cited(item),
            "annexes": self._annex_numbers(item),
            "attached": "1" if item.attachments else "",
            "said_how": item.texts.get("withdrawn_on") and item.texts.get("statement"),
            "statement": typed_text.bare(item.texts.get("statement", "")),
            "means_bare": typed_text.bare(item.texts.get("means") or ""),
            **findings.named(item.ground, item.texts, phrases),
            **self._enclosed(item),
            **{name: typed_text.sentence(item.texts[name]) for name in _SENTENCES if item.texts.get(name)},
            **{
                name: typed_text.bare(item.texts[name]).removesuffix("的规定")
                for name in _LAWS
                if item.texts.get(name)
            },
        }
        yield from (paragraph(line, "findings") for line in markdown.ended(item.texts["facts"]))
        rows: Sequence[Mapping[str, Any]] = phrases.section("outcome", item.outcome).get("paragraphs", ())
        for row in rows:
            if not holds(row, params, facts.era):
                continue
            if "officer" in row:
                lead = ""
                if row["officer"] == "reasons" and item.ground:
                    name = "finding_named" if params.get("named") else "finding"
                    lead = phrases.say("ground", item.ground, name, **params)
                listed = markdown.ended(item.texts.get(row["officer"], ""))
                if lead:
                    listed = [lead + (listed[0] if listed else ""), *listed[1:]]
                yield from (paragraph(line, "findings") for line in listed)
            else:
                yield paragraph(fill(row["text"], params, where=f"outcome.{item.outcome}"), part_of(row))

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
        law, apart = self.facts.law, refs(self._outcomes[kinds.PARTIAL].basis)
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
