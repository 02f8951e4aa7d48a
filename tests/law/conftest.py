"""The law tables in a folder of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workflow import law


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables, to be changed."""
    source = Path(law.__file__).parent
    for path in [*source.glob("*.toml"), *source.glob("articles/*.toml")]:
        target = tmp_path / "law" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path / "law"
