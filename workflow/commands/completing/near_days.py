"""Days and months near today, as people say them."""

from __future__ import annotations

from datetime import timedelta

from workflow.base import dates
from workflow.commands.completing.matching import Offer

_DAYS = (
    (0, "今天", "today"),
    (-1, "昨天", "yesterday"),
    (-2, "前天", ""),
    (1, "明天", "tomorrow"),
    (2, "后天", ""),
)


def days(typed: str, *, chinese: bool) -> list[Offer]:
    """Days near today as people say them, and the last days by their date."""
    today = dates.today()
    offers = []
    for away, zh, en in _DAYS:
        day = today + timedelta(days=away)
        name = zh if chinese else en
        if name:
            offers.append(Offer(name, f"{day.isoformat()} {_weekday(day.weekday(), chinese=chinese)}"))
    for away in range(10) if typed[:1].isdigit() else ():
        day = today - timedelta(days=away)
        offers.append(Offer(day.isoformat(), _weekday(day.weekday(), chinese=chinese)))
    return [one for one in offers if one.text.startswith(typed)]


def months(typed: str) -> list[Offer]:
    """This month and those of the year before it."""
    last = dates.today().year * 12 + dates.today().month - 1
    found = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(last, last - 13, -1)]
    return [Offer(one) for one in found if one.startswith(typed)]


def _weekday(day: int, *, chinese: bool) -> str:
    return f"周{'一二三四五六日'[day]}" if chinese else ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day]
