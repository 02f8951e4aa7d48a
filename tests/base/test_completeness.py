"""What has to be given in two places: a forgotten half is named when the tables are loaded."""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import pytest

from letters.check import rules
from letters.content import kinds, phrases
from letters.content.kind_cells import TABLE, kind_of
from tests.counter import disclosure
from workflow import law
from workflow.base import chinese_names, tables
from workflow.base.completeness import require_known, require_same
from workflow.base.errors import Malformed, NotFound
from workflow.cases import case_clock, context
from workflow.casework import search_index
from workflow.clocks import deadline
from workflow.commands import all_commands
from workflow.law import Law, checks, keys, rows
from workflow.law import routes as law_routes
from workflow.office import alert_settings, profile
from workflow.procedure import (
    act_assembly,
    act_table_checks,
    act_tables,
    naming,
    transition_checks,
    transitions,
)
from workflow.reports.alerts import terminal, thresholds
from workflow.reports.annual import counts
from workflow.reports.law import check
from workflow.reports.register import columns
from workflow.reports.register.cells import Cells
from workflow.reports.register.declared_cells import declared
from workflow.reports.register.rows import Line

Change = Callable[[Any], Any]


def changed(table: dict[str, Any], change: Change) -> dict[str, Any]:
    made = copy.deepcopy(table)
    change(made)
    return made


def load_again(module: str) -> None:
    """Import a module again; the loaded one is put back afterwards."""
    loaded = importlib.import_module(module)
    del sys.modules[module]
    try:
        importlib.import_module(module)
    finally:
        sys.modules[module] = loaded
        package, _, name = module.rpartition(".")
        setattr(sys.modules[package], name, loaded)


def test_what_is_missing_is_named_with_its_place() -> None:
    require_same("a.toml", ["one", "two"], "b.py", ["two", "one"])
    with pytest.raises(Malformed, match=r"a\.toml.*three.*b\.py") as caught:
        require_known("a.toml", ["one", "three"], "b.py", ["one"])
    assert caught.value.field == "a.toml"
    with pytest.raises(Malformed, match=r"b\.py.*four.*a\.toml"):
        require_same("a.toml", ["one"], "b.py", ["one", "four"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["column"][3].pop("needs"), "needs"),
        (lambda t: t["column"][3].update(needs=[]), "needs"),
        (lambda t: t["column"][3].pop("en"), "en"),
        (lambda t: t["column"][3].update(needs=["applicant_nam"]), "applicant_nam"),
        (lambda t: t["column"][11].update(source="detail:acepted"), "acepted"),
        (lambda t: t["column"][1].update(source="row:received"), "received"),
        (lambda t: t["column"][11].update(needs=["number"]), "details"),
        (lambda t: t["column"][10].update(needs=["number"]), "handler"),
        (lambda t: t["column"][8].update(needs=["number"]), "details"),
        (lambda t: t["column"][6].update(source="name:unit", needs=["unit"]), "unit"),
        (lambda t: t["set"]["screen"].append("nothing"), "nothing"),
    ],
)
def test_a_column_of_the_register(change: Change, named: str) -> None:
    table = tables.read(columns.TABLE)
    columns.check(table)
    with pytest.raises(Malformed, match=named):
        columns.check(changed(table, change))


def test_a_computed_column_reads_what_it_needs_and_nothing_else() -> None:
    (column,) = columns.chosen("working_days", "screen")
    line = Line((date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 2)))

    def spent(needs: tuple[str, ...]) -> object:
        facts = declared(column._replace(needs=needs), {name: place for place, name in enumerate(needs)})
        return Cells._spent(cast(Cells, None), facts.of(line))

    # On a day before the round began: the reply of another round.
    assert spent(("reply_start", "replied_on", "finished_on")) is None
    with pytest.raises(Malformed, match=r"working_days names finished_on"):
        spent(("reply_start", "replied_on"))


def test_a_column_that_nothing_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    given = columns.computed()
    monkeypatch.setattr(columns, "computed", lambda: [*given, "weight"])
    with pytest.raises(Malformed, match="weight"):
        load_again("workflow.reports.register.cells")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["clock"].pop("remedy.hearing"), r"remedy\.hearing"),
        (lambda t: t["aside"]["clocks"].remove("litigation.limit"), r"litigation\.limit"),
        (lambda t: t["state"].pop("returned"), "returned"),
        (lambda t: t["clock"]["fee.payment"].update(act="file_it"), "file_it"),
        (lambda t: t["state"]["returned"].update(roles=["postman"]), "postman"),
        (lambda t: t["clock"]["fee.payment"].update(lane="x"), "x"),
        (lambda t: t["clock"]["fee.payment"].update(kind="fees"), "fees"),
        (lambda t: t["kind"]["fee"].update(shape="star"), "star"),
        (lambda t: t["kind"]["fee"].update(severity="grave"), "grave"),
        (lambda t: t["kind"]["fee"].pop("zh"), "zh"),
        (lambda t: t["kind"]["fee"].update(color="red"), "color"),
        (lambda t: t["kind"]["unposted"].pop("days"), "days"),
        (lambda t: t["kind"]["unposted"].update(state="isued"), "isued"),
    ],
)
def test_the_table_of_alerts(change: Change, named: str) -> None:
    table = alert_settings.table()
    thresholds.check(table)
    with pytest.raises(Malformed, match=named):
        thresholds.check(changed(table, change))


@pytest.mark.parametrize(("module", "kept"), [("queries", "kind"), ("picture", "sign")])
def test_an_alert_that_nothing_finds_or_draws(
    module: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = alert_settings.table()
    one = dict.fromkeys(["forgotten"], next(iter(table[kept].values())))
    monkeypatch.setattr(alert_settings, "table", lambda: {**table, kept: {**table[kept], **one}})
    monkeypatch.setattr(thresholds, "table", alert_settings.table)
    thresholds.kinds.cache_clear()
    try:
        with pytest.raises(Malformed, match="forgotten"):
            load_again(f"workflow.reports.alerts.{module}")
    finally:
        thresholds.kinds.cache_clear()


def test_an_alert_of_a_state_that_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    table = copy.deepcopy(alert_settings.table())
    del table["kind"]["unposted"]["state"]
    monkeypatch.setattr(alert_settings, "table", lambda: table)
    with pytest.raises(Malformed, match="_lying.*state.*unposted"):
        load_again("workflow.reports.alerts.queries")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["grounds"]["ground"].update(archives={"letter": "D4h"}), r"archives \(D4h\)"),
        (lambda t: t["grounds"]["ground"]["state_secret"].update(letter="D4b"), r"state_secret \(D4a\)"),
        (lambda t: t["outcomes"]["outcome"].pop("not_held"), r"not_held \(D5\)"),
    ],
)
def test_a_ground_or_outcome_without_its_letter(change: Change, named: str) -> None:
    known = {kind.code: kind for kind in kinds.all()}
    kinds.check_answers(known, law.bundled())
    with pytest.raises(Malformed, match=named):
        kinds.check_answers(known, Law(changed(dict(law.bundled().tables), change)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["ground"].pop("state_secret"), "state_secret"),
        (lambda t: t["ground"]["law_forbids"].pop("finding"), "law_forbids"),
        (lambda t: t["ground"].update(whim={"finding": "x"}), "whim"),
        (lambda t: t["outcome"].pop("not_held"), "not_held"),
        (lambda t: t["letter"].pop("P5"), "P5"),
        (lambda t: t["form"].update(P77={}), "P77"),
    ],
)
def test_a_letter_a_ground_or_an_outcome_without_words(change: Change, named: str) -> None:
    table = tables.read(phrases.TABLE)
    phrases.check(table, law.bundled())
    with pytest.raises(Malformed, match=named):
        phrases.check(changed(table, change), law.bundled())


def test_the_check_of_the_law_names_a_ground_without_letter_and_words() -> None:
    assert all(one.ok for one in check.letters(law.bundled()))
    more = changed(
        dict(law.bundled().tables),
        lambda table: table["grounds"]["ground"].update(archives={"letter": "D4h"}),
    )
    wrong = [one for one in check.letters(Law(more)) if not one.ok]
    assert [one.where for one in wrong] == ["letters/content/kinds.toml", "letters/content/phrases.toml"]
    assert all("archives" in one.problem for one in wrong)


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"series": "notices"}, "notices"),
        ({"parts": ["organ", "tail"]}, "tail"),
        ({"contested": "whim"}, "whim"),
        ({"zh": None}, "zh"),
    ],
)
def test_a_letter_with_a_cell_that_is_wrong_or_missing(cells: dict[str, Any], named: str) -> None:
    table = tables.read(TABLE)
    row = {**table["P5"], **cells}
    with pytest.raises(Malformed, match=f"P5.*{named}|{named}.*P5"):
        kind_of("P5", {key: cell for key, cell in row.items() if cell is not None}, table["default"])


def test_an_act_and_a_letter_that_do_not_know_each_other() -> None:
    process = transitions.bundled()
    transition_checks.check_letters(process)
    rows = [replace(row, letters=()) if row.event == "extend" else row for row in process.rows]
    with pytest.raises(Malformed, match="P5.*extend"):
        transition_checks.check_letters(replace(process, rows=tuple(rows)))
    rows = [replace(row, letters=("P77",)) if row.event == "extend" else row for row in process.rows]
    with pytest.raises(Malformed, match="extend.*P77"):
        transition_checks.check_letters(replace(process, rows=tuple(rows)))


def test_the_check_of_the_law_tells_a_guard_without_its_table_by_the_acts_that_ask_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = transitions.written()
    basis = {guard: refs for guard, refs in process.guard_basis.items() if guard != "decides_for_another"}
    monkeypatch.setattr(transitions, "written", lambda: replace(process, guard_basis=basis))
    told = check.faults(check.every_era(law.bundled().eras()))
    assert [one.split(" assigned")[0] for one in told] == [
        "acts: transfer.toml: case/approve_transfer",
        "acts: transfer.toml: case/refuse_transfer",
    ]
    assert all("[guard.decides_for_another]" in one for one in told)


def test_a_table_of_acts_that_leaves_a_cell_out_names_its_file() -> None:
    files = {path.stem: tables.read(path) for path in map(Path, act_tables.paths())}
    files = changed(files, lambda found: found["transfer"]["act"]["refuse_transfer"].pop("chart"))
    with pytest.raises(Malformed, match=r"transfer\.toml: refuse_transfer.*chart"):
        act_assembly.assembled(files)


def without(name: str) -> Change:
    return lambda known: [one for one in known if one != name]


def added(name: str) -> Change:
    return lambda known: (*known, name)


# The module that keeps one half; where the other half stands, how it is changed, and what is then named.
HALVES: dict[str, tuple[str, object, str, Change, str]] = {
    "a sentence for each certainty": ("workflow.clocks.explanation", rows, "STATUSES", added("W"), "W"),
    "words for each kind of route": (
        "workflow.reports.views.routes",
        law_routes,
        "KINDS",
        added("appeal"),
        "appeal",
    ),
    "a head for each column": (
        "workflow.reports.annual.output",
        counts,
        "COLUMNS",
        added("weight"),
        "weight",
    ),
    "a type for each reader": (
        "workflow.procedure.act_facts",
        act_table_checks,
        "TYPES",
        without("pair"),
        "pair",
    ),
    "an act for each addition": (
        "workflow.casework.additions",
        act_tables,
        "acts",
        lambda acts: lambda: without("attach")(acts()),
        "attach",
    ),
    "an act for each hook": (
        "workflow.casework.after",
        act_tables,
        "acts",
        lambda acts: lambda: without("destroy")(acts()),
        "destroy",
    ),
    "a way to the person for each kind of service": (
        "workflow.cases.ways",
        keys,
        "Service",
        lambda known: StrEnum("Service", {one.name: one.value for one in known} | {"PIGEON": "pigeon"}),
        "pigeon",
    ),
    "a note for each that moves a clock": (
        "workflow.cases.case_clock",
        deadline,
        "NOTES",
        without("delayed"),
        "delayed",
    ),
    "a colour for each severity": (
        "workflow.reports.alerts.digest_text",
        alert_settings,
        "table",
        lambda table: lambda: {**table(), "severity": added("grave")(table()["severity"])},
        "grave",
    ),
}


@pytest.mark.parametrize("what", HALVES)
def test_one_half_without_the_other_is_refused_at_load(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, place, name, change, named = HALVES[what]
    monkeypatch.setattr(place, name, change(getattr(place, name)))
    with pytest.raises(Malformed, match=named):
        load_again(module)


def test_a_track_without_its_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(act_table_checks, "TRACKS", (*act_table_checks.TRACKS, "appeal"))
    with pytest.raises(Malformed, match="appeal"):
        transition_checks.check(transitions.written())


def test_a_clock_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    process = transitions.written()
    monkeypatch.setattr(case_clock, "RULES", (*case_clock.RULES, "reply.second"))
    with pytest.raises(Malformed, match=r"reply\.second"):
        transition_checks.check(process)


def test_a_clock_that_is_not_listed() -> None:
    with pytest.raises(Malformed, match=r"reply\.second"):
        case_clock.CaseClock("reply.second", "organ", None, "running")  # type: ignore[arg-type]


def test_a_rule_of_the_check_without_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(rules.TESTS, "number")
    rules.rules.cache_clear()
    try:
        with pytest.raises(Malformed, match="number"):
            rules.rules()
    finally:
        rules.rules.cache_clear()


def test_a_form_of_the_alerts_without_its_option_or_its_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as forgotten:
        forgotten.setitem(terminal.WRITERS, "ods", terminal.WRITERS["xlsx"])
        assert "ods" in disclosure("alerts").err
    monkeypatch.delitem(terminal.WRITERS, "ics")
    assert "ics" in disclosure("alerts").err


def test_a_command_that_is_listed_and_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(all_commands.COMMANDS, "registers", ("register", "help"))
    with pytest.raises(Malformed, match="registers"):
        all_commands.command("roll")


def test_a_command_that_is_written_and_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(all_commands.COMMANDS, "search")
    with pytest.raises(Malformed, match="search"):
        all_commands.command("roll")


def test_a_command_without_a_chinese_name_and_a_name_without_a_command() -> None:
    with pytest.raises(Malformed, match="COMMANDS names ledger.*chinese_names"):
        chinese_names.check([*all_commands.COMMANDS, "ledger"])
    with pytest.raises(Malformed, match="chinese_names.*names search"):
        chinese_names.check(without("search")(all_commands.COMMANDS))
    with pytest.raises(Malformed, match="chinese_names.*dispatch"):
        chinese_names.by_name({"receive": ("receive", "收件")})


def test_an_act_that_is_found_as_a_kind_of_text_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    acts = changed(act_tables.acts(), lambda table: table["extend"]["searched"].update(kind="gossip"))
    monkeypatch.setattr(act_tables, "acts", lambda: acts)
    with pytest.raises(Malformed, match="extend.*gossip"):
        search_index.text_kinds.__wrapped__()


def test_a_rule_of_good_order_has_its_words_once() -> None:
    house = act_tables.bundled()["process"]["house"]
    transition_checks.check_house(house)
    with pytest.raises(Malformed, match=r"house\.order.*settings\.toml"):
        transition_checks.check_house([*house, "order"])


def test_a_setting_that_nothing_asks_for_and_one_that_no_table_has() -> None:
    whole = dict(law.bundled().tables)
    more = changed(
        whole, lambda table: table["settings"]["setting"].update(x=table["settings"]["setting"]["binding"])
    )
    less = changed(whole, lambda table: table["settings"]["setting"].pop("binding"))
    assert [one.where for one in checks.everything(more) if not one.ok] == ["settings: x"]
    assert [one.where for one in checks.everything(less) if not one.ok] == ["settings: binding"]


def test_an_act_that_names_an_unknown_state_clock_or_card_is_named_itself() -> None:
    raw = copy.deepcopy(act_tables.bundled()["process"])
    line = next(line for line in raw["case"] if line[0] == "extend")
    line[1] = "recieved"
    with pytest.raises(Malformed, match="case/extend.*recieved"):
        transitions.build(raw, naming.all_names())
    process = transitions.bundled()
    rows = [replace(row, clock="stop:replies") if row.event == "extend" else row for row in process.rows]
    with pytest.raises(Malformed, match="extend.*replies"):
        transition_checks.check(replace(process, rows=tuple(rows)))
    with pytest.raises(Malformed, match="extend.*roof"):
        act_table_checks.check_cards({"extend": {"chart": "roof@in_hand"}}, {"time"})


def test_every_command_is_written_where_it_is_listed() -> None:
    for name in all_commands.COMMANDS:
        assert all_commands.command(name).name == name


def test_a_setting_that_no_table_has_is_refused() -> None:
    office = profile.Office(1, "jz", "江州市民政局", {})
    assert office.context().setting("online_receipt") == "earlier"
    assert office.entry("channels") == []
    with pytest.raises(NotFound, match="online_reciept"):
        office.context().setting("online_reciept")
    with pytest.raises(Malformed, match="chanels"):
        office.entry("chanels")


def test_a_setting_without_clocks_that_no_table_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "NO_CLOCK", (*context.NO_CLOCK, "payment"))
    with pytest.raises(Malformed, match="payment"):
        assert profile.Office(1, "jz", "江州市民政局", {}).context().basis
