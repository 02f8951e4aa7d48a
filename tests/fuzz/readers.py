"""Everything that reads what came from outside, as functions of bytes, each with inputs that are right.

A reader returns, or refuses by an error of workflow.base.errors: anything else is a fault of the program.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from letters.content import markdown
from letters.pdf import reading
from tests import builders
from workflow import calendar
from workflow.base import atoms, dates, follow_codes, names, tables, typed_words
from workflow.base.sheets import day_forms, reader
from workflow.calendar import importing
from workflow.calendar.spoken_days import read_day
from workflow.casework import application, identity
from workflow.delivery import post_lists
from workflow.drafting import draft_text, guidance, precedent_files
from workflow.evidence import notes, verify_evidence
from workflow.law import change_file
from workflow.office import office_file
from workflow.reports.annual import read_file
from workflow.reports.law import why
from workflow.storage import encryption
from workflow.upkeep import backup_file, backup_zip, key_shares
from workflow.upkeep.parts import age_files, part_file, part_names, sftp

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 2)
Read = Callable[[bytes, Path], Any]


@dataclass(frozen=True)
class Reader:
    """One reader: `read` is given bytes and a folder of its own; so many inputs at length."""

    read: Read
    seeds: tuple[bytes, ...]
    most: int
    right: bool = True  # whether the inputs are taken as they are, and not only looked at far into


def text(read: Callable[[str], Any]) -> Read:
    """A reader of what is typed: bytes as a terminal hands them over."""
    return lambda data, _folder: read(data.decode("utf-8", "surrogateescape"))


def file(name: str, read: Callable[[Path], Any]) -> Read:
    """A reader of a file of this name."""

    def written(data: bytes, folder: Path) -> Any:
        path = folder / name
        path.write_bytes(data)
        found = read(path)
        return list(found) if hasattr(found, "__next__") else found

    return written


def _rows(path: Path) -> None:
    with reader.opened(path) as sheets:
        for sheet in sheets:
            for row in sheet.rows(0):
                for cell in row.cells:
                    reader.plain(cell)


def _backup(path: Path) -> None:
    with backup_file.Reader(path) as source:
        for table in source.manifest.tables:
            for _ in source.rows(table):
                pass
        for sha256 in source.manifest.files:
            for _ in source.file(sha256):
                pass
        source.key()


def _part(path: Path) -> None:
    part = part_file.PartReader(path, path.name)
    try:
        for sha256 in part.manifest.held:
            for line in part.members.lines(part_file.block_name(sha256)):
                part.members.row("x", line)
    finally:
        part.close()


def _decrypted(data: bytes, _folder: Path) -> None:
    age_files.decrypt(io.BytesIO(data), io.BytesIO(), [_key()], "x")


@cache
def _key() -> Any:
    import pyrage

    return pyrage.x25519.Identity.generate()


def _sealed() -> bytes:
    out = io.BytesIO()
    age_files.encrypt(io.BytesIO(b"rows" * 99), out, [str(_key().to_public())])
    return out.getvalue()


def _zip(backup: bool) -> bytes:
    """A small backup in one file, or a part of a set."""
    made = backup_file.Manifest("0001", "2026-03-02T00:00:00Z", "sqlite")
    out = io.BytesIO()
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [{"id": 1, "name": "甲"}, {"id": 2, "name": None}]
    if backup:
        with backup_file.Writer(out, moment) as archive:
            made.tables["office"] = archive.rows("office", rows)
            made.files["0" * 64] = archive.file("0" * 64, io.BytesIO(b"x"))
            archive.manifest(made)
        return out.getvalue()
    with part_file.PartWriter(out, moment) as part:
        manifest = part_file.PartManifest("20260302-000000-abcd", 1, "", made)
        part.table(manifest, "office", [((row["id"],), row) for row in rows], set())
        part.manifest(manifest)
    return out.getvalue()


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["申请人", "收到日期", "申请内容"])  # type: ignore[union-attr]
    book.active.append(["张三", date(2026, 3, 2), "名单"])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(read: Callable[[bytes], Any]) -> Read:
    return lambda data, _folder: read(data)


def _small_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "答复书"})
    writer.add_attachment("a.json", b'{"number": "1"}')
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _evidence(read: Callable[[str], Any]) -> Read:
    """The verifier for outsiders has errors of its own."""

    def wrapped(data: bytes, _folder: Path) -> None:
        with suppress(verify_evidence.Unreadable, verify_evidence.NotProved):
            read(data.decode("utf-8", "surrogateescape"))

    return wrapped


def _change(path: Path) -> None:
    change, _ = change_file.read(tables.parse(tables.text_of(path), path.name))
    if change is not None:
        for name in change_file.KEYS:
            change_file.rows(change, name)


def _calendar(path: Path) -> None:
    importing.of_file(path, year=2027, number="国办发明电〔2026〕9号", promulgated=DAY, source="gov.cn")


def _b(*texts: str) -> tuple[bytes, ...]:
    return tuple(one.encode() for one in texts)


NOTE = "disclosure/jz/5e79ac9e\n12\nzmc8Iu0vmCLnyXqNNy2zMsMZzRL6qmRh1D1hW4GoDCQ=\n\n— a.example Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
APPLICATION = (
    'channel = "post"\non = 2026-03-02\n[applicant]\nname = "张三"\naddress = "滨江路1号"\nrequest = "名单"\n'
)
CHANGE = 'title = "示例"\npromulgated = 2027-01-05\neffective = 2027-03-01\n[[amend]]\nid = "reply.limit"\nvalue = 15\n'
CALENDAR = "date,kind,festival\n2027-01-01,off,元旦\n2027-01-03,work,\n"
LIST = "申请人,申请渠道,签收日期,申请内容\n王五,post,2026-03-02,某信息\n"
AGREED = {"means": "means", "reasons": "reasons"}


@cache
def readers() -> dict[str, Reader]:
    """Every reader by name."""
    report = (ROOT / "tests/reports/small-2025.json").read_bytes()
    precedent = (ROOT / "tests/precedents/001-sanya-eia.toml").read_bytes()
    office = builders.toml_of(builders.office_file()).encode()
    shares = key_shares.split(b"{}", current="a", needed=2, persons=["甲", "乙"], made="2026-03-02")
    roles = names.both("role", names.bundled()["role"])
    known = calendar.known()
    public = follow_codes.secret_of_code
    return {
        "a day as spoken": Reader(
            text(lambda said: read_day(said, DAY, known)),
            _b("3月5日", "昨天", "+3工作日", "下周一", "2026-03-05"),
            8000,
        ),
        "a day": Reader(text(dates.parse_date), _b("2026-03-05"), 5000),
        "a day in a list": Reader(
            text(lambda said: day_forms.read(said, "on")),
            _b("2026年3月5日", "2026/3/5", "二〇二六年三月五日"),
            8000,
        ),
        "a search": Reader(text(atoms.query), _b('补偿方案 "征地" -渡口', "甲 AND 乙"), 6000),
        "words of a text": Reader(
            text(lambda said: list(atoms.atoms(said))), _b("关于2025年度征地ABC公告"), 5000
        ),
        "a word for a code": Reader(
            text(lambda said: typed_words.resolve(said, roles, "role")), _b("registrar", "登记员"), 5000
        ),
        "an identity number": Reader(
            text(identity.look), _b("身份证 11010519491231002X", "护照E12345678"), 5000
        ),
        "provisions in a text": Reader(
            file("g.md", lambda path: guidance.cited(path, DAY)),
            _b("《中华人民共和国政府信息公开条例》第三十三条第二款第（一）项、第三十六条\n"),
            3000,
        ),
        "reasons in Markdown": Reader(
            text(markdown.paragraphs), _b("# 一\n\n- 甲\n- **乙** [丙](http://x)\n\n> 丁"), 4000
        ),
        "a draft as edited": Reader(
            text(lambda said: draft_text.parsed(said, AGREED)),
            _b("== means ==\n纸质\n== reasons ==\n理由\n"),
            4000,
        ),
        "why": Reader(text(lambda said: why.of(said, DAY)), _b("第三十三条第二款", "reply.limit"), 1000),
        "a signed note": Reader(text(notes.read), _b(NOTE), 5000),
        "a checkpoint": Reader(text(notes.checkpoint_of), _b(NOTE.partition("\n\n")[0] + "\n"), 3000),
        "a public key": Reader(
            text(notes.read_key), (notes.Key("a.example", 1, bytes(32)).text.encode(),), 3000
        ),
        "a note for the verifier": Reader(_evidence(verify_evidence.note_of), _b(NOTE), 3000),
        "a proof for the verifier": Reader(
            _evidence(lambda proof: verify_evidence.check(b"%PDF-1.7", proof, None, [])),
            _b("c2sp.org/tlog-proof@v1\nextra e30=\nindex 3\n" + NOTE),
            3000,
        ),
        "a proof of a figure for the verifier": Reader(
            _evidence(lambda proof: verify_evidence.check(b'{"report": {"unit": "x"}}', proof, None, [])),
            _b(
                json.dumps(
                    {"checkpoint": NOTE, "report": {"text": "e30=", "index": 0, "path": []}, "cell": []}
                )
            ),
            3000,
        ),
        "a share of the key": Reader(text(lambda said: key_shares.read("x", said)), _b(*shares), 3000),
        "a code of the counter": Reader(text(public), _b(follow_codes.code(b"\1" * 16), "ABCD-EFGH"), 3000),
        "an address of a machine": Reader(text(sftp.address), _b("sftp://user@host:22/kept"), 3000),
        "a name of a part": Reader(
            text(part_names.read), _b("disclosure-20260331-020000-1a2b.0007.20260406-020000.zip.age"), 2000
        ),
        "a key to encrypt to": Reader(
            text(lambda said: age_files.require_recipients([said])), (str(_key().to_public()).encode(),), 1000
        ),
        "a file of private keys": Reader(
            file("k", lambda path: age_files.keys_of([path])), (f"# x\n{_key()}\n".encode(),), 1000
        ),
        "an encrypted part": Reader(_decrypted, (_sealed(),), 1000),
        "an office file": Reader(file("o.toml", office_file.read), (office,), 2000),
        "an application in TOML": Reader(file("a.toml", application.read_file), _b(APPLICATION), 2000),
        "an application in JSON": Reader(
            file("a.json", application.read_file),
            (
                json.dumps(
                    {"channel": "post", "on": "2026-03-02", "applicant": {"name": "张三", "request": "x"}}
                ).encode(),
            ),
            2000,
        ),
        "a calendar as CSV": Reader(file("c.csv", _calendar), _b(CALENDAR), 1000),
        "a calendar as JSON": Reader(
            file("c.json", _calendar),
            _b('{"year": 2027, "off": ["2027-01-01"], "work": [], "days": []}'),
            1000,
        ),
        "a calendar as TOML": Reader(
            file("c.toml", _calendar), _b("year = 2027\noff = [2027-01-01]\n"), 1000
        ),
        "a calendar as iCalendar": Reader(
            file("c.ics", _calendar),
            _b(
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nSUMMARY:元旦 休\nEND:VEVENT\nEND:VCALENDAR\n"
            ),
            1000,
        ),
        "a report as JSON": Reader(file("r.json", read_file.read), (report,), 1000),
        "a report as CSV": Reader(
            file("r.csv", lambda path: read_file.read(path, 2025)),
            _b(
                "项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计\n一、本年新收政府信息公开申请数量,3,0,0,0,0,0,3\n"
            ),
            1000,
            right=False,
        ),
        "a change of the law": Reader(file("l.toml", _change), _b(CHANGE), 1000),
        "a published case": Reader(
            file("p.toml", lambda path: list(precedent_files.read(path))), (precedent,), 1000
        ),
        "a list as CSV": Reader(file("l.csv", _rows), _b(LIST, LIST.replace(",", "\t")), 2000),
        "a list of the post": Reader(
            file("t.csv", lambda path: post_lists.read(path, (("tracking",), ("status",), ("on",)))),
            _b("邮件号,状态,日期\nXA1,妥投,2026-03-05\n"),
            1000,
        ),
        "a list as a workbook": Reader(file("l.xlsx", _rows), (_workbook(),), 100),
        "a key file": Reader(
            lambda data, _folder: encryption.read(data, "x"),
            _b('{"current": "a", "keys": {"a": "' + "A" * 43 + '="}, "index": "' + "A" * 43 + '="}'),
            2000,
        ),
        "a backup": Reader(file("b.zip", _backup), (_zip(True),), 1500),
        "a part of a backup": Reader(file("b.zip", _part), (_zip(False),), 1500),
        "the text of a PDF": Reader(_pdf(reading.text_of), (_small_pdf(),), 500),
        "the data of a PDF": Reader(_pdf(reading.data_of), (_small_pdf(),), 500),
        "the title of a PDF": Reader(_pdf(reading.title_of), (_small_pdf(),), 500),
    }


def changed_zip(data: bytes, member: str, content: bytes) -> bytes:
    """A zip archive with one member exchanged, so that what is inside is reached."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


MANIFEST = backup_zip.MANIFEST
