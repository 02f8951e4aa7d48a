"""Names of files: understood by a person, taken by Linux and Windows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import examples
from workflow.base import file_names
from workflow.cases import paper_names
from workflow.cases.case import CaseFile

PERSON = {"name": "张三", "kind": "natural_person"}
BODY = {"name": "江南/机械*有限公司", "kind": "commercial_enterprise"}


@pytest.mark.parametrize(
    ("applicant", "others", "name"),
    [
        (PERSON, [], "2026-0005-张某-呈批单.pdf"),
        ({"name": "（已销毁）", "kind": "natural_person"}, [], "2026-0005-某-呈批单.pdf"),
        (PERSON, [PERSON, PERSON], "2026-0005-张某等3人-呈批单.pdf"),
        (BODY, [], "2026-0005-江南_机械_有限公司-呈批单.pdf"),
        ({}, [], "2026-0005-呈批单.pdf"),
    ],
)
def test_a_name_says_number_applicant_and_kind(
    applicant: dict[str, Any], others: list[dict[str, Any]], name: str
) -> None:
    case = CaseFile(number="2026-0005", applicant=applicant, others=others)
    assert paper_names.of_case(case, "呈批单") == name


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.text(), max_size=5))
def test_every_file_system_takes_it(parts: list[str]) -> None:
    name = file_names.made(*parts, ending=".pdf")
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert name.isprintable()
    assert name.endswith(".pdf")
    assert len(name.encode()) <= file_names.LONGEST
    assert name[0] not in ". "


@pytest.mark.parametrize("device", ["CON", "nul", "COM1", "LPT9"])
def test_no_name_is_that_of_a_device(device: str) -> None:
    assert file_names.made(device, ending=".pdf").startswith("_")


def test_what_is_too_long_is_cut_where_it_is_longest() -> None:
    name = file_names.made("2026-0005", "某" * 300, "答复书", ending=".pdf")
    assert name.startswith("2026-0005-某")
    assert name.endswith("某-答复书.pdf")


def test_a_file_is_named_from_a_row_as_from_its_case() -> None:
    for name, kind, shown in (
        ("张三", "natural_person", "张某"),
        ("张三等24人", "natural_person", "张某等24人"),
        ("江州某厂", "enterprise", "江州某厂"),
        ("江州某厂等2家单位", "enterprise", "江州某厂等2家单位"),
    ):
        made = paper_names.of_row("2026-0001", name, kind, "政府信息公开申请登记回执", 7)
        assert made == f"2026-0001-{shown}-政府信息公开申请登记回执-7.pdf"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("申请书（补充）.pdf", "申请书（补充）.pdf"),
        ("a\nb\r.txt", "a_b_.txt"),
        ("\x1b]0;x\x07.pdf", "_]0;x_.pdf"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("a\u2028b\u2029c\u200bd", "a_b_c_d"),
        ("\udcff.txt", "_.txt"),
    ],
)
def test_the_name_of_what_came_in_stands_on_one_line_as_it_is_read(given: str, kept: str) -> None:
    assert file_names.came(given) == kept
