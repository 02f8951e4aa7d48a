"""Documents added to the file."""

from __future__ import annotations

from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.procedure import payloads
from workflow.procedure.registry import reacts


@reacts("attach")
def _attached(case: CaseFile, entry: Entry[payloads.Attach]) -> None:
    case.attachments += entry.payload["attachments"]
