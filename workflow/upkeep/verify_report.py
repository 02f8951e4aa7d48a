"""What the check of the record found, as plain data and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base import names
from workflow.base.messages import N_, listed, translate
from workflow.upkeep import verify_guards
from workflow.upkeep.verify_record import Verdict

MOST = 20
"""Entries that are told one by one."""


def as_json(office: str, verdict: Verdict) -> dict[str, Any]:
    """As plain data."""
    return {
        "office": office,
        "entries": verdict.entries,
        "cases": verdict.cases,
        "files": verdict.files,
        "keys": verdict.keys,
        "head": verdict.head,
        "stale": verdict.stale,
        "unindexed": verdict.unindexed,
        "known": verdict.known,
        "refused": [verify_guards.as_json(one) for one in verdict.refused],
        "doubtful": [verify_guards.as_json(one) for one in verdict.doubtful],
        "unread": verdict.unread,
        "rights": verdict.rights,
    }


def lines(result: dict[str, Any]) -> Iterator[str]:
    """As lines, the least that is needed first."""
    yield translate(
        N_("{office}: {entries} entries and {cases} cases hold. Newest entry: {entries}:{head}"), **result
    )
    counts = (f"{names.name('known_by', via)} {n}" for via, n in sorted(result["known"].items()))
    yield translate(N_("  Who acted is known: {counts}"), counts=listed(counts))
    yield from _noted(result)
    if result["stale"]:
        yield translate(
            N_("  Deadlines that a newer calendar moves: {stale} (see: disclosure recompute)"),
            stale=", ".join(result["stale"]),
        )
    if result["unindexed"]:
        yield translate(
            N_(
                "  Texts that a search does not find: {n} (make the index again: disclosure search --rebuild)"
            ),
            n=result["unindexed"],
        )
    if result["unread"]:
        yield translate(
            N_(
                "  Cases whose texts cannot be read here (destroyed, or no key file): {n}. Of these less was asked."
            ),
            n=result["unread"],
        )
    for right in result["rights"]:
        yield translate(N_("  May change or empty the ledger, besides its owner: {right}"), right=right)
    yield from _refused(
        result["refused"], N_("NO GUARD WOULD LET THROUGH: {case}, entry {entry} ({event}): {why}")
    )
    yield from _refused(
        result["doubtful"],
        N_("  Today's guards would refuse, of an earlier version: {case}, entry {entry} ({event}): {why}"),
    )


def _noted(result: dict[str, Any]) -> Iterator[str]:
    if since := result.get("since"):
        yield translate(
            N_("  The entry {seq} is the one that was noted; {entries_since} came after it."), **since
        )
    if point := result.get("checkpoint"):
        yield translate(
            N_(
                "  The first {size} entries are those of the checkpoint; signed by this office: {signed}; witnesses: {who}"
            ),
            size=point["size"],
            signed=translate(N_("yes") if point["signed"] else N_("not checked, its key is not here")),
            who=listed(point["cosigned_by"]) or "-",
        )


def _refused(found: list[dict[str, Any]], text: str) -> Iterator[str]:
    for one in found[:MOST]:
        yield translate(text, **{**one, "event": names.name("event", one["event"])})
    if len(found) > MOST:
        yield translate(N_("  and {n} more (--json)"), n=len(found) - MOST)
