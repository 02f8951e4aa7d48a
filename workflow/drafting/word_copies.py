"""A letter as a Word document for reading, or for the office automation system through which it is passed
round: of a letter that was made, or of a draft.

It is composed from the same source as the PDF, says on every page that it is a copy, and is recorded nowhere:
the PDF stays the letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from letters.check import rules
from letters.content import kinds
from letters.pdf import word_copy
from workflow.base import whole_files
from workflow.base.errors import NotFound, Refused
from workflow.base.messages import N_
from workflow.cases import paper_names
from workflow.cases.case import CaseFile
from workflow.casework import issue_check, letter_data
from workflow.casework.opened import Opened, open_case
from workflow.drafting import preview
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

LETTERS = TABLES["letter"]
# They stand on a Chinese letter, whatever the officer reads.
COPY = "副本：供阅读和办公系统流转使用，以正式的 PDF 文书为准"
DRAFT = "{mark}：供修改和流转使用，不是正式文书；修改须回录后方可审核印发"
VOID = "已作废：" + COPY


def write(seat: Seat, ref: str, letter_id: int | None, place: Callable[[str], Path]) -> dict[str, Any]:
    """Write the copy of a letter by its id; without one of the draft in hand, else of the newest letter."""
    word_copy.require()
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
    if letter_id is None and opened.case.state in issue_check.DRAFTED and opened.case.draft:
        content, code, mark, tail = _draft(seat, opened)
    else:
        content, code, mark, tail = _made(seat, opened, letter_id)
    if content.get("mark"):
        mark = f"{content['mark']}：{mark}"
    path = place(name_of(opened.case, code, tail))
    whole_files.write(path, word_copy.letter(content, mark), replace=True)
    return {"path": str(path), "case": opened.case.number, "code": code, "mark": mark}


def name_of(case: CaseFile, code: str, tail: object) -> str:
    """What the file is called."""
    return paper_names.of_case(case, kinds.get(code).zh, tail, ending=".docx")


def _draft(seat: Seat, opened: Opened) -> tuple[Mapping[str, Any], str, str, object]:
    with seat.store.reading() as connection:
        subject = issue_check.subject(seat, connection, opened, on=seat.today())
        said = preview.content(seat, connection, opened, subject)
    if said is None:
        raise subject.refused or Refused(
            N_("{number} has no draft of a reply now."), number=opened.case.number
        )
    mark = rules.mark(opened.case.state)
    return said, subject.code, DRAFT.format(mark=mark), mark


def _made(seat: Seat, opened: Opened, letter_id: int | None) -> tuple[Mapping[str, Any], str, str, object]:
    query = select(LETTERS).where(LETTERS.c.case_id == opened.id, LETTERS.c.content.is_not(None))
    with seat.store.reading() as connection:
        rows = list(connection.execute(query.order_by(LETTERS.c.id)))
        found = [one for one in rows if letter_id in (None, one.id)]
        if not found:
            raise NotFound(
                N_("The case {number} has no letter {id} that was made."),
                field="letter",
                number=opened.case.number,
                id=letter_id or "",
                way_on=N_("See them with: disclosure letters {number}"),
            )
        row = found[-1]
        content = letter_data.opened(row.content, seat.case_key(connection, opened.id))
    mark = VOID if row.voided_on is not None else COPY
    return content, row.code, mark, row.number or row.id
