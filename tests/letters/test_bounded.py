"""Texts and requests of any size are answered or refused in bounded time: no pattern of the check looks at a
text again and again, and the limits stand where something comes in.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import letters.check
from letters.check import leasts, marked
from tests.builders import REFUSE, Place
from workflow.base.errors import Malformed, Refused
from workflow.casework import earlier_reply

W = {"no": 1, "outcome": "withheld", "ground": "internal_affairs"}
SEVERED = {"severance": "经逐页审查，不能作区分处理"}
# Of the processor's own time, which a busy machine does not lengthen.
SECONDS = 20


class TooLong(Exception):
    """What was asked took more of the processor than it may."""


@contextmanager
def bounded(seconds: int = SECONDS) -> Iterator[None]:
    """Fails where the processor needs longer."""

    def over(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# --- patterns


def patterns() -> Iterator[tuple[str, str]]:
    for module in pkgutil.iter_modules(letters.check.__path__):
        found = importlib.import_module(f"letters.check.{module.name}")
        yield from (
            (f"{module.name}.{name}", value.pattern)
            for name, value in vars(found).items()
            if isinstance(value, re.Pattern)
        )
    yield "earlier_reply", earlier_reply._DOCUMENT.pattern
    for of in ("marked", "notice"):
        for key, rows in marked._table(of).items():
            for row in rows:
                for name in ("any", "none", "unless", "form"):
                    found = getattr(row, name)
                    if found is not None:
                        yield f"{of}.{key}.{name}", found.pattern
    for key, rows in leasts.marks()["least"].items():
        yield from ((f"least.{key}.{n}", row["has"]) for n, row in enumerate(rows))


def endless_at_first(tree: Any) -> bool:
    """Whether a pattern may begin with something without end, and asks for something behind it: it then runs
    through the rest of a text from each place of it."""
    items = list(tree)
    for place, (code, value) in enumerate(items):
        if code is codes.AT and value in (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING):
            # It begins once in a text, or in a line.
            return False
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            if code is codes.ASSERT_NOT and value[0] < 0:
                # Where what stands before it is looked at, it begins only once in a run.
                return False
            continue
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = value
            if most is codes.MAXREPEAT and place + 1 < len(items):
                return True
            if endless_at_first(inner) and place + 1 < len(items):
                return True
            if least:
                return False
            continue
        if code is codes.SUBPATTERN:
            return _first_of([*value[-1], *items[place + 1 :]])
        if code is codes.BRANCH:
            return any(_first_of([*one, *items[place + 1 :]]) for one in value[1])
        return False
    return False


def _first_of(items: list[Any]) -> bool:
    return endless_at_first(items)


@pytest.mark.parametrize(
    ("pattern", "endless"),
    [
        (r"[a-z]+\.cn", True),
        (r"(?:[0-9]+|一)(?:日|天)", True),
        (r"x|\s*\|", True),
        (r"[a-z]{1,9}\.cn", False),
        (r"《[^《》]*》", False),
        (r"[0-9]+", False),
        (r"(?<![0-9])[0-9]+号", False),
    ],
)
def test_what_has_no_end_is_told(pattern: str, endless: bool) -> None:
    assert endless_at_first(parser.parse(pattern)) is endless


def test_no_pattern_begins_with_what_has_no_end() -> None:
    found = dict(patterns())
    assert len(found) > 60
    slow = {name: text for name, text in found.items() if endless_at_first(parser.parse(text))}
    assert slow == {}


def signs(tree: Any) -> Iterator[str]:
    """The characters that a pattern spells or chooses among; categories have none of their own."""
    for code, value in tree:
        if code is codes.LITERAL:
            yield chr(value)
        elif code is codes.RANGE:
            yield from map(chr, range(value[0], value[1] + 1))
        elif code in (codes.IN, codes.MAX_REPEAT, codes.MIN_REPEAT, codes.SUBPATTERN):
            yield from signs(value if code is codes.IN else value[-1])
        elif code is codes.BRANCH:
            for one in value[1]:
                yield from signs(one)
        else:
            assert (code, value) == (codes.CATEGORY, codes.CATEGORY_NOT_WORD), code


def test_what_a_phrase_that_says_nothing_is_made_of_is_never_told_as_saying_more() -> None:
    rows = [
        row for of in ("marked", "notice") for rows in marked._table(of).values() for row in rows if row.stock
    ]
    assert len(rows) > 3
    for row in rows:
        assert row.besides.search("噫嘻")
        for sign in {*signs(parser.parse(row.stock.pattern)), "_", "，", " "}:
            assert not row.besides.search(f"噫{sign}"), (row.row["zh"], sign)


@pytest.mark.parametrize("phrase", ["a.", r"\w你", "[^好]", "[一-三]", "你[,-。]"])
def test_what_a_phrase_holds_without_spelling_it_is_known(phrase: str) -> None:
    assert marked._besides([phrase]) is None


# --- texts


def drafted(place: Place, number: str, tmp_path: Path, rows: list[dict[str, Any]]) -> Any:
    path = tmp_path / "draft.json"
    path.write_text(json.dumps({"item": rows}, ensure_ascii=False), encoding="utf-8")
    return place.act("handler", "draft", number, "2026-03-06", file=str(path))


@pytest.mark.parametrize("unit", ["1", "a", "“", "《", "[", "<a", "平安路1号院1栋", "第", "条\n"])
def test_texts_as_long_as_they_may_be(quick: Place, tmp_path: Path, unit: str) -> None:
    text = (unit * 20_000)[:19_900]
    with bounded():
        drafted(
            quick,
            quick.bring("in_hand"),
            tmp_path,
            [{**W, "reasons": text, "facts": text, "extra": {"severance": text}}],
        )


def test_five_megabytes_of_reasons_are_refused(quick: Place, tmp_path: Path) -> None:
    number = quick.bring("in_hand")
    text = "属于本机关车辆调度的内部事务信息，公开会影响工作秩序。" * 65_000
    assert len(text.encode()) > 5_000_000
    with bounded(), pytest.raises(Malformed) as caught:
        drafted(quick, number, tmp_path, [{**W, "reasons": text, "extra": SEVERED}])
    assert caught.value.field == "reasons"
    with bounded(), pytest.raises(Malformed):
        quick.act("handler", "draft", number, "2026-03-05", **{**REFUSE, "reasons": text})
    assert quick.case(number).state == "in_hand"


def test_more_than_a_thousand_items_are_refused_where_they_come_in(quick: Place, home: Path) -> None:
    items = [f"第{n}号方案" for n in range(1, 1002)]
    with bounded(), pytest.raises(Malformed) as caught:
        quick.receive(request=None, items=items)
    assert "1000" in caught.value.text


def test_as_many_items_as_there_may_be(quick: Place, tmp_path: Path) -> None:
    """Drafted, checked, passed by three and issued; one long text more, and the letter is too long."""
    number = quick.bring("in_hand", request=None, items=[f"第{n}号方案" for n in range(1, 201)])
    rows = [{**W, "no": n, "reasons": REFUSE["reasons"], "extra": SEVERED} for n in range(1, 201)]
    with bounded():
        drafted(quick, number, tmp_path, rows)
        for who, event in (
            ("handler", "submit"),
            ("reviewer", "pass_review"),
            ("legal", "pass_review"),
            ("head", "pass_review"),
        ):
            quick.act(who, event, number, "2026-03-06")
        assert len(quick.case(number).passed[-1].parts) > 200
        done = quick.act("handler", "issue", number, "2026-03-06")
    assert done.case.state == "issued"


def test_five_hundred_parts_of_an_item(quick: Place, tmp_path: Path) -> None:
    """As long as the letter fits; with a sentence more to each part it does not, and that is said."""
    number = quick.bring("in_hand")
    part = {**W, "reasons": REFUSE["reasons"], "extra": SEVERED}
    with bounded():
        drafted(quick, number, tmp_path, [{**part, "part": f"第{n}页"} for n in range(500)])
        assert quick.act("handler", "submit", number, "2026-03-06").case.state == "section_review"
        quick.act("reviewer", "return_draft", number, "2026-03-06", reasons="补充")
        longer = {**part, "reasons": REFUSE["reasons"] * 4}
        drafted(quick, number, tmp_path, [{**longer, "part": f"第{n}页"} for n in range(500)])
        with pytest.raises(Refused) as caught:
            quick.act("handler", "submit", number, "2026-03-06")
    assert caught.value.params["rules"] == ["composed"]
