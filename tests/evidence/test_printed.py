"""A checkpoint on paper: on the posting list, the archive's catalogue and the annual report, read back by a
reader of codes; nothing of it where the office signed none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from tests import builders
from tests.builders import ROADS, TODAY, Place
from workflow.archive import folder
from workflow.delivery import batch_print, batches
from workflow.evidence import checkpoints, keys
from workflow.reports.annual import build


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An office with one letter to post and one case that was filed."""
    made = builders.found(f"sqlite:///{tmp_path / 'disclosure.db'}")
    number = made.receive(name="张三", address="江州市姑江区平安路12号", postcode="215001").case.number
    made.walk(number, [*ROADS["registered"], ("head", "extend", 2, {"reasons": "信息量大"})])
    made.bring("filed", name="李四")
    yield made
    made.store.close()


def codes(path: Path) -> list[str]:
    """What the codes on the pages of a PDF hold."""
    document = pypdfium2.PdfDocument(path)
    return [
        one.text
        for page in document
        if "检查点" in page.get_textpage().get_text_bounded()
        for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    ]


def described(path: Path) -> list[str]:
    """The alternative texts of the figures of a tagged PDF."""
    with pikepdf.open(path) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        return [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]


@pytest.mark.usefixtures("no_explanations")
def test_the_sheets_that_leave_the_house_bear_a_checkpoint(place: Place, tmp_path: Path) -> None:
    desk, archivist, out = place.desk("registrar"), place.desk("archivist"), tmp_path / "out"
    assert build.make(desk, TODAY.year).stamp is None
    keys.create(keys.place(place.store.folder))
    batch = batches.make(desk, TODAY, cases=["2026-0001"])
    note = checkpoints.make(desk)
    folder.make(archivist, "2026-0002", out / "volume")
    (out / "list.pdf").write_bytes(batch_print.posting_list(desk, batch))
    made = build.make(desk, TODAY.year)
    for kind in ("pdf", "html"):
        (out / f"report.{kind}").write_bytes(build.written(made.report, kind, TODAY, made.stamp))
    for path in (out / "list.pdf", out / "volume" / "000-卷宗.pdf", out / "report.pdf"):
        assert codes(path) == [str(note)], path
        assert any("台账检查点" in text for text in described(path)), path
    assert "<svg" in (out / "report.html").read_text(encoding="utf-8")
