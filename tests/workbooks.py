"""Workbooks that are opened by forks of a process that has imported what opens them: for tests of what is in
a list, not of how its reader begins.

A new interpreter imports for 35 ms, and reads for one. What opens the workbook is a process of its own here
too, with its limits of memory and time. Where it begins by itself: tests/base/test_sheets.py.

    python -m tests.workbooks DESCRIPTOR     the process that forks; nobody but this module starts it
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import preloaded

_OPENERS = ("workflow.base.sheets.workbook_process", "python_calamine", "html")
_loaded: list[preloaded.Loaded] = []


class _Popen(preloaded.Popen):
    """As subprocess.Popen, of the process that opens a workbook."""

    def _begun(self, request: dict[str, Any], descriptors: list[int]) -> int:
        if not _loaded or _loaded[0].owner != os.getpid():
            _loaded[:] = [preloaded.Loaded("tests.workbooks")]
        return _loaded[0].fork(request, descriptors)


@contextmanager
def opened_by_forks() -> Iterator[None]:
    """Meanwhile a workbook is opened by such a fork."""
    import pytest

    from workflow.base.sheets import reader

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "subprocess", preloaded.starting(_Popen))
        yield


def main(descriptor: int) -> None:
    """Import what opens workbooks, then fork for each request until nobody can ask any more."""
    for name in _OPENERS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    preloaded.fork_for(socket.socket(fileno=descriptor), become=_become)


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    status = 1
    try:
        preloaded.take_on(request, descriptors)
        first, *words = request["words"]
        sys.argv[:] = [request["how"], *words]
        with open(0, encoding="utf-8") as sys.stdin, open(1, "w", encoding="utf-8") as sys.stdout:
            exec(first, {"__name__": "__main__"})
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(int(sys.argv[1]))
