"""The C libraries of the renderer, opened by the names of their files.

WeasyPrint tries several names of each library, and for every one that is not a file's name Python asks the
loader's list, the compiler and the linker on Linux: thirty programs, a quarter of a second before the first
letter. The file's name is the last that it tries, and needs none of them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FILES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
# Of two at once the later would put back what the earlier had put in its place.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def by_file_name() -> Iterator[None]:
    """Inside this block no other name of a library is looked up in this thread; where one of them cannot be
    opened so, all is as ever.
    """
    if sys.platform != "linux" or not _there():
        yield
        return
    import ctypes.util

    with _ONE_AT_A_TIME:
        find, here = ctypes.util.find_library, threading.get_ident()

        def found(name: str) -> str | None:
            return None if threading.get_ident() == here else find(name)

        ctypes.util.find_library = found
        try:
            yield
        finally:
            ctypes.util.find_library = find


def _there() -> bool:
    import ctypes

    try:
        for name in FILES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True
