"""The rows of a decision, checked: each with its texts, its provisions, and what the law asks for besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from letters.content import chinese, consulted, kinds, typed_text
from letters.content.decision_item import Item, refs
from letters.content.facts import Facts, at
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, pick
from workflow.law import terms
from workflow.law.keys import Letter, Outcome

GRANTED = Outcome.GRANTED
_ITEM_TEXTS = ("facts", "reasons", "means", "part")
_ITEM_DATES = ("correction_asked_on", "answer_by", "fee_notified_on", "withdrawn_on", "transfer_due")


class DecisionRows:
    """The rows of one decision. Refused where the law asks for something that the data does not give."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        rows = at(facts.data, "decision.items") or []
        if not rows:
            raise Refused(N_("The decision has no item: nothing can be answered."), field="decision.items")
        numbered = [{**row, "no": row.get("no", place)} for place, row in enumerate(rows, 1)]
        self._rows = rows
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
                rule=refs(self.outcomes["granted"].basis)[0],
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
    def outcomes(self) -> Mapping[str, Any]:
        """The outcomes that the governing law knows, by key."""
        return self.facts.law.outcomes_by_id(self.facts.law_day, self.facts.on)

    @cached_property
    def grounds(self) -> Mapping[str, Any]:
        """The grounds that the governing law knows, by key."""
        return self.facts.law.grounds_by_id(self.facts.law_day)

    def _known(self, outcome: str, ground: str | None) -> None:
        """Refused for an outcome or a ground that the governing law does not know: of receipt, or of the
        act.
        """
        for name, table in ((outcome, self.outcomes), (ground, self.grounds)):
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
        yield from refs(self.outcomes[outcome].basis)
        if outcome != kinds.PARTIAL and no in self.severed:
            yield from refs(self.outcomes[kinds.PARTIAL].basis)
        if ground:
            yield from refs(self.grounds[ground].basis)
        for held in consulted.held(self.facts.data, consulted.THIRD_PARTY, no):
            # Of an item disclosed in part, the third party was not asked about the disclosed part.
            protects = (
                self.grounds[ground].third_party if ground else outcome == GRANTED and no not in self.severed
            )
            if held and protects:
                yield from kinds.get(Letter.THIRD_PARTY).provisions(self.facts.era) or ()

    def _require(self, item: Item, field: str) -> None:
        """Refused for the first thing that the law asks of this outcome or ground and that is not given."""
        outcome = self.outcomes[item.outcome]
        needs = list(outcome.needs) + list(self.grounds[item.ground].needs if item.ground else ())
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
