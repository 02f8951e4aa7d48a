"""The seat: an officer of an office at work, and what everything that reads or writes for them needs to
know.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from letters.content import chinese
from workflow.base import dates
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.cases.context import Actor, Context
from workflow.office import imported_notices, people, profile
from workflow.office.profile import Office, Officer
from workflow.storage import encryption
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

KEYS = TABLES["case_key"]
SYSTEM = Actor("system", frozenset({"system"}))
_NOBODY = Officer("system", "system", ("system",))


class Seat:
    """An officer at work for an office. `now` and `today` are the clock; tests hand in their own."""

    def __init__(
        self,
        store: Store,
        officer: str | None = None,
        office_key: str | None = None,
        *,
        now: Callable[[], datetime] = dates.now,
        today: Callable[[], date] = dates.today,
        system_of: int | None = None,
    ) -> None:
        """`system_of` is an office for which nobody acts but the program itself (workers)."""
        self.store = store
        self.now, self.today = now, today
        with store.reading() as connection:
            if system_of is None:
                self.office, self.officer = _identify(connection, office_key, officer)
            else:
                self.office, self.officer = profile.by_id(connection, system_of), _NOBODY
            self.notices = imported_notices.imported(connection)
        self._ring: encryption.Keyring | None = None

    @cached_property
    def context(self) -> Context:
        """Law, calendar, process and settings as they are for this office."""
        return self.office.context(self.notices)

    @property
    def ring(self) -> encryption.Keyring:
        """The master keys, read at first use."""
        if self._ring is None:
            self._ring = encryption.load(encryption.key_file(self.store.folder))
        return self._ring

    def case_key(self, connection: Connection, case_id: int) -> bytes:
        """The data key of a case."""
        wrapped = connection.execute(select(KEYS.c.wrapped).where(KEYS.c.case_id == case_id)).scalar()
        return encryption.unwrap(self.ring, case_id, wrapped)

    def moment(self) -> str:
        """This moment as the ledger writes it (UTC, microseconds)."""
        return dates.stamp(self.now())

    def number(self, name: str, year: int, taken: int) -> str:
        """The document number of this office: its series ('reply' or another), year and place in it."""
        word = self.office.profile["code" if name == "reply" else "notice_code"]
        with_di = bool(self.office.settings["number_with_di"])
        return chinese.document_number(word, year, taken, with_di=with_di)


def _identify(connection: Connection, office_key: str | None, officer: str | None) -> tuple[Office, Officer]:
    """Who acts: as named, else DISCLOSURE_OFFICER, else the login name of the machine's user."""
    named = officer or os.environ.get("DISCLOSURE_OFFICER")
    if named is None:
        try:
            named = getpass.getuser()
        except (KeyError, OSError):
            named = ""
        try:
            return profile.find(connection, office_key or os.environ.get("DISCLOSURE_OFFICE"), named)
        except NotFound:
            raise Malformed(
                N_("Who acts? No officer is named, and the login '{login}' is none."),
                field="as",
                login=named,
                way_on=N_("Name the officer with --as KEY or the variable DISCLOSURE_OFFICER."),
            ) from None
    chosen = office_key or os.environ.get("DISCLOSURE_OFFICE")
    # Only who is named expressly may be named by part of a name: a login that resembles one is nobody's.
    return profile.find(connection, chosen, people.meant_officer(connection, chosen, named))
