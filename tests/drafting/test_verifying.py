"""Previews with their mark, whether a PDF is ours and unchanged, and signed copies."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa

from letters.check import rules
from letters.pdf import reading
from tests import builders, signingkey
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Damaged, Environment, Malformed, NotFound, Refused
from workflow.drafting import preview, signing, verification
from workflow.jobs import queue
from workflow.storage import file_store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "pages_once")

SECRET = "geheim-口令"


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    made = builders.found(sqlite_url)
    yield made
    made.store.close()


def issued(place: Place, tmp_path: Path) -> tuple[str, dict[str, Any], Path]:
    """A reply that was issued and made: the case, the letter, and its PDF as a file."""
    number = place.bring("issued")
    letter = next(one for one in queue.settle(place.desk("handler")) if one.get("code") == "D1")
    path = tmp_path / "letter.pdf"
    path.write_bytes(file_store.read(file_store.folder(place.store.folder), letter["sha256"]))
    return number, letter, path


# --- previews


@pytest.mark.parametrize(
    ("state", "mark"),
    [("drafting", "草稿"), ("section_review", "送审稿"), ("head_review", "送审稿"), ("approved", "待签发")],
)
def test_a_preview_bears_the_mark_of_its_state_and_no_number(
    place: Place, tmp_path: Path, state: str, mark: str
) -> None:
    number = place.bring(state)
    before = builders.digest(place.store)
    out = tmp_path / "preview.pdf"
    made = preview.preview(
        place.desk("handler"), number, lambda _: out, on=dt.date(2026, 3, 9), served_by=None
    )
    assert made["mark"] == mark
    assert builders.digest(place.store) == before
    pdf = out.read_bytes()
    text = reading.text_of(pdf)
    assert mark in text.replace(" ", "")
    assert "jz公复〔2026〕" in text
    assert "jz公复〔2026〕1号" not in text
    told = reading.data_of(pdf)
    assert told["draft"] is True
    assert told["number"] is None
    verdict = verification.verify(place.store, out)
    assert verdict.verdict == "draft"
    with pytest.raises(NotFound):
        verdict.require_ours()


def test_the_mark_stands_on_every_page(place: Place, tmp_path: Path) -> None:
    number = place.bring("in_hand")
    place.act(
        "handler",
        "draft",
        number,
        "2026-03-05",
        **{**builders.REFUSE, "reasons": "该信息是内部考勤记录。\n" * 90},
    )
    out = tmp_path / "preview.pdf"
    preview.preview(place.desk("handler"), number, lambda _: out, on=dt.date(2026, 3, 9), served_by=None)
    import pypdf

    pages = [page.extract_text() for page in pypdf.PdfReader(out).pages]
    assert len(pages) >= 3
    assert all("草稿" in page.replace(" ", "") for page in pages)


def test_no_preview_without_a_draft(place: Place, tmp_path: Path) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Refused):
        preview.preview(place.desk("handler"), number, tmp_path.joinpath, on=None, served_by=None)
    issued_one = place.bring("issued")
    with pytest.raises(Refused):
        preview.preview(place.desk("handler"), issued_one, tmp_path.joinpath, on=None, served_by=None)
    assert not (tmp_path / "x.pdf").exists()


def test_every_state_of_review_has_a_mark() -> None:
    from workflow.casework import issue_check
    from workflow.procedure import transitions

    steps = {step.state for step in transitions.bundled().steps}
    assert steps < set(issue_check.DRAFTED)
    assert all(rules.mark(state) for state in issue_check.DRAFTED)


# --- verification


def test_a_letter_of_ours_is_recognised(place: Place, tmp_path: Path) -> None:
    number, letter, path = issued(place, tmp_path)
    found = verification.verify(place.store, path)
    assert (found.verdict, found.case, found.number, found.letter) == (
        "unchanged",
        number,
        letter["number"],
        letter["id"],
    )
    assert found.recorded_at
    said = disclosure("letter", "verify", path)
    assert said.code == 0
    assert letter["number"] in said.out
    assert disclosure("letter", "verify", path, "--json").json["verdict"] == "unchanged"


def test_changed_it_is_said_to_be(place: Place, tmp_path: Path) -> None:
    _number, letter, path = issued(place, tmp_path)
    pdf = path.read_bytes()
    path.write_bytes(pdf + b"\n% one more line")
    found = verification.verify(place.store, path)
    assert (found.verdict, found.number, found.expected) == ("changed", letter["number"], letter["sha256"])
    assert disclosure("letter", "verify", path, "--json").code == 5
    # Rewritten by another program, and without the data that was attached.
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name in list(document.attachments):
            del document.attachments[name]
        document.save(path)
    assert verification.verify(place.store, path).verdict == "changed"
    with pytest.raises(Damaged):
        verification.verify(place.store, path).require_ours()


def test_what_is_not_ours(place: Place, tmp_path: Path) -> None:
    from letters.content import specimens
    from letters.pdf import render
    from workflow import law

    issued(place, tmp_path)
    path = tmp_path / "other.pdf"
    path.write_bytes(render.pdf(specimens.letter("D1", law=law.bundled())))
    assert verification.verify(place.store, path).verdict == "not_ours"
    assert disclosure("letter", "verify", path).code == 3
    for data in (b"", b"no pdf", b"%PDF-1.7 broken", b"%PDF-1.7\n" + b"\0" * 5000):
        path.write_bytes(data)
        assert verification.verify(place.store, path).verdict == "not_ours"
    assert disclosure("letter", "verify", tmp_path).code == 2
    assert disclosure("letter", "verify", tmp_path / "none.pdf").code == 2


def test_a_row_without_its_entry_proves_nothing(place: Place, tmp_path: Path) -> None:
    _number, letter, path = issued(place, tmp_path)
    path.write_bytes(path.read_bytes() + b"%")
    import hashlib

    forged = hashlib.sha256(path.read_bytes()).hexdigest()
    table = TABLES["letter"]
    with place.store.writing() as connection:
        connection.execute(sa.update(table).where(table.c.id == letter["id"]).values(sha256=forged))
    with pytest.raises(Damaged):
        verification.verify(place.store, path)


# --- signing


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A PKCS#12 file made here, and its certificate."""
    pytest.importorskip("pyhanko")
    path = tmp_path_factory.mktemp("key") / "office.p12"
    return path, signingkey.make(path, SECRET)


def test_a_letter_is_signed_recorded_and_given_out(
    place: Place, tmp_path: Path, key: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, letter, path = issued(place, tmp_path)
    plain = path.read_bytes()
    monkeypatch.setenv(signing.PASSPHRASE, SECRET)
    said = disclosure(
        "letter",
        "sign",
        number,
        "--letter",
        str(letter["id"]),
        "--key",
        key[0],
        "--as",
        "registrar",
        "--json",
    )
    assert said.code == 0, said.err
    made = said.json
    assert SECRET not in said.out + said.err
    signed = file_store.read(file_store.folder(place.store.folder), made["signed_sha256"])
    assert signed.startswith(plain)
    _require_valid(signed, key[1])
    with pikepdf.open(io.BytesIO(signed)) as document:
        assert document.open_metadata()["pdfaid:part"] == "3"
        assert list(document.attachments) == ["decision.json"]
        widget = document.Root.AcroForm.Fields[0]
        assert int(widget.F) & 4, "PDF/A wants a widget to be printed"
    told = disclosure("letters", number, "--out", tmp_path / "out", "--as", "registrar", "--json").json
    given = next(one for one in told if one["id"] == letter["id"])
    assert given["signed_sha256"] == made["signed_sha256"]
    assert Path(given["path"]).read_bytes() == signed
    # Both copies are recognised, each as what it is.
    assert verification.verify(place.store, Path(given["path"])).verdict == "signed"
    assert verification.verify(place.store, path).verdict == "unchanged"
    (entry,) = place.case(number).signed
    assert (entry["sha256"], entry["letter"], entry["signer"]) == (
        made["signed_sha256"],
        letter["id"],
        "江州市民政局",
    )
    verdict = verify_record.verify(place.store, place.desk("registrar").office, with_files=True)
    assert verdict.files == 3
    Path(given["path"]).write_bytes(signed + b"%")
    assert verification.verify(place.store, Path(given["path"])).verdict == "changed"


def _require_valid(pdf: bytes, certificate: Any) -> None:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))
    assert status.bottom_line
    assert status.intact


def test_a_key_that_does_not_open(
    place: Place, tmp_path: Path, key: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, letter, _path = issued(place, tmp_path)
    before = builders.digest(place.store)
    desk = place.desk("registrar")
    monkeypatch.setenv(signing.PASSPHRASE, "falsch")
    with pytest.raises(Malformed, match="passphrase"):
        signing.sign(desk, number, letter["id"], key[0])
    with pytest.raises(Malformed):
        signing.sign(desk, number, letter["id"], tmp_path / "none.p12")
    (tmp_path / "no.p12").write_bytes(b"no key")
    with pytest.raises(Malformed):
        signing.sign(desk, number, letter["id"], tmp_path / "no.p12")
    with pytest.raises(NotFound):
        signing.sign(desk, number, 999, key[0])
    monkeypatch.delenv(signing.PASSPHRASE)
    with pytest.raises(Malformed):
        signing.sign(desk, number, letter["id"], key[0], lambda: "")
    assert builders.digest(place.store) == before


def test_only_who_may_signs(place: Place, tmp_path: Path, key: tuple[Path, Any]) -> None:
    number, letter, _path = issued(place, tmp_path)
    with pytest.raises(Refused):
        signing.sign(place.desk("auditor"), number, letter["id"], key[0], lambda: SECRET)
    assert not place.case(number).signed
    signing.sign(place.desk("head"), number, None, key[0], lambda: SECRET)
    assert len(place.case(number).signed) == 1


def test_without_the_extra_it_is_said(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    with pytest.raises(Environment) as caught:
        signing.sign(place.desk("registrar"), "2026-0001", None, tmp_path / "x.p12")
    assert "disclosure[sign]" in (caught.value.advice or "")


def test_a_signed_row_without_its_entry_is_found(place: Place, tmp_path: Path, key: tuple[Path, Any]) -> None:
    number, letter, _path = issued(place, tmp_path)
    signing.sign(place.desk("registrar"), number, letter["id"], key[0], lambda: SECRET)
    table = TABLES["signature"]
    with place.store.writing() as connection:
        connection.execute(sa.update(table).values(sha256="0" * 64))
    with pytest.raises(Damaged):
        verify_record.verify(place.store, place.desk("registrar").office)
