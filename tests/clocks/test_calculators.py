"""Calculators without a case: deadlines, fees, the law on a day, the calendar of a year, on the command
line.
"""

from __future__ import annotations

import ast
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests import builders, notices
from tests.counter import disclosure
from workflow import calendar, clocks
from workflow.base.errors import Malformed
from workflow.clocks import asked

KEYS = [
    "rule",
    "from",
    "due",
    "unit",
    "length",
    "instrument",
    "article",
    "status",
    "provisional",
    "derivation",
]
# Every rule: the day of the event, the last day, unit, number, provision.
CASES = {
    "reply": ("2026-03-02", "2026-03-30", "working_day", 20, "ogi2019:33.2"),
    "correction-notice": ("2026-03-02", "2026-03-11", "working_day", 7, "ogi2019:30"),
    "third-party-opinion": ("2026-03-02", "2026-03-23", "working_day", 15, "ogi2019:32"),
    "co-maker-opinion": ("2026-03-02", "2026-03-23", "working_day", 15, "ogi2019:34"),
    "fee-payment": ("2026-03-02", "2026-03-30", "working_day", 20, "fee2020:6"),
    "reconsideration": ("2026-03-02", "2026-05-06", "day", 60, "arl2023:20.1"),
    "litigation": ("2026-03-02", "2026-09-02", "month", 6, "all2014:46.1"),
    "litigation-after-reconsideration": ("2026-03-02", "2026-03-17", "day", 15, "all2014:45"),
    "reconsideration-inaction": ("2026-06-30", "2026-08-31", "day", 60, "arl2023:20.1"),
    "litigation-inaction": ("2026-06-30", "2026-12-30", "month", 6, "spc2018:66"),
    "litigation-review-silent": ("2026-03-02", "2026-03-17", "day", 15, "all2014:45"),
    "reconsideration-absolute": ("2024-01-02", "2029-01-02", "year", 5, "arl2023:21"),
    "litigation-absolute": ("2021-03-02", "2026-03-02", "year", 5, "all2014:46.2"),
}


@pytest.fixture(autouse=True)
def english(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_LANG", "en")


def test_every_rule_has_its_case_and_its_name() -> None:
    assert set(CASES) == set(clocks.RULES) == set(asked.NAMES)


@pytest.mark.parametrize(
    ("rule", "start", "spans", "due", "code"),
    [
        # A suit dismissed because reconsideration goes first: from the suit to service, both included.
        ("reconsideration", "2026-07-10", ["2026-08-01..2026-09-10"], "2026-10-19", 0),
        ("reconsideration", "2026-07-10", ["2026-07-01..2026-07-10"], "2026-09-08", 0),
        ("reconsideration", "2026-07-10", ["2026-09-09..2026-09-20"], "2026-09-08", 0),
        (
            "reconsideration",
            "2026-07-10",
            ["2026-08-01..2026-09-10", "2026-09-20..2026-09-21"],
            "2026-10-21",
            0,
        ),
        # The Implementing Regulations of 2026 say it from 2026-07-01 on.
        ("reconsideration", "2026-05-11", ["2026-06-01..2026-06-30"], None, 1),
        ("reconsideration", "2026-05-11", ["2026-06-01..2026-07-01"], "2026-08-10", 0),
        # A promise of the organ, mediation: the time lost is not counted.
        ("litigation", "2026-05-11", ["2026-06-01..2026-06-30"], "2026-12-11", 0),
        ("litigation", "2015-04-29", ["2015-05-01..2015-05-10"], "2015-11-09", 0),
        ("litigation", "2014-05-11", ["2014-06-01..2014-06-30"], None, 1),
    ],
)
def test_days_on_which_somebody_was_kept_from_a_remedy(
    rule: str, start: str, spans: list[str], due: str | None, code: int
) -> None:
    words = [word for span in spans for word in ("--excluded", span)]
    said = disclosure("deadline", rule, "--from", start, *words, "--json")
    assert said.code == code, said.out + said.err
    if due is not None:
        assert said.json["due"] == due


@pytest.mark.parametrize("rule", CASES)
def test_a_deadline_as_json(rule: str) -> None:
    start, due, unit, length, article = CASES[rule]
    said = disclosure("deadline", rule, "--from", start, "--json")
    assert said.code == 0
    found = said.json
    assert list(found) == KEYS
    assert [found[key] for key in ("rule", "from", "due", "unit", "length", "article")] == [
        rule,
        start,
        due,
        unit,
        length,
        article,
    ]
    assert found["instrument"] == article.partition(":")[0]
    assert found["status"] in ("V", "V*", "M", "C", "U")
    assert found["provisional"] is (start == "2024-01-02"), "five years hence nothing is announced"
    assert found["derivation"][0]["date"] == start
    assert found["derivation"][-1]["date"] == due


@pytest.mark.parametrize("rule", CASES)
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_deadline_for_a_person(rule: str, lang: str) -> None:
    said = disclosure("deadline", rule, "--from", CASES[rule][0], "--lang", lang)
    assert said.code == 0
    assert said.out.splitlines()[0] == CASES[rule][1]
    assert "◆" in said.out
    told = ("compared with its text", "held to be right", "inferred")
    assert any(words in said.out for words in told) == (lang == "en")


def test_the_law_of_the_day() -> None:
    old = disclosure("deadline", "reply", "--from", "2019-05-14", "--json").json
    new = disclosure("deadline", "reply", "--from", "2019-05-15", "--json").json
    assert (old["length"], old["instrument"], new["length"], new["instrument"]) == (
        15,
        "ogi2008",
        20,
        "ogi2019",
    )


def test_the_knowledge_of_the_day() -> None:
    def due(*more: str) -> str:
        found = disclosure("deadline", "reply", "--from", "2020-01-20", "--json", *more).json["due"]
        return str(found)

    assert due("--as-known-on", "2020-01-20") == "2020-02-21"
    assert due("--as-known-on", "2020-02-01") == due() == "2020-02-25"


def test_extension_and_consultation() -> None:
    def ask(*more: str) -> dict[str, object]:
        found: dict[str, object] = disclosure(
            "deadline", "reply", "--from", "2026-03-02", "--json", *more
        ).json
        return found

    extended = ask("--extended")
    assert (extended["due"], extended["length"]) == ("2026-04-28", 40)
    once = ask("--excluded", "2026-03-06..2026-03-20")
    assert once["due"] == "2026-04-15"
    # Two that overlap are counted once, in whatever order they stand.
    spans = ("2026-03-06..2026-03-13", "2026-03-10..2026-03-20")
    for first, second in (spans, spans[::-1]):
        assert ask("--excluded", first, "--excluded", second)["due"] == once["due"]
    derivation = once["derivation"]
    assert isinstance(derivation, list)
    assert sum(step["counted"] for step in derivation) == 20
    assert sum(step["reason"] == "window" for step in derivation) == 11


def test_past_the_last_notice_a_deadline_is_provisional() -> None:
    start = f"{notices.ANNOUNCED.year}-12-20"
    said = disclosure("deadline", "reply", "--from", start)
    assert "PROVISIONAL" in said.out
    found = disclosure("deadline", "reply", "--from", start, "--json").json
    assert found["provisional"] is True
    assert found["derivation"][-1]["date"] > notices.ANNOUNCED.isoformat()
    listed = disclosure("deadline", "reply", "--from", "-", stdin=start + "\n")
    assert listed.out.endswith(f"{start},{found['due']},true\n")


def test_many_days() -> None:
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(400)]
    said = disclosure("deadline", "reply", "--from", "-", stdin="\n".join(map(str, days)) + "\n\n")
    assert said.code == 0
    head, *rows = said.out.splitlines()
    assert head == "from,due,provisional"
    cal = calendar.known()
    assert rows == [f"{day},{cal.add(day, 20)},false" for day in days]


# --- what cannot be


@pytest.mark.parametrize(
    ("words", "code", "kind", "field"),
    [
        (["reply", "--from", "2026-02-30"], 2, "malformed", "from"),
        (["reply", "--from", "someday"], 2, "malformed", "from"),
        (["reply", "--from", ""], 2, "malformed", "from"),
        (["replies", "--from", "2026-03-02"], 3, "not_found", "rule"),
        (["reply", "--from", "2008-04-30"], 1, "out_of_law", "from"),
        (["reply", "--from", "2400-01-01"], 1, "out_of_law", "from"),
        (["fee-payment", "--from", "2020-12-31"], 1, "out_of_law", "from"),
        (["reconsideration", "--from", "9999-12-31"], 1, "out_of_law", "from"),
        (["reply", "--from", "2026-03-02", "--excluded", "2026-03-05"], 2, "malformed", "excluded"),
        (
            ["reply", "--from", "2026-03-02", "--excluded", "2026-03-05..2026-02-30"],
            2,
            "malformed",
            "excluded",
        ),
        (
            ["reply", "--from", "2026-03-02", "--excluded", "2026-03-06..2026-03-05"],
            2,
            "malformed",
            "excluded",
        ),
        (
            ["reply", "--from", "2026-03-02", "--excluded", "2026-03-01..2026-03-05"],
            2,
            "malformed",
            "excluded",
        ),
        (["litigation", "--from", "2026-03-02", "--extended"], 2, "malformed", "extended"),
        (
            ["fee-payment", "--from", "2026-03-02", "--excluded", "2026-03-05..2026-03-06"],
            2,
            "malformed",
            "excluded",
        ),
        (["reply", "--from", "2026-03-02", "--as-known-on", "2026-02-30"], 2, "malformed", "as-known-on"),
        (["reply", "--from", "2026-03-02", "--as-known-on", "2001-01-01"], 1, "out_of_law", "as_known_on"),
    ],
)
def test_what_cannot_be_computed(words: list[str], code: int, kind: str, field: str) -> None:
    said = disclosure("deadline", *words, "--json")
    assert (said.code, said.out) == (code, "")
    assert (said.fault["kind"], said.fault["field"]) == (kind, field)
    assert "{" not in said.fault["message"]


def test_before_the_law_names_parameter_day_and_first_day() -> None:
    message = disclosure("deadline", "reply", "--from", "2007-03-01", "--json").fault["message"]
    assert all(part in message for part in ("reply.limit", "2007-03-01", "2008-05-01"))


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [("2026-03-02\n\n2026-02-30\n2026-03-03\n", 2, 3), ("2026-03-02\n2007-01-01\n", 1, 2), ("from\n", 2, 1)],
)
def test_a_bad_line_ends_a_list_and_half_of_it_is_not_printed(lines: str, code: int, line: int) -> None:
    said = disclosure("deadline", "reply", "--from", "-", "--json", stdin=lines)
    assert (said.code, said.out) == (code, "")
    assert said.fault["field"] == f"line {line}"


def test_an_unknown_rule_is_said_before_the_list_is_read() -> None:
    said = disclosure("deadline", "replies", "--from", "-", "--json", stdin="no day\n")
    assert (said.code, said.out, said.fault["field"]) == (3, "", "rule")


# --- fees


@pytest.mark.parametrize(
    ("words", "amount", "article"),
    [
        (["by-page", "30"], 0, "fee2020:5"),
        (["by-page", "57"], 270, "fee2020:5"),
        (["by-page", "0"], 0, "fee2020:5"),
        (["by-item", "10"], 0, "fee2020:4.2"),
        (["by-item", "11"], 100, "fee2020:4.2"),
        (["by-item", "12", "--already", "5"], 700, "fee2020:4.2"),
        (["by-item", "1", "--already", "10"], 100, "fee2020:4.2"),
    ],
)
def test_fees(words: list[str], amount: int, article: str) -> None:
    found = disclosure("fee", *words, "--json").json
    assert (found["amount_yuan"], found["article"]) == (amount, article)
    assert sum(band["yuan"] for band in found["bands"]) == amount
    assert str(amount) in disclosure("fee", *words).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["by-page", "-1"], 2),
        (["by-page", "many"], 2),
        (["by-item", "2", "--already", "-1"], 2),
        (["by-item", "2", "--on", "2020-12-31"], 1),
        (["by-page", "2", "--on", "2026-02-30"], 2),
        (["by-page", "100001"], 2),
    ],
)
def test_fees_that_are_none(words: list[str], code: int) -> None:
    said = disclosure("fee", *words, "--json")
    assert (said.code, said.out) == (code, "")


# --- the law


def test_the_law_at_a_day() -> None:
    found = {one["id"]: one for one in disclosure("law", "at", "2018-06-01", "--json").json}
    assert (found["reply.limit"]["value"], found["reply.limit"]["article"]) == (15, "ogi2008:24.2")
    assert "correction.notice" not in found
    assert "reply.limit" in disclosure("law", "at", "2018-06-01").out
    today = {one["id"]: one["value"] for one in disclosure("law", "at", "2026-01-01", "--json").json}
    assert today["reply.limit"] == 20


def test_the_law_before_its_first_day_is_an_error() -> None:
    said = disclosure("law", "at", "2007-01-01", "--json")
    assert (said.code, said.fault["kind"]) == (1, "out_of_law")
    assert all(part in said.fault["message"] for part in ("2007-01-01", "2008-05-01"))
    assert disclosure("law", "at", "2026-02-30").code == 2


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_history_of_a_value(lang: str) -> None:
    said = disclosure("law", "show", "reply.limit", "--lang", lang)
    assert "2008-05-01 – 2019-05-14  15" in said.out
    assert "2019-05-15" in said.out
    assert "http://www.gov.cn/" in said.out
    found = disclosure("law", "show", "reply.limit", "--json").json
    assert [one["value"] for one in found] == [15, 20]
    assert all(one["source"] and one["checked_on"] for one in found)
    assert disclosure("law", "show", "no.such.value").code == 3


def test_the_tables_hold() -> None:
    said = disclosure("law", "check", "--json")
    assert said.code == 0
    assert said.json["faults"] == []
    assert said.json["checked"] > 300


# --- the calendar


def test_the_calendar_of_a_year() -> None:
    found = {day["date"]: day for day in disclosure("calendar", "show", "2026", "--json").json}
    assert found["2026-01-04"]["kind"] == "make_up"
    assert found["2026-02-17"]["festival"] == "春节"
    assert found["2026-02-17"]["notice"] == "国办发明电〔2025〕7号"
    assert "make-up working day" in disclosure("calendar", "show", "2026").out
    assert "调休上班日" in disclosure("calendar", "show", "2026", "--lang", "zh_CN").out
    unknown = disclosure("calendar", "show", str(notices.YEAR), "--json").json
    assert {day["kind"] for day in unknown} == {"statutory"}


def test_the_calendar_as_it_was_known() -> None:
    def off(*more: str) -> set[str]:
        return {day["date"] for day in disclosure("calendar", "show", "2020", "--json", *more).json}

    assert off() - off("--as-known-on", "2020-01-20") >= {"2020-01-31", "2020-02-02"}


@pytest.mark.parametrize("words", [["1990"], ["2100"]])
def test_a_year_without_a_calendar(words: list[str]) -> None:
    assert disclosure("calendar", "show", *words, "--json").fault["kind"] == "out_of_law"


@pytest.mark.parametrize(
    ("month", "day", "severity", "code"),
    [(10, 31, "ok", 0), (11, 1, "warn", 0), (11, 30, "warn", 0), (12, 1, "fail", 6), (12, 31, "fail", 6)],
)
def test_next_year_s_notice_is_missed_in_time(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, month: int, day: int, severity: str, code: int
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    builders.found(sqlite_url).store.close()
    year = notices.ANNOUNCED.year
    with freeze_time(f"{year}-{month:02}-{day:02} 03:00:00"):
        said = disclosure("calendar", "check", "--json")
        doctor = {one["name"]: one for one in disclosure("doctor", "--json").json}["calendar"]
    assert (said.code, said.json["severity"]) == (code, severity)
    assert doctor["level"] == {"ok": "ok", "warn": "warning", "fail": "failure"}[severity]
    if severity != "ok":
        assert "calendar import" in said.json["text"]
        assert "calendar import" in doctor["remedy"]
        assert str(year + 1) in said.json["text"]
        assert str(year + 1) in doctor["detail"]


def test_a_year_begun_without_its_notice_is_a_failure() -> None:
    with freeze_time(f"{notices.YEAR}-02-01 03:00:00"):
        assert disclosure("calendar", "check").code == 6


def test_the_calculators_load_neither_the_database_nor_what_is_heavy() -> None:
    import subprocess
    import sys

    script = (
        "import sys, click.testing, cli; click.testing.CliRunner().invoke(cli.main, "
        "['deadline', 'reply', '--from', '2026-03-02']); print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in ast.literal_eval(done.stdout)}
    assert not loaded & {"sqlalchemy", "sqlmodel", "jinja2", "weasyprint", "babel", "alembic", "cryptography"}


@pytest.mark.parametrize(
    ("line", "unwanted"),
    [
        (
            ["--version"],
            ("workflow.procedure", "workflow.law", "workflow.calendar", "workflow.base.typed_words"),
        ),
        (["--help"], ("workflow.procedure.act_forms", "workflow.law", "workflow.calendar")),
        (
            ["draft", "--help"],
            ("workflow.procedure.act_facts", "workflow.commands.several", "workflow.casework"),
        ),
        (
            ["deadline", "reply", "--from", "2026-03-02"],
            (
                *("workflow.law.law", "workflow.law.entries", "workflow.law.eras", "workflow.calendar.days"),
                *("workflow.clocks.composition", "workflow.clocks.receipt", "workflow.base.typed_words"),
            ),
        ),
    ],
)
def test_a_command_that_needs_no_database_loads_only_what_it_is_about(
    line: list[str], unwanted: tuple[str, ...]
) -> None:
    import subprocess
    import sys

    script = (
        "import sys, click.testing, cli; print(click.testing.CliRunner().invoke(cli.main, sys.argv[1:]).exit_code, "
        "sorted(sys.modules))"
    )
    for _ in range(2):
        # The first may have to read the tables anew, and checks them.
        done = subprocess.run(
            [sys.executable, "-c", script, *line], capture_output=True, text=True, check=True, timeout=60
        )
    code, _, loaded = done.stdout.partition(" ")
    assert code == "0"
    assert not set(ast.literal_eval(loaded)) & set(unwanted)


def test_json_is_one_document() -> None:
    said = disclosure("deadline", "reply", "--from", "2026-03-02", "--json")
    assert json.loads(said.out)["due"] == "2026-03-30"


@pytest.mark.parametrize(
    ("rule", "start", "told", "due", "status", "note"),
    [
        # Not told: a year from knowledge of the content.
        ("litigation", "2026-08-03", "no", "2027-08-03", "V", "untold"),
        ("reconsideration", "2026-08-03", "no", "2027-08-03", "V", "untold"),
        # Told too long: it runs to its end; told too short: the lawful time stands.
        ("litigation", "2026-08-03", "1y", "2027-08-03", "V", "told_long"),
        ("litigation", "2026-08-03", "3m", "2027-02-03", "V", "told_short"),
        ("litigation-after-reconsideration", "2026-08-03", "30d", "2026-09-02", "V", "told_long"),
        # Before the interpretation of 2026 the same is inferred.
        ("litigation", "2026-04-30", "3m", "2026-10-30", "C", "told_short"),
        ("litigation", "2026-05-01", "3m", "2026-11-02", "V", "told_short"),
        # For reconsideration no text says what follows.
        ("reconsideration", "2026-08-03", "90d", "2026-10-08", "U", "told_wrong"),
        ("reconsideration", "2026-08-03", "organ", "2026-10-08", "U", "told_organ"),
    ],
)
def test_what_the_notice_told(rule: str, start: str, told: str, due: str, status: str, note: str) -> None:
    found = clocks.calculate(rule, date.fromisoformat(start), told=told)
    assert (found.due.isoformat(), found.status) == (due, status)
    assert note in found.notes


def test_what_the_notice_told_is_a_length_and_of_a_remedy() -> None:
    for rule, told in (("reply", "60d"), ("litigation", "six months"), ("litigation", "0d")):
        with pytest.raises(Malformed):
            clocks.calculate(rule, date(2026, 8, 3), told=told)


@pytest.mark.parametrize(
    ("start", "article"),
    [("2026-04-30", "all2014:45"), ("2026-05-01", "spc2026:6.1"), ("2026-05-02", "spc2026:6.1")],
)
def test_after_reconsideration_the_time_runs_from_service_since_may_2026(start: str, article: str) -> None:
    found = clocks.calculate("litigation-after-reconsideration", date.fromisoformat(start))
    assert (found.article, found.length) == (article, 15)
