"""Messages in Chinese and English from gettext catalogues; msgids are English, zh_CN is the default for
officers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from workflow.base.catalogue import Catalogue

LANGUAGES = ("zh_CN", "en")
_OURS = {"zh": "zh_CN", "en": "en"}
DOMAIN = "disclosure"
# A message with its parameters, translated when it is shown: what is told beside the result of an act.
Remark = tuple[str, dict[str, Any]]
LOCALE_DIR = os.path.join(os.path.dirname(__file__), "locale")
_current = ""


def N_(message: str) -> str:
    """Mark a message for extraction; it is translated where it is shown."""
    return message


def normalise(name: str | None) -> str | None:
    """'zh', 'zh_CN.UTF-8', 'en_GB', or the first of ours in 'de:en', to one of LANGUAGES; None if it names
    none.
    """
    if not name:
        return None
    for word in name.split(":"):
        code = word.replace("-", "_").partition(".")[0].partition("_")[0].lower()
        if code in _OURS:
            return _OURS[code]
    return None


def from_environment() -> str:
    """The language that the environment asks for; Chinese where it asks for none of ours."""
    for variable in ("DISCLOSURE_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            # The first variable that is set decides, as gettext has it; C and POSIX name no language.
            return normalise(value) or LANGUAGES[0]
    return LANGUAGES[0]


def use(language: str | None) -> None:
    """Choose the language of all messages from now on (None: by the environment)."""
    global _current
    _current = normalise(language) or from_environment()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use a language within a block, for documents that do not follow the officer's own language."""
    global _current
    before, _current = _current, language
    try:
        yield
    finally:
        _current = before


def language() -> str:
    """The language in force: 'zh_CN' or 'en'."""
    if not _current:
        use(None)
    return _current


@cache
def _catalogue(name: str) -> Catalogue:
    """The compiled catalogue of a language; without one, messages stay as written in the code."""
    try:
        with open(os.path.join(LOCALE_DIR, name, "LC_MESSAGES", f"{DOMAIN}.mo"), "rb") as compiled:
            return Catalogue(compiled.read())
    except (OSError, ValueError):
        return Catalogue()


def translate(message: str, /, **params: Any) -> str:
    """The message in the language in force, with its parameters filled in."""
    text = _catalogue(language()).gettext(message) if message else message
    if not params:
        return text
    try:
        return text.format(
            **{name: visible(value) if type(value) is str else value for name, value in params.items()}
        )
    except (KeyError, IndexError, ValueError):
        return text


def visible(text: str) -> str:
    """A text from outside, safe to print: control sequences are shown instead of executed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else _sign(char) for char in text)


def _sign(char: str) -> str:
    import unicodedata

    if char in "\u3000\u00a0" or unicodedata.category(char)[0] == "Z":
        return char
    return chr(0x2400 + ord(char)) if ord(char) < 32 else "\ufffd"


def listed(parts: Iterable[Any]) -> str:
    """Several items joined in the style of the language in force."""
    return pick("、", ", ").join(str(part) for part in parts)


def pick(zh: str, en: str) -> str:
    """The name in the language in force, of a pair given by a table."""
    return en if language() == "en" else zh
