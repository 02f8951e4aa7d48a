"""Which day an act may bear: not before what it follows, not after the day on which it is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.tracks import Consultation
from workflow.procedure import act_tables
from workflow.procedure.fold import UNDO, UNDONE, apply, effective

RULE = "house:chronology"
# An answer follows its question, and nothing else: it may be entered after the case was closed for want of it
# and taken up again, with the day on which it really came (`answers` in the table of the act). What changes
# no state still cannot lie before what it rests on (`not_before`): the handler's work not before he took the
# case in hand, the draft that is handed in not before the answers to the consultations.


def follows(
    case: CaseFile, event: str, moves: bool, part_no: int = 0, track: str = "case"
) -> tuple[date, str] | None:
    """The day and event before which an act cannot lie; None for the receipt itself."""
    if case.received_on is None:
        return None
    if track != "case":
        return _in_part(case, track, part_no)
    act = act_tables.acts().get(event, {})
    question = act.get("answers")
    asked = getattr(case, question["fact"]) if question else None
    if question and asked is not None:
        return asked, question["event"]
    candidates = [(case.received_on, "receive")]
    if moves and case.last_on is not None:
        candidates.append((case.last_on, case.last_entry))
    if event == "undo_extension" and case.extension:
        candidates.append((case.extension[0], "extend"))
    if "accept" in act.get("not_before", ()) and case.accepted is not None:
        candidates.append((case.accepted, "accept"))
    if "answers" in act.get("not_before", ()):
        candidates += [(part.answered, "opinion_given") for part in case.consultations if part.answered]
    return max(candidates)


def _in_part(case: CaseFile, track: str, no: int) -> tuple[date, str] | None:
    part = case.part(track, no)
    if part is None:
        return None
    if isinstance(part, Consultation):
        days = [
            (part.sent, "consult"),
            (part.delivered, "opinion_delivered"),
            (part.answered, "opinion_given"),
        ]
    else:
        days = [
            (part.received, "open_remedy"),
            (part.defended, "defend"),
            (part.served, "remedy_decided"),
            (part.appealed, "appeal"),
        ]
    return max((day, name) for day, name in days if day is not None)


def check(
    case: CaseFile, on: date, today: date, event: str, moves: bool, part_no: int = 0, track: str = "case"
) -> None:
    """Refused if the day lies in the future or before the event that the act follows."""
    if on > today:
        raise Refused(
            N_("{on} lies in the future; today is {today}."),
            rule=RULE,
            field="on",
            on=on,
            today=today,
            way_on=N_("Give the day on which it happened with --on, or leave it out for today."),
        )
    bound = follows(case, event, moves, part_no, track)
    if bound is not None and on < bound[0]:
        raise Refused(
            N_("{on} lies before {follows}, the day of the act that it follows ({event})."),
            rule=RULE,
            field="on",
            on=on,
            follows=bound[0],
            event=Named("event", bound[1]),
            way_on=N_(
                "Give the right day with --on. If the earlier day was entered wrongly, correct it with 'disclosure amend'."
            ),
        )


def check_all(entries: Iterable[Entry], today: date) -> None:
    """As check, for a whole case with its corrections: a correction must not turn the order of things
    over.
    """
    case = CaseFile()
    for entry in effective(entries):
        if entry.event not in ("amend", "letter_made", "reveal", "mailed", UNDO, UNDONE):
            no = int(entry.payload.get("no", 0)) if entry.track != "case" else 0
            check(case, entry.on, today, entry.event, entry.source != entry.dest, no, entry.track)
        if entry.event == "notice_reached":
            _after_sending(case, entry)
        apply(case, entry)


def _after_sending(case: CaseFile, entry: Entry) -> None:
    """A letter reaches nobody before it is sent (for a new act a guard asks this)."""
    notice = case.on_its_way(entry.payload["letter"])
    follows = (notice.left_on or notice.on) if notice is not None else None
    if notice is not None and follows is not None and entry.on < follows:
        raise Refused(
            N_("{on} lies before {follows}, the day on which the notice {letter} was sent."),
            rule=RULE,
            field="on",
            on=entry.on,
            follows=follows,
            letter=notice.code,
            way_on=N_("Give the right day with --on."),
        )
