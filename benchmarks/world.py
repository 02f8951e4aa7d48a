"""The data measured on: an office with its officers, and similar cases, in a folder of its own."""

from __future__ import annotations

import importlib
import os
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

TODAY = date(2026, 9, 1)
OFFICER = "registrar"
OFFICE = {
    "key": "jz",
    "name": "江州市工业和信息化局",
    "kind": "department",
    "level": "prefecture",
    "code": "江工信公复",
    "address": "江州市滨江大道88号",
    "postcode": "215000",
    "telephone": "0512-65550000",
    "court": "江州市姑江区人民法院",
    "same_level_government": "江州市人民政府",
    "superior_government": "江南省人民政府",
    "superior_department": "江南省工业和信息化厅",
    "unit": [{"key": "jsgz", "name": "技术改造处"}],
    "targets": {"registration": 1, "drafting": 10, "review": 3},
    "officer": [
        {"key": key, "name": f"{key}某", "roles": [key], "unit": "jsgz"}
        for key in ("registrar", "handler", "reviewer", "legal_reviewer", "approver", "archivist")
    ],
}
APPLICATION = {
    "channel": "post",
    "signed_on": "2026-03-02",
    "form": "纸质复印件，邮寄",
    "items": [
        "江州市2025年度技术改造专项资金扶持项目名单",
        "甲精密制造有限公司“高速主轴智能产线”项目的资金申请报告",
    ],
    "name": "江州公益法律服务中心",
    "kind": "legal_service",
    "address": "江州市姑江区平安路12号3楼",
}
# One case from its receipt to the reply: event, officer, legal day, facts. Letters are put down; no PDF is
# made.
JOURNEY: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("register", "registrar", "2026-03-03", {}),
    ("assign", "registrar", "2026-03-03", {"unit": "jsgz", "handler": "handler"}),
    ("accept", "handler", "2026-03-04", {}),
    ("note", "handler", "2026-03-05", {"text": "已电话联系申请人，确认所需信息的形式。"}),
    ("consult_third_party", "handler", "2026-03-06", {"name": "甲精密制造有限公司", "items": "2"}),
    ("opinion_delivered", "handler", "2026-03-09", {"no": 1}),
    ("extend", "approver", "2026-03-12", {"reasons": "涉及多个年度的档案，需要核对"}),
    (
        "opinion_given",
        "handler",
        "2026-03-20",
        {"no": 1, "answer": "object", "reasons": "报告含工艺参数，属于商业秘密"},
    ),
    (
        "draft",
        "handler",
        "2026-03-24",
        {
            "item": 1,
            "outcome": "granted",
            "means": "随本答复书邮寄纸质复印件",
            "attachments": ["扶持项目名单"],
        },
    ),
    (
        "draft",
        "handler",
        "2026-03-24",
        {
            "item": 2,
            "outcome": "withheld",
            "ground": "trade_secret",
            "reasons": "经审查，该报告所载工艺参数不为公众所知悉，具有商业价值，且该公司采取了保密措施。",
            "extra": ["severance=经逐页审查，报告各部分均载有上述内容，不能作区分处理。"],
        },
    ),
    ("submit", "handler", "2026-03-24", {}),
    ("pass_review", "reviewer", "2026-03-25", {"opinion": "同意"}),
    ("pass_review", "legal_reviewer", "2026-03-26", {"opinion": "适用法律正确"}),
    ("pass_review", "approver", "2026-03-27", {"opinion": "同意"}),
    ("issue", "handler", "2026-03-30", {"served_by": "post"}),
)


class World:
    """The folder, the database in it and the desks of its officers."""

    def __init__(self, folder: Path, *, shared: Path | None = None) -> None:
        # What is made for one group and used by others lies in the shared folder.
        self.folder, self.shared = folder, shared or folder
        for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
            del os.environ[name]
        os.environ.update(DISCLOSURE_HOME=str(folder), LANG="zh_CN.UTF-8")
        # What acts ask of rooms above theirs, as where commands run.
        importlib.import_module("workflow.commands.wiring")

    @cached_property
    def store(self) -> Any:
        """The database with the office and fifty cases, the first of them driven as far as its reply."""
        from workflow.office import founding, office_file
        from workflow.storage.database import Store

        store = Store(f"sqlite:///{self.folder / 'disclosure.db'}")
        founding.init(store, *office_file.checked(OFFICE))
        self.__dict__["store"] = store
        for number in range(50):
            case = self.receive(number)
            if not number:
                for event, officer, day, facts in JOURNEY:
                    self.desks[officer].act(case, event, dict(facts), on=date.fromisoformat(day))
        return store

    @cached_property
    def desks(self) -> dict[str, Any]:
        """Each officer at his desk."""
        from workflow.casework.desk import Desk

        def now() -> datetime:
            return datetime.now(UTC).replace(2026, 9, 1)

        keys = [officer["key"] for officer in OFFICE["officer"]]  # type: ignore[index]
        return {key: Desk(self.store, key, now=now, today=lambda: TODAY) for key in keys}

    @property
    def number(self) -> str:
        """The number of the case with the longest history."""
        assert self.store
        return "2026-0001"

    @property
    def waiting(self) -> str:
        """The number of a case that waits behind those that a list shows."""
        assert self.store
        return "2026-0050"

    def receive(self, number: int) -> str:
        """One more case; its number."""
        from workflow.casework import application

        raw = {**APPLICATION, "name": f"{APPLICATION['name']}{number}", "request": f"第{number}件"}
        done: Any = self.desks[OFFICER].receive(application.checked(raw))
        return str(done.case.number)
