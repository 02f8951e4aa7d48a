"""Calendar files as they stand: CSV, JSON or TOML in, days as text out; what they mean is checked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed

FORMS = ("csv", "json", "toml")


class Entry(NamedTuple):
    """One day of a file as it stands there."""

    day: str
    kind: str
    festival: str


class Sheet(NamedTuple):
    """A file as it stands: what it says about the notice, and its days."""

    head: dict[str, str]
    entries: list[Entry]


def read(text: str, form: str) -> Sheet:
    """The sheet of a file; Malformed if it is not of its form."""
    if form == "csv":
        return _csv(text)
    if form == "json":
        import json

        try:
            table = json.loads(text)
        except (ValueError, RecursionError) as fault:
            detail = str(fault)
            raise Malformed(N_("The file is not valid JSON: {detail}"), field="file", detail=detail) from None
    elif form == "toml":
        table = tables.parse(text, "calendar")
    else:
        message = N_("A calendar file is {forms}, not {form}.")
        raise Malformed(message, field="file", form=form, forms=listed(FORMS))
    return _structured(table)


def _csv(text: str) -> Sheet:
    import csv

    try:
        rows = [
            {_word(key): value for key, value in row.items()} for row in csv.DictReader(text.splitlines())
        ]
    except csv.Error as fault:
        raise Malformed(N_("The file is not valid CSV: {detail}"), field="file", detail=str(fault)) from None
    years = {row["notice_year"] for row in rows if row.get("notice_year")}
    return Sheet(
        {"year": years.pop()} if len(years) == 1 else {}, [_entry(row) for row in rows if any(row.values())]
    )


def _structured(table: Any) -> Sheet:
    """JSON or TOML: `days`, or `off` and `work`, or one `notice` with its festivals."""
    if not isinstance(table, dict):
        raise Malformed(N_("The file has no days."), field="file")
    head = {_word(key): str(value) for key, value in table.items() if isinstance(value, str | int)}
    papers = table.get("papers")
    if isinstance(papers, list) and papers:
        head.setdefault("source", str(papers[0]))
    notices = table.get("notice")
    if isinstance(notices, list) and len(notices) == 1 and isinstance(notices[0], dict):
        head.update({_word(key): str(value) for key, value in notices[0].items() if isinstance(value, str)})
        blocks = notices[0].get("festival", [])
    else:
        blocks = [table]
    entries = [_entry(row) for row in table.get("days", []) if isinstance(row, dict)]
    for block in blocks if isinstance(blocks, list) else []:
        for kind in ("off", "work"):
            listed = block.get(kind, []) if isinstance(block, dict) else []
            name = str(block.get("name", "")) if isinstance(block, dict) and block is not table else ""
            entries += [Entry(str(day), kind, name) for day in (listed if isinstance(listed, list) else [])]
    return Sheet(head, entries)


def _word(key: Any) -> str:
    word = str(key or "").strip().lower()
    return _WORDS.get(word, word)


_WORDS = {
    "日期": "date",
    "day": "date",
    "类型": "kind",
    "type": "kind",
    "isoffday": "kind",
    "节日": "festival",
    "名称": "festival",
    "name": "festival",
    "年份": "year",
    "年": "year",
    "文号": "number",
    "notice_no": "number",
    "发布日期": "promulgated",
    "url": "source",
}


def _entry(row: Mapping[Any, Any]) -> Entry:
    fields = {_word(key): value for key, value in row.items()}
    return Entry(*(str(fields.get(key) if fields.get(key) is not None else "").strip() for key in _FIELDS))


_FIELDS = ("date", "kind", "festival")
