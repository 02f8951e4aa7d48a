"""The line that is typed at the shell, as words."""

from __future__ import annotations

QUOTES = "'\""


def words(text: str) -> list[str]:
    """The words of a command line as a shell reads them; the last is being typed, empty after a blank.

    A quote that is still open reaches to the end.
    """
    found: list[str] = []
    word, begun, quote = "", False, ""
    signs = iter(text)
    for sign in signs:
        if sign == "\\" and quote != "'":
            word, begun = word + next(signs, ""), True
        elif quote:
            if sign == quote:
                quote = ""
            else:
                word += sign
        elif sign in QUOTES:
            quote, begun = sign, True
        elif sign.isspace():
            if begun:
                found.append(word)
            word, begun = "", False
        else:
            word, begun = word + sign, True
    return [*found, word]


def open_quote(text: str) -> str:
    """The quote that is still open at the end of a line; empty where none is."""
    quote = ""
    signs = iter(text)
    for sign in signs:
        if sign == "\\" and quote != "'":
            next(signs, "")
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in QUOTES:
            quote = sign
    return quote
