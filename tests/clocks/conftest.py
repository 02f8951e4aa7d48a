"""Every message of this room is whole."""

import pytest

from tests import said

whole = pytest.fixture(autouse=True)(said.whole("workflow.clocks"))
