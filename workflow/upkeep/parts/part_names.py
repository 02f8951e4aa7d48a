"""What the files of a set of backups are called. A set is a base and the parts after it.

disclosure-SET.0001.MOMENT.zip[.age]   a part; SET is the moment of the base and four random characters
disclosure-SET.key.age                 the key of the set under a passphrase, where it has one
disclosure-SET.sha256                  what `sha256sum --check` compares the parts with
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from workflow.base import dates
from workflow.base.patterns import later

_PART = later(r"disclosure-(\d{8}-\d{6}-[0-9a-f]{4})\.(\d{4,9})\.(\d{8}-\d{6})\.zip(\.age)?")
_FORM = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, order=True)
class PartName:
    """The name of a part, taken apart; in order of set, number and moment."""

    of_set: str
    number: int
    moment: str
    sealed: bool

    def __str__(self) -> str:
        ending = ".zip.age" if self.sealed else ".zip"
        return f"disclosure-{self.of_set}.{self.number:04d}.{self.moment}{ending}"

    @property
    def made_at(self) -> datetime:
        """The moment in the name."""
        return datetime.strptime(self.moment, _FORM).replace(tzinfo=dates.CHINA)


def new_set(moment: datetime) -> str:
    """The name of a set that begins now."""
    return f"{stamp(moment)}-{secrets.token_hex(2)}"


def stamp(moment: datetime) -> str:
    """A moment as it stands in names."""
    return f"{moment.astimezone(dates.CHINA):{_FORM}}"


def read(name: str) -> PartName | None:
    """A name taken apart; None where it is not that of a part."""
    found = _PART.fullmatch(name)
    if found is None:
        return None
    part = PartName(found[1], int(found[2]), found[3], bool(found[4]))
    try:
        return part if part.number and part.made_at else None
    except ValueError:
        return None


def key_of(of_set: str) -> str:
    """The file with the key of a set."""
    return f"disclosure-{of_set}.key.age"


def sums_of(of_set: str) -> str:
    """The file with the digests of a set."""
    return f"disclosure-{of_set}.sha256"
