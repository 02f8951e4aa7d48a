"""Specimen data for any letter of the catalogue, in any era, served in any way: for review, tests and measurement."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters import compose, kinds
from workflow import tables

if TYPE_CHECKING:
    from workflow.law import Law

TABLE = Path(__file__).with_name("specimens.toml")
ON = date(2026, 5, 20)
"""The day of a specimen when none is asked for."""
_DATED = {
    "P3": ("answer_by", 14),
    "P4": ("answer_by", 14),
    "P11": ("answer_by", 14),
    "P14": ("delay_until", 60),
}
_SPLIT = {"D3": "trade_secret"}


def data(
    code: str,
    ground: str | None = None,
    *,
    on: date = ON,
    served_by: str = "post",
    outcome: str | None = None,
) -> dict[str, Any]:
    """The data of a specimen of this letter: on is its day, ground and outcome choose among those that it serves.

    The application is received five weeks before, so a day before late June 2019 gives one of the 2008 Regulations.
    """
    kind = kinds.get(code)
    table = copy.deepcopy(tables.read(TABLE))
    received = on - timedelta(days=37)
    first, second = table["item"]
    made: dict[str, Any] = {
        "on": on.isoformat(),
        "number": f"{table['office']['code']}〔{on.year}〕12号" if kind.numbered else None,
        "served_by": served_by,
        "office": table["office"],
        "case": {
            "number": f"{received.year}-0007", "received_on": received.isoformat(), "channel": "post", "request": "",
            "items": [first], "applicant": table["applicant"], "reply_due": on.isoformat(),
            "form": table["texts"]["form"],
        },
        "decision": None, "consultations": [], "extension": None,
        "extra": dict(table["letter"].get(kind.code, {})),
    }  # fmt: skip
    extra = made["extra"]
    if kind.code in _DATED:
        name, days = _DATED[kind.code]
        extra[name] = (on + timedelta(days=days)).isoformat()
    if kind.to in ("third_party", "organ"):
        extra["recipient"] = table["third_party" if kind.to == "third_party" else "organ"]
    if kind.code in ("P8", "P9"):
        extra["consulted_on"] = (received + timedelta(days=7)).isoformat()
        extra["answered_on"] = (received + timedelta(days=16)).isoformat()
    if kind.code == "P5":
        made["extension"] = {
            "noticed_on": on.isoformat(), "days": 20, "due": (on + timedelta(days=28)).isoformat(),
            "reasons": "所申请公开的信息涉及多个年度的档案，需要核对",
        }  # fmt: skip
    if kind.decides:
        _decide(
            made,
            kind,
            ground or _SPLIT.get(kind.code) or next(iter(kind.grounds), None),
            outcome,
            table,
            second,
        )
    return made


def _decide(
    made: dict[str, Any], kind: kinds.Kind, ground: str | None, outcome: str | None, table: dict[str, Any],
    second: dict[str, Any],
) -> None:  # fmt: skip
    texts = table["texts"]
    extra = dict(table["extra"])
    chosen = outcome or kind.outcomes[0]
    if chosen == "partial":
        made["case"]["items"].append(second)
        rows = [(1, "granted", None), (2, "withheld", ground)]
    else:
        rows = [(1, chosen, ground)]
    made["decision"] = {"items": []}
    for no, result, why in rows:
        third = why in ("trade_secret", "personal_privacy", "other_third_party")
        row = {"no": no, "outcome": result, "ground": why, "extra": {} if result == "granted" else extra}
        if result == "granted":
            row |= {"means": texts["means"], "attachments": [texts["attachment"]]}
        elif result in ("already_public", "publication"):
            row["means"] = texts["public" if result == "already_public" else "book"]
        else:
            row["reasons"] = table["reasons"].get(why or result, "")
        made["decision"]["items"].append(row)
        if third:
            received = date.fromisoformat(made["case"]["received_on"])
            made["consultations"].append({
                "kind": "third_party", "name": table["third_party"]["name"], "items": [no],
                "sent": (received + timedelta(days=7)).isoformat(), "answer": "object", "reasons": "涉及商业秘密",
                "answered": (received + timedelta(days=16)).isoformat(), "state": "answered",
            })  # fmt: skip


def letter(code: str, ground: str | None = None, *, law: Law, **choices: Any) -> compose.Content:
    """The composed specimen."""
    return compose.letter(code, data(code, ground, **choices), law)
