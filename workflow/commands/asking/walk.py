"""The guided way from its beginning to its end: a case, its steps, and the next case."""

from __future__ import annotations

from typing import Any

import click

from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.casework import lookup
from workflow.commands.asking import acting, cases, receiving, steps, together
from workflow.commands.asking.lines import Reader, Stopped
from workflow.commands.asking.questions import Back, say

RECEIVES = "registrar"


def through(reader: Reader, desk: Any, ref: str | None, said_as: list[str]) -> None:
    """Ask and act until the officer leaves. click.Abort where he stops in the middle."""
    say(
        [
            _(
                N_("{office}  {officer}  {day}"),
                office=desk.office.name,
                officer=desk.officer.name,
                day=desk.today(),
            )
        ]
    )
    say([_(N_("Enter takes what is proposed; < goes back; Ctrl-C stops, and nothing half done is written."))])
    try:
        if ref is not None:
            with desk.store.reading() as connection:
                number = lookup.one(connection, desk, ref).number
            steps.on_case(reader, desk, number, said_as)
            return
        while True:
            number = _case(reader, desk)
            if number.partition(together.AND)[0] == receiving.RECEIVE:
                number = receiving.receive(reader, desk, number, said_as)
                if number is None:
                    continue
            if not number:
                return
            _act_on(reader, desk, number, said_as)
    except Stopped:
        raise click.Abort from None


def _case(reader: Reader, desk: Any) -> str:
    try:
        also = receiving.choices(desk) if RECEIVES in desk.officer.roles else []
        return cases.choose(reader, desk, cases.waiting(desk), also)
    except Back:
        return ""


def _act_on(reader: Reader, desk: Any, number: str, said_as: list[str]) -> None:
    """Act on a case; a refusal leads back to the choice of a case."""
    try:
        steps.on_case(reader, desk, number, said_as)
    except DisclosureError as fault:
        acting.refused(fault, "do")
