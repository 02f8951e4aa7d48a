"""An office's own words and templates, laid over the project's: what may be in them, and what a letter must
keep.

An override is phrases.toml (changes of phrases.toml here, by the same names) and templates (NAME.html).
Remedies, the rules of the check and the needs of the law are in no override: they are the law's, and not a
matter of wording.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from letters.check import rules
from letters.content import phrases
from letters.content.faults import Fault
from letters.content.letter_content import Content
from letters.content.phrases import Phrases
from letters.own_wording import template_html
from workflow.base import nested, tables
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.law import Law

PHRASES = "phrases.toml"
FOLDER = Path(__file__).parent.with_name("templates")
LONGEST = 64_000  # characters of one file of an override (house rule)
_NOT_WORDING = ("need", "follow")
_RAW = later(r"\{\{|\}\}|\{%|%\}|\{#|\{[a-z_]+\??\}|\bUndefined\b")
_REMEDIES = ("复议", "诉讼", "起诉")


@dataclass(frozen=True)
class Override:
    """One office's wording: the changes of the phrases and the templates, and the SHA-256 that names them."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole in one possible form."""
        return json.dumps(
            {"phrases": self.changes, "templates": self.templates}, ensure_ascii=False, sort_keys=True
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the text; "" for an override of nothing."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.changes or self.templates else ""

    @property
    def words(self) -> Phrases:
        """The project's phrases with the changes laid over them."""
        return phrases.with_changes(self.changes) if self.changes else phrases.bundled()

    def over(self, content: Content) -> Content:
        """What a letter says, with what it is set by: the letter can be made again when the office has other
        words.
        """
        made: Content = {**content}
        if self.digest:
            made["overrides"] = self.digest
        if self.templates:
            made["own_templates"] = dict(self.templates)
        return made


def of_text(text: str) -> Override:
    """An override as it was kept."""
    plain = json.loads(text)
    return Override(plain["phrases"], plain["templates"])


def read(folder: Path) -> Override:
    """The override in a folder; Malformed names the file and the place that is wrong."""
    if not folder.is_dir():
        raise Malformed(
            N_("{path} is not a folder."),
            field="folder",
            path=str(folder),
            way_on=N_(
                "Write the words in force into a folder first: disclosure letter overrides export --out DIR"
            ),
        )
    changes: dict[str, Any] = {}
    templates: dict[str, str] = {}
    known = {path.name for path in FOLDER.glob("*.html")}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        text = tables.text_of(path)
        if len(text) > LONGEST:
            raise Malformed(
                N_("{name} has {length} characters; the most is {longest}."),
                field=path.name,
                name=path.name,
                length=len(text),
                longest=LONGEST,
            )
        if path.name == PHRASES:
            changes = _differing(tables.parse(text, path.name), tables.read(phrases.TABLE))
        elif path.name in known:
            if text != (FOLDER / path.name).read_text(encoding="utf-8"):
                templates[path.name] = text
        else:
            raise Malformed(
                N_("An override has no file '{name}'."),
                field=path.name,
                name=path.name,
                way_on=N_("It may have: {names}"),
                names=", ".join([PHRASES, *sorted(known)]),
            )
    _same_shape(changes, tables.read(phrases.TABLE), ())
    if not changes and not templates:
        raise Malformed(N_("{path} holds no wording at all."), field="folder", path=str(folder))
    return Override(changes, templates)


def _differing(changes: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """What is not as in the project's own: a whole exported file may be edited, and only the edits are
    kept.
    """
    made: dict[str, Any] = {}
    for key, value in changes.items():
        own = base.get(key)
        if isinstance(value, Mapping) and isinstance(own, Mapping):
            if inner := _differing(value, own):
                made[key] = inner
        elif value != own:
            made[key] = value
    return made


def _same_shape(changes: Any, base: Any, path: tuple[str, ...]) -> None:
    """Malformed where a change names what the phrases do not have, or puts another kind of thing in its
    place.
    """
    name = ".".join(path)
    if path[:1] and path[0] in _NOT_WORDING:
        raise Malformed(N_("'{name}' is no wording and cannot be overridden."), field=name, name=name)
    if base is None:
        raise Malformed(
            N_("The phrases have no '{name}'."),
            field=name,
            name=name,
            way_on=N_("Change phrases by the names that they have in letters/content/phrases.toml."),
        )
    if isinstance(base, Mapping):
        if not isinstance(changes, Mapping):
            raise Malformed(N_("'{field}' has to be named values."), field=name)
        for key, value in changes.items():
            _same_shape(value, base.get(key), (*path, str(key)))
    elif type(changes) is not type(base):
        raise Malformed(N_("'{name}' has to be of the same kind as what it replaces."), field=name, name=name)
    else:
        # Not every phrase stands in some specimen: what could not be filled in would show on a real letter
        # only.
        for phrase in _strings(changes):
            _require_fillable(phrase, name)


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(one)


@cache
def _fillings() -> frozenset[str]:
    """What the project's own phrases are filled in with."""
    table = tables.read(phrases.TABLE)
    return frozenset(name.removesuffix("?") for phrase in _strings(table) for name in phrases.names(phrase))


def _require_fillable(phrase: str, where: str) -> None:
    """Malformed for a phrase with a brace too many, or with a {name} that no phrase is ever given."""
    try:
        unknown = [name for name in phrases.names(phrase) if name.removesuffix("?") not in _fillings()]
    except ValueError:
        raise Malformed(
            N_("'{name}' has a brace that is not closed or not opened: {text}"),
            field=where,
            name=where,
            text=phrase[:60],
            way_on=N_("Close every brace, or take it out."),
        ) from None
    if unknown:
        raise Malformed(
            N_("'{name}' names {unknown}, which no letter fills in."),
            field=where,
            name=where,
            unknown=unknown[0],
            way_on=N_("It may name: {names}"),
            names=listed(sorted(_fillings())),
        )


# --- what a specimen has to keep


def faults(
    letter: str, reference: Mapping[str, Any], content: Mapping[str, Any], page: str, told: str, law: Law
) -> Iterator[Fault]:
    """What the letter lost: its parts as they stand in `reference` (the project's words), sought in the text
    `told` read back from the page that was made of `content`; `page` is its HTML."""
    yield from (Fault(letter, "markup", detail) for detail in template_html.foreign(page))
    flat = _flat(told)
    for part, text in _mandatory(reference, law):
        if _flat(text) not in flat:
            yield Fault(letter, part, text)
    raw = _RAW.search(told)
    if raw:
        yield Fault(letter, "template", raw[0])
    wanted, found = _flat(_said(reference)), flat
    for word in _REMEDIES:
        if found.count(word) != wanted.count(word):
            yield Fault(letter, "remedy", word)


def told_of(data: Mapping[str, Any]) -> Any:
    """What was given by the officer and the applicant, and has to be told by the letter."""
    return [data["case"]["items"], data["decision"], data["extra"]]


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _said(content: Mapping[str, Any]) -> str:
    parts = [
        content["organ"],
        content["number"] or "",
        content["title"],
        content["addressee"],
        *content["annexes"],
        content["signatory"],
        content["date_zh"],
        content["contact"],
    ]
    for block in content["blocks"]:
        parts += [block.get("text", ""), *(cell for row in block.get("rows", ()) for cell in row)]
    return "\n".join(str(part) for part in parts)


def _mandatory(reference: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    """Every part that may not get lost, with its text."""
    plain: tuple[str, ...] = ("organ", "number", "addressee", "signatory", "date_zh")
    if reference["layout"] in ("form", "slip"):
        plain = ("organ", "number")
    yield from ((part, str(reference[part])) for part in plain if reference.get(part))
    yield from (("remedy", text) for text in reference["remedy"]["text"].split("\n") if text)
    yield from (("annexes", str(name)) for name in reference["annexes"])
    said = _flat(_said(reference))
    for ref in reference["data"]["basis"]:
        short = law.citation(ref).zh_short
        if short and _flat(short) in said:
            yield "citation", short
    for piece in str(reference["contact"]).split("，"):
        value = piece.rpartition("：")[2]
        if value:
            yield "contact", value
    yield from (("facts", value) for value in _values(reference.get("told", ())) if _flat(value) in said)


def _values(told: Any) -> Iterator[str]:
    """What was given to be told, as texts of some length."""
    return (text.rstrip("。") for text in nested.texts(told) if len(text) >= 4)


def require_none(found: list[Fault]) -> None:
    """Refused with the letters and parts, where anything is wrong."""
    if found:
        first = found[0]
        raise Refused(
            N_("The wording is refused: {n} faults, the first in {letter}, part {part}: {detail}"),
            n=len(found),
            field=first.part,
            letter=first.letter,
            part=rules.part(first.part),
            detail=first.detail[:200],
            way_on=N_("See all of them with: disclosure letter overrides check DIR"),
        )
