"""Tests of what a letter cites: the engine's own provisions, the remedies, and the articles in the officer's
own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from letters.check import mentions
from letters.check.own_words import plain
from letters.check.subject import Subject, table, test
from letters.content import kinds, remedy_notice
from letters.content.facts import at
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.law import Law


@test
def _citations_exist(subject: Subject) -> Iterable[DisclosureError]:
    """What the engine cites: the provision exists, and its instrument was in force on the day of the law or
    letter.
    """
    cited = subject.content["data"]["basis"] if subject.content is not None else _cited(subject)
    for ref in cited:
        key = ref.partition(":")[0]
        if key == "house":
            continue
        try:
            subject.law.citation(ref)
            one = subject.law.instrument(key)
        except DisclosureError as fault:
            yield fault
            continue
        last = one.effective_until or date.max
        if not any(one.effective_from <= day <= last for day in (subject.law_day, subject.on)):
            yield Refused(
                N_("{name} was not in force on the day of the letter, nor on the day whose law governs."),
                field="citation",
                name=subject.law.citation(ref).zh,
            )


def _cited(subject: Subject) -> Iterator[str]:
    outcomes = subject.law.outcomes_by_id(subject.law_day, subject.on)
    grounds = subject.law.grounds_by_id(subject.law_day)
    for item in subject.items:
        for name, known in ((item.get("outcome"), outcomes), (item.get("ground"), grounds)):
            row = known.get(str(name))
            basis: Any = row.basis if row is not None else ()
            yield from [basis] if isinstance(basis, str) else basis


@test
def _remedy_matches(subject: Subject) -> Iterable[DisclosureError] | None:
    """The notice is computed once more from outcome, organ and day, and compared with what the letter
    says.
    """
    kind = kinds.get(subject.code) if subject.code else None
    if kind is None or kind.remedy == "none":
        return None
    try:
        wanted = remedy_notice.notice(
            subject.items,
            document=kind.document,
            office=subject.data["office"],
            on=subject.on,
            served_by=at(subject.data, "served_by"),
            law=subject.law,
        )
    except DisclosureError as fault:
        return [fault]
    if subject.content is not None:
        told = [block["text"] for block in subject.content["blocks"] if block.get("type") == "remedy"]
        if told != list(wanted.paragraphs):
            return [
                Refused(
                    N_("The letter does not say of remedies what the law gives: {text}"),
                    field="remedy",
                    text="".join(wanted.paragraphs),
                )
            ]
    return []


@test
def _articles_known(subject: Subject) -> Iterable[DisclosureError] | None:
    return _mentioned(
        subject, mentions.NO_ARTICLE, N_("Item {no}, {name}: there is no such provision: {text}")
    )


@test
def _instruments_known(subject: Subject) -> Iterable[DisclosureError] | None:
    """An article of an instrument that the tables have not; where the law of others is asked for, it may be
    any.
    """
    return _mentioned(
        subject,
        mentions.UNKNOWN,
        N_("Item {no}, {name}: the law tables do not know what is cited: {instrument} {text}"),
        leave_out=table()["words"]["names_other_law"],
    )


@test
def _instruments_in_force(subject: Subject) -> Iterable[DisclosureError] | None:
    return _mentioned(
        subject,
        mentions.NOT_IN_FORCE,
        N_("Item {no}, {name}: {instrument} was not in force on the day of the letter."),
    )


def _mentioned(
    subject: Subject, verdict: str, message: str, leave_out: Iterable[str] = ()
) -> list[DisclosureError] | None:
    looked_at = [row for row in subject.named if row[1] not in leave_out]
    if not looked_at:
        return None
    told = dict.fromkeys(
        (no, name, one.text, one.name) for no, name, one, found in looked_at if found == verdict
    )
    return [
        Refused(
            message, field=name, no=no, name=Named("need", name), text=text, instrument=f"《{instrument}》"
        )
        for no, name, text, instrument in told
    ]


def require_articles(written: Mapping[str, Any], law: Law, law_day: date, on: date) -> None:
    """Refused where what an officer wrote for a notice or a consultation names a provision that does not
    exist.

    There is no draft and no approval on which somebody could look it up: what the tables do not know is let
    through.
    """
    texts = {name: str(written.get(name) or "") for name in table()["words"]["of_acts"]}
    if not any("条" in text for text in texts.values()):
        return
    reader = mentions.Reader(law, table()["words"], law.era_on(law_day))
    for name, text in texts.items():
        for found in reader.find(plain(text)):
            if reader.verdict(found, (law_day, on)) == mentions.NO_ARTICLE:
                raise Refused(
                    N_("There is no such provision: {text}"),
                    field=name,
                    text=found.text,
                    rule="house:citation",
                    way_on=N_("Correct the reference and try again."),
                )
