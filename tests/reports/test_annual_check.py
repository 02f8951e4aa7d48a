"""Reports in files: sums that fail are named, what cannot be read is refused with its place, blanks hold
nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import builders, counter
from workflow.base.errors import DisclosureError, Malformed, NotFound, OutOfLaw
from workflow.reports.annual import build, form, read_file

SUQIAN = Path(__file__).parent.parent / "reports" / "suqian-2023.json"


@pytest.fixture
def plain() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SUQIAN.read_text())
    return found


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    def save(value: Any, name: str = "r.json", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(
            (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode(encoding)
        )
        return path

    return save


def faults(path: Path, previous: Path | None = None) -> set[tuple[int, str, str, str]]:
    before = read_file.read(previous) if previous else None
    return {
        (one.table, one.row, one.column, one.rule) for one in form.identities(read_file.read(path), before)
    }


def test_a_published_report_holds(plain: dict[str, Any], saved: Callable[..., Path]) -> None:
    assert faults(SUQIAN) == set()
    assert faults(saved(plain["report"])) == set()
    assert faults(saved(json.dumps(plain), encoding="utf-8-sig")) == set()


def test_every_single_cell_counts(plain: dict[str, Any]) -> None:
    """Whichever number is another by one, at least one identity fails, and it names the row or the column."""
    for table in ("table3", "table4"):
        for row, numbers in plain["report"][table].items():
            for column in numbers:
                changed = copy.deepcopy(plain["report"])
                changed[table][row][column] += 1
                found = list(form.identities(read_file.of_plain(changed, "r")))
                assert found, (table, row, column)
                assert any(one.column in (column, "total") for one in found)


def test_what_fails_is_said_with_what_was_expected(
    plain: dict[str, Any], saved: Callable[..., Path], language: Any
) -> None:
    language("en")
    plain["report"]["table3"]["r1_granted"]["natural_person"] = 1170
    found = {(one.rule, one.column): one for one in form.identities(read_file.read(saved(plain)))}
    assert set(found) == {("row_total", "total"), ("results", "natural_person")}
    one = found["results", "natural_person"]
    assert (one.found, one.expected) == (3375, 3370)
    assert "3375" in one.text
    assert "3370" in one.text


def test_what_was_carried_is_compared_with_last_year(
    plain: dict[str, Any], saved: Callable[..., Path]
) -> None:
    later = copy.deepcopy(plain)
    for row in later["report"]["table3"].values():
        for column in row:
            row[column] = 0
    later["report"]["year"] = 2024
    later["report"]["table3"]["carried_over"] = dict(plain["report"]["table3"]["carried_forward"])
    later["report"]["table3"]["carried_forward"] = dict(plain["report"]["table3"]["carried_forward"])
    path = saved(later)
    assert faults(path, SUQIAN) == set()
    for row in ("carried_over", "carried_forward"):
        later["report"]["table3"][row] |= {"other": 1, "total": 122}
    assert faults(saved(later), SUQIAN) == {
        (3, "carried_over", "other", "carry"),
        (3, "carried_over", "total", "carry"),
    }


def _set(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(report: dict[str, Any]) -> None:
        *parents, last = path
        for name in parents:
            report = report[name]
        if to is KeyError:
            del report[last]
        else:
            report[last] = to

    return change


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "text in a cell": (_set("table3", "r1_granted", "other", to="三"), "table3.r1_granted.other"),
    "a negative number": (_set("table3", "r1_granted", "other", to=-1), "table3.r1_granted.other"),
    "a negative number as text": (_set("table3", "r1_granted", "other", to="-1"), "table3.r1_granted.other"),
    "a fraction": (_set("table3", "r1_granted", "other", to=0.5), "table3.r1_granted.other"),
    "a fraction as text": (_set("table3", "r1_granted", "other", to="0.5"), "table3.r1_granted.other"),
    "true": (_set("table3", "r1_granted", "other", to=True), "table3.r1_granted.other"),
    "too many digits": (_set("table3", "r1_granted", "other", to="9" * 5000), "table3.r1_granted.other"),
    "a list in a cell": (_set("table3", "r1_granted", "other", to=[1]), "table3.r1_granted.other"),
    "no such number": (_set("table3", "r1_granted", "other", to=float("inf")), "table3.r1_granted.other"),
    "a row left out": (_set("table3", "r5_2_repeat", to=KeyError), "table3.r5_2_repeat"),
    "a column left out": (_set("table3", "r5_2_repeat", "other", to=KeyError), "table3.r5_2_repeat.other"),
    "a row too many": (_set("table3", "r9", to={}), "table3.r9"),
    "a column too many": (_set("table3", "r1_granted", "martians", to=0), "table3.r1_granted"),
    "a row that is no row": (_set("table3", "r1_granted", to=7), "table3.r1_granted"),
    "no table 3": (_set("table3", to=KeyError), "table3"),
    "no table 4": (_set("table4", to=KeyError), "table4"),
    "a part of table 4 left out": (_set("table4", "review_行政复议", to=KeyError), "table4.review_行政复议"),
    "a result of table 4 left out": (
        _set("table4", "review_行政复议", "pending_尚未审结", to=KeyError),
        "table4.reconsideration.pending",
    ),
    "text in table 4": (
        _set("table4", "review_行政复议", "pending_尚未审结", to="x"),
        "table4.reconsideration.pending",
    ),
    "a row of table 2 of another length": (_set("table2", "规章", to=[1, 2]), "table2.规章"),
    "no year": (_set("year", to=KeyError), "year"),
    "a year in words": (_set("year", to="去年"), "year"),
    "a year of five digits": (_set("year", to=20230), "year"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_refused_with_its_place(
    name: str, plain: dict[str, Any], saved: Callable[..., Path]
) -> None:
    change, field = BROKEN[name]
    change(plain["report"])
    with pytest.raises(Malformed) as caught:
        read_file.read(saved(plain))
    assert caught.value.field == field


def test_files_that_are_no_reports(plain: dict[str, Any], saved: Callable[..., Path], tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"report": []}', "null", '{"a": 1, "a": 2}', '"' + "[" * 100_000):
        with pytest.raises(Malformed):
            read_file.read(saved(text))
    for text, said in (("", "empty"), ('{"report"', "line 1"), ("[" * 100_000, "no report holds")):
        with pytest.raises(Malformed, match=said):
            read_file.read(saved(text))
    with pytest.raises(Malformed, match="UTF-8"):
        read_file.read(saved(json.dumps(plain, ensure_ascii=False), encoding="gb18030"))
    with pytest.raises(Malformed):
        read_file.read(saved("x", "r.docx"))
    with pytest.raises(NotFound):
        read_file.read(tmp_path / "none.json")
    with pytest.raises(Malformed):
        read_file.read(tmp_path)
    plain["report"]["year"] = 2018
    with pytest.raises(OutOfLaw, match="2019"):
        read_file.read(saved(plain))


def test_of_several_reports_that_of_the_year_is_read(
    plain: dict[str, Any], saved: Callable[..., Path]
) -> None:
    inner = plain["report"]
    assert read_file.read(saved([plain])).year == 2023
    both = saved([inner, {**inner, "year": 2024}])
    assert read_file.read(both, 2024).year == 2024
    for year in (None, 2022):
        with pytest.raises(Malformed, match="one is needed"):
            read_file.read(both, year)


def test_a_row_given_twice_is_refused(plain: dict[str, Any], saved: Callable[..., Path]) -> None:
    plain["report"]["table3"]["（一）予以公开"] = dict(plain["report"]["table3"]["r1_granted"])
    with pytest.raises(Malformed):
        read_file.read(saved(plain))


def older(plain: dict[str, Any]) -> dict[str, Any]:
    """As such a report was published in the trial format: blanks for nothing, one row for all other
    handling.
    """
    table = plain["report"]["table3"]
    parts = [table.pop(key) for key in ("r6_1_no_correction", "r6_2_no_payment", "r6_3_other")]
    table["r6_other"] = {column: sum(part[column] for part in parts) for column in parts[0]}
    for row in table.values():
        for column, number in row.items():
            row[column] = number or ""
    for key, row in table.items():
        if key.startswith("r"):
            row["total"] = None
    plain["report"].pop("table2", None)
    plain["report"] |= {"year": 2019, "format": "国办公开办函〔2019〕60号"}
    return plain


def test_the_trial_format_has_blanks_and_one_row(plain: dict[str, Any], saved: Callable[..., Path]) -> None:
    told = older(plain)
    assert faults(saved(told)) == set()
    found = read_file.read(saved(told))
    assert found.table3["r6_other"]["total"] == 341
    assert found.table3["r3_1_state_secret"]["total"] == 0
    # Files that keep the rows of the later format beside it, empty or filled, come to the same.
    row = told["report"]["table3"].pop("r6_other")
    told["report"]["table3"] |= {"r6_1_no_correction": None, "r6_2_no_payment": {}, "r6_3_other": row}
    assert read_file.read(saved(told)).table3 == found.table3
    told["report"]["table3"]["r6_3_other"]["natural_person"] += 1
    assert faults(saved(told)) == {
        (3, "r7_total", "natural_person", "results"),
        (3, "r7_total", "total", "results"),
    }
    told["report"]["table3"]["r6_3_other"]["total"] = 341
    assert (3, "r6_other", "total", "row_total") in faults(saved(told))


def test_a_csv_from_a_sheet_program(plain: dict[str, Any], saved: Callable[..., Path]) -> None:
    report = read_file.of_plain(plain, "r")
    text = build.written(report, "csv", build.date(2024, 1, 1)).decode("utf-8-sig")
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert read_file.read(saved(text, "r.csv", encoding)).table3 == report.table3
    assert read_file.read(saved(text.replace("年度,2023\r\n", ""), "r.csv"), 2023).year == 2023
    # As the table stands in a published sheet: labels over three columns, no keys.
    parted = text.replace(
        "r3_1_state_secret,（三）不予公开 1.属于国家秘密", "三、本年度办理结果,（三）不予公开,1.属于国家秘密"
    )
    parted = parted.replace("key,统计指标", "统计指标,,").replace(
        "r1_granted,三、本年度办理结果 （一）予以公开", "三、本年度办理结果,（一）予以公开,"
    )
    lines = [
        f"{line.split(',')[0]},,{','.join(line.split(',')[1:])}"
        if line.startswith(("new", "carried", "r2", "r3_2"))
        else line
        for line in parted.split("\r\n")
    ]
    kept = [
        line
        for line in lines
        if line.startswith(("年度", "统计指标", "三、", "new", "carried", "r2", "r3_2"))
    ]
    with pytest.raises(Malformed) as caught:
        read_file.read(saved("\r\n".join(kept), "r.csv"))
    # The rows that are there were understood: the first that is missed is the first that is not there.
    assert caught.value.field == "table3.r3_3_three_securities"
    for broken, field in (
        (text.replace("年度,2023\r\n", ""), "year"),
        (text.replace("3402", "3402.5"), "table3.new_received.natural_person"),
        (text.replace("r5_2_repeat,", "r5_1_petition_complaint,"), "r5_1_petition_complaint"),
        (
            "\r\n".join(line for line in text.split("\r\n") if not line.startswith("r5_2")),
            "table3.r5_2_repeat",
        ),
        (text.partition("key,行政复议")[0], "table4"),
        ("a,b\r\n1,2\r\n", "file"),
        ('"', "file"),
    ):
        with pytest.raises(DisclosureError) as caught:
            read_file.read(saved(broken, "r.csv"))
        assert caught.value.field in (field, "file"), broken[:40]


# --- the commands


def test_check_exits_by_what_it_found(plain: dict[str, Any], saved: Callable[..., Path], home: Path) -> None:
    assert counter.disclosure("report", "check", str(SUQIAN)).code == 0
    plain["report"]["table3"]["r7_total"]["other"] = 2
    broken = saved(plain)
    done = counter.disclosure("report", "check", str(broken), "--json")
    assert done.code == 5
    told = json.loads(done.out)
    assert not told["ok"]
    assert {one["rule"] for one in told["faults"]} == {"row_total", "results", "balance"}
    assert counter.disclosure("report", "check", str(SUQIAN), "--previous", str(SUQIAN)).code == 2
    assert counter.disclosure("report", "check", str(SUQIAN), "--year", "2022").code == 2
    assert counter.disclosure("report", "check", "none.json").code == 3


def test_the_report_of_an_office_from_its_cases_to_its_pdf(
    sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    place = builders.found(sqlite_url)
    number = place.bring("served")
    common = ["--as", "registrar", "--db", sqlite_url]
    done = counter.disclosure("report", "annual", "2026", "--json", *common)
    assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["report"]["table3"]["r1_granted"]["natural_person"] == 1
    data = tmp_path / "data.toml"
    assert counter.disclosure("report", "data", "2026", "--out", str(data), *common).code == 0
    told = data.read_text()
    assert "新收政府信息公开申请1件" in told
    # What was filled in meanwhile would be lost.
    assert counter.disclosure("report", "data", "2026", "--out", str(data), *common).code == 4
    assert data.read_text() == told
    data.write_text(
        told.replace('"规章" = ["", "", ""]', '"规章" = [1, 0, 7]').replace(
            'overview = ""', 'overview = "第一段。\\n第二段。"'
        )
    )
    for ending in ("html", "pdf", "xlsx", "csv", "json"):
        out = tmp_path / f"r.{ending}"
        done = counter.disclosure("report", "annual", "2026", "--data", str(data), "--out", str(out), *common)
        assert done.code == 0, done.out + done.err
        assert out.stat().st_size > 500
    assert read_file.read(tmp_path / "r.json").table2["规章"] == [1, 0, 7]
    assert counter.disclosure("report", "check", str(tmp_path / "r.csv")).code == 0
    done = counter.disclosure("report", "annual", "2026", "--cell", "r1_granted,natural_person", *common)
    assert number in (done.out + done.err)
    assert "最近结果" in done.out or "latest outcome" in done.out
    for cell, cases in (("予以公开,自然人", [number]), ("3(1) granted,others", []), ("行政复议,total", [])):
        done = counter.disclosure("report", "annual", "2026", "--cell", cell, *common)
        assert [line.split()[0] for line in done.out.splitlines()[1:] if line[:1].isdigit()] == cases
        out = tmp_path / "cases.csv"
        done = counter.disclosure(
            "report", "annual", "2026", "--cell", cell, "--out", str(out), "--json", *common
        )
        assert json.loads(done.out) == {"path": str(out)}
        lines = out.read_text("utf-8-sig").splitlines()
        assert lines[0].startswith("number,")
        assert len(lines) == 1 + len(cases)
    done = counter.disclosure("report", "annual", "2026", "--out", str(tmp_path / "j.csv"), "--json", *common)
    assert json.loads(done.out) == {"path": str(tmp_path / "j.csv")}
    for wrong in ("r1_granted", "r99,total", "r1_granted,martians", "review,martians"):
        assert counter.disclosure("report", "annual", "2026", "--cell", wrong, *common).code == 2
    for given in (
        ["2018"],
        ["2024"],
        ["2026", "--csv", "--html"],
        ["2026", "--pdf"],
        ["2026", "--out", "r.doc"],
    ):
        done = counter.disclosure("report", "annual", *given, *common)
        assert done.code in (1, 2, 3), given
        assert "Traceback" not in (done.out + done.err)
    data.write_text(told.replace("year = 2026", "year = 2025"))
    before = (tmp_path / "r.json").read_bytes()
    done = counter.disclosure(
        "report", "annual", "2026", "--data", str(data), "--out", str(tmp_path / "r.json"), *common
    )
    assert done.code == 2
    assert (tmp_path / "r.json").read_bytes() == before
