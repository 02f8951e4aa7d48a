"""A wording of letters that cites no provision: what an organ's letter was that named none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from letters.content import phrases
from letters.own_wording.wording import Override
from workflow.base import tables
from workflow.casework.desk import Desk
from workflow.storage.tables import TABLES

_CITED = ("根据{basis}的规定，", "，不属于{own_basis}规定的政府信息", "根据{severing}的规定，", "（{basis}）")


def wording(desk: Desk) -> None:
    """Lay it over the office's letters, as if it had been accepted."""
    override = Override({"outcome": _without(tables.read(phrases.TABLE)["outcome"])})
    with desk.store.writing() as connection:
        connection.execute(
            insert(TABLES["override"]).values(
                office_id=desk.office.id,
                digest=override.digest,
                content=override.text,
                accepted_at=desk.moment(),
                accepted_by=desk.officer.key,
            )
        )


def _without(value: Any) -> Any:
    if isinstance(value, str):
        for cited in _CITED:
            value = value.replace(cited, "")
        return value
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items()}
    return [_without(one) for one in value] if isinstance(value, list) else value
