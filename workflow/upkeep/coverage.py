"""Which column of which table the check of the record sees, from covered.toml; loaded only if it names
every one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from workflow.base import tables
from workflow.base.completeness import require_same
from workflow.storage.tables import TABLES

PLACE = Path(__file__).with_name("covered.toml")
# In a hash of the record; compared with what the entries give; only that it is there is compared.
HASHED, COMPARED, PRESENCE = "hashed", "compared", "presence"


@cache
def table() -> dict[str, dict[str, str]]:
    """Of each table its columns: 'hashed', 'compared', 'presence', or why it is free. Malformed unless it
    names every column of the models once."""
    raw: dict[str, Any] = tables.read(str(PLACE))["table"]
    require_same(PLACE.name, raw, "storage/models", TABLES)
    found: dict[str, dict[str, str]] = {}
    for name, row in raw.items():
        seen = {kind: row.get(kind, ()) for kind in (HASHED, COMPARED, PRESENCE)}
        named = [column for kind in seen.values() for column in kind]
        columns = list(TABLES[name].c.keys())
        rest = [column for column in columns if column not in named] if "rest" in row else []
        free = {**dict.fromkeys(rest, row.get("rest")), **row.get("free", {})}
        listed = [*named, *free]
        require_same(f"{PLACE.name} [{name}]", listed, "storage/models", columns)
        if len(listed) != len(set(listed)):
            raise ValueError(f"{PLACE.name} [{name}] tells of a column twice")
        found[name] = {**{column: kind for kind, some in seen.items() for column in some}, **free}
    return found


def rows_free(name: str) -> str:
    """Why a row of a table may be gone without being missed; '' where it is missed."""
    return str(tables.read(str(PLACE))["table"][name].get("rows_free", ""))
