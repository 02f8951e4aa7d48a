"""Several applicants and an agent in one application: entered, kept sealed, found again, written to; one cell
with several names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from freezegun import freeze_time

from tests import builders
from tests.builders import OLD, TODAY, Place
from tests.counter import disclosure
from workflow.base.errors import Damaged, Malformed
from workflow.casework import letter_data
from workflow.casework.opened import open_case
from workflow.delivery import to_be_posted
from workflow.intake import names_in_cell
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "workbooks_forked")

POST = ("--channel", "post", "--on", "2026-03-02", "--request", "2025年度城东片区征收补偿方案")
FIRST = (
    "--name",
    "张三",
    "--id-number",
    "320500199001010017",
    "--address",
    "江州市平安路12号",
    "--postcode",
    "215001",
)
AGENT = "赵律师；授权委托书=2026年3月1日授权委托书；代理权限=代为申请、接收文书；至=2026-12-31；地址=江州市法院路1号；电话=0512-66668888"
VILLAGERS = [f"村民{chr(0x4E00 + 7 * n)}" for n in range(24)]


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


@pytest.fixture
def either(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The same on SQLite and on PostgreSQL, for what the table of people answers."""
    yield from builders.at_the_counter(database_url, home, monkeypatch)


@pytest.fixture(autouse=True, scope="module")
def _today() -> Iterator[None]:
    with freeze_time("2026-03-20T02:00:00Z"):
        yield


def receive(*words: str) -> str:
    said = disclosure("receive", *POST, *words, "--json")
    assert said.code == 0, said.err
    return str(said.json["case"])


def letter(place: Place, number: str, code: str = "P2") -> dict[str, object]:
    """What the newest letter of a code says."""
    table, cases = TABLES["letter"], TABLES["case_file"]
    query = sa.select(table, cases.c.number.label("case")).join(cases, cases.c.id == table.c.case_id)
    with place.store.reading() as connection:
        rows = connection.execute(query.order_by(table.c.id)).all()
        row = [one for one in rows if (one.case, one.code) == (number, code)][-1]
        return letter_data.opened(row.content, place.desk().case_key(connection, row.case_id))


def said_in(content: dict[str, object]) -> str:
    return str(content)


def villagers(path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["城东村申请人名单"])
    page.append(["序号", "姓名", "身份证号", "联系电话", "住址"])
    for no, name in enumerate(VILLAGERS, 1):
        page.append([no, name, f"3205001970010100{no:02d}", f"138000000{no:02d}", f"江州市城东村{no}号"])
    book.save(path)
    return path


def test_twenty_four_villagers_in_one_application(place: Place, tmp_path: Path) -> None:
    number = receive("--applicants", str(villagers(tmp_path / "名单.xlsx")))
    row = place.row(number)
    assert row["applicant_name"] == f"{VILLAGERS[0]}等24人"
    assert place.row_count() == 1, "one application, which the annual report counts once"
    shown = disclosure("show", number)
    assert VILLAGERS[23] in shown.out
    plain = disclosure("show", number, "--json").json
    assert len(plain["others"]) == 23
    for hidden in ("32050019700101", "13800000", "城东村2号"):
        assert hidden not in shown.out + str(plain), "sealed like the first applicant's"
    revealed = disclosure("reveal", number, "--reason", "核对", "--json").json
    assert revealed["phone"] == "13800000001"
    assert revealed["applicants"][22]["address"] == "江州市城东村24号"
    assert VILLAGERS[23] in disclosure("reveal", number, "--reason", "核对").out
    disclosure("register", number, "--on", "2026-03-03")
    assert all(name in said_in(letter(place, number)) for name in VILLAGERS)
    asked = disclosure("ask-correction", number, "--matters", "请明确所需方案的年度", "--on", "2026-03-04")
    assert asked.code == 0, asked.err
    notice = letter(place, number, "P3")
    assert notice["addressee"] == f"{VILLAGERS[0]}等24人"
    assert f"申请人共24名：{VILLAGERS[0]}、" in said_in(notice)
    assert "你们" in said_in(notice)
    assert "你单位" not in said_in(notice)
    verify_record.verify(place.store, place.desk().office)


def test_a_few_are_named_over_the_letter(place: Place) -> None:
    number = receive(
        *FIRST, "--applicant", "李四", "--applicant", "甲科技有限公司；类型=企业；电话=0512-6000000"
    )
    disclosure("register", number, "--on", "2026-03-03")
    disclosure("ask-correction", number, "--matters", "请明确所需方案的年度", "--on", "2026-03-04")
    notice = letter(place, number, "P3")
    assert notice["addressee"] == "张三、李四、甲科技有限公司"
    assert "申请人共" not in said_in(notice)
    assert place.row(number)["applicant_name"] == "张三等3个申请人"


@pytest.mark.parametrize("ref", ["李四", "13912345678", "0512-66668888", "139 1234 5678", "赵律师"])
def test_the_case_is_found_by_everybody_in_it(place: Place, ref: str) -> None:
    receive("--name", "王五", "--phone", "13700000000")
    number = receive(*FIRST, "--applicant", "李四；电话=13912345678", "--agent", AGENT)
    assert disclosure("show", ref, "--json").json["number"] == number
    assert [one["number"] for one in disclosure("list", "--text", ref, "--json").json] == [number]


def test_the_case_is_found_by_the_third_party_unless_somebody_of_that_name_applies(place: Place) -> None:
    number = place.receive(request="环评报告书").case.number
    place.walk(number, builders.ROADS["in_hand"])
    place.act("handler", "consult_third_party", number, "2026-03-05", name="四河化工有限公司", items=[1])
    for ref in ("四河化工有限公司", "四河化工"):
        assert disclosure("show", ref, "--json").json["number"] == number
        assert [one["number"] for one in disclosure("list", "--text", ref, "--json").json] == [number]
    own = receive("--name", "四河化工有限公司", "--kind", "commercial_enterprise")
    assert disclosure("show", "四河化工有限公司", "--json").json["number"] == own
    both = disclosure("list", "--text", "四河化工", "--json").json
    assert {one["number"] for one in both} == {number, own}


def test_an_applicant_who_is_added_may_have_asked_for_the_same_before(place: Place) -> None:
    before = receive("--name", "李四", "--id-number", "11010519491231002X")
    number = receive(*FIRST)
    adding = (
        "add-applicant",
        number,
        "--name",
        "李四",
        "--document",
        "共同申请声明",
        "--on",
        "2026-03-04",
        "--json",
    )
    said = disclosure(*adding, "--id-number", "11010519491231002X")
    assert said.code == 0, said.err
    assert any(before in one for one in said.json["notes"])
    other = disclosure(*adding, "--id-number", "320500199001010025")
    assert not any(before in one for one in other.json["notes"]), (
        "one name with another number is another person"
    )


def test_an_agent_is_kept_and_written_to(place: Place) -> None:
    number = receive(*FIRST, "--agent", AGENT)
    shown = disclosure("show", number).out
    assert "赵律师" in shown
    assert "2026年3月1日授权委托书" in shown
    assert "66668888" not in shown + str(disclosure("show", number, "--json").json)
    disclosure("register", number, "--on", "2026-03-03")
    disclosure("ask-correction", number, "--matters", "请明确所需方案的年度", "--on", "2026-03-04")
    assert letter(place, number, "P3")["addressee"] == "张三（委托代理人：赵律师）"
    # The agency ends: letters go to the applicant again.
    assert disclosure("end-agency", number, "--reasons", "书面解除", "--on", "2026-03-05").code == 0
    assert "代理人" not in disclosure("show", number).out


def test_the_envelope_bears_the_agent(place: Place) -> None:
    number = receive(*FIRST, "--agent", AGENT)
    place.act("registrar", "register", number, "2026-03-03")
    place.made()
    with place.store.reading() as connection:
        desk = place.desk("registrar")
        opened = open_case(desk, connection, number)
        row = connection.execute(sa.select(TABLES["letter"])).one()
        to = to_be_posted.addressee_of(desk, opened, row, desk.case_key(connection, opened.id))
    assert to == to_be_posted.Addressee("赵律师（张三的代理人）", "江州市法院路1号", "")


def test_an_authority_that_is_missing_is_a_ground_of_correction(place: Place) -> None:
    said = disclosure("receive", *POST, *FIRST, "--form", "纸质", "--agent", "赵律师", "--json")
    assert [(one["what"], one["ground"], one["who"], one["article"]) for one in said.json["missing"]] == [
        ("authority", "authority", "赵律师", "civil2020:165")
    ]
    later = disclosure(
        "appoint-agent",
        "2026-0001",
        "--name",
        "钱律师",
        "--document",
        "授权委托书",
        "--scope",
        "代为申请",
        "--phone",
        "13511112222",
        "--valid-until",
        "2026-03-10",
        "--on",
        "2026-03-03",
        "--json",
    )
    assert later.code == 0, later.err
    assert later.json["article"] == "civil2020:165"
    assert "missing" not in later.json
    assert "13511112222" not in str(disclosure("history", "2026-0001", "--json").json), "sealed there too"
    told = disclosure("history", "2026-0001").out
    assert "钱律师" in told
    assert "13511112222" not in told
    assert disclosure("show", "13511112222", "--json").json["number"] == "2026-0001"
    # Its authority is over on the 20th: the applicant is written to.
    assert disclosure("show", "2026-0001").out.rstrip().count("钱律师") == 1


def test_a_representative_is_no_agent(place: Place) -> None:
    number = receive(
        "--name",
        "甲科技有限公司",
        "--kind",
        "企业",
        "--representative",
        "孙总",
        "--agent",
        "李工；委托书=有；权限=代为申请",
    )
    revealed = disclosure("reveal", number, "--reason", "核对", "--json").json
    assert (revealed["representative"], revealed["agent"]["name"]) == ("孙总", "李工")


def test_who_is_missing_what_is_told_by_name(place: Place) -> None:
    said = disclosure("receive", *POST, *FIRST, "--form", "纸质", "--applicant", "李四", "--json")
    assert [(one["what"], one["who"]) for one in said.json["missing"]] == [("identity_proof", "李四")]


def test_every_person_is_corrected_by_number(either: Place) -> None:
    number = receive(*FIRST, "--applicant", "李四；电话=13912345678", "--agent", AGENT)
    for field, to, no in (
        ("applicant-name", "李肆", "2"),
        ("phone", "13800001111", "2"),
        ("agent-address", "江州市新路9号", ""),
    ):
        said = disclosure(
            "amend",
            number,
            "--field",
            field,
            "--to",
            to,
            "--reason",
            "原件如此",
            *(["--no", no] if no else []),
        )
        assert said.code == 0, said.err
    revealed = disclosure("reveal", number, "--reason", "核对", "--json").json
    assert revealed["applicants"] == [{"name": "李肆", "kind": "natural_person", "phone": "13800001111"}]
    assert revealed["agent"]["address"] == "江州市新路9号"
    assert revealed["name"] == "张三"
    assert disclosure("show", "李肆", "--json").json["number"] == number
    assert disclosure("show", "13912345678", "--json").code == 3
    assert (
        disclosure("amend", number, "--field", "phone", "--to", "1", "--reason", "x", "--no", "9").code == 3
    )
    verify_record.verify(either.store, either.desk().office)


def test_an_applicant_is_added_after_receipt(either: Place) -> None:
    number = receive(*FIRST)
    disclosure("register", number, "--on", "2026-03-03")
    adding = ("add-applicant", number, "--name", "李四", "--on", "2026-03-04", "--json")
    assert disclosure(*adding).fault["field"] == "document"
    adding = (
        *adding,
        "--document",
        "共同申请声明",
        "--phone",
        "13912345678",
        "--id-number",
        "320500199001010018",
    )
    said = disclosure(*adding)
    assert said.code == 0, said.err
    notes = " ".join(said.json["notes"])
    assert "李四" in notes, "the failing check of his number is told"
    assert "void-letter" in notes, "the receipt is still here, and names one alone"
    assert either.row(number)["applicant_name"] == "张三等2人"
    assert either.row_count() == 1
    told = disclosure("history", number).out
    assert "共同申请声明" in told
    assert "13912345678" not in told + str(disclosure("history", number, "--json").json)
    third = disclosure(
        "add-applicant", number, "--name", "王五", "--document", "声明二", "--on", "2026-03-04"
    )
    assert third.code == 0, third.err
    said = disclosure(
        *("amend", number, "--field", "phone", "--no", "2", "--to", "13800001111", "--reason", "原件如此")
    )
    assert said.code == 0, said.err
    assert disclosure("show", "13800001111", "--json").json["number"] == number
    named = disclosure(
        *("amend", number, "--field", "applicant-name", "--to", "张叁", "--reason", "原件如此")
    )
    assert named.code == 0, named.err
    disclosure("ask-correction", number, "--matters", "请明确所需方案的年度", "--on", "2026-03-04")
    assert letter(either, number, "P3")["addressee"] == "张叁、李四、王五"
    revealed = disclosure("reveal", number, "--reason", "核对", "--json").json
    assert (revealed["applicants"][0]["phone"], revealed["applicants"][1]["name"]) == ("13800001111", "王五")
    verify_record.verify(either.store, either.desk().office)


def test_an_applicant_who_was_added_is_taken_back(either: Place) -> None:
    number = receive(*FIRST)
    assert (
        disclosure("add-applicant", number, "--name", "李四", "--document", "声明", "--on", "2026-03-04").code
        == 0
    )
    assert disclosure("show", "李四", "--json").json["number"] == number
    undone = disclosure("undo", number, "--reason", "误录", "--yes", "--json")
    assert undone.code == 0, undone.err
    assert disclosure("show", "李四", "--json").code == 3
    assert either.row(number)["applicant_name"] == "张三"
    verify_record.verify(either.store, either.desk().office)


def test_who_is_written_to_can_be_said(place: Place) -> None:
    number = receive(*FIRST, "--applicant", "李四；地址=江州市小路3号", "--contact", "2")
    disclosure("register", number, "--on", "2026-03-03")
    assert "李四" in disclosure("show", number).out.split("文书")[0]
    assert disclosure("write-to", number, "--person", "1", "--on", "2026-03-03").code == 0
    assert disclosure("write-to", number, "--person", "7", "--json").fault["field"] == "person"
    assert place.case(number).contact == 1


def test_two_persons_of_one_name_are_two(either: Place) -> None:
    """By number; a name without one may be either."""
    receive("--name", "张三", "--id-number", "320500199001010017")
    other = disclosure("receive", *POST, "--name", "张三", "--id-number", "11010519491231002X", "--json").json
    assert not any("2026-0001" in note for note in other["notes"])
    joint = disclosure(
        "receive", *POST, "--name", "李四", "--applicant", "张三；身份证号=320500199001010017", "--json"
    ).json
    assert any("2026-0001" in note for note in joint["notes"])
    assert not any("2026-0002" in note for note in joint["notes"])
    nameless = disclosure("receive", *POST, "--name", "张三", "--json").json
    assert {number for number in ("2026-0001", "2026-0002") if number in str(nameless["notes"])} == {
        "2026-0001",
        "2026-0002",
    }


def test_what_is_destroyed_is_not_found_any_more(either: Place) -> None:
    done = either.receive(OLD, applicants=[{"name": "李四", "phone": "13912345678"}])
    number = done.case.number
    either.walk(number, builders.ROADS["filed unhandled"])
    either.act("archivist", "propose_destruction", number, TODAY, why="期满")
    either.act("head", "destroy", number, TODAY, why="同意")
    with either.store.reading() as connection:
        assert connection.execute(sa.select(TABLES["party"])).all() == []
    assert either.row(number)["applicant_name"] == "〔已封存〕等2人"
    verify_record.verify(either.store, either.desk().office)


def test_an_application_as_a_file(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "申请.toml"
    path.write_text(
        'channel = "post"\non = 2026-03-02\nrequest = "2025年规划批复"\ncontact = "agent"\n'
        '[applicant]\nname = "张三"\n[[applicants]]\nname = "李四"\nphone = "13912345678"\n'
        '[agent]\nname = "赵律师"\ndocument = "授权委托书"\nscope = "代为申请"\nvalid_until = 2026-12-31\n',
        encoding="utf-8",
    )
    said = disclosure("receive", "--file", path, "--json")
    assert said.code == 0, said.err
    case = place.case(said.json["case"])
    assert (case.others[0]["name"], case.agent and case.agent["valid_until"]) == ("李四", "2026-12-31")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--applicant", "李四；鞋码=42"), "applicants"),
        (("--agent", "电话=13912345678"), "agent.name"),
        (("--contact", "5"), "contact"),
        (("--contact", "agent"), "contact"),
        (("--agent", "赵律师；自=2026-05-01；至=2026-04-01"), "agent.valid_until"),
    ],
)
def test_what_is_no_person(place: Place, words: tuple[str, ...], field: str) -> None:
    assert disclosure("receive", *POST, *FIRST, *words, "--json").fault["field"] == field
    assert place.row_count() == 0


# --- several names in one cell


def organisation(name: str) -> bool:
    return name.endswith(("公司", "厂"))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张三", ["张三"]),
        ("李　四", ["李四"]),
        ("欧阳 娜娜", ["欧阳娜娜"]),
        ("张三、李四；王五", ["张三", "李四", "王五"]),
        ("张三\n李四", ["张三", "李四"]),
        ("张三,李四", ["张三", "李四"]),
        ("赵六\n", ["赵六"]),
        ("甲科技\n有限公司", ["甲科技有限公司"]),
        ("甲公司、乙厂", ["甲公司", "乙厂"]),
        ("John Smith", ["John Smith"]),
        ("阿依古丽·买买提", ["阿依古丽·买买提"]),
        ("张三、李四（共2人）", ["张三", "李四"]),
        ("张三、李四、王五共三人", ["张三", "李四", "王五"]),
    ],
)
def test_names_in_one_cell(cell: str, names: list[str]) -> None:
    assert names_in_cell.split(cell, organisation) == names


@pytest.mark.parametrize(
    "cell",
    [
        "张三等24人",
        "张三、李四等",
        "张三 李四",
        "Smith, John",
        "张三等",
        "王小明\n之子王五六七",
        "张三（等24人）",
        "张三 女",
        "张三、李四共3人",
    ],
)
def test_what_is_not_clear_is_never_guessed(cell: str) -> None:
    with pytest.raises(Malformed):
        names_in_cell.split(cell, organisation)


@pytest.mark.parametrize(
    ("cell", "name", "agent", "representative"),
    [
        ("张三", "张三", None, None),
        ("张三（代理人：李四）", "张三", "李四", None),
        ("张三(委托代理人李四)", "张三", "李四", None),
        ("张三（李四代）", "张三", "李四", None),
        ("甲公司（法定代表人：张三）", "甲公司", None, "张三"),
        ("欧阳和平", "欧阳和平", None, None),
        ("李四6", "李四6", None, None),
    ],
)
def test_what_a_cell_says_beside_a_name(
    cell: str, name: str, agent: str | None, representative: str | None
) -> None:
    assert names_in_cell.told(cell, organisation) == (name, agent, representative)


@pytest.mark.parametrize(
    "cell",
    [
        "张三（女）",
        "张三（13912345678）",
        "张三和李四",
        "1.张三 2.李四",
        "①张三②李四",
        "张三|李四",
        "张?三",
        "张\ufffd",
        "张□",
        *(
            "张*",
            "张三先生",
            "李女士",
            "张三夫妇",
            "张三家属",
            "张三13900000001",
            "匿名",
            "未署名",
            "某社区居民",
        ),
    ],
)
def test_a_name_is_a_name_and_nothing_besides(cell: str) -> None:
    assert not names_in_cell.plain(cell)
    with pytest.raises(Malformed):
        names_in_cell.told(cell, organisation)


def test_a_list_with_several_names_in_a_cell(place: Place, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["申请人", "身份证号", "联系电话", "收到日期", "申请方式", "申请内容"])
    page.append(
        [
            "张三、李四",
            "320500199001010017、11010519491231002X",
            "13912345678",
            "2026-03-02",
            "邮寄",
            "规划批复一",
        ]
    )
    page.append(["王五、赵六", "1、2、3", "", "2026-03-02", "邮寄", "规划批复二"])
    page.append(["张三等24人", "", "", "2026-03-02", "邮寄", "规划批复三"])
    book.save(tmp_path / "a.xlsx")
    said = disclosure("intake", tmp_path / "a.xlsx", "--json").json
    assert [one["row"] for one in said["entered"]] == [2]
    assert {one["row"]: one["faults"][0]["cell"] for one in said["refused"]} == {3: "B3", 4: "A4"}
    number = said["entered"][0]["case"]
    assert [(one["case"], one["what"]) for one in said["missing"]] == [(number, "form")]
    revealed = disclosure("reveal", number, "--reason", "核对", "--json").json
    assert (revealed["name"], revealed["id_number"], revealed["phone"]) == (
        "张三",
        "320500199001010017",
        "13912345678",
    )
    assert revealed["applicants"][0]["id_number"] == "11010519491231002X"
    assert place.case(number).received_on == date(2026, 3, 2)


@pytest.mark.parametrize("change", [{"name": "李五"}, {"mark": "0" * 64}, {"phone": "0" * 64}, None])
def test_whoever_is_found_is_who_the_entries_name(
    sqlite_url: str, home: Path, change: dict[str, str] | None
) -> None:
    place = builders.found(sqlite_url)
    place.receive(applicants=[{"name": "李四", "phone": "13912345678"}])
    verify_record.verify(place.store, place.desk().office)
    table = TABLES["party"]
    with place.store.writing() as connection:
        second = table.c.no == 2
        connection.execute(
            sa.update(table).where(second).values(**change) if change else sa.delete(table).where(second)
        )
    with pytest.raises(Damaged, match="party"):
        verify_record.verify(place.store, place.desk().office)
    place.store.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王女士", "还有其他内容"),
        ("张三等24人", "没有写明全部申请人"),
        ("张三、李四", "是2人"),
        ("匿名", "不是申请人的姓名"),
        ("张三代李四", "可能是一人，也可能是多人"),
        ("艾力·买买提", ""),
        ("བསོད་ནམས", ""),
    ],
)
def test_a_name_typed_by_hand_that_is_more_than_a_name_is_entered_with_a_remark(
    place: Place, name: str, said: str
) -> None:
    done = disclosure("receive", "--name", name, *POST, "--json")
    assert done.code == 0, done
    told = [one for one in done.json["notes"] if "请对照申请表" in one]
    assert [said in one for one in told] == ([True] if said else [])
