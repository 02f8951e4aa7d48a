"""The process table: what it permits, compared with a reviewed list; and what a table is refused for.

tests/matrix/permitted.csv is what people have read and agreed to. Where the table is changed on purpose,
write it anew with `python -m tests.procedure.test_process` and read every line of the difference before it is
committed.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from workflow import law
from workflow.base.errors import Malformed
from workflow.procedure import act_forms, act_tables, acts, naming, transitions
from workflow.procedure.process import FINAL, NEW, Row

REVIEWED = Path(__file__).parent.parent / "matrix" / "permitted.csv"
HEAD = ("track", "role", "state", "acts")
P = transitions.bundled()
# Written by the program itself, or with commands of their own.
WITHOUT_SPEC = {
    "receive",
    "amend",
    "undo",
    "recompute",
    "reveal",
    "letter_made",
    "letter_signed",
    "mailed",
    "letter_lapsed",
    "pass_lapsed",
    "consulted",
    "contested",
    "joined",
    "separated",
    "take_over",
    "handed_back",
    "urged",
}


def rows_of(event: str) -> list[Row]:
    return [row for row in P.rows if row.event == event]


# --- what it permits


def _permitted() -> list[tuple[str, str, str, str]]:
    """(track, role, state, acts that it may begin there): one line each, also where there is none."""
    lines = []
    for track in dict.fromkeys(row.track for row in P.rows):
        for role in P.names["role"]:
            for state in (NEW, *P.states(track)):
                found = [row.event for row in P.from_state(track, state) if role in row.roles]
                lines.append((track, role, state, " ".join(dict.fromkeys(found))))
    return lines


def test_every_role_may_do_in_every_state_what_was_reviewed_and_nothing_else() -> None:
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        head, *reviewed = [tuple(line) for line in csv.reader(file)]
    assert head == HEAD
    now = _permitted()
    assert [line[:3] for line in reviewed] == [line[:3] for line in now], "a state or role came or went"
    differing = [(then, line[3]) for then, line in zip(reviewed, now, strict=True) if then != line]
    assert differing == [], "(reviewed, now)"


def test_an_auditor_changes_nothing() -> None:
    assert not any("auditor" in row.roles for row in P.rows)


def test_what_the_program_does_itself() -> None:
    """Letters; what one office's act writes in another's record; and, for a case that was passed on, what
    came from the public pages of the office that had passed it on.
    """
    assert {row.event for row in P.rows if "system" in row.roles} == {
        "letter_made",
        "letter_lapsed",
        "mailed",
        "pass_lapsed",
    }
    assert {row.event for row in P.rows if "below" in row.roles} == {"handed_back"}
    own = {"receive", "urged"}
    own |= {"correct", "attach", "note", "opinion_given", "serve", "letter_arrived"}
    assert {row.event for row in P.rows if "above" in row.roles} == own
    assert all(row.roles == ("system",) for row in rows_of("letter_made"))


def test_who_drafts_does_not_pass_return_or_approve() -> None:
    for event in ("pass_review", "return_draft"):
        assert all("not_the_drafter" in row.guard for row in rows_of(event))
        assert not any("handler" in row.roles for row in rows_of(event))


def test_each_step_of_review_is_passed_by_its_own_role() -> None:
    passing = {row.source: row.roles for row in rows_of("pass_review")}
    assert passing == {step.state: step.roles for step in P.steps}
    assert passing["legal_review"] == ("legal_reviewer",)
    assert passing["head_review"] == ("approver",)


def test_nothing_is_issued_that_was_not_approved() -> None:
    assert {row.source for row in rows_of("issue")} == {"approved"}
    assert {row.event for row in P.rows if row.track == "case" and row.dest == "approved"} <= {
        "submit",
        "pass_review",
        "void_reply",
        *(row.event for row in P.rows if not row.moves),
    }


def test_the_head_of_the_disclosure_office_consents_to_more_time() -> None:
    for event in ("extend", "undo_extension", "delay"):
        assert {row.roles for row in rows_of(event)} == {("approver",)}


def test_correction_lapse_and_fee_lapse_wait_for_service_and_the_last_day() -> None:
    for event in ("lapse_correction", "lapse_fee", "reasons_unanswered"):
        for row in rows_of(event):
            assert "notice_served" in row.guard
            assert any(guard.endswith("_overdue") for guard in row.guard)


def test_the_regulations_of_2008_know_neither_fees_nor_reasons_nor_deemed_withdrawal() -> None:
    unknown = {row.event for row in P.rows if row.basis("ogi2008", date(2018, 6, 1)) is None}
    assert {
        "ask_reasons",
        "give_reasons",
        "reasons_unanswered",
        "notify_fee",
        "pay_fee",
        "lapse_fee",
        "lapse_correction",
        "delay",
        "consult_co_maker",
    } == unknown


def test_silence_can_be_contested_in_every_state() -> None:
    for event in ("open_reconsideration", "open_suit"):
        assert {row.source for row in rows_of(event)} == set(P.states("case"))
        assert not any(row.moves for row in rows_of(event))


def test_what_is_recorded_about_the_file_changes_no_state() -> None:
    for event in ("attach", "note", "amend", "reveal", "letter_made", "letter_signed", "notice_reached"):
        assert {row.source for row in rows_of(event)} == set(P.states("case"))
        assert not any(row.moves for row in rows_of(event))


def test_of_several_rows_of_an_event_each_has_its_condition() -> None:
    places: dict[tuple[str, str, str], list[Row]] = {}
    for row in P.rows:
        places.setdefault((row.track, row.event, row.source), []).append(row)
    for rows in places.values():
        if len(rows) > 1:
            assert all(row.when for row in rows)
            assert len({row.when for row in rows}) == len(rows)


def test_every_end_is_an_end_of_work() -> None:
    """What leads on from the last state is a new decision (ordered, or the organ's own), a remedy, the care
    of the file, the end of an entry that is void, or an organ that hands back what it is not to answer.
    """
    leaving = {
        row.event for row in P.rows if row.track == "case" and row.source in FINAL["case"] and row.moves
    }
    assert leaving == {"redecide", "supplement_reply", "redo_reply", "void_case", "handed_back"}


# --- acts, names and provisions


def test_every_act_of_an_officer_is_an_event_and_the_reverse() -> None:
    events = {row.event for row in P.rows}
    assert set(act_forms.specs()) - events == set()
    assert events - set(act_forms.specs()) == WITHOUT_SPEC & events


def test_everything_has_a_name_in_both_languages() -> None:
    named = {
        "state": {state for row in P.rows for state in (row.source, row.dest)},
        "role": {role for row in P.rows for role in row.roles},
        "track": {row.track for row in P.rows},
        "event": {row.event for row in P.rows},
    }
    for kind, keys in named.items():
        for key in keys:
            names = P.names[kind][key]
            assert names["zh"].strip(), key
            assert names["en"].strip(), key
            assert any("\u4e00" <= char <= "\u9fff" for char in names["zh"]), key
            assert names["en"].isascii() or "’" in names["en"], key
    for kind in ("state", "role", "event"):
        for language in ("zh", "en"):
            said = [P.names[kind][key][language] for key in named[kind]]
            assert len(set(said)) == len(said), f"two of them have the same name ({kind}, {language})"


def test_every_act_has_help_and_an_example_in_both_languages() -> None:
    for event, spec in act_forms.specs().items():
        assert spec.zh.endswith("。"), event
        assert spec.en.endswith("."), event
        assert spec.example.startswith(f"disclosure {spec.command} "), event
        for field in spec.fields:
            assert field.zh, event
            assert field.en, event


def test_every_provision_can_be_cited() -> None:
    book = law.bundled()
    refs = {ref for row in P.rows for ref in row.articles}
    refs |= {ref for basis in P.guard_basis.values() for ref in basis}
    for ref in {listed.rpartition("=")[2] for listed in refs} - {"-"}:
        if not ref.startswith("house:"):
            assert book.citation(ref).zh
        else:
            assert all(P.house[ref.removeprefix("house:")])


def test_every_reason_and_guard_is_used() -> None:
    """What nothing refers to is a leftover."""
    refs = {ref.rpartition("=")[2] for row in P.rows for ref in row.articles}
    refs |= {ref.rpartition("=")[2] for basis in P.guard_basis.values() for ref in basis}
    asked = {guard for row in P.rows for guard in row.guard}
    assert asked - set(P.guard_basis) == set()
    assert asked <= set(acts.GUARDS)
    assert {guard for guard in acts.GUARDS if guard not in asked} == set()


# --- what a table is refused for


def raw() -> dict[str, Any]:
    return copy.deepcopy(act_tables.bundled()["process"])


def line_of(table: dict[str, Any], event: str, track: str = "case") -> list[str]:
    return next(line for line in table[track] if line[0] == event)


def cell(event: str, column: str, value: str, track: str = "case") -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        line_of(table, event, track)[table["columns"].index(column)] = value

    return change


def _drop(event: str, track: str = "case") -> Callable[[dict[str, Any]], None]:
    return lambda table: table[track].remove(line_of(table, event, track))


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "unknown role": (cell("assign", "roles", "registrar|king"), "names.toml has no role 'king'"),
    "nobody may": (cell("assign", "roles", ""), "nobody may do it"),
    "unknown state": (cell("assign", "dest", "asigned"), "names.toml has no state 'asigned'"),
    "unknown source": (cell("assign", "source", "registred"), "names.toml has no state 'registred'"),
    "unknown guard": (cell("assign", "guard", "sober"), "has a table [guard.sober] with its provision"),
    "guard without a function": (
        lambda t: (cell("assign", "guard", "sober")(t), t["guard"].update(sober=["ogi2019:33"])),
        "no function of workflow/procedure/acts/*.py is the guard 'sober'",
    ),
    "guard without a provision": (
        lambda t: t["guard"].pop("not_extended"),
        "has a table [guard.not_extended]",
    ),
    "guard with an empty provision": (
        lambda t: t["guard"].update(not_extended=[]),
        "the table [guard.not_extended] names no provision",
    ),
    "unknown condition": (cell("assign", "when", "full_moon"), "is the condition 'full_moon'"),
    "unknown clock effect": (cell("assign", "clock", "rewind:reply.limit"), "unknown clock effect"),
    "no article": (cell("assign", "article", ""), "neither an article nor a reason"),
    "a reason that is not given": (cell("assign", "article", "house:whim"), "has the reason [house.whim]"),
    "a reason taken away": (lambda t: t["house"].pop("withdraw"), "has the reason [house.withdraw]"),
    "a cell too few": (lambda t: line_of(t, "assign").pop(), "it has 8 columns, not 9"),
    "a cell too many": (lambda t: line_of(t, "assign").append(""), "it has 10 columns, not 9"),
    "a state that nothing leads to": (_drop("come_back"), "no event of the track 'case' leads to this state"),
    "a lost case": (cell("lapse_correction", "dest", "sent"), "dead end"),
    "a sub-track that nothing begins": (_drop("consulted", "consultation"), "leads to this state"),
    "a remedy that never ends": (_drop("remedy_decided", "remedy"), "leads to this state"),
    "an unknown condition of a review step": (
        lambda t: t["review"]["step"][1].update(condition="on_mondays"),
        "unknown condition 'on_mondays'",
    ),
    "a review step of an unknown role": (
        lambda t: t["review"]["step"][1].update(roles="king"),
        "no role 'king'",
    ),
    "a review step without an article": (
        lambda t: t["review"]["step"][1].update(article=""),
        "neither an article nor a reason",
    ),
}


@pytest.fixture
def _english(language: Callable[[str], None]) -> None:
    language("en")


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_table_is_refused_with_its_place(name: str) -> None:
    change, reason = REFUSED[name]
    table = raw()
    change(table)
    with pytest.raises(Malformed) as caught:
        transitions.build(table, naming.all_names())
    assert reason in str(caught.value)
    assert "{" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.usefixtures("_english")
def test_the_place_is_file_track_act_and_states() -> None:
    table = raw()
    cell("assign", "roles", "king")(table)
    with pytest.raises(Malformed, match="division.toml: case/assign registered→assigned"):
        transitions.build(table, naming.all_names())


def test_the_table_as_it_is_is_accepted() -> None:
    assert transitions.build(raw(), naming.all_names()).rows == P.rows


# --- the route of review


def test_the_route_may_be_shortened_in_the_table_alone() -> None:
    table = raw()
    del table["review"]["step"][0]
    table["case"] = [
        [*line[:1], "|".join(s for s in line[1].split("|") if s != "section_review"), *line[2:]]
        for line in table["case"]
        if line[1] != "section_review"
    ]
    short = transitions.build(table, naming.all_names())
    assert "section_review" not in short.states("case")
    assert ("submit", "drafting", "legal_review") in {(r.event, r.source, r.dest) for r in short.rows}


def test_the_route_leads_from_the_draft_through_each_step_to_the_approval() -> None:
    places = ["drafting", *(step.state for step in P.steps), "approved"]
    steps = {(row.source, row.dest) for row in P.rows if row.event in ("submit", "pass_review")}
    assert set(pairwise(places)) <= steps
    assert all(places.index(source) < places.index(dest) for source, dest in steps)


def test_a_state_before_the_beginning_is_never_reached_again() -> None:
    assert not any(row.dest == NEW for row in P.rows)


def test_the_verdict_on_the_table_is_given_anew_when_a_guard_changes() -> None:
    modules = set(Path(acts.__file__).parent.glob("*.py"))
    assert modules <= set(transitions.SOURCES)


def lines() -> Iterator[tuple[str, ...]]:
    yield HEAD
    yield from _permitted()


if __name__ == "__main__":
    with REVIEWED.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(lines())
