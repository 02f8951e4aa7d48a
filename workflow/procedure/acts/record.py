"""Documents added to the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.procedure.registry import reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@reacts("attach")
def _attached(case: CaseFile, entry: Entry[payloads.Attach]) -> None:
    case.attachments += entry.payload["attachments"]
