"""Tests of the decision against itself: outcomes that exclude each other, parts set apart, provisions of
other outcomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from letters.check import mentions
from letters.check.own_words import plain
from letters.check.subject import Subject, of_items, table, test
from letters.content.facts import at
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.patterns import later

_VAGUE = later(
    r"^(?:其中的?)?(?:的)?(?:部分|一部分|有关|相关|其余|其他|剩余|上述|该)*(?:内容|部分|信息|材料|数据|资料)?(?:\([0-9]+\))?$"
)
# "Held" and "not held" exclude each other, whatever else is said of the same information.
_HELD = frozenset({"granted", "already_public", "withheld", "partial"})
_NOT_HELD = frozenset({"not_held", "not_here", "archived", "not_government_information"})
# What is given may be called given or public already; what is withheld, withheld or given in part.
_TOGETHER = (("granted", "already_public", "partial"), ("withheld", "partial"))
# A section inside an organ, which does not answer in its own name.
_WITHIN = r"[\u4e00-\u9fff]{0,10}?(?:科|股|档案室|资料室|收发室|窗口)(?=[^\u4e00-\u9fff]|$)"
_SECTION = later(_WITHIN)
_OURSELVES = later(
    rf"(?:本|我)(?:行政)?(?:机关|局|厅|委|镇|县|区|单位)(?:[,，。;]|$|{_WITHIN})|(?:本|我)(?:行政)?(?:机关|局|厅|委|单位)办公室"
)
SEVERANCE = "severance"
_REPUBLISHED = ("reasons", "facts")


@test
def _one_outcome(subject: Subject) -> Iterable[DisclosureError] | None:
    """Two rows of one item that speak of the same part, or of parts that nobody can tell apart."""
    rows = [row for row in subject.items if row.get("part")]
    if not rows:
        return None
    return list(_excluding(subject, rows))


def _excluding(subject: Subject, rows: list[Mapping[str, Any]]) -> Iterator[DisclosureError]:
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            kinds = {str(one["outcome"]), str(other["outcome"])}
            exclude = bool(kinds & _HELD) and bool(kinds & _NOT_HELD)
            if one["no"] == other["no"] and len(kinds) == 2 and exclude and _same(one, other):
                yield Refused(
                    N_("Item {no}: the same part is both {one} and {other}; one excludes the other."),
                    field="part",
                    no=one["no"],
                    one=Named("outcome", str(one["outcome"])),
                    other=Named("outcome", str(other["outcome"])),
                    rule=subject.basis(one),
                )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    first, second = plain(str(one["part"])), plain(str(other["part"]))
    return first in second or second in first or bool(_VAGUE.match(first)) or bool(_VAGUE.match(second))


@test
def _severed(subject: Subject) -> Iterable[DisclosureError] | None:
    """A refusal has to say which part could be disclosed, or why nothing could be severed."""
    rows = list(of_items(subject, "withheld"))
    if not rows:
        return None
    return [
        Refused(
            N_("Item {no}: whether a part of it can be given is not said."),
            field=SEVERANCE,
            no=row["no"],
            way_on=N_("Say it with --extra severance=..., or draft the part that can be given."),
        )
        for row in rows
        if not (row.get("extra") or {}).get(SEVERANCE) and not _set_apart(subject, row)
    ]


def _set_apart(subject: Subject, row: Mapping[str, Any]) -> bool:
    """Whether this row is a passage set apart from what is given: named, and not itself one of the papers
    asked for.
    """
    part = plain(str(row.get("part") or ""))
    given = any(
        other["no"] == row["no"] and other["outcome"] in ("granted", "already_public")
        for other in subject.items
    )
    return bool(part) and given and not _VAGUE.match(part) and part not in subject.asked(int(row["no"]))


@test
def _article_of_outcome(subject: Subject) -> Iterable[DisclosureError] | None:
    """A provision of the Regulations in the officer's words, by which another outcome would be decided."""
    bases = _Bases(subject)
    looked_at = [
        (no, name, one)
        for no, name, one, verdict in subject.named
        if name in _REPUBLISHED and one.article and verdict == mentions.PASSED
    ]
    if not looked_at:
        return None
    return list(_of_another(subject, bases, looked_at))


def _of_another(
    subject: Subject, bases: _Bases, looked_at: list[tuple[int, str, mentions.Mention]]
) -> Iterator[DisclosureError]:
    for no, name, one in looked_at:
        rows = [row for row in subject.items if row["no"] == no]
        quoted = not any(plain(one.text) in said.own for said in subject.said if said.no == no)
        if quoted or any(bases.allows(row, one) for row in rows):
            continue
        others = bases.others(one)
        if others:
            own = rows[0]
            yield Refused(
                N_("Item {no}, {name}: {text} is the provision of another outcome ({others}), not of {own}."),
                field=name,
                no=no,
                name=Named("need", name),
                text=one.text,
                others=Named("outcome", *others),
                own=Named("outcome", str(own.get("ground") or own["outcome"])),
                rule=bases.of(own)[0] if bases.of(own) else None,
            )


class _Bases:
    """The provisions of the Regulations by which each outcome and ground is decided."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @property
    def rows(self) -> dict[str, tuple[str, ...]]:
        """Provisions by outcome or ground."""
        return self.subject.bases

    def of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The provisions of one row of the decision."""
        return (
            *self.rows.get(str(row["outcome"]), ()),
            *(self.rows.get(str(row["ground"]), ()) if row.get("ground") else ()),
        )

    def allows(self, row: Mapping[str, Any], one: mentions.Mention) -> bool:
        """Whether the row may cite it: its own provision, or that of an outcome that goes with it, or
        nobody's.
        """
        if not self._named(str(row["outcome"])):
            return True
        beside = next((kind for kind in _TOGETHER if row["outcome"] in kind), ())
        may = (*self.of(row), *(ref for name in beside for ref in self.rows.get(name, ())), *_anybodys())
        return any(_covers(ref, one) or _within(ref, one) for ref in may)

    def _named(self, outcome: str) -> bool:
        """Whether the Regulations of the case name such an answer: one that they do not was given under many
        of their provisions.
        """
        named = table()["words"]["named_by"].get(self.subject.era.key)
        return named is None or outcome in named

    def others(self, one: mentions.Mention) -> list[str]:
        """The outcomes and grounds whose own provision it is, to the item or the article as a whole."""
        return [name for name, refs in self.rows.items() if any(_covers(ref, one) for ref in refs)]


def _anybodys() -> tuple[str, ...]:
    """Provisions that say what government information is: any outcome may be reasoned with them."""
    return tuple(table()["words"]["anybodys"])


def _places(ref: str) -> tuple[str, list[int], str]:
    key, _, rest = ref.partition(":")
    parts = rest.split(".")
    return key, [int(part) for part in parts[1:] if part.isdigit()], parts[0]


def _covers(ref: str, one: mentions.Mention) -> bool:
    """Whether a mention names exactly the place of a reference, or a place inside it."""
    key, places, article = _places(ref)
    if key not in one.keys or article != one.article:
        return False
    wanted = ([*places, 0, 0])[:2]
    named = (one.paragraph or (1 if one.item else 0), one.item)
    return all(not want or want == have for want, have in zip(wanted, named, strict=True))


def _within(ref: str, one: mentions.Mention) -> bool:
    """Whether a mention names the article as a whole, in which the reference lies."""
    key, places, article = _places(ref)
    whole = not one.item and (not one.paragraph or (places[:1] or [1])[0] == one.paragraph)
    return key in one.keys and article == one.article and whole


@test
def _not_ourselves(subject: Subject) -> Iterable[DisclosureError] | None:
    """The responsible organ named must not be this office itself."""
    rows = [(one.no, one.plain) for one in subject.entries.get("responsible_organ", ())]
    if not rows:
        return None
    ours = [plain(str(at(subject.data, f"office.{name}") or "")) for name in ("name", "short")]
    return [
        Refused(
            N_("Item {no}: the responsible organ that is named is this organ itself."),
            field="responsible_organ",
            no=no,
        )
        for no, text in rows
        if any(len(name) > 3 and text.startswith(name) and not _continues(text, name) for name in ours)
        or _OURSELVES.match(text)
    ]


def _continues(text: str, name: str) -> bool:
    """Whether the name continues as another organ's: 江州市人民政府办公室 is not 江州市人民政府; but a
    section of ours is this organ.
    """
    rest = text[len(name) :]
    return bool(re.match(r"[\u4e00-\u9fff]", rest)) and not _SECTION.match(rest)


@test
def _transfer_over(subject: Subject) -> Iterable[DisclosureError] | None:
    """Only a file transferred to the archive may be referred to the archive."""
    rows = list(of_items(subject, "archived"))
    if not rows:
        return None
    return [fault for row in rows if (fault := _still_ours(subject, row)) is not None]


def _still_ours(subject: Subject, row: Mapping[str, Any]) -> DisclosureError | None:
    given = str((row.get("extra") or {}).get("transfer_due") or "")
    try:
        due = date.fromisoformat(given)
    except ValueError:
        return Refused(
            N_("Item {no}: the day on which the transfer to the archive was due is not given."),
            field="transfer_due",
            no=row["no"],
            way_on=N_("Give it with: --extra transfer_due=YYYY-MM-DD"),
        )
    if due >= subject.on:
        return Refused(
            N_("Item {no}: the transfer was due on {due} only; until then the organ answers itself."),
            field="transfer_due",
            no=row["no"],
            due=due,
        )
    return None
