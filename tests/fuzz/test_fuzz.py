"""Every reader of files and of what is typed, given what nobody would type: it reads it or refuses it.

A few inputs each here; 10^5 in all with FUZZ=100 (make fuzz): no traceback, none over 10 s of processor time,
none over 500 MB.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import MANIFEST, Reader, changed_zip, readers
from workflow.base.errors import DisclosureError

# Of the inputs at length, so many of a hundred.
SHARE = int(os.environ.get("FUZZ") or 0)
SECONDS, BYTES = 10.0, 500 * 2**20
WANTED = 100_000
# What has broken readers before: numbers, days, nesting, controls, halves of characters, formulas, paths.
TOKENS = [
    one.encode("utf-8", "surrogatepass")
    for one in (
        *("\0", "\x1b[2J", "\ufeff", "\u2028", "\u202e", "\ud800", "😀", "９", "〇", "½", "²", "٣", "́"),
        *(
            "99999999999999999999",
            "-1",
            "1e999",
            "NaN",
            "0x10",
            "2026-02-30",
            "0000-00-00",
            "9999-12-31",
            "24:60",
        ),
        *(
            "[" * 3000,
            "{" * 3000,
            "(" * 3000,
            "=" * 3000,
            "一" * 3000,
            "第" * 500,
            "《" * 500,
            ">" * 2000,
            "*" * 2000,
        ),
        *(
            '"',
            "'",
            "\\",
            "\r",
            "\n",
            "\t",
            ",",
            ";",
            "=1+1",
            "{{7*7}}",
            "{0.__class__}",
            "%s",
            "../../x",
            "//",
            ":",
            "@",
        ),
        *(
            "null",
            "true",
            "inf",
            "[[a]]",
            "a.b.c = 1",
            "\nBEGIN:VEVENT\n",
            "十万亿",
            "第零条",
            "闰二月三十",
            "+99999999工作日",
        ),
    )
] + [b"\xff\xfe", b"\xff", b"\x80" * 50, b"PK\x05\x06" + bytes(18), b"%PDF-1.7", b"\x1f\x8b"]


def mutated(seeds: tuple[bytes, ...], number: int) -> bytes:
    """One of the right inputs, changed in a few places; the same number gives the same."""
    chance = random.Random(number)
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 4, 40)))
        what = chance.randrange(6)
        if what == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            del data[at:end]
        elif what == 2:
            data[at:at] = data[at:end] * chance.choice((1, 3, 50))
        elif what == 3:
            del data[at:]
        else:
            data[at : end if what == 4 else at] = chance.choice(TOKENS)
    return bytes(data)


def inputs(reader: Reader) -> st.SearchStrategy[bytes]:
    """Changed right inputs mostly, and a few that are nothing at all."""
    near = st.integers(0, 2**63).map(lambda number: mutated(reader.seeds, number))
    any_text = st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(near, near, near, st.binary(max_size=200), any_text)


@pytest.mark.parametrize("name", readers())
def test_a_reader_reads_or_refuses(name: str, tmp_path: Path) -> None:
    reader = readers()[name]

    @settings(
        max_examples=max(6, reader.most * SHARE // 100),
        deadline=None,
        derandomize=not SHARE,  # the usual run tries the same inputs each time
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=inputs(reader))
    def look(data: bytes) -> None:
        begun = time.process_time()
        try:
            reader.read(data, tmp_path)
        except DisclosureError as fault:
            assert fault.text
        except Exception as fault:
            raise AssertionError(f"{name}: {data[:400]!r}: {fault!r}") from fault
        took = time.process_time() - begun
        assert took <= SECONDS, f"{name}: {took:.1f} s for {data[:400]!r}"

    for seed in reader.seeds if reader.right else ():
        reader.read(seed, tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    look()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 <= BYTES, f"{name}: {(after - before) // 1024} MB more"


@pytest.mark.parametrize("name", ["a backup", "a part of a backup"])
def test_the_manifest_within_a_backup(name: str, tmp_path: Path) -> None:
    """The archive is whole, its manifest is not: most changes of the bytes would be noticed before."""
    reader = readers()[name]
    whole = reader.seeds[0]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        manifest = archive.read(MANIFEST)

    @settings(
        max_examples=max(6, 15 * SHARE),
        deadline=None,
        derandomize=not SHARE,  # the usual run tries the same inputs each time
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(number=st.integers(0, 2**63))
    def look(number: int) -> None:
        data = mutated((manifest,), number)
        try:
            reader.read(changed_zip(whole, MANIFEST, data), tmp_path)
        except DisclosureError as fault:
            assert fault.text
        except Exception as fault:
            raise AssertionError(f"{name}: {data[:400]!r}: {fault!r}") from fault

    look()


def test_there_are_as_many_inputs_as_are_told() -> None:
    assert sum(reader.most for reader in readers().values()) + 2 * 1500 >= WANTED


# What was found so, and is refused in words since.
FOUND = {
    "a checkpoint": "disclosure/jz\n12\n《zmc8\n".encode(),
    "a public key": b"a\xaeexample+76599a8f+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "a signed note": "disclosure/jz\n1\nx\n\n— a.example 《《《《\n".encode(),
    "a calendar as iCalendar": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:0270101\nEND:VEVENT\nEND:VCALENDAR\n",
    "a key to encrypt to": b"b\xc4\xa1\xa3\xe9;",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DisclosureError):
        readers()[name].read(FOUND[name], tmp_path)


def test_a_block_that_no_table_names_is_refused(tmp_path: Path) -> None:
    reader = readers()["a part of a backup"]
    whole = reader.seeds[0]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    manifest["held"] = ["0" * 64]
    with pytest.raises(DisclosureError):
        reader.read(changed_zip(whole, MANIFEST, json.dumps(manifest).encode()), tmp_path)
