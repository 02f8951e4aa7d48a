"""Document numbers: gapless, each once, also with two at once and with a fault after taking; void ones keep
theirs.
"""

from __future__ import annotations

import errno
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from workflow.base import whole_files
from workflow.base.errors import Environment, Malformed, NotFound, Refused
from workflow.casework.desk import Desk
from workflow.delivery import numbers as number_lists
from workflow.delivery import void_letters
from workflow.jobs import queue
from workflow.storage import file_store, number_series
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

DAY = RECEIVED + timedelta(days=7)


def numbers(place: Place, name: str = "reply") -> list[tuple[int, str]]:
    found = number_lists.register(place.desk(), 2026, name)
    assert found.whole, found.gaps
    return [(one.no, one.state) for one in found.given]


def test_two_at_once_take_two_numbers(place: Place) -> None:
    cases = [place.bring("approved") for _ in range(6)]
    desks = [Desk(place.store, "handler", "jz", now=place.now, today=lambda: place.today) for _ in range(2)]
    faults: list[BaseException] = []

    def issue(desk: Desk, mine: list[str]) -> None:
        try:
            for case in mine:
                desk.act(case, "issue", {}, on=DAY)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=issue, args=(desk, cases[i::2])) for i, desk in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert numbers(place) == [(no, "waiting") for no in range(1, 7)]


def test_a_fault_after_taking_gives_the_number_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = place.bring("approved"), place.bring("approved")
    take, taken = number_series.take, []

    def failing(*args: Any) -> int:
        taken.append(take(*args))
        raise OSError(errno.EIO, "the disk fails")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr(number_series, "take", failing)
        place.act("handler", "issue", first, DAY)
    assert taken == [1]
    assert numbers(place) == []
    place.act("handler", "issue", second, DAY)
    place.act("handler", "issue", first, DAY)
    assert numbers(place) == [(1, "waiting"), (2, "waiting")]


def test_a_full_disk_leaves_no_half_letter_and_loses_no_number(
    place: Place, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = place.bring("issued")
    written: list[int] = []
    write = whole_files.Draft.write

    def full(draft: whole_files.Draft, part: bytes) -> None:
        write(draft, part[: len(part) // 2])
        written.append(len(part))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken, pytest.raises(Environment, match="no room") as caught:
        broken.setattr(whole_files.Draft, "write", full)
        queue.settle(place.desk())
    assert caught.value.advice
    assert written
    folder = file_store.folder(place.store.folder)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert numbers(place) == [(1, "waiting")]
    queue.settle(place.desk())
    assert numbers(place) == [(1, "made")]
    assert place.case(number).state == "issued"
    verify_record.verify(place.store, place.desk().office, with_files=True)


def test_a_void_reply_keeps_its_number_and_is_issued_anew(place: Place) -> None:
    number = place.bring("issued")
    place.made()
    old = place.case(number).reply
    assert old is not None
    done = void_letters.void(place.desk("head"), number, old.number, "附件名称有误", on=DAY)
    assert (done.entry.event, done.case.state, done.case.reply) == ("void_reply", "approved", None)
    assert place.row(number)["decision_number"] is None
    with pytest.raises(Refused):
        place.act("registrar", "dispatch", number, DAY, served_by="post")
    place.act("handler", "issue", number, DAY)
    place.made()
    new = place.case(number).reply
    assert new is not None
    assert new.number != old.number
    assert numbers(place) == [(1, "void"), (2, "made")]
    place.act("registrar", "dispatch", number, DAY, served_by="post")
    assert numbers(place) == [(1, "void"), (2, "sent")]
    found = number_lists.register(place.desk())
    assert found.given[0].reason == "附件名称有误"
    assert "附件名称有误" in "\n".join(found.lines())
    with pytest.raises(Refused):
        void_letters.void(place.desk("head"), number, new.number, "太晚", on=DAY)
    verify_record.verify(place.store, place.desk().office)


def test_a_reply_may_be_void_before_its_pdf_is_made(place: Place) -> None:
    number = place.bring("issued")
    void_letters.void(place.desk("head"), number, "D1", "错字", on=DAY)
    assert all(work.kind != "letter" or work.ref != _reply(place) for work in queue.waiting(place.desk()))
    assert numbers(place) == [(1, "void")]
    verify_record.verify(place.store, place.desk().office)


def _reply(place: Place) -> int:
    table = TABLES["letter"]
    with place.store.reading() as connection:
        return int(connection.execute(sa.select(table.c.id).where(table.c.series == "reply")).scalar_one())


def test_a_void_notice_is_made_anew_from_the_record(place: Place) -> None:
    number = place.bring("in_hand")
    place.act("head", "extend", number, DAY, reasons="信息量大")
    place.made()
    done = void_letters.void(place.desk("head"), number, "P5", "错字", on=DAY + timedelta(days=1))
    assert [letter["code"] for letter in done.letters] == ["P5"]
    assert numbers(place, "notice") == [(1, "void"), (2, "waiting")]
    queue.settle(place.desk())
    assert numbers(place, "notice") == [(1, "void"), (2, "made")]
    void_letters.void(place.desk("head"), number, "P5", "仍有错字", anew=False, on=DAY + timedelta(days=1))
    assert numbers(place, "notice") == [(1, "void"), (2, "void")]
    verify_record.verify(place.store, place.desk().office, with_files=True)


def test_what_cannot_be_void(place: Place) -> None:
    number = place.bring("issued")
    with pytest.raises(NotFound):
        void_letters.void(place.desk("head"), number, "P5", "错字", on=DAY)
    with pytest.raises(Malformed):
        void_letters.void(place.desk("head"), number, "D1", "错字", anew=False, on=DAY)
    with pytest.raises(Malformed):
        void_letters.void(place.desk("head"), number, "D1", "", on=DAY)
    with pytest.raises(Refused):
        void_letters.void(place.desk("handler"), number, "D1", "错字", on=DAY)


def test_a_missing_number_shows(place: Place) -> None:
    place.bring("issued")
    with place.store.writing() as connection:
        connection.execute(
            sa.update(TABLES["series"]).where(TABLES["series"].c.name == "reply").values(last=3)
        )
    found = number_lists.register(place.desk())
    assert found.gaps == ["reply 2026: 2", "reply 2026: 3"]
    assert not found.whole


def test_the_commands(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "head")
    place = builders.found(sqlite_url)
    number = place.bring("issued")
    place.made()
    said = disclosure("letter", "void", number, "--letter", "D1", "--reason", "错字", "--json")
    assert said.code == 0, said.err
    assert said.json["state"] == "approved"
    assert disclosure("letter", "numbers", "--year", "2026", "--json").json["numbers"][0]["state"] == "void"
    shown = disclosure("letters", number, "--json").json
    assert [one["voided_on"] is not None for one in shown] == [False, True]
    assert disclosure("letters", number).code == 0
    assert disclosure("letter", "numbers", "--series", "nothing", "--json").code == 2
    with place.store.writing() as connection:
        connection.execute(
            sa.update(TABLES["series"]).where(TABLES["series"].c.name == "reply").values(last=2)
        )
    assert disclosure("letter", "numbers").code == 5
