"""File names that a person understands and that Linux and Windows both take: the one way to make them."""

from __future__ import annotations

import unicodedata

# What Windows refuses in a name (Linux: only the slash and NUL), and the names it keeps for devices.
_REFUSED = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789")}
)
# Control signs, marks of format, halves of a sign, separators of lines.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
LONGEST = 180
"""Bytes of a name in UTF-8, its ending included: a Linux file system takes 255, an encrypted home 143 to 255
characters, and a copy gets a few more ("(1)")."""


def made(*parts: object, ending: str = "") -> str:
    """One name of several parts, joined by hyphens; parts that are empty are left out. `ending` with its dot.

    What a file system refuses becomes "_"; marks that cannot be seen, and dots and spaces at the ends, go; a
    name that is too long is cut in its longest part, so that number, person and kind can still be read.
    """
    texts = [text for text in (_plain(str(part)) for part in parts if part not in (None, "")) if text]
    room = LONGEST - len(ending.encode())
    while texts and len("-".join(texts).encode()) > room:
        longest = max(range(len(texts)), key=lambda at: len(texts[at].encode()))
        texts[longest] = texts[longest][:-1].rstrip(" .")
    name = "-".join(filter(None, texts)) or "_"
    if name.partition(".")[0].rstrip().upper() in _DEVICES:
        name = f"_{name}"
    return name + ending


def came(name: str) -> str:
    """The name of a file that came in, as it is recorded and shown: what breaks a line, turns the direction
    of writing or cannot be seen becomes "_".
    """
    return "".join("_" if unicodedata.category(char) in _UNSEEN else char for char in name)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    shown = "".join(" " if char.isspace() else char for char in text)
    kept = "".join(
        "_" if char in _REFUSED else char for char in shown if unicodedata.category(char)[0] != "C"
    )
    return " ".join(kept.split()).strip(" .")
