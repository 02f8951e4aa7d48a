"""Search in requests and letters: the same on both databases, and the same as reading everything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from tests.thorough import examples
from workflow.base import atoms
from workflow.base.errors import DisclosureError, Malformed, NotFound
from workflow.casework import search_index, search_texts
from workflow.storage import case_keys
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

DOCS = TABLES["search_doc"]


@pytest.fixture
def place(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", database_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    made = builders.found(database_url)
    yield made
    made.store.close()


def found(place: Place, words: str, **more: Any) -> list[str]:
    """The case numbers that are found, in their order."""
    with place.store.reading() as connection:
        page = search_texts.search(connection, place.desk().office.id, words, **more)
    assert page.total >= len(page.hits)
    return [hit.number for hit in page.hits]


def texts(place: Place) -> dict[int, str]:
    with place.store.reading() as connection:
        return {row.id: row.text for row in connection.execute(sa.select(DOCS.c.id, DOCS.c.text))}


def test_words_of_one_two_and_more_characters_numbers_and_latin(place: Place) -> None:
    one = place.receive(request="2024年度渡口镇征地批复及“一书四方案”").case.number
    two = place.receive(request="某化工厂环评报告书（PM2.5监测数据），文号：江环审〔2025〕18号").case.number
    three = place.receive(request="Water quality reports of the River Authority").case.number
    assert found(place, "渡") == [one]
    assert found(place, "环评") == [two]
    assert found(place, "征地批复") == [one]
    assert found(place, "地批") == [one]
    assert found(place, "批地") == []
    assert found(place, "pm2.5") == [two]
    assert found(place, "ＰＭ2.5") == [two]
    assert found(place, "江环审〔2025〕18号") == found(place, "江环审[2025]18") == [two]
    assert found(place, "2024") == [one]
    assert found(place, "WATER reports") == [three]
    assert found(place, '"water reports"') == []
    assert found(place, '"water quality"') == found(place, "“Water Quality”") == [three]
    assert found(place, "202") == [], "a number is found whole"


def test_several_words_are_all_of_them_and_a_minus_leaves_out(place: Place) -> None:
    one = place.receive(request="征地补偿安置方案").case.number
    two = place.receive(request="征地补偿费发放表").case.number
    assert set(found(place, "征地 补偿")) == {one, two}
    assert found(place, "征地 发放") == [two]
    assert found(place, "征地 -发放") == [one]
    assert found(place, "征地 -补偿") == []
    assert found(place, '征地 -"安置方案"') == [two]


def test_the_end_of_a_sentence_parts_words_and_a_bracket_does_not(place: Place) -> None:
    number = place.receive(request="请公开征地。批复另行申请，《土地》征收").case.number
    assert found(place, "征地批复") == []
    assert found(place, "土地征收") == [number]
    assert found(place, "征地 批复") == [number]


def test_the_densest_comes_first_then_the_newest(place: Place) -> None:
    long = place.receive(
        request="关于污染源监测数据以及其他各项信息的申请，范围包括各类企业和园区"
    ).case.number
    first = place.receive(date(2026, 3, 3), request="监测数据").case.number
    second = place.receive(date(2026, 3, 4), request="监测数据").case.number
    assert found(place, "监测") == [second, first, long]
    assert found(place, "监测", limit=1) == [second]
    assert found(place, "监测", limit=2, skip=1) == [first, long]


def test_letters_are_found_and_drafts_are_not(place: Place) -> None:
    number = place.bring("in_hand")
    place.act(
        "handler",
        "draft",
        number,
        date(2026, 3, 5),
        outcome="withheld",
        ground="internal_affairs",
        reasons="属于人事管理方面的内部会议纪要，公开会影响工作",
        extra=[builders.SEVERED],
        facts="经检索档案柜",
    )
    assert found(place, "会议纪要") == []
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("legal", "pass_review"),
        ("head", "pass_review"),
        ("handler", "issue"),
    ):
        place.act(who, event, number, date(2026, 3, 6))
    assert found(place, "会议纪要") == found(place, "档案柜") == [number]
    assert found(place, "内部事务信息") == [number], "the ground by its name, as the letter has it"
    with place.store.reading() as connection:
        page = search_texts.search(connection, place.desk().office.id, "会议纪要", kind="reply")
    assert page.hits[0].kind == "reply"
    assert page.hits[0].letter.startswith("D")
    assert "【会议纪要】" in page.hits[0].marked()
    assert found(place, "会议纪要", kind="request") == []


def test_notices_are_found(place: Place) -> None:
    number = place.bring("correction_asked")
    assert found(place, "明确年度") == [number]
    place.act("registrar", "correct", number, date(2026, 3, 6), request="二〇二五年度城西片区的方案")
    assert found(place, "城西") == [number]
    assert found(place, "二〇二五") == [number]


def test_filters(place: Place) -> None:
    now = place.receive(request="征地批复").case.number
    before = place.bring("withdrawn", on=date(2025, 6, 3), request="征地批复")
    assert found(place, "征地", year=2025) == [before]
    assert found(place, "征地", state="received") == [now]
    with pytest.raises(NotFound):
        found(place, "征地", year=1999)
    with pytest.raises(Malformed):
        found(place, "征地", state="gone")
    with pytest.raises(Malformed):
        found(place, "征地", kind="poem")


@pytest.mark.parametrize("words", ["", "  ", "。，", '""', "-征地", "x" * 300])
def test_a_query_without_a_word_is_refused(place: Place, words: str) -> None:
    with pytest.raises(Malformed):
        found(place, words)


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", '" AND "', "a* OR NEAR(b)", "!& | <->", "tokens:渡", "\\", "征%", "\0征"]
)
def test_signs_of_the_databases_own_languages_are_nothing_special(place: Place, words: str) -> None:
    place.receive(request="征地批复")
    try:
        assert found(place, words) in ([], ["2026-0001"])
    except DisclosureError as fault:
        assert isinstance(fault, Malformed)


def test_personal_data_is_not_indexed(place: Place) -> None:
    place.receive(request="征地批复", address="机密路99号", phone="13912345678", name="欧阳甲乙")
    for words in ("机密路", "13912345678", "320500199001010017", "欧阳甲乙"):
        assert found(place, words) == []


def test_a_correction_of_the_request_is_found_and_the_mistake_is_not(place: Place) -> None:
    number = place.receive(request="城东片区").case.number
    place.desk("registrar").amend(number, "request", "城北片区", "录入错误")
    assert found(place, "城北") == [number]
    assert found(place, "城东") == []


def test_one_office_does_not_find_what_another_has(place: Place, database_url: str) -> None:
    other = builders.found(database_url, "yz")
    other.receive(request="征地批复")
    assert found(place, "征地") == []
    assert found(other, "征地") == ["2026-0001"]
    other.store.close()


def test_forgotten_is_gone_from_table_and_index(place: Place) -> None:
    number = place.receive(request="征地批复").case.number
    kept = place.receive(request="征地方案").case.number
    case_id = place.row(number)["id"]
    with place.store.writing() as connection:
        assert search_index.forget(connection, case_id) == 1
        search_index.purge(connection)
    assert found(place, "征地") == [kept]
    with place.store.reading() as connection:
        held = connection.exec_driver_sql(
            "SELECT rowid FROM search_index WHERE search_index MATCH '\"批_复\"'"
            if connection.dialect.name == "sqlite"
            else "SELECT id FROM search_index WHERE words @@ '''批_复'''::tsquery"
        ).all()
    assert held == []


def test_rebuilding_gives_the_same_and_mends_what_is_missing(place: Place) -> None:
    for state in ("served", "correction_asked", "lapsed"):
        place.bring(state)
    number = place.receive(request="城东片区").case.number
    place.desk("registrar").amend(number, "request", "城北片区", "录入错误")
    columns = [
        DOCS.c[name] for name in ("case_id", "n", "kind", "letter", "on_day", "text", "line", "tokens")
    ]
    query = sa.select(*columns).order_by(DOCS.c.case_id, DOCS.c.n)
    office_id = place.desk().office.id
    with place.store.reading() as connection:
        before = connection.execute(query).all()
        assert search_index.stale(connection, office_id) == 0
    with place.store.writing() as connection:
        connection.execute(sa.delete(DOCS).where(DOCS.c.case_id < 3))
    with place.store.reading() as connection:
        assert search_index.stale(connection, office_id) > 0
    assert search_index.rebuild(place.desk()) == len(before)
    with place.store.reading() as connection:
        assert connection.execute(query).all() == before
        assert search_index.stale(connection, office_id) == 0
    assert found(place, "城北") == [number]


def test_without_the_key_file_nothing_is_rebuilt(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    number = place.receive(request="城东片区").case.number
    desk = place.desk()
    monkeypatch.setattr(case_keys, "ring", lambda connection: None)
    with pytest.raises(DisclosureError, match="key file"):
        search_index.rebuild(desk)
    assert found(place, "城东") == [number]


# --- as a whole: against reading everything

ALPHABET = "征地批复渡环一ａA1 2.,。、“\n-％𠮷é"


def naive(said: str, wanted: str) -> bool:
    """Whether a run of Chinese characters stands in the text, found by reading it."""
    plain = "".join(unicodedata.normalize("NFKC", char).casefold() for char in said)
    for sign in "“％-":
        plain = plain.replace(unicodedata.normalize("NFKC", sign), "")
    return wanted in "".join(plain.split(" "))


@settings(
    max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(st.text(ALPHABET, min_size=1, max_size=24).filter(str.strip), min_size=1, max_size=6),
    st.lists(st.text("征地批复渡环一𠮷", min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_the_same_as_reading_everything(place: Place, requests: list[str], queries: list[str]) -> None:
    office_id = place.desk().office.id
    with place.store.writing() as connection:
        case = connection.execute(sa.select(TABLES["case_file"].c.id)).scalar()
        connection.execute(sa.delete(DOCS))
    if case is None:
        case = place.receive(request="无").case_id
    with place.store.writing() as connection:
        connection.execute(sa.delete(DOCS))
        for n, said in enumerate(requests):
            runs = atoms.runs(said)
            connection.execute(
                sa.insert(DOCS),
                {
                    "id": n + 1,
                    "office_id": office_id,
                    "case_id": case,
                    "n": n,
                    "kind": "request",
                    "letter": "",
                    "on_day": RECEIVED,
                    "text": said,
                    "line": atoms.line(runs),
                    "tokens": " ".join(atoms.tokens(runs)),
                },
            )
    for query in queries:
        with place.store.reading() as connection:
            page = search_texts.search(connection, office_id, query, limit=100)
        expected = sum(naive(said, unicodedata.normalize("NFKC", query)) for said in requests)
        assert page.total == len(page.hits) == expected, (requests, query)
        for hit in page.hits:
            assert hit.marks
            assert all(atoms.runs(hit.snippet[start:end]) == [list(query)] for start, end in hit.marks[:1])


# --- the command


def test_the_command(place: Place) -> None:
    number = place.receive(request="2024年度渡口镇征地批复").case.number
    said = disclosure("search", "征地", "-环评", "--lang", "en")
    assert said.code == 0
    assert number in said.out
    assert "【征地】" in said.out
    plain = disclosure("search", "征地", "--json").json
    assert plain["total"] == 1
    assert plain["hits"][0]["case"] == number
    (start, end), *_ = plain["hits"][0]["marks"]
    assert plain["hits"][0]["snippet"][start:end] == "征地"


def test_the_command_finding_nothing_says_so(place: Place) -> None:
    place.receive(request="征地批复")
    said = disclosure("search", "环评", "--lang", "en")
    assert said.code == 0
    assert "环评" in said.out
    assert disclosure("search", "环评", "--json").json == {"total": 0, "hits": [], "people": []}
    assert disclosure("search", "征地", "--year", "1999", "--json").code == 3
    assert disclosure("search", "--json").code == 2


def test_the_command_makes_the_index_again(place: Place) -> None:
    place.receive(request="征地批复")
    assert disclosure("verify", "--json").json[0]["unindexed"] == 0
    with place.store.writing() as connection:
        connection.execute(sa.delete(DOCS))
    assert disclosure("verify", "--json").json[0]["unindexed"] == 1
    assert disclosure("search", "--rebuild", "--json").json == {"rebuilt": 1}
    assert disclosure("verify", "--json").json[0]["unindexed"] == 0
    assert disclosure("search", "征地", "--json").json["total"] == 1


def test_an_option_that_there_is_not_is_no_word(place: Place) -> None:
    place.receive(request="征地批复")
    assert disclosure("search", "征地", "--yaer", "2026", "--json").code == 2


def test_a_backup_brings_the_index_back(place: Place, home: Path, tmp_path: Path) -> None:
    from workflow.storage.database import Store
    from workflow.upkeep import backup

    place.receive(request="征地批复")
    backup.backup(place.store, home / "b.zip")
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    backup.restore(other, home / "b.zip")
    with other.reading() as connection:
        assert search_texts.search(connection, 1, "地批").total == 1
    other.close()


def test_people_are_found_by_name_and_masked_for_who_may_not_see_them(place: Place) -> None:
    agent = {"name": "李四光", "document": "授权委托书", "scope": "代为申请"}
    first = place.receive(applicants=[{"name": "李四"}], agent=agent, request="环评报告书").case.number
    place.walk(first, builders.ROADS["in_hand"])
    place.act("handler", "consult_third_party", first, "2026-03-05", name="Four Rivers Ltd 李四厂", items=[1])
    second = place.receive(request="渡口镇李四的宅基地批复").case.number

    def people(*words: str, officer: str = "handler") -> list[tuple[str, str, str]]:
        said = disclosure("search", *words, "--as", officer, "--json").json
        return [(one["case"], one["role"], one["name"]) for one in said["people"]]

    assert people("李四") == [
        (first, "third_party", "Four Rivers Ltd 李四厂"),
        (first, "agent", "李四光"),
        (first, "applicant", "李四"),
    ]
    assert people("四李") == []
    assert people("four rivers") == people("ＲＩＶＥＲＳ", "李四", "-光") == [people("李四")[0]]
    assert people("李四", "-光", "-rivers") == [(first, "applicant", "李四")]
    assert people("李四", "--kind", "request") == []
    assert people("李四", "--state", "registered") == []
    assert people("李四", officer="auditor") == [
        (first, "third_party", "F**"),
        (first, "agent", "李**"),
        (first, "applicant", "李*"),
    ]
    both = disclosure("search", "李四")
    assert first in both.out
    assert second in both.out
    alone = disclosure("search", "李四", "--kind", "people")
    assert second not in alone.out
    with place.store.writing() as connection:
        connection.execute(sa.delete(TABLES["party"]).where(TABLES["party"].c.no < 0))
    verify_record.verify(place.store, place.desk().office)
    search_index.rebuild(place.desk())
    assert people("rivers") == [(first, "third_party", "Four Rivers Ltd 李四厂")]
