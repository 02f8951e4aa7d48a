"""What the tests of the public pages share: a site over an outer database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import site as sites
from tests.web.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The public site as an applicant uses it; a file of tests may have one of its own."""
    with sites.in_folder(tmp_path) as made:
        yield made
