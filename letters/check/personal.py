"""Tests for personal data in what an officer wrote: numbers found by their form and check digit, and what the
case keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from letters.check.own_words import Said, plain
from letters.check.subject import Known, Subject, test
from workflow.base.errors import DisclosureError, Refused
from workflow.base.masking import ends_only
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.patterns import later

_BETWEEN = later(r"(?<=[0-9])[-‐‑‒–—·.*]{1,2}(?=[0-9Xx])")
_ID18 = later(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9Xx])")
_ID15 = later(r"(?<![0-9])[1-9][0-9]{14}(?![0-9])")
_MOBILE = later(r"(?<![0-9])(?:\+?86)?(1[3-9][0-9]{9})(?![0-9])")
_ACCOUNT = later(r"(?<![0-9])[3-9][0-9]{15,18}(?![0-9])")
# A number that is called an account, whatever its check digit; a line that is called a telephone.
_CALLED_ACCOUNT = later(r"(?:[账帐][号户]|卡号|存折)[^0-9]{0,8}?([0-9]{11,30})(?![0-9])")
_CALLED_ID = later(r"(?:身份证|公民身份)[^0-9]{0,8}?([0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9Xx])")
_PASSPORT = later(r"(?:护照|通行证)[^A-Za-z0-9]{0,6}([A-Za-z]{1,2}[0-9]{7,8})(?![0-9])")
_CALLED_LINE = later(r"(?:电话|座机|热线|联系方式)[^0-9]{0,8}?((?:0[0-9]{2,3})?[2-8][0-9]{6,7})(?![0-9])")
# With the number of its district a line needs no name.
_LINE = later(r"(?<![0-9])(0[1-9][0-9]{1,2}[2-8][0-9]{6,7})(?![0-9])")
_REACHED = later(
    r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?:微信|QQ)号?(?:为|是|:)?[A-Za-z0-9_-]{5,20}",
    re.IGNORECASE,
)
# A number told in characters.
_TOLD = later(r"[〇零一二三四五六七八九]{11,19}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HOME = later(
    r"(?:路|街|巷|弄|村|里|园|苑|小区|新村|公寓|花园|组)[^,。;、:()]{0,14}?[0-9]+号?(?:楼|幢|栋|单元|室|户)[0-9室户]*"
)
# What every dwelling, line and way of being reached holds.
_ANY_PLACE = later(r"[0-9@]|微信|QQ", re.IGNORECASE)
# Shorter digit runs are not personal numbers.
_NUMBER = later(r"[0-9](?:[-‐‑‒–—·.*]{0,2}[0-9]){10}|护照|通行证")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Fields with contact data of an organ or place, not of a person.
_PUBLIC = ("responsible_organ", "channel_hint", "archive", "means")
# Shorter values (a postcode, a street name) occur in other texts by chance.
_SHORTEST = 7


@test
def _personal_data(subject: Subject) -> Iterable[DisclosureError] | None:
    """Whatever identifies a person, anybody's, in the officer's words."""
    if not subject.said:
        return None
    known = [(one, _BETWEEN.sub("", plain(one.value))) for one in subject.known]
    return [
        Refused(
            N_("Item {no}, {name}: {what} stands in the text: {masked}"),
            field=one.name,
            no=one.no,
            name=Named("need", one.name),
            what=Named("personal", kind),
            masked=ends_only(value),
            way_on=N_("Leave it out, or write it masked: {masked}"),
        )
        for one in subject.said
        if known or _NUMBER.search(_in_figures(one.plain))
        for kind, value in dict.fromkeys(_found(one, known, subject))
    ]


@test
def _personal_address(subject: Subject) -> Iterable[DisclosureError] | None:
    """An address of a dwelling that the request itself does not name, and a fixed line, which may be an
    organ's."""
    rows = [one for one in subject.said if one.name not in _PUBLIC]
    if not rows:
        return None
    return [
        Refused(
            N_("Item {no}, {name}: {what} stands in the text: {masked}"),
            field=one.name,
            no=one.no,
            name=Named("need", one.name),
            what=Named("personal", kind),
            masked=ends_only(found),
        )
        for one in rows
        if _ANY_PLACE.search(one.plain)
        for kind, found in _homes_and_lines(one.plain)
        if found not in subject.asked(one.no)
    ]


def _homes_and_lines(text: str) -> Iterator[tuple[str, str]]:
    yield from (("address", hit[0]) for hit in _HOME.finditer(text))
    joined = _BETWEEN.sub("", text)
    lines = (hit[1] for pattern in (_CALLED_LINE, _LINE) for hit in pattern.finditer(joined))
    yield from (("phone", line) for line in dict.fromkeys(lines))
    yield from (("email", hit[0]) for hit in _REACHED.finditer(text))


def _found(one: Said, known: Iterable[tuple[Known, str]], subject: Subject) -> Iterator[tuple[str, str]]:
    joined = _in_figures(_BETWEEN.sub("", one.plain))
    if _NUMBER.search(joined):
        yield from _numbers(one, joined)
    if one.name in _PUBLIC:
        return
    for datum, value in known:
        if len(value) >= _SHORTEST and value in joined and value not in subject.asked(one.no):
            yield datum.kind, datum.value


def _numbers(one: Said, joined: str) -> Iterator[tuple[str, str]]:
    yield from (("id_number", hit[0]) for hit in _ID18.finditer(joined) if is_identity_number(hit[0]))
    yield from (("id_number", hit[0]) for hit in _ID15.finditer(joined) if _is_old_number(hit[0]))
    yield from (("account", hit[0]) for hit in _ACCOUNT.finditer(joined) if _is_account(hit[0]))
    if one.name not in _PUBLIC:
        yield from (("id_number", hit[1]) for hit in _CALLED_ID.finditer(joined))
        yield from (("id_number", hit[1]) for hit in _PASSPORT.finditer(joined))
        yield from (("account", hit[1]) for hit in _CALLED_ACCOUNT.finditer(joined))
        yield from (("phone", hit[1]) for hit in _MOBILE.finditer(joined))


def spans(
    typed: str, name: str, known: Iterable[Known], asked: str = ""
) -> Iterator[tuple[str, int, int, str]]:
    """What a text as typed holds of personal data: kind, where it begins and ends, and how it is masked.

    Found whatever blanks, line ends, full-width figures and dashes stand within it; each place once.
    """
    flat, places = _flat(typed)
    taken: set[int] = set()
    for kind, start, end in sorted(_places(flat, name, known, plain(asked)), key=lambda one: one[1] - one[2]):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield kind, places[start], places[end - 1] + 1, ends_only(flat[start:end])


def _places(flat: str, name: str, known: Iterable[Known], asked: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern, sound in (
        ("id_number", _ID18, is_identity_number),
        ("id_number", _ID15, _is_old_number),
        ("account", _ACCOUNT, _is_account),
    ):
        yield from ((kind, hit.start(), hit.end()) for hit in pattern.finditer(flat) if sound(hit[0]))
    if name in _PUBLIC:
        return
    for pattern in (_CALLED_ID, _PASSPORT):
        yield from (("id_number", hit.start(1), hit.end(1)) for hit in pattern.finditer(flat))
    yield from (("account", hit.start(1), hit.end(1)) for hit in _CALLED_ACCOUNT.finditer(flat))
    yield from (("phone", hit.start(1), hit.end(1)) for hit in _MOBILE.finditer(flat))
    yield from (("address", hit.start(), hit.end()) for hit in _HOME.finditer(flat) if hit[0] not in asked)
    for one in known:
        value = _BETWEEN.sub("", plain(one.value))
        at = flat.find(value) if len(value) >= _SHORTEST and value not in asked else -1
        if at >= 0:
            yield one.kind, at, at + len(value)


def _flat(typed: str) -> tuple[str, list[int]]:
    """A text as it is compared, without what stands between figures, and where each of its characters was
    typed.
    """
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(typed):
        for one in plain(char):
            chars.append(one)
            places.append(place)
    text = "".join(chars)
    gone = {at for hit in _BETWEEN.finditer(text) for at in range(hit.start(), hit.end())}
    kept = [at for at in range(len(text)) if at not in gone]
    return _in_figures("".join(text[at] for at in kept)), [places[at] for at in kept]


def _in_figures(text: str) -> str:
    """Long numbers told in characters as figures, each in its place."""
    return _TOLD.sub(lambda hit: hit[0].translate(_DIGITS), text)


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are an identity number: a day of birth, and the check digit of GB 11643."""
    if not _is_day(text[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return _CHECKS[total % 11] == text[17].upper()


def _is_old_number(text: str) -> bool:
    return _is_day("19" + text[6:12])


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) is not None
    except ValueError:
        return False


def _is_account(text: str) -> bool:
    """Whether the number has the check digit of a bank card."""
    if is_identity_number(text) if len(text) == 18 else False:
        return False
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
