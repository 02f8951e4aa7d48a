"""How a case stands, as the public pages say it: minimal, without names and without the request."""

from __future__ import annotations

import os
from datetime import date
from typing import Any, NamedTuple

from letters.content import kinds
from workflow.base import messages, tables
from workflow.base.completeness import require_known, require_same
from workflow.base.messages import LANGUAGES
from workflow.base.patterns import later
from workflow.cases import case_clock
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CaseClock
from workflow.cases.letter_life import GONE, of_letter
from workflow.cases.states import GOING, UNCOUNTED, ClockState, State
from workflow.cases.tracks import Consultation
from workflow.casework.opened import Opened
from workflow.clocks import explanation
from workflow.clocks.deadline import Deadline
from workflow.office.seat import Seat
from workflow.procedure import transitions
from workflow.procedure.fold import effective

TABLE = os.path.join(os.path.dirname(__file__), "standing.toml")
REPLY = "reply.limit"
# Over for the applicant: nothing more is put into the file by him.
_OVER = (State.FILED, *UNCOUNTED, State.WITHDRAWN, State.LAPSED)
_ANSWERED = (State.DISPATCHED, State.SERVED, State.FILED)
_LINES = later(r"[\n；;]")
_OPINIONS = ("third_party.opinion", "co_maker.opinion", "other_organ.opinion", "referral.opinion")


class PublicLetter(NamedTuple):
    """A letter that went to whoever follows."""

    id: int
    code: str
    sha256: str
    sent_on: date
    tracking: str


def table() -> dict[str, Any]:
    """The words of standing.toml; every state of a case has some."""
    found = tables.read(TABLE)
    process = transitions.bundled()
    states = {row.source for row in process.rows if row.track == "case"} - {State.NEW}
    require_same("web/standing.toml [state]", found["state"], "procedure/acts", states)
    require_known("web/standing.toml [may]", found["may"], "case_clock.RULES", case_clock.RULES)
    return found


def letters(opened: Opened, rows: list[Any], copies: dict[int, str], no: int) -> list[PublicLetter]:
    """The letters that went to the applicant (0), or to the one consulted."""
    case, found, posted = opened.case, [], _tracking(opened)
    for row in rows:
        life = of_letter(case.lives, row.id)
        if life is None or life.stage not in GONE or life.sending is None or not row.sha256:
            continue
        to = kinds.get(row.code).to
        if to == ("applicant" if no == 0 else "third_party") and life.no in (0, no):
            sha256 = copies.get(row.id, row.sha256)
            number = posted.get(row.id) or posted.get(row.number, "")
            found.append(PublicLetter(row.id, row.code, sha256, life.sending.on, number))
    return found


def _tracking(opened: Opened) -> dict[Any, str]:
    """The numbers of mail: of notices by their row, of replies by their number."""
    found: dict[Any, str] = {}
    number = ""
    for entry in effective(opened.entries):
        if entry.event == "issue":
            number = str(entry.payload.get("number", ""))
        tracking = entry.payload.get("tracking")
        if tracking and entry.event == "dispatch":
            found[number] = str(tracking)
        elif tracking and entry.event == "letter_posted":
            found |= {
                one["letter"] if isinstance(one, dict) else one: str(tracking)
                for one in entry.payload["letter"]
            }
    return found


def contents(seat: Seat, opened: Opened, no: int, sent: list[PublicLetter], rated: bool) -> dict[str, Any]:
    """What a row says, but for its moment and where its letters are."""
    case = opened.case
    part = next((one for one in case.consultations if one.no == no), None) if no else None
    if part is not None:
        return _consulted(seat, opened, part, sent)
    clock = next((one for one in opened.clocks if one.rule == REPLY), None)
    due = clock.deadline if clock is not None and clock.state in GOING else None
    state = case.state
    return {
        "number": case.number,
        "said": dict(table()["state"][state]),
        "received": _iso(case.received_on) if not case.unconfirmed else None,
        "organ": _organ(seat, case),
        **_due(seat, due),
        **_stopped(clock),
        "told": _told(opened.clocks),
        "may": _may(case, rated),
        "letters": [_letter(one) for one in sent],
    }


def _organ(seat: Seat, case: CaseFile) -> dict[str, str] | None:
    """The organ to which it was passed on, how it is reached, when it was and why."""
    if case.came_from is None:
        return None
    told = {"name": seat.office.name, "telephone": str(seat.office.entry("telephone"))}
    return {**told, "on": case.came_from.on.isoformat(), "reasons": case.came_from.reasons}


def _consulted(seat: Seat, opened: Opened, part: Consultation, sent: list[PublicLetter]) -> dict[str, Any]:
    clock = next((one for one in opened.clocks if one.rule in _OPINIONS and one.ref == part.no), None)
    running = part.state == State.SENT
    due = clock.deadline if clock is not None and running else None
    opinion = {"act": "opinion", "until": _iso(due.due if due else None), "late": True}
    return {
        "number": opened.case.number,
        "said": dict(table()["consulted"][part.state]),
        "received": None,
        **_due(seat, due),
        "told": [],
        "may": [opinion] if running else [],
        "letters": [_letter(one) for one in sent],
    }


def _due(seat: Seat, deadline: Deadline | None) -> dict[str, Any]:
    """The last day and how it was reached, in both languages, with the name of each day off."""
    if deadline is None:
        return {"due": None, "why": None}
    why, calendar = {}, seat.context.calendar
    for language in LANGUAGES:
        with messages.speaking(language):
            why[language.partition("_")[0]] = {
                "head": explanation.head_lines(deadline, calendar),
                "rows": explanation.step_rows(deadline, calendar),
            }
    return {"due": deadline.due.isoformat(), "why": why}


def _stopped(clock: CaseClock | None) -> dict[str, bool]:
    """That the time for the reply stands still, and has no last day until it goes on."""
    return {"stopped": True} if clock is not None and clock.state == ClockState.STOPPED else {}


def _told(clocks: list[CaseClock]) -> list[dict[str, Any]]:
    words = table()["may"]
    return [
        {"text": dict(words[one.rule]), "until": one.deadline.due.isoformat()}
        for one in clocks
        if one.rule in words and one.state in GOING
    ]


def _may(case: CaseFile, rated: bool) -> list[dict[str, Any]]:
    """The acts that are open. A correction that comes late is taken too: whether there was a good reason is
    for the organ to say.
    """
    found: list[dict[str, Any]] = []
    if case.state == State.CORRECTION_ASKED:
        matters = [text.strip() for text in _LINES.split(case.correction_matters or "") if text.strip()]
        found.append({"act": "correct", "until": _iso(case.correction_by), "late": True, "matters": matters})
    if case.state not in _OVER:
        found.append({"act": "paper"})
    process = transitions.bundled()
    if any(row.source == case.state for row in process.rows_of("withdraw")):
        found.append({"act": "withdraw"})
    if case.state in _ANSWERED and case.replies:
        found.append({"act": "publish"})
        found += [] if rated else [{"act": "rate"}]
    return found


def _letter(one: PublicLetter) -> dict[str, Any]:
    kind = kinds.get(one.code)
    return {
        "letter": one.id,
        "name": {"zh": kind.zh, "en": kind.en},
        "sent_on": one.sent_on.isoformat(),
        "tracking": one.tracking,
        "file": f"{one.code}-{one.id}.pdf",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
