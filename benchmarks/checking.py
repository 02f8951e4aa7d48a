"""The check of a draft with ten items, in process, against composing its letter; and what both cost where the
letter was seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.world import APPLICATION, World

ITEMS = 10
DAY = date(2026, 3, 24)
MOST_MS, SEEN = 50.0, 0.5
REFUSED = {
    "outcome": "withheld",
    "ground": "trade_secret",
    "reasons": "经审查，该报告所载工艺参数不为公众所知悉，具有商业价值，且该公司采取了保密措施。",
    "extra": ["severance=经逐页审查，报告各部分均载有上述内容，不能作区分处理。"],
}
GRANTED = {"outcome": "granted", "means": "随本答复书邮寄纸质复印件", "attachments": ["扶持项目名单"]}


def drafted(world: World) -> str:
    """A case with ten items, each of them drafted; its number."""
    from workflow.casework import application

    assert world.store
    registrar, handler = world.desks["registrar"], world.desks["handler"]
    items = [
        f"甲精密制造有限公司第{no}条生产线的资金申请报告" if no % 2 else f"江州市第{no}批扶持项目名单"
        for no in range(1, ITEMS + 1)
    ]
    case = registrar.receive(application.checked({**APPLICATION, "items": items})).case.number
    refused = ",".join(str(no) for no in range(1, ITEMS + 1) if no % 2)
    steps: list[tuple[Any, str, str, dict[str, Any]]] = [
        (registrar, "register", "2026-03-03", {}),
        (registrar, "assign", "2026-03-03", {"unit": "jsgz", "handler": "handler"}),
        (handler, "accept", "2026-03-04", {}),
        (handler, "consult_third_party", "2026-03-06", {"name": "甲精密制造有限公司", "items": refused}),
        (handler, "opinion_delivered", "2026-03-09", {"no": 1}),
        (handler, "opinion_given", "2026-03-20", {"no": 1, "answer": "object", "reasons": "属于商业秘密"}),
        *(
            (handler, "draft", DAY.isoformat(), {"item": no, **(REFUSED if no % 2 else GRANTED)})
            for no in range(1, ITEMS + 1)
        ),
    ]
    for desk, event, day, facts in steps:
        desk.act(case, event, dict(facts), on=date.fromisoformat(day))
    return str(case)


def checking(world: World, rounds: int) -> Iterator[Figure]:
    """Composing the letter from the case, the check of it, and both again of a letter that was seen."""
    from workflow.casework import issue_check
    from workflow.casework.opened import open_case

    desk, case = world.desks["handler"], drafted(world)
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, case)
        look: Callable[[], Any] = partial(issue_check.look, desk, connection, opened, on=DAY)
        subject: Callable[[], Any] = partial(issue_check.subject, desk, connection, opened, on=DAY)

        def composing() -> Any:
            issue_check.forget()
            return clocked(subject)

        def check() -> Any:
            issue_check.forget()
            subject()
            return clocked(look)

        def whole() -> Any:
            issue_check.forget()
            return clocked(look)

        def seen() -> Any:
            look()
            return clocked(look)

        found = in_turns(
            {"composing": composing, "check": check, "whole": whole, "seen": seen}, rounds, warm=2
        )
        blocking = look().blocking
    assert not blocking, blocking
    name = f"check, {ITEMS} items"
    yield Figure(name, found["check"].processor, 1.0, found["composing"].processor, note="floor: composing")
    yield Figure(f"{name}, with its letter", found["whole"].processor, MOST_MS)
    yield Figure(f"{name}, seen before", found["seen"].processor, SEEN, found["whole"].processor)
