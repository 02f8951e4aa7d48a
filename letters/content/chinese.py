"""Numerals, dates and document numbers as official Chinese papers write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow import law
from workflow.base.dates import today
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.law.citations import chinese
from workflow.law.keys import Provision

_NUMBER = later(r"(?P<organ>[^〔〕\[\]（）()\s]+)〔(?P<year>\d{4})〕(?P<di>第?)(?P<serial>\d+)号")


def numeral(number: int) -> str:
    """The number in Chinese numerals, 1 to 9999: 12 is 十二, 105 is 一百零五."""
    return chinese(number)


def day(value: date) -> str:
    """2026-05-09 as 2026年5月9日 (GB/T 9704: Arabic figures, no leading zeros)."""
    return f"{value.year}年{value.month}月{value.day}日"


def enumeration(numbers: Iterable[int]) -> str:
    """Items of a request by their numbers: 第一项、第三项."""
    return "、".join(f"第{numeral(number)}项" for number in numbers)


def document_number(organ: str, year: int, serial: int, *, with_di: bool = False) -> str:
    """A document number, organ being the organ's code word with the series: X公开告〔2026〕1号."""
    if serial < 1 or year < 1949:
        raise ValueError((year, serial))
    return f"{organ}〔{year}〕{'第' if with_di else ''}{serial}号"


def check_number(number: str, *, with_di: bool) -> str:
    """The document number as it must be written (GB/T 9704-2012, 7.2.5); Malformed if it is not."""
    found = _NUMBER.fullmatch(number)
    if found is None or found["serial"].startswith("0"):
        raise Malformed(
            N_("'{number}' is not a document number."),
            field="number",
            number=number[:60],
            rule=law.bundled().provision(Provision.FORM_OF_PAPERS, today()),
            way_on=N_(
                "Write the code word, then 〔2026〕1号: shell brackets, the year in full, no leading zero."
            ),
        )
    if bool(found["di"]) != with_di:
        return document_number(found["organ"], int(found["year"]), int(found["serial"]), with_di=with_di)
    return number


_MONEY = "零壹贰叁肆伍陆柒捌玖"


def money(yuan: int) -> str:
    """An amount in whole yuan in the numerals of receipts: 270 is 贰佰柒拾元整 (0 to 99,999,999)."""
    if not 0 <= yuan < 100_000_000:
        raise ValueError(yuan)
    high, low = divmod(yuan, 10_000)
    text = _receipt(high) + "万" if high else ""
    if low:
        text += ("零" if high and low < 1000 else "") + _receipt(low)
    return (text or "零") + "元整"


def _receipt(number: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap else "") + _MONEY[digit] + name
            gap = False
        else:
            gap = bool(text)
    return text
