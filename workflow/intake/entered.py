"""Which lists and rows were entered before, by their hashes, so that nothing is entered twice unnoticed."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.casework.application import Application
from workflow.storage import encryption
from workflow.storage.database import insert_one
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.casework.desk import Desk
    from workflow.casework.taking_over import Past

FILES, ENTRIES, CASES = TABLES["list_file"], TABLES["list_entry"], TABLES["case_file"]
ASKED_AT_ONCE = 400
# The personal data that nearly every row has of its own.
PERSONAL = ("id_number", "address", "postcode", "phone", "email")
Texts = tuple[str, ...]
"""The own texts of a row: name, request, and each of `PERSONAL`."""
_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def mark(application: Application, index: bytes, past: Past | None = None) -> str:
    """The fingerprint of an application in a list: a keyed hash of all its content, and of what became of
    it."""
    return encryption.blind_index(index, _WRITTEN(_content(application, past)))


def likeness(application: Application, past: Past | None = None) -> int:
    """As `mark`, of use within one run alone: rows with the same mark have the same number."""
    told = application.personal
    own = (application.name, application.request, *(told.get(key, "") for key in PERSONAL))
    return alike(shared(application, past), tuple(map(compared, own)))


def alike(of_others: int, own: Texts) -> int:
    """The likeness of a row by the hash of what it shares with others, and its own texts as compared."""
    return hash((of_others, own))


def shared(application: Application, past: Past | None = None) -> int:
    """The hash of all that a row says beside its own texts."""
    personal = {key: text for key, text in application.personal.items() if key not in PERSONAL}
    items = [] if application.items == [application.request] else application.items
    rest = replace(application, name="", request="", items=items, personal=personal)
    return hash(compared(repr(_content(rest, past))))


def compared(text: str) -> str:
    """A text as rows are compared: without blanks, whatever the width and the case of its letters."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _content(application: Application, past: Past | None) -> list[Any]:
    told: list[Any] = [
        application.channel,
        application.name,
        application.kind,
        application.request,
        application.items,
        sorted(application.personal.items()),
        application.form,
        [path.name for path in application.attach],
        sorted((name, day.isoformat()) for name, day in application.days.items()),
    ]
    # Rows with one person are known by the same hash as ever.
    if application.others or application.agent:
        told.append([[sorted(one.items()) for one in application.others], application.agent])
    if past is not None:
        facts = {key: value for key, value in past.facts.items() if key not in ("list", "row")}
        told.append(
            [sorted(facts), facts, [(event, on.isoformat(), said) for event, on, said in past.remedies]]
        )
    return told


def known(connection: Connection, office_id: int, marks: Iterable[str]) -> dict[str, str]:
    """The number of the case that was made of each of these rows before."""
    wanted, found = list(marks), {}
    query = select(ENTRIES.c.mark, CASES.c.number).join(CASES, CASES.c.id == ENTRIES.c.case_id)
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        rows = connection.execute(query.where(ENTRIES.c.office_id == office_id, ENTRIES.c.mark.in_(some)))
        found.update({row.mark: row.number for row in rows})
    return found


def any_entered(connection: Connection, office_id: int) -> bool:
    """Whether any row of any list was entered for the office."""
    return (
        connection.execute(select(ENTRIES.c.id).where(ENTRIES.c.office_id == office_id).limit(1)).first()
        is not None
    )


class List:
    """A list in the course of being entered."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self.desk, self.path = desk, path
        self.sha256 = digest(path)
        self.id: int | None = None
        self._begun: int | None = None

    def before(self) -> Any:
        """The row of this very file, where it was handed in before."""
        query = select(FILES).where(FILES.c.office_id == self.desk.office.id, FILES.c.sha256 == self.sha256)
        with self.desk.store.reading() as connection:
            return connection.execute(query.order_by(FILES.c.id.desc()).limit(1)).first()

    def begin(self, again: bool) -> Any:
        """Begin, or go on where it stopped; Refused where it was gone through before and nobody insists."""
        before = self.before()
        if before is not None and before.done and not before.refused and not again:
            raise Refused(
                N_("This list was entered before: {name}, {on}, by {who}, {n} applications."),
                rule="house:intake",
                field="file",
                name=before.name,
                on=before.begun_at[:10],
                who=self.desk.context.officer_called(before.begun_by),
                n=before.entered,
                way_on=N_("If all of it is to be entered once more as new applications: --again"),
            )
        if before is not None and not again:
            self.id = before.id
            return before
        return None

    def keep(self, connection: Connection, cases: list[tuple[int, str, int]]) -> None:
        """Keep of rows, each with its mark, which case they became, in the commit that makes these; the first
        one begins the list."""
        begun = self.id
        if begun is None:
            begun = insert_one(
                connection,
                insert(FILES),
                {
                    "office_id": self.desk.office.id,
                    "sha256": self.sha256,
                    "name": self.path.name,
                    "entered": 0,
                    "refused": 0,
                    "done": False,
                    "begun_at": self.desk.moment(),
                    "begun_by": self.desk.officer.key,
                },
            )
        place = {"office_id": self.desk.office.id, "list_id": begun}
        connection.execute(
            insert(ENTRIES),
            [{**place, "row": row, "mark": mark, "case_id": case_id} for row, mark, case_id in cases],
        )
        self._begun = begun

    def kept(self) -> None:
        """The commit of `keep` is through."""
        self.id = self._begun

    def end(self, refused: int, done: bool) -> None:
        """Keep how far it came, where anything was entered."""
        if self.id is None:
            return
        with self.desk.store.writing() as connection:
            entered = connection.execute(
                select(func.count()).select_from(ENTRIES).where(ENTRIES.c.list_id == self.id)
            ).scalar_one()
            connection.execute(
                update(FILES).where(FILES.c.id == self.id).values(entered=entered, refused=refused, done=done)
            )
