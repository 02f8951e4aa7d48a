"""Lists that come back from the post office: their columns under whatever name, and what their words say of a
piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.sheets import headings, reader
from workflow.delivery import to_be_posted

# What changes nothing yet: it is on its way, or lies where the addressee has not fetched it.
NOTHING_YET = ("underway", "waiting")


def read(path: Path, needed: tuple[tuple[str, ...], ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a list with our names for its columns, and their lines; of each group in `needed` one has to be
    there.
    """
    columns = to_be_posted.table()["column"]
    words = headings.Words(
        {key: [key, *names] for key, names in columns.items()}, to_be_posted.table()["column_form"]
    )
    with reader.opened(path) as sheets:
        found = headings.find(sheets, words, lambda told: all(set(group) & told for group in needed))
        names = {key for key in found.keys if key} if found else set()
        for group in needed:
            if not set(group) & names:
                raise Malformed(
                    N_("The list '{name}' lacks a column: {wanted}."),
                    field="file",
                    name=path.name,
                    wanted=listed(columns[one][0] for one in group),
                    way_on=N_("Its first line has to name the columns: {names}"),
                    names=listed(f"{words_[0]} ({words_[-1]})" for words_ in columns.values()),
                )
        assert found is not None
        for row in found.rows():
            if headings.passed_over(row, found) is not None:
                continue
            cells = {key: reader.plain(row.at(place)) for place, key in enumerate(found.keys) if key}
            if any(cells.values()):
                yield row.number, cells


def status(text: str) -> str:
    """What became of a piece: delivered, returned, underway, or waiting to be fetched; Malformed where it is
    not said.
    """
    bare = headings.whole(text)
    table = to_be_posted.table()["status"]
    exact = next((str(key) for key, words in table.items() if bare in map(headings.whole, words)), None)
    found = exact or _told(bare, table)
    if found is None:
        raise Malformed(
            N_("'{value}' says neither that it was delivered nor that it came back."),
            field="status",
            value=text[:40],
            way_on=N_("Write one of: {words}"),
            words=listed(word for words in table.values() for word in words[:2]),
        )
    return found


def _told(bare: str, table: dict[str, list[str]]) -> str | None:
    """What the words inside a text say: in the order of the table, for what came back was "delivered" to the
    sender; and nothing was delivered where it says "not delivered".
    """
    forms = to_be_posted.table()["status_form"]
    if re.search(forms["on_way_back"], bare):
        return "underway"
    for key, words in table.items():
        if any(headings.whole(word) in bare for word in words):
            return str(key)
        if key == "returned" and re.search(forms["not_yet"], bare):
            return "underway"
    return None
