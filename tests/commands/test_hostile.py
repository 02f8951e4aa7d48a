"""Hostile text, a machine that refuses, and command lines of all kinds: a clear error, and the database as it
was.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders, preloaded
from tests.builders import FACTS, RECEIVED, ROADS, Place
from tests.counter import Said, disclosure
from tests.thorough import examples
from workflow.base import places
from workflow.base.errors import DisclosureError, Environment, Malformed
from workflow.jobs import queue
from workflow.procedure import act_facts, act_forms
from workflow.storage import encryption, engines
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

ROOT = Path(__file__).parent.parent.parent

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% for x in range(10**9) %}{% endfor %}{# #}",
    "{0}{name}{officer.__class__}%s%(x)s$HOME`id`$(id)",
    "=cmd|'/c calc'!A0",
    "file:///etc/passwd http://169.254.169.254/ data:text/html,x",
    "'; DROP TABLE ledger; --",
    "\u200f反过来\u200e \ufeff",
    "../../../etc/passwd",
    "😀👨‍👩‍👧𠮷㐂\U000e0041",
    "|&;<>()$`\\\"' \t*?[]#~=%",
    "--help",
]
NO_TEXT = [
    "\x00",
    "a\x00b",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "a\x85b",
    "\ud800",
    "\udcff",
    "a\u202eb",
    "\u202a",
    "a\u2066b\u2069",
    "x" * 1_000_000,
    " \n\t ",
]


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    made = builders.found(sqlite_url)
    yield made
    made.store.close()


def file_of(place: Place) -> Path:
    return Path(place.store.url.removeprefix("sqlite:///"))


# Where a disk is full, Python renames even what it compiled and could not write to its end: whoever loads it
# later fails.
UNCOMPILED = {"PYTHONDONTWRITEBYTECODE": "1"}


def process(*words: str, room: int | None = None) -> Said:
    """A command in a process of its own, which can write files of at most so many bytes."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); " if room else ""
    done = preloaded.run(
        [sys.executable, "-c", f"{limit}import cli; cli.main(prog_name='disclosure')", *words],
        cwd=ROOT,
        timeout=120,
        env=os.environ | UNCOMPILED,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def new_process(*words: str, before: Callable[[], None]) -> Said:
    """The same in a new interpreter, which begins without what `before` takes from it."""
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.main(prog_name='disclosure')", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
        preexec_fn=before,
        env=os.environ | UNCOMPILED,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


RECEIVE = [
    "receive",
    "--channel",
    "post",
    "--name",
    "李四",
    "--request",
    "某信息",
    "--on",
    "2026-03-02",
    "--as",
    "registrar",
    "--json",
]

# --- text


def _texts() -> Iterator[tuple[str, str]]:
    for event, spec in act_forms.specs().items():
        for field in spec.fields:
            if field.type == "text":
                yield event, field.name


def _tried(event: str, name: str, text: str) -> dict[str, Any]:
    facts = {**FACTS.get(event, {}), name: [text] if name in ("items", "attachments") else text}
    if event == "objection_overruled":
        facts["no"] = 1
    return {
        key: (RECEIVED + value).isoformat() if isinstance(value, timedelta) else value
        for key, value in facts.items()
    }


@pytest.mark.parametrize(("event", "name"), list(_texts()))
def test_every_text_of_every_act(event: str, name: str) -> None:
    """Markup, templates, formulas, marks of direction are kept as they are; what is no text is refused by its
    field.
    """
    for text in HOSTILE:
        kept = act_facts.facts(event, _tried(event, name, text))[name]
        assert kept == ([text.strip()] if isinstance(kept, list) else text.strip())
    need = next(field.need for field in act_forms.specs()[event].fields if field.name == name)
    for text in NO_TEXT:
        if not text.strip(" \n\t") and not need:
            continue
        with pytest.raises(Malformed) as caught:
            act_facts.facts(event, _tried(event, name, text))
        assert caught.value.field == name
        assert len(caught.value.text) < 300


def test_hostile_text_in_letters_is_text(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The PDF shows the text literally; none of it is executed, fetched or filled in."""
    import pypdf

    monkeypatch.setenv("DISCLOSURE_LETTERS", str(tmp_path / "letters"))
    marker = "{{ 7*7 }} <b>粗体</b> <img src='file:///etc/hostname'> {% include 'x' %} =1+1"
    number = place.receive(name="张三 {{ 9*9 }}", request=marker).case.number
    place.walk(number, ROADS["in_hand"])
    place.act(
        "handler",
        "ask_correction",
        number,
        RECEIVED + timedelta(days=2),
        matters=marker,
        answer_by=(RECEIVED + timedelta(days=20)).isoformat(),
    )
    made = queue.settle(place.desk())
    assert [letter["code"] for letter in made] == ["P2", "P3"]
    for letter in made:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(letter["path"]).pages)
        plain = "".join(text.split())
        assert "{{7*7}}<b>粗体</b><imgsrc='file:///etc/hostname'>" in plain
        assert "{{9*9}}" in plain
        assert not any(host in plain for host in (os.uname().nodename,) if len(host) > 3)


@pytest.mark.parametrize("text", ["\u200f反向", "很长" * 90_000, "𠮷" * 50, "a" * 5000])
def test_a_letter_with_strange_text_is_made_or_refused(place: Place, text: str) -> None:
    """What cannot be set is refused with its field or its sign named; nothing hangs and nothing breaks."""
    number = place.receive(request=text[:100_000]).case.number
    place.walk(number, ROADS["in_hand"])
    try:
        place.act(
            "handler",
            "ask_correction",
            number,
            RECEIVED + timedelta(days=2),
            matters=text,
            answer_by=(RECEIVED + timedelta(days=20)).isoformat(),
        )
        queue.settle(place.desk())
    except DisclosureError as fault:
        assert fault.field or fault.rule
        assert fault.exit_code in (1, 2)
    verify_record.verify(place.store, place.desk().office)


# --- command lines of all kinds

_WORDS = [
    *(spec.command for spec in act_forms.specs().values()),
    "receive",
    "list",
    "show",
    "clocks",
    "history",
    "next",
    "letters",
    "amend",
    "reveal",
    "fetch",
    "explain",
    "work",
    "office",
    "officer",
    "set",
    "add",
    "stop",
    "process",
    "chart",
    "matrix",
    "deadline",
    "fee",
    "by-page",
    "by-item",
    "law",
    "at",
    "calendar",
    "check",
    "verify",
    "recompute",
    "2026-0001",
    "1",
    "0",
    "-1",
    "99999999999999999999",
    "--as",
    "registrar",
    "handler",
    "head",
    "--on",
    "2026-03-05",
    "2026-02-30",
    "9999-12-31",
    "--json",
    "--unit",
    "ban",
    "--no",
    "--expect",
    "--field",
    "received-on",
    "--to",
    "--reason",
    "--from",
    "reply",
    "--rule",
    "reply.limit",
    "--items",
    "--item",
    "--count",
    "--basis",
    "by-page",
    "--days",
    "--outcome",
    "withheld",
    "--ground",
    "--extra",
    "a=b",
    "--served-by",
    "post",
    "--letter",
    "P3",
    "--text",
    "--state",
    "--limit",
    "--after",
    "--lang",
    "en",
    "--help",
    "--answer",
    "--matters",
    "--answer-by",
    "--name",
    "--roles",
    "--",
    "",
    "-",
    "settings.online_receipt",
    "telephone",
]
_word = st.one_of(
    st.sampled_from(_WORDS), st.sampled_from(_WORDS), st.sampled_from(HOSTILE), st.text(max_size=6)
)


@settings(
    max_examples=examples(250), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(_word, max_size=9))
def test_any_command_line(words: list[str], place: Place) -> None:
    """Whatever is typed, the program has an answer, and the record remains valid."""
    if not place.row_count():
        place.bring("in_hand")
    said = disclosure(*(word.replace("\x00", "") for word in words))
    assert said.code in (0, 1, 2, 3, 4), said.err
    if said.code:
        assert said.err.strip() or said.code == 2


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), event=st.sampled_from(list(act_forms.specs())))
def test_any_facts(data: st.DataObject, event: str, place: Place) -> None:
    """An act with facts of any type, from a program: done, or refused by an error of ours with nothing
    written.
    """
    if not place.row_count():
        place.bring("in_hand")
    anything = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(string.printable, max_size=5),
        st.binary(max_size=3),
        st.lists(st.integers(), max_size=2),
        st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
        st.sampled_from([10**30, "2026-03-05", ["a"], [["a", "b"]], "1,2", "1,,x", "a=b"]),
    )
    facts = {
        field.name: data.draw(anything, label=field.name)
        for field in act_forms.specs()[event].fields
        if field.type != "file" and data.draw(st.booleans())
    }
    officer = data.draw(st.sampled_from(["registrar", "handler", "head"]))
    with closing(builders.Watch(file_of(place))) as watch:
        try:
            place.desk(officer).act("2026-0001", event, facts, on=RECEIVED + timedelta(days=12))
        except DisclosureError as fault:
            assert watch.untouched()
            assert "{" not in fault.text or "{" in str(facts)
            return
    verify_record.verify(place.store, place.desk().office)


# --- a machine that refuses


def _without_privilege() -> None:
    # Root reads and writes whatever the rights say, unless it has given that up.
    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def test_a_read_only_folder(place: Place, tmp_path: Path) -> None:
    place.receive()
    before = builders.contents(place.store)
    place.store.close()
    folder = tmp_path / "kept"
    folder.mkdir()
    shutil.move(file_of(place), folder / "disclosure.db")
    os.environ["DISCLOSURE_DATABASE_URL"] = f"sqlite:///{folder / 'disclosure.db'}"
    folder.chmod(0o555)
    (folder / "disclosure.db").chmod(0o444)
    try:
        said = new_process(*RECEIVE, before=_without_privilege)
        assert said.code == 6, said.err
        assert said.fault["kind"] == "environment"
        assert said.fault["advice"]
        made = new_process(
            "init",
            "--office",
            str(ROOT / "docs/demo/jiangnan.toml"),
            "--db",
            str(folder / "new" / "x.db"),
            "--json",
            before=_without_privilege,
        )
        assert made.code == 6, made.err
        assert not (folder / "new").exists()
    finally:
        folder.chmod(0o755)
        (folder / "disclosure.db").chmod(0o644)
    again = Place(builders.Store(os.environ["DISCLOSURE_DATABASE_URL"]))
    assert builders.contents(again.store) == before
    again.store.close()


def test_no_room_for_the_database(place: Place) -> None:
    number = place.bring("registered")
    place.made()
    before = builders.contents(place.store)
    place.store.close()
    for words in (
        RECEIVE,
        ["assign", number, "--unit", "ban", "--on", "2026-03-03", "--as", "registrar", "--json"],
    ):
        said = process(*words, room=4096)
        assert said.code == 6, said.err
        assert said.fault["advice"]
    again = Place(builders.Store(place.store.url))
    assert builders.contents(again.store) == before
    verify_record.verify(again.store, again.desk().office)
    # With room again, the same command does what it was asked.
    assert process(*RECEIVE).code == 0
    again.store.close()


def test_no_room_for_an_attachment(place: Place, tmp_path: Path) -> None:
    big = tmp_path / "big.pdf"
    big.write_bytes(b"%PDF" + b"x" * 3_000_000)
    before = builders.contents(place.store)
    said = process(*RECEIVE, "--attach", str(big), room=1_000_000)
    assert said.code == 6, said.err
    assert "room" in said.fault["message"]
    assert builders.contents(place.store) == before
    left = [
        path for path in places.home().parent.rglob("*") if path.is_file() and path.stat().st_size > 100_000
    ]
    assert [path for path in left if path.suffix not in (".db", ".pdf")] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk(tmp_path: Path, home: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        url = f"sqlite:///{disk / 'disclosure.db'}"
        builders.founding.init(builders.Store(url), *builders.office_files.checked(builders.office_file()))
        place = Place(builders.Store(url))
        place.receive()
        with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"x" * 4096)
        before = builders.contents(place.store)
        with pytest.raises(Environment) as caught:
            for _ in range(50):
                place.receive(request="很长的申请内容" * 5000)
                before = builders.contents(place.store)
        assert caught.value.advice
        assert builders.contents(place.store) == before
        place.store.close()
        (disk / "filler").unlink()
        again = Place(builders.Store(url))
        verify_record.verify(again.store, again.desk().office)
        again.receive()
        again.store.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def test_letters_that_cannot_be_written_down(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act stands, for it was committed before; the letter is made as soon as the machine lets it."""
    number = place.bring("received")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("DISCLOSURE_FILES", str(blocked))
    said = disclosure("register", number, "--on", "2026-03-02", "--as", "registrar", "--json")
    assert said.code == 6
    assert json.loads(said.out)["state"] == "registered"
    assert said.fault["kind"] == "environment"
    assert place.case(number).state == "registered"
    table = TABLES["outbox"]
    with place.store.reading() as connection:
        row = connection.execute(sa.select(table)).one()
    assert (row.done_at, row.attempts) == (None, 1)
    assert row.last_error.startswith("environment")
    monkeypatch.setenv("DISCLOSURE_FILES", str(tmp_path / "files"))
    assert disclosure("work", "--as", "registrar", "--json").json[0]["code"] == "P2"
    assert [letter["code"] for letter in place.case(number).letters] == ["P2"]


def test_a_locked_database(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long for another is told so, with exit status 4."""
    monkeypatch.setattr(engines, "BUSY_MS", 200)
    place = builders.found(database_url)
    number = place.bring("registered")
    place.store.close()
    before = builders.digest(place.store)
    holder = builders.Store(database_url)
    with holder.writing() as connection:
        connection.execute(sa.update(TABLES["chain_head"]).values(seq=TABLES["chain_head"].c.seq))
        own, begun = Place(builders.Store(database_url)), time.monotonic()
        with pytest.raises(DisclosureError) as caught:
            own.act("registrar", "assign", number, RECEIVED + timedelta(days=1), unit="ban")
        assert time.monotonic() - begun < 8, "it waits as long as is said, and no longer"
        assert (caught.value.kind, caught.value.exit_code) == ("conflict", 4)
        assert caught.value.advice
        # Reading is not blocked.
        assert own.case(number).state == "registered"
        own.store.close()
    assert builders.digest(place.store) == before
    place.act("registrar", "assign", number, RECEIVED + timedelta(days=1), unit="ban")
    holder.close()
    place.store.close()


# --- keys and schemas


def test_without_the_key_file(place: Place, home: Path) -> None:
    number = place.bring("registered")
    before = builders.digest(place.store)
    key = home / "key.json"
    kept = key.read_bytes()
    for raw, code, kind in (
        (None, 6, "environment"),
        (b"", 5, "damaged"),
        (b"{}", 5, "damaged"),
        (b"\xff\xfe", 5, "damaged"),
        (kept[: len(kept) // 2], 5, "damaged"),
        (b"[1]", 5, "damaged"),
    ):
        if raw is None:
            key.unlink()
        else:
            key.write_bytes(raw)
        for words in (
            RECEIVE,
            ["reveal", number, "--reason", "核对", "--as", "registrar", "--json"],
            [
                "ask-correction",
                number,
                "--matters",
                "x",
                "--answer-by",
                "2026-03-20",
                "--on",
                "2026-03-03",
                "--as",
                "registrar",
                "--json",
            ],
        ):
            said = disclosure(*words)
            assert (said.code, said.fault["kind"]) == (code, kind), (words, raw)
            assert said.fault["advice"]
        assert builders.digest(place.store) == before
    # What needs no key goes on.
    assert disclosure("list", "--as", "registrar", "--json").code == 0
    assert disclosure("verify", "--json").code == 5, "a broken key file is said to be one"
    key.unlink()
    assert disclosure("verify", "--json").code == 0
    encryption.create(key)
    said = disclosure("reveal", number, "--reason", "核对", "--as", "registrar", "--json")
    assert said.code == 6, "another key does not open what the old one sealed"
    key.write_bytes(kept)
    assert disclosure("reveal", number, "--reason", "核对", "--as", "registrar", "--json").code == 0


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", 6),
        ("UPDATE alembic_version SET version_num = '9999'", 6),
        ("DELETE FROM alembic_version", 6),
        ("DROP TABLE alembic_version", 6),
    ],
)
def test_another_schema(place: Place, statement: str, code: int) -> None:
    place.receive()
    place.store.close()
    with closing(sqlite3.connect(file_of(place))) as connection, connection:
        connection.execute(statement)
    raw = file_of(place).read_bytes()
    for words in (
        RECEIVE,
        ["list", "--as", "registrar", "--json"],
        ["verify", "--json"],
        ["office", "list", "--json"],
    ):
        said = disclosure(*words)
        assert said.code == code, said.err
        assert said.fault["advice"]
        assert ("disclosure upgrade" in said.fault["advice"]) == ("'0000'" in statement)
    assert file_of(place).read_bytes() == raw
    if "9999" in statement:
        assert disclosure("upgrade", "--json").code == 6


def test_what_is_no_database(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.db"
    for raw in (b"", b"this is a text, and no database at all" * 40, b"SQLite format 3\x00" + b"\xff" * 4000):
        path.write_bytes(raw)
        for words in (["list", "--as", "registrar"], ["verify"], ["office", "list"]):
            said = disclosure(*words, "--db", path, "--json")
            assert said.code == 6, said.err
            assert said.fault["advice"]
        # SQLite makes of an empty file an empty database; nothing else is touched.
        assert path.read_bytes() == raw or not raw
    assert disclosure("list", "--as", "registrar", "--db", tmp_path, "--json").code == 6
    for url in (
        "postgresql://nobody@127.0.0.1:1/none",
        "mysql://x/y",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "://",
        "postgresql://",
    ):
        monkeypatch.setenv("DISCLOSURE_DATABASE_URL", url)
        said = disclosure("list", "--as", "registrar", "--json")
        assert said.code == 6, f"{url}: {said.err}"


def test_a_password_is_never_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", "postgresql://me:geheim@127.0.0.1:1/none")
    for words in (["list", "--as", "registrar"], ["doctor"], ["verify"], ["backup", "x.zip"]):
        for form in ([], ["--json"]):
            said = disclosure(*words, *form)
            assert said.code == 6
            assert "geheim" not in said.out + said.err


def test_a_damaged_page_of_the_database(place: Place) -> None:
    """Whichever page of the database is overwritten, commands end with one of our errors or with a correct
    result; verify is never deceived.
    """
    for state in ("served", "filed"):
        place.bring(state)
    place.made()
    place.store.close()
    whole = file_of(place).read_bytes()
    for page in range(1, len(whole) // 4096):
        path = file_of(place).with_name(f"{page}.db")
        path.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
        for words in (["verify"], ["show", "2026-0001", "--as", "registrar"], RECEIVE[:-1]):
            said = disclosure(*words, "--db", path, "--json")
            assert said.code in (0, 3, 4, 5, 6), f"page {page}, {words[0]}: {said.code} {said.err}"
