"""Names as they stand in one cell of a list: one or several, with what brackets say of an agent or a
representative."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from workflow import law
from workflow.base import tables
from workflow.base.dates import today
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.base.sheets import reader
from workflow.intake.spoken_words import TABLE
from workflow.law.keys import Provision

_CLEAR = later(r"[、;；]+")
_UNSURE = later(r"[,，/／\n\r]+")
_COUNT = r"(?:\d+|[一二两三四五六七八九十百]+)"
_OTHERS = later(
    rf"(?:[（(]\s*)?等\s*{_COUNT}?\s*(?:余)?(?:人|名|户|位|家|个)?(?:村民|居民|业主|职工|申请人)?\s*[)）]?$"
)
# "张三、李四（共2人）"
_IN_ALL = later(rf"\s*[（(]?共(?:计)?\s*({_COUNT})\s*(?:人|名|户|位)[)）]?$")
_BRACKET = later(r"\s*[（(]([^（()）]*)[)）]$")
_AGENT = later(r"(?:由|系)?(?:委托|诉讼)?代理人?(?:为|是)?[:：\s]*(.{2,20})|(.{2,20}?)代(?:理|办|为申请)?")
_REPRESENTATIVE = later(r"(?:法定代表人|法人代表|负责人|法人)(?:为|是)?[:：\s]*(.{2,20})")
_PLAIN = later(
    r"(?![^ ]{0,2}(?:匿名|署名|具名|佚名|先生|女士|小姐|同志|老师|夫妇|夫妻|父子|父女|母子|母女|兄弟|姐妹|兄妹|姐弟"
    r"|一家|全家|家属|家人|之子|之女|之妻|之夫|们|居民|村民|业主|群众|市民|网民|网友|职工))(?:(?![等共])[\u3400-\u9fff]){2,3}\d{0,6}"
)
_ALL_PLAIN = later(rf"(?:{_PLAIN.pattern} )+")
_LEADS = later(r"^\s*(?:\d+\s*[.、．)）]|[①-⑳]|[(（]\d+[)）])")
_JOINED = later(r"[|\\+＋&＆]|[①-⑳]")
_TOGETHER = later(r"([^和与及代替]{2,4})[和与及代替]([^和与及代替]{2,4})")
_UNREADABLE = later(r"[?？\ufffd■□*＊×]")
# What stands beside a name, or in place of one.
_NUMBERED = later(r"\d{7,}")
_ADDRESSED = later(r".+(?:先生|女士|小姐|同志|老师)")
_NOBODY = later(
    r"(?:匿名|未署名|无署名|未具名|无名氏?|佚名|不愿透露).*|.*(?:居民|村民|业主|群众|市民|网民|网友|职工)们?"
)
_SEVERAL = later(
    r".{2,}(?:夫妇|夫妻|父子|父女|母子|母女|兄弟|姐妹|兄妹|姐弟|一家|全家|家属|家人|之子|之女|之妻|之夫|们)"
)


class Told(NamedTuple):
    """A name, and what its brackets say of an agent or a legal representative."""

    name: str
    agent: str | None = None
    representative: str | None = None


def plain(text: str) -> bool:
    """Whether a cell holds nothing but one short Chinese name, as most do."""
    return _PLAIN.fullmatch(text) is not None


def all_plain(names: Sequence[str]) -> bool:
    """Whether each of these is such a name."""
    return _ALL_PLAIN.fullmatch(" ".join(names) + " ") is not None


def split(text: str, organisation: Callable[[str], bool]) -> list[str]:
    """The names in one cell, by their signs; `organisation` tells whether a name is one. Malformed where it
    is not clear who is meant.
    """
    if (in_all := _IN_ALL.search(text)) is not None:
        text = text[: in_all.start()]
    names = [name for part in _CLEAR.split(text) for name in _lines(part.strip(), organisation) if name]
    if in_all is not None and _number(in_all[1]) != len(names):
        raise Malformed(_NOT_ALL, field="name", name=text[:40], way_on=_NOT_ALL_ADVICE)
    if names and _OTHERS.search(names[-1]) and not organisation(names[-1]):
        raise Malformed(_NOT_ALL, field="name", name=text[:40], way_on=_NOT_ALL_ADVICE)
    return [_whole(name, organisation) for name in names]


_MORE = N_("'{name}' holds more than a name.")
_MORE_ADVICE = N_("Leave the name alone in the cell; an agent or a telephone number has a column of its own.")
_NO_NAME = N_("'{name}' names nobody who applies.")
_NO_NAME_ADVICE = N_(
    "Copy the name from the application. One without a name is registered by hand, and its name asked for as a correction."
)
_NOT_ALL = N_("'{name}' does not name all of the applicants.")
_NOT_ALL_ADVICE = N_("List them all: disclosure receive --applicants FILE")


def _number(text: str) -> int:
    """A number of persons, in digits or in Chinese numerals below a hundred; 0 for others."""
    if text.isdigit():
        return int(text)
    digits = {char: value for value, char in enumerate("一二三四五六七八九", 1)} | {"两": 2}
    tens, ten, ones = text.partition("十")
    if not ten:
        return digits.get(text, 0)
    return 10 * digits.get(tens, 0 if tens else 1) + digits.get(ones, 0)


def told(name: str, organisation: Callable[[str], bool], among: int = 1) -> Told:
    """What a cell says beside a name: who acts for him, who represents it. Malformed where it holds more than
    a name and it is not clear what, or characters were lost.
    """
    if _UNREADABLE.search(name):
        raise Malformed(
            N_("'{name}': a character of the name is missing."),
            field="name",
            name=name[:40],
            way_on=N_("Copy the name from the application; save lists as .xlsx or in UTF-8."),
        )
    found = _BRACKET.search(name)
    if found is None:
        if not organisation(name):
            _one_person(name)
        joined = _TOGETHER.fullmatch(name) if is_chinese(name) and not organisation(name) else None
        if (joined and len(name) > 4) or _LEADS.search(name) or _JOINED.search(name):
            raise _unclear(name)
        return Told(name)
    outside, inside = name[: found.start()], found[1].strip()
    if among == 1 and (agent := _AGENT.fullmatch(inside)):
        return Told(outside, agent=(agent[1] or agent[2]).strip())
    if among == 1 and (head := _REPRESENTATIVE.fullmatch(inside)):
        return Told(outside, representative=head[1].strip())
    if organisation(name):
        return Told(name)
    raise Malformed(_MORE, field="name", name=name[:40], way_on=_MORE_ADVICE)


def _one_person(name: str) -> None:
    """Malformed where a text that is no organisation's name is more than one, or no one person's."""
    if _NOBODY.fullmatch(name):
        rule = law.bundled().provision(Provision.APPLICANT_NAMED, today())
        raise Malformed(_NO_NAME, field="name", name=name[:40], way_on=_NO_NAME_ADVICE, rule=rule)
    if _SEVERAL.fullmatch(name):
        raise _unclear(name)
    if _NUMBERED.search(name) or _ADDRESSED.fullmatch(name):
        raise Malformed(_MORE, field="name", name=name[:40], way_on=_MORE_ADVICE)


def _lines(text: str, organisation: Callable[[str], bool]) -> list[str]:
    """Names parted by a line break, a comma or a stroke: a name that was broken into lines is one."""
    parts = [part.strip() for part in _UNSURE.split(text) if part.strip()]
    if len(parts) < 2:
        return parts
    together = "".join(parts)
    if all(organisation(part) for part in parts):
        return parts
    broken = not re.search(r"[,，/／]", text)
    if broken and (organisation(together) or all(len(part) == 1 for part in parts)):
        return [together]
    if all(2 <= len(part) <= 4 and is_chinese(part) for part in parts):
        return parts
    raise _unclear(text)


def _whole(name: str, organisation: Callable[[str], bool]) -> str:
    """A name without the blanks that spread it out; Malformed where it may be two."""
    parts = name.split()
    together = "".join(parts)
    if len(parts) < 2 or not is_chinese(together):
        return " ".join(parts)
    spread = all(len(part) == 1 for part in parts)
    one = spread or len(parts[0]) == 1 or parts[0] in tables.read(TABLE)["surnames"]["two"]
    if one or organisation(together):
        return together
    raise _unclear(name)


def _unclear(text: str) -> Malformed:
    return Malformed(
        N_("'{name}' may be one person or several."),
        field="name",
        name=" ".join(text.split())[:40],
        way_on=N_("Write several with 、 between them, one without blanks."),
    )


def is_chinese(text: str) -> bool:
    """Whether a text consists of Chinese characters alone."""
    return bool(text) and all("\u3400" <= char <= "\u9fff" or ord(char) >= 0x20000 for char in text)


def shared(names: list[str], cell: Any, field: str) -> list[Any]:
    """The parts of a cell for so many persons, one each: for the first alone where there is one; Malformed
    where they do not match.
    """
    text = reader.plain(cell) if not isinstance(cell, int | float) else cell
    if not isinstance(text, str):
        return [cell, *[None] * (len(names) - 1)]
    parts = [part.strip() for part in re.split(r"[、;；,，\n\r]+", text) if part.strip()]
    if len(parts) == len(names):
        return parts
    if len(parts) == 1:
        return [cell, *[None] * (len(names) - 1)]
    raise Malformed(
        N_("{parts} values for {count} persons: whose they are is not clear."),
        field=field,
        parts=len(parts),
        count=len(names),
        way_on=N_("Give one for each, in the order of the names; or: disclosure receive --applicants FILE"),
    )
