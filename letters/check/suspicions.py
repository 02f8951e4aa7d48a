"""Tests of what a program can only suspect and no single pattern finds: a search by the applicant's words
alone, etc.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from letters.check.own_words import plain
from letters.check.subject import Subject, of_items, test
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.base.patterns import later

SAME = 0.8
"""From what share of common pairs two requests are for the same information. House rule."""
_TERM = later(r"[“\"「‘]([^”\"」’]{2,40})[”\"」’]")
_ANY_PAPER = ("信息", "政府信息", "文件", "材料")
_ISSUED = later(
    r"(?:^|(?<=[。;])|(?:该|此|上述|所申请(?:公开)?的?|申请公开的)(?P<noun>[\u4e00-\u9fff]{1,8}?)(?:现|早|均|也|都)?)"
    r"(?:已|已经|业经|经)(?:(?![未待拟将不])[^,。;]){0,16}?(?:印发|下发|发布|公布|公示|公告|施行|实施|生效)(?!的)"
)
# What follows the name of a paper in brackets: 规划草案(公示稿).
_IN_BRACKETS = later(r"\([^()]*\)[。.]?$")
_MARKUP = later(
    r"^[ \t\u3000]*\|.*\|[ \t\u3000]*$|</?[a-zA-Z][^<>]*>|\[[^\[\]]+\]\([^()]+\)|`[^`]+`|^[ \t\u3000]*```",
    re.MULTILINE,
)


@test
def _literal_search(subject: Subject) -> Iterable[DisclosureError] | None:
    """A search by the applicant's own words alone: the organ has its own names for such papers."""
    rows = list(of_items(subject, "not_held"))
    if not rows:
        return None
    faults: list[DisclosureError] = []
    for row in rows:
        said, asked = subject.of(row, "search", "facts"), subject.asked(int(row["no"]))
        terms = _TERM.findall(said)
        if terms and all(term in asked for term in terms) and len(set(terms)) == 1 and "及" not in said:
            faults.append(
                Refused(
                    N_("Item {no}: the search was made by the applicant's own word alone: {term}"),
                    field="search",
                    no=row["no"],
                    term=terms[0],
                )
            )
    return faults


@test
def _plain_words(subject: Subject) -> Iterable[DisclosureError] | None:
    """Markup that a letter cannot typeset and would print raw: tables, tags, links, code."""
    if not subject.said:
        return None
    return [
        Refused(
            N_("Item {no}, {name}: a letter prints this as it is typed: {text}"),
            field=one.name,
            no=one.no,
            name=Named("need", one.name),
            text=found[0].strip()[:40],
        )
        for one in subject.said
        if (found := _MARKUP.search(one.typed)) is not None
    ]


@test
def _third_party_told(subject: Subject) -> Iterable[DisclosureError] | None:
    """A disclosure against an objection is told to the third party in writing; the reply says so only where
    that letter went out.
    """
    asked = subject.data.get("consultations") or ()
    rows = [one for one in asked if one.get("public_interest") or one.get("unfounded")]
    # Held unsound in the draft alone: nobody has told the third party.
    given = {
        int(one["no"])
        for one in of_items(subject, "granted", "already_public")
        if (one.get("extra") or {}).get("objection_unfounded")
    }
    rows += [
        {**one, "told": False}
        for one in asked
        if one not in rows
        and one.get("answer") in ("object", "partly")
        and given & set(one.get("items") or ())
    ]
    if not rows:
        return None
    return [
        Refused(
            N_("{name} objected, and the letter that tells of the disclosure has not gone out."),
            field="consultations",
            name=str(one.get("name", "")),
        )
        for one in rows
        if one.get("told") is False
    ]


@test
def _issued(subject: Subject) -> Iterable[DisclosureError] | None:
    """Process information that by the officer's own words was issued is none. That the decision which it
    prepared was issued is no such word: the rule process_open asks about that.
    """
    rows = [row for row in of_items(subject, "withheld") if row.get("ground") == "process_information"]
    if not rows:
        return None
    faults: list[DisclosureError] = []
    for row in rows:
        asked = _IN_BRACKETS.sub("", subject.asked(int(row["no"]))).rstrip("。.;,、”》")
        for one in (subject.texts(row).get(name) for name in ("reasons", "facts")):
            found = next(
                (hit for hit in _ISSUED.finditer(one.own if one else "") if _itself(hit, asked)), None
            )
            if one is not None and found is not None:
                faults.append(
                    Refused(
                        N_("Item {no}, {name}: {text}: what was formally issued is no process information."),
                        field=one.name,
                        no=row["no"],
                        name=Named("need", one.name),
                        text=found[0][:40],
                    )
                )
    return faults


def _itself(hit: re.Match[str], asked: str) -> bool:
    """Whether what was issued is what is asked for: no subject, "the information", or the last word of the
    request.
    """
    noun = hit["noun"] or ""
    return not noun or noun in _ANY_PAPER or asked.endswith(noun)


@test
def _years_answered(subject: Subject) -> Iterable[DisclosureError] | None:
    """A request for several years of which the officer's words about what is given name only some."""
    rows = [one for one in of_items(subject, "granted", "already_public") if not one.get("part")]
    if not rows:
        return None
    faults: list[DisclosureError] = []
    for row in rows:
        asked = _years(subject.asked(int(row["no"])))
        if len(asked) < 2:
            continue
        said = _years(subject.of(row, "reasons", "facts", "means"))
        left = asked - said
        if said & asked and left:
            faults.append(
                Refused(
                    N_("Item {no}: the answer names {said}, and nothing is said of {left}."),
                    field="reasons",
                    no=row["no"],
                    said=listed(map(str, sorted(said & asked))),
                    left=listed(map(str, sorted(left))),
                )
            )
    return faults


_YEAR = later(r"(?<![0-9])((?:19|20)\d{2})(?=年|[-~至到—、,和及])")
_YEARS = later(r"(?<![0-9])((?:19|20)\d{2})年?度?(?:[-~至到—]{1,3})((?:19|20)\d{2})(?![0-9])")
_LONGEST = 30


def _years(text: str) -> set[int]:
    """The years that a text names, also those inside a range."""
    named = {int(one) for one in _YEAR.findall(text)}
    for first, last in ((int(one), int(other)) for one, other in _YEARS.findall(text)):
        named |= set(range(first, last + 1)) if last - first <= _LONGEST else {first, last}
    return named


@test
def _issued_here(subject: Subject) -> Iterable[DisclosureError] | None:
    """Process information that this office gives in the same letter, or gave before, is none."""
    rows = [row for row in of_items(subject, "withheld") if row.get("ground") == "process_information"]
    if not rows:
        return None
    given = {int(one["no"]) for one in of_items(subject, "granted", "already_public") if not one.get("part")}
    faults: list[DisclosureError] = []
    for row in rows:
        asked = subject.asked(int(row["no"]))
        here = next((no for no in sorted(given) if same_words(asked, subject.asked(no)) >= SAME), None)
        before = subject.given_before(asked) if here is None and not row.get("part") else None
        if here is not None:
            faults.append(
                Refused(
                    N_("Item {no}: item {other} of this letter gives the same information."),
                    field="outcome",
                    no=row["no"],
                    other=here,
                )
            )
        elif before:
            faults.append(
                Refused(
                    N_("Item {no}: {number} gave the same information; it was issued."),
                    field="outcome",
                    no=row["no"],
                    number=before,
                )
            )
    return faults


def same_words(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that two texts have in common (Jaccard, 0 to 1)."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _pairs(text: str) -> set[str]:
    flat = plain(text)
    return {flat[place : place + 2] for place in range(len(flat) - 1)}
