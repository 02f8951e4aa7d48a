"""Monthly figures between two databases: signed, checked, added up; every way to bring in what is not so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Conflict, Malformed, NotFound, Refused
from workflow.evidence import checkpoints, keys, notes
from workflow.evidence.notes import Note
from workflow.reports.board import board as boards
from workflow.reports.board import figures, monthly, reported, trusted_keys
from workflow.reports.board.row import find
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

MARCH = "2026-03"
RECEIVED = date(2026, 3, 2)


@pytest.fixture
def superior(sqlite_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(sqlite_url, "jz")
    yield made
    made.store.close()


@pytest.fixture
def organ(_sqlite_template: Path, superior: Place, tmp_path: Path) -> Iterator[Place]:
    """An organ with a database and a key of its own, with replies of two lengths and a remedy."""
    (tmp_path / "organ").mkdir()
    shutil.copyfile(_sqlite_template, tmp_path / "organ" / "own.db")
    made = builders.found(f"sqlite:///{tmp_path / 'organ' / 'own.db'}", "wj", name="江州市卫生局")
    keys.create(keys.place(made.store.folder))
    made.bring("served", on=RECEIVED)
    made.bring("served", on=RECEIVED + timedelta(7))
    made.bring("in_hand", on=RECEIVED)
    yield made
    verify_record.verify(made.store, made.desk().office)
    made.store.close()


def trusted(superior: Place, organ: Place) -> None:
    trusted_keys.trust(superior.desk("head"), checkpoints.public_key(organ.desk("head")).text, "江州市卫生局")


def signed(organ: Place, change: Callable[[dict[str, Any]], None], name: str | None = None) -> str:
    """A file that the organ would not have written, signed by its own key."""
    head = organ.desk("head")
    said = json.loads(notes.read(monthly.send(head, MARCH).note).text.split("\n")[1])
    change(said)
    origin = name or checkpoints.public_key(head).name
    text = f"{monthly.FIRST_LINE}\n{json.dumps(said, ensure_ascii=False, sort_keys=True)}\n"
    key = keys.load(keys.place(organ.store.folder))
    return str(Note(text, (notes.sign(text, origin, key),)))


def test_what_is_reported_is_what_the_organ_counts_and_adds_up(superior: Place, organ: Place) -> None:
    trusted(superior, organ)
    head, own = superior.desk("head"), organ.desk("head")
    superior.bring("served", on=RECEIVED)
    for month in (MARCH, "2026-04"):
        reported.take(head, monthly.send(own, month).note)
    asked = boards.span(head, first="2026-03-01", last="2026-04-30")
    board = boards.make(head, asked)
    told, counted = find(board, "wj"), boards.make(own, asked).rows[0]
    assert told.months == (MARCH, "2026-04")
    for figure in figures.all_figures().values():
        assert told.value(figure) == counted.value(figure), figure.id
    assert board.total.counts["received"] == 4
    assert sum(board.total.days.values()) == 3
    assert board.missing == []
    with pytest.raises(NotFound):
        boards.listed(head, asked, "wj", "received")
    verify_record.verify(superior.store, head.office)


def test_only_whole_months_count_and_what_is_not_reported_is_named(superior: Place, organ: Place) -> None:
    trusted(superior, organ)
    head = superior.desk("head")
    reported.take(head, monthly.send(organ.desk("head"), MARCH).note)
    assert [row.key for row in boards.make(head, boards.span(head, first="2026-03-02")).rows] == ["jz"]
    board = boards.make(head, boards.span(head, first="2026-03-01", last="2026-05-15"))
    assert find(board, "江州市卫生局").months == (MARCH,)
    assert board.missing == [("江州市卫生局", "2026-04")]


def test_sent_again_it_is_the_same_file_and_a_corrected_month_takes_its_place(
    superior: Place, organ: Place
) -> None:
    trusted(superior, organ)
    head, own = superior.desk("head"), organ.desk("head")
    first = monthly.send(own, MARCH)
    organ.today += timedelta(days=30)
    superior.today += timedelta(days=30)
    assert monthly.send(own, MARCH) == monthly.Sent(MARCH, 1, first.note, again=True)
    reported.take(head, first.note)
    organ.receive(date(2026, 3, 20))
    second = monthly.send(own, MARCH)
    assert (second.version, second.again) == (2, False)
    assert reported.take(head, second.note).supersedes == 1
    board = boards.make(head, boards.span(head, month=MARCH))
    assert find(board, "wj").counts["received"] == 4
    assert [(one["version"], one["superseded"]) for one in reported.listed(head)] == [(2, False), (1, True)]
    for old in (first, second):
        with pytest.raises(Conflict):
            reported.take(head, old.note)


def test_an_older_version_is_not_taken_in_after_a_newer(superior: Place, organ: Place) -> None:
    trusted(superior, organ)
    head, own = superior.desk("head"), organ.desk("head")
    first = monthly.send(own, MARCH)
    organ.receive(date(2026, 3, 20))
    reported.take(head, monthly.send(own, MARCH).note)
    with pytest.raises(Conflict):
        reported.take(head, first.note)


def test_no_changed_byte_is_taken_in(superior: Place, organ: Place) -> None:
    trusted(superior, organ)
    head, note = superior.desk("head"), monthly.send(organ.desk("head"), MARCH).note
    data = note.encode()
    for at in [*range(0, len(data) - 130, 61), *range(len(data) - 130, len(data))]:
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises((Refused, Malformed)):
            reported.take(head, changed.decode(errors="replace"))
    for cut in (note[:-20], note + "x", note.replace("\n", "\r\n"), "", note[:300]):
        with pytest.raises((Refused, Malformed)):
            reported.take(head, cut)
    assert list(reported.listed(head)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["counts"].update(received=99),
        lambda said: said["counts"].update(in_time=7),
        lambda said: said["counts"].update(received=-1),
        lambda said: said["counts"].update(received=True),
        lambda said: said["counts"].pop("open"),
        lambda said: said["days"].update({"400": 1}),
        lambda said: said["stars"].update({"6": 1}),
        lambda said: said["table3"]["new_received"].update(natural_person=0),
        lambda said: said["table4"].pop("reconsideration"),
        lambda said: said.update(month="2026-3"),
        lambda said: said.update(version=0),
        lambda said: said.update(record=None),
        lambda said: said.update(organ="jz"),
        lambda said: said.update(month="2026-12"),
    ],
)
def test_figures_that_do_not_agree_are_refused_though_signed(
    superior: Place, organ: Place, change: Callable[[dict[str, Any]], None]
) -> None:
    trusted(superior, organ)
    with pytest.raises((Malformed, Refused)):
        reported.take(superior.desk("head"), signed(organ, change))


def test_another_organs_key_a_second_file_of_one_version_and_a_shorter_record(
    superior: Place, organ: Place
) -> None:
    head = superior.desk("head")
    note = monthly.send(organ.desk("head"), MARCH).note
    with pytest.raises(Refused):
        reported.take(head, note)
    # A key of the same name that is not the organ's.
    other = keys.create(organ.store.folder / "other.pem").public_key().public_bytes_raw()
    origin = checkpoints.public_key(organ.desk("head")).name
    trusted_keys.trust(head, notes.Key(origin, notes.SIGNED, other).text, "江州市卫生局")
    with pytest.raises(Refused):
        reported.take(head, note)
    trusted(superior, organ)
    reported.take(head, note)
    with pytest.raises(Refused, match="two different files"):
        reported.take(head, signed(organ, lambda said: said.update(made_at="2026-10-01T00:00:00.000000Z")))
    shorter = {"record": {"size": 1, "root": ""}, "version": 2, "made_at": "2027-01-01T00:00:00.000000Z"}
    with pytest.raises(Refused, match="shorter"):
        reported.take(head, signed(organ, lambda said: said.update(shorter)))


def test_who_may_and_what_may_not_be_trusted(superior: Place, organ: Place) -> None:
    head, public = superior.desk("head"), checkpoints.public_key(organ.desk("head")).text
    for call in (
        lambda: trusted_keys.trust(superior.desk("handler"), public, "卫生局"),
        lambda: reported.take(superior.desk("handler"), "x"),
        lambda: monthly.send(organ.desk("handler"), MARCH),
        lambda: monthly.send(organ.desk("head"), "2026-09"),
    ):
        with pytest.raises(Refused):
            call()
    keys.create(keys.place(superior.store.folder))
    with pytest.raises(Refused):
        trusted_keys.trust(head, checkpoints.public_key(head).text, "自己")
    with pytest.raises(Conflict):
        trusted_keys.trust(head, public, "江州市民政局")
    for text in ("", "x+y+z", "witness+" + public.partition("+")[2]):
        with pytest.raises(Malformed):
            trusted_keys.trust(head, text, "卫生局")
    with pytest.raises(Malformed):
        trusted_keys.trust(head, public, " ")
    trusted(superior, organ)
    reported.take(head, monthly.send(organ.desk("head"), MARCH).note)
    trusted_keys.withdraw(head, "wj")
    assert [row.key for row in boards.make(head, boards.span(head, month=MARCH)).rows] == ["jz"]
    with pytest.raises(NotFound):
        trusted_keys.withdraw(head, "wj")


@freeze_time("2026-09-01T02:00:00Z")
def test_a_disputed_figure_is_opened_by_the_organ(
    superior: Place, organ: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = monthly.send(organ.desk("head"), MARCH).note
    with pytest.raises(Refused):
        keys.create(keys.place(superior.store.folder))
        monthly.compare(superior.desk("head"), note)
    organ.receive(date(2026, 3, 20))
    found = {id: (was, now) for id, was, now in monthly.compare(organ.desk("head"), note)[1]}
    assert found["received"] == (3, 4)
    assert found["replied"] == (2, 2)
    (tmp_path / "m.figures").write_text(note, encoding="utf-8")
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", organ.store.url)
    me = ("--as", "head", "--lang", "en")
    told = {
        one["figure"]: one
        for one in disclosure("board", "compare", tmp_path / "m.figures", "--json", *me).json
    }
    words = told["received"]["list"].split()[1:]
    assert disclosure(*words, "--json", *me).json["count"] == told["received"]["now"] == 4


@freeze_time("2026-09-01T02:00:00Z")
def test_at_the_counter(
    superior: Place, organ: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, out = ("--as", "head", "--lang", "en"), tmp_path / "m.figures"
    own, here = ("--db", organ.store.url), ("--db", superior.store.url)
    public = disclosure("evidence", "key", *me, *own).out.strip()
    assert disclosure("board", "send", "--month", MARCH, "--out", out, *me, *own).code == 0
    assert "same file" in disclosure("board", "send", "--month", MARCH, "--out", out, *me, *own).out
    assert disclosure("board", "import", out, *me, *here).code != 0
    assert disclosure("board", "trust", public, "--name", "江州市卫生局", *me, *here).code == 0
    assert "江州市卫生局" in disclosure("board", "trust", *me, *here).out
    assert disclosure("board", "import", out, "--json", *me, *here).json["version"] == 1
    assert disclosure("board", "import", out, *me, *here).code != 0
    assert "2026-03" in disclosure("board", "reported", *me, *here).out
    said = disclosure("board", "--month", MARCH, *me, *here).out
    assert "江州市卫生局*" in said
    assert disclosure("board", "trust", "--withdraw", "wj", *me, *here).code == 0
