"""Tests of the letter's parts: number, day, addressee, contact, way to serve, characters, the office's own
wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from letters.check.subject import Subject, day, named, test
from letters.content import chinese, typed_text
from letters.content.facts import at
from letters.content.faults import Fault
from workflow.base.errors import DisclosureError, Refused
from workflow.base.messages import N_


@test
def _composed(subject: Subject) -> Iterable[DisclosureError]:
    # A fault found by another rule is not repeated.
    told = {str(answer.fault) for answer in subject.answers if answer.fault}
    if subject.refused is not None and not told:
        yield subject.refused


@test
def _number(subject: Subject) -> Iterable[DisclosureError]:
    number = typed_text.clean(at(subject.data, "number"), "number", longest=100)
    if not number:
        yield Refused(N_("The letter has no document number."), field="number")
        return
    try:
        chinese.check_number(number, with_di="第" in number.partition("〕")[2])
    except DisclosureError as fault:
        yield fault


@test
def _date(subject: Subject) -> Iterable[DisclosureError]:
    received = day(at(subject.data, "case.received_on"))
    if subject.on < received:
        yield Refused(
            N_("The letter would bear {on}, before the application came ({received})."),
            field="on",
            on=subject.on,
            received=received,
        )
    if subject.content is not None and subject.content["date"] != subject.on.isoformat():
        yield Refused(N_("The letter bears another day than that of its issue."), field="on")


@test
def _addressee(subject: Subject) -> Iterable[DisclosureError]:
    if not typed_text.clean(at(subject.data, "case.applicant.name"), "case.applicant.name", longest=200):
        yield Refused(N_("The letter has nobody to go to."), field="case.applicant.name")


@test
def _contact(subject: Subject) -> Iterable[DisclosureError]:
    if not any(str(at(subject.data, f"office.{name}") or "").strip() for name in ("telephone", "address")):
        yield Refused(
            N_("The letter needs a telephone number or an address of the office."), field="office.telephone"
        )


@test
def _way_to_serve(subject: Subject) -> Iterable[DisclosureError] | None:
    wanted = {"post": "address", "email": "email"}.get(str(at(subject.data, "served_by") or ""))
    if wanted is None:
        return None
    value = str(at(subject.data, f"case.applicant.{wanted}") or "").strip()
    if wanted == "address" and not value:
        return [
            Refused(N_("The letter is to go by post, and the applicant has no address."), field="address")
        ]
    if wanted == "email" and "@" not in value:
        return [
            Refused(
                N_("The letter is to go by e-mail, and the applicant has no e-mail address."), field="email"
            )
        ]
    return []


@test
def _every_character(subject: Subject) -> Iterable[DisclosureError] | None:
    if subject.content is None:
        return None
    return [subject.faceless] if subject.faceless is not None else []


@test
def _own_wording(subject: Subject) -> Iterable[DisclosureError] | None:
    if subject.lost is None:
        return None
    return [
        Refused(
            N_("The office's own wording loses a part of the letter ({part}): {text}"),
            field=one.part,
            part=named("part", one.part),
            text=one.detail[:100],
            rule=rule,
        )
        for one in subject.lost
        for rule in _lost_provisions(subject, one)
    ]


# Days of a letter and of one consultation: where each stands.
_DAYS = {
    "received_on": "case.received_on",
    "corrected_on": "extra.corrected_on",
    "paid_on": "extra.paid_on",
    "extended_on": "extension.noticed_on",
    "reply_due": "extension.due",
    "fee_notified_on": "extra.fee_notified_on",
    "correction_asked_on": "extra.correction_asked_on",
}
_CONSULTED = {"consulted_on": "sent", "answered_on": "answered", "answer_by": "answer_by"}
# Pairs of which the second cannot lie before the first.
_PAIRS = (
    ("received_on", "corrected_on"),
    ("received_on", "paid_on"),
    ("corrected_on", "on"),
    ("paid_on", "on"),
    ("received_on", "extended_on"),
    ("extended_on", "on"),
    ("extended_on", "reply_due"),
    ("fee_notified_on", "paid_on"),
    ("correction_asked_on", "corrected_on"),
)
_PAIRS_CONSULTED = (
    ("received_on", "consulted_on"),
    ("consulted_on", "answered_on"),
    ("consulted_on", "answer_by"),
    ("answered_on", "on"),
)


@test
def _days_in_order(subject: Subject) -> Iterable[DisclosureError]:
    """Pairs of days of which the second cannot lie before the first."""
    days = {name: at(subject.data, path) for name, path in _DAYS.items()}
    days["on"] = subject.on
    yield from _turned(days, _PAIRS)
    for one in subject.data.get("consultations") or ():
        days.update({name: one.get(key) for name, key in _CONSULTED.items()})
        yield from _turned(days, _PAIRS_CONSULTED)


def _turned(days: Mapping[str, Any], pairs: Iterable[tuple[str, str]]) -> Iterator[DisclosureError]:
    for first, second in pairs:
        earlier, later = days[first], days[second]
        if earlier and later and day(later) < day(earlier):
            yield Refused(
                N_("'{second}' ({later}) lies before '{first}' ({earlier})."),
                field=second,
                first=named("day", first),
                second=named("day", second),
                earlier=day(earlier),
                later=day(later),
            )


def _lost_provisions(subject: Subject, lost: Fault) -> list[str | None]:
    """The provisions that the letter does not cite any more; of another part that got lost, none."""
    if lost.part != "citation" or subject.content is None:
        return [None]
    basis = subject.content["data"]["basis"]
    return [ref for ref in basis if subject.law.citation(ref).zh_short == lost.detail] or [None]
