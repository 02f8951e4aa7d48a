"""The matrix for lawyers: every row of the process, in words, in a form that sheet programs take for text."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable

import pytest

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.procedure import act_tables, acts, matrix, transitions

P = transitions.bundled()
LANGUAGES = ("zh_CN", "en")


def sheet(language: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(matrix.to_csv(P, language), newline="")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_the_process_is_a_row_and_nothing_else(language: str) -> None:
    keys = [row["key"] for row in matrix.rows(P, language)]
    table = [f"{row.track}.{row.source}.{row.event}.{row.dest}" for row in P.rows]
    assert sorted(keys) == sorted(table)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_roles_are_those_of_the_process(language: str) -> None:
    said = {}
    for row in matrix.rows(P, language):
        said.setdefault(row["key"], set()).update(role for role in P.names["role"] if row[role])
    for row in P.rows:
        assert set(row.roles) <= said[f"{row.track}.{row.source}.{row.event}.{row.dest}"]
    assert all(isinstance(row["registrar"], bool) for row in matrix.rows(P, language))


def test_rows_are_plain_data() -> None:
    assert json.loads(json.dumps(matrix.rows(P, "en"))) == matrix.rows(P, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_has_a_head_and_a_mark_where_a_role_may(language: str) -> None:
    head, *body = sheet(language)
    assert len(body) == len(P.rows)
    assert {len(line) for line in body} == {len(head)}
    assert len(set(head)) == len(head)
    mark = "yes" if language == "en" else "可"
    column = head.index(P.names["role"]["approver"]["en" if language == "en" else "zh"])
    for line, row in zip(body, matrix.rows(P, language), strict=True):
        assert (line[column] == mark) == row["approver"]


def test_provisions_are_spelt_out_for_both_regulations() -> None:
    extend = next(row for row in matrix.rows(P, "zh") if row["key"] == "case.in_hand.extend.in_hand")
    assert extend["article_2019"] == "《中华人民共和国政府信息公开条例》第三十三条第二款"
    assert extend["article_2008"].endswith("第二十四条第二款")
    assert extend["guards"] == "此前未延期；未另行确定答复日期；在首个答复期限内"
    assert extend["clock"] == "答复期限延长"
    assert extend["letters"].startswith("P5 ")
    fee = next(row for row in matrix.rows(P, "en") if row["key"].startswith("case.in_hand.notify_fee"))
    assert fee["article_2008"] == "no such step"
    file = next(row for row in matrix.rows(P, "en") if row["key"] == "case.in_hand.note.in_hand")
    assert file["article_2019"].startswith("office rule: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_is_a_formula_and_no_name_is_left_raw(language: str) -> None:
    raw = {name for row in P.rows for name in (*row.guard, row.event, row.source, row.when) if "_" in name}
    for line in sheet(language):
        for cell in line[1:]:
            assert not cell.startswith(("=", "+", "-", "@")), cell
            assert not raw & set(cell.replace("；", " ").replace(";", " ").split()), cell


def test_a_cell_that_would_be_a_formula_is_made_text() -> None:
    names = {**P.names, "state": {**P.names["state"], "filed": {"zh": "=1+1", "en": "=1+1"}}}
    text = matrix.to_csv(dataclasses.replace(P, names=names), "zh")
    assert ",=1+1" not in text
    assert ",'=1+1" in text


def test_the_mark_for_sheet_programs_is_there_where_asked_for() -> None:
    assert matrix.to_csv(P, "zh", bom=True) == "\ufeff" + matrix.to_csv(P, "zh")
    assert matrix.to_csv(P, "zh").endswith("\r\n")


def test_without_a_language_it_is_the_one_in_force(language: Callable[[str], None]) -> None:
    language("en")
    assert matrix.to_csv(P) == matrix.to_csv(P, "en")


def test_there_are_words_for_every_guard_and_condition_and_none_too_many() -> None:
    words = {**tables.read(matrix.HERE / "matrix.toml"), **act_tables.bundled()["words"]}
    assert set(words["guard"]) == {guard for row in P.rows for guard in row.guard}
    said = {row.when.partition(":")[0] for row in P.rows if row.when}
    assert set(words["when"]) == said - {"next_step"}
    assert set(words["when"]) <= set(acts.SELECTORS)
    assert {row.clock.partition(":")[0] for row in P.rows if row.clock} <= set(words["clock"])


def test_a_guard_without_words_is_told(language: Callable[[str], None]) -> None:
    language("en")
    wrong = dataclasses.replace(P, rows=(dataclasses.replace(P.rows[0], guard=("sober",)),))
    with pytest.raises(Malformed, match="'sober'"):
        matrix.rows(wrong, "en")
