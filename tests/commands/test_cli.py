"""The command line: every command with help, an example and JSON; missing and unknown values; exit statuses;
completion.
"""

from __future__ import annotations

import functools
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

import cli
from tests import builders, mailserver, pages, preloaded, signingkey
from tests.builders import BY_ROLE, FACTS, LATE, RECEIVED, ROADS, Place, road_to
from tests.calendar.test_calendar_import import OFF, WORK, csv_text
from tests.counter import Said, disclosure
from workflow.base import messages
from workflow.base.text_width import width
from workflow.drafting import own_wording, specimen_files
from workflow.jobs import queue
from workflow.procedure import act_facts, act_forms, chart, process, transitions
from workflow.reports.law import book
from workflow.storage import file_store
from workflow.upkeep import key_custody, verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "pages_once")

ROOT = Path(__file__).parent.parent.parent
RULES = transitions.bundled()
# Of the applicants of all tests; nobody looks at these without leaving a record.
SECRETS = ("320500199001010017", "平安路")
SPECS = act_forms.specs()


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words by which it is called."""
    ctx = click.Context(group, info_name="disclosure")
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = {" ".join(path): command for path, command in leaves(cli.main)}


@pytest.fixture
def place(sqlite_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    monkeypatch.chdir(tmp_path)
    made = builders.found(sqlite_url)
    yield made
    made.store.close()


# --- help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_in_both_languages(name: str) -> None:
    said = {lang: disclosure(*name.split(), "--help", "--lang", lang) for lang in messages.LANGUAGES}
    assert all(one.code == 0 and not one.err for one in said.values())
    assert f"disclosure {name} " in said["en"].out
    assert "Example:" in said["en"].out
    assert "Example" not in said["zh_CN"].out
    assert "Usage" not in said["zh_CN"].out
    assert f"disclosure {name}" in "".join(
        said["zh_CN"].out.split("示例")[1:] or said["zh_CN"].out.splitlines()[2:]
    )
    assert any("\u4e00" <= char <= "\u9fff" for char in said["zh_CN"].out.splitlines()[2])
    assert "--json" in said["en"].out
    assert all(width(line) <= 80 for one in said.values() for line in one.out.splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_typed(name: str) -> None:
    """The example of each command is of that command, and its options and values are read without
    complaint.
    """
    example = getattr(COMMANDS[name], "example", "")
    words = shlex.split(example)
    assert words[: len(name.split()) + 1] == ["disclosure", *name.split()]
    with click.Context(cli.main, info_name="disclosure") as above:
        given = COMMANDS[name].make_context(name, words[len(name.split()) + 1 :], parent=above).params
    if name in {spec.command for spec in SPECS.values()}:
        event = next(event for event, spec in SPECS.items() if spec.command == name)
        facts = {
            field.name: given[field.name]
            for field in SPECS[event].fields
            if given[field.name] not in (None, ())
        }
        assert act_facts.facts(event, facts) is not None


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["office", "--help"], ["process"], ["--version"]])
def test_what_is_shown_without_a_database(words: list[str], home: Path) -> None:
    said = disclosure(*words)
    assert said.code in (0, 2)
    assert said.out or said.err
    assert not (home / "data").exists()


def test_the_language_of_messages(place: Place) -> None:
    number = place.bring("registered")
    english = disclosure("show", number, "--as", "registrar", "--lang", "en").out
    chinese = disclosure("show", number, "--as", "registrar", "--lang", "zh_CN").out
    assert "registered" in english
    assert "已登记" in chinese
    assert "已登记" in disclosure("--lang", "zh_CN", "show", number, "--as", "registrar").out
    for lang, word in (("en", "There is no case"), ("zh_CN", "没有")):
        assert word in disclosure("show", "99", "--as", "registrar", "--lang", lang).err


# --- JSON


def options(facts: dict[str, Any]) -> list[str]:
    """Facts as they are typed."""
    words: list[str] = []
    for name, value in facts.items():
        for one in value if isinstance(value, list) else [value]:
            text = (RECEIVED + one).isoformat() if isinstance(one, timedelta) else str(one)
            words += ["--" + name.replace("_", "-"), text.replace("by_page", "by-page")]
    return words


_TRACKS = {"consultation": "in_hand", "remedy": "served"}


# Those whose time begins years after the filing are tried in test_archive; that which needs a second approver
# in tests/procedure/test_letter_life.py; that of an organ to which something was passed on in
# tests/casework/test_routing.py, and the answer to the office above in test_urging.py beside it.
LATER = ("propose_destruction", "destroy", "approve_letter", "hand_back", "answer_urging")


@pytest.mark.parametrize("event", [event for event in SPECS if event not in (*LATER, "answer_jointly")])
def test_every_act_by_command_in_json(place: Place, event: str) -> None:
    row = next(row for row in RULES.rows if row.event == event and row.source != process.NEW)
    if row.track == "case":
        road = road_to(event, next(name for name in ROADS if name.split(" ")[0] == row.source))
    elif row.track == "consultation":
        road = [*ROADS["in_hand"], ("handler", "consult_third_party", 5, {"name": "甲公司"})]
        if row.source == "answered":
            road.append(("handler", "opinion_given", 9, {"no": 1, "answer": "object"}))
    else:
        road = [*ROADS["served"], ("registrar", "open_suit", 11, {"kind": "direct", "body": "法院"})]
        if row.source in ("decided", "appealed"):
            road.append(("legal", "remedy_decided", 12, {"no": 1, "result": "claims_dismissed"}))
        if row.source == "appealed":
            road.append(("legal", "appeal", 12, {"no": 1, "by": "applicant"}))
    number = place.begin(road)
    if event in ("link", "join"):
        place.receive()
    if event == "route":
        place.organ_below()
    place.walk(number, road)
    place.made()
    version = place.row(number)["version"]
    last = place.case(number).last_on or RECEIVED
    parts = [part.received for part in place.case(number).remedies]
    on = max(RECEIVED + timedelta(days=LATE.get(event, 12)), last, *parts, RECEIVED)
    officer = BY_ROLE[next(role for role in row.roles)]
    said = disclosure(
        SPECS[event].command,
        number,
        *options(FACTS.get(event, {})),
        "--on",
        on.isoformat(),
        "--as",
        officer,
        "--office",
        "jz",
        "--expect",
        str(version),
        "--later",
        "--json",
    )
    assert said.code == 0, said.err
    assert not any(one in said.out + said.err for one in SECRETS)
    done = json.loads(said.out)
    assert (done["case"], done["event"], done["on"], done["officer"]) == (
        number,
        event,
        on.isoformat(),
        officer,
    )
    # Letters that the act made untrue lapse by an entry of their own.
    lapsed = builders.entries(place, number)[-1].event == "letter_lapsed"
    assert done["version"] == version + 1 + lapsed
    assert done["article"]
    assert len(done["entry"]["hash"]) == 64
    assert all(clock["due"] and clock["article"] for clock in done["clocks"])
    again = disclosure(
        SPECS[event].command,
        number,
        *options(FACTS.get(event, {})),
        "--on",
        on.isoformat(),
        "--as",
        officer,
        "--office",
        "jz",
        "--expect",
        str(version),
        "--later",
        "--json",
    )
    assert (again.code, again.fault["kind"]) == (4, "conflict")
    verify_record.verify(place.store, place.desk().office)


# Tried where there is mail of which it is not known whether it went out (tests/delivery/test_mailing.py), and
# on PostgreSQL with its queue (tests/jobs/test_worker.py).
# The service is tried in tests/service, roles of PostgreSQL in tests/upkeep/test_database_rights.py.
# What a witness does and what comes back from him: tests/evidence. What hides personal data: test_masking.py.
# What asks at a terminal: test_guided.py. The practice office: tests/upkeep.
ELSEWHERE = {
    "do",
    "practice",
    "letter mask",
    "mail retry",
    "mail confirm",
    "worker",
    "evidence cosign",
    "evidence accept",
    "evidence timestamp",
    # Serves until it is stopped; deals with what came from outside: tests/web.
    "web public",
    "web board",
    "board import",
    "database grants",
    "web settle",
} | {f"service {name}" for name in ("install", "run", "start", "status", "stop")}


def lines(place: Place, folder: Path, mail_port: int) -> dict[str, list[list[str]]]:
    """Of every other command, lines that succeed."""
    (folder / "office.toml").write_text(builders.toml_of(builders.office_file("yz")), encoding="utf-8")
    (folder / "a.pdf").write_bytes(b"%PDF")
    (folder / "guide.md").write_text("《中华人民共和国政府信息公开条例》第三十三条\n", encoding="utf-8")
    (folder / "change.toml").write_text(
        'title = "示例"\npromulgated = 2027-01-05\neffective = 2027-03-01\n[[amend]]\nid = "reply.limit"\nvalue = 15\n',
        encoding="utf-8",
    )
    (folder / "track.csv").write_text("邮件号,状态,日期\n", encoding="utf-8")
    (folder / "a.csv").write_text(
        "申请人,申请渠道,签收日期,申请内容\n王五,post,2026-03-02,某信息", encoding="utf-8"
    )
    (folder / "2027.csv").write_text(csv_text(OFF, WORK), encoding="utf-8")
    number = place.bring("served")
    drafted, approved = place.bring("drafting"), place.bring("approved")
    issued = place.bring("issued")
    _own_words(place, folder)
    contested = place.bring("dispatched")
    place.act("legal", "open_reconsideration", contested, "2026-04-07", body="江南省民政厅")
    changed = place.bring("dispatched")
    place.act("legal", "open_suit", changed, "2026-04-07", kind="direct", body="江州市姑江区人民法院")
    place.act("head", "redo_reply", changed, "2026-04-08", reasons="适用依据错误")
    archived, over = place.bring("filed"), place.bring("filed", variant="filed unhandled", on=builders.OLD)
    place.act("archivist", "propose_destruction", over, builders.TODAY, why="期满")
    # A year with a national form of the report has to be over before it is closed.
    place.receive(date(2025, 3, 3))
    registrar, head = ["--as", "registrar", "--office", "jz"], ["--as", "head", "--office", "jz"]
    handler = ["--as", "handler", "--office", "jz"]
    empty = f"sqlite:///{folder / 'empty.db'}"
    shares = key_custody.split(place.desk("head"), folder, needed=2, persons=["赵", "钱"])["shares"]
    return {
        "init": [["--office", "office.toml"]],
        "upgrade": [[]],
        "backup": [["all.zip"], ["--to", str(folder), "--unencrypted"]],
        "restore": [["all.zip", "--db", empty], ["all.zip", "--check"]],
        "drill": [head, ["--backup", "all.zip", *head]],
        "doctor": [[]],
        "completion": [["bash"], ["zsh"], ["fish"]],
        "precedent import": [[str(ROOT / "tests/precedents/001-sanya-eia.toml"), *handler]],
        "precedent list": [head, ["--fault", "no_article", *head]],
        "precedent find": [["环评", *head]],
        "precedent show": [["001", *head]],
        "precedent release": [["001", *head]],
        "precedent propose": [
            [number, "--title", "甲", "--request", "乙", "--holding", "丙", "--result", "organ_won", *handler]
        ],
        "precedent take": [["2", *head]],
        "precedent export": [["--out", "precedents.json", *head]],
        "precedent remove": [["2", "--reason", "重复", *head]],
        "guidance check": [["guide.md", "--on", "2026-03-02"]],
        "guidance keep": [["guide.md", *handler]],
        "guidance list": [head],
        "guidance show": [["1", *head]],
        "guidance release": [["1", *head]],
        "guidance remove": [["guide", "--reason", "不再使用", *head]],
        "phrase add": [["--outcome", "granted", "--text", "现予公开", "--name", "公开", *head]],
        "phrase adopt": [[number, "--field", "means", "--name", "提供方式", *head]],
        "phrase list": [head, ["--outcome", "granted", *head]],
        "phrase find": [["公开", *head]],
        "phrase show": [["公开", *head]],
        "phrase remove": [["公开", "--reason", "不再使用", *head]],
        "similar": [[number, *head]],
        "verify": [[], ["--files"]],
        "urge": [registrar],
        "alerts": [
            ["--kind", "soon", *registrar],
            ["--kind", "idle", "--csv", str(folder / "alerts.csv"), *registrar],
        ],
        "today": [registrar, ["--out", "today.html", *registrar]],
        "digest": [registrar],
        "receive": [
            [
                "--channel",
                "post",
                "--name",
                "张三",
                "--item",
                "名单",
                "--item",
                "报告",
                "--on",
                "2026-03-02",
                "--attach",
                "a.pdf",
                *registrar,
            ]
        ],
        "intake": [["a.csv", *registrar], ["a.csv", "--dry-run", *registrar]],
        "list": [
            registrar,
            ["--open", "--overdue", *registrar],
            ["--state", "served", "--text", "张三", "--limit", "1", *registrar],
        ],
        "show": [[number, *registrar]],
        "clocks": [[number, *registrar]],
        "history": [[number, *registrar]],
        "next": [[number, "--everything", *registrar], registrar],
        "letters": [[number, *registrar], [number, "--out", "letters", *registrar]],
        "work": [registrar],
        "amend": [[number, "--field", "applicant-name", "--to", "章三", "--reason", "笔误", *registrar]],
        "undo": [[number, "--dry-run", *head]],
        "reveal": [[number, "--reason", "核对地址", *registrar]],
        "fetch": [[f"2026-{int(archived[5:]) + 1:04d}", "a.pdf", "--out", "out.pdf", *registrar]],
        "explain": [[number, *registrar], [number, "--rule", "reply.limit", *registrar]],
        "recompute": [head, ["--apply", *head]],
        "office show": [registrar],
        "office set": [["fax", "0512-1", *head], ["settings.online_receipt", "confirmed", *head]],
        "office list": [[]],
        "officer list": [[], ["--office", "jz"]],
        "officer add": [["xin", "--name", "新人", "--roles", "handler,reviewer", "--unit", "ban", *head]],
        "evidence key": [head],
        "evidence checkpoint": [["--out", "c.txt", *head]],
        "evidence request": [["--old", "0", "--out", "r.txt", *head]],
        "evidence prove": [[number, "--out", "proofs", *head]],
        "evidence status": [head],
        "web key": [["--create", *head]],
        "web card": [["--out", "card.json", *head]],
        "web collect": [["--outer", "outer.db", *registrar]],
        "web publish": [["--outer", "outer.db", *registrar], ["--outer", "outer.db", "--every", *registrar]],
        "web inbox": [registrar],
        "web site": [["--out", "pages", *registrar]],
        "web code": [[number, *registrar]],
        "officer bind": [["xin", "--login", "xin.ren", *head], ["xin", *registrar]],
        "officer deputy": [["xin", "--to", "handler", "--until", "+3天", "--reason", "休假", *head], head],
        "officer stop": [["xin", *head]],
        "process chart": [[], ["--format", "mermaid", "--out", "chart.mmd"]],
        "process matrix": [[], ["--out", "matrix.csv"]],
        "remedies": [registrar, [number, "--open", "--year", "2026", *registrar]],
        "archive make": [[archived, "--out", "folder", *registrar]],
        "archive verify": [["folder", *registrar], ["folder", "--alone", *registrar]],
        "retention review": [registrar, ["--on", "2037-01-04", *registrar]],
        "retention decide": [
            [
                archived,
                "--keep-until",
                "2046-12-31",
                "--reason",
                "查考",
                "--as",
                "archivist",
                "--office",
                "jz",
            ]
        ],
        "retention approve": [[over, "--reason", "同意", *head]],
        "key pair": [["--out", "person.txt"]],
        "key split": [["--needed", "2", "--person", "甲", "--person", "乙", "--out", "shares", *head]],
        "key join": [[*shares, "--out", "joined.json"]],
        "key drill": [[*shares, *head]],
        "key rotate": [head, ["--resume", *head]],
        "why": [["第三十三条第二款"], ["reply.limit", "--on", "2018-06-01"]],
        "deadline": [["reply", "--from", "2026-03-02", "--extended", "--excluded", "2026-03-09..2026-03-13"]],
        "fee by-page": [["57"]],
        "fee case": [[number, "--pages", "57", *registrar]],
        "fee by-item": [["12", "--already", "5"]],
        "roll": [registrar, ["--year", "2026", "--columns", "number,due", "--out", "roll.csv", *registrar]],
        "search": [["补偿方案", "-渡口", "--year", "2026", *registrar]],
        "report annual": [["2026", *registrar], ["2026", "--cell", "r1_granted,natural_person", *registrar]],
        "report close": [["2025", *head]],
        "report data": [["2026", *registrar]],
        "report check": [[str(ROOT / "tests" / "reports" / "suqian-2023.json")]],
        "report performance": [
            ["--year", "2026", *registrar],
            ["--from", "2026-01-01", "--out", "well.csv", *registrar],
        ],
        "report frequent": [["--year", "2026", "--likeness", "0.9", "--at-least", "2", *registrar]],
        "board show": [["jz", "--year", "2026", *registrar]],
        "board send": [["--month", "2026-03", "--out", "march.figures", *head]],
        "board compare": [["march.figures", *head]],
        "board trust": [head],
        "board reported": [head],
        "board assess": [
            ["--month", "2026-03", *registrar],
            ["--month", "2026-03", "--back", "1", *registrar],
        ],
        "board criteria": [registrar, ["--out", "criteria.toml", *head], ["--set", "criteria.toml", *head]],
        "board list": [["jz", "received", "--year", "2026", *registrar]],
        "letter list": [[], ["--on", "2013-05-01"]],
        "letter show": [["D4d"]],
        "letter specimen": [["P2", "-o", "P2.pdf"]],
        "letter specimens": [["--out", "specimens"]],
        "letter sheet": [[drafted, "-o", "sheet.pdf", *registrar]],
        "letter docx": [[approved, "-o", "draft.docx", *registrar]],
        "paper approval": [[drafted, "-o", "approval.pdf", *registrar]],
        "paper handling": [[drafted, *registrar]],
        "paper answer": [[contested, "-o", "answer.pdf", *registrar]],
        "paper change": [[changed, "-o", "change.pdf", *registrar]],
        "paper evidence": [[contested, "--no", "1", "-o", "evidence.pdf", *registrar]],
        "letter render": [["--all-due", "--jobs", "1", *registrar]],
        "letter check": [[approved, "--on", "2026-03-09", *registrar]],
        "letter override": [[approved, "--rule", "instruments-known", "--reason", "已核对", *head]],
        "letter preview": [[approved, "-o", "preview.pdf", "--on", "2026-03-09", *registrar]],
        "letter edit": [[drafted, "--from", "words.txt", "--as", "handler", "--office", "jz"]],
        "letter versions": [[drafted, *registrar], [drafted, "--diff", "1", "1", *registrar]],
        "letter verify": [["made.pdf"]],
        "letter sign": [[issued, "--key", "key.p12", *registrar]],
        "letter overrides check": [["own"]],
        "letter overrides accept": [["own", *head]],
        "letter overrides drop": [head],
        "letter overrides list": [registrar],
        "letter overrides export": [["--out", "start", *head]],
        "letter numbers": [registrar, ["--year", "2026", "--series", "reply", *registrar]],
        "letter void": [[issued, "--letter", "D1", "--reason", "错字", *head]],
        "posting make": [
            ["--case", one, "--on", "2026-03-12", "--out", "post", *registrar] for one in (drafted, approved)
        ],
        "posting print": [["2026-001", "--out", "post", "--envelope", "c5", *registrar]],
        "posting list": [registrar],
        "posting show": [["2026-001", *registrar]],
        "posting post": [["2026-001", "--on", "2026-03-12", *registrar]],
        "posting track": [["track.csv", *registrar]],
        "posting drop": [["2026-002", *registrar]],
        "mail setup": [
            [
                "--host",
                "127.0.0.1",
                "--port",
                str(mail_port),
                "--security",
                "none",
                "--from",
                "xxgk@mzj.example.cn",
                *head,
            ]
        ],
        "mail test": [["--to", "shen@example.cn", *registrar]],
        "mail list": [registrar, ["--all", *registrar]],
        "law at": [["2018-06-01"]],
        "law show": [["reply.limit"]],
        "law check": [[]],
        "law status": [[]],
        "law book": [["--out", "book"]],
        "law try": [["change.toml"]],
        "calendar show": [["2026"], ["2026", "--as-known-on", "2025-12-31"]],
        "calendar check": [[]],
        "calendar import": [
            ["2027.csv", "--number", "国办发明电〔2026〕9号", "--promulgated", "2026-08-20", *head]
        ],
    }


# What these print is a file, and never folded on its way into one.
FILES = ("process chart", "process matrix", "report data")


def _own_words(place: Place, folder: Path) -> None:
    """What the commands on letters want: a letter that was made, a key, words in a file, wording in a
    folder.
    """
    desk = place.desk("registrar")
    made = [one for one in queue.settle(desk) if one.get("code") == "D1"][-1]
    (folder / "made.pdf").write_bytes(file_store.read(file_store.folder(place.store.folder), made["sha256"]))
    signingkey.make(folder / "key.p12", "secret")
    (folder / "words.txt").write_text("== reasons ==\n可以公开\n", encoding="utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "phrases.toml").write_text(
        '[opening]\ndecided_one = "经研究，现答复如下："\n', encoding="utf-8"
    )


def test_every_other_command_in_json_and_in_words(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_once: None
) -> None:
    monkeypatch.setenv("DISCLOSURE_SIGN_PASSPHRASE", "secret")
    monkeypatch.setenv("COLUMNS", "80")
    # All specimens take long; tests/drafting/test_own_wording.py sees to them.
    few = list(own_wording._specimens(own_wording.ERAS[-1:]))[:2]
    monkeypatch.setattr(own_wording, "_specimens", lambda eras: iter(few))
    # And tests/drafting/test_specimens.py to these.
    monkeypatch.setattr(specimen_files, "wanted", lambda day, every=specimen_files.wanted: every(day)[:2])
    # And tests/reports/test_law_book.py to all sections of the book.
    monkeypatch.setattr(book, "SECTIONS", [one for one in book.SECTIONS if one.file in ("fees", "settings")])
    # Several commands draw the chart of today: once for each language.
    monkeypatch.setattr(chart, "svg", functools.cache(chart.svg))
    with mailserver.running(tmp_path, "none") as server, pages.one_of_each_kind():
        _every_other_command(lines(place, tmp_path, server.port))


def _every_other_command(given: dict[str, list[list[str]]]) -> None:
    assert set(given) == set(COMMANDS) - ELSEWHERE - {spec.command for spec in SPECS.values()}, (
        "a command is not tried here"
    )
    once = (
        "letter void",
        "posting make",
        "posting drop",
        "init",
        "backup",
        "key pair",
        "key join",
        "restore",
        "receive",
        "amend",
        "fetch",
        "evidence key",
        "web key",
        "officer bind",
        "officer deputy",
        "officer stop",
        "calendar import",
        "report close",
        "archive make",
        "letter specimen",
        "letter specimens",
        "retention decide",
        "retention approve",
        "phrase add",
        "phrase adopt",
        "phrase remove",
        "precedent release",
        "precedent take",
        "precedent remove",
        "guidance remove",
        "letter overrides accept",
        "letter overrides drop",
        "letter overrides export",
        "intake",
        "law book",
    )
    for name, variants in given.items():
        for words in variants:
            said = disclosure(*name.split(), *words, "--json")
            # Who may look at it, and what else gives it out: test_no_way_round.py.
            assert name == "reveal" or not any(one in said.out + said.err for one in SECRETS), name
            assert said.code == 0 or (name in ("doctor", "calendar check") and said.code == 6), (
                f"{name} {words}: {said.err}"
            )
            assert json.loads(said.out) is not None, name
            if name not in once:
                plain = disclosure(*name.split(), *words)
                assert plain.code == said.code, f"{name} {words}: {plain.err}"
                if name not in FILES:
                    wide = [line for line in (plain.out + plain.err).splitlines() if width(line) > 80]
                    assert not wide, f"{name} {words}: {wide}"
    assert disclosure("verify", "--json").code == 0


def test_lists_mask_personal_data(place: Place) -> None:
    """Identity number and address are in nothing that is merely looked at; looking at them in full is on
    record.
    """
    number = place.bring("registered")
    place.made()
    for words in (
        ["show", number],
        ["list"],
        ["history", number],
        ["letters", number],
        ["next", number],
        ["explain", number],
    ):
        for form in ([], ["--json"]):
            said = disclosure(*words, "--as", "registrar", *form)
            assert said.code == 0
            assert not any(secret in said.out + said.err for secret in SECRETS), words
    assert not place.case(number).entries > 4
    said = disclosure("reveal", number, "--reason", "核对邮寄地址", "--as", "registrar", "--json")
    assert said.json["id_number"] == SECRETS[0]
    assert disclosure("history", number, "--as", "registrar", "--json").json[-1]["event"] == "reveal"
    refused = disclosure("reveal", number, "--reason", "好奇", "--as", "auditor", "--json")
    assert (refused.code, refused.out) == (1, "")


# --- what is missing, unknown or out of order: words, exit status, kind, field

WRONG: dict[str, tuple[list[str], int, str, str | None]] = {
    "no such command": (["regster"], 2, "usage", None),
    "no such option": (["list", "--colour", "red"], 2, "usage", None),
    "no case": (["show"], 2, "usage", "case"),
    "a number that is none": (["list", "--limit", "many"], 2, "usage", "limit"),
    "a number below the least": (["list", "--limit", "0"], 2, "usage", "limit"),
    "too many words": (["show", "1", "2"], 2, "usage", None),
    "a missing fact": (["assign", "2026-0001", "--as", "registrar"], 2, "malformed", "unit"),
    "an option given twice": (
        ["receive", "--request", "甲", "--request", "乙", "--as", "registrar"],
        2,
        "usage",
        "request",
    ),
    "a file without a name": (["letter", "verify", ""], 2, "usage", "file"),
    "a day that is empty": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "", "--as", "registrar"],
        2,
        "malformed",
        "on",
    ),
    "a missing option": (["letter", "sign", "2026-0001", "--as", "registrar"], 2, "usage", "key"),
    "no office file": (["init"], 2, "malformed", "office"),
    "an office file that is not there": (["init", "--office", "none.toml"], 3, "not_found", None),
    "an unknown officer": (["list", "--as", "nobody"], 3, "not_found", "as"),
    "an officer who is no text": (["list", "--as", "\udcff"], 2, "malformed", None),
    "an unknown office": (["list", "--as", "registrar", "--office", "none"], 3, "not_found", None),
    "no officer at all": (["list"], 2, "malformed", "as"),
    "an unknown unit": (
        ["assign", "2026-0001", "--unit", "none", "--on", "2026-03-03", "--as", "registrar"],
        3,
        "not_found",
        "unit",
    ),
    "an unknown case": (["show", "2025-0001", "--as", "registrar"], 3, "not_found", "case"),
    "a case that is no text": (["show", "\udcff", "--as", "registrar"], 3, "not_found", "case"),
    "an empty case": (["show", "", "--as", "registrar"], 3, "not_found", "case"),
    "an impossible day": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "2026-02-30", "--as", "registrar"],
        2,
        "malformed",
        "on",
    ),
    "a day in words": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "someday", "--as", "registrar"],
        2,
        "malformed",
        "on",
    ),
    "a day to come": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "2999-01-01", "--as", "registrar"],
        1,
        "refused",
        "on",
    ),
    "a day too early": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "2026-03-01", "--as", "registrar"],
        1,
        "refused",
        "on",
    ),
    "out of order": (
        ["served", "2026-0001", "--proof", "x", "--on", "2026-03-03", "--as", "registrar"],
        1,
        "refused",
        None,
    ),
    "the wrong role": (
        ["assign", "2026-0001", "--unit", "ban", "--on", "2026-03-03", "--as", "handler"],
        1,
        "refused",
        None,
    ),
    "an unknown state": (["list", "--state", "lost", "--as", "registrar"], 2, "malformed", "state"),
    "an unknown field": (
        ["amend", "2026-0001", "--field", "colour", "--to", "x", "--reason", "x", "--as", "registrar"],
        3,
        "not_found",
        "field",
    ),
    "an unknown setting": (["office", "set", "settings.colour", "red", "--as", "head"], 2, "malformed", None),
    "a setting that cannot be": (
        ["office", "set", "settings.online_receipt", "never", "--as", "head"],
        2,
        "malformed",
        None,
    ),
    "the office's key": (["office", "set", "key", "xx", "--as", "head"], 1, "refused", "key"),
    "an unknown role": (
        ["officer", "add", "x", "--name", "某", "--roles", "king", "--as", "head"],
        2,
        "malformed",
        "roles",
    ),
    "a nameless officer": (
        ["officer", "add", "x", "--name", " ", "--roles", "handler", "--as", "head"],
        2,
        "malformed",
        "officer",
    ),
    "an officer of no unit": (
        ["officer", "add", "x", "--name", "某", "--roles", "handler", "--unit", "x", "--as", "head"],
        3,
        "not_found",
        "unit",
    ),
    "who is not there cannot stop": (["officer", "stop", "nobody", "--as", "head"], 3, "not_found", "key"),
    "the last approver": (["officer", "stop", "head", "--as", "head"], 1, "refused", None),
    "no such letter": (
        ["notice-reached", "2026-0001", "--letter", "P99", "--on", "2026-03-03", "--as", "registrar"],
        1,
        "refused",
        "letter",
    ),
    "no such clock": (["explain", "2026-0001", "--rule", "none", "--as", "registrar"], 3, "not_found", None),
    "no such rule": (["deadline", "none", "--from", "2026-03-02"], 3, "", None),
    "a day before any law": (["deadline", "reply", "--from", "1990-01-01"], 1, "out_of_law", None),
    "a day after any calendar": (["deadline", "reply", "--from", "9999-12-31"], 1, "", None),
    "no such value": (["law", "show", "none"], 3, "not_found", None),
    "no such day": (["law", "at", "2018-02-30"], 2, "malformed", None),
    "a database of no kind": (["list", "--db", "nonsense://x", "--as", "registrar"], 6, "environment", None),
    "a database that is not there": (
        ["list", "--db", "none/none.db", "--as", "registrar"],
        6,
        "environment",
        None,
    ),
    "a backup over what is there": (["backup", "."], 0, "", None),
    "a restore from nothing": (["restore", "none.zip", "--db", "new.db"], 3, "", None),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_what_is_wrong_is_said(place: Place, what: str, lang: str) -> None:
    words, code, kind, field = WRONG[what]
    place.bring("registered")
    before = builders.digest(place.store)
    said = disclosure(*words, "--json", "--lang", lang)
    assert said.code == code, said.err
    assert builders.digest(place.store) == before
    if not code:
        return
    fault = said.fault
    assert fault["exit_code"] == code
    assert fault["kind"] == kind or not kind
    assert fault["field"] == field or field is None
    assert fault["message"]
    assert "{" not in fault["message"] + (fault["advice"] or "")
    assert fault["advice"] or fault["rule"] or fault["field"], "nothing says how to go on"
    assert not said.out
    in_words = disclosure(*words, "--lang", lang)
    assert in_words.code == code
    assert fault["message"] in in_words.err or "\udcff" in fault["message"]
    if lang == "zh_CN":
        assert any("\u4e00" <= char <= "\u9fff" for char in fault["message"])


@pytest.mark.parametrize("typed", ["objection-overruled", "objection_overruled"])
def test_the_name_of_an_entry_leads_to_its_command(typed: str) -> None:
    """Who reads the record types what it says there."""
    said = disclosure(typed, "2026-0001")
    assert said.code == 2
    assert said.err.splitlines()[-1].endswith("：overrule-objection")


def test_an_option_without_its_value(place: Place) -> None:
    said = disclosure("list", "--state")
    assert said.code == 2
    assert "--state" in said.err


def test_a_script_is_never_asked(place: Place) -> None:
    """Without a terminal a missing fact is an error; nothing waits for an answer."""
    number = place.bring("registered")
    for event, spec in SPECS.items():
        if any(field.need for field in spec.fields):
            said = disclosure(spec.command, number, "--as", "registrar", "--json", stdin="")
            assert (said.code, said.fault["field"]) == (
                2,
                next(field.name for field in spec.fields if field.need),
            ), event
            assert spec.command in (said.fault["advice"] or "")


# --- the process itself


def run(
    place: Place, *words: str, check: Callable[[subprocess.CompletedProcess[str]], object] | None = None
) -> Said:
    program = "import cli; cli.main(prog_name='disclosure')"
    done = preloaded.run([sys.executable, "-c", program, *words], cwd=ROOT, timeout=120)
    return Said(done.returncode, done.stdout, done.stderr)


def test_as_a_process(place: Place) -> None:
    number = place.bring("registered")
    assert run(place, "show", number, "--as", "registrar", "--json").json["number"] == number
    for words, code in (
        (["show", "99", "--as", "registrar"], 3),
        (["nothing"], 2),
        (["show", number, "--as", "nobody"], 3),
    ):
        said = run(place, *words)
        assert (said.code, said.out) == (code, "")
        assert "Traceback" not in said.err


def test_a_reader_who_goes_away(place: Place) -> None:
    for _ in range(30):
        place.receive(request="很长的申请内容" * 40)
    command = f"{shlex.quote(sys.executable)} -c \"import cli; cli.main(prog_name='disclosure')\" list --as registrar --json | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_office_of_an_officer_is_found_by_his_key(place: Place) -> None:
    """DISCLOSURE_OFFICER and the login name stand in for --as."""
    other = builders.found(place.store.url, key="yz")
    number = place.bring("registered")
    assert disclosure("show", number, "--as", "registrar", "--json").fault["field"] == "office"
    assert disclosure("show", number, "--as", "registrar", "--office", "jz", "--json").code == 0
    assert (
        disclosure(
            "officer",
            "add",
            "solo",
            "--name",
            "某",
            "--roles",
            "registrar",
            "--login",
            "root-login",
            "--as",
            "head",
            "--office",
            "yz",
        ).code
        == 0
    )
    assert disclosure("list", "--as", "solo", "--json").json == []
    assert disclosure("list", "--as", "root-login", "--json").json == []
    other.store.close()


def test_init_twice_and_a_second_office(place: Place, tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(builders.toml_of(builders.office_file("jz")), encoding="utf-8")
    (tmp_path / "other.toml").write_text(builders.toml_of(builders.office_file("yz")), encoding="utf-8")
    before = builders.digest(place.store)
    assert disclosure("init", "--office", "same.toml", "--json").code == 4
    assert builders.digest(place.store) == before
    assert disclosure("init", "--office", "other.toml", "--json").json["office"] == "yz"
    assert [one["key"] for one in disclosure("office", "list", "--json").json] == ["jz", "yz"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": None}, 2, "name"),
        ({"kind": "kingdom"}, 2, "kind"),
        ({"level": "galaxy"}, 2, "level"),
        ({"key": "Ä Ö"}, 2, "key"),
        ({"court": "法\n院"}, 2, "court"),
        ({"colour": "red"}, 2, "colour"),
        ({"channels": ["pigeon"]}, 2, "channels"),
        ({"channels": "post"}, 2, "channels"),
        ({"unit": [{"key": "x"}]}, 2, "unit"),
        ({"unit": "x"}, 2, "unit"),
        ({"officer": [{"key": "x", "name": "某", "roles": ["king"]}]}, 2, "roles"),
        ({"officer": [{"key": "x", "name": "某", "roles": ["handler"]}]}, 2, "officer"),
        ({"officer": [{"key": "x", "name": "某", "roles": ["approver"]}] * 2}, 2, "officer"),
        ({"officer": "x"}, 2, "officer"),
        ({"officer": []}, 2, "officer"),
        ({"settings": {"colour": "red"}}, 2, "settings.colour"),
        ({"settings": "x"}, 2, "settings"),
        ({"targets": {"drafting": 0}}, 2, "targets.drafting"),
        ({"targets": {"sleeping": 1}}, 2, "targets"),
        ({"targets": "x"}, 2, "targets"),
        ({"local_holiday": [{"date": "2026-02-30"}]}, 2, "local_holiday.date"),
        ({"local_holiday": "x"}, 2, "local_holiday"),
        ({"reconsideration": [{"online": "x"}]}, 2, "reconsideration"),
        ({"reconsideration": 5}, 2, "reconsideration"),
        ({"notice_code": "jz公复"}, 2, "notice_code"),
    ],
)
def test_an_office_file_that_cannot_be(
    home: Path, tmp_path: Path, change: dict[str, Any], code: int, field: str
) -> None:
    raw = {name: value for name, value in {**builders.office_file(), **change}.items() if value is not None}
    (tmp_path / "office.toml").write_text(builders.toml_of(raw), encoding="utf-8")
    said = disclosure("init", "--office", tmp_path / "office.toml", "--db", tmp_path / "new.db", "--json")
    assert said.code == code, said.err
    assert said.fault["field"] == field
    assert not (tmp_path / "new.db").exists(), "nothing is made for a file that is refused"


def test_the_demo_and_these_tests_speak_of_the_same_commands() -> None:
    text = (ROOT / "docs" / "demo" / "run.py").read_text(encoding="utf-8")
    assert all(
        f"\n{name} " in text
        for name in ("register", "assign", "accept", "draft", "submit", "pass", "issue", "file")
    )
    assert shutil.which("bash")
