"""The facts of a letter: the caller's data, read once, checked, and named as the phrases name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from letters.content import chinese, citations, typed_text
from letters.content.kind_cells import Kind
from letters.content.phrases import Phrases
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.law import Law
from workflow.law.eras import Era
from workflow.law.keys import Provision

_PERSONAL_NAME = later(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,12})+")
_PERSON = ("natural_person", "自然人")
_DATES = (
    *("answer_by", "delay_until", "consulted_on", "answered_on", "earlier_on", "correction_asked_on"),
    *("fee_notified_on", "withdrawn_on", "corrected_on", "paid_on", "served_on", "reasons_on"),
)

_RESTATED, _LONGEST_REQUEST = 800, 1_000_000
"""Characters of one item of a request that a letter restates; and that it reads at all."""
_SENTENCES = ("standard", "payment", "organ_contact")
"""Texts that end a sentence of ours: they get a full stop if none was given."""


# A dictionary is known at once; whether another is a mapping takes longer to find out.
_TABLES = (dict, Mapping)


def at(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None if any part of the way is missing."""
    place: Any = data
    for key in path.split("."):
        if place is None or not isinstance(place, _TABLES):
            return None
        place = place.get(key)
    return place


@dataclass(frozen=True)
class Facts:
    """One letter's data with the law that governs it. Raises Malformed for what cannot be read."""

    kind: Kind
    data: Mapping[str, Any]
    law: Law
    phrases: Phrases

    @cached_property
    def on(self) -> date:
        """The day of the letter: its date, and the day whose remedies it names."""
        return self._day("on")

    @cached_property
    def received(self) -> date:
        """The day on which the application counts as received."""
        return self._day("case.received_on")

    @cached_property
    def law_day(self) -> date:
        """The day whose law governs the application: that of receipt, unless the caller says another."""
        return self._day("case.law_day") if at(self.data, "case.law_day") else self.received

    @cached_property
    def era(self) -> Era:
        """The era of the Regulations that govern the case."""
        return self.law.era_on(self.law_day)

    @cached_property
    def regulations(self) -> str:
        """The Regulations that govern the application: those in force on the day of receipt."""
        return self.era.key

    def _day(self, path: str) -> date:
        value = at(self.data, path)
        if not value:
            raise Refused(N_("The letter needs {name}, and it is not given."), field=path, name=path)
        return self.as_day(value, path)

    def as_day(self, value: Any, field: str) -> date:
        """A date as given; Malformed, naming the field, if it is none."""
        return value if isinstance(value, date) else parse_date(str(value), field)

    def day(self, path: str) -> str:
        """The date at this path in Chinese; empty if there is none."""
        value = at(self.data, path)
        return chinese.day(self.as_day(value, path)) if value else ""

    def text(self, path: str, *, longest: int = typed_text.LONGEST) -> str:
        """The text at this path, cleaned; empty if there is none."""
        value = at(self.data, path)
        return typed_text.clean(str(value) if isinstance(value, int) else value, path, longest=longest)

    @cached_property
    def basis(self) -> list[str]:
        """The provisions behind a letter that decides nothing; Refused where the governing law knows no such
        step.
        """
        scale = self.text("extra.scale", longest=100)
        return [*self.kind.basis_under(self.era, self.on), *([scale] if scale else [])]

    @cached_property
    def recipient(self) -> Mapping[str, Any]:
        """To whom the letter goes: name, kind, address, postcode."""
        path = "extra.recipient"
        if self.kind.to == "applicant" or (self.kind.to == "file" and not at(self.data, path)):
            path = "case.applicant"
        found = at(self.data, path)
        if isinstance(found, str):
            found = {"name": found, "kind": "other"}
        if not isinstance(found, Mapping) or not typed_text.clean(
            found.get("name"), path + ".name", longest=200
        ):
            raise Refused(N_("The letter has nobody to go to."), field=path + ".name", rule="house:addressee")
        return found

    @property
    def addressee(self) -> str:
        """The name over the text: of several applicants all while they are few; with that of the agent."""
        if self.recipient is at(self.data, "case.applicant"):
            name = self.text("case.heading", longest=2000) or self.text("case.applicant.name", longest=200)
            agent = self.text("case.agent", longest=200)
            made = self.phrases.say("addressee", "with_agent", name=name, agent=agent) if agent else name
            return made.replace("\n", "")
        return typed_text.clean(self.recipient["name"], "recipient.name", longest=200).replace("\n", "")

    @cached_property
    def you(self) -> str:
        """How the letter speaks to whom it goes."""
        kind = self.recipient.get("kind")
        if self.applicants and self.recipient is at(self.data, "case.applicant"):
            return self.phrases.say("you", "several")
        if self.kind.to == "organ":
            return self.phrases.say("you", "organ")
        if not kind:
            return self.phrases.say("you", self._by_name())
        return self.phrases.say("you", "person" if kind in _PERSON else "body")

    def _by_name(self) -> str:
        """Whether a name of which nothing else is known is that of a body or of a person; "either" where it
        may be both.
        """
        name = self.addressee
        if name.endswith(tuple(self.phrases.section("you_by_name").get("bodies", ()))):
            return "body"
        return "person" if _PERSONAL_NAME.fullmatch(name) else "either"

    @cached_property
    def applicants(self) -> list[str]:
        """The names of the applicants where there are several; else none."""
        listed = at(self.data, "case.applicants") or []
        return [typed_text.clean(one.get("name"), "case.applicants", longest=200) for one in listed]

    @property
    def list_of_applicants(self) -> str:
        """The sentence that names every applicant where the line over the letter does not; '' else."""
        if not self.applicants or self.kind.to != "applicant" or self.kind.format != "letter":
            return ""
        names = self.phrases.say("addressee", "between").join(self.applicants)
        if names == self.text("case.heading", longest=2000):
            return ""
        return self.phrases.say("addressee", "list", names=names, count=str(len(self.applicants)))

    @cached_property
    def request(self) -> list[tuple[int, str]]:
        """The items of the request, numbered; the whole text as item 1 where it has no items.

        A very long one is restated by its beginning: the applicant's own paper is not the office's to
        shorten, and the letter refers to it.
        """
        items = at(self.data, "case.items") or []
        listed = [
            (int(item.get("no", place)), self._restated(item.get("text"), f"case.items.{place}.text"))
            for place, item in enumerate(items, 1)
        ]
        whole = self._restated(at(self.data, "case.request"), "case.request")
        if not listed and whole:
            listed = [(1, whole)]
        if not listed or not all(text for _, text in listed):
            raise Refused(
                N_("The letter must restate the request, and it is not given."), field="case.request"
            )
        return listed

    def _restated(self, value: Any, field: str) -> str:
        text = typed_text.clean(value, field, longest=_LONGEST_REQUEST)
        if len(text) <= _RESTATED:
            return text
        return self.phrases.say("opening", "request_cut", beginning=text[:_RESTATED].rstrip("，、；： \n"))

    @cached_property
    def params(self) -> dict[str, str]:
        """Everything that the phrases may name."""
        return dict(self._params())

    def _params(self) -> Iterator[tuple[str, str]]:
        extra = at(self.data, "extra") or {}
        for key, value in extra.items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                text = self.day(f"extra.{key}") if key in _DATES else self.text(f"extra.{key}")
                yield key, typed_text.sentence(text) if key in _SENTENCES else text
        yield "you", self.you
        yield "document", self.kind.document
        yield "office", self.text("office.name", longest=200)
        yield "office_address", self.text("office.address", longest=400)
        postcode = self.text("office.postcode", longest=20)
        yield "office_postcode", postcode
        yield "office_postcode_in_brackets", f"（邮政编码：{postcode}）" if postcode else ""
        yield "case_number", self.text("case.number", longest=100)
        yield "received_on", self.day("case.received_on")
        yield "reply_due", self.day("case.reply_due")
        yield "passed_on_by", self.text("case.passed_on.by", longest=200)
        yield "passed_on", self.day("case.passed_on.on")
        yield "passed_on_because", typed_text.bare(self.text("case.passed_on.reasons"))
        channel = self.text("case.channel", longest=40)
        yield "channel", self.phrases.get("channel", channel) or channel
        yield "form", self.text("case.form")
        for name, path in (("applicant_kind", "case.applicant.kind"), ("served_by_name", "served_by")):
            key = self.text(path, longest=40)
            yield name, self.phrases.get(name.removesuffix("_name"), key) or key
        between = self.phrases.say("addressee", "between")
        yield "applicant", between.join(self.applicants) or self.text("case.applicant.name", longest=200)
        yield "applicant_address", self.text("case.applicant.address", longest=400)
        yield "applicant_postcode", self.text("case.applicant.postcode", longest=20)
        yield "lacking", "；".join(self._lacking())
        yield "reasons_asked", self._reasons_asked()
        # Where the Regulations ask that no other law opens a draft or a case file.
        asked = self.law.has_provision(Provision.OPEN_BY_LAW, self.era.first)
        yield "open_by_law", self.phrases.say("opening", "open_by_law") if asked else ""
        yield "quoted_request", self.request_quoted
        yield "reasons_silent", "1" if at(self.data, "case.reasons_silent") else ""
        yield "extension_days", self.text("extension.days")
        yield "extension_due", self.day("extension.due")
        yield "extension_noticed_on", self.day("extension.noticed_on")
        yield "extension_from", self.day("extension.from") or self.day("case.reply_due")
        yield "extension_because", typed_text.bare(self.text("extension.reasons")).removeprefix("因")
        held = self.data.get("consultations") or ()
        yield "consulting", "1" if any(row.get("state") == "sent" for row in held) else ""
        yield "request", self.request_sentence

    @cached_property
    def request_sentence(self) -> str:
        """The whole request in one sentence."""
        if len(self.request) == 1:
            return typed_text.sentence(self.request[0][1])
        return "；".join(f"{no}.{typed_text.bare(text)}" for no, text in self.request) + "。"

    @cached_property
    def request_quoted(self) -> str:
        """The whole request as it was written, in quotation marks; what quotes itself stands as it is."""
        text = self.request_sentence
        return text if "“" in text else f"“{text}”"

    def _lacking(self) -> Iterator[str]:
        """What the application lacks, as a letter says it: the description, where nothing else is named."""
        named = at(self.data, "extra.lacks") or ("description",)
        for ground in [named] if isinstance(named, str) else named:
            yield self.phrases.say("lacking", str(ground), you=self.you)

    def _reasons_asked(self) -> str:
        """When and by which letter the applicant was asked for his reasons."""
        on, number = self.day("case.reasons_asked"), self.text("case.reasons_asked_number", longest=100)
        if not on:
            return self.phrases.say("opening", "reasons_asked", you=self.you)
        told = f"（{number}）" if number else ""
        return self.phrases.say("opening", "reasons_asked_on", on=on, you=self.you, number=told)

    def cite(self, refs: list[str]) -> str:
        """Provisions in the Chinese legal style."""
        return citations.text(refs, self.law)

    def check(self) -> None:
        """Refused for the first thing that the law asks of this letter and that the data lacks."""
        for path, rule in self.kind.needs.items():
            if at(self.data, path) in (None, "", [], {}):
                raise Refused(
                    N_("The letter needs {name}, and it is not given."),
                    field=path,
                    name=path,
                    rule=rule,
                    way_on=N_("Give it, then compose the letter again."),
                )
        if not isinstance(at(self.data, "case"), Mapping) or not isinstance(at(self.data, "office"), Mapping):
            raise Malformed(N_("The data of a letter needs the case and the office."), field="case")
