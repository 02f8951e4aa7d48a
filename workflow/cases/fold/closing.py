"""Ends of a case and what comes after: withdrawal, filing, keeping, reopening, a new decision."""

from __future__ import annotations

from typing import Any

from workflow.cases.case import CaseFile, Entry, Notice
from workflow.cases.fold.registry import day_of, reacts


@reacts("withdraw")
def _withdrawn(case: CaseFile, entry: Entry) -> None:
    case.withdrawn, case.withdrawn_from = entry.on, entry.source
    case.notices.append(Notice("D14", entry.on))


@reacts("file", "file_unserved")
def _filed(case: CaseFile, entry: Entry) -> None:
    p = entry.payload
    case.filed = entry.on
    case.missing, case.filed_despite = list(p.get("missing", [])), p.get("despite")
    kept(case, p)


def kept(case: CaseFile, payload: dict[str, Any]) -> None:
    """Entries that change what a filed case is carry the class by which it is now kept."""
    if "retention" in payload:
        case.retention, case.keep_until = payload["retention"], day_of(payload.get("keep_until"))


@reacts("keep_longer")
def _kept_longer(case: CaseFile, entry: Entry) -> None:
    case.keep_until, case.destruction = day_of(entry.payload["until"]), None


@reacts("propose_destruction")
def _destruction_proposed(case: CaseFile, entry: Entry) -> None:
    case.destruction = entry.on, entry.actor


@reacts("destroy")
def _destroyed(case: CaseFile, entry: Entry) -> None:
    case.destroyed = entry.on


@reacts("reopen")
def _reopened(case: CaseFile, entry: Entry) -> None:
    case.withdrawn = case.correction_lapsed = case.fee_lapsed = None


@reacts("redecide")
def _redecided(case: CaseFile, entry: Entry) -> None:
    for day, outcome in ((case.correction_lapsed, "lapsed_correction"), (case.fee_lapsed, "lapsed_fee")):
        if day is not None:
            case.ended_before.append((case.round, day, outcome))
    case.round += 1
    case.round_start = entry.on
    case.ordered_due = day_of(entry.payload.get("due"))
    case.draft, case.passed, case.drafter, case.overridden = {}, [], None, []
    case.filed = case.extension = case.delay_until = None
    case.retention = case.keep_until = case.destruction = case.filed_despite = None
    case.missing = []
    case.approved = case.submitted = None
    case.correction_lapsed = case.fee_lapsed = case.withdrawn = None
    # The unit begins anew, and its own time with it.
    case.accepted = entry.on if entry.dest == "in_hand" else None
