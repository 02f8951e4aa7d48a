"""Which values are meant by what was typed so far: a code, a name, a part of the name, or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Value(NamedTuple):
    """A value that may be typed. `sounds` is the pinyin of its Chinese name, joined by blanks, several
    readings of a character by "/"; `more` stands behind its description.
    """

    code: str
    zh: str = ""
    en: str = ""
    sounds: str = ""
    more: str = ""


class Offer(NamedTuple):
    """What is put into the line, and what is shown beside it. `sound` are its initials or its pinyin, where
    it was found by them: a shell that takes only what begins as it was typed takes those, and so does the
    command.
    """

    text: str
    about: str = ""
    sound: str = ""


# The sounds of a name, where it does not bring its own.
Spell = Callable[[str], str]


def offers(
    values: Iterable[Value], typed: str, *, chinese: bool, spoken: bool, spell: Spell | None = None
) -> list[Offer]:
    """The values that may be meant, in their order. On a Chinese screen their Chinese names are put in, where
    the command takes names (`spoken`) and no code was begun.
    """
    said = _plain(typed)
    latin = said.isascii() and said.isalpha()
    found: list[Offer] = []
    by_sound: list[Offer] = []
    begun: list[Offer] = []
    within: list[Offer] = []
    for one in values:
        coded, named = _shown(one, chinese, chinese and spoken)
        if not said:
            found.append(named)
        elif _plain(one.code).startswith(said):
            found.append(coded)
        elif one.zh and _plain(one.zh).startswith(said):
            found.append(named)
        elif latin and (sound := spelled(_sounds(one, spell), said)):
            (by_sound if sound == said else begun).append(named._replace(sound=sound))
        elif said in _plain(one.zh) or (len(said) > 1 and said in _plain(one.en)):
            within.append(named)
    return found or by_sound or begun or within


def _shown(one: Value, chinese: bool, spoken: bool) -> tuple[Offer, Offer]:
    """A value by its code, and by its name where the command takes names."""
    name = one.zh if chinese else one.en
    coded = Offer(one.code, _about(name if name != one.code else "", one.more))
    named = Offer(name, _about(one.code if one.code != name else "", one.more)) if spoken and name else coded
    return coded, named


def _sounds(one: Value, spell: Spell | None) -> list[list[str]]:
    sounds = one.sounds or (spell(one.zh) if spell and one.zh else "")
    return [readings.split("/") for readings in sounds.split()]


def spelled(sounds: list[list[str]], said: str) -> str:
    """The initials of a name, or its pinyin, that begin with these letters; "" where neither does. A sound
    with two readings is both."""
    if len(said) <= len(sounds) and all(
        any(one.startswith(letter) for one in readings)
        for letter, readings in zip(said, sounds, strict=False)
    ):
        return said + "".join(readings[0][0] for readings in sounds[len(said) :])
    return _in_full(sounds, said) or ""


def _in_full(sounds: list[list[str]], rest: str) -> str | None:
    """The pinyin that begins with these letters; None where none does."""
    if not sounds:
        return None if rest else ""
    for one in sounds[0]:
        if one.startswith(rest) or rest.startswith(one):
            more = _in_full(sounds[1:], rest[len(one) :])
            if more is not None:
                return one + more
    return None


def _about(said: str, more: str) -> str:
    return "  ".join(part for part in (said, more) if part)


def _plain(text: str) -> str:
    return text.strip().casefold().replace("_", "-")
