"""The daily digest: one mail to each officer on what waits for him, and to the head on what is overdue or
about to be.

Each mail is a row, unique for office, officer and day, written before anything is sent. What was sent is
never sent again that day; what the server did not take is sent by the next run; of what was interrupted in
between nobody knows whether it went out, so that it is left alone until a person says `--again`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow.base.completeness import require_same
from workflow.base.errors import DisclosureError, Environment, NotFound, Refused
from workflow.base.messages import N_
from workflow.office import alert_settings, smtp
from workflow.office.mail_settings import MailSettings
from workflow.office.profile import Officer
from workflow.office.seat import Seat
from workflow.office.smtp_faults import MailFault, WayOn
from workflow.reports.alerts import report
from workflow.reports.alerts.alert import Alert
from workflow.reports.alerts.digest_outcome import SAID, Outcome, Told
from workflow.reports.alerts.digest_text import Draft, Section, message, subject, text
from workflow.reports.alerts.report import Report
from workflow.reports.alerts.scope import Scope
from workflow.reports.alerts.search import KEEPERS
from workflow.storage import ledger
from workflow.storage.row_states import DigestState
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from email.message import EmailMessage

DIGESTS = TABLES["digest"]
HEAD = "approver"
_WAY_ON = WayOn(
    "disclosure digest --send",
    N_(
        "Ask whoever runs the mail server, or the recipient. Then, if it did not go out: {again} --again OFFICER"
    ),
)


def plan(found: Report) -> list[Draft]:
    """The mails of the day, in one pass over the alerts of the office; officers who left get none."""
    escalate = found.search.limits.of("escalate")
    drafts = [
        Draft(one, office=Section() if HEAD in one.roles else None) for one in found.officers if one.active
    ]
    scopes = [Scope(officer=draft.officer) for draft in drafts]
    for alert in found.alerts():
        for draft, scope in zip(drafts, scopes, strict=True):
            if _own(alert, scope):
                draft.own.add(alert)
            elif draft.office is not None and _escalated(alert, escalate):
                draft.office.add(alert)
    return drafts


def _own(alert: Alert, scope: Scope) -> bool:
    assert scope.officer is not None
    if alert.case is None:
        return bool(KEEPERS & set(scope.officer.roles))
    return scope.has(alert, alert.clock)


def _escalated(alert: Alert, days: int) -> bool:
    """What the head is told, whoever handles it: overdue, or due within so many working days."""
    if alert.overdue or alert.kind == "today":
        return True
    return (
        alert.kind in ("soon", "hearing") and alert.left is not None and alert.left <= days and _owed(alert)
    )


def _owed(alert: Alert) -> bool:
    """Whether a last day is one that the office has to keep: not its own target, and not a time of others."""
    return alert_settings.table()["clock"][alert.clock]["lane"] in ("reply", "contest")


# --- sending


def send(seat: Seat, on: date | None = None, again: Iterable[str] = ()) -> list[Outcome]:
    """Send the mails of a day. What came of each; the first fault is raised when all was tried, or the server
    is away.
    """
    _require_keeper(seat)
    settings = smtp.settings(seat.office)
    if settings is None:
        raise Environment(
            N_("The office file names no mail server, so that nothing can be sent."),
            field="mail",
            way_on=N_("Set it: disclosure mail setup, see docs/posting.md"),
        )
    again = frozenset(again)
    with report.opened(seat, whole=True, on=on) as found:
        drafts = plan(found)
        _known(again, found.officers)
        query = select(DIGESTS).where(DIGESTS.c.office_id == seat.office.id, DIGESTS.c.on_day == found.today)
        rows = {row.officer: row for row in found.search.connection.execute(query)}
        outcomes = {draft.officer.key: _before(draft, rows.get(draft.officer.key), again) for draft in drafts}
        pending = [draft for draft in drafts if outcomes[draft.officer.key].state == Told.SENDING]
        messages = {draft.officer.key: message(draft, found, settings, seat.now()) for draft in pending}
        today = found.today
    if pending:
        fault = _deliver(seat, settings, pending, messages, outcomes, today, again)
        if fault is not None:
            fault.way_on = N_("What was not sent goes out with the next run: disclosure digest --send")
            raise Unsent(fault, list(outcomes.values()))
    return list(outcomes.values())


class Unsent(MailFault):
    """Some mails did not go out; what became of each is told with it. Exit status 6."""

    def __init__(self, fault: DisclosureError, outcomes: list[Outcome]) -> None:
        params = {name: value for name, value in fault.params.items() if name != "field"}
        super().__init__(fault.message, way_on=fault.way_on, field=fault.field, **params)
        self.outcomes = outcomes


def _require_keeper(seat: Seat) -> None:
    if not KEEPERS & set(seat.officer.roles):
        raise Refused(
            N_("{officer} may not send digests; it is for a registrar or an approver."),
            rule="house:office",
            officer=seat.officer.name,
            way_on=N_("Let an officer with that role do it."),
        )


def _known(again: Iterable[str], officers: list[Officer]) -> None:
    known = {one.key for one in officers}
    for key in again:
        if key not in known:
            raise NotFound(
                N_("There is no officer '{officer}'."),
                field="again",
                officer=key,
                way_on=N_("See who there is with: disclosure officer list"),
            )


def _before(draft: Draft, row: Any, again: frozenset[str]) -> Outcome:
    """What to do with a mail, given its row: `sending` where it is to be sent."""
    officer = draft.officer

    def told(state: Told, detail: str = "") -> Outcome:
        return Outcome(officer.key, officer.name, state, officer.email, draft.alerts, draft.overdue, detail)

    if draft.empty:
        return told(Told.NOTHING)
    if officer.email is None:
        return told(Told.NO_ADDRESS)
    if row is None or row.state == DigestState.FAILED or officer.key in again:
        return told(Told.SENDING)
    if row.state == DigestState.SENT:
        return told(Told.ALREADY, row.sent_at or "")
    return told(Told.UNCERTAIN, row.begun_at)


def _of(seat: Seat, officer: str, today: date) -> Any:
    return (
        (DIGESTS.c.office_id == seat.office.id) & (DIGESTS.c.officer == officer) & (DIGESTS.c.on_day == today)
    )


def _deliver(
    seat: Seat,
    settings: MailSettings,
    pending: list[Draft],
    messages: dict[str, EmailMessage],
    outcomes: dict[str, Outcome],
    today: date,
    again: frozenset[str],
) -> DisclosureError | None:
    """One after the other; the first fault. Nothing is written down before the server has let us in."""
    first: DisclosureError | None = None
    left = list(pending)
    try:
        with smtp.session(settings, _WAY_ON) as session:
            while left:
                draft = left.pop(0)
                outcome = outcomes[draft.officer.key]
                if not _claim(seat, draft, today, again):
                    outcome.state = Told.ALREADY
                    continue
                try:
                    session.deliver(messages[draft.officer.key])
                except MailFault as fault:
                    first = first or fault
                    outcome.state = Told.UNCERTAIN if fault.uncertain else Told.FAILED
                    outcome.detail = fault.text
                    _note(seat, draft, today, None if fault.uncertain else DigestState.FAILED, fault)
                    if not fault.permanent:
                        break
                else:
                    outcome.state = Told.SENT
                    _note(seat, draft, today, DigestState.SENT)
    except DisclosureError as fault:
        first = first or fault
    for draft in left:
        outcomes[draft.officer.key].state = Told.FAILED
    return first


def _claim(seat: Seat, draft: Draft, today: date, again: frozenset[str]) -> bool:
    """Record that a mail is about to be sent; whether this run may send it."""
    values = {
        "state": DigestState.SENDING,
        "email": draft.officer.email,
        "alerts": draft.alerts,
        "overdue": draft.overdue,
        "begun_at": seat.moment(),
        "sent_at": None,
        "last_error": None,
    }
    with seat.store.writing() as connection:
        # Writers of an office are serialised, so that of two runs at once only one sends it.
        ledger.head(connection, seat.office.id, lock=True)
        where = _of(seat, draft.officer.key, today)
        row = connection.execute(select(DIGESTS.c.state).where(where)).first()
        if row is None:
            given = {"office_id": seat.office.id, "officer": draft.officer.key, "on_day": today, **values}
            connection.execute(insert(DIGESTS).values(given))
            return True
        if row.state != DigestState.FAILED and draft.officer.key not in again:
            return False
        connection.execute(update(DIGESTS).where(where).values(values))
        return True


def _note(
    seat: Seat, draft: Draft, today: date, state: DigestState | None, fault: DisclosureError | None = None
) -> None:
    values: dict[str, Any] = {"state": state} if state else {}
    if state == DigestState.SENT:
        values["sent_at"] = seat.moment()
    if fault is not None:
        values["last_error"] = f"{fault.kind}: {fault}"[:2000]
    with seat.store.writing() as connection:
        connection.execute(update(DIGESTS).where(_of(seat, draft.officer.key, today)).values(values))


# --- what is told of it


def preview(found: Report) -> list[tuple[Draft, str, str]]:
    """The mails of the day as they would go out: to whom, subject, text."""
    return [(draft, subject(draft, found), text(draft, found)) for draft in plan(found) if not draft.empty]


require_same("digest._SAID", [*SAID, Told.SENDING], "digest.Told", Told)
