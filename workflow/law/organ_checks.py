"""What is checked of the tables of organs, starts of clocks, faulty notices and channels."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law.row_checks import Checked, Tables, head_faults, row_faults, series_faults, told
from workflow.law.series_checks import beginning, row_place, series_place

_DAYS = ("submitted", "signed", "confirmed", "system", "open")


def organs(tables: Tables) -> Iterator[Checked]:
    """The organs for reconsideration, the courts, and who decides finally."""
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in tables["organs"].get("organ", ()):
        where = row_place("organs", f"organ {row.get('kind')}", row)
        problems = list(row_faults(tables, row, ("kind", "levels", "roles", "article"), ("optional", "text")))
        for role in (*row.get("roles", ()), *row.get("optional", ())):
            if role not in tables["organs"].get("roles", {}):
                problems.append(translate(N_("no role is called {id}"), id=role))
        yield from told(where, problems)
        for level in row.get("levels", ()):
            groups.setdefault((row["kind"], level), []).append(row)
    for row in tables["organs"].get("court", ()):
        needed = ("kinds", "levels", "word", "article")
        where = row_place("organs", f"court {', '.join(row.get('kinds', ()))}", row)
        yield from told(where, row_faults(tables, row, needed, ("named",)))
    for row in tables["organs"].get("too_high", ()):
        where = row_place("organs", f"too_high {row.get('word')}", row)
        yield from told(where, row_faults(tables, row, ("word", "article")))
    finals: dict[str, list[Table]] = {}
    for row in tables["organs"].get("final", ()):
        where = row_place("organs", f"final {row.get('role')}", row)
        yield from told(where, row_faults(tables, row, ("role", "article", "text")))
        finals.setdefault(str(row.get("role")), []).append(row)
    for role, rows in finals.items():
        unknown = role not in tables["organs"].get("roles", {})
        problems = [translate(N_("no role is called {id}"), id=role)] if unknown else []
        where = series_place("organs", f"final {role}")
        yield from told(where, (*problems, *series_faults(rows, {"from": beginning(tables)})))
    for (kind, level), rows in groups.items():
        yield from told(
            series_place("organs", f"organ {kind}/{level}"), series_faults(rows, {"from": beginning(tables)})
        )


def starts(tables: Tables) -> Iterator[Checked]:
    """From which day each remedy is counted."""
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in tables["starts"].get("start", ()):
        where = row_place("starts", f"{row.get('remedy')}, {row.get('how')}", row)
        yield from told(where, row_faults(tables, row, ("remedy", "how", "article"), ("text", "named")))
        groups.setdefault((str(row.get("remedy")), str(row.get("how"))), []).append(row)
    for (remedy, how), rows in groups.items():
        first = min(str(row.get("effective_from")) for row in rows)
        yield from told(series_place("starts", f"{remedy}, {how}"), series_faults(rows, {"from": first}))


def faulty_notices(tables: Tables) -> Iterator[Checked]:
    """What follows where a notice of remedies is wrong or missing."""
    table = tables["faulty_notices"]
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in table.get("notice", ()):
        named = str(row.get("remedy")), str(row.get("fault"))
        problems = list(row_faults(tables, row, ("remedy", "fault", "zh", "en", "article", "text")))
        if named[1] not in table.get("fault", {}):
            problems.append(translate(N_("unknown kind {kind}"), kind=named[1]))
        yield from told(row_place("faulty_notices", ", ".join(named), row), problems)
        groups.setdefault(named, []).append(row)
    for (remedy, fault), rows in groups.items():
        first = min(str(row.get("effective_from")) for row in rows)
        yield from told(
            series_place("faulty_notices", f"{remedy}, {fault}"), series_faults(rows, {"from": first})
        )
    for fault in table.get("fault", {}).keys() - {fault for _, fault in groups}:
        yield Checked(f"faulty_notices: {fault}", translate(N_("{key} is missing"), key="notice"))


def channels(tables: Tables) -> Iterator[Checked]:
    """By which channel an application comes, and which day then counts."""
    table, first = tables["channels"], beginning(tables)
    for row in table.get("rule", ()):
        where = row_place("channels", ", ".join(row.get("channel", ())), row)
        problems = list(row_faults(tables, row, ("channel", "day", "article"), ("rest_day", "elsewhere")))
        for day in (row.get("day"), row.get("elsewhere", row.get("day"))):
            if day not in _DAYS:
                problems.append(translate(N_("unknown kind {kind}"), kind=day))
        yield from told(where, problems)
    for id, head in table.get("channel", {}).items():
        rows = [row for row in table.get("rule", ()) if id in row.get("channel", ())]
        reach = {"from": first, **head}
        yield from told(
            series_place("channels", id), (*head_faults(reach, first), *series_faults(rows, reach))
        )
