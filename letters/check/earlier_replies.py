"""Tests of an earlier reply that a letter names: its number, whose it was, whether it went out, and on
what.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator

from letters.check.subject import Earlier, Subject, test
from letters.check.suspicions import same_words
from letters.content import chinese
from letters.content.facts import at
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_
from workflow.base.patterns import later

ALIKE = 0.3
"""From what share of common pairs two requests may be for the same information. House rule."""
_DOCUMENT = later(r"([^〔〕\[\]\s，。；、：（）()“”,;:]{1,60})[〔\[(](\d{4})[〕\])](?:第)?(\d+)号")


@test
def _earlier_reply_number(subject: Subject) -> Iterable[DisclosureError] | None:
    told = _earlier(subject)
    if not told:
        return None
    return [
        Refused(
            N_("Item {no}: the earlier reply is named without its number: {text}"),
            field="earlier_reply",
            no=no,
            text=text[:60],
        )
        for no, text in told
        if not _DOCUMENT.search(text)
    ]


@test
def _earlier_reply_ours(subject: Subject) -> Iterable[DisclosureError] | None:
    """Only numbers with this office's code are looked up; other offices' registers are not known here."""
    return _asked(
        subject,
        lambda no, found, one: (
            None
            if one
            else Refused(
                N_("Item {no}: this office's register has no letter {number}."),
                field="earlier_reply",
                no=no,
                number=found,
            )
        ),
    )


@test
def _earlier_reply_applicant(subject: Subject) -> Iterable[DisclosureError] | None:
    """A reply to another person does not answer this applicant."""
    return _asked(
        subject,
        lambda no, found, one: (
            Refused(
                N_("Item {no}: {number} went to another applicant."),
                field="earlier_reply",
                no=no,
                number=found,
            )
            if one and not one.same_applicant
            else None
        ),
    )


@test
def _earlier_reply_sent(subject: Subject) -> Iterable[DisclosureError] | None:
    """A letter that was not sent has answered nothing."""
    return _asked(
        subject,
        lambda no, found, one: (
            Refused(N_("Item {no}: {number} was not sent yet."), field="earlier_reply", no=no, number=found)
            if one and not one.sent
            else None
        ),
    )


@test
def _earlier_reply_matter(subject: Subject) -> Iterable[DisclosureError] | None:
    """The earlier reply has to be on the same information."""
    return _asked(
        subject,
        lambda no, found, one: (
            Refused(
                N_("Item {no}: {number} answered a request for other information: {text}"),
                field="earlier_reply",
                no=no,
                number=found,
                text="；".join(one.items)[:60],
            )
            if one and max((same_words(subject.asked(no), text) for text in one.items), default=0.0) < ALIKE
            else None
        ),
    )


def _asked(
    subject: Subject, fault: Callable[[int, str, Earlier | None], DisclosureError | None]
) -> list[DisclosureError] | None:
    """The faults of each earlier reply that bears a number of this office; None where none does."""
    told = _earlier(subject)
    ours = list(_ours(subject, told)) if told else []
    if not ours:
        return None
    return [found for no, number, one in ours if (found := fault(no, number, one)) is not None]


def _ours(subject: Subject, told: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, Earlier | None]]:
    word = str(at(subject.data, "office.code") or "")
    for no, text in told:
        for found in _DOCUMENT.finditer(text):
            if not word or not found[1].endswith(word):
                continue
            numbers = [
                chinese.document_number(word, int(found[2]), int(found[3]) or 1, with_di=di)
                for di in (False, True)
            ]
            yield no, found[0], next(filter(None, map(subject.earlier, numbers)), None)


def _earlier(subject: Subject) -> list[tuple[int, str]]:
    return [
        (one.no, unicodedata.normalize("NFKC", "".join(one.typed.split())))
        for one in subject.entries.get("earlier_reply", ())
    ]
