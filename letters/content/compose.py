"""Composes a letter's content from its code and data: every part required by law, or an error that names what
is missing.

The content is plain data (JSON): render.py typesets it and changes no word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from letters.content import chinese, kinds, phrases, remedy_notice
from letters.content.decision import Decision
from letters.content.decision_item import paragraph
from letters.content.facts import Facts, at
from letters.content.kind_cells import Kind, parts
from letters.content.letter_content import Block, Content
from letters.content.phrases import Phrases
from letters.content.undecided import annexes_of, form, standing
from workflow.base import names
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, pick
from workflow.law import Law
from workflow.law.keys import Provision
from workflow.law.setting_keys import SettingKey

LONGEST = 60_000
"""Characters of a whole letter (some hundred pages). House rule."""
PAGES = ("letter", "ordinary")
"""The formats of GB/T 9704-2012 in which an office may send letters: 信函格式 (10.1) and the ordinary one
(7).
"""
FORMAT = 1
"""Version of the content's shape; it is part of the attached data."""


def letter(code: str, data: Mapping[str, Any], law: Law, *, words: Phrases | None = None) -> Content:
    """The content of one letter.

    Raises Refused (with field and article) when something that the letter must say is not given, Malformed
    when something cannot be read. A document number may be missing: such a letter can be rendered as a draft
    only.
    """
    kind = kinds.get(code)
    facts = Facts(kind, data, law, words or phrases.bundled())
    facts.check()
    decision = Decision(facts) if kind.decides else None
    decided = [item.as_json() for item in decision.items] if decision else None
    if decision and decided:
        _fits(kind, decision, decided)
        basis = list(dict.fromkeys(ref for item in decision.items for ref in item.basis))
        blocks = list(decision.blocks())
        annexes = decision.annexes
    else:
        basis = facts.basis
        blocks = list(form(facts) if kind.format != "letter" else standing(facts))
        annexes = annexes_of(facts)
    remedy = _remedy(facts, decision)
    if facts.list_of_applicants:
        blocks.append(paragraph(facts.list_of_applicants, "applicants"))
    length = sum(len(block.get("text", "")) for block in blocks)
    if length > LONGEST:
        raise Malformed(
            N_("The letter has {length} characters; the most is {longest}."),
            field="letter",
            length=length,
            longest=LONGEST,
            way_on=N_("Put the long parts into an annex."),
        )
    blocks += [Block(type="remedy", text=text, part="remedy") for text in remedy.paragraphs]
    office = _office(facts)
    number = _number(facts)
    told = remedy.as_json()
    practice = bool(at(facts.data, "office.practice"))
    content: Content = {
        "format": FORMAT,
        "code": kind.code,
        "layout": _layout(facts),
        "template": kind.template,
        "organ": office["name"],
        "number": number,
        "numbered": kind.numbered,
        "title": kind.title,
        "document": kind.document,
        "addressee": facts.addressee if kind.format == "letter" else "",
        "blocks": blocks,
        "annexes": annexes,
        "signatory": office["name"],
        "date": facts.on.isoformat(),
        "date_zh": chinese.day(facts.on),
        "contact": _contact(facts),
        "remedy": told,
        "meta": {
            "lang": "zh-CN",
            "title": f"{office['name']}{kind.title}",
            "number": number or "",
            "organ": office["name"],
            "subject": kind.zh,
            "created": facts.on.isoformat(),
        },
        "data": {
            "format": FORMAT,
            "letter": kind.code,
            "number": number,
            "date": facts.on.isoformat(),
            "organ": office["name"],
            "case": facts.params["case_number"],
            "received": facts.received.isoformat(),
            "regulations": facts.regulations,
            "served_by": data.get("served_by"),
            "basis": basis,
            "decision": decided,
            "remedy": told,
        },
    }
    if practice:
        content["mark"] = names.bundled()["office"]["practice"]["zh"]
        content["data"]["practice"] = True
    _whole(kind, content)
    return content


def lacking(kind: Kind, content: Mapping[str, Any]) -> list[str]:
    """The parts that have to stand in such a letter and do not. (A number is taken when the letter is
    issued.)
    """
    there = {str(block.get("part")) for block in content["blocks"] if block.get("text") or block.get("rows")}
    there |= {
        name
        for name in ("organ", "title", "addressee", "annexes", "signatory", "date", "contact")
        if content.get(name)
    }
    return [part for part in kind.required if part not in there | {"number"}]


def _whole(kind: Kind, content: Mapping[str, Any]) -> None:
    """Refused when a part that the letter must have is not in it, as where an office's own phrases dropped
    it.
    """
    for part in lacking(kind, content):
        raise Refused(
            N_("The letter {code} lacks a part that it must have: {part}."),
            field=f"parts.{part}",
            code=kind.code,
            part=pick(**parts()[part]),
            way_on=N_("Put the part back into the words of the letter."),
        )


def _layout(facts: Facts) -> str:
    """How the letter stands on the page: as the office has chosen for letters; a form as what it is."""
    if facts.kind.format != "letter":
        return facts.kind.format
    chosen = at(facts.data, "office.letters.format") or PAGES[0]
    if chosen not in PAGES:
        raise Malformed(
            N_("Letters have one of these formats: {formats}."),
            field="letters.format",
            formats=", ".join(PAGES),
        )
    return str(chosen)


def _fits(kind: Kind, decision: Decision, decided: Sequence[Mapping[str, Any]]) -> None:
    """Refused when the decision is another letter's."""
    facts = decision.facts
    found = kinds.for_decision(decided, facts.law_day, facts.law, facts.on)
    if found != kind.code:
        raise Refused(
            N_("This decision is not a letter {code} but a letter {found}."),
            field="code",
            code=kind.code,
            found=found,
            rule=decision.items[0].basis[0] if decision.items[0].basis else None,
        )


# --- the parts


def _office(facts: Facts) -> dict[str, str]:
    name = facts.text("office.name", longest=100).replace("\n", "")
    if not name:
        raise Refused(
            N_("The letter needs the name of the organ."),
            field="office.name",
            rule=facts.law.provision(Provision.FORM_OF_PAPERS, facts.on),
        )
    return {"name": name}


def _number(facts: Facts) -> str | None:
    number = facts.text("number", longest=100)
    if not facts.kind.numbered or not number:
        return None
    with_di = bool(facts.law.chosen(at(facts.data, "office.settings") or {}, SettingKey.NUMBER_WITH_DI))
    return chinese.check_number(number, with_di=with_di)


def _contact(facts: Facts) -> str:
    """How to reach the office; Refused when there is no way at all (a letter without a contact is no
    reply).
    """
    if facts.kind.format != "letter":
        return ""
    parts = [
        facts.phrases.say("closing", f"contact_{name}", **{name: value})
        for name in ("person", "telephone", "address")
        if (value := facts.text(f"office.{name}", longest=400).replace("\n", " "))
    ]
    if not parts:
        raise Refused(
            N_("The letter needs a telephone number or an address of the office."),
            field="office.telephone",
            rule="house:contact",
            way_on=N_("Give it in the office's profile."),
        )
    return "，".join(parts)


def _remedy(facts: Facts, decision: Decision | None) -> remedy_notice.Remedy:
    if facts.kind.remedy == "none":
        return remedy_notice.NOTHING
    items: Sequence[Mapping[str, Any]] = ()
    if decision is not None:
        items = [
            {"no": item.no, "outcome": item.outcome, "ground": item.ground, "extra": item.texts}
            for item in decision.items
        ]
    elif facts.kind.remedy == "third_party":
        items = [{"no": 1, "outcome": facts.kind.contested, "ground": None}]
    return remedy_notice.notice(
        items,
        document=facts.kind.document,
        office=facts.data["office"],
        on=facts.on,
        served_by=facts.data.get("served_by"),
        law=facts.law,
    )
