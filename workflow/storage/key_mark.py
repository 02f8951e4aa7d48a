"""Whether a key file belongs to this database: a mark of the keys, kept when the first office was founded.

Without it a second machine, or a key file put in the wrong place, would seal cases that nobody else can read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from workflow.base.errors import Damaged, DisclosureError, Environment
from workflow.base.messages import N_
from workflow.storage import encryption
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MARKS, KEYS = TABLES["database_mark"], TABLES["case_key"]
NAME = "keys"
_MARKED = "disclosure keys"
_KEPT = select(MARKS.c.value).where(MARKS.c.name == NAME)


def kept(connection: Connection) -> str | None:
    """The mark of the keys to which this database belongs; None where an earlier version kept none."""
    return connection.execute(_KEPT).scalar()


def of(ring: encryption.Keyring) -> str:
    """The mark of some keys: it stays when a master key is replaced, and tells nothing of them."""
    return encryption.blind_index(ring.index, _MARKED)


def require(ring: encryption.Keyring, mark: str | None) -> None:
    """Environment unless these are the keys of the database."""
    if mark is not None and of(ring) != mark:
        raise Environment(
            N_(
                "The key file here does not belong to this database: what it seals could be read nowhere else."
            ),
            way_on=N_(
                "Put the key file of this database here (one file for all machines of an office), or name it by DISCLOSURE_KEY_FILE."
            ),
        )


def require_kept(connection: Connection, ring: encryption.Keyring) -> None:
    """As require; Damaged where cases are sealed here and no mark says by which keys (`upgrade` writes
    it)."""
    mark = kept(connection)
    require(ring, mark)
    if mark is None and connection.execute(select(KEYS.c.case_id).limit(1)).first() is not None:
        raise Damaged(
            N_("The mark that says to which keys this database belongs is missing."),
            way_on=N_("Compare the database with a backup; then write it with: disclosure upgrade"),
        )


def keep(connection: Connection, ring: encryption.Keyring) -> None:
    """Keep the mark of these keys, where none is kept and they open what is sealed here; else as require."""
    mark = kept(connection)
    if mark is not None:
        require(ring, mark)
        return
    sealed = connection.execute(
        select(KEYS.c.case_id, KEYS.c.wrapped).order_by(KEYS.c.case_id.desc())
    ).first()
    if sealed is not None:
        try:
            encryption.unwrap(ring, sealed.case_id, sealed.wrapped)
        except DisclosureError:
            require(ring, "another")
    connection.execute(insert(MARKS).values(name=NAME, value=of(ring)))
