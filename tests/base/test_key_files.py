"""Files of private keys: one place for the keys of the record, of evidence and of the public counter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workflow.base.errors import Conflict, Damaged, Environment
from workflow.evidence import keys as evidence_keys
from workflow.storage import encryption
from workflow.web import keys as web_keys

KEYS = pytest.mark.parametrize(
    ("create", "load"),
    [
        (encryption.create, encryption.load),
        (evidence_keys.create, evidence_keys.load),
        (web_keys.create, web_keys.load),
    ],
    ids=["record", "evidence", "web"],
)


@KEYS
def test_a_key_file_is_its_owners_alone_and_never_overwritten(
    create: Callable[[Path], Any], load: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "key"
    create(path)
    kept = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    load(path)
    with pytest.raises(Conflict) as caught:
        create(path)
    assert "never overwritten" in str(caught.value.way_on)
    assert path.read_bytes() == kept


@KEYS
def test_a_key_file_that_is_not_there_or_holds_no_key(
    create: Callable[[Path], Any], load: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "key"
    with pytest.raises(Environment):
        load(path)
    path.write_bytes(b"no key")
    with pytest.raises(Damaged):
        load(path)
