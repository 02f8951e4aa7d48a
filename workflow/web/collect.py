"""Collecting: what waits outside is pulled, opened, and taken in as the acts of the office.

Each form is taken in by one commit that also says so; only then is it taken off the outer side. A run that
breaks off is simply begun again; of two at the same time one takes in a form and the other finds it done. A
form that cannot be taken in stays outside, is reported, and keeps no other one waiting.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.base.errors import Conflict, DisclosureError, Environment
from workflow.base.messages import N_, Remark
from workflow.casework import case_codes, routing
from workflow.casework.desk import Desk
from workflow.web import acts_from_outside, entered, items, opening
from workflow.web.keys import Keys
from workflow.web.opening import Came
from workflow.web.outer_door import Outer
from workflow.web.public import form
from workflow.web.public.handing_in import APPLICATION
from workflow.web.public.store import Submission

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.casework.opened import Done

_OTHER_ORGAN = N_(
    "The applicant asks another organ: {organ}. Pass it on: disclosure route {number} --organ {key}"
)
_UNKNOWN = N_(
    "The applicant does not know which organ to ask. Where it is for another one to answer: disclosure route {number}"
)

# What the file of the case says in place of the organ's name.
_NOT_KNOWN = "申请人不确定，请转办"


@dataclass
class Collected:
    """What a run did: (receipt, kind, case) of what was taken in, what was there already, and faults."""

    taken: list[tuple[str, str, str]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    faults: list[tuple[str, DisclosureError]] = field(default_factory=list)
    # What an officer should know of applications, in messages with their parameters.
    notes: list[tuple[str, Remark]] = field(default_factory=list)


def collect(desk: Desk, outer: Outer, keys: Keys, seen: Callable[[], object] = lambda: None) -> Collected:
    """Take in everything that waits outside."""
    made, after = Collected(), 0
    while batch := outer.waiting(after):
        for one in batch:
            after = one.id
            try:
                _take(desk, outer, keys, one, made)
            except Environment:
                raise
            except DisclosureError as fault:
                made.faults.append((one.receipt, fault))
            seen()
    return made


def _take(desk: Desk, outer: Outer, keys: Keys, one: Submission, made: Collected) -> None:
    if not _is_done(desk, one.token):
        came = opening.opened(one, outer.papers(one.token), keys)
        try:
            with tempfile.TemporaryDirectory(prefix="disclosure-web-") as folder:
                number = _taken_in(desk, came, Path(folder), made)
            made.taken.append((one.receipt, one.kind, number))
        except Conflict:
            # Another collector was faster, or holds the database: then it is tried the next time.
            if not _is_done(desk, one.token):
                raise
            made.known.append(one.receipt)
    else:
        made.known.append(one.receipt)
    outer.collected(one.id, desk.now())


def _is_done(desk: Desk, token: str) -> bool:
    with desk.store.reading() as connection:
        row = items.of_token(connection, desk, token)
    return row is not None and row.step != items.PAPERS


def _taken_in(desk: Desk, came: Came, folder: Path, made: Collected) -> str:
    if came.kind != APPLICATION:
        return acts_from_outside.take(desk, came, folder)
    secret = came.secret
    assert secret is not None

    def also(connection: Connection, done: Done) -> None:
        items.keep(connection, desk, came, done.case_id, items.DONE)
        case_codes.keep(connection, desk, done.case_id, case_codes.APPLICANT, secret, came.answers["notice"])

    organ = str(came.answers["organ"])
    known = {one.key: one.name for one in (desk.office, *routing.organs_below(desk))}
    called = _NOT_KNOWN if organ == form.UNKNOWN_ORGAN else known.get(organ, organ)
    done = desk.receive(entered.application(came, folder, called), also=also)
    notes, number = list(done.notes), done.case.number
    if organ == form.UNKNOWN_ORGAN:
        notes.append((_UNKNOWN, {"number": number}))
    elif organ != desk.office.key:
        notes.append((_OTHER_ORGAN, {"organ": called, "key": organ, "number": number}))
    if organ != desk.office.key:
        # Whoever registers it later, and did not see this run, sees it in the case.
        desk.act(number, "note", {"text": f"申请人在网上选择的机关：{called}"}, on=desk.today())
    made.notes += [(number, note) for note in notes]
    return number
