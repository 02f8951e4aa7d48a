"""Which values are meant by what was typed so far: a code, a name, a part of the name, or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Value(NamedTuple):
    """A value that may be typed. `initials` are the first letters of the sounds of its Chinese name, one
    group of letters a sound, joined by blanks; `more` stands behind its description.
    """

    code: str
    zh: str = ""
    en: str = ""
    initials: str = ""
    more: str = ""


class Offer(NamedTuple):
    """What is put into the line, and what is shown beside it. `sound` are its initials, where it was found by
    them: a shell that takes only what begins as it was typed takes those, and so does the command.
    """

    text: str
    about: str = ""
    sound: str = ""


# The initials of a name, where it does not bring its own.
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
        name = one.zh if chinese else one.en
        coded = Offer(one.code, _about(name if name != one.code else "", one.more))
        named = (
            Offer(name, _about(one.code if one.code != name else "", one.more))
            if chinese and spoken and name
            else coded
        )
        if not said:
            found.append(named)
        elif _plain(one.code).startswith(said):
            found.append(coded)
        elif one.zh and _plain(one.zh).startswith(said):
            found.append(named)
        elif latin and (sounds := _sounds(one, spell)) and spell_begins(sounds, said):
            sound = said + "".join(letters[0] for letters in sounds[len(said) :])
            (by_sound if len(sounds) == len(said) else begun).append(named._replace(sound=sound))
        elif said in _plain(one.zh) or (len(said) > 1 and said in _plain(one.en)):
            within.append(named)
    return found or by_sound or begun or within


def _sounds(one: Value, spell: Spell | None) -> list[str]:
    return (one.initials or (spell(one.zh) if spell and one.zh else "")).split()


def spell_begins(sounds: list[str], said: str) -> bool:
    """Whether these letters are the first initials of a name; a sound with two readings is both."""
    return len(said) <= len(sounds) and all(
        letter in sound for letter, sound in zip(said, sounds, strict=False)
    )


def _about(said: str, more: str) -> str:
    return "  ".join(part for part in (said, more) if part)


def _plain(text: str) -> str:
    return text.strip().casefold().replace("_", "-")
