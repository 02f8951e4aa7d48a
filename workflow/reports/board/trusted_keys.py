"""The public keys of organs whose monthly figures are taken in: entries of the superior's own office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.base.errors import Conflict, Malformed, NotFound, Refused
from workflow.base.messages import N_
from workflow.base.typed_text import required_text
from workflow.evidence import checkpoints, notes
from workflow.evidence.notes import SIGNED
from workflow.office import founding, offices
from workflow.office.seat import Seat
from workflow.reports.board.monthly import RULE, entries
from workflow.storage import ledger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TRUSTED, UNTRUSTED = "figures_key_trusted", "figures_key_withdrawn"


@dataclass(frozen=True)
class Organ:
    """An organ whose figures are taken in: the name of its record, its key there, how it is called here."""

    origin: str
    key: str
    name: str
    public: str


def organ_key(origin: str) -> str:
    """The organ's own key within the name of its record; Malformed where that is none."""
    parts = origin.split("/")
    if len(parts) != 3 or parts[0] != "disclosure" or not parts[1]:
        raise Malformed(
            N_("'{origin}' is not the name of an organ's record."),
            field="key",
            origin=origin[:80],
            way_on=N_("Ask the organ for the line that it prints: disclosure evidence key"),
        )
    return parts[1]


def trust(seat: Seat, text: str, name: str) -> Organ:
    """Trust a public key for the figures of an organ, called so here; a new key of it takes the old one's
    place. Refused for an organ whose cases lie in this database: it would be counted twice.
    """
    founding.require_manager(seat)
    name = required_text(name, "name")
    key = notes.read_key(text)
    own = organ_key(key.name)
    if key.kind != SIGNED:
        raise Malformed(
            N_("This is a witness's key, and no organ's."),
            field="key",
            way_on=N_("Ask the organ for the line that it prints: disclosure evidence key"),
        )
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        here = {checkpoints.origin_of(connection, one): one for one in offices.listed(connection)}
        if key.name in here:
            raise Refused(
                N_("The cases of {organ} lie in this database and are counted here."),
                rule=RULE,
                field="key",
                organ=here[key.name].name,
                way_on=N_("See its figures with: disclosure board"),
            )
        taken = [one for one in trusted(connection, seat.office.id).values() if one.origin != key.name]
        if name in {one.name for one in taken} or name in {one.name for one in here.values()}:
            raise Conflict(
                N_("Another organ is called '{name}' here already."),
                field="name",
                name=name,
                way_on=N_("Choose another name."),
            )
        payload = {"origin": key.name, "organ": own, "name": name, "key": key.text}
        founding.entry(connection, seat.office.id, TRUSTED, seat.officer.actor, payload, now=seat.now)
    return Organ(key.name, own, name, key.text)


def withdraw(seat: Seat, typed: str) -> Organ:
    """Trust the key of an organ no more; its figures are no longer counted, and stay in the record."""
    founding.require_manager(seat)
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        found = _find(trusted(connection, seat.office.id), typed)
        payload = {"origin": found.origin, "organ": found.key, "name": found.name}
        founding.entry(connection, seat.office.id, UNTRUSTED, seat.officer.actor, payload, now=seat.now)
    return found


def trusted(connection: Connection, office_id: int) -> dict[str, Organ]:
    """The organs whose keys are trusted, by the names of their records."""
    found: dict[str, Organ] = {}
    for one in entries(connection, office_id, TRUSTED, UNTRUSTED):
        if one["event"] == UNTRUSTED:
            found.pop(one["origin"], None)
        else:
            found[one["origin"]] = Organ(one["origin"], one["organ"], one["name"], one["key"])
    return found


def _find(known: dict[str, Organ], typed: str) -> Organ:
    wanted = typed.strip()
    found = [one for one in known.values() if wanted in (one.origin, one.key, one.name)]
    if len(found) != 1:
        raise NotFound(
            N_("No key is trusted for '{organ}'."),
            field="organ",
            organ=wanted[:60],
            way_on=N_("See which are with: disclosure board trust"),
        )
    return found[0]
