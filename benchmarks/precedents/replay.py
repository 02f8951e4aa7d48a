"""A case replayed at the desk, each act by its officer on its real day; what was refused, warned of and told
in time.

Days that a file does not tell are chosen so that the order is kept and the law is: a correction inside its
days, a reply inside its time, unless lateness is what the case was decided on.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.precedents import cases, drafts, office
from benchmarks.precedents.cases import OTHER, Case, Event
from letters.check import finding
from letters.content import chinese
from workflow import calendar, law
from workflow.base.errors import DisclosureError
from workflow.casework import application, issue_check
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.office import founding, office_file
from workflow.storage.database import Store

REFUSED, WARNED, ALERTED, OVERDUE = "refused", "warned", "alerted", "overdue"
REPLY = "reply.limit"
DATABASE = "disclosure.db"
_CHECKED = ("draft", "submit", "pass_review", "issue")
_TELL = {ALERTED: ("soon", "today"), OVERDUE: ("overdue",)}
_STARTS = {"2008": date(2008, 5, 1), "2019": date(2019, 5, 15)}
_ENDS = {"2008": date(2019, 4, 1), "2019": date(2026, 6, 1)}
_STEPS = {
    "correction_asked": 2,
    "corrected": 6,
    "extended": 8,
    "third_party_asked": 2,
    "third_party_answered": 9,
}
# Days from an unknown receipt to the first known day.
_BEFORE = {"replied": 12, "served": 12, "silence": 30, "extended": 10, "correction_asked": 3}
_CHANNELS = (
    ("当面", "in_person"),
    ("系统", "online"),
    ("网上", "online"),
    ("线上", "online"),
    ("在线", "online"),
    ("网络", "online"),
    ("电子邮", "email"),
    ("邮箱", "email"),
)
# Private couriers, and words for one that is not named: its number is such as such numbers are.
_COURIERS = ("顺丰", "圆通", "中通", "申通", "韵达", "京东", "极兔", "德邦")
_SOME_COURIER = ("快递公司", "商业快递", "民营快递")
# Words for what has reached the organ, and those for what has only been sent.
_ARRIVED, _SENT = ("签收", "收到", "送达", "妥投", "收件", "提交成功"), ("寄出", "寄送", "投递", "交寄")
_CONSULTS = {"third_party": "consult_third_party", "co_maker": "consult_co_maker", "organ": "consult_organ"}


@dataclass(frozen=True)
class Seen:
    """A message of the program: its kind, the act, and the provisions named."""

    kind: str
    act: str
    refs: tuple[str, ...]
    text: str


@dataclass
class Replay:
    """The result of replaying one case."""

    case: Case
    store: Store
    day: date = date(2000, 1, 1)
    seen: list[Seen] = field(default_factory=list)
    number: str = ""
    # The last day for the reply as it was when it passed, and whether a reply was made after it.
    due: date | None = None
    looked_at: date | None = None
    replied_late: bool = False
    stuck: bool = False
    _ticks: int = 0
    _desks: dict[str, Desk] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.law, self.calendar = law.bundled(), calendar.known()

    # --- the desk

    def now(self) -> datetime:
        self._ticks += 1
        start = datetime(self.day.year, self.day.month, self.day.day, 1, tzinfo=UTC)
        return start + timedelta(milliseconds=self._ticks)

    def desk(self, officer: str) -> Desk:
        if officer not in self._desks:
            self._desks[officer] = Desk(self.store, officer, "jg", now=self.now, today=lambda: self.day)
        return self._desks[officer]

    def act(self, officer: str, event: str, **facts: Any) -> Done | None:
        """One act on the day that it is; None where it was refused, which is kept, or one before it was."""
        if self.stuck:
            return None
        try:
            done = self.desk(officer).act(self.number, event, facts, on=self.day)
        except DisclosureError as fault:
            self.refuse(event, fault)
            return None
        self.warned(event, done)
        return done

    def refuse(self, act: str, fault: DisclosureError) -> None:
        self.seen.append(Seen(REFUSED, act, (fault.rule,) if fault.rule else (), fault.text))
        self.stuck = True

    def warned(self, act: str, done: Done) -> None:
        """What the act said besides, each with the provision that it names; of a draft the list of the check
        tells all.
        """
        if act in _CHECKED:
            return
        for message, params in done.notes:
            ref = params.get("rule")
            if ref:
                self.seen.append(Seen(WARNED, act, (str(ref),), message.format_map({**params})))

    # --- the case, day by day

    def run(self) -> Replay:
        events = [_under(one, self.case.law) for one in self.case.events if one.what != "reconsideration"]
        last = self._last(events)
        self.receive(events)
        for place, event in enumerate(events[: last + 1]):
            if self.stuck:
                break
            if event.what in ("received", "other"):
                continue
            if event.what == "silence":
                self.silence(event)
                continue
            day = self._day(event, events[place + 1 :])
            if any(answer.outcome.startswith("lapsed") for answer in event.answers):
                day = min(day, self.day + timedelta(days=2))
            if event.what in ("replied", "served"):
                self._steps_before(event, day)
            self.move(day)
            _ACTS.get(event.what, lambda replay, event: None)(self, event)
        if self.number and self.case.verdict != "pass" and self.case.late and not self.looked_at:
            self.pass_over(self.limit())
        return self

    def _last(self, events: list[Event]) -> int:
        """The place of the last event that is driven: of the acts that went wrong, else of all."""
        acts = {
            "reply": ("replied", "served"),
            "late_reply": ("replied", "served"),
            "silence": ("silence",),
            "extension": ("extended",),
            "correction": ("correction_asked",),
            "consultation": ("third_party_asked", "third_party_answered"),
            "dispatch": ("dispatched", "served"),
            "receipt": ("registered",),
        }
        wanted = {what for act in self.case.acts for what in acts.get(act, ())}
        places = [place for place, event in enumerate(events) if event.what in wanted]
        return max(places, default=len(events) - 1) if wanted else len(events) - 1

    def move(self, day: date) -> None:
        """Time goes by until this day; on the way the alerts are looked at, where the last day for the reply
        passes.
        """
        if self.number and self._waits():
            due = self.limit()
            if day > due and not self.looked_at:
                self.pass_over(due)
        self.day = max(self.day, day)

    def _waits(self) -> bool:
        case = self.opened().case
        return case.open and (case.reply is None or case.reply.replied_on is None)

    def limit(self) -> date:
        return next(clock.deadline.due for clock in self.opened().clocks if clock.rule == REPLY)

    def opened(self) -> Any:
        with self.store.reading() as connection:
            return open_case(self.desk("registrar"), connection, self.number)

    def pass_over(self, due: date) -> None:
        """The last working days before the limit, and the day after it: what do the alerts tell?"""
        self.looked_at = self.due = due
        before, left = due, 2
        while left and before > self.day:
            before -= timedelta(days=1)
            left -= self.calendar.is_working(before)
        if before < due:
            self.day = max(self.day, before)
            self._look(ALERTED)
        self.day = max(self.day, due + timedelta(days=1))
        self._look(OVERDUE)

    def _look(self, kind: str) -> None:
        from workflow.reports.alerts import report as reports

        desk = self.desk("registrar")
        with reports.opened(desk, whole=True, kinds=_TELL[kind], clock=REPLY) as report:
            for alert in report.alerts():
                if alert.case == self.number:
                    self.seen.append(Seen(kind, "silence", (alert.article,), alert.next))

    # --- days

    def _day(self, event: Event, later: list[Event]) -> date:
        if event.day:
            return max(event.day, self.day)
        limit = self.limit()
        follows = next((one.day for one in later if one.day), None)
        if event.what == "third_party_answered" and event.told.get("answer") == "silent":
            wanted = self._opinion_over()
        elif event.what == "silence":
            wanted = limit + timedelta(days=1)
        elif event.what in ("replied", "served"):
            wanted = (
                limit + timedelta(days=20)
                if self._late_reply(event, later)
                else min(self._in_time(limit), limit)
            )
        else:
            wanted = self.day + timedelta(days=_STEPS.get(event.what, 1))
            if event.what not in ("dispatched", "third_party_answered"):
                wanted = min(wanted, max(limit, self.day))
        if event.first and event.last and event.what != "silence":
            wanted = min(max(wanted, event.first), event.last)
        return max(self.day, min(wanted, follows) if follows else wanted)

    def _steps_before(self, event: Event, reply: date) -> None:
        """What a reply presupposes and the file does not tell, in its time: a correction asked for and made,
        reasons asked for and given."""
        case, outcomes = self.opened().case, {answer.outcome for answer in event.answers}
        if "still_unclear" in outcomes and case.correction_asked is None:
            self.move(min(self.day + timedelta(days=1), reply))
            self.correction_asked(Event("correction_asked", None, None, {}))
        if self.opened().case.state == "correction_asked" and not outcomes & {"lapsed_correction"}:
            self.move(max(self.day + timedelta(days=1), reply - timedelta(days=20)))
            self.corrected(Event("corrected", None, None, {}))
        if outcomes & {"lapsed_correction", "lapsed_fee"} and case.correction_asked is None:
            # The day that is told is that of the last letter: what led to it came before.
            return
        if "excessive" in outcomes and case.reasons_asked is None:
            self.act(
                "registrar", "ask_reasons", matters="本年度已提出一百二十六件", answer_by=reply.isoformat()
            )
            self.act("registrar", "give_reasons", reasons="了解情况")

    def _late_reply(self, event: Event, later: list[Event]) -> bool:
        passed = self.looked_at is not None
        return passed or (self.case.late and event.what in ("replied", "served"))

    def _opinion_over(self) -> date:
        """The day after the last one for the opinions that were asked for."""
        dues = [clock.deadline.due for clock in self.opened().clocks if clock.rule.endswith(".opinion")]
        return max(dues, default=self.day) + timedelta(days=1)

    def _in_time(self, limit: date) -> date:
        return self.day + timedelta(days=5)

    def receive(self, events: list[Event]) -> None:
        """The application comes in, and is taken in hand on the day of its receipt."""
        first = next((one for one in events if one.what == "received"), None)
        signed = next((one for one in events if one.what == "registered"), None)
        channel = next((name for word, name in _CHANNELS if first and word in first.how), "post")
        on = self._received(first, signed, events, channel)
        # What a mailbox receives on a day off is taken in on the next working day.
        self.day = on if channel != "email" or self.calendar.is_working(on) else self.calendar.add(on, 1)
        raw = {
            "channel": channel,
            "name": "甲商贸有限公司"
            if str(self.case.applicant.get("kind", "")).startswith("法人")
            else "甲某",
            "kind": "commercial_enterprise"
            if str(self.case.applicant.get("kind", "")).startswith("法人")
            else "natural_person",
            "items": list(self.case.request),
            "form": drafts.FORM,
            "address": "江州市平安路12号",
            "postcode": "215001",
            "on": on,
        }
        if channel == "email":
            raw["email"] = "a@example.com"
        self.raw = raw
        done = self._take_in(raw, "receive")
        if done is None:
            return
        self.number = done.case.number
        self.act("registrar", "register")
        self.act("registrar", "assign", unit=office.UNIT, handler="handler")
        self.act("handler", "accept")

    def _take_in(self, raw: dict[str, Any], act: str) -> Done | None:
        try:
            done = self.desk("registrar").receive(application.checked(raw))
        except DisclosureError as fault:
            self.refuse(act, fault)
            return None
        self.warned(act, done)
        return done

    def _received(self, first: Event | None, signed: Event | None, events: list[Event], channel: str) -> date:
        if signed and signed.day and not self._counted_late(first, channel):
            return signed.day
        later = [one for one in events if one is not first and one.day]
        told = first.day if first else None
        if told is None:
            told = self._supposed(first, later[0] if later else None)
        return self._shifted(told, later) if first and first.day and not self.case.late else told

    def _counted_late(self, first: Event | None, channel: str) -> bool:
        """Whether the application was there on the first day, and the organ registered it later."""
        if "receipt" not in self.case.acts or first is None or not first.day:
            return False
        there = any(word in first.how for word in _ARRIVED) and not any(word in first.how for word in _SENT)
        return channel != "post" or there

    def _supposed(self, first: Event | None, follows: Event | None) -> date:
        """A day of receipt that nobody tells: before what follows it, else in the year before the
        decision.
        """
        if follows is not None and follows.day:
            back = _BEFORE.get(follows.what, 12) + (60 if self.case.late and follows.what == "replied" else 0)
            day = follows.day - timedelta(days=back)
        else:
            year = self.case.decided - 1 if self.case.decided else 2014
            day = date(max(year, 2008), 6, 3)
        if first and first.first and first.last:
            day = min(max(day, first.first), first.last)
        return min(max(day, _STARTS[self.case.law] + timedelta(days=5)), _ENDS[self.case.law])

    def _shifted(self, told: date, later: list[Event]) -> date:
        """The first day of receipt that leaves the reply inside its time."""
        replied = next((one for one in later if one.what in ("replied", "served")), None)
        if replied is None or replied.day is None or any(one.what == "corrected" for one in self.case.events):
            return told
        days = (20 if self.case.law == "2019" else 15) * (
            2 if any(one.what == "extended" for one in self.case.events) else 1
        )
        last = min(one.day for one in later if one.day)
        day = told
        while day < last and self.calendar.add(day, days) < replied.day:
            day += timedelta(days=1)
        return day if self.calendar.add(day, days) >= replied.day else told

    # --- the acts

    def registered(self, event: Event) -> None:
        """Where the organ counted from a later day than that of the receipt, it tries to."""
        if (
            "receipt" in self.case.acts
            and event.day
            and event.day > (self.opened().case.received_on or event.day)
        ):
            name = {"online": "system_on", "email": "system_on"}.get(self.raw["channel"], "signed_on")
            self._take_in({**self.raw, "on": event.day, name: self.raw["on"]}, "receipt")
            self.stuck = False

    def correction_asked(self, event: Event) -> None:
        reasons = [answer.text("reasons") for answer in event.answers]
        matters = next((text for text in reasons if text is not None), None)
        if matters is None:
            asked = self.case.request[0][:20]
            matters = (
                f"申请公开的“{asked}”对应多个年度、多个批次的材料，请说明所需材料的年份、文号或者所属项目。"
            )
        self.act("registrar", "ask_correction", matters=matters or "请补正")
        self._handed_over("P3")

    def corrected(self, event: Event) -> None:
        if self.opened().case.correction_asked is None:
            self.correction_asked(Event("correction_asked", None, None, {}))
        if self.opened().case.state == "correction_asked":
            self.act("registrar", "correct", items=list(self.case.request))
        else:
            self.act("registrar", "note", text=event.how or "收到申请人补充材料")

    def extended(self, event: Event) -> None:
        self.act("head", "extend", reasons=event.told.get("said") or "申请涉及多个年度的档案，需要逐份核对")
        self._handed_over("P5")

    def _handed_over(self, letter: str) -> None:
        """The applicant was told on the day of the act."""
        if not self.stuck and self.opened().case.on_its_way(letter) is not None:
            self.act("registrar", "notice_reached", letter=letter)

    def third_party_asked(self, event: Event) -> None:
        kind = event.told.get("kind", "third_party")
        if kind == "co_maker" and self.case.law == "2008":
            kind = "organ"
        facts = {"name": drafts.COMPANY if kind == "third_party" else "江州市财政局"}
        if self.case.law == "2008" or kind == "organ":
            facts["answer_by"] = self.calendar.add(self.day, 10).isoformat()
        self.act("handler", _CONSULTS[kind], **facts)

    def third_party_answered(self, event: Event) -> None:
        waiting = [part for part in self.opened().case.consultations if part.state == "sent"]
        answer = event.told.get("answer", "object")
        for part in waiting:
            if answer == "silent":
                self.act("handler", "opinion_lapsed", no=part.no)
            else:
                reasons = "涉及我方合法权益，不同意公开" if answer != "agree" else "同意公开"
                self.act("handler", "opinion_given", no=part.no, answer=answer, reasons=reasons)

    def silence(self, event: Event) -> None:
        """Nothing is done; what the alerts told is what counts."""
        if not self.looked_at:
            self.pass_over(self.limit())
        self.day = max(self.day, event.last or self.day)

    def replied(self, event: Event) -> None:
        self.replied_late = self.replied_late or (self.due is not None and self.day > self.due)
        if self.opened().case.reply is not None:
            return
        if self._lapses({answer.outcome for answer in event.answers}):
            return
        draft = drafts.of_event(event, self.case, self.law, self.day)
        if not draft:
            if event.unanswered is not None:
                # The organ sent its letter nevertheless.
                self.act("handler", "issue")
            return
        self._prepare(draft)
        self._settle_objections(event, draft)
        for row in draft.rows:
            self._draft(row)
        if self.stuck:
            return
        if draft.bare:
            self._bare()
        found = self._findings()
        self._submit(found)

    def _lapses(self, outcomes: set[str]) -> bool:
        """An application that ended because it was not corrected, or a fee not paid: by the act that ends it
        so.
        """
        if "lapsed_correction" in outcomes:
            if self.opened().case.correction_asked is None:
                self.correction_asked(Event("correction_asked", None, None, {}))
            self._handed_over("P3")
            self.day = max(self.day, self._end("correction.answer"))
            self.act("registrar", "lapse_correction")
        elif "lapsed_fee" in outcomes:
            self.act("handler", "notify_fee", basis="by_page", count=57)
            self.act("registrar", "notice_reached", letter="P12")
            self.day = max(self.day, self._end("fee.payment"))
            self.act("handler", "lapse_fee")
        else:
            return False
        return True

    def _end(self, rule: str) -> date:
        """The day after the last one of the applicant's time."""
        found = [clock.deadline.due for clock in self.opened().clocks if clock.rule == rule]
        return (found[0] if found else self.day) + timedelta(days=1)

    def _draft(self, row: dict[str, Any]) -> None:
        facts = {name: value for name, value in row.items() if value and name not in ("no", "extra")}
        facts["extra"] = [f"{name}={value}" for name, value in row["extra"].items()]
        self.act("handler", "draft", item=row["no"], **facts)

    def _findings(self) -> list[finding.Finding]:
        with self.store.reading() as connection:
            desk = self.desk("handler")
            return issue_check.findings(
                desk, connection, open_case(desk, connection, self.number), on=self.day
            )

    def _submit(self, found: list[finding.Finding]) -> None:
        if self.act("handler", "submit") is None:
            # What the list of the check shows is what the officer is told, each rule with its provision.
            for one in found:
                if one.blocks:
                    self.seen.append(self._told(REFUSED, one))
        self.seen += [self._told(WARNED, one) for one in found if one.warns]
        for _officer in ("reviewer", "legal", "head"):
            if self.stuck or self.opened().case.state == "approved":
                break
            role = {"section_review": "reviewer", "legal_review": "legal", "head_review": "head"}
            self.act(role[self.opened().case.state], "pass_review")
        if not self.stuck and self.act("handler", "issue") is not None:
            self._made()
            self._dispatch()

    @staticmethod
    def _told(kind: str, one: finding.Finding) -> Seen:
        refs = (*one.articles, *(fault.rule for fault in one.faults if fault.rule))
        return Seen(kind, one.rule.id, refs, "；".join(fault.text for fault in one.faults))

    def _prepare(self, draft: drafts.Draft) -> None:
        """What the letter presupposes and the file does not tell: consultations, an earlier reply, an earlier
        step.
        """
        case = self.opened().case
        for no, name in draft.consult.items():
            if not any(no in part.items for part in case.consultations if part.kind == "third_party"):
                done = self.act("handler", "consult_third_party", name=name, items=[no])
                if done is not None:
                    part = done.case.consultations[-1].no
                    why = (
                        "属于我方商业秘密，公开将造成损失"
                        if name != drafts.PERSON
                        else "涉及我个人生活，不同意公开"
                    )
                    self.act("handler", "opinion_given", no=part, answer="object", reasons=why)
        for no in draft.repeats:
            earlier = self._earlier(no)
            for row in draft.rows:
                if row["no"] == no and row["outcome"] == "repeat" and earlier:
                    row["extra"]["earlier_reply"] = earlier

    def _settle_objections(self, event: Event, draft: drafts.Draft) -> None:
        """What is given although a third party objected was found to be of public interest, and the third
        party told of it, unless the file tells how it was reasoned.
        """
        given = {row["no"] for row in draft.rows if row["outcome"] in drafts.GIVES and not row["part"]}
        told = {answer.item for answer in event.answers if answer.text("reasons") is not None}
        if not given or given & told or cases.WHOLE in told:
            return
        for part in [] if self.stuck else self.opened().case.consultations:
            if part.kind == "third_party" and part.answer in ("object", "partly") and given & set(part.items):
                why = "所涉信息关系公众健康和安全，不公开将对公共利益造成重大影响"
                self.act("head", "objection_overruled", no=part.no, reasons=why)

    def _earlier(self, no: int) -> str:
        """The same applicant asked for the same before and was answered; how that reply is named."""
        kept, number = self.day, self.number
        first = _STARTS[self.case.law] + timedelta(days=1)
        self.day = max(kept - timedelta(days=120), first)
        done = self._take_in({**self.raw, "items": [self.case.request[no - 1]], "on": self.day}, "earlier")
        if done is None:
            return ""
        self.number = done.case.number
        self.act("registrar", "register")
        self.act("registrar", "assign", unit=office.UNIT, handler="handler")
        self.act("handler", "accept")
        self.act("handler", "draft", outcome="granted", means=drafts.FORM)
        self.act("handler", "submit")
        self.act("reviewer", "pass_review")
        self.act("head", "pass_review")
        done = self.act("handler", "issue")
        if done is None or done.case.reply is None:
            return ""
        self._made()
        self.act("registrar", "dispatch", served_by="post")
        on, reply, self.day, self.number = self.day, done.case.reply.number, kept, number
        return f"{chinese.day(on)}，{reply}"

    def _bare(self) -> None:
        """The office's own wording of its letters, without a provision in any of them."""
        from benchmarks.precedents import bare

        bare.wording(self.desk("head"))

    def _made(self) -> None:
        """The letters count as made; no PDF is set here."""
        import sqlalchemy as sa

        from workflow.jobs import queue
        from workflow.storage import file_store
        from workflow.storage.tables import TABLES

        letters, work, desk = TABLES["letter"], TABLES["outbox"], self.desk("registrar")
        for waiting in queue.waiting(desk):
            if waiting.kind != queue.LETTER:
                continue
            kept = file_store.put(
                file_store.folder(self.store.folder), f"%PDF stand-in {waiting.ref}".encode()
            )
            with self.store.writing() as connection:
                letter = connection.execute(sa.select(letters).where(letters.c.id == waiting.ref)).one()
                connection.execute(sa.update(work).where(work.c.id == waiting.id).values(done_at="made"))
                connection.execute(
                    sa.update(letters).where(letters.c.id == letter.id).values(sha256=kept.sha256)
                )
                desk.letter_made(connection, letter, kept.sha256)

    def _dispatch(self) -> None:
        """The reply goes out on the day of the letter, unless the file tells when it was posted."""
        if not any(one.what == "dispatched" for one in self.case.events):
            self.act("registrar", "dispatch", served_by="post")

    def dispatched(self, event: Event) -> None:
        reply = self.opened().case.reply
        if reply is not None and reply.dispatched is None:
            by_hand = any(word in event.how for word in ("当面", "直接送达", "现场领取"))
            some = _COURIERS[0] if any(word in event.how for word in _SOME_COURIER) else None
            carrier = next((name for name in _COURIERS if name in event.how), some)
            number = {"tracking": f"{carrier} SF1234567890123"} if carrier and not by_hand else {}
            self.act("registrar", "dispatch", served_by="hand" if by_hand else "post", **number)

    def served(self, event: Event) -> None:
        """The letter is drafted here where no earlier event tells of it; where one does, it arrives."""
        if event.answers or not any(one.what == "replied" for one in self.case.events):
            self.replied(event)
            return
        reply = self.opened().case.reply
        if reply is not None and reply.dispatched is not None and reply.served is None:
            self.act("registrar", "serve", proof="签收回执")


def _under(event: Event, law: str) -> Event:
    """Under the Regulations of 2008 no application lapsed: what was not corrected stayed unclear."""
    if law != "2008":
        return event
    answers = tuple(
        replace(one, outcome="still_unclear") if one.outcome == "lapsed_correction" else one
        for one in event.answers
    )
    return replace(event, answers=answers)


_ACTS: dict[str, Callable[[Replay, Event], None]] = {
    name: getattr(Replay, name)
    for name in (
        "registered",
        "correction_asked",
        "corrected",
        "extended",
        "third_party_asked",
        "third_party_answered",
        "replied",
        "served",
        "dispatched",
    )
}


def replay(case: Case, folder: Path, template: Path) -> Replay:
    """Drive one case in a database of its own."""
    home = folder / case.id
    shutil.copytree(_founded(case, folder, template), home)
    store = _store(home)
    try:
        return Replay(case, store).run()
    finally:
        store.close()


def _founded(case: Case, folder: Path, template: Path) -> Path:
    """The folder of an office like the organ of this case in which nothing has happened; each kind of office
    is founded once.
    """
    raw = office.office_file(case)
    told = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    home = folder / "offices" / told
    if not home.exists():
        home.mkdir(parents=True)
        shutil.copy(template, home / DATABASE)
        store = _store(home)
        try:
            founding.init(store, *office_file.checked(raw))
        finally:
            store.close()
    return home


def _store(home: Path) -> Store:
    return Store(f"sqlite:///{home / DATABASE}")


__all__ = ["OTHER", "Replay", "Seen", "replay"]
