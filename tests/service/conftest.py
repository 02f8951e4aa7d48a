"""What the tests of the service share: an office with a case, and a service that serves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.served import OFFICE, serving, without


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A data folder with an office and a case, and the process of its service; in the end it is told to
    stop.
    """
    folder = tmp_path_factory.mktemp("served")
    assert without(folder, "init", "--office", str(OFFICE)).returncode == 0
    applied = ("--name", "张三", "--channel", "in_person", "--request", "2025年度预算")
    received = without(folder, "receive", "--as", "zhao", *applied)
    assert received.returncode == 0, received.stderr
    with serving(folder) as service:
        yield folder, service.pid
        assert without(folder, "service", "stop").returncode == 0
        assert service.wait(30) == 0


@pytest.fixture
def home(served: tuple[Path, int]) -> Path:
    """This data folder."""
    return served[0]
