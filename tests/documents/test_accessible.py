"""Every PDF can be read to a blind person: tagged, in its language, with its title, by two checkers and
veraPDF.
"""

from __future__ import annotations

import ctypes
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pikepdf
import pypdf
import pytest
from PIL import Image

from letters.content import follow
from letters.pdf import render
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.archive import folder
from workflow.delivery import batch_print, batches
from workflow.drafting import specimen_files
from workflow.jobs import queue

ON = date(2026, 5, 20)
FILED = date(2026, 3, 20)


def faults(path: Path) -> list[str]:
    """What the checkers call an error; a checker that fails is one too."""
    import avalpdf.cli
    from outloud import check

    heard = check(str(path))
    found = [f"outloud {one.rule}: {one.message}" for one in heard.findings if one.severity == "error"]
    found += [f"outloud: {heard.error}"] if heard.error else []
    names = ("save_full", "save_simple", "save_report", "show_structure", "show_validation")
    with patch.object(avalpdf.cli, "pdf_to_json", as_json):
        told = avalpdf.cli.analyze_pdf(
            str(path),
            dict.fromkeys(names, False)
            | {"output_path": str(path.parent), "quiet": True, "multi_file_mode": True},
        )
    found += [f"avalpdf: {one}" for one in told["issues"]]
    return found + ([f"avalpdf: {told['error']}"] if told.get("error") else [])


def as_json(path: str) -> Any:
    """What avalpdf's own `pdf_to_json` gives, with every page open meanwhile: else its library reads a page
    anew for each piece of text on it, which takes 20 s for a volume of twelve pages.
    """
    import pdfixsdk as sdk

    pdfix = sdk.GetPdfix()
    document = pdfix.OpenDoc(path, "")
    assert document is not None, path
    pages = [document.AcquirePage(number) for number in range(document.GetNumPages())]
    asked = sdk.PdfJsonParams()
    asked.flags = sdk.kJsonExportStructTree | sdk.kJsonExportDocInfo | sdk.kJsonExportText
    conversion, stream = document.CreateJsonConversion(), pdfix.CreateMemStream()
    conversion.SetParams(asked)
    conversion.SaveToStream(stream)
    data = bytearray(stream.GetSize())
    stream.Read(0, (ctypes.c_ubyte * len(data)).from_buffer(data), len(data))
    stream.Destroy()
    for page in pages:
        page.Release()
    document.Close()
    return json.loads(data)


def stated(path: Path) -> None:
    with pikepdf.open(path) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) in ("zh-CN", "en")
        assert str(pdf.docinfo["/Title"])
        assert pdf.open_metadata()["dc:title"]
        assert pdf.open_metadata()["pdfuaid:part"] == "1"


SPECIMENS = specimen_files.wanted(ON)


@pytest.mark.parametrize(
    ("code", "ground", "outcome"), SPECIMENS, ids=["-".join(filter(None, one)) for one in SPECIMENS]
)
def test_every_letter(code: str, ground: str | None, outcome: str | None, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    page = "ordinary" if outcome == "granted" else "letter"
    content = specimen_files.composed(code, ground, outcome=outcome, on=ON, page=page)
    path.write_bytes(render.pdf(content, draft=code == "D4a"))
    assert faults(path) == []
    stated(path)


@pytest.mark.parametrize("code", ["P2", "P3"])
def test_the_code_by_which_a_case_is_followed(code: str, tmp_path: Path) -> None:
    """Its picture is told in words, which hold the code itself."""
    path, typed = tmp_path / "letter.pdf", "7K3M-9QXA-B2CD-EF4G-H5JK-6MNP-8RST"
    content = follow.put(specimen_files.composed(code, on=ON), typed, "https://yigk.example.gov.cn")
    path.write_bytes(render.pdf(content))
    assert faults(path) == []
    stated(path)
    with pikepdf.open(path) as pdf:
        told = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert [typed in one for one in told] == [True]


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DISCLOSURE_OFFICER", "registrar")
    made = builders.found(sqlite_url)
    yield made
    made.store.close()


def sound(path: Path) -> None:
    assert faults(path) == []
    stated(path)


@pytest.mark.parametrize(
    "words",
    [
        ("register", "list"),
        ("report", "performance", "--year", "2026"),
        ("report", "frequent", "--year", "2026"),
    ],
    ids=lambda words: words[1],
)
def test_lists_and_figures(words: tuple[str, ...], place: Place, tmp_path: Path) -> None:
    request = "请公开2025年度城东片区国有土地上房屋征收补偿方案"
    for who in ("甲某", "乙某"):
        place.bring("served", name=who, id_number=who, request=request)
    words = ("roll",) if words[0] == "register" else words
    assert disclosure(*words, "--out", tmp_path / "list.pdf").code == 0
    sound(tmp_path / "list.pdf")


def test_alerts(place: Place, tmp_path: Path) -> None:
    place.bring("in_hand", on=date(2026, 8, 4))
    disclosure("alerts", "--on", "2026-09-01", "--pdf", tmp_path / "alerts.pdf")
    sound(tmp_path / "alerts.pdf")


def test_the_explanation_of_a_time_limit(place: Place, tmp_path: Path) -> None:
    number = place.bring("in_hand")
    place.act("handler", "consult_third_party", number, "2026-03-06", name="甲公司")
    place.act("handler", "opinion_given", number, "2026-03-20", no=1, answer="agree")
    assert disclosure("explain", number, "--pdf", tmp_path / "explanation.pdf").code == 0
    sound(tmp_path / "explanation.pdf")


def test_the_annual_report(place: Place, tmp_path: Path) -> None:
    place.bring("served")
    data = tmp_path / "data.toml"
    assert disclosure("report", "data", "2026", "--out", data, "--as", "registrar").code == 0
    told = data.read_text().replace('overview = ""', 'overview = "第一段。\\n第二段。"')
    data.write_text(told)
    out = tmp_path / "annual.pdf"
    said = disclosure("report", "annual", "2026", "--data", data, "--out", out, "--as", "registrar")
    assert said.code == 0, said.err
    sound(out)


def test_what_goes_to_the_post_office(place: Place, tmp_path: Path) -> None:
    number = place.receive(
        channel="in_person", address="江州市姑江区平安路12号", postcode="215001"
    ).case.number
    place.walk(number, [*builders.ROADS["registered"], ("head", "extend", 2, {"reasons": "信息量大"})])
    queue.settle(place.desk())
    batch = batches.make(place.desk(), date(2026, 3, 4))
    for path in batch_print.write(place.desk(), batch, tmp_path / "out", duplex=True):
        if path.endswith(".pdf"):
            sound(Path(path))
    # Labels of another sheet, and covers for windows: the letters are the same.
    others = batch_print.write(place.desk(), batch, tmp_path / "other", label="a4-2x7", envelope="c5-window")
    for path in others:
        if path.endswith(("标签.pdf", "封面页.pdf")):
            sound(Path(path))


def _scan(path: Path) -> Path:
    Image.new("RGB", (300, 900), "navy").save(path)
    return path


def test_the_volume_of_a_case(place: Place, tmp_path: Path) -> None:
    """Letters keep their structure in it; a scan is described; bookmarks and printed page numbers are
    there.
    """
    scan = _scan(tmp_path / "照片.png")
    handed_in = tmp_path / "申请表.pdf"
    handed_in.write_bytes(render.pdf(specimen_files.composed("P13", on=ON)))
    number = place.bring("served", attach=[scan, handed_in])
    place.made()
    done = place.act("archivist", "file", number, FILED)
    queue.settle(place.desk("archivist"), works=done.errands)
    path = folder.place(place.desk(), number) / "000-卷宗.pdf"
    sound(path)
    reader = pypdf.PdfReader(path)
    titles = [str(one.title) for one in reader.outline if not isinstance(one, list)]
    assert titles[:2] == ["政府信息公开申请案卷", "卷内目录"]
    labels = reader.page_labels
    assert labels[:3] == ["i", "ii", "1"]
    assert labels[-1] == "卷内备考表"
    with pikepdf.open(path) as pdf:
        kinds: dict[str, int] = {}
        shown: list[str] = []
        _count(pdf.Root.StructTreeRoot, kinds, shown)
        assert kinds["H1"] >= 5
        assert kinds["Table"] >= 4
        assert kinds["TH"] >= 10
        assert shown == ["照片.png，原件影像第1页"]
        assert kinds["Sect"] >= 6
        for page in pdf.pages:
            assert "/Annots" not in page.obj
    # A page number that was stamped on is an artifact, and read by nobody.
    assert b"/Artifact BMC" in reader.pages[2].get_contents().get_data()  # type: ignore[union-attr]


def _count(node: Any, kinds: dict[str, int], shown: list[str]) -> None:
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        kinds[str(node.S)[1:]] = kinds.get(str(node.S)[1:], 0) + 1
        if "/Alt" in node:
            shown.append(str(node.Alt))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        _count(kid, kinds, shown)


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not installed")
@pytest.mark.parametrize("code", ["D3", "P2", "P7", "P13"])
def test_verapdf_finds_it_accessible(code: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(
        render.pdf(specimen_files.composed(code, "trade_secret" if code == "D3" else None, on=ON))
    )
    for flavour in ("ua1", "3u"):
        done = subprocess.run(
            ["verapdf", "--flavour", flavour, "--format", "text", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.startswith("PASS"), done.stdout + done.stderr


def test_a_checker_is_given_what_it_reads_by_itself(tmp_path: Path) -> None:
    from avalpdf.converter import pdf_to_json

    path = tmp_path / "letter.pdf"
    path.write_bytes(render.pdf(specimen_files.composed("P2", on=ON)))
    assert as_json(str(path)) == pdf_to_json(str(path))


def test_a_checker_hears_what_is_wrong(tmp_path: Path) -> None:
    """The checkers do find faults: a page without structure, or without a title, is an error."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    (tmp_path / "bare.pdf").write_bytes(out.getvalue())
    found = faults(tmp_path / "bare.pdf")
    assert any(one.startswith("outloud") for one in found)
    assert any(one.startswith("avalpdf") for one in found)
