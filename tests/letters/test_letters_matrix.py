"""Every letter × ground × era of the law × way of service: number, citation, and exactly the right remedy
clause.

All combinations are composed; a covering part of them is set and read back from the PDF: each letter with
each ground and outcome once, and each era with each way of service once.
"""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest

from letters.content import kinds
from letters.pdf import render
from workflow import law
from workflow.base.errors import DisclosureError
from workflow.drafting import specimen_files

L = law.bundled()
ERAS = {
    "2008 Regulations, suit within 3 months": date(2013, 5, 2),
    "2008 Regulations, suit within 6 months": date(2017, 5, 2),
    "2019 Regulations, old reconsideration law": date(2022, 6, 1),
    "today's law": date(2026, 5, 20),
}
SERVICES = ["post", "hand", "entrusted", "email", "online"]
GOVERNMENT, DEPARTMENT, COURT = "某某市人民政府", "某某省交通运输厅", "某某市某某区人民法院"
ONLINE = f"行政复议申请可以通过{GOVERNMENT}的互联网渠道（https://fuyi.example.invalid）提交。"
REGULATIONS = "《中华人民共和国政府信息公开条例》"

OPINION = (
    "第二十一条第（二）项和《国务院办公厅关于做好政府信息依申请公开工作的意见》（国办发〔2010〕5号）第二条"
)
# What each letter has to cite, under the Regulations of 2008 and of 2019, written out by hand. None: no such
# letter.
CITED: dict[str, tuple[str | None, str | None]] = {
    "P2": ("第二十四条第二款", "第三十一条、第三十三条第二款"),
    "P3": ("第二十一条第（四）项", "第三十条"),
    "P4": (None, "第三十五条"),
    "P5": ("第二十四条第二款", "第三十三条第二款"),
    "P6": ("第二十三条", "第三十二条"),
    "P8": ("第二十四条第三款", "第三十三条第三款"),
    "P9": ("第二十三条", "第三十二条"),
    "P10": (None, "第三十四条"),
    "P11": ("", "第十一条第一款、第三十三条第三款"),
    "P15": ("第十四条第三款", "第十七条第三款"),
    "P12": (None, "第四十二条第一款和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第三条"),
    "P14": (None, "第三十五条"),
    "D1": ("第二十一条第（一）项", "第三十六条第（二）项"),
    "D2": ("第二十一条第（一）项", "第三十六条第（一）项"),
    "D3": ("第十四条第四款、第二十一条第（二）项、第二十三条", "第十五条、第三十二条、第三十六条第（三）项"),
    "D4a": ("第十四条第四款、第二十一条第（二）项", "第十四条、第三十六条第（三）项"),
    "D4b": ("第十四条第二款、第二十一条第（二）项", "第十四条、第三十六条第（三）项"),
    "D4c": ("第八条、第二十一条第（二）项", "第十四条、第三十六条第（三）项"),
    "D4d": ("第十四条第四款、第二十一条第（二）项、第二十三条", "第十五条、第三十二条、第三十六条第（三）项"),
    "D4e": (OPINION, "第十六条第一款、第三十六条第（三）项"),
    "D4f": (OPINION, "第十六条第二款、第三十六条第（三）项"),
    "D4g": (
        "第二十一条第（二）项和《最高人民法院关于审理政府信息公开行政案件若干问题的规定》第二条第（四）项",
        "第十六条第二款、第三十六条第（三）项",
    ),
    "D5": ("第二十一条第（三）项", "第三十六条第（四）项"),
    "D6": ("第二十一条第（三）项", "第三十六条第（五）项"),
    "D10": ("第二条", "第三十九条第一款"),
    "D11": ("第二十一条第（一）项", "第三十九条第二款"),
    "D12": (None, "第三十五条"),
    "D15": ("第二十五条第二款", "第四十一条"),
    "D16": ("第二十一条第（四）项", "第三十条"),
    "D17": ("第二条", "第二条"),
}
# The same where an outcome, and not the letter, decides, or another instrument is cited: with its name, by
# year.
CITED_BY_OUTCOME = {
    "repeat": lambda on: (
        "《国务院办公厅关于施行中华人民共和国政府信息公开条例若干问题的意见》"
        if on.year < 2019
        else f"{REGULATIONS}第三十六条第（六）项"
    ),
    "reconfirm": lambda on: f"{REGULATIONS}第二条",
    "special_regime": lambda on: (
        "《最高人民法院关于审理政府信息公开行政案件若干问题的规定》"
        if on.year < 2019
        else f"{REGULATIONS}第三十六条第（七）项"
    ),
    "needs_creation": lambda on: "依申请公开" if on.year < 2019 else f"{REGULATIONS}第三十八条",
    "archived": lambda on: (
        "《中华人民共和国档案法》第十五条第二款"
        if on.year > 2020
        else "《最高人民法院关于审理政府信息公开行政案件若干问题的规定》第七条第二款"
    ),
    "lapsed_correction": lambda on: f"{REGULATIONS}第三十条",
    "lapsed_fee": lambda on: "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第六条",
}
PROCEDURAL = {f"P{n}" for n in range(1, 16)} - {"P9"} | {"D14"}


def cited(code: str, outcome: str | None, on: date) -> str:
    """What the letter must cite; "" for one that cites nothing."""
    if outcome in CITED_BY_OUTCOME:
        return CITED_BY_OUTCOME[outcome](on)
    old, new = CITED.get(code, ("", ""))
    found = old if on.year < 2019 else new
    assert found is not None, f"{code} did not exist on {on}"
    return REGULATIONS + found if found else ""


# The answers to which the court is closed, with the day from which; a specimen's earlier reply disclosed.
CLOSED = {
    "needs_creation": date(2011, 8, 13),
    "publication": date(2011, 8, 13),
    "repeat": date(2025, 6, 1),
    "special_regime": date(2025, 6, 1),
    "petition": date(2025, 6, 1),
}


def clause(code: str, outcome: str | None, document: str, on: date, served_by: str) -> list[str]:
    """The remedy notice, written out by hand for the eras of the law."""
    if code in PROCEDURAL:
        return []
    organ = GOVERNMENT if on.year >= 2024 else f"{GOVERNMENT}或者{DEPARTMENT}"
    months = 3 if on < date(2015, 5, 1) else 6

    def free(subject: str) -> str:
        return (
            f"如对{subject}不服，可以自收到本{document}之日起60日内向{organ}申请行政复议，"
            f"或者自收到本{document}之日起{months}个月内向{COURT}提起行政诉讼。"
        )

    def first(subject: str) -> str:
        return (
            f"如对{subject}不服，应当自收到本{document}之日起60日内先向{organ}申请行政复议；"
            "对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向人民法院提起行政诉讼。"
        )

    told = [free(f"本{document}")]
    closed = CLOSED.get(outcome or next(iter(kinds.get(code).outcomes), ""), date.max)
    if on >= closed:
        told = [f"如对本{document}不服，可以自收到本{document}之日起60日内向{organ}申请行政复议。"]
    if on.year >= 2024 and code.startswith("D4"):
        told = [first(f"本{document}")]
    elif on.year >= 2024 and code == "D3":
        told = [first(f"本{document}中不予公开的部分（第二项）"), free(f"本{document}的其他部分")]
    return told + [ONLINE] * (on.year >= 2024 and served_by in ("email", "online"))


def said(content: dict[str, Any]) -> str:
    parts = [content["title"], content["number"] or ""]
    for block in content["blocks"]:
        parts += [block["text"]] if "text" in block else ["".join(row) for row in block["rows"]]
    return "".join(parts)


def must_say(text: str, code: str, outcome: str | None, document: str, on: date, served_by: str) -> None:
    """The text of a letter, from its composition or from its PDF, says what it must and nothing else of that
    kind.
    """
    text = re.sub(r"\s", "", text)
    if (short := f"{REGULATIONS}（以下简称《条例》）") in text:
        # The full name stands once, the short one after it.
        assert text.count(short) == 1
        before, after = text.split(short)
        assert "《条例》" not in before
        assert REGULATIONS not in after
        text = before + REGULATIONS + after.replace("《条例》", REGULATIONS)
    number = f"某交公开〔{on.year}〕12号"
    if kinds.get(code).series:
        assert number in text
    # Until 2019 the letter also serves those who had no special need.
    old = code == "D4e" and on.year < 2019 and "特殊需要" in text
    assert (f"{REGULATIONS}第十三条、第二十一条第（二）项" if old else cited(code, outcome, on)) in text
    expected = clause(code, outcome, document, on, served_by)
    for paragraph in expected:
        assert text.count(paragraph) == 1
    for word in ("提起行政诉讼", "申请行政复议", "互联网渠道"):
        assert text.count(word) == sum(paragraph.count(word) for paragraph in expected), word


COMBINATIONS = [
    pytest.param(code, ground, outcome, on, id=f"{code} {ground or outcome or ''} {on.year}")
    for on in ERAS.values()
    for code, ground, outcome in specimen_files.wanted(on)
]


@pytest.mark.parametrize(("code", "ground", "outcome", "on"), COMBINATIONS)
def test_what_is_composed(code: str, ground: str | None, outcome: str | None, on: date) -> None:
    for served_by in SERVICES:
        content = specimen_files.composed(code, ground, outcome=outcome, on=on, served_by=served_by)
        assert content["data"]["served_by"] == served_by
        assert bool(content["number"]) == bool(kinds.get(code).series)
        must_say(said(content), code, outcome, content["document"], on, served_by)


def test_each_era_has_the_letters_that_it_knew() -> None:
    """What a day's law does not know is refused, and nothing else is."""
    for on in ERAS.values():
        known = {code for code, _, _ in specimen_files.wanted(on)}
        for code, (old, new) in CITED.items():
            assert (code in known) == ((old if on.year < 2019 else new) is not None), (code, on)
    grounds = {
        on.year: {ground for _, ground, _ in specimen_files.wanted(on) if ground} for on in ERAS.values()
    }
    assert len(grounds[2013]) == len(grounds[2017]) == 9
    assert len(grounds[2022]) == len(grounds[2026]) == 9


# --- read back from the PDF


def read_back(
    code: str, ground: str | None, outcome: str | None, on: date, served_by: str, page: str
) -> None:
    content = specimen_files.composed(code, ground, outcome=outcome, on=on, served_by=served_by, page=page)
    pages = pypdf.PdfReader(io.BytesIO(render.pdf(content))).pages
    text = "".join(sheet.extract_text() for sheet in pages)
    # A page may end in the middle of the clause: its number is no part of the text.
    text = re.sub(r"—\s*\d+\s*—", "", text)
    must_say(text, code, outcome, content["document"], on, served_by)


TODAY = ERAS["today's law"]


@pytest.mark.parametrize(("code", "ground", "outcome"), specimen_files.wanted(TODAY))
def test_what_is_printed(code: str, ground: str | None, outcome: str | None) -> None:
    """Each letter once; the two formats and the ways of service in turn."""
    place = specimen_files.wanted(TODAY).index((code, ground, outcome))
    read_back(code, ground, outcome, TODAY, SERVICES[place % 5], ("letter", "ordinary")[place % 2])


@pytest.mark.parametrize("served_by", SERVICES)
@pytest.mark.parametrize("on", ERAS.values(), ids=list(ERAS))
def test_what_is_printed_in_each_era(on: date, served_by: str) -> None:
    """The letters with both clauses, with reconsideration first and with free choice, in turn."""
    code, ground = [("D3", "trade_secret"), ("D4a", "state_secret"), ("D5", None), ("P9", None)][
        SERVICES.index(served_by) % 4
    ]
    read_back(code, ground, None, on, served_by, "letter")


@pytest.mark.parametrize("on", [date(2019, 5, 14), date(2019, 6, 20), date(2019, 6, 21)])
def test_the_law_of_receipt_decides_and_the_remedies_are_those_of_the_letter(on: date) -> None:
    """A specimen is received five weeks before: the change of Regulations shows in June 2019."""
    content = specimen_files.composed("D1", on=on)
    old = content["data"]["received"] < "2019-05-15"
    assert ("第二十一条第（一）项" in said(content)) == old
    with pytest.raises(DisclosureError):
        specimen_files.composed(
            "D4d" if old else "D4e", "other_third_party" if old else "special_need", on=on
        )
