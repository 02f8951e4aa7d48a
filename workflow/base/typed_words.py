"""What an officer types for a value: its Chinese or English name, its code, a part of either, or pinyin
initials.

`resolve` finds the one code that is meant. Better kinds of match come first; within the first kind that
matches anything, several hits are ambiguous and are listed, never chosen from. What a person then said that
he means is remembered for the rest of the run (word_answers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product

from workflow.base import word_answers
from workflow.base.errors import Ambiguous, Malformed
from workflow.base.messages import N_, language, listed, pick
from workflow.base.patterns import later

# A code with its names: {"zh": ..., "en": ...}, or one name for both.
Words = Mapping[str, Mapping[str, str] | str]
# Whether what was typed means a key with these names.
_Kind = Callable[[str, str, list[str]], bool]
_DROPPED = later(r"[\s_\-·・.,，、。;；:：\"'“”‘’()（）\[\]〔〕【】/／]+")
_SHORTEST_INITIALS = 2


def resolve(typed: str, words: Words, field: str = "", what: str = "") -> str:
    """The code that is meant by what was typed. Malformed where it is none or several; the choices are named.

    `field` and `what` name the option and the kind of value in the error.
    """
    found = matches(typed, words)
    if len(found) == 1:
        return found[0]
    if found:
        return word_answers.clear(
            Ambiguous(
                N_("'{value}' can mean: {names}"),
                typed=typed,
                choices={key: _called(key, words) for key in found},
                field=field,
                value=typed[:40],
                names=described(found, words),
                way_on=N_("Type more of it, or the whole name."),
            )
        )
    raise Malformed(
        N_("'{value}' is not one of: {choices}"),
        field=field,
        value=typed[:40],
        choices=described(words, words),
        way_on=N_("Type one of these names, its initials or its code."),
    )


def meant(typed: object, words: Words, field: str = "") -> str:
    """As resolve, but an unknown word is returned unchanged, where the caller has a better error."""
    text = str(typed or "").strip()
    found = matches(text, words)
    return resolve(text, words, field) if found else text


def matches(typed: str, words: Words) -> list[str]:
    """The codes that may be meant, by the best kind of match that there is; [] if none."""
    code = typed.strip().replace("-", "_")
    if code in words:
        return [code]
    said = plain(typed)
    if not said:
        return []
    exactly, *others = _KINDS if said.isascii() else _CHINESE_KINDS
    if found := _alike(exactly, said, words):
        return found
    # A word of the day is as good as a part of a name: 信函 is a registered letter, and part of 平常信函.
    spoken = [key for source in word_answers.spoken for key in source().get(said, ()) if key in words]
    for kind in others:
        if found := _alike(kind, said, words):
            return [*found, *(key for key in spoken if key not in found)]
    return spoken


def _alike(kind: _Kind, said: str, words: Words) -> list[str]:
    return [key for key in words if kind(said, key, list(_names(words[key])))]


def sounded(typed: str, words: Iterable[str]) -> list[str]:
    """The Chinese words of which the initials, or the whole pinyin, were typed."""
    said = plain(typed)
    return [word for word in words if _by_initials(said, word, [word])]


def spellings(name: str) -> list[str]:
    """What may be typed for a Chinese name in letters: its initials and its pinyin; a sound with two readings
    is both."""
    signs = [sign for sign in plain(name) if "\u3400" <= sign <= "\u9fff"]
    if len(signs) < _SHORTEST_INITIALS:
        return []
    heard = _readings(signs)
    short = ["".join(one) for one in product(*({sound[0] for sound in sounds} for sounds in heard))]
    return [*short, *("".join(one) for one in product(*heard))]


def described(keys: Mapping[str, object] | list[str], words: Words) -> str:
    """Codes with their names, as a person reads them in an error; in Chinese a name alone can be typed."""

    called = [_called(key, words) for key in keys]

    def one(key: str, name: str) -> str:
        if name == key or (language() != "en" and called.count(name) == 1):
            return name
        return pick(f"{name}（{key}）", f"{key} ({name})")

    shown = [one(key, name) for key, name in zip(keys, called, strict=True)]
    # A name that holds the mark of a list itself would read as two.
    return "；".join(shown) if language() != "en" and any("、" in name for name in shown) else listed(shown)


def _called(key: str, words: Words) -> str:
    return next(iter(_names(words[key], first=pick("zh", "en"))), key)


def plain(text: str) -> str:
    """Text without width, case, blanks and marks: what counts when words are compared."""
    import unicodedata

    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())


def _names(entry: Mapping[str, str] | str, first: str = "zh") -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
        return
    yield from (name for name in (entry.get(first), *entry.values()) if name)


def _exactly(said: str, key: str, names: list[str]) -> bool:
    return any(said == plain(name) for name in (key, *names))


def _by_initials(said: str, key: str, names: list[str]) -> bool:
    return _latin(said) and any(_spelled(said, name, whole=True) for name in names)


def _at_the_start(said: str, key: str, names: list[str]) -> bool:
    return any(plain(name).startswith(said) for name in (key, *names))


def _within(said: str, key: str, names: list[str]) -> bool:
    return any(said in plain(name) for name in (key, *names))


def _by_first_initials(said: str, key: str, names: list[str]) -> bool:
    return _latin(said) and any(_spelled(said, name, whole=False) for name in names)


def _by_inner_initials(said: str, key: str, names: list[str]) -> bool:
    return (
        _latin(said) and len(said) > _SHORTEST_INITIALS and any(_spelled_within(said, name) for name in names)
    )


_KINDS: tuple[_Kind, ...] = (
    _exactly,
    _by_initials,
    _at_the_start,
    _within,
    _by_first_initials,
    _by_inner_initials,
)
# A part of a Chinese name is as good at its start as within: 逾期 is no less 已逾期 than 逾期未缴费.
_CHINESE_KINDS = (_exactly, _within)


def _latin(said: str) -> bool:
    return len(said) >= _SHORTEST_INITIALS and said.isascii() and said.isalpha()


def _spelled(said: str, name: str, *, whole: bool) -> bool:
    """Whether letters are the initials, or the whole pinyin, of a Chinese name; a sound with two readings is
    both.
    """
    signs = [sign for sign in plain(name) if "\u3400" <= sign <= "\u9fff"]
    if len(signs) < _SHORTEST_INITIALS:
        return False
    readings = _readings(signs)
    if (len(said) == len(readings)) if whole else (len(said) < len(readings)):
        short = all(
            any(one.startswith(letter) for one in heard)
            for letter, heard in zip(said, readings, strict=False)
        )
        if short:
            return True
    return _in_full(said, readings, whole)


def _spelled_within(said: str, name: str) -> bool:
    """Whether letters are the initials of signs that follow one another in a Chinese name: symm of
    涉及第三方商业秘密."""
    signs = [sign for sign in plain(name) if "\u3400" <= sign <= "\u9fff"]
    if len(signs) < len(said):
        return False
    heard = [{sound[0] for sound in sounds if sound} for sounds in _readings(signs)]
    return any(
        all(letter in heard[start + place] for place, letter in enumerate(said))
        for start in range(len(heard) - len(said) + 1)
    )


def _readings(signs: list[str]) -> list[tuple[str, ...]]:
    return [_sounds(sign) for sign in signs]


@cache
def _sounds(sign: str) -> tuple[str, ...]:
    """The sounds of one sign: what is typed is compared with many names in several ways, of few signs."""
    from pypinyin import Style, pinyin

    return tuple(pinyin([sign], style=Style.NORMAL, heteronym=True)[0])


def _in_full(said: str, readings: list[tuple[str, ...]], whole: bool) -> bool:
    rests = {said}
    for heard in readings:
        rests = {rest[len(one) :] for rest in rests for one in heard if rest.startswith(one)}
        if not rests:
            return False
        if not whole and "" in rests:
            return True
    return "" in rests
