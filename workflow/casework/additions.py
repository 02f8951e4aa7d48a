"""Code that single acts need besides their tables: files read before the lock, facts completed inside it,
writes in the same commit.

Acts that are not listed here need none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from workflow.base.completeness import require_known
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.cases.states import UNCOUNTED
from workflow.casework import (
    assignment,
    attached_files,
    earlier_reply,
    fee_ways,
    filing_check,
    joining,
    letter_rows,
    letter_status,
    letters_of_act,
    lookup,
    mended,
    month_count,
    routing,
    splitting,
    step_check,
    urging,
)
from workflow.casework.added_persons import (
    agent_given,
    agent_lacks,
    agent_sealed,
    applicant_given,
    applicant_sealed,
    applicant_told,
    letter_names,
)
from workflow.casework.opened import Done
from workflow.casework.unit import Payload, Unit
from workflow.office.seat import Seat
from workflow.procedure import act_tables, letter_truth, particulars


def _nothing(seat: Seat, ref: str, payload: Payload) -> Any:
    return None


def _as_it_is(payload: Payload, found: Any) -> Payload:
    return payload


def _as_said(unit: Unit, payload: Payload) -> Payload:
    return payload


def _unchanged(unit: Unit, payload: Payload, found: Any) -> Payload:
    return payload


def _no_more(unit: Unit, done: Done) -> None:
    return None


class Addition(NamedTuple):
    """The additional steps of one act, in the order in which they run."""

    # Before the lock is taken, for slow work; its result is passed on.
    outside: Callable[[Seat, str, Payload], Any] = _nothing
    # What was said for "as proposed", before units and officers are looked up.
    chosen: Callable[[Unit, Payload], Payload] = _as_said
    # Before the state machine is asked.
    first: Callable[[Payload, Any], Payload] = _as_it_is
    # After the step was allowed, before it is recorded.
    last: Callable[[Unit, Payload, Any], Payload] = _unchanged
    # After it is recorded, in the same commit.
    after: Callable[[Unit, Done], None] = _no_more
    # Nothing of this reads or writes another case as it stands at the same moment: others of the office write
    # beside it.
    own: bool = False


def _take_in(seat: Seat, ref: str, payload: Payload) -> list[dict[str, Any]]:
    return attached_files.keep_paths(payload["file"], seat.store)


def _attached(payload: Payload, kept: list[dict[str, Any]]) -> Payload:
    return {**{name: value for name, value in payload.items() if name != "file"}, "attachments": kept}


def _word_given(unit: Unit, payload: Payload, found: Any) -> Payload:
    return {**payload, "rule": step_check.require_word(payload["rule"], unit.seat.officer.actor.roles)}


def _lost(seat: Seat, ref: str, payload: Payload) -> list[filing_check.Missing]:
    return filing_check.lost(seat, ref)


def _complete(unit: Unit, payload: Payload, gone: list[filing_check.Missing]) -> Payload:
    return filing_check.require(unit.connection, unit.opened, payload, gone)


def _make_anew(unit: Unit, done: Done) -> None:
    """A letter that was made void is made again from the record, unless that is not wanted."""
    if done.entry.payload.get("anew") == "no":
        return
    code, called = letter_status.anew(unit.connection, unit.opened, done.entry)
    done.letters += letters_of_act.put_down_anew(unit.seat, unit.connection, unit.opened, done, called, code)


def _earlier_reply(unit: Unit, payload: Payload, found: Any) -> Payload:
    return earlier_reply.stated(unit.seat, unit.connection, payload)


def _known_twin(unit: Unit, payload: Payload, found: Any) -> Payload:
    """The number of the remaining application, which must not be void itself."""
    if not payload.get("twin"):
        return payload
    row = lookup.one(unit.connection, unit.seat, payload["twin"])
    if row.id == unit.opened.id or row.state in UNCOUNTED:
        raise Malformed(
            N_("{number} is no application that stays."),
            field="twin",
            number=row.number,
            way_on=N_("Name the other application, the one that stays."),
        )
    return {**payload, "twin": row.number}


def _with_its_letters(unit: Unit, payload: Payload, found: Any) -> Payload:
    letters = letter_rows.unsent(unit.connection, unit.opened.id)
    return {**payload, "letters": letters} if letters else payload


def _request_changed(unit: Unit, done: Done) -> None:
    """Letters that were made before say what was asked until then."""
    if done.entry.event == "supplement" and not (done.entry.payload.keys() & {"request", "items"}):
        return
    if here := letter_names(letter_truth.unsent(done.case, done.entry.n)):
        said = N_(
            "Still here, and made before the request changed: {letters}. Have them made anew with: disclosure void-letter {number}"
        )
        done.notes.append((said, {"letters": listed(here), "number": done.case.number}))


def _lacks(unit: Unit, done: Done) -> None:
    done.missing = particulars.missing(done.case, unit.seat.context)


def _other(unit: Unit, payload: Payload, found: Any) -> Payload:
    """The other application by its whole number."""
    row = lookup.one(unit.connection, unit.seat, payload["other"])
    if row.id == unit.opened.id:
        raise Malformed(
            N_("{number} cannot be linked to itself."),
            field="other",
            number=row.number,
            way_on=N_("Name the other application."),
        )
    return {**payload, "other": row.number}


def _apart(unit: Unit, payload: Payload, found: Any) -> Payload:
    return splitting.apart(unit, payload)


def _made_apart(unit: Unit, done: Done) -> None:
    done.notes.append(
        (
            N_("Entered, each to be registered by itself: {numbers}."),
            {"numbers": listed(done.entry.payload["made"])},
        )
    )
    _request_changed(unit, done)


def _with_the_facts(read: Callable[[Unit, Payload], Payload]) -> Callable[[Unit, Payload, Any], Payload]:
    return lambda unit, payload, found: read(unit, payload)


def _month(seat: Seat, ref: str, payload: Payload) -> month_count.Count:
    return month_count.look(seat, ref)


def _by_the_count(payload: Payload, found: month_count.Count) -> Payload:
    return month_count.for_notice(payload, found)


def _both_ways(unit: Unit, done: Done) -> None:
    count = month_count.of_opened(unit.seat, unit.connection, unit.opened)
    payload, on = done.entry.payload, done.entry.on
    done.notes += fee_ways.other_way(payload, count, unit.seat, on, done.case.number)


def _while_contested(unit: Unit, done: Done) -> None:
    done.notes += mended.told(done)


_FILING = Addition(outside=_lost, last=_complete)
_ADDITIONS = {
    "assign": Addition(chosen=assignment.chosen, last=assignment.recorded, own=True),
    "add_applicant": Addition(first=applicant_given, last=applicant_sealed, after=applicant_told, own=True),
    "appoint_agent": Addition(first=agent_given, last=agent_sealed, after=agent_lacks, own=True),
    "confirm_receipt": Addition(after=_lacks, own=True),
    "join": Addition(last=_with_the_facts(joining.take_in), after=joining.taken_in),
    "separate": Addition(last=_with_the_facts(joining.take_out), after=joining.taken_out),
    "answer_jointly": Addition(last=_with_the_facts(joining.answered)),
    "dispatch": Addition(after=joining.answer_all),
    "serve": Addition(after=joining.serve_all),
    "link": Addition(last=_other),
    "supplement": Addition(after=_request_changed, own=True),
    "narrow": Addition(after=_request_changed, own=True),
    "split": Addition(last=_apart, after=_made_apart),
    "attach": Addition(outside=_take_in, first=_attached, own=True),
    "draft": Addition(last=_earlier_reply, own=True),
    **dict.fromkeys(
        ("supplement_reply", "redo_reply", "issue", "open_reconsideration", "open_suit"),
        Addition(after=_while_contested, own=True),
    ),
    "notify_fee": Addition(outside=_month, first=_by_the_count, after=_both_ways),
    "override_rule": Addition(last=_word_given, own=True),
    "void_letter": Addition(after=_make_anew),
    "route": Addition(
        outside=routing.organ, first=routing.by_key, last=routing.passed_on, after=routing.told
    ),
    "answer_urging": Addition(chosen=urging.superior_first, after=urging.answered),
    "hand_back": Addition(chosen=routing.superior_first, after=routing.handed_back),
    "propose_void": Addition(last=_known_twin),
    "void_case": Addition(last=_with_its_letters),
    "file": _FILING,
    "file_unserved": _FILING,
}
require_known("casework/additions.py", _ADDITIONS, "procedure/acts", act_tables.acts())
NONE = Addition(own=True)
"""Of the acts that need nothing more."""


def of(event: str) -> Addition:
    """What an act needs beside its tables."""
    return _ADDITIONS.get(event, NONE)
