"""Numbers of identity documents: their plain form, their kind, whether the check character fits, what spoilt
them.

Nothing here refuses an application: what is wrong is a remark for the officer. A number that a spreadsheet
has cut to fifteen digits is no number any more and is left out, for two persons would share it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.base.messages import N_, Remark, pick, translate
from workflow.base.patterns import later

TABLE = os.path.join(os.path.dirname(__file__), "identity.toml")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_CARD = later(r"\d{17}[\dX]")
_LABEL = later(r"([\u3400-\u9fff]{2,16}?)(?:证件)?(?:号码?|编号)?[:：]?([A-Z0-9*()（）-]{5,})")
_MASKED = later(r"\d[*＊X×]{3,}|[*＊]{3,}")
_HIDDEN = N_(
    "Digits of the number of the document are hidden ({text}): it is left out. Copy it from the application: "
    "disclosure amend CASE --field id-number"
)
_SEVERAL = N_(
    "There are several numbers for one person ({text}): none is taken. Copy his from the application: "
    "disclosure amend CASE --field id-number"
)
_NO_NUMBER = N_("This does not look like the number of a document: {text}")
# No document's number has fewer digits and letters.
_FEWEST = 5
# No two numbers together are shorter.
_SHORTEST = 16
_POWER = later(r"\d(?:\.\d+)?E\+?\d{1,3}")


class Looked(NamedTuple):
    """A number as it is kept ("" where nothing of use is left), its kind, and remarks."""

    number: str
    kind: str | None
    remarks: tuple[Remark, ...]


def kinds() -> dict[str, Any]:
    """The kinds of documents, as the table has them."""
    return tables.read(TABLE)


@cache
def _words() -> dict[str, str]:
    return {_bare(word): key for key, row in kinds().items() for word in (key, *row["words"])}


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def kind_named(text: str | None) -> str | None:
    """The kind that a name of a document means, or None."""
    return _words().get(_bare(text)) if text else None


def plain(value: Any) -> str:
    """A number in plain form: no spaces, dashes of print or signs that a spreadsheet put round it."""
    text = unicodedata.normalize("NFKC", str(value)).upper()
    text = re.sub(r'^="?(.*?)"?$', r"\1", text.strip())
    text = re.sub(r"[\s'\"‘’“”`´′\u200b-\u200f\ufeff]+", "", text)
    # The last sign of a card is typed as a sign of multiplication; a spreadsheet's export adds a point.
    text = re.sub(r"^(\d{17})[×✕*]$", r"\1X", text)
    text = re.sub(r"^(\d{8,})\.0+$", r"\1", text)
    together = re.sub(r"[-.·—–]", "", text)
    return together if _CARD.fullmatch(together) else text


def look(value: Any, named: str | None = None) -> Looked:
    """A number as given (text, or a spreadsheet's number), checked as a document of the kind named."""
    text = plain(f"{value:.15G}" if isinstance(value, float) else value)
    if _was_cut(value) or _POWER.fullmatch(text):
        return _lost(text)
    if isinstance(value, float | int) and not isinstance(value, bool):
        text = str(int(value))
    text, said = _labelled(text)
    if _MASKED.search(text):
        return Looked("", None, ((_HIDDEN, {"text": text[:40]}),))
    if _numbers(text) > 1:
        return Looked("", None, ((_SEVERAL, {"text": text[:60]}),))
    named = said or named
    kind = kind_named(named) or _kind_by_form(text)
    if kind is None:
        doubt = text and sum(sign.isascii() and sign.isalnum() for sign in text) < _FEWEST
        return Looked(text, None, ((_NO_NUMBER, {"text": text[:40]}),) if doubt else ())
    return _checked(text, kind)


def _checked(text: str, kind: str) -> Looked:
    """A number held against the form and the check digit of its kind of document."""
    row = kinds()[kind]
    if not _shaped(text, row):
        return Looked(
            text,
            kind,
            ((N_("The number of the document has not the form of: {kind}."), {"kind": _Kind(kind)}),),
        )
    if right(text, row):
        return Looked(text, kind, ())
    if row["check"] == "mod11-2" and text.endswith("000"):
        return _lost(text)
    return Looked(text, kind, (_fault(text, kind, row),))


def sound_card(text: str) -> bool:
    """Whether a text is the number of a resident's card to which nothing has to be said."""
    if len(text) != 18 or not text.isascii() or _CARD.fullmatch(text) is None:
        return False
    return look(text) == Looked(text, "resident_card", ())


def _numbers(text: str) -> int:
    """How many numbers stand in a text: parted by signs, or two cards written on end."""
    if len(text) < _SHORTEST:
        return 1
    parts = [part for part in re.split(r"[、;,/|]", text) if sum(map(str.isdigit, part)) >= 6]
    return max(len(parts), len(_CARD.findall(text)))


def _labelled(text: str) -> tuple[str, str | None]:
    """A number without the name of its document in front, and that name: "护照E12345678"."""
    found = _LABEL.fullmatch(text)
    if found is None or (named := _words().get(_bare(found[1]))) is None:
        return text, None
    return found[2], named


class Told:
    """A remark in words within another message, in the language in which it is shown."""

    def __init__(self, remark: Remark) -> None:
        self._remark = remark

    def __str__(self) -> str:
        text, params = self._remark
        return translate(text, **params)

    def __format__(self, spec: str) -> str:
        return str(self)


def _was_cut(value: Any) -> bool:
    """Whether a spreadsheet has made a number of it that is no longer the one typed."""
    if isinstance(value, bool) or not isinstance(value, float | int):
        return False
    return abs(value) >= 10**15 or (isinstance(value, float) and not value.is_integer())


def _kind_by_form(text: str) -> str | None:
    """The kind whose form a number has, first one whose check character fits; None where there is none."""
    rows = kinds()
    fits = [key for key, row in rows.items() if row["check"] and _shaped(text, row)]
    found = next((key for key in fits if right(text, rows[key])), None)
    if found or not fits:
        return found
    # A number without a possible day of birth is rather one of a kind that holds none.
    fits.sort(key=lambda key: bool(rows[key].get("born")) and not _born(text))
    # E12345678 is rather a passport than an organisation's code with a wrong check character.
    unchecked = any(not row["check"] and re.fullmatch(row["patterns"][0], text) for row in rows.values())
    return None if unchecked else fits[0]


class _Kind:
    """The name of a kind in a message, in the language in which it is shown."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __str__(self) -> str:
        row = kinds()[self._key]
        return pick(row["zh"], row["en"])

    def __format__(self, spec: str) -> str:
        return str(self)


def _lost(text: str) -> Looked:
    remark = N_(
        "A spreadsheet has cut the number of the document to 15 digits ({text}): it is left out. Ask for it, or copy it "
        "from the application: disclosure amend CASE --field id-number"
    )
    return Looked("", None, ((remark, {"text": text[:40]}),))


def _fault(text: str, kind: str, row: dict[str, Any]) -> Remark:
    if row.get("born") and not _born(text):
        return N_("The number of the document ({kind}) holds no day of birth that can be."), {
            "kind": _Kind(kind)
        }
    return (
        N_(
            "The check character of the number does not fit ({kind}): a digit is wrong or two are transposed."
        ),
        {"kind": _Kind(kind)},
    )


def _shaped(text: str, row: dict[str, Any]) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in row["patterns"])


def right(text: str, row: dict[str, Any]) -> bool:
    """Whether the day of birth in a number is possible, and its check character fits."""
    if row.get("born") and text.isalnum() and not text[:3].isalpha() and not _born(text):
        return False
    if row["check"] == "mod11-2" and len(text) == 18:
        total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
        return _CHECKS[total % 11] == text[17]
    if row["check"] == "mod31":
        total = sum(_CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
        return _CREDIT[-total % 31] == text[17]
    if row["check"] == "mod11":
        code = text.replace("-", "")
        total = sum(int(char, 36) * weight for char, weight in zip(code[:8], _ORGANISATION, strict=True))
        return "0123456789X0"[11 - total % 11] == code[8]
    return True


def _born(text: str) -> bool:
    day = text[6:14] if len(text) == 18 else f"19{text[6:12]}"
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])) >= date(1850, 1, 1)
    except ValueError:
        return False
