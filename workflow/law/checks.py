"""All checks of the law tables. What the loader refuses, and what `disclosure law check` prints."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.base.errors import Environment
from workflow.base.messages import N_, listed, translate
from workflow.base.tables import Table
from workflow.law import continuing, era_checks, eras, route_checks, row_checks
from workflow.law.citations import citation_fault
from workflow.law.keys import Provision
from workflow.law.organ_checks import channels, faulty_notices, organs, starts
from workflow.law.report_checks import fees, report
from workflow.law.row_checks import Checked, Tables, row_faults, told
from workflow.law.series_checks import all_series, beginning, named_rows, row_place
from workflow.law.setting_keys import names

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
    "provisions",
    "settings",
    "fees",
    "report",
)
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
        organs,
        starts,
        faulty_notices,
        channels,
        _provisions,
        _settings,
        fees,
        report,
    ):
        try:
            yield from section(tables)
        except (TypeError, AttributeError, KeyError, ValueError) as fault:
            # A table of the wrong type; the checks treat rows as rows and report those that are none.
            if not (isinstance(fault, KeyError) and fault.args[0] in missing):
                yield Checked(translate(N_("shape of the tables")), f"{type(fault).__name__}: {fault}")


def _outcomes(tables: Tables) -> Iterator[Checked]:
    yield from named_rows(tables, "outcomes", "outcome", "basis", ("letter", "needs"))


def _grounds(tables: Tables) -> Iterator[Checked]:
    yield from named_rows(tables, "grounds", "ground", "basis", ("letter", "needs", "report_row"))


def _provisions(tables: Tables) -> Iterator[Checked]:
    """The provisions that the program cites itself, and that code asks for each of them and no other."""
    asked, there = {one.value for one in Provision}, tables["provisions"].get("cited", {}).keys()
    for id in sorted(asked - there):
        yield Checked(f"provisions: {id}", translate(N_("{key} is missing"), key=f"[cited.{id}]"))
    for id in sorted(there - asked):
        yield Checked(f"provisions: {id}", translate(N_("nothing asks for it (keys.py)")))
    for row in tables["provisions"].get("provision", ()):
        where = row_place("provisions", row.get("id"), row)
        yield from told(where, row_faults(tables, _within(tables, row), ("id", "article"), ("text",)))
        if row.get("id") not in there:
            yield Checked(where, translate(N_("no head is called {id}"), id=row.get("id")))
    yield from all_series(tables, "provisions", "cited", "provision")


def _within(tables: Tables, row: Table) -> Table:
    """A row in force, as if it ended with the instrument that it cites: where nothing stands in the place of
    that, the check of what is cited on its day tells of it, as of the settings.
    """
    instrument = tables["instruments"].get(str(row.get("article")).partition(":")[0], {})
    if "effective_until" in row or "effective_until" not in instrument:
        return row
    return {**row, "effective_until": instrument["effective_until"]}


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
        list(era_checks.faults(tables["eras"], tables["instruments"], beginning(tables))),
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
                row_place("durations", "reply.limit", row),
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
        where = row_place("durations", row.get("id"), row)
        yield from told(
            where, (*row_faults(tables, row, required, ("text", "amended_by")), *_value_faults(tables, row))
        )
    yield from all_series(tables, "durations", "parameter", "value")


def _number_faults(tables: Tables, row: Table) -> Iterator[str]:
    """What is wrong with the number of a value and its unit."""
    if row.get("unit") not in tables["durations"].get("units", {}):
        yield translate(N_("unknown unit {unit}"), unit=row.get("unit"))
    if not (isinstance(row.get("value"), int) and not isinstance(row["value"], bool) and row["value"] > 0):
        yield translate(N_("the value is not a whole number above 0: {value}"), value=row.get("value"))
    elif row.get("unit") == "rule" and row["value"] != 1:
        yield translate(N_("a rule has no number but 1: {value}"), value=row["value"])
    elif row["value"] > _MOST:
        yield translate(N_("the value is too large for a period: {value}"), value=row["value"])


def _value_faults(tables: Tables, row: Table) -> Iterator[str]:
    yield from _number_faults(tables, row)
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


def _settings(tables: Tables) -> Iterator[Checked]:
    by_route = {row.get("setting") for row in tables["routes"].get("variant", {}).values()}
    by_route |= {row.get("setting") for row in tables["routes"].get("route", ())}
    asked = {*names(), *by_route} - {None}
    there = tables["settings"].get("setting", {}).keys()
    for id in sorted(asked - there):
        yield Checked(f"settings: {id}", translate(N_("{key} is missing"), key=f"[setting.{id}]"))
    for id in sorted(there - asked):
        yield Checked(f"settings: {id}", translate(N_("nothing asks for it (setting_keys.py, routes.toml)")))
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
