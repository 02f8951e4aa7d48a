"""What is said to a person is whole: each place of a message is filled, and a refusal names the field.

A room takes it with a fixture in its conftest.py:

    whole = pytest.fixture(autouse=True)(said.whole("workflow.calendar"))
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from string import Formatter
from typing import Any

import pytest

from workflow import law
from workflow.base import messages
from workflow.base.errors import DisclosureError

FIELD = re.compile(r"[a-z][a-z0-9_.-]*")


def places(message: str) -> set[str]:
    """The names that a message has places for."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(message) if name}


def whole(room: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A fixture under which every message of this room, and every refusal that it raises, is looked at."""

    def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
        made = DisclosureError.__init__

        def refused(self: DisclosureError, message: str, /, **told: Any) -> None:
            made(self, message, **told)
            _is_whole(self)
            caller = sys._getframe(1)
            while caller.f_code.co_name == "__init__" and caller.f_back:
                caller = caller.f_back
            if str(caller.f_globals["__name__"]).startswith(room):
                assert FIELD.fullmatch(self.field or ""), f"the field of: {message}"
                # Nothing is handed over that stays empty.
                assert None not in self.params.values(), f"{self.params} of: {message}"

        def translate(message: str, /, **told: Any) -> str:
            assert places(message) == {*told}, message
            assert None not in told.values(), f"{told} of: {message}"
            return messages.translate(message, **told)

        monkeypatch.setattr(DisclosureError, "__init__", refused)
        for name, module in list(sys.modules.items()):
            if name.startswith(room) and hasattr(module, "translate"):
                monkeypatch.setattr(module, "translate", translate)

    return looked_at


def _is_whole(fault: DisclosureError) -> None:
    for message in (fault.message, fault.way_on or ""):
        empty = [name for name in places(message) if fault.params.get(name) is None]
        assert not empty, f"{empty} of: {message}"
    if fault.rule is not None:
        law.bundled().citation(fault.rule)
