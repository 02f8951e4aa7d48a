"""The letter as it would be issued now, to be read and not to be sent: with a mark on every page, without a
number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.check import finding, rules
from letters.check.subject import Subject
from letters.content import kinds
from letters.content.letter_content import Content
from letters.pdf import render
from workflow.base import whole_files
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import paper_names
from workflow.casework import case_codes, issue_check
from workflow.casework.opened import Opened, open_case
from workflow.office.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# In place of the serial number: nothing that could be mistaken for one.
_BLANK = "\u3000\u3000"


def preview(
    seat: Seat, ref: str, place: Callable[[str], Path], *, on: date | None, served_by: str | None
) -> dict[str, Any]:
    """Write the preview where `place` puts a file of its name; what it shows, as plain data. Refused, with
    the reason, where no letter can be made yet.
    """
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
        issue_check.require_draft(opened.case)
        subject = issue_check.subject(seat, connection, opened, on=on or seat.today(), served_by=served_by)
        said = content(seat, connection, opened, subject)
    if said is None:
        raise subject.refused or Refused(
            N_("{number} has no draft of a reply now."), number=opened.case.number
        )
    if subject.faceless is not None:
        raise subject.faceless
    mark = rules.mark(opened.case.state)
    pdf = render.pdf(said, draft=mark)
    out = place(paper_names.of_case(opened.case, kinds.get(subject.code).zh, mark))
    whole_files.write(out, pdf, replace=True)
    failing = [one.rule.id for one in finding.check(subject, opened.case.overridden) if one.blocks]
    return {
        "path": str(out),
        "case": opened.case.number,
        "code": subject.code,
        "mark": mark,
        "bytes": len(pdf),
        "failing": failing,
    }


def content(seat: Seat, connection: Connection, opened: Opened, subject: Subject) -> Content | None:
    """What a copy of a draft says: the letter with a blank where the number will stand, and with the place of
    the code where the letter will bear one; None where no letter can be made yet.
    """
    if subject.content is None:
        return None
    return _unnumbered(case_codes.on_draft(seat, connection, opened.id, subject.code, subject.content))


def _unnumbered(content: Content) -> Content:
    """A draft's content with a blank where the number will stand, in the data as well."""
    number = content["number"] or ""
    head, bracket, _ = number.partition("〕")
    blank = f"{head}{bracket}{_BLANK}号" if bracket else ""
    return {
        **content,
        "number": blank,
        "meta": {**content["meta"], "number": ""},
        "data": {**content["data"], "number": None},
    }
