"""The form of an application: its fields from form.toml, what was typed, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from workflow.base import names, tables
from workflow.base.patterns import later

TABLE = os.path.join(os.path.dirname(__file__), "form.toml")
MOST_PERSONS = 10
PERSON, BODIES = "natural_person", "body"
UNKNOWN_ORGAN = "unknown"
UNKNOWN = {"zh": "我不确定，请代为转办", "en": "I do not know; please pass it on"}
# Control characters, and marks that let a text read otherwise than it is.
_HIDDEN = later("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_MAIL = later(r"[^\s@<>(),:;\"\[\]\\]{1,64}@[^\s@<>(),:;\"\[\]\\]{1,253}")


class Field(NamedTuple):
    """A field of the page: its name there, its entry in the table, what was typed, and what is wrong."""

    name: str
    spec: dict[str, Any]
    value: str
    fault: str = ""


@dataclass
class Shape:
    """What kind of form it is: who applies, how many, and whether an agent does it for them."""

    kind: str = PERSON
    persons: int = 1
    agent: bool = False

    @property
    def of(self) -> str:
        """Whether persons or a body are asked."""
        return "person" if self.kind == PERSON else BODIES


@dataclass
class Filled:
    """A form with what was typed into it."""

    shape: Shape
    persons: list[list[Field]]
    agent: list[Field]
    wanted: list[Field]
    faults: list[Field] = field(default_factory=list)

    @property
    def fields(self) -> list[Field]:
        """All fields in the order of the page."""
        return [*(one for person in self.persons for one in person), *self.agent, *self.wanted]


@cache
def table() -> dict[str, Any]:
    """The table of the form."""
    return tables.read(TABLE)


@cache
def kinds() -> dict[str, dict[str, str]]:
    """The kinds of applicant with their names in both languages."""
    return names.bundled()["applicant"]


def shape(given: Mapping[str, Any]) -> Shape:
    """The kind of form that is asked for; what makes no sense is left at the usual."""
    kind = str(given.get("kind", PERSON))
    persons = str(given.get("persons", "1"))
    number = int(persons) if persons.isdecimal() and len(persons) < 4 else 1
    made = Shape(kind if kind in kinds() else PERSON, min(max(number, 1), MOST_PERSONS))
    made.agent = str(given.get("agent", "")) == "1"
    if made.kind != PERSON:
        made.persons = 1
    return made


def choices(spec: Mapping[str, Any], organs: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """What can be chosen in a field: key and words."""
    if spec["choices"] == "organ":
        return [*organs.items(), (UNKNOWN_ORGAN, UNKNOWN[lang])]
    return [(key, named[lang]) for key, named in table()["choices"][spec["choices"]].items()]


def read(given: Mapping[str, Any], organs: Mapping[str, str]) -> Filled:
    """The form as it was filled in, with its faults; nothing is given: an empty form."""
    what = shape(given)
    persons = [
        [
            _field(f"p{no}_", spec, given, organs)
            for spec in table()["person"]
            if spec.get("of", what.of) == what.of
        ]
        for no in range(1, what.persons + 1)
    ]
    agent = [_field("a_", spec, given, organs) for spec in table()["agent"]] if what.agent else []
    wanted = [_field("", spec, given, organs) for spec in table()["wanted"]]
    return Filled(what, persons, agent, wanted)


def _field(prefix: str, spec: dict[str, Any], given: Mapping[str, Any], organs: Mapping[str, str]) -> Field:
    value = given.get(prefix + spec["id"], "")
    text = clean(value) if isinstance(value, str) else ""
    if "choices" in spec and not text:
        keys = [key for key, _ in choices(spec, organs, "zh")]
        text = keys[0] if not spec.get("need") else ""
    return Field(prefix + spec["id"], spec, text)


def clean(text: str) -> str:
    """A text with plain line breaks and no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def checked(filled: Filled, organs: Mapping[str, str]) -> Filled:
    """The form with what is wrong in each field, by the keys of words.toml."""

    def look(one: Field) -> Field:
        return one._replace(fault=_fault(one, organs))

    made = Filled(
        filled.shape,
        [[look(one) for one in person] for person in filled.persons],
        [look(one) for one in filled.agent],
        [look(one) for one in filled.wanted],
    )
    _together(made)
    made.faults = [one for one in made.fields if one.fault]
    return made


def fault_of_text(text: str, most: int, *, rows: bool = False) -> str:
    """What is wrong with a text by itself."""
    if len(text) > most:
        return "long"
    if _HIDDEN.search(text) or (not rows and ("\n" in text or "\t" in text)):
        return "signs"
    return ""


def _fault(one: Field, organs: Mapping[str, str]) -> str:
    spec, text = one.spec, one.value
    if not text:
        return "needed" if spec.get("need") else ""
    if found := fault_of_text(text, spec["most"], rows=bool(spec.get("rows"))):
        return found
    if "choices" in spec and text not in dict(choices(spec, organs, "zh")):
        return "choice"
    if spec["id"] == "email" and not _MAIL.fullmatch(text):
        return "mail"
    return ""


def _together(made: Filled) -> None:
    """What one field wants of another: a contact, an address for the post, a mailbox for mail."""
    wanted = {one.name: one.value for one in made.wanted}
    first = {one.spec["id"]: one.value for one in made.persons[0]}
    if not any(first[name] for name in ("phone", "email", "address")):
        _blame(made.persons[0], "phone", "contact")
    if wanted["way"] == "post" and not first["address"]:
        _blame(made.persons[0], "address", "address")
    if "email" in (wanted["way"], wanted["notice"]) and not first["email"]:
        _blame(made.persons[0], "email", "mailbox")
    if wanted["notice"] == "sms" and not first["phone"]:
        _blame(made.persons[0], "phone", "number")


def _blame(fields: list[Field], id: str, fault: str) -> None:
    for at, one in enumerate(fields):
        if one.spec["id"] == id and not one.fault:
            fields[at] = one._replace(fault=fault)


def answers(filled: Filled) -> dict[str, Any]:
    """What was typed, as the office receives it: names of choices in Chinese, nothing that is empty."""

    def plain(fields: list[Field]) -> dict[str, str]:
        return {one.spec["id"]: _named(one) for one in fields if one.value}

    keys = {one.name: one.value for one in filled.wanted}
    return {
        "kind": filled.shape.kind,
        "applicants": [plain(person) for person in filled.persons],
        "agent": plain(filled.agent) or None,
        "organ": keys["organ"],
        "request": keys["request"],
        "medium": keys["medium"],
        "way": keys["way"],
        "notice": keys["notice"],
    }


def _named(one: Field) -> str:
    if one.spec.get("choices") in ("id_person", "id_body"):
        return str(table()["choices"][one.spec["choices"]][one.value]["zh"])
    return one.value
