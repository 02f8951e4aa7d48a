"""All checks of the law tables. What the loader refuses, and what `disclosure law check` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.base.errors import Environment
from workflow.base.messages import N_, listed, translate
from workflow.law import continuing, eras, route_checks, row_checks
from workflow.law.entries import OUTER_ROWS
from workflow.law.keys import SettingKey
from workflow.law.row_checks import (
    Table,
    Tables,
    citation_fault,
    head_faults,
    row_faults,
    series_faults,
    told,
)
from workflow.law.rows import Checked

__all__ = ["LawError", "citation_fault", "everything", "refuse_faults"]

TABLES = (
    "eras",
    "instruments",
    "durations",
    "outcomes",
    "grounds",
    "routes",
    "organs",
    "starts",
    "faulty_notices",
    "channels",
    "settings",
    "fees",
    "report",
)
_DAYS = ("submitted", "signed", "confirmed", "system", "open")
# More of any unit is a slip: a hundred years in days.
_MOST = 36_525


class LawError(Environment):
    """The law tables contradict themselves or lack something; nothing can be computed from them."""

    kind = "law"


def refuse_faults(tables: Tables) -> None:
    """Raise LawError with the first faults of the tables, if there are any."""
    faults = [checked for checked in everything(tables) if not checked.ok]
    if faults:
        raise LawError(
            N_("The law tables have {count} faults: {first}"),
            count=len(faults),
            first=listed(f"{fault.where}: {fault.problem}" for fault in faults[:5]),
            way_on=N_("Mend the table and run: disclosure law check"),
        )


def everything(tables: Tables) -> Iterator[Checked]:
    """Every table, row and series, with what is wrong with it."""
    missing = [name for name in TABLES if name not in tables]
    for name in missing:
        yield Checked(name, translate(N_("the table is missing")))
    for section in (
        _instruments,
        _eras,
        _durations,
        _outcomes,
        _grounds,
        route_checks.everything,
        _organs,
        _starts,
        _faulty_notices,
        _channels,
        _settings,
        _fees,
        _report,
    ):
        try:
            yield from section(tables)
        except (TypeError, AttributeError, KeyError, ValueError) as fault:
            # A table of the wrong type; the checks treat rows as rows and report those that are none.
            if not (isinstance(fault, KeyError) and fault.args[0] in missing):
                yield Checked(translate(N_("shape of the tables")), f"{type(fault).__name__}: {fault}")


def _outcomes(tables: Tables) -> Iterator[Checked]:
    yield from _named(tables, "outcomes", "outcome", "basis", ("letter", "needs"))


def _grounds(tables: Tables) -> Iterator[Checked]:
    yield from _named(tables, "grounds", "ground", "basis", ("letter", "needs", "report_row"))


def _row(table: str, name: Any, row: Table) -> str:
    return translate(
        N_("{table}: {name} from {first}"), table=table, name=name, first=row.get("effective_from")
    )


def _series(table: str, name: str) -> str:
    return translate(N_("{table}: {name}, all days"), table=table, name=name)


def _beginning(tables: Tables) -> str:
    """The first day that the tables must cover."""
    return str(tables["durations"].get("beginning"))


def _instruments(tables: Tables) -> Iterator[Checked]:
    required = ("zh", "short", "en", "promulgated", "source", "checked_on")
    optional = (
        "number",
        "continues",
        "replaces",
        "renumbered",
        "cite_number",
        "whole",
        "clauses",
        "article_word",
        "words",
    )
    for key, row in tables["instruments"].items():
        problems = [*row_faults(tables, row, required, optional), *_promulgation_faults(row)]
        before = continuing.older(row)
        if before and before not in tables["instruments"]:
            problems.append(translate(N_("no instrument is called {instrument}"), instrument=before))
        elif before:
            articles = tables.get(before, {}).get("articles", {})
            problems += continuing.faults(row, tables["instruments"][before], articles)
        yield from told(f"instruments: {key}", problems)
        yield from told(f"articles: {key}", _structure_faults(tables.get(key), key))


def _eras(tables: Tables) -> Iterator[Checked]:
    """The eras, and that the limit for the reply stands in the Regulations of the era of each of its days."""
    table, wrong = (
        tables["eras"],
        list(eras.faults(tables["eras"], tables["instruments"], _beginning(tables))),
    )
    yield from (Checked(where, problem) for where, problem in wrong)
    if wrong:
        return
    yield from (Checked(f"eras: {key}", "") for key in table)
    for row in tables["durations"].get("value", ()):
        if row.get("id") != "reply.limit" or not row_checks.is_day(row.get("effective_from")):
            continue
        era = [
            one
            for one in eras.read(table, tables["instruments"]).values()
            if one.first.isoformat() <= row["effective_from"]
        ]
        own = str(row.get("article")).partition(":")[0]
        if not era or not any(own in one.instruments for one in era if era[-1].follows(one.key)):
            yield Checked(
                _row("durations", "reply.limit", row),
                translate(
                    N_("no era of eras.toml has the instrument {instrument} on that day"), instrument=own
                ),
            )


def _structure_faults(table: Table | None, key: str) -> Iterator[str]:
    if table is None or not isinstance(table.get("articles"), dict):
        yield translate(
            N_("{file} is missing: which articles and paragraphs the text has"),
            file=f"workflow/law/articles/{key}.toml",
        )
        return
    for article, paragraphs in table["articles"].items():
        counts = (
            isinstance(paragraphs, list)
            and paragraphs
            and all(isinstance(n, int) and n >= 0 for n in paragraphs)
        )
        if not (article.isdigit() and (counts or paragraphs == "?")):
            yield translate(N_("Art. {article} is not a list of item counts"), article=article)


def _durations(tables: Tables) -> Iterator[Checked]:
    table = tables["durations"]
    required = ("id", "value", "unit", "starts", "article", "promulgated", "source", "checked_on")
    for row in table.get("value", ()):
        where = _row("durations", row.get("id"), row)
        yield from told(
            where, (*row_faults(tables, row, required, ("text", "amended_by")), *_value_faults(tables, row))
        )
    yield from _all_series(tables, "durations", "parameter", "value")


def _value_faults(tables: Tables, row: Table) -> Iterator[str]:
    if row.get("unit") not in tables["durations"].get("units", {}):
        yield translate(N_("unknown unit {unit}"), unit=row.get("unit"))
    if not (isinstance(row.get("value"), int) and not isinstance(row["value"], bool) and row["value"] > 0):
        yield translate(N_("the value is not a whole number above 0: {value}"), value=row.get("value"))
    elif row.get("unit") == "rule" and row["value"] != 1:
        yield translate(N_("a rule has no number but 1: {value}"), value=row["value"])
    elif row["value"] > _MOST:
        yield translate(N_("the value is too large for a period: {value}"), value=row["value"])
    cited = str(row.get("article", "")).partition(":")[0]
    key = row.get("amended_by", cited)
    instrument = tables["instruments"].get(key)
    if instrument is None and key != cited:
        yield translate(N_("no instrument is called {instrument}"), instrument=key)
    if instrument and row.get("promulgated") != instrument.get("promulgated"):
        yield translate(
            N_(
                "promulgated on another day than {instrument}; of an amended value `amended_by` names the act"
            ),
            instrument=key,
        )
    if instrument and key != cited and str(row.get("effective_from")) < str(instrument.get("effective_from")):
        yield translate(N_("begins before {instrument}, which gives it this value"), instrument=key)
    yield from _promulgation_faults(row)
    if row.get("id") not in tables["durations"].get("parameter", {}):
        yield translate(N_("no head is called {id}"), id=row.get("id"))


def _promulgation_faults(row: Table) -> Iterator[str]:
    """A day of effect before the day of promulgation."""
    promulgated, first = row.get("promulgated"), row.get("effective_from")
    days = row_checks.is_day(promulgated) and row_checks.is_day(first)
    if days and str(first) < str(promulgated):
        yield translate(
            N_("takes effect on {first}, before it was promulgated on {promulgated}"),
            first=first,
            promulgated=promulgated,
        )


def _named(tables: Tables, name: str, heads: str, rows: str, required: tuple[str, ...]) -> Iterator[Checked]:
    known = tables["report"].get("row", {})
    for row in tables[name].get(rows, ()):
        where = _row(name, row.get("id"), row)
        yield from told(where, row_faults(tables, row, ("id", "article"), ("text", "needs")))
        if row.get("id") not in tables[name].get(heads, {}):
            yield Checked(where, translate(N_("no head is called {id}"), id=row.get("id")))
    for id, head in tables[name].get(heads, {}).items():
        problems = [translate(N_("{key} is missing"), key=key) for key in required if not head.get(key)]
        if head.get("report_row", "r1_granted") not in known:
            problems.append(translate(N_("no row of the report is called {key}"), key=head["report_row"]))
        yield from told(f"{name}: {id}", problems)
    yield from _all_series(tables, name, heads, rows)


def _all_series(tables: Tables, name: str, heads: str, rows: str, key: str = "id") -> Iterator[Checked]:
    groups: dict[str, list[Table]] = {}
    for row in tables[name].get(rows, ()):
        for id in row.get(key) if isinstance(row.get(key), list) else [row.get(key)]:
            groups.setdefault(id, []).append(row)
    for id, head in tables[name].get(heads, {}).items():
        problems = (*head_faults(head, _beginning(tables)), *series_faults(groups.get(id, []), head))
        yield from told(_series(name, id), problems)


def _organs(tables: Tables) -> Iterator[Checked]:
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in tables["organs"].get("organ", ()):
        where = _row("organs", f"organ {row.get('kind')}", row)
        problems = list(row_faults(tables, row, ("kind", "levels", "roles", "article"), ("optional", "text")))
        for role in (*row.get("roles", ()), *row.get("optional", ())):
            if role not in tables["organs"].get("roles", {}):
                problems.append(translate(N_("no role is called {id}"), id=role))
        yield from told(where, problems)
        for level in row.get("levels", ()):
            groups.setdefault((row["kind"], level), []).append(row)
    for row in tables["organs"].get("court", ()):
        needed = ("kinds", "levels", "word", "article")
        where = _row("organs", f"court {', '.join(row.get('kinds', ()))}", row)
        yield from told(where, row_faults(tables, row, needed, ("named",)))
    for row in tables["organs"].get("too_high", ()):
        where = _row("organs", f"too_high {row.get('word')}", row)
        yield from told(where, row_faults(tables, row, ("word", "article")))
    finals: dict[str, list[Table]] = {}
    for row in tables["organs"].get("final", ()):
        where = _row("organs", f"final {row.get('role')}", row)
        yield from told(where, row_faults(tables, row, ("role", "article", "text")))
        finals.setdefault(str(row.get("role")), []).append(row)
    for role, rows in finals.items():
        unknown = role not in tables["organs"].get("roles", {})
        problems = [translate(N_("no role is called {id}"), id=role)] if unknown else []
        where = _series("organs", f"final {role}")
        yield from told(where, (*problems, *series_faults(rows, {"from": _beginning(tables)})))
    for (kind, level), rows in groups.items():
        yield from told(
            _series("organs", f"organ {kind}/{level}"), series_faults(rows, {"from": _beginning(tables)})
        )


def _starts(tables: Tables) -> Iterator[Checked]:
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in tables["starts"].get("start", ()):
        where = _row("starts", f"{row.get('remedy')}, {row.get('how')}", row)
        yield from told(where, row_faults(tables, row, ("remedy", "how", "article"), ("text", "named")))
        groups.setdefault((str(row.get("remedy")), str(row.get("how"))), []).append(row)
    for (remedy, how), rows in groups.items():
        first = min(str(row.get("effective_from")) for row in rows)
        yield from told(_series("starts", f"{remedy}, {how}"), series_faults(rows, {"from": first}))


def _faulty_notices(tables: Tables) -> Iterator[Checked]:
    table = tables["faulty_notices"]
    groups: dict[tuple[str, str], list[Table]] = {}
    for row in table.get("notice", ()):
        named = str(row.get("remedy")), str(row.get("fault"))
        problems = list(row_faults(tables, row, ("remedy", "fault", "zh", "en", "article", "text")))
        if named[1] not in table.get("fault", {}):
            problems.append(translate(N_("unknown kind {kind}"), kind=named[1]))
        yield from told(_row("faulty_notices", ", ".join(named), row), problems)
        groups.setdefault(named, []).append(row)
    for (remedy, fault), rows in groups.items():
        first = min(str(row.get("effective_from")) for row in rows)
        yield from told(_series("faulty_notices", f"{remedy}, {fault}"), series_faults(rows, {"from": first}))
    for fault in table.get("fault", {}).keys() - {fault for _, fault in groups}:
        yield Checked(f"faulty_notices: {fault}", translate(N_("{key} is missing"), key="notice"))


def _channels(tables: Tables) -> Iterator[Checked]:
    table, beginning = tables["channels"], _beginning(tables)
    for row in table.get("rule", ()):
        where = _row("channels", ", ".join(row.get("channel", ())), row)
        problems = list(row_faults(tables, row, ("channel", "day", "article"), ("rest_day", "elsewhere")))
        for day in (row.get("day"), row.get("elsewhere", row.get("day"))):
            if day not in _DAYS:
                problems.append(translate(N_("unknown kind {kind}"), kind=day))
        yield from told(where, problems)
    for id, head in table.get("channel", {}).items():
        rows = [row for row in table.get("rule", ()) if id in row.get("channel", ())]
        reach = {"from": beginning, **head}
        yield from told(
            _series("channels", id), (*head_faults(reach, beginning), *series_faults(rows, reach))
        )


def _settings(tables: Tables) -> Iterator[Checked]:
    by_route = {row.get("setting") for row in tables["routes"].get("variant", {}).values()}
    by_route |= {row.get("setting") for row in tables["routes"].get("route", ())}
    asked = {*SettingKey, *by_route} - {None}
    there = tables["settings"].get("setting", {}).keys()
    for id in sorted(asked - there):
        yield Checked(f"settings: {id}", translate(N_("{key} is missing"), key=f"[setting.{id}]"))
    for id in sorted(there - asked):
        yield Checked(f"settings: {id}", translate(N_("nothing asks for it (keys.SettingKey, routes.toml)")))
    for id, row in tables["settings"].get("setting", {}).items():
        problems = [
            translate(N_("{key} is missing"), key=key) for key in ("zh", "en", "note") if not row.get(key)
        ]
        problem = citation_fault(tables, row.get("article"))
        choices, default = row.get("choices"), row.get("default")
        number = isinstance(default, int) and row.get("min", 1) <= default <= row.get("max", 0)
        if not (default in choices if choices else number):
            problems.append(translate(N_("the default is none of the choices")))
        yield from told(f"settings: {id}", [*problems, *([problem] if problem else [])])
    for id, row in tables["settings"].get("house", {}).items():
        problems = [translate(N_("{key} is missing"), key=key) for key in ("zh", "en") if not row.get(key)]
        yield from told(f"settings: house:{id}", problems)


def _fees(tables: Tables) -> Iterator[Checked]:
    required = ("id", "article", "promulgated", "source", "checked_on", "bands")
    for row in tables["fees"].get("rate", ()):
        where = _row("fees", row.get("id"), row)
        yield from told(where, (*row_faults(tables, row, required), *_band_faults(row.get("bands", []))))
    yield from _all_series(tables, "fees", "schedule", "rate")


def _band_faults(bands: list[Table]) -> Iterator[str]:
    expected: int | None = 1
    for band in bands:
        if band.get("from") != expected or not isinstance(band.get("yuan"), int):
            yield translate(
                N_("the band from {first} does not follow on the one before"), first=band.get("from")
            )
            return
        expected = band["until"] + 1 if "until" in band else None
    if expected is not None:
        yield translate(N_("the last band is not open"))


def _merged_into(table: Table) -> set[str]:
    """Rows of older formats that stand for several of the latest."""
    return {key for row in table.get("format", {}).values() for key in row.get("merged", {}).values()}


def _counted(table: Table, row: Table) -> set[str]:
    """The rows of a format in which something is counted."""
    merged = row.get("merged", {})
    return {merged.get(key, key) for key in table.get("several", {}).get("rank", [])}


def _format_faults(table: Table, row: Table) -> Iterator[str]:
    """Rows of a format that there are not, or in which nothing is counted, and a missing table 2."""
    for key in (*row.get("rows", ()), *row.get("merged", {}).values()):
        if key not in table["row"]:
            yield translate(N_("no row of the report is called {key}"), key=key)
    for key in sorted(set(row.get("rows", ())) - set(OUTER_ROWS) - _counted(table, row)):
        yield translate(N_("nothing is counted in the row {key}"), key=key)
    if not row.get("table2"):
        yield translate(N_("{key} is missing"), key="table2")


def _report(tables: Tables) -> Iterator[Checked]:
    table = tables["report"]
    year: int | None = None
    for id, row in table.get("format", {}).items():
        problems = list(_format_faults(table, row))
        if year is not None and row.get("first_year") != year:
            problems.append(
                translate(N_("gap between {last} and {first}"), last=year - 1, first=row.get("first_year"))
            )
        year = row.get("last_year", 9998) + 1
        problem = citation_fault(tables, row.get("article"))
        yield from told(f"report: format {id}", [*problems, *([problem] if problem else [])])
    rank = table.get("several", {}).get("rank", [])
    unranked = sorted(set(table["row"]) - set(OUTER_ROWS) - set(rank) - _merged_into(table))
    yield from told(
        "report: several",
        [
            translate(N_("no row of the report is called {key}"), key=key)
            for key in rank
            if key not in table["row"]
        ]
        + [translate(N_("{key} is missing"), key=key) for key in unranked],
    )
    for who in ("department", "government"):
        rows: list[Any] = [row for row in table.get("due", ()) if row.get("who") == who]
        faults = [fault for row in rows for fault in row_faults(tables, row, ("who", "day", "article"))]
        yield from told(
            f"report: due {who}", (*faults, *row_checks.series_faults(rows, {"from": _beginning(tables)}))
        )
