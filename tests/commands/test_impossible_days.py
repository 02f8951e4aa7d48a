"""Impossible days and files on the command line: a clear error with its provision, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import builders, notices
from tests.builders import RECEIVED, Place
from tests.counter import Said, disclosure

pytestmark = pytest.mark.usefixtures("lines_kept")

EXTENSION, CONSULTATION = "Art. 33, para. 2", "Art. 32"


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICE", "jz")
    made = builders.found(database_url)
    yield made
    made.store.close()


def after(days: int) -> str:
    return str(RECEIVED + timedelta(days=days))


def refused(place: Place, code: int, provision: str, *words: str | Path) -> Said:
    """Typed and refused, with this exit status and this provision; the database is as it was. Both ways of
    printing.
    """
    before = builders.digest(place.store)
    said = disclosure(*words)
    assert (said.code, said.out) == (code, "")
    assert provision in said.err
    plain = disclosure(*words, "--json")
    assert (plain.code, plain.out) == (code, "")
    assert "{" not in plain.fault["message"]
    assert bool(plain.fault["rule"]) == bool(provision)
    assert builders.digest(place.store) == before
    return said


def test_a_day_that_no_calendar_has(place: Place) -> None:
    number = place.bring("in_hand")
    for words in (
        ("extend", number, "--reasons", "信息量大", "--on", "2026-02-30"),
        ("refer", number, "--name", "保密局", "--answer-by", "2026-02-30", "--on", after(2)),
    ):
        said = refused(place, 2, "", *words, "--as", "handler")
        assert "2026-02-30" in said.err
    assert disclosure("deadline", "reply", "--from", "2026-02-30").code == 2
    said = disclosure(
        "receive",
        "--channel",
        "post",
        "--name",
        "李四",
        "--request",
        "名单",
        "--signed-on",
        "2026-02-30",
        "--as",
        "registrar",
    )
    assert (said.code, place.row_count()) == (2, 1)


def test_a_receipt_after_the_reply(place: Place) -> None:
    number = place.bring("issued")
    late = str(place.row(number)["last_on"] + timedelta(days=1))
    said = refused(
        place,
        1,
        "No act lies before what it follows",
        "amend",
        number,
        "--field",
        "received-on",
        "--to",
        late,
        "--reason",
        "收件章",
        "--as",
        "registrar",
    )
    assert late in said.err


def test_an_extension_after_the_first_period(place: Place) -> None:
    number = place.bring("in_hand")
    late = place.due(number) + timedelta(days=1)
    said = refused(
        place, 1, EXTENSION, "extend", number, "--reasons", "信息量大", "--on", str(late), "--as", "head"
    )
    assert str(place.due(number)) in said.err


def test_a_second_extension_and_one_that_is_too_long(place: Place) -> None:
    number = place.bring("in_hand")
    words = ("extend", number, "--reasons", "信息量大", "--on", after(4), "--as", "head")
    refused(place, 1, EXTENSION, *words, "--days", "21")
    place.act("head", "extend", number, after(3), reasons="信息量大")
    refused(place, 1, EXTENSION, *words)


def test_an_answer_to_a_consultation_that_was_never_sent(place: Place) -> None:
    number = place.bring("in_hand")
    for words in (
        ("opinion-given", number, "--no", "1", "--answer", "agree"),
        ("opinion-delivered", number, "--no", "1"),
    ):
        refused(place, 1, CONSULTATION, *words, "--on", after(5), "--as", "handler")
    place.act("handler", "consult_third_party", number, after(4), name="甲公司")
    refused(
        place,
        1,
        CONSULTATION,
        "opinion-given",
        number,
        "--no",
        "2",
        "--answer",
        "agree",
        "--on",
        after(5),
        "--as",
        "handler",
    )
    # An answer that came before its question.
    said = refused(
        place,
        1,
        "No act lies before what it follows",
        "opinion-given",
        number,
        "--no",
        "1",
        "--answer",
        "agree",
        "--on",
        after(3),
        "--as",
        "handler",
    )
    assert after(4) in said.err


def _sheet(*rows: tuple[object, str]) -> str:
    return "date,kind,festival\n" + "".join(f"{day},{kind},元旦\n" for day, kind in rows)


TUESDAY = next(date(notices.YEAR, 1, n) for n in range(4, 12) if date(notices.YEAR, 1, n).weekday() == 1)
NEW_YEAR = date(notices.YEAR, 1, 1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (_sheet((NEW_YEAR, "off"), (TUESDAY, "work")), str(TUESDAY)),
        (_sheet((NEW_YEAR, "off"), (NEW_YEAR, "off")), "stands twice"),
        (_sheet((NEW_YEAR, "off"), (f"{notices.YEAR}-02-30", "off")), f"{notices.YEAR}-02-30"),
        (_sheet(("01-01", "off")), "the year is missing"),
        (_sheet((TUESDAY, "perhaps")), "perhaps"),
        ("", "lacks a column"),
    ],
)
def test_a_calendar_file_that_cannot_be(place: Place, tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "notice.csv"
    file.write_text(text, encoding="utf-8")
    said = refused(
        place,
        2,
        "Measures on National Holidays (2024), Art. 7",
        "calendar",
        "import",
        file,
        "--number",
        "国办发明电〔2026〕9号",
        "--promulgated",
        str(notices.PROMULGATED),
        "--as",
        "head",
    )
    assert what in said.err


@pytest.mark.parametrize(
    ("words", "code", "provision"),
    [
        (("replies", "--from", "2026-03-02"), 3, ""),
        (
            ("reply", "--from", "2007-01-01"),
            1,
            "Regulations on Open Government Information (2008), Art. 24, para. 2",
        ),
        (
            ("reply", "--from", "2099-01-01"),
            1,
            "Regulations on Open Government Information (2019), Art. 33, para. 2",
        ),
        (("litigation", "--from", "2099-01-01"), 1, "Administrative Litigation Law"),
        (("fee-payment", "--from", "2001-01-01"), 1, "fee"),
        (("reply", "--from", "2026-03-02", "--excluded", "2026-02-10..2026-02-12"), 2, "Art. 33, para. 3"),
    ],
)
def test_a_rule_or_a_day_out_of_range(home: Path, words: tuple[str, ...], code: int, provision: str) -> None:
    said = disclosure("deadline", *words, "--lang", "en")
    assert (said.code, said.out) == (code, "")
    assert provision.lower() in said.err.lower()
    assert not (home / "data").exists()
