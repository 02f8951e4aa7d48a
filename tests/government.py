"""A government of two organs in one database, with cases of many kinds, for the tests of the board."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from workflow.storage.database import Store
from workflow.storage.models import TABLES

ITEMS, OFFICES = TABLES["web_item"], TABLES["office"]
MARCH = date(2026, 3, 2)
STATES = ("filed", "served", "correction_asked", "in_hand", "withdrawn", "void", "unconfirmed")


def changed(place: Place, **entries: Any) -> None:
    """Change the office file in the database, past what the program would say to it."""
    with place.store.writing() as connection:
        row = connection.execute(sa.select(OFFICES).where(OFFICES.c.key == place.key)).one()
        profile = json.dumps({**json.loads(row.profile), **entries}, ensure_ascii=False)
        connection.execute(sa.update(OFFICES).where(OFFICES.c.id == row.id).values(profile=profile))


def rated(place: Place, number: str, stars: int, on: date) -> None:
    """As if the applicant had rated the handling on the public pages."""
    row = place.row(number)
    with place.store.writing() as connection:
        connection.execute(
            sa.insert(ITEMS).values(
                office_id=row["office_id"],
                case_id=row["id"],
                token=number,
                receipt=number,
                kind="rate",
                on_day=on,
                step="done",
                stars=stars,
                taken_at="2026-04-01T00:00:00Z",
            )
        )


def founded(url: str) -> tuple[Place, Place]:
    """A superior with one open case, and an organ below it with cases of many kinds."""
    above = builders.found(url, "jz")
    tick = above.once(("government",), lambda: _filled(above))
    return above, Place(Store(url), "wj", above.today, _tick=tick)


def _filled(above: Place) -> int:
    """The cases; how far the organ's clock is then."""
    organ = builders.found(above.store.url, "wj", name="江州市卫生局", superior="jz")
    above.bring("in_hand", on=date(2026, 8, 31))
    for state in STATES:
        organ.bring(state, on=MARCH, name="李四")
    organ.made()
    organ.act("registrar", "letter_posted", "2026-0003", MARCH + timedelta(3), letter=["P3"])
    contested = organ.bring("served", on=MARCH)
    organ.act("legal", "open_reconsideration", contested, MARCH + timedelta(80), body="江南省人民政府")
    rated(organ, contested, 4, MARCH + timedelta(20))
    rated(organ, "2026-0001", 1, MARCH + timedelta(20))
    organ.store.close()
    return organ._tick
