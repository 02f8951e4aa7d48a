"""An application that comes in: made ready outside of any transaction, and entered in one, alone or after
others, always as an act of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.cases.case import CaseFile
from workflow.casework import attached_files, day_of_receipt, machine_clock, new_case, step_check, taking_over
from workflow.casework.application import Application
from workflow.casework.day_of_receipt import Arrival
from workflow.casework.opened import Done
from workflow.casework.taking_over import Past
from workflow.office.seat import Seat
from workflow.procedure import days, particulars

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass
class Incoming:
    """An application with the day on which it counts as received, its files in the store, and what an old
    register says of it besides."""

    application: Application
    arrival: Arrival
    files: list[dict[str, Any]]
    past: Past | None = None


def arrived(seat: Seat, application: Application) -> Arrival:
    """The day of receipt by the rule of the channel; Refused for one that no receipt can bear."""
    arrival = day_of_receipt.receipt_day(application, seat.office, seat.context, seat.today())
    days.check(CaseFile(), arrival.day, seat.today(), new_case.EVENT, True)
    return arrival


def ready(seat: Seat, application: Application, past: Past | None = None) -> Incoming:
    """Ask what can be asked without the database, then take its files into the store."""
    if past is None:
        arrival = arrived(seat, application)
    else:
        arrival = taking_over.arrival(application, seat)
        if application.attach:
            # Whatever the acts refuse is refused before a file is kept.
            taking_over.rehearse(application, past, seat)
    return Incoming(application, arrival, attached_files.keep_files(application, seat.store), past)


def enter(seat: Seat, connection: Connection, incoming: Incoming) -> Done:
    """Enter it; of the result, what the officer should know of it besides."""
    application, past = incoming.application, incoming.past
    if past is None:
        done = new_case.enter(seat, connection, application, incoming.arrival, incoming.files)
        done.notes[:0] = incoming.arrival.notes
    else:
        done = taking_over.enter(seat, connection, application, incoming.arrival, past, incoming.files)
    done.notes += step_check.overdue(done, seat.today())
    machine_clock.told(seat, connection, done)
    if past is None:
        done.missing = particulars.missing(done.case, seat.context)
    return done
