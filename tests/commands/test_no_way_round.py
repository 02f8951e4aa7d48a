"""Every command as every role: what nobody may see without leaving a record is in nothing that is printed or
written, except by the ways that ask for the role and are recorded.

With TESTS_THOROUGH=1 (make thorough), for it takes a minute a role; what is printed in the registrar's round
of all commands is looked at in test_cli.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa

from tests import builders, mailserver
from tests.builders import BY_ROLE, FACTS, Place
from tests.commands.test_cli import RULES, SECRETS, SPECS, lines, options, place
from tests.counter import disclosure
from tests.thorough import THOROUGH
from workflow.office import personal_data
from workflow.storage.models import TABLES

__all__ = ["place"]
WAYS = {"reveal", "posting make", "posting print", "archive make"}
"""The commands that give it out, for whoever has the role, and on record."""
WORK = "work"
"""Makes the archive folders of filed cases where the filing, which is on record, put them."""
LEDGER = TABLES["ledger"]


def secret(text: str) -> bool:
    """Whether something planted stands in a text."""
    return any(one in text for one in SECRETS)


def texts(path: Path) -> Iterator[str]:
    """What a file says: as it is, of a PDF what it prints, of a folder in a file each of its parts."""
    content = path.read_bytes()
    if content.startswith(b"%PDF-"):
        yield "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            yield from (parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    else:
        yield content.decode("utf-8", "replace")


def written(folder: Path, before: dict[Path, int]) -> list[Path]:
    """The files in a folder that are new or changed."""
    return [path for path, moment in stamps(folder).items() if before.get(path) != moment]


def stamps(folder: Path) -> dict[Path, int]:
    """When each file of a folder was written last."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def entries(place: Place) -> int:
    """How many entries the record has: each way is on record by an entry, as a batch of letters is."""
    with place.store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(LEDGER)).scalar_one())


def as_officer(words: list[str], officer: str) -> list[str]:
    """The words of a command, typed by somebody else."""
    if "--as" not in words:
        return [*words]
    at = words.index("--as")
    return [*words[: at + 1], officer, *words[at + 2 :]]


def further(place: Place) -> Iterator[tuple[str, list[str]]]:
    """Every act on a case of each state, and what is tried elsewhere of what looks at a case: mostly refused,
    and what a refusal names is looked at as well."""
    cases = TABLES["case_file"]
    of_each = sa.select(sa.func.min(cases.c.number)).group_by(cases.c.state)
    with place.store.reading() as connection:
        numbers = list(connection.execute(of_each).scalars())
    # The file that other tests attach is one of ours, with everything in it that is looked for here.
    facts = {**FACTS, "attach": {"file": "a.pdf"}}
    common = ["--as", "-", "--office", "jz", "--on", builders.TODAY.isoformat()]
    for number in numbers:
        for event, spec in SPECS.items():
            yield spec.command, [number, *options(facts.get(event, {})), *common, "--later"]
        for name in ("do", "mail retry", "mail confirm"):
            yield name, [number, "--as", "-", "--office", "jz"]
        yield "letter mask", [number, "--reason", "与公开无关", "--yes", *common]


@pytest.mark.skipif(not THOROUGH, reason="takes a minute a role: make thorough")
@pytest.mark.parametrize("role", BY_ROLE)
def test_no_command_gives_it_out_unseen(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("DISCLOSURE_SIGN_PASSPHRASE", "secret")
    monkeypatch.setenv("DISCLOSURE_OFFICER", BY_ROLE[role])
    may = role in {one for row in RULES.rows if row.event == personal_data.REVEAL for one in row.roles}
    with mailserver.running(tmp_path, "none") as server:
        given = lines(place, tmp_path, server.port)
        known = stamps(tmp_path)
        typed = [(name, words) for name, variants in given.items() for words in variants]
        for name, words in [*typed, *further(place)]:
            recorded = entries(place)
            said = disclosure(*name.split(), *as_officer(words, BY_ROLE[role]))
            new = written(tmp_path, known)
            known = stamps(tmp_path)
            found = [path.name for path in new if any(secret(text) for text in texts(path))]
            if secret(said.out + said.err) or found:
                assert may, (name, words, found)
                assert name == WORK or (name in WAYS and entries(place) > recorded), (name, words, found)
