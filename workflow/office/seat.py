"""The seat: who acts, for which office, and with what (database, clock, keys, law)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from letters.content import chinese
from workflow.base import dates
from workflow.base.caller import SYSTEM as BY_ITSELF
from workflow.cases.context import OF_NO_PERSON, Actor, Context
from workflow.cases.context import SYSTEM as OF_ITSELF
from workflow.cases.entry import Known
from workflow.law.setting_keys import SettingKey
from workflow.office import identity, imported_notices, offices, profile
from workflow.office.profile import Officer
from workflow.storage import encryption, key_mark
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

KEYS = TABLES["case_key"]
_WRAPPED = select(KEYS.c.wrapped).where(KEYS.c.case_id == bindparam("case"))
SYSTEM = Actor("system", frozenset({OF_ITSELF}), known=Known(BY_ITSELF))
# The same, writing in one organ's record by an act of another's officer.
FOR_ANOTHER = Actor("system", OF_NO_PERSON, known=Known(BY_ITSELF))


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
        for_another: bool = False,
    ) -> None:
        """`system_of` is an office for which nobody acts but the program itself: workers, and, `for_another`,
        where an officer of another organ does what is written there too.
        """
        self.store = store
        self.now, self.today = now, today
        with store.reading() as connection:
            if system_of is None:
                self.office, self.officer = identity.identify(connection, office_key, officer, today())
            else:
                own = FOR_ANOTHER if for_another else SYSTEM
                self.office = offices.by_id(connection, system_of)
                self.officer = Officer(own.key, own.key, tuple(sorted(own.roles)), known=own.known)
            self.notices = imported_notices.imported(connection)
        self._ring: encryption.Keyring | None = None

    @cached_property
    def context(self) -> Context:
        """Law, calendar, process and settings as they are for this office, and how its people are called."""
        made = self.office.context(self.notices)
        return replace(made, officer_called=self._officer_called, unit_called=self._unit_called)

    @cached_property
    def _names(self) -> dict[str, str]:
        with self.store.reading() as connection:
            return {one.key: one.name for one in profile.officers_of(connection, self.office.id)}

    def _officer_called(self, key: str) -> str:
        return self._names.get(key, key)

    def _unit_called(self, key: str) -> str:
        return self.office.units.get(key, key)

    def ring(self, connection: Connection | None = None) -> encryption.Keyring:
        """The master keys, read at first use: through this connection it is asked then whether they are those
        of the database, without one through a connection of its own.
        """
        if self._ring is None:
            ring = encryption.load(encryption.key_file(self.store.folder))
            # Asked where the keys are wanted, and not by every command that only looks.
            with nullcontext(connection) if connection is not None else self.store.reading() as asked:
                key_mark.require(ring, key_mark.kept(asked))
            self._ring = ring
        return self._ring

    def case_key(self, connection: Connection, case_id: int) -> bytes:
        """The data key of a case."""
        wrapped = connection.execute(_WRAPPED, {"case": case_id}).scalar()
        return encryption.unwrap(self.ring(connection), case_id, wrapped)

    def moment(self) -> str:
        """This moment as the ledger writes it (UTC, microseconds)."""
        return dates.stamp(self.now())

    def number(self, name: str, year: int, taken: int) -> str:
        """The document number of this office: its series ('reply' or another), year and place in it."""
        word = self.office.profile["code" if name == "reply" else "notice_code"]
        with_di = bool(self.office.settings[SettingKey.NUMBER_WITH_DI])
        return chinese.document_number(word, year, taken, with_di=with_di)
