"""Who may carry a letter of a case, told by the number of its mail: an official document China Post alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.cases import letter_life
from workflow.procedure import mail_numbers

if TYPE_CHECKING:
    from workflow.cases.case import CaseFile
    from workflow.law import Law


def require_allowed(case: CaseFile, facts: Mapping[str, Any], on: date, law: Law) -> None:
    """Of what is posted on a day, with these facts: Refused for a courier's number on an official document, a
    letter that bears a document number; Malformed where it is no whole number.
    """
    text = facts.get("tracking")
    if not text:
        return
    named = facts.get("letter")
    if named is None or any(
        life.number for letter in named if (life := letter_life.of_letter(case.lives, letter)) is not None
    ):
        mail_numbers.require_post(text, on, law)
    mail_numbers.require_whole(text)
