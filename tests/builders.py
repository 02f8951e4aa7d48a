"""An office for the tests, and cases brought to any state of the process by real acts of its officers.

No PDF is made on the way: where an act waits for its letter, `as_if_made` records one whose bytes are a
stand-in. Tests of letters make the real ones with `queue.settle`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from tests import copies
from workflow.base.errors import DisclosureError
from workflow.cases.case import CaseFile
from workflow.casework import application as applications
from workflow.casework import letter_data, lookup
from workflow.casework.desk import Desk, Done
from workflow.casework.opened import open_case
from workflow.commands import wiring  # noqa: F401  (as every command does)
from workflow.jobs import queue
from workflow.office import founding, offices
from workflow.office import office_file as office_files
from workflow.procedure.fold import effective
from workflow.storage import file_store
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

# The day on which everything here is entered. Acts bear earlier legal days.
TODAY = date(2026, 9, 1)
RECEIVED = date(2026, 3, 2)
OLD = date(2011, 6, 1)

# One officer a role, and a second handler in another unit. Who has which role shows in the key.
OFFICERS: dict[str, tuple[str, str | None]] = {
    "registrar": ("registrar", "ban"),
    "handler": ("handler", "ban"),
    "other": ("handler", "fa"),
    "reviewer": ("reviewer", "ban"),
    "legal": ("legal_reviewer", "fa"),
    "head": ("approver", None),
    "archivist": ("archivist", None),
    "auditor": ("auditor", None),
}
ROLES = ("registrar", "handler", "reviewer", "legal_reviewer", "approver", "archivist", "auditor")
BY_ROLE = {
    "registrar": "registrar",
    "handler": "handler",
    "reviewer": "reviewer",
    "legal_reviewer": "legal",
    "approver": "head",
    "archivist": "archivist",
    "auditor": "auditor",
}


def office_file(key: str = "jz", **changes: Any) -> dict[str, Any]:
    """What an office file holds, parsed."""
    return {
        "key": key,
        "name": "江州市民政局",
        "kind": "department",
        "level": "prefecture",
        "code": f"{key}公复",
        "address": "江州市滨江大道1号",
        "postcode": "215000",
        "telephone": "0512-65550000",
        "court": "江州市姑江区人民法院",
        "same_level_government": "江州市人民政府",
        "superior_government": "江南省人民政府",
        "superior_department": "江南省民政厅",
        "channels": ["in_person", "post", "online", "email", "fax"],
        "payment": "凭本通知缴至财政专户",
        "unit": [{"key": "ban", "name": "办公室"}, {"key": "fa", "name": "法规处"}],
        "officer": [
            {"key": who, "name": f"{who}某", "roles": [role], **({"unit": unit} if unit else {})}
            for who, (role, unit) in OFFICERS.items()
        ],
        **changes,
    }


def toml_of(raw: dict[str, Any]) -> str:
    """An office file as its text."""
    import json

    def written(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    plain = [f"{name} = {written(value)}" for name, value in raw.items() if not _is_table(value)]
    for name, value in raw.items():
        for entry in [value] if isinstance(value, dict) else value if _is_table(value) else []:
            plain.append(f"\n[{name}]" if isinstance(value, dict) else f"\n[[{name}]]")
            plain += [f"{key} = {written(item)}" for key, item in entry.items()]
    return "\n".join(plain) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


Step = tuple[str, str, int, dict[str, Any]]
T = TypeVar("T")

# --- a place to work: a database with an office in it


@dataclass
class Place:
    """A founded office; desks are opened for its officers as they act."""

    store: Store
    key: str = "jz"
    today: date = TODAY
    _desks: dict[str, Desk] = field(default_factory=dict, repr=False)
    _tick: int = field(default=0, repr=False)
    # How its database came to be what it is, and what it looked like then (see tests/copies.py).
    _history: tuple[copies.Copy, copies.Print] | None = field(default=None, repr=False)

    def now(self) -> datetime:
        """A moment of recording, later at each call."""
        start = datetime(self.today.year, self.today.month, self.today.day, 1, tzinfo=UTC)
        self._tick += 1
        return start + timedelta(milliseconds=self._tick)

    def desk(self, officer: str = "registrar") -> Desk:
        """The desk of an officer."""
        found = self._desks.get(officer)
        if found is None:
            found = Desk(self.store, officer, self.key, now=self.now, today=lambda: self.today)
            self._desks[officer] = found
        return found

    def receive(self, on: date = RECEIVED, **given: Any) -> Done:
        """An application by post, of a person, that asks for one thing."""
        return self.desk("registrar").receive(application(on, **given))

    def act(self, who: str, event: str, case: str, on: date | str, **facts: Any) -> Done:
        """One act; the letters that it calls for stay unmade."""
        return self.desk(who).act(case, event, facts, on=day(on))

    def made(self) -> None:
        """As if the letters had been made."""
        self.once(("made",), lambda: as_if_made(self.desk("registrar")))

    def case(self, number: str) -> CaseFile:
        """A case as its entries tell it."""
        with self.store.reading() as connection:
            return open_case(self.desk("registrar"), connection, number).case

    def said(self, number: str, code: str) -> dict[str, Any]:
        """What the last letter of this code says."""
        letters, desk = TABLES["letter"], self.desk("registrar")
        query = sa.select(letters).where(letters.c.code == code).order_by(letters.c.id.desc())
        with self.store.reading() as connection:
            id = lookup.one(connection, desk, number).id
            row = connection.execute(query.where(letters.c.case_id == id)).first()
            assert row is not None
            return letter_data.opened(row.content, desk.case_key(connection, id))

    def clocks(self, number: str) -> dict[tuple[str, int], tuple[date, str]]:
        """The clocks of a case as the table has them: last day and state by rule and number."""
        table, cases = TABLES["clock"], TABLES["case_file"]
        query = sa.select(table).join(cases, cases.c.id == table.c.case_id)
        with self.store.reading() as connection:
            found = connection.execute(
                query.where(cases.c.number == number, cases.c.office_id == self.desk("registrar").office.id)
            )
            return {(row.rule, row.ref): (row.due, row.state) for row in found}

    def due(self, number: str) -> date:
        """The last day for the reply."""
        return self.clocks(number)["reply.limit", 0][0]

    def row(self, number: str) -> dict[str, Any]:
        """The row of a case."""
        which = {"number": number, "office": self.desk("registrar").office.id}
        with self.store.reading() as connection:
            return dict(connection.execute(_CASE, which).mappings().one())

    def row_count(self) -> int:
        """How many cases there are."""
        with self.store.reading() as connection:
            return len(connection.execute(sa.select(TABLES["case_file"].c.id)).all())

    def bring(self, state: str, *, variant: str = "", on: date = RECEIVED, **given: Any) -> str:
        """A new case in this state (see ROADS); its number."""
        road = ROADS[variant or state]

        def bringing() -> str:
            number = self.begin(road, on, **given)
            self.walk(number, road)
            assert self.case(number).state == state, f"{variant or state}: {self.case(number).state}"
            return number

        # The same name of a file that is handed in may be another file in another test.
        return (
            bringing() if "attach" in given else self.once(("bring", repr(road), on, repr(given)), bringing)
        )

    def once(self, what: tuple[Hashable, ...], doing: Callable[[], T]) -> T:
        """Do it; or, where nothing but the like was done in this office, copy what it came to before."""
        history, self._history = self._history, None
        database = copies.database(self.store.url) if history else None
        if history is None or database is None or database.state() != history[1]:
            return doing()

        def walking() -> tuple[T, int]:
            return doing(), self._tick

        step = (self.key, self.today, self._tick, *what)
        copy = copies.again(self.store, history[0], step, walking)
        self._tick = copy.tick
        self._keep(copy)
        said: T = copy.said
        return said

    def _keep(self, copy: copies.Copy) -> None:
        database = copies.database(self.store.url)
        state = database.state() if database else None
        self._history = (copy, state) if state is not None else None

    def begin(self, road: list[Step], on: date = RECEIVED, **given: Any) -> str:
        """A new case for a road: as its first step has it come in, where that is a receipt."""
        first = road[0][3] if road and road[0][1] == "receive" else {}
        facts = {**first, **given}

        def begun() -> str:
            return str(self.receive(on, **facts).case.number)

        return begun() if "attach" in facts else self.once(("begin", on, repr(facts)), begun)

    def walk(self, number: str, steps: Iterable[Step]) -> None:
        """Acts in their order: officer, event, days after receipt, facts."""
        road = list(steps)
        self.once(("walk", number, repr(road)), lambda: self._walk(number, road))

    def _walk(self, number: str, steps: list[Step]) -> None:
        case = self.case(number)
        received = case.received_on
        assert received is not None
        for who, event, days, facts in steps:
            if event == "receive":
                continue
            if event == "joined":
                # Another application of the same applicant takes it in.
                host = self.receive(received).case.number
                self.act(who, "join", host, received + timedelta(days=days), other=number, reasons="内容相关")
                continue
            if event in ("dispatch", "letter_posted", "file", "file_unserved"):
                self.made()
            if event == "route":
                self.organ_below(facts["organ"])
            if facts is REFUSE and case.regulations == "ogi2008":
                facts = REFUSE_2008
            self.act(who, event, number, received + timedelta(days=days), **_dated(facts, received))

    def organ_below(self, key: str = "mz", **changes: Any) -> Place:
        """An organ below this office in the same database; founded where there is none."""
        with self.store.reading() as connection:
            known = any(one.key == key for one in offices.listed(connection))
        if known:
            return Place(self.store, key, self.today)
        made = {"name": f"江州市{key}局", "superior": self.key, **changes}
        founding.init(self.store, *office_files.checked(office_file(key, **made)))
        return Place(self.store, key, self.today)


def _dated(facts: dict[str, Any], received: date) -> dict[str, Any]:
    return {
        name: (received + value).isoformat() if isinstance(value, timedelta) else value
        for name, value in facts.items()
    }


def day(value: date | str) -> date:
    """A date, or the text of one."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def application(on: date | str | None = RECEIVED, **given: Any) -> applications.Application:
    """A checked application; by post, of a person, for one thing, unless said otherwise."""
    raw = {
        "channel": "post",
        "name": "张三",
        "request": "2025年度城东片区征收补偿方案",
        "on": on and day(on),
        "id_type": "居民身份证",
        "id_number": "320500199001010017",
        "address": "江州市平安路12号",
        "postcode": "215001",
    }
    return applications.checked(
        {name: value for name, value in {**raw, **given}.items() if value is not None}
    )


def found(url: str, key: str = "jz", today: date = TODAY, **changes: Any) -> Place:
    """Found an office in a database that has the schema already, and sit down in it."""
    made = Place(Store(url), key, today)

    def founded() -> None:
        founding.init(made.store, *office_files.checked(office_file(key, **changes)))

    history = copies.found(made.store, (key, repr(changes)), founded)
    if history is not None:
        made._keep(history)
    return made


def verified(template: Path, folder: Path) -> Iterator[Place]:
    """An office in a copy of an empty database; in the end its record is checked."""
    path = folder / "office.db"
    shutil.copyfile(template, path)
    made = found(f"sqlite:///{path}")
    yield made
    verify_record.verify(made.store, made.desk().office)
    made.store.close()


def at_the_counter(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An office whose registrar types commands in Chinese, in a folder of his own."""
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", url)
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    monkeypatch.chdir(home)
    made = found(url)
    yield made
    made.store.close()


# Made once: making them anew takes longer than the database needs for them.
_ALL = {name: sa.select(table).order_by(*table.primary_key.columns) for name, table in TABLES.items()}
# The same as the driver gives it: made into what the program reads it would take longer.
_ROWS = [f'SELECT * FROM "{name}"' for name in TABLES]
_TEXTS = " UNION ALL ".join(f"SELECT '{name}', row::text FROM \"{name}\" row" for name in TABLES)
_LETTER = sa.select(TABLES["letter"]).where(TABLES["letter"].c.id == sa.bindparam("id"))
_DONE = (
    sa.update(TABLES["outbox"]).where(TABLES["outbox"].c.id == sa.bindparam("work")).values(done_at="made")
)
_PDF = sa.update(TABLES["letter"]).where(TABLES["letter"].c.id == sa.bindparam("letter"))
_CASE = sa.select(TABLES["case_file"]).where(
    TABLES["case_file"].c.number == sa.bindparam("number"),
    TABLES["case_file"].c.office_id == sa.bindparam("office"),
)


def as_if_made(desk: Desk) -> None:
    """Record every letter that waits as made, with stand-in bytes in place of the PDF."""
    wanted = [one for one in queue.waiting(desk) if one.kind == queue.LETTER]
    if not wanted:
        return
    with desk.store.writing() as connection:
        for waiting in wanted:
            bytes_ = f"%PDF stand-in {waiting.ref}".encode()
            kept = file_store.put(file_store.folder(desk.store.folder), bytes_)
            letter = connection.execute(_LETTER, {"id": waiting.ref}).one()
            connection.execute(_DONE, {"work": waiting.id})
            connection.execute(_PDF, {"letter": letter.id, "sha256": kept.sha256})
            desk.letter_made(connection, letter, kept.sha256)


# --- the roads to each state

GRANT: dict[str, Any] = {"outcome": "granted", "means": "邮寄纸质复印件"}
SEVERED = "severance=经逐页审查，不能作区分处理"
REFUSE: dict[str, Any] = {
    "outcome": "withheld",
    "ground": "internal_affairs",
    "reasons": "属于本机关车辆调度的内部事务信息，公开会影响工作秩序",
    "extra": [SEVERED],
}
# Under the Regulations of 2008, where there were no internal affairs.
REFUSE_2008: dict[str, Any] = {
    "outcome": "withheld",
    "ground": "three_securities",
    "reasons": "列明设施的薄弱部位，公开可能危及社会稳定",
    "extra": ["danger=可能危及社会稳定", SEVERED],
}


def _days(n: int) -> timedelta:
    return timedelta(days=n)


_REGISTERED: list[Step] = [("registrar", "register", 0, {})]
_ASSIGNED: list[Step] = [*_REGISTERED, ("registrar", "assign", 1, {"unit": "ban"})]
_IN_HAND: list[Step] = [*_ASSIGNED, ("handler", "accept", 1, {})]
_DRAFTING: list[Step] = [*_IN_HAND, ("handler", "draft", 3, GRANT)]
_REFUSING: list[Step] = [*_IN_HAND, ("handler", "draft", 3, REFUSE)]
_SECTION: list[Step] = [*_DRAFTING, ("handler", "submit", 4, {})]
_LEGAL: list[Step] = [*_REFUSING, ("handler", "submit", 4, {}), ("reviewer", "pass_review", 4, {})]
_HEAD: list[Step] = [*_SECTION, ("reviewer", "pass_review", 4, {})]
_APPROVED: list[Step] = [*_HEAD, ("head", "pass_review", 5, {})]
_ISSUED: list[Step] = [*_APPROVED, ("handler", "issue", 7, {})]
_DISPATCHED: list[Step] = [*_ISSUED, ("registrar", "dispatch", 7, {"served_by": "post"})]
_SERVED: list[Step] = [*_DISPATCHED, ("registrar", "serve", 9, {"proof": "签收回执"})]
_ASK: Step = ("registrar", "ask_correction", 2, {"matters": "请明确年度", "answer_by": _days(20)})
_REASONS: Step = ("registrar", "ask_reasons", 2, {"matters": "已提出63件", "answer_by": _days(20)})
_WITHDRAWN: Step = ("registrar", "withdraw", 3, {"how": "书面"})
_FEE: Step = ("handler", "notify_fee", 3, {"basis": "by_page", "count": 57})
# Another application takes it in.
_JOINED: Step = ("registrar", "joined", 1, {})
ROADS: dict[str, list[Step]] = {
    "unconfirmed": [("registrar", "receive", 0, {"channel": "fax"})],
    "received": [],
    "registered": _REGISTERED,
    "assigned": _ASSIGNED,
    "in_hand": _IN_HAND,
    "drafting": _DRAFTING,
    "drafting a refusal": _REFUSING,
    "section_review": _SECTION,
    "section_review of a refusal": [*_REFUSING, ("handler", "submit", 4, {})],
    "legal_review": _LEGAL,
    "head_review": _HEAD,
    "head_review of a refusal": [*_LEGAL, ("legal", "pass_review", 4, {})],
    "approved": _APPROVED,
    "issued": _ISSUED,
    "dispatched": _DISPATCHED,
    "served": _SERVED,
    "returned": [*_DISPATCHED, ("registrar", "come_back", 10, {"reasons": "查无此人"})],
    "filed": [*_SERVED, ("archivist", "file", 10, {})],
    "filed unhandled": [*_REGISTERED, _WITHDRAWN, ("archivist", "file", 10, {})],
    "joined": [*_REGISTERED, _JOINED],
    "joined unregistered": [_JOINED],
    "joined assigned": [*_ASSIGNED, _JOINED],
    "joined in hand": [*_IN_HAND, _JOINED],
    "void": [
        ("registrar", "propose_void", 1, {"why": "mistake", "reasons": "登记到了别的机关的申请"}),
        ("head", "void_case", 1, {}),
    ],
    "passed_on": [("registrar", "route", 1, {"organ": "mz", "reasons": "由该局负责"})],
    "correction_asked": [*_REGISTERED, _ASK],
    "correction_asked unregistered": [_ASK],
    "correction_asked assigned": [*_ASSIGNED, _ASK],
    "correction_asked in hand": [*_IN_HAND, _ASK],
    "reasons_asked": [*_REGISTERED, _REASONS],
    "reasons_asked assigned": [*_ASSIGNED, _REASONS],
    "reasons_asked in hand": [*_IN_HAND, _REASONS],
    "fee_notified": [*_IN_HAND, _FEE],
    "withdrawn": [*_REGISTERED, _WITHDRAWN],
    "withdrawn unregistered": [_WITHDRAWN],
    "withdrawn assigned": [*_ASSIGNED, _WITHDRAWN],
    "withdrawn in hand": [*_IN_HAND, _WITHDRAWN],
    "withdrawn while a correction was asked for": [*_REGISTERED, _ASK, _WITHDRAWN],
    "withdrawn while reasons were asked for": [*_IN_HAND, _REASONS, _WITHDRAWN],
    "withdrawn while a fee was asked for": [*_IN_HAND, _FEE, _WITHDRAWN],
    "lapsed": [
        *_REGISTERED,
        _ASK,
        ("registrar", "notice_reached", 3, {"letter": "P3"}),
        ("registrar", "lapse_correction", 21, {}),
    ],
    "lapsed unpaid": [
        *_IN_HAND,
        _FEE,
        ("registrar", "notice_reached", 4, {"letter": "P12"}),
        ("handler", "lapse_fee", 60, {}),
    ],
}


def roads_2008() -> list[str]:
    """The roads that an application under the Regulations of 2008 can go."""
    steps = ("ask_reasons", "notify_fee", "lapse_correction")
    return [name for name, road in ROADS.items() if not any(event in steps for _, event, _, _ in road)]


# --- valid facts for every event, and the day (after receipt) on which it is tried

FACTS: dict[str, dict[str, Any]] = {
    "answer_urging": {"answer": "已拟稿"},
    "route": {"organ": "mz", "reasons": "由该局负责"},
    "hand_back": {"reasons": "不属于本机关职责"},
    "join": {"other": "2026-0002", "reasons": "内容相关"},
    "separate": {"reasons": "内容不同"},
    "correct_partly": {"missing": "身份证明"},
    "supplement": {"added": "补充说明年度"},
    "narrow": {"request": "2025年征收补偿方案正文", "agreed": "书面同意"},
    "split": {"apart": ["2"], "reasons": "分属不同事项"},
    "link": {"other": "2026-0002", "how": "related"},
    "add_applicant": {"name": "李四", "document": "共同申请声明", "id_number": "320500199002020026"},
    "appoint_agent": {
        "name": "赵律师",
        "document": "授权委托书",
        "scope": "代为申请",
        "address": "江州市人民路8号",
        "postcode": "215001",
    },
    "end_agency": {"reasons": "申请人书面解除委托"},
    "write_to": {"person": 1},
    "ask_correction": {"matters": "请明确年度", "answer_by": timedelta(days=100), "late_reasons": "转来较晚"},
    "correct": {"request": "2025年征收补偿方案"},
    "ask_reasons": {"matters": "已提出63件", "answer_by": timedelta(days=100)},
    "give_reasons": {"reasons": "学术研究"},
    "assign": {"unit": "ban"},
    "reassign": {"unit": "fa", "reasons": "职责不符"},
    "return_assignment": {"reasons": "不属于本科室"},
    "propose_transfer": {"unit": "fa", "reasons": "涉及重大行政决策"},
    "refuse_transfer": {"reasons": "属于本单位职责"},
    "supplement_reply": {"reasons": "遗漏第二项附件"},
    "redo_reply": {"reasons": "原答复适用依据错误"},
    "propose_void": {"why": "mistake", "reasons": "登记到了别的机关的申请"},
    "refuse_void": {"reasons": "确是本机关收到的申请"},
    "consult_third_party": {"name": "甲公司"},
    "consult_co_maker": {"name": "乙局"},
    "consult_organ": {"name": "丙局", "answer_by": timedelta(days=100)},
    "refer": {"name": "丙保密局", "answer_by": timedelta(days=100)},
    "notify_fee": {"basis": "by_page", "count": 57},
    "extend": {"reasons": "信息量大"},
    "undo_extension": {"reasons": "误操作"},
    "delay": {"until": timedelta(days=120), "reasons": "数量特别巨大"},
    "draft": GRANT,
    "override_rule": {"rule": "instruments_known", "reasons": "原文已核对"},
    "return_draft": {"reasons": "应当区分处理"},
    "dispatch": {"served_by": "post"},
    "serve": {"proof": "签收回执"},
    "come_back": {"reasons": "查无此人"},
    "withdraw": {"how": "书面撤回"},
    "file_unserved": {"reasons": "两次退回"},
    "reopen": {"reasons": "误结"},
    "redecide": {"no": 1},
    "open_reconsideration": {"body": "江南省人民政府"},
    "open_suit": {"kind": "direct", "body": "江州市中级人民法院"},
    "notice_reached": {"letter": "P5"},
    "void_reply": {"reasons": "附件名称有误"},
    "void_letter": {"letter": "P5", "reasons": "错字"},
    "approve_letter": {"letter": ["P5"]},
    "letter_posted": {"letter": ["P5"]},
    "letter_arrived": {"letter": ["P5"]},
    "letter_returned": {"letter": ["P5"], "reasons": "查无此人"},
    "attach": {"file": [__file__]},
    "note": {"text": "电话告知进度"},
    "opinion_delivered": {"no": 1},
    "opinion_given": {"no": 1, "answer": "object"},
    "opinion_lapsed": {"no": 1},
    "consultation_recalled": {"no": 1, "reasons": "已公开"},
    "objection_overruled": {"no": 1, "reasons": "公共卫生"},
    "defend": {"no": 1},
    "set_hearing": {"no": 1, "hearing": timedelta(days=90)},
    "remedy_decided": {"no": 1, "outcome": "corrected", "redecide": "yes"},
    "appeal": {"no": 1, "by": "applicant"},
    "keep_longer": {"until": timedelta(days=30000), "why": "仍有查考价值"},
    "propose_destruction": {"why": "期满"},
    "destroy": {"why": "同意"},
    "remand": {"no": 1},
}
# The day (after receipt) on which an act is tried, where it is not the usual one.
LATE = {"lapse_correction": 21, "reasons_unanswered": 21, "lapse_fee": 60, "opinion_lapsed": 60}

# --- what has to come before, so that the guards of an event are met

USUAL = 12
# Here a letter has always left; of what was filed, only where a reply was.
LEFT = ("dispatched", "returned", "served", "lapsed")
TRANSFERABLE = ("assigned", "in_hand", "drafting")
_EXTENDED: Step = ("head", "extend", 0, {"reasons": "信息量大"})
_POSTED: Step = ("registrar", "letter_posted", 0, {"letter": ["P5"]})
_CAME_BACK: Step = ("registrar", "letter_returned", 0, {"letter": ["P5"], "reasons": "查无此人"})
# Here a notice of extension that has not gone out is void.
ENDED = ("dispatched", "returned", "served", "filed")
_CONTESTED: list[Step] = [
    ("legal", "open_reconsideration", 80, {"body": "江南省人民政府"}),
    ("legal", "remedy_decided", 85, {"no": 1, "outcome": "corrected", "redecide": "yes"}),
]
_REASONED: list[Step] = [
    ("registrar", "ask_reasons", 2, {"matters": "已提出63件", "answer_by": timedelta(days=20)}),
    ("registrar", "give_reasons", 2, {"reasons": "学术研究"}),
]


def road_to(event: str, variant: str) -> list[Step]:
    """The path to a state in which only role and state can prevent this event."""
    road, ended = ROADS[variant], variant.split(" ")[0] in ENDED
    match event:
        case "lapse_correction" | "reasons_unanswered" | "lapse_fee":
            letter = {"lapse_correction": "P3", "reasons_unanswered": "P4", "lapse_fee": "P12"}[event]
            return [*road, ("registrar", "notice_reached", 5, {"letter": letter})]
        case "split":
            return [
                ("registrar", "receive", 0, {"items": ["甲项目批复", "乙项目批复"], "request": None}),
                *road,
            ]
        case "end_agency":
            come_in = 1 if road and road[0][1] == "receive" else 0
            return [
                *road[:come_in],
                ("registrar", "appoint_agent", 0, FACTS["appoint_agent"]),
                *road[come_in:],
            ]
        case "notice_reached" if ended:
            return [_EXTENDED, _POSTED, *road]
        case "letter_posted" if ended:
            # Posted again, after it came back.
            return [_EXTENDED, _POSTED, _CAME_BACK, *road]
        case "void_letter" | "approve_letter" if variant.startswith("filed"):
            # Nothing is here that has not gone out: named is a letter that has.
            return [_EXTENDED, _POSTED, *road]
        case "undo_extension" | "notice_reached" | "letter_posted" | "void_letter" | "approve_letter":
            return [_EXTENDED, *road]
        case "letter_arrived" | "letter_returned":
            return [_EXTENDED, _POSTED, *road]
        case "delay":
            taken = next((i for i, step in enumerate(road) if step[1] == "accept"), len(road) - 1)
            return [*road[: taken + 1], *_REASONED, *road[taken + 1 :]]
        case "redecide":
            return [*road, *_CONTESTED]
        case "approve_transfer" | "refuse_transfer" if variant.split(" ")[0] in TRANSFERABLE:
            day = max(9, *(step[2] for step in road))
            return [*road, ("handler", "propose_transfer", day, FACTS["propose_transfer"])]
        case "void_case" | "refuse_void" if variant.split(" ")[0] not in LEFT and variant != "filed":
            day = max(9, *(step[2] for step in road)) if road else 9
            return [*road, ("registrar", "propose_void", day, FACTS["propose_void"])]
        case "file" if variant.startswith("lapsed"):
            # Of a lapsed case it has to be known that its notice arrived.
            return [*road, ("registrar", "notice_reached", 61, {"letter": "D13"})]
    return road


# --- what the database holds


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.reading() as connection:
        return {name: [tuple(row) for row in connection.execute(query)] for name, query in _ALL.items()}


def digest(store: Store) -> str:
    """A fingerprint of every row of every table, to see whether anything changed."""
    with store.reading() as connection:
        if not connection.in_transaction():
            connection.begin()
        cursor, rows = connection.connection.cursor(), []
        for query in _ROWS if connection.dialect.name == "sqlite" else [_TEXTS]:
            cursor.execute(query)
            rows.append(sorted(map(repr, cursor.fetchall())))
        cursor.close()
    return sha256(repr(rows).encode()).hexdigest()


class Watch:
    """A second connection to an SQLite database: whether anything was committed, and its contents."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        self._queries = [f'SELECT * FROM "{name}"' for (name,) in names.fetchall()]
        self._seen = self._version()
        self._digest: tuple[int, str] | None = None

    def _version(self) -> int:
        # SQLite counts the commits of other connections: if the number is unchanged, nothing was written.
        (found,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(found)

    def untouched(self) -> bool:
        """Whether nothing was committed since this look began, or since the last time it was asked."""
        before, self._seen = self._seen, self._version()
        return before == self._seen

    def digest(self) -> str:
        """A fingerprint of every row of every table; taken again where anything was committed since."""
        version = self._version()
        if self._digest is None or self._digest[0] != version:
            rows = [self._connection.execute(query).fetchall() for query in self._queries]
            self._digest = version, sha256(repr(rows).encode()).hexdigest()
        return self._digest[1]

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory, if available: for tests with thousands of commits that need no durability."""
    memory = Path("/dev/shm")
    ground = (
        memory if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > 2**29 else None
    )
    with tempfile.TemporaryDirectory(
        prefix="disclosure-quick-", dir=ground, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def refused(call: Callable[[], Any]) -> DisclosureError:
    """The refusal of a call that must be refused."""
    try:
        done = call()
    except DisclosureError as fault:
        # With all that it passed through it would be garbage only: whoever holds it is called from there.
        return fault.with_traceback(None)
    raise AssertionError(f"it was done: {done}")


def entries(place: Place, number: str) -> list[Any]:
    """The entries of a case, as they were corrected."""
    with place.store.reading() as connection:
        return effective(open_case(place.desk(), connection, number).entries)


@contextmanager
def typed_in_chinese(
    template: Path, folder: Path, patch: pytest.MonkeyPatch, *, officer: str | None = None
) -> Iterator[Place]:
    """An office on SQLite whose commands are typed without naming it, on Chinese screens; by this officer."""
    path = folder / "office.db"
    shutil.copyfile(template, path)
    made = found(f"sqlite:///{path}")
    patch.setenv("DISCLOSURE_DATABASE_URL", made.store.url)
    if officer is not None:
        patch.setenv("DISCLOSURE_OFFICER", officer)
    patch.setenv("DISCLOSURE_LANG", "zh_CN")
    yield made
    made.store.close()
